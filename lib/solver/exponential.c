/* DDIM, DPM-Solver and DPM-Solver++, multistep (2206.00927, 2211.01095), and DEIS (2204.13902): with P the noise or the
 * data prediction and x its exact linear part,
 *     data:  z_b = (w_b/w_a) z_a + w_b int e^c D(c) dc,    noise:  z_b = (u_b/u_a) z_a - u_b int e^-c E(c) dc,
 * along the variable c = lambda. With c = -log w the data form has the same shape (u_b -> 1): exact for a frozen D, but
 * another extrapolation. */
#include "solver/exponential.h"

#include <math.h>

#include "base/root.h"
#include "solver/along.h"
#include "solver/phi.h"

double itp_expo_clock(const itp_exponential *method, itp_station *at)
{
    return method->sigma ? itp_station_minus_log_w(at) : itp_station_lambda(at);
}

itp_expo_frozen itp_expo_frozen_between(const itp_exponential *method, const itp_station *a, const itp_station *b)
{
    if (method->predicts == ITP_PREDICT_DATA) {
        double carry = b->w / a->w;
        return (itp_expo_frozen){carry, b->u - carry * a->u};
    }
    if (method->predicts == ITP_PREDICT_VELOCITY) {
        return (itp_expo_frozen){1, b->u < 0.5 ? b->u - a->u : a->w - b->w};
    }
    double carry = b->u / a->u;
    return (itp_expo_frozen){carry, b->w - carry * a->w};
}

double itp_expo_length(const itp_exponential *method, itp_station *a, itp_station *b)
{
    return itp_expo_clock(method, b) - itp_expo_clock(method, a);
}

/* What stands before the integral of the prediction. */
static double scale_at(const itp_exponential *method, const itp_station *b)
{
    if (method->predicts == ITP_PREDICT_NOISE) {
        return b->w;
    }
    return method->predicts == ITP_PREDICT_DATA && !method->sigma ? b->u : 1;
}

itp_expo_step itp_expo_between(const itp_exponential *method, itp_station *a, itp_station *b)
{
    itp_expo_frozen frozen = itp_expo_frozen_between(method, a, b);
    return (itp_expo_step){frozen.carry, frozen.first, scale_at(method, b), itp_expo_length(method, a, b)};
}

itp_node itp_expo_middle(const itp_exponential *method, itp_station *a, itp_station *b)
{
    double clock = (itp_expo_clock(method, a) + itp_expo_clock(method, b)) / 2;
    itp_node in_sigma = {-expm1(-clock), exp(-clock), 0, 0};
    return method->sigma ? in_sigma : itp_node_at_lambda(clock);
}

double itp_expo_second_weight(const itp_exponential *method, const itp_expo_step *step)
{
    double y = method->predicts == ITP_PREDICT_DATA ? -step->h : step->h;
    return method->heun ? -2 * step->scale * itp_y_phi_2(y) / step->first : 1;
}

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
    itp_form_scale(z, step->carry);
    itp_form_increase(z, step->first, prediction);
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

int32_t itp_expo_parts(double order, itp_expo_part *part)
{
    int32_t whole = (int32_t)order;
    double more = order - whole;
    part[0] = (itp_expo_part){whole, 1 - more};
    part[1] = (itp_expo_part){whole + 1, more};
    return more > 0 ? 2 : 1;
}

/* Lagrange polynomial i through the clocks c at y. */
typedef struct basis {
    const double *c;
    int32_t count, i;
    double sign, end;
} basis;

/* e^(sign (y - end)) times the polynomial. */
static double weighted(void *user, double y)
{
    const basis *of = user;
    double value = exp(of->sign * (y - of->end));
    for (int32_t j = 0; j < of->count; j++) {
        value *= j == of->i ? 1 : (y - of->c[j]) / (of->c[of->i] - of->c[j]);
    }
    return value;
}

/* DEIS: the polynomial through the last predictions, integrated against the exact weight. */
static void through_points(itp_solving *solving, const itp_exponential *method, int32_t count, itp_form *z,
                           itp_station *a, itp_station *b)
{
    itp_expo_step step = itp_expo_between(method, a, b);
    if (count == 1) {
        itp_expo_freeze(solving, &step, z, &solving->past[0], a, b);
        return;
    }
    double c[ITP_HISTORY], sign = method->predicts == ITP_PREDICT_DATA ? 1 : -1, end = itp_expo_clock(method, b);
    for (int32_t i = 0; i < count; i++) {
        c[i] = itp_expo_clock(method, solving->past_at[i]);
    }
    itp_form_scale(z, step.carry);
    for (int32_t i = 0; i < count; i++) {
        basis of = {c, count, i, sign, end};
        itp_form_increase(z, sign * step.scale * itp_integral(weighted, &of, c[0], end), &solving->past[i]);
    }
}

void itp_deis_step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_form z = *x;
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(itp_expo_order(solving, method, solver->order, b), part);
    x->count = 0;
    for (int32_t i = 0; i < parts; i++) {
        itp_form made = z;
        through_points(solving, method, part[i].order, &made, a, b);
        itp_form_increase(x, part[i].weight, &made);
    }
    itp_from_linear(solving, x, b);
}

/* Divided differences of the last predictions in units of the step, as DPM-Solver writes them. */
typedef struct differences {
    itp_form first, second;
} differences;

static itp_form between(const itp_solving *solving, int32_t i, double r)
{
    itp_form out = solving->past[i];
    itp_form_scale(&out, 1 / r);
    itp_form_increase(&out, -1 / r, &solving->past[i + 1]);
    return out;
}

static differences differ(const itp_solving *solving, const itp_exponential *method, int32_t count, double h)
{
    itp_station *const *at = solving->past_at;
    differences out = {itp_form_zero(), itp_form_zero()};
    if (count > 1) {
        double r0 = itp_expo_length(method, at[1], at[0]) / h;
        out.first = between(solving, 0, r0);
        if (count > 2) {
            double r1 = itp_expo_length(method, at[2], at[1]) / h;
            itp_form turn = out.first, older = between(solving, 1, r1);
            itp_form_increase(&turn, -1, &older);
            itp_form_increase(&out.first, r0 / (r0 + r1), &turn);
            out.second = turn;
            itp_form_scale(&out.second, 1 / (r0 + r1));
        }
    }
    return out;
}

/* What a part of the step adds to the frozen prediction. */
static void correct(const itp_solving *solving, const itp_exponential *method, const itp_expo_part *part,
                    const itp_expo_step *step, itp_form *z)
{
    if (part->order > 1) {
        differences d = differ(solving, method, part->order, step->h);
        double y = method->predicts == ITP_PREDICT_DATA ? -step->h : step->h;
        double first = part->order == 2 && !method->heun ? step->first / 2 : -step->scale * itp_y_phi_2(y);
        itp_form_increase(z, part->weight * first, &d.first);
        itp_form_increase(z, part->weight * (-step->scale * itp_y_phi_3(y)), &d.second);
    }
}

void itp_dpm_step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_expo_step step = itp_expo_between(method, a, b);
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(itp_expo_order(solving, method, solver->order, b), part);
    itp_expo_freeze(solving, &step, x, &solving->past[0], a, b);
    for (int32_t i = 0; i < parts; i++) {
        correct(solving, method, &part[i], &step, x);
    }
    itp_from_linear(solving, x, b);
}
