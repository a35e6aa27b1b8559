/* Quantiles of the Beta law. */
#include "grid/beta.h"

#include <math.h>

#include "base/root.h"

/* log Gamma by Stirling's series behind 16 steps of the recurrence: the C library's writes to a global. */
static double log_gamma(double z)
{
    static const double series[] = {1 / 12., -1 / 360., 1 / 1260., -1 / 1680., 1 / 1188.};
    double product = 1, sum = 0;
    while (z < 16) {
        product *= z;
        z += 1;
    }
    for (int i = 4; i >= 0; i--) {
        sum = sum / (z * z) + series[i];
    }
    return (z - .5) * log(z) - z + .9189385332046727 + sum / z - log(product);
}

/* The continued fraction of I_x(a, b), DLMF 8.17.22, from its tail; quick where x < (a + 1)/(a + b + 2). */
static double fraction(double a, double b, double x)
{
    double value = 1;
    for (int m = 24 + (int)(4 * sqrt(a + b)); m >= 0; m--) {
        double even = (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        value = 1 + odd / (1 + even / value);
    }
    return 1 / value;
}

/* Near 0, I_x is a power of x: the root is sought in x^power, where it is nearly a line. */
typedef struct law {
    double a, b, log_norm, power, p;
} law;

static double probability(const law *of, double x)
{
    return x > 0 ? exp(of->a * log(x) + of->b * log1p(-x) - of->log_norm) * fraction(of->a, of->b, x) : 0;
}

static double excess(void *user, double y)
{
    const law *of = user;
    return probability(of, pow(y, 1 / of->power)) - of->p;
}

/* For x up to `top`, where the fraction is quick. */
static double quantile_below(law *of, double p, double top)
{
    of->p = p;
    return pow(itp_root(excess, of, 0, pow(top, of->power)), 1 / of->power);
}

itp_share itp_beta_quantile(double a, double b, double p)
{
    double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b), top = (a + 1) / (a + b + 2);
    law below = {a, b, log_beta + log(a), fmin(a, 1), p}, above = {b, a, log_beta + log(b), fmin(b, 1), 1 - p};
    itp_share share;
    if (p <= probability(&below, top)) {
        share.x = quantile_below(&below, p, top);
        share.rest = 1 - share.x;
    } else {
        share.rest = quantile_below(&above, 1 - p, 1 - top);
        share.x = 1 - share.rest;
    }
    return share;
}
