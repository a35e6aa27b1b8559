/* Derivatives of the end points' features by every number of a table, by differences: for each number the run is
 * repeated from where that number is first used, with the number moved. */
#ifndef ITP_FIT_DERIVATIVES_H
#define ITP_FIT_DERIVATIVES_H

#include "fit/normal.h"

typedef struct itp_fit_derivatives {
    itp_walk *walk;
    itp_fit_normal *normal; /* gets the sums */
    const itp_fit_table *table;
    unsigned char *columns; /* [parameters + 1][batch][features]: the derivatives and, last, the residual */
    unsigned char *end;     /* [batch][features] of the table's own run */
    unsigned char *moved_end;
    size_t stride;
    itp_fit_span span;
    int32_t run;     /* which run is under way */
    size_t moved;    /* the number that has been moved in it, */
    int32_t row, c;  /* the row that the number belongs to, its column there */
    double distance; /* and how far it has been moved */
} itp_fit_derivatives;

/* Takes the arrays. `normal` has been placed. */
void itp_fit_derivatives_place(itp_fit_derivatives *derivatives, itp_walk *walk, itp_fit_normal *normal,
                               itp_block *block);

/* Fills the normal equations at a table, from all samples in use. */
void itp_fit_derivatives_begin(itp_fit_derivatives *derivatives, const itp_fit_table *table);
int itp_fit_derivatives_advance(itp_fit_derivatives *derivatives);

#endif
