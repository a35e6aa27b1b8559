/* The normal equations of a least-squares step: mean products, over all samples, of the derivatives by a table's
 * numbers, and of the states and outputs by whose movement a step is measured. */
#ifndef ITP_FIT_NORMAL_H
#define ITP_FIT_NORMAL_H

#include "fit/walk.h"

typedef struct itp_fit_normal {
    size_t parameters, columns;
    double *gram;          /* [parameters + 1][parameters + 1], of the derivatives and, last, the residual */
    double *metric;        /* [columns][columns], of Y_0 .. Y_{rows-1}, F_0 .. F_{rows-1} */
    double *node_movement; /* [rows]: the square of dY_{i+1}/du_i */
    double end_square;     /* the square of Y_rows */
    double *room;
    const void **list;
} itp_fit_normal;

/* Takes the arrays for tables of this form. */
void itp_fit_normal_place(itp_fit_normal *normal, const itp_fit_table *form, itp_block *block);

void itp_fit_normal_clear(itp_fit_normal *normal);
/* Adds the batch whose run has ended: its states and outputs; its derivatives, columns[parameters + 1] `stride` bytes
 * apart. */
void itp_fit_normal_add_states(itp_fit_normal *normal, const itp_walk *walk);
void itp_fit_normal_add_derivatives(itp_fit_normal *normal, const itp_walk *walk, const unsigned char *columns,
                                    size_t stride);
/* Sums become means, when all samples in use have been added. */
void itp_fit_normal_finish(itp_fit_normal *normal, const itp_fitting *fit);

/* Only the metric and the end's square, of one batch: enough to weigh coefficients. */
void itp_fit_normal_measure(itp_fit_normal *normal, const itp_walk *walk);

/* The place of a row's column in the metric. */
size_t itp_fit_normal_index(const itp_fit_table *table, int32_t row, int32_t c);

#endif
