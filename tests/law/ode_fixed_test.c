/* Plans with fixed steps on the checks of flow_matching (tests/solver, tests/path/test_scheduler), of diffrax
 * (test_ode_order) and of SciML (linear problems for exponential methods). */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { DIM = 10, MOST = 1024, POINTS = 21 };

typedef void (*velocity_fn)(double t, const double *x, double *v);

static int run_velocity(void *user, const itp_request *request)
{
    (*(velocity_fn *)user)(request->time, request->x, request->out);
    return 0;
}

static void run(itp_plan *plan, size_t dim, double *x, itp_network_fn network, void *user)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = dim;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("sample", itp_sample(plan, &batch, x, network, user), ITP_OK);
    itp_plan_free(plan);
}

static itp_plan *plan_for(wanted *desc)
{
    return plan_wanted(called(desc), desc);
}

/* ---- Runge-Kutta methods: order, evaluations per step ---- */

typedef struct method {
    const char *solver;
    int order, stages;
} method;

static const method methods[] = {
    {"euler", 1, 1}, {"midpoint", 2, 2}, {"heun", 2, 2}, {"ralston", 2, 2}, {"heun3", 3, 3},
    {"bosh3", 3, 3}, {"rk4", 4, 4},      {"rk38", 4, 4}, {"tsit5", 5, 6},   {"dopri5", 5, 6},
};

/* ---- flow_matching ---- */

static void cubic(double t, const double *x, double *v)
{
    (void)x;
    v[0] = v[1] = 3 * t * t;
}

static void constant(double t, const double *x, double *v)
{
    (void)t;
    (void)x;
    v[0] = v[1] = 1;
}

/* From (1, 0) to (2, 1) with steps of .001, and back. */
static void flows_with_known_ends(void **state)
{
    static velocity_fn fields[] = {cubic, constant};
    (void)state;
    for (int i = 0; i < COUNT(methods); i++)
        for (int k = 0; k < 4; k++) {
            wanted desc = WANTED;
            int backward = k / 2;
            double x[] = {1 + backward, backward};
            desc.solver = SOLVER(methods[i].solver);
            desc.plan.evaluations = 1000 * methods[i].stages;
            desc.grid.reversed = backward;
            desc.plan.ends = !plan_reads(&desc, "ends"); /* ITP_ENDS_EVALUATE, as flow_matching does */
            run(plan_for(&desc), 2, x, run_velocity, &fields[k % 2]);
            double bar = k % 2 ? 1e-12 : methods[i].order > 1 ? 1e-6 : 1e-2;
            check_near(called(&desc), x[0], 2 - backward, bar);
            check_near(called(&desc), x[1], 1 - backward, bar);
        }
}

static int ITP_CALL fifth_power(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->beta = pow(t, 5);
    out->alpha = 1 - out->beta;
    return 0;
}

/* beta/alpha at t, written out. */
static double ratio(int32_t kind, double t)
{
    double s = 1 - t, b = .1 * s + 19.9 * s * s / 2;
    switch (kind) {
    case ITP_SCHEDULE_LINEAR: return t / (1 - t);
    case ITP_SCHEDULE_VP: return tan(1.57079632679489661923 * t);
    case ITP_SCHEDULE_SPHERE: return t / sqrt(1 - t * t);
    case ITP_SCHEDULE_SQRT: return sqrt(t / (1 - t));
    case ITP_SCHEDULE_VP_SDE: return exp(-b / 2) / sqrt(1 - exp(-b));
    default: return pow(t, 5) / (1 - pow(t, 5));
    }
}

static void time_from_the_ratio(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP,     ITP_SCHEDULE_SPHERE,
                                    ITP_SCHEDULE_SQRT,   ITP_SCHEDULE_VP_SDE, ITP_SCHEDULE_USER};
    static const double times[] = {.1, .5, .9};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule;
        desc.kind = kinds[i];
        desc.values = kinds[i] == ITP_SCHEDULE_USER ? fifth_power : NULL;
        check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
        for (int k = 0; k < COUNT(times); k++) {
            double t = -1;
            check_status("time", itp_schedule_time_of_r(schedule, ratio(kinds[i], times[k]), &t), ITP_OK);
            check_near(kind_name("schedule", kinds[i]), t, times[k], kinds[i] == ITP_SCHEDULE_USER ? 1e-5 : 1e-12);
        }
        itp_schedule_free(schedule);
    }
}

static void bent(double t, const double *x, double *v)
{
    for (int j = 0; j < 2; j++) v[j] = x[j] * t * t;
}

/* v = x t^2 of the linear schedule, sampled under the others: the same end, x e^(1/3). */
static void the_end_does_not_depend_on_the_schedule(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP};
    static velocity_fn field = bent;
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++)
        for (int k = 0; k < 2; k++) {
            wanted desc = WANTED;
            itp_schedule *schedule;
            double x[] = {1, -.7};
            check_status("schedule", itp_schedule_make(kinds[i], &schedule), ITP_OK);
            desc.plan.schedule = schedule;
            desc.solver = SOLVER(k ? "midpoint" : "euler");
            desc.plan.evaluations = 1000 * (1 + k);
            run(plan_for(&desc), 2, x, run_velocity, &field);
            print_message("# v = x t^2 under %-6s %-8s error %.2e\n", kind_name("schedule", kinds[i]), called(&desc),
                          x[0] - exp(1.0 / 3));
            check_near(kind_name("schedule", kinds[i]), x[0], exp(1.0 / 3), k ? 1e-5 : 1e-2);
            check_near(kind_name("schedule", kinds[i]), x[1], -.7 * exp(1.0 / 3), k ? 1e-5 : 1e-2);
            itp_schedule_free(schedule);
        }
}

/* ---- diffrax: y' = A y, 0 <= t <= 4, elements of A of variance 1/4 ---- */

static const double END = 4;

/* x -> A x; the elements are uniform, from a linear congruential generator (Numerical Recipes' constants). */
static void multiply(const double *x, double *out)
{
    uint32_t random = 5678;
    for (int i = 0; i < DIM; i++) {
        out[i] = 0;
        for (int j = 0; j < DIM; j++) {
            random = 1664525u * random + 1013904223u;
            out[i] += sqrt(3) * (random / 4294967296.0 - .5) * x[j];
        }
    }
}

static void matrix(double t, const double *x, double *v)
{
    (void)t;
    multiply(x, v);
    for (int j = 0; j < DIM; j++) v[j] *= END;
}

/* e^(A length) x by Taylor's series in steps of length/64. */
static void exponential(double length, double *x)
{
    for (int n = 0; n < 64; n++) {
        double term[DIM], next[DIM];
        memcpy(term, x, sizeof term);
        for (int k = 1; k < 25; k++) {
            multiply(term, next);
            for (int j = 0; j < DIM; j++) x[j] += term[j] = next[j] * length / 64 / k;
        }
    }
}

/* Steps of `step`, a shorter one at the end where it does not divide the interval. */
static double order_error(const method *m, double step, int backward)
{
    static velocity_fn field = matrix;
    wanted desc = WANTED;
    double nodes[4 * MOST + 1], x[DIM], want[DIM], size = 0, error = 0;
    int count = 0;
    for (double t = 0; t < END - 1e-9; t = ++count * step) nodes[count] = backward ? 1 - t / END : t / END;
    nodes[count] = !backward;
    for (int i = 0; backward && i <= count / 2; i++) {
        double swap = nodes[i];
        nodes[i] = nodes[count - i];
        nodes[count - i] = swap;
    }
    desc.solver = SOLVER(m->solver);
    desc.grid.kind = ITP_GRID_USER_TIME;
    desc.grid.nodes = nodes;
    desc.grid.node_count = count + 1;
    desc.grid.reversed = backward;
    for (int j = 0; j < DIM; j++) want[j] = x[j] = cos(j + 1);
    exponential(backward ? -END : END, want);
    run(plan_for(&desc), DIM, x, run_velocity, &field);
    for (int j = 0; j < DIM; j++) size = fmax(size, fabs(want[j]));
    for (int j = 0; j < DIM; j++) error = fmax(error, fabs(x[j] - want[j]) / size);
    return error;
}

static void check_order(const method *m, double step, int backward)
{
    int steps[9], n = 0;
    double error[9];
    for (; n < COUNT(steps); n++) {
        steps[n] = 1 << n;
        error[n] = order_error(m, step / steps[n], backward);
        if (error[n] < 1e-11) break;
    }
    double order = stats_order(steps, error, n);
    print_message("# %-8s steps of %4.1f/2^n, n < %d: order %.2f, error %.2e\n", m->solver, backward ? -step : step, n,
                  order, error[n - 1]);
    check_true("enough levels", n >= 4);
    check_near(m->solver, order - m->order, 0, .9);
}

static void orders_of_fixed_steps(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(methods); i++) {
        check_order(&methods[i], 1, 0);
        check_order(&methods[i], .3, 0);
        check_order(&methods[i], 1, 1);
        check_order(&methods[i], .3, 1);
    }
}

/* ---- SciML: a linear problem for exponential methods ---- */

/* Gaussian data: the data prediction is linear in x, and its factor depends on the position. */
static double exponential_error(const char *solver, int steps, int stages)
{
    network net = network_linear(mixture_normal(.5));
    const mixture_point from = {.95, .05}, to = {.05, .95};
    wanted desc = WANTED;
    double x[POINTS], want[POINTS];
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = steps * stages;
    desc.grid.kind = ITP_GRID_LAMBDA;
    desc.grid.u_start = from.beta;
    desc.grid.u_end = to.beta;
    for (int i = 0; i < POINTS; i++) {
        x[i] = -2.5 + 5.0 * i / (POINTS - 1);
        want[i] = mixture_flow(&net.target, from, x[i], to);
    }
    run(plan_for(&desc), POINTS, x, network_run, &net);
    return stats_rms_difference(x, want, POINTS);
}

static void exponential_methods_on_a_linear_problem(void **state)
{
    static const struct {
        const char *solver;
        int stages, order;
    } all[] = {{"ddim", 1, 1},     {"dpmpp-2m", 1, 2}, {"dpm-2m", 1, 2}, {"deis-2", 1, 2},
               {"dpmpp-2s", 2, 2}, {"res-2s", 2, 2},   {"res-3s", 3, 3}};
    static const int steps[] = {32, 64, 128, 256};
    (void)state;
    for (int i = 0; i < COUNT(all); i++) {
        double error[COUNT(steps)];
        for (int k = 0; k < COUNT(steps); k++) error[k] = exponential_error(all[i].solver, steps[k], all[i].stages);
        double order = stats_order(steps, error, COUNT(steps));
        print_message("# %-9s order %.2f, error %.2e\n", all[i].solver, order, error[COUNT(steps) - 1]);
        check_near(all[i].solver, order - all[i].order, 0, .2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_with_known_ends),
        cmocka_unit_test(time_from_the_ratio),
        cmocka_unit_test(the_end_does_not_depend_on_the_schedule),
        cmocka_unit_test(orders_of_fixed_steps),
        cmocka_unit_test(exponential_methods_on_a_linear_problem),
    };
    return cmocka_run_group_tests_name("ode_fixed", tests, NULL, NULL);
}
