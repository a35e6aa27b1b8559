/* A damped Gauss-Newton step from a table. The damping is measured by how far a step moves the states: the network
 * bends with these, not with coefficients, of which many combinations (outputs are nearly collinear) move hardly
 * anything. */
#ifndef ITP_FIT_STEP_H
#define ITP_FIT_STEP_H

#include "fit/gain.h"
#include "fit/start.h"

typedef struct itp_fit_step {
    const itp_fitting *fit;
    const itp_fit_normal *normal;
    double *system; /* [parameters][parameters] */
    double *change; /* [parameters]: the right side, then the solution */
    double *limit;  /* [nodes]: what the change of a node at its limit is; NAN: the node is free */
} itp_fit_step;

/* Takes the arrays. `normal` has been placed. */
void itp_fit_step_place(itp_fit_step *step, const itp_fitting *fit, const itp_fit_normal *normal, itp_block *block);

/* `trial` becomes the start's table, whose error on the samples fitted on is `error`, after a step with this damping.
 * -1: the equations have no solution. */
int itp_fit_step_make(itp_fit_step *step, const itp_fit_start *start, double error, double damping,
                      itp_fit_table *trial);

#endif
