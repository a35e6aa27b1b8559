/* Adaptive runs on the checks of SUNDIALS (ark_analytic_nonlin, ark_test_interp, cvDisc_dns) and of GSL's ode-initval2:
 * problems, directions, steps that fail, callbacks that stop. */
#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/stats.h"
#include "ode.h"

static const char *const pairs[] = {"tsit5", "dopri5", "bosh3"};

/* ---- SUNDIALS ---- */

static void nonlinear(double t, const double *y, double *dy)
{
    dy[0] = (t + 1) * exp(-y[0]);
}

/* The values that the example prints, at t = 1, ..., 10: log(t^2/2 + t + 1). */
static void values_of_ark_analytic_nonlin(void **state)
{
    static const double listed[] = {0.916291, 1.609438, 2.140066, 2.564950, 2.917771,
                                    3.218876, 3.481240, 3.713572, 3.921973, 4.110874};
    static const ode p = {"nonlin", 1, 0, 10, nonlinear, NULL, {0}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-6, 1e-10);
        double got[10], y = 0, worst = 0;
        itp_adaptive_statistics s = ode_solve(&p, &desc, 10, got, &y);
        for (int k = 0; k < 10; k++) worst = fmax(worst, fabs(got[k] - listed[k]) / listed[k]);
        print_message("# nonlin %-6s error %.2e, %d steps, %d evaluations\n", pairs[i], worst, s.accepted,
                      s.evaluations);
        check_true(pairs[i], worst < 5e-6);
    }
}

static void waves(double t, const double *y, double *dy)
{
    dy[0] = 2 * cos(2 * t) - (y[0] - sin(2 * t));
    dy[1] = -3 * sin(3 * t) - 2 * (y[1] - cos(3 * t));
}

static double worst_inside(const itp_sampler *run, const itp_adaptive_statistics *s, double to)
{
    double worst = 0;
    for (int i = 0; i <= 4; i++) {
        double t = s->t_before + i / 4.0 * (s->t - s->t_before), got[2];
        check_status("state", itp_adaptive_state_at(run, 0, t, got), ITP_OK);
        worst = fmax(worst, fmax(fabs(got[0] - sin(2 * to * t)), fabs(got[1] - cos(3 * to * t))));
    }
    return worst;
}

/* The largest error at five places in every step, of which all have the length to/steps. */
static double dense_error(const ode *p, const char *solver, int steps)
{
    itp_adaptive_desc desc = ode_desc(solver, 10, 10);
    itp_request request = ITP_REQUEST_INIT;
    itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
    double y[] = {0, 1}, worst = 0;
    int seen = 0;
    desc.first_step = desc.max_step = 1.0 / steps;
    itp_sampler *run = ode_run(&desc, 2);
    check_status("begin", begin_given(run, y), ITP_OK);
    while (itp_sampler_next(run, &request) == ITP_EVALUATE) {
        ode_network((void *)p, &request);
        check_status("submit", itp_sampler_submit(run), ITP_OK);
        check_status("statistics", itp_adaptive_get_statistics(run, 0, &s), ITP_OK);
        if (s.accepted > seen) worst = fmax(worst, worst_inside(run, &s, p->to));
        seen = s.accepted;
    }
    check_true("all steps seen", seen >= steps && seen <= steps + 1);
    itp_sampler_free(run);
    return worst;
}

static void order_inside_the_steps(void **state)
{
    static const ode p = {"sin 2t, cos 3t", 2, 0, 2, waves, NULL, {0, 1}};
    static const int steps[] = {16, 32, 64, 128};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        double error[COUNT(steps)], least = !strcmp(pairs[i], "bosh3") ? 2.8 : 3.8;
        for (int k = 0; k < COUNT(steps); k++) error[k] = dense_error(&p, pairs[i], steps[k]);
        double order = stats_order(steps, error, COUNT(steps));
        print_message("# dense output %-6s order %.2f, error %.2e\n", pairs[i], order, error[3]);
        check_true(pairs[i], order > least);
    }
}

static void decay(double t, const double *y, double *dy)
{
    dy[0] = t < 1 ? -y[0] : -5 * y[0];
}

/* The run stops at t = 1, where the slope jumps, and starts again: from where it was, and with a jump in the solution,
 * from 1. 3.66442563e-01 is what CVODE has at t = 1 with its rtol of 1e-3; the exact value is 1/e. */
static void a_restart_at_a_jump(void **state)
{
    static const ode parts[] = {{"first", 1, 0, 1 - 1e-15, decay, NULL, {1}}, {"second", 1, 1, 2, decay, NULL, {1}}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-3, 1e-4);
        itp_sampler *run = ode_run(&desc, 1);
        double y = 1, again = 1, jumped = 1;
        check_status("first", run_given(run, &y, ode_network, (void *)&parts[0]), ITP_OK);
        check_true("first", fabs(y - exp(-1)) < 1e-3 && fabs(y - 3.66442563e-1) < 3e-3);
        double after = y;
        check_status("second", run_given(run, &after, ode_network, (void *)&parts[1]), ITP_OK);
        check_near("from where it was", after, exp(-6), 1e-3);
        check_status("second", run_given(run, &jumped, ode_network, (void *)&parts[1]), ITP_OK);
        check_near("from 1", jumped, exp(-5), 1e-3);
        check_status("first", run_given(run, &again, ode_network, (void *)&parts[0]), ITP_OK);
        check_same("the run remembers nothing", again, y);
        itp_sampler_free(run);
    }
}

/* ---- GSL: problems ---- */

static void straight(double t, const double *y, double *dy)
{
    (void)t;
    (void)y;
    dy[0] = 0;
    dy[1] = 2;
}

static void straight_exact(const ode *p, double t, double *y)
{
    y[0] = 1;
    y[1] = 2 * (t - p->from);
}

static void growth(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[1];
    dy[1] = y[0];
}

static void growth_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = y[1] = exp(t);
}

static void circle(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[1];
    dy[1] = y[0];
}

static void circle_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = cos(t);
    y[1] = sin(t);
}

static void stiff(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = 998 * y[0] + 1998 * y[1];
    dy[1] = -999 * y[0] - 1999 * y[1];
}

static void stiff_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = 2 * exp(-t) - exp(-1000 * t);
    y[1] = -exp(-t) + exp(-1000 * t);
}

static void stepfn(double t, const double *y, double *dy)
{
    (void)y;
    dy[0] = t >= 1;
}

static void stepfn_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = fmax(t - 1, 0);
}

static void jump(double t, const double *y, double *dy)
{
    (void)y;
    dy[0] = t >= 0 ? 1e4 : 0;
}

static void jump_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = fmax(t, 0) * 1e4;
}

static void stepfn2(double t, const double *y, double *dy)
{
    (void)y;
    dy[0] = t >= 0 ? 1e300 : 0;
}

static void cosine(double t, const double *y, double *dy)
{
    (void)y;
    dy[0] = cos(t);
}

static void sine_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = sin(t);
}

static void stiff_trigonometric(double t, const double *y, double *dy)
{
    dy[0] = -50 * (y[0] - cos(t));
}

static void stiff_trigonometric_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = (2500 * cos(t) + 50 * sin(t) - 2500 * exp(-50 * t)) / 2501;
}

static const ode problems[] = {
    {"linear", 2, 0, 4, straight, straight_exact, {1}},
    {"exp", 2, 0, 5, growth, growth_exact, {1, 1}},
    {"sin", 2, 0, 6.5, circle, circle_exact, {1}},
    {"stiff", 2, 0, 5, stiff, stiff_exact, {1}},
    {"stifftrig", 1, 0, 1.5, stiff_trigonometric, stiff_trigonometric_exact, {0}},
    {"stepfn", 1, 0, 2, stepfn, stepfn_exact, {0}},
    {"jump", 1, -1, 1, jump, jump_exact, {0}},
    {"cos, 0 to -4", 1, 0, -4, cosine, sine_exact, {0}},
};

/* Every step may add ten times the tolerance, as GSL allows in the negative direction. */
static void check_problem(const ode *p, const char *solver, double tolerance)
{
    itp_adaptive_desc desc = ode_desc(solver, tolerance, tolerance);
    double y[2], want[2], error = 0;
    ode_start(p, y);
    itp_adaptive_statistics s = ode_solve(p, &desc, 1, want, y);
    p->exact(p, p->to, want);
    for (int j = 0; j < p->dim; j++) error = fmax(error, fabs(y[j] - want[j]) / fmax(1, fabs(want[j])));
    print_message("# %-12s %-6s %.0e: error %.2e, %d steps, %d rejected\n", p->name, solver, tolerance, error,
                  s.accepted, s.rejected);
    check_true(p->name, error < fmin(10 * s.accepted * tolerance, 1e-2));
}

static void gsl_problems(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(problems); i++)
        for (int j = 0; j < COUNT(pairs); j++) {
            check_problem(&problems[i], pairs[j], 1e-5);
            if (problems[i].field != stiff) check_problem(&problems[i], pairs[j], 1e-8);
        }
}

/* The same direction with the interval as it is and the run from u = 1 to 0. */
static void backward_is_the_negative_direction(void **state)
{
    static const ode p = {"cos", 1, -4, 0, cosine, sine_exact, {0}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-8, 1e-8);
        double got[8], y = 0;
        desc.reversed = 1;
        ode_solve(&p, &desc, 8, got, &y);
        check_near("end", y, sin(-4), 1e-7);
        for (int k = 0; k < 8; k++) check_near("on the way", got[k], sin(-(k + 1) / 2.0), 2e-6);
    }
}

static void predators(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[0] * (1 - y[1]);
    dy[1] = y[1] * (y[0] - 1);
}

static void vanderpol(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[1];
    dy[1] = (1 - y[0] * y[0]) * y[1] - y[0];
}

static void brusselator(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = 1 + y[0] * y[0] * y[1] - 4 * y[0];
    dy[1] = 3 * y[0] - y[0] * y[0] * y[1];
}

static void pairs_agree(void **state)
{
    static const ode all[] = {{"volterra-lotka", 2, 0, 9, predators, NULL, {2.3, .7}},
                              {"vanderpol", 2, 0, 100, vanderpol, NULL, {1}},
                              {"brusselator", 2, 0, 20, brusselator, NULL, {1.5, 3}}};
    (void)state;
    for (int i = 0; i < COUNT(all); i++) {
        double y[3][2], unused[2];
        for (int j = 0; j < 2; j++) {
            itp_adaptive_desc desc = ode_desc(pairs[j], 1e-8, 1e-8);
            ode_start(&all[i], y[j]);
            ode_solve(&all[i], &desc, 1, unused, y[j]);
        }
        ode_start(&all[i], y[2]);
        ode_classical(&all[i], all[i].from, all[i].to, 100000, y[2]);
        for (int k = 0; k < 2; k++) {
            print_message("# %-14s tsit5 %.2e, dopri5 %.2e from the reference\n", all[i].name, y[0][k] - y[2][k],
                          y[1][k] - y[2][k]);
            check_near(all[i].name, y[0][k], y[1][k], 1e-6);
            check_near(all[i].name, y[0][k], y[2][k], 1e-6);
        }
    }
}

/* ---- GSL: what goes wrong ---- */

typedef struct flawed {
    const ode *p;
    double limit; /* from this t on the callback returns `code` */
    int code, calls, calls_after;
} flawed;

static int run_flawed(void *user, const itp_request *request)
{
    flawed *f = user;
    double t = f->p->from + (f->p->to - f->p->from) * request->times[0];
    f->calls++;
    if (f->calls_after) f->calls_after++;
    if (f->code && t >= f->limit) {
        ((double *)request->out)[0] = NAN;
        f->calls_after = 1;
        return f->code;
    }
    return ode_network((void *)f->p, request);
}

/* A callback that fails ends the run at once, with its number; the caller's x is as it was, and the run works again. */
static void a_broken_callback(void **state)
{
    static const ode p = {"sin", 2, 0, 10, circle, circle_exact, {1}};
    static const int codes[] = {-1, -7, 9, 12345};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-8, 1e-8);
        itp_sampler *run = ode_run(&desc, 2);
        double clean[] = {1, 0}, x[] = {1, 0};
        check_status("clean", run_given(run, clean, ode_network, (void *)&p), ITP_OK);
        for (int k = 0; k < COUNT(codes); k++) {
            flawed f = {&p, 8.25, codes[k], 0, 0};
            int want = codes[k] > 0 ? codes[k] : ITP_E_CALLBACK;
            check_status("broken", run_given(run, x, run_flawed, &f), want);
            check_true("at once", f.calls_after == 1 && f.calls > 10);
            check_true("x is as it was", x[0] == 1 && x[1] == 0);
        }
        check_status("again", run_given(run, x, ode_network, (void *)&p), ITP_OK);
        check_true("the same bits", !memcmp(x, clean, sizeof x));
        itp_sampler_free(run);
    }
}

/* GSL's "xsin": now and then, and in a long row, the slope is not a number. Such a step is taken again, shorter. */
static int run_failing(void *user, const itp_request *request)
{
    flawed *f = user;
    int n = ++f->calls;
    ode_network((void *)f->p, request);
    if ((n > 40 && n < 65) || n == 4 || n == 11 || n == 100) ((double *)request->out)[n % 2] = NAN;
    return 0;
}

static void slopes_that_fail_now_and_then(void **state)
{
    static const ode p = {"xsin", 2, 0, 6.5, circle, circle_exact, {1}};
    itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-8, 1e-8);
        itp_sampler *run = ode_run(&desc, 2);
        flawed f = {&p, 0, 0, 0, 0};
        double y[] = {1, 0};
        check_status("xsin", run_given(run, y, run_failing, &f), ITP_OK);
        check_status("xsin", itp_adaptive_get_statistics(run, 0, &s), ITP_OK);
        print_message("# xsin %-6s %d steps, %d rejected, errors %.1e %.1e\n", pairs[i], s.accepted, s.rejected,
                      y[0] - cos(6.5), y[1] - sin(6.5));
        check_true("rejected", s.rejected >= 3);
        check_near("cos", y[0], cos(6.5), 1e-6);
        check_near("sin", y[1], sin(6.5), 1e-6);
        itp_sampler_free(run);
    }
}

static void square(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[0] * y[0];
}

static void check_underflow(const ode *p, const char *solver, double least, double where)
{
    itp_adaptive_desc desc = ode_desc(solver, 1e-6, 1e-6);
    itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
    double y = p->start[0];
    desc.min_step = least;
    itp_sampler *run = ode_run(&desc, 1);
    check_status(p->name, run_given(run, &y, ode_network, (void *)p), ITP_E_STEP);
    check_status(p->name, itp_adaptive_get_statistics(run, 0, &s), ITP_OK);
    check_status(p->name, s.status, ITP_E_STEP);
    check_near("where", s.t, where, 1e-3);
    check_same("x is as it was", y, p->start[0]);
    itp_sampler_free(run);
}

/* y = 1/(1 - t) has no value at t = 1: the step shrinks until t stands still, or to the smallest one allowed. */
static void the_step_underflows(void **state)
{
    static const ode p = {"blow-up", 1, 0, 2, square, NULL, {1}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        check_underflow(&p, pairs[i], 0, .5);
        check_underflow(&p, pairs[i], 1e-6, .5);
    }
}

/* From 0 to a slope of 1e300 no step is small enough for a relative tolerance (GSL takes the smallest one, whatever its
 * error). A run that starts at the jump has no trouble. */
static void a_jump_too_high(void **state)
{
    static const ode p = {"stepfn2", 1, -1, 1, stepfn2, NULL, {0}}, after = {"after", 1, 0, 1, stepfn2, NULL, {0}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_adaptive_desc desc = ode_desc(pairs[i], 1e-6, 1e-6);
        double y = 0, end;
        check_underflow(&p, pairs[i], 0, .5);
        ode_solve(&after, &desc, 1, &end, &y);
        check_near("after the jump", y, 1e300, 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_ark_analytic_nonlin),
        cmocka_unit_test(order_inside_the_steps),
        cmocka_unit_test(a_restart_at_a_jump),
        cmocka_unit_test(gsl_problems),
        cmocka_unit_test(backward_is_the_negative_direction),
        cmocka_unit_test(pairs_agree),
        cmocka_unit_test(a_broken_callback),
        cmocka_unit_test(slopes_that_fail_now_and_then),
        cmocka_unit_test(the_step_underflows),
        cmocka_unit_test(a_jump_too_high),
    };
    return cmocka_run_group_tests_name("ode_problems", tests, NULL, NULL);
}
