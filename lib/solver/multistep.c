/* Adams-Bashforth: the polynomial through the last drifts, integrated (Hairer, Norsett, Wanner, III.1 and III.5). The
 * order is lower while there are fewer of them. */
#include <math.h>

#include "solver/solver.h"
#include "solver/stability.h"
#include "solver/wiener.h"

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

static int32_t times(const itp_solving *solving, int32_t most, double *t)
{
    int32_t count = solving->past_count < most ? solving->past_count : most;
    for (int32_t i = 0; i < count; i++) {
        t[i] = solving->past_at[i].t;
    }
    return count;
}

static itp_form adams_bashforth(itp_solving *solving, int32_t order, itp_form x, const itp_node *a, const itp_node *b,
                                itp_k_at k)
{
    double t[ITP_HISTORY];
    itp_remember(solving, itp_drift(solving, &x, a, k), a);
    int32_t count = times(solving, order, t);
    for (int32_t i = 0; i < count; i++) {
        itp_form_increase(&x, weight(t, count, i, a->t, b->t), &solving->past[i]);
    }
    return x;
}

itp_form itp_ab_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    return adams_bashforth(solving, solver->order, x, a, b, itp_no_noise);
}

itp_form itp_stochastic_ab_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a,
                                const itp_node *b)
{
    itp_form noise = itp_noise_whole(solving, a, b);
    itp_k_at k = itp_k_of(solving, a);
    x = adams_bashforth(solving, itp_stable_order(solving, solver->order, k, a, b), x, a, b, k);
    itp_form_increase(&x, 1, &noise);
    return x;
}

/* Row n: the weights of n + 1 drifts, newest first, when all steps are equal. */
static const double EQUAL[ITP_HISTORY][ITP_HISTORY] = {
    {1},
    {3. / 2, -1. / 2},
    {23. / 12, -16. / 12, 5. / 12},
    {55. / 24, -59. / 24, 37. / 24, -9. / 24},
};

itp_form itp_equal_steps(const itp_solving *solving, int32_t order)
{
    itp_form sum = itp_form_zero();
    int32_t count = solving->past_count < order ? solving->past_count : order;
    for (int32_t i = 0; i < count; i++) {
        itp_form_increase(&sum, EQUAL[count - 1][i], &solving->past[i]);
    }
    return sum;
}

/* The weights of equal steps, whatever the nodes (2204.13902, iPNDM). */
itp_form itp_ipndm_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a,
                        const itp_node *b)
{
    itp_remember(solving, itp_drift(solving, &x, a, itp_no_noise), a);
    itp_form slope = itp_equal_steps(solving, solver->order);
    itp_form_increase(&x, b->t - a->t, &slope);
    return x;
}
