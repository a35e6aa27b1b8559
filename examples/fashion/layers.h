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

/* Each of y[rows][n] = (x - mean) / sqrt(variance + 1e-5) * scale[n] + shift[n] */
void layer_norm(const float *x, const float *scale, const float *shift, float *y, size_t rows, size_t n);

/* Softmax down each column of x[rows][n]: many of them side by side, which needs no sum within a vector. */
void layer_softmax(float *x, float *spare, size_t rows, size_t n); /* spare[2][n] */

/* x[rows][n] += gate[n] * y[rows][n] */
void layer_add_gated(float *x, const float *gate, const float *y, size_t rows, size_t n);

void layer_relu(float *x, size_t n);
void layer_relu_squared(float *x, size_t n);
void layer_silu(float *x, size_t n);

#endif
