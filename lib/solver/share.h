/* How much of a step is made with a higher order than the first, and of which order it is. */
#ifndef ITP_SOLVER_SHARE_H
#define ITP_SOLVER_SHARE_H

#include "solver/exponential.h"

/* Of the part of a step that is of a higher order than the first, how much is made: 1, or less where the step is so
 * long that predictions at its two ends have nothing to do with each other, and 0 where it has no finite length. A step
 * of share 0 is the frozen prediction's, so the plan of a node that tends to an end of the path tends to the end's. */
double itp_expo_share(const itp_exponential *method, itp_station *a, itp_station *b);

/* The smaller of these two: by how far the nodes lie apart, by how much the step multiplies the state. */
double itp_expo_length_share(const itp_exponential *method, itp_station *a, itp_station *b);
double itp_expo_growth_share(const itp_exponential *method, itp_station *a, itp_station *b);

/* The same of what follows from a difference of predictions taken over the length `over`, used over the length h. */
double itp_expo_share_beyond(const itp_exponential *method, double h, double over);

/* The order of a step from the newest remembered node to b, at least 1: past predictions are used where they are
 * remembered, at distances that say something, and fewer at the end as final_order says. Not always whole:
 * 2.4 is .6 of the step of order 2 and .4 of that of order 3, so that a step changes smoothly with its nodes. */
double itp_expo_order(itp_solving *solving, const itp_exponential *method, int32_t most, itp_station *b);

/* Adds to z `weight` times what a step of a whole order adds; `step` is whatever it is made from. */
typedef void itp_add_order(const void *step, int32_t order, double weight, itp_form *z);

/* The same of an order that is not whole, by what *add adds for the two next to it. */
void itp_expo_add(double order, itp_add_order *add, const void *step, itp_form *z);

/* z becomes carry z + first P in linear coordinates, from the last row, which was evaluated at a. */
void itp_expo_freeze(itp_solving *solving, const itp_expo_step *step, itp_form *z, const itp_form *prediction,
                     itp_station *a, itp_station *b);

#endif
