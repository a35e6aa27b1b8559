/* libinterp from C++11 on: handles that free themselves, spans for arrays, callables for networks and hooks. Header
 * only, on top of <interp/interp.h>, whose comments say what everything means; with the amalgamation, include
 * "libinterp.h" before it. Uses neither exceptions nor RTTI and allocates nothing of its own.
 *
 *     itp::Error why;
 *     itp::Result<itp::Plan> plan = itp::Plan::make("schedule=lazy solver=ab2 evaluations=8", why);
 *     if (!plan) return report(why.text);
 *     itp::Batch batch(4, 784);                // the fields of itp_batch
 *     std::vector<float> x(4 * 784);
 *     itp::Status done = itp::sample(*plan, batch, x, [&](const itp::Step<float> &step) {
 *         network(step.x(), step.out(), step.count(), step.time());
 *     });
 *
 * What can fail returns a Status, or a Result, which is a Status and, where that is ITP_OK, a value. To use the value
 * of a Result that failed is an error of the program: handles are then empty, and the C functions refuse them. */
#ifndef INTERP_INTERP_HPP
#define INTERP_INTERP_HPP

#ifndef INTERP_INTERP_H
#include <interp/interp.h>
#endif

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#if defined(__cpp_exceptions)
#include <exception>
#endif

namespace itp {

/* A status of the C functions: 0 done, > 0 the caller must act, < 0 an error. */
class Status {
  public:
    Status(int code = ITP_OK) noexcept : code_(code) {
    }
    bool ok() const noexcept {
        return code_ == ITP_OK;
    }
    int code() const noexcept {
        return code_;
    }
    const char *message() const noexcept {
        return itp_status_string(code_);
    }
    friend bool operator==(Status a, Status b) noexcept {
        return a.code_ == b.code_;
    }
    friend bool operator!=(Status a, Status b) noexcept {
        return a.code_ != b.code_;
    }

  private:
    int code_;
};

/* A value, or why there is none. */
template <class T> class Result {
  public:
    Result(Status status) noexcept : status_(status), value_() {
    }
    Result(T value) noexcept : status_(), value_(std::move(value)) {
    }
    explicit operator bool() const noexcept {
        return status_.ok();
    }
    Status status() const noexcept {
        return status_;
    }
    T &operator*() noexcept {
        return value_;
    }
    const T &operator*() const noexcept {
        return value_;
    }
    T *operator->() noexcept {
        return &value_;
    }
    const T *operator->() const noexcept {
        return &value_;
    }

  private:
    Status status_;
    T value_;
};

/* An array of somebody else's: a pointer and a length, or anything that has data() and size(). */
template <class T> class Span {
    template <class C>
    using Fits = typename std::enable_if<std::is_convertible<decltype(std::declval<C &>().data()), T *>::value>::type;

  public:
    Span() noexcept : data_(nullptr), size_(0) {
    }
    Span(T *data, std::size_t size) noexcept : data_(data), size_(size) {
    }
    template <std::size_t N> Span(T (&array)[N]) noexcept : data_(array), size_(N) {
    }
    template <class C, class = Fits<C>> Span(C &&c) noexcept : data_(c.data()), size_(c.size()) {
    }
    T *data() const noexcept {
        return data_;
    }
    std::size_t size() const noexcept {
        return size_;
    }
    T *begin() const noexcept {
        return data_;
    }
    T *end() const noexcept {
        return data_ + size_;
    }
    T &operator[](std::size_t i) const noexcept {
        return data_[i];
    }
    Span part(std::size_t first, std::size_t count) const noexcept {
        return Span(data_ + first, count);
    }

  private:
    T *data_;
    std::size_t size_;
};

/* ---- descriptors: the structs of the C functions, filled with their defaults ---- */

struct Env : itp_env {
    Env() noexcept : itp_env(sized<itp_env>()) {
    }
};

/* Filled by the calls whose environment points to it. */
struct Error : itp_error {
    Error() noexcept : itp_error(sized<itp_error>()) {
    }
};

struct ScheduleDesc : itp_schedule_desc {
    explicit ScheduleDesc(std::int32_t schedule_kind = ITP_SCHEDULE_LINEAR) noexcept
        : itp_schedule_desc(sized<itp_schedule_desc>()) {
        kind = schedule_kind;
    }
};

struct Model : itp_model {
    Model() noexcept : itp_model(sized<itp_model>()) {
    }
};

struct Solver : itp_solver {
    Solver() noexcept : itp_solver(sized<itp_solver>()) {
    }
    /* "dpmpp-2m", or with parameters, "ddpm(eta=0.5)". */
    static Result<Solver> parse(const char *text, itp_error *why = nullptr) noexcept {
        Solver found;
        Status status = itp_solver_parse(text, why, &found);
        return status.ok() ? Result<Solver>(found) : Result<Solver>(status);
    }
};

struct Grid : itp_grid {
    explicit Grid(std::int32_t grid_kind = ITP_GRID_DEFAULT) noexcept : itp_grid(sized<itp_grid>()) {
        kind = grid_kind;
    }
    /* "karras(rho=3)" */
    static Result<Grid> parse(const char *text, itp_error *why = nullptr) noexcept {
        Grid found;
        Status status = itp_grid_parse(text, why, &found);
        return status.ok() ? Result<Grid>(found) : Result<Grid>(status);
    }
};

struct Diffusion : itp_diffusion {
    explicit Diffusion(double constant_k = 0) noexcept : itp_diffusion(sized<itp_diffusion>()) {
        k = constant_k;
    }
    /* "sine(norm=2)" */
    static Result<Diffusion> parse(const char *text, itp_error *why = nullptr) noexcept {
        Diffusion found;
        Status status = itp_diffusion_parse(text, why, &found);
        return status.ok() ? Result<Diffusion>(found) : Result<Diffusion>(status);
    }
};

struct PlanDesc : itp_plan_desc {
    PlanDesc() noexcept : itp_plan_desc(sized<itp_plan_desc>()) {
    }
};

struct Batch : itp_batch {
    Batch(std::size_t samples, std::size_t elements) noexcept : itp_batch(sized<itp_batch>()) {
        count = samples;
        dim = elements;
    }
};

/* What a run begins from: noise of a seed, or what its fields say. */
struct Start : itp_start {
    explicit Start(std::uint64_t noise_seed = 0) noexcept : itp_start(sized<itp_start>()) {
        seed = noise_seed;
    }
};

/* Of the library that is running: its version "major.minor.patch", and whether it has "json", "openblas", "avx512", ...
 * (itp_build_has). */
inline const char *version() noexcept {
    return itp_version_text();
}
inline bool build_has(const char *what) noexcept {
    return itp_build_has(what) == 1;
}

/* The i-th of a kind ("solver", ...), and the one that has a name; ITP_E_RANGE past the end. */
inline Result<itp_entry> entry_at(const char *kind, std::int32_t i) noexcept {
    itp_entry entry = ITP_ENTRY_INIT;
    Status status = itp_kind_at(kind, i, &entry);
    return status.ok() ? Result<itp_entry>(entry) : Result<itp_entry>(status);
}
inline Result<itp_entry> entry_of(const char *kind, const char *name) noexcept {
    itp_entry entry = ITP_ENTRY_INIT;
    Status status = itp_kind_find(kind, name, &entry);
    return status.ok() ? Result<itp_entry>(entry) : Result<itp_entry>(status);
}

/* ---- hooks: C structs that call an object of yours, which must live as long as they are used ---- */

namespace detail {

template <class F> void ITP_CALL write_log(void *user, std::int32_t level, const char *message) {
    (*static_cast<F *>(user))(level, message);
}

template <class A> void *ITP_CALL allocate(void *user, std::size_t size, std::size_t alignment) {
    return static_cast<A *>(user)->allocate(size, alignment);
}

template <class A> void ITP_CALL release(void *user, void *memory, std::size_t size) {
    static_cast<A *>(user)->release(memory, size);
}

} // namespace detail

/* log(level, message), level an ITP_LOG_*. */
template <class F> itp_log log_to(F &log) noexcept {
    return itp_log{sizeof(itp_log), &detail::write_log<F>, &log};
}

/* memory.allocate(size, alignment) returns a pointer or nullptr; memory.release(pointer, size). */
template <class A> itp_allocator allocate_from(A &memory) noexcept {
    return itp_allocator{sizeof(itp_allocator), &detail::allocate<A>, &detail::release<A>, &memory};
}

/* A pass over a batch in pieces: call it with every index below the number of tasks, on any thread. */
class Task {
  public:
    Task(void(ITP_CALL *task)(void *, std::size_t), void *context) noexcept : task_(task), context_(context) {
    }
    void operator()(std::size_t index) const {
        task_(context_, index);
    }

  private:
    void(ITP_CALL *task_)(void *, std::size_t);
    void *context_;
};

namespace detail {

template <class F>
int ITP_CALL run_tasks(void *user, std::size_t tasks, void(ITP_CALL *task)(void *, std::size_t), void *context) {
    return (*static_cast<F *>(user))(tasks, Task(task, context));
}

} // namespace detail

/* jobs(tasks, task) calls task(i) for every i < tasks, returns when all are done, and returns 0. */
template <class F> void share_work(itp_env &env, F &jobs) noexcept {
    env.parallel_for = &detail::run_tasks<F>;
    env.parallel_user = &jobs;
}

namespace detail {

template <class F> int ITP_CALL draw(void *user, const itp_noise_request *request, void *out) {
    return (*static_cast<F *>(user))(*request, out);
}

} // namespace detail

/* noise(request, out) writes standard normals to out, request.count * request.dim of request.type, and returns 0. */
template <class F> void draw_from(itp_batch &batch, F &noise) noexcept {
    batch.noise = &detail::draw<F>;
    batch.noise_user = &noise;
}

/* torch's generators. */
inline void draw_from(itp_batch &batch, itp_torch_cpu &generator) noexcept {
    batch.noise = &itp_torch_cpu_draw;
    batch.noise_user = &generator;
}
inline void draw_from(itp_batch &batch, itp_torch_cuda &generator) noexcept {
    batch.noise = &itp_torch_cuda_draw;
    batch.noise_user = &generator;
}

/* ---- schedules and plans ---- */

/* Owns a handle of the C functions. */
template <class T, void (*FREE)(T *)> class Handle {
  public:
    Handle() noexcept : object_(nullptr) {
    }
    explicit Handle(T *object) noexcept : object_(object) {
    }
    Handle(Handle &&other) noexcept : object_(other.release()) {
    }
    Handle &operator=(Handle &&other) noexcept {
        if (this != &other) {
            FREE(object_);
            object_ = other.release();
        }
        return *this;
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() {
        FREE(object_);
    }
    explicit operator bool() const noexcept {
        return object_ != nullptr;
    }
    T *get() const noexcept {
        return object_;
    }
    T *release() noexcept {
        T *object = object_;
        object_ = nullptr;
        return object;
    }

  private:
    T *object_;
};

namespace detail {

/* What a C function made, or why it did not. */
template <class T, class H> Result<T> made(Status status, H *object) noexcept {
    return status.ok() ? Result<T>(T(object)) : Result<T>(status);
}

} // namespace detail

class Schedule : public Handle<itp_schedule, itp_schedule_free> {
  public:
    using Handle::Handle;
    Schedule() = default;

    static Result<Schedule> make(const itp_schedule_desc &desc) noexcept {
        itp_schedule *made = nullptr;
        Status status = itp_schedule_new(&desc, &made);
        return detail::made<Schedule>(status, made);
    }
    static Result<Schedule> make(std::int32_t kind) noexcept {
        return make(ScheduleDesc(kind));
    }
    /* "lazy", or with parameters, "lazy(k=1)". */
    static Result<Schedule> make(const char *text, itp_error *why = nullptr) noexcept {
        itp_schedule *made = nullptr;
        Status status = itp_schedule_parse(text, why, &made);
        return detail::made<Schedule>(status, made);
    }
    Result<itp_schedule_point> at(double t) const noexcept {
        itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
        Status status = itp_schedule_eval(get(), t, &point);
        return status.ok() ? Result<itp_schedule_point>(point) : Result<itp_schedule_point>(status);
    }
    Result<itp_conversion> convert(const itp_schedule *to, double t) const noexcept {
        itp_conversion found = ITP_CONVERSION_INIT;
        Status status = itp_schedule_convert(get(), to, t, &found);
        return status.ok() ? Result<itp_conversion>(found) : Result<itp_conversion>(status);
    }
    /* The text that makes it, with a final 0; `needed` bytes in all. */
    Status print(Span<char> text, std::size_t *needed = nullptr) const noexcept {
        return itp_schedule_print(get(), text.data(), text.size(), needed);
    }
};

class Plan : public Handle<itp_plan, itp_plan_free> {
  public:
    using Handle::Handle;
    Plan() = default;

    static Result<Plan> make(const itp_plan_desc &desc) noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_new(&desc, &made);
        return detail::made<Plan>(status, made);
    }
    /* "schedule=lazy solver=ab2 evaluations=8" (interp/text.h). */
    static Result<Plan> make(const char *text, const itp_env *env = nullptr) noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_parse_with(text, env, &made);
        return detail::made<Plan>(status, made);
    }
    /* The same, with the sentence where it fails. */
    static Result<Plan> make(const char *text, itp_error &why) noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_parse(text, &why, &made);
        return detail::made<Plan>(status, made);
    }
    /* ITP_E_UNSUPPORTED where the library reads no JSON. */
    static Result<Plan> from_json(Span<const char> text, const itp_env *env = nullptr) noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_from_json(text.data(), text.size(), env, &made);
        return detail::made<Plan>(status, made);
    }
    static Result<Plan> from_rows(const itp_plan_rows &rows) noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_from_rows(&rows, &made);
        return detail::made<Plan>(status, made);
    }
    /* The plan under `schedule` (nullptr: linear) that makes the same process. */
    Result<Plan> convert(const itp_schedule *schedule) const noexcept {
        itp_plan *made = nullptr;
        Status status = itp_plan_convert(get(), schedule, &made);
        return detail::made<Plan>(status, made);
    }
    /* Everything 0 when the plan is empty. */
    itp_plan_info info() const noexcept {
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        (void)itp_plan_get_info(get(), &info);
        return info;
    }
    /* Where a fitted plan comes from; count 0: it is none. */
    itp_plan_origin origin() const noexcept {
        itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
        (void)itp_plan_get_origin(get(), &origin);
        return origin;
    }
    Result<itp_plan_row> row(std::int32_t i) const noexcept {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        Status status = itp_plan_get_row(get(), i, &row);
        return status.ok() ? Result<itp_plan_row>(row) : Result<itp_plan_row>(status);
    }
    /* Where the state that row i evaluates lies in the coordinates of `schedule` (nullptr: linear). */
    Status coordinates(std::int32_t i, const itp_schedule *schedule, double &t, double &factor) const noexcept {
        return itp_plan_coordinates(get(), i, schedule, &t, &factor);
    }
    /* The text that makes it, with a final 0; `needed` bytes in all. */
    Status print(Span<char> text, std::size_t *needed = nullptr) const noexcept {
        return itp_plan_print(get(), text.data(), text.size(), needed);
    }
    /* Its rows as a table to read. */
    Status format(Span<char> text, std::size_t *needed = nullptr) const noexcept {
        return itp_plan_format(get(), text.data(), text.size(), needed);
    }
    /* Its rows as JSON. */
    Status to_json(Span<char> text, std::size_t *needed = nullptr) const noexcept {
        return itp_plan_to_json(get(), text.data(), text.size(), needed);
    }
};

#if !defined(ITP_NO_ADAPTIVE) /* the amalgamation without this part */

/* What an adaptive run is made from (interp/adaptive.h); Sampler runs it. */
struct AdaptiveDesc : itp_adaptive_desc {
    AdaptiveDesc() noexcept : itp_adaptive_desc(sized<itp_adaptive_desc>()) {
    }
};

#endif
#if !defined(ITP_NO_COVARIANCE)

class Covariance : public Handle<itp_covariance, itp_covariance_free> {
  public:
    using Handle::Handle;
    Covariance() = default;

    static Result<Covariance> make(const itp_covariance_desc &desc) noexcept {
        itp_covariance *made = nullptr;
        Status status = itp_covariance_new(&desc, &made);
        return detail::made<Covariance>(status, made);
    }
    static Result<Covariance> estimate(const itp_covariance_estimation &desc) noexcept {
        itp_covariance *made = nullptr;
        Status status = itp_covariance_estimate(&desc, &made);
        return detail::made<Covariance>(status, made);
    }
    /* Everything 0 when it is empty. */
    itp_covariance_info info() const noexcept {
        itp_covariance_info info = ITP_COVARIANCE_INFO_INIT;
        (void)itp_covariance_get_info(get(), &info);
        return info;
    }
};

struct CovariancePlanDesc : itp_covariance_plan_desc {
    explicit CovariancePlanDesc(const Covariance &of) noexcept
        : itp_covariance_plan_desc(sized<itp_covariance_plan_desc>()) {
        covariance = of.get();
    }
};

/* A plan for each band; Sampler runs it. */
class CovariancePlan : public Handle<itp_covariance_plan, itp_covariance_plan_free> {
  public:
    using Handle::Handle;
    CovariancePlan() = default;

    static Result<CovariancePlan> make(const itp_covariance_plan_desc &desc) noexcept {
        itp_covariance_plan *made = nullptr;
        Status status = itp_covariance_plan_new(&desc, &made);
        return detail::made<CovariancePlan>(status, made);
    }
    /* Everything 0 when it is empty. */
    itp_covariance_plan_info info() const noexcept {
        itp_covariance_plan_info info = ITP_COVARIANCE_PLAN_INFO_INIT;
        (void)itp_covariance_plan_get_info(get(), &info);
        return info;
    }
    Result<itp_covariance_band> band(std::int32_t i) const noexcept {
        itp_covariance_band band = ITP_COVARIANCE_BAND_INIT;
        Status status = itp_covariance_plan_get_band(get(), i, &band);
        return status.ok() ? Result<itp_covariance_band>(band) : Result<itp_covariance_band>(status);
    }
};

#endif

/* ---- sampling ---- */

namespace detail {

template <class T> struct TypeOf;
template <> struct TypeOf<float> { static constexpr std::int32_t value = ITP_FLOAT32; };
template <> struct TypeOf<double> { static constexpr std::int32_t value = ITP_FLOAT64; };

} // namespace detail

/* A network evaluation that is asked for: read x, write out, both [count][dim]. T is float or double. */
template <class T> class Step {
  public:
    Step() noexcept : request_(ITP_REQUEST_INIT), open_(false) {
    }
    explicit Step(const itp_request &request) noexcept : request_(request), open_(true) {
    }
    explicit operator bool() const noexcept {
        return open_;
    }
    Span<const T> x() const noexcept {
        return Span<const T>(static_cast<const T *>(request_.x), size());
    }
    Span<T> out() const noexcept {
        return Span<T>(static_cast<T *>(request_.out), size());
    }
    /* Guided batches: the unconditional output. Empty where none is wanted. */
    Span<T> out2() const noexcept {
        return Span<T>(static_cast<T *>(request_.out2), request_.out2 ? size() : 0);
    }
    Span<const T> x(std::size_t sample) const noexcept {
        return x().part(sample * dim(), dim());
    }
    Span<T> out(std::size_t sample) const noexcept {
        return out().part(sample * dim(), dim());
    }
    std::size_t count() const noexcept {
        return request_.count;
    }
    std::size_t dim() const noexcept {
        return request_.dim;
    }
    std::size_t size() const noexcept {
        return request_.count * request_.dim;
    }
    double time() const noexcept {
        return request_.time;
    }
    double u() const noexcept {
        return request_.u;
    }
    std::int32_t row() const noexcept {
        return request_.row;
    }
    std::int32_t rows() const noexcept {
        return request_.rows;
    }
    /* Guided batches: the scale with which the two outputs are combined; 1 where there is no second one. */
    double guidance() const noexcept {
        return request_.guidance;
    }
    /* Adaptive runs, whose samples have a place each: [count], empty otherwise. Then time() and u() are NaN. */
    Span<const double> times() const noexcept {
        return each(request_.times);
    }
    Span<const double> positions() const noexcept {
        return each(request_.positions);
    }
    Span<const double> guidances() const noexcept {
        return each(request_.guidances);
    }
    Span<const std::uint64_t> index() const noexcept {
        return Span<const std::uint64_t>(request_.index, request_.index ? count() : 0);
    }
    /* The solver's step that this evaluation is part of, of how many, and whether it is the last one in it. */
    std::int32_t step() const noexcept {
        return request_.step;
    }
    std::int32_t steps() const noexcept {
        return request_.steps;
    }
    bool ends_step() const noexcept {
        return request_.ends_step != 0;
    }
    const itp_request &request() const noexcept {
        return request_;
    }

  private:
    Span<const double> each(const double *array) const noexcept {
        return Span<const double>(array, array ? count() : 0);
    }
    itp_request request_;
    bool open_;
};

namespace detail {

/* A network that returns nothing goes on; one that returns a number or a Status is asked. */
template <class F, class S> int evaluate(F &network, const S &step, std::true_type) {
    network(step);
    return ITP_OK;
}

template <class F, class S> int evaluate(F &network, const S &step, std::false_type) {
    return Status(network(step)).code();
}

template <class F, class T> int answer(F &network, const Step<T> &step) {
    return evaluate(network, step, std::is_void<decltype(network(step))>());
}

template <class T, class F> struct Call {
    F &network;
#if defined(__cpp_exceptions)
    std::exception_ptr thrown;
#endif

    int run(const itp_request &request) {
        return answer(network, Step<T>(request));
    }
    static int ITP_CALL enter(void *user, const itp_request *request) {
        Call *call = static_cast<Call *>(user);
#if defined(__cpp_exceptions)
        try {
            return call->run(*request);
        } catch (...) {
            call->thrown = std::current_exception();
            return ITP_E_CALLBACK;
        }
#else
        return call->run(*request);
#endif
    }
};

} // namespace detail

/* One run of a plan, of a covariance plan or of an adaptive description over one batch, an evaluation at a time:
 *
 *     sampler.begin(x);
 *     while (itp::Step<float> step = sampler.next()) {
 *         network(step.x(), step.out(), step.time());
 *         sampler.submit();
 *     }
 *     if (!sampler.status().ok()) ...
 *
 * The run holds the plan; x must live as long. */
template <class T> class Sampler : public Handle<itp_sampler, itp_sampler_free> {
  public:
    Sampler() noexcept : dim_(1) {
    }

    /* The batch's type becomes that of T. Its seed, first, seeds and x are an itp_start's: begin takes them. */
    static Result<Sampler> make(const Plan &plan, const itp_batch &batch) noexcept {
        return make_with(itp_sampler_new, plan.get(), batch);
    }
#if !defined(ITP_NO_COVARIANCE)
    static Result<Sampler> make(const CovariancePlan &plan, const itp_batch &batch) noexcept {
        return make_with(itp_sampler_new_covariance, plan.get(), batch);
    }
#endif
#if !defined(ITP_NO_ADAPTIVE)
    static Result<Sampler> make(const itp_adaptive_desc &desc, const itp_batch &batch) noexcept {
        return make_with(itp_sampler_new_adaptive, &desc, batch);
    }
#endif
    /* Noise for as many samples as x has, at most the batch's count. ITP_E_RANGE unless x has whole ones. */
    Status begin(Span<T> x, std::uint64_t seed = 0) noexcept {
        itp_start start = ITP_START_INIT;
        start.seed = seed;
        return begin(x, start);
    }
    /* As `start` says; its x and count become those of the span. */
    Status begin(Span<T> x, itp_start start) noexcept {
        start.x = x.data();
        start.count = x.size() / dim_;
        bool whole = start.count && x.size() % dim_ == 0;
        return status_ = whole ? itp_sampler_begin(get(), &start) : static_cast<int>(ITP_E_RANGE);
    }
    /* False when the run is over, or when something went wrong: see status(). */
    Step<T> next() noexcept {
        if (status_.code() < 0) { return Step<T>(); }
        itp_request request = ITP_REQUEST_INIT;
        int code = itp_sampler_next(get(), &request);
        status_ = code == ITP_EVALUATE ? static_cast<int>(ITP_OK) : code;
        return code == ITP_EVALUATE ? Step<T>(request) : Step<T>();
    }
    /* The output is there. After an error next() hands out nothing more until begin(), or until a submit succeeds. */
    Status submit() noexcept {
        return status_ = itp_sampler_submit(get());
    }
    Status status() const noexcept {
        return status_;
    }
    /* Begins and goes to the end; network(const Step<T> &) as of itp::sample. */
    template <class F> Status run(Span<T> x, const itp_start &start, F &&network) {
        (void)begin(x, start);
        while (Step<T> step = next()) {
            int answer = detail::answer(network, step);
            if (answer) { return status_ = answer > 0 ? answer : static_cast<int>(ITP_E_CALLBACK); }
            (void)submit();
        }
        return status_;
    }
    /* Where the run is; an empty span asks for the bytes alone. */
    Status save(Span<unsigned char> buffer, std::size_t *needed = nullptr) const noexcept {
        return itp_sampler_save(get(), buffer.data(), buffer.size(), needed);
    }
    /* Goes on from there, over x. */
    Status restore(Span<const unsigned char> saved, Span<T> x) noexcept {
        return status_ = itp_sampler_restore(get(), saved.data(), saved.size(), x.data());
    }
#if !defined(ITP_NO_ADAPTIVE)
    /* Adaptive runs: how a sample is doing; states at given times [times][samples][dim], from the next begin on; the
     * state of a sample inside its last step. */
    Result<itp_adaptive_statistics> statistics(std::size_t sample) const noexcept {
        itp_adaptive_statistics found = ITP_ADAPTIVE_STATISTICS_INIT;
        Status status = itp_adaptive_get_statistics(get(), sample, &found);
        return status.ok() ? Result<itp_adaptive_statistics>(found) : Result<itp_adaptive_statistics>(status);
    }
    Status outputs(Span<const double> times, Span<T> states) noexcept {
        return itp_adaptive_outputs(get(), times.size(), times.data(), states.data());
    }
    Status state_at(std::size_t sample, double t, Span<T> out) const noexcept {
        return out.size() == dim_ ? itp_adaptive_state_at(get(), sample, t, out.data()) : static_cast<int>(ITP_E_RANGE);
    }
#endif

  private:
    Sampler(itp_sampler *sampler, std::size_t dim) noexcept : Handle(sampler), dim_(dim) {
    }
    template <class S>
    static Result<Sampler> make_with(int (*create)(const S *, const itp_batch *, itp_sampler **), const S *of,
                                     const itp_batch &batch) noexcept {
        itp_batch typed = batch;
        typed.type = detail::TypeOf<T>::value;
        itp_sampler *made = nullptr;
        Status status = create(of, &typed, &made);
        return status.ok() ? Result<Sampler>(Sampler(made, typed.dim)) : Result<Sampler>(status);
    }
    std::size_t dim_;
    Status status_;
};

/* Runs `plan` over `batch` into x, whose type is the batch's. network(const Step<T> &) returns nothing, or a number: 0
 * goes on, > 0 stops and is returned, < 0 stops with ITP_E_CALLBACK. An exception of the network's comes out of this
 * function as itself. ITP_E_RANGE unless x has count * dim elements. */
template <class T, class F> Status sample(const Plan &plan, const itp_batch &batch, Span<T> x, F &&network) {
    using Network = typename std::remove_reference<F>::type;
    itp_batch typed = batch;
    typed.type = detail::TypeOf<T>::value;
    if (x.size() != batch.count * batch.dim) { return Status(ITP_E_RANGE); }
#if defined(__cpp_exceptions)
    detail::Call<T, Network> call = {network, nullptr};
    Status status = itp_sample(plan.get(), &typed, x.data(), &detail::Call<T, Network>::enter, &call);
    if (call.thrown) { std::rethrow_exception(call.thrown); }
    return status;
#else
    detail::Call<T, Network> call = {network};
    return itp_sample(plan.get(), &typed, x.data(), &detail::Call<T, Network>::enter, &call);
#endif
}

/* The same for an array or a container: std::vector<float>, std::array<double, N>, std::span<float>. */
template <class C, class F> Status sample(const Plan &plan, const itp_batch &batch, C &&x, F &&network) {
    using T = typename std::remove_reference<decltype(x[std::size_t(0)])>::type;
    return sample(plan, batch, Span<T>(x), std::forward<F>(network));
}

/* ---- fits ---- */

#if !defined(ITP_NO_FIT) /* the amalgamation without this part */

/* A fit of a plan, an evaluation at a time, as a Sampler's run; then plan() is the fitted one, and at any time the best
 * so far. The fit holds the plan and the starts.
 *
 *     itp::Result<itp::Fit<float>> fit = itp::Fit<float>::make(plan, want);
 *     while (itp::Step<float> step = fit->next()) {
 *         network(step.x(), step.out(), step.time());
 *         fit->submit();
 *     }
 *     itp::Result<itp::Plan> better = fit->plan(); */
template <class T> class Fit : public Handle<itp_fit, itp_fit_free> {
  public:
    using Handle<itp_fit, itp_fit_free>::Handle;
    Fit() = default;

    /* The description's type becomes that of T. */
    static Result<Fit> make(const Plan &plan, const itp_fit_desc &desc) noexcept {
        itp_fit_desc typed = desc;
        typed.type = detail::TypeOf<T>::value;
        itp_fit *made = nullptr;
        Status status = itp_fit_new(plan.get(), &typed, &made);
        return status.ok() ? Result<Fit>(Fit(made)) : Result<Fit>(status);
    }
    /* False when the fit is over, or when something went wrong: see status(). */
    Step<T> next() noexcept {
        itp_request request = ITP_REQUEST_INIT;
        if (!status_.ok()) { return Step<T>(); }
        int code = itp_fit_next(this->get(), &request);
        status_ = code == ITP_EVALUATE ? static_cast<int>(ITP_OK) : code;
        return code == ITP_EVALUATE ? Step<T>(request) : Step<T>();
    }
    Status submit() noexcept {
        return status_ = itp_fit_submit(this->get());
    }
    Status status() const noexcept {
        return status_;
    }
    itp_fit_report report() const noexcept {
        itp_fit_report report = ITP_FIT_REPORT_INIT;
        (void)itp_fit_get_report(this->get(), &report);
        return report;
    }
    Result<Plan> plan() const noexcept {
        itp_plan *made = nullptr;
        Status status = itp_fit_plan(this->get(), &made);
        return status.ok() ? Result<Plan>(Plan(made)) : Result<Plan>(status);
    }

  private:
    Status status_;
};

/* The same in one call; network(const Step<T> &) as of itp::sample. */
template <class T, class F> Result<Plan> fit(const Plan &plan, const itp_fit_desc &desc, F &&network) {
    Result<Fit<T>> run = Fit<T>::make(plan, desc);
    if (!run) { return run.status(); }
    while (Step<T> step = run->next()) {
        int answer = detail::answer(network, step);
        if (answer) { return Status(answer > 0 ? answer : static_cast<int>(ITP_E_CALLBACK)); }
        (void)run->submit();
    }
    return run->status().ok() ? run->plan() : Result<Plan>(run->status());
}

#endif

/* ---- paths ---- */

#if !defined(ITP_NO_PATH)

class Path : public Handle<itp_path, itp_path_free> {
  public:
    using Handle::Handle;
    Path() = default;

    static Result<Path> make(const itp_path_desc &desc) noexcept {
        itp_path *made = nullptr;
        Status status = itp_path_new(&desc, &made);
        return detail::made<Path>(status, made);
    }
    /* The states at the time t of `schedule` (nullptr: linear), [count][dim] of the path's type. */
    template <class T> Status at(double t, Span<T> out, const itp_schedule *schedule = nullptr) const noexcept {
        return itp_path_at(get(), schedule, t, out.data());
    }
};

#endif

/* ---- noise ---- */

/* Normals of (seed, sample, m), elements first, first + 1, ... (interp/noise.h). */
template <class T>
Status normals(std::uint64_t seed, std::uint64_t sample, std::uint32_t m, std::uint64_t first, Span<T> out) noexcept {
    return itp_normals(seed, sample, m, first, detail::TypeOf<T>::value, out.data(), out.size());
}

} // namespace itp

#endif
