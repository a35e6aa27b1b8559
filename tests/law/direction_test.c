/* From data to noise and back, and from the middle: reversed plans, starts from data, ends part-way. The network is
 * the exact velocity of the two-mode mixture under the linear schedule, whose flow keeps quantiles in their place. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/stats.h"
#include "../common/want.h"

enum { POINTS = 5 };
static const double given[POINTS] = {-1.9, -1.1, .1, .7, 1.6};

static int run(const wanted *desc, int32_t kind, double *x, network *net)
{
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    int status = make_plan(desc, &plan);
    batch.dim = POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = kind;
    batch.seed = 5;
    if (!status) status = itp_sample(plan, &batch, x, network_run, net);
    itp_plan_free(plan);
    return status;
}

static wanted asked(const char *solver, int32_t evaluations)
{
    wanted desc = WANTED;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = evaluations;
    return desc;
}

static void copy(double *to, const double *from)
{
    for (int i = 0; i < POINTS; i++) to[i] = from[i];
}

/* Inversion goes to the noise that the exact flow starts from. */
static void check_inversion(const char *solver, int32_t evaluations, const itp_schedule *schedule, double tolerance)
{
    double x[POINTS];
    network net = network_linear(mixture_two_modes());
    wanted desc = asked(solver, evaluations);
    desc.plan.schedule = schedule;
    desc.grid.reversed = 1;
    copy(x, given);
    check_status(solver, run(&desc, ITP_X_DATA, x, &net), ITP_OK);
    for (int i = 0; i < POINTS; i++) {
        double noise = mixture_flow(&net.target, (mixture_point){0, 1}, given[i], (mixture_point){1, 0});
        check_near(solver, x[i], noise, tolerance);
    }
}

static void inversion_finds_the_noise(void **state)
{
    (void)state;
    itp_schedule *vp = family_make(&(family){"vp", ITP_SCHEDULE_VP, 0, 0, 1, 0, 0, 0});
    check_inversion("rk4", 400, NULL, 1e-6);
    check_inversion("rk4", 400, vp, 1e-6);
    check_inversion("ab2", 800, NULL, 1e-3);
    check_inversion("heun", 800, vp, 1e-3);
    check_inversion("ddim", 2000, NULL, 2e-2);
    check_inversion("dpmpp-2m", 1000, NULL, 1e-2);
    check_inversion("unipc-bh2-2", 1000, vp, 1e-2);
    itp_schedule_free(vp);
}

/* Every solver without noise: there and back is where it was, the better the more evaluations. */
static double round_trip(const char *solver, int32_t evaluations)
{
    double x[POINTS];
    network net = network_linear(mixture_two_modes());
    wanted desc = asked(solver, evaluations);
    copy(x, given);
    desc.grid.reversed = 1;
    if (run(&desc, ITP_X_DATA, x, &net)) return INFINITY;
    desc.grid.reversed = 0;
    check_status(solver, run(&desc, ITP_X_GIVEN, x, &net), ITP_OK);
    return stats_rms_difference(x, given, POINTS);
}

static void there_and_back(void **state)
{
    int flows = 0;
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        const char *id = kind_name_at("solver", i);
        if (strstr(id, "-v2")) continue; /* what it weighs the data with does not add up on this grid */
        double few = round_trip(id, 64), many = round_trip(id, 1024);
        if (isinf(few)) continue;
        check_true(id, many < .05 && many < few * .7 + 1e-9);
        flows++;
    }
    assert_true(flows > 30);
}

/* DDIM's inverse is Euler's method in u, backward: written out here. */
static void reversed_ddim_by_hand(void **state)
{
    enum { N = 9 };
    double x[POINTS], y[POINTS];
    network net = network_linear(mixture_two_modes());
    wanted desc = asked("ddim", N);
    (void)state;
    desc.grid.reversed = 1;
    copy(x, given);
    copy(y, given);
    check_status("ddim", run(&desc, ITP_X_DATA, x, &net), ITP_OK);
    for (int i = N; i > 0; i--)
        for (int j = 0; j < POINTS; j++) y[j] -= network_value(&net, (double)i / N, y[j]) / N;
    for (int j = 0; j < POINTS; j++) check_near("ddim", x[j], y[j], 1e-12);
}

static void noise_has_no_way_back(void **state)
{
    (void)state;
    int refused = 0;
    for (int i = 0; kind_name_at("solver", i); i++) {
        itp_plan *plan = NULL;
        wanted desc = asked(kind_name_at("solver", i), 12);
        desc.grid.reversed = 1;
        int status = make_plan(&desc, &plan);
        check_true(called(&desc), status == ITP_OK || status == ITP_E_UNSUPPORTED);
        refused += status == ITP_E_UNSUPPORTED;
        itp_plan_free(plan);
    }
    assert_true(refused >= 10);
    wanted desc = asked(NULL, 8);
    itp_plan *plan = NULL;
    desc.grid.reversed = 1;
    desc.diffusion.k = 1;
    check_status("k = 1", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
}

/* An image-to-image start: the state at u is (1 - u) noise + u data, in the coordinates of the network's input. */
static void a_start_from_data(void **state)
{
    static const double starts[] = {.2, .5, .9};
    (void)state;
    for (int i = 0; i < COUNT(starts); i++) {
        double noise[POINTS], x[POINTS], y[POINTS], u = starts[i];
        network net = network_linear(mixture_two_modes());
        wanted desc = asked("ab3", 12);
        desc.grid.u_start = u;
        itp_normals(5, 0, 0, 0, ITP_FLOAT64, noise, POINTS);
        copy(x, given);
        for (int j = 0; j < POINTS; j++) y[j] = (1 - u) * noise[j] + u * given[j];
        check_status("from data", run(&desc, ITP_X_DATA, x, &net), ITP_OK);
        check_status("from the state", run(&desc, ITP_X_GIVEN, y, &net), ITP_OK);
        for (int j = 0; j < POINTS; j++) check_near("start", x[j], y[j], 1e-13);
    }
}

/* Half of the way, and the other half: one way. */
static void stops_part_way(void **state)
{
    double x[POINTS], y[POINTS];
    network net = network_linear(mixture_two_modes());
    wanted whole = asked("rk4", 39), first = asked("rk4", 20), second = first;
    (void)state;
    first.grid.u_end = second.grid.u_start = .5;
    second.plan.evaluations = 19; /* the last step has a stage less */
    check_status("whole", run(&whole, ITP_X_NOISE, x, &net), ITP_OK);
    check_status("first half", run(&first, ITP_X_NOISE, y, &net), ITP_OK);
    check_status("second half", run(&second, ITP_X_GIVEN, y, &net), ITP_OK);
    for (int j = 0; j < POINTS; j++) check_near("halves", y[j], x[j], 1e-13);
}

/* A table has a noise level at its clean end: that is where its inversion starts. */
static void a_table_backward(void **state)
{
    (void)state;
    itp_schedule *table = family_make(&(family){"table", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1});
    itp_model model = ITP_MODEL_INIT;
    wanted desc = asked("ddim", 10);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_schedule_point last = ITP_SCHEDULE_POINT_INIT;
    itp_plan *plan = NULL;
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    desc.plan.model = &model;
    desc.grid.reversed = 1;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_status("point", itp_schedule_eval(table, 1, &last), ITP_OK);
    check_near("u_start", info.u_start, last.u, 1e-15);
    check_near("start_data", info.start_data, last.beta, 1e-15);
    check_near("start_scale", info.start_scale, last.alpha, 1e-15);
    assert_true(info.u_end < .01);
    itp_plan_free(plan);
    itp_schedule_free(table);
}

/* diffusers' DDIMInverseScheduler, ten steps of its tests' loop: the noise prediction is x t/(t + 1) at t = 0, 100,
 * ..., 900, each given to the state one level below. Started at 1 the linear loop ends at 1.7514516 (float32). */
static int inverse_dummy(void *user, const itp_request *request)
{
    double t = 100. * request->row;
    (void)user;
    *(double *)request->out = *(const double *)request->x * t / (t + 1);
    return 0;
}

static void diffusers_inverse(void **state)
{
    enum { LEVELS = 11 };
    double product = 1, nodes[LEVELS], x = 1;
    itp_schedule *vp = family_make(&(family){"vp", ITP_SCHEDULE_VP, 0, 0, 1, 0, 0, 0});
    itp_model model = ITP_MODEL_INIT;
    wanted desc = asked("ddim", 10);
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    (void)state;
    nodes[LEVELS - 1] = 1;
    for (int t = 0; t <= 900; t++) {
        product *= 1 - (1e-4 + (.02 - 1e-4) * t / 999);
        if (t % 100 == 0) nodes[LEVELS - 2 - t / 100] = 1 / (1 + sqrt(1 / product - 1));
    }
    model.schedule = vp;
    model.prediction = ITP_PREDICT_NOISE;
    desc.plan.model = &model;
    desc.grid.reversed = 1;
    want_nodes(&desc, nodes, LEVELS);
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_DATA;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("sample", itp_sample(plan, &batch, &x, inverse_dummy, NULL), ITP_OK);
    check_near("inverse", x, 1.7514516004109864, 2e-6);
    itp_plan_free(plan);
    itp_schedule_free(vp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inversion_finds_the_noise), cmocka_unit_test(there_and_back),
        cmocka_unit_test(reversed_ddim_by_hand),     cmocka_unit_test(noise_has_no_way_back),
        cmocka_unit_test(a_start_from_data),         cmocka_unit_test(stops_part_way),
        cmocka_unit_test(a_table_backward),          cmocka_unit_test(diffusers_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
