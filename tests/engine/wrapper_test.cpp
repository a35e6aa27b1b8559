// The C++ wrapper, as an engine uses it: without exceptions and RTTI, or (built so) with them. Prints TAP.
#if defined(WRAPPER_AMALGAMATION)
#include "libinterp.h"

#include "interp.hpp"
#else
#include <interp/interp.hpp>
#endif

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

int number, failed;

void check(bool good, const char *what)
{
    std::printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, what);
    failed += !good;
}

const std::size_t COUNT = 3, DIM = 50;

// Exact for N(0, 1) data under the linear schedule.
template <class T> void velocity(const itp::Step<T> &step)
{
    double t = step.time(), slope = (2 * t - 1) / ((1 - t) * (1 - t) + t * t);
    for (std::size_t i = 0; i < step.size(); i++) {
        step.out()[i] = static_cast<T>(slope * static_cast<double>(step.x()[i]));
    }
}

int ITP_CALL c_velocity(void *, const itp_request *request)
{
    velocity(itp::Step<float>(*request));
    return 0;
}

itp::Result<itp::Plan> make_plan()
{
    itp::Result<itp::Schedule> lazy = itp::Schedule::make("lazy");
    itp::PlanDesc want;
    want.schedule = lazy->get();
    itp::Result<itp::Solver> ab2 = itp::Solver::parse("ab2");
    want.solver = &*ab2;
    want.evaluations = 6;
    return itp::Plan::make(want);
}

std::vector<float> by_c(const itp::Plan &plan, const itp::Batch &batch)
{
    std::vector<float> x(batch.count * batch.dim);
    if (itp_sample(plan.get(), &batch, x.data(), c_velocity, nullptr)) {
        x.clear();
    }
    return x;
}

void test_handles()
{
    itp::Result<itp::Schedule> none = itp::Schedule::make("no such schedule");
    check(!none && none.status() == ITP_E_UNSUPPORTED && !*none, "an unknown name gives a status and an empty handle");
    check(std::strlen(none.status().message()) > 0, "a status has a sentence");
    check(!none->at(0.5), "an empty handle is refused");

    itp::Result<itp::Schedule> lazy = itp::Schedule::make(ITP_SCHEDULE_LAZY);
    itp::Result<itp_schedule_point> middle = lazy->at(0.5);
    check(middle && std::fabs(middle->alpha - middle->beta) < 1e-15, "a schedule is evaluated");
    itp::Schedule moved = std::move(*lazy);
    check(moved && !*lazy, "a move leaves nothing behind");
    moved = itp::Schedule();
    check(!moved, "an assignment frees");
}

void test_plan()
{
    itp::Result<itp::Plan> plan = make_plan();
    check(plan && plan->info().rows == 6 && !std::strcmp(plan->info().solver, "ab2"), "a plan says what it is");
    check(plan->row(5) && plan->row(5)->term_count > 0 && plan->row(6).status() == ITP_E_RANGE, "its rows");
    std::array<char, 4096> text;
    std::size_t needed = 0;
    itp::Result<itp::Plan> again = itp::Plan::make("solver=ab2 evaluations=5");
    check(again && again->print(text, &needed).ok() && !std::strcmp(text.data(), "solver=ab2 evaluations=5"),
          "made of text and printed");
    check(!itp::Plan::make("solver=abx") && !itp::Schedule::make("lazy(q=1)"), "wrong texts");
    check(plan->format(text, &needed).ok() && needed == std::strlen(text.data()) + 1, "as text");
    const char broken[] = "{";
    itp::Status read = itp::Plan::from_json(broken).status();
    check(read == ITP_E_ARGUMENT || read == ITP_E_UNSUPPORTED, "a text that is no plan is refused");
    itp::PlanDesc bad;
    bad.evaluations = -1;
    check(!itp::Plan::make(bad), "a plan without evaluations is refused");
}

void test_sample()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, DIM);
    batch.seed = 7;
    std::vector<float> x(COUNT * DIM), want = by_c(*plan, batch);
    int rows = 0;
    itp::Status done = itp::sample(*plan, batch, x, [&rows](const itp::Step<float> &step) {
        velocity(step);
        rows++;
    });
    check(done.ok() && rows == 6, "a lambda that returns nothing");
    check(x == want && !want.empty(), "the samples are those of the C function");

    std::array<double, COUNT * DIM> wide;
    done = itp::sample(*plan, batch, wide, [](const itp::Step<double> &step) { return velocity(step), 0; });
    check(done.ok() && std::fabs(wide[1] - static_cast<double>(x[1])) < 1e-5, "doubles, and a lambda that returns int");
    done = itp::sample(*plan, batch, x, [](const itp::Step<float> &step) { return step.row() == 2 ? 5 : 0; });
    check(done == 5, "a positive number stops and is returned");
    std::vector<float> too_short(DIM);
    done = itp::sample(*plan, batch, too_short, velocity<float>);
    check(done == ITP_E_RANGE, "an array that is too short is refused");
    float plain[COUNT * DIM];
    check(itp::sample(*plan, batch, plain, velocity<float>).ok() && plain[3] == want[3], "an array of C's");
}

void test_steps()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, DIM);
    itp::Result<itp::Sampler<float>> sampler = itp::Sampler<float>::make(*plan, batch);
    batch.seed = 7;
    std::vector<float> x(COUNT * DIM), want = by_c(*plan, batch);
    check(sampler && sampler->begin(x, 7).ok(), "a sampler begins");
    std::int32_t rows = 0;
    double last = -1;
    bool ordered = true;
    while (itp::Step<float> step = sampler->next()) {
        ordered = ordered && step.time() > last && step.row() == rows && step.x(1).size() == DIM;
        last = step.time();
        velocity(step);
        rows += sampler->submit().ok();
    }
    check(sampler->status().ok() && rows == 6 && ordered, "steps in order");
    check(x == want, "the samples are those of the C function");
    check(!sampler->next() && sampler->submit() == ITP_E_STATE && !sampler->next(), "nothing after the end");
    std::vector<float> too_short(DIM - 1), too_long(COUNT * DIM + DIM), first(DIM);
    check(sampler->begin(too_short) == ITP_E_RANGE && !sampler->next(), "an array without a sample is refused");
    check(sampler->begin(too_long) == ITP_E_RANGE && !sampler->next(), "an array that is too long is refused");
    check(sampler->begin(first, 7).ok() && sampler->next().count() == 1, "fewer samples are begun");
}

struct Memory {
    int taken = 0, returned = 0;
    void *allocate(std::size_t size, std::size_t alignment)
    {
        taken++;
        return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    }
    void release(void *memory, std::size_t)
    {
        returned++;
        std::free(memory);
    }
};

void test_hooks()
{
    Memory memory;
    std::size_t tasks = 0;
    int sentences = 0;
    auto write = [&sentences](std::int32_t level, const char *message) {
        sentences += level == ITP_LOG_ERROR && message[0] != 0;
    };
    auto jobs = [&tasks](std::size_t count, const itp::Task &task) {
        for (std::size_t i = count; i-- > 0;) {
            task(i);
        }
        tasks += count;
        return 0;
    };
    itp_allocator allocator = itp::allocate_from(memory);
    itp_log log = itp::log_to(write);
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, 1000 * DIM); // large enough to be shared
    batch.seed = 7;
    itp::Env env;
    env.memory = &allocator;
    env.log = &log;
    itp::share_work(env, jobs);
    batch.env = &env;
    {
        std::vector<float> x(batch.count * batch.dim), want = by_c(*plan, batch);
        check(itp::sample(*plan, batch, x, velocity<float>).ok() && x == want, "with an allocator and a job system");
        batch.seed = 0; // of a run: samplers take it when they begin
        itp::Result<itp::Sampler<float>> sampler = itp::Sampler<float>::make(*plan, batch);
        check(sampler->submit() == ITP_E_STATE && sentences == 1, "a misuse is logged");
    }
    check(memory.taken > 0 && memory.taken == memory.returned, "memory comes from the allocator and goes back");
    check(tasks > 0, "the job system had work");
}

void test_noise()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, DIM);
    itp_torch_cpu generator = {}, again = {};
    std::vector<float> x(COUNT * DIM), y(COUNT * DIM);
    int draws = 0;
    auto noise = [&again, &draws](const itp_noise_request &request, void *out) {
        draws++;
        return itp_torch_cpu_draw(&again, &request, out);
    };
    itp::draw_from(batch, generator);
    check(itp::sample(*plan, batch, x, velocity<float>).ok(), "torch's generator draws");
    itp::draw_from(batch, noise);
    check(itp::sample(*plan, batch, y, velocity<float>).ok() && draws > 0 && x == y, "a callable draws");
}

#if defined(__cpp_exceptions)
void test_exception()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, DIM);
    std::vector<float> x(COUNT * DIM);
    int caught = 0;
    try {
        (void)itp::sample(*plan, batch, x, [](const itp::Step<float> &step) {
            if (step.row() == 3) {
                throw 42;
            }
        });
    } catch (int thrown) {
        caught = thrown;
    }
    check(caught == 42, "an exception of the network's comes out as itself");
}
#else
void test_exception()
{
    std::printf("ok %d - an exception of the network's comes out as itself # SKIP without exceptions\n", ++number);
}
#endif

void test_fit()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    want.dim = 2;
    want.count = 8;
    want.iterations = 1;
    itp::Result<itp::Fit<double>> fit = itp::Fit<double>::make(*plan, want);
    check(bool(fit), "a fit is made");
    check(fit->plan().status() == ITP_E_STATE, "no plan yet");
    while (itp::Step<double> step = fit->next()) {
        velocity(step);
        fit->submit();
    }
    check(fit->status().ok() && fit->report().iterations >= 0 && fit->report().evaluations > 0, "it goes to its end");
    itp::Result<itp::Plan> better = fit->plan();
    check(better && better->info().rows == plan->info().rows, "a plan of as many rows");
    check(fit->report().after_held_out <= fit->report().before_held_out, "which is not worse");
    want.dim = 0;
    check(itp::Fit<float>::make(*plan, want).status() == ITP_E_RANGE, "a bad description is refused");
}

void test_texts()
{
    itp::Error why;
    check(!itp::Plan::make("solver=ab2 grid=karas", why) && why.status == ITP_E_UNSUPPORTED &&
              std::strstr(why.text, "karras"),
          "a wrong text has its sentence");
    check(!itp::Grid::parse("karas", &why) && !std::strcmp(why.field, "grid"), "a grid's, too");
    itp::Result<itp::Grid> grid = itp::Grid::parse("karras(rho=3)");
    itp::Result<itp::Diffusion> sine = itp::Diffusion::parse("sine(norm=2)");
    itp::Result<itp::Solver> ddpm = itp::Solver::parse("ddpm(eta=0.5)", &why);
    check(grid && grid->kind == ITP_GRID_KARRAS && sine && sine->norm == 2 && ddpm && ddpm->eta == 0.5,
          "structs are filled from texts");
    itp::Result<itp::Schedule> lazy = itp::Schedule::make("lazy(k=1)");
    std::array<char, 64> text;
    check(lazy->print(text).ok() && !std::strcmp(text.data(), "lazy(k=1)"), "a schedule is printed");
    check(itp::version()[0] && !itp::build_has("flux"), "what the library is");
    check(itp::entry_of("solver", "DPM++ 2M")->order == 2 && itp::entry_at("solver", 0) &&
              itp::entry_at("solver", 9999).status() == ITP_E_RANGE,
          "solvers are listed and found by other names");
}

void test_plans()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Result<itp::Plan> linear = plan->convert(nullptr);
    double t = 0, factor = 0;
    check(linear && linear->info().rows == 6 && plan->coordinates(0, nullptr, t, factor).ok() && factor > 0,
          "a plan is converted");
    check(plan->origin().count == 0, "it is not fitted");
    std::vector<char> json(1 << 16);
    std::size_t needed = 0;
    itp::Status written = plan->to_json(json, &needed);
    check(written == ITP_E_UNSUPPORTED ||
              (written.ok() && itp::Plan::from_json(itp::Span<const char>(json.data(), needed - 1))->info().rows == 6),
          "JSON there and back");
}

void test_saved()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp::Batch batch(COUNT, DIM);
    std::vector<float> x(COUNT * DIM), y(COUNT * DIM);
    itp::Result<itp::Sampler<float>> one = itp::Sampler<float>::make(*plan, batch);
    itp::Result<itp::Sampler<float>> other = itp::Sampler<float>::make(*plan, batch);
    itp::Start start(7);
    start.first = 2;
    check(one->begin(x, start).ok(), "a start of its own");
    velocity(one->next());
    (void)one->submit();
    std::size_t needed = 0;
    check(one->save(itp::Span<unsigned char>(), &needed).ok() && needed > 0, "a state has a size");
    std::vector<unsigned char> saved(needed);
    check(one->save(saved).ok() && other->restore(itp::Span<const unsigned char>(saved), y).ok(), "saved and restored");
    for (itp::Sampler<float> *run : {&*one, &*other}) {
        while (itp::Step<float> step = run->next()) {
            velocity(step);
            (void)run->submit();
        }
    }
    check(x == y && one->status().ok() && other->status().ok(), "both end the same");
    check(one->run(itp::Span<float>(y), start, velocity<float>).ok() && x == y, "a run in one call");
    check(one->run(itp::Span<float>(y), start, [](const itp::Step<float> &) { return 5; }) == 5, "which stops");
}

void test_covariance()
{
    const double variances[] = {1, 4};
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    desc.dim = 2;
    desc.variances = variances;
    itp::Result<itp::Covariance> covariance = itp::Covariance::make(desc);
    check(covariance && covariance->info().rank == 2, "a covariance");
    itp::CovariancePlanDesc want(*covariance);
    itp::Result<itp::CovariancePlan> plan = itp::CovariancePlan::make(want);
    check(plan && plan->info().bands == 2 && plan->band(1) && !plan->band(2), "its plan");
    itp::Result<itp::Sampler<double>> sampler = itp::Sampler<double>::make(*plan, itp::Batch(COUNT, 2));
    std::vector<double> x(COUNT * 2);
    check(sampler->run(itp::Span<double>(x), itp::Start(3), velocity<double>).ok(), "which is run as any other");
    itp_covariance_estimation from = ITP_COVARIANCE_ESTIMATION_INIT;
    from.samples = x.data();
    from.dim = 2;
    from.count = COUNT;
    from.type = ITP_FLOAT64;
    check(bool(itp::Covariance::estimate(from)), "an estimate");
}

// dx/dt of N(0, 1) data, at a time for each sample.
void each_velocity(const itp::Step<double> &step)
{
    for (std::size_t i = 0; i < step.count(); i++) {
        double t = step.times()[i], slope = (2 * t - 1) / ((1 - t) * (1 - t) + t * t);
        for (std::size_t j = 0; j < step.dim(); j++) {
            step.out(i)[j] = slope * step.x(i)[j];
        }
    }
}

void test_adaptive()
{
    itp::AdaptiveDesc want;
    itp::Result<itp::Sampler<double>> sampler = itp::Sampler<double>::make(want, itp::Batch(COUNT, DIM));
    std::vector<double> x(COUNT * DIM), start(COUNT * DIM), middle(COUNT * DIM);
    const double half[] = {0.5};
    check(sampler && sampler->outputs(half, middle).ok(), "an adaptive run");
    check(itp::normals<double>(7, 0, 0, 0, itp::Span<double>(start).part(0, DIM)).ok(), "normals");
    check(sampler->run(itp::Span<double>(x), itp::Start(7), each_velocity).ok(), "goes to its end");
    check(std::fabs(x[1] - start[1]) < 1e-4 && std::fabs(middle[1] - start[1] * std::sqrt(0.5)) < 1e-4,
          "at the exact state");
    itp::Result<itp_adaptive_statistics> last = sampler->statistics(0);
    check(last && last->accepted > 0 && last->u == 1 && !sampler->statistics(COUNT), "its statistics");
    std::vector<double> inside(DIM);
    check(sampler->state_at(0, last->t, inside).ok() && std::fabs(inside[1] - x[1]) < 1e-6, "a state inside a step");
}

void test_path()
{
    const double times[] = {0, 1};
    std::vector<double> states = {1, 3}, out(1);
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    desc.times = times;
    desc.time_count = 2;
    desc.states = states.data();
    desc.dim = desc.count = 1;
    desc.type = ITP_FLOAT64;
    itp::Result<itp::Path> path = itp::Path::make(desc);
    check(path && path->at(0.5, itp::Span<double>(out)).ok() && out[0] == 2, "a path is seen in between");
}

void test_fit_at_once()
{
    itp::Result<itp::Plan> plan = make_plan();
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    want.dim = 2;
    want.count = 8;
    want.iterations = 1;
    itp::Result<itp::Plan> better = itp::fit<double>(*plan, want, velocity<double>);
    check(better && better->origin().count == 8, "a fit in one call");
    check(itp::fit<double>(*plan, want, [](const itp::Step<double> &) { return 5; }).status() == 5, "which stops");
    want.dim = 0;
    check(itp::fit<double>(*plan, want, velocity<double>).status() == ITP_E_RANGE, "and refuses");
}

} // namespace

int main()
{
    test_handles();
    test_plan();
    test_sample();
    test_steps();
    test_texts();
    test_plans();
    test_saved();
    test_covariance();
    test_adaptive();
    test_path();
    test_fit();
    test_fit_at_once();
    test_hooks();
    test_noise();
    test_exception();
    std::printf("1..%d\n", number);
    return failed != 0;
}
