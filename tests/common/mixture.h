/* A 1-D Gaussian mixture seen through I = alpha Z + beta X: everything about it has a closed form. */
#ifndef TEST_MIXTURE_H
#define TEST_MIXTURE_H

typedef struct mixture {
    int n;
    double weight[2], mean[2], sd[2];
} mixture;

mixture mixture_two_modes(void);   /* weights .3, .7, means -1.2, .8, deviations .3, .5 */
mixture mixture_normal(double sd); /* N(0, sd^2) */

double mixture_data(const mixture *m, double alpha, double beta, double x);  /* E[X | I = x] */
double mixture_noise(const mixture *m, double alpha, double beta, double x); /* E[Z | I = x] */
void mixture_both(const mixture *m, double alpha, double beta, double x, double *noise, double *data);
double mixture_cdf(const mixture *m, double alpha, double beta, double x);

/* The exact flow from (alpha0, beta0, x) to (alpha1, beta1): in one dimension it keeps the quantile. */
typedef struct mixture_point {
    double alpha, beta;
} mixture_point;
double mixture_flow(const mixture *m, mixture_point from, double x, mixture_point to);

#endif
