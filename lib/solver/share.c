#include "solver/share.h"

#include <math.h>

/* Near the end a low order is steadier, and other codes lower it there; a step to w = 0 has order 1 in any case. */
static int32_t allowed_at_the_end(const itp_solving *solving, int32_t order)
{
    int32_t left = solving->steps - solving->step;
    return solving->options->final_order == ITP_FINAL_LOWER && left < order ? left : order;
}

/* Not fmin, which is a call. */
static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* 1 up to `full`, 0 from `none` on. */
static double falling(double x, double full, double none)
{
    return x <= full ? 1 : x < none ? (none - x) / (none - full) : 0;
}

/* Of the logarithm of a ratio, which way round it may be. */
static double falling_log(double a, double b, double full, double none)
{
    double ratio = a > b ? a / b : b / a;
    return ratio <= exp(full) ? 1 : falling(log(ratio), full, none);
}

/* Lengths of a step in log w and in log u, where the weight e^c of the data form fades anyway; logarithms of the factor
 * that a step multiplies the state by, and with it the differences of predictions that were made at that state;
 * multiples of a difference. The grids' own steps are below all of them: with three steps or more they are at most 6
 * long and extrapolate 24 times. */
enum {
    FULL_LENGTH = 8,
    NO_LENGTH = 12,
    FULL_START = 14,
    NO_START = 15,
    FULL_GROWTH = 2,
    NO_GROWTH = 4,
    FULL_MULTIPLE = 32,
    NO_MULTIPLE = 64
};

double itp_expo_length_share(const itp_exponential *method, itp_station *a, itp_station *b)
{
    double share = falling_log(a->w, b->w, FULL_LENGTH, NO_LENGTH);
    return method->sigma ? share : smaller(share, falling_log(a->u, b->u, FULL_START, NO_START));
}

static double growth_share(double carry)
{
    return carry > 1 ? falling_log(carry, 1, FULL_GROWTH, NO_GROWTH) : 1;
}

double itp_expo_growth_share(const itp_exponential *method, itp_station *a, itp_station *b)
{
    return growth_share(method->predicts == ITP_PREDICT_NOISE ? b->u / a->u : b->w / a->w);
}

double itp_expo_share(const itp_exponential *method, itp_station *a, itp_station *b)
{
    return smaller(itp_expo_length_share(method, a, b), itp_expo_growth_share(method, a, b));
}

/* A step that multiplies the state out of all proportion has coefficients that cancel. Along the velocity it is the
 * same step without them. */
void itp_expo_freeze(itp_solving *solving, const itp_expo_step *step, itp_form *z, const itp_form *prediction,
                     itp_station *a, itp_station *b)
{
    if (growth_share(step->carry) == 0) {
        *z = itp_along_last_row(solving, a, b);
        return;
    }
    itp_form_combine(z, step->carry, step->first, prediction);
}

/* A straight line through two predictions multiplies their difference, and whatever is wrong with it, by h/over. And it
 * goes on rising where predictions settle like e^-c: it is then too high by h/(1 - e^-h). B(h) = h of UniPC is too high
 * by as much again. */
static double overshoot(const itp_exponential *method, double h)
{
    double length = fabs(h), high = length / -expm1(-length);
    return method->bh == 1 ? high * high : high;
}

double itp_expo_share_beyond(const itp_exponential *method, double h, double over)
{
    return falling(h / over * overshoot(method, h), FULL_MULTIPLE, NO_MULTIPLE);
}

double itp_expo_order(itp_solving *solving, const itp_exponential *method, int32_t most, itp_station *b)
{
    double order = 1;
    most = allowed_at_the_end(solving, most < solving->past_count ? most : solving->past_count);
    if (most == 1) {
        return order;
    }
    double later = itp_expo_clock(method, solving->past_at[0]), h = itp_expo_clock(method, b) - later;
    double share = itp_expo_share(method, solving->past_at[0], b), high = overshoot(method, h);
    for (int32_t i = 1; i < most && share > 0; i++) {
        double clock = itp_expo_clock(method, solving->past_at[i]), over = later - clock;
        share = smaller(share, itp_expo_length_share(method, solving->past_at[i], solving->past_at[i - 1]));
        share = smaller(share, falling(h / over * high, FULL_MULTIPLE, NO_MULTIPLE));
        order += share;
        later = clock;
    }
    return order;
}

void itp_expo_add(double order, itp_add_order *add, const void *step, itp_form *z)
{
    int32_t whole = (int32_t)order;
    double more = order - whole;
    add(step, whole, 1 - more, z);
    if (more > 0) {
        add(step, whole + 1, more, z);
    }
}
