/* Adams-Bashforth: the polynomial through the last drifts, integrated (Hairer, Norsett, Wanner, III.1 and III.5). The
 * order is lower while there are fewer of them. */
#include <math.h>

#include "solver/lagrange.h"
#include "solver/solver.h"
#include "solver/stability.h"
#include "solver/wiener.h"

/* The weights of the last drifts in a step. */
typedef struct adams {
    double weight[ITP_HISTORY];
    int32_t count;
} adams;

/* int l_i dt from a to b: Gauss's two points are exact for cubics, so for up to four drifts. */
static double integral(const double *t, int32_t count, int32_t i, double a, double b)
{
    double middle = (a + b) / 2, reach = (b - a) / 2 / sqrt(3.0);
    return (b - a) / 2 * (itp_lagrange(1, t, count, i, middle - reach) + itp_lagrange(1, t, count, i, middle + reach));
}

static adams adams_of_order(const itp_solving *solving, int32_t most, const itp_station *a, const itp_station *b)
{
    adams of = {.count = solving->past_count < most ? solving->past_count : most};
    double t[ITP_HISTORY];
    for (int32_t i = 0; i < of.count; i++) {
        t[i] = solving->past_at[i]->t;
    }
    for (int32_t i = 0; i < of.count; i++) {
        of.weight[i] = integral(t, of.count, i, a->t, b->t);
    }
    return of;
}

/* x += sum_i weight_i f_i. */
static void add_drifts(const itp_solving *solving, const adams *of, itp_form *x)
{
    for (int32_t i = 0; i < of->count; i++) {
        itp_form_increase(x, of->weight[i], &solving->past[i]);
    }
}

void itp_ab_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_drift_and_remember(solving, x, a, itp_no_noise);
    adams of = adams_of_order(solving, solving->solver->order, a, b);
    add_drifts(solving, &of, x);
}

/* The sum of the weights' sizes, in units of the step. */
static double size_of(const adams *of, const itp_station *a, const itp_station *b)
{
    double sum = 0;
    for (int32_t i = 0; i < of->count; i++) {
        sum += fabs(of->weight[i]);
    }
    return sum / fabs(b->t - a->t);
}

/* With equal steps the sizes are 2 and 11/3 of the step for the orders 2 and 3, whose limits of stability are 1 and
 * 6/11: in both, and for one drift, the steepness times the size is 2. */
void itp_stochastic_ab_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_form noise = itp_noise_whole(solving, a, b);
    itp_k_at k = itp_k_of(solving, a);
    itp_drift_and_remember(solving, x, a, k);
    adams of = adams_of_order(solving, solving->solver->order, a, b);
    double steepness = solving->strict || of.count == 1 ? 0 : itp_steepness(solving, k, a, b);
    while (of.count > 1 && steepness * size_of(&of, a, b) > itp_steepest) {
        of = adams_of_order(solving, of.count - 1, a, b);
    }
    add_drifts(solving, &of, x);
    itp_form_increase(x, 1, &noise);
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
void itp_ipndm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_drift_and_remember(solving, x, a, itp_no_noise);
    itp_form slope = itp_equal_steps(solving, solving->solver->order);
    itp_form_increase(x, b->t - a->t, &slope);
}
