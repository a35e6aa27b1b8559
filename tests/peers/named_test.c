/* Samplers that users know by a name of their own: the numbers of the programs that have them, noise and all.
 *
 * method                    row                                peer's numbers        law (named_law, order)
 * LCM                       lcm; grid lcm                      here, kdiffusion_     frozen, in one evaluation, limits
 *                                                              noise; grids
 * TCD                       tcd                                here                  the same
 * ER-SDE                    er-sde-1 to -3                     here                  frozen, kept
 * gradient estimation       euler-ge                           here                  exponential_order
 * RES with noise            res-2m-, res-2s-ancestral(-sigma)  here; defects         kept, limits
 * RES, DPM-2 in -log sigma  res-2s-sigma, dpm-2s-sigma         here                  exponential_order
 * SDE forms in -log sigma   sde-dpmpp-...-sigma                defects: theirs       frozen, kept, limits
 *                                                              is wrong
 * DPM++ 2M v2               dpmpp-2m-v2(-sigma)                here                  exponential_order
 * churn and gamma of Euler, edm-euler, edm-dpm-2s,             here                  of a point, in many steps
 * DPM-2 and 2S              edm-dpmpp-2s
 * AlphaFold 3               alphafold-3; grid alphafold-3      here, by its loop     the same, with step_scale 1
 * restarts                  restarts of any solver             here                  restarts
 * Langevin corrector        langevin                           here                  langevin
 * ancestral, of a flow      euler-ancestral, dpmpp-2s-         here                  kept
 *                           ancestral, dpm-2-ancestral-sigma
 * CFG++                     the rows of other plans            cfgpp                 without guidance: theirs
 * grids                     bong-tangent, smoothstep, gits,    grids
 *                           logit-normal, kl-optimal-flow,
 *                           linear-quadratic, ays-...-comfyui,
 *                           FLUX.2's shift */
#include "named_rows.h"

#include <math.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/interpret.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { SAMPLES = 1000, MOST_NODES = 16 };

/* Of the position w, in the coordinates of the path: see denoiser.h. */
static void network(void *user, double time, const double *x, double *out, size_t n)
{
    int32_t path = *(const int32_t *)user;
    itp_request request = {.x = x, .out = out, .count = 1, .dim = n, .time = time};
    assert_int_equal(denoiser_run(&path, &request), 0);
}

static void data_network(void *user, double time, const double *x, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = mixture_data(user, time, 1, x[i]);
}

static void scaled_linear(double *bar)
{
    double product = 1, first = sqrt(.00085), last = sqrt(.012);
    for (int i = 0; i < SAMPLES; i++) {
        double root = first + (last - first) * i / (SAMPLES - 1);
        bar[i] = product *= 1 - root * root;
    }
}

/* The path without what is said of its end. */
static int32_t path_of(const named_row *row)
{
    return row->path == PEER_VE_INSIDE ? PEER_VE : row->path;
}

static itp_schedule *schedule_of(const named_row *row)
{
    double bar[SAMPLES];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    if (row->path != PEER_VP) return peer_schedule(path_of(row), 2 * levels_karras[0]);
    scaled_linear(bar);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = SAMPLES;
    check_status(row->name, itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

/* Positions u of the nodes. Returns how many there are. */
static int positions(const named_row *row, double *nodes)
{
    double bar[SAMPLES];
    scaled_linear(bar);
    for (int i = 0; row->path == PEER_FLOW && i < COUNT(levels_flow); i++) nodes[i] = 1 - levels_flow[i];
    for (int i = 0; row->path == PEER_VP && i < COUNT(tcd_samples); i++)
        nodes[i] = 1 / (1 + sqrt(1 / bar[tcd_samples[i]] - 1));
    for (int i = 0; path_of(row) == PEER_VE && i < COUNT(levels_karras); i++) nodes[i] = 1 / (1 + levels_karras[i]);
    if (row->path == PEER_FLOW) return COUNT(levels_flow);
    return row->path == PEER_VP ? COUNT(tcd_samples) : COUNT(levels_karras) - (row->path == PEER_VE_INSIDE);
}

static itp_plan *plan_for(const named_row *row)
{
    double nodes[MOST_NODES];
    itp_schedule *schedule = schedule_of(row);
    itp_model model;
    wanted want = WANTED;
    peer_model(schedule, &model);
    want.plan.model = &model;
    want.solver = SOLVER(row->solver);
    want.grid.kind = ITP_GRID_USER_U;
    want.grid.node_count = positions(row, nodes);
    want.grid.nodes = nodes;
    if (!plan_reads(&want, "eta")) want.solver.eta = row->eta;
    if (!plan_reads(&want, "noise")) want.plan.noise = ITP_NOISE_STEPS;
    want.solver.gamma = row->gamma;
    want.solver.s_churn = row->s_churn;
    want.solver.s_min = row->s_min;
    want.solver.s_max = row->s_max;
    want.solver.step_scale = row->step_scale;
    want.solver.corrector_snr = row->corrector_snr;
    if (row->s_noise > 0) want.solver.s_noise = row->s_noise;
    if (row->corrector_snr > 0) want.solver.s_noise = 1 / sqrt(1 - row->corrector_snr * row->corrector_snr);
    itp_plan *plan = plan_wanted(row->name, &want);
    itp_schedule_free(schedule);
    return plan;
}

static void check_row(const named_row *row)
{
    double x[PEER_POINTS], worst = 0;
    label at;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = plan_for(row);
    int32_t path = path_of(row);
    check_status(row->name, itp_plan_get_info(plan, &info), ITP_OK);
    double *normals = calloc((size_t)info.normals * PEER_POINTS, sizeof *normals);
    for (int m = 1; m < info.normals; m++)
        for (int j = 0; j < PEER_POINTS; j++) normals[m * PEER_POINTS + j] = sqrt(2) * cos(3 * (m - 1) + 1.7 * j + .4);
    for (int j = 0; j < PEER_POINTS; j++) x[j] = peer_start[j] * (path == PEER_VE ? levels_karras[0] : 1);
    interpret_job job = {PEER_POINTS, normals, network, &path, 1, NULL, 0};
    check_status(row->name, interpret_logical(plan, &job, x), 0);
    for (int j = 0; j < PEER_POINTS; j++) worst = fmax(worst, fabs(x[j] - row->want[j]));
    print_message("# %-32s %.1e\n", row->name, worst);
    for (int j = 0; j < PEER_POINTS; j++)
        check_near(label_index(&at, row->name, j), x[j], row->want[j], row->tolerance);
    free(normals);
    itp_plan_free(plan);
}

/* The authors' restart_sampler (2306.14878) with Heun's method, in VE form: from the node nearest to .3 back up to 2,
 * and down in 3 steps of the grid with rho 7, twice. Draw i is that of step i, the ways up counted. */
static void restarts(void **state)
{
    static const double want_x[PEER_POINTS] = {-1.4196385181665083, -1.581377162156847, 1.4249560837309114,
                                               1.3658783023851448, -1.2715582475851817};
    const itp_restart twice = {.3, 2, 3, 2};
    const named_row row = {.name = "restarts", .path = PEER_VE};
    double nodes[MOST_NODES], x[PEER_POINTS], normals[32 * PEER_POINTS];
    int32_t path = PEER_VE;
    label at;
    itp_schedule *schedule = schedule_of(&row);
    itp_model model;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    wanted want = WANTED;
    itp_plan *plan = NULL;
    (void)state;
    peer_model(schedule, &model);
    want.plan.model = &model;
    want.plan.noise = ITP_NOISE_STEPS;
    want.solver = SOLVER("edm-heun");
    want.solver.restarts = &twice;
    want.solver.restart_count = 1;
    want.grid.kind = ITP_GRID_USER_U;
    want.grid.node_count = positions(&row, nodes);
    want.grid.nodes = nodes;
    check_status("plan", make_plan(&want, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.rows, 2 * 10 - 1 + 2 * 2 * 3);
    check_true("normals", info.normals <= 32);
    for (int m = 1; m < info.normals; m++)
        for (int j = 0; j < PEER_POINTS; j++) normals[m * PEER_POINTS + j] = sqrt(2) * cos(3 * (m - 1) + 1.7 * j + .4);
    for (int j = 0; j < PEER_POINTS; j++) x[j] = peer_start[j] * levels_karras[0];
    interpret_job job = {PEER_POINTS, normals, network, &path, 1, NULL, 0};
    check_status("run", interpret_logical(plan, &job, x), 0);
    for (int j = 0; j < PEER_POINTS; j++) check_near(label_index(&at, "restarts", j), x[j], want_x[j], 1e-9);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

/* Algorithm 18 of AlphaFold 3 (doi.org/10.1038/s41586-024-07487-w; google-deepmind/alphafold3 at a2a8f48,
 * diffusion_head.py), without its rotations, in VE form. Its first raise, from 2560 to 4608, is in the start. */
static void algorithm_18(int32_t steps, const double *normals, double *x)
{
    const double low = pow(160, 1. / 7), high = pow(.0004, 1. / 7);
    mixture of = mixture_two_modes();
    for (int32_t i = 1; i <= steps; i++) {
        double before = 16 * pow(low + (high - low) * (i - 1) / steps, 7);
        double level = 16 * pow(low + (high - low) * i / steps, 7), hat = before * (level > 1 ? 1.8 : 1);
        double noise = i > 1 && hat > before ? 1.003 * sqrt(hat * hat - before * before) : 0;
        for (int j = 0; j < PEER_POINTS; j++) {
            double noisy = x[j] + noise * normals[i * PEER_POINTS + j];
            x[j] = noisy + 1.5 * (level - hat) * (noisy - mixture_data(&of, hat, 1, noisy)) / hat;
        }
    }
}

static void alphafold_3(void **state)
{
    static const char text[] =
        "model=data(schedule=ve(sigma_max=4608), time=sigma) solver=alphafold-3 noise=steps evaluations=20 "
        "grid=alphafold-3(u_end=0.9936406995230525)";
    enum { STEPS = 20 };
    double x[PEER_POINTS], want_x[PEER_POINTS], normals[(STEPS + 1) * PEER_POINTS];
    mixture of = mixture_two_modes();
    label at;
    itp_error why = ITP_ERROR_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = NULL;
    (void)state;
    check_status(text, itp_plan_parse(text, &why, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.rows, STEPS);
    for (int m = 0; m <= STEPS; m++)
        for (int j = 0; j < PEER_POINTS; j++) normals[m * PEER_POINTS + j] = sqrt(2) * cos(3 * m + 1.7 * j + .4);
    for (int j = 0; j < PEER_POINTS; j++) x[j] = want_x[j] = peer_start[j] * 4608;
    interpret_job job = {PEER_POINTS, normals, data_network, &of, 1, NULL, 0};
    check_status("run", interpret_logical(plan, &job, x), 0);
    algorithm_18(STEPS, normals, want_x);
    for (int j = 0; j < PEER_POINTS; j++) check_near(label_index(&at, "alphafold-3", j), x[j], want_x[j], 1e-9);
    itp_plan_free(plan);
}

static void numbers_of_peers(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(named_rows); i++) check_row(&named_rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_of_peers), cmocka_unit_test(restarts),
                                       cmocka_unit_test(alphafold_3)};
    return cmocka_run_group_tests_name("named samplers", tests, NULL, NULL);
}
