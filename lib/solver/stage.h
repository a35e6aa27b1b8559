/* Where solvers meet the network: states of the sampling schedule as forms, the drift and the data prediction at them,
 * in the coordinates of solver/station.h; with m = alpha + beta of the network's schedule its input is y = m z. */
#ifndef ITP_SOLVER_STAGE_H
#define ITP_SOLVER_STAGE_H

#include "solver/solving.h"

/* The start: alpha~ xi_0 at the first node. */
itp_form itp_start_form(itp_solving *solving, itp_station *at);

/* 1 where the drift for k has finite coefficients. */
int itp_drift_exists(itp_solving *solving, itp_station *at, itp_k_at k);

/* Evaluates the network at x and gives the drift there by t, for k. x becomes a multiple of the new row's state. */
itp_form itp_drift(itp_solving *solving, itp_form *x, itp_station *at, itp_k_at k);

/* Evaluates the network at x and gives its prediction of the data, the noise or the linear schedule's velocity
 * (ITP_PREDICT_DATA, _NOISE, _VELOCITY). x becomes a multiple of the new row's state; *z is the same state in the
 * linear schedule's coordinates, and may be x itself. */
itp_form itp_predict(itp_solving *solving, itp_form *x, itp_station *at, int32_t what, itp_form *z);

/* Takes a state from the linear schedule's coordinates to those of the sampling schedule. */
void itp_from_linear(itp_solving *solving, itp_form *z, itp_station *at);

/* And back, where the sampling schedule's alpha and beta are not both 0. */
void itp_to_linear(itp_solving *solving, itp_form *x, itp_station *at);

/* A form that a multistep method will want again, newest first. The station is kept by its address: it is one of those
 * that the steps of the plan lie between. */
void itp_remember(itp_solving *solving, const itp_form *form, itp_station *at);

/* As itp_predict, and remembers the prediction; x becomes what z is there. */
void itp_predict_and_remember(itp_solving *solving, itp_form *x, itp_station *at, int32_t what);

/* As itp_drift, and remembers the drift. */
void itp_drift_and_remember(itp_solving *solving, itp_form *x, itp_station *at, itp_k_at k);

/* Evaluates the network at x and takes it to `to` along the linear schedule's velocity (Euler's method in u): exact for
 * the frozen prediction, and the data prediction itself at u = 1. */
void itp_along_velocity(itp_solving *solving, itp_form *x, itp_station *at, itp_station *to);

/* The state at `to` by the same, in the linear schedule's coordinates, from the last row, evaluated at `at`. */
itp_form itp_along_last_row(itp_solving *solving, itp_station *at, itp_station *to);

/* Takes the state at a node to the network's coordinates; at u = 1 the data themselves. */
void itp_finish_state(itp_solving *solving, itp_form *x, itp_station *at);

#endif
