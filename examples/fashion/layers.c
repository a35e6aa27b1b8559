#include "layers.h"

#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES 16

void layer_linear(const linear *l, const float *x, size_t rows, float *y)
{
    for (size_t i = 0; i < rows; i++) {
        memcpy(y + i * l->outputs, l->bias, l->outputs * sizeof *y);
    }
    int inputs = (int)l->inputs, outputs = (int)l->outputs;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, outputs, inputs, 1.0f, x, inputs, l->weight, inputs,
                1.0f, y, outputs);
}

/* Pairwise, so that no addition waits for more than three others. */
static inline float fold(float *lanes)
{
    for (size_t half = LANES / 2; half; half /= 2) {
        for (size_t j = 0; j < half; j++) {
            lanes[j] += lanes[j + half];
        }
    }
    return lanes[0];
}

static inline float sum(const float *x, size_t n)
{
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            lanes[j] += x[i + j];
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        lanes[j] += x[i + j];
    }
    return fold(lanes);
}

static inline float squared_distance(const float *x, float mean, size_t n)
{
    float lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            lanes[j] += (x[i + j] - mean) * (x[i + j] - mean);
        }
    }
    for (size_t j = 0; i + j < n; j++) {
        lanes[j] += (x[i + j] - mean) * (x[i + j] - mean);
    }
    return fold(lanes);
}

void layer_norm(const float *x, const float *scale, const float *shift, float *restrict y, size_t rows, size_t n)
{
    for (size_t r = 0; r < rows; r++, x += n, y += n) {
        float mean = sum(x, n) / (float)n;
        float inverse = 1.0f / sqrtf(squared_distance(x, mean, n) / (float)n + 1e-5f);
        for (size_t i = 0; i < n; i++) {
            y[i] = (x[i] - mean) * inverse * scale[i] + shift[i];
        }
    }
}

#define LEAST_EXPONENT -87.0f

/* exp for LEAST_EXPONENT <= x <= 0, relative error below 3e-7: x = (k + f) log 2 with |f| <= 1/2. Adding 3 * 2^22
 * rounds to an integer. */
static inline float exp_negative(float x)
{
    const float magic = 12582912.0f;
    float scaled = x * 1.44269504f;
    float whole = (scaled + magic) - magic, f = (scaled - whole) * 0.693147181f;
    float p = 1.0f / 720;
    p = p * f + 1.0f / 120;
    p = p * f + 1.0f / 24;
    p = p * f + 1.0f / 6;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    union {
        int32_t bits;
        float value;
    } power = {((int32_t)whole + 127) * (1 << 23)};
    return p * power.value;
}

/* exp(x - top), of numbers that are at most 0; below LEAST_EXPONENT it counts as that, far under what a softmax in
 * float can show. Compilers make a branch of a choice that arithmetic follows, so the choice has a loop of its own. */
static void exp_below(float *restrict x, const float *restrict top, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float below = x[i] - top[i];
        x[i] = below > LEAST_EXPONENT ? below : LEAST_EXPONENT;
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = exp_negative(x[i]);
    }
}

static void keep_larger(float *restrict top, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float best = top[i], other = x[i];
        top[i] = best > other ? best : other;
    }
}

static void add(float *restrict total, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        total[i] += x[i];
    }
}

void layer_softmax(float *x, float *spare, size_t rows, size_t n)
{
    float *top = spare, *total = spare + n;
    memcpy(top, x, n * sizeof *x);
    for (size_t r = 1; r < rows; r++) {
        keep_larger(top, x + r * n, n);
    }
    memset(total, 0, n * sizeof *total);
    for (size_t r = 0; r < rows; r++) {
        exp_below(x + r * n, top, n);
        add(total, x + r * n, n);
    }
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < n; i++) {
            x[r * n + i] /= total[i];
        }
    }
}

void layer_add_gated(float *restrict x, const float *gate, const float *y, size_t rows, size_t n)
{
    for (size_t r = 0; r < rows; r++, x += n, y += n) {
        for (size_t i = 0; i < n; i++) {
            x[i] += gate[i] * y[i];
        }
    }
}

void layer_relu(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] > 0 ? x[i] : 0;
    }
}

void layer_relu_squared(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float twice = x[i] + fabsf(x[i]); /* where a comparison would be made a branch, half of them guessed wrong */
        x[i] = twice * twice * 0.25f;
    }
}

void layer_silu(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] / (1.0f + expf(-x[i]));
    }
}
