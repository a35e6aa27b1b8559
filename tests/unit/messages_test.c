/* What is said: singular ends with their remedy, numbers that callbacks returned, starts that are not the plan's, and
 * descriptions that mean something else than they say. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"

enum { DIM = 3 };

/* A network of noise, or of the score, says nothing of the data at u = 0, with whichever solver; a table of its own
 * begins above. */
static void noise_at_the_noise_end(void **state)
{
    static const int32_t predictions[] = {ITP_PREDICT_NOISE, ITP_PREDICT_SCORE};
    (void)state;
    for (int32_t i = 0; kind_name_at("solver", i); i++) {
        for (int p = 0; p < COUNT(predictions); p++) {
            capture said;
            itp_env log = capture_env(&said);
            itp_model model = ITP_MODEL_INIT;
            wanted desc = WANTED;
            itp_plan *plan = NULL;
            const char *name = kind_name_at("solver", i);
            model.prediction = predictions[p];
            desc.plan.model = &model;
            desc.plan.env = &log;
            desc.solver = SOLVER(kind_name_at("solver", i));
            desc.plan.evaluations = 12;
            check_status(name, make_plan(&desc, &plan), ITP_E_SINGULAR);
            check_true(name, capture_has(&said, "u = 0"));
            check_true(name, capture_has(&said, "u_start > 0"));
            check_true(name, capture_has(&said, "another prediction"));
            desc.grid.u_start = .01;
            check_status(name, make_plan(&desc, &plan), ITP_OK);
            itp_plan_free(plan);
        }
    }
}

typedef struct stopping {
    int32_t row;
    int answer;
} stopping;

static int stopping_run(void *user, const itp_request *request)
{
    const stopping *of = user;
    memset(request->out, 0, request->count * request->dim * sizeof(double));
    return request->row == of->row ? of->answer : 0;
}

/* A number that stops a run is returned, or is ITP_E_CALLBACK, and stands in the log; so does a hook's. */
static void numbers_of_callbacks(void **state)
{
    static const int answers[] = {1, 2, 77, -1, -15, -30};
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    (void)state;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    for (int i = 0; i < COUNT(answers); i++) {
        capture said;
        char number[32];
        double x[DIM];
        itp_env log = capture_env(&said);
        itp_batch batch = ITP_BATCH_INIT;
        stopping user = {4, answers[i]};
        batch.env = &log;
        batch.dim = DIM;
        batch.count = 1;
        batch.type = ITP_FLOAT64;
        int status = itp_sample(plan, &batch, x, stopping_run, &user);
        snprintf(number, sizeof number, "returned %d in row 4", answers[i]);
        check_status(number, status, answers[i] > 0 ? answers[i] : ITP_E_CALLBACK);
        check_true(number, capture_has(&said, number) && capture_has(&said, "network"));
        check_true(number, strstr(itp_status_string(status), "allback") != NULL);
    }
    itp_plan_free(plan);
}

static itp_plan *plan_from(double u_start, int32_t reversed, const itp_schedule *network_schedule)
{
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    model.schedule = network_schedule;
    desc.plan.model = &model;
    desc.grid.u_start = u_start;
    desc.grid.reversed = reversed;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    return plan;
}

static void check_start(itp_plan *plan, int32_t x, int want, const char *says)
{
    capture said;
    double state[DIM] = {0, 0, 0};
    itp_env log = capture_env(&said);
    itp_batch batch = ITP_BATCH_INIT;
    stopping never = {-1, 0};
    batch.env = &log;
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = x;
    check_status("sample", itp_sample(plan, &batch, state, stopping_run, &never), want);
    check_true(says ? says : "silence", says ? capture_has(&said, says) : said.count == 0);
    itp_plan_free(plan);
}

static void starts(void **state)
{
    (void)state;
    itp_schedule *vp_sde = NULL;
    check_status("vp-sde", itp_schedule_make(ITP_SCHEDULE_VP_SDE, &vp_sde), ITP_OK);
    check_start(plan_from(0, 0, NULL), ITP_X_NOISE, ITP_OK, NULL);
    check_start(plan_from(0, 0, NULL), ITP_X_GIVEN, ITP_OK, NULL);
    check_start(plan_from(0, 0, NULL), ITP_X_DATA, ITP_E_UNSUPPORTED, "with noise alone");
    check_start(plan_from(.6, 0, NULL), ITP_X_NOISE, ITP_OK, "begins at u = 0.6");
    check_start(plan_from(.6, 0, NULL), ITP_X_GIVEN, ITP_OK, NULL);
    check_start(plan_from(.6, 0, NULL), ITP_X_DATA, ITP_OK, NULL);
    check_start(plan_from(1e-3, 0, NULL), ITP_X_NOISE, ITP_OK, NULL); /* all but noise */
    check_start(plan_from(0, 1, NULL), ITP_X_NOISE, ITP_E_UNSUPPORTED, "reversed");
    check_start(plan_from(0, 1, NULL), ITP_X_DATA, ITP_OK, NULL);
    check_start(plan_from(0, 0, vp_sde), ITP_X_NOISE, ITP_OK, NULL); /* the network's own noise end */
    check_start(plan_from(0, 0, vp_sde), ITP_X_DATA, ITP_OK, NULL);
    check_start(plan_from(.3, 0, vp_sde), ITP_X_NOISE, ITP_OK, "begins at u = 0.3");
    itp_schedule_free(vp_sde);
}

/* A flow's own 1 - u, given as alpha/beta, begins at u = 1/2. */
static void levels_of_a_flow(void **state)
{
    static const double flow[] = {1, .9, .5, 0}, ve[] = {80, 9, .5, 0}, part[] = {.8, .5, .1, 0};
    static const double *const rows[] = {flow, ve, part};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        capture said;
        itp_env log = capture_env(&said);
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.plan.env = &log;
        desc.grid.kind = ITP_GRID_USER_SIGMA;
        desc.grid.nodes = rows[i];
        desc.grid.node_count = 4;
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_true("warned of", i == 0 ? capture_has(&said, "user-u") : said.count == 0);
        itp_plan_free(plan);
    }
}

/* Betas and alphas are not their product; the product itself, in either order, is, also down to zero SNR. */
static void betas_for_products(void **state)
{
    double betas[DDPM_COUNT], alphas[DDPM_COUNT], product[DDPM_COUNT], turned[DDPM_COUNT], cosine[DDPM_COUNT], p = 1;
    (void)state;
    for (int i = 0; i < DDPM_COUNT; i++) {
        double a = cos((i / 1000. + .008) / 1.008 * acos(0)), b = cos(((i + 1) / 1000. + .008) / 1.008 * acos(0));
        betas[i] = 1e-4 + (.02 - 1e-4) * i / (DDPM_COUNT - 1);
        alphas[i] = 1 - betas[i];
        turned[DDPM_COUNT - 1 - i] = product[i] = p *= alphas[i];
        cosine[i] = i < DDPM_COUNT - 1 ? 1 - b * b / (a * a) : .9999;
    }
    const struct {
        const char *name;
        const double *values;
        int want, says;
    } rows[] = {{"betas", betas, ITP_E_SCHEDULE, 1},
                {"betas of cosines", cosine, ITP_E_SCHEDULE, 1},
                {"alphas", alphas, ITP_OK, 1},
                {"products", product, ITP_OK, 0},
                {"turned", turned, ITP_OK, 0}};
    for (int i = 0; i < COUNT(rows); i++) {
        capture said;
        itp_env log = capture_env(&said);
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule = NULL;
        desc.env = &log;
        desc.kind = ITP_SCHEDULE_TABLE;
        desc.count = DDPM_COUNT;
        desc.alphas_cumprod = rows[i].values;
        check_status(rows[i].name, itp_schedule_new(&desc, &schedule), rows[i].want);
        check_true(rows[i].name, rows[i].says ? capture_has(&said, "product") : said.count == 0);
        itp_schedule_free(schedule);
    }
}

static void tolerances(void **state)
{
    static const double rtol[] = {1e-3, 1e-9, 1e-9, 1e-17}, atol[] = {1e-6, 1e-9, 1e-4, -1};
    (void)state;
    for (int i = 0; i < 2 * COUNT(rtol); i++) {
        capture said;
        itp_env log = capture_env(&said);
        itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
        itp_batch batch = ITP_BATCH_INIT;
        itp_sampler *run = NULL;
        batch.env = &log;
        batch.dim = DIM;
        batch.count = 1;
        batch.type = i % 2 ? ITP_FLOAT64 : ITP_FLOAT32;
        desc.rtol = rtol[i / 2];
        desc.atol = atol[i / 2];
        int vain = i / 2 == 3 || (i / 2 == 1 && i % 2 == 0);
        check_status("adaptive", sampler_for_adaptive(&desc, &batch, &run), ITP_OK);
        check_true("warned", vain ? capture_has(&said, "rtol, atol") : said.count == 0);
        itp_sampler_free(run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_at_the_noise_end), cmocka_unit_test(numbers_of_callbacks), cmocka_unit_test(starts),
        cmocka_unit_test(levels_of_a_flow),       cmocka_unit_test(betas_for_products),   cmocka_unit_test(tolerances),
    };
    return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
