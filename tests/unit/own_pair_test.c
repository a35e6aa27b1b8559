/* Adaptive runs with a pair of the caller's: its numbers are copied, what they do is what the built-in pair of the same
 * numbers does, bit for bit, and a pair that cannot be is refused with a sentence. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "solver/solver.h"

enum { DIM = 3, COUNT_OF_SAMPLES = 4, TOTAL = DIM * COUNT_OF_SAMPLES, MOST = ITP_STAGES_MOST };

/* The caller's own copy of a method's numbers, with what points to it. */
typedef struct numbers {
    double a[MOST * MOST], b[MOST], c[MOST], embedded[MOST + 1];
    itp_tableau tableau;
    itp_solver solver;
} numbers;

static void copy_of(const itp_rk_tableau *from, int32_t order, numbers *to)
{
    size_t stages = (size_t)from->stages;
    memcpy(to->a, from->a, stages * stages * sizeof *to->a);
    memcpy(to->b, from->b, stages * sizeof *to->b);
    memcpy(to->c, from->c, stages * sizeof *to->c);
    memcpy(to->embedded, from->embedded, (stages + 1) * sizeof *to->embedded);
    to->tableau = (itp_tableau){ITP_SIZED(itp_tableau),
                                .stages = from->stages,
                                .order = order,
                                .a = to->a,
                                .b = to->b,
                                .c = to->c,
                                .embedded = to->embedded,
                                .embedded_order = from->embedded_order,
                                .embedded_count = from->stages + 1};
    to->solver = (itp_solver){ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .tableau = &to->tableau};
}

static int answer(void *user, const itp_request *request)
{
    const network *net = user;
    for (size_t i = 0; i < request->count * request->dim; i++)
        ((double *)request->out)[i] =
            network_value(net, request->times[i / request->dim], ((const double *)request->x)[i]);
    return 0;
}

static itp_batch batch_in(const itp_env *env)
{
    itp_batch batch = batch_of(DIM, COUNT_OF_SAMPLES, ITP_FLOAT64);
    batch.env = env;
    return batch;
}

/* Over what is given, the caller's things are wiped before the run begins. */
static void sample(const itp_solver *solver, numbers *wiped, double *x, int32_t *evaluations)
{
    const itp_batch batch = batch_in(NULL);
    const itp_adaptive_desc desc = {ITP_SIZED(itp_adaptive_desc), .solver = solver, .rtol = 1e-6, .atol = 1e-6};
    const itp_start start = {ITP_SIZED(itp_start), .x = x, .seed = 7};
    network net = network_linear(mixture_two_modes());
    itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_sampler *run = NULL;
    check_status("new", itp_sampler_new_adaptive(&desc, &batch, &run), ITP_OK);
    if (wiped) memset(wiped, 0xff, sizeof *wiped);
    check_status("run", itp_sampler_run(run, &start, answer, &net), ITP_OK);
    check_status("statistics", itp_adaptive_get_statistics(run, 0, &s), ITP_OK);
    *evaluations = s.evaluations;
    itp_sampler_free(run);
}

static void it_does_what_the_built_in_one_does(void **state)
{
    static const struct {
        const char *name;
        const itp_rk_tableau *pair;
        int32_t order;
    } PAIRS[] = {{"tsit5", &itp_tableau_tsit5, 5},
                 {"dopri5", &itp_tableau_dopri5, 5},
                 {"bosh3", &itp_tableau_bosh3, 3},
                 {"heun", &itp_tableau_heun, 2}};
    (void)state;
    for (int i = 0; i < COUNT(PAIRS); i++) {
        double own[TOTAL], built_in[TOTAL];
        int32_t evaluations[2];
        numbers mine;
        copy_of(PAIRS[i].pair, PAIRS[i].order, &mine);
        sample(&mine.solver, &mine, own, &evaluations[0]);
        sample(kept_solver(PAIRS[i].name), NULL, built_in, &evaluations[1]);
        check_true(PAIRS[i].name, !memcmp(own, built_in, sizeof own));
        check_near(PAIRS[i].name, evaluations[0], evaluations[1], 0);
        check_true(PAIRS[i].name, evaluations[0] > 10);
    }
}

/* Zonneveld 4(3) (Hairer, Norsett, Wanner, II.4, table 4.2): 5 stages, no slope at the result; against a plan of many
 * steps. */
static void a_pair_that_is_not_built_in(void **state)
{
    static const double A[25] = {[5] = .5, [11] = .5, [17] = 1, [20] = 5. / 32, 7. / 32, 13. / 32, -1. / 32},
                        B[5] = {1. / 6, 1. / 3, 1. / 3, 1. / 6, 0}, C[5] = {0, .5, .5, 1, .75},
                        E[6] = {-.5, 7. / 3, 7. / 3, 13. / 6, -16. / 3, 0};
    const itp_tableau zonneveld = {
        ITP_SIZED(itp_tableau), .stages = 5,         .order = 4,         .a = A, .b = B, .c = C,
        .embedded = E,          .embedded_order = 3, .embedded_count = 6};
    const itp_solver solver = {ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .tableau = &zonneveld};
    double x[TOTAL], fine[TOTAL];
    int32_t evaluations, many;
    (void)state;
    sample(&solver, NULL, x, &evaluations);
    sample(kept_solver("dopri5"), NULL, fine, &many);
    for (int i = 0; i < TOTAL; i++) check_near("x", x[i], fine[i], 2e-5);
    check_true("steps", evaluations > 5);
}

typedef struct wrong {
    const char *says;
    int status, stages;
    double embedded[3];
    int32_t order, no_list, restarts;
    double eta;
} wrong;

static void what_cannot_be_is_refused(void **state)
{
    static const wrong CASES[] = {
        {"solver: runge-kutta has no error estimate; ", ITP_E_UNSUPPORTED, 2, {0}, 0, 1, 0, 0},
        {"tableau: embedded has 3 numbers and order 0; give", ITP_E_ARGUMENT, 2, {1, 0, 0}, 0, 0, 0, 0},
        {"tableau: embedded has 3 numbers and order 1; give", ITP_E_ARGUMENT, 2, {1, 0, 0}, 1, 1, 0, 0},
        {"tableau: embedded must be finite and add up to 1", ITP_E_RANGE, 2, {.5, .4, 0}, 1, 0, 0, 0},
        {"tableau: embedded must be finite and add up to 1", ITP_E_RANGE, 2, {1, 0, 0}, 17, 0, 0, 0},
        {"tableau: 17 stages of order 2", ITP_E_RANGE, 17, {1, 0, 0}, 1, 0, 0, 0},
        {"restarts: given, but an adaptive run makes none", ITP_E_UNSUPPORTED, 2, {1, 0, 0}, 1, 0, 1, 0},
        {"eta: 1, but solver \"runge-kutta\" does not read it", ITP_E_UNSUPPORTED, 2, {1, 0, 0}, 1, 0, 0, 1}};
    (void)state;
    for (int i = 0; i < COUNT(CASES); i++) {
        const wrong *w = &CASES[i];
        itp_error why = ITP_ERROR_INIT;
        const itp_env env = {ITP_SIZED(itp_env), .error = &why};
        const itp_batch batch = batch_in(&env);
        itp_sampler *run = NULL;
        numbers mine;
        copy_of(&itp_tableau_heun, 2, &mine);
        memcpy(mine.embedded, w->embedded, sizeof w->embedded);
        mine.tableau.stages = w->stages;
        mine.tableau.embedded_order = w->order;
        mine.tableau.embedded = w->no_list ? NULL : mine.embedded;
        mine.tableau.embedded_count = w->no_list && !w->order ? 0 : w->stages + 1;
        mine.solver.restart_count = w->restarts;
        mine.solver.eta = w->eta;
        const itp_adaptive_desc desc = {ITP_SIZED(itp_adaptive_desc), .solver = &mine.solver};
        check_status(w->says, itp_sampler_new_adaptive(&desc, &batch, &run), w->status);
        if (strncmp(why.text, w->says, strlen(w->says)) != 0) fail_msg("%s", why.text);
        assert_null(run);
    }
}

/* A plan has no use for the pair, but keeps it, and its text has it. */
static void the_text_has_it(void **state)
{
    static const char TEXT[] = "solver=runge-kutta(order=2, a=[[0, 0], [1, 0]], b=[0.5, 0.5], c=[0, 1], "
                               "embedded=[1, 0, 0], embedded_order=1) evaluations=6";
    char printed[512];
    itp_plan *plan = NULL;
    (void)state;
    check_status("text", itp_plan_parse(TEXT, NULL, &plan), ITP_OK);
    check_status("print", itp_plan_print(plan, printed, sizeof printed, NULL), ITP_OK);
    assert_string_equal(printed, TEXT);
    itp_plan_free(plan);
    check_status("short",
                 itp_plan_parse("solver=runge-kutta(2, [[0, 0], [1, 0]], [0.5, 0.5], [0, 1], [1, 0], 1)", NULL, &plan),
                 ITP_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_does_what_the_built_in_one_does),
        cmocka_unit_test(a_pair_that_is_not_built_in),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(the_text_has_it),
    };
    return cmocka_run_group_tests_name("own_pair", tests, NULL, NULL);
}
