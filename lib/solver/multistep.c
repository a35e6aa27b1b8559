/* Adams-Bashforth with variable steps: the polynomial through the last drifts, integrated (Hairer, Norsett, Wanner,
 * III.5). The order is lower while there are fewer of them. */
#include <math.h>

#include "solver/solver.h"

static double lagrange(const double *t, int32_t count, int32_t i, double x)
{
    double product = 1;
    for (int32_t j = 0; j < count; j++) {
        product *= j == i ? 1 : (x - t[j]) / (t[i] - t[j]);
    }
    return product;
}

/* Gauss's two points are exact for cubics, so for up to four drifts. */
static double weight(const double *t, int32_t count, int32_t i, double a, double b)
{
    double middle = (a + b) / 2, reach = (b - a) / 2 / sqrt(3.0);
    return (b - a) / 2 * (lagrange(t, count, i, middle - reach) + lagrange(t, count, i, middle + reach));
}

static void remember(itp_solving *solving, itp_form drift, double t)
{
    for (int32_t i = ITP_HISTORY - 1; i > 0; i--) {
        solving->past[i] = solving->past[i - 1];
        solving->past_t[i] = solving->past_t[i - 1];
    }
    solving->past[0] = drift;
    solving->past_t[0] = t;
    solving->past_count += solving->past_count < ITP_HISTORY;
}

itp_form itp_ab_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    remember(solving, itp_drift(solving, &x, a, 0), a->t);
    int32_t count = solving->past_count < solver->order ? solving->past_count : solver->order;
    for (int32_t i = 0; i < count; i++) {
        x = itp_form_add(x, weight(solving->past_t, count, i, a->t, b->t), solving->past[i]);
    }
    return x;
}
