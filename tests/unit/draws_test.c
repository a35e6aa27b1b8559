/* Normals of the caller's: a callback that draws the library's own gives the bits of a run without one, for every
 * solver; it is asked once for each normal, in the order of the steps; runs are saved and go on; what stops and what is
 * refused. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 7, BATCH = 3, MOST_DRAWS = 64, MOST_BYTES = 1 << 14 };
static const uint64_t SEED = 17, FIRST = 40;

typedef union samples {
    double f64[BATCH * DIM];
    float f32[BATCH * DIM];
} samples;

/* ---- a callback that draws what the library would, and remembers what it was asked for ---- */

typedef struct drawer {
    int count, stop_at, answer; /* the call with this number, from 1, returns the answer */
    itp_noise_request asked[MOST_DRAWS];
} drawer;

static int ITP_CALL draw(void *user, const itp_noise_request *request, void *out)
{
    drawer *d = user;
    unsigned char *to = out;
    size_t bytes = request->dim * (request->type == ITP_FLOAT64 ? sizeof(double) : sizeof(float));
    check_true("room", d->count < MOST_DRAWS);
    d->asked[d->count++] = *request;
    if (d->count == d->stop_at) return d->answer;
    for (size_t i = 0; i < request->count; i++, to += bytes) {
        check_status("normals", itp_normals(SEED, request->first + i, request->m, 0, request->type, to, request->dim),
                     ITP_OK);
    }
    return 0;
}

/* ---- plans and batches ---- */

/* A plan of the solver with fresh normals, where it takes any, and k = 1 where it takes that. Under a schedule with a
 * point mass rows read the start's normal again. */
static itp_plan *plan_for(const char *solver, int32_t schedule_kind, double u_start)
{
    wanted desc = WANTED;
    itp_schedule_desc kind = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    itp_plan *plan = NULL;
    kind.kind = schedule_kind;
    check_status("schedule", itp_schedule_new(&kind, &schedule), ITP_OK);
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = 11;
    desc.grid.u_start = u_start;
    if (plan_reads(&desc, "s_noise") != ITP_OK) desc.diffusion.k = 1;
    if (plan_reads(&desc, "noise") == ITP_OK) desc.plan.noise = ITP_NOISE_STEPS;
    if (make_plan(&desc, &plan)) { /* one of a flow, or with a fixed noise of its own */
        desc.diffusion.k = 0;
        desc.plan.noise = ITP_NOISE_PATH;
        if (plan_reads(&desc, "noise") == ITP_OK) desc.plan.noise = ITP_NOISE_STEPS;
        (void)make_plan(&desc, &plan);
    }
    itp_schedule_free(schedule);
    return plan;
}

static itp_batch batch_for(int32_t type, drawer *d)
{
    itp_batch batch = batch_of(DIM, BATCH, type);
    batch.first = FIRST;
    batch.kernel = ITP_KERNEL_PORTABLE;
    batch.check_finite = 1;
    if (d) {
        batch.noise = draw;
        batch.noise_user = d;
    } else {
        batch.seed = SEED;
    }
    return batch;
}

static size_t bytes_of(int32_t type)
{
    return type == ITP_FLOAT64 ? sizeof((samples *)0)->f64 : sizeof((samples *)0)->f32;
}

static void data(samples *x, int32_t type)
{
    for (int i = 0; i < BATCH * DIM; i++) {
        if (type == ITP_FLOAT64)
            x->f64[i] = .1 * i - 1;
        else
            x->f32[i] = .1f * (float)i - 1;
    }
}

/* ---- the same bits, in the order of the steps ---- */

static void check_order(const char *name, const drawer *d, int given)
{
    for (int i = 0; i < d->count; i++) {
        const itp_noise_request *now = &d->asked[i], *before = i ? &d->asked[i - 1] : NULL;
        check_true(name, now->draw == i + (given && d->asked[0].draw));
        check_true(name, (now->m == 0) == (now->draw == 0));
        check_true(name, now->first == FIRST && now->count == BATCH && now->dim == DIM);
        check_true(name, !before || before->step < now->step || before->m < now->m);
        check_true(name, !before || before->row <= now->row);
        for (int j = 0; j < i; j++) check_true(name, d->asked[j].m != now->m);
    }
}

static void check_bits(const char *name, const itp_plan *plan, int32_t type, int32_t start)
{
    samples with = {{0}}, without = {{0}};
    drawer d = {0};
    itp_batch own = batch_for(type, NULL), asking = batch_for(type, &d);
    own.x = asking.x = start;
    data(&with, type);
    data(&without, type);
    check_status(name, itp_sample(plan, &own, &without, network_sine, NULL), ITP_OK);
    check_status(name, itp_sample(plan, &asking, &with, network_sine, NULL), ITP_OK);
    check_true(name, !memcmp(&with, &without, bytes_of(type)));
    check_true(name, start == ITP_X_GIVEN || d.count >= 1);
    check_order(name, &d, start == ITP_X_GIVEN);
}

static void check_solver(const char *solver, int32_t kind)
{
    const char *name = solver;
    itp_plan *plan = plan_for(solver, kind, 0), *inside = plan_for(solver, kind, .3);
    check_true(name, plan && inside);
    for (int32_t type = ITP_FLOAT32; type <= ITP_FLOAT64; type++) {
        check_bits(name, plan, type, ITP_X_NOISE);
        check_bits(name, plan, type, ITP_X_GIVEN);
        check_bits(name, inside, type, ITP_X_DATA);
    }
    itp_plan_free(plan);
    itp_plan_free(inside);
}

static void every_solver_with_its_own_bits(void **state)
{
    (void)state;
    for (int32_t i = 0; kind_name_at("solver", i); i++) {
        check_solver(kind_name_at("solver", i), ITP_SCHEDULE_LINEAR);
        check_solver(kind_name_at("solver", i), ITP_SCHEDULE_LAZY);
    }
}

/* A covariance plan draws its start. */
static itp_covariance_plan *covariance_plan(itp_covariance **covariance)
{
    static const double variances[DIM] = {4, 2, 1, .5, .25, .1, .01};
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance_plan_desc of = ITP_COVARIANCE_PLAN_DESC_INIT;
    itp_covariance_plan *plan = NULL;
    wanted want = WANTED;
    desc.dim = DIM;
    desc.variances = variances;
    check_status("covariance", itp_covariance_new(&desc, covariance), ITP_OK);
    want.solver = SOLVER("dpmpp-2m");
    want.plan.evaluations = 5;
    of.covariance = *covariance;
    of.plan = description_of(&want);
    check_status("plan", itp_covariance_plan_new(&of, &plan), ITP_OK);
    return plan;
}

static void covariance_run(const itp_covariance_plan *plan, const itp_batch *batch, samples *x)
{
    itp_sampler *sampler = NULL;
    itp_start start = ITP_START_INIT;
    itp_batch without = *batch;
    start.x = x;
    start.first = batch->first;
    start.seed = batch->seed;
    without.first = without.seed = 0;
    check_status("sampler", itp_sampler_new_covariance(plan, &without, &sampler), ITP_OK);
    check_status("run", itp_sampler_run(sampler, &start, network_sine, NULL), ITP_OK);
    itp_sampler_free(sampler);
}

static void covariance_plans_with_their_own_bits(void **state)
{
    samples with = {{0}}, without = {{0}};
    drawer d = {0};
    itp_batch own = batch_for(ITP_FLOAT64, NULL), asking = batch_for(ITP_FLOAT64, &d);
    itp_covariance *covariance = NULL;
    itp_covariance_plan *plan = covariance_plan(&covariance);
    (void)state;
    covariance_run(plan, &own, &without);
    covariance_run(plan, &asking, &with);
    check_true("bits", !memcmp(&with, &without, sizeof with));
    check_true("draws", d.count == 1 && d.asked[0].m == 0);
    itp_covariance_plan_free(plan);
    itp_covariance_free(covariance);
}

/* ---- numbers of draws ---- */

static int draws_of(const char *solver, int32_t *steps)
{
    samples x = {{0}};
    drawer d = {0};
    itp_batch batch = batch_for(ITP_FLOAT32, &d);
    itp_plan *plan = plan_for(solver, ITP_SCHEDULE_LINEAR, .3);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    batch.x = ITP_X_DATA;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_status("sample", itp_sample(plan, &batch, &x, network_sine, NULL), ITP_OK);
    itp_plan_free(plan);
    *steps = info.steps;
    return d.count - 1;
}

/* The step to the data has no noise. dpmpp-sde draws for the stage and for the step. */
static void one_or_two_to_a_step(void **state)
{
    int32_t steps;
    (void)state;
    int draws = draws_of("euler-ancestral", &steps);
    check_true("euler-ancestral", draws == steps - 1);
    draws = draws_of("sde-dpmpp-2m", &steps);
    check_true("sde-dpmpp-2m", draws == steps - 1);
    draws = draws_of("dpmpp-2s-ancestral", &steps);
    check_true("dpmpp-2s-ancestral", draws == steps - 1);
    draws = draws_of("dpmpp-sde", &steps);
    check_true("dpmpp-sde", draws == 2 * (steps - 1));
    draws = draws_of("heun", &steps);
    check_true("heun", draws == 0);
}

/* ---- saved runs ---- */

static void advance(itp_sampler *sampler, int32_t rows)
{
    itp_request request = ITP_REQUEST_INIT;
    for (; rows > 0 && itp_sampler_next(sampler, &request) == ITP_EVALUATE; rows--) {
        (void)network_sine(NULL, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
}

static itp_sampler *sampler_of(const itp_plan *plan, const itp_batch *batch)
{
    itp_sampler *sampler = NULL;
    itp_batch without = *batch;
    without.first = 0;
    check_status("sampler", itp_sampler_new(plan, &without, &sampler), ITP_OK);
    return sampler;
}

static int begin(itp_sampler *sampler, samples *x)
{
    itp_start start = ITP_START_INIT;
    start.x = x;
    start.first = FIRST;
    return itp_sampler_begin(sampler, &start);
}

static void check_resumed(const char *name, const itp_plan *plan, int32_t row, const samples *want)
{
    static unsigned char bytes[MOST_BYTES];
    size_t size = 0;
    drawer d = {0};
    samples first = {{0}}, second = {{0}};
    itp_batch batch = batch_for(ITP_FLOAT64, &d);
    itp_sampler *a = sampler_of(plan, &batch), *b = sampler_of(plan, &batch);
    check_status(name, begin(a, &first), ITP_OK);
    advance(a, row);
    check_status(name, itp_sampler_save(a, bytes, sizeof bytes, &size), ITP_OK);
    itp_sampler_free(a);
    check_status(name, itp_sampler_restore(b, bytes, size, &second), ITP_OK);
    advance(b, INT32_MAX);
    itp_sampler_free(b);
    check_true(name, !memcmp(want, &second, sizeof second));
    check_order(name, &d, 0);
}

static void every_solver_saved_after_every_row(void **state)
{
    (void)state;
    for (int32_t i = 0; kind_name_at("solver", i); i++) {
        const char *name = kind_name_at("solver", i);
        samples want = {{0}};
        drawer d = {0};
        itp_batch batch = batch_for(ITP_FLOAT64, &d);
        itp_plan *plan = plan_for(kind_name_at("solver", i), ITP_SCHEDULE_LAZY, 0);
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
        check_status(name, itp_sample(plan, &batch, &want, network_sine, NULL), ITP_OK);
        for (int32_t row = 0; row <= info.rows; row++) check_resumed(name, plan, row, &want);
        itp_plan_free(plan);
    }
}

/* ---- stops ---- */

static void a_callback_that_stops(void **state)
{
    itp_plan *plan = plan_for("dpmpp-sde", ITP_SCHEDULE_LINEAR, 0);
    drawer d = {.stop_at = 1, .answer = 9};
    capture said;
    itp_env log = capture_env(&said);
    itp_batch batch = batch_for(ITP_FLOAT64, &d);
    itp_request request = ITP_REQUEST_INIT;
    samples x = {{0}}, want = {{0}};
    (void)state;
    batch.env = &log;
    itp_sampler *sampler = sampler_of(plan, &batch);
    check_status("start", begin(sampler, &x), 9);
    check_true("sentence", capture_has(&said, "noise: the callback returned 9."));
    check_status("next", itp_sampler_next(sampler, &request), ITP_E_STATE);
    d = (drawer){.stop_at = 3, .answer = -4};
    check_status("begin", begin(sampler, &x), ITP_OK);
    advance(sampler, 1);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    (void)network_sine(NULL, &request);
    check_status("row", itp_sampler_submit(sampler), ITP_E_CALLBACK);
    check_true("sentence", capture_has(&said, "in row 1"));
    check_status("spent", itp_sampler_submit(sampler), ITP_E_NONFINITE);
    advance(sampler, INT32_MAX);
    itp_sampler_free(sampler);
    d = (drawer){0};
    check_status("sample", itp_sample(plan, &batch, &want, network_sine, NULL), ITP_OK);
    check_true("bits", !memcmp(&want, &x, sizeof x));
    itp_plan_free(plan);
}

/* ---- what is refused ---- */

static void what_is_refused(void **state)
{
    static const uint64_t seeds[BATCH] = {1, 2, 3};
    wanted desc = WANTED;
    itp_plan *path = NULL, *plan = plan_for("euler-ancestral", ITP_SCHEDULE_LINEAR, 0);
    drawer d = {0};
    capture said;
    itp_env log = capture_env(&said);
    itp_batch batch = batch_for(ITP_FLOAT64, &d);
    samples x;
    (void)state;
    batch.env = &log;
    desc.solver = SOLVER("euler-ancestral");
    check_status("path", make_plan(&desc, &path), ITP_OK);
    check_status("path", itp_sample(path, &batch, &x, network_sine, NULL), ITP_E_UNSUPPORTED);
    check_true("path", capture_has(&said, "noise=steps"));
    batch.seed = 3;
    check_status("seed", itp_sample(plan, &batch, &x, network_sine, NULL), ITP_E_ARGUMENT);
    check_true("seed", capture_has(&said, "seed, seeds: set"));
    batch.seed = 0;
    batch.seeds = seeds;
    check_status("seeds", itp_sample(plan, &batch, &x, network_sine, NULL), ITP_E_ARGUMENT);
    batch.seeds = NULL;
    batch.noise = NULL;
    check_status("user", itp_sample(plan, &batch, &x, network_sine, NULL), ITP_E_ARGUMENT);
    itp_plan_free(path);
    itp_plan_free(plan);
}

/* One array of the batch's size for a solver that draws once, two for one that draws twice. */
static void arrays_are_counted(void **state)
{
    static const struct {
        const char *solver;
        size_t arrays;
    } want[] = {{"euler-ancestral", 1}, {"dpmpp-sde", 2}};
    (void)state;
    for (int i = 0; i < COUNT(want); i++) {
        itp_plan *plan = plan_for(want[i].solver, ITP_SCHEDULE_LINEAR, 0);
        size_t own = 0, asking = 0, array = (BATCH * DIM * sizeof(double) + 63) / 64 * 64;
        drawer d = {0};
        itp_batch batch = batch_for(ITP_FLOAT64, NULL);
        check_status("own", needed_bytes(plan, &batch, &own), ITP_OK);
        batch = batch_for(ITP_FLOAT64, &d);
        check_status("asking", needed_bytes(plan, &batch, &asking), ITP_OK);
        check_true(want[i].solver, asking - own == want[i].arrays * array + 64);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_solver_with_its_own_bits),
        cmocka_unit_test(covariance_plans_with_their_own_bits),
        cmocka_unit_test(one_or_two_to_a_step),
        cmocka_unit_test(every_solver_saved_after_every_row),
        cmocka_unit_test(a_callback_that_stops),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(arrays_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
