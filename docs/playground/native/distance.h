/* How far two clouds of as many particles are from each other, both [count][2]. */
#ifndef PLAYGROUND_DISTANCE_H
#define PLAYGROUND_DISTANCE_H

#include <stdint.h>

/* Particle by particle: the root mean square over all coordinates. */
double distance_rms(const float *a, const float *b, int32_t count);

/* As laws: the 2-Wasserstein distance between the projections on a line, root mean square over evenly turned lines. */
double distance_laws(const float *a, const float *b, int32_t count);

#endif
