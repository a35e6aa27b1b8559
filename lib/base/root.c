#include "base/root.h"

#include <math.h>

/* The Illinois form of regula falsi: the value at an end that stays is halved, so that it cannot stay for ever. */
double itp_root(itp_real_fn f, void *user, double low, double high)
{
    double f_low = f(user, low), f_high = f(user, high);
    int stayed = 0;
    for (int i = 0; i < 300 && f_low < 0 && f_high > 0; i++) {
        double x = i % 3 == 2 ? low + (high - low) / 2 : low + (high - low) * (f_low / (f_low - f_high));
        if (!(x > low && x < high)) {
            x = low + (high - low) / 2;
        }
        if (!(x > low && x < high)) {
            break;
        }
        double value = f(user, x);
        if (value <= 0) {
            low = x;
            f_low = value;
            f_high = stayed == 1 ? f_high / 2 : f_high;
            stayed = 1;
        } else {
            high = x;
            f_high = value;
            f_low = stayed == -1 ? f_low / 2 : f_low;
            stayed = -1;
        }
    }
    return isnan(f_low) || isnan(f_high) ? NAN : f_low >= 0 ? low : f_high <= 0 ? high : low;
}

/* Gauss-Legendre, 8 points. */
static double panel(itp_real_fn f, void *user, double a, double b)
{
    static const double x[4] = {.1834346424956498, .5255324099163290, .7966664774136267, .9602898564975363};
    static const double w[4] = {.3626837833783620, .3137066458778873, .2223810344533745, .1012285362903763};
    double middle = (a + b) / 2, half = (b - a) / 2, sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += w[i] * (f(user, middle - half * x[i]) + f(user, middle + half * x[i]));
    }
    return half * sum;
}

double itp_integral(itp_real_fn f, void *user, double a, double b)
{
    enum { DEEPEST = 48, PANELS = 4000 };
    double ends[DEEPEST + 1], whole[DEEPEST + 1], total = 0, scale = 0;
    int depth = 0, panels = 0;
    ends[0] = b;
    whole[0] = panel(f, user, a, b);
    while (depth >= 0) {
        double middle = a + (ends[depth] - a) / 2;
        double left = panel(f, user, a, middle), right = panel(f, user, middle, ends[depth]);
        double error = fabs(left + right - whole[depth]);
        scale = fmax(scale, fabs(total + left + right));
        panels += 2;
        if (error <= 1e-13 * scale || depth == DEEPEST || panels > PANELS || !(middle > a) || !isfinite(error)) {
            total += left + right;
            a = ends[depth--];
        } else {
            whole[depth] = right;
            ends[depth + 1] = middle;
            whole[++depth] = left;
        }
    }
    return total;
}
