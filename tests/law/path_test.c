/* The path theorem: the SDE under two schedules, with the same k, the same start and the same Brownian motion, is
 * one process. Euler-Maruyama under either tends to it, so the two runs tend to each other (docs/maths.md, Conversion).
 * States are in the network's coordinates, so they are compared as they are. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { DIM = 128, LEVELS = 4, MOST = 4096 };
static const int levels[LEVELS] = {64, 256, 1024, 4096};
static const double FIRST = .05, LAST = .98;

static itp_plan *plan_for(const itp_schedule *schedule, double k, int steps)
{
    static double nodes[MOST + 1];
    wanted desc = WANTED;
    for (int i = 0; i <= steps; i++) nodes[i] = FIRST + (LAST - FIRST) * i / steps;
    desc.plan.schedule = schedule;
    desc.solver = SOLVER("euler-maruyama");
    desc.diffusion.k = k;
    desc.plan.last = k > 0 ? ITP_LAST_NOISE : ITP_LAST_DATA;
    desc.plan.singular = ITP_SINGULAR_ERROR;
    want_nodes(&desc, nodes, steps + 1);
    desc.plan.evaluations = steps;
    return plan_wanted("plan", &desc);
}

static void run(const itp_schedule *schedule, double k, int steps, uint64_t seed, double *x)
{
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = plan_for(schedule, k, steps);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = 1;
    batch.seed = seed;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < DIM; i++) x[i] = -2 + 4.0 * i / (DIM - 1);
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    assert_int_equal(net.calls, steps);
    itp_plan_free(plan);
}

static void compare(const char *name, const family *a, const family *b, double k)
{
    double difference[LEVELS], x[DIM], y[DIM];
    itp_schedule *from = family_make(a), *to = family_make(b);
    for (int i = 0; i < LEVELS; i++) {
        run(from, k, levels[i], 11, x);
        run(to, k, levels[i], 11, y);
        difference[i] = stats_mean_difference(x, y, DIM);
        print_message("# %s: %4d steps, mean difference %.5f\n", name, levels[i], difference[i]);
    }
    check_true(name, stats_order(levels, difference, LEVELS) > .7);
    check_true(name, difference[LEVELS - 1] < .003);
    check_true(name, difference[0] > 1e-6); /* two different schemes, or nothing is shown */
    itp_schedule_free(from);
    itp_schedule_free(to);
}

#define PLAIN(kind) \
    &(family) \
    { \
        "plain", ITP_SCHEDULE_##kind, 0, 0, 1, 0, 0, 0 \
    }

static void lazy_and_linear(void **state)
{
    (void)state;
    compare("lazy k 1", PLAIN(POINT_MASS), PLAIN(LINEAR), 1);
}

static void vp_and_linear(void **state)
{
    (void)state;
    compare("vp k .5", PLAIN(VP), PLAIN(LINEAR), .5);
}

static void flows(void **state)
{
    (void)state;
    compare("vp k 0", PLAIN(VP), PLAIN(LINEAR), 0);
}

/* The same seed is the same path, whatever the number of steps; another seed is another one, so that the differences
 * above are not small because everything ends at the same place. */
static void another_motion_ends_elsewhere(void **state)
{
    (void)state;
    double x[DIM], y[DIM];
    itp_schedule *linear = family_make(PLAIN(LINEAR));
    run(linear, 1, 64, 11, x);
    run(linear, 1, 256, 11, y);
    double same = stats_mean_difference(x, y, DIM);
    run(linear, 1, 256, 12, y);
    double other = stats_mean_difference(x, y, DIM);
    print_message("# 64 and 256 steps: same seed %.4f, other seed %.4f\n", same, other);
    assert_true(same < .03 && other > .1);
    itp_schedule_free(linear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lazy_and_linear),
        cmocka_unit_test(vp_and_linear),
        cmocka_unit_test(flows),
        cmocka_unit_test(another_motion_ends_elsewhere),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
