/* The combine kernels against a sum written out in double, for random operations; and itp_prediction_convert. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <interp/model.h>

#include "kernels/kernels.h"

enum { COLUMNS = 9, STATE = COLUMNS, OUTPUT = COLUMNS + 1, NEXT = COLUMNS + 2, ARRAYS = COLUMNS + 3, NORMALS = 3 };

typedef struct kernel {
    const char *name;
    int32_t id, type;
    double rounding; /* of the stored value */
    double sum;      /* of one term in the sum */
} kernel;

static const kernel KERNELS[] = {
    {"portable float32", ITP_KERNEL_PORTABLE, ITP_FLOAT32, 0x1.0001p-24, 1e-15},
    {"portable float64", ITP_KERNEL_PORTABLE, ITP_FLOAT64, 0x1p-53, 1e-15},
#if defined(ITP_HAVE_OPENBLAS)
    {"OpenBLAS float32", ITP_KERNEL_OPENBLAS, ITP_FLOAT32, 0x1p-24, 1e-6},
    {"OpenBLAS float64", ITP_KERNEL_OPENBLAS, ITP_FLOAT64, 0x1p-53, 1e-15},
#endif
};
enum { KERNEL_COUNT = sizeof KERNELS / sizeof KERNELS[0] };

/* An operation; the arrays it may touch, one after the other, with an element to spare before each; what they held. */
typedef struct trial {
    const kernel *kernel;
    itp_combine op;
    itp_column columns[COLUMNS];
    itp_noise_term normals[NORMALS];
    size_t total, width;
    unsigned char *memory, *before;
} trial;

/* A small generator of our own: the tests are to be the same everywhere. */
static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525U + 1013904223U;
    return (uint32_t)(((uint64_t)*state * below) >> 32);
}

static double draw_real(uint32_t *state)
{
    return (double)draw(state, 1U << 30) * 0x1p-29 - 1;
}

static size_t array_bytes(const trial *t)
{
    return (t->total + 1) * t->width;
}

static void *array(const trial *t, int which)
{
    return t->memory + (size_t)which * array_bytes(t) + t->width;
}

static double element(const trial *t, const unsigned char *memory, const void *data, size_t i)
{
    const unsigned char *at = memory + ((const unsigned char *)data - t->memory) + i * t->width;
    float narrow;
    double wide;
    if (t->width == sizeof wide) {
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    memcpy(&narrow, at, sizeof narrow);
    return (double)narrow;
}

static void put(const trial *t, void *data, size_t i, double value)
{
    float narrow = (float)value;
    unsigned char *at = (unsigned char *)data + i * t->width;
    memcpy(at, t->width == sizeof value ? (const void *)&value : (const void *)&narrow, t->width);
}

static void trial_open(trial *t, const kernel *with, size_t dim, size_t count)
{
    memset(t, 0, sizeof *t);
    t->kernel = with;
    t->total = dim * count;
    t->width = with->type == ITP_FLOAT32 ? sizeof(float) : sizeof(double);
    t->op.dim = dim;
    t->op.count = count;
    t->memory = malloc(ARRAYS * array_bytes(t));
    t->before = malloc(ARRAYS * array_bytes(t));
    assert_non_null(t->memory);
    assert_non_null(t->before);
}

static void trial_close(trial *t)
{
    free(t->memory);
    free(t->before);
}

/* NaN everywhere, then numbers in what the operation names. */
static void fill(trial *t, uint32_t *rng)
{
    for (size_t i = 0; i < ARRAYS * (t->total + 1); i++) put(t, t->memory, i, (double)NAN);
    for (int32_t j = 0; j < t->op.column_count; j++) {
        unsigned char *data = t->memory + ((const unsigned char *)t->columns[j].data - t->memory);
        for (size_t i = 0; i < t->total; i++) put(t, data, i, draw_real(rng));
    }
    for (size_t i = 0; t->op.keep && i < t->total; i++) {
        if (t->op.keep_state != 0) put(t, array(t, STATE), i, draw_real(rng));
        if (t->op.keep_output != 0) put(t, array(t, OUTPUT), i, draw_real(rng));
    }
    memcpy(t->before, t->memory, ARRAYS * array_bytes(t));
}

static int either(uint32_t *rng, int a, int b)
{
    return draw(rng, 2) ? a : b;
}

static void draw_terms(trial *t, int32_t columns, int32_t normals, uint32_t *rng)
{
    for (int32_t j = 0; j < columns; j++) {
        int which = j == 0 ? either(rng, STATE, j) : j == 1 ? either(rng, OUTPUT, j) : j;
        t->columns[j] = (itp_column){array(t, which), draw_real(rng)};
    }
    for (int32_t j = 0; j < normals; j++) t->normals[j] = (itp_noise_term){draw(rng, 1000), draw_real(rng)};
    t->op.columns = t->columns;
    t->op.column_count = columns;
    t->op.normals = t->normals;
    t->op.normal_count = normals;
}

/* The state, the output where it is not kept, a column where there is one, nothing where something is kept; or an array
 * of its own. */
static void *draw_next(const trial *t, uint32_t *rng)
{
    const itp_combine *op = &t->op;
    switch (draw(rng, 5)) {
    case 0: return array(t, STATE);
    case 1: return array(t, op->keep ? NEXT : OUTPUT);
    case 2: return array(t, op->column_count ? (int)draw(rng, (uint32_t)op->column_count) : NEXT);
    case 3: return op->keep ? NULL : array(t, NEXT);
    default: return array(t, NEXT);
    }
}

/* Any operation, with every way in which arrays may be the same: state and output are columns or not, next is any. */
static void draw_op(trial *t, int32_t columns, int32_t normals, uint32_t *rng)
{
    draw_terms(t, columns, normals, rng);
    t->op.keep = (int32_t)draw(rng, 2);
    t->op.state = array(t, STATE);
    t->op.output = array(t, OUTPUT);
    t->op.keep_state = draw(rng, 4) ? draw_real(rng) : 0;
    t->op.keep_output = draw(rng, 4) ? draw_real(rng) : 0;
    t->op.seed = draw(rng, UINT32_MAX);
    t->op.first = (uint64_t)draw(rng, UINT32_MAX) << 4;
    t->op.next = draw_next(t, rng);
}

static double noise_at(const itp_combine *op, uint32_t m, size_t i)
{
    double xi;
    size_t sample = i / op->dim;
    itp_normals(op->seeds ? op->seeds[sample] : op->seed, op->seeds ? 0 : op->first + sample, m, i % op->dim,
                ITP_FLOAT64, &xi, 1);
    return xi;
}

/* Element i of next: the sum in the order of the lists, and in *size the sum of the sizes of its terms. */
static double expected_next(const trial *t, size_t i, double *size)
{
    const itp_combine *op = &t->op;
    double sum = 0;
    *size = 0;
    for (int32_t j = 0; j < op->column_count; j++) {
        double term = op->columns[j].coef * element(t, t->before, op->columns[j].data, i);
        sum += term;
        *size += fabs(term);
    }
    for (int32_t j = 0; j < op->normal_count; j++) {
        double term = op->normals[j].coef * noise_at(op, op->normals[j].m, i);
        sum += term;
        *size += fabs(term);
    }
    return sum;
}

static double expected_kept(const trial *t, size_t i, double *size)
{
    const itp_combine *op = &t->op;
    double a = op->keep_state != 0 ? op->keep_state * element(t, t->before, op->state, i) : 0;
    double b = op->keep_output != 0 ? op->keep_output * element(t, t->before, op->output, i) : 0;
    *size = fabs(a) + fabs(b);
    return a + b;
}

static void is_close(const trial *t, const void *data, size_t i, double expected, double size)
{
    double got = element(t, t->memory, data, i);
    double bound = t->kernel->rounding * fabs(expected) + t->kernel->sum * size + 1e-300;
    if (!(fabs(got - expected) <= bound)) {
        fail_msg("%s, dim %zu, count %zu, %d columns, %d normals: element %zu is %.17g, not %.17g", t->kernel->name,
                 t->op.dim, t->op.count, (int)t->op.column_count, (int)t->op.normal_count, i, got, expected);
    }
}

/* Runs the operation; checks what it writes, and that it writes nothing else. */
static void run_and_check(const trial *t)
{
    double size, expected;
    itp_combine_fn combine = itp_kernel_choose(t->kernel->id, t->kernel->type);
    assert_non_null(combine);
    combine(&t->op);
    for (size_t i = 0; i < t->total; i++) {
        if (t->op.next) {
            expected = expected_next(t, i, &size);
            is_close(t, t->op.next, i, expected, size);
        }
        if (t->op.keep) {
            expected = expected_kept(t, i, &size);
            is_close(t, t->op.output, i, expected, size);
        }
    }
    for (int which = 0; which < ARRAYS; which++) {
        const unsigned char *data = array(t, which);
        size_t own = data == t->op.next || (t->op.keep && data == t->op.output) ? t->width : array_bytes(t);
        size_t from = (size_t)(data - t->memory) - t->width;
        assert_memory_equal(t->memory + from, t->before + from, own);
    }
}

static void random_ops(const kernel *with, size_t dim, size_t count, uint32_t *rng)
{
    trial t;
    trial_open(&t, with, dim, count);
    for (int32_t columns = 0; columns <= COLUMNS; columns++) {
        for (int32_t normals = 0; normals <= NORMALS; normals++) {
            draw_op(&t, columns, normals, rng);
            fill(&t, rng);
            run_and_check(&t);
        }
    }
    trial_close(&t);
}

static void agree_with_double(void **state)
{
    (void)state;
    const size_t shapes[][2] = {{1, 1}, {1, 300}, {3, 100}, {7, 37}, {256, 2}, {784, 3}, {5000, 1}};
    uint32_t rng = 1;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
            for (int repeat = 0; repeat < (shapes[s][0] * shapes[s][1] < 700 ? 8 : 1); repeat++) {
                random_ops(&KERNELS[k], shapes[s][0], shapes[s][1], &rng);
            }
        }
    }
}

static void *moved(void *data, size_t bytes)
{
    return data ? (unsigned char *)data + bytes : NULL;
}

static void one_seed_per_sample(void **state)
{
    (void)state;
    const uint64_t seeds[5] = {9, 1, UINT64_C(1) << 40, 9, 0};
    uint32_t rng = 2;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        trial t;
        trial_open(&t, &KERNELS[k], 301, 5);
        draw_op(&t, 2, 2, &rng);
        t.op.next = array(&t, NEXT);
        t.op.seeds = seeds;
        fill(&t, &rng);
        run_and_check(&t);
        t.op.column_count = 0;
        itp_kernel_choose(t.kernel->id, t.kernel->type)(&t.op);
        assert_memory_equal(t.op.next, moved(t.op.next, 3 * 301 * t.width), 301 * t.width);
        assert_memory_not_equal(t.op.next, moved(t.op.next, 301 * t.width), 301 * t.width);
        trial_close(&t);
    }
}

/* The samples from..to-1 of an operation as an operation of their own. */
static void run_part(const trial *t, size_t from, size_t to)
{
    itp_combine op = t->op;
    itp_column columns[COLUMNS];
    size_t skip = from * op.dim * t->width;
    for (int32_t j = 0; j < op.column_count; j++) {
        columns[j] = (itp_column){(const unsigned char *)op.columns[j].data + skip, op.columns[j].coef};
    }
    op.columns = columns;
    op.count = to - from;
    op.next = moved(op.next, skip);
    op.output = moved(op.output, skip);
    op.state = (const unsigned char *)op.state + skip;
    op.first += from;
    itp_kernel_choose(t->kernel->id, t->kernel->type)(&op);
}

/* Runs the operation as a whole and in the parts that `cuts` ends, and compares the bits of all arrays. */
static void parts_equal_whole(trial *t, const size_t *cuts)
{
    size_t bytes = ARRAYS * array_bytes(t), from = 0;
    unsigned char *whole = malloc(bytes);
    assert_non_null(whole);
    run_part(t, 0, t->op.count);
    memcpy(whole, t->memory, bytes);
    memcpy(t->memory, t->before, bytes);
    for (; from < t->op.count; from = *cuts++) run_part(t, from, *cuts);
    assert_memory_equal(whole, t->memory, bytes);
    free(whole);
}

static void any_split_gives_the_same_bits(void **state)
{
    (void)state;
    const size_t dims[] = {1, 3, 7, 64, 255, 784, 5000};
    const size_t cuts[][6] = {{1, 2, 3, 4, 5, 11}, {5, 11}, {10, 11}, {4, 7, 11}};
    uint32_t rng = 3;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
            trial t;
            trial_open(&t, &KERNELS[k], dims[d], 11);
            for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
                draw_op(&t, (int32_t)(2 * c + 1), (int32_t)(c % 3), &rng);
                fill(&t, &rng);
                parts_equal_whole(&t, cuts[c]);
            }
            trial_close(&t);
        }
    }
}

static void grouped(trial *t, size_t dim, size_t count, unsigned char *result)
{
    memcpy(t->memory, t->before, ARRAYS * array_bytes(t));
    t->op.dim = dim;
    t->op.count = count;
    for (size_t i = 0; i < (dim == 1 ? count : 1); i++) run_part(t, i, dim == 1 ? i + 1 : count);
    memcpy(result, t->memory, ARRAYS * array_bytes(t));
}

/* Without normals the border of a sample must not show: one sample of 385 elements, 77 of 5, 385 on their own. */
static void any_grouping_gives_the_same_bits(void **state)
{
    (void)state;
    uint32_t rng = 4;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        trial t;
        trial_open(&t, &KERNELS[k], 385, 1);
        size_t bytes = ARRAYS * array_bytes(&t);
        unsigned char *result = malloc(3 * bytes);
        assert_non_null(result);
        for (int32_t columns = 1; columns <= COLUMNS; columns++) {
            draw_op(&t, columns, 0, &rng);
            fill(&t, &rng);
            grouped(&t, 385, 1, result);
            grouped(&t, 5, 77, result + bytes);
            grouped(&t, 1, 385, result + 2 * bytes);
            assert_memory_equal(result, result + bytes, bytes);
            assert_memory_equal(result, result + 2 * bytes, bytes);
        }
        free(result);
        trial_close(&t);
    }
}

/* In stretches of elements, wherever they begin, in any order. */
static void run_stretches(trial *t, size_t count, uint32_t *rng)
{
    size_t cuts[8] = {0}, order[7];
    for (size_t i = 1; i < count; i++) cuts[i] = cuts[i - 1] + draw(rng, (uint32_t)(t->total - cuts[i - 1]));
    cuts[count] = t->total;
    for (size_t i = 0; i < count; i++) {
        size_t j = draw(rng, (uint32_t)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    for (size_t i = 0; i < count; i++) {
        t->op.from = cuts[order[i]];
        t->op.to = cuts[order[i] + 1];
        if (t->op.to > t->op.from) itp_kernel_choose(t->kernel->id, t->kernel->type)(&t->op);
    }
    t->op.from = t->op.to = 0;
}

static void any_stretches_give_the_same_bits(void **state)
{
    (void)state;
    const size_t counts[] = {1, 2, 7};
    uint32_t rng = 7;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        for (int repeat = 0; repeat < 40; repeat++) {
            trial t;
            trial_open(&t, &KERNELS[k], repeat % 2 ? 37 : 1500, repeat % 2 ? 40 : 1);
            size_t bytes = ARRAYS * array_bytes(&t);
            unsigned char *whole = malloc(bytes);
            assert_non_null(whole);
            draw_op(&t, repeat % (COLUMNS + 1), repeat % 3, &rng);
            fill(&t, &rng);
            itp_kernel_choose(t.kernel->id, t.kernel->type)(&t.op);
            memcpy(whole, t.memory, bytes);
            for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
                memcpy(t.memory, t.before, bytes);
                run_stretches(&t, counts[i], &rng);
                assert_memory_equal(t.memory, whole, bytes);
            }
            free(whole);
            trial_close(&t);
        }
    }
}

/* AVX-512, AVX2, 16-byte vectors: those that this processor has. */
static void any_processor_gives_the_same_bits(void **state)
{
    (void)state;
    uint32_t rng = 8;
    for (int repeat = 0; repeat < 400; repeat++) {
        trial t;
        trial_open(&t, &KERNELS[repeat % 2], 1 + draw(&rng, 700), 1 + draw(&rng, 3));
        size_t bytes = ARRAYS * array_bytes(&t);
        unsigned char *first = malloc(bytes);
        assert_non_null(first);
        draw_op(&t, (int32_t)draw(&rng, COLUMNS + 1), (int32_t)draw(&rng, 3), &rng);
        fill(&t, &rng);
        itp_combine_portable(t.kernel->type)(&t.op);
        memcpy(first, t.memory, bytes);
        for (int32_t i = 0; itp_combine_own(i, t.kernel->type); i++) {
            memcpy(t.memory, t.before, bytes);
            itp_combine_own(i, t.kernel->type)(&t.op);
            assert_memory_equal(t.memory, first, bytes);
        }
        free(first);
        trial_close(&t);
    }
}

static void empty_batches_are_left_alone(void **state)
{
    (void)state;
    uint32_t rng = 5;
    for (size_t k = 0; k < KERNEL_COUNT; k++) {
        trial t;
        trial_open(&t, &KERNELS[k], 10, 1);
        draw_op(&t, 3, 1, &rng);
        fill(&t, &rng);
        t.op.count = 0;
        itp_kernel_choose(t.kernel->id, t.kernel->type)(&t.op);
        t.op.count = 1;
        t.op.dim = 0;
        itp_kernel_choose(t.kernel->id, t.kernel->type)(&t.op);
        assert_memory_equal(t.memory, t.before, ARRAYS * array_bytes(&t));
        trial_close(&t);
    }
}

static void choice(void **state)
{
    (void)state;
    for (int32_t type = ITP_FLOAT32; type <= ITP_FLOAT64; type++) {
        assert_true(itp_kernel_choose(ITP_KERNEL_AUTO, type) == itp_kernel_choose(ITP_KERNEL_PORTABLE, type));
        assert_true(itp_kernel_choose(ITP_KERNEL_AUTO, type) == itp_combine_own(0, type));
        assert_non_null(itp_kernel_choose(ITP_KERNEL_PORTABLE, type));
#if defined(ITP_HAVE_OPENBLAS)
        assert_non_null(itp_kernel_choose(ITP_KERNEL_OPENBLAS, type));
#else
        assert_null(itp_kernel_choose(ITP_KERNEL_OPENBLAS, type));
#endif
        assert_null(itp_kernel_choose(3, type));
        assert_null(itp_kernel_choose(-1, type));
    }
    for (int32_t kernel = ITP_KERNEL_AUTO; kernel <= ITP_KERNEL_OPENBLAS; kernel++) {
        assert_null(itp_kernel_choose(kernel, 0));
        assert_null(itp_kernel_choose(kernel, 3));
    }
}

/* A velocity network on the linear schedule: data = x + (1 - t) f. */
static void convert_arrays(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    const itp_model model = ITP_MODEL_INIT;
    float x[COUNT], f[COUNT], narrow[COUNT];
    double wide_x[COUNT], wide_f[COUNT];
    uint32_t rng = 6;
    for (int i = 0; i < COUNT; i++) {
        x[i] = (float)(wide_x[i] = draw_real(&rng));
        f[i] = (float)(wide_f[i] = draw_real(&rng));
    }
    assert_int_equal(itp_prediction_convert(&model, 0.25, ITP_PREDICT_DATA, ITP_FLOAT32, x, f, narrow, COUNT), ITP_OK);
    for (int i = 0; i < COUNT; i++) assert_true(narrow[i] == (float)((double)x[i] + 0.75 * (double)f[i]));
    assert_int_equal(itp_prediction_convert(&model, 0.25, ITP_PREDICT_DATA, ITP_FLOAT32, x, f, x, COUNT), ITP_OK);
    assert_memory_equal(x, narrow, sizeof x);
    double expected[COUNT];
    for (int i = 0; i < COUNT; i++) expected[i] = wide_x[i] + 0.75 * wide_f[i];
    assert_int_equal(itp_prediction_convert(&model, 0.25, ITP_PREDICT_DATA, ITP_FLOAT64, wide_x, wide_f, wide_f, COUNT),
                     ITP_OK);
    for (int i = 0; i < COUNT; i++) assert_true(fabs(wide_f[i] - expected[i]) <= 1e-15);
}

/* At t = 1 the data are x, whatever the network says; a velocity is a velocity, whatever x is. */
static void convert_reads_what_it_needs(void **state)
{
    (void)state;
    const itp_model model = ITP_MODEL_INIT;
    const double numbers[3] = {1, -2, 3}, none[3] = {(double)NAN, (double)NAN, (double)NAN};
    double out[3];
    assert_int_equal(itp_prediction_convert(&model, 1, ITP_PREDICT_DATA, ITP_FLOAT64, numbers, none, out, 3), ITP_OK);
    assert_memory_equal(out, numbers, sizeof out);
    memset(out, 0, sizeof out);
    assert_int_equal(itp_prediction_convert(&model, 0.3, ITP_PREDICT_VELOCITY, ITP_FLOAT64, none, numbers, out, 3),
                     ITP_OK);
    assert_memory_equal(out, numbers, sizeof out);
}

static void convert_bad_arguments(void **state)
{
    (void)state;
    const itp_model model = ITP_MODEL_INIT;
    const float x[2] = {1, 2};
    float out[2] = {7, 7};
    const int32_t data = ITP_PREDICT_DATA, f32 = ITP_FLOAT32;
    assert_int_equal(itp_prediction_convert(&model, 0.5, data, f32, NULL, x, out, 2), ITP_E_ARGUMENT);
    assert_int_equal(itp_prediction_convert(&model, 0.5, data, f32, x, NULL, out, 2), ITP_E_ARGUMENT);
    assert_int_equal(itp_prediction_convert(&model, 0.5, data, f32, x, x, NULL, 2), ITP_E_ARGUMENT);
    assert_int_equal(itp_prediction_convert(&model, 0.5, data, f32, NULL, NULL, NULL, 0), ITP_OK);
    assert_int_equal(itp_prediction_convert(&model, 0.5, data, 0, x, x, out, 2), ITP_E_UNSUPPORTED);
    assert_int_equal(itp_prediction_convert(&model, 0.5, 99, f32, x, x, out, 2), ITP_E_UNSUPPORTED);
    assert_int_equal(itp_prediction_convert(&model, -0.5, data, f32, x, x, out, 2), ITP_E_RANGE);
    assert_int_equal(itp_prediction_convert(&model, (double)NAN, data, f32, x, x, out, 2), ITP_E_RANGE);
    assert_int_equal(itp_prediction_convert(&model, 1, ITP_PREDICT_SCORE, f32, x, x, out, 2), ITP_E_SINGULAR);
    assert_true(out[0] == 7 && out[1] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agree_with_double),
        cmocka_unit_test(one_seed_per_sample),
        cmocka_unit_test(any_split_gives_the_same_bits),
        cmocka_unit_test(any_grouping_gives_the_same_bits),
        cmocka_unit_test(any_stretches_give_the_same_bits),
        cmocka_unit_test(any_processor_gives_the_same_bits),
        cmocka_unit_test(empty_batches_are_left_alone),
        cmocka_unit_test(choice),
        cmocka_unit_test(convert_arrays),
        cmocka_unit_test(convert_reads_what_it_needs),
        cmocka_unit_test(convert_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
