/* Schedules at one time: golden values, both ends, derivatives, the inverse of r, the variance. The golden values are
 * the formulas of docs/maths.md in twelve digits, computed outside the library; derivatives are compared with
 * differences, variances with quadrature and closed forms, the ends with exact limits. */
#include <interp/interp.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"

#define HALF_PI 1.57079632679489661923

static itp_schedule_point point(const itp_schedule *schedule, double t)
{
    itp_schedule_point p = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(schedule, t, &p), ITP_OK);
    return p;
}

/* ---- golden values; NAN where the table has none ---- */

typedef struct golden {
    family f;
    double t, alpha, beta, eps, tau, c, dtau, dc;
} golden;

#define LAZY(k, s, clock) \
    { \
        "lazy", ITP_SCHEDULE_LAZY, ITP_CLOCK_##clock, k, s, 0, 0, 0 \
    }
#define MASS(k, s, clock) \
    { \
        "point-mass", ITP_SCHEDULE_POINT_MASS, ITP_CLOCK_##clock, k, s, 0, 0, 0 \
    }
#define PLAIN(kind) \
    { \
        "plain", ITP_SCHEDULE_##kind, 0, 0, 1, 0, 0, 0 \
    }

static const golden goldens[] = {
    {PLAIN(LINEAR), .25, .75, .25, 3.0, .25, 1.0, 1.0, 0.0},
    {PLAIN(VP), .1, .987688340595, .156434465040, 9.917617687547, .136728735997, 1.144122805635, 1.199981614864,
     1.305730534356},
    {PLAIN(VP), .25, .923879532511, .382683432365, 3.792237795874, .292893218813, 1.306562964876, .920151184511,
     .850108846185},
    {LAZY(0, 1, DEFAULT), .1, .987688340595, .156434465040, 9.917617687547, .136728735997, 1.144122805635,
     1.199981614864, 1.305730534356},
    {LAZY(0, 1, ANGLE), .25, .923879532511, .382683432365, 3.792237795874, .292893218813, 1.306562964876, .920151184511,
     .850108846185},
    {MASS(0, 1, DEFAULT), .1, .3, .1, .5, .25, .4, 1.041666666667, 2.333333333333},
    {MASS(1, 1, BETA), .25, .433012701892, .25, .5, .366025403784, .683012701892, .618802153517, 1.577350269190},
    {LAZY(1, 1, DEFAULT), .25, .433012701892, .25, .5, .366025403784, .683012701892, .618802153517, 1.577350269190},
    {MASS(1, .5, BETA), .25, .216506350946, .25, .125, .535898384862, .466506350946, NAN, NAN},
    {MASS(1, 1, ANGLE), .25, .353553390593, .146446609407, .555360367270, .292893218813, .5, NAN, NAN},
    {LAZY(.5, 1, BETA), .25, .578230285433, .25, 1.058267367979, .301848416312, .828230285433, NAN, NAN},
    {MASS(2, 1.5, BETA), .25, .462307035727, .25, .472470393711, .350972245760, .712307035727, NAN, NAN},
    {LAZY(0, 1, IDENTITY), .25, NAN, .3162277660, NAN, .25, 1.2649110641, 1.0, NAN},
    {LAZY(1, 1, IDENTITY), .25, .3, .1, NAN, .25, .4, 1.0, NAN},
    {LAZY(.5, 1, IDENTITY), .25, NAN, .1778279410, NAN, .25, .7113117640, 1.0, NAN},
    {LAZY(0, .5, IDENTITY), .25, NAN, .1643989873, NAN, .25, .6575959492, 1.0, NAN},
    {LAZY(1, .5, IDENTITY), .25, NAN, .0270270270, NAN, .25, .1081081081, 1.0, NAN},
};

static void near_golden(const char *name, double got, double want)
{
    if (!isnan(want)) check_near(name, got, want, 1e-10);
}

static void check_golden(const golden *g, int i)
{
    label at;
    itp_schedule *schedule = family_make(&g->f), *linear;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    itp_schedule_point p = point(schedule, g->t);
    itp_conversion c = ITP_CONVERSION_INIT;
    check_status("convert", itp_schedule_convert(linear, schedule, g->t, &c), ITP_OK);
    near_golden(label_index(&at, "alpha", i), p.alpha, g->alpha);
    near_golden(label_index(&at, "beta", i), p.beta, g->beta);
    near_golden(label_index(&at, "eps*", i), p.eps_star, g->eps);
    near_golden(label_index(&at, "tau", i), c.tau, g->tau);
    near_golden(label_index(&at, "c", i), c.c, g->c);
    near_golden(label_index(&at, "tau'", i), c.dtau, g->dtau);
    near_golden(label_index(&at, "c'", i), c.dc, g->dc);
    itp_schedule_free(linear);
    itp_schedule_free(schedule);
}

static void golden_values(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(goldens); i++) check_golden(&goldens[i], i);
}

/* ---- both ends, exactly ---- */

typedef struct end {
    family f;
    double t, alpha, beta, dalpha, dbeta, u, r, eps, W;
} end;

#define FAMILY(kind, first, second) \
    { \
        "end", ITP_SCHEDULE_##kind, 0, 0, 1, first, second, 0 \
    }
#define INF INFINITY

static const end ends[] = {
    {PLAIN(LINEAR), 0, 1, 0, -1, 1, 0, 0, INF, 1},
    {PLAIN(LINEAR), 1, 0, 1, -1, 1, 1, INF, 0, 1},
    {PLAIN(VP), 0, 1, 0, 0, HALF_PI, 0, 0, INF, HALF_PI},
    {PLAIN(VP), 1, 0, 1, -HALF_PI, 0, 1, INF, 0, HALF_PI},
    {FAMILY(VP_SDE, .1, 20), 1, 0, 1, -INF, .05, 1, INF, .05, INF},
    {FAMILY(VP_SDE, 0, 8), 1, 0, 1, -2, 0, 1, INF, 0, 2},
    {PLAIN(SQRT), 0, 1, 0, -.5, INF, 0, 0, INF, INF},
    {PLAIN(SQRT), 1, 0, 1, -INF, .5, 1, INF, .5, INF},
    {PLAIN(SPHERE), 0, 1, 0, 0, 1, 0, 0, INF, 1},
    {PLAIN(SPHERE), 1, 0, 1, -INF, 1, 1, INF, 1, INF},
    {FAMILY(VE, 80, 0), 0, 80, 1, -80, 0, 1.0 / 81, 1.0 / 80, 6400, 80},
    {FAMILY(VE, 80, 0), 1, 0, 1, -80, 0, 1, INF, 0, 80},
    {FAMILY(EDM, .5, 0), 0, 1, 0, 0, 2 * HALF_PI, 0, 0, INF, 2 * HALF_PI},
    {FAMILY(EDM, .5, 0), 1, 0, 2, -HALF_PI, 0, 1, INF, 0, 2 * HALF_PI},
    {LAZY(0, .5, ANGLE), 0, .5, 0, 0, HALF_PI, 0, 0, INF, HALF_PI / 2},
    {LAZY(0, .5, ANGLE), 1, 0, 1, -HALF_PI / 2, 0, 1, INF, 0, HALF_PI / 2},
    {LAZY(0, .5, BETA), 0, .5, 0, 0, 1, 0, 0, INF, .5},
    {LAZY(0, .5, BETA), 1, 0, 1, -INF, 1, 1, INF, .25, INF},
    {LAZY(0, .5, IDENTITY), 0, .5, 0, 0, .5, 0, 0, INF, .25},
    {LAZY(0, .5, IDENTITY), 1, 0, 1, -1, 0, 1, INF, 0, 1},
    {MASS(1, .5, BETA), 0, 0, 0, INF, 1, 0, 0, .125, 0},
    {MASS(1, .5, BETA), 1, 0, 1, -INF, 1, 1, INF, .125, INF},
    {MASS(1, 1, ANGLE), 0, 0, 0, HALF_PI, 0, 0, 0, 0, 0},
    {MASS(1, 1, ANGLE), 1, 0, 1, -HALF_PI, 0, 1, INF, 0, HALF_PI},
    {MASS(1, .5, IDENTITY), 0, 0, 0, .25, 0, 0, 0, 0, 0},
    {MASS(1, .5, IDENTITY), 1, 0, 1, -1, 0, 1, INF, 0, 1},
    {LAZY(.5, 1, BETA), 0, 0, 0, INF, 1, 0, 0, INF, 0},
    {LAZY(.5, 1, BETA), 1, 0, 1, -INF, 1, 1, INF, 1 / 1.5, INF},
    {LAZY(2, 1, BETA), 0, 0, 0, INF, 1, 0, 0, 0, 0},
};

/* The values are exact; a quotient or a product of them may be rounded once. */
static void near_end(const char *name, double got, double want)
{
    if (!isnan(want)) check_near(name, got, want, 1e-15);
}

static void check_end(const end *e, int i)
{
    label at;
    itp_schedule *schedule = family_make(&e->f);
    itp_schedule_point p = point(schedule, e->t);
    check_same(label_index(&at, "t", i), p.t, e->t);
    check_same(label_index(&at, "alpha", i), p.alpha, e->alpha);
    check_near(label_index(&at, "beta", i), p.beta, e->beta, 1e-15);
    near_end(label_index(&at, "alpha'", i), p.dalpha, e->dalpha);
    near_end(label_index(&at, "beta'", i), p.dbeta, e->dbeta);
    near_end(label_index(&at, "u", i), p.u, e->u);
    near_end(label_index(&at, "r", i), p.r, e->r);
    near_end(label_index(&at, "lambda", i), p.lambda, log(e->r));
    near_end(label_index(&at, "eps*", i), p.eps_star, e->eps);
    near_end(label_index(&at, "W", i), p.W, e->W);
    itp_schedule_free(schedule);
}

static void exact_ends(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(ends); i++) check_end(&ends[i], i);
}

/* The noise end of VP-SDE is not at u = 0. */
static void vp_sde_start(void **state)
{
    (void)state;
    itp_schedule *schedule = family_make(&(family)FAMILY(VP_SDE, .1, 20));
    itp_schedule_point p = point(schedule, 0.0);
    double B = .1 + 19.9 / 2, beta = exp(-B / 2), alpha = sqrt(-expm1(-B));
    check_near("beta", p.beta, beta, 1e-15);
    check_near("alpha", p.alpha, alpha, 1e-15);
    check_near("r", p.r, beta / alpha, 1e-15);
    check_near("beta'", p.dbeta, 10 * beta, 1e-14);
    check_near("alpha'", p.dalpha, -10 * beta * beta / alpha, 1e-14);
    itp_schedule_free(schedule);
}

/* ---- inside ---- */

static const double inside[] = {.03, .2, .52, .77, .97}; /* none of them a sample of the tables */

/* Fourth order, with a step that shrinks toward the ends, where derivatives may grow. */
static double difference(double f2, double f1, double b1, double b2, double h)
{
    return (8 * (f1 - b1) - (f2 - b2)) / (12 * h);
}

static void check_derivatives(const itp_schedule *schedule, const char *name, double t, double tol)
{
    label at;
    double h = 1e-3 * fmin(t, 1 - t);
    itp_schedule_point p = point(schedule, t), f1 = point(schedule, t + h), f2 = point(schedule, t + 2 * h),
                       b1 = point(schedule, t - h), b2 = point(schedule, t - 2 * h);
    label_at(&at, name, t);
    check_near(at.text, p.dalpha, difference(f2.alpha, f1.alpha, b1.alpha, b2.alpha, h), tol);
    check_near(at.text, p.dbeta, difference(f2.beta, f1.beta, b1.beta, b2.beta, h), tol);
}

static void check_products(const itp_schedule *schedule, const char *name, double t)
{
    label at;
    itp_schedule_point p = point(schedule, t);
    double W = p.alpha * p.dbeta - p.dalpha * p.beta;
    label_at(&at, name, t);
    check_near(at.text, p.W, W, 1e-11);
    check_true(at.text, p.W > 0);
    check_near(at.text, p.eps_star, p.alpha * W / p.beta, 1e-11);
    check_near(at.text, p.u, p.beta / (p.alpha + p.beta), 1e-13);
    check_near(at.text, p.r, p.beta / p.alpha, 1e-13);
    check_near(at.text, p.lambda, log(p.beta / p.alpha), 1e-13);
}

static void derivatives_and_products(void **state)
{
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        /* A monotone interpolant has a jump in its third derivative at each of the table's samples. */
        double tol = family_at(i)->kind == ITP_SCHEDULE_TABLE ? 1e-5 : 1e-8;
        for (int j = 0; j < COUNT(inside); j++) {
            check_derivatives(schedule, family_at(i)->name, inside[j], tol);
            check_products(schedule, family_at(i)->name, inside[j]);
        }
        itp_schedule_free(schedule);
    }
}

static void r_increases(void **state)
{
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        double last = -1.0;
        for (int j = 0; j <= 500; j++) {
            double r = point(schedule, j / 500.0).r;
            check_true(family_at(i)->name, r > last);
            last = r;
        }
        itp_schedule_free(schedule);
    }
}

/* ---- the inverse ---- */

static void check_round_trip(const itp_schedule *schedule, const char *name, double t)
{
    label at;
    double back = -1.0;
    itp_schedule_point p = point(schedule, t);
    label_at(&at, name, t);
    check_status(at.text, itp_schedule_time_of_r(schedule, p.r, &back), ITP_OK);
    check_near(at.text, back, t, 1e-12);
    check_status(at.text, itp_schedule_time_of_u(schedule, p.u, &back), ITP_OK);
    check_near(at.text, back, t, 1e-12);
}

static void round_trips(void **state)
{
    static const double times[] = {0, 1e-6, .001, .02, .3, .5, .81, .999, 1};
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        for (int j = 0; j < COUNT(times); j++) check_round_trip(schedule, family_at(i)->name, times[j]);
        itp_schedule_free(schedule);
    }
}

static void check_extreme(const itp_schedule *schedule, const family *f, double r, double *last)
{
    label at;
    double t = -1.0, low = point(schedule, 0.0).r, high = point(schedule, 1.0).r;
    int rc = itp_schedule_time_of_r(schedule, r, &t);
    label_at(&at, f->name, r);
    if (r < low * (1 - 1e-12) || r > high * (1 + 1e-12)) {
        check_status(at.text, rc, ITP_E_RANGE);
        return;
    }
    check_status(at.text, rc, ITP_OK);
    check_true(at.text, t >= 0 && t <= 1 && t >= *last);
    if (r == 0.0 || isinf(r)) check_same(at.text, t, r == 0.0 ? 0.0 : 1.0);
    if (f->kind == ITP_SCHEDULE_LINEAR && !isinf(r)) check_near(at.text, t, r / (1 + r), 1e-16);
    *last = t;
}

static void extreme_ratios(void **state)
{
    static const double ratios[] = {0, 1e-300, 1e-30, 1e-8, .5, 1, 2, 1e8, 1e30, 1e300, INF};
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        double last = 0.0;
        for (int j = 0; j < COUNT(ratios); j++) check_extreme(schedule, family_at(i), ratios[j], &last);
        itp_schedule_free(schedule);
    }
}

/* A tiny r is reached with its relative accuracy where the family's time is proportional to it. */
static void tiny_ratio_is_exact(void **state)
{
    static const struct {
        int32_t kind;
        double slope;
    } rows[] = {{ITP_SCHEDULE_LINEAR, 1}, {ITP_SCHEDULE_VP, 1 / 1.57079632679489661923}, {ITP_SCHEDULE_SPHERE, 1}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_schedule *schedule;
        double t = -1.0;
        check_status("make", itp_schedule_make(rows[i].kind, &schedule), ITP_OK);
        check_status("time", itp_schedule_time_of_r(schedule, 1e-200, &t), ITP_OK);
        check_near(kind_name("schedule", rows[i].kind), t / 1e-200, rows[i].slope, 1e-12);
        itp_schedule_free(schedule);
    }
}

static void bad_positions(void **state)
{
    static const double bad[] = {-1e-9, -INF, NAN};
    (void)state;
    itp_schedule *schedule;
    double t = 7.0;
    check_status("make", itp_schedule_make(ITP_SCHEDULE_LINEAR, &schedule), ITP_OK);
    for (int i = 0; i < COUNT(bad); i++) {
        check_status("r", itp_schedule_time_of_r(schedule, bad[i], &t), ITP_E_RANGE);
        check_status("u", itp_schedule_time_of_u(schedule, bad[i], &t), ITP_E_RANGE);
    }
    check_status("u", itp_schedule_time_of_u(schedule, 1.0 + 1e-9, &t), ITP_E_RANGE);
    check_same("t untouched", t, 7.0);
    itp_schedule_free(schedule);
}

/* ---- the variance of the optimal SDE ---- */

static double simpson(const itp_schedule *schedule, double t0, double t1)
{
    enum { N = 400 };
    double sum = 0.0, h = (t1 - t0) / N;
    for (int i = 0; i <= N; i++) {
        double weight = i == 0 || i == N ? 1 : i % 2 ? 4 : 2;
        sum += weight * 2 * point(schedule, t0 + h * i).eps_star;
    }
    return sum * h / 3;
}

/* By intervals between the samples of a table, at which eps* has corners. */
static double quadrature(const itp_schedule *schedule, int intervals, double t0, double t1)
{
    double sum = 0.0, from = t0;
    for (int i = (int)ceil(t0 * intervals); i <= intervals && from < t1; i++) {
        double to = fmin((double)i / intervals, t1);
        if (to > from) sum += simpson(schedule, from, to);
        from = fmax(from, to);
    }
    return sum;
}

static void variance_by_quadrature(void **state)
{
    static const double ranges[][2] = {{.1, .6}, {.3, .95}, {.5, .5}, {.02, .04}};
    static const int intervals[] = {16, DDPM_COUNT - 1, FAMILY_VP_POINTS - 1};
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        for (int j = 0; j < COUNT(ranges); j++) {
            double variance = -1.0, t0 = ranges[j][0], t1 = ranges[j][1];
            check_status("variance", itp_schedule_variance(schedule, t0, t1, &variance), ITP_OK);
            check_near(family_at(i)->name, variance, quadrature(schedule, intervals[family_at(i)->table], t0, t1),
                       1e-8);
        }
        itp_schedule_free(schedule);
    }
}

typedef struct closed {
    family f;
    double t0, t1, want;
} closed;

/* The whole range where it is finite: V = s^2 beta^(2k/(1+k)), 2 eps* = V'/k for the lazy families. */
static void variance_closed_forms(void **state)
{
    const closed rows[] = {
        {PLAIN(LINEAR), .25, .5, 2 * (log(2.0) - .25)},
        {PLAIN(LINEAR), .5, 1, 2 * (log(2.0) - .5)},
        {PLAIN(LINEAR), 0, .5, INF},
        {PLAIN(VP), 1.0 / 3, 1, 2 * log(2.0)},
        {PLAIN(VP), 0, .1, INF},
        {PLAIN(SQRT), .25, 1, log(4.0)},
        {PLAIN(SPHERE), .25, 1, 2 * log(4.0)},
        {FAMILY(VE, 80, 0), 0, 1, 6400},
        {FAMILY(VE, 2, 0), .5, 1, 1},
        {MASS(1, .5, BETA), 0, 1, .25},
        {MASS(1, .5, BETA), 0, .5, .125},
        {MASS(1, 1, ANGLE), 0, .5, .5},
        {MASS(2, 1.5, BETA), 0, 1, 2.25 / 2},
        {LAZY(.5, 1, BETA), 0, 1, 2},
        {LAZY(.5, 1, BETA), 0, .125, 2 * .25},
        {PLAIN(LINEAR), 1, 1, 0},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        label at;
        double variance = -1.0;
        itp_schedule *schedule = family_make(&rows[i].f);
        label_index(&at, "variance", i);
        check_status(at.text, itp_schedule_variance(schedule, rows[i].t0, rows[i].t1, &variance), ITP_OK);
        check_near(at.text, variance, rows[i].want, 1e-12);
        itp_schedule_free(schedule);
    }
}

/* ---- what is refused, and names ---- */

static void check_refused(const char *name, itp_schedule_desc desc, int want)
{
    itp_schedule *schedule = (itp_schedule *)&desc;
    check_status(name, itp_schedule_new(&desc, &schedule), want);
    check_true(name, schedule == NULL);
}

static void bad_parameters(void **state)
{
    static const double bad[] = {-2, -1, NAN, INF};
    (void)state;
    for (int i = 0; i < COUNT(bad); i++) {
        check_refused("lazy s",
                      (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LAZY, .s = bad[i]},
                      ITP_E_RANGE);
        check_refused("point-mass s",
                      (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_POINT_MASS, .s = bad[i]},
                      ITP_E_RANGE);
        check_refused("sigma_max",
                      (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VE, .sigma_max = bad[i]},
                      ITP_E_RANGE);
        check_refused("sigma_data",
                      (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_EDM, .sigma_data = bad[i]},
                      ITP_E_RANGE);
        check_refused(
            "beta_max",
            (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VP_SDE, .beta_max = bad[i]},
            ITP_E_RANGE);
        check_refused(
            "beta_start",
            (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_DDPM, .beta_start = bad[i]},
            ITP_E_RANGE);
    }
}

/* What a kind does not read is an error, whatever its value. */
static void unread_parameters(void **state)
{
    (void)state;
    check_refused("s", (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LINEAR, .s = 1},
                  ITP_E_UNSUPPORTED);
    check_refused("k", (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_VP, .k = 1},
                  ITP_E_UNSUPPORTED);
    check_refused("clock", (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .clock = ITP_CLOCK_BETA},
                  ITP_E_UNSUPPORTED);
    check_refused("betas", (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_TABLE, .betas = 1},
                  ITP_E_UNSUPPORTED);
    check_refused("sigma_max",
                  (itp_schedule_desc){ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_EDM, .sigma_max = 80},
                  ITP_E_UNSUPPORTED);
}

static void bad_diffusion_and_betas(void **state)
{
    (void)state;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = ITP_SCHEDULE_LAZY;
    desc.k = NAN;
    check_refused("k NaN", desc, ITP_E_RANGE);
    desc.k = 64.5;
    check_refused("k over 64", desc, ITP_E_RANGE);
    desc.k = INF;
    check_refused("k infinite", desc, ITP_E_RANGE);
    desc.kind = ITP_SCHEDULE_POINT_MASS;
    desc.k = -1;
    check_refused("point mass with k = -1", desc, ITP_E_RANGE);
    desc.k = 0;
    desc.kind = ITP_SCHEDULE_VP_SDE;
    desc.beta_min = NAN;
    check_refused("beta_min", desc, ITP_E_RANGE);
    desc.beta_min = 21;
    check_refused("beta_min over beta_max", desc, ITP_E_RANGE);
}

static void unknown_ids(void **state)
{
    static const int32_t kinds[] = {-1, 4, 999, INT32_MAX, INT32_MIN};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        desc.kind = kinds[i] == 4 ? 8 : kinds[i];
        check_refused("kind", desc, ITP_E_UNSUPPORTED);
        desc.kind = ITP_SCHEDULE_LAZY;
        desc.clock = kinds[i];
        check_refused("clock", desc, ITP_E_UNSUPPORTED);
    }
}

/* What need not be made is what is made, bit for bit. */
static void standard_schedules(void **state)
{
    static const double times[] = {0, .25, .7, 1};
    (void)state;
    int seen = 0;
    for (int32_t i = 0; kind_at("schedule", i); i++) {
        int32_t kind = kind_at("schedule", i);
        const itp_schedule *standard = itp_schedule_of(kind_name("schedule", kind));
        itp_schedule *made = NULL;
        if (kind == ITP_SCHEDULE_DDPM || itp_schedule_make(kind, &made)) {
            itp_schedule_point refused = ITP_SCHEDULE_POINT_INIT;
            check_status("refused", itp_schedule_eval(standard, .5, &refused), ITP_E_UNSUPPORTED);
            itp_schedule_free(made);
            continue;
        }
        for (int j = 0; j < COUNT(times); j++) {
            itp_schedule_point a = ITP_SCHEDULE_POINT_INIT, b = ITP_SCHEDULE_POINT_INIT;
            double t = -1, s = -1;
            check_status("eval", itp_schedule_eval(standard, times[j], &a), ITP_OK);
            check_status("eval", itp_schedule_eval(made, times[j], &b), ITP_OK);
            assert_memory_equal(&a, &b, sizeof a);
            assert_int_equal(itp_schedule_time_of_u(standard, times[j], &t),
                             itp_schedule_time_of_u(made, times[j], &s));
            assert_true(t == s);
        }
        itp_schedule_free(made);
        itp_schedule_free((itp_schedule *)(uintptr_t)standard);
        seen++;
    }
    assert_int_equal(seen, 9);
}

static void no_such_schedule(void **state)
{
    static const char *const names[] = {"lasy", "", "table", "user", "ddpm", "lazy(k=1)"};
    (void)state;
    for (int i = 0; i < COUNT(names) + 1; i++) {
        const itp_schedule *none = itp_schedule_of(i < COUNT(names) ? names[i] : NULL);
        itp_error why = ITP_ERROR_INIT;
        itp_env env = {ITP_SIZED(itp_env), .error = &why};
        itp_plan_desc desc = {ITP_SIZED(itp_plan_desc), .env = &env, .schedule = none};
        itp_plan *plan = NULL;
        double t;
        assert_non_null(none);
        check_status("plan", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
        assert_string_equal(why.field, "schedule");
        itp_model model = {ITP_SIZED(itp_model), .schedule = none};
        desc = (itp_plan_desc){ITP_SIZED(itp_plan_desc), .env = &env, .model = &model};
        check_status("plan", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
        check_status("time", itp_schedule_time_of_u(none, .5, &t), ITP_E_UNSUPPORTED);
    }
}

static void names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {{1, "linear"}, {2, "vp"},    {3, "vp-sde"},      {4, "sqrt"},   {5, "sphere"}, {6, "ve"},
                {7, "edm"},    {20, "lazy"}, {21, "point-mass"}, {40, "table"}, {41, "ddpm"},  {0x1000, "user"}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(kind_id("schedule", rows[i].name), rows[i].id);
        assert_string_equal(kind_name("schedule", rows[i].id), rows[i].name);
    }
    int n = 0;
    while (kind_at("schedule", n)) n++;
    assert_int_equal(n, COUNT(rows));
    assert_int_equal(kind_at("schedule", -1), 0);
    assert_int_equal(kind_id("schedule", "Linear "), ITP_E_UNSUPPORTED);
    assert_null(kind_name("schedule", 999));
}

static void listing_has_every_id_once(void **state)
{
    (void)state;
    for (int i = 0; kind_at("schedule", i); i++) {
        assert_int_equal(kind_id("schedule", kind_name("schedule", kind_at("schedule", i))), kind_at("schedule", i));
        for (int j = 0; j < i; j++) assert_int_not_equal(kind_at("schedule", i), kind_at("schedule", j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_values),
        cmocka_unit_test(exact_ends),
        cmocka_unit_test(vp_sde_start),
        cmocka_unit_test(derivatives_and_products),
        cmocka_unit_test(r_increases),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(extreme_ratios),
        cmocka_unit_test(tiny_ratio_is_exact),
        cmocka_unit_test(bad_positions),
        cmocka_unit_test(variance_by_quadrature),
        cmocka_unit_test(variance_closed_forms),
        cmocka_unit_test(bad_parameters),
        cmocka_unit_test(unread_parameters),
        cmocka_unit_test(bad_diffusion_and_betas),
        cmocka_unit_test(unknown_ids),
        cmocka_unit_test(standard_schedules),
        cmocka_unit_test(no_such_schedule),
        cmocka_unit_test(names),
        cmocka_unit_test(listing_has_every_id_once),
    };
    return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
