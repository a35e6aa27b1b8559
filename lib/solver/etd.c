/* Exponential Runge-Kutta methods for the stiff part lambda (Hochbruck and Ostermann, SIAM J. Numer. Anal. 43 (2005),
 * section 5; RES, 2308.02157): the stages lie at a + c_i h in lambda, and with phi_2 = (phi_1(y) - 1)/y, y = -h (data
 * form) or h (noise form),
 *     2 stages:  b_2 = phi_2/c_2;
 *     3 stages:  a_32 = gamma c_2 phi_2(c_2 y) + (c_3^2/c_2) phi_2(c_3 y),  b_3 = phi_2/(gamma c_2 + c_3),
 *                b_2 = gamma b_3,  2 (gamma c_2 + c_3) = 3 (gamma c_2^2 + c_3^2);
 * the rest of each row makes a constant prediction exact. With c = 0, 1/3, 2/3 and gamma = 0 that is DPM-Solver-3
 * (2206.00927) and DPM-Solver++(3S) (2211.01095), whose shorter step is their method of order 2, with its stage at 1/2;
 * that of the others is the one of 2 stages with the same c_2. */
#include "solver/phi.h"
#include "solver/share.h"

/* The step being made and what its stages start from. */
typedef struct progress {
    itp_solving *solving;
    const itp_exponential *method;
    itp_station *from;
    double h;
    itp_form z, first; /* the state, in the linear schedule's coordinates, and the prediction there */
} progress;

/* y phi_2(y) over c h of the step, up to the sign of `scale`. */
static double second(const progress *of, double c)
{
    return itp_y_phi_2(itp_expo_y(of->method, c * of->h));
}

/* z, the state that the step begins with, becomes the one at its end with the first prediction frozen. */
static void freeze(const progress *of, const itp_expo_step *step, itp_form *z)
{
    itp_form_combine(z, step->carry, step->first, &of->first);
}

/* z += weight (prediction - the first one). */
static void correct(const progress *of, itp_form *z, double weight, const itp_form *prediction)
{
    itp_form_increase(z, weight, prediction);
    itp_form_increase(z, -weight, &of->first);
}

static itp_form predict(const progress *of, itp_form *z, itp_station *at)
{
    itp_from_linear(of->solving, z, at);
    return itp_predict(of->solving, z, at, of->method->predicts, z);
}

static int node_at(const progress *of, double c, itp_station *b, itp_station *out)
{
    *out = *b;
    return c == 1 ? ITP_OK : itp_station_at_lambda(of->solving, itp_expo_clock(of->method, of->from) + c * of->h, out);
}

/* The prediction at the third stage. */
static itp_form third(const progress *of, const itp_etd *tableau, const itp_form *prediction, itp_station *at)
{
    itp_form z = of->z;
    double c2 = tableau->c2, c3 = tableau->c3;
    itp_expo_step step = itp_expo_between(of->method, of->from, at);
    double weight = tableau->gamma * second(of, c2) + c3 / c2 * second(of, c3);
    freeze(of, &step, &z);
    correct(of, &z, -step.scale * weight, prediction);
    return predict(of, &z, at);
}

void itp_etd_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_etd *tableau = solving->solver->data;
    progress of = {.solving = solving, .method = &tableau->method, .from = a};
    itp_expo_step whole = itp_expo_between(of.method, a, b), part;
    double share = itp_expo_share(of.method, a, b);
    itp_station at, last;
    of.h = whole.h;
    if (solving->stages == 2 && tableau->gamma == 0 && solving->solver->evaluations == 3) {
        itp_2s_step(solving, x, a, b);
        return;
    }
    of.first = itp_predict(solving, x, a, of.method->predicts, &of.z);
    if (node_at(&of, tableau->c2, b, &at) || node_at(&of, tableau->c3, b, &last)) {
        return;
    }
    part = itp_expo_between(of.method, a, &at);
    *x = of.z;
    freeze(&of, &part, x);
    itp_form prediction = predict(&of, x, &at);
    double weight = share * -whole.scale * second(&of, 1), again = weight / tableau->c2;
    *x = of.z;
    freeze(&of, &whole, x);
    if (solving->stages > 2) {
        weight /= tableau->gamma * tableau->c2 + tableau->c3;
        itp_form later = third(&of, tableau, &prediction, &last);
        correct(&of, x, weight, &later);
        again = tableau->gamma * weight;
    }
    correct(&of, x, again, &prediction);
    itp_from_linear(solving, x, b);
}
