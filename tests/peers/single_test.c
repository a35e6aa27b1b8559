/* Singlestep methods and UniPC's noise form against other projects: diffusers 58eb52c (DPMSolverSinglestepScheduler,
 * UniPCMultistepScheduler with predict_x0 False) and k-diffusion 4601bf0 (dpm_fast).
 *
 * dpm_fast is not a solver here: its last steps are of lower order, which a number of steps alone does not tell. It is
 * plans of dpm-3s, dpm-2s and ddim one after another. */
#include <math.h>

#include "../common/check.h"
#include "../common/levels.h"
#include "../common/want.h"
#include "denoiser.h"

/* ---- on the exact denoiser, in float64 ---- */

static const peer_row third_order = {
    "VP dpmsolver++ singlestep midpoint o3 sigma_min",
    PEER_VP,
    "dpmpp-singlestep-3",
    10,
    levels_vp_to_min,
    {-1.517690905325059, -0.9295799498450741, 0.6134667856329191, 1.083634640442027, 1.7836418087286325},
    ITP_FINAL_LOWER,
    0};

static void on_the_nodes(void **state)
{
    (void)state;
    peer_check(&third_order, 1e-12);
}

static void under_another_schedule(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_LAZY};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        peer_row row = third_order;
        row.sampling = kinds[i];
        peer_check(&row, 1e-11);
    }
}

/* Even steps in log sigma from 20 to .02, the last ones of lower order so that `evaluations` are spent. */
typedef struct fast_row {
    int evaluations;
    double want[PEER_POINTS];
} fast_row;

static const fast_row fast_rows[] = {
    {9, {-1.7071469861830193, -1.0994049284058562, 0.5588832220982479, 1.1697904174513674, 2.0977438865416356}},
    {10, {-1.6290997724084044, -0.9174966238213013, 0.5563791612799043, 1.125427312877486, 1.9451428252710312}},
    {12, {-1.636805086130949, -0.9854924133229735, 0.5444711580262294, 1.1098771008410089, 2.0186759789267477}},
};

static double fast_node(int i, int steps)
{
    double sigma = exp(log(20.) + (log(.02) - log(20.)) * i / steps);
    return 1 / (1 + sigma);
}

static int run_steps(const char *solver, int from, int to, int steps, double *x)
{
    double nodes[16];
    int32_t path = PEER_VE;
    itp_schedule *schedule = peer_schedule(path, 40);
    itp_model model;
    wanted desc = WANTED;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    for (int i = from; i <= to; i++) nodes[i - from] = fast_node(i, steps);
    peer_model(schedule, &model);
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, to - from + 1);
    batch.dim = PEER_POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("dpm_fast", make_plan(&desc, &plan), ITP_OK);
    check_status("dpm_fast", itp_plan_get_info(plan, &info), ITP_OK);
    check_status("dpm_fast", itp_sample(plan, &batch, x, denoiser_run, &path), ITP_OK);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
    return info.rows;
}

static void fast(void **state)
{
    (void)state;
    for (int k = 0; k < COUNT(fast_rows); k++) {
        const fast_row *row = &fast_rows[k];
        int rest = row->evaluations % 3, steps = row->evaluations / 3 + 1, full = steps - (rest ? 1 : 2), spent;
        double x[PEER_POINTS];
        label name;
        for (int i = 0; i < PEER_POINTS; i++) x[i] = 20 * peer_start[i];
        spent = run_steps("dpm-3s", 0, full, steps, x);
        if (rest != 1) spent += run_steps("dpm-2s", full, full + 1, steps, x);
        if (rest != 2) spent += run_steps("ddim", steps - 1, steps, steps, x);
        assert_int_equal(spent, row->evaluations);
        for (int i = 0; i < PEER_POINTS; i++)
            check_near(label_index(&name, "dpm_fast", row->evaluations), x[i], row->want[i], 1e-12);
    }
}

/* ---- on diffusers' dummy network, out = x t/(t + 1), in float32 ---- */

enum { LONGEST = 64 };

/* float32, as the scheduler keeps them. */
static const double plain_levels[] = {157.40725708007812, 60.27141189575195,   25.52848243713379,   11.939519882202148,
                                      6.135209560394287,  3.442966938018799,   2.0410871505737305,  1.2401612997055054,
                                      0.7235912084579468, 0.34226012229919434, 0.010001329705119133};
static const double plain_times[] = {999, 899, 799, 699, 599, 500, 400, 300, 200, 100};
/* The last level is there twice; here the step is 1e-9 of it long. */
static const double karras_levels[] = {157.40725708007812,
                                       85.71072387695312,
                                       44.04764175415039,
                                       21.105602264404297,
                                       9.274739265441895,
                                       3.652639865875244,
                                       1.246360182762146,
                                       0.34970611333847046,
                                       0.0739302858710289,
                                       0.010001329705119133,
                                       0.010001329705119133 * (1 - 1e-9)};
static const double karras_times[] = {999, 937, 864, 775, 663, 511, 301, 102, 18, 0};

typedef struct dummy {
    const char *solver;
    int32_t prediction, final_order;
    const double *levels, *times;
    int first; /* evaluations made by earlier plans */
} dummy;

static int dummy_run(void *user, const itp_request *request)
{
    const dummy *net = user;
    double time = net->times[net->first + request->row];
    const double *x = request->x;
    double *out = request->out;
    for (size_t j = 0; j < request->count * request->dim; j++) out[j] = x[j] * time / (time + 1);
    return 0;
}

/* Steps `from` to `to`. */
static void dummy_steps(dummy *net, int from, int to, double *x)
{
    double nodes[LONGEST];
    itp_schedule *vp = peer_schedule(PEER_VP, 0);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    for (int i = from; i <= to; i++) nodes[i - from] = 1 / (1 + net->levels[i]);
    model.schedule = vp;
    model.prediction = net->prediction;
    desc.plan.model = &model;
    desc.solver = SOLVER(net->solver);
    want_nodes(&desc, nodes, to - from + 1);
    desc.solver.final_order = net->final_order;
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    net->first = from;
    check_status("dummy", make_plan(&desc, &plan), ITP_OK);
    check_status("dummy", itp_sample(plan, &batch, x, dummy_run, net), ITP_OK);
    itp_plan_free(plan);
    itp_schedule_free(vp);
}

typedef struct dummy_row {
    const char *name;
    dummy run;
    double want; /* factor on the start, or the sum of its full loop over that of the start, 383.5 */
} dummy_row;

/* The singlestep ones have lower_order_final False, their default, and an even number of steps. */
static const dummy_row dummy_rows[] = {
    {"dpm_single no_noise",
     {"dpmpp-singlestep-2", ITP_PREDICT_NOISE, ITP_FINAL_FULL, plain_levels, plain_times, 0},
     .5589600572178282},
    {"dpm_single karras",
     {"dpmpp-singlestep-2", ITP_PREDICT_NOISE, ITP_FINAL_FULL, karras_levels, karras_times, 0},
     172.680921 / 383.5},
    {"dpm_single v_pred",
     {"dpmpp-singlestep-2", ITP_PREDICT_SALIMANS_V, ITP_FINAL_FULL, plain_levels, plain_times, 0},
     .29099916081489735},
    {"dpm_single karras_v",
     {"dpmpp-singlestep-2", ITP_PREDICT_SALIMANS_V, ITP_FINAL_FULL, karras_levels, karras_times, 0},
     .12998097594812993},
    {"unipc bh1 o1 eps",
     {"unipc-noise-bh1-1", ITP_PREDICT_NOISE, ITP_FINAL_FULL, plain_levels, plain_times, 0},
     .49802682627869144},
    {"unipc bh1 o2 eps",
     {"unipc-noise-bh1-2", ITP_PREDICT_NOISE, ITP_FINAL_LOWER, plain_levels, plain_times, 0},
     189.534550 / 383.5},
    {"unipc bh1 o3 eps",
     {"unipc-noise-bh1-3", ITP_PREDICT_NOISE, ITP_FINAL_LOWER, plain_levels, plain_times, 0},
     .4899182652541882},
    {"unipc bh2 o1 eps",
     {"unipc-noise-bh2-1", ITP_PREDICT_NOISE, ITP_FINAL_FULL, plain_levels, plain_times, 0},
     197.238162 / 383.5},
    {"unipc bh2 o2 eps",
     {"unipc-noise-bh2-2", ITP_PREDICT_NOISE, ITP_FINAL_LOWER, plain_levels, plain_times, 0},
     .48864678929971517},
    {"unipc bh2 o3 eps",
     {"unipc-noise-bh2-3", ITP_PREDICT_NOISE, ITP_FINAL_LOWER, plain_levels, plain_times, 0},
     185.523296 / 383.5},
};

static void compare(const char *name, double x, double want, double tolerance)
{
    print_message("# %-24s %.1e\n", name, fabs(fabs(x) / want - 1));
    check_near(name, fabs(x) / want, 1, tolerance);
}

static void dummy_network(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(dummy_rows); i++) {
        dummy net = dummy_rows[i].run;
        double x = 1;
        dummy_steps(&net, 0, 10, &x);
        compare(dummy_rows[i].name, x, dummy_rows[i].want, 3e-6);
    }
}

static dummy block_of(const char *solver, int32_t final_order, const double *levels, const double *times)
{
    dummy net = {solver, ITP_PREDICT_NOISE, final_order, levels, times, 0};
    return net;
}

/* Started inside a block, theirs makes that step of order 1, as the first of a plan is here, but begins the next block
 * where the whole grid has it: one plan for the rest of the block, another from there. */
static void part_of_the_way(void **state)
{
    dummy net = block_of("dpmpp-singlestep-2", ITP_FINAL_FULL, plain_levels, plain_times);
    double x = (1 + plain_levels[5]) / hypot(1, plain_levels[5]);
    (void)state;
    dummy_steps(&net, 5, 6, &x);
    dummy_steps(&net, 6, 10, &x);
    compare("dpm_single with_noise(5)", x, .7020043254364889, 3e-6);
}

/* Of 50 steps the last 47; only the mean of the result is known, .2574 to 1e-3, and that of the start, 383.5/768. */
static void uneven(void **state)
{
    double levels[51], times[50], log_alpha[1000], sum = 0, x = 1;
    dummy net = block_of("dpmpp-singlestep-2", ITP_FINAL_FULL, levels, times);
    (void)state;
    for (int i = 0; i < 1000; i++) log_alpha[i] = sum += log1p(-1e-4 - (.02 - 1e-4) * i / 999);
    for (int i = 0; i <= 50; i++) {
        int n = (int)rint(999. * (50 - i) / 50);
        levels[i] = sqrt(expm1(-log_alpha[n]));
        if (i < 50) times[i] = n;
    }
    dummy_steps(&net, 3, 4, &x);
    dummy_steps(&net, 4, 50, &x);
    print_message("# dpm_single uneven: %.6f\n", fabs(x) * 383.5 / 768);
    check_near("dpm_single uneven", fabs(x) * 383.5 / 768, .2574, 1e-3);
}

/* ---- the last steps ---- */

static const char *const blocks[] = {
    "dpmpp-singlestep-2", "dpmpp-singlestep-3", "dpmpp-singlestep-2-heun", "dpmpp-singlestep-3-heun",
    "dpm-singlestep-2",   "dpm-singlestep-3",   "dpm-singlestep-2-heun",   "dpm-singlestep-3-heun",
    "dpmpp-3s-nodes",     "dpm-3s-nodes"};
/* Of these a plan knows the last weight of a block by the number of its steps: one step fewer is another block. */
enum { BY_NUMBER = 8 };

/* diffusers #9007: order 3 in 3n - 1 steps to sigma 0 took the logarithm of it. Here the last step is DDIM's. */
static void to_the_data(void **state)
{
    (void)state;
    for (int i = 0; i < BY_NUMBER; i++) {
        for (int steps = 2; steps < 10; steps++) {
            double levels[11] = {0}, x = 1, y = 1;
            for (int k = 0; k < steps; k++) levels[k] = plain_levels[k];
            dummy net = block_of(blocks[i], ITP_FINAL_FULL, levels, plain_times);
            dummy_steps(&net, 0, steps, &x);
            dummy_steps(&net, 0, steps - 1, &y);
            net.solver = "ddim";
            dummy_steps(&net, steps - 1, steps, &y);
            check_near(blocks[i], x, y, 1e-12);
        }
    }
}

/* lower_order_final: 1, 2 | 1, 1 and 1, 2, 3 | 1, 2, 1, but nothing changes in a block that is not full. */
static void lower_order(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(blocks); i++) {
        for (int steps = 2; steps < 10; steps++) {
            double x = 1, y = 1;
            int order = i < BY_NUMBER ? 2 + i % 2 : 3, full = steps % order == 0;
            dummy lower = block_of(blocks[i], ITP_FINAL_LOWER, plain_levels, plain_times), net = lower;
            net.final_order = ITP_FINAL_FULL;
            dummy_steps(&lower, 0, steps, &x);
            dummy_steps(&net, 0, full ? steps - 1 : steps, &y);
            net.solver = "ddim";
            if (full) dummy_steps(&net, steps - 1, steps, &y);
            check_near(blocks[i], x, y, 1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_the_nodes),
        cmocka_unit_test(under_another_schedule),
        cmocka_unit_test(fast),
        cmocka_unit_test(dummy_network),
        cmocka_unit_test(part_of_the_way),
        cmocka_unit_test(uneven),
        cmocka_unit_test(to_the_data),
        cmocka_unit_test(lower_order),
    };
    return cmocka_run_group_tests_name("single", tests, NULL, NULL);
}
