/* The law of the SDE at its end does not depend on the diffusion: for k = 0, .5, 1, 2 and three schedules the samples
 * have the distribution of the data, by the distance of Kolmogorov and Smirnov from the exact one. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/stats.h"
#include "../common/want.h"

enum { SAMPLES = 20000, EVALUATIONS = 200 };

static double target_cdf(const void *user, double x)
{
    return mixture_cdf(user, 0, 1, x);
}

static double distance(const itp_schedule *schedule, double k)
{
    network net = network_linear(mixture_two_modes());
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    double *x = malloc(SAMPLES * sizeof *x);
    desc.plan.schedule = schedule;
    desc.plan.evaluations = EVALUATIONS;
    desc.diffusion.k = k;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    batch.dim = SAMPLES;
    batch.count = 1;
    batch.seed = 5;
    batch.type = ITP_FLOAT64;
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    double worst = stats_ks(x, SAMPLES, target_cdf, &net.target);
    free(x);
    itp_plan_free(plan);
    return worst;
}

/* 1.63/sqrt(n) is the 99 % point; the steps themselves may move the law a little further. */
static void check_law(const family *f, double k)
{
    label name;
    itp_schedule *schedule = family_make(f);
    double worst = distance(schedule, k);
    snprintf(name.text, sizeof name.text, "%s, k %g", f->name, k);
    print_message("# %s: distance %.4f\n", name.text, worst);
    check_true(name.text, worst < 1.63 / sqrt(SAMPLES) + .01);
    itp_schedule_free(schedule);
}

static void check_k(double k)
{
    check_law(&(family){"linear", ITP_SCHEDULE_LINEAR, 0, 0, 1, 0, 0, 0}, k);
    check_law(&(family){"vp", ITP_SCHEDULE_VP, 0, 0, 1, 0, 0, 0}, k);
    check_law(&(family){"lazy", ITP_SCHEDULE_LAZY, 0, k, 1, 0, 0, 0}, k);
}

static void flow(void **state)
{
    (void)state;
    check_k(0);
}

static void half(void **state)
{
    (void)state;
    check_k(.5);
}

static void optimal(void **state)
{
    (void)state;
    check_k(1);
}

static void twice(void **state)
{
    (void)state;
    check_k(2);
}

static double ramp(void *user, double u)
{
    (void)user;
    return 2 * u * (1 - u);
}

/* A schedule is lazy for its own k, and serves any other. */
static void other_diffusions(void **state)
{
    (void)state;
    check_law(&(family){"point-mass", ITP_SCHEDULE_POINT_MASS, 0, 0, 1, 0, 0, 0}, 2);
    check_law(&(family){"point-mass angle", ITP_SCHEDULE_POINT_MASS, ITP_CLOCK_ANGLE, 1, 1, 0, 0, 0}, 0);
    check_law(&(family){"lazy", ITP_SCHEDULE_LAZY, 0, 0, 1, 0, 0, 0}, 1);
}

/* k as a function of the position. */
static void varying(void **state)
{
    (void)state;
    network net = network_linear(mixture_two_modes());
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    double *x = malloc(SAMPLES * sizeof *x);
    desc.plan.evaluations = EVALUATIONS;
    desc.diffusion.k_fn = ramp;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    batch.dim = SAMPLES;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    assert_true(stats_ks(x, SAMPLES, target_cdf, &net.target) < 1.63 / sqrt(SAMPLES) + .01);
    free(x);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow),
        cmocka_unit_test(half),
        cmocka_unit_test(optimal),
        cmocka_unit_test(twice),
        cmocka_unit_test(other_diffusions),
        cmocka_unit_test(varying),
    };
    return cmocka_run_group_tests_name("marginal", tests, NULL, NULL);
}
