/* Solvers with noise of their own (eta, churn) instead of the diffusion k. They work on the noise level of the path
 * itself, sigma = w/u = alpha/beta (what VE models call sigma), so that they mean the same for every network.
 *
 * Normals: the first draw of step i is xi_{i+1}, as in all solvers; the second draw of a step that needs two is
 * xi_{steps+i+1}, `steps` being the whole plan's. */
#ifndef ITP_SOLVER_STOCHASTIC_H
#define ITP_SOLVER_STOCHASTIC_H

#include "solver/exponential.h"

enum { ITP_FIRST_DRAW = 0, ITP_SECOND_DRAW = 1 };

/* z + s_noise deviation xi, xi a fresh normal of the step being made. */
itp_form itp_add_noise(const itp_solving *solving, itp_form z, double deviation, int32_t draw);

/* q = sigma_b/sigma_a, and 1 - q from the difference of the positions, which does not cancel. */
typedef struct itp_levels {
    double q, drop;
} itp_levels;
itp_levels itp_levels_between(const itp_node *a, const itp_node *b);

#endif
