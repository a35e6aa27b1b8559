/* The tables that a fit may start from: the plans given, and each with its rows made greedily. */
#ifndef ITP_FIT_STARTS_H
#define ITP_FIT_STARTS_H

#include "fit/greedy.h"
#include "fit/newton.h"

typedef struct itp_fit_starts {
    itp_walk *walk;
    itp_fit_start *list; /* [count] of them take part, the plan that came in first; [made] have their memory */
    size_t count, made, room, at;
    int begun;    /* the one at work has */
    double *gram; /* where rows take fewer outputs: the Gram matrix of all of them, and rooms */
    const void **columns;
    size_t gram_count, project_at;
    itp_greedy greedy;
} itp_fit_starts;

/* Free them in any case. */
int itp_fit_starts_new(itp_walk *walk, itp_fit_starts *out);
void itp_fit_starts_free(itp_fit_starts *starts);

/* Makes what the network is needed for; those that come to nothing are out. Only the first, where the caller has had
 * enough. */
int itp_fit_starts_go(itp_fit_starts *starts);
void itp_fit_starts_only_first(itp_fit_starts *starts);

#endif
