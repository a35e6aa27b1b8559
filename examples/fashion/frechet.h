/* The Frechet distance between two Gaussians, |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2), as used for
 * "FID" with another network's features. Needs LAPACK's dsyev, which OpenBLAS carries. */
#ifndef FASHION_FRECHET_H
#define FASHION_FRECHET_H

#include <stddef.h>

/* Mean [dim] and covariance [dim][dim] (divided by count - 1) of features[count][dim], count >= 2. */
void frechet_moments(const float *features, size_t count, int dim, double *mean, double *covariance);

/* 0, or -1 without memory, -2 when the eigenvalues do not converge. Covariances symmetric, non-negative definite. */
int frechet_distance(int dim, const double *mean1, const double *covariance1, const double *mean2,
                     const double *covariance2, double *distance);

#endif
