/* Conversion of a process under one schedule into one under another, for every pair of families: r(tau) = r~(t) and c
 * = alpha~/alpha(tau) hold by definition, derivatives are those of differences, and for normal data the velocity has a
 * closed form on both sides (docs/maths.md, Conversion). */
#include <interp/schedule.h>

#include <math.h>
#include <stdio.h>

#include "../common/check.h"
#include "../common/families.h"

#define HALF_PI 1.57079632679489661923
static const double times[] = {.12, .35, .6, .85};

typedef struct pair {
    const itp_schedule *from, *to;
    label name;
    double tol; /* of derivatives taken by differences */
} pair;

static itp_conversion convert(const pair *p, double t)
{
    itp_conversion c = ITP_CONVERSION_INIT;
    check_status(p->name.text, itp_schedule_convert(p->from, p->to, t, &c), ITP_OK);
    return c;
}

static itp_schedule_point point(const itp_schedule *schedule, double t)
{
    itp_schedule_point p = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(schedule, t, &p), ITP_OK);
    return p;
}

static void check_identities(const pair *p, double t)
{
    itp_conversion c = convert(p, t);
    itp_schedule_point to = point(p->to, t), from = point(p->from, c.tau);
    check_near(p->name.text, c.c * from.alpha / to.alpha, 1.0, 1e-10);
    check_near(p->name.text, c.c * from.beta / to.beta, 1.0, 1e-10);
    check_near(p->name.text, c.c * c.c * c.dtau * from.W / to.W, 1.0, 1e-9);
    check_near(p->name.text, c.c * c.c * c.dtau * from.eps_star / to.eps_star, 1.0, 1e-9);
    check_near(p->name.text, c.eps / (c.c * c.c * c.dtau), 1.0, 1e-12);
}

static void check_back(const pair *p, double t)
{
    itp_conversion c = convert(p, t), back = ITP_CONVERSION_INIT;
    check_status(p->name.text, itp_schedule_convert(p->to, p->from, c.tau, &back), ITP_OK);
    check_near(p->name.text, back.tau, t, 1e-10);
    check_near(p->name.text, back.c * c.c, 1.0, 1e-10);
    check_near(p->name.text, back.dtau * c.dtau, 1.0, 1e-9);
}

static double difference(double f2, double f1, double b1, double b2, double h)
{
    return (8 * (f1 - b1) - (f2 - b2)) / (12 * h);
}

static void check_derivatives(const pair *p, double t)
{
    double h = 1e-3 * fmin(t, 1 - t);
    itp_conversion c = convert(p, t), f1 = convert(p, t + h), f2 = convert(p, t + 2 * h), b1 = convert(p, t - h),
                   b2 = convert(p, t - 2 * h);
    check_near(p->name.text, c.dtau, difference(f2.tau, f1.tau, b1.tau, b2.tau, h), p->tol);
    check_near(p->name.text, c.dc, difference(f2.c, f1.c, b1.c, b2.c, h), p->tol);
}

static int reaches(const pair *p, double t)
{
    double r = point(p->to, t).r;
    return r > point(p->from, 0.0).r * 1.01 && r < point(p->from, 1.0).r / 1.01;
}

static int check_pair(int from, int to)
{
    itp_schedule *a = family_new(from), *b = family_new(to);
    int table = family_at(from)->kind == ITP_SCHEDULE_TABLE || family_at(to)->kind == ITP_SCHEDULE_TABLE, checked = 0;
    pair p = {a, b, {""}, table ? 1e-4 : 1e-7};
    snprintf(p.name.text, sizeof p.name.text, "%s -> %s", family_at(from)->name, family_at(to)->name);
    for (int i = 0; i < COUNT(times); i++) {
        if (!reaches(&p, times[i])) continue;
        check_identities(&p, times[i]);
        check_back(&p, times[i]);
        check_derivatives(&p, times[i]);
        checked++;
    }
    itp_schedule_free(a);
    itp_schedule_free(b);
    return checked;
}

static void every_pair(void **state)
{
    int checked = 0;
    (void)state;
    for (int from = 0; from < family_count(); from++)
        for (int to = 0; to < family_count(); to++) checked += check_pair(from, to);
    assert_true(checked > 3 * family_count() * family_count());
}

/* ---- ends: finite where the formulas have a limit ---- */

typedef struct end {
    family from, to;
    double t, tau, c, dtau, dc;
} end;

#define PLAIN(kind) \
    { \
        "plain", ITP_SCHEDULE_##kind, 0, 0, 1, 0, 0, 0 \
    }
#define LAZY(k, s, clock) \
    { \
        "lazy", ITP_SCHEDULE_LAZY, ITP_CLOCK_##clock, k, s, 0, 0, 0 \
    }

static const end ends[] = {
    {PLAIN(LINEAR), PLAIN(LINEAR), 0, 0, 1, 1, 0},
    {PLAIN(LINEAR), PLAIN(LINEAR), 1, 1, 1, 1, 0},
    {PLAIN(LINEAR), PLAIN(VP), 0, 0, 1, HALF_PI, HALF_PI},
    {PLAIN(LINEAR), PLAIN(VP), 1, 1, 1, HALF_PI, -HALF_PI},
    {PLAIN(VP), PLAIN(LINEAR), 0, 0, 1, 1 / HALF_PI, -1},
    {PLAIN(VP), PLAIN(LINEAR), 1, 1, 1, 1 / HALF_PI, 1},
    {PLAIN(VP), PLAIN(VP), 1, 1, 1, 1, 0},
    {PLAIN(LINEAR), LAZY(1, 1, IDENTITY), 0, 0, 0, 1, 1},
    {PLAIN(LINEAR), LAZY(1, 1, IDENTITY), 1, 1, 1, 1, -1},
    {PLAIN(LINEAR), LAZY(0, .5, IDENTITY), 0, 0, .5, 1, .5},
    {PLAIN(LINEAR), LAZY(1, 1, BETA), 0, 0, 0, INFINITY, INFINITY},
    {PLAIN(LINEAR), LAZY(1, 1, ANGLE), 0, 0, 0, HALF_PI, HALF_PI},
};

static void exact_ends(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(ends); i++) {
        const end *e = &ends[i];
        itp_schedule *from = family_make(&e->from), *to = family_make(&e->to);
        pair p = {from, to, {""}, 0};
        label_index(&p.name, "end", i);
        itp_conversion c = convert(&p, e->t);
        check_same(p.name.text, c.tau, e->tau);
        check_near(p.name.text, c.c, e->c, 1e-15);
        check_near(p.name.text, c.dtau, e->dtau, 1e-14);
        check_near(p.name.text, c.dc, e->dc, 1e-14);
        itp_schedule_free(from);
        itp_schedule_free(to);
    }
}

/* ---- the converted fields, on a normal target where they have closed forms ---- */

/* eps~ = c^2 tau' eps, and the velocity of N(0, s^2 I) data: b = V'/(2V) x. */
static double normal_velocity(const itp_schedule_point *p, double s, double x)
{
    double V = p->alpha * p->alpha + s * s * p->beta * p->beta;
    return (p->alpha * p->dalpha + s * s * p->beta * p->dbeta) / V * x;
}

static void velocity_transforms(void **state)
{
    (void)state;
    for (int from = 0; from < family_count(); from++) {
        itp_schedule *a = family_new(from), *b = family_new((from + 5) % family_count());
        pair p = {a, b, {""}, 0};
        snprintf(p.name.text, sizeof p.name.text, "velocity from %s", family_at(from)->name);
        itp_conversion c = convert(&p, .4);
        itp_schedule_point source = point(a, c.tau), target = point(b, .4);
        double x = 1.7, want = normal_velocity(&target, .8, x);
        double got = c.dc / c.c * x + c.c * c.dtau * normal_velocity(&source, .8, x / c.c);
        check_near(p.name.text, got, want, 1e-9);
        itp_schedule_free(a);
        itp_schedule_free(b);
    }
}

/* A place that the source does not reach is refused: VE starts at sigma_max, not at infinity. */
static void out_of_reach(void **state)
{
    (void)state;
    itp_schedule *ve, *linear;
    itp_conversion c = ITP_CONVERSION_INIT;
    check_status("ve", itp_schedule_make(ITP_SCHEDULE_VE, &ve), ITP_OK);
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    check_status("below", itp_schedule_convert(ve, linear, 0.0, &c), ITP_E_RANGE);
    check_status("below", itp_schedule_convert(ve, linear, .01, &c), ITP_E_RANGE);
    check_status("inside", itp_schedule_convert(ve, linear, .02, &c), ITP_OK);
    check_status("back", itp_schedule_convert(linear, ve, 0.0, &c), ITP_OK);
    check_near("tau", c.tau, 1.0 / 81, 1e-15);
    check_near("c", c.c, 81, 1e-15);
    itp_schedule_free(ve);
    itp_schedule_free(linear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair),
        cmocka_unit_test(exact_ends),
        cmocka_unit_test(velocity_transforms),
        cmocka_unit_test(out_of_reach),
    };
    return cmocka_run_group_tests_name("conversion", tests, NULL, NULL);
}
