/* EDM: a preconditioned network F with sigma_data = .7, sampled under VE by Euler, against Euler's method of 2206.00364
 * (algorithm 1 without its correction) written out on the denoiser itself. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/mixture.h"
#include "../common/plan.h"

static const double SIGMA_DATA = 0.7, SIGMA_MAX = 80, SIGMA_MIN = 0.002;
enum { STEPS = 18, SAMPLES = 9 };

/* Table 1 of the paper read backwards: F from the exact denoiser D. The network knows sigma only by c_noise. */
static double preconditioned(const mixture *target, double c_noise, double x)
{
    double sigma = exp(4 * c_noise), v = sigma * sigma + SIGMA_DATA * SIGMA_DATA;
    double c_in = 1 / sqrt(v), c_skip = SIGMA_DATA * SIGMA_DATA / v, c_out = sigma * SIGMA_DATA / sqrt(v);
    double raw = x / c_in;
    return (mixture_data(target, sigma, 1, raw) - c_skip * raw) / c_out;
}

static int preconditioned_run(void *user, const itp_request *request)
{
    const double *x = request->x;
    double *out = request->out;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = preconditioned(user, request->time, x[i]);
    return 0;
}

/* rho = 7, and 0 at the end. */
static void noise_levels(double *sigma)
{
    double top = pow(SIGMA_MAX, 1. / 7), low = pow(SIGMA_MIN, 1. / 7);
    for (int i = 0; i < STEPS; i++) sigma[i] = pow(top + (low - top) * i / (STEPS - 1), 7);
    sigma[0] = SIGMA_MAX;
    sigma[STEPS] = 0;
}

static double euler(const mixture *target, const double *sigma, double x)
{
    for (int i = 0; i < STEPS; i++)
        x += (sigma[i + 1] - sigma[i]) * (x - mixture_data(target, sigma[i], 1, x)) / sigma[i];
    return x;
}

static itp_schedule *schedule_of(int32_t kind)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.kind = kind;
    desc.sigma_data = kind == ITP_SCHEDULE_EDM ? SIGMA_DATA : 0;
    desc.sigma_max = kind == ITP_SCHEDULE_VE ? SIGMA_MAX : 0;
    check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static itp_plan *plan_for(const double *sigma)
{
    double nodes[STEPS + 1];
    itp_schedule *edm = schedule_of(ITP_SCHEDULE_EDM), *ve = schedule_of(ITP_SCHEDULE_VE);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    for (int i = 0; i <= STEPS; i++) nodes[i] = 1 / (1 + sigma[i]);
    model.schedule = edm;
    model.prediction = ITP_PREDICT_EDM;
    model.time = ITP_TIME_LOG_SIGMA;
    model.sigma_data = SIGMA_DATA;
    desc.plan.model = &model;
    desc.plan.schedule = ve;
    desc.solver = SOLVER("euler");
    desc.plan.evaluations = STEPS;
    want_nodes(&desc, nodes, STEPS + 1);
    itp_plan *plan = plan_wanted("plan", &desc);
    itp_schedule_free(edm);
    itp_schedule_free(ve);
    return plan;
}

static void euler_on_the_denoiser(void **state)
{
    (void)state;
    double sigma[STEPS + 1], x[SAMPLES], want[SAMPLES];
    mixture target = mixture_two_modes();
    noise_levels(sigma);
    itp_plan *plan = plan_for(sigma);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = SAMPLES;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < SAMPLES; i++) {
        double start = SIGMA_MAX * (-2 + .5 * i);
        want[i] = euler(&target, sigma, start);
        x[i] = start / sqrt(SIGMA_MAX * SIGMA_MAX + SIGMA_DATA * SIGMA_DATA);
    }
    check_status("sample", itp_sample(plan, &batch, x, preconditioned_run, &target), ITP_OK);
    for (int i = 0; i < SAMPLES; i++) check_near("sample", x[i], want[i], 1e-12);
    itp_plan_free(plan);
}

/* The start that the library draws is a unit normal in the network's coordinates, c_in sigma_max close to 1. */
static void start_scale(void **state)
{
    (void)state;
    double sigma[STEPS + 1];
    noise_levels(sigma);
    itp_plan *plan = plan_for(sigma);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_near("scale", info.start_scale, SIGMA_MAX / sqrt(SIGMA_MAX * SIGMA_MAX + SIGMA_DATA * SIGMA_DATA), 1e-12);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(euler_on_the_denoiser),
        cmocka_unit_test(start_scale),
    };
    return cmocka_run_group_tests_name("edm", tests, NULL, NULL);
}
