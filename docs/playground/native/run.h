/* One run of the particles: a plan, its states, and the path through them. */
#ifndef PLAYGROUND_RUN_H
#define PLAYGROUND_RUN_H

#include "settings.h"
#include "shape.h"

typedef struct run {
    settings s;
    message why;
    itp_schedule *schedule;
    itp_plan *plan;
    itp_plan_info info;
    shape data;
    uint64_t seed;
    int32_t count;
    itp_sampler *sampler;
    float *x, *shown; /* [count][2] */
    /* The path: states at the ends of the solver's steps, in the network's coordinates. */
    int32_t times, reached;
    int32_t *place; /* [rows + 1]: where a state is kept, or -1 */
    double *u;      /* [rows + 1] */
    float *states;  /* [times][count][2] */
    itp_path *path;
} run;

run *run_new(void);
void run_free(run *r);

/* A status of libinterp; run_message then has a sentence. */
int run_plan(run *r, int32_t schedule, int32_t solver, int32_t grid, int32_t evaluations, double k);
const char *run_message(const run *r);

/* Starts `count` particles, a multiple of four, from a seed; with `keep` their path is kept. */
int run_begin(run *r, int32_t shape, double seed, int32_t count, int32_t keep);

/* Makes up to that many evaluations. ITP_EVALUATE: there is more to do; ITP_OK: the run is over. */
int run_rows(run *r, int32_t rows);

/* [count][2]: the samples, once the run is over. */
const float *run_end(const run *r);

#endif
