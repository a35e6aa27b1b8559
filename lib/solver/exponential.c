/* DDIM, DPM-Solver and DPM-Solver++, multistep (2206.00927, 2211.01095), and DEIS (2204.13902): with P the noise or the
 * data prediction and x its exact linear part,
 *     data:  z_b = (w_b/w_a) z_a + w_b int e^c D(c) dc,    noise:  z_b = (u_b/u_a) z_a - u_b int e^-c E(c) dc,
 * along the variable c = lambda. With c = -log w the data form has the same shape (u_b -> 1): exact for a frozen D, but
 * another extrapolation. */
#include "solver/exponential.h"

#include <math.h>

#include "base/root.h"

double itp_expo_clock(const itp_exponential *method, const itp_node *at)
{
    return method->sigma ? -log(at->w) : log(at->u) - log(at->w);
}

/* Without their logarithms. */
int itp_expo_regular(const itp_exponential *method, const itp_node *a, const itp_node *b)
{
    return a->w > 0 && b->w > 0 && (method->sigma || (a->u > 0 && b->u > 0));
}

itp_expo_step itp_expo_between(const itp_exponential *method, const itp_node *a, const itp_node *b)
{
    itp_expo_step step;
    if (method->predicts == ITP_PREDICT_DATA) {
        step.carry = b->w / a->w;
        step.first = b->u - step.carry * a->u;
        step.scale = method->sigma ? 1 : b->u;
    } else {
        step.carry = b->u / a->u;
        step.first = b->w - step.carry * a->w;
        step.scale = b->w;
    }
    step.h = itp_expo_clock(method, b) - itp_expo_clock(method, a);
    step.regular = isfinite(step.h);
    return step;
}

/* Near the end a low order is steadier, and other codes lower it there; a step to w = 0 has order 1 in any case. */
static int32_t allowed_at_the_end(const itp_solving *solving, int32_t order)
{
    int32_t left = solving->steps - solving->step;
    return solving->final_order == ITP_FINAL_LOWER && left < order ? left : order;
}

int32_t itp_expo_order(const itp_solving *solving, const itp_exponential *method, int32_t order, const itp_node *b)
{
    const itp_node *at = solving->past_at;
    int32_t most = allowed_at_the_end(solving, order), count = 1;
    if (!itp_expo_regular(method, &at[0], b)) {
        return 1;
    }
    while (count < most && count < solving->past_count && itp_expo_regular(method, &at[count], &at[0])) {
        count++;
    }
    return count;
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
itp_form itp_deis_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    const itp_exponential *method = solver->data;
    itp_form z;
    itp_remember(solving, itp_predict(solving, &x, a, method->predicts, &z), a);
    itp_expo_step step = itp_expo_between(method, a, b);
    double c[ITP_HISTORY], sign = method->predicts == ITP_PREDICT_DATA ? 1 : -1, end = itp_expo_clock(method, b);
    int32_t count = itp_expo_order(solving, method, solver->order, b);
    for (int32_t i = 0; i < count; i++) {
        c[i] = itp_expo_clock(method, &solving->past_at[i]);
    }
    itp_form_scale(&z, step.carry);
    for (int32_t i = 0; i < count; i++) {
        basis of = {c, count, i, sign, end};
        double weight = count == 1 ? step.first : sign * step.scale * itp_integral(weighted, &of, c[0], end);
        itp_form_increase(&z, weight, &solving->past[i]);
    }
    return itp_from_linear(solving, z, b);
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
    const itp_node *at = solving->past_at;
    differences out = {itp_form_zero(), itp_form_zero()};
    if (count > 1) {
        double r0 = itp_expo_between(method, &at[1], &at[0]).h / h;
        out.first = between(solving, 0, r0);
        if (count > 2) {
            double r1 = itp_expo_between(method, &at[2], &at[1]).h / h;
            itp_form turn = out.first, older = between(solving, 1, r1);
            itp_form_increase(&turn, -1, &older);
            itp_form_increase(&out.first, r0 / (r0 + r1), &turn);
            out.second = turn;
            itp_form_scale(&out.second, 1 / (r0 + r1));
        }
    }
    return out;
}

/* phi_2 and phi_3 - 1/2 phi_1 of the papers, up to sign: for the data form y = -h, for the noise form y = h. */
static double phi_2(double y)
{
    return expm1(y) / y - 1;
}

static double phi_3(double y)
{
    return (expm1(y) - y) / (y * y) - 0.5;
}

itp_form itp_dpm_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    const itp_exponential *method = solver->data;
    itp_form z;
    itp_remember(solving, itp_predict(solving, &x, a, method->predicts, &z), a);
    itp_expo_step step = itp_expo_between(method, a, b);
    int32_t count = itp_expo_order(solving, method, solver->order, b);
    itp_form_scale(&z, step.carry);
    itp_form_increase(&z, step.first, &solving->past[0]);
    if (count > 1) {
        differences d = differ(solving, method, count, step.h);
        double y = method->predicts == ITP_PREDICT_DATA ? -step.h : step.h;
        double first = count == 2 && !method->heun ? step.first / 2 : -step.scale * phi_2(y);
        itp_form_increase(&z, first, &d.first);
        itp_form_increase(&z, -step.scale * phi_3(y), &d.second);
    }
    return itp_from_linear(solving, z, b);
}
