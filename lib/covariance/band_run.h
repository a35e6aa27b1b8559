/* What a run of a covariance plan has beside the sampler's, and what its two files need of each other. */
#ifndef ITP_COVARIANCE_BAND_RUN_H
#define ITP_COVARIANCE_BAND_RUN_H

#include "covariance/band_plan.h"
#include "covariance/basis.h"
#include "sampler/sampler.h"

/* The last states and outputs, as whole elements ("wide") or as components along the basis ("narrow"). Arrays of
 * `stride` bytes, in rings: state i lies in ring place (rows - i) mod states, so that the last one lies in place 0. */
typedef struct itp_history {
    size_t width, stride;
    int32_t states, outputs;       /* 0: there is no such history */
    unsigned char *first, *others; /* place 0 of the states, NULL: the caller's x; places 1 .. and then the outputs */
    double *mean;                  /* [width], or NULL */
} itp_history;

typedef struct itp_band_run {
    const itp_covariance_plan *plan;
    itp_basis_kernel kernel;
    itp_history wide, narrow;
    void *basis;               /* of the batch's type */
    unsigned char *correction; /* narrow: what the rest's coefficients do not do */
    double *coef, *constant;   /* of the row that runs: [states + outputs][width], [width] */
    const void **columns;
} itp_band_run;

unsigned char *itp_history_state(const itp_sampler *sampler, const itp_history *of, int32_t i);
unsigned char *itp_history_output(const itp_history *of, int32_t i);

/* advance.c: from row i's state and output to the next state; the components of a wide array. ITP_OK, or as
 * itp_sampler_share. */
int itp_covariance_advance(itp_sampler *sampler, int32_t row);
int itp_covariance_project(itp_sampler *sampler, void *x, void *c);

#endif
