/* The converged end points. */
#ifndef ITP_FIT_REFERENCE_H
#define ITP_FIT_REFERENCE_H

#include "fit/fine.h"

typedef struct itp_reference {
    itp_fitting *fit;
    size_t probes;
    unsigned char *end, *before; /* [count][dim], [probes][dim] */
    double *nodes;
    size_t node_count;
    itp_plan *plan; /* the finest so far */
    int32_t rows;
    double error; /* relative difference of the probes to those of the plan before */
    int stays;    /* 1: it has hardly fallen with the last refinement */
    itp_fine_run run;
    const itp_fit_phase *next;
} itp_reference;

/* Free it in any case; it is of no use after itp_reference_advance is through. */
int itp_reference_new(itp_fitting *fit, itp_reference *out);
void itp_reference_free(itp_reference *reference);

/* Fills fit->target, the caller's ends_out and the report's reference fields. */
int itp_reference_advance(itp_reference *reference);

#endif
