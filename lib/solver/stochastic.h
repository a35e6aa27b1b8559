/* Solvers with noise of their own (eta, churn) instead of the diffusion k. They work on the noise level of the path
 * itself, sigma = w/u = alpha/beta (what VE models call sigma), so that they mean the same for every network. */
#ifndef ITP_SOLVER_STOCHASTIC_H
#define ITP_SOLVER_STOCHASTIC_H

#include "solver/exponential.h"
#include "solver/wiener.h"

/* Which noise is drawn: that of the path between two nodes, or (`b` NULL) nothing but the step. */
typedef struct itp_noise_key {
    itp_station *a, *b;
    int32_t number; /* ITP_FIRST_DRAW, ITP_SECOND_DRAW */
} itp_noise_key;

/* A node further than the step's end, and the noise back up to it: of the deviation sqrt(1 - d^2), d the ratio of the
 * two noise levels. `down` has no time: no schedule needs to reach it. */
typedef struct itp_renoise {
    itp_station down;
    double fresh;
} itp_renoise;

/* As eta says, in the VE form. */
itp_renoise itp_renoise_ve(double eta, itp_station *a, itp_station *b);

/* The same or, sampled under the linear schedule, in the form of flow networks. */
itp_renoise itp_renoise_between(const itp_solving *solving, itp_station *a, itp_station *b);

/* Takes z at `down` back to b, to the sampling schedule's coordinates. */
void itp_renoise_back(itp_solving *solving, itp_renoise *to, itp_form *z, itp_station *b, const itp_noise_key *draw);

/* A step to `down` with the data prediction made at a, and back. */
void itp_renoised_step(itp_solving *solving, itp_form *x, itp_station *a, itp_renoise *to, itp_station *b,
                       int32_t draw);

/* Takes a state at `at` back along the path to `hat`, with the noise that it has more there. */
void itp_raise(itp_solving *solving, itp_form *x, itp_station *at, itp_station *hat);

/* z += s_noise deviation xi. */
void itp_add_noise(itp_solving *solving, itp_form *z, double deviation, const itp_noise_key *draw);

/* q = sigma_b/sigma_a, and 1 - q from the difference of the positions, which does not cancel. */
typedef struct itp_levels {
    double q, drop;
} itp_levels;
itp_levels itp_levels_between(const itp_station *a, const itp_station *b);

#endif
