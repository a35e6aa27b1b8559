/* A node that misses an end of the path by a hair. A plan whose last node tends to u = 1 tends to the plan that ends
 * there, and one whose first node tends to u = 0 to the plan that begins there: for every solver, network and grid the
 * error against the exact law stays within twice that of the plan with the end itself, from one rounding (2^-53) to
 * one of float32 (6e-8).
 *
 * The network is exact for N(m, s^2) data, so a plan's result is m' + sum_j c_j xi_j, whose coefficients follow from
 * the rows alone. Right are m' = C u m and, for a flow, c_0 = C sqrt(w^2 + u^2 s^2), which keeps the quantile; with
 * noise the root of sum_j c_j^2 is that. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/want.h"

enum { STEPS = 8, GRIDS = 7, MOST_NODES = STEPS + 1 };
static const double MEAN = .3, DEVIATION = .5, SIGMA_DATA = .5;
static const double HAIRS[] = {0x1p-53, 0x1p-52, 1.4e-15, 1e-12, 1e-10, 6e-8};

/* The network's output is slope x + offset. */
typedef struct affine_network {
    double slope, offset;
} affine_network;

static double predicted(int32_t prediction, const itp_schedule_point *at, double x)
{
    double a = at->alpha, b = at->beta, s = SIGMA_DATA, off = x - b * MEAN;
    double v = a * a + b * b * DEVIATION * DEVIATION, N = a * a + s * s * b * b;
    double noise = a * off / v, data = MEAN + b * DEVIATION * DEVIATION * off / v;
    switch (prediction) {
    case ITP_PREDICT_VELOCITY: return at->dalpha * noise + at->dbeta * data;
    case ITP_PREDICT_DATA: return data;
    case ITP_PREDICT_NOISE: return noise;
    case ITP_PREDICT_SALIMANS_V: return (b * noise - a * data) / sqrt(a * a + b * b);
    default: /* edm, with the alpha in both factors taken out */
        return a * (MEAN + b * x * (DEVIATION * DEVIATION - s * s) / N) * sqrt(N) / (v * s);
    }
}

typedef struct world {
    const itp_schedule *schedule;
    int32_t prediction;
} world;

static affine_network network_at(const world *w, double time)
{
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(w->schedule, time, &at), ITP_OK);
    affine_network out = {0, predicted(w->prediction, &at, 0)};
    out.slope = predicted(w->prediction, &at, 1) - out.offset;
    return out;
}

/* ---- the law at the end of a plan: coefficients of 1, xi_0, xi_1, ... ---- */

typedef struct linear_run {
    itp_plan_info info;
    size_t width;
    double *state, *output;
} linear_run;

static void add(linear_run *r, double *to, const itp_term *term)
{
    if (term->column == ITP_COLUMN_NORMAL) {
        to[term->index + 1] += term->coef;
        return;
    }
    const double *from = (term->column == ITP_COLUMN_STATE ? r->state : r->output) + (size_t)term->index * r->width;
    for (size_t e = 0; e < r->width; e++) to[e] += term->coef * from[e];
}

static void run_row(linear_run *r, const world *w, const itp_plan_row *row, int32_t i)
{
    affine_network net = network_at(w, row->time);
    double *y = r->state + (size_t)i * r->width, *f = r->output + (size_t)i * r->width;
    for (size_t e = 0; e < r->width; e++) f[e] = net.slope * y[e] + (e == 0 ? net.offset : 0);
    for (int32_t j = 0; j < row->term_count; j++) add(r, y + r->width, &row->terms[j]);
    for (size_t e = 0; row->keep && e < r->width; e++) f[e] = row->keep_state * y[e] + row->keep_output * f[e];
}

static double error_of(const itp_plan *plan, const world *w, int noisy)
{
    linear_run r = {.info = ITP_PLAN_INFO_INIT};
    check_status("info", itp_plan_get_info(plan, &r.info), ITP_OK);
    r.width = (size_t)r.info.normals + 1;
    r.state = calloc(((size_t)r.info.rows + 1) * r.width, sizeof *r.state);
    r.output = calloc((size_t)r.info.rows * r.width, sizeof *r.output);
    if (!r.state || !r.output) abort();
    r.state[1] = r.info.start_scale;
    for (int32_t i = 0; i < r.info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
        run_row(&r, w, &row, i);
    }
    const double *end = r.state + (size_t)r.info.rows * r.width;
    double square = 0, u = r.info.u_end, C = r.info.end_scale;
    for (size_t e = 1; e < r.width; e++) square += end[e] * end[e];
    double error = hypot(end[0] / C - u * MEAN, (noisy ? sqrt(square) : end[1]) / C - hypot(1 - u, u * DEVIATION));
    free(r.state);
    free(r.output);
    return error;
}

/* ---- the sweep ---- */

static const double COARSE[] = {0, .02, .5, .98, 1};

static int fill(int grid, double *nodes)
{
    int steps = grid == 5 ? 3 : grid == 6 ? 4 : STEPS;
    for (int i = 0; i <= steps; i++) {
        double t = (double)i / steps, half = acos(0);
        const double made[GRIDS] = {t, 1 - cos(half * t),        sin(half * t), t * t, 1 - (1 - t) * (1 - t),
                                    t, grid == 6 ? COARSE[i] : 0};
        nodes[i] = i == 0 || i == steps ? t : made[grid];
    }
    return steps;
}

typedef struct choice {
    world where;
    const char *solver;
    int grid, noisy, at_start;
} choice;

/* NaN where there is no such plan. */
static double error_with(const choice *c, double hair)
{
    double nodes[MOST_NODES];
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    int steps = fill(c->grid, nodes);
    *(c->at_start ? &nodes[0] : &nodes[steps]) = c->at_start ? hair : 1 - hair;
    model.schedule = c->where.schedule;
    model.prediction = c->where.prediction;
    desc.plan.model = &model;
    desc.solver = SOLVER(c->solver);
    want_nodes(&desc, nodes, steps + 1);
    desc.plan.noise = ITP_NOISE_STEPS;
    desc.diffusion.k = c->noisy;
    int status = make_plan(&desc, &plan);
    desc.plan.noise = ITP_NOISE_PATH; /* a solver without noise does not read it */
    if (status && make_plan(&desc, &plan)) return NAN;
    double error = error_of(plan, &c->where, c->noisy);
    itp_plan_free(plan);
    return error;
}

static int wrong_with(const choice *c)
{
    double end = error_with(c, 0);
    check_true(c->solver, c->noisy || !isnan(end));
    int wrong = 0;
    for (int i = 0; !isnan(end) && i < COUNT(HAIRS); i++) {
        double error = error_with(c, HAIRS[i]);
        if (error <= 2 * end + 1e-6) continue;
        print_error("%s, %s, grid %d, k %d, %s end missed by %g: error %g instead of %g\n", c->solver,
                    kind_name("prediction", c->where.prediction), c->grid, c->noisy, c->at_start ? "noise" : "data",
                    HAIRS[i], error, end);
        wrong++;
    }
    return wrong;
}

/* The coarse grid is one of a bad end alone: from .02 on, a first node at 6e-8 is as good as one at 0. */
static void sweep(const itp_schedule *schedule, int at_start)
{
    static const int32_t PREDICTIONS[] = {ITP_PREDICT_VELOCITY, ITP_PREDICT_DATA, ITP_PREDICT_SALIMANS_V,
                                          ITP_PREDICT_EDM};
    int wrong = 0;
    for (int s = 0; kind_name_at("solver", s); s++) {
        for (int p = 0; p < COUNT(PREDICTIONS); p++) {
            for (int g = 0; g < 2 * (GRIDS - at_start); g++) {
                choice c = {{schedule, PREDICTIONS[p]}, kind_name_at("solver", s), g / 2, g % 2, at_start};
                wrong += wrong_with(&c);
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static void under(int32_t kind, int at_start)
{
    itp_schedule *schedule = family_make(&(family){"schedule", kind, 0, 0, 1, SIGMA_DATA, 0, 0});
    sweep(schedule, at_start);
    itp_schedule_free(schedule);
}

static void linear_data_end(void **state)
{
    (void)state;
    under(ITP_SCHEDULE_LINEAR, 0);
}

static void linear_noise_end(void **state)
{
    (void)state;
    under(ITP_SCHEDULE_LINEAR, 1);
}

static void trigonometric_data_end(void **state)
{
    (void)state;
    under(ITP_SCHEDULE_VP, 0);
}

static void trigonometric_noise_end(void **state)
{
    (void)state;
    under(ITP_SCHEDULE_VP, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_data_end),
        cmocka_unit_test(linear_noise_end),
        cmocka_unit_test(trigonometric_data_end),
        cmocka_unit_test(trigonometric_noise_end),
    };
    return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
