/* The exponential methods in -log sigma, as codes made for VE models run them on flow models (sigma = 1 - u): written
 * out here in sigma alone. And nodes given as sigmas. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/want.h"

enum { STEPS = 7, MOST = 64, POINTS = 4 };
static const double starts[POINTS] = {-1.5, -.2, .4, 1.8};
static const double levels[STEPS + 1] = {1, .9, .75, .6, .4, .22, .08, 0};

/* From the starts over the nodes at `sigmas`, 1 - u each. */
static void run(const char *solver, const double *sigmas, int steps, double *x)
{
    network net = network_linear(mixture_two_modes());
    double nodes[MOST + 1];
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    for (int i = 0; i <= steps; i++) nodes[i] = 1 - sigmas[i];
    for (int i = 0; i < POINTS; i++) x[i] = starts[i];
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    batch.dim = POINTS;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    itp_plan_free(plan);
}

static double denoised(const network *net, double x, double sigma)
{
    return x + sigma * network_value(net, 1 - sigma, x);
}

static double step(double x, double from, double to, double data)
{
    return to / from * x + (1 - to / from) * data;
}

static double two_m(const network *net, double x, int last)
{
    double before = 0;
    for (int i = 0; i < last; i++) {
        double data = denoised(net, x, levels[i]), used = data, h = log(levels[i] / levels[i + 1]);
        if (i > 0 && levels[i + 1] > 0) used += (data - before) * h / (2 * log(levels[i - 1] / levels[i]));
        x = step(x, levels[i], levels[i + 1], used);
        before = data;
    }
    return x;
}

static double two_s(const network *net, double x, int last)
{
    for (int i = 0; i < last; i++) {
        double data = denoised(net, x, levels[i]), middle = sqrt(levels[i] * levels[i + 1]);
        if (middle > 0) data = denoised(net, step(x, levels[i], middle, data), middle);
        x = step(x, levels[i], levels[i + 1], data);
    }
    return x;
}

static void against_sigma_alone(void **state)
{
    network net = network_linear(mixture_two_modes());
    (void)state;
    for (int last = 1; last <= STEPS; last++) {
        double m[POINTS], s[POINTS];
        run("dpmpp-2m-sigma", levels, last, m);
        run("dpmpp-2s-sigma", levels, last, s);
        for (int i = 0; i < POINTS; i++) {
            check_near("2m", m[i], two_m(&net, starts[i], last), 1e-13);
            check_near("2s", s[i], two_s(&net, starts[i], last), 1e-13);
        }
    }
}

/* Error to the exact flow on 32 and 64 steps of equal length in log sigma, down to sigma = .01. */
static double error_of(const char *solver, int steps)
{
    double sigmas[MOST + 1], x[POINTS], worst = 0;
    mixture target = mixture_two_modes();
    for (int i = 0; i <= steps; i++) sigmas[i] = pow(.01, (double)i / steps);
    run(solver, sigmas, steps, x);
    for (int i = 0; i < POINTS; i++) {
        double exact = mixture_flow(&target, (mixture_point){1, 0}, starts[i], (mixture_point){.01, .99});
        worst = fmax(worst, fabs(x[i] - exact));
    }
    return worst;
}

static void converge(void **state)
{
    static const char *const solvers[] = {"dpmpp-2m-sigma",    "dpmpp-3m-sigma",      "dpmpp-2m-heun-sigma",
                                          "dpmpp-2s-sigma",    "dpmpp-3m-heun-sigma", "unipc-bh1-2-sigma",
                                          "unipc-bh1-3-sigma", "unipc-bh2-2-sigma",   "unipc-bh2-3-sigma"};
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        double order = log2(error_of(solvers[i], 32) / error_of(solvers[i], 64));
        print_message("# %s: order %.2f\n", solvers[i], order);
        check_true(solvers[i], order > 1.6);
    }
}

/* The same nodes, as sigmas and as positions. */
static void nodes_as_sigmas(void **state)
{
    static const double sigmas[] = {80, 10, 2, .5, .1, 0};
    double positions[COUNT(sigmas)];
    wanted desc = WANTED;
    itp_plan *a = NULL, *b = NULL;
    (void)state;
    for (int i = 0; i < COUNT(sigmas); i++) positions[i] = 1 / (1 + sigmas[i]);
    desc.grid.node_count = COUNT(sigmas);
    desc.grid.kind = ITP_GRID_USER_SIGMA;
    desc.grid.nodes = sigmas;
    check_status("sigmas", make_plan(&desc, &a), ITP_OK);
    desc.grid.kind = ITP_GRID_USER_U;
    desc.grid.nodes = positions;
    check_status("positions", make_plan(&desc, &b), ITP_OK);
    for (int i = 0; i + 1 < COUNT(sigmas); i++) {
        itp_plan_row p = ITP_PLAN_ROW_INIT, q = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(a, i, &p), ITP_OK);
        check_status("row", itp_plan_get_row(b, i, &q), ITP_OK);
        check_near("u", p.u, q.u, 1e-15);
        check_near("coefficient", p.terms[0].coef, q.terms[0].coef, 1e-14);
    }
    itp_plan_free(a);
    itp_plan_free(b);
}

static void bad_sigmas(void **state)
{
    static const double bad[][3] = {{1, 2, 0}, {1, 1, 0}, {1, -1, 0}, {NAN, 1, 0}, {INFINITY, 1, 0}, {2, 1, -1e-9}};
    (void)state;
    for (int i = 0; i < COUNT(bad); i++) {
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        label name;
        desc.grid.kind = ITP_GRID_USER_SIGMA;
        desc.grid.nodes = bad[i];
        desc.grid.node_count = 3;
        check_status(label_index(&name, "bad", i), make_plan(&desc, &plan), ITP_E_GRID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(against_sigma_alone),
        cmocka_unit_test(converge),
        cmocka_unit_test(nodes_as_sigmas),
        cmocka_unit_test(bad_sigmas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
