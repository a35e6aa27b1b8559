/* Hosts trap floating point exceptions (Fortran with -ffpe-trap, debug builds of engines, Delphi), round otherwise or
 * flush denormals to zero (anything linked by -Ofast). Every public function that computes gives in all of these modes
 * the bits that it gives in the default one, traps nothing, and leaves mode and flags as they were; callbacks that
 * belong to a run find the host's mode. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1 /* feenableexcept */
#endif
#include <interp/interp.h>

#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "base/hash.h"

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

enum { DIM = 3, BATCH = 4, SEEDS = 16, TEXT = 20000, MOST_FAMILIES = 32 };

/* What the calls read: made in the default mode, for a sum may trap. */
typedef struct world {
    itp_schedule *schedule[MOST_FAMILIES];
    int schedules;
    itp_plan *plan, *noisy;
    itp_covariance *covariance;
    itp_path *path;
    char json[TEXT];
    size_t json_length;
    double times[5], states[5][BATCH * DIM], samples[SEEDS * DIM];
} world;

static world all;
static int seen_rounding; /* by the callback that was called last */

/* The velocity is the state: no arithmetic, which could trap. */
static int ITP_CALL copying_run(void *user, const itp_request *rq)
{
    (void)user;
    seen_rounding = fegetround();
    memcpy(rq->out, rq->x, rq->count * rq->dim * (rq->type == ITP_FLOAT64 ? sizeof(double) : sizeof(float)));
    return 0;
}

static int ITP_CALL adaptive_network(void *user, const itp_request *rq)
{
    (void)user;
    seen_rounding = fegetround();
    memcpy(rq->out, rq->x, rq->count * rq->dim * sizeof(double));
    return 0;
}

static int ITP_CALL data_hook(void *user, const itp_request *rq, void *data)
{
    (void)rq;
    (void)data;
    *(int *)user = fegetround();
    return 0;
}

static int ITP_CALL row_hook(void *user, const itp_request *rq, const void *state, const void *data)
{
    (void)rq;
    (void)state;
    (void)data;
    *(int *)user = fegetround();
    return 0;
}

static int ITP_CALL parallel(void *user, size_t tasks, void(ITP_CALL *task)(void *context, size_t index), void *context)
{
    *(int *)user = fegetround();
    for (size_t i = 0; i < tasks; i++) task(context, i);
    return 0;
}

static uint64_t add(uint64_t hash, const void *data, size_t size)
{
    return itp_hash_bytes(hash, data, size);
}

/* ---- the calls; each returns what came out ---- */

static uint64_t schedules(void)
{
    uint64_t hash = 0;
    for (int i = 0; i < all.schedules; i++) {
        for (int j = 0; j < COUNT(all.times); j++) {
            itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
            itp_conversion to = ITP_CONVERSION_INIT;
            double t[3] = {0, 0, 0};
            itp_schedule_eval(all.schedule[i], all.times[j], &at);
            itp_schedule_time_of_r(all.schedule[i], all.times[j], &t[0]);
            itp_schedule_time_of_u(all.schedule[i], all.times[j], &t[1]);
            itp_schedule_variance(all.schedule[i], all.times[0], all.times[j], &t[2]);
            itp_schedule_convert(all.schedule[i], all.schedule[0], all.times[j], &to);
            hash = add(add(add(hash, &at, sizeof at), t, sizeof t), &to, sizeof to);
        }
    }
    return hash;
}

static uint64_t schedules_made(void)
{
    uint64_t hash = 0;
    for (int32_t i = 0; kind_at("schedule", i); i++) {
        itp_schedule *made = NULL;
        itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
        if (itp_schedule_make(kind_at("schedule", i), &made) == ITP_OK) itp_schedule_eval(made, all.times[1], &at);
        hash = add(hash, &at, sizeof at);
        itp_schedule_free(made);
    }
    return hash;
}

static uint64_t text_of(uint64_t hash, const itp_plan *plan)
{
    char text[TEXT];
    size_t needed = 0;
    if (!plan) return hash + 1;
    itp_plan_format(plan, text, sizeof text, &needed);
    return add(hash, text, strlen(text));
}

static uint64_t plans(void)
{
    uint64_t hash = 0;
    for (int i = 0; i < all.schedules; i++) {
        for (int32_t j = 0; kind_name_at("solver", j); j += 7) {
            wanted want = WANTED;
            itp_plan *plan = NULL;
            want.plan.schedule = all.schedule[i];
            want.solver = SOLVER(kind_name_at("solver", j));
            make_plan(&want, &plan);
            hash = text_of(hash, plan);
            itp_plan_free(plan);
        }
    }
    return hash;
}

static uint64_t grids(void)
{
    uint64_t hash = 0;
    for (int32_t i = 0; kind_at("grid", i); i++) {
        wanted want = WANTED;
        itp_plan *plan = NULL;
        want.grid.kind = kind_at("grid", i);
        make_plan(&want, &plan);
        hash = text_of(hash, plan);
        itp_plan_free(plan);
    }
    double shift = 0;
    itp_shift_of_tokens(all.times[1], all.times[0], all.times[2], all.times[3], all.times[4], &shift);
    return add(hash, &shift, sizeof shift);
}

static uint64_t conversions(void)
{
    itp_plan *converted = NULL;
    double t = 0, factor = 0;
    itp_plan_coordinates(all.plan, 2, all.schedule[1], &t, &factor);
    itp_plan_convert(all.plan, all.schedule[1], &converted);
    uint64_t hash = text_of(add(add(0, &t, sizeof t), &factor, sizeof factor), converted);
    itp_plan_free(converted);
    return hash;
}

static uint64_t json(void)
{
    char text[TEXT] = {0};
    itp_plan *loaded = NULL;
    itp_plan_to_json(all.noisy, text, sizeof text, NULL);
    if (itp_plan_from_json(all.json, all.json_length, NULL, &loaded) == ITP_E_UNSUPPORTED) return 1;
    uint64_t hash = text_of(add(0, text, strlen(text)), loaded);
    itp_plan_free(loaded);
    return hash;
}

static uint64_t sentences(void)
{
    capture said;
    itp_env log = capture_env(&said);
    wanted want = WANTED;
    itp_plan *plan = NULL;
    want.plan.env = &log;
    want.diffusion.k = -1. / 3;
    make_plan(&want, &plan);
    return add(0, said.text, strlen(said.text));
}

static uint64_t models(void)
{
    uint64_t hash = 0;
    for (int32_t i = 0; kind_at("prediction", i); i++) {
        itp_model model = ITP_MODEL_INIT;
        double a = 0, b = 0, time = 0, out[DIM] = {0};
        model.schedule = all.schedule[1];
        model.prediction = kind_at("prediction", i);
        itp_model_time(&model, all.times[1], &time);
        itp_prediction_scalars(&model, all.times[1], ITP_PREDICT_DATA, &a, &b);
        itp_prediction_convert(&model, all.times[1], ITP_PREDICT_NOISE, ITP_FLOAT64, all.samples, all.samples + DIM,
                               out, DIM);
        hash = add(add(add(add(hash, &a, sizeof a), &b, sizeof b), &time, sizeof time), out, sizeof out);
    }
    return hash;
}

static uint64_t normals(void)
{
    double wide[8], increment[8], area[8];
    float narrow[8];
    itp_normals(7, 1, 2, 3, ITP_FLOAT64, wide, 8);
    itp_normals(7, 1, 2, 3, ITP_FLOAT32, narrow, 8);
    itp_brownian(7, 1, all.times[1], all.times[2], 0, ITP_FLOAT64, increment, area, 8);
    uint64_t hash = add(add(0, wide, sizeof wide), narrow, sizeof narrow);
    return add(add(hash, increment, sizeof increment), area, sizeof area);
}

static uint64_t guidance(void)
{
    double out[6][DIM * BATCH], scale = itp_guidance_at(all.times[3], all.times[1], all.times[3], all.times[2]);
    const double *x = all.samples, *y = all.samples + DIM * BATCH;
    itp_apg apg = ITP_APG_INIT;
    apg.scale = all.times[3];
    itp_guide(ITP_FLOAT64, x, y, all.times[1], out[0], DIM * BATCH);
    itp_autoguide(ITP_FLOAT64, x, y, all.times[2], out[1], DIM * BATCH);
    itp_guide_rescaled(ITP_FLOAT64, x, y, all.times[1], all.times[2], out[2], BATCH, DIM);
    itp_guide_apg(&apg, ITP_FLOAT64, x, y, out[3], BATCH, DIM);
    memcpy(out[4], x, sizeof out[4]);
    memcpy(out[5], x, sizeof out[5]);
    itp_threshold_static(ITP_FLOAT64, out[4], all.times[1], all.times[2], DIM * BATCH);
    itp_threshold_dynamic(ITP_FLOAT64, out[5], all.times[3], all.times[4] + 1, BATCH, DIM);
    itp_guidance_cfgpp(all.times[1], all.times[2], all.times[3], &out[0][0]);
    return add(add(0, out, sizeof out), &scale, sizeof scale);
}

static uint64_t sampled(int32_t type, const itp_plan *plan)
{
    double x[BATCH * DIM] = {0}, scaled = 0;
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = BATCH;
    batch.type = type;
    batch.row_scaled = 1;
    itp_sample(plan, &batch, x, copying_run, NULL);
    return add(add(0, x, sizeof x), &scaled, sizeof scaled);
}

static uint64_t samples(void)
{
    return sampled(ITP_FLOAT32, all.plan) ^ sampled(ITP_FLOAT64, all.plan) * 3 ^ sampled(ITP_FLOAT64, all.noisy) * 5;
}

static uint64_t adaptive(void)
{
    double x[BATCH * DIM] = {0}, states[2][BATCH * DIM], there[DIM] = {0};
    itp_adaptive_desc want = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *run = NULL;
    batch.dim = DIM;
    batch.count = BATCH;
    batch.type = ITP_FLOAT64;
    sampler_for_adaptive(&want, &batch, &run);
    itp_adaptive_outputs(run, 2, &all.times[1], states);
    run_as(run, &batch, x, adaptive_network, NULL);
    itp_adaptive_state_at(run, 0, all.times[4], there);
    itp_sampler_free(run);
    return add(add(add(0, x, sizeof x), states, sizeof states), there, sizeof there);
}

static uint64_t covariances(void)
{
    double x[BATCH * DIM] = {0};
    itp_covariance_estimation of = ITP_COVARIANCE_ESTIMATION_INIT;
    itp_covariance_info info = ITP_COVARIANCE_INFO_INIT;
    itp_covariance_plan_desc want = ITP_COVARIANCE_PLAN_DESC_INIT;
    itp_covariance *estimated = NULL;
    itp_covariance_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    of.samples = all.samples;
    of.dim = DIM;
    of.count = SEEDS;
    of.type = ITP_FLOAT64;
    itp_covariance_estimate(&of, &estimated);
    itp_covariance_get_info(estimated, &info);
    uint64_t hash = add(add(0, info.variances, DIM * sizeof(double)), info.basis, DIM * DIM * sizeof(double));
    want.covariance = all.covariance;
    itp_covariance_plan_new(&want, &plan);
    batch.dim = DIM;
    batch.count = BATCH;
    batch.type = ITP_FLOAT64;
    sample_covariance(plan, &batch, x, copying_run, NULL);
    itp_covariance_plan_free(plan);
    itp_covariance_free(estimated);
    return add(hash, x, sizeof x);
}

static uint64_t paths(void)
{
    double x[2][BATCH * DIM] = {{0}};
    itp_path_at(all.path, NULL, all.times[1], x[0]);
    itp_path_at(all.path, all.schedule[1], all.times[2], x[1]);
    return add(0, x, sizeof x);
}

static uint64_t fits(void)
{
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    itp_plan *better = NULL;
    want.dim = DIM;
    want.count = SEEDS;
    want.type = ITP_FLOAT64;
    want.iterations = 1;
    itp_plan_fit(all.plan, &want, copying_run, NULL, &better);
    uint64_t hash = text_of(0, better);
    itp_plan_free(better);
    return hash;
}

/* A comparison with NaN raises a flag, so it may trap; what comes back is a status. */
static uint64_t not_numbers(void)
{
    int status[8];
    double t = 0;
    size_t bytes = 0;
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    wanted want = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    itp_sampler *sampler = NULL;
    double kept = itp_guidance_at(all.times[1], NAN, all.times[4], NAN);
    want.diffusion.k = batch.guidance = batch.guidance_low = NAN;
    batch.dim = DIM;
    batch.count = 1;
    status[0] = itp_schedule_eval(all.schedule[0], NAN, &at);
    status[1] = itp_schedule_time_of_r(all.schedule[0], NAN, &t);
    status[2] = itp_schedule_variance(all.schedule[0], NAN, all.times[1], &t);
    status[3] = make_plan(&want, &plan);
    status[4] = needed_bytes(all.plan, &batch, &bytes);
    status[5] = itp_sampler_new(all.plan, &batch, &sampler);
    status[6] = itp_path_at(all.path, NULL, NAN, all.samples);
    status[7] = itp_guidance_cfgpp(NAN, NAN, all.times[1], &t);
    itp_plan_free(plan);
    itp_sampler_free(sampler);
    return add(add(0, status, sizeof status), &kept, sizeof kept);
}

typedef struct call {
    const char *name;
    uint64_t (*work)(void);
} call;

static const call CALLS[] = {
    {"schedules", schedules},
    {"schedules made", schedules_made},
    {"plans", plans},
    {"grids", grids},
    {"coordinates", conversions},
    {"json", json},
    {"sentences", sentences},
    {"models", models},
    {"normals", normals},
    {"guidance", guidance},
    {"samples", samples},
    {"adaptive", adaptive},
    {"covariances", covariances},
    {"paths", paths},
    {"fits", fits},
    {"not numbers", not_numbers},
};

/* ---- modes ---- */

typedef struct mode {
    const char *name;
    int rounding, traps, flushes;
} mode;

static const mode MODES[] = {
    {"to nearest", FE_TONEAREST, 0, 0},
#if defined(FE_UPWARD) && defined(FE_DOWNWARD) && defined(FE_TOWARDZERO)
    {"upward", FE_UPWARD, 0, 0},
    {"downward", FE_DOWNWARD, 0, 0},
    {"toward zero", FE_TOWARDZERO, 0, 0},
    {"upward, flushing", FE_UPWARD, 0, 1},
    {"everything traps, downward", FE_DOWNWARD, 1, 0},
#endif
    {"flushing", FE_TONEAREST, 0, 1},
    {"everything traps", FE_TONEAREST, 1, 0},
};

static void set(const mode *to)
{
    fesetround(to->rounding);
    feclearexcept(FE_ALL_EXCEPT);
#if defined(__GLIBC__)
    if (to->traps) feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT);
#endif
#if defined(__x86_64__)
    if (to->flushes) _mm_setcsr(_mm_getcsr() | 0x8040);
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    if (to->flushes) __asm__ volatile("msr fpcr, %0" : : "r"(control | 1u << 24));
#endif
}

/* What of the mode can be seen: rounding, flags, and on x86 all of it. */
static uint64_t look(void)
{
    uint64_t seen = (uint64_t)(unsigned int)fegetround() << 32 | (unsigned int)fetestexcept(FE_ALL_EXCEPT);
#if defined(__x86_64__)
    seen = seen * 31 + _mm_getcsr();
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    seen = seen * 31 + control;
#endif
    return seen;
}

static void check_mode(const call *of, const mode *in, uint64_t want)
{
    label text;
    fenv_t before;
    snprintf(text.text, sizeof text.text, "%s: %s", of->name, in->name);
    seen_rounding = in->rounding;
    fegetenv(&before);
    set(in);
    uint64_t there = look(), got = of->work(), after = look();
    fesetenv(&before);
    check_true(text.text, got == want);
    check_true(text.text, after == there);
    check_true(text.text, seen_rounding == in->rounding);
}

static void every_call_in_every_mode(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(CALLS); i++) {
        uint64_t want = CALLS[i].work();
        for (int j = 0; j < COUNT(MODES); j++) check_mode(&CALLS[i], &MODES[j], want);
    }
}

static void hooks_find_the_mode_of_the_host(void **state)
{
    enum { LONG = 100000 };
    static float x[2][LONG];
    (void)state;
    for (int j = 0; j < COUNT(MODES); j++) {
        int hook = -1, threads = -1;
        fenv_t before;
        itp_env env = {ITP_SIZED(itp_env), .parallel_for = parallel, .parallel_user = &threads};
        itp_batch batch = ITP_BATCH_INIT;
        batch.dim = LONG;
        batch.count = 1;
        batch.on_data = data_hook;
        batch.on_row = row_hook;
        batch.user = &hook;
        batch.env = &env;
        fegetenv(&before);
        set(&MODES[j]);
        itp_sample(all.plan, &batch, x[j > 0], copying_run, NULL);
        fesetenv(&before);
        check_true(MODES[j].name, hook == MODES[j].rounding && threads == MODES[j].rounding);
        check_true(MODES[j].name, j == 0 || !memcmp(x[0], x[1], sizeof x[0]));
    }
}

/* ---- the world ---- */

static int make_covariance(void)
{
    static const double variances[DIM] = {4, 1, .25};
    itp_covariance_desc want = ITP_COVARIANCE_DESC_INIT;
    want.dim = DIM;
    want.variances = variances;
    return itp_covariance_new(&want, &all.covariance);
}

static int make_path(void)
{
    itp_path_desc want = ITP_PATH_DESC_INIT;
    want.times = all.times;
    want.states = all.states;
    want.dim = DIM;
    want.count = BATCH;
    want.time_count = 5;
    want.type = ITP_FLOAT64;
    want.k = 1;
    return itp_path_new(&want, &all.path);
}

static int make_world(void **state)
{
    wanted want = WANTED;
    static const double times[] = {0, .1, .3, .8, 1};
    (void)state;
    for (; all.schedules < family_count(); all.schedules++) all.schedule[all.schedules] = family_new(all.schedules);
    memcpy(all.times, times, sizeof times);
    itp_normals(1, 1, 0, 0, ITP_FLOAT64, all.samples, SEEDS * DIM);
    itp_normals(2, 1, 0, 0, ITP_FLOAT64, all.states, 5 * BATCH * DIM);
    want.plan.evaluations = 5;
    want.solver = SOLVER("ab2");
    int status = make_plan(&want, &all.plan);
    want.solver = SOLVER(NULL);
    want.diffusion.k = 1;
    status = status ? status : make_plan(&want, &all.noisy);
    itp_plan_to_json(all.plan, all.json, sizeof all.json, &all.json_length);
    all.json_length -= all.json_length > 0;
    status = status ? status : make_covariance();
    return status ? status : make_path();
}

static int free_world(void **state)
{
    (void)state;
    for (int i = 0; i < all.schedules; i++) itp_schedule_free(all.schedule[i]);
    itp_plan_free(all.plan);
    itp_plan_free(all.noisy);
    itp_covariance_free(all.covariance);
    itp_path_free(all.path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_in_every_mode),
        cmocka_unit_test(hooks_find_the_mode_of_the_host),
    };
    return cmocka_run_group_tests_name("float environment", tests, make_world, free_world);
}
