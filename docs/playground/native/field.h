/* The velocity that a perfect network would return for a shape, under the linear schedule. */
#ifndef PLAYGROUND_FIELD_H
#define PLAYGROUND_FIELD_H

#include "shape.h"

/* out[count][2] from x[count][2] at the time t in [0, 1]. Both hold a multiple of four particles. */
void field_velocity(const shape *s, const float *x, double t, float *out, int32_t count);

#endif
