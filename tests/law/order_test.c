/* Orders of convergence, on the exact flow of a 1-D Gaussian mixture in float64: under the linear schedule, and under
 * the trigonometric one with the same network.
 *
 * Adams-Bashforth starts with Euler's method, whose first step of length h costs h^2 at the end: on an even grid no
 * method of the family can show more than order 2. Nodes t = (i/N)^2 make that first step h^2 long, and so its cost
 * h^4, without changing the order of the rest: AB3 and AB4 are measured there.
 *
 * The methods of order 5 are measured from u = 0 to .4: over the whole path the next term of their error hides the
 * leading one until both are lost in rounding. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { POINTS = 21, LEVELS = 4, MOST = 4096 };

typedef struct rule {
    const char *solver;
    int graded;
    double order;
    int evaluations; /* per step */
    double end;      /* u at the end */
    int steps[LEVELS];
} rule;

static const rule rules[] = {
    {"euler", 0, 1, 1, 1, {128, 256, 512, 1024}}, {"midpoint", 0, 2, 2, 1, {64, 128, 256, 512}},
    {"heun", 0, 2, 2, 1, {64, 128, 256, 512}},    {"ralston", 0, 2, 2, 1, {64, 128, 256, 512}},
    {"heun3", 0, 3, 3, 1, {64, 128, 256, 512}},   {"bosh3", 0, 3, 3, 1, {64, 128, 256, 512}},
    {"rk4", 0, 4, 4, 1, {64, 128, 256, 512}},     {"rk38", 0, 4, 4, 1, {64, 128, 256, 512}},
    {"tsit5", 0, 5, 6, .4, {8, 16, 32, 64}},      {"dopri5", 0, 5, 6, .4, {8, 16, 32, 64}},
    {"ab2", 0, 2, 1, 1, {64, 128, 256, 512}},     {"ab3", 1, 3, 1, 1, {512, 1024, 2048, 4096}},
    {"ab4", 1, 4, 1, 1, {512, 1024, 2048, 4096}}, {"ipndm-1", 0, 1, 1, 1, {128, 256, 512, 1024}},
    {"ipndm-2", 0, 2, 1, 1, {64, 128, 256, 512}},
};

static itp_plan *plan_for(const rule *r, int graded, const itp_schedule *schedule, int steps)
{
    double nodes[MOST + 1];
    wanted desc = WANTED;
    for (int i = 0; i <= steps; i++) nodes[i] = ((double)i / steps) * ((double)i / steps);
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(r->solver);
    int spared = r->end == 1 && (!strcmp(r->solver, "heun") || r->order == 4) && r->evaluations > 1;
    desc.plan.evaluations = steps * r->evaluations - spared; /* their last step to u = 1 has a stage less */
    desc.grid.u_end = r->end == 1 ? 0 : r->end;
    desc.grid.kind = graded ? ITP_GRID_USER_TIME : ITP_GRID_TIME;
    desc.grid.nodes = graded ? nodes : NULL;
    desc.grid.node_count = graded ? steps + 1 : 0;
    return plan_wanted(r->solver, &desc);
}

static void run(const itp_plan *plan, double *x)
{
    network net = network_linear(mixture_two_modes());
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < POINTS; i++) x[i] = -2.5 + 5.0 * i / (POINTS - 1);
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
}

static void exact(double end, double *x)
{
    mixture target = mixture_two_modes();
    mixture_point noise = {1, 0}, data = {1 - end, end};
    for (int i = 0; i < POINTS; i++) x[i] = mixture_flow(&target, noise, -2.5 + 5.0 * i / (POINTS - 1), data);
}

static double measure(const rule *r, int graded, const itp_schedule *schedule)
{
    double error[LEVELS], x[POINTS], want[POINTS];
    exact(r->end, want);
    for (int i = 0; i < LEVELS; i++) {
        itp_plan *plan = plan_for(r, graded, schedule, r->steps[i]);
        run(plan, x);
        itp_plan_free(plan);
        error[i] = stats_rms_difference(x, want, POINTS);
    }
    double order = stats_order(r->steps, error, LEVELS);
    print_message("# %-10s %-6s order %.3f, error %.2e at %d steps\n", r->solver, graded ? "graded" : "even", order,
                  error[LEVELS - 1], r->steps[LEVELS - 1]);
    return order;
}

static void all_orders(const itp_schedule *schedule)
{
    for (int i = 0; i < COUNT(rules); i++) {
        const rule *r = &rules[i];
        check_near(r->solver, measure(r, r->graded, schedule) - r->order, 0, r->order < 5 ? .15 : .3);
    }
}

static void linear(void **state)
{
    (void)state;
    all_orders(NULL);
}

static void trigonometric(void **state)
{
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    all_orders(vp);
    itp_schedule_free(vp);
}

/* The same methods without the graded start: never worse than order 2. */
static void multistep_on_an_even_grid(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(rules); i++)
        if (rules[i].graded) assert_true(measure(&rules[i], 0, NULL) > 1.85);
}

/* On even nodes iPNDM is Adams-Bashforth; on others it keeps the weights and with them order 2 at most. */
static void ipndm(void **state)
{
    static const char *const pairs[][2] = {
        {"ipndm-1", "euler"}, {"ipndm-2", "ab2"}, {"ipndm-3", "ab3"}, {"ipndm-4", "ab4"}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        double x[2][POINTS];
        for (int j = 0; j < 2; j++) {
            rule r = {pairs[i][j], 0, 0, 1, 1, {0}};
            itp_plan *plan = plan_for(&r, 0, NULL, 16);
            run(plan, x[j]);
            itp_plan_free(plan);
        }
        for (int j = 0; j < POINTS; j++) check_near(pairs[i][0], x[0][j], x[1][j], 1e-13);
    }
    rule graded = {"ipndm-4", 1, 2, 1, 1, {512, 1024, 2048, 4096}};
    check_near("ipndm-4, graded", measure(&graded, 1, NULL), 2, .15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipndm),
        cmocka_unit_test(linear),
        cmocka_unit_test(trigonometric),
        cmocka_unit_test(multistep_on_an_even_grid),
    };
    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
