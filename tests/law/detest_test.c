/* DETEST (Hull, Enright, Fellen, Sedgwick 1972), 0 <= t <= 20, classes A5 to E5 without the five bodies of C5; A1 to A4
 * are in adaptive_law_test. rtol = atol = 1e-8, and the bars are those of diffrax's test_detest.
 *
 * What is known in closed form is compared with that, the rest with the classical Runge-Kutta method of 40000 steps. */
#include <math.h>
#include <string.h>

#include "ode.h"

enum { POINTS = 10 };
static const double PI = 3.14159265358979323846;

/* ---- A, B: one equation, small systems ---- */

static void a5(double t, const double *y, double *dy)
{
    dy[0] = (y[0] - t) / (y[0] + t);
}

static void b1(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = 2 * (y[0] - y[0] * y[1]);
    dy[1] = -(y[1] - y[0] * y[1]);
}

static void b2(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[0] + y[1];
    dy[1] = y[0] - 2 * y[1] + y[2];
    dy[2] = y[1] - y[2];
}

static void b2_exact(const ode *p, double t, double *y)
{
    (void)p;
    y[0] = 1 + .5 * exp(-t) + .5 * exp(-3 * t);
    y[1] = 1 - exp(-3 * t);
    y[2] = 1 - .5 * exp(-t) + .5 * exp(-3 * t);
}

static void b3(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[0];
    dy[1] = y[0] - y[1] * y[1];
    dy[2] = y[1] * y[1];
}

static void b4(double t, const double *y, double *dy)
{
    double radius = hypot(y[0], y[1]);
    (void)t;
    dy[0] = -y[1] - y[0] * y[2] / radius;
    dy[1] = y[0] - y[1] * y[2] / radius;
    dy[2] = y[0] / radius;
}

static void b5(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[1] * y[2];
    dy[1] = -y[0] * y[2];
    dy[2] = -.51 * y[0] * y[1];
}

/* ---- C: chains, the heat equation on a line of 10 and of 51 points ---- */

static void c1(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[0];
    for (int i = 1; i < 9; i++) dy[i] = y[i - 1] - y[i];
    dy[9] = y[8];
}

static void c1_exact(const ode *p, double t, double *y)
{
    double term = exp(-t);
    (void)p;
    y[9] = 1;
    for (int i = 0; i < 9; i++) {
        y[i] = term;
        y[9] -= term;
        term *= t / (i + 1);
    }
}

static void c2(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = -y[0];
    for (int i = 1; i < 9; i++) dy[i] = i * y[i - 1] - (i + 1) * y[i];
    dy[9] = 9 * y[8];
}

static void c2_exact(const ode *p, double t, double *y)
{
    (void)p;
    for (int i = 0; i < 9; i++) y[i] = exp(-t) * pow(1 - exp(-t), i);
    y[9] = pow(1 - exp(-t), 9);
}

static void heat(int n, const double *y, double *dy)
{
    for (int i = 0; i < n; i++) dy[i] = (i ? y[i - 1] : 0) - 2 * y[i] + (i < n - 1 ? y[i + 1] : 0);
}

static void c3(double t, const double *y, double *dy)
{
    (void)t;
    heat(10, y, dy);
}

static void c4(double t, const double *y, double *dy)
{
    (void)t;
    heat(51, y, dy);
}

static void heat_exact(const ode *p, double t, double *y)
{
    memset(y, 0, (size_t)p->dim * sizeof *y);
    for (int k = 1; k <= p->dim; k++) {
        double angle = k * PI / (p->dim + 1), part = 2.0 / (p->dim + 1) * sin(angle) * exp((2 * cos(angle) - 2) * t);
        for (int i = 0; i < p->dim; i++) y[i] += part * sin((i + 1) * angle);
    }
}

/* ---- D: Kepler's ellipses, which start at the nearest point ---- */

static void kepler(double t, const double *y, double *dy)
{
    double cube = pow(hypot(y[0], y[1]), 3);
    (void)t;
    dy[0] = y[2];
    dy[1] = y[3];
    dy[2] = -y[0] / cube;
    dy[3] = -y[1] / cube;
}

static void kepler_exact(const ode *p, double t, double *y)
{
    double e = 1 - p->start[0], low = t - e, high = t + e, root = sqrt(1 - e * e);
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(middle - e * sin(middle) < t ? &low : &high) = middle;
    }
    double rate = 1 / (1 - e * cos(low));
    y[0] = cos(low) - e;
    y[1] = root * sin(low);
    y[2] = -sin(low) * rate;
    y[3] = root * cos(low) * rate;
}

/* ---- E: equations of the second order ---- */

static void e1(double t, const double *y, double *dy)
{
    dy[0] = y[1];
    dy[1] = -(y[1] / (t + 1) + (1 - .25 / ((t + 1) * (t + 1))) * y[0]);
}

/* Bessel's function of order 1/2 at t + 1. */
static void e1_exact(const ode *p, double t, double *y)
{
    double s = t + 1;
    (void)p;
    y[0] = sqrt(2 / (PI * s)) * sin(s);
    y[1] = sqrt(2 / (PI * s)) * (cos(s) - sin(s) / (2 * s));
}

static void e2(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[1];
    dy[1] = (1 - y[0] * y[0]) * y[1] - y[0];
}

static void e3(double t, const double *y, double *dy)
{
    dy[0] = y[1];
    dy[1] = y[0] * y[0] * y[0] / 6 - y[0] + 2 * sin(2.78535 * t);
}

static void e4(double t, const double *y, double *dy)
{
    (void)t;
    dy[0] = y[1];
    dy[1] = .032 - .4 * y[1] * y[1];
}

static void e4_exact(const ode *p, double t, double *y)
{
    double last = sqrt(.08);
    (void)p;
    y[0] = 30 + log(cosh(.4 * last * t)) / .4;
    y[1] = last * tanh(.4 * last * t);
}

static void e5(double t, const double *y, double *dy)
{
    dy[0] = y[1];
    dy[1] = sqrt(1 + y[1] * y[1]) / (25 - t);
}

static void e5_exact(const ode *p, double t, double *y)
{
    double q = 1 - t / 25;
    (void)p;
    y[0] = 25 * (-log(q) / 2 - (1 - q * q) / 4);
    y[1] = (1 / q - q) / 2;
}

static const ode problems[] = {
    {"A5", 1, 0, 20, a5, NULL, {4}},
    {"B1", 2, 0, 20, b1, NULL, {1, 3}},
    {"B2", 3, 0, 20, b2, b2_exact, {2, 0, 1}},
    {"B3", 3, 0, 20, b3, NULL, {1}},
    {"B4", 3, 0, 20, b4, NULL, {3}},
    {"B5", 3, 0, 20, b5, NULL, {0, 1, 1}},
    {"C1", 10, 0, 20, c1, c1_exact, {1}},
    {"C2", 10, 0, 20, c2, c2_exact, {1}},
    {"C3", 10, 0, 20, c3, heat_exact, {1}},
    {"C4", 51, 0, 20, c4, heat_exact, {1}},
    {"D1", 4, 0, 20, kepler, kepler_exact, {.9, 0, 0, 1.1055415967851334}},
    {"D2", 4, 0, 20, kepler, kepler_exact, {.7, 0, 0, 1.362770287738494}},
    {"D3", 4, 0, 20, kepler, kepler_exact, {.5, 0, 0, 1.7320508075688772}},
    {"D4", 4, 0, 20, kepler, kepler_exact, {.3, 0, 0, 2.3804761428476167}},
    {"D5", 4, 0, 20, kepler, kepler_exact, {.1, 0, 0, 4.358898943540674}},
    {"E1", 2, 0, 20, e1, e1_exact, {.6713967071418031, .09540051444747458}},
    {"E2", 2, 0, 20, e2, NULL, {2}},
    {"E3", 2, 0, 20, e3, NULL, {0}},
    {"E4", 2, 0, 20, e4, e4_exact, {30}},
    {"E5", 2, 0, 20, e5, e5_exact, {0}},
};

static void solutions(const ode *p, double *want)
{
    double y[ODE_DIM], step = (p->to - p->from) / POINTS;
    ode_start(p, y);
    for (int i = 0; i < POINTS; i++) {
        if (p->exact)
            p->exact(p, p->from + (i + 1) * step, y);
        else
            ode_classical(p, p->from + i * step, p->from + (i + 1) * step, 4000, y);
        memcpy(want + i * p->dim, y, (size_t)p->dim * sizeof *y);
    }
}

static void check_problem(const ode *p, const char *solver, double bar)
{
    itp_adaptive_desc desc = ode_desc(solver, 1e-8, 1e-8);
    double want[POINTS * ODE_DIM], got[POINTS * ODE_DIM], y[ODE_DIM], error = 0;
    solutions(p, want);
    ode_start(p, y);
    itp_adaptive_statistics s = ode_solve(p, &desc, POINTS, got, y);
    for (int i = 0; i < POINTS * p->dim; i++) error = fmax(error, fabs(got[i] - want[i]) / fmax(1, fabs(want[i])));
    print_message("# %s %-6s error %.2e, %d steps, %d rejected, %d evaluations\n", p->name, solver, error, s.accepted,
                  s.rejected, s.evaluations);
    check_true(p->name, error < bar);
}

static void all_problems(const char *solver, double bar)
{
    for (int i = 0; i < COUNT(problems); i++) check_problem(&problems[i], solver, bar);
}

static void tsit5(void **state)
{
    (void)state;
    all_problems("tsit5", 4e-5);
}

static void dopri5(void **state)
{
    (void)state;
    all_problems("dopri5", 4e-5);
}

static void bosh3(void **state)
{
    (void)state;
    all_problems("bosh3", 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tsit5),
        cmocka_unit_test(dopri5),
        cmocka_unit_test(bosh3),
    };
    return cmocka_run_group_tests_name("detest", tests, NULL, NULL);
}
