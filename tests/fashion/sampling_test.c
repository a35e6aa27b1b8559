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

#include "../../examples/kinds.h"
#include "../common/want.h"
#include "garments.h"
#include "score.h"

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

static int recognised(const models *m, const recipe *r, const float *x)
{
    score seen;
    assert_int_equal(score_samples(m, r, x, COUNT, &seen), ITP_OK);
    return (int)(seen.accuracy * COUNT + 0.5);
}

/* Real garments are recognised in 92 of 100 cases; chance is 10. */
static void garments_at_eight_evaluations(void **state)
{
    static const char *const schedules[] = {"linear", "vp", "lazy", "point-mass"};
    for (size_t i = 0; i < 4; i++) {
        recipe r = few_evaluations(8);
        r.schedule = schedules[i];
        r.k = i == 3;
        float *x = sample_garments(*state, &r, COUNT);
        int right = recognised(*state, &r, x);
        print_message("# %s: %d of %d recognised\n", r.schedule, right, COUNT);
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
        recipe r = few_evaluations(1);
        r.schedule = "linear";
        r.guidance = weights[i];
        x[i] = sample_garments(*state, &r, COUNT);
    }
    assert_true(score_rms(x[0], x[1], SIZE) > 0.05);
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
    recipe r = few_evaluations(4);
    float *few = sample_garments(*state, &r, 3), *many = sample_garments(*state, &r, COUNT);
    assert_true(score_rms(few, many, 3 * IMAGE_PIXELS) < 1e-3);
    free(few);
    free(many);
}

static void schedules_meet(void **state)
{
    recipe r = few_evaluations(8), fine = few_evaluations(32);
    r.solver = "ab2";
    fine.solver = "rk4";
    float *lazy_coarse = sample_garments(*state, &r, 10), *lazy_fine = sample_garments(*state, &fine, 10);
    fine.schedule = "linear";
    float *linear_fine = sample_garments(*state, &fine, 10);
    double coarse = score_rms(lazy_coarse, lazy_fine, 10 * IMAGE_PIXELS);
    double between = score_rms(lazy_fine, linear_fine, 10 * IMAGE_PIXELS);
    print_message("# lazy ab2 at 8 to lazy rk4 at 32: %.4f, that to linear rk4 at 32: %.4f\n", coarse, between);
    assert_true(between < coarse);
    free(lazy_coarse);
    free(lazy_fine);
    free(linear_fine);
}

static void seeds_and_classes(void **state)
{
    recipe r = few_evaluations(4), other = few_evaluations(4), boots = few_evaluations(4);
    other.seed = 6;
    boots.label = 9;
    float *a = sample_garments(*state, &r, 10), *b = sample_garments(*state, &other, 10),
          *c = sample_garments(*state, &boots, 10);
    assert_true(score_rms(a, b, 10 * IMAGE_PIXELS) > 0.3);
    assert_true(score_rms(a, c, IMAGE_PIXELS) > 0.1);
    assert_true(score_rms(a + 9 * IMAGE_PIXELS, c + 9 * IMAGE_PIXELS, IMAGE_PIXELS) < 1e-3);
    free(a);
    free(b);
    free(c);
}

static recipe with_noise(const char *schedule, const char *solver, int32_t evaluations)
{
    recipe r = few_evaluations(evaluations);
    r.schedule = schedule;
    r.solver = solver;
    r.k = 1;
    return r;
}

/* The noise belongs to the seed, not to the steps: other steps and another solver under another schedule, and still the
 * same garment. Fresh noise gives another one. */
static void one_path(void **state)
{
    recipe few = with_noise("linear", "sa-2", 12), many = with_noise("point-mass", "euler-maruyama", 48), fresh = many;
    likeness path, steps;
    few.label = many.label = fresh.label = 9;
    fresh.noise = ITP_NOISE_STEPS;
    float *a = sample_garments(*state, &few, 20), *b = sample_garments(*state, &many, 20),
          *c = sample_garments(*state, &fresh, 20);
    assert_int_equal(score_likeness(*state, &few, a, b, 20, &path), ITP_OK);
    assert_int_equal(score_likeness(*state, &few, a, c, 20, &steps), ITP_OK);
    print_message("# 12 and 48 evaluations, path: correlation %.3f, rms %.3f; fresh noise: %.3f, %.3f\n",
                  path.correlation, path.rms, steps.correlation, steps.rms);
    assert_true(path.correlation > steps.correlation);
    assert_true(path.recognised > steps.recognised);
    assert_true(path.rms < 0.75 * steps.rms);
    free(a);
    free(b);
    free(c);
}

static void like_itself(void **state)
{
    recipe r = few_evaluations(2);
    likeness same;
    float *x = sample_garments(*state, &r, 10);
    assert_int_equal(score_likeness(*state, &r, x, x, 10, &same), ITP_OK);
    assert_true(same.agreement == 1 && same.recognised == 1 && same.rms == 0 && fabs(same.correlation - 1) < 1e-9);
    free(x);
}

/* SiT's last step by another formula: h v - eps (x - t v), as h times the score is minus the noise prediction. */
static void last_step_of_sit(void **state)
{
    const models *m = *state;
    float x[4 * IMAGE_PIXELS], end[4 * IMAGE_PIXELS], v[4 * IMAGE_PIXELS];
    const int32_t labels[4] = {0, 1, 2, 3};
    recipe r = with_noise("linear", "euler-maruyama", 6), before;
    progress bar = {.total = 1};
    itp_plan *plan;
    r.last_step = 0.04;
    before = r;
    before.last_step = 0;
    assert_int_equal(sampling_plan(&r, &plan), ITP_OK);
    assert_int_equal(sampling_cost(&r, plan), 6);
    assert_int_equal(sampling_run(&before, plan, m->net, &bar, x, 4), ITP_OK);
    assert_int_equal(sampling_run(&r, plan, m->net, &bar, end, 4), ITP_OK);
    itp_plan_free(plan);
    network_evaluate(m->net, x, 0.96, labels, v, 4);
    for (size_t i = 0; i < 4 * IMAGE_PIXELS; i++) {
        double noise = (double)x[i] - 0.96 * (double)v[i];
        double expected = (double)x[i] + 0.04 * (double)v[i] - 0.04 / 0.96 * noise;
        assert_true(fabs((double)end[i] - expected) < 1e-4 * (1 + fabs(expected)));
    }
}

/* Without diffusion SiT's sampler is Euler's method on its own nodes. */
static void last_step_without_noise(void **state)
{
    const models *m = *state;
    float x[4 * IMAGE_PIXELS];
    const double nodes[5] = {0, 0.32, 0.64, 0.96, 1};
    recipe r = with_noise("linear", "euler-maruyama", 4), plain = few_evaluations(4);
    wanted want = WANTED;
    progress bar = {.total = 1};
    itp_plan *plan;
    r.k = 0;
    r.diffusion = "constant";
    r.norm = 0;
    r.last_step = 0.04;
    want.grid.kind = ITP_GRID_USER_U;
    want.grid.nodes = nodes;
    want.grid.node_count = 5;
    assert_int_equal(make_plan(&want, &plan), ITP_OK);
    assert_int_equal(sampling_run(&plain, plan, m->net, &bar, x, 4), ITP_OK);
    itp_plan_free(plan);
    float *sit = sample_garments(m, &r, 4);
    assert_true(score_rms(sit, x, 4 * IMAGE_PIXELS) < 1e-5);
    free(sit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(garments_at_eight_evaluations),
        cmocka_unit_test(guidance_is_linear),
        cmocka_unit_test(count_does_not_matter),
        cmocka_unit_test(schedules_meet),
        cmocka_unit_test(seeds_and_classes),
        cmocka_unit_test(one_path),
        cmocka_unit_test(like_itself),
        cmocka_unit_test(last_step_of_sit),
        cmocka_unit_test(last_step_without_noise),
    };
    return cmocka_run_group_tests(tests, open_models, close_models);
}
