/* Where solvers meet the network: states of the sampling schedule as forms, the drift and the data prediction at them,
 * in the coordinates of solver/station.h; with m = alpha + beta of the network's schedule its input is y = m z. */
#ifndef ITP_SOLVER_STAGE_H
#define ITP_SOLVER_STAGE_H

#include "base/log.h"
#include <interp/plan.h>

#include "base/panels.h"
#include "form/rows.h"
#include "solver/station.h"

enum { ITP_HISTORY = 4 };

typedef struct itp_interval {
    double from, to;
} itp_interval;

/* A step as exponential methods see it: z_b = carry z_a + first P_0 + scale (corrections), h its length in the
 * variable. */
typedef struct itp_expo_step {
    double carry, first, scale, h;
} itp_expo_step;

typedef struct itp_solving {
    const itp_schedule *sampling;
    const itp_network *model;
    const itp_report *log;
    const itp_plan_desc *plan;      /* its budget, 0 where the nodes are the caller's, its noise and its ends */
    const itp_solver *options;      /* the numbers that single methods read */
    const itp_diffusion *diffusion; /* its schedule the network's where it names none */
    itp_station *stations;          /* of the plan's own nodes, by their numbers, from 1 on */
    itp_station elsewhere[2];       /* of the nodes last asked about that have no number */
    int32_t oldest;                 /* of these */
    double s_noise;                 /* 1 for methods that have no such number */
    double k_left_out;              /* the share of k that this step is made without */
    int32_t strict;                 /* 1: a singular node is an error */
    int32_t step;                   /* number of the step being made */
    int32_t fresh;                  /* 1: it has not evaluated the network yet */
    int32_t stages;                 /* evaluations that it makes */
    int32_t made;                   /* steps before it that the solver made, not the frozen prediction alone */
    itp_rows rows;
    itp_interval *intervals; /* of the path's clock: what the columns ITP_IS_WIENER of forms are made from */
    int32_t interval_count, interval_capacity;
    int status; /* the first error; later calls return zero forms */
    int32_t past_count;
    itp_form past[ITP_HISTORY]; /* drifts or predictions of earlier steps, newest first, and where they were made */
    itp_node past_at[ITP_HISTORY];
    double past_clock[ITP_HISTORY]; /* there, of whoever wants it; NaN: not asked for yet */
    int32_t steps;                  /* of the whole plan */
    const itp_form *begin;          /* the state that the step being made begins with */
    itp_form before;     /* predictor-corrector methods: the state (linear coordinates) that the last step left from */
    double before_order; /* and the order of that step; 0: there was none */
    itp_expo_step before_step;
    double before_clock; /* ancestral ones: at the node that the last step went down to */
    itp_panels panels;   /* decay.h: of a varying k over one step, from here to there */
    itp_node panels_from, panels_to;
    double panels_share; /* k_left_out then */
    int32_t panels_by, tabulated;
    int32_t calls; /* of the diffusion that the steps so far have left over */
} itp_solving;

/* The station of a node. One of a node without a number is good until the second call for another such node. */
itp_station *itp_station_of(itp_solving *solving, const itp_node *at);

/* The point of the sampling schedule there; NULL: its callback failed. */
const itp_at *itp_sampling_at(itp_solving *solving, const itp_node *at);

/* The diffusion at a node; the first bad value becomes the status. */
itp_k_at itp_k_of(itp_solving *solving, const itp_node *at);
extern const itp_k_at itp_no_noise;

/* The start: alpha~ xi_0 at the first node. */
itp_form itp_start_form(itp_solving *solving, const itp_node *at);

/* 1 where the drift for k has finite coefficients. */
int itp_drift_exists(itp_solving *solving, const itp_node *at, itp_k_at k);

/* Evaluates the network at x and gives the drift there by t, for k. x becomes a multiple of the new row's state. */
itp_form itp_drift(itp_solving *solving, itp_form *x, const itp_node *at, itp_k_at k);

/* Evaluates the network at x and gives its prediction of the data, the noise or the linear schedule's velocity
 * (ITP_PREDICT_DATA, _NOISE, _VELOCITY). x becomes a multiple of the new row's state; *z is the same state in the
 * linear schedule's coordinates, and may be x itself. */
itp_form itp_predict(itp_solving *solving, itp_form *x, const itp_node *at, int32_t what, itp_form *z);

/* 1 where a node is the data end as networks know it, whose time is a float32 number, and nothing is to be evaluated
 * there. */
int itp_ends_before(const itp_solving *solving, const itp_node *at);

/* Takes a state from the linear schedule's coordinates to those of the sampling schedule. */
void itp_from_linear(itp_solving *solving, itp_form *z, const itp_node *at);

/* And back, where the sampling schedule's alpha and beta are not both 0. */
void itp_to_linear(itp_solving *solving, itp_form *x, const itp_node *at);

/* A form that a multistep method will want again, newest first. */
void itp_remember(itp_solving *solving, const itp_form *form, const itp_node *at);

/* As itp_predict, and remembers the prediction; x becomes what z is there. */
void itp_predict_and_remember(itp_solving *solving, itp_form *x, const itp_node *at, int32_t what);

/* As itp_drift, and remembers the drift. */
void itp_drift_and_remember(itp_solving *solving, itp_form *x, const itp_node *at, itp_k_at k);

/* The node at the share c of a step's time, which is a at 0 and b at 1. */
int itp_node_within(const itp_solving *solving, double c, const itp_node *a, const itp_node *b, itp_node *out);

/* The node at a position, and at the one with the given log(beta/alpha); t is that of the sampling schedule. */
int itp_node_of(itp_solving *solving, double u, double w, itp_node *out);
int itp_node_of_lambda(itp_solving *solving, double lambda, itp_node *out);

/* Evaluates the network at x and takes it to `to` along the linear schedule's velocity (Euler's method in u): exact for
 * the frozen prediction, and the data prediction itself at u = 1. */
void itp_along_velocity(itp_solving *solving, itp_form *x, const itp_node *at, const itp_node *to);

/* The state at `to` by the same, in the linear schedule's coordinates, from the last row, evaluated at `at`. */
itp_form itp_along_last_row(itp_solving *solving, const itp_node *at, const itp_node *to);

/* Takes the state at a node to the network's coordinates; at u = 1 the data themselves. */
void itp_finish_state(itp_solving *solving, itp_form *x, const itp_node *at);

#endif
