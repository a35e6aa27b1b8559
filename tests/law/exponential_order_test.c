/* Exponential methods: orders of convergence in lambda on the exact flow of the two-mode mixture, from u = .05 to .95,
 * and predictions that are polynomials in lambda, which they integrate exactly.
 *
 * A multistep method starts with a step of order 1, or 2 where it is corrected; nodes whose distances grow from 1/N of
 * the others make its error small enough not to show. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { POINTS = 21, LEVELS = 4, MOST = 1024 };

static const double FIRST = .05, LAST = .95;

static double lambda_of(double u)
{
    return log(u / (1 - u));
}

/* Nodes at even distances in lambda (power 1), or at distances that grow (2). */
static itp_plan *plan_for(const char *solver, int32_t prediction, int steps, int power)
{
    double nodes[MOST + 1], low = lambda_of(FIRST), high = lambda_of(LAST);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    for (int i = 0; i <= steps; i++) nodes[i] = 1 / (1 + exp(-low - (high - low) * pow((double)i / steps, power)));
    model.prediction = prediction;
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    return plan_wanted(solver, &desc);
}

static void run(itp_plan *plan, itp_network_fn fn, void *user, double *x)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < POINTS; i++) x[i] = -2.5 + 5.0 * i / (POINTS - 1);
    check_status("sample", itp_sample(plan, &batch, x, fn, user), ITP_OK);
    itp_plan_free(plan);
}

/* ---- orders ---- */

typedef struct rule {
    const char *solver;
    int power;
    double order;
    int steps[LEVELS];
} rule;

static const rule rules[] = {
    {"ddim", 1, 1, {64, 128, 256, 512}},
    {"dpmpp-2s", 1, 2, {32, 64, 128, 256}},
    {"dpm-2s", 1, 2, {32, 64, 128, 256}},
    {"dpmpp-3s", 1, 3, {32, 64, 128, 256}},
    {"dpm-3s", 1, 3, {32, 64, 128, 256}},
    {"dpmpp-singlestep-2", 1, 2, {64, 128, 256, 512}},
    {"dpm-singlestep-2", 1, 2, {64, 128, 256, 512}},
    {"dpmpp-singlestep-2-heun", 1, 2, {64, 128, 256, 512}},
    {"dpm-singlestep-2-heun", 1, 2, {64, 128, 256, 512}},
    {"dpmpp-singlestep-3", 1, 3, {48, 96, 192, 384}},
    {"dpm-singlestep-3", 1, 3, {48, 96, 192, 384}},
    {"dpmpp-singlestep-3-heun", 1, 3, {48, 96, 192, 384}},
    {"dpm-singlestep-3-heun", 1, 3, {48, 96, 192, 384}},
    {"dpmpp-3s-nodes", 1, 3, {48, 96, 192, 384}},
    {"dpm-3s-nodes", 1, 3, {48, 96, 192, 384}},
    {"unipc-vary-1", 1, 2, {64, 128, 256, 512}},
    {"unipc-vary-2", 1, 3, {64, 128, 256, 512}},
    {"unipc-vary-3", 2, 4, {128, 256, 512, 1024}},
    {"unipc-noise-vary-1", 1, 2, {64, 128, 256, 512}},
    {"unipc-noise-vary-2", 1, 3, {64, 128, 256, 512}},
    {"unipc-noise-vary-3", 2, 4, {128, 256, 512, 1024}},
    {"unipc-noise-bh1-1", 1, 2, {64, 128, 256, 512}},
    {"unipc-noise-bh2-2", 1, 3, {64, 128, 256, 512}},
    {"unipc-noise-bh2-3", 2, 4, {128, 256, 512, 1024}},
    {"res-2s", 1, 2, {32, 64, 128, 256}},
    {"res-3s", 1, 3, {32, 64, 128, 256}},
    {"res-2s-sigma", 1, 2, {32, 64, 128, 256}},
    {"dpm-2s-sigma", 1, 2, {32, 64, 128, 256}},
    {"dpmpp-2m-v2", 1, 2, {64, 128, 256, 512}},
    {"dpmpp-2m-v2", 2, 1, {64, 128, 256, 512}},
    {"dpmpp-2m-v2-sigma", 2, 1, {64, 128, 256, 512}},
    {"euler-ge", 1, 1, {64, 128, 256, 512}},
    {"res-2m", 1, 2, {64, 128, 256, 512}},
    {"res-3m", 2, 3, {128, 256, 512, 1024}},
};

static void orders(void **state)
{
    const mixture target = mixture_two_modes();
    const mixture_point from = {1 - FIRST, FIRST}, to = {1 - LAST, LAST};
    double want[POINTS], x[POINTS], error[LEVELS];
    (void)state;
    for (int i = 0; i < POINTS; i++) want[i] = mixture_flow(&target, from, -2.5 + 5.0 * i / (POINTS - 1), to);
    for (int i = 0; i < COUNT(rules); i++) {
        const rule *r = &rules[i];
        for (int k = 0; k < LEVELS; k++) {
            network net = network_linear(target);
            const char *solver = r->solver;
            run(plan_for(solver, ITP_PREDICT_VELOCITY, r->steps[k], r->power), network_run, &net, x);
            error[k] = stats_rms_difference(x, want, POINTS);
        }
        double order = stats_order(r->steps, error, LEVELS);
        print_message("# %-24s order %.3f, error %.2e\n", r->solver, order, error[LEVELS - 1]);
        check_near(r->solver, order - r->order, 0, .2);
    }
}

/* ---- a prediction A + B lambda, whatever the state ---- */

static const double A = .4, B = -.3;

static int straight(void *user, const itp_request *request)
{
    double *out = request->out;
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = A + B * lambda_of(request->u);
    return 0;
}

/* w e^c (A + B (c - 1)) and u e^-c (A + B (c + 1)): what the exact integrals are made of. */
static double primitive(int32_t prediction, double c)
{
    return prediction == ITP_PREDICT_DATA ? exp(c) * (A + B * (c - 1)) : exp(-c) * (A + B * (c + 1));
}

static double exact(int32_t prediction, double x)
{
    double from = prediction == ITP_PREDICT_DATA ? 1 - FIRST : FIRST;
    double to = prediction == ITP_PREDICT_DATA ? 1 - LAST : LAST;
    return to * (x / from + primitive(prediction, lambda_of(LAST)) - primitive(prediction, lambda_of(FIRST)));
}

static double distance(const char *solver, int32_t prediction, int steps)
{
    double x[POINTS], worst = 0;
    run(plan_for(solver, prediction, steps, 2), straight, NULL, x);
    for (int i = 0; i < POINTS; i++) worst = fmax(worst, fabs(x[i] - exact(prediction, -2.5 + 5.0 * i / (POINTS - 1))));
    return worst;
}

/* UniPC_v of order 2 and 3 corrects its first step; with the weight 1/2 instead nothing is exact. */
static void exact_for_straight_predictions(void **state)
{
    static const struct {
        const char *solver;
        int32_t prediction;
        int holds;
    } all[] = {{"dpmpp-3s", ITP_PREDICT_DATA, 1},
               {"dpm-3s", ITP_PREDICT_NOISE, 1},
               {"res-2s", ITP_PREDICT_DATA, 1},
               {"res-3s", ITP_PREDICT_DATA, 1},
               {"unipc-vary-2", ITP_PREDICT_DATA, 1},
               {"unipc-vary-3", ITP_PREDICT_DATA, 1},
               {"unipc-noise-vary-2", ITP_PREDICT_NOISE, 1},
               {"unipc-noise-vary-3", ITP_PREDICT_NOISE, 1},
               {"unipc-bh1-2", ITP_PREDICT_DATA, 0},
               {"unipc-noise-bh2-2", ITP_PREDICT_NOISE, 0},
               {"dpmpp-2s", ITP_PREDICT_DATA, 0}};
    (void)state;
    for (int i = 0; i < COUNT(all); i++) {
        double worst = distance(all[i].solver, all[i].prediction, 7);
        print_message("# %-24s %.1e\n", all[i].solver, worst);
        check_true(all[i].solver, all[i].holds ? worst < 1e-12 : worst > 1e-4);
    }
}

/* ---- one another ---- */

static void same(const char *name, const char *one, const char *other, int steps, double tolerance)
{
    double x[POINTS], y[POINTS];
    network first = network_linear(mixture_two_modes()), second = first;
    run(plan_for(one, ITP_PREDICT_VELOCITY, steps, 2), network_run, &first, x);
    run(plan_for(other, ITP_PREDICT_VELOCITY, steps, 2), network_run, &second, y);
    for (int i = 0; i < POINTS; i++) check_near(name, x[i], y[i], tolerance);
}

/* RES 2M is DPM-Solver++(2M) with Heun's weights. In two steps UniPC_v has no use for order 3. */
static void the_same_method(void **state)
{
    (void)state;
    same("res-2m", "res-2m", "dpmpp-2m-heun", 9, 1e-13);
    same("unipc-vary", "unipc-vary-2", "unipc-vary-3", 2, 0);
}

/* Blocks of two with their middle node at half the block in lambda are DPM-Solver(++)-2 in half as many steps. */
static void blocks_of_two(void **state)
{
    static const char *const pairs[][2] = {{"dpmpp-singlestep-2", "dpmpp-2s"}, {"dpm-singlestep-2", "dpm-2s"}};
    double x[POINTS], y[POINTS];
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        network first = network_linear(mixture_two_modes()), second = first;
        run(plan_for(pairs[i][0], ITP_PREDICT_VELOCITY, 12, 1), network_run, &first, x);
        run(plan_for(pairs[i][1], ITP_PREDICT_VELOCITY, 6, 1), network_run, &second, y);
        for (int k = 0; k < POINTS; k++) check_near(pairs[i][0], x[k], y[k], 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders),
        cmocka_unit_test(exact_for_straight_predictions),
        cmocka_unit_test(the_same_method),
        cmocka_unit_test(blocks_of_two),
    };
    return cmocka_run_group_tests_name("exponential order", tests, NULL, NULL);
}
