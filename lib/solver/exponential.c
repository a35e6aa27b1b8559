/* A step of an exponential integrator: with P the noise or the data prediction and z's linear part exact,
 *     data:  z_b = (w_b/w_a) z_a + w_b int e^c D(c) dc,    noise:  z_b = (u_b/u_a) z_a - u_b int e^-c E(c) dc,
 * along the variable c = lambda. With c = -log w the data form has the same shape (u_b -> 1): exact for a frozen D, but
 * another extrapolation. */
#include "solver/exponential.h"

#include <math.h>

#include "solver/along.h"
#include "solver/phi.h"

const itp_exponential itp_by_data = {.predicts = ITP_PREDICT_DATA};
const itp_exponential itp_by_noise = {.predicts = ITP_PREDICT_NOISE};
const itp_exponential itp_by_data_in_sigma = {.predicts = ITP_PREDICT_DATA, .sigma = 1};

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

void itp_expo_carry(const itp_exponential *method, const itp_form *P, itp_form *z, const itp_station *a,
                    const itp_station *to)
{
    itp_expo_frozen step = itp_expo_frozen_between(method, a, to);
    itp_form_combine(z, step.carry, step.first, P);
}

itp_form itp_expo_predict_at(itp_solving *solving, const itp_exponential *method, const itp_form *P, const itp_form *z,
                             const itp_station *a, itp_station *at)
{
    itp_form stage = *z;
    itp_expo_carry(method, P, &stage, a, at);
    itp_from_linear(solving, &stage, at);
    return itp_predict(solving, &stage, at, method->predicts, &stage);
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

int itp_expo_half_way(itp_solving *solving, const itp_exponential *method, itp_station *a, itp_station *b,
                      itp_station *middle)
{
    itp_node at = itp_expo_middle(method, a, b);
    return itp_station_at(solving, at.u, at.w, middle);
}

double itp_expo_second_weight(const itp_exponential *method, const itp_expo_step *step)
{
    return method->heun ? -2 * step->scale * itp_y_phi_2(itp_expo_y(method, step->h)) / step->first : 1;
}
