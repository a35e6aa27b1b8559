/* Covariance plans: on N(mu, Sigma) data the end of the flow is mu + Sigma^1/2 z for any number of evaluations,
 * whatever the solver, the network's schedule and its prediction. And what must agree with the ordinary plan does. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/check.h"
#include "../common/plan.h"

enum { DIM = 12, BATCH = 3, TOTAL = DIM * BATCH, RANK = 4, MOST = 9 };

/* The exact network for N(mean, turn' diag(variance) turn), of either schedule and three predictions. */
typedef struct gaussian {
    double mean[DIM], variance[DIM];
    double turn[DIM][DIM]; /* row j: the direction of component j */
    int32_t schedule, prediction;
    double bend; /* not 0: the data prediction is bent, so that the network is no longer that of a Gaussian */
} gaussian;

static double normal(uint64_t sample, uint64_t i)
{
    double out;
    check_status("normals", itp_normals(99, sample, 0, i, ITP_FLOAT64, &out, 1), ITP_OK);
    return out;
}

static void turn_randomly(gaussian *g)
{
    for (int i = 0; i < DIM; i++) {
        double square = 0;
        for (int e = 0; e < DIM; e++) g->turn[i][e] = normal(1, (uint64_t)(i * DIM + e));
        for (int j = 0; j < i; j++) {
            double product = 0;
            for (int e = 0; e < DIM; e++) product += g->turn[i][e] * g->turn[j][e];
            for (int e = 0; e < DIM; e++) g->turn[i][e] -= product * g->turn[j][e];
        }
        for (int e = 0; e < DIM; e++) square += g->turn[i][e] * g->turn[i][e];
        for (int e = 0; e < DIM; e++) g->turn[i][e] /= sqrt(square);
    }
}

static void turn_not(gaussian *g)
{
    memset(g->turn, 0, sizeof g->turn);
    for (int i = 0; i < DIM; i++) g->turn[i][i] = 1;
}

/* `equal`: the variances from `RANK` on are the same. */
static gaussian some_gaussian(int turned, int equal)
{
    gaussian g = {.schedule = ITP_SCHEDULE_LINEAR, .prediction = ITP_PREDICT_VELOCITY};
    for (int i = 0; i < DIM; i++) {
        g.mean[i] = 2 * normal(2, (uint64_t)i);
        g.variance[i] = equal && i >= RANK ? .09 : exp(1.5 * normal(3, (uint64_t)i));
    }
    turned ? turn_randomly(&g) : turn_not(&g);
    return g;
}

static void to_components(const gaussian *g, const double *x, double *y)
{
    for (int j = 0; j < DIM; j++) {
        y[j] = 0;
        for (int e = 0; e < DIM; e++) y[j] += g->turn[j][e] * x[e];
    }
}

static void from_components(const gaussian *g, const double *y, double *x)
{
    memset(x, 0, DIM * sizeof *x);
    for (int j = 0; j < DIM; j++) {
        for (int e = 0; e < DIM; e++) x[e] += y[j] * g->turn[j][e];
    }
}

typedef struct place {
    double alpha, beta, dalpha, dbeta;
} place;

static place place_at(int32_t schedule, double t)
{
    const double half = 1.5707963267948966;
    place linear = {1 - t, t, -1, 1};
    place vp = {cos(half * t), sin(half * t), -half * sin(half * t), half * cos(half * t)};
    return schedule == ITP_SCHEDULE_LINEAR ? linear : vp;
}

static void predict(const gaussian *g, double t, const double *x, double *out)
{
    double centred[DIM], y[DIM], data[DIM], noise[DIM];
    place p = place_at(g->schedule, t);
    for (int e = 0; e < DIM; e++) centred[e] = x[e] - p.beta * g->mean[e];
    to_components(g, centred, y);
    for (int j = 0; j < DIM; j++) {
        double v = p.alpha * p.alpha + g->variance[j] * p.beta * p.beta, bent = g->bend * sin(3 * y[j]) * p.alpha;
        data[j] = g->variance[j] * p.beta * y[j] / v + bent * p.alpha;
        noise[j] = p.alpha * y[j] / v - bent * p.beta;
        if (g->prediction == ITP_PREDICT_VELOCITY) y[j] = p.dalpha * noise[j] + p.dbeta * data[j];
        if (g->prediction == ITP_PREDICT_DATA) y[j] = data[j];
    }
    from_components(g, y, out);
    double mean = g->prediction == ITP_PREDICT_VELOCITY ? p.dbeta : g->prediction == ITP_PREDICT_DATA ? 1 : 0;
    for (int e = 0; e < DIM; e++) out[e] += mean * g->mean[e];
}

static int ITP_CALL run_gaussian(void *user, const itp_request *request)
{
    for (size_t s = 0; s < request->count; s++) {
        predict(user, request->time, (const double *)request->x + s * DIM, (double *)request->out + s * DIM);
    }
    return 0;
}

static itp_covariance *covariance_of(const gaussian *g, int32_t kind, size_t rank)
{
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance *out;
    desc.kind = kind;
    desc.dim = DIM;
    desc.mean = g->mean;
    desc.variances = g->variance;
    if (kind == ITP_COVARIANCE_BASIS) {
        desc.rank = rank;
        desc.basis = g->turn[0];
        desc.rest = rank < DIM ? g->variance[DIM - 1] : 0;
    }
    check_status("covariance", itp_covariance_new(&desc, &out), ITP_OK);
    return out;
}

typedef struct way {
    const char *solver;
    int32_t clock, bands, kernel;
} way;

static itp_batch batch_for(int32_t kernel)
{
    itp_batch batch = batch_of(DIM, BATCH, ITP_FLOAT64);
    batch.seed = 4;
    batch.kernel = kernel;
    return batch;
}

static wanted plan_desc(const gaussian *g, itp_model *model, const itp_schedule *schedule)
{
    wanted want = WANTED;
    *model = (itp_model)ITP_MODEL_INIT;
    model->schedule = schedule;
    model->prediction = g->prediction;
    want.plan.model = model;
    return want;
}

/* ITP_E_BUDGET: too few evaluations for the solver; checks nothing then. */
static int sample(const gaussian *g, const itp_covariance *c, way by, int evaluations, double *x)
{
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    itp_covariance_plan *plan;
    itp_model model;
    itp_schedule *schedule;
    itp_batch batch = batch_for(by.kernel);
    check_status("schedule", itp_schedule_make(g->schedule, &schedule), ITP_OK);
    wanted want = plan_desc(g, &model, schedule);
    want.solver = SOLVER(by.solver);
    want.plan.evaluations = evaluations;
    desc.covariance = c;
    desc.plan = description_of(&want);
    desc.clock = by.clock;
    desc.bands = by.bands ? by.bands : -1; /* all */
    int status = itp_covariance_plan_new(&desc, &plan);
    if (!status) {
        check_status("sample", sample_covariance(plan, &batch, x, run_gaussian, (void *)(uintptr_t)g), ITP_OK);
    }
    itp_covariance_plan_free(plan);
    itp_schedule_free(schedule);
    return status;
}

static void exact_end(const gaussian *g, size_t s, double *end)
{
    double z[DIM], y[DIM];
    check_status("normals", itp_normals(4, s, 0, 0, ITP_FLOAT64, z, DIM), ITP_OK);
    to_components(g, z, y);
    for (int j = 0; j < DIM; j++) y[j] *= sqrt(g->variance[j]);
    from_components(g, y, end);
    for (int e = 0; e < DIM; e++) end[e] += g->mean[e];
}

static void check_ends(const char *name, const gaussian *g, const double *x)
{
    double end[DIM];
    for (size_t s = 0; s < BATCH; s++) {
        exact_end(g, s, end);
        for (int e = 0; e < DIM; e++) check_near(name, x[s * DIM + (size_t)e], end[e], 1e-10);
    }
}

/* Returns how many budgets there were. */
static int check_exact(const gaussian *g, int32_t kind, size_t rank, way by)
{
    double x[TOTAL];
    int checked = 0;
    itp_covariance *c = covariance_of(g, kind, rank);
    for (int n = 1; n <= MOST; n++) {
        int status = sample(g, c, by, n, x);
        if (status == ITP_E_BUDGET) continue;
        check_status(by.solver, status, ITP_OK);
        check_ends(by.solver, g, x);
        checked++;
    }
    itp_covariance_free(c);
    return checked;
}

static const char *const solvers[] = {"euler", "ab2"};
static const int32_t kernels[] = {ITP_KERNEL_AUTO, ITP_KERNEL_PORTABLE};
static const int32_t clocks[] = {ITP_CLOCK_DEFAULT, ITP_CLOCK_ANGLE, ITP_CLOCK_BETA, ITP_CLOCK_IDENTITY};

/* ---- exact ---- */

static void rotated_is_exact(void **state)
{
    gaussian g = some_gaussian(1, 0);
    (void)state;
    for (int i = 0; i < COUNT(solvers) * COUNT(clocks) * COUNT(kernels); i++) {
        way by = {solvers[i % 2], clocks[i / 2 % 4], 0, kernels[i / 8]};
        assert_int_equal(check_exact(&g, ITP_COVARIANCE_BASIS, DIM, by), MOST);
    }
}

static void diagonal_is_exact(void **state)
{
    gaussian g = some_gaussian(0, 0);
    (void)state;
    for (int i = 0; i < COUNT(solvers) * COUNT(clocks); i++) {
        way by = {solvers[i % 2], clocks[i / 2], 0, 0};
        assert_int_equal(check_exact(&g, ITP_COVARIANCE_DIAGONAL, 0, by), MOST);
    }
}

static void low_rank_is_exact(void **state)
{
    gaussian g = some_gaussian(1, 1);
    (void)state;
    for (int i = 0; i < COUNT(solvers) * COUNT(clocks) * COUNT(kernels); i++) {
        way by = {solvers[i % 2], clocks[i / 2 % 4], 0, kernels[i / 8]};
        assert_int_equal(check_exact(&g, ITP_COVARIANCE_BASIS, RANK, by), MOST);
    }
}

/* Runge-Kutta methods evaluate at u = 1 too, where the output's mean is a limit. */
static void every_deterministic_drift_solver_is_exact(void **state)
{
    static const char *const others[] = {"midpoint", "heun", "rk4", "ralston", "heun3",   "bosh3",   "rk38",   "tsit5",
                                         "dopri5",   "ab3",  "ab4", "ipndm-2", "ipndm-3", "ipndm-4", "ipndm-1"};
    gaussian turned = some_gaussian(1, 0), low = some_gaussian(1, 1);
    (void)state;
    for (int i = 0; i < COUNT(others); i++) {
        way by = {others[i], ITP_CLOCK_DEFAULT, 0, 0};
        assert_true(check_exact(&turned, ITP_COVARIANCE_BASIS, DIM, by) > 0);
        assert_true(check_exact(&low, ITP_COVARIANCE_BASIS, RANK, by) > 0);
    }
}

/* (A noise prediction says nothing of the data at u = 0: the first step is not the lazy schedule's then.) */
static void every_prediction_and_schedule_is_exact(void **state)
{
    static const int32_t predictions[] = {ITP_PREDICT_VELOCITY, ITP_PREDICT_DATA};
    static const int32_t schedules[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP};
    (void)state;
    for (int i = 0; i < 16; i++) {
        gaussian g = some_gaussian(1, i / 8);
        way by = {solvers[i % 2], ITP_CLOCK_DEFAULT, 0, 0};
        g.prediction = predictions[i / 2 % 2];
        g.schedule = schedules[i / 4 % 2];
        assert_int_equal(check_exact(&g, ITP_COVARIANCE_BASIS, i / 8 ? RANK : DIM, by), MOST);
    }
}

/* ---- as the ordinary plan ---- */

static void ordinary(const gaussian *g, double s, way by, int evaluations, double *x)
{
    itp_schedule_desc lazy = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *under;
    itp_plan *plan;
    itp_model model;
    itp_batch batch = batch_for(0);
    wanted want = plan_desc(g, &model, NULL);
    lazy.kind = ITP_SCHEDULE_LAZY;
    lazy.s = s;
    lazy.clock = by.clock;
    check_status("lazy", itp_schedule_new(&lazy, &under), ITP_OK);
    want.plan.schedule = under;
    want.grid.kind = ITP_GRID_U;
    want.solver = SOLVER(by.solver);
    want.plan.evaluations = evaluations;
    check_status("plan", make_plan(&want, &plan), ITP_OK);
    check_status("sample", itp_sample(plan, &batch, x, run_gaussian, (void *)(uintptr_t)g), ITP_OK);
    itp_plan_free(plan);
    itp_schedule_free(under);
}

/* Sigma = s^2 I is the lazy schedule with s, for any network; with a mean, for one whose data are moved. */
static void isotropic_is_the_lazy_plan(void **state)
{
    static const char *const some[] = {"euler", "ab2", "ab3", "ddim", "dpmpp-2m", "unipc-bh2-2"};
    double x[TOTAL], y[TOTAL];
    (void)state;
    for (int i = 0; i < 3 * COUNT(some); i++) {
        gaussian g = some_gaussian(1, 0), still;
        way by = {some[i / 3], ITP_CLOCK_ANGLE, 0, 0};
        g.bend = .4;
        still = g;
        memset(still.mean, 0, sizeof still.mean);
        gaussian alike = g;
        for (int j = 0; j < DIM; j++) alike.variance[j] = .49;
        itp_covariance *c =
            covariance_of(&alike, i % 3 ? ITP_COVARIANCE_BASIS : ITP_COVARIANCE_DIAGONAL, i % 3 == 1 ? DIM : RANK);
        check_status("sample", sample(&g, c, by, 6, x), ITP_OK);
        ordinary(&still, .7, by, 6, y);
        for (int e = 0; e < TOTAL; e++) check_near(by.solver, x[e], y[e] + g.mean[e % DIM], 1e-10);
        itp_covariance_free(c);
    }
}

/* Low rank and full rank say the same of the same covariance, for a network that is not Gaussian. */
static void ranks_agree(void **state)
{
    double x[TOTAL], y[TOTAL];
    gaussian g = some_gaussian(1, 1);
    (void)state;
    g.bend = .4;
    itp_covariance *full = covariance_of(&g, ITP_COVARIANCE_BASIS, DIM);
    itp_covariance *low = covariance_of(&g, ITP_COVARIANCE_BASIS, RANK);
    for (int i = 0; i < 8; i++) {
        way by = {i % 2 ? "ab3" : "heun", ITP_CLOCK_DEFAULT, i / 2 % 2 ? 64 : 0, kernels[i / 4]};
        check_status("full", sample(&g, full, by, 8, x), ITP_OK);
        check_status("low", sample(&g, low, by, 8, y), ITP_OK);
        for (int e = 0; e < TOTAL; e++) check_near("rank", y[e], x[e], 1e-11);
    }
    itp_covariance_free(full);
    itp_covariance_free(low);
}

/* It converges to the flow of the network, with the solver's order; so do the means' terms. */
static double distance_to_flow(const gaussian *g, const itp_covariance *c, const char *solver, int evaluations)
{
    double x[TOTAL], end[TOTAL], sum = 0;
    gaussian still = *g;
    memset(still.mean, 0, sizeof still.mean);
    ordinary(&still, 1, (way){"rk4", ITP_CLOCK_IDENTITY, 0, 0}, 2000, end);
    check_status("sample", sample(g, c, (way){solver, ITP_CLOCK_DEFAULT, 5, 0}, evaluations, x), ITP_OK);
    for (int e = 0; e < TOTAL; e++) {
        double off = x[e] - end[e] - g->mean[e % DIM];
        sum += off * off / TOTAL;
    }
    return sqrt(sum);
}

static void orders(void **state)
{
    gaussian g = some_gaussian(1, 0);
    (void)state;
    g.bend = .4;
    itp_covariance *c = covariance_of(&g, ITP_COVARIANCE_BASIS, DIM);
    double euler = distance_to_flow(&g, c, "euler", 64) / distance_to_flow(&g, c, "euler", 128);
    double ab2 = distance_to_flow(&g, c, "ab2", 64) / distance_to_flow(&g, c, "ab2", 128);
    check_near("euler", log2(euler), 1, .15);
    check_near("ab2", log2(ab2), 2, .3);
    itp_covariance_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotated_is_exact),
        cmocka_unit_test(diagonal_is_exact),
        cmocka_unit_test(low_rank_is_exact),
        cmocka_unit_test(every_deterministic_drift_solver_is_exact),
        cmocka_unit_test(every_prediction_and_schedule_is_exact),
        cmocka_unit_test(isotropic_is_the_lazy_plan),
        cmocka_unit_test(ranks_agree),
        cmocka_unit_test(orders),
    };
    return cmocka_run_group_tests_name("covariance_law", tests, NULL, NULL);
}
