/* Predictions: every conversion, on known noise Z and data X with x = alpha Z + beta X, so that what each network
 * would return is known by definition; EDM's factors are those of its table 1 (2206.00364); and the names of times. */
#include <interp/model.h>
#include <interp/plan.h>

#include <math.h>
#include <stdio.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"

static const double SIGMA_DATA = 0.7;

static const int32_t all[] = {ITP_PREDICT_VELOCITY,
                              ITP_PREDICT_DATA,
                              ITP_PREDICT_NOISE,
                              ITP_PREDICT_SCORE,
                              ITP_PREDICT_SALIMANS_V,
                              ITP_PREDICT_EDM,
                              ITP_PREDICT_NEGATIVE_VELOCITY,
                              ITP_PREDICT_AFFINE};

static int affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    (void)user;
    *a = .3 + at->t;
    *b = 2 - at->t;
    return 0;
}

static itp_model model_of(const itp_schedule *schedule, int32_t prediction)
{
    itp_model model = ITP_MODEL_INIT;
    model.schedule = schedule;
    model.prediction = prediction;
    model.sigma_data = SIGMA_DATA;
    model.affine = affine;
    return model;
}

static itp_schedule_point point(const itp_schedule *schedule, double t)
{
    itp_schedule_point p = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(schedule, t, &p), ITP_OK);
    return p;
}

/* What a network that knows Z and X would return. EDM's F is multiplied out, so that it is regular at both ends. */
static double truth(const itp_schedule_point *p, int32_t prediction, double Z, double X)
{
    double a, b, x = p->alpha * Z + p->beta * X, s = SIGMA_DATA;
    switch (prediction) {
    case ITP_PREDICT_DATA: return X;
    case ITP_PREDICT_NOISE: return Z;
    case ITP_PREDICT_SCORE: return -Z / p->alpha;
    case ITP_PREDICT_SALIMANS_V: return (p->beta * Z - p->alpha * X) / hypot(p->alpha, p->beta);
    case ITP_PREDICT_EDM: return (p->alpha * X - s * s * p->beta * Z) / (s * hypot(p->alpha, s * p->beta));
    case ITP_PREDICT_NEGATIVE_VELOCITY: return -(p->dalpha * Z + p->dbeta * X);
    case ITP_PREDICT_AFFINE: affine(NULL, p, &a, &b); return (X - a * x) / b;
    default: return p->dalpha * Z + p->dbeta * X;
    }
}

/* Where x and F say the same thing, nothing else can be made of them. */
static int is_singular(const itp_schedule_point *p, int32_t from, int32_t to)
{
    int no_data = from == ITP_PREDICT_NOISE || from == ITP_PREDICT_SCORE;
    int no_noise = from == ITP_PREDICT_DATA || from == ITP_PREDICT_AFFINE;
    if (to == from) return 0;
    if (p->alpha == 0) return to == ITP_PREDICT_SCORE || (no_noise && to != ITP_PREDICT_DATA);
    if (p->beta == 0) return no_data && to != ITP_PREDICT_NOISE && to != ITP_PREDICT_SCORE;
    return 0;
}

static void check_value(const char *name, const itp_schedule_point *p, int32_t from, int32_t to, double a, double b)
{
    static const double pairs[][2] = {{1.3, -.4}, {-.2, .9}, {.05, 2.5}};
    if (p->alpha == 0 && from == ITP_PREDICT_SCORE)
        return; /* the score is infinite there; check_score_at_data_end has this case */
    for (int i = 0; i < COUNT(pairs); i++) {
        double Z = pairs[i][0], X = pairs[i][1], x = p->alpha * Z + p->beta * X;
        check_near(name, a * x + b * truth(p, from, Z, X), truth(p, to, Z, X), 1e-11);
    }
}

static void check_pair(const itp_schedule *schedule, const char *name, double t, int32_t from, int32_t to)
{
    label at;
    itp_model model = model_of(schedule, from);
    itp_schedule_point p = point(schedule, t);
    double a = NAN, b = NAN;
    int rc = itp_prediction_scalars(&model, t, to, &a, &b);
    snprintf(at.text, sizeof at.text, "%s at %g: %s to %s", name, t, kind_name("prediction", from),
             kind_name("prediction", to));
    check_status(at.text, rc, is_singular(&p, from, to) ? ITP_E_SINGULAR : ITP_OK);
    if (!rc) check_value(at.text, &p, from, to, a, b);
}

static void check_schedule(int which)
{
    static const double times[] = {0, .02, .3, .5, .77, .98, 1};
    itp_schedule *schedule = family_new(which);
    for (int i = 0; i < COUNT(times); i++)
        for (int from = 0; from < COUNT(all); from++)
            for (int to = 0; all[to] != ITP_PREDICT_AFFINE; to++)
                check_pair(schedule, family_at(which)->name, times[i], all[from], all[to]);
    itp_schedule_free(schedule);
}

/* Schedules with finite derivatives at both ends, so that the truth itself is finite. */
static int is_regular(const family *f)
{
    return f->kind == ITP_SCHEDULE_LINEAR || f->kind == ITP_SCHEDULE_VP || f->kind == ITP_SCHEDULE_EDM ||
           f->kind == ITP_SCHEDULE_VE || f->kind == ITP_SCHEDULE_TABLE ||
           (f->kind == ITP_SCHEDULE_LAZY && f->k <= 0 && f->clock != ITP_CLOCK_BETA);
}

static void every_pair(void **state)
{
    int checked = 0;
    (void)state;
    for (int i = 0; i < family_count(); i++)
        if (is_regular(family_at(i))) {
            check_schedule(i);
            checked++;
        }
    assert_int_equal(checked, 8);
}

/* The other schedules inside the path. */
static void every_pair_inside(void **state)
{
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        for (int from = 0; from < COUNT(all); from++)
            for (int to = 0; all[to] != ITP_PREDICT_AFFINE; to++)
                check_pair(schedule, family_at(i)->name, .4, all[from], all[to]);
        itp_schedule_free(schedule);
    }
}

/* The score's own factor falls to zero there; what is left are the limits (docs/maths.md, What a network says). */
static void score_at_data_end(void **state)
{
    static const struct {
        int32_t to;
        double a;
    } rows[] = {{ITP_PREDICT_DATA, 1}, {ITP_PREDICT_NOISE, 0}, {ITP_PREDICT_VELOCITY, 1}};
    (void)state;
    itp_model model = model_of(NULL, ITP_PREDICT_SCORE);
    for (int i = 0; i < COUNT(rows); i++) {
        double a = NAN, b = NAN;
        check_status("score", itp_prediction_scalars(&model, 1, rows[i].to, &a, &b), ITP_OK);
        check_near(kind_name("prediction", rows[i].to), a, rows[i].a, 1e-15);
        check_near(kind_name("prediction", rows[i].to), b, 0, 1e-15);
    }
}

/* EDM's table 1, from the schedule of the network's input: x = c_in x_ve. */
static void edm_table_one(void **state)
{
    static const double sigmas[] = {.002, .05, .7, 1, 3, 80};
    (void)state;
    itp_schedule *schedule = family_make(&(family){"edm", ITP_SCHEDULE_EDM, 0, 0, 1, SIGMA_DATA, 0, 0});
    itp_model model = model_of(schedule, ITP_PREDICT_EDM);
    model.time = ITP_TIME_LOG_SIGMA;
    for (int i = 0; i < COUNT(sigmas); i++) {
        double t, a, b, noise, s = sigmas[i], d = SIGMA_DATA, v = s * s + d * d;
        check_status("time", itp_schedule_time_of_r(schedule, 1 / s, &t), ITP_OK);
        check_status("scalars", itp_prediction_scalars(&model, t, ITP_PREDICT_DATA, &a, &b), ITP_OK);
        check_status("c_noise", itp_model_time(&model, t, &noise), ITP_OK);
        double c_in = point(schedule, t).beta;
        check_near("c_in", c_in * sqrt(v), 1, 1e-12);
        check_near("c_skip", a * c_in, d * d / v, 1e-12);
        check_near("c_out", b, s * d / sqrt(v), 1e-12);
        check_near("c_noise", noise, log(s) / 4, 1e-12);
    }
    itp_schedule_free(schedule);
}

/* ---- arrays ---- */

enum { LENGTH = 37 };

static void fill(double *x, double *f, float *xs, float *fs)
{
    for (int i = 0; i < LENGTH; i++) {
        xs[i] = (float)(x[i] = sin(3 * i + .2));
        fs[i] = (float)(f[i] = 2 * cos(5 * i + .1));
    }
}

static void arrays(void **state)
{
    (void)state;
    double x[LENGTH], f[LENGTH], out[LENGTH], a = 0, b = 0;
    float xs[LENGTH], fs[LENGTH], outs[LENGTH];
    fill(x, f, xs, fs);
    itp_model model = model_of(NULL, ITP_PREDICT_DATA);
    check_status("scalars", itp_prediction_scalars(&model, .3, ITP_PREDICT_VELOCITY, &a, &b), ITP_OK);
    check_status("float64", itp_prediction_convert(&model, .3, ITP_PREDICT_VELOCITY, ITP_FLOAT64, x, f, out, LENGTH),
                 ITP_OK);
    check_status("float32", itp_prediction_convert(&model, .3, ITP_PREDICT_VELOCITY, ITP_FLOAT32, xs, fs, outs, LENGTH),
                 ITP_OK);
    check_near("a", a, -1 / .7, 1e-15);
    for (int i = 0; i < LENGTH; i++) {
        check_near("float64", out[i], a * x[i] + b * f[i], 1e-15);
        check_near("float32", (double)outs[i], (double)(float)(a * (double)xs[i] + b * (double)fs[i]), 1e-7);
    }
}

static void arrays_in_place(void **state)
{
    (void)state;
    double x[LENGTH], f[LENGTH], out[LENGTH];
    float xs[LENGTH], fs[LENGTH], outs[LENGTH];
    itp_model model = model_of(NULL, ITP_PREDICT_VELOCITY);
    fill(x, f, xs, fs);
    itp_prediction_convert(&model, .3, ITP_PREDICT_DATA, ITP_FLOAT64, x, f, out, LENGTH);
    itp_prediction_convert(&model, .3, ITP_PREDICT_DATA, ITP_FLOAT32, xs, fs, outs, LENGTH);
    check_status("over x", itp_prediction_convert(&model, .3, ITP_PREDICT_DATA, ITP_FLOAT64, x, f, x, LENGTH), ITP_OK);
    check_status("over f", itp_prediction_convert(&model, .3, ITP_PREDICT_DATA, ITP_FLOAT32, xs, fs, fs, LENGTH),
                 ITP_OK);
    assert_memory_equal(x, out, sizeof x);
    assert_memory_equal(fs, outs, sizeof fs);
}

static void arrays_refused(void **state)
{
    (void)state;
    double x[2] = {1, 2}, f[2] = {3, 4}, out[2] = {7, 8};
    itp_model model = model_of(NULL, ITP_PREDICT_DATA);
    check_status("singular", itp_prediction_convert(&model, 1, ITP_PREDICT_NOISE, ITP_FLOAT64, x, f, out, 2),
                 ITP_E_SINGULAR);
    check_status("type", itp_prediction_convert(&model, .5, ITP_PREDICT_NOISE, 3, x, f, out, 2), ITP_E_UNSUPPORTED);
    check_status("range", itp_prediction_convert(&model, 1.5, ITP_PREDICT_NOISE, ITP_FLOAT64, x, f, out, 2),
                 ITP_E_RANGE);
    check_status("affine", itp_prediction_convert(&model, .5, ITP_PREDICT_AFFINE, ITP_FLOAT64, x, f, out, 2),
                 ITP_E_UNSUPPORTED);
    check_status("unknown", itp_prediction_convert(&model, .5, 99, ITP_FLOAT64, x, f, out, 2), ITP_E_UNSUPPORTED);
    check_same("untouched", out[0], 7);
    check_same("untouched", out[1], 8);
}

/* ---- times ---- */

static int time_twice_u(void *user, const itp_schedule_point *at, double *time)
{
    *time = *(const double *)user * at->u;
    return 0;
}

static double time_of(const itp_schedule *schedule, int32_t id, double t)
{
    double two = 2, time = NAN;
    itp_model model = model_of(schedule, ITP_PREDICT_NOISE);
    model.time = id;
    model.time_fn = time_twice_u;
    model.user = &two;
    check_status(kind_name("time", id), itp_model_time(&model, t, &time), ITP_OK);
    return time;
}

static int no_time(void *user, const itp_schedule_point *at, double *time)
{
    (void)user, (void)at, (void)time;
    return 0;
}

static int no_affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    (void)user, (void)at, (void)a, (void)b;
    return 0;
}

/* What a callback did not write is not taken for an answer. */
static void callbacks_that_write_nothing(void **state)
{
    double time = .5, a = 1, b = 1;
    itp_plan *plan = NULL;
    (void)state;
    itp_model model = model_of(NULL, ITP_PREDICT_AFFINE);
    model.affine = no_affine;
    check_status("affine", itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, &a, &b), ITP_E_SINGULAR);
    model = (itp_model){ITP_SIZED(itp_model), .time = ITP_TIME_USER, .time_fn = no_time};
    check_status("time", itp_model_time(&model, .5, &time), ITP_E_SINGULAR);
    wanted desc = WANTED;
    desc.plan.model = &model;
    check_status("plan", make_plan(&desc, &plan), ITP_E_SINGULAR);
    assert_null(plan);
}

static void times(void **state)
{
    (void)state;
    itp_schedule *vp, *ddpm = family_make(&(family){"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1});
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    check_same("t", time_of(vp, ITP_TIME_T, .25), .25);
    check_same("1-t", time_of(vp, ITP_TIME_REVERSED, .25), .75);
    check_near("1000(1-t)", time_of(vp, ITP_TIME_THOUSAND, .25), 750, 1e-15);
    check_near("user", time_of(vp, ITP_TIME_USER, .25), 2 * point(vp, .25).u, 1e-15);
    check_near("log-sigma/4", time_of(vp, ITP_TIME_LOG_SIGMA, .25), -log(tan(.785398163397448310 / 2)) / 4, 1e-14);
    check_same("index of the clean end", time_of(ddpm, ITP_TIME_INDEX, 1), 0);
    check_same("index of the noise end", time_of(ddpm, ITP_TIME_INDEX, 0), 999);
    check_near("index between", time_of(ddpm, ITP_TIME_INDEX, 1 - 123.5 / 999), 123.5, 1e-12);
    itp_schedule_free(vp);
    itp_schedule_free(ddpm);
}

static void index_of_increasing_table(void **state)
{
    const double bar[] = {.1, .4, .8, .99};
    (void)state;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule;
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = 4;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    check_same("clean end", time_of(schedule, ITP_TIME_INDEX, 1), 3);
    check_near("inside", time_of(schedule, ITP_TIME_INDEX, .5), 1.5, 1e-15);
    itp_schedule_free(schedule);
}

static void times_refused(void **state)
{
    (void)state;
    double time = 5;
    itp_model model = ITP_MODEL_INIT;
    model.time = ITP_TIME_INDEX;
    check_status("no table", itp_model_time(&model, .5, &time), ITP_E_UNSUPPORTED);
    model.time = 77;
    check_status("unknown", itp_model_time(&model, .5, &time), ITP_E_UNSUPPORTED);
    model.time = ITP_TIME_USER;
    check_status("no function", itp_model_time(&model, .5, &time), ITP_E_ARGUMENT);
    model.time = ITP_TIME_LOG_SIGMA;
    check_status("infinite", itp_model_time(&model, 1, &time), ITP_E_SINGULAR);
    check_status("infinite", itp_model_time(&model, 0, &time), ITP_E_SINGULAR);
    model.time = ITP_TIME_T;
    check_status("range", itp_model_time(&model, NAN, &time), ITP_E_RANGE);
    check_same("untouched", time, 5);
}

/* ---- names ---- */

static void prediction_names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {{1, "velocity"},          {2, "data"},       {3, "noise"}, {4, "score"}, {5, "salimans-v"}, {6, "edm"},
                {7, "negative-velocity"}, {0x1000, "affine"}};
    (void)state;
    int n = 0;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(kind_id("prediction", rows[i].name), rows[i].id);
        assert_string_equal(kind_name("prediction", rows[i].id), rows[i].name);
    }
    for (; kind_at("prediction", n); n++)
        assert_int_equal(kind_id("prediction", kind_name("prediction", kind_at("prediction", n))),
                         kind_at("prediction", n));
    assert_int_equal(n, COUNT(rows));
    assert_int_equal(kind_id("prediction", "v_prediction"), ITP_PREDICT_SALIMANS_V);
    assert_null(kind_name("prediction", 8));
}

static void time_names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {{1, "t"},           {2, "1-t"},   {3, "1000(1-t)"}, {4, "index"},
                {5, "log-sigma/4"}, {6, "sigma"}, {0x1000, "user"}};
    (void)state;
    int n = 0;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(kind_id("time", rows[i].name), rows[i].id);
        assert_string_equal(kind_name("time", rows[i].id), rows[i].name);
    }
    for (; kind_at("time", n); n++)
        assert_int_equal(kind_id("time", kind_name("time", kind_at("time", n))), kind_at("time", n));
    assert_int_equal(n, COUNT(rows));
    assert_int_equal(kind_id("time", ""), ITP_E_UNSUPPORTED);
    assert_null(kind_name("time", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair),
        cmocka_unit_test(every_pair_inside),
        cmocka_unit_test(score_at_data_end),
        cmocka_unit_test(edm_table_one),
        cmocka_unit_test(arrays),
        cmocka_unit_test(arrays_in_place),
        cmocka_unit_test(arrays_refused),
        cmocka_unit_test(callbacks_that_write_nothing),
        cmocka_unit_test(times),
        cmocka_unit_test(index_of_increasing_table),
        cmocka_unit_test(times_refused),
        cmocka_unit_test(prediction_names),
        cmocka_unit_test(time_names),
    };
    return cmocka_run_group_tests_name("prediction", tests, NULL, NULL);
}
