/* Adaptive runs: what a caller may rely on beside the accuracy, which adaptive_law_test.c measures. A sample's bits do
 * not depend on its batch; a step that was rejected leaves nothing behind, so that the run is that of a shorter first
 * step; counts of evaluations follow from the stages of the pair; a fault in one sample stops that sample alone. The
 * network is the exact velocity of the two-mode mixture, with faults put in. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 5, BATCH = 7, TOTAL = DIM * BATCH };

static const char *const pairs[] = {"tsit5", "dopri5", "bosh3", "heun"};

/* The velocity of the two-mode mixture, with a fault in one sample. */
enum { NO_FAULT = 0, NAN_ONCE, NAN_ALWAYS, NAN_LATE, JUMP };
typedef struct faulty {
    int fault, calls;
    uint64_t sample;
} faulty;

static double value_at(const faulty *f, uint64_t sample, double t, double x)
{
    network net = network_linear(mixture_two_modes());
    double value = network_value(&net, t, x);
    if (f->fault == NO_FAULT || sample != f->sample) return value;
    if (f->fault == JUMP) return t < 0.5 ? 1 : 1000;
    int now = f->fault == NAN_ALWAYS || (f->fault == NAN_ONCE && f->calls == 2) || (f->fault == NAN_LATE && t > 0.5);
    return now ? NAN : value;
}

static int run_faulty(void *user, const itp_request *request)
{
    faulty *f = user;
    f->calls++;
    for (size_t i = 0; i < request->count; i++)
        for (size_t j = i * request->dim; j < (i + 1) * request->dim; j++) {
            if (request->type == ITP_FLOAT64)
                ((double *)request->out)[j] =
                    value_at(f, request->index[i], request->times[i], ((const double *)request->x)[j]);
            else
                ((float *)request->out)[j] =
                    (float)value_at(f, request->index[i], request->times[i], (double)((const float *)request->x)[j]);
        }
    return 0;
}

static itp_batch batch_for(size_t count)
{
    itp_batch batch = batch_of(DIM, count, ITP_FLOAT64);
    batch.seed = 99;
    return batch;
}

static itp_sampler *new_run(const itp_adaptive_desc *desc, const itp_batch *batch)
{
    itp_sampler *run = NULL;
    check_status("new", sampler_for_adaptive(desc, batch, &run), ITP_OK);
    return run;
}

static itp_adaptive_statistics statistics_of(const itp_sampler *run, size_t sample)
{
    itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
    check_status("statistics", itp_adaptive_get_statistics(run, sample, &s), ITP_OK);
    return s;
}

/* ---- results ---- */

static void check_independence(const char *solver, int32_t type)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = batch_for(BATCH);
    double all[TOTAL], one[DIM];
    size_t bytes = DIM * (type == ITP_FLOAT64 ? sizeof(double) : sizeof(float));
    faulty net = {0};
    desc.solver = kept_solver(solver);
    desc.rtol = desc.atol = type == ITP_FLOAT64 ? 1e-8 : 1e-5;
    batch.type = type;
    itp_sampler *together = new_run(&desc, &batch);
    check_status("batch", run_as(together, &batch, all, run_faulty, &net), ITP_OK);
    int different = 0;
    for (size_t i = 0; i < BATCH; i++) {
        batch.count = 1;
        batch.first = i;
        itp_sampler *alone = new_run(&desc, &batch);
        check_status("single", run_as(alone, &batch, one, run_faulty, &net), ITP_OK);
        check_true("the same bits", !memcmp((unsigned char *)all + i * bytes, one, bytes));
        itp_adaptive_statistics a = statistics_of(together, i), b = statistics_of(alone, 0);
        check_true("the same statistics", !memcmp(&a, &b, sizeof a));
        different += a.evaluations != statistics_of(together, 0).evaluations;
        itp_sampler_free(alone);
    }
    check_true("their steps differ", different || type == ITP_FLOAT32);
    itp_sampler_free(together);
}

static void a_sample_does_not_depend_on_its_batch(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        check_independence(pairs[i], ITP_FLOAT64);
        check_independence(pairs[i], ITP_FLOAT32);
    }
}

/* The slope at the end of a step is that at the start of the next one; heun asks for it then. */
static void evaluations_per_step(void **state)
{
    static const int want[] = {1 + 16 * 6, 1 + 16 * 6, 1 + 16 * 3, 16 * 2};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
        itp_batch batch = batch_for(1);
        double x[DIM];
        faulty net = {0};
        desc.solver = kept_solver(pairs[i]);
        desc.rtol = desc.atol = 1;
        desc.first_step = desc.max_step = 0.0625;
        itp_sampler *run = new_run(&desc, &batch);
        check_status("run", run_as(run, &batch, x, run_faulty, &net), ITP_OK);
        assert_int_equal(statistics_of(run, 0).accepted, 16);
        assert_int_equal(statistics_of(run, 0).rejected, 0);
        assert_int_equal(statistics_of(run, 0).evaluations, want[i]);
        itp_sampler_free(run);
    }
}

/* A step of .5 that is rejected leaves nothing behind: the run is that of a first step of .2 times .5. (Without the
 * controller's memory every step is .9 times the one before, so that the two have the same steps.) */
static void a_rejected_step_leaves_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        double x[2][DIM];
        for (int clean = 0; clean < 2; clean++) {
            itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
            itp_batch batch = batch_for(1);
            faulty net = {clean ? NO_FAULT : NAN_ONCE, 0, 0};
            desc.solver = kept_solver(pairs[i]);
            desc.rtol = desc.atol = 1;
            desc.controller[0] = 1e-300; /* the error does not matter */
            desc.first_step = clean ? 0.2 * 0.5 : 0.5;
            desc.min_step = 0.05;
            itp_sampler *run = new_run(&desc, &batch);
            check_status("run", run_as(run, &batch, x[clean], run_faulty, &net), ITP_OK);
            assert_int_equal(statistics_of(run, 0).rejected, !clean);
            itp_sampler_free(run);
        }
        check_true(pairs[i], !memcmp(x[0], x[1], sizeof x[0]));
    }
}

static void the_start_is_that_of_samplers(void **state)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    wanted want = WANTED;
    itp_request request = ITP_REQUEST_INIT;
    itp_batch batch = batch_for(BATCH);
    itp_plan *plan;
    itp_sampler *sampler;
    double x[TOTAL], y[TOTAL];
    (void)state;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("plan", make_plan(&want, &plan), ITP_OK);
    check_status("sampler", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, x), ITP_OK);
    check_status("begin", begin_as(run, &batch, y), ITP_OK);
    assert_memory_equal(x, y, sizeof x);
    check_status("next", itp_sampler_next(run, &request), ITP_EVALUATE);
    assert_memory_equal(x, request.x, sizeof x);
    itp_sampler_free(run);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* DDPM's table ends before the data: the last step is along the last velocity. */
static void a_path_that_ends_early(void **state)
{
    static const family ddpm = {"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1};
    itp_schedule *table = family_make(&ddpm);
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    model.schedule = table;
    model.prediction = ITP_PREDICT_DATA;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
        itp_batch batch = batch_for(1);
        double x[DIM];
        faulty net = {0};
        desc.solver = kept_solver(pairs[i]);
        desc.model = &model;
        itp_sampler *run = new_run(&desc, &batch);
        check_status("run", run_as(run, &batch, x, run_faulty, &net), ITP_OK);
        check_same("u", statistics_of(run, 0).u, 1);
        for (int j = 0; j < DIM; j++) check_true("finite", isfinite(x[j]));
        itp_sampler_free(run);
    }
    itp_schedule_free(table);
}

/* ---- errors of single samples ---- */

static int run_with_fault(int fault, double min_step, int32_t budget, double *x, itp_adaptive_statistics *s,
                          capture *log)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = batch_for(3);
    faulty net = {fault, 0, 1};
    itp_env hook = capture_env(log);
    batch.env = &hook;
    batch.x = ITP_X_GIVEN;
    desc.min_step = min_step;
    desc.max_evaluations = budget;
    for (int i = 0; i < 3 * DIM; i++) x[i] = 0.1 * i - 0.6;
    itp_sampler *run = new_run(&desc, &batch);
    int status = run_as(run, &batch, x, run_faulty, &net);
    itp_request request = ITP_REQUEST_INIT;
    check_status("the run stays over", itp_sampler_next(run, &request), status);
    for (size_t i = 0; i < 3; i++) s[i] = statistics_of(run, i);
    itp_sampler_free(run);
    return status;
}

static void check_fault(const char *name, int fault, double min_step, int want)
{
    double clean[3 * DIM], x[3 * DIM];
    itp_adaptive_statistics s[3], without[3];
    capture log;
    check_status(name, run_with_fault(NO_FAULT, min_step, 0, clean, without, &log), ITP_OK);
    check_status(name, run_with_fault(fault, min_step, 0, x, s, &log), want);
    check_true(name, s[0].status == ITP_OK && s[1].status == want && s[2].status == ITP_OK);
    check_true(name, capture_has(&log, "sample 1") && capture_has(&log, "t = "));
    check_true(name, !memcmp(x, clean, DIM * sizeof *x));
    check_true(name, !memcmp(x + 2 * DIM, clean + 2 * DIM, DIM * sizeof *x));
    for (int i = DIM; i < 2 * DIM; i++) check_same(name, x[i], 0.1 * i - 0.6);
}

static void a_failed_sample_leaves_the_others_alone(void **state)
{
    (void)state;
    check_fault("jump", JUMP, 1e-3, ITP_E_STEP);
    check_fault("not finite from t = .5 on", NAN_LATE, 0, ITP_E_STEP);
    check_fault("not finite at the start", NAN_ALWAYS, 0, ITP_E_NONFINITE);
}

static void a_jump_is_passed_with_small_steps(void **state)
{
    double x[3 * DIM];
    itp_adaptive_statistics s[3];
    capture log;
    (void)state;
    check_status("jump", run_with_fault(JUMP, 0, 0, x, s, &log), ITP_OK);
    check_near("jump", x[DIM] - (0.1 * DIM - 0.6), 0.5 + 500, 1e-4);
    check_true("rejected", s[1].rejected > 5);
}

static void the_budget_is_kept(void **state)
{
    double x[3 * DIM];
    itp_adaptive_statistics s[3];
    capture log;
    (void)state;
    check_status("budget", run_with_fault(JUMP, 0, 20, x, s, &log), ITP_E_BUDGET);
    assert_int_equal(s[1].evaluations, 20);
    check_true("budget", capture_has(&log, "max_evaluations"));
}

/* With check_finite an output holds NaN until it is written. */
static void an_output_that_nobody_wrote_is_named(void **state)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_request request = ITP_REQUEST_INIT;
    itp_batch batch = batch_for(2);
    faulty net = {0};
    capture seen;
    itp_env log = capture_env(&seen);
    double x[2 * DIM];
    int status;
    (void)state;
    batch.check_finite = 1;
    batch.env = &log;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("begin", begin_as(run, &batch, x), ITP_OK);
    while ((status = itp_sampler_next(run, &request)) == ITP_EVALUATE) {
        check_status("nothing", itp_sampler_submit(run), ITP_E_NONFINITE);
        check_true(seen.text, capture_has(&seen, "unwritten") && capture_has(&seen, "sample"));
        run_faulty(&net, &request);
        double *last = (double *)request.out + request.count * DIM - 1, kept = *last;
        *last = NAN;
        check_status("not finite", itp_sampler_submit(run), ITP_E_NONFINITE);
        check_true(seen.text, capture_has(&seen, "not finite"));
        *last = kept;
        check_status("submit", itp_sampler_submit(run), ITP_OK);
    }
    check_status("run", status, ITP_OK);
    itp_sampler_free(run);
}

static void an_output_that_is_not_finite_can_be_mended(void **state)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_request request = ITP_REQUEST_INIT;
    itp_batch batch = batch_for(2);
    faulty net = {0}, broken = {NAN_ALWAYS, 0, 1};
    double want[2 * DIM], x[2 * DIM];
    int status;
    (void)state;
    batch.check_finite = 1;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("clean", run_as(run, &batch, want, run_faulty, &net), ITP_OK);
    check_status("begin", begin_as(run, &batch, x), ITP_OK);
    while ((status = itp_sampler_next(run, &request)) == ITP_EVALUATE) {
        if (request.count == 2) {
            run_faulty(&broken, &request);
            check_status("submit", itp_sampler_submit(run), ITP_E_NONFINITE);
        }
        run_faulty(&net, &request);
        check_status("again", itp_sampler_next(run, &request), ITP_EVALUATE);
        check_status("submit", itp_sampler_submit(run), ITP_OK);
    }
    check_status("run", status, ITP_OK);
    assert_memory_equal(x, want, sizeof x);
    itp_sampler_free(run);
}

/* ---- dense output ---- */

static void outputs_are_the_states_between_the_steps(void **state)
{
    static const double times[] = {0, 0.125, 0.5, 0.9, 1};
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_request request = ITP_REQUEST_INIT;
    itp_batch batch = batch_for(2);
    faulty net = {0};
    double x[2 * DIM], start[2 * DIM], states[COUNT(times)][2][DIM], here[DIM];
    int seen = 0;
    (void)state;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("outputs", itp_adaptive_outputs(run, COUNT(times), times, states), ITP_OK);
    check_status("begin", begin_as(run, &batch, x), ITP_OK);
    memcpy(start, x, sizeof x);
    check_status("no step yet", itp_adaptive_state_at(run, 0, 0, here), ITP_E_STATE);
    while (itp_sampler_next(run, &request) == ITP_EVALUATE) {
        run_faulty(&net, &request);
        check_status("submit", itp_sampler_submit(run), ITP_OK);
        itp_adaptive_statistics s = statistics_of(run, 1);
        if (s.accepted && s.t_before <= 0.5 && s.t >= 0.5) {
            check_status("state", itp_adaptive_state_at(run, 1, 0.5, here), ITP_OK);
            assert_memory_equal(here, states[2][1], sizeof here);
            check_status("outside", itp_adaptive_state_at(run, 1, s.t_before - 1e-9, here), ITP_E_RANGE);
            check_status("outside", itp_adaptive_state_at(run, 1, s.t + 1e-9, here), ITP_E_RANGE);
            seen++;
        }
    }
    check_true("seen", seen);
    check_status("sample", itp_adaptive_state_at(run, 2, 1, here), ITP_E_RANGE);
    for (int i = 0; i < 2 * DIM; i++) {
        check_same("start", states[0][i / DIM][i % DIM], start[i]);
        check_same("end", states[COUNT(times) - 1][i / DIM][i % DIM], x[i]);
    }
    itp_sampler_free(run);
}

static void output_times_are_checked(void **state)
{
    static const double repeated[] = {0, 0.5, 0.5}, late[] = {0.5, 1.5}, backward[] = {1, 0.5}, nan_time[] = {NAN};
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = batch_for(1);
    double states[3][DIM];
    (void)state;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("repeated", itp_adaptive_outputs(run, 3, repeated, states), ITP_E_GRID);
    check_status("late", itp_adaptive_outputs(run, 2, late, states), ITP_E_GRID);
    check_status("backward", itp_adaptive_outputs(run, 2, backward, states), ITP_E_GRID);
    check_status("nan", itp_adaptive_outputs(run, 1, nan_time, states), ITP_E_GRID);
    check_status("null", itp_adaptive_outputs(run, 1, NULL, states), ITP_E_ARGUMENT);
    check_status("none", itp_adaptive_outputs(run, 0, NULL, NULL), ITP_OK);
    itp_sampler_free(run);
    batch.x = ITP_X_GIVEN;
    desc.reversed = 1;
    run = new_run(&desc, &batch);
    check_status("backward", itp_adaptive_outputs(run, 2, backward, states), ITP_OK);
    itp_sampler_free(run);
}

/* ---- memory and misuse ---- */

static void nothing_is_allocated_after_creation(void **state)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = batch_for(BATCH);
    ledger books;
    itp_env allocator = ledger_env(&books);
    itp_sampler *run;
    faulty net = {JUMP, 0, 3};
    double x[TOTAL];
    (void)state;
    batch.env = &allocator;
    run = new_run(&desc, &batch);
    int calls = books.calls;
    for (int i = 0; i < 2; i++) check_status("run", run_as(run, &batch, x, run_faulty, &net), ITP_OK);
    assert_int_equal(books.calls, calls);
    itp_sampler_free(run);
    assert_int_equal(books.live, 0);
    assert_int_equal(books.defects, 0);
    for (int i = 1; i <= calls; i++) {
        ledger_clear(&books);
        books.fail_at = i;
        check_status("no memory", sampler_for_adaptive(&desc, &batch, &run), ITP_E_MEMORY);
        check_true("NULL", run == NULL);
        assert_int_equal(books.live, 0);
    }
}

#define REFUSED(status, change) \
    do { \
        itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT; \
        itp_batch batch = batch_for(1); \
        itp_sampler *run = (itp_sampler *)(void *)&desc; \
        capture log; \
        itp_env hook = capture_env(&log); \
        batch.env = &hook; \
        change; \
        check_status(#change, sampler_for_adaptive(&desc, &batch, &run), status); \
        check_true(#change, run == NULL); \
    } while (0)

static void bad_descriptions_are_refused(void **state)
{
    (void)state;
    REFUSED(ITP_E_UNSUPPORTED, desc.solver = kept_solver("rk4"));
    REFUSED(ITP_E_UNSUPPORTED, desc.solver = kept_solver("ddim"));
    REFUSED(ITP_E_RANGE, desc.rtol = NAN);
    REFUSED(ITP_E_RANGE, desc.atol = NAN);
    REFUSED(ITP_E_RANGE, desc.rtol = desc.atol = -1);
    REFUSED(ITP_E_RANGE, desc.first_step = -1);
    REFUSED(ITP_E_RANGE, desc.min_step = INFINITY);
    REFUSED(ITP_E_RANGE, (desc.min_step = 0.1, desc.max_step = 0.01));
    REFUSED(ITP_E_RANGE, desc.safety = 1);
    REFUSED(ITP_E_RANGE, desc.shrink = -1);
    REFUSED(ITP_E_RANGE, desc.grow = 1);
    REFUSED(ITP_E_RANGE, desc.controller[2] = NAN);
    REFUSED(ITP_E_RANGE, desc.reversed = 2);
    REFUSED(ITP_E_RANGE, (desc.u_start = 0.5, desc.u_end = 0.25));
    REFUSED(ITP_E_RANGE, desc.u_start = 1);
    REFUSED(ITP_E_RANGE, desc.u_end = 1.5);
    REFUSED(ITP_E_UNSUPPORTED, batch.type = 7);
    REFUSED(ITP_E_UNSUPPORTED, batch.kernel = 99);
    REFUSED(ITP_E_RANGE, batch.dim = 0);
    REFUSED(ITP_E_OVERFLOW, batch.count = SIZE_MAX / 64);
    REFUSED(ITP_E_SIZE, desc.size = 0);
    REFUSED(ITP_E_SIZE, batch.size = 3);
}

static void a_start_without_a_slope_is_refused(void **state)
{
    itp_model data = ITP_MODEL_INIT;
    itp_schedule *root;
    static const family ddpm = {"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1};
    itp_schedule *table = family_make(&ddpm);
    (void)state;
    data.prediction = ITP_PREDICT_DATA;
    check_status("sqrt", itp_schedule_make(ITP_SCHEDULE_SQRT, &root), ITP_OK);
    REFUSED(ITP_E_SINGULAR, (desc.model = &data, desc.reversed = 1, batch.x = ITP_X_GIVEN));
    REFUSED(ITP_E_SINGULAR, desc.schedule = root);
    REFUSED(ITP_E_GRID, (desc.schedule = table, desc.reversed = 1, desc.u_start = 0.5, batch.x = ITP_X_GIVEN));
    REFUSED(ITP_E_GRID, (desc.schedule = table, desc.u_end = 1e-9));
    itp_schedule_free(root);
    itp_schedule_free(table);
}

static int stop_with(void *user, const itp_request *request)
{
    (void)request;
    return *(int *)user;
}

static void calls_out_of_order(void **state)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_request request = ITP_REQUEST_INIT, again = ITP_REQUEST_INIT;
    itp_adaptive_statistics statistics = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_batch batch = batch_for(1);
    double x[DIM];
    int stop = 5, broken = -3;
    (void)state;
    itp_sampler *run = new_run(&desc, &batch);
    check_status("next", itp_sampler_next(run, &request), ITP_E_STATE);
    check_status("submit", itp_sampler_submit(run), ITP_E_STATE);
    check_status("statistics", itp_adaptive_get_statistics(run, 0, &statistics), ITP_E_STATE);
    check_status("begin", begin_as(run, &batch, NULL), ITP_E_ARGUMENT);
    check_status("begin", begin_as(run, &batch, x), ITP_OK);
    check_status("submit", itp_sampler_submit(run), ITP_E_STATE);
    check_status("next", itp_sampler_next(run, &request), ITP_EVALUATE);
    check_status("next", itp_sampler_next(run, &again), ITP_EVALUATE);
    assert_memory_equal(&request, &again, sizeof request);
    check_status("statistics", itp_adaptive_get_statistics(run, 1, &statistics), ITP_E_RANGE);
    check_status("stop", run_as(run, &batch, x, stop_with, &stop), 5);
    check_status("broken", run_as(run, &batch, x, stop_with, &broken), ITP_E_CALLBACK);
    check_status("no network", run_as(run, &batch, x, NULL, NULL), ITP_E_ARGUMENT);
    itp_sampler_free(run);
    itp_sampler_free(NULL);
    check_status("NULL", itp_sampler_new_adaptive(NULL, &batch, &run), ITP_E_ARGUMENT);
    check_status("NULL", itp_sampler_new_adaptive(&desc, NULL, &run), ITP_E_ARGUMENT);
    check_status("NULL", itp_sampler_new_adaptive(&desc, &batch, NULL), ITP_E_ARGUMENT);
    check_status("NULL", itp_sampler_next(NULL, &request), ITP_E_ARGUMENT);
    check_status("NULL", itp_sampler_submit(NULL), ITP_E_ARGUMENT);
}

/* ---- ends that cannot be met ---- */

/* A data prediction that never becomes its input, F = c x: near u = 1 the flow is x' = (c - 1) x/(1 - u), so that x
 * goes like (1 - u)^(1 - c). For c < 1 its last step has, relative to x, the same error from everywhere. */
static int ITP_CALL shrinking(void *user, const itp_request *rq)
{
    const double *factor = user;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        if (rq->type == ITP_FLOAT64) {
            ((double *)rq->out)[i] = *factor * ((const double *)rq->x)[i];
        } else {
            ((float *)rq->out)[i] = (float)*factor * ((const float *)rq->x)[i];
        }
    }
    return 0;
}

/* The status, and how many evaluations it took. */
static int run_shrinking(const itp_model *model, int32_t type, double tolerance, double factor, int32_t *taken)
{
    double x[16];
    itp_adaptive_desc want = ITP_ADAPTIVE_DESC_INIT;
    itp_adaptive_statistics got = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *run = NULL;
    want.model = model;
    want.rtol = want.atol = tolerance;
    batch.dim = 16;
    batch.count = 1;
    batch.type = type;
    batch.seed = 7;
    int status = sampler_for_adaptive(&want, &batch, &run);
    if (status) return status;
    status = run_as(run, &batch, x, shrinking, &factor);
    check_status("statistics", itp_adaptive_get_statistics(run, 0, &got), ITP_OK);
    *taken = got.evaluations;
    itp_sampler_free(run);
    return status;
}

static void an_end_that_cannot_be_met(void **state)
{
    static const double tolerances[] = {1e-3, 1e-5};
    static const int32_t predictions[] = {ITP_PREDICT_DATA, ITP_PREDICT_EDM, ITP_PREDICT_SALIMANS_V};
    (void)state;
    for (int i = 0; i < family_count() * COUNT(predictions) * 2 * 2 * 3; i++) {
        int rest = i / family_count(), prediction = rest % 3, type = rest / 3 % 2 ? ITP_FLOAT64 : ITP_FLOAT32;
        itp_model model = ITP_MODEL_INIT;
        itp_schedule *schedule = family_new(i % family_count());
        int32_t taken = 0;
        model.schedule = schedule;
        model.prediction = predictions[prediction];
        int status =
            run_shrinking(&model, type, tolerances[rest / 6 % 2], (double[]){.9, 1, -.5}[rest / 12 % 3], &taken);
        if (status != ITP_E_SINGULAR) {
            if (taken > 700) print_message("%s, %d: %d evaluations\n", family_at(i % family_count())->name, i, taken);
            check_true(family_at(i % family_count())->name, taken <= 700);
            check_true(family_at(i % family_count())->name, status == ITP_OK || status == ITP_E_STEP);
        }
        itp_schedule_free(schedule);
    }
}

/* It was 100,000 evaluations at u = 1 - 5e-15. */
static void it_is_said_within_tens_of_evaluations(void **state)
{
    itp_model model = ITP_MODEL_INIT;
    int32_t taken = 0;
    (void)state;
    model.prediction = ITP_PREDICT_DATA;
    check_status("float32", run_shrinking(&model, ITP_FLOAT32, 1e-3, .9, &taken), ITP_E_STEP);
    check_true("float32", taken < 100);
    check_status("float64", run_shrinking(&model, ITP_FLOAT64, 1e-3, .9, &taken), ITP_E_STEP);
    check_true("float64", taken < 100);
    check_status("its own input", run_shrinking(&model, ITP_FLOAT64, 1e-3, 1, &taken), ITP_OK);
}

/* x' = x ends at e x: 2e38 e is no float, which the network's input says first, by an infinity. */
static void a_sample_too_large_for_its_type(void **state)
{
    static const float starts[] = {1e38f, 2e38f};
    (void)state;
    for (int i = 0; i < COUNT(starts); i++) {
        float x = starts[i];
        double factor = 1;
        capture heard;
        itp_env log = capture_env(&heard);
        itp_adaptive_desc want = ITP_ADAPTIVE_DESC_INIT;
        itp_batch batch = ITP_BATCH_INIT;
        itp_sampler *run = NULL;
        batch.dim = 1;
        batch.count = 1;
        batch.x = ITP_X_GIVEN;
        batch.env = &log;
        check_status("new", sampler_for_adaptive(&want, &batch, &run), ITP_OK);
        check_status("run", run_as(run, &batch, &x, shrinking, &factor), i ? ITP_E_STEP : ITP_OK);
        check_true("finite", isfinite(x));
        itp_sampler_free(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_does_not_depend_on_its_batch),
        cmocka_unit_test(evaluations_per_step),
        cmocka_unit_test(a_rejected_step_leaves_nothing),
        cmocka_unit_test(the_start_is_that_of_samplers),
        cmocka_unit_test(a_path_that_ends_early),
        cmocka_unit_test(a_failed_sample_leaves_the_others_alone),
        cmocka_unit_test(a_jump_is_passed_with_small_steps),
        cmocka_unit_test(the_budget_is_kept),
        cmocka_unit_test(an_output_that_nobody_wrote_is_named),
        cmocka_unit_test(an_output_that_is_not_finite_can_be_mended),
        cmocka_unit_test(outputs_are_the_states_between_the_steps),
        cmocka_unit_test(output_times_are_checked),
        cmocka_unit_test(nothing_is_allocated_after_creation),
        cmocka_unit_test(bad_descriptions_are_refused),
        cmocka_unit_test(a_start_without_a_slope_is_refused),
        cmocka_unit_test(calls_out_of_order),
        cmocka_unit_test(an_end_that_cannot_be_met),
        cmocka_unit_test(it_is_said_within_tens_of_evaluations),
        cmocka_unit_test(a_sample_too_large_for_its_type),
    };
    return cmocka_run_group_tests_name("adaptive", tests, NULL, NULL);
}
