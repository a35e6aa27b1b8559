/* A plan being made, as its solver sees it: what is sampled and how, the step at hand, and what earlier steps left. */
#ifndef ITP_SOLVER_SOLVING_H
#define ITP_SOLVER_SOLVING_H

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

typedef struct itp_method itp_method; /* solver.h */

typedef struct itp_solving {
    const itp_method *solver;
    const itp_schedule *sampling;
    const itp_network *model;
    const itp_report *log;
    const itp_plan_desc *plan;      /* its budget, 0 where the nodes are the caller's, its noise and its ends */
    const itp_solver *options;      /* the numbers that single methods read */
    const itp_diffusion *diffusion; /* its schedule the network's where it names none */
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
    itp_station *past_at[ITP_HISTORY];
    int32_t steps;         /* of the whole plan */
    const itp_form *begin; /* the state that the step being made begins with */
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

/* The first failure becomes the status, with the sentence "what at u = ...". Returns the status. */
int itp_solving_fail(itp_solving *solving, int status, const char *what, const itp_station *at);

/* The point of the sampling schedule there; NULL: its callback failed. */
const itp_at *itp_sampling_at(itp_solving *solving, itp_station *at);

/* The diffusion at a station, or at one of the many positions that integrals ask about once; the first bad value
 * becomes the status. */
itp_k_at itp_k_of(itp_solving *solving, itp_station *at);
itp_k_at itp_k_passing(itp_solving *solving, const itp_node *at);
extern const itp_k_at itp_no_noise;

/* 1 where a node is the data end as networks know it, whose time is a float32 number, and nothing is to be evaluated
 * there. */
int itp_ends_before(const itp_solving *solving, const itp_station *at);

/* Of the schedules of the sampling and of the network: the larger lambda of their noise ends, below which one of them
 * knows nothing, and the data end that comes first, without its time. */
double itp_first_lambda(const itp_solving *solving);
itp_node itp_last_node(const itp_solving *solving);

/* 1 where the schedule sampled under is that of flow networks. */
int itp_is_flow(const itp_solving *solving);

/* The station at the share c of a step: a at 0, b at 1, and else *between. NULL: the schedule fails there. */
itp_station *itp_station_within(const itp_solving *solving, double c, itp_station *a, itp_station *b,
                                itp_station *between);

/* The station at a position, and at the one with the given log(beta/alpha); t is that of the sampling schedule. */
int itp_station_at(itp_solving *solving, double u, double w, itp_station *out);
int itp_station_at_lambda(itp_solving *solving, double lambda, itp_station *out);

#endif
