/* The example's use of the library, with the shipped network: garments come out, guidance is what it says, and the same
 * seeds give the same garments under every schedule. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models.h"
#include "sampling.h"

enum { COUNT = 40, SIZE = COUNT * IMAGE_PIXELS };

static int open_models(void **state)
{
    static models m;
    *state = &m;
    return models_open(&m, FASHION_FILE) ? -1 : 0;
}

static int close_models(void **state)
{
    models_close(*state);
    return 0;
}

static recipe lazy(int32_t evaluations)
{
    recipe r = {.schedule = ITP_SCHEDULE_LAZY, .grid = ITP_GRID_TIME, .evaluations = evaluations};
    r.s = r.shift = r.guidance = 1;
    r.label = ALL_CLASSES;
    r.seed = 5;
    return r;
}

static float *sample(const models *m, const recipe *r, size_t count)
{
    itp_plan *plan;
    progress bar = {.total = 1};
    float *x = malloc(SIZE * sizeof *x);
    assert_non_null(x);
    assert_int_equal(sampling_plan(r, &plan), ITP_OK);
    assert_int_equal(sampling_run(r, plan, m->net, &bar, x, count), ITP_OK);
    itp_plan_free(plan);
    return x;
}

static double rms(const float *a, const float *b, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    }
    return sqrt(total / (double)count);
}

static int recognised(const models *m, const recipe *r, const float *x)
{
    float features[COUNT * FEATURES], logits[COUNT * CLASSES];
    int right = 0;
    classifier_evaluate(m->judge, x, COUNT, features, logits);
    for (size_t i = 0; i < COUNT; i++) {
        const float *l = logits + i * CLASSES;
        int best = 0;
        for (int c = 1; c < CLASSES; c++) {
            best = l[c] > l[best] ? c : best;
        }
        right += best == sampling_label(r, i);
    }
    return right;
}

/* Real garments are recognised in 92 of 100 cases; chance is 10. */
static void garments_at_eight_evaluations(void **state)
{
    static const int32_t schedules[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_LAZY,
                                        ITP_SCHEDULE_POINT_MASS};
    for (size_t i = 0; i < 4; i++) {
        recipe r = lazy(8);
        r.schedule = schedules[i];
        r.k = r.schedule == ITP_SCHEDULE_POINT_MASS ? 1 : 0;
        float *x = sample(*state, &r, COUNT);
        int right = recognised(*state, &r, x);
        print_message("# %s: %d of %d recognised\n", itp_schedule_name(r.schedule), right, COUNT);
        assert_true(right >= COUNT / 2);
        free(x);
    }
}

/* One Euler step of the linear schedule is x + v: the guided velocity is nothing + W (asked - nothing). */
static void guidance_is_linear(void **state)
{
    float *x[3];
    const double weights[3] = {0, 1, 3};
    for (int i = 0; i < 3; i++) {
        recipe r = lazy(1);
        r.schedule = ITP_SCHEDULE_LINEAR;
        r.guidance = weights[i];
        x[i] = sample(*state, &r, COUNT);
    }
    assert_true(rms(x[0], x[1], SIZE) > 0.05);
    for (size_t i = 0; i < SIZE; i++) {
        double expected = (double)x[0][i] + 3 * ((double)x[1][i] - (double)x[0][i]);
        assert_true(fabs((double)x[2][i] - expected) < 1e-4 * (1 + fabs(expected)));
    }
    for (int i = 0; i < 3; i++) {
        free(x[i]);
    }
}

/* More garments do not change the first ones, but for how BLAS rounds blocks of another shape. */
static void count_does_not_matter(void **state)
{
    recipe r = lazy(4);
    float *few = sample(*state, &r, 3), *many = sample(*state, &r, COUNT);
    assert_true(rms(few, many, 3 * IMAGE_PIXELS) < 1e-3);
    free(few);
    free(many);
}

static void schedules_meet(void **state)
{
    recipe r = lazy(8), fine = lazy(32);
    r.solver = ITP_SOLVER_AB2;
    fine.solver = ITP_SOLVER_RK4;
    float *lazy_coarse = sample(*state, &r, 10), *lazy_fine = sample(*state, &fine, 10);
    fine.schedule = ITP_SCHEDULE_LINEAR;
    float *linear_fine = sample(*state, &fine, 10);
    double coarse = rms(lazy_coarse, lazy_fine, 10 * IMAGE_PIXELS);
    double between = rms(lazy_fine, linear_fine, 10 * IMAGE_PIXELS);
    print_message("# lazy ab2 at 8 to lazy rk4 at 32: %.4f, that to linear rk4 at 32: %.4f\n", coarse, between);
    assert_true(between < coarse);
    free(lazy_coarse);
    free(lazy_fine);
    free(linear_fine);
}

static void seeds_and_classes(void **state)
{
    recipe r = lazy(4), other = lazy(4), boots = lazy(4);
    other.seed = 6;
    boots.label = 9;
    float *a = sample(*state, &r, 10), *b = sample(*state, &other, 10), *c = sample(*state, &boots, 10);
    assert_true(rms(a, b, 10 * IMAGE_PIXELS) > 0.3);
    assert_true(rms(a, c, IMAGE_PIXELS) > 0.1);
    assert_true(rms(a + 9 * IMAGE_PIXELS, c + 9 * IMAGE_PIXELS, IMAGE_PIXELS) < 1e-3);
    free(a);
    free(b);
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garments_at_eight_evaluations),
        cmocka_unit_test(guidance_is_linear),
        cmocka_unit_test(count_does_not_matter),
        cmocka_unit_test(schedules_meet),
        cmocka_unit_test(seeds_and_classes),
    };
    return cmocka_run_group_tests(tests, open_models, close_models);
}
