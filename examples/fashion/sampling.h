/* Samples garments: the example's use of libinterp. */
#ifndef FASHION_SAMPLING_H
#define FASHION_SAMPLING_H

#include "network.h"
#include "progress.h"

#include <interp/interp.h>

#define ALL_CLASSES (-1)
#define REAL_CLASSES 10

/* What to sample, in the terms of the command line: libinterp's texts, and numbers that are put into them. */
typedef struct recipe {
    const char *schedule, *grid;
    const char *solver;    /* NULL: the library's */
    const char *diffusion; /* NULL: k */
    int32_t evaluations;
    double k, s, shift; /* diffusion, the data's standard deviation for lazy schedules, of the shifted grid */
    double norm;        /* of SiT's diffusions */
    double eta, churn;  /* solvers with noise of their own; eta -1: the solver's, churn 0: none */
    double last_step;   /* 0, or the length of SiT's last step, in u */
    int32_t noise;      /* ITP_NOISE_* */
    int32_t ends;       /* ITP_ENDS_* */
    double guidance;    /* 1: the class as trained, 0: any class, above 1: more typical of the class */
    int32_t label;      /* a class, or ALL_CLASSES: sample i is of class i % 10 */
    uint64_t seed;
    const itp_env *env;    /* NULL: silent */
    const itp_plan *saved; /* a plan that exists, sampled with as it is; NULL: one is made from the numbers above */
} recipe;

/* 8 evaluations of the flow under the lazy schedule. */
recipe sampling_default(void);

/* The same garments (class, seed, guidance) with a plan that exists, which stays the caller's. */
recipe sampling_saved(const recipe *base, const itp_plan *plan);

/* Where numbers and kinds are wanted that the texts name: ITP_SCHEDULE_*, and the diffusion. */
int32_t sampling_schedule(const recipe *r);
itp_diffusion sampling_diffusion(const recipe *r);

/* A status of libinterp. Free the plan with itp_plan_free, also where it is a copy of r->saved. */
int sampling_plan(const recipe *r, itp_plan **plan);

/* Network evaluations per sample that running the plan makes. */
int32_t sampling_cost(const recipe *r, const itp_plan *plan);

/* Runs the plan: x[count][784]. `bar` counts image evaluations. A status of libinterp. */
int sampling_run(const recipe *r, const itp_plan *plan, network *net, progress *bar, float *x, size_t count);

int32_t sampling_label(const recipe *r, size_t sample);

#endif
