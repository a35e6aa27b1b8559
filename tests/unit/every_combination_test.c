/* Every solver on every grid, for every prediction, with one, two and three steps from pure noise to the data: a plan
 * with finite numbers whose samples are finite too, or the status that `expected` lists, with a sentence in the log.
 * Whatever the registries hold is in it. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"
#include "grid/grid.h"

enum { SAMPLES = 3, MOST_STEPS = 3 };
static const double MEAN = .3, DEVIATION = .8, SIGMA_DATA = .5;

/* ---- the exact network for N(MEAN, DEVIATION^2) ---- */

typedef struct exact {
    const itp_schedule *schedule;
    int32_t prediction;
} exact;

static double predicted(int32_t prediction, const itp_schedule_point *at, double x)
{
    double a = at->alpha, b = at->beta, s = SIGMA_DATA, off = x - b * MEAN;
    double v = a * a + b * b * DEVIATION * DEVIATION, n2 = a * a + b * b, N = a * a + s * s * b * b;
    double noise = a * off / v, data = MEAN + b * DEVIATION * DEVIATION * off / v;
    switch (prediction) {
    case ITP_PREDICT_VELOCITY: return at->dalpha * noise + at->dbeta * data;
    case ITP_PREDICT_NEGATIVE_VELOCITY: return -at->dalpha * noise - at->dbeta * data;
    case ITP_PREDICT_DATA: return data;
    case ITP_PREDICT_NOISE: return noise;
    case ITP_PREDICT_SCORE: return -off / v;
    case ITP_PREDICT_EDM: /* (data - c_skip x)/c_out, with the alpha in both taken out */
        return a * (MEAN + b * x * (DEVIATION * DEVIATION - s * s) / N) * sqrt(N) / (v * s);
    default: return (b * noise - a * data) / sqrt(n2); /* salimans-v, and what `affine` says below */
    }
}

static int ITP_CALL affine(void *user, const itp_schedule_point *at, double *a, double *b)
{
    double n2 = at->alpha * at->alpha + at->beta * at->beta;
    (void)user;
    *a = at->beta / n2;
    *b = -at->alpha / sqrt(n2);
    return 0;
}

static int exact_run(void *user, const itp_request *request)
{
    const exact *net = user;
    const double *x = request->x;
    double *out = request->out;
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    if (itp_schedule_eval(net->schedule, request->time, &at)) return 1;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = predicted(net->prediction, &at, x[i]);
    return 0;
}

/* ---- one combination ---- */

typedef struct world {
    const char *name;
    const itp_schedule *model, *sampling;
    int from_noise; /* 1: the path starts at u = 0, where the noise says nothing about the data */
    int table;      /* 1: sampled under a table */
} world;

typedef struct combination {
    const world *where;
    const char *solver;
    int32_t grid, prediction, steps;
    int32_t evaluations; /* per step */
    double *velocity;    /* the samples of the velocity network */
} combination;

static const char *described(const combination *c, label *out)
{
    snprintf(out->text, sizeof out->text, "%s %s %s %s %d", c->where->name, c->solver, kind_name("grid", c->grid),
             kind_name("prediction", c->prediction), (int)c->steps);
    return out->text;
}

/* The statuses that are right: table grids without a table, and predictions that are noise where nothing else is. */
static int expected(const combination *c, int status)
{
    int table_grid = itp_grid_row_of(c->grid)->sample != NULL, flow = c->where->model->kind == ITP_SCHEDULE_LINEAR;
    int blind = c->prediction == ITP_PREDICT_NOISE || c->prediction == ITP_PREDICT_SCORE;
    if (table_grid && !c->where->table && !flow) return status == ITP_E_UNSUPPORTED;
    int inside = c->grid == ITP_GRID_LEADING || c->grid == ITP_GRID_LEADING_OPEN; /* may begin behind the noise end */
    if (blind && inside && flow) return status == ITP_OK || status == ITP_E_SINGULAR;
    if (blind && c->where->from_noise && c->grid != ITP_GRID_USER_SIGMA) return status == ITP_E_SINGULAR;
    return status == ITP_OK;
}

static void check_row(const char *name, const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status(name, itp_plan_get_row(plan, i, &row), ITP_OK);
    int finite = isfinite(row.time) && isfinite(row.keep_state) && isfinite(row.keep_output);
    for (int32_t j = 0; j < row.term_count; j++) finite = finite && isfinite(row.terms[j].coef);
    check_true(name, finite);
    check_true(name, row.u >= 0 && row.u <= 1);
}

/* Exact networks that are regular wherever the velocity is say the same, so their samples are the same. */
static void compare(const char *name, const combination *c, const double *x)
{
    int regular = c->prediction == ITP_PREDICT_NEGATIVE_VELOCITY || c->prediction == ITP_PREDICT_SALIMANS_V ||
                  c->prediction == ITP_PREDICT_EDM;
    for (int i = 0; i < SAMPLES; i++) {
        check_true(name, isfinite(x[i]));
        if (c->prediction == ITP_PREDICT_VELOCITY) c->velocity[i] = x[i];
        if (regular) check_near(name, x[i], c->velocity[i], 1e-9);
    }
}

static void check_plan(const char *name, const combination *c, const itp_plan *plan)
{
    double x[SAMPLES];
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    exact net = {c->where->model, c->prediction};
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    if (c->grid >= ITP_GRID_USER_TIME) {
        assert_int_equal(info.steps, c->steps);
        check_true(name, info.rows >= 1 && info.rows <= c->steps * c->evaluations);
    } else {
        assert_int_equal(info.rows, c->steps * c->evaluations);
    }
    assert_int_equal(info.unspent, 0);
    if (c->grid != ITP_GRID_USER_TIME || !c->where->table)
        check_same(name, info.u_end, 1); /* a table's t has its end */
    for (int32_t i = 0; i < info.rows; i++) check_row(name, plan, i);
    batch.dim = 1;
    batch.count = SAMPLES;
    batch.type = ITP_FLOAT64;
    batch.check_finite = 1;
    check_status(name, itp_sample(plan, &batch, x, exact_run, &net), ITP_OK);
    compare(name, c, x);
}

/* User nodes end at sigma exactly 0 too. */
static void fill(const combination *c, double *nodes, itp_model *model, wanted *desc)
{
    for (int i = 0; i <= c->steps; i++) nodes[i] = (double)i / c->steps;
    if (!c->where->from_noise) nodes[0] = c->grid == ITP_GRID_USER_U ? .01 : 0;
    for (int i = 0; c->grid == ITP_GRID_USER_FLOW && i <= c->steps; i++)
        nodes[i] = i ? 1 - nodes[i] : c->where->from_noise ? 1 : .99;
    for (int i = 0; c->grid == ITP_GRID_USER_SIGMA && i <= c->steps; i++) /* a sigma is finite: from 99 on */
        nodes[i] = i ? 1 / nodes[i] - 1 : 99;
    model->schedule = c->where->model;
    model->prediction = c->prediction;
    model->affine = model->prediction == ITP_PREDICT_AFFINE ? affine : NULL;
    desc->plan.model = model;
    desc->plan.schedule = c->where->sampling;
    desc->solver = SOLVER(c->solver);
    desc->grid.kind = c->grid;
    if (itp_grid_reads(c->grid) & ITP_READS_NODES) {
        desc->grid.nodes = nodes;
        desc->grid.node_count = c->steps + 1;
    } else {
        desc->plan.evaluations = c->steps * c->evaluations;
    }
}

static int tried(const combination *c)
{
    double nodes[MOST_STEPS + 1];
    label name;
    capture heard;
    itp_env log = capture_env(&heard);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    fill(c, nodes, &model, &desc);
    desc.plan.env = &log;
    int status = make_plan(&desc, &plan);
    described(c, &name);
    if (!expected(c, status)) print_message("# %s: %d %s\n", name.text, status, heard.text);
    if (!expected(c, status)) return 0;
    check_true(name.text, (status == ITP_OK) == (plan != NULL));
    check_true(name.text, (status == ITP_OK) == (heard.count == 0 || heard.level == ITP_LOG_WARNING));
    if (plan) check_plan(name.text, c, plan);
    itp_plan_free(plan);
    return 1;
}

/* ---- all of them ---- */

/* The rows of one step between two nodes inside the path, where all stages exist. */
static int32_t evaluations_of(const char *solver)
{
    static const double nodes[] = {.4, .5};
    wanted desc = WANTED;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = NULL;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, COUNT(nodes));
    check_status(solver, make_plan(&desc, &plan), ITP_OK);
    check_status(solver, itp_plan_get_info(plan, &info), ITP_OK);
    itp_plan_free(plan);
    return info.rows;
}

/* A table does not go as far as AlphaFold 3's levels: in more than one step they are refused. */
static int beyond_a_table(const combination *c)
{
    return c->grid == ITP_GRID_ALPHAFOLD_3 && c->where->table && c->steps * c->evaluations > 1;
}

static int grids_and_predictions(combination c, int *count)
{
    int wrong = 0;
    double velocity[MOST_STEPS + 1][SAMPLES] = {{0}};
    for (int g = 0; kind_at("grid", g); g++) {
        for (int p = 0; kind_at("prediction", p); p++) {
            for (c.steps = 1; c.steps <= MOST_STEPS; c.steps++) {
                c.grid = kind_at("grid", g);
                c.prediction = kind_at("prediction", p);
                c.velocity = velocity[c.steps];
                wrong += !beyond_a_table(&c) && !tried(&c);
                *count += 1;
            }
        }
    }
    return wrong;
}

static void everything_in(const world *where)
{
    int wrong = 0, count = 0;
    for (int s = 0; kind_name_at("solver", s); s++) {
        combination c = {where, kind_name_at("solver", s), 0, 0, 0, evaluations_of(kind_name_at("solver", s)), NULL};
        wrong += grids_and_predictions(c, &count);
    }
    print_message("# %s: %d combinations\n", where->name, count);
    assert_int_equal(wrong, 0);
}

static void in(const char *name, int32_t model, int32_t sampling)
{
    itp_schedule *of_model = family_make(&(family){"model", model, 0, 0, 1, SIGMA_DATA, 0, 1});
    itp_schedule *of_sampling = family_make(&(family){"sampling", sampling, 0, 0, 1, SIGMA_DATA, 0, 1});
    world where = {name, of_model, of_sampling, model != ITP_SCHEDULE_TABLE, sampling == ITP_SCHEDULE_TABLE};
    everything_in(&where);
    itp_schedule_free(of_model);
    itp_schedule_free(of_sampling);
}

static void linear(void **state)
{
    (void)state;
    in("linear", ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_LINEAR);
}

static void table(void **state)
{
    (void)state;
    in("table", ITP_SCHEDULE_TABLE, ITP_SCHEDULE_TABLE);
}

static void trigonometric_under_a_point_mass(void **state)
{
    (void)state;
    in("vp under point-mass", ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS);
}

static void edm_under_linear(void **state)
{
    (void)state;
    in("edm under linear", ITP_SCHEDULE_EDM, ITP_SCHEDULE_LINEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear),
        cmocka_unit_test(table),
        cmocka_unit_test(trigonometric_under_a_point_mass),
        cmocka_unit_test(edm_under_linear),
    };
    return cmocka_run_group_tests_name("every combination", tests, NULL, NULL);
}
