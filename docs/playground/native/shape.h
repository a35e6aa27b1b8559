/* Data sets in the plane, as mixtures of Gaussians of equal weight and one deviation. Mean 0, and variance 1 per axis
 * on average, so that schedules for data of deviation 1 fit. */
#ifndef PLAYGROUND_SHAPE_H
#define PLAYGROUND_SHAPE_H

#include <stdint.h>

#define SHAPE_LIMIT 128

typedef struct shape {
    int32_t count;
    float deviation;
    float x[SHAPE_LIMIT], y[SHAPE_LIMIT]; /* centres */
} shape;

/* NULL past the last one. */
const char *shape_name(int32_t kind);

/* Any other number is taken for 0. */
void shape_make(int32_t kind, shape *out);

/* Draws the data themselves: x[count][2]. */
void shape_sample(const shape *s, uint64_t seed, float *x, int32_t count);

#endif
