/* Eigenvectors of symmetric matrices: LAPACK's where the build has it, else Jacobi's method. */
#ifndef ITP_COVARIANCE_EIGEN_H
#define ITP_COVARIANCE_EIGEN_H

#include "base/memory.h"

enum { ITP_JACOBI_MOST = 512 };

/* The `rank` largest eigenvalues of a [n][n], decreasing, and their vectors [rank][n], orthonormal. Spoils a.
 * ITP_E_MEMORY; ITP_E_OVERFLOW: too large for LAPACK; ITP_E_NONFINITE: no convergence; ITP_E_UNSUPPORTED: too large
 * for Jacobi's method. */
int itp_eigen(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors);

/* The method of builds without LAPACK. */
int itp_eigen_jacobi(const itp_memory *memory, size_t n, double *a, size_t rank, double *values, double *vectors);

#endif
