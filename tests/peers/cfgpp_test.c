/* CFG++ (2406.08070) of ComfyUI's samplers by plans as they are: the row says what the network has to return. Of a row
 *     Y' = p Y + q F + noise,   data = a Y + b F,   Y = scale (w Z + u X),
 * the state's noise has the factor (p - q a/b) scale and the data the factor q/b beside: with F_u the unconditional
 * output and g the guided one less F_u, F = F_u + (1 + (p - q a/b) scale u b/q) g puts the guided data in the place of
 * all the data in Y'. That serves every method whose rows read one evaluation (ddim, euler-ancestral, ddpm, lcm, tcd).
 * What looks back or ahead keeps arrays of its own: ComfyUI's dpmpp_2m_cfg_pp is "ddim" and D_u of the row before,
 * dpmpp_2s_ancestral_cfg_pp is "dpmpp-2s-ancestral" with D_u alone, and g of the first row in the second.
 *
 * The numbers are ComfyUI's formulas (comfy/k_diffusion/sampling.py at 02159d8) run in float64 with a condition that
 * raises the weight of the first mode from .3 to .6, guided by 1.5, draws as in named_rows.h. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/interpret.h"
#include "../common/levels.h"
#include "../common/mixture.h"
#include "../common/plan.h"
#include "denoiser.h"

enum { MOST_NODES = 16, MOST_NORMALS = 32 };
static const double SCALE = 1.5;
static const double flow_levels[] = {.97, .9, .75, .6, .4, .22, .08, 0};

enum { ONE_ROW, TWO_M, TWO_S };

/* One run: its plan, the row that comes next, and arrays of the sampler's own. */
typedef struct guided {
    const itp_plan *plan;
    int32_t way, path, row;
    double before[PEER_POINTS]; /* D_u of the row before; g of it */
    double h_before;
} guided;

static double data_of(double first, int32_t path, double w, double x)
{
    mixture of = mixture_two_modes();
    of.weight[0] = first;
    of.weight[1] = 1 - first;
    double beta = path == PEER_VE ? 1 : 1 - w;
    return mixture_data(&of, path == PEER_VE ? w / (1 - w) : w, beta, x);
}

typedef struct factors {
    double p, q, u, scale, a, b;
    int alone; /* 1: the row reads nothing before its evaluation */
} factors;

static factors factors_of(const guided *of)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(of->plan, of->row, &row), ITP_OK);
    factors f = {0, 0, row.u, row.scale, row.data_state, row.data_output, 1};
    for (int32_t j = 0; j < row.term_count; j++) {
        const itp_term *term = &row.terms[j];
        double *own = term->column == ITP_COLUMN_STATE ? &f.p : &f.q;
        if (term->column == ITP_COLUMN_NORMAL) continue;
        if (term->index == of->row) *own += term->coef;
        f.alone = f.alone && term->index == of->row;
    }
    return f;
}

static double log_level(const guided *of, int32_t row)
{
    itp_plan_row at = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(of->plan, row, &at), ITP_OK);
    return log(at.u) - log(1 - at.u);
}

/* How much of h the step before was, half of which the line through both is worth. 0 in the first and the last. */
static double half_ratio(const guided *of)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(of->plan, &info), ITP_OK);
    if (of->row == 0 || of->row == info.rows - 1) return 0;
    double here = log_level(of, of->row);
    return (log_level(of, of->row + 1) - here) / (here - log_level(of, of->row - 1)) / 2;
}

static double output(guided *of, const factors *f, int i, double plain, double g)
{
    double gain = 1 + (f->p - f->q * f->a / f->b) * f->scale * f->u * f->b / f->q, before = of->before[i];
    if (of->way == ONE_ROW) return plain + gain * g;
    of->before[i] = of->way == TWO_M ? plain : g;
    if (of->way == TWO_M) return plain + gain * g + half_ratio(of) * (plain + g - before);
    return f->alone && f->p == 0 ? plain + g : f->alone ? plain : plain + before / f->q;
}

static void network(void *user, double time, const double *x, double *out, size_t n)
{
    guided *of = user;
    factors f = factors_of(of);
    for (size_t i = 0; i < n; i++) {
        double plain = data_of(.3, of->path, time, x[i]), g = SCALE * (data_of(.6, of->path, time, x[i]) - plain);
        out[i] = output(of, &f, (int)i, plain, g);
    }
    of->row++;
}

typedef struct peer {
    const char *name, *solver;
    int32_t way, path;
    double eta, want[PEER_POINTS];
} peer;
static const peer peers[] = {
    {"euler_cfg_pp",
     "ddim",
     ONE_ROW,
     PEER_VE,
     0,
     {-1.7821255259634738, -1.5160897291760858, -1.3680961822283697, -1.15201296929874, 1.2886209762035437}},
    {"euler_ancestral_cfg_pp",
     "euler-ancestral",
     ONE_ROW,
     PEER_VE,
     1,
     {-1.2026199219836102, -1.2231662173385152, -1.2207884449800073, -1.2163461090421224, -1.120738580658191}},
    {"euler_ancestral_cfg_pp of a flow",
     "ddpm",
     ONE_ROW,
     PEER_FLOW,
     .7,
     {-1.3755587239558447, -1.3305190878784146, -1.2840601986302769, -1.1365858279595802, 0.023225821125340232}},
    {"dpmpp_2m_cfg_pp",
     "ddim",
     TWO_M,
     PEER_VE,
     0,
     {-2.149186415362834, -1.8996158558269989, -1.7956268739948715, -1.8001348022244519, 1.2911770082653555}},
    {"dpmpp_2s_ancestral_cfg_pp",
     "dpmpp-2s-ancestral",
     TWO_S,
     PEER_VE,
     .8,
     {-1.4913082463147038, -1.419239650360952, -1.3317354279980473, -1.306709415548685, -0.9655742093189748}},
};

static itp_plan *plan_for(const peer *p)
{
    double nodes[MOST_NODES];
    int count = p->path == PEER_VE ? COUNT(levels_karras) : COUNT(flow_levels);
    itp_schedule *schedule = peer_schedule(p->path, 2 * levels_karras[0]);
    itp_model model;
    wanted want = WANTED;
    for (int i = 0; i < count; i++) nodes[i] = p->path == PEER_VE ? 1 / (1 + levels_karras[i]) : 1 - flow_levels[i];
    peer_model(schedule, &model);
    want.plan.model = &model;
    want.solver = SOLVER(p->solver);
    want_nodes(&want, nodes, count);
    if (!plan_reads(&want, "eta")) want.solver.eta = p->eta;
    if (!plan_reads(&want, "noise")) want.plan.noise = ITP_NOISE_STEPS;
    itp_plan *plan = plan_wanted(p->name, &want);
    itp_schedule_free(schedule);
    return plan;
}

static void check_peer(const peer *p)
{
    double x[PEER_POINTS], normals[MOST_NORMALS * PEER_POINTS];
    label at;
    itp_plan *plan = plan_for(p);
    guided of = {.plan = plan, .way = p->way, .path = p->path};
    for (int m = 0; m < MOST_NORMALS; m++)
        for (int j = 0; j < PEER_POINTS; j++) normals[m * PEER_POINTS + j] = sqrt(2) * cos(3 * (m - 1) + 1.7 * j + .4);
    for (int j = 0; j < PEER_POINTS; j++)
        x[j] = peer_start[j] * (p->path == PEER_VE ? levels_karras[0] : flow_levels[0]);
    interpret_job job = {PEER_POINTS, normals, network, &of, 1, NULL, 0};
    check_status(p->name, interpret_logical(plan, &job, x), 0);
    for (int j = 0; j < PEER_POINTS; j++) check_near(label_index(&at, p->name, j), x[j], p->want[j], 1e-9);
    itp_plan_free(plan);
}

static void numbers_of_comfyui(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(peers); i++) check_peer(&peers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_of_comfyui)};
    return cmocka_run_group_tests_name("CFG++", tests, NULL, NULL);
}
