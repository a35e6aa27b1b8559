/* Safeguarded root finding and quadrature, for schedules without closed forms. */
#ifndef ITP_BASE_ROOT_H
#define ITP_BASE_ROOT_H

typedef double (*itp_real_fn)(void *user, double x);

/* A root of a continuous f in [low, high] with f(low) <= 0 <= f(high), to the last bits of x: regula falsi with
 * bisection whenever that shrinks the bracket too slowly. NaN when f is. */
double itp_root(itp_real_fn f, void *user, double low, double high);

/* int f from a to b by adaptive Gauss-Legendre quadrature; the ends themselves are not evaluated. */
double itp_integral(itp_real_fn f, void *user, double a, double b);

#endif
