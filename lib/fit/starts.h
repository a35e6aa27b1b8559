/* The tables that a fit may start from: the plans given, and each with its rows made greedily. */
#ifndef ITP_FIT_STARTS_H
#define ITP_FIT_STARTS_H

#include "fit/greedy.h"
#include "fit/newton.h"

typedef struct itp_fit_starts {
    itp_walk *walk;
    itp_fit_start *list; /* [count] of them take part, the plan that came in first; [made] have their memory */
    size_t count, made, room, at;
    int begun;             /* 1: work on the start number `at` has begun */
    unsigned char *memory; /* where rows take fewer outputs than there are: of the four arrays that follow */
    size_t bytes;
    double *gram; /* [rows + 1][rows + 1], of Y_0 and all outputs */
    double *gram_room, *project_room;
    const void **columns; /* [rows + 1] */
    itp_greedy greedy;
} itp_fit_starts;

/* Must be freed also after an error. */
int itp_fit_starts_new(itp_walk *walk, itp_fit_starts *out);
void itp_fit_starts_free(itp_fit_starts *starts);

/* Makes the tables that need evaluations of the network; starts whose tables cannot be made leave the race. After
 * itp_fit_starts_only_first, which is for callers who stop the fit, only the first start takes part. */
int itp_fit_starts_advance(itp_fit_starts *starts);
void itp_fit_starts_only_first(itp_fit_starts *starts);

#endif
