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

static float sum(const float *x, size_t n)
{
    float lanes[LANES] = {0}, total = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            lanes[j] += x[i + j];
        }
    }
    for (; i < n; i++) {
        total += x[i];
    }
    for (size_t j = 0; j < LANES; j++) {
        total += lanes[j];
    }
    return total;
}

static float sum_of_squares(const float *x, size_t n)
{
    float lanes[LANES] = {0}, total = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t j = 0; j < LANES; j++) {
            lanes[j] += x[i + j] * x[i + j];
        }
    }
    for (; i < n; i++) {
        total += x[i] * x[i];
    }
    for (size_t j = 0; j < LANES; j++) {
        total += lanes[j];
    }
    return total;
}

void layer_norm(const float *x, const float *scale, const float *shift, float *y, size_t n)
{
    float mean = sum(x, n) / (float)n;
    for (size_t i = 0; i < n; i++) {
        y[i] = x[i] - mean;
    }
    float inverse = 1.0f / sqrtf(sum_of_squares(y, n) / (float)n + 1e-5f);
    for (size_t i = 0; i < n; i++) {
        y[i] = y[i] * inverse * scale[i] + shift[i];
    }
}

/* exp for x <= 0, relative error below 3e-7: x = (k + f) log 2 with |f| <= 1/2. Adding 3 * 2^22 rounds to an integer;
 * below -87 the result counts as exp(-87), far under what a softmax in float can show. */
static inline float exp_negative(float x)
{
    const float magic = 12582912.0f;
    float scaled = (x < -87.0f ? -87.0f : x) * 1.44269504f;
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

static float largest(const float *x, size_t n)
{
    float best = x[0];
    for (size_t i = 1; i < n; i++) {
        best = x[i] > best ? x[i] : best;
    }
    return best;
}

void layer_softmax(float *x, float scale, size_t n)
{
    float top = largest(x, n);
    for (size_t i = 0; i < n; i++) {
        x[i] = exp_negative((x[i] - top) * scale);
    }
    float share = 1.0f / sum(x, n);
    for (size_t i = 0; i < n; i++) {
        x[i] *= share;
    }
}

void layer_add_gated(float *x, const float *gate, const float *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] += gate[i] * y[i];
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
        float positive = x[i] > 0 ? x[i] : 0;
        x[i] = positive * positive;
    }
}

void layer_silu(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] / (1.0f + expf(-x[i]));
    }
}
