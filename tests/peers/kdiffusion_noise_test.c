/* A user's seed: what k-diffusion's samplers make of torch.manual_seed, and ours with torch's generator, through
 * itp_sample, to the rounding of their float32 arithmetic. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/check.h"
#include "../common/plan.h"
#include "kdiffusion_noise_rows.h"

enum { MOST = 48 };

/* E[X | x] of two modes, each N(+-1, 1/16), in k-diffusion's coordinates x = X + sigma Z. */
static int ITP_CALL denoiser(void *user, const itp_request *request)
{
    const float *x = request->x;
    float *out = request->out;
    double sigma = (1 - request->u) / request->u, own = 1. / 16, variance = own + sigma * sigma;
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        double wide = (double)x[i];
        out[i] = (float)((own * wide + sigma * sigma * tanh(wide / variance)) / variance);
    }
    return 0;
}

static const struct {
    const char *peer, *name;
} solvers[] = {
    {"euler_ancestral", "euler-ancestral"},
    {"dpmpp_2s_ancestral", "dpmpp-2s-ancestral"},
    {"dpmpp_sde", "dpmpp-sde"},
    {"dpmpp_2m_sde", "sde-dpmpp-2m"},
    {"dpmpp_3m_sde", "sde-dpmpp-3m-heun"},
    {"ddpm", "ddpm"},
    {"lcm", "lcm"},
};

static itp_plan *plan_for(const char *peer)
{
    double nodes[NOISE_STEPS + 1];
    itp_schedule_desc schedule = ITP_SCHEDULE_DESC_INIT;
    itp_model model = ITP_MODEL_INIT;
    wanted want = WANTED;
    itp_schedule *ve = NULL;
    int at = 0;
    while (strcmp(solvers[at].peer, peer) != 0) at++;
    for (int i = 0; i <= NOISE_STEPS; i++) nodes[i] = (double)noise_sigmas[i];
    schedule.kind = ITP_SCHEDULE_VE;
    schedule.sigma_max = nodes[0];
    check_status("ve", itp_schedule_new(&schedule, &ve), ITP_OK);
    model.schedule = ve;
    model.prediction = ITP_PREDICT_DATA;
    want.plan.model = &model;
    want.solver = SOLVER(solvers[at].name);
    want.plan.noise = ITP_NOISE_STEPS;
    want.grid.kind = ITP_GRID_USER_SIGMA;
    want.grid.nodes = nodes;
    want.grid.node_count = NOISE_STEPS + 1;
    itp_plan *plan = plan_wanted(peer, &want);
    itp_schedule_free(ve);
    return plan;
}

/* Theirs rounds the logarithms of the levels to float32, too; data of size 1 are off by some 1e-6 of themselves. */
static void a_seed_gives_what_it_gave(void **state)
{
    double worst = 0;
    (void)state;
    for (int i = 0; i < COUNT(noise_rows); i++) {
        const noise_row *row = &noise_rows[i];
        float x[MOST];
        itp_torch_cpu generator = {.seed = NOISE_SEED};
        itp_batch batch = ITP_BATCH_INIT;
        itp_plan *plan = plan_for(row->name);
        batch.count = row->count;
        batch.dim = row->dim;
        batch.noise = itp_torch_cpu_draw;
        batch.noise_user = &generator;
        check_status(row->name, itp_sample(plan, &batch, x, denoiser, NULL), ITP_OK);
        for (size_t j = 0; j < row->count * row->dim; j++) {
            worst = fmax(worst, fabs((double)x[j] - (double)row->x[j]));
            check_near(row->name, (double)x[j], (double)row->x[j], 8e-6);
        }
        itp_plan_free(plan);
    }
    print_message("# worst: %.2g\n", worst);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_seed_gives_what_it_gave)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
