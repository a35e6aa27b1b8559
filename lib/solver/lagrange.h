/* Lagrange polynomials: the one through 1 at point i and through 0 at the others. */
#ifndef ITP_SOLVER_LAGRANGE_H
#define ITP_SOLVER_LAGRANGE_H

#include <stdint.h>

/* `factor` times polynomial i of those through the points c, at x. */
static inline double itp_lagrange(double factor, const double *c, int32_t count, int32_t i, double x)
{
    for (int32_t j = 0; j < count; j++) {
        factor *= j == i ? 1 : (x - c[j]) / (c[i] - c[j]);
    }
    return factor;
}

#endif
