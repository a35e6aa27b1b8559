/* What a plan makes of errors: by hand where that is short, small for plans as people make them, large for plans whose
 * steps are out of all proportion, with a warning or a refusal. */
#include <interp/interp.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/want.h"

static double amplification_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info.amplification;
}

static int made(const wanted *given, capture *heard, double *amplification)
{
    wanted desc = *given;
    itp_plan *plan = NULL;
    itp_env log = capture_env(heard);
    desc.plan.env = &log;
    int status = make_plan(&desc, &plan);
    *amplification = plan ? amplification_of(plan) : INFINITY;
    itp_plan_free(plan);
    return status;
}

/* One Euler step from u = 0 to 1: Y1 = Y0 + F0. There data = Y0 + F0, so an output F0 = X - Y0 off by sqrt 2, its own
 * size, would move the data prediction by more than the data's size 1, and counts as 1; the exact network is
 * F0 = E[X] - Y0, whose slope of -1 leaves nothing of the start's noise. */
static void one_step_by_hand(void **state)
{
    (void)state;
    wanted desc = WANTED;
    capture heard;
    double amplification;
    desc.plan.evaluations = 1;
    check_status("euler", made(&desc, &heard, &amplification), ITP_OK);
    check_near("euler", amplification, 1, 1e-15);
}

/* Two Euler steps over u = 1/2: Y1 = Y0 + F0/2, Y2 = Y1 + F1/2. At 1/2 data = Y + F/2; an output of size sqrt 2 moves
 * it by 1/sqrt 2, so it counts as sqrt 2, and the result moves by sqrt(1/2) for it. With v the variance of the data,
 * data = 2 v/(1 + v) Y there, so the network's slope is s = 2 (2 v/(1 + v) - 1), the result depends on Y1 by 1 + s/2 =
 * 2 v/(1 + v), and on F0, which counts as 1, by half of that: 1/3 for v = 1/2, next to 1/65. */
static void two_steps_by_hand(void **state)
{
    (void)state;
    wanted desc = WANTED;
    capture heard;
    double amplification;
    desc.plan.evaluations = 2;
    check_status("euler", made(&desc, &heard, &amplification), ITP_OK);
    check_near("euler", amplification, sqrt(.5) + 1. / 3, 1e-14);
}

static void plans_as_people_make_them(void **state)
{
    static const int32_t GRIDS[] = {ITP_GRID_TIME,   ITP_GRID_SHIFT,  ITP_GRID_QUADRATIC,
                                    ITP_GRID_KARRAS, ITP_GRID_LAMBDA, ITP_GRID_BETA};
    (void)state;
    for (int s = 0; kind_name_at("solver", s); s++) {
        for (int g = 0; g < COUNT(GRIDS); g++) {
            wanted desc = WANTED;
            capture heard;
            double amplification;
            desc.solver = SOLVER(kind_name_at("solver", s));
            desc.grid.kind = GRIDS[g];
            desc.grid.shift = GRIDS[g] == ITP_GRID_SHIFT ? 3 : 0;
            desc.plan.evaluations = 40;
            check_status(called(&desc), made(&desc, &heard, &amplification), ITP_OK);
            if (!(amplification <= 100))
                print_error("%s %s: %g\n", called(&desc), kind_name("grid", desc.grid.kind), amplification);
            check_true(called(&desc), amplification <= 100);
        }
    }
}

/* Adams-Bashforth's weights over 1e-12 grow like 1e12, once for each order above the first. */
static void nodes_that_lie_too_close(void **state)
{
    static const double CLOSE[] = {0, .25, .5, .5 + 1e-12, 1};
    (void)state;
    wanted desc = WANTED;
    capture heard;
    double amplification;
    want_nodes(&desc, CLOSE, COUNT(CLOSE));
    desc.solver = SOLVER("ab2");
    check_status("ab2", made(&desc, &heard, &amplification), ITP_OK);
    check_true("ab2", amplification > 1e10 && amplification < 1e13);
    check_true("ab2", heard.level == ITP_LOG_WARNING && capture_has(&heard, "amplification"));
    desc.solver = SOLVER("dpmpp-2m");
    check_status("dpmpp-2m", made(&desc, &heard, &amplification), ITP_OK);
    check_true("dpmpp-2m lowers its order", amplification < 5 && heard.count == 0);
}

/* Six evaluations from lambda = -5 to 5: Adams-Bashforth's of order 4 follow drifts at u = 0, .007 and .05 to 1. */
static void steps_that_span_everything(void **state)
{
    (void)state;
    wanted desc = WANTED;
    capture heard;
    double amplification;
    desc.grid.kind = ITP_GRID_KARRAS;
    desc.plan.evaluations = 6;
    desc.solver = SOLVER("ab4");
    check_status("ab4", made(&desc, &heard, &amplification), ITP_OK);
    check_true("ab4", amplification > 1000);
    check_true("ab4", heard.level == ITP_LOG_WARNING && capture_has(&heard, "more evaluations"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_step_by_hand),           cmocka_unit_test(two_steps_by_hand),
        cmocka_unit_test(plans_as_people_make_them),  cmocka_unit_test(nodes_that_lie_too_close),
        cmocka_unit_test(steps_that_span_everything),
    };
    return cmocka_run_group_tests_name("amplification", tests, NULL, NULL);
}
