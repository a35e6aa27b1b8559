/* Running a table over a batch of samples, wholly or from some row on. */
#ifndef ITP_FIT_WALK_H
#define ITP_FIT_WALK_H

#include "fit/fitting.h"

/* One batch: states Y_0 .. Y_rows and outputs of the table's own run, and a second set for runs that differ from some
 * row on. y and f are the ones that the next row reads. */
typedef struct itp_walk {
    itp_fitting *fit;
    unsigned char *block;
    size_t bytes, stride;
    size_t first, count; /* the samples at work */
    const itp_fit_table *table;
    unsigned char **y, **f;
    int32_t row, end, combined; /* rows row .. end - 1 are to be evaluated, and those before `combined` run */
    double shift;               /* of the position of the next of them */
    int asked;                  /* for that one */
} itp_walk;

int itp_walk_new(itp_fitting *fit, itp_walk *out);
void itp_walk_free(itp_walk *walk);

/* Each of these says what itp_walk_advance is to do: draw Y_0 of these samples and run all rows; draw and run only as
 * far as the columns of this row need; run rows row .. rows - 1 of the batch at work; run one row alone, evaluated at
 * its position + shift. */
void itp_walk_begin(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count);
void itp_walk_columns(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count, int32_t row);
void itp_walk_from(itp_walk *walk, int32_t row);
void itp_walk_alone(itp_walk *walk, int32_t row, double shift);
int itp_walk_advance(itp_walk *walk);

/* From now on states from Y_`state` on and outputs from F_`output` on go to the second set; those before are the run's
 * own. */
void itp_walk_branch(itp_walk *walk, int32_t state, int32_t output);
/* next := a x + b y over the batch's `each` elements per sample. */
void itp_walk_add(const itp_walk *walk, size_t each, double a, const void *x, double b, const void *y, void *next);

/* Root mean squares of the plan in a table, on the samples fitted on and on the others, as far as they are in use. A
 * run that is not finite has an infinite error. */
typedef struct itp_fit_errors {
    double fitted, held_out, test;
} itp_fit_errors;

typedef struct itp_fit_trial {
    itp_walk *walk;
    const itp_fit_table *table;
    void *features; /* room for a batch of them */
    itp_fit_span span;
    double total;
    itp_fit_part part;
    itp_fit_errors errors;
} itp_fit_trial;
void itp_fit_trial_begin(itp_fit_trial *trial, const itp_fit_table *table);
/* On the samples that choose nothing, alone. */
void itp_fit_trial_begin_test(itp_fit_trial *trial, const itp_fit_table *table);
int itp_fit_trial_advance(itp_fit_trial *trial);

#endif
