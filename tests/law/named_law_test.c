/* Samplers with names of their own: the law that they keep, exactly for a frozen prediction, and for N(m, s^2) data
 * with more and more steps; and what they are without noise. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/gaussian_law.h"
#include "../common/want.h"

enum { MOST = 401 };

static const double MEAN = .4, DEVIATION = .7;
static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_EDM};

static itp_schedule *schedule_of(int32_t kind)
{
    return family_make(&(family){"schedule", kind, 0, 0, 0, .5, 0, 0});
}

static itp_plan *plan_over(const itp_schedule *schedule, const char *solver, double eta, const double *nodes, int count)
{
    itp_model model = ITP_MODEL_INIT;
    wanted want = WANTED;
    itp_plan *plan = NULL;
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_DATA;
    want.plan.model = &model;
    want.solver = SOLVER(solver);
    want_nodes(&want, nodes, count);
    if (!plan_reads(&want, "eta")) want.solver.eta = eta;
    if (!plan_reads(&want, "noise")) want.plan.noise = ITP_NOISE_STEPS;
    check_status(solver, make_plan(&want, &plan), ITP_OK);
    return plan;
}

/* ---- one step with the data prediction as it is ---- */

static void check_step(const char *name, const itp_schedule *schedule, double a, double b)
{
    double nodes[] = {a, b}, state = 0, data = 0, noise = 0;
    itp_plan *plan = plan_over(schedule, name, .6, nodes, COUNT(nodes));
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_get_row(plan, 0, &row), ITP_OK);
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    for (int32_t j = 0; j < row.term_count; j++) {
        const itp_term *term = &row.terms[j];
        double *sum = term->column == ITP_COLUMN_STATE ? &state : term->column == ITP_COLUMN_OUTPUT ? &data : &noise;
        *sum += term->coef;
    }
    check_near(name, state * row.scale * a + data, info.end_scale * b, 1e-13);
    check_near(name, hypot(state * row.scale * (1 - a), noise), info.end_scale * (1 - b), 1e-13);
    itp_plan_free(plan);
}

static void frozen_predictions(void **state)
{
    static const char *const names[] = {"lcm",
                                        "tcd",
                                        "er-sde-1",
                                        "er-sde-2",
                                        "er-sde-3",
                                        "res-2m-ancestral",
                                        "res-2m-ancestral-sigma",
                                        "sde-dpmpp-1-sigma",
                                        "sde-dpmpp-3m-heun-sigma"};
    static const double steps[][2] = {{.1, .3}, {.4, .41}, {.5, .5 + 1e-9}, {.02, .9}, {.7, .999}, {.3, 1}};
    (void)state;
    for (int k = 0; k < COUNT(kinds); k++) {
        itp_schedule *schedule = schedule_of(kinds[k]);
        for (int i = 0; i < COUNT(names); i++)
            for (int j = 0; j < COUNT(steps); j++) check_step(names[i], schedule, steps[j][0], steps[j][1]);
        itp_schedule_free(schedule);
    }
}

/* ---- many steps with the exact network ---- */

static double off(const itp_schedule *schedule, const char *solver, double eta, int steps)
{
    double nodes[MOST];
    for (int i = 0; i <= steps; i++) nodes[i] = (double)i / steps;
    itp_plan *plan = plan_over(schedule, solver, eta, nodes, steps + 1);
    gaussian_law law = gaussian_law_of(plan, MEAN, DEVIATION);
    itp_plan_free(plan);
    return fmax(fabs(law.mean - MEAN), fabs(law.deviation - DEVIATION));
}

static void laws_are_kept(void **state)
{
    static const char *const names[] = {"euler-ancestral",
                                        "dpm-2-ancestral",
                                        "dpmpp-2s-ancestral",
                                        "er-sde-1",
                                        "er-sde-2",
                                        "er-sde-3",
                                        "res-2m-ancestral",
                                        "res-2m-ancestral-sigma",
                                        "res-2s-ancestral",
                                        "res-2s-ancestral-sigma",
                                        "dpm-2-ancestral-sigma",
                                        "sde-dpmpp-1-sigma",
                                        "sde-dpmpp-2m-sigma",
                                        "sde-dpmpp-2m-heun-sigma",
                                        "sde-dpmpp-3m-sigma",
                                        "sde-dpmpp-3m-heun-sigma"};
    static const double etas[] = {.5, 1};
    (void)state;
    for (int k = 0; k < COUNT(kinds); k++) {
        itp_schedule *schedule = schedule_of(kinds[k]);
        for (int i = 0; i < COUNT(names); i++)
            for (int e = 0; e < COUNT(etas); e++) {
                label at;
                double few = off(schedule, names[i], etas[e], 100), many = off(schedule, names[i], etas[e], 400);
                snprintf(at.text, sizeof at.text, "%s eta %.1f", names[i], etas[e]);
                print_message("# %d %-32s %.1e %.1e\n", (int)kinds[k], at.text, few, many);
                check_true(at.text, many < .01 && many < .6 * few + 1e-5);
            }
        itp_schedule_free(schedule);
    }
}

/* Of networks that name the data in one evaluation lcm has the data's law, whatever the steps are, and tcd with eta 1,
 * which steps to the data and back, too. Of the exact network they have not: where they end is its prediction. */
static void in_one_evaluation(void **state)
{
    static const double nodes[][4] = {{0, .3, .7, 1}, {0, .01, .98, 1}};
    static const char *const names[] = {"lcm", "tcd"};
    (void)state;
    for (int i = 0; i < COUNT(names); i++)
        for (int j = 0; j < COUNT(nodes); j++) {
            itp_schedule *schedule = schedule_of(ITP_SCHEDULE_LINEAR);
            itp_plan *plan = plan_over(schedule, names[i], 1, nodes[j], COUNT(nodes[j]));
            gaussian_law law = gaussian_law_in_one(plan, MEAN, DEVIATION),
                         exact = gaussian_law_of(plan, MEAN, DEVIATION);
            check_near(names[i], law.mean, MEAN, 1e-13);
            check_near(names[i], law.deviation, DEVIATION, 1e-13);
            check_true("less of it", exact.deviation < .9 * DEVIATION);
            itp_plan_free(plan);
            itp_schedule_free(schedule);
        }
}

/* Churn by gamma: back along the path by it, and down again. How far the law is from that of N(mean, deviation^2) data
 * at u = end. alphafold-3 takes longer steps than edm-euler, of which it is the same with step_scale 1. */
static double churned(const char *solver, double gamma, double step_scale, double deviation, double end, int steps)
{
    double nodes[MOST];
    wanted want = WANTED;
    itp_plan *plan = NULL;
    for (int i = 0; i <= steps; i++) nodes[i] = end * i / steps;
    want.solver = SOLVER(solver);
    want.solver.gamma = gamma;
    want.solver.s_min = 0;
    want.solver.s_noise = 1;
    want.solver.step_scale = strcmp(solver, "alphafold-3") ? 0 : step_scale;
    want_nodes(&want, nodes, steps + 1);
    want.plan.noise = ITP_NOISE_STEPS;
    check_status(solver, make_plan(&want, &plan), ITP_OK);
    gaussian_law law = gaussian_law_of(plan, MEAN, deviation);
    itp_plan_free(plan);
    return fmax(fabs(law.mean - end * MEAN), fabs(law.deviation - hypot(1 - end, deviation * end)));
}

static const char *const churners[] = {"edm-euler", "edm-heun", "edm-dpm-2s", "edm-dpmpp-2s", "alphafold-3"};

/* Data that are one point: every step is exact, whatever gamma is. */
static void churn_of_a_point(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(churners); i++) {
        check_near(churners[i], churned(churners[i], .8, 1, 0, .9, 9), 0, 1e-13);
        check_near(churners[i], churned(churners[i], 3, 1, 0, .9, 9), 0, 1e-13);
    }
    check_true("longer steps do not keep it", churned("alphafold-3", .8, 1.5, 0, .9, 9) > .01);
}

static void churn_in_many_steps(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(churners); i++) {
        double few = churned(churners[i], .4, 1, DEVIATION, 1, 50);
        double many = churned(churners[i], .1, 1, DEVIATION, 1, 200);
        print_message("# churn %-14s %.1e %.1e\n", churners[i], few, many);
        check_true(churners[i], many < .03 && many < .6 * few);
    }
}

/* A Langevin step of a fixed size has a law of its own, which is off by as much as delta = 2 r^2. */
static void langevin(void **state)
{
    double nodes[MOST], error[2];
    (void)state;
    for (int i = 0; i < MOST; i++) nodes[i] = (double)i / (MOST - 1);
    for (int i = 0; i < 2; i++) {
        wanted want = WANTED;
        itp_plan *plan = NULL;
        want.solver = SOLVER("langevin");
        want.solver.corrector_snr = i ? .08 : .16;
        want_nodes(&want, nodes, MOST);
        want.plan.noise = ITP_NOISE_STEPS;
        check_status("langevin", make_plan(&want, &plan), ITP_OK);
        gaussian_law law = gaussian_law_of(plan, MEAN, DEVIATION);
        error[i] = fmax(fabs(law.mean - MEAN), fabs(law.deviation - DEVIATION));
        itp_plan_free(plan);
    }
    print_message("# langevin %.1e %.1e\n", error[0], error[1]);
    check_true("langevin", error[0] < .01 && error[1] < .6 * error[0]);
}

/* Restarts keep the law of methods of the flow, of one and of several steps. */
static double restarted(const char *solver, int steps)
{
    double nodes[MOST];
    const itp_restart list[] = {{.2, 1.5, steps / 4, 3}, {.05, .3, steps / 8, 1}};
    wanted want = WANTED;
    itp_plan *plan = NULL;
    for (int i = 0; i <= steps; i++) nodes[i] = (double)i / steps;
    want.solver = SOLVER(solver);
    want.solver.restarts = list;
    want.solver.restart_count = COUNT(list);
    want_nodes(&want, nodes, steps + 1);
    check_status(solver, make_plan(&want, &plan), ITP_OK);
    gaussian_law law = gaussian_law_of(plan, MEAN, DEVIATION);
    itp_plan_free(plan);
    return fmax(fabs(law.mean - MEAN), fabs(law.deviation - DEVIATION));
}

static void restarts(void **state)
{
    static const char *const names[] = {"euler", "heun", "dpmpp-2m", "dpmpp-2s", "unipc-bh2-2-sigma", "ab3"};
    (void)state;
    for (int i = 0; i < COUNT(names); i++) {
        double few = restarted(names[i], 40), many = restarted(names[i], 160);
        print_message("# restarts %-20s %.1e %.1e\n", names[i], few, many);
        check_true(names[i], many < .01 && many < .6 * few);
    }
}

/* What cannot be is refused with its sentence. */
static void bad_restarts(void **state)
{
    static const struct {
        const char *solver;
        itp_restart restart;
        int status;
    } bad[] = {{"euler", {.2, .1, 3, 1}, ITP_E_RANGE},   {"euler", {0, 1, 3, 1}, ITP_E_RANGE},
               {"euler", {.2, 1, 0, 1}, ITP_E_RANGE},    {"euler", {.2, 1, 3, 0}, ITP_E_RANGE},
               {"euler", {.2, NAN, 3, 1}, ITP_E_RANGE},  {"euler", {.2, 1, 1 << 30, 1 << 30}, ITP_E_RANGE},
               {"euler", {.01, .02, 3, 1}, ITP_E_RANGE}, {"sde-dpmpp-2m", {.2, 1, 3, 1}, ITP_E_UNSUPPORTED}};
    (void)state;
    for (int i = 0; i < COUNT(bad); i++) {
        capture said;
        itp_env env = capture_env(&said);
        label name;
        wanted want = WANTED;
        itp_plan *plan = NULL;
        want.plan.env = &env;
        want.plan.evaluations = 8;
        want.solver = SOLVER(bad[i].solver);
        want.solver.restarts = &bad[i].restart;
        want.solver.restart_count = 1;
        check_status(label_index(&name, "bad", i), make_plan(&want, &plan), bad[i].status);
        check_true(name.text, capture_has(&said, "restarts") && !plan);
    }
}

/* ---- and without noise ---- */

static void same_plan(const char *one, double eta, const char *other, double other_eta)
{
    static const double nodes[] = {0, .1, .25, .4, .6, .8, .95, 1};
    itp_schedule *schedule = schedule_of(ITP_SCHEDULE_LINEAR);
    itp_plan *a = plan_over(schedule, one, eta, nodes, COUNT(nodes)),
             *b = plan_over(schedule, other, other_eta, nodes, COUNT(nodes));
    gaussian_law p = gaussian_law_of(a, MEAN, DEVIATION), q = gaussian_law_of(b, MEAN, DEVIATION);
    check_near(one, p.mean, q.mean, 1e-13);
    check_near(one, p.deviation, q.deviation, 1e-13);
    itp_plan_free(a);
    itp_plan_free(b);
    itp_schedule_free(schedule);
}

static void limits(void **state)
{
    static const char *const pairs[][2] = {{"tcd", "ddim"},
                                           {"res-2m-ancestral", "dpmpp-2m-heun"},
                                           {"res-2m-ancestral-sigma", "dpmpp-2m-heun-sigma"},
                                           {"res-2s-ancestral", "res-2s"},
                                           {"res-2s-ancestral-sigma", "res-2s-sigma"},
                                           {"dpm-2-ancestral-sigma", "dpm-2s-sigma"},
                                           {"sde-dpmpp-1-sigma", "ddim"},
                                           {"sde-dpmpp-2m-sigma", "dpmpp-2m-sigma"},
                                           {"sde-dpmpp-2m-heun-sigma", "dpmpp-2m-heun-sigma"},
                                           {"sde-dpmpp-3m-sigma", "dpmpp-3m-sigma"},
                                           {"sde-dpmpp-3m-heun-sigma", "dpmpp-3m-heun-sigma"}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) same_plan(pairs[i][0], 0, pairs[i][1], 0);
    same_plan("lcm", 0, "euler-ancestral", 1e30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frozen_predictions), cmocka_unit_test(laws_are_kept),    cmocka_unit_test(langevin),
        cmocka_unit_test(in_one_evaluation),  cmocka_unit_test(churn_of_a_point), cmocka_unit_test(churn_in_many_steps),
        cmocka_unit_test(restarts),           cmocka_unit_test(bad_restarts),     cmocka_unit_test(limits),
    };
    return cmocka_run_group_tests_name("laws of named samplers", tests, NULL, NULL);
}
