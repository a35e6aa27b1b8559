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

/* z_b from z_a and the last `count` predictions. */
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
        weighted of = {c, count, i, sign, end};
        itp_form_increase(z, sign * step.scale * itp_integral(weighted_at, &of, c[0], end), &solving->past[i]);
    }
}

void itp_deis_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_form z = *x;
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(itp_expo_order(solving, method, solving->solver->order, b), part);
    x->count = 0;
    for (int32_t i = 0; i < parts; i++) {
        itp_form made = z;
        through_points(solving, method, part[i].order, &made, a, b);
        itp_form_increase(x, part[i].weight, &made);
    }
    itp_from_linear(solving, x, b);
}
