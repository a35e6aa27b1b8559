/* The functions of exponential integrators: phi_1 = (e^y - 1)/y, phi_{n+1} = (phi_n - 1/n!)/y. A step of length h has
 * y = -h with the data prediction and y = h with the noise prediction, and its weights are multiples of y phi_n(y). */
#ifndef ITP_SOLVER_PHI_H
#define ITP_SOLVER_PHI_H

#include <math.h>

/* y phi_2(y); y is not 0. */
static inline double itp_y_phi_2(double y)
{
    return expm1(y) / y - 1;
}

/* y phi_3(y); y is not 0. */
static inline double itp_y_phi_3(double y)
{
    return (expm1(y) - y) / (y * y) - 0.5;
}

#endif
