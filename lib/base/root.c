#include "base/root.h"

#include <math.h>

typedef struct bracket {
    double low, high, f_low, f_high;
    int stayed; /* 1: high stayed last time, -1: low did */
} bracket;

/* Regula falsi's point, every third time the middle; NaN when the bracket has no number inside. */
static double propose(const bracket *at, int round)
{
    double middle = at->low + (at->high - at->low) / 2;
    double secant = at->low + (at->high - at->low) * (at->f_low / (at->f_low - at->f_high));
    double x = round % 3 == 2 || !(secant > at->low && secant < at->high) ? middle : secant;
    return x > at->low && x < at->high ? x : NAN;
}

/* The Illinois rule: the value at an end that stays is halved, so that it cannot stay for ever. */
static void narrow(bracket *at, double x, double value)
{
    if (value <= 0) {
        at->low = x;
        at->f_low = value;
        at->f_high = at->stayed == 1 ? at->f_high / 2 : at->f_high;
        at->stayed = 1;
    } else {
        at->high = x;
        at->f_high = value;
        at->f_low = at->stayed == -1 ? at->f_low / 2 : at->f_low;
        at->stayed = -1;
    }
}

double itp_root(itp_real_fn f, void *user, double low, double high)
{
    bracket at = {low, high, f(user, low), f(user, high), 0};
    double x = low;
    for (int i = 0; i < 300 && at.f_low < 0 && at.f_high > 0 && !isnan(x); i++) {
        x = propose(&at, i);
        if (!isnan(x)) {
            narrow(&at, x, f(user, x));
        }
    }
    if (isnan(at.f_low) || isnan(at.f_high)) {
        return NAN;
    }
    return at.f_low < 0 && at.f_high <= 0 ? at.high : at.low;
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
