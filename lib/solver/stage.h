/* Where solvers meet the network: states of the sampling schedule as forms, the drift and the data prediction at them.
 *
 * With z the linear schedule's coordinates (z = w Z + u X), C = alpha~ + beta~ of the sampling schedule and m of the
 * model's: the sampling state is x = C z, the network's input y = m z, and v = X - Z the linear velocity. Then
 *     drift of eps = k eps*:  (C' - k W/beta) z + (1 + k)(W/C) v,
 * which is regular at both ends wherever the schedules are. */
#ifndef ITP_SOLVER_STAGE_H
#define ITP_SOLVER_STAGE_H

#include "form/rows.h"
#include "grid/grid.h"
#include "prediction/prediction.h"

enum { ITP_HISTORY = 4 };

typedef struct itp_solving {
    const itp_schedule *sampling;
    const itp_model *model;
    const itp_log *log;
    itp_k_fn k_fn;
    void *k_user;
    double k;
    int32_t strict; /* 1: a singular node is an error */
    int32_t step;   /* number of the step being made; its normal is step + 1 */
    itp_rows rows;
    int status; /* the first error; later calls return zero forms */
    int32_t past_count;
    itp_form past[ITP_HISTORY]; /* drifts of earlier steps, newest first, with their times */
    double past_t[ITP_HISTORY];
} itp_solving;

/* k at a node; the first bad value becomes the status. */
double itp_k_at(itp_solving *solving, const itp_node *at);

/* The start: alpha~ xi_0 at the first node. */
itp_form itp_start(itp_solving *solving, const itp_node *at);

/* 1 where the drift for k has finite coefficients. */
int itp_drift_exists(itp_solving *solving, const itp_node *at, double k);

/* Evaluates the network at x and gives the drift there by t, for k. x becomes a multiple of the new row's state. */
itp_form itp_drift(itp_solving *solving, itp_form *x, const itp_node *at, double k);

/* Evaluates the network at x and goes to `to` along the linear schedule's velocity (Euler's method in u): exact for the
 * frozen prediction, and the data prediction itself at u = 1. */
itp_form itp_along_velocity(itp_solving *solving, itp_form *x, const itp_node *at, const itp_node *to);

/* The state at a node in the network's coordinates; at u = 1 the data themselves. */
itp_form itp_final_state(itp_solving *solving, itp_form x, const itp_node *at);

/* The variance that k eps* adds between two nodes: 2 int k eps* dt. */
double itp_noise_variance(itp_solving *solving, const itp_node *from, const itp_node *to);

#endif
