/* A run as the page shows it: the particles at any moment of the path, and the plan's numbers. */
#ifndef PLAYGROUND_VIEW_H
#define PLAYGROUND_VIEW_H

#include "run.h"

/* Where a moment in [0, 1] falls: with LINEAR_VIEW at the position u itself, in the network's coordinates; with
 * OWN_VIEW at the time t of the sampling schedule, in its coordinates. In both, no further than the run goes. */
enum { LINEAR_VIEW, OWN_VIEW };

/* [count][2], or NULL before the run is over. */
const float *view_particles(run *r, int32_t kind, double moment);

/* out: t, u, alpha, beta. A status of libinterp. */
int view_moment(const run *r, int32_t kind, double moment, double *out);

/* out: rows, steps, slots, normals, states kept of the path. */
void view_plan(const run *r, int32_t *out);

/* A row: u, t, time, keep, its two factors, how many normals, the root of the sum of their squares, then for each other
 * term its column, its index and its factor. Returns how many numbers that is; no more than `capacity` are written. */
int32_t view_row(const run *r, int32_t i, double *out, int32_t capacity);

/* The plan as the library prints it. The caller frees it; NULL when there is no memory. */
char *view_text(const run *r);

/* The data themselves, as far as a sample of as many can show them: [count][2]. The caller frees it. */
float *view_data(int32_t kind, double seed, int32_t count);

#endif
