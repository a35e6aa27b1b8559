/* The arithmetic that networks are made of, on rows of floats. Written so that compilers vectorise it without being
 * allowed to reorder sums: sums run in LANES partial sums of their own. */
#ifndef FASHION_LAYERS_H
#define FASHION_LAYERS_H

#include <stddef.h>

/* y = x W^T + b, W [outputs][inputs] as torch has it. Owns nothing. */
typedef struct linear {
    size_t inputs, outputs;
    const float *weight, *bias;
} linear;

void layer_linear(const linear *l, const float *x, size_t rows, float *y);

/* y[n] = (x - mean) / sqrt(variance + 1e-5) * scale + shift */
void layer_norm(const float *x, const float *scale, const float *shift, float *y, size_t n);

/* x[n] *= scale, then softmax. */
void layer_softmax(float *x, float scale, size_t n);

/* x[n] += gate * y */
void layer_add_gated(float *x, const float *gate, const float *y, size_t n);

void layer_relu(float *x, size_t n);
void layer_relu_squared(float *x, size_t n);
void layer_silu(float *x, size_t n);

#endif
