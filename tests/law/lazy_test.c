/* The lazy schedules on normal data N(0, s^2): the flow is exact for any number of evaluations, any clock and any
 * solver; so is the variance of the SDE that the schedule is lazy for. The network is linear, so the end state is
 * a combination of normals: a plan's rows give its variance exactly, without a sample (docs/maths.md). */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/interpret.h"
#include "../common/network.h"
#include "../common/want.h"

enum { MOST = 9 };
static const double deviations[] = {1, .6};
static const int32_t clocks[] = {ITP_CLOCK_DEFAULT, ITP_CLOCK_ANGLE, ITP_CLOCK_BETA, ITP_CLOCK_IDENTITY};

static itp_schedule *lazy(double k, double s, int32_t clock)
{
    return family_make(&(family){"lazy", ITP_SCHEDULE_LAZY, clock, k, s, 0, 0, 0});
}

static itp_plan *new_plan(const wanted *want, const itp_schedule *schedule, int evaluations, int *status)
{
    wanted desc = *want;
    itp_plan *plan = NULL;
    desc.plan.schedule = schedule;
    desc.plan.evaluations = evaluations;
    *status = make_plan(&desc, &plan);
    return plan;
}

/* ---- the flow ---- */

static void check_flow(const itp_plan *plan, const char *name, double s)
{
    double x[] = {-2, -.3, .7, 3};
    network net = network_linear(mixture_normal(s));
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = COUNT(x);
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status(name, itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    check_near(name, x[0], -2 * s, 1e-12);
    check_near(name, x[1], -.3 * s, 1e-12);
    check_near(name, x[2], .7 * s, 1e-12);
    check_near(name, x[3], 3 * s, 1e-12);
}

static int check_flows(double s, int32_t clock, const char *solver)
{
    int checked = 0;
    itp_schedule *schedule = lazy(0, s, clock);
    for (int n = 1; n <= MOST; n++) {
        label name;
        int status;
        wanted desc = WANTED;
        desc.solver = SOLVER(solver);
        itp_plan *plan = new_plan(&desc, schedule, n, &status);
        snprintf(name.text, sizeof name.text, "%s, clock %d, s %g, %d evaluations", solver, (int)clock, s, n);
        if (status == ITP_E_BUDGET) continue;
        check_status(name.text, status, ITP_OK);
        check_flow(plan, name.text, s);
        itp_plan_free(plan);
        checked++;
    }
    itp_schedule_free(schedule);
    return checked;
}

/* Every solver that works with the drift, which is zero here; the others have its linear part, not a zero, exact. */
static void flow_is_exact(void **state)
{
    int solvers = 0;
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        if (SOLVER(kind_name_at("solver", i)).family > ITP_ADAMS_BASHFORTH) continue;
        for (int c = 0; c < COUNT(clocks); c++)
            for (int j = 0; j < COUNT(deviations); j++)
                assert_true(check_flows(deviations[j], clocks[c], kind_name_at("solver", i)) >= MOST - 5);
        solvers++;
    }
    assert_true(solvers >= 17);
}

/* Under any other schedule a single step is not: the test above would pass on a library that ignored the schedule. */
static void other_schedules_are_not_exact(void **state)
{
    (void)state;
    int status;
    double x[] = {1};
    wanted desc = WANTED;
    network net = network_linear(mixture_normal(.6));
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    itp_plan *plan = new_plan(&desc, NULL, 4, &status);
    check_status("plan", status, ITP_OK);
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    assert_true(fabs(x[0] - .6) > 1e-3);
    itp_plan_free(plan);
}

/* ---- the SDE ---- */

static void linear_network(void *user, double time, const double *y, double *out, size_t n)
{
    double slope = network_value(user, time, 1.0);
    for (size_t i = 0; i < n; i++) out[i] = slope * y[i];
}

/* Normal m is the m-th unit vector, so that the state is the vector of its own coefficients. */
static double end_variance(const itp_plan *plan, double s)
{
    network net = network_linear(mixture_normal(s));
    int32_t numbers[4096];
    size_t n = (size_t)interpret_numbers(plan, numbers, 4096);
    double *unit = calloc(n * n, sizeof *unit), *x = calloc(n, sizeof *x), sum = 0;
    for (size_t m = 0; m < n; m++) unit[m * n + m] = 1;
    interpret_job job = {n, unit, linear_network, &net, 0, numbers, (int32_t)n};
    check_status("interpret", interpret_logical(plan, &job, x), ITP_OK);
    for (size_t m = 0; m < n; m++) sum += x[m] * x[m];
    free(unit);
    free(x);
    return sum;
}

static void check_variances(double k, double s, int32_t clock, int32_t start)
{
    itp_schedule *schedule = lazy(k, s, clock);
    for (int n = 1; n <= MOST; n++) {
        label name;
        int status;
        wanted desc = WANTED;
        desc.diffusion.k = k;
        desc.plan.start = start;
        desc.plan.last = ITP_LAST_NOISE;
        desc.plan.singular = ITP_SINGULAR_ERROR;
        itp_plan *plan = new_plan(&desc, schedule, n, &status);
        snprintf(name.text, sizeof name.text, "k %g, s %g, clock %d, start %d, %d evaluations", k, s, (int)clock,
                 (int)start, n);
        check_status(name.text, status, ITP_OK);
        check_near(name.text, end_variance(plan, s), s * s, 1e-12);
        itp_plan_free(plan);
    }
    itp_schedule_free(schedule);
}

static void check_diffusion(double k)
{
    for (int c = 0; c < COUNT(clocks); c++)
        for (int j = 0; j < COUNT(deviations); j++)
            for (int start = ITP_START_EVALUATE; start <= ITP_START_CENTRED; start++)
                check_variances(k, deviations[j], clocks[c], start);
}

static void point_mass_variance_is_exact(void **state)
{
    (void)state;
    check_diffusion(1);
}

static void half_diffusion_variance_is_exact(void **state)
{
    (void)state;
    check_diffusion(.5);
}

static void double_diffusion_variance_is_exact(void **state)
{
    (void)state;
    check_diffusion(2);
}

/* The noise of the last step belongs to the variance: without it the end has s^2 (1 - 1/N) on the beta clock. */
static void last_step_without_noise(void **state)
{
    (void)state;
    itp_schedule *schedule = lazy(1, .6, ITP_CLOCK_BETA);
    for (int n = 2; n <= MOST; n++) {
        label name;
        int status;
        wanted desc = WANTED;
        desc.diffusion.k = 1;
        itp_plan *plan = new_plan(&desc, schedule, n, &status);
        label_index(&name, "evaluations", n);
        check_status(name.text, status, ITP_OK);
        check_near(name.text, end_variance(plan, .6), .36 * (1 - 1. / n), 1e-12);
        itp_plan_free(plan);
    }
    itp_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_is_exact),
        cmocka_unit_test(other_schedules_are_not_exact),
        cmocka_unit_test(point_mass_variance_is_exact),
        cmocka_unit_test(half_diffusion_variance_is_exact),
        cmocka_unit_test(double_diffusion_variance_is_exact),
        cmocka_unit_test(last_step_without_noise),
    };
    return cmocka_run_group_tests_name("lazy", tests, NULL, NULL);
}
