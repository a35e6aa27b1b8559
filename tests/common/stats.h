/* Small statistics: Kolmogorov-Smirnov distance, the slope of a log-log fit, moments. */
#ifndef TEST_STATS_H
#define TEST_STATS_H

typedef double (*cdf_fn)(const void *user, double x);

/* Largest distance between the empirical distribution of x[0..n-1] (sorted in place) and cdf. */
double stats_ks(double *x, int n, cdf_fn cdf, const void *user);

/* Slope of log2(error) against log2(1/steps), least squares. */
double stats_order(const int *steps, const double *error, int n);

double stats_mean_difference(const double *a, const double *b, int n); /* mean |a - b| */
double stats_rms_difference(const double *a, const double *b, int n);

#endif
