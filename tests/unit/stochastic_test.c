/* Solvers with noise of their own: against other libraries' numbers, their deterministic limits, the marginals that
 * they must keep, and the published single steps. */
#include <interp/plan.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/interpret.h"
#include "../common/levels.h"
#include "../common/network.h"
#include "../common/want.h"
#include "solver/solver.h"

enum { POINTS = 5, NODES = 11, VE_MAX = 100 };

/* ---- numbers of other libraries ---- */

/* diffusers (VP, FLOW) and k-diffusion (VE) run in float64 with the exact data prediction of the two-mode mixture, draw
 * i fed as z(i)_j = sqrt(2) cos(3 i + 1.7 j + .4). The names are those of the rows in the fixture gmm_float64.json. */

typedef struct peer {
    const char *name;
    const char *solver;
    int32_t schedule;
    double eta;
    int lower;           /* lower_order_final */
    const double *sigma; /* FLOW: alpha of the linear schedule; else alpha/beta */
    double x[POINTS];
} peer;

static const peer peers[] = {
    {"VP sde-dpmsolver++ midpoint o1 deterministic z_i",
     "sde-dpmpp-1",
     ITP_SCHEDULE_VP,
     1,
     1,
     levels_vp,
     {0.5906362956968723, 0.6185219356619232, 0.4370595223323627, 0.5309644140128472, 0.628223022007819}},
    {"VP sde-dpmsolver midpoint o1 deterministic z_i",
     "sde-dpm-1",
     ITP_SCHEDULE_VP,
     1,
     1,
     levels_vp_to_min,
     {0.3891598088427547, 0.4453515399465702, 0.7895204045776593, 0.845122783652541, 0.24164640601497056}},
    {"VP sde-dpmsolver midpoint o2 deterministic z_i",
     "sde-dpm-2m",
     ITP_SCHEDULE_VP,
     1,
     1,
     levels_vp_to_min,
     {6.469868143935162, 0.34271122121392017, -2.7738280250917384, 1.5713584857287604, 1.2215099862591716}},
    {"FLOW sde-dpmsolver++ o2 shift3.0 det z_i",
     "sde-dpmpp-2m",
     ITP_SCHEDULE_LINEAR,
     1,
     1,
     levels_flow_shift_3,
     {0.6309728658968068, 0.6494243161977791, 0.6482900727023029, 0.6605844902899835, 0.6132809376877808}},
    {"VE k-diff dpmpp_2m_sde eta0 karras10",
     "sde-dpmpp-2m",
     ITP_SCHEDULE_VE,
     0,
     0,
     levels_karras,
     {-1.728220611332814, -1.0176281540587746, 0.5898993700812191, 1.175723423069013, 2.0808389911956073}},
    {"VE k-diff dpmpp_sde eta0 karras10",
     "dpmpp-sde",
     ITP_SCHEDULE_VE,
     0,
     0,
     levels_karras,
     {-1.6084804400279913, -0.9061397210814575, 0.5448680413755556, 1.0941034516973607, 1.9329897566060878}},
    {"VE k-diff dpmpp_sde eta0 exp10",
     "dpmpp-sde",
     ITP_SCHEDULE_VE,
     0,
     0,
     levels_exponential,
     {-1.6108700704857617, -0.9027257438385298, 0.5426264225978665, 1.0942624114329302, 1.9387433513822487}},
    {"VE k-diff dpmpp_3m_sde eta0 exp10",
     "sde-dpmpp-3m-heun",
     ITP_SCHEDULE_VE,
     0,
     0,
     levels_exponential,
     {-1.6345879813873787, -0.950897082272157, 0.5536990751226468, 1.123905807170441, 2.008966527163339}},
    {"VE k-diff euler_a eta1 z karras10",
     "euler-ancestral",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_karras,
     {0.4947215919198303, 0.5098416417802525, 0.4137019863083762, 0.6094905374996908, 0.6646203326003526}},
    {"VE k-diff dpm2_a eta1 z exp10",
     "dpm-2-ancestral",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_exponential,
     {0.585943569531227, 0.5833911160622197, 0.4331583114525957, 0.8565769718490814, 0.950037351741336}},
    {"VE k-diff dpmpp_2s_a eta1 z karras10",
     "dpmpp-2s-ancestral",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_karras,
     {0.4314212156774712, 0.5638803914289628, 0.4968166805142762, 0.6906762445566444, 0.7156474257977573}},
    {"VE k-diff dpmpp_2s_a eta1 z exp10",
     "dpmpp-2s-ancestral",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_exponential,
     {0.44531964916848227, 0.5315858207692866, 0.4666765684838403, 0.7140438953583207, 0.7610697712486929}},
    {"VE k-diff dpmpp_sde eta1 z karras10",
     "dpmpp-sde",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_karras,
     {-1.3135890948349518, -0.28888063121328855, 1.2832008068884277, 0.8950912528791791, -1.3520930259308483}},
    {"VE k-diff dpmpp_2m_sde mid eta1 z exp10",
     "sde-dpmpp-2m",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_exponential,
     {0.5506310205465691, 0.6425392974448155, 0.7019193625069395, 0.7305578289175048, 0.7226348083201625}},
    {"VE k-diff dpmpp_2m_sde heun eta1 z karras10",
     "sde-dpmpp-2m-heun",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_karras,
     {0.8579665714943907, 0.8157359579423693, 0.7260492666693634, 0.8737433169201101, 0.9171907589762874}},
    {"VE k-diff dpmpp_2m_sde heun eta1 z exp10",
     "sde-dpmpp-2m-heun",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_exponential,
     {0.6142299886830047, 0.7068340448310837, 0.7743876636454965, 0.7826511487747964, 0.7698250388694723}},
    {"VE k-diff dpmpp_3m_sde eta1 z karras10",
     "sde-dpmpp-3m-heun",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_karras,
     {0.7558818913828701, 0.7327406135165097, 0.7953888110129079, 0.8006272451882954, 0.7566269781634947}},
    {"VE k-diff heun exp10",
     "edm-heun",
     ITP_SCHEDULE_VE,
     1,
     0,
     levels_exponential,
     {-1.7274245910314647, -1.030905012670349, 0.5783760669310173, 1.176377880238184, 2.1060282122741034}},
};
static const double start[POINTS] = {-2.0, -0.7, 0.05, 0.9, 2.5};

static path_values path_ve(double t)
{
    path_values v = {VE_MAX * (1 - t), 1, -VE_MAX, 0};
    return v;
}

static path_fn path_of(int32_t schedule)
{
    return schedule == ITP_SCHEDULE_VE ? path_ve : schedule == ITP_SCHEDULE_VP ? path_trig : path_linear;
}

static itp_schedule *schedule_of(int32_t kind)
{
    return family_make(&(family){"schedule", kind, 0, 0, 0, VE_MAX, 0, 0});
}

static void network_column(void *user, double time, const double *x, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = network_value(user, time, x[i]);
}

/* xi_1 .. xi_steps are the first draws of the steps, those after them the second ones. */
static void fill_normals(double *normals, const itp_plan_info *info)
{
    int twice = info->normals > info->steps + 1;
    for (int m = 1; m < info->normals; m++) {
        int draw = !twice ? m - 1 : m <= info->steps ? 2 * (m - 1) : 2 * (m - 1 - info->steps) + 1;
        for (int j = 0; j < POINTS; j++) normals[m * POINTS + j] = sqrt(2) * cos(3 * draw + 1.7 * j + .4);
    }
}

static void run_with_fed_noise(const char *name, const itp_plan *plan, network *net, double *x)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    double *normals = calloc((size_t)info.normals * POINTS, sizeof *normals);
    fill_normals(normals, &info);
    interpret_job job = {POINTS, normals, network_column, net, 1, NULL, 0};
    check_status(name, interpret_logical(plan, &job, x), 0);
    free(normals);
}

static void run_peer(const peer *p)
{
    network net = {mixture_two_modes(), path_of(p->schedule), ITP_PREDICT_DATA, 0};
    itp_schedule *schedule = schedule_of(p->schedule);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    double nodes[NODES], x[POINTS];
    label at;
    int flow = p->schedule == ITP_SCHEDULE_LINEAR, ve = p->schedule == ITP_SCHEDULE_VE;
    for (int i = 0; i < NODES; i++) nodes[i] = flow ? 1 - p->sigma[i] : 1 / (1 + p->sigma[i]);
    for (int i = 0; i < POINTS; i++) x[i] = start[i] * (ve ? p->sigma[0] : 1);
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(p->solver);
    want_nodes(&desc, nodes, NODES);
    if (itp_method_reads(itp_method_named(p->solver)) & ITP_READS_ETA) desc.solver.eta = p->eta;
    if (p->lower && !plan_reads(&desc, "final_order")) desc.solver.final_order = ITP_FINAL_LOWER;
    desc.plan.noise = plan_reads(&desc, "noise") ? ITP_NOISE_PATH : ITP_NOISE_STEPS;
    check_status(p->name, make_plan(&desc, &plan), ITP_OK);
    run_with_fed_noise(p->name, plan, &net, x);
    for (int i = 0; i < POINTS; i++) check_near(label_index(&at, p->name, i), x[i], p->x[i], 1e-9);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

static void numbers_of_peers(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(peers); i++) run_peer(&peers[i]);
}

/* ---- deterministic limits ---- */

typedef struct pair {
    const char *solver, *same;
} pair;
static const pair limits[] = {
    {"euler-ancestral", "ddim"},
    {"ddpm", "ddim"},
    {"dpm-2-ancestral", "dpm-2s"},
    {"dpmpp-2s-ancestral", "dpmpp-2s"},
    {"dpmpp-sde", "dpmpp-2s"},
    {"sde-dpmpp-1", "ddim"},
    {"sde-dpmpp-2m", "dpmpp-2m"},
    {"sde-dpmpp-2m-heun", "dpmpp-2m-heun"},
    {"sde-dpmpp-3m", "dpmpp-3m"},
    {"sde-dpmpp-3m-heun", "dpmpp-3m-heun"},
    {"sde-dpm-1", "ddim"},
    {"sde-dpm-2m", "dpm-2m"},
    {"sde-dpm-2m-heun", "dpm-2m-heun"},
    {"edm-heun", "heun"},
};

/* A data prediction network on the schedule. */
static itp_plan *even_plan(const itp_schedule *schedule, const char *solver, double eta, int steps)
{
    wanted desc = WANTED;
    int32_t reads = itp_method_reads(itp_method_named(solver));
    itp_model model = ITP_MODEL_INIT;
    itp_plan *plan = NULL;
    double nodes[64];
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    if (reads & ITP_READS_ETA) desc.solver.eta = eta;
    desc.grid.kind = ITP_GRID_USER_TIME;
    desc.grid.nodes = nodes;
    desc.grid.node_count = steps + 1;
    for (int i = 0; i <= steps; i++) nodes[i] = (double)i / steps;
    desc.plan.noise = plan_reads(&desc, "noise") ? ITP_NOISE_PATH : ITP_NOISE_STEPS;
    check_status(solver, make_plan(&desc, &plan), ITP_OK);
    return plan;
}

static void run_flow(const itp_schedule *schedule, int32_t kind, const char *solver, double *x)
{
    network net = {mixture_two_modes(), path_of(kind), ITP_PREDICT_DATA, 0};
    itp_plan *plan = even_plan(schedule, solver, 0, 8);
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    const char *name = solver;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.normals, 1);
    double scale = kind == ITP_SCHEDULE_VE ? VE_MAX : 1;
    for (int i = 0; i < POINTS; i++) x[i] = start[i] * scale;
    run_with_fed_noise(name, plan, &net, x);
    itp_plan_free(plan);
}

/* edm-heun is Heun's method in sigma: heun under the VE schedule, where a data prediction has no slope at sigma = 0 and
 * the last step is Euler's. */
static void eta_of_zero(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_VE};
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++) {
        itp_schedule *schedule = schedule_of(kinds[s]);
        for (int i = 0; i < COUNT(limits); i++) {
            double got[POINTS], want[POINTS];
            label at;
            if (!strcmp(limits[i].solver, "edm-heun") && kinds[s] != ITP_SCHEDULE_VE) continue;
            run_flow(schedule, kinds[s], limits[i].solver, got);
            run_flow(schedule, kinds[s], limits[i].same, want);
            for (int j = 0; j < POINTS; j++) check_near(label_index(&at, limits[i].solver, j), got[j], want[j], 1e-13);
        }
        itp_schedule_free(schedule);
    }
}

/* ---- marginals ---- */

/* For data N(0, 1) the exact network is linear: one element per normal, each set to 1 in its own, gives the coefficient
 * of every normal in the result, and their squares its variance. */
static double end_variance(const itp_plan *plan, int32_t kind)
{
    network net = {mixture_normal(1), path_of(kind), ITP_PREDICT_VELOCITY, 0};
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    int32_t numbers[4096];
    size_t n = (size_t)interpret_numbers(plan, numbers, 4096);
    double *normals = calloc(n * n, sizeof *normals), *x = calloc(n, sizeof *x), sum = 0;
    interpret_job job = {n, normals, network_column, &net, 0, numbers, (int32_t)n};
    for (size_t i = 0; i < n; i++) normals[i * n + i] = 1;
    check_status("run", interpret_logical(plan, &job, x), 0);
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    free(x);
    free(normals);
    return sum;
}

static const char *const noisy[] = {"euler-ancestral", "dpm-2-ancestral",   "dpmpp-2s-ancestral", "ddpm",
                                    "dpmpp-sde",       "edm-heun",          "sde-dpmpp-1",        "sde-dpmpp-2m",
                                    "sde-dpmpp-3m",    "sde-dpmpp-2m-heun", "sde-dpm-1",          "sde-dpm-2m",
                                    "sde-dpm-2m-heun", "sde-dpmpp-3m-heun"};

static double variance_error(int32_t kind, const char *solver, double eta, double churn, int steps)
{
    itp_schedule *schedule = schedule_of(kind);
    wanted desc = WANTED;
    desc.plan.noise = ITP_NOISE_STEPS;
    itp_model model = ITP_MODEL_INIT;
    itp_plan *plan = NULL;
    double nodes[1001];
    for (int i = 0; i <= steps; i++) nodes[i] = (double)i / steps;
    if (kind == ITP_SCHEDULE_VE) /* a geometric grid: even steps in sigma would be far too long near the data */
        for (int i = 0; i < steps; i++) nodes[i] = 1 - pow(1e-4, (double)i / (steps - 1));
    model.schedule = schedule;
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    if (strcmp(solver, "edm-heun") != 0) desc.solver.eta = eta;
    desc.solver.s_churn = !strcmp(solver, "edm-heun") ? churn : 0;
    desc.grid.kind = ITP_GRID_USER_TIME;
    desc.grid.nodes = nodes;
    desc.grid.node_count = steps + 1;
    check_status(solver, make_plan(&desc, &plan), ITP_OK);
    double error = fabs(end_variance(plan, kind) - 1);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
    return error;
}

static void variance_is_kept(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_VE};
    static const char *const names[] = {"linear", "vp", "ve"};
    static const double etas[] = {.5, 1};
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++)
        for (int i = 0; i < COUNT(noisy); i++)
            for (int e = 0; e < COUNT(etas); e++) {
                double few = variance_error(kinds[s], noisy[i], etas[e], 20 * etas[e], 100);
                double many = variance_error(kinds[s], noisy[i], etas[e], 20 * etas[e], 400);
                print_message("# %-8s%-20s eta %.1f: variance off by %.1e, %.1e at 100, 400 steps\n", names[s],
                              noisy[i], etas[e], few, many);
                check_true(noisy[i], many < 0.03 && many < few);
            }
}

/* ---- single steps ---- */

/* One step of a data prediction network: z_b = state z_a + data D + normal xi in the coordinates of `kind`, for which
 * `nodes` are the positions. The step made is the second of a plan whose first goes from `before` to `from`. */
typedef struct step {
    int32_t kind;
    const char *solver;
    double before, from, to, eta, s_noise, s_churn, s_min, s_max;
} step;
typedef struct coefs {
    double state, data, normal, u;
    int terms;
} coefs;

static const step PLAIN = {ITP_SCHEDULE_LINEAR, "euler-ancestral", .1, .4, .7, 1, 1, 0, 0, 0};

static coefs read_row(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    coefs out = {0, 0, 0, 0, 0};
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    out.u = row.u;
    out.terms = row.term_count;
    for (int32_t j = 0; j < row.term_count; j++) {
        const itp_term *term = &row.terms[j];
        if (term->column == ITP_COLUMN_STATE && term->index == i) out.state = term->coef;
        if (term->column == ITP_COLUMN_OUTPUT && term->index == i) out.data = term->coef;
        if (term->column == ITP_COLUMN_NORMAL) out.normal = term->coef;
    }
    return out;
}

/* Row `i` of the plan. */
static coefs row_of(const step *s, int32_t i)
{
    itp_schedule *schedule = schedule_of(s->kind);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    desc.plan.noise = ITP_NOISE_STEPS;
    itp_plan *plan = NULL;
    double nodes[] = {s->before, s->from, s->to};
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(s->solver);
    want_nodes(&desc, nodes, 3);
    if (strcmp(s->solver, "edm-heun") != 0) desc.solver.eta = s->eta;
    desc.solver.s_noise = s->s_noise;
    desc.solver.s_churn = s->s_churn;
    desc.solver.s_min = s->s_min;
    desc.solver.s_max = s->s_max;
    check_status(s->solver, make_plan(&desc, &plan), ITP_OK);
    coefs out = read_row(plan, i);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
    return out;
}

/* The flow form as stable-diffusion.cpp and ComfyUI write it, sigma = 1 - u. */
static void flow_ancestral(void **state)
{
    static const double etas[] = {.3, .7, 1};
    (void)state;
    for (int i = 0; i < COUNT(etas); i++) {
        step s = PLAIN;
        s.eta = etas[i];
        coefs got = row_of(&s, 1);
        double sigma = 1 - s.from, next = 1 - s.to, down = next * (1 + (next / sigma - 1) * s.eta);
        double shrink = (1 - next) / (1 - down);
        check_near("state", got.state, shrink * down / sigma, 1e-14);
        check_near("data", got.data, shrink * (1 - down / sigma), 1e-14);
        check_near("normal", got.normal, sqrt(next * next - down * down * shrink * shrink), 1e-14);
    }
}

/* k-diffusion's: sigma_up = eta sigma_b sqrt(sigma_a^2 - sigma_b^2)/sigma_a. */
static void ve_ancestral(void **state)
{
    static const double etas[] = {.3, .7, 1};
    (void)state;
    for (int i = 0; i < COUNT(etas); i++) {
        step s = PLAIN;
        s.kind = ITP_SCHEDULE_VE;
        s.eta = etas[i];
        s.s_noise = 1.25;
        coefs got = row_of(&s, 1);
        double a = (1 - s.from) / s.from, b = (1 - s.to) / s.to, up = s.eta * b * sqrt(a * a - b * b) / a;
        double down = sqrt(b * b - up * up);
        check_near("state", got.state, down / a, 1e-14);
        check_near("data", got.data, 1 - down / a, 1e-14);
        check_near("normal", got.normal, 1.25 * up, 1e-14);
    }
}

/* q(x_s | x_t, x_0) with alpha-bar = beta^2 of the vp schedule (2006.11239, equations 6 and 7). */
static void ddpm_posterior(void **state)
{
    step s = PLAIN;
    (void)state;
    s.kind = ITP_SCHEDULE_VP;
    s.solver = "ddpm";
    coefs got = row_of(&s, 1);
    double wa = 1 - s.from, wb = 1 - s.to;
    double at = s.from * s.from / (s.from * s.from + wa * wa), as = s.to * s.to / (s.to * s.to + wb * wb);
    double one = at / as, rate = 1 - one;
    check_near("data", got.data, sqrt(as) * rate / (1 - at), 1e-14);
    check_near("state", got.state, sqrt(one) * (1 - as) / (1 - at), 1e-14);
    check_near("normal", got.normal, sqrt(rate * (1 - as) / (1 - at)), 1e-14);
}

/* Where sigma_b^2 - sigma_up^2 in rounded numbers is 0 or negative (diffusers issue 14213): the state keeps
 * (sigma_b/sigma_a)^2 of itself. And steps so short that 1 - q^2 cancels. */
static void levels_without_cancellation(void **state)
{
    step s = PLAIN;
    (void)state;
    s.kind = ITP_SCHEDULE_VE;
    s.before = 1 / 91.0;
    s.from = 1 / 81.0;
    s.to = 1 / (1 + 1e-7);
    coefs got = row_of(&s, 1);
    double q = 1e-7 / 80;
    check_near("far", got.state / (q * q), 1, 1e-8);
    check_near("fresh", got.normal / 1e-7, 1, 1e-8);
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VE, ITP_SCHEDULE_VP};
    static const char *const solvers[] = {"euler-ancestral", "ddpm", "sde-dpmpp-1"};
    for (int i = 0; i < COUNT(kinds); i++) {
        s.kind = kinds[i];
        s.solver = solvers[i];
        s.from = .5;
        s.to = .5 + 0x1p-44;
        got = row_of(&s, 1);
        double drop = (s.to - s.from) / (.5 * s.to); /* 1 - q, exact differences */
        double scale = kinds[i] == ITP_SCHEDULE_VE ? 1 / s.to : kinds[i] == ITP_SCHEDULE_VP ? sqrt(2) : 1;
        check_near("short", got.normal / (scale * .5 * sqrt(2 * drop)), 1, 1e-6);
    }
}

/* Short even steps of the third order: to first order in h the oldest prediction weighs y/3, y = (1 + eta) h (5/12 y
 * in a method of full order 3; the published one halves the second difference). With the sign that diffusers has in its
 * SDE form it would tend to -1/2 instead of to 0. */
static void third_order_weights(void **state)
{
    enum { STEPS = 4 };
    itp_schedule *schedule = schedule_of(ITP_SCHEDULE_VE);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    double h = .005, nodes[STEPS + 1], weight = 0;
    (void)state;
    for (int i = 0; i <= STEPS; i++) nodes[i] = 1 / (1 + exp(-h * i));
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER("sde-dpmpp-3m");
    want_nodes(&desc, nodes, STEPS + 1);
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("row", itp_plan_get_row(plan, STEPS - 1, &row), ITP_OK);
    for (int32_t j = 0; j < row.term_count; j++)
        if (row.terms[j].column == ITP_COLUMN_OUTPUT && row.terms[j].index == STEPS - 3) weight = row.terms[j].coef;
    check_near("oldest", weight / (2 * h), 1 / 3.0, .01);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

/* All of b's noise is fresh where eta asks for more. */
static void large_eta(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VE};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        step s = PLAIN;
        s.kind = kinds[i];
        s.eta = 40;
        coefs got = row_of(&s, 1);
        double scale = kinds[i] == ITP_SCHEDULE_VE ? 1 / s.to : 1;
        check_near("state", got.state, 0, 1e-14);
        check_near("data", got.data, scale * s.to, 1e-14);
        check_near("normal", got.normal, scale * (1 - s.to), 1e-14);
    }
}

/* Algorithm 2 of 2206.00364: row 1 (the second row of the first step, which is not churned) leads to the raised state,
 * row 2 evaluates there. In a flow model's coordinates signal and noise are those of the path: u^ and 1 - u^. */
static void churn(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VE};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        step s = PLAIN;
        s.kind = kinds[i];
        s.solver = "edm-heun";
        s.s_churn = .6;
        s.s_noise = 1.5;
        double a = (1 - s.from) / s.from, hat = a * (1 + .6 / 2), u = 1 / (1 + hat);
        double scale = kinds[i] == ITP_SCHEDULE_VE ? 1 : u;
        check_near("raised", row_of(&s, 2).u, u, 1e-14);
        check_near("noise", row_of(&s, 1).normal, 1.5 * scale * sqrt(hat * hat - a * a), 1e-13);
        check_near("none at first", row_of(&s, 0).normal, 0, 0);
        s.s_churn = 1e6; /* at most sqrt 2 */
        check_near("capped", row_of(&s, 2).u, 1 / (1 + a * sqrt(2)), 1e-14);
        s.s_max = .9 * a;
        check_near("above s_max", row_of(&s, 2).u, s.from, 1e-14);
        s.s_max = 0;
        s.s_min = 1.1 * a;
        check_near("below s_min", row_of(&s, 2).u, s.from, 1e-14);
    }
}

/* The schedule ends at sigma 100: what is raised from 90 stops there. */
static void churn_ends_at_the_noise_end(void **state)
{
    step s = PLAIN;
    (void)state;
    s.kind = ITP_SCHEDULE_VE;
    s.solver = "edm-heun";
    s.before = 1 / (1.0 + VE_MAX);
    s.from = 1 / 91.0;
    s.s_churn = 2;
    check_near("raised", row_of(&s, 2).u, 1 / (1.0 + VE_MAX), 1e-14);
    check_near("noise", row_of(&s, 1).normal, sqrt(VE_MAX * VE_MAX - 90. * 90.), 1e-10);
}

/* ---- ends and refusals ---- */

static int all_finite(const itp_plan *plan, int rows)
{
    for (int i = 0; i < rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
        for (int j = 0; j < row.term_count; j++)
            if (!isfinite(row.terms[j].coef)) return 0;
    }
    return 1;
}

static int count_normals(const itp_plan *plan, int rows)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    int count = 0;
    check_status("row", itp_plan_get_row(plan, rows - 1, &row), ITP_OK);
    for (int j = 0; j < row.term_count; j++) count += row.terms[j].column == ITP_COLUMN_NORMAL;
    return count;
}

/* Made, finite and without noise in a last step to sigma = 0; or refused where the deterministic method is, too. */
static int check_short_plan(const pair *solvers, wanted *desc)
{
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    const char *name = solvers->solver;
    desc->solver = SOLVER(solvers->same);
    desc->solver.s_churn = 0;
    int expected = make_plan(desc, &plan);
    itp_plan_free(plan);
    desc->solver = SOLVER(solvers->solver);
    desc->solver.s_churn = !strcmp(solvers->solver, "edm-heun");
    int status = make_plan(desc, &plan);
    if (expected || status) {
        check_true(name, expected == status || !status);
        itp_plan_free(plan);
        return 0;
    }
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_true(name, all_finite(plan, info.rows));
    if (info.u_end == 1) check_true(name, count_normals(plan, info.rows) == 0);
    itp_plan_free(plan);
    return 1;
}

static void short_plans(void **state)
{
    int made = 0, all = 0;
    (void)state;
    for (int f = 0; f < family_count(); f++) {
        itp_schedule *schedule = family_new(f);
        itp_model model = ITP_MODEL_INIT;
        model.schedule = schedule;
        for (int32_t p = ITP_PREDICT_VELOCITY; p <= ITP_PREDICT_NEGATIVE_VELOCITY; p++)
            for (int i = 0; i < 4 * COUNT(limits); i++) {
                wanted desc = WANTED;
                desc.plan.model = &model;
                desc.plan.evaluations = (i & 1) ? 2 : 4;
                desc.grid.kind = (i & 2) ? ITP_GRID_U : ITP_GRID_TIME;
                model.prediction = p;
                made += check_short_plan(&limits[i / 4], &desc);
                all++;
            }
        itp_schedule_free(schedule);
    }
    print_message("# %d of %d short plans have limits and were made\n", made, all);
    check_true("most", 2 * made > all);
}

static double half(void *user, double u)
{
    (void)user;
    (void)u;
    return .5;
}

static void diffusion_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * COUNT(noisy); i++) {
        capture c;
        itp_env log = capture_env(&c);
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.plan.env = &log;
        desc.solver = SOLVER(noisy[i / 2]);
        if (i & 1)
            desc.diffusion.k_fn = half;
        else
            desc.diffusion.k = 1;
        check_status(called(&desc), make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
        assert_null(plan);
        check_true("sentence", capture_has(&c, called(&desc)) && capture_has(&c, "k must be 0"));
    }
}

static void bad_numbers(void **state)
{
    static const char *const names[] = {"eta", "s_noise", "s_churn", "s_min", "s_max"};
    static const double bad[] = {-1, NAN, INFINITY};
    (void)state;
    for (int i = 0; i < COUNT(names) * COUNT(bad); i++) {
        capture c;
        itp_env log = capture_env(&c);
        wanted desc = WANTED;
        desc.plan.noise = ITP_NOISE_STEPS;
        itp_plan *plan = NULL;
        double *fields[] = {&desc.solver.eta, &desc.solver.s_noise, &desc.solver.s_churn, &desc.solver.s_min,
                            &desc.solver.s_max};
        desc.plan.env = &log;
        *fields[i / COUNT(bad)] = bad[i % COUNT(bad)];
        check_status(names[i / COUNT(bad)], make_plan(&desc, &plan), ITP_E_RANGE);
        check_true("sentence", capture_has(&c, names[i / COUNT(bad)]));
    }
}

/* s_noise 0 leaves a method without normals but its start; the first draws of dpmpp-sde are 1 .. steps. */
static void draws(void **state)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    (void)state;
    desc.plan.noise = ITP_NOISE_STEPS;
    desc.solver = SOLVER("dpmpp-sde");
    desc.plan.evaluations = 8;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.steps, 5);    /* of 1, 2, 2, 2 and 1 evaluations */
    assert_int_equal(info.normals, 10); /* the last of two in step 3: step 4 lands on the data without noise */
    itp_plan_free(plan);
    desc.solver.s_noise = 0;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.normals, 1);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_peers),
        cmocka_unit_test(eta_of_zero),
        cmocka_unit_test(variance_is_kept),
        cmocka_unit_test(flow_ancestral),
        cmocka_unit_test(ve_ancestral),
        cmocka_unit_test(ddpm_posterior),
        cmocka_unit_test(levels_without_cancellation),
        cmocka_unit_test(third_order_weights),
        cmocka_unit_test(large_eta),
        cmocka_unit_test(churn),
        cmocka_unit_test(churn_ends_at_the_noise_end),
        cmocka_unit_test(short_plans),
        cmocka_unit_test(diffusion_is_refused),
        cmocka_unit_test(bad_numbers),
        cmocka_unit_test(draws),
    };
    return cmocka_run_group_tests_name("stochastic", tests, NULL, NULL);
}
