/* A covariance sampler, and what its two files need of each other. */
#ifndef ITP_COVARIANCE_BAND_SAMPLER_H
#define ITP_COVARIANCE_BAND_SAMPLER_H

#include "covariance/band_plan.h"
#include "covariance/basis.h"
#include "sampler/sampler.h"

/* The last states and outputs, as whole elements ("wide") or as components along the basis ("narrow"). Arrays of
 * `stride` bytes, in rings: state i lies in ring place (rows - i) mod states, so that the last one lies in place 0. */
typedef struct itp_history {
    size_t width, stride;
    int32_t states, outputs;       /* 0: there is no such history */
    unsigned char *first, *others; /* place 0 of the states; places 1 .. and then the outputs */
    double *mean;                  /* [width], or NULL */
} itp_history;

struct itp_covariance_sampler {
    const itp_covariance_plan *plan;
    itp_memory memory;
    itp_report log;
    itp_batch batch;
    itp_combine_fn combine;
    itp_basis_kernel kernel;
    size_t bytes;
    itp_history wide, narrow;
    void *basis;               /* of the batch's type */
    unsigned char *correction; /* narrow: what the rest's coefficients do not do */
    unsigned char *x, *out2;
    double *coef, *constant; /* of the row that runs: [states + outputs][width], [width] */
    const void **columns;
    uint64_t *seeds;
    int32_t row, state;
};

unsigned char *itp_history_state(const itp_covariance_sampler *sampler, const itp_history *of, int32_t i);
unsigned char *itp_history_output(const itp_history *of, int32_t i);

/* advance.c: from row i's state and output to the next state. */
void itp_covariance_advance(itp_covariance_sampler *sampler, int32_t row);

/* The components of a wide array. */
void itp_covariance_project(const itp_covariance_sampler *sampler, void *x, void *c);

#endif
