/* What all parts of a fit share: the description, resolved, and one batch of samples at work. */
#ifndef ITP_FIT_FITTING_H
#define ITP_FIT_FITTING_H

#include <interp/fit.h>

#include "base/float_env.h"
#include "base/log.h"
#include "fit/table.h"
#include "kernels/kernels.h"

/* Positions that are no further apart are the same. */
#define ITP_FIT_SAME 1e-9

typedef struct itp_fitting {
    itp_fit_desc desc;
    itp_log log;
    itp_memory memory;
    itp_float_env *env; /* network, feature and progress get the host's back */
    itp_network model;
    itp_network_fn network;
    void *user;
    itp_combine_fn combine;
    const itp_plan *plan;
    size_t element, features;        /* bytes of an element; features per sample, dim without a feature map */
    size_t batch, fitted;            /* samples at a time; samples that are fitted on: the first ones */
    size_t use_fitted, use_held_out; /* of those fitted on and of those held out, the first so many are at work */
    int32_t rows;
    double u_last; /* where the last row may stand: the plan's end, or where the network's schedule ends before it, as
                      tables do; from there one step leads to the end */
    int enough;    /* the caller wants no steps */
    unsigned char *target; /* features of the converged end points, [count][features] */
    itp_fit_report report;
} itp_fitting;

/* Evaluates as the request says, guided, and counts. `evaluate` as an itp_network_fn is the same for samplers: user is
 * the fitting. */
int itp_fitting_evaluate(itp_fitting *fit, const itp_request *request);
int ITP_CALL itp_fitting_count(void *fitting, const itp_request *request);

/* features := the map of x, or a copy of it. */
int itp_fitting_map(itp_fitting *fit, const void *x, size_t first, size_t count, void *features);

/* The square of desc.gain, as resolved: what an error's square is multiplied by, less 1, per unit of the gain. */
double itp_fitting_gain(const itp_fitting *fit);

/* Calls the caller's progress: 0, 1 when it has had enough, or a status. */
int itp_fitting_tell(itp_fitting *fit);

/* Fills fit->target, the caller's ends_out and the report's reference fields. */
int itp_fitting_reference(itp_fitting *fit);
/* A plan of the reference's solver through nodes[count] from the plan's first position to its last. */
int itp_fitting_fine_plan(const itp_fitting *fit, const double *nodes, int32_t count, itp_plan **out);
/* The plan's ends of these samples, all at once. */
int itp_fitting_sample(itp_fitting *fit, const itp_plan *plan, size_t first, size_t count, itp_network_fn network,
                       void *user, void *x);

/* Use the first 64 samples fitted on and 32 of those held out, as far as there are so many; and all of them again. */
void itp_fitting_narrow(itp_fitting *fit);
void itp_fitting_widen(itp_fitting *fit);

/* One batch: states Y_0 .. Y_rows and outputs of the table's own run, and a second set for runs that differ from some
 * row on. y and f are the ones that the next row reads. */
typedef struct itp_walk {
    itp_fitting *fit;
    unsigned char *block;
    size_t bytes, stride;
    size_t first, count; /* the samples at work */
    const itp_fit_table *table;
    unsigned char **y, **f;
} itp_walk;

int itp_walk_new(itp_fitting *fit, itp_walk *out);
void itp_walk_free(itp_walk *walk);
/* Draws Y_0 of these samples and runs all rows. */
int itp_walk_run(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count);
/* From now on states from Y_`state` on and outputs from F_`output` on go to the second set; those before are the run's
 * own. */
void itp_walk_branch(itp_walk *walk, int32_t state, int32_t output);
/* Y_to := the row's combination. */
void itp_walk_combine(itp_walk *walk, int32_t row);
/* F_row at the position u. */
int itp_walk_evaluate(itp_walk *walk, int32_t row, double u);
/* Rows row .. rows-1. */
int itp_walk_finish(itp_walk *walk, int32_t row);
/* As itp_walk_run, but only as far as the columns of this row. */
int itp_walk_columns(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count, int32_t row);
/* next := a x + b y over the batch's `each` elements per sample. */
void itp_walk_add(const itp_walk *walk, size_t each, double a, const void *x, double b, const void *y, void *next);

/* Root mean squares of the plan in the table, on the samples fitted on and on the others, as far as they are in use. A
 * run that is not finite has an infinite error. */
typedef struct itp_fit_errors {
    double fitted, held_out;
} itp_fit_errors;
int itp_fitting_errors(itp_walk *walk, const itp_fit_table *table, void *features, itp_fit_errors *out);

#endif
