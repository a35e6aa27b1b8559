#include "mixture.h"

#include <math.h>

mixture mixture_two_modes(void)
{
    mixture m = {2, {0.3, 0.7}, {-1.2, 0.8}, {0.3, 0.5}};
    return m;
}

mixture mixture_normal(double sd)
{
    mixture m = {1, {1.0, 0.0}, {0.0, 0.0}, {sd, 1.0}};
    return m;
}

static double variance(const mixture *m, int j, double alpha, double beta)
{
    return alpha * alpha + beta * beta * m->sd[j] * m->sd[j];
}

/* Posterior probabilities of the components, from their odds: an overflow of these still gives 0 and 1. */
static void posterior(const mixture *m, double alpha, double beta, double x, double p[2])
{
    p[0] = 1.0;
    p[1] = 0.0;
    if (m->n == 1) return;
    double v0 = variance(m, 0, alpha, beta), d0 = x - beta * m->mean[0];
    double v1 = variance(m, 1, alpha, beta), d1 = x - beta * m->mean[1];
    double odds = m->weight[0] / m->weight[1] * sqrt(v1 / v0) * exp(0.5 * (d1 * d1 / v1 - d0 * d0 / v0));
    p[0] = 1.0 / (1.0 + 1.0 / odds);
    p[1] = 1.0 / (1.0 + odds);
}

void mixture_both(const mixture *m, double alpha, double beta, double x, double *noise, double *data)
{
    double p[2];
    posterior(m, alpha, beta, x, p);
    *noise = *data = 0.0;
    for (int j = 0; j < m->n; j++) {
        double v = variance(m, j, alpha, beta), d = x - beta * m->mean[j];
        *noise += p[j] * alpha * d / v;
        *data += p[j] * (m->mean[j] + beta * m->sd[j] * m->sd[j] * d / v);
    }
}

double mixture_data(const mixture *m, double alpha, double beta, double x)
{
    double noise, data;
    mixture_both(m, alpha, beta, x, &noise, &data);
    return data;
}

double mixture_noise(const mixture *m, double alpha, double beta, double x)
{
    double noise, data;
    mixture_both(m, alpha, beta, x, &noise, &data);
    return noise;
}

/* sign +1: P(I <= x); sign -1: P(I >= x), without cancellation in the upper tail. */
static double tail(const mixture *m, mixture_point at, double x, double sign)
{
    double sum = 0.0;
    for (int j = 0; j < m->n; j++)
        sum += m->weight[j] * 0.5 *
               erfc(-sign * (x - at.beta * m->mean[j]) / sqrt(2.0 * variance(m, j, at.alpha, at.beta)));
    return sum;
}

double mixture_cdf(const mixture *m, double alpha, double beta, double x)
{
    mixture_point at = {alpha, beta};
    return tail(m, at, x, 1.0);
}

double mixture_flow(const mixture *m, mixture_point from, double x, mixture_point to)
{
    double sign = tail(m, from, x, 1.0) < 0.5 ? 1.0 : -1.0;
    double p = tail(m, from, x, sign), low = -1e3, high = 1e3;
    for (int i = 0; i < 200 && high > low; i++) {
        double mid = 0.5 * (low + high);
        if ((tail(m, to, mid, sign) < p) == (sign > 0.0))
            low = mid;
        else
            high = mid;
    }
    return 0.5 * (low + high);
}
