/* What a diffusion does over a step: K = int k dlambda, the exponent with which a frozen prediction forgets the state,
 * and the variance that it adds. Where k varies, it is tabulated once per step: integrals of K itself ask for no more
 * values of it, and its jumps are found once. */
#ifndef ITP_SOLVER_DECAY_H
#define ITP_SOLVER_DECAY_H

#include "solver/stage.h"

/* K from a to b, b further on. Infinite from u = 0 where k > 0 there, and to u = 1. */
double itp_decay(itp_solving *solving, itp_station *a, itp_station *b);

/* K from a position inside the step from a to b, to b. */
double itp_decay_from(itp_solving *solving, itp_station *a, itp_station *b, const itp_node *at);

/* The position inside a step from which K to its end is `most`; a itself where there is none. */
itp_node itp_decay_begin(itp_solving *solving, itp_station *a, itp_station *b, double most);

/* Calls `visit` with lambda and weights whose sum over values of any smooth g is
 *     int (1 + k) e^(lambda - lambda_b - K(lambda, b)) g dlambda    from a to b. */
typedef void (*itp_visit_fn)(void *user, double lambda, double weight);
void itp_decay_visit(itp_solving *solving, itp_station *a, itp_station *b, itp_visit_fn visit, void *user);

/* The variance that the diffusion adds in the sampling schedule's coordinates: 2 int eps dt. */
double itp_noise_variance(itp_solving *solving, itp_station *from, itp_station *to);

#endif
