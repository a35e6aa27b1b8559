/* The verdict on the best table: its error on seeds that have chosen nothing, beside that of the plan that came in. */
#ifndef ITP_FIT_VERDICT_H
#define ITP_FIT_VERDICT_H

#include "fit/newton.h"

typedef struct itp_fit_verdict {
    itp_walk *walk;
    itp_newton *newton;
    const itp_fit_start *first; /* the plan that came in */
    itp_fit_table table;        /* its numbers, before any step */
    unsigned char *features;    /* room for a batch of them */
    itp_fit_trial trial;
    int begun, second; /* 1: a trial is under way; it is that of the best table */
} itp_fit_verdict;

/* Takes the memory. Free it in any case. */
int itp_fit_verdict_new(itp_walk *walk, itp_newton *newton, const itp_fit_start *first, itp_fit_verdict *out);
void itp_fit_verdict_free(itp_fit_verdict *verdict);

/* Keeps the numbers of the plan that came in, before there are steps. */
void itp_fit_verdict_begin(itp_fit_verdict *verdict);

/* Runs both tables on the seeds that have chosen nothing, and fills the report. A best table that is worse there than
 * the plan that came in is given up for it. */
int itp_fit_verdict_advance(itp_fit_verdict *verdict);

#endif
