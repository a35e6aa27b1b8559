/* DPM-Solver's own code, method "singlestep" (LuChengTHU/dpm-solver, dpm_solver_pytorch.py) with its stages at nodes of
 * skip_type time_uniform and time_quadratic: the formulas written out under the VP SDE, in its time, 1 to .01. Steps of
 * order p lie between every p-th node of N; the orders are 3, ..., 3, 2, 1 for N = 3K, or 3, ..., 3 and the rest of N;
 * all of them 3 in "singlestep_fixed". */
#include <math.h>
#include <stdio.h>

#include "../common/check.h"
#include "../common/mixture.h"
#include "../common/want.h"
#include "denoiser.h"

enum { MOST = 40 };

/* The noise schedule at a time: alpha and sigma are the paper's, alpha multiplying the data. */
typedef struct point {
    double alpha, sigma, lambda;
} point;

static point at_time(double t)
{
    double log_alpha = -t * t * (20 - .1) / 4 - t * .1 / 2;
    point p = {exp(log_alpha), sqrt(-expm1(2 * log_alpha)), 0};
    p.lambda = log_alpha - log(p.sigma);
    return p;
}

typedef struct authors {
    const char *solver;
    int data, order, fixed;
    double start; /* their t_start, or t_T */
    int steps[2]; /* from, to */
} authors;

static point node_of(const authors *run, int quadratic, int i, int steps)
{
    double start = quadratic ? sqrt(run->start) : run->start, end = quadratic ? sqrt(.01) : .01;
    double t = start + (end - start) * i / steps;
    return at_time(quadratic ? t * t : t);
}

static double position(point p)
{
    return p.alpha / (p.alpha + p.sigma);
}

/* The data prediction of "dpmsolver++" or the noise prediction of "dpmsolver". */
static double predicted(int data, point p, double x)
{
    mixture target = mixture_two_modes();
    double mean = mixture_data(&target, p.sigma, p.alpha, x);
    return data ? mean : (x - p.alpha * mean) / p.sigma;
}

/* With the prediction m at s, and phi_1, phi_2 of the papers' formulas. */
static double first_update(int data, point s, point t, double x, double m)
{
    double h = t.lambda - s.lambda;
    return data ? t.sigma / s.sigma * x - t.alpha * expm1(-h) * m : t.alpha / s.alpha * x - t.sigma * expm1(h) * m;
}

static double phi_1(int data, point s, point t)
{
    double h = t.lambda - s.lambda;
    return data ? -t.alpha * expm1(-h) : -t.sigma * expm1(h);
}

static double phi_2(int data, point s, point t)
{
    double h = t.lambda - s.lambda;
    return data ? t.alpha * (expm1(-h) / h + 1) : -t.sigma * (expm1(h) / h - 1);
}

static double share(point s, point inner, point t)
{
    return (inner.lambda - s.lambda) / (t.lambda - s.lambda);
}

/* One step over `order` intervals from p[0] on. */
static double update(int data, int order, const point *p, double x)
{
    point s = p[0], t = p[order];
    double m = predicted(data, s, x), end = first_update(data, s, t, x, m);
    if (order == 1) return end;
    double m1 = predicted(data, p[1], first_update(data, s, p[1], x, m)), r1 = share(s, p[1], t);
    if (order == 2) return end + .5 / r1 * phi_1(data, s, t) * (m1 - m);
    double r2 = share(s, p[2], t), stage = first_update(data, s, p[2], x, m);
    double m2 = predicted(data, p[2], stage + r2 / r1 * phi_2(data, s, p[2]) * (m1 - m));
    return end + 1 / r2 * phi_2(data, s, t) * (m2 - m);
}

static int order_at(const authors *run, int i, int steps)
{
    int left = steps - i;
    if (left == 3 && run->order == 3 && !run->fixed) return 2;
    return left < run->order ? left : run->order;
}

static double theirs(const authors *run, int quadratic, int steps, double x)
{
    point p[MOST + 1];
    for (int i = 0; i <= steps; i++) p[i] = node_of(run, quadratic, i, steps);
    for (int i = 0, order; i < steps; i += order) {
        order = order_at(run, i, steps);
        x = update(run->data, order, p + i, x);
    }
    return x;
}

static void ours(const authors *run, int quadratic, int steps, double *x)
{
    int32_t path = PEER_VP;
    itp_schedule *schedule = NULL;
    itp_model model;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    check_status("vp-sde", itp_schedule_make(ITP_SCHEDULE_VP_SDE, &schedule), ITP_OK);
    peer_model(schedule, &model);
    desc.plan.model = &model;
    desc.solver = SOLVER(run->solver);
    desc.grid.kind = quadratic ? ITP_GRID_QUADRATIC : ITP_GRID_TIME;
    desc.plan.evaluations = steps;
    if (run->start < 1) desc.grid.u_start = position(node_of(run, quadratic, 0, steps));
    desc.grid.u_end = position(node_of(run, quadratic, steps, steps));
    desc.solver.final_order = run->fixed ? ITP_FINAL_FULL : ITP_FINAL_LOWER;
    batch.dim = PEER_POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < PEER_POINTS; i++) x[i] = peer_start[i];
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("sample", itp_sample(plan, &batch, x, denoiser_run, &path), ITP_OK);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

static void compare(const authors *run, int quadratic, int steps)
{
    double x[PEER_POINTS], worst = 0;
    label name;
    ours(run, quadratic, steps, x);
    for (int i = 0; i < PEER_POINTS; i++)
        worst = fmax(worst, fabs(x[i] - theirs(run, quadratic, steps, peer_start[i])));
    snprintf(name.text, sizeof name.text, "%s %s%s %d", run->solver, quadratic ? "quadratic" : "time",
             run->fixed ? " fixed" : "", steps);
    print_message("# %-32s %.1e\n", name.text, worst);
    check_near(name.text, worst, 0, 1e-12);
}

/* Of order 2 both methods are one, and so is "singlestep_fixed" where it makes all steps. The noise form is theirs
 * where no step multiplies the state by more than e^2, as the first one does in few steps from 1: there such a step is
 * partly of order 1 here, as with every exponential solver, because the full one may fail (theirs goes from 2.5
 * to -22.8 in 4 quadratic steps, the flow to 1.99), though not always (theirs is the nearer in 4 even ones). */
static void the_authors_numbers(void **state)
{
    static const authors runs[] = {
        {"dpmpp-3s-nodes", 1, 3, 0, 1, {4, 12}},     {"dpmpp-3s-nodes", 1, 3, 1, 1, {4, 12}},
        {"dpmpp-singlestep-2", 1, 2, 1, 1, {4, 12}}, {"dpm-3s-nodes", 0, 3, 0, .5, {4, 12}},
        {"dpm-3s-nodes", 0, 3, 1, .5, {4, 12}},      {"dpm-singlestep-2", 0, 2, 1, .5, {4, 12}},
        {"dpm-3s-nodes", 0, 3, 0, 1, {30, 33}}};
    (void)state;
    for (int i = 0; i < COUNT(runs); i++)
        for (int steps = runs[i].steps[0]; steps <= runs[i].steps[1]; steps++)
            for (int quadratic = 0; quadratic < 2; quadratic++) compare(&runs[i], quadratic, steps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_authors_numbers)};
    return cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}
