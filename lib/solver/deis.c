/* DEIS (2204.13902): the polynomial through the last predictions, integrated against the exact weight,
 *     z_b = carry z_a + sum_i P_i int +-e^{+-(c - c_b)} l_i(c) dc  (times u_b or w_b),
 * + for the data prediction, - for that of the noise; l_i are the Lagrange polynomials. */
#include <math.h>

#include "base/root.h"
#include "solver/lagrange.h"
#include "solver/share.h"

/* Number i of the points at the clocks c, and the weight e^(sign (y - end)). */
typedef struct weighted {
    const double *c;
    int32_t count, i;
    double sign, end;
} weighted;

static double weighted_at(void *user, double y)
{
    const weighted *of = user;
    return itp_lagrange(exp(of->sign * (y - of->end)), of->c, of->count, of->i, y);
}

typedef struct progress {
    itp_solving *solving;
    const itp_exponential *method;
    itp_station *a, *b;
    itp_form z; /* at a */
} progress;

/* z_b from z_a and the last `count` predictions, two at least. */
static itp_form through_points(const progress *of, const itp_expo_step *step, int32_t count)
{
    const itp_exponential *method = of->method;
    double c[ITP_HISTORY], sign = method->predicts == ITP_PREDICT_DATA ? 1 : -1, end = itp_expo_clock(method, of->b);
    itp_form z = of->z;
    for (int32_t i = 0; i < count; i++) {
        c[i] = itp_expo_clock(method, of->solving->past_at[i]);
    }
    itp_form_scale(&z, step->carry);
    for (int32_t i = 0; i < count; i++) {
        weighted l = {c, count, i, sign, end};
        itp_form_increase(&z, sign * step->scale * itp_integral(weighted_at, &l, c[0], end), &of->solving->past[i]);
    }
    return z;
}

/* x += weight z_b. */
static void add_result(const void *progress_of, int32_t order, double weight, itp_form *x)
{
    const progress *of = progress_of;
    itp_expo_step step = itp_expo_between(of->method, of->a, of->b);
    itp_form z = of->z;
    if (order > 1) {
        z = through_points(of, &step, order);
    } else {
        itp_expo_freeze(of->solving, &step, &z, &of->solving->past[0], of->a, of->b);
    }
    itp_form_increase(x, weight, &z);
}

void itp_deis_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    progress of = {solving, method, a, b, *x};
    x->count = 0;
    itp_expo_add(itp_expo_order(solving, method, solving->solver->order, b), add_result, &of, x);
    itp_from_linear(solving, x, b);
}
