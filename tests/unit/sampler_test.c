/* Samplers: the callback loop, the stepwise interface and every split of a batch give the same bits; calls out of
 * order; callbacks that stop; outputs that are not finite. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 13, BATCH = 7, TOTAL = DIM * BATCH };

typedef struct setting {
    const char *name;
    int32_t type;
    const char *solver;
    int32_t kernel;
    double k;
} setting;

static const setting settings[] = {
    {"float64 euler-maruyama", ITP_FLOAT64, "euler-maruyama", ITP_KERNEL_AUTO, 1},
    {"float32 euler-maruyama", ITP_FLOAT32, "euler-maruyama", ITP_KERNEL_AUTO, 1},
    {"float32 portable", ITP_FLOAT32, "euler-maruyama", ITP_KERNEL_PORTABLE, 1},
    {"float64 rk4", ITP_FLOAT64, "rk4", ITP_KERNEL_AUTO, 0},
    {"float32 ab4", ITP_FLOAT32, "ab4", ITP_KERNEL_AUTO, 0},
    {"float64 ab3 portable", ITP_FLOAT64, "ab3", ITP_KERNEL_PORTABLE, 0},
};

static itp_plan *plan_for(const setting *s)
{
    return plan_of("solver=%s k=%g", s->solver, s->k);
}

static itp_batch batch_for(const setting *s, size_t count)
{
    itp_batch batch = batch_of(DIM, count, s->type);
    batch.seed = 99;
    batch.kernel = s->kernel;
    return batch;
}

static size_t element_size(const setting *s)
{
    return s->type == ITP_FLOAT32 ? sizeof(float) : sizeof(double);
}

/* The largest array that a test uses, of either type. */
typedef union samples {
    double f64[TOTAL];
    float f32[TOTAL];
    unsigned char bytes[TOTAL * sizeof(double)];
} samples;

static void sample(const setting *s, const itp_plan *plan, const itp_batch *batch, void *x)
{
    network net = network_linear(mixture_two_modes());
    check_status(s->name, itp_sample(plan, batch, x, network_run, &net), ITP_OK);
}

static void reference(const setting *s, const itp_plan *plan, samples *x)
{
    itp_batch batch = batch_for(s, BATCH);
    memset(x, 0, sizeof *x);
    sample(s, plan, &batch, x);
}

static itp_sampler *sampler_of(const setting *s, const itp_plan *plan, size_t count)
{
    itp_sampler *sampler = NULL;
    itp_batch batch = batch_for(s, count);
    check_status(s->name, sampler_for(plan, &batch, &sampler), ITP_OK);
    return sampler;
}

static void check_equal(const setting *s, const samples *a, const samples *b)
{
    check_true(s->name, !memcmp(a, b, TOTAL * element_size(s)));
}

/* ---- one result, however it is asked for ---- */

static int to_the_end(itp_sampler *sampler)
{
    network net = network_linear(mixture_two_modes());
    itp_request request = ITP_REQUEST_INIT;
    int status = ITP_OK;
    while (!status && (status = itp_sampler_next(sampler, &request)) == ITP_EVALUATE) {
        network_run(&net, &request);
        status = itp_sampler_submit(sampler);
    }
    return status;
}

static int stepwise(itp_sampler *sampler, void *x)
{
    int status = begin_noise(sampler, x, 99);
    return status ? status : to_the_end(sampler);
}

static void loop_and_steps(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples want, got = {{0}};
        itp_plan *plan = plan_for(&settings[i]);
        itp_sampler *sampler = sampler_of(&settings[i], plan, BATCH);
        reference(&settings[i], plan, &want);
        for (int run = 0; run < 3; run++) {
            memset(&got, run, sizeof got);
            check_status(settings[i].name, stepwise(sampler, &got), ITP_OK);
            check_equal(&settings[i], &want, &got);
        }
        itp_sampler_free(sampler);
        itp_plan_free(plan);
    }
}

/* Samples first .. first + size - 1 at a time. */
static void check_split(const setting *s, const itp_plan *plan, const samples *want, size_t size)
{
    samples got = {{0}};
    for (size_t first = 0; first < BATCH; first += size) {
        size_t count = first + size < BATCH ? size : BATCH - first;
        itp_batch batch = batch_for(s, count);
        batch.first = first;
        sample(s, plan, &batch, got.bytes + first * DIM * element_size(s));
    }
    check_equal(s, want, &got);
}

static void every_split_of_a_batch(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples want;
        itp_plan *plan = plan_for(&settings[i]);
        reference(&settings[i], plan, &want);
        for (size_t size = 1; size <= BATCH; size++) check_split(&settings[i], plan, &want, size);
        itp_plan_free(plan);
    }
}

/* Sample i of a batch with seeds is sample 0 of a batch of one with that seed, wherever it stands. */
static void a_seed_for_each_sample(void **state)
{
    static const uint64_t seeds[BATCH] = {5, 1, 99, 5, 0, UINT64_MAX, 1234567890123};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples all = {{0}}, one = {{0}};
        size_t bytes = DIM * element_size(&settings[i]);
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = batch_for(&settings[i], BATCH);
        batch.seed = 0;
        batch.seeds = seeds;
        sample(&settings[i], plan, &batch, &all);
        for (size_t j = 0; j < BATCH; j++) {
            itp_batch single = batch_for(&settings[i], 1);
            single.seed = seeds[j];
            sample(&settings[i], plan, &single, &one);
            check_true(settings[i].name, !memcmp(all.bytes + j * bytes, one.bytes, bytes));
        }
        check_true("equal seeds", !memcmp(all.bytes, all.bytes + 3 * bytes, bytes));
        check_true("other seeds", memcmp(all.bytes, all.bytes + bytes, bytes));
        itp_plan_free(plan);
    }
}

/* The seeds are copied when the sampler begins. */
static void seeds_are_copied(void **state)
{
    uint64_t seeds[BATCH] = {1, 2, 3, 4, 5, 6, 7};
    samples want = {{0}}, got = {{0}};
    (void)state;
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], BATCH);
    itp_sampler *sampler = NULL;
    batch.seed = 0;
    batch.seeds = seeds;
    sample(&settings[0], plan, &batch, &want);
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, &got), ITP_OK);
    memset(seeds, 0xFF, sizeof seeds);
    check_status("run", to_the_end(sampler), ITP_OK);
    check_equal(&settings[0], &want, &got);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* The start is start_scale times normal 0 of each sample. */
static void start_is_normal_zero(void **state)
{
    (void)state;
    samples x = {{0}};
    double xi[DIM];
    itp_plan *plan = plan_for(&settings[0]);
    itp_sampler *sampler = sampler_of(&settings[0], plan, BATCH);
    check_status("begin", begin_noise(sampler, &x, 99), ITP_OK);
    for (size_t i = 0; i < BATCH; i++) {
        check_status("normals", itp_normals(99, i, 0, 0, ITP_FLOAT64, xi, DIM), ITP_OK);
        for (size_t j = 0; j < DIM; j++) check_same("start", x.f64[i * DIM + j], xi[j]);
    }
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* A start that is given: the same numbers, when they are those that would have been drawn. */
static void given_start(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples want, got = {{0}};
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = batch_for(&settings[i], BATCH);
        size_t bytes = DIM * element_size(&settings[i]);
        reference(&settings[i], plan, &want);
        for (size_t j = 0; j < BATCH; j++)
            check_status("normals", itp_normals(99, j, 0, 0, settings[i].type, got.bytes + j * bytes, DIM), ITP_OK);
        batch.x = ITP_X_GIVEN;
        sample(&settings[i], plan, &batch, &got);
        check_equal(&settings[i], &want, &got);
        itp_plan_free(plan);
    }
}

/* float32 is float64 with rounded arrays: close, and not the same. */
static void types_agree(void **state)
{
    (void)state;
    samples a, b;
    itp_plan *plan = plan_for(&settings[0]);
    reference(&settings[0], plan, &a);
    reference(&settings[1], plan, &b);
    for (int i = 0; i < TOTAL; i++) check_near("float32", (double)b.f32[i], a.f64[i], 1e-4);
    itp_plan_free(plan);
}

/* ---- requests ---- */

static void check_request(const itp_request *request, const itp_plan *plan, int32_t row)
{
    itp_plan_row numbers = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, row, &numbers), ITP_OK);
    assert_int_equal(request->row, row);
    assert_int_equal(request->rows, 8);
    assert_int_equal(request->count, BATCH);
    assert_int_equal(request->dim, DIM);
    assert_int_equal(request->type, ITP_FLOAT64);
    assert_int_equal(request->first, 21);
    check_same("time", request->time, numbers.time);
    check_same("u", request->u, numbers.u);
    assert_non_null(request->x);
    assert_non_null(request->out);
    assert_ptr_not_equal(request->x, request->out);
}

static void requests(void **state)
{
    (void)state;
    samples x = {{0}};
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = plan_for(&settings[5]);
    itp_batch batch = batch_for(&settings[5], BATCH);
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    batch.first = 21;
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, &x), ITP_OK);
    for (int32_t row = 0; row < 8; row++) {
        check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
        check_request(&request, plan, row);
        if (row == 0) assert_ptr_equal(request.x, &x);
        network_run(&net, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    check_status("over", itp_sampler_next(sampler, &request), ITP_OK);
    check_status("still over", itp_sampler_next(sampler, &request), ITP_OK);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* A frame that has no time for an evaluation asks again in the next. */
static void next_again_is_harmless(void **state)
{
    (void)state;
    samples want, got = {{0}};
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = plan_for(&settings[0]);
    itp_sampler *sampler = sampler_of(&settings[0], plan, BATCH);
    itp_request first = ITP_REQUEST_INIT, again = ITP_REQUEST_INIT;
    reference(&settings[0], plan, &want);
    check_status("begin", begin_noise(sampler, &got, 99), ITP_OK);
    while (itp_sampler_next(sampler, &first) == ITP_EVALUATE) {
        for (int i = 0; i < 3; i++) check_status("next", itp_sampler_next(sampler, &again), ITP_EVALUATE);
        assert_memory_equal(&first, &again, sizeof first);
        network_run(&net, &first);
        check_status("next", itp_sampler_next(sampler, &again), ITP_EVALUATE);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    check_equal(&settings[0], &want, &got);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- out of order ---- */

static void calls_out_of_order(void **state)
{
    (void)state;
    samples want, x = {{0}};
    itp_plan *plan = plan_for(&settings[0]);
    itp_sampler *sampler = sampler_of(&settings[0], plan, BATCH);
    itp_request request = ITP_REQUEST_INIT;
    reference(&settings[0], plan, &want);
    check_status("next before begin", itp_sampler_next(sampler, &request), ITP_E_STATE);
    check_status("submit before begin", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("begin", begin_noise(sampler, &x, 99), ITP_OK);
    check_status("submit before next", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("begin", begin_noise(sampler, &x, 99), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    memset(request.out, 0, TOTAL * sizeof(double));
    check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    check_status("submit twice", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("recovery", stepwise(sampler, &x), ITP_OK);
    check_equal(&settings[0], &want, &x);
    check_status("submit when over", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("recovery", stepwise(sampler, &x), ITP_OK);
    check_equal(&settings[0], &want, &x);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* A run left half done disturbs nothing. */
static void begin_in_the_middle(void **state)
{
    (void)state;
    samples want, x = {{0}}, other = {{0}};
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = plan_for(&settings[5]);
    itp_sampler *sampler = sampler_of(&settings[5], plan, BATCH);
    itp_request request = ITP_REQUEST_INIT;
    reference(&settings[5], plan, &want);
    check_status("begin", begin_noise(sampler, &other, 99), ITP_OK);
    for (int i = 0; i < 3; i++) {
        check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
        network_run(&net, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    check_status("again", stepwise(sampler, &x), ITP_OK);
    check_equal(&settings[5], &want, &x);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- callbacks that stop ---- */

typedef struct stopper {
    network net;
    int row, answer;
} stopper;

static int stop_at(void *user, const itp_request *request)
{
    stopper *s = user;
    network_run(&s->net, request);
    return request->row == s->row ? s->answer : 0;
}

static void callbacks_that_stop(void **state)
{
    static const int answers[][2] = {{1, 1},
                                     {42, 42},
                                     {INT32_MAX, INT32_MAX},
                                     {-1, ITP_E_CALLBACK},
                                     {-777, ITP_E_CALLBACK},
                                     {INT32_MIN, ITP_E_CALLBACK}};
    (void)state;
    samples want, x = {{0}};
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], BATCH);
    reference(&settings[0], plan, &want);
    for (int i = 0; i < COUNT(answers); i++)
        for (int row = 0; row < 8; row += 7) {
            stopper s = {network_linear(mixture_two_modes()), row, answers[i][0]};
            check_status("stop", itp_sample(plan, &batch, &x, stop_at, &s), answers[i][1]);
            assert_int_equal(s.net.calls, row + 1);
            sample(&settings[0], plan, &batch, &x);
            check_equal(&settings[0], &want, &x);
        }
    itp_plan_free(plan);
}

/* ---- outputs that are not finite ---- */

typedef struct poison {
    network net;
    int row, times; /* poisons `row`, for so many calls */
    size_t element;
    double value;
} poison;

static void spoil(const poison *p, const itp_request *request)
{
    if (request->type == ITP_FLOAT32)
        ((float *)request->out)[p->element] = (float)p->value;
    else
        ((double *)request->out)[p->element] = p->value;
}

static int poisoned(void *user, const itp_request *request)
{
    poison *p = user;
    network_run(&p->net, request);
    if (request->row == p->row && p->times-- > 0) spoil(p, request);
    return 0;
}

static void nonfinite_output_is_named(void **state)
{
    static const double values[] = {NAN, INFINITY, -INFINITY};
    (void)state;
    for (int i = 0; i < 2 * COUNT(values); i++) {
        samples x = {{0}};
        capture seen;
        itp_env log = capture_env(&seen);
        poison p = {network_linear(mixture_two_modes()), 3, 1, 5 * DIM + 2, values[i / 2]};
        itp_plan *plan = plan_for(&settings[i % 2]);
        itp_batch batch = batch_for(&settings[i % 2], BATCH);
        batch.env = &log;
        batch.check_finite = 1;
        check_status("sample", itp_sample(plan, &batch, &x, poisoned, &p), ITP_E_NONFINITE);
        assert_int_equal(seen.count, 1);
        assert_true(capture_has(&seen, "row 3"));
        assert_true(capture_has(&seen, "sample 5"));
        itp_plan_free(plan);
    }
}

/* Unasked, nothing is looked at: the NaN runs through. */
static void nonfinite_output_unasked(void **state)
{
    (void)state;
    samples x = {{0}};
    poison p = {network_linear(mixture_two_modes()), 0, 1, 2, NAN};
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], BATCH);
    check_status("sample", itp_sample(plan, &batch, &x, poisoned, &p), ITP_OK);
    assert_true(isnan(x.f64[2]));
    assert_true(isfinite(x.f64[3]));
    itp_plan_free(plan);
}

/* The row is left undone: a mended output may be submitted, and the run goes on as if nothing had been. */
static void nonfinite_output_mended(void **state)
{
    (void)state;
    samples want, x = {{0}};
    poison p = {network_linear(mixture_two_modes()), 2, 1, 0, NAN};
    itp_plan *plan = plan_for(&settings[5]);
    itp_batch batch = batch_for(&settings[5], BATCH);
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    int refused = 0;
    batch.check_finite = 1;
    reference(&settings[5], plan, &want);
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_noise(sampler, &x, 99), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        poisoned(&p, &request);
        for (; itp_sampler_submit(sampler) == ITP_E_NONFINITE; refused++) network_run(&p.net, &request);
    }
    assert_int_equal(refused, 1);
    check_equal(&settings[5], &want, &x);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- one plan, many batches ---- */

static void a_plan_serves_any_batch(void **state)
{
    static const size_t dims[] = {1, 3, 16, 255, 256, 257, 1000};
    (void)state;
    itp_plan *plan = plan_for(&settings[1]);
    for (int i = 0; i < COUNT(dims); i++)
        for (size_t count = 1; count <= 3; count++) {
            network net = network_linear(mixture_two_modes());
            itp_batch batch = batch_for(&settings[1], count);
            batch.dim = dims[i];
            float *x = malloc(dims[i] * count * sizeof *x + 1);
            unsigned char *behind = (unsigned char *)(x + dims[i] * count);
            *behind = 0xC3;
            check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
            assert_int_equal(*behind, 0xC3);
            for (size_t j = 0; j < dims[i] * count; j++) assert_true(fabsf(x[j]) < 10);
            free(x);
        }
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loop_and_steps),
        cmocka_unit_test(every_split_of_a_batch),
        cmocka_unit_test(a_seed_for_each_sample),
        cmocka_unit_test(seeds_are_copied),
        cmocka_unit_test(start_is_normal_zero),
        cmocka_unit_test(given_start),
        cmocka_unit_test(types_agree),
        cmocka_unit_test(requests),
        cmocka_unit_test(next_again_is_harmless),
        cmocka_unit_test(calls_out_of_order),
        cmocka_unit_test(begin_in_the_middle),
        cmocka_unit_test(callbacks_that_stop),
        cmocka_unit_test(nonfinite_output_is_named),
        cmocka_unit_test(nonfinite_output_unasked),
        cmocka_unit_test(nonfinite_output_mended),
        cmocka_unit_test(a_plan_serves_any_batch),
    };
    return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
