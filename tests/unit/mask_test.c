/* Masks and hooks: on_data is shown every evaluation, whatever the solver does beside its steps (churn, restarts,
 * correctors, a second output), and what it holds fast comes out as given. With the data prediction X the velocity
 * (X - z)/(1 - t) is solved exactly by a step to the end of any length, and fresh noise is none there. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/plan.h"

enum { DIM = 4, EVALUATIONS = 9 };
static const double KNOWN[DIM] = {-2, 5, .1, NAN}; /* NAN: free */

typedef enum setting { PLAIN, DIFFUSION, FRESH, CHURN, GAMMA, RESTARTS, GUIDED, SETTINGS } setting;
static const char *const said[] = {"plain", "k = 2", "noise=steps", "s_churn", "gamma", "restarts", "guided"};
static const itp_restart twice = {.3, 2, 2, 2};

static int straight_run(void *user, const itp_request *request)
{
    const double *x = request->x;
    double *out = request->out, *out2 = request->out2;
    (void)user;
    for (int i = 0; i < DIM; i++) {
        out[i] = .7 - x[i];
        if (out2) out2[i] = .2 - x[i] / 2;
    }
    return 0;
}

static int ITP_CALL mask(void *user, const itp_request *request, void *data)
{
    int *seen = user;
    check_true("before the data end", request->u < 1);
    for (int i = 0; i < DIM; i++)
        if (!isnan(KNOWN[i])) ((double *)data)[i] = KNOWN[i];
    ++*seen;
    return 0;
}

static int reads(const wanted *want, const char *field)
{
    return !plan_reads(want, field);
}

/* 0: the solver does not read this setting. */
static int set(setting which, wanted *want)
{
    wanted noisy = *want;
    noisy.diffusion.k = 1;
    switch (which) {
    case PLAIN:
    case GUIDED: return 1;
    case DIFFUSION: want->diffusion.k = 2; return reads(want, "k");
    case FRESH: *want = reads(&noisy, "noise") ? noisy : *want; return reads(want, "noise");
    case CHURN: want->solver.s_churn = 4; return reads(want, "s_churn");
    case GAMMA: want->solver.gamma = .8; return reads(want, "gamma");
    default: /* RESTARTS */
        want->solver.restarts = &twice;
        want->solver.restart_count = 1;
        return 1;
    }
}

static itp_plan *plan_for(const char *solver, int32_t prediction, setting which, itp_model *model)
{
    wanted want = WANTED;
    model->prediction = prediction;
    want.plan.model = model;
    want.plan.evaluations = EVALUATIONS;
    want.solver = SOLVER(solver);
    want.grid.u_start = prediction == ITP_PREDICT_NOISE ? .02 : 0;
    if (want.solver.step_scale > 0) want.solver.step_scale = 1; /* longer steps go beyond what is held fast */
    if (!set(which, &want)) return NULL;
    if (which != DIFFUSION && which != PLAIN && reads(&want, "noise")) want.plan.noise = ITP_NOISE_STEPS;
    return plan_wanted(solver, &want);
}

static int held(const char *solver, int32_t prediction, setting which)
{
    double x[DIM];
    int seen = 0;
    label name;
    itp_model model = ITP_MODEL_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_batch batch = {ITP_SIZED(itp_batch), .dim = DIM, .count = 1, .type = ITP_FLOAT64, .seed = 5};
    itp_plan *plan = plan_for(solver, prediction, which, &model);
    if (!plan) return 0;
    batch.on_data = mask;
    batch.user = &seen;
    batch.guidance = which == GUIDED ? 2 : 0;
    snprintf(name.text, sizeof name.text, "%s, %s, %s", solver, kind_name("prediction", prediction), said[which]);
    check_status(name.text, itp_plan_get_info(plan, &info), ITP_OK);
    check_status(name.text, itp_sample(plan, &batch, x, straight_run, NULL), ITP_OK);
    assert_int_equal(seen, info.rows);
    check_true(name.text, info.rows > EVALUATIONS || which != RESTARTS);
    for (int i = 0; i < DIM; i++) check_true(name.text, isfinite(x[i]));
    for (int i = 0; i < DIM; i++)
        if (!isnan(KNOWN[i])) check_near(name.text, x[i], KNOWN[i], 1e-11);
    itp_plan_free(plan);
    return 1;
}

static void every_solver_holds_them(void **state)
{
    static const int32_t predictions[] = {ITP_PREDICT_VELOCITY, ITP_PREDICT_DATA, ITP_PREDICT_NOISE};
    int count[SETTINGS] = {0};
    (void)state;
    for (int32_t i = 0; kind_name_at("solver", i); i++)
        for (int p = 0; p < COUNT(predictions); p++)
            for (setting which = PLAIN; which < SETTINGS; which++)
                count[which] += held(kind_name_at("solver", i), predictions[p], which);
    for (int i = 0; i < SETTINGS; i++) print_message("# %s: %d plans\n", said[i], count[i]);
    for (int i = 0; i < SETTINGS; i++) check_true(said[i], count[i] > 0);
}

/* AlphaFold 3's steps go beyond the prediction: half as far again, so that minus half of what was left of the noise is
 * left after the last. */
static void longer_steps_come_near(void **state)
{
    itp_error why = ITP_ERROR_INIT;
    itp_plan *plan = NULL;
    itp_plan_row last = ITP_PLAN_ROW_INIT;
    double sum = 0;
    (void)state;
    check_status("plan",
                 itp_plan_parse("model=data(schedule=ve(sigma_max=4608), time=sigma) solver=alphafold-3 noise=steps "
                                "evaluations=20 grid=alphafold-3",
                                &why, &plan),
                 ITP_OK);
    check_status("row", itp_plan_get_row(plan, 19, &last), ITP_OK);
    for (int32_t j = 0; j < last.term_count; j++) {
        const itp_term *term = &last.terms[j];
        if (term->column == ITP_COLUMN_OUTPUT) check_near("data", term->coef, 1.5, 1e-10);
        if (term->column == ITP_COLUMN_STATE) sum += term->coef;
    }
    check_near("state", sum, -.5, 1e-10);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_solver_holds_them),
                                       cmocka_unit_test(longer_steps_come_near)};
    return cmocka_run_group_tests_name("masks", tests, NULL, NULL);
}
