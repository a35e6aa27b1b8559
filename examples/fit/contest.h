/* Textbook plans and fitted ones, on seeds that neither has seen. */
#ifndef FIT_CONTEST_H
#define FIT_CONTEST_H

#include "field.h"

enum { UNSEEN_SEED = 0, FIT_SEED = 1 };

typedef struct contest {
    field net;
    double guidance, gain;
    size_t unseen, many; /* samples for the RMS, and (at least as many) for the Frechet distance */
    size_t seeds, held_out;
    int32_t iterations, outputs, fixed_nodes, greedy, finalists;
    int32_t starts; /* how many of the best textbook plans the fit may start from */
    const char *start_solver;
    int32_t start_grid;         /* of the only one that it starts from; 0: the best of the screening */
    int quick;                  /* fewer opponents: the multistep solvers on a few grids */
    float *converged, *samples; /* [many][dim] */
    float *ends;                /* [seeds][dim], of the seeds that are fitted on, once a fit has made them */
    int32_t ends_rows;          /* evaluations per sample that they took; 0: they are not there yet */
    double early;               /* where the early starts end; 0: there are none */
    float *early_ends;          /* as `ends`, of those */
    int early_known;
} contest;

typedef struct opponent {
    const char *solver;
    int32_t grid, schedule;
    double error;
} opponent;

/* 0, or -1 with a message. */
int contest_new(contest *c);
void contest_free(contest *c);

/* What is the same for every fit. */
void contest_describe(const contest *c, itp_fit_desc *want, itp_fit_expert *expert);

/* RMS of a plan on the unseen samples; NAN when it cannot be run. `samples` has them afterwards. */
double contest_error(const contest *c, const itp_plan *plan, size_t first, size_t count, uint64_t seed,
                     const float *ends);
double contest_distance(const contest *c, const itp_plan *plan);
double contest_converged_distance(const contest *c);

/* The library's own text of a solver's name; NULL: it has none of that name. */
const char *contest_solver(const char *name);

/* All solvers of the library without noise, on all grids, under the linear and the lazy schedule: the best few of a
 * screening on 100 of the unseen seeds, in the order of their errors on all of them. No two make the same samples.
 * Returns how many. */
enum { FINALISTS = 12 };
int contest_textbook(const contest *c, int32_t evaluations, opponent *best);
/* The opponents of a budget, the best first, from a file and to it. How many there are; none without a path. */
int opponents_read(const contest *c, const char *path, int32_t evaluations, opponent *best);
void opponents_add(const contest *c, const char *path, int32_t evaluations, const opponent *best, int count);
int contest_plan(const opponent *o, int32_t evaluations, itp_plan **plan);
/* The same solver to u_end, on nodes[evaluations + 1] in u, or, where these are NULL, on its grid. */
int contest_plan_on(const opponent *o, int32_t evaluations, const double *nodes, double u_end, itp_plan **plan);

#endif
