/* The Frechet distance where it has a closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frechet.h"

static double distance(int dim, const double *mean1, const double *c1, const double *mean2, const double *c2)
{
    double result = NAN;
    assert_int_equal(frechet_distance(dim, mean1, c1, mean2, c2, &result), 0);
    return result;
}

static void equal_gaussians(void **state)
{
    const double mean[3] = {1, -2, 3}, c[9] = {2, .5, .1, .5, 1, -.3, .1, -.3, .7};
    (void)state;
    assert_true(fabs(distance(3, mean, c, mean, c)) < 1e-12);
}

static void means_apart(void **state)
{
    const double mean1[3] = {1, -2, 3}, mean2[3] = {4, 2, 3}, c[9] = {2, .5, .1, .5, 1, -.3, .1, -.3, .7};
    (void)state;
    assert_true(fabs(distance(3, mean1, c, mean2, c) - 25) < 1e-11);
}

/* Each direction on its own: (standard deviation 1 - standard deviation 2)^2. */
static void diagonal_gaussians(void **state)
{
    const double mean[3] = {0}, c1[9] = {4, 0, 0, 0, 9, 0, 0, 0, .25}, c2[9] = {1, 0, 0, 0, 16, 0, 0, 0, 0};
    (void)state;
    assert_true(fabs(distance(3, mean, c1, mean, c2) - (1 + 1 + .25)) < 1e-12);
}

/* For two by two, tr M^1/2 = sqrt(tr M + 2 sqrt(det M)), and M = C1^1/2 C2 C1^1/2 has the trace and determinant of
 * C1 C2: no matrix square root is needed. */
static double closed_form(const double *a, const double *b)
{
    double trace = a[0] * b[0] + 2 * a[1] * b[1] + a[3] * b[3];
    double determinants = (a[0] * a[3] - a[1] * a[1]) * (b[0] * b[3] - b[1] * b[1]);
    return a[0] + a[3] + b[0] + b[3] - 2 * sqrt(trace + 2 * sqrt(determinants));
}

static void covariances_that_do_not_commute(void **state)
{
    const double mean[2] = {0}, a[4] = {2, 1.2, 1.2, 1}, b[4] = {.5, -.6, -.6, 3}, flat[4] = {1, 2, 2, 4};
    (void)state;
    assert_true(closed_form(a, b) > .5);
    assert_true(fabs(distance(2, mean, a, mean, b) - closed_form(a, b)) < 1e-12);
    assert_true(fabs(distance(2, mean, b, mean, a) - closed_form(a, b)) < 1e-12);
    /* One of rank one: an eigenvalue may come out as -1e-17, and a root of it as 1e-8. */
    assert_true(fabs(distance(2, mean, a, mean, flat) - closed_form(a, flat)) < 1e-6);
}

static void moments(void **state)
{
    const float features[6] = {1, 10, 2, 14, 6, 12};
    const double expected[4] = {7, 1, 1, 4}; /* deviations (-2, -2), (-1, 2), (3, 0); divided by 2 */
    double mean[2], covariance[4];
    (void)state;
    frechet_moments(features, 3, 2, mean, covariance);
    assert_true(fabs(mean[0] - 3) < 1e-14 && fabs(mean[1] - 12) < 1e-13);
    for (int i = 0; i < 4; i++) {
        assert_true(fabs(covariance[i] - expected[i]) < 1e-13);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_gaussians),
        cmocka_unit_test(means_apart),
        cmocka_unit_test(diagonal_gaussians),
        cmocka_unit_test(covariances_that_do_not_commute),
        cmocka_unit_test(moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
