/* Functions as polynomials on panels: integrals from any argument to the end, jumps found to the last bit, and what it
 * all costs. */
#include <math.h>

#include "../../lib/base/panels.h"
#include "../common/check.h"

typedef struct function {
    const char *name;
    double (*f)(double x), (*F)(double x); /* and an integral of it */
    double a, b, tolerance;
    int calls; /* at most */
} function;

static double wave(double x)
{
    return fmod(floor(20 * x), 2);
}

/* Up on [.05, .1], [.15, .2] ... */
static double wave_integral(double x)
{
    double n = floor(20 * x), on = fmod(n, 2);
    return floor(n / 2) * .05 + (on > 0 ? x - n / 20 : 0);
}

static double step(double x)
{
    return x > .37 ? 3 : 1;
}

static double step_integral(double x)
{
    return x + 2 * fmax(0, x - .37);
}

static double kink(double x)
{
    return fabs(x - .3);
}

static double kink_integral(double x)
{
    return .5 * (x - .3) * fabs(x - .3);
}

static double root(double x)
{
    return x < .3 ? 0 : sqrt(x - .3);
}

static double root_integral(double x)
{
    return x < .3 ? 0 : 2. / 3 * (x - .3) * sqrt(x - .3);
}

static double pole(double x)
{
    return 1 / x;
}

static const function functions[] = {
    {"exp", exp, exp, -3, 4, 1e-13, 300},
    {"sin", cos, sin, 0, 9, 1e-13, 600},
    {"1/x", pole, log, 1e-6, 1, 1e-12, 3000},
    {"step", step, step_integral, 0, 1, 1e-15, 200},
    {"step next to an end", step, step_integral, .37 - 1e-9, 1, 1e-15, 200},
    {"step at an end", step, step_integral, .37, 1, 1e-15, 100},
    {"wave", wave, wave_integral, 0, 1, 1e-14, 3000},
    {"kink", kink, kink_integral, 0, 1, 1e-13, 1000},
    {"root", root, root_integral, 0, 1, 1e-12, 1500},
};

typedef struct counted {
    const function *of;
    int calls;
} counted;

static double call(void *user, double x)
{
    counted *c = user;
    c->calls++;
    return c->of->f(x);
}

static void integrals(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(functions); i++) {
        const function *of = &functions[i];
        itp_panels panels = {.list = NULL};
        itp_memory memory;
        counted c = {of, 0};
        int32_t left = 100000;
        assert_int_equal(itp_memory_from(NULL, &memory), ITP_OK);
        itp_panels_begin(&panels, &memory);
        check_status(of->name, itp_panels_add(&panels, call, &c, of->a, of->b, &left), ITP_OK);
        itp_panels_finish(&panels);
        check_near(of->name, c.calls, 100000 - left, 0);
        check_true(of->name, c.calls <= of->calls);
        for (int j = 0; j <= 50; j++) {
            double x = of->a + (of->b - of->a) * j / 50;
            check_near(of->name, itp_panels_from(&panels, x), of->F(of->b) - of->F(x), of->tolerance);
        }
        check_near(of->name, panels.total, of->F(of->b) - of->F(of->a), of->tolerance);
        itp_panels_free(&panels);
    }
}

/* However wild the function, the calls end; what is left is taken as it is. */
static double wild(double x)
{
    return fmod(1e6 * x * x, 1);
}

static void calls_end(void **state)
{
    static const function of = {"wild", wild, wild, 0, 1, 0, 0};
    itp_panels panels = {.list = NULL};
    itp_memory memory;
    counted c = {&of, 0};
    int32_t left = 2000;
    (void)state;
    assert_int_equal(itp_memory_from(NULL, &memory), ITP_OK);
    itp_panels_begin(&panels, &memory);
    check_status("wild", itp_panels_add(&panels, call, &c, 0, 1, &left), ITP_OK);
    itp_panels_finish(&panels);
    check_true("wild", c.calls < 4000);
    check_near("wild", panels.total, .5, .1);
    itp_panels_free(&panels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(integrals), cmocka_unit_test(calls_end)};
    return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
