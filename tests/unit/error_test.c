/* The caller's itp_error: every bad field of every description gives the status, the field and a sentence that begins
 * with it, without a log; the next call that does what it was asked clears it. Plans, schedules and networks are swept
 * in misuse_test.c, which looks at the same struct (capture.h). */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/check.h"
#include "../common/plan.h"

enum { DIM = 2, SAMPLES = 3, TIMES = 3 };

/* One of each, all of them good. */
typedef struct subject {
    itp_error why;
    itp_env env;
    itp_schedule_desc schedule;
    itp_plan_desc plan;
    itp_batch batch;
    itp_start start;
    itp_adaptive_desc adaptive;
    itp_covariance_desc covariance;
    itp_covariance_estimation estimation;
    itp_covariance_plan_desc bands;
    itp_path_desc path;
    itp_fit_desc fit;
} subject;

static const double variances[DIM] = {1, 2}, times[TIMES] = {0, .5, 1};
static double x[TIMES * SAMPLES * DIM];

static void fill_in(subject *s)
{
    memset(s, 0, sizeof *s);
    s->why = (itp_error){ITP_SIZED(itp_error), .status = -99, .text = "of another call"};
    s->env = (itp_env){ITP_SIZED(itp_env), .error = &s->why};
    s->schedule = (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .env = &s->env, .kind = ITP_SCHEDULE_LAZY};
    s->plan = (itp_plan_desc){ITP_SIZED(itp_plan_desc), .env = &s->env, .evaluations = 3};
    s->batch = (itp_batch){ITP_SIZED(itp_batch), .env = &s->env, .dim = DIM, .count = SAMPLES, .type = ITP_FLOAT64};
    s->start = (itp_start){ITP_SIZED(itp_start), .x = x};
    s->adaptive = (itp_adaptive_desc){ITP_SIZED(itp_adaptive_desc)};
    s->covariance =
        (itp_covariance_desc){ITP_SIZED(itp_covariance_desc), .env = &s->env, .dim = DIM, .variances = variances};
    s->estimation = (itp_covariance_estimation){ITP_SIZED(itp_covariance_estimation),
                                                .env = &s->env,
                                                .samples = x,
                                                .dim = DIM,
                                                .count = SAMPLES,
                                                .type = ITP_FLOAT64};
    s->bands = (itp_covariance_plan_desc){ITP_SIZED(itp_covariance_plan_desc), .plan = &s->plan};
    s->path =
        (itp_path_desc){ITP_SIZED(itp_path_desc), .env = &s->env,      .times = times,     .states = x, .dim = DIM,
                        .count = SAMPLES,         .time_count = TIMES, .type = ITP_FLOAT64};
    s->fit = (itp_fit_desc){ITP_SIZED(itp_fit_desc), .env = &s->env, .dim = DIM, .count = 4};
    for (size_t i = 0; i < COUNT(x); i++) x[i] = (double)(i * i % 7);
}

static int use_schedule(subject *s)
{
    itp_schedule *schedule;
    int status = itp_schedule_new(&s->schedule, &schedule);
    itp_schedule_free(schedule);
    return status;
}

static int use_batch(subject *s)
{
    itp_sampler *sampler;
    itp_plan *plan = plan_of("evaluations=3");
    int status = itp_sampler_new(plan, &s->batch, &sampler);
    status = status ? status : itp_sampler_begin(sampler, &s->start);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
    return status;
}

static int use_adaptive(subject *s)
{
    itp_sampler *run;
    int status = itp_sampler_new_adaptive(&s->adaptive, &s->batch, &run);
    itp_sampler_free(run);
    return status;
}

static int use_covariance(subject *s)
{
    itp_covariance *covariance;
    int status = itp_covariance_new(&s->covariance, &covariance);
    itp_covariance_free(covariance);
    return status;
}

static int use_estimation(subject *s)
{
    itp_covariance *covariance;
    int status = itp_covariance_estimate(&s->estimation, &covariance);
    itp_covariance_free(covariance);
    return status;
}

static int use_bands(subject *s)
{
    itp_covariance *covariance = NULL;
    itp_covariance_plan *plan;
    itp_error *why = s->env.error;
    s->env.error = NULL;
    check_status("covariance", itp_covariance_new(&s->covariance, &covariance), ITP_OK);
    s->env.error = why;
    s->bands.covariance = s->bands.covariance ? NULL : covariance; /* not NULL: it is to be missing */
    int status = itp_covariance_plan_new(&s->bands, &plan);
    itp_covariance_free(covariance);
    itp_covariance_plan_free(plan);
    return status;
}

static int use_path(subject *s)
{
    itp_path *path;
    int status = itp_path_new(&s->path, &path);
    itp_path_free(path);
    return status;
}

static int use_fit(subject *s)
{
    itp_fit *fit;
    itp_plan *plan = plan_of("evaluations=3");
    int status = itp_fit_new(plan, &s->fit, &fit);
    itp_fit_free(fit);
    itp_plan_free(plan);
    return status;
}

static void check_why(const char *field, const itp_error *why, int status, int want)
{
    size_t length = strlen(why->field);
    check_status(field, status, want);
    check_status(field, why->status, want);
    check_true(why->field, strstr(why->field, field) != NULL);
    check_true(why->text, !strncmp(why->text, why->field, length) && !strncmp(why->text + length, ": ", 2));
    check_true(why->text, strlen(why->text) > length + 8 && why->text[strlen(why->text) - 1] == '.');
}

#define WRONG(use, want, name, change) \
    do { \
        subject s; \
        fill_in(&s); \
        change; \
        int status = use(&s); \
        check_why(name, &s.why, status, want); \
        itp_error left = s.why; \
        fill_in(&s); \
        s.why = left; \
        check_status(name, use(&s), ITP_OK); \
        check_true(name, s.why.status == ITP_OK && !s.why.text[0] && !s.why.field[0]); \
    } while (0)

static void schedules(void **state)
{
    (void)state;
    WRONG(use_schedule, ITP_E_UNSUPPORTED, "schedule", s.schedule.kind = 99);
    WRONG(use_schedule, ITP_E_UNSUPPORTED, "clock", s.schedule.clock = 9);
    WRONG(use_schedule, ITP_E_RANGE, "k", s.schedule.k = 65);
    WRONG(use_schedule, ITP_E_RANGE, "s", s.schedule.s = -1);
    WRONG(use_schedule, ITP_E_RANGE, "beta_max", (s.schedule.kind = ITP_SCHEDULE_VP_SDE, s.schedule.beta_max = -1));
    WRONG(use_schedule, ITP_E_RANGE, "beta_min", (s.schedule.kind = ITP_SCHEDULE_VP_SDE, s.schedule.beta_min = 21));
    WRONG(use_schedule, ITP_E_RANGE, "sigma_max", (s.schedule.kind = ITP_SCHEDULE_VE, s.schedule.sigma_max = -1));
    WRONG(use_schedule, ITP_E_RANGE, "sigma_data", (s.schedule.kind = ITP_SCHEDULE_EDM, s.schedule.sigma_data = NAN));
    WRONG(use_schedule, ITP_E_UNSUPPORTED, "sigma_max", s.schedule.sigma_max = 2);
    WRONG(use_schedule, ITP_E_ARGUMENT, "table", (s.schedule.kind = ITP_SCHEDULE_TABLE, s.schedule.count = 3));
    WRONG(use_schedule, ITP_E_ARGUMENT, "values", s.schedule.kind = ITP_SCHEDULE_USER);
    WRONG(use_schedule, ITP_E_OLDER, "size", s.schedule.size -= 8);
}

static void batches(void **state)
{
    (void)state;
    WRONG(use_batch, ITP_E_RANGE, "dim", s.batch.dim = 0);
    WRONG(use_batch, ITP_E_RANGE, "count", s.batch.count = 0);
    WRONG(use_batch, ITP_E_OVERFLOW, "count", s.batch.count = SIZE_MAX);
    WRONG(use_batch, ITP_E_UNSUPPORTED, "type", s.batch.type = 3);
    WRONG(use_batch, ITP_E_UNSUPPORTED, "x", s.batch.x = 7);
    WRONG(use_batch, ITP_E_UNSUPPORTED, "kernel", s.batch.kernel = 9);
    WRONG(use_batch, ITP_E_RANGE, "check_finite", s.batch.check_finite = 2);
    WRONG(use_batch, ITP_E_RANGE, "guidance", s.batch.guidance = NAN);
    WRONG(use_batch, ITP_E_RANGE, "guidance_low", s.batch.guidance_low = 2);
    WRONG(use_batch, ITP_E_RANGE, "row_data", s.batch.row_data = 2);
    WRONG(use_batch, ITP_E_RANGE, "row_scaled", s.batch.row_scaled = 2);
    WRONG(use_batch, ITP_E_ARGUMENT, "workspace", s.batch.workspace_bytes = 1);
    WRONG(use_batch, ITP_E_OLDER, "size", s.batch.size -= 8);
    WRONG(use_batch, ITP_E_ARGUMENT, "x", s.start.x = NULL);
    WRONG(use_batch, ITP_E_RANGE, "count", s.start.count = SAMPLES + 1);
    WRONG(use_batch, ITP_E_SIZE, "start", s.start.size = 0);
}

static void adaptive_runs(void **state)
{
    (void)state;
    WRONG(use_adaptive, ITP_E_UNSUPPORTED, "solver", s.adaptive.solver = kept_solver("rk4"));
    WRONG(use_adaptive, ITP_E_RANGE, "rtol", s.adaptive.rtol = NAN);
    WRONG(use_adaptive, ITP_E_RANGE, "atol", s.adaptive.atol = s.adaptive.rtol = -1);
    WRONG(use_adaptive, ITP_E_RANGE, "first_step", s.adaptive.first_step = -1);
    WRONG(use_adaptive, ITP_E_RANGE, "max_step", (s.adaptive.min_step = 1, s.adaptive.max_step = .5));
    WRONG(use_adaptive, ITP_E_RANGE, "controller", s.adaptive.controller[1] = NAN);
    WRONG(use_adaptive, ITP_E_RANGE, "safety", s.adaptive.safety = 1);
    WRONG(use_adaptive, ITP_E_RANGE, "shrink", s.adaptive.shrink = 2);
    WRONG(use_adaptive, ITP_E_RANGE, "grow", s.adaptive.grow = .5);
    WRONG(use_adaptive, ITP_E_RANGE, "u_start", s.adaptive.u_start = 1);
    WRONG(use_adaptive, ITP_E_RANGE, "u_end", s.adaptive.u_end = 2);
    WRONG(use_adaptive, ITP_E_RANGE, "reversed", s.adaptive.reversed = 2);
    WRONG(use_adaptive, ITP_E_OLDER, "desc", s.adaptive.size -= 8);
    WRONG(use_adaptive, ITP_E_ARGUMENT, "workspace", s.batch.workspace = (unsigned char *)x + 1);
}

static void covariances(void **state)
{
    (void)state;
    WRONG(use_covariance, ITP_E_UNSUPPORTED, "kind", s.covariance.kind = 9);
    WRONG(use_covariance, ITP_E_RANGE, "dim", s.covariance.dim = 0);
    WRONG(use_covariance, ITP_E_RANGE, "floor", s.covariance.floor = 2);
    WRONG(use_covariance, ITP_E_ARGUMENT, "variances", s.covariance.variances = NULL);
    WRONG(use_covariance, ITP_E_NEWER, "reserved", s.covariance.reserved = 1);
    WRONG(use_estimation, ITP_E_ARGUMENT, "samples", s.estimation.samples = NULL);
    WRONG(use_estimation, ITP_E_UNSUPPORTED, "kind", s.estimation.kind = 9);
    WRONG(use_estimation, ITP_E_UNSUPPORTED, "type", s.estimation.type = 9);
    WRONG(use_estimation, ITP_E_RANGE, "count", s.estimation.count = 1);
    WRONG(use_estimation, ITP_E_RANGE, "shrinkage", s.estimation.shrinkage = 2);
    WRONG(use_estimation, ITP_E_RANGE, "floor", s.estimation.floor = -1);
    WRONG(use_estimation, ITP_E_RANGE, "rank", s.estimation.rank = DIM + 1);
    WRONG(use_bands, ITP_E_ARGUMENT, "covariance", s.bands.covariance = (const itp_covariance *)(const void *)x);
    WRONG(use_bands, ITP_E_UNSUPPORTED, "clock", s.bands.clock = 9);
    WRONG(use_bands, ITP_E_RANGE, "bands", s.bands.bands = 5000);
    WRONG(use_bands, ITP_E_RANGE, "power", s.bands.power = 3);
    WRONG(use_bands, ITP_E_BUDGET, "evaluations", s.plan.evaluations = -1);
}

static void paths(void **state)
{
    (void)state;
    WRONG(use_path, ITP_E_ARGUMENT, "times", s.path.times = NULL);
    WRONG(use_path, ITP_E_ARGUMENT, "states", s.path.states = NULL);
    WRONG(use_path, ITP_E_RANGE, "dim", s.path.dim = 0);
    WRONG(use_path, ITP_E_RANGE, "count", s.path.count = 0);
    WRONG(use_path, ITP_E_RANGE, "time_count", s.path.time_count = 0);
    WRONG(use_path, ITP_E_UNSUPPORTED, "type", s.path.type = 9);
    WRONG(use_path, ITP_E_UNSUPPORTED, "noise", s.path.noise = 9);
    WRONG(use_path, ITP_E_RANGE, "k", s.path.k = -1);
    WRONG(use_path, ITP_E_NEWER, "reserved", s.path.reserved = 1);
}

static void fits(void **state)
{
    (void)state;
    WRONG(use_fit, ITP_E_RANGE, "dim", s.fit.dim = 0);
    WRONG(use_fit, ITP_E_RANGE, "count", s.fit.count = 1);
    WRONG(use_fit, ITP_E_RANGE, "held_out", s.fit.held_out = 4);
    WRONG(use_fit, ITP_E_UNSUPPORTED, "type", s.fit.type = 9);
    WRONG(use_fit, ITP_E_RANGE, "guidance", s.fit.guidance = NAN);
    WRONG(use_fit, ITP_E_NEWER, "reserved", s.fit.reserved = 1);
}

/* ---- zero is the default ---- */

static int ITP_CALL halves(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        ((double *)request->out)[i] = -((const double *)request->x)[i] / 2;
    }
    return 0;
}

static void flow(const itp_adaptive_desc *desc, double *out)
{
    const itp_batch batch = {ITP_SIZED(itp_batch), .dim = DIM, .count = SAMPLES, .type = ITP_FLOAT64};
    itp_sampler *run = NULL;
    check_status("run", itp_sampler_new_adaptive(desc, &batch, &run), ITP_OK);
    check_status("run", run_as(run, &batch, out, halves, NULL), ITP_OK);
    itp_sampler_free(run);
}

static void what_zero_stands_for(void **state)
{
    static const struct {
        itp_schedule_desc zero, said;
    } schedules[] = {
        {{ITP_SIZED(itp_schedule_desc)}, {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LINEAR}},
        {{ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VP_SDE},
         {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VP_SDE, .beta_min = .1, .beta_max = 20}},
        {{ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VE},
         {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VE, .sigma_max = 80}},
        {{ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_EDM},
         {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_EDM, .sigma_data = .5}},
        {{ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LAZY},
         {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LAZY, .s = 1, .clock = ITP_CLOCK_ANGLE}},
        {{ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_POINT_MASS},
         {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_POINT_MASS, .k = 1, .s = 1, .clock = ITP_CLOCK_BETA}},
    };
    const itp_adaptive_desc zero = {ITP_SIZED(itp_adaptive_desc)},
                            said = {ITP_SIZED(itp_adaptive_desc),
                                    .rtol = 1e-5,
                                    .atol = 1e-5,
                                    .max_evaluations = 100000,
                                    .controller = {.7, -.4, 0},
                                    .safety = .9,
                                    .shrink = .2,
                                    .grow = 10,
                                    .u_end = 1},
                            looser = {ITP_SIZED(itp_adaptive_desc), .rtol = -1, .atol = 1e-2};
    double a[SAMPLES * DIM], b[SAMPLES * DIM], c[SAMPLES * DIM];
    (void)state;
    for (int i = 0; i < COUNT(schedules); i++) {
        itp_schedule *one, *other;
        itp_schedule_point p = ITP_SCHEDULE_POINT_INIT, q = ITP_SCHEDULE_POINT_INIT;
        check_status("zero", itp_schedule_new(&schedules[i].zero, &one), ITP_OK);
        check_status("said", itp_schedule_new(&schedules[i].said, &other), ITP_OK);
        check_status("zero", itp_schedule_eval(one, .375, &p), ITP_OK);
        check_status("said", itp_schedule_eval(other, .375, &q), ITP_OK);
        assert_memory_equal(&p, &q, sizeof p);
        itp_schedule_free(one);
        itp_schedule_free(other);
    }
    flow(&zero, a);
    flow(&said, b);
    flow(&looser, c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
}

/* ---- numbers that callbacks return ---- */

typedef struct answers {
    int values, affine, time;
} answers;

static int ITP_CALL values(void *user, double t, itp_schedule_values *out)
{
    out->alpha = 1 - t;
    out->beta = t;
    return ((const answers *)user)->values;
}

static int ITP_CALL affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    *a = at->beta;
    *b = 1;
    return ((const answers *)user)->affine;
}

static int ITP_CALL time_of(void *user, const itp_schedule_point *at, double *time)
{
    *time = at->t;
    return ((const answers *)user)->time;
}

static void check_answer(const itp_error *why, int status, int want, const char *number)
{
    check_status(number, status, want);
    check_status(number, why->status, want);
    check_true(why->text, strstr(why->text, "the callback returned ") != NULL && strstr(why->text, number) != NULL);
}

static void numbers_of_callbacks(void **state)
{
    answers say = {0, 0, 0};
    itp_error why = ITP_ERROR_INIT;
    const itp_env env = {ITP_SIZED(itp_env), .error = &why};
    itp_schedule *schedule = NULL, *refused;
    itp_plan *plan;
    const itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .env = &env, .kind = ITP_SCHEDULE_USER,
                                    .values = values, .user = &say};
    (void)state;
    check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
    const itp_model model = {ITP_SIZED(itp_model),  .schedule = schedule, .prediction = ITP_PREDICT_AFFINE,
                             .time = ITP_TIME_USER, .affine = affine,     .time_fn = time_of,
                             .user = &say};
    const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .env = &env, .model = &model};
    say.values = 7;
    check_answer(&why, itp_schedule_new(&desc, &refused), 7, "7");
    check_answer(&why, itp_plan_new(&want, &plan), 7, "7");
    say.values = 0, say.affine = 9;
    check_answer(&why, itp_plan_new(&want, &plan), 9, "9");
    say.affine = 0, say.time = 1;
    check_answer(&why, itp_plan_new(&want, &plan), 1, "1");
    say.time = -5;
    check_status("negative", itp_plan_new(&want, &plan), ITP_E_CALLBACK);
    check_status("negative", why.status, ITP_E_CALLBACK);
    assert_null(plan);
    itp_schedule_free(schedule);
}

/* A shorter itp_error of a caller's is written as far as it goes. */
static void a_short_one(void **state)
{
    struct {
        itp_error why;
        char after[8];
    } room = {ITP_ERROR_INIT, "intact"};
    const itp_env env = {ITP_SIZED(itp_env), .error = &room.why};
    itp_plan *plan;
    const itp_plan_desc bad = {ITP_SIZED(itp_plan_desc), .env = &env, .evaluations = -1};
    (void)state;
    check_status("bad", itp_plan_new(&bad, &plan), ITP_E_BUDGET);
    assert_string_equal(room.why.field, "evaluations");
    assert_string_equal(room.after, "intact");
    room.why.size = offsetof(itp_error, field);
    memset(room.why.field, '-', sizeof room.why.field);
    check_status("bad", itp_plan_new(&bad, &plan), ITP_E_BUDGET);
    assert_int_equal(room.why.status, ITP_E_BUDGET);
    assert_int_equal(room.why.field[0], '-');
    room.why.size = 0;
    check_status("no size", itp_plan_new(&bad, &plan), ITP_E_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules),
        cmocka_unit_test(batches),
        cmocka_unit_test(adaptive_runs),
        cmocka_unit_test(covariances),
        cmocka_unit_test(paths),
        cmocka_unit_test(fits),
        cmocka_unit_test(what_zero_stands_for),
        cmocka_unit_test(numbers_of_callbacks),
        cmocka_unit_test(a_short_one),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
