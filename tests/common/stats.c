#include "stats.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double stats_ks(double *x, int n, cdf_fn cdf, const void *user)
{
    double worst = 0.0;
    for (int i = 0; i < n; i++)
        if (!isfinite(x[i])) return 1.0;
    qsort(x, (size_t)n, sizeof *x, ascending);
    for (int i = 0; i < n; i++) {
        double f = cdf(user, x[i]);
        worst = fmax(worst, fmax(fabs(f - (double)i / n), fabs((double)(i + 1) / n - f)));
    }
    return worst;
}

double stats_order(const int *steps, const double *error, int n)
{
    double sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (int i = 0; i < n; i++) {
        double x = -log2((double)steps[i]), y = log2(error[i]);
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

double stats_mean_difference(const double *a, const double *b, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) sum += fabs(a[i] - b[i]);
    return sum / n;
}

double stats_rms_difference(const double *a, const double *b, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sqrt(sum / n);
}
