/* Runs of a plan over many samples, a batch at a time. */
#ifndef ITP_FIT_FINE_H
#define ITP_FIT_FINE_H

#include "fit/fitting.h"

typedef struct itp_fine_run {
    itp_fitting *fit;
    const itp_plan *plan;
    itp_fit_span span;
    itp_sampler *sampler; /* of all batches */
    int open;             /* 1: the sampler has begun with the batch at work */
    unsigned char *x;     /* where its samples go */
} itp_fine_run;

/* A plan of the reference's solver through nodes[count] from the plan's first position to its last. Where the fit holds
 * the data prediction in the last step, that step does so. */
int itp_fine_plan(const itp_fitting *fit, const double *nodes, int32_t count, itp_plan **out);

/* x: room for all samples of the span. */
void itp_fine_begin(itp_fine_run *run, const itp_plan *plan, itp_fit_span span, void *x);
int itp_fine_advance(itp_fine_run *run);
/* Submits the request that is open, which is one of a run's, to its sampler. */
int itp_fine_submit(itp_fitting *fit);
/* Ends the run, also one that is under way. */
void itp_fine_end(itp_fine_run *run);

#endif
