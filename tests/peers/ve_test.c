/* k-diffusion's loops in sigma over Karras's levels of a DDPM table: sample_heun and sample_lms, written out here from
 * their formulas (sampling.py), and ours under the named schedule "ve". The network is a noise prediction that is no
 * density's, given x of the table's own coordinates and log sigma. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"

enum { STEPS = 9, POINTS = 4, ORDER = 4 };
static const double starts[POINTS] = {-1.5, -.2, .4, 1.8};

static double noise(double x, double log_sigma)
{
    return tanh(x + log_sigma / 4) + .2 * sin(3 * x);
}

static int noise_run(void *user, const itp_request *request)
{
    const double *x = request->x;
    double *out = request->out;
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = noise(x[i], 4 * request->time);
    return 0;
}

/* (x - denoised)/sigma of theirs, which is the noise prediction at c_in x, c_in = 1/sqrt(1 + sigma^2). */
static double slope(double x, double sigma)
{
    return noise(x / sqrt(1 + sigma * sigma), log(sigma));
}

/* get_sigmas_karras(n, low, high, rho=7), with its final 0. */
static void karras(double low, double high, int n, double *sigma)
{
    for (int i = 0; i < n; i++)
        sigma[i] = pow(pow(high, 1 / 7.) + i / (n - 1.) * (pow(low, 1 / 7.) - pow(high, 1 / 7.)), 7);
    sigma[n] = 0;
}

/* The last step, to sigma 0, is Euler's. */
static double heun(double x, const double *sigma, int steps)
{
    for (int i = 0; i < steps; i++) {
        double d = slope(x, sigma[i]), h = sigma[i + 1] - sigma[i];
        x += h * (sigma[i + 1] > 0 ? (d + slope(x + h * d, sigma[i + 1])) / 2 : d);
    }
    return x;
}

/* linear_multistep_coeff: the integral of the polynomial that is 1 at level j before i and 0 at the others. Two points
 * of Gauss integrate cubics exactly. */
static double weight(const double *sigma, int i, int j, int order)
{
    double middle = (sigma[i] + sigma[i + 1]) / 2, half = (sigma[i + 1] - sigma[i]) / 2, sum = 0;
    for (int side = -1; side <= 1; side += 2) {
        double at = middle + side * half / sqrt(3), product = 1;
        for (int k = 0; k < order; k++) product *= k == j ? 1 : (at - sigma[i - k]) / (sigma[i - j] - sigma[i - k]);
        sum += half * product;
    }
    return sum;
}

static double lms(double x, const double *sigma, int steps)
{
    double d[STEPS];
    for (int i = 0; i < steps; i++) {
        int order = i + 1 < ORDER ? i + 1 : ORDER;
        d[i] = slope(x, sigma[i]);
        for (int j = 0; j < order; j++) x += weight(sigma, i, j, order) * d[i - j];
    }
    return x;
}

/* Ours, from c_in of their starts; the end in their coordinates. u_end 1 is sigma 0. */
static void ours(const itp_schedule *table, const char *solver, int evaluations, double u_end, double *x)
{
    itp_schedule *ve = NULL;
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_schedule_point first = ITP_SCHEDULE_POINT_INIT, last = ITP_SCHEDULE_POINT_INIT;
    check_status("ve", itp_schedule_make(ITP_SCHEDULE_VE, &ve), ITP_OK);
    check_status("first", itp_schedule_eval(table, 0, &first), ITP_OK);
    check_status("last", itp_schedule_eval(table, 1, &last), ITP_OK);
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_LOG_SIGMA;
    desc.plan.model = &model;
    desc.plan.schedule = ve;
    desc.grid.kind = ITP_GRID_KARRAS;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = evaluations;
    desc.grid.u_end = u_end;
    batch.dim = POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < POINTS; i++) x[i] = first.alpha * starts[i];
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_near("from the table's own end", info.u_start, first.u, 1e-15);
    check_status("sample", itp_sample(plan, &batch, x, noise_run, NULL), ITP_OK);
    for (int i = 0; i < POINTS && u_end < 1; i++) x[i] /= last.beta;
    itp_plan_free(plan);
    itp_schedule_free(ve);
}

static void against_their_loops(void **state)
{
    double bar[DDPM_COUNT], sigma[STEPS + 1], x[POINTS];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    (void)state;
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = DDPM_COUNT;
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    double high = sqrt(1 / bar[DDPM_COUNT - 1] - 1), low = sqrt(1 / bar[0] - 1), u_low = 1 / (1 + low);
    check_true("beyond the 80 of \"ve\"", high > 157 && high < 158);
    karras(low, high, STEPS, sigma);
    ours(table, "ab4", STEPS, 1, x);
    for (int i = 0; i < POINTS; i++) check_near("lms to 0", x[i], lms(high * starts[i], sigma, STEPS), 1e-11);
    ours(table, "edm-heun", 2 * STEPS - 1, 1, x);
    for (int i = 0; i < POINTS; i++) check_near("heun to 0", x[i], heun(high * starts[i], sigma, STEPS), 1e-11);
    ours(table, "heun", 2 * (STEPS - 1), u_low, x);
    for (int i = 0; i < POINTS; i++)
        check_near("heun to the table's end", x[i], heun(high * starts[i], sigma, STEPS - 1), 1e-11);
    itp_schedule_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(against_their_loops)};
    return cmocka_run_group_tests_name("k-diffusion under ve", tests, NULL, NULL);
}
