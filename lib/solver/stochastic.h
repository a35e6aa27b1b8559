/* Solvers with noise of their own (eta, churn) instead of the diffusion k. They work on the noise level of the path
 * itself, sigma = w/u = alpha/beta (what VE models call sigma), so that they mean the same for every network. */
#ifndef ITP_SOLVER_STOCHASTIC_H
#define ITP_SOLVER_STOCHASTIC_H

#include "solver/exponential.h"
#include "solver/wiener.h"

/* What a draw of noise belongs to: the path between two nodes, or (`b` NULL) nothing but the step. */
typedef struct itp_draw {
    const itp_node *a, *b;
    int32_t number; /* ITP_FIRST_DRAW, ITP_SECOND_DRAW */
} itp_draw;

/* z + s_noise deviation xi. */
itp_form itp_add_noise(itp_solving *solving, itp_form z, double deviation, itp_draw draw);

/* q = sigma_b/sigma_a, and 1 - q from the difference of the positions, which does not cancel. */
typedef struct itp_levels {
    double q, drop;
} itp_levels;
itp_levels itp_levels_between(const itp_node *a, const itp_node *b);

#endif
