/* The tables that a fit may start from: the plans given, and each with its rows made greedily. */
#ifndef ITP_FIT_STARTS_H
#define ITP_FIT_STARTS_H

#include "fit/newton.h"

typedef struct itp_fit_starts {
    itp_memory memory;
    itp_fit_start *list; /* [count] of them are there, the plan that came in first */
    size_t count, room;
} itp_fit_starts;

/* Free them in any case. */
int itp_fit_starts_new(itp_walk *walk, itp_fit_starts *out);
void itp_fit_starts_free(itp_fit_starts *starts);

/* Races the starts against each other and improves the winner. Fills the report. */
int itp_fit_starts_race(itp_walk *walk, itp_fit_starts *starts, itp_newton *newton);

#endif
