/* Grids: where the rows of a plan lie. Positions are compared with the published formulas, written out here, and with
 * levels that k-diffusion, diffusers and DPM-Solver print (levels.h). And nodes that are refused. */
#include <interp/plan.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"
#include "grid/beta.h"
#include "grid/grid.h"
#include "grid/rules.h"

typedef struct nodes {
    int count;
    double u[64], t[64];
} nodes;

static nodes nodes_of(const char *name, const wanted *desc)
{
    nodes out = {0, {0}, {0}};
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, make_plan(desc, &plan), ITP_OK);
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_true(name, info.rows <= COUNT(out.u));
    for (out.count = 0; out.count < info.rows; out.count++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status(name, itp_plan_get_row(plan, out.count, &row), ITP_OK);
        out.u[out.count] = row.u;
        out.t[out.count] = row.t;
    }
    itp_plan_free(plan);
    return out;
}

static void check_nodes(const char *name, const double *got, const double *want, int count, double tol)
{
    label at;
    for (int i = 0; i < count; i++) check_near(label_index(&at, name, i), got[i], want[i], tol);
}

static wanted desc_of(const itp_schedule *schedule, int32_t grid, int32_t evaluations)
{
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.grid.kind = grid;
    desc.plan.evaluations = evaluations;
    return desc;
}

/* Eight even steps: q = i/8, so u = 1/(1 + sqrt((1 - q)/q)); and the angle pi i/16, u = sin/(sin + cos). The last one
 * is the end, which has no row. */
static void golden_nodes(void **state)
{
    static const double mass[] = {0, .2743, .3660, .4365, .5, .5635, .6340, .7257};
    static const double angle[] = {0, .1659, .2929, .4005, .5, .5995, .7071, .8341};
    (void)state;
    itp_schedule *point_mass, *vp;
    check_status("point mass", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    wanted desc = desc_of(vp, ITP_GRID_TIME, 8);
    nodes got = nodes_of("vp", &desc);
    assert_int_equal(got.count, 8);
    check_nodes("vp", got.u, angle, 8, 5.1e-5);
    desc = desc_of(point_mass, ITP_GRID_TIME, 8);
    desc.diffusion.k = 1;
    got = nodes_of("point mass", &desc);
    assert_int_equal(got.count, 8);
    check_nodes("point mass", got.u, mass, 8, 5.1e-5);
    itp_schedule_free(point_mass);
    itp_schedule_free(vp);
}

static void even_in_time(void **state)
{
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        wanted desc = desc_of(schedule, ITP_GRID_TIME, 10);
        if (family_at(i)->table != 1) { /* a DDPM table starts and ends inside the path */
            nodes got = nodes_of(family_at(i)->name, &desc);
            double start = got.t[0], want[10];
            for (int j = 0; j < 10; j++) want[j] = start + (1 - start) * j / 10;
            check_nodes(family_at(i)->name, got.t, want, 10, 1e-13);
            check_same(family_at(i)->name, start, 0);
        }
        itp_schedule_free(schedule);
    }
}

static void even_in_u(void **state)
{
    double want[10];
    (void)state;
    for (int j = 0; j < 10; j++) want[j] = j / 10.0;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        wanted desc = desc_of(schedule, ITP_GRID_U, 10);
        itp_schedule_point first = ITP_SCHEDULE_POINT_INIT;
        check_status("eval", itp_schedule_eval(schedule, 0, &first), ITP_OK);
        nodes got = nodes_of(family_at(i)->name, &desc);
        for (int j = 0; j < 10; j++) want[j] = first.u + (1 - first.u) * j / 10.0;
        check_nodes(family_at(i)->name, got.u, want, got.count, 1e-13);
        itp_schedule_free(schedule);
    }
}

static void even_in_lambda(void **state)
{
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_LAMBDA, 6);
    desc.grid.sigma_max = exp(-(-4));
    desc.grid.sigma_min = exp(-(6));
    nodes got = nodes_of("open", &desc);
    check_same("from the noise end", got.u[0], 0);
    for (int i = 1; i < 6; i++) check_near("lambda", log(got.u[i] / (1 - got.u[i])), -4 + 10 * (i - 1) / 4.0, 1e-12);
    desc = desc_of(NULL, ITP_GRID_LAMBDA, 6);
    desc.grid.u_start = .2;
    desc.grid.u_end = .9;
    got = nodes_of("closed", &desc);
    double low = log(.2 / .8), high = log(.9 / .1);
    for (int i = 0; i < 6; i++)
        check_near("lambda", log(got.u[i] / (1 - got.u[i])), low + (high - low) * i / 6.0, 1e-12);
}

static void short_lambda_grids(void **state)
{
    (void)state;
    for (int n = 1; n <= 3; n++) {
        wanted desc = desc_of(NULL, ITP_GRID_LAMBDA, n);
        nodes got = nodes_of("short", &desc);
        assert_int_equal(got.count, n);
        check_same("start", got.u[0], 0);
    }
    wanted desc = desc_of(NULL, ITP_GRID_LAMBDA, 3);
    nodes got = nodes_of("three", &desc);
    check_near("low", got.u[1], 1 / (1 + exp(5.0)), 1e-15);
    check_near("high", got.u[2], 1 / (1 + exp(-5.0)), 1e-15);
}

/* SD3: sigma -> S sigma/(1 + (S-1) sigma), sigma = 1 - u. */
static void shifted(void **state)
{
    static const double shifts[] = {.3, 1, 3, 12};
    (void)state;
    for (int i = 0; i < COUNT(shifts); i++) {
        wanted desc = desc_of(NULL, ITP_GRID_SHIFT, 10);
        double want[10], S = desc.grid.shift = shifts[i];
        for (int j = 0; j < 10; j++) {
            double sigma = 1 - j / 10.0;
            want[j] = 1 - S * sigma / (1 + (S - 1) * sigma);
        }
        nodes got = nodes_of("shift", &desc);
        check_nodes("shift", got.u, want, 10, 1e-14);
        check_same("start", got.u[0], 0);
    }
}

static void part_of_the_path(void **state)
{
    static const int32_t grids[] = {ITP_GRID_TIME, ITP_GRID_U, ITP_GRID_LAMBDA, ITP_GRID_SHIFT};
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    for (int i = 0; i < COUNT(grids); i++) {
        itp_plan *plan;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        wanted desc = desc_of(vp, grids[i], 5);
        desc.grid.u_start = .3;
        desc.grid.u_end = .8;
        nodes got = nodes_of(kind_name("grid", grids[i]), &desc);
        check_same("start", got.u[0], .3);
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        check_near("u_start", info.u_start, .3, 1e-15);
        check_near("u_end", info.u_end, .8, 1e-15);
        itp_plan_free(plan);
    }
    itp_schedule_free(vp);
}

static void user_nodes(void **state)
{
    static const double given[] = {0, .1, .15, .7, 1};
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    wanted desc = desc_of(vp, ITP_GRID_USER_TIME, 0);
    desc.grid.nodes = given;
    desc.grid.node_count = COUNT(given);
    nodes got = nodes_of("user-time", &desc);
    assert_int_equal(got.count, 4);
    check_nodes("user-time", got.t, given, 4, 0);
    desc.grid.kind = ITP_GRID_USER_U;
    got = nodes_of("user-u", &desc);
    assert_int_equal(got.count, 4);
    check_nodes("user-u", got.u, given, 4, 0);
    itp_schedule_free(vp);
}

/* ---- in a noise level ---- */

static itp_schedule *ve_of(double sigma_max)
{
    family of = {"ve", ITP_SCHEDULE_VE, 0, 0, 0, sigma_max, 0, 0};
    return family_make(&of);
}

/* sigma = alpha/beta of the rows. */
static void check_sigmas(const char *name, const nodes *got, const double *want, int count, double tol)
{
    label at;
    assert_int_equal(got->count, count);
    for (int i = 0; i < count; i++)
        check_near(label_index(&at, name, i), (1 - got->u[i]) / got->u[i] / want[i], 1, tol);
}

/* k-diffusion's own lists, sigma 20 to .02, and EDM's of diffusers (float32), 80 to .002. */
static void levels_of_k_diffusion(void **state)
{
    static const double karras[] = {20,
                                    12.061816018659288,
                                    6.99336175980428,
                                    3.872193886081451,
                                    2.0301646014973254,
                                    .996746790291289,
                                    .4514948805086599,
                                    .18483642049940072,
                                    .06638935656800964,
                                    .02};
    static const double exponential[] = {
        20, 9.283177667225555, 4.308869380063768,  2,  .9283177667225558, .4308869380063768,
        .2, .0928317766722556, .04308869380063768, .02};
    static const double edm[] = {80,
                                 42.41518783569336,
                                 21.10867691040039,
                                 9.723201751708984,
                                 4.0661234855651855,
                                 1.5017420053482056,
                                 .46997904777526855,
                                 .11663856357336044,
                                 .020435335114598274,
                                 .0020000000949949026};
    (void)state;
    itp_schedule *ve = ve_of(20), *wide = ve_of(80);
    wanted desc = desc_of(ve, ITP_GRID_KARRAS, 10);
    desc.grid.sigma_min = exp(-(-log(.02)));
    nodes got = nodes_of("karras", &desc);
    check_sigmas("karras", &got, karras, 10, 1e-12);
    desc.grid.kind = kind_id("grid", "exponential");
    got = nodes_of("exponential", &desc);
    check_sigmas("exponential", &got, exponential, 10, 1e-12);
    desc.grid.kind = ITP_GRID_POLY_EXPONENTIAL;
    got = nodes_of("poly-exponential", &desc);
    check_sigmas("poly-exponential, rho 1", &got, exponential, 10, 1e-12);
    desc = desc_of(wide, ITP_GRID_KARRAS, 10);
    desc.grid.sigma_min = exp(-(-log(.002)));
    got = nodes_of("edm", &desc);
    check_sigmas("edm", &got, edm, 10, 1e-6);
    itp_schedule_free(ve);
    itp_schedule_free(wide);
}

/* Diffusers' UniPC of a flow network with Karras levels: sigma from 200 to .01, in the flow's own sigma/(1 + sigma). */
static void karras_for_a_flow_network(void **state)
{
    static const double want[] = {.9950248599, .9787454605, .8774884343, .3604971766, .0099009862};
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_KARRAS, 5);
    desc.grid.u_start = 1 / 201.0;
    desc.grid.sigma_min = .01;
    nodes got = nodes_of("karras", &desc);
    for (int i = 0; i < 5; i++) check_near("karras", 1 - got.u[i], want[i], 1e-6);
    desc.grid.u_start = 0;
    desc.grid.sigma_max = 200;
    desc.plan.evaluations = 6;
    got = nodes_of("karras", &desc);
    check_same("from the noise end", got.u[0], 0);
    for (int i = 0; i < 5; i++) check_near("karras", 1 - got.u[i + 1], want[i], 1e-6);
}

static void check_flow(const char *name, wanted *desc, const double *want, double tol)
{
    nodes got = nodes_of(name, desc);
    label at;
    assert_int_equal(got.count, 10);
    check_same(name, got.u[0], 0);
    for (int i = 0; i < 10; i++) check_near(label_index(&at, name, i), 1 - got.u[i], want[i], tol);
}

/* Diffusers' FlowMatchEulerDiscreteScheduler in float64; exponential in float32. */
static void levels_of_flow_match_euler(void **state)
{
    static const double karras[] = {1,
                                    .6030908009329644,
                                    .3496680879902142,
                                    .19360969430407285,
                                    .10150823007486638,
                                    .04983733951456444,
                                    .022574744025433007,
                                    .009241821024970044,
                                    .003319467828400486,
                                    .001};
    static const double beta[] = {1,
                                  .9529552742685066,
                                  .854544503955726,
                                  .7248621225131542,
                                  .5772484116025238,
                                  .42375158839747623,
                                  .2761378774868459,
                                  .14645549604427413,
                                  .048044725731493425,
                                  .001};
    static const double exponential[] = {1,
                                         .46415889263153076,
                                         .2154434770345688,
                                         .10000000149011612,
                                         .04641588777303696,
                                         .02154434658586979,
                                         .010000000707805157,
                                         .004641588777303696,
                                         .002154434798285365,
                                         .0010000000474974513};
    static const double even[] = {1, .889, .778, .667, .556, .445, .334, .223, .112, .001};
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_KARRAS_FLOW, 10);
    desc.grid.sigma_min = 1 / 1000.0;
    check_flow("karras", &desc, karras, 1e-13);
    desc.grid.kind = ITP_GRID_BETA_FLOW;
    check_flow("beta", &desc, beta, 1e-12);
    desc.grid.kind = ITP_GRID_EXPONENTIAL_FLOW;
    check_flow("exponential", &desc, exponential, 1e-7);
    desc = desc_of(NULL, ITP_GRID_U, 10);
    desc.grid.terminal = .001;
    check_flow("terminal", &desc, even, 1e-15);
}

static void noise_level_formulas(void **state)
{
    (void)state;
    itp_schedule *ve = ve_of(30);
    wanted desc = desc_of(ve, ITP_GRID_POLY_EXPONENTIAL, 8);
    double want[8], low = log(.01), high = log(30);
    desc.grid.sigma_min = exp(-(-low));
    desc.grid.rho = 2.5;
    for (int i = 0; i < 8; i++) want[i] = exp(low + (high - low) * pow(1 - i / 7.0, 2.5));
    nodes got = nodes_of("poly-exponential", &desc);
    check_sigmas("poly-exponential", &got, want, 8, 1e-12);
    desc.grid.kind = ITP_GRID_KL_OPTIMAL;
    desc.grid.rho = 0;
    for (int i = 0; i < 8; i++) want[i] = tan(atan(30) + (atan(.01) - atan(30)) * i / 7);
    got = nodes_of("kl-optimal", &desc);
    check_sigmas("kl-optimal", &got, want, 8, 1e-11);
    desc.grid.kind = ITP_GRID_KARRAS;
    desc.grid.rho = 3;
    desc.grid.u_end = .9; /* a finite end is a node of the ramp itself */
    desc.grid.sigma_min = 0;
    for (int i = 0; i < 8; i++) want[i] = pow(cbrt(30) + (cbrt(1 / 9.0) - cbrt(30)) * i / 8, 3);
    got = nodes_of("karras", &desc);
    check_sigmas("karras", &got, want, 8, 1e-12);
    desc.grid = (itp_grid){ITP_SIZED(itp_grid), .kind = ITP_GRID_BETA_SIGMA, .beta_a = .5, .beta_b = .5};
    desc.grid.sigma_min = .01; /* Beta(1/2, 1/2), whose quantiles are squared sines */
    for (int i = 0; i < 8; i++) want[i] = .01 + (30 - .01) * pow(cos(.5 * acos(-1) * i / 7), 2);
    got = nodes_of("beta-sigma", &desc);
    check_sigmas("beta-sigma", &got, want, 8, 1e-11);
    itp_schedule_free(ve);
}

/* Table 3 of 2404.14507, and twice and half its steps. */
static void published_levels(void **state)
{
    static const double first[][11] = {{14.615, 6.475, 3.861, 2.697, 1.886, 1.396, .963, .652, .399, .152, .029},
                                       {14.615, 6.315, 3.771, 2.181, 1.342, .862, .555, .380, .234, .113, .029},
                                       {160.41, 8.081, 3.315, 1.885, 1.207, .785, .553, .293, .186, .030, .006},
                                       {700.00, 54.5, 15.886, 7.977, 4.248, 1.789, .981, .403, .173, .034, .002}};
    (void)state;
    for (int of = 0; of < COUNT(first); of++) {
        itp_schedule *ve = ve_of(first[of][0]);
        wanted desc = desc_of(ve, ITP_GRID_AYS_SD15 + of, 10);
        double want[20];
        nodes got = nodes_of("ten", &desc);
        check_sigmas("ten", &got, first[of], 10, 1e-11);
        desc.plan.evaluations = 5;
        for (int i = 0; i < 5; i++) want[i] = first[of][2 * i];
        got = nodes_of("five", &desc);
        check_sigmas("five", &got, want, 5, 1e-11);
        desc.plan.evaluations = 20;
        for (int i = 0; i < 20; i++) want[i] = sqrt(first[of][i / 2] * first[of][(i + 1) / 2]);
        got = nodes_of("twenty", &desc);
        check_sigmas("twenty", &got, want, 20, 1e-11);
        itp_schedule_free(ve);
    }
}

/* ---- in time ---- */

static void quadratic_in_time(void **state)
{
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    wanted desc = desc_of(vp, ITP_GRID_QUADRATIC, 9);
    nodes got = nodes_of("quadratic", &desc);
    for (int i = 0; i < 9; i++) check_near("quadratic", got.t[i], 1 - (1 - i / 9.0) * (1 - i / 9.0), 1e-14);
    desc.grid.u_start = .2;
    desc.grid.u_end = .9;
    got = nodes_of("part", &desc);
    double from = sqrt(1 - atan2(.2, .8) / acos(0)), to = sqrt(1 - atan2(.9, .1) / acos(0));
    for (int i = 0; i < 9; i++) check_near("part", got.t[i], 1 - pow(from + (to - from) * i / 9, 2), 1e-14);
    itp_schedule_free(vp);
}

/* Laws whose quantiles have closed forms: 1 - t = Q(1 - i/n). */
static void beta_in_time(void **state)
{
    static const double laws[][2] = {{1, 1}, {2, 1}, {1, 3}, {.5, .5}, {1000, 1}, {.2, 1}};
    (void)state;
    for (int of = 0; of < COUNT(laws); of++) {
        wanted desc = desc_of(NULL, ITP_GRID_BETA, 12);
        double a = desc.grid.beta_a = laws[of][0], b = desc.grid.beta_b = laws[of][1];
        nodes got = nodes_of("beta", &desc);
        for (int i = 0; i < 12; i++) {
            double p = 1 - i / 12.0, sine = sin(acos(0) * p);
            double want = b > 1 ? 1 - pow(1 - p, 1 / b) : b == 1 ? pow(p, 1 / a) : sine * sine;
            check_near("beta", got.t[i], 1 - want, 1e-13);
        }
    }
}

static void both_tails_of_a_beta_law(void **state)
{
    static const double p[] = {1e-8, 1e-3, .05, .3, .5};
    (void)state;
    for (int i = 0; i < COUNT(p); i++) {
        itp_share low = itp_beta_quantile(.6, 3, p[i]), high = itp_beta_quantile(3, .6, 1 - p[i]);
        check_near("tails", high.rest / low.x, 1, i == 0 ? 1e-7 : 1e-12); /* 1 - p itself is rounded */
        low = itp_beta_quantile(.5, .5, p[i]);
        check_near("arcsine", low.x / pow(sin(acos(0) * p[i]), 2), 1, 1e-13);
        check_near("the rest", low.rest, 1 - low.x, 1e-15);
    }
    assert_true(itp_beta_quantile(.6, .6, 0).x == 0);
    assert_true(itp_beta_quantile(.6, .6, 1).rest == 0);
}

/* ---- over a table ---- */

static itp_schedule *ddpm_of(int count)
{
    static double values[1100];
    itp_schedule *schedule = NULL;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    ddpm_alphas_cumprod(values, count);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = values;
    desc.count = count;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

typedef struct spaced {
    int32_t grid, evaluations, offset, count;
    double want[12]; /* samples, counted from the data end */
} spaced;

/* The fixtures' timesteps of DDIM ("leading") and DPM-Solver ("linspace-open"); the others by hand. */
static void samples_of_a_table(void **state)
{
    static const spaced rows[] = {
        {ITP_GRID_LEADING, 10, 0, 10, {900, 800, 700, 600, 500, 400, 300, 200, 100, 0}},
        {ITP_GRID_LEADING, 10, 1, 10, {901, 801, 701, 601, 501, 401, 301, 201, 101, 1}},
        {ITP_GRID_LEADING, 7, 0, 7, {852, 710, 568, 426, 284, 142, 0}},
        {ITP_GRID_LEADING_OPEN, 10, 1, 10, {901, 811, 721, 631, 541, 451, 361, 271, 181, 91}},
        {ITP_GRID_LINSPACE_OPEN, 10, 0, 10, {999, 899, 799, 699, 599, 500, 400, 300, 200, 100}},
        {ITP_GRID_LINSPACE, 10, 0, 10, {999, 888, 777, 666, 555, 444, 333, 222, 111, 0}},
        {ITP_GRID_LINSPACE, 3, 0, 3, {999, 500, 0}},
        {ITP_GRID_TRAILING, 10, 0, 10, {999, 899, 799, 699, 599, 499, 399, 299, 199, 99}},
        {ITP_GRID_TRAILING, 7, 0, 7, {999, 856, 713, 570, 428, 285, 142}},
        {ITP_GRID_SIMPLE, 7, 0, 7, {999, 857, 714, 571, 428, 285, 142}},
        {ITP_GRID_SGM_UNIFORM, 4, 0, 4, {999, 749.25, 499.5, 249.75}},
        {ITP_GRID_NORMAL, 5, 0, 5, {999, 749.25, 499.5, 249.75, 0}},
    };
    (void)state;
    itp_schedule *table = ddpm_of(1000);
    for (int of = 0; of < COUNT(rows); of++) {
        wanted desc = desc_of(table, rows[of].grid, rows[of].evaluations);
        desc.grid.steps_offset = rows[of].offset;
        nodes got = nodes_of(kind_name("grid", rows[of].grid), &desc);
        assert_int_equal(got.count, rows[of].count);
        for (int i = 0; i < got.count; i++)
            check_near(kind_name("grid", rows[of].grid), 999 * (1 - got.t[i]), rows[of].want[i], 1e-12);
    }
    itp_schedule_free(table);
}

/* DPM-Solver's sigmas in float64, diffusers' Karras levels of two tables in float32: they end with the tables. */
static void levels_of_a_table(void **state)
{
    static const double open[] = {157.40728081040757, 60.271410067824064, 25.528481389204856, 11.939519622754792,
                                  6.135208879028882,  3.4429671125258228, 2.0410870026144945, 1.240161045545549,
                                  .7235912594303969,  .3422596990130316};
    static const double karras[] = {157.40725708007812, 85.71072387695312,  44.04764175415039, 21.105602264404297,
                                    9.274739265441895,  3.652639865875244,  1.246360182762146, .34970611333847046,
                                    .0739302858710289,  .010001329705119133};
    static const double more[] = {261.0555725097656,  140.0482635498047,  70.6954116821289,  33.13920974731445,
                                  14.1679048538208,   5.385187149047852,  1.752219319343567, .4597695767879486,
                                  .08781188726425171, .010001329705119133};
    (void)state;
    itp_schedule *table = ddpm_of(1000), *longer = ddpm_of(1100);
    wanted desc = desc_of(table, ITP_GRID_LINSPACE_OPEN, 10);
    nodes got = nodes_of("linspace-open", &desc);
    check_sigmas("linspace-open", &got, open, 10, 1e-12);
    desc.grid.kind = ITP_GRID_KARRAS;
    got = nodes_of("karras", &desc);
    check_sigmas("karras", &got, karras, 10, 1e-4);
    desc.grid.sigma_min = exp(-(-log(karras[9]))); /* the float32 table's last level is 8e-5 off */
    got = nodes_of("karras", &desc);
    check_sigmas("karras", &got, karras, 10, 1e-6);
    desc.plan.schedule = longer;
    got = nodes_of("1100", &desc);
    check_sigmas("1100", &got, more, 10, 1e-6);
    itp_schedule_free(table);
    itp_schedule_free(longer);
}

/* A network's table also ends what is sampled under a schedule that goes on. */
static void the_network_ends_first(void **state)
{
    (void)state;
    itp_schedule *table = ddpm_of(1000);
    itp_model model = ITP_MODEL_INIT;
    itp_schedule_point last = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(table, 1, &last), ITP_OK);
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_INDEX;
    wanted desc = desc_of(NULL, ITP_GRID_LAMBDA, 6);
    itp_schedule *linear;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    desc.plan.model = &model;
    desc.plan.schedule = linear;
    for (int i = 0; i < 3; i++) {
        desc.grid.kind = (int32_t[]){ITP_GRID_LAMBDA, ITP_GRID_KARRAS, ITP_GRID_KARRAS_FLOW}[i];
        nodes got = nodes_of(kind_name("grid", desc.grid.kind), &desc);
        assert_int_equal(got.count, 6);
        check_near(kind_name("grid", desc.grid.kind), got.u[5], last.u, 1e-13);
    }
    itp_schedule_free(table);
    itp_schedule_free(linear);
}

/* ---- every grid ---- */

/* Levels that are published, or those of a law, may lie before the start of a schedule. */
static int is_fixed(int32_t grid)
{
    return (grid >= ITP_GRID_AYS_SD15 && grid <= ITP_GRID_ALPHAFOLD_3) || grid == ITP_GRID_LOGIT_NORMAL;
}

/* 40 steps are more than a table has samples: then the plan says so. Where there is no table the network, a flow's, has
 * 1000 levels. */
static void check_every(const char *name, const wanted *desc, int table)
{
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    int status = make_plan(desc, &plan);
    int counts = itp_grid_row_of(desc->grid.kind)->sample != NULL;
    int late = !table && desc->plan.schedule->u_first > 0; /* after the first of a flow's levels */
    int refused = is_fixed(desc->grid.kind) || (counts && (table == 2 || late));
    if (refused && status) {
        check_status(name, status, ITP_E_GRID);
        return;
    }
    check_status(name, status, ITP_OK);
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    assert_int_equal(info.steps, desc->plan.evaluations);
    check_same(name, info.u_end, 1);
    itp_plan_free(plan);
    nodes got = nodes_of(name, desc);
    for (int i = 1; i < got.count; i++) check_true(name, got.u[i] > got.u[i - 1] && got.t[i] > got.t[i - 1]);
    check_true(name, got.u[got.count - 1] < 1);
}

static void every_grid_with_every_schedule(void **state)
{
    static const int32_t steps[] = {1, 2, 3, 10, 40};
    (void)state;
    for (int i = 0; i < family_count() * COUNT(steps); i++) {
        const family *of = family_at(i / COUNT(steps));
        itp_schedule *schedule = family_new(i / COUNT(steps));
        for (int32_t j = 0; kind_at("grid", j); j++) {
            int32_t grid = kind_at("grid", j);
            wanted desc = desc_of(schedule, grid, steps[i % COUNT(steps)]);
            if (grid < ITP_GRID_USER_TIME) check_every(kind_name("grid", grid), &desc, of->table);
        }
        itp_schedule_free(schedule);
    }
}

/* ---- stretched, shifted ---- */

/* Whatever the grid, r becomes r/S at the nodes between the ends; between ends inside the path they lie where the grid
 * between r S of both ends has them. Nodes of the caller's too. */
static void every_grid_shifts(void **state)
{
    static const double own[] = {0, .2, .5, .9, 1}, sigmas[] = {90, 4, 1, .2, 0}, levels[] = {1, .9, .5, .1, 0};
    enum { STEPS = 4 };
    (void)state;
    for (int32_t j = 0; kind_at("grid", j); j++) {
        wanted desc = desc_of(NULL, kind_at("grid", j), STEPS);
        const char *name = kind_name("grid", desc.grid.kind);
        if (itp_grid_reads(desc.grid.kind) & ITP_READS_NODES) {
            desc.plan.evaluations = 0;
            desc.grid.node_count = STEPS + 1;
            desc.grid.nodes = desc.grid.kind == ITP_GRID_USER_SIGMA  ? sigmas
                              : desc.grid.kind == ITP_GRID_USER_FLOW ? levels
                                                                     : own;
        }
        nodes plain = nodes_of(name, &desc);
        desc.grid.shift = 3;
        nodes got = nodes_of(name, &desc);
        for (int i = 0; i < STEPS; i++) check_near(name, got.u[i], plain.u[i] / (3 - 2 * plain.u[i]), 1e-14);
    }
}

static void shifted_between_ends(void **state)
{
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_U, 4);
    desc.grid.shift = 3;
    desc.grid.u_start = .2;
    desc.grid.u_end = .6;
    nodes got = nodes_of("part", &desc);
    double from = .6 / (.6 + .8), to = 1.8 / (1.8 + .4); /* r = 3/4 and 9/2 */
    check_same("its start", got.u[0], .2);
    for (int i = 1; i < 4; i++) {
        double u = from + (to - from) * i / 4;
        check_near("part", got.u[i], u / (u + 3 * (1 - u)), 1e-14);
    }
}

static void terminal(void **state)
{
    static const double given[] = {0, .3, .5, .9, 1};
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_SHIFT, 8);
    double want[8];
    desc.grid.shift = 3;
    desc.grid.terminal = .1;
    double last = 1 - 3 * (1 / 8.0) / (1 + 2 * (1 / 8.0));
    for (int i = 0; i < 8; i++) {
        double sigma = 1 - i / 8.0;
        want[i] = (1 - 3 * sigma / (1 + 2 * sigma)) * .9 / last;
    }
    nodes got = nodes_of("shift", &desc);
    check_nodes("shift", got.u, want, 8, 1e-14);
    check_near("terminal", 1 - got.u[7], .1, 1e-16);
    desc = desc_of(NULL, ITP_GRID_USER_U, COUNT(given) - 1);
    desc.grid.terminal = .1;
    desc.grid.nodes = given;
    desc.grid.node_count = COUNT(given);
    got = nodes_of("user-u", &desc);
    for (int i = 0; i < 4; i++) check_near("user-u", got.u[i], given[i], 1e-15);
    desc.grid.terminal = .4;
    got = nodes_of("user-u", &desc);
    for (int i = 0; i < 4; i++) check_near("user-u", got.u[i], given[i] * .6 / .9, 1e-15);
}

/* In one step no node lies before the end; in two, the one that is asked for; the first node stays. */
static void short_terminal_grids(void **state)
{
    (void)state;
    wanted desc = desc_of(NULL, ITP_GRID_U, 1);
    desc.grid.terminal = .25;
    nodes got = nodes_of("one", &desc);
    assert_int_equal(got.count, 1);
    check_same("one", got.u[0], 0);
    desc.plan.evaluations = 2;
    got = nodes_of("two", &desc);
    check_same("start", got.u[0], 0);
    check_near("two", got.u[1], .75, 1e-16);
    desc.grid.u_start = .2;
    desc.plan.evaluations = 3;
    got = nodes_of("part", &desc);
    check_near("start", got.u[0], .2, 1e-16);
    check_near("part", got.u[1], .475, 1e-15);
    check_near("part", got.u[2], .75, 1e-15);
    itp_plan *plan = NULL;
    desc.grid.u_start = .8;
    check_status("before the start", make_plan(&desc, &plan), ITP_E_GRID);
    desc.grid.u_start = 0;
    desc.grid.u_end = .7;
    check_status("after the end", make_plan(&desc, &plan), ITP_E_GRID);
    assert_null(plan);
}

static void shift_of_a_resolution(void **state)
{
    double shift = -1;
    (void)state;
    check_status("low", itp_shift_of_tokens(256, 256, .5, 4096, 1.15, &shift), ITP_OK);
    check_near("low", shift, exp(.5), 1e-15);
    check_status("high", itp_shift_of_tokens(4096, 256, .5, 4096, 1.15, &shift), ITP_OK);
    check_near("high", shift, exp(1.15), 1e-15);
    check_status("1024 x 1024 is high; 512 x 512", itp_shift_of_tokens(1024, 256, .5, 4096, 1.15, &shift), ITP_OK);
    check_near("512 x 512", shift, exp(.63), 1e-14);
    check_status("beyond", itp_shift_of_tokens(8192, 256, .5, 4096, 1.15, &shift), ITP_OK);
    check_near("beyond", log(shift), 1.15 + .65 * 4096 / 3840, 1e-14);
    shift = -1;
    check_status("equal", itp_shift_of_tokens(256, 256, .5, 256, 1.15, &shift), ITP_E_RANGE);
    check_status("NaN", itp_shift_of_tokens(NAN, 256, .5, 4096, 1.15, &shift), ITP_E_RANGE);
    check_status("infinite", itp_shift_of_tokens(1, 256, INFINITY, 4096, 1.15, &shift), ITP_E_RANGE);
    check_status("overflow", itp_shift_of_tokens(1e9, 256, .5, 257, 1.15, &shift), ITP_E_RANGE);
    check_status("underflow", itp_shift_of_tokens(-1e9, 256, .5, 257, 1.15, &shift), ITP_E_RANGE);
    check_status("NULL", itp_shift_of_tokens(1, 256, .5, 257, 1.15, NULL), ITP_E_ARGUMENT);
    check_same("as it was", shift, -1);
}

/* ---- refused ---- */

typedef struct bad {
    const char *name;
    int32_t count;
    double nodes[4];
    int want;
} bad;

static void bad_nodes(void **state)
{
    static const bad rows[] = {
        {"equal", 3, {0, .5, .5}, ITP_E_GRID},         {"decreasing", 3, {0, .6, .5}, ITP_E_GRID},
        {"below 0", 3, {-.1, .5, 1}, ITP_E_GRID},      {"over 1", 3, {0, .5, 1.1}, ITP_E_GRID},
        {"NaN", 3, {0, NAN, 1}, ITP_E_GRID},           {"infinite", 3, {0, .5, INFINITY}, ITP_E_GRID},
        {"one node", 1, {0, 0, 0}, ITP_E_GRID},        {"no node", 0, {0, 0, 0}, ITP_E_GRID},
        {"negative count", -2, {0, 0, 0}, ITP_E_GRID},
    };
    static const int32_t grids[] = {ITP_GRID_USER_TIME, ITP_GRID_USER_U};
    (void)state;
    for (int i = 0; i < 2 * COUNT(rows); i++) {
        const bad *row = &rows[i / 2];
        itp_plan *plan = NULL;
        wanted desc = desc_of(NULL, grids[i % 2], 2);
        desc.grid.nodes = row->nodes;
        desc.grid.node_count = row->count;
        check_status(row->name, make_plan(&desc, &plan), row->want);
        check_true(row->name, plan == NULL);
    }
}

/* VE starts at sigma_max: no node can lie before it, in the sampling schedule or in the network's. */
static void outside_a_schedule(void **state)
{
    static const double given[] = {.001, .5, 1};
    (void)state;
    itp_schedule *ve, *linear;
    itp_plan *plan = NULL;
    itp_model model = ITP_MODEL_INIT;
    check_status("ve", itp_schedule_make(ITP_SCHEDULE_VE, &ve), ITP_OK);
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    wanted desc = desc_of(ve, ITP_GRID_USER_U, 2);
    desc.grid.nodes = given;
    desc.grid.node_count = 3;
    check_status("sampling", make_plan(&desc, &plan), ITP_E_GRID);
    model.schedule = ve;
    desc.plan.schedule = linear;
    desc.plan.model = &model;
    check_status("model", make_plan(&desc, &plan), ITP_E_GRID);
    desc = desc_of(ve, ITP_GRID_TIME, 4);
    desc.grid.u_start = .001;
    check_status("u_start", make_plan(&desc, &plan), ITP_E_GRID);
    assert_null(plan);
    itp_schedule_free(ve);
    itp_schedule_free(linear);
}

/* Options that no grid can have, whether or not the one chosen reads them. */
static void bad_options(void **state)
{
    static const double wrong[] = {-1, NAN, INFINITY, -INFINITY};
    (void)state;
    for (int i = 0; i < 4 * COUNT(wrong); i++) {
        itp_plan *plan = NULL;
        wanted desc = desc_of(NULL, ITP_GRID_TIME, 4);
        double *options[] = {&desc.grid.rho, &desc.grid.beta_a, &desc.grid.beta_b, &desc.grid.terminal};
        *options[i % 4] = wrong[i / 4];
        check_status("option", make_plan(&desc, &plan), ITP_E_RANGE);
        assert_null(plan);
    }
    itp_plan *plan = NULL;
    wanted desc = desc_of(NULL, ITP_GRID_BETA, 4);
    desc.grid.beta_a = -1;
    check_status("beta_a", make_plan(&desc, &plan), ITP_E_RANGE);
    desc.grid.beta_a = 1001;
    check_status("beta_a", make_plan(&desc, &plan), ITP_E_RANGE);
    desc = desc_of(NULL, ITP_GRID_U, 4);
    desc.grid.terminal = 1;
    check_status("terminal", make_plan(&desc, &plan), ITP_E_RANGE);
    desc = desc_of(NULL, ITP_GRID_U, 4);
    desc.grid.steps_offset = -1;
    check_status("steps_offset", make_plan(&desc, &plan), ITP_E_RANGE);
    desc = desc_of(NULL, ITP_GRID_U, 4);
    desc.grid.reversed = 2;
    check_status("reversed", make_plan(&desc, &plan), ITP_E_RANGE);
}

static void bad_tables(void **state)
{
    (void)state;
    itp_plan *plan = NULL;
    itp_schedule *table = ddpm_of(20);
    wanted desc = desc_of(NULL, ITP_GRID_LEADING, 4);
    itp_model vp = ITP_MODEL_INIT;
    itp_schedule *schedule = NULL;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &schedule), ITP_OK);
    vp.schedule = schedule;
    desc.plan.model = &vp;
    check_status("no table", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc.plan.model = NULL;
    desc.plan.schedule = table;
    desc.grid.u_start = .3;
    check_status("part", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc.grid.u_start = 0;
    desc.grid.steps_offset = 5;
    check_status("before the first sample", make_plan(&desc, &plan), ITP_E_GRID);
    desc.grid.steps_offset = 0;
    desc.plan.evaluations = 21;
    check_status("more steps than samples", make_plan(&desc, &plan), ITP_E_GRID);
    assert_null(plan);
    itp_schedule_free(schedule);
    itp_schedule_free(table);
}

/* Numbers at the edge of doubles give a status, never a plan with NaN. */
static void extreme_options(void **state)
{
    static const double rho[] = {1e-300, 1e-3, 1e3, 1e300};
    static const double lambda[] = {1e-300, 5, 800, 1e300};
    (void)state;
    for (int i = 0; i < COUNT(rho) * COUNT(lambda); i++) {
        for (int32_t j = 0; kind_at("grid", j); j++) {
            itp_plan *plan = NULL;
            wanted desc = desc_of(NULL, kind_at("grid", j), 6);
            double share = 1e-3 / rho[i % COUNT(rho)];
            int32_t reads = itp_grid_reads(desc.grid.kind);
            if (reads & (ITP_READS_RHO | ITP_READS_POWER)) desc.grid.rho = rho[i % COUNT(rho)];
            if (reads & ITP_READS_LOW) desc.grid.sigma_max = exp(-(-lambda[i / COUNT(rho)]));
            if (reads & ITP_READS_HIGH) desc.grid.sigma_min = exp(-(lambda[i / COUNT(rho)]));
            if (reads & ITP_READS_BETA) desc.grid.beta_a = share < 1e-300 ? 1e-300 : fmin(share, 1000);
            int status = make_plan(&desc, &plan);
            check_true(kind_name("grid", desc.grid.kind), status <= 0);
            if (!status) nodes_of(kind_name("grid", desc.grid.kind), &desc);
            itp_plan_free(plan);
        }
    }
}

static void grid_names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {{1, "time"},
                {2, "u"},
                {3, "lambda"},
                {4, "shift"},
                {5, "quadratic"},
                {6, "beta"},
                {20, "karras"},
                {21, "poly-exponential"},
                {22, "kl-optimal"},
                {23, "bong-tangent"},
                {24, "beta-sigma"},
                {30, "karras-flow"},
                {31, "exponential-flow"},
                {32, "beta-flow"},
                {33, "kl-optimal-flow"},
                {34, "bong-tangent-flow"},
                {35, "linear-quadratic"},
                {36, "logit-normal"},
                {40, "linspace"},
                {41, "linspace-open"},
                {42, "leading"},
                {43, "leading-open"},
                {44, "trailing"},
                {45, "simple"},
                {46, "sgm-uniform"},
                {47, "normal"},
                {48, "beta-samples"},
                {49, "smoothstep"},
                {50, "lcm"},
                {60, "ays-sd15"},
                {61, "ays-sdxl"},
                {62, "ays-deepfloyd"},
                {63, "ays-svd"},
                {64, "ays-sd15-comfyui"},
                {65, "ays-sdxl-comfyui"},
                {66, "gits"},
                {67, "alphafold-3"},
                {0x1000, "user-time"},
                {0x1001, "user-u"},
                {0x1002, "user-sigma"},
                {0x1003, "user-flow"}};
    (void)state;
    int n = 0;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(kind_id("grid", rows[i].name), rows[i].id);
        assert_string_equal(kind_name("grid", rows[i].id), rows[i].name);
    }
    for (; kind_at("grid", n); n++)
        assert_int_equal(kind_id("grid", kind_name("grid", kind_at("grid", n))), kind_at("grid", n));
    assert_int_equal(n, COUNT(rows));
    assert_int_equal(kind_id("grid", "exponential"), ITP_GRID_LAMBDA);
    assert_int_equal(kind_id("grid", "Karras"), ITP_GRID_KARRAS);
    assert_int_equal(kind_id("grid", "karas"), ITP_E_UNSUPPORTED);
    assert_int_equal(kind_id("grid", NULL), ITP_E_ARGUMENT);
    assert_null(kind_name("grid", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_nodes),
        cmocka_unit_test(even_in_time),
        cmocka_unit_test(even_in_u),
        cmocka_unit_test(even_in_lambda),
        cmocka_unit_test(short_lambda_grids),
        cmocka_unit_test(shifted),
        cmocka_unit_test(part_of_the_path),
        cmocka_unit_test(user_nodes),
        cmocka_unit_test(levels_of_k_diffusion),
        cmocka_unit_test(karras_for_a_flow_network),
        cmocka_unit_test(levels_of_flow_match_euler),
        cmocka_unit_test(noise_level_formulas),
        cmocka_unit_test(published_levels),
        cmocka_unit_test(quadratic_in_time),
        cmocka_unit_test(beta_in_time),
        cmocka_unit_test(both_tails_of_a_beta_law),
        cmocka_unit_test(samples_of_a_table),
        cmocka_unit_test(levels_of_a_table),
        cmocka_unit_test(the_network_ends_first),
        cmocka_unit_test(every_grid_with_every_schedule),
        cmocka_unit_test(terminal),
        cmocka_unit_test(short_terminal_grids),
        cmocka_unit_test(shift_of_a_resolution),
        cmocka_unit_test(every_grid_shifts),
        cmocka_unit_test(shifted_between_ends),
        cmocka_unit_test(bad_nodes),
        cmocka_unit_test(outside_a_schedule),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(bad_tables),
        cmocka_unit_test(extreme_options),
        cmocka_unit_test(grid_names),
    };
    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
