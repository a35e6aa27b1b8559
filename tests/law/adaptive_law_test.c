/* Adaptive runs on problems with known solutions: y' = f(t, y) as the velocity of the linear schedule, and the exact
 * flow of a Gaussian mixture under several schedules, predictions and directions.
 *
 * The four problems with a stated bar are those of torchdiffeq's tests/problems.py (1 <= t <= 8, largest relative error
 * at rtol 1e-7, atol 1e-9); A1 to A4 are from DETEST (Hull et al. 1972), 0 <= t <= 20. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/stats.h"
#include "../common/want.h"

static const char *const pairs[] = {"tsit5", "dopri5", "bosh3", "heun"};
enum { MOST_DIM = 10, POINTS = 10, FLOWS = 21 };

/* ---- y' = f(t, y) ---- */

typedef struct problem {
    const char *name;
    int dim;
    double from, to, bar; /* the bar is that of the pairs of high order */
    double low_bar;       /* of the others */
    void (*field)(double t, const double *y, double *dy);
    void (*solution)(double t, double *y);
} problem;

static void sine_field(double t, const double *y, double *dy)
{
    dy[0] = 2 * y[0] / t + t * t * t * t * sin(2 * t) - t * t + 4 * t * t * t;
}

static void sine(double t, double *y)
{
    double t2 = t * t, t3 = t2 * t, t4 = t3 * t;
    y[0] = -0.5 * t4 * cos(2 * t) + 0.5 * t3 * sin(2 * t) + 0.25 * t2 * cos(2 * t) - t3 + 2 * t4 +
           (3.14159265358979323846 - 0.25) * t2;
}

static void exponential_field(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -0.1 * y[0];
}

static void exponential(double t, double *y)
{
    y[0] = exp(-0.1 * t);
}

static void constant_field(double t, const double *y, double *dy)
{
    dy[0] = 0.2 + pow(y[0] - (0.2 * t + 3), 5);
}

static void constant(double t, double *y)
{
    y[0] = 0.2 * t + 3;
}

/* Five rotations at different rates: a skew matrix in the basis of its planes. */
static void linear_field(double t, const double *y, double *dy)
{
    (void)t;
    for (int i = 0; i < 5; i++) {
        double rate = 0.3 * (i + 1);
        dy[2 * i] = -rate * y[2 * i + 1];
        dy[2 * i + 1] = rate * y[2 * i];
    }
}

static void linear(double t, double *y)
{
    for (int i = 0; i < 5; i++) {
        y[2 * i] = cos(0.3 * (i + 1) * t + i);
        y[2 * i + 1] = sin(0.3 * (i + 1) * t + i);
    }
}

static void a1_field(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[0];
}

static void a1(double t, double *y)
{
    y[0] = exp(-t);
}

static void a2_field(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -0.5 * y[0] * y[0] * y[0];
}

static void a2(double t, double *y)
{
    y[0] = 1 / sqrt(1 + t);
}

static void a3_field(double t, const double *y, double *dy)
{
    dy[0] = y[0] * cos(t);
}

static void a3(double t, double *y)
{
    y[0] = exp(sin(t));
}

static void a4_field(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[0] / 4 * (1 - y[0] / 20);
}

static void a4(double t, double *y)
{
    y[0] = 20 / (1 + 19 * exp(-t / 4));
}

static const problem problems[] = {
    {"sine", 1, 1, 8, 3e-4, 4e-3, sine_field, sine},
    {"exponential", 1, 1, 8, 3e-4, 4e-3, exponential_field, exponential},
    {"constant", 1, 1, 8, 3e-4, 4e-3, constant_field, constant},
    {"linear", 10, 1, 8, 3e-4, 2e-3, linear_field, linear},
};
static const problem detest[] = {
    {"A1", 1, 0, 20, 4e-5, 1e-3, a1_field, a1},
    {"A2", 1, 0, 20, 4e-5, 1e-3, a2_field, a2},
    {"A3", 1, 0, 20, 4e-5, 1e-3, a3_field, a3},
    {"A4", 1, 0, 20, 4e-5, 1e-3, a4_field, a4},
};

static int run_problem(void *user, const itp_request *request)
{
    const problem *p = user;
    for (size_t i = 0; i < request->count; i++) {
        double dy[MOST_DIM], y[MOST_DIM] = {0}, length = p->to - p->from;
        for (int j = 0; j < p->dim; j++)
            y[j] = request->type == ITP_FLOAT64 ? ((const double *)request->x)[i * request->dim + (size_t)j]
                                                : (double)((const float *)request->x)[i * request->dim + (size_t)j];
        p->field(p->from + length * request->times[i], y, dy);
        for (int j = 0; j < p->dim; j++) {
            if (request->type == ITP_FLOAT64)
                ((double *)request->out)[i * request->dim + (size_t)j] = length * dy[j];
            else
                ((float *)request->out)[i * request->dim + (size_t)j] = (float)(length * dy[j]);
        }
    }
    return 0;
}

typedef struct setting {
    const char *solver;
    int32_t type;
    double rtol, atol;
    int backward;
} setting;

static itp_sampler *new_run(const char *name, const setting *s, size_t dim, itp_adaptive_desc *desc)
{
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *run = NULL;
    batch.dim = dim;
    batch.count = 1;
    batch.type = s->type;
    batch.x = ITP_X_GIVEN;
    desc->solver = kept_solver(s->solver);
    desc->rtol = s->rtol;
    desc->atol = s->atol;
    desc->max_evaluations = -1;
    desc->reversed |= s->backward;
    check_status(name, sampler_for_adaptive(desc, &batch, &run), ITP_OK);
    return run;
}

static double difference(const problem *p, double t, const double *got)
{
    double want[MOST_DIM], most = 0, size = p->from > 0 ? 0 : 1;
    p->solution(t, want);
    for (int j = 0; j < p->dim; j++) size = fmax(size, fabs(want[j]));
    for (int j = 0; j < p->dim; j++) most = fmax(most, fabs(got[j] - want[j]) / size);
    return most;
}

/* Largest error at ten times, relative to the largest element; in DETEST, where A1 ends at 2e-9, to 1 at least. */
static double solve(const problem *p, const setting *s, int *evaluations)
{
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_adaptive_statistics statistics = ITP_ADAPTIVE_STATISTICS_INIT;
    double times[POINTS], states[POINTS][MOST_DIM], x[MOST_DIM], most = 0, length = p->to - p->from;
    float floats[POINTS * MOST_DIM], start[MOST_DIM];
    int wide = s->type == ITP_FLOAT64;
    itp_sampler *run = new_run(p->name, s, (size_t)p->dim, &desc);
    for (int i = 0; i < POINTS; i++) times[i] = (s->backward ? POINTS - 1 - i : i) / (double)(POINTS - 1);
    p->solution(s->backward ? p->to : p->from, x);
    for (int j = 0; j < p->dim; j++) start[j] = (float)x[j];
    double packed[POINTS * MOST_DIM];
    check_status(p->name, itp_adaptive_outputs(run, POINTS, times, wide ? (void *)packed : (void *)floats), ITP_OK);
    check_status(p->name, run_given(run, wide ? (void *)x : (void *)start, run_problem, (void *)p), ITP_OK);
    check_status(p->name, itp_adaptive_get_statistics(run, 0, &statistics), ITP_OK);
    itp_sampler_free(run);
    for (int i = 0; i < POINTS; i++) {
        for (int j = 0; j < p->dim; j++) states[i][j] = wide ? packed[i * p->dim + j] : (double)floats[i * p->dim + j];
        most = fmax(most, difference(p, p->from + length * times[i], states[i]));
    }
    for (int j = 0; wide && j < p->dim; j++) check_same(p->name, x[j], states[POINTS - 1][j]);
    *evaluations = statistics.evaluations;
    return most;
}

static void check_problem(const problem *p, const char *solver, int32_t type, int backward)
{
    setting s = {solver, type, 1e-7, 1e-9, backward};
    int evaluations, low = !strcmp(solver, "heun") || !strcmp(solver, "bosh3");
    if (!strcmp(solver, "heun")) s.rtol = 1e-6, s.atol = 1e-8;
    if (type == ITP_FLOAT32) s.rtol = 1e-6, s.atol = 1e-8;
    double error = solve(p, &s, &evaluations);
    print_message("# %-11s %-6s %s %s: error %.2e, %d evaluations\n", p->name, solver,
                  type == ITP_FLOAT64 ? "f64" : "f32", backward ? "backward" : "forward", error, evaluations);
    check_true(p->name, error < (low ? p->low_bar : p->bar));
}

static void problems_forward_and_backward(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(problems); i++)
        for (int j = 0; j < COUNT(pairs); j++)
            for (int backward = 0; backward < 2; backward++) {
                check_problem(&problems[i], pairs[j], ITP_FLOAT64, backward);
                check_problem(&problems[i], pairs[j], ITP_FLOAT32, backward);
            }
}

static void detest_a(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(detest); i++)
        for (int j = 0; j < COUNT(pairs); j++) check_problem(&detest[i], pairs[j], ITP_FLOAT64, 0);
}

static void error_follows_the_tolerance(void **state)
{
    (void)state;
    for (int j = 0; j < COUNT(pairs); j++) {
        double before = INFINITY;
        for (double tol = 1e-3; tol > 1e-8; tol /= 10) {
            setting s = {pairs[j], ITP_FLOAT64, tol, tol, 0};
            itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
            itp_sampler *run = new_run("tolerance", &s, 1, &desc);
            double x;
            a3(0, &x);
            check_status("A3", run_given(run, &x, run_problem, (void *)&detest[2]), ITP_OK);
            itp_sampler_free(run);
            double error = difference(&detest[2], 20, &x);
            print_message("# %-6s tolerance %.0e: error %.2e\n", pairs[j], tol, error);
            check_true(pairs[j], error < before && error < 100 * tol);
            before = error;
        }
    }
}

/* Steps of a forced length, seen at their middles: the error is that of the interpolant, one order above its own. */
static void dense_output_has_its_order(void **state)
{
    (void)state;
    static const int steps[] = {32, 64, 128, 256};
    for (int j = 0; j < 3; j++) {
        double error[COUNT(steps)];
        for (int i = 0; i < COUNT(steps); i++) {
            setting s = {pairs[j], ITP_FLOAT64, 1, 1, 0};
            itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
            double times[2 * 256 + 1], states[2 * 256 + 1], x;
            desc.first_step = desc.max_step = 1.0 / steps[i];
            itp_sampler *run = new_run("dense", &s, 1, &desc);
            for (int n = 0; n <= 2 * steps[i]; n++) times[n] = n / (2.0 * steps[i]);
            check_status("dense", itp_adaptive_outputs(run, (size_t)(2 * steps[i] + 1), times, states), ITP_OK);
            a3(0, &x);
            check_status("dense", run_given(run, &x, run_problem, (void *)&detest[2]), ITP_OK);
            itp_sampler_free(run);
            error[i] = 0;
            for (int n = 0; n <= 2 * steps[i]; n++)
                error[i] = fmax(error[i], difference(&detest[2], 20 * times[n], &states[n]));
        }
        double order = stats_order(steps, error, COUNT(steps));
        print_message("# %-6s dense output: order %.2f\n", pairs[j], order);
        check_true(pairs[j], order > (!strcmp(pairs[j], "bosh3") ? 2.8 : 4.7));
    }
}

/* ---- the flow of a mixture ---- */

static int run_network(void *user, const itp_request *request)
{
    const network *net = user;
    for (size_t i = 0; i < request->count; i++)
        for (size_t j = i * request->dim; j < (i + 1) * request->dim; j++)
            ((double *)request->out)[j] = network_value(net, request->times[i], ((const double *)request->x)[j]);
    return 0;
}

typedef struct flow {
    const char *name;
    path_fn path;
    int32_t model, prediction, schedule; /* schedule 0: the model's own */
    double u_start, u_end;
} flow;

static const flow flows[] = {
    {"velocity, linear", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_VELOCITY, 0, 0, 1},
    {"velocity, linear, backward", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_VELOCITY, 0, 1, 0},
    {"velocity, linear under vp", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_VELOCITY, ITP_SCHEDULE_VP, 0, 1},
    {"velocity, vp under linear, backward", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY, ITP_SCHEDULE_LINEAR, 1,
     0},
    {"velocity, vp", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY, 0, 0.125, 0.75},
    {"data, linear, open end", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_DATA, 0, 0, 1},
    {"data, vp, open end", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_DATA, 0, 0, 1},
    {"velocity, vp under sphere, open end", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY, ITP_SCHEDULE_SPHERE, 0,
     1},
    {"noise, vp, open end, backward", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_NOISE, 0, 1, 0},
    {"velocity, linear under lazy", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_VELOCITY, ITP_SCHEDULE_LAZY, 0, 1},
    {"velocity, point mass, open, backward", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_VELOCITY,
     ITP_SCHEDULE_POINT_MASS, 0.9, 0},
    {"noise, linear, within", path_linear, ITP_SCHEDULE_LINEAR, ITP_PREDICT_NOISE, 0, 0.25, 0.9},
};

/* The network's coordinates at u; the data at u = 1. */
static mixture_point point_at(const flow *f, double u)
{
    double t = f->path == path_linear ? u : atan2(u, 1 - u) / 1.57079632679489661923;
    path_values v = f->path(t);
    mixture_point at = {u < 1 ? v.alpha : 0, v.beta};
    return at;
}

static double flow_error(const flow *f, const char *solver, double tol, int *evaluations)
{
    network net = {mixture_two_modes(), f->path, f->prediction, 0};
    setting s = {solver, ITP_FLOAT64, tol, tol, 0};
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_adaptive_statistics statistics = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_model model = ITP_MODEL_INIT;
    itp_schedule *own, *sampling = NULL;
    double x[FLOWS], want[FLOWS];
    check_status(f->name, itp_schedule_make(f->model, &own), ITP_OK);
    if (f->schedule) check_status(f->name, itp_schedule_make(f->schedule, &sampling), ITP_OK);
    model.schedule = own;
    model.prediction = f->prediction;
    desc.model = &model;
    desc.schedule = sampling;
    desc.reversed = f->u_start > f->u_end;
    desc.u_start = desc.reversed ? f->u_end : f->u_start;
    desc.u_end = desc.reversed ? f->u_start : f->u_end;
    itp_sampler *run = new_run(f->name, &s, FLOWS, &desc);
    for (int i = 0; i < FLOWS; i++) {
        x[i] = -1.5 + 3.0 * i / (FLOWS - 1);
        want[i] = mixture_flow(&net.target, point_at(f, f->u_start), x[i], point_at(f, f->u_end));
    }
    check_status(f->name, run_given(run, x, run_network, &net), ITP_OK);
    check_status(f->name, itp_adaptive_get_statistics(run, 0, &statistics), ITP_OK);
    itp_sampler_free(run);
    itp_schedule_free(own);
    itp_schedule_free(sampling);
    *evaluations = statistics.evaluations;
    return stats_rms_difference(x, want, FLOWS);
}

static void mixture_flows(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(flows); i++)
        for (int j = 0; j < COUNT(pairs); j++) {
            int evaluations, high = !strcmp(pairs[j], "tsit5") || !strcmp(pairs[j], "dopri5");
            double error = flow_error(&flows[i], pairs[j], high ? 1e-8 : 1e-6, &evaluations);
            print_message("# %-36s %-6s error %.2e, %d evaluations\n", flows[i].name, pairs[j], error, evaluations);
            check_true(flows[i].name, error < (high ? 1e-6 : 1e-4));
        }
}

/* DDPM's table ends at w = .01: the last step, along the last velocity, is wrong by the second power of that. */
static void a_schedule_that_ends_early(void **state)
{
    static const family ddpm = {"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1};
    static const flow vp = {"ddpm", path_trig, ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY, 0, 0, 1};
    network net = {mixture_two_modes(), path_trig, ITP_PREDICT_VELOCITY, 0};
    itp_schedule *table = family_make(&ddpm), *own;
    itp_schedule_point first = ITP_SCHEDULE_POINT_INIT;
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &own), ITP_OK);
    check_status("table", itp_schedule_eval(table, 0, &first), ITP_OK);
    model.schedule = own;
    for (int j = 0; j < COUNT(pairs); j++) {
        setting s = {pairs[j], ITP_FLOAT64, 1e-6, 1e-6, 0};
        itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
        double x[FLOWS], want[FLOWS];
        desc.model = &model;
        desc.schedule = table;
        itp_sampler *run = new_run("ddpm", &s, FLOWS, &desc);
        for (int i = 0; i < FLOWS; i++) {
            x[i] = -1.5 + 3.0 * i / (FLOWS - 1);
            want[i] = mixture_flow(&net.target, point_at(&vp, first.u), x[i], point_at(&vp, 1));
        }
        check_status("ddpm", run_given(run, x, run_network, &net), ITP_OK);
        itp_sampler_free(run);
        double error = stats_rms_difference(x, want, FLOWS);
        print_message("# %-6s under DDPM's table: error %.2e\n", pairs[j], error);
        check_true(pairs[j], error < 5e-4);
    }
    itp_schedule_free(table);
    itp_schedule_free(own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_forward_and_backward),
        cmocka_unit_test(detest_a),
        cmocka_unit_test(error_follows_the_tolerance),
        cmocka_unit_test(dense_output_has_its_order),
        cmocka_unit_test(mixture_flows),
        cmocka_unit_test(a_schedule_that_ends_early),
    };
    return cmocka_run_group_tests_name("adaptive", tests, NULL, NULL);
}
