/* Quantiles of the Beta law. */
#ifndef ITP_GRID_BETA_H
#define ITP_GRID_BETA_H

/* x with I_x(a, b) = p, the regularised incomplete beta function, and 1 - x, each accurate where it is small. */
typedef struct itp_share {
    double x, rest;
} itp_share;
itp_share itp_beta_quantile(double a, double b, double p);

#endif
