/* Exponential integrators: one step from a to b in the linear schedule's coordinates, the linear part exact. */
#ifndef ITP_SOLVER_EXPONENTIAL_H
#define ITP_SOLVER_EXPONENTIAL_H

#include "solver/solver.h"

/* What a method holds constant or extrapolates, and in which variable. */
typedef struct itp_exponential {
    int32_t predicts; /* ITP_PREDICT_DATA, ITP_PREDICT_NOISE, or ITP_PREDICT_VELOCITY: of the linear schedule */
    int32_t sigma;    /* 1: in -log sigma, sigma = alpha of the linear schedule; 0: in lambda = log(beta/alpha) */
    int32_t heun;     /* DPM-Solver's ways to weigh the first difference: midpoint 0, Heun 1, and 2: in blocks, midpoint
                         where the block ends and Heun before */
    int32_t bh;       /* UniPC: B(h) = h (1) or e^h - 1 (2); 0: the varying coefficients */
} itp_exponential;

/* Exponential Runge-Kutta methods: the stages at c2 and c3 of the step (c3 1 where there are two stages). */
typedef struct itp_etd {
    itp_exponential method;
    double c2, c3, gamma;
} itp_etd;

/* A step with the prediction P frozen: z_b = carry z_a + first P. */
typedef struct itp_expo_frozen {
    double carry, first;
} itp_expo_frozen;
itp_expo_frozen itp_expo_frozen_between(const itp_exponential *method, const itp_station *a, const itp_station *b);

/* Its length in the method's variable. */
double itp_expo_length(const itp_exponential *method, itp_station *a, itp_station *b);

itp_expo_step itp_expo_between(const itp_exponential *method, itp_station *a, itp_station *b);

double itp_expo_clock(const itp_exponential *method, itp_station *at);

/* The position half way from a to b in the method's variable. */
itp_node itp_expo_middle(const itp_exponential *method, itp_station *a, itp_station *b);

/* With which weight the second of two predictions, made there, replaces the first: 1, or with Heun's weights what makes
 * a prediction exact that is linear in the variable. */
double itp_expo_second_weight(const itp_exponential *method, const itp_expo_step *step);

/* Of the part of a step that is of a higher order than the first, how much is made: 1, or less where the step is so
 * long that predictions at its two ends have nothing to do with each other, and 0 where it has no finite length. A step
 * of share 0 is the frozen prediction's, so the plan of a node that tends to an end of the path tends to the end's. */
double itp_expo_share(const itp_exponential *method, itp_station *a, itp_station *b);

/* The smaller of these two: by how far the nodes lie apart, by how much the step multiplies the state. */
double itp_expo_length_share(const itp_exponential *method, itp_station *a, itp_station *b);
double itp_expo_growth_share(const itp_exponential *method, itp_station *a, itp_station *b);

/* z becomes carry z + first P in linear coordinates, from the last row, which was evaluated at a. */
void itp_expo_freeze(itp_solving *solving, const itp_expo_step *step, itp_form *z, const itp_form *prediction,
                     itp_station *a, itp_station *b);

/* The same of what follows from a difference of predictions taken over the length `over`, used over the length h. */
double itp_expo_share_beyond(const itp_exponential *method, double h, double over);

/* The order of a step from the newest remembered node to b, at least 1: past predictions are used where they are
 * remembered, at distances that say something, and fewer at the end as final_order says. Not always whole:
 * 2.4 is .6 of the step of order 2 and .4 of that of order 3, so that a step changes smoothly with its nodes. */
double itp_expo_order(itp_solving *solving, const itp_exponential *method, int32_t most, itp_station *b);

/* The parts of such a step: 1 or, where the order is not whole, 2. */
typedef struct itp_expo_part {
    int32_t order;
    double weight;
} itp_expo_part;
int32_t itp_expo_parts(double order, itp_expo_part *part);

#endif
