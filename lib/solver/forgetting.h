/* The numbers of a step of an SDE with the data prediction: k makes it forget the state with e^-K, K = int k dlambda
 * from a to b (solver/decay.h), and with I(D) = int (1 + k) e^(lambda - lambda_b - K(lambda, b)) D dlambda
 *     z_b = (w_b/w_a) e^-K z_a + u_b I(D) + w_b sqrt(1 - e^-2K) xi. */
#ifndef ITP_SOLVER_FORGETTING_H
#define ITP_SOLVER_FORGETTING_H

#include "solver/stage.h"

/* With D frozen: z_b = carry z_a + first D + deviation xi; decay is K. */
typedef struct itp_forgetting {
    double carry, first, deviation, decay;
} itp_forgetting;
itp_forgetting itp_forgetting_between(itp_solving *solving, itp_station *a, itp_station *b);

/* weight[i] = I(l_i), l_i the Lagrange polynomials through the points at lambda_i: 2 to ITP_HISTORY of them, the first
 * at a. */
void itp_forgetting_weights(itp_solving *solving, const double *lambda, int32_t count, itp_station *a, itp_station *b,
                            double *weight);

#endif
