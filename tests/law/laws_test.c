/* The law at the data end of every schedule, diffusion and solver: Wasserstein-2 distances to the exact law, against
 * figures that were computed with eight times as many particles, so that a change for the worse (or any other) shows;
 * the order of things that docs/laws.md states; the figures that the project began with; eight dimensions. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/law.h"
#include "../common/stats.h"

enum { PARTICLES = 2048, SEED = 1 };

static law laws[LAW_TARGETS];

static int setup(void **state)
{
    (void)state;
    for (int i = 0; i < LAW_TARGETS; i++) laws[i] = law_new(product_line(law_target(i)), PARTICLES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < LAW_TARGETS; i++) law_free(&laws[i]);
    return 0;
}

static double distance(int target, const law_choice *c, int evaluations)
{
    return 1000 * law_measure(&laws[target], c, evaluations, SEED).w2;
}

/* ---- figures ---- */

/* A flow has no chance in it: what is left there is the last figure and the tails beyond the outermost particles. The
 * figure of an SDE changes with the seed and, as a law can only be so near as one particle more or less in a mode, is
 * too large by a few where it is small. Measured over seeds: deviations of at most 2 for the bimodal target, which has
 * mirror images, 4 for two modes, and 4 % of the large ones. */
static double tolerance(int target, double k, double want)
{
    if (k == 0) return .1 + .01 * want;
    return target == LAW_BIMODAL ? 5 + .04 * want : 8 + .08 * want;
}

static void check_figure(const char *name, double got, double want, double most)
{
    if (fabs(got - want) <= most) return;
    print_error("%s: 1000 W2 is %.1f, not within %.1f of %.1f\n", name, got, most, want);
    assert_true(0);
}

/* 1000 W2 at 8 and at 64 evaluations: Euler, Euler-Maruyama. */
static const struct {
    int target;
    double k;
    int way;
    double want[2];
} schedule_rows[] = {
    {LAW_BIMODAL, 0, LAW_LINEAR, {91.7, 12.0}},      {LAW_BIMODAL, 0, LAW_LAZY, {26.5, 3.3}},
    {LAW_BIMODAL, 0, LAW_LAZY_U, {30.2, 3.9}},       {LAW_BIMODAL, 0, LAW_POINT, {105.1, 50.9}},
    {LAW_BIMODAL, 0, LAW_POINT_U, {330.0, 257.2}},   {LAW_BIMODAL, .25, LAW_LINEAR, {95.3, 18.1}},
    {LAW_BIMODAL, .25, LAW_VP, {54.0, 11.9}},        {LAW_BIMODAL, .25, LAW_LAZY, {119.9, 21.4}},
    {LAW_BIMODAL, .25, LAW_LAZY_U, {69.5, 12.7}},    {LAW_BIMODAL, .25, LAW_POINT, {81.2, 10.2}},
    {LAW_BIMODAL, .25, LAW_POINT_U, {103.6, 35.7}},  {LAW_BIMODAL, .5, LAW_LINEAR, {82.5, 12.7}},
    {LAW_BIMODAL, .5, LAW_VP, {52.6, 7.3}},          {LAW_BIMODAL, .5, LAW_LAZY, {104.7, 16.7}},
    {LAW_BIMODAL, .5, LAW_LAZY_U, {73.2, 12.6}},     {LAW_BIMODAL, .5, LAW_POINT, {84.8, 11.6}},
    {LAW_BIMODAL, .5, LAW_POINT_U, {67.7, 12.1}},    {LAW_BIMODAL, 1, LAW_LINEAR, {73.8, 10.2}},
    {LAW_BIMODAL, 1, LAW_VP, {52.6, 6.0}},           {LAW_BIMODAL, 1, LAW_LAZY, {83.7, 10.9}},
    {LAW_BIMODAL, 1, LAW_LAZY_U, {80.5, 12.5}},      {LAW_BIMODAL, 2, LAW_LINEAR, {81.0, 9.1}},
    {LAW_BIMODAL, 2, LAW_VP, {82.9, 6.3}},           {LAW_BIMODAL, 2, LAW_LAZY, {60.1, 6.3}},
    {LAW_BIMODAL, 2, LAW_LAZY_U, {96.1, 12.6}},      {LAW_BIMODAL, 2, LAW_POINT, {84.4, 8.8}},
    {LAW_BIMODAL, 2, LAW_POINT_U, {97.8, 12.6}},     {LAW_TWO_MODES, 0, LAW_LINEAR, {131.9, 17.6}},
    {LAW_TWO_MODES, 0, LAW_LAZY, {31.8, 4.2}},       {LAW_TWO_MODES, 0, LAW_LAZY_U, {38.2, 5.2}},
    {LAW_TWO_MODES, 0, LAW_POINT, {82.5, 89.7}},     {LAW_TWO_MODES, 0, LAW_POINT_U, {428.1, 411.4}},
    {LAW_TWO_MODES, .25, LAW_LINEAR, {151.8, 34.1}}, {LAW_TWO_MODES, .25, LAW_VP, {87.8, 27.4}},
    {LAW_TWO_MODES, .25, LAW_LAZY, {110.7, 18.0}},   {LAW_TWO_MODES, .25, LAW_LAZY_U, {66.4, 11.4}},
    {LAW_TWO_MODES, .25, LAW_POINT, {72.3, 21.4}},   {LAW_TWO_MODES, .25, LAW_POINT_U, {163.1, 82.0}},
    {LAW_TWO_MODES, .5, LAW_LINEAR, {127.1, 22.6}},  {LAW_TWO_MODES, .5, LAW_VP, {84.9, 16.3}},
    {LAW_TWO_MODES, .5, LAW_LAZY, {95.5, 14.6}},     {LAW_TWO_MODES, .5, LAW_LAZY_U, {70.1, 11.9}},
    {LAW_TWO_MODES, .5, LAW_POINT, {80.3, 8.7}},     {LAW_TWO_MODES, .5, LAW_POINT_U, {69.4, 13.4}},
    {LAW_TWO_MODES, 1, LAW_LINEAR, {101.5, 17.4}},   {LAW_TWO_MODES, 1, LAW_VP, {63.8, 10.9}},
    {LAW_TWO_MODES, 1, LAW_LAZY, {75.7, 10.8}},      {LAW_TWO_MODES, 1, LAW_LAZY_U, {76.9, 12.6}},
    {LAW_TWO_MODES, 2, LAW_LINEAR, {91.6, 15.6}},    {LAW_TWO_MODES, 2, LAW_VP, {74.1, 10.2}},
    {LAW_TWO_MODES, 2, LAW_LAZY, {57.7, 8.5}},       {LAW_TWO_MODES, 2, LAW_LAZY_U, {89.4, 13.9}},
    {LAW_TWO_MODES, 2, LAW_POINT, {71.6, 10.0}},     {LAW_TWO_MODES, 2, LAW_POINT_U, {88.0, 12.9}},
};

static void schedules(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(schedule_rows); i++) {
        int target = schedule_rows[i].target;
        law_choice c = {.k = schedule_rows[i].k, .way = law_way_of(schedule_rows[i].way)};
        label name;
        snprintf(name.text, sizeof name.text, "%s, k %g, %s", law_target_name(target), c.k, c.way.name);
        for (int j = 0; j < 2; j++) {
            double want = schedule_rows[i].want[j];
            check_figure(name.text, distance(target, &c, j ? 64 : 8), want, tolerance(target, c.k, want));
        }
    }
}

/* 1000 W2 at 16 evaluations, two modes, and at 64, bimodal. What shark has at 16 in lazy coordinates differs from seed
 * to seed by 5: its figures are means over the seeds 1 to 6. */
static const struct {
    const char *solver;
    double k;
    int way;
    double want[2];
} solver_rows[] = {
    {"euler-maruyama", 1, LAW_LINEAR, {58.6, 10.2}},
    {"stochastic-heun", 1, LAW_LINEAR, {119.6, 16.7}},
    {"sea", 1, LAW_LINEAR, {121.9, 16.9}},
    {"shark", 1, LAW_LINEAR, {14.4, 2.2}},
    {"sra1", 1, LAW_LINEAR, {14.4, 1.7}},
    {"stochastic-ab2", 1, LAW_LINEAR, {13.1, 2.0}},
    {"exponential-sde", 1, LAW_LINEAR, {110.9, 18.9}},
    {"sa-2", 1, LAW_LINEAR, {48.1, 8.4}},
    {"sa-3", 1, LAW_LINEAR, {70.7, 2.7}},
    {"sa-1-1", 1, LAW_LINEAR, {54.0, 7.1}},
    {"sa-2-2", 1, LAW_LINEAR, {41.2, 6.3}},
    {"sa-3-3", 1, LAW_LINEAR, {75.4, 5.3}},
    {"euler-maruyama", 1, LAW_LAZY_U, {44.6, 12.5}},
    {"stochastic-heun", 1, LAW_LAZY_U, {77.1, 16.6}},
    {"sea", 1, LAW_LAZY_U, {19.8, 4.5}},
    {"shark", 1, LAW_LAZY_U, {31.6, 3.8}},
    {"sra1", 1, LAW_LAZY_U, {22.2, 2.4}},
    {"stochastic-ab2", 1, LAW_LAZY_U, {16.9, 2.0}},
    {"stochastic-ab3", 1, LAW_LAZY_U, {8.5, 1.6}},
    {"exponential-sde", 1, LAW_LAZY_U, {110.9, 18.9}},
    {"sa-2", 1, LAW_LAZY_U, {48.1, 8.4}},
    {"sa-3", 1, LAW_LAZY_U, {70.7, 2.7}},
    {"sa-1-1", 1, LAW_LAZY_U, {54.0, 7.1}},
    {"sa-2-2", 1, LAW_LAZY_U, {41.2, 6.3}},
    {"sa-3-3", 1, LAW_LAZY_U, {75.4, 5.3}},
    {"euler-maruyama", .5, LAW_LAZY_U, {41.9, 12.6}},
    {"stochastic-heun", .5, LAW_LAZY_U, {52.4, 11.4}},
    {"sea", .5, LAW_LAZY_U, {23.3, 8.0}},
    {"shark", .5, LAW_LAZY_U, {27.2, 2.8}},
    {"sra1", .5, LAW_LAZY_U, {19.9, 2.0}},
    {"stochastic-ab2", .5, LAW_LAZY_U, {14.9, 2.2}},
    {"stochastic-ab3", .5, LAW_LAZY_U, {7.2, 1.7}},
    {"exponential-sde", .5, LAW_LAZY_U, {89.4, 15.3}},
    {"sa-2", .5, LAW_LAZY_U, {26.1, 4.1}},
    {"sa-3", .5, LAW_LAZY_U, {35.7, 2.6}},
    {"sa-1-1", .5, LAW_LAZY_U, {35.1, 4.6}},
    {"sa-2-2", .5, LAW_LAZY_U, {19.8, 2.9}},
    {"sa-3-3", .5, LAW_LAZY_U, {35.3, 2.3}},
    {"euler-maruyama", 2, LAW_LAZY_U, {49.6, 12.6}},
    {"stochastic-heun", 2, LAW_LAZY_U, {125.6, 22.7}},
    {"sea", 2, LAW_LAZY_U, {30.1, 4.1}},
    {"shark", 2, LAW_LAZY_U, {37.5, 2.9}},
    {"sra1", 2, LAW_LAZY_U, {25.6, 2.7}},
    {"stochastic-ab2", 2, LAW_LAZY_U, {21.6, 1.9}},
    {"stochastic-ab3", 2, LAW_LAZY_U, {12.4, 1.3}},
    {"exponential-sde", 2, LAW_LAZY_U, {151.5, 27.7}},
    {"sa-2", 2, LAW_LAZY_U, {101.8, 21.1}},
    {"sa-3", 2, LAW_LAZY_U, {172.3, 18.1}},
    {"sa-1-1", 2, LAW_LAZY_U, {95.9, 13.6}},
    {"sa-2-2", 2, LAW_LAZY_U, {98.2, 18.2}},
    {"sa-3-3", 2, LAW_LAZY_U, {204.6, 30.0}},
};

static void solvers(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(solver_rows); i++) {
        law_choice c = {.k = solver_rows[i].k, .way = law_way_of(solver_rows[i].way)};
        label name;
        c.solver = solver_rows[i].solver;
        snprintf(name.text, sizeof name.text, "%s, k %g, %s", solver_rows[i].solver, c.k, c.way.name);
        check_true(name.text, c.solver != NULL);
        check_figure(name.text, distance(LAW_TWO_MODES, &c, 16), solver_rows[i].want[0],
                     tolerance(LAW_TWO_MODES, c.k, solver_rows[i].want[0]));
        check_figure(name.text, distance(LAW_BIMODAL, &c, 64), solver_rows[i].want[1],
                     tolerance(LAW_BIMODAL, c.k, solver_rows[i].want[1]));
    }
}

/* ---- what the figures say ---- */

static void check_falls(int target, double k, int way)
{
    static const int steps[] = {8, 16, 32, 64};
    law_choice c = {.k = k, .way = law_way_of(way)};
    double before = INFINITY;
    label name;
    snprintf(name.text, sizeof name.text, "%s, k %g, %s", law_target_name(target), k, c.way.name);
    for (int i = 0; i < COUNT(steps); i++) {
        double now = distance(target, &c, steps[i]);
        check_true(name.text, now < before);
        before = now;
    }
    check_true(name.text, before < 45);
}

/* Linear, VP and lazy for every k; the point mass from its own k on. For k < 1 it has a drift that is singular at the
 * start, and Euler's error there does not vanish with the step (k = 0) or slowly (k = 1/4). */
static void more_steps_are_better(void **state)
{
    static const double diffusions[] = {0, .25, .5, 1, 2};
    (void)state;
    for (int i = 0; i < COUNT(diffusions); i++) {
        for (int way = LAW_LINEAR; way <= LAW_LAZY_U; way++) {
            check_falls(LAW_BIMODAL, diffusions[i], way);
            check_falls(LAW_TWO_MODES, diffusions[i], way);
        }
    }
    check_falls(LAW_BIMODAL, 2, LAW_POINT);
    check_falls(LAW_TWO_MODES, 2, LAW_POINT);
}

static void lazy_wins_at_few_steps(void **state)
{
    (void)state;
    law_choice linear = {.way = law_way_of(LAW_LINEAR)}, lazy = {.way = law_way_of(LAW_LAZY_U)};
    for (int n = 3; n <= 4; n++) {
        assert_true(distance(LAW_BIMODAL, &lazy, n) < .4 * distance(LAW_BIMODAL, &linear, n));
        assert_true(distance(LAW_TWO_MODES, &lazy, n) < .3 * distance(LAW_TWO_MODES, &linear, n));
        assert_true(distance(LAW_NARROW, &lazy, n) < .9 * distance(LAW_NARROW, &linear, n));
    }
    linear.k = lazy.k = 1;
    assert_true(distance(LAW_BIMODAL, &lazy, 4) < distance(LAW_BIMODAL, &linear, 4));
    assert_true(distance(LAW_BIMODAL, &lazy, 16) > distance(LAW_BIMODAL, &linear, 16));
}

/* With the last step's noise the SDE's law is the data's too; what remains is chance, at most 19. */
static void lazy_is_exact_on_normal_data(void **state)
{
    static const double diffusions[] = {.25, .5, 1, 2};
    (void)state;
    for (int n = 1; n <= 32; n += n < 8 ? 1 : 8) {
        law_choice flow = {.way = law_way_of(LAW_LAZY)};
        check_near("flow", distance(LAW_NORMAL, &flow, n), 0, 1e-9);
        for (int i = 0; i < COUNT(diffusions); i++) {
            law_choice c = {.k = diffusions[i], .way = law_way_of(LAW_LAZY_U), .last = ITP_LAST_NOISE};
            assert_true(distance(LAW_NORMAL, &c, n) < 30);
        }
    }
}

/* An exponential method sees the nodes only. */
static void exponential_methods_know_no_schedule(void **state)
{
    static const char *const names[] = {"exponential-sde", "sa-2", "sa-3", "sa-1-1", "sa-2-2", "sa-3-3"};
    (void)state;
    for (int i = 0; i < COUNT(names); i++) {
        law_choice linear = {1, law_way_of(LAW_LINEAR), names[i], 0, 0}, lazy = linear;
        lazy.way = law_way_of(LAW_LAZY_U);
        check_near(names[i], distance(LAW_TWO_MODES, &lazy, 8), distance(LAW_TWO_MODES, &linear, 8), 1e-6);
    }
}

/* ---- the figures that the project began with: 3, 4, 6, 8, 16 steps ---- */

/* Theirs came from random samples: the distance between the narrow modes has chance in it even for a flow. */
static void check_first(int target, double k, int way, const double *want)
{
    static const int steps[] = {3, 4, 6, 8, 16};
    law_choice c = {.k = k, .way = law_way_of(way)};
    double most = target == LAW_NARROW ? (k > 0 ? 10 : 1.5) : (k > 0 ? 3 : .6);
    for (int i = 0; i < COUNT(steps); i++) {
        label name;
        label_index(&name, law_target_name(target), steps[i]);
        if (want[i] > 0) check_figure(name.text, distance(target, &c, steps[i]), want[i], most);
    }
}

/* 0: where the figure was little but chance. */
static void first_figures(void **state)
{
    (void)state;
    check_first(LAW_BIMODAL, 0, LAW_LINEAR, (double[]){246, 179, 121, 92, 47});
    check_first(LAW_BIMODAL, 0, LAW_LAZY_U, (double[]){95, 61, 40, 30, 15});
    check_first(LAW_BIMODAL, 1, LAW_LAZY_U, (double[]){147, 109, 94, 81, 47});
    check_first(LAW_NARROW, 0, LAW_LINEAR, (double[]){266, 147, 58, 34, 0});
    check_first(LAW_NARROW, 0, LAW_LAZY_U, (double[]){224, 129, 52, 31, 0});
    check_first(LAW_NARROW, 1, LAW_LAZY_U, (double[]){231, 149, 65, 27, 0});
}

/* RMS of the flow at 4, 8, 16 evaluations, two modes: deterministic, so to their last digit. */
static void first_flows(void **state)
{
    static const struct {
        const char *solver;
        int32_t way;
        double want[3], last;
    } rows[] = {{"euler", LAW_LINEAR, {251, 132, 68}, .6},
                {"euler", LAW_LAZY, {64, 32, 16}, .6},
                {"ab2", LAW_LINEAR, {78, 20, 4.7}, .4},
                {"ab3", LAW_LINEAR, {90, 9.8, 1.8}, .2},
                {"dpmpp-2m", LAW_LINEAR, {169, 37, 7.9}, .6}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        law_choice c = {.way = law_way_of(rows[i].way), .solver = rows[i].solver};
        for (int j = 0; j < 3; j++)
            check_figure(c.solver, distance(LAW_TWO_MODES, &c, 4 << j), rows[i].want[j], rows[i].last);
    }
}

/* ---- eight dimensions ---- */

static product rotated(void)
{
    mixture all[LAW_TARGETS];
    for (int i = 0; i < LAW_TARGETS; i++) all[i] = law_target(i);
    return product_rotated(all, LAW_TARGETS);
}

static void rotation_is_one(void **state)
{
    (void)state;
    product p = rotated();
    double least = 1;
    for (int i = 0; i < PRODUCT_MOST; i++) {
        double unit[PRODUCT_MOST] = {0}, y[PRODUCT_MOST], x[PRODUCT_MOST];
        unit[i] = 1;
        product_to_axes(&p, unit, y);
        product_from_axes(&p, y, x);
        for (int j = 0; j < PRODUCT_MOST; j++) check_near("there and back", x[j], unit[j], 1e-14);
        for (int j = 0; j < PRODUCT_MOST; j++) least = fmin(least, fabs(p.rotation[i][j]));
    }
    assert_true(least > 1e-3);
}

/* Each axis has its own mixture's error: a flow to rounding, an SDE as far as its particles tell. */
static void axes_are_independent(void **state)
{
    (void)state;
    law l = law_new(rotated(), PARTICLES);
    for (int way = LAW_LINEAR; way <= LAW_LAZY_U; way += LAW_LAZY_U) {
        for (int k = 0; k <= 1; k++) {
            law_choice c = {.k = k, .way = law_way_of(way)};
            double one = 0, eight = 1000 * law_measure(&l, &c, 6, SEED).w2;
            for (int i = 0; i < LAW_TARGETS; i++) one += distance(i, &c, 6) / LAW_TARGETS;
            check_near(c.way.name, eight, one, k ? .05 : 1e-9);
        }
    }
    law_free(&l);
}

/* The sampler's own flow in 8 dimensions ends where the quantiles say. */
static void flow_is_the_exact_one(void **state)
{
    (void)state;
    product p = rotated();
    law_choice c = {0, law_way_of(LAW_LINEAR), "rk4", 0, 0};
    double x[4 * PRODUCT_MOST], want[4 * PRODUCT_MOST];
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    check_status("plan", law_new_plan(&c, 4000, &plan), ITP_OK);
    batch.dim = PRODUCT_MOST;
    batch.count = 4;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("normals", itp_normals(3, 0, 0, 0, ITP_FLOAT64, x, COUNT(x)), ITP_OK);
    for (int i = 0; i < COUNT(x); i += PRODUCT_MOST)
        product_flow(&p, (mixture_point){1, 0}, x + i, (mixture_point){0, 1}, want + i);
    check_status("sample", itp_sample(plan, &batch, x, product_run, &p), ITP_OK);
    for (int i = 0; i < COUNT(x); i++) check_near("end", x[i], want[i], 1e-6);
    itp_plan_free(plan);
}

typedef struct axis_law {
    const product *p;
    int axis;
} axis_law;

static double axis_cdf(const void *user, double y)
{
    const axis_law *a = user;
    return product_cdf(a->p, a->axis, y);
}

/* Of `count` samples along one axis, mean over the axes. */
static double mean_ks(const product *p, const double *x, int count)
{
    double *y = malloc((size_t)count * sizeof *y), all[PRODUCT_MOST], sum = 0;
    assert_non_null(y);
    for (int j = 0; j < p->dim; j++) {
        axis_law a = {p, j};
        for (int i = 0; i < count; i++) {
            product_to_axes(p, x + (size_t)i * PRODUCT_MOST, all);
            y[i] = all[j];
        }
        sum += stats_ks(y, count, axis_cdf, &a) / p->dim;
    }
    free(y);
    return sum;
}

/* The sampler with its own noise, the Brownian path: random samples. Their KS distance has the mean .8687/sqrt(n) and
 * the deviation .26/sqrt(n) where the law is right; the mean over 8 axes then a deviation of .092/sqrt(n). */
static void check_samples(double k, int way, const char *solver)
{
    enum { SAMPLES = 2000 };
    product p = rotated();
    law_choice c = {k, law_way_of(way), solver, 0, ITP_NOISE_PATH};
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    double *x = malloc(SAMPLES * PRODUCT_MOST * sizeof *x);
    assert_non_null(x);
    check_status("plan", law_new_plan(&c, 128, &plan), ITP_OK);
    batch.dim = PRODUCT_MOST;
    batch.count = SAMPLES;
    batch.type = ITP_FLOAT64;
    batch.seed = 11;
    check_status("sample", itp_sample(plan, &batch, x, product_run, &p), ITP_OK);
    double ks = mean_ks(&p, x, SAMPLES);
    print_message("# 8 dimensions, %s, k %g, %s: %.4f\n", solver, k, c.way.name, ks);
    check_true(solver, ks < (.8687 + 4 * .092) / sqrt(SAMPLES) + .01);
    free(x);
    itp_plan_free(plan);
}

static void samples_in_eight_dimensions(void **state)
{
    (void)state;
    check_samples(0, LAW_LAZY, "euler");
    check_samples(.5, LAW_LAZY_U, "sra1");
    check_samples(1, LAW_LINEAR, "euler-maruyama");
    check_samples(1, LAW_LAZY_U, "shark");
    check_samples(2, LAW_LAZY_U, "sea");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules),
        cmocka_unit_test(solvers),
        cmocka_unit_test(more_steps_are_better),
        cmocka_unit_test(lazy_wins_at_few_steps),
        cmocka_unit_test(lazy_is_exact_on_normal_data),
        cmocka_unit_test(exponential_methods_know_no_schedule),
        cmocka_unit_test(first_figures),
        cmocka_unit_test(first_flows),
        cmocka_unit_test(rotation_is_one),
        cmocka_unit_test(axes_are_independent),
        cmocka_unit_test(flow_is_the_exact_one),
        cmocka_unit_test(samples_in_eight_dimensions),
    };
    return cmocka_run_group_tests_name("laws", tests, setup, teardown);
}
