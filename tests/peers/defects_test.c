/* Defects of other samplers, one test each: that this library does not have them. Each says where the defect is and
 * what would be right: a closed form, the exact law, or the same program's result where it is free of it. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"
#include "exponential_rows.h"

static itp_plan_row row_of(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row;
}

static itp_plan_info info_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info;
}

static void all_finite(const char *name, const itp_plan *plan)
{
    for (int32_t i = 0; i < info_of(plan).rows; i++) {
        itp_plan_row row = row_of(plan, i);
        check_true(name, isfinite(row.time) && isfinite(row.keep_state) && isfinite(row.keep_output));
        for (int32_t j = 0; j < row.term_count; j++) check_true(name, isfinite(row.terms[j].coef));
    }
}

static void ends_at_the_point(const char *name, const itp_plan *plan)
{
    double x[4], m = .7;
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = COUNT(x);
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    check_status(name, itp_sample(plan, &batch, x, network_point, &m), ITP_OK);
    for (int i = 0; i < COUNT(x); i++) check_near(name, x[i], m, 1e-13);
}

/* diffusers #13243: FlowMatchEulerDiscreteScheduler shifts its sigma_min twice, so that with shift 3 the last of ten
 * levels from 1 to .001 is .008929. Once, it is .002994. */
static void shift_is_applied_once(void **state)
{
    (void)state;
    wanted desc = WANTED;
    desc.grid.kind = ITP_GRID_SHIFT;
    desc.grid.shift = 3;
    desc.plan.evaluations = 1000;
    itp_plan *plan = plan_wanted("shift", &desc);
    check_near("sigma .001", 1 - row_of(plan, 999).u, .003 / 1.002, 1e-12);
    check_near("sigma .889", 1 - row_of(plan, 111).u, 3 * .889 / (1 + 2 * .889), 1e-12);
    itp_plan_free(plan);
}

/* diffusers 58eb52c, DEIS and SASolver with use_flow_sigmas: the last level comes twice, the last step goes nowhere and
 * the noise of level .0999 stays in the sample. */
static void deis_flow_ends_in_the_data(void **state)
{
    static const char *const solvers[] = {"deis-2", "deis-3"};
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    model.prediction = ITP_PREDICT_DATA;
    for (int i = 0; i < COUNT(solvers); i++) {
        wanted desc = WANTED;
        desc.plan.model = &model;
        desc.solver = SOLVER(solvers[i]);
        desc.plan.evaluations = 10;
        itp_plan *plan = plan_wanted("deis", &desc);
        check_same("end", info_of(plan).u_end, 1);
        for (int32_t j = 1; j < 10; j++) check_true("deis", row_of(plan, j).u > row_of(plan, j - 1).u);
        ends_at_the_point("deis", plan);
        itp_plan_free(plan);
    }
}

/* diffusers 58eb52c, UniPC with solver_type "bh1" down to sigma = 0: all NaN. Here it ends near bh2's result, whose
 * numbers the row has. */
static void unipc_bh1_to_zero(void **state)
{
    (void)state;
    int found = 0;
    for (int i = 0; i < COUNT(exponential_rows); i++) {
        peer_row row = exponential_rows[i];
        if (row.path != PEER_VP || strncmp(row.solver, "unipc-bh2-", 10) != 0) continue;
        const char *const bh1[] = {"unipc-bh1-1", "unipc-bh1-2", "unipc-bh1-3"};
        row.solver = bh1[row.solver[10] - '1'];
        peer_check(&row, .05);
        found++;
    }
    assert_int_equal(found, 2);
}

/* diffusers 58eb52c, flow branches of DPM-Solver, UniPC and DEIS: the time is cut to an integer, 899 for .8991. */
static void times_are_not_rounded(void **state)
{
    static const double nodes[] = {1 - .9990, 1 - .8991, 1 - .7992, 1};
    static const char *const solvers[] = {"dpmpp-2m", "unipc-bh2-2", "deis-2"};
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    model.time = ITP_TIME_THOUSAND;
    for (int i = 0; i < COUNT(solvers); i++) {
        wanted desc = WANTED;
        desc.plan.model = &model;
        desc.solver = SOLVER(solvers[i]);
        want_nodes(&desc, nodes, COUNT(nodes));
        itp_plan *plan = plan_wanted("times", &desc);
        check_near("time", row_of(plan, 1).time, 899.1, 1e-13);
        check_near("time", row_of(plan, 2).time, 799.2, 1e-13);
        itp_plan_free(plan);
    }
}

/* diffusers #8549: churn in flow models adds noise as in VE models, without scaling the signal down, and divides by
 * another level than the network saw. Here the law stays that of the data: 4096 samples of N(0, .6^2). */
static void churn_keeps_the_law_of_flow_models(void **state)
{
    static const double churns[] = {0, 10, 40};
    static double x[4096];
    (void)state;
    for (int i = 0; i < COUNT(churns); i++) {
        double sum = 0;
        network net = network_linear(mixture_normal(.6));
        wanted desc = WANTED;
        itp_batch batch = ITP_BATCH_INIT;
        desc.solver = SOLVER("edm-heun");
        desc.plan.evaluations = 128;
        desc.solver.s_churn = churns[i];
        desc.plan.noise = churns[i] > 0 ? ITP_NOISE_STEPS : ITP_NOISE_PATH;
        itp_plan *plan = plan_wanted("churn", &desc);
        batch.dim = COUNT(x);
        batch.count = 1;
        batch.seed = 3;
        batch.type = ITP_FLOAT64;
        check_status("churn", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
        for (int j = 0; j < COUNT(x); j++) sum += x[j] * x[j];
        print_message("# churn %2g: deviation %.4f, %d normals\n", churns[i], sqrt(sum / COUNT(x)),
                      (int)info_of(plan).normals);
        check_near("deviation", sqrt(sum / COUNT(x)), .6, .02);
        check_true("churn", (info_of(plan).normals > 1) == (churns[i] > 0));
        itp_plan_free(plan);
    }
}

/* diffusers #14213: sqrt(sigma_to^2 - sigma_up^2) is the root of a negative number by rounding. */
static void ancestral_steps_of_any_length(void **state)
{
    static const double nodes[] = {0, 1e-9, .4, .4 + 1e-15, .4 + 1e-8, 1 - 1e-9, 1 - 1e-15, 1};
    static const char *const solvers[] = {"euler-ancestral", "ddpm", "dpm-2-ancestral", "dpmpp-2s-ancestral",
                                          "dpmpp-sde"};
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER(solvers[i]);
        desc.solver.eta = 1;
        want_nodes(&desc, nodes, COUNT(nodes));
        itp_plan *plan = plan_wanted(solvers[i], &desc);
        all_finite(solvers[i], plan);
        itp_plan_free(plan);
    }
}

/* diffusers #14411, #14572: shift_terminal with one step divides by zero. */
static void terminal_with_one_step(void **state)
{
    (void)state;
    for (int32_t steps = 1; steps <= 2; steps++) {
        wanted desc = WANTED;
        desc.grid.terminal = .1;
        desc.plan.evaluations = steps;
        itp_plan *plan = plan_wanted("terminal", &desc);
        all_finite("terminal", plan);
        if (steps == 2) check_near("terminal", 1 - row_of(plan, 1).u, .1, 1e-13);
        itp_plan_free(plan);
    }
}

/* diffusers #9007: singlestep plans whose budget is no multiple of the order are NaN; #10748: so is the noise end. */
static void singlestep_with_any_budget(void **state)
{
    static const char *const solvers[] = {"dpmpp-2s", "dpm-2s"};
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    model.prediction = ITP_PREDICT_DATA;
    for (int32_t budget = 2; budget < 12; budget++) {
        wanted desc = WANTED;
        desc.plan.model = &model;
        desc.solver = SOLVER(solvers[budget % 2]);
        desc.plan.evaluations = budget;
        itp_plan *plan = plan_wanted("singlestep", &desc);
        check_same("noise end", info_of(plan).u_start, 0);
        all_finite("singlestep", plan);
        ends_at_the_point("singlestep", plan);
        itp_plan_free(plan);
    }
}

/* flow_matching 11568d3: ScheduleTransformedModel is 4e16 at t = 1 from linear to cosine, NaN to VP. */
static void conversions_at_the_ends(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_VP, ITP_SCHEDULE_VP_SDE};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        itp_schedule *linear, *to;
        itp_conversion end = ITP_CONVERSION_INIT;
        check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
        check_status("to", itp_schedule_make(kinds[i], &to), ITP_OK);
        check_status("convert", itp_schedule_convert(linear, to, 1, &end), ITP_OK);
        check_same("tau", end.tau, 1);
        check_same("c", end.c, 1);
        wanted desc = WANTED;
        desc.plan.schedule = to;
        desc.solver = SOLVER("heun");
        itp_plan *plan = plan_wanted("to the end", &desc);
        all_finite("to the end", plan);
        itp_plan_free(plan);
        itp_schedule_free(to);
        itp_schedule_free(linear);
    }
}

/* SiT 947f95b: the score from a velocity divides by alpha', which is 0 at the noise end of the cosine schedule. There
 * the state is the noise, so that the score is minus the state. */
static void score_at_the_noise_end(void **state)
{
    double a, b;
    itp_schedule *vp;
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    model.schedule = vp;
    check_status("score", itp_prediction_scalars(&model, 0, ITP_PREDICT_SCORE, &a, &b), ITP_OK);
    check_near("state", a, -1, 1e-15);
    check_near("velocity", b, 0, 1e-15);
    itp_schedule_free(vp);
}

static double noise_at_row(const itp_plan *plan, int32_t i, int32_t *normal)
{
    itp_plan_row row = row_of(plan, i);
    for (int32_t j = 0; j < row.term_count; j++) {
        if (row.terms[j].column != ITP_COLUMN_NORMAL) continue;
        *normal = row.terms[j].index;
        return row.terms[j].coef;
    }
    return 0;
}

/* k-diffusion 4601bf0 draws at every step, with or without churn, so that options move the stream: here the noise of a
 * step is its own, and a plan without churn has none. */
static void options_do_not_move_the_noise(void **state)
{
    static const double nodes[] = {.1, .3, .5, .7, .9};
    itp_plan *plans[2];
    int32_t normal[2] = {-1, -2};
    (void)state;
    for (int i = 0; i < 2; i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER("edm-heun");
        want_nodes(&desc, nodes, COUNT(nodes));
        desc.solver.s_churn = 1;
        desc.solver.s_max = i ? .5 : 0; /* churn in the step from .7 alone, or in all but the first */
        plans[i] = plan_wanted("churn", &desc);
    }
    check_same("restricted", noise_at_row(plans[1], 3, &normal[1]), 0);
    check_true("free", noise_at_row(plans[0], 3, &normal[0]) > 0);
    double free_noise = noise_at_row(plans[0], 5, &normal[0]), restricted = noise_at_row(plans[1], 5, &normal[1]);
    check_true("step from .7", free_noise > 0 && restricted > 0);
    assert_int_equal(normal[0], normal[1]);
    itp_plan_free(plans[0]);
    itp_plan_free(plans[1]);
}

/* Noisy VE samplers run on a flow's sigma as they are (stable-diffusion.cpp 97d2990, dpm++2m_sde; ComfyUI 02159d8,
 * res_multistep_ancestral): the noise becomes sigma', but of the data
 * 1 - sigma'^2 (eta 1) where the path has 1 - sigma'. */
static double ve_2m_sde(double x, double from, double to)
{
    double h = log(from / to);
    return to / from * exp(-h) * x - expm1(-2 * h);
}

static double ve_ancestral(double x, double from, double to)
{
    double up = to * sqrt((from - to) * (from + to)) / from, down = sqrt((to - up) * (to + up));
    return down / from * x + 1 - down / from;
}

static void noisy_samplers_of_flow_networks(void **state)
{
    static const double levels[] = {1, .9, .75, .6, .4, .22, .08};
    static const struct {
        double (*theirs)(double x, double from, double to);
        const char *ours;
    } peers[] = {{ve_2m_sde, "sde-dpmpp-2m-sigma"}, {ve_ancestral, "res-2m-ancestral-sigma"}};
    (void)state;
    for (int i = 0; i < COUNT(peers); i++) {
        double x[1] = {0}, one = 1, theirs = 0;
        wanted desc = WANTED;
        itp_batch batch = {ITP_SIZED(itp_batch), .dim = 1, .count = 1, .type = ITP_FLOAT64, .x = ITP_X_GIVEN};
        itp_model model = {ITP_SIZED(itp_model), .prediction = ITP_PREDICT_DATA};
        for (int j = 1; j < COUNT(levels); j++) theirs = peers[i].theirs(theirs, levels[j - 1], levels[j]);
        desc.plan.model = &model;
        desc.solver = SOLVER(peers[i].ours);
        desc.solver.s_noise = 0;
        desc.grid.kind = ITP_GRID_USER_FLOW;
        desc.grid.nodes = levels;
        desc.grid.node_count = COUNT(levels);
        itp_plan *plan = plan_wanted(peers[i].ours, &desc);
        check_status("sample", itp_sample(plan, &batch, x, network_point, &one), ITP_OK);
        print_message("# %s: %.3f of the data at .08, theirs %.3f\n", peers[i].ours, x[0], theirs);
        check_near(peers[i].ours, x[0], 1 - .08, 1e-13);
        check_near("theirs", theirs, 1 - .08 * .08, 1e-13);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shift_is_applied_once),
        cmocka_unit_test(deis_flow_ends_in_the_data),
        cmocka_unit_test(unipc_bh1_to_zero),
        cmocka_unit_test(times_are_not_rounded),
        cmocka_unit_test(churn_keeps_the_law_of_flow_models),
        cmocka_unit_test(ancestral_steps_of_any_length),
        cmocka_unit_test(terminal_with_one_step),
        cmocka_unit_test(singlestep_with_any_budget),
        cmocka_unit_test(conversions_at_the_ends),
        cmocka_unit_test(score_at_the_noise_end),
        cmocka_unit_test(options_do_not_move_the_noise),
        cmocka_unit_test(noisy_samplers_of_flow_networks),
    };
    return cmocka_run_group_tests_name("defects", tests, NULL, NULL);
}
