/* Weak orders of the solvers for additive noise, without sampling: for data N(m, s^2) the exact network is linear, so
 * that a plan's rows make the last state a constant and a sum of normals. Run on these coefficients, one element each,
 * the rows give its mean and variance to rounding; those of the path are known.
 *
 * stochastic-heun has order 1: its first drift sees the noise of the whole step, in the mean twice what it should. A
 * step of Adams-Bashforth or SA-Solver sees that of the step before, which is right to order 2. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/interpret.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { LEVELS = 4, LEAST = 64, MOST = LEAST << (LEVELS - 1) };
static const double MEAN = .7, SD = .6, FIRST = .1, LAST = .9;

static double variance_at(double u)
{
    return (1 - u) * (1 - u) + SD * SD * u * u;
}

/* The velocity E[X - Z | z] of the linear schedule: the first element is the constant part of the state. */
static void network(void *user, double u, const double *z, double *out, size_t n)
{
    double slope = (SD * SD * u - (1 - u)) / variance_at(u);
    (void)user;
    for (size_t i = 0; i < n; i++) out[i] = slope * z[i];
    out[0] += MEAN * (1 - slope * u);
}

typedef struct problem {
    const char *name;
    int32_t schedule, diffusion;
    double k;
} problem;

static double node(const char *solver, double part)
{
    double low = log(FIRST / (1 - FIRST)), high = log(LAST / (1 - LAST));
    int exponential = is_exponential(solver);
    return exponential ? 1 / (1 + exp(-low * (1 - part) - high * part)) : FIRST * (1 - part) + LAST * part;
}

static itp_plan *plan_for(const problem *p, const char *solver, int steps)
{
    double nodes[MOST + 1];
    wanted desc = WANTED;
    itp_schedule *schedule = NULL;
    check_status(p->name, itp_schedule_make(p->schedule, &schedule), ITP_OK);
    for (int i = 0; i <= steps; i++) nodes[i] = node(solver, (double)i / steps);
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    desc.diffusion.k = p->k;
    desc.diffusion.kind = p->diffusion;
    desc.plan.noise = ITP_NOISE_STEPS;
    desc.plan.singular = ITP_SINGULAR_ERROR;
    itp_plan *plan = plan_wanted(solver, &desc);
    itp_schedule_free(schedule);
    return plan;
}

/* Column 0 is the constant 1, column 1 the start's normal xi_0, column 1 + m the normal xi_m. */
static double moment_error(const problem *p, const char *solver, int steps)
{
    itp_plan *plan = plan_for(p, solver, steps);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    size_t n = (size_t)info.normals + 1;
    double *normals = calloc((n - 1) * n, sizeof *normals), *x = calloc(n, sizeof *x), variance = 0;
    interpret_job job = {n, normals, network, NULL, 1, NULL, 0};
    for (size_t m = 0; m + 1 < n; m++) normals[m * n + m + 1] = 1;
    x[0] = FIRST * MEAN;
    x[1] = sqrt(variance_at(FIRST));
    check_status("run", interpret_logical(plan, &job, x), 0);
    for (size_t i = 1; i < n; i++) variance += x[i] * x[i];
    double error = hypot(x[0] - LAST * MEAN, variance - variance_at(LAST));
    free(x);
    free(normals);
    itp_plan_free(plan);
    return error;
}

/* The slope must be at least order - .2 and at most `most`. With three points the mean has order 3 and the variance 2:
 * the slope comes down to 2 from above. */
typedef struct rule {
    const char *solver;
    double order, most;
} rule;

static const rule rules[] = {
    {"euler-maruyama", 1, 1.2},
    {"stochastic-heun", 1, 1.2},
    {"sea", 1, 1.2},
    {"shark", 2, 2.2},
    {"sra1", 2, 2.2},
    {"stochastic-ab2", 2, 4},
    {"stochastic-ab3", 2, 2.4},
    {"sa-2", 2, 2.2},
    {"sa-3", 2, 2.4},
    {"exponential-sde", 1, 1.2},
    {"sa-1-1", 2, 2.2},
    {"sa-2-2", 2, 2.4},
    {"sa-3-3", 2, 2.4},
};

static double measure(const problem *p, const char *solver)
{
    double error[LEVELS];
    int steps[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
        steps[i] = LEAST << i;
        error[i] = moment_error(p, solver, steps[i]);
    }
    double order = stats_order(steps, error, LEVELS);
    print_message("# %-16s %-16s order %.3f, error %.2e at %d steps\n", p->name, solver, order, error[LEVELS - 1],
                  MOST);
    return order;
}

static void orders(void **state)
{
    static const problem problems[] = {{"k 1, linear", ITP_SCHEDULE_LINEAR, ITP_DIFFUSION_K, 1},
                                       {"k .5, vp", ITP_SCHEDULE_VP, ITP_DIFFUSION_K, .5},
                                       {"k 2, point mass", ITP_SCHEDULE_POINT_MASS, ITP_DIFFUSION_K, 2},
                                       {"constant, linear", ITP_SCHEDULE_LINEAR, ITP_DIFFUSION_CONSTANT, 0}};
    (void)state;
    for (int i = 0; i < COUNT(problems); i++)
        for (int j = 0; j < COUNT(rules); j++) {
            double order = measure(&problems[i], rules[j].solver);
            check_true(rules[j].solver, order > rules[j].order - .2 && order < rules[j].most);
        }
}

/* The drift of k = 1 is a martingale under the point mass schedule: what sea leaves out of a linear one is nothing. */
static void sea_under_point_mass(void **state)
{
    static const problem of = {"k 1, point mass", ITP_SCHEDULE_POINT_MASS, ITP_DIFFUSION_K, 1};
    (void)state;
    check_near("euler-maruyama", measure(&of, "euler-maruyama"), 1, .2);
    check_near("sea", measure(&of, "sea") - 2, 0, .2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders),
        cmocka_unit_test(sea_under_point_mass),
    };
    return cmocka_run_group_tests_name("weak", tests, NULL, NULL);
}
