/* EDM's stochastic sampler (2206.00364, algorithm 2): noise is added to the state, up to a higher level of the path,
 * where the network is evaluated; then Heun's method in sigma, Euler's or DPM-Solver(++)-2 goes from there to the next
 * node. In the linear
 * schedule's coordinates raising is z^ = (u^/u) z + w^ sqrt(1 - (sigma/sigma^)^2) xi: signal and noise stay those of
 * the path, which makes it right for flow models too. The trapezium in sigma is
 *     z_b = (u_b/u^) z^ + (w_b - u_b w^/u^) (E^ + E_b)/2,   E the noise prediction. */
#include <math.h>

#include "solver/share.h"
#include "solver/stochastic.h"

/* log(1 + gamma): EDM's s_churn/steps, at most sqrt 2 - 1, where the node's own level is between s_min and s_max; or
 * gamma itself, as AlphaFold 3 has it, where the level stepped to is. */
static double rise(const itp_solving *solving, itp_station *a, itp_station *b)
{
    int given = solving->options->gamma > 0;
    double sigma = given ? b->w / b->u : a->w / a->u, root_2 = 1.4142135623730951;
    int inside = sigma >= solving->options->s_min && (solving->options->s_max == 0 || sigma <= solving->options->s_max);
    double log_rise =
        given ? log1p(solving->options->gamma) : fmin(log1p(solving->options->s_churn / solving->steps), log(root_2));
    return inside ? log_rise : 0;
}

/* Raises the state at a for the step to b; returns where it then is. Not in the first step: its state is a draw of the
 * noise, or the caller's, who gave it for that node. */
static itp_station churn(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    double lambda = itp_station_lambda(a), higher = fmax(lambda - rise(solving, a, b), itp_first_lambda(solving));
    itp_station hat;
    if (solving->step == 0 || !(higher < lambda) || itp_station_at_lambda(solving, higher, &hat)) {
        return *a;
    }
    itp_raise(solving, x, a, &hat);
    return hat;
}

/* Euler's method in sigma, and step_scale times as far: z_b = u_b (c z^/u^ + (1 - c) D), c = 1 - scale (1 - q). The
 * longer step is made less of where it is one from near u = 0, where z^/u^ is out of all proportion. */
void itp_edm_euler_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_station hat = churn(solving, x, a, b);
    double more = solving->options->step_scale > 0 ? solving->options->step_scale - 1 : 0;
    more *= itp_expo_growth_share(&itp_by_noise, &hat, b);
    if (more == 0) {
        itp_along_velocity(solving, x, &hat, b);
        return;
    }
    itp_form z, data = itp_predict(solving, x, &hat, ITP_PREDICT_DATA, &z);
    double further = more * b->u * itp_levels_between(&hat, b).drop;
    *x = itp_along_last_row(solving, &hat, b);
    itp_form_increase(x, further, &data);
    itp_form_increase(x, -further / hat.u, &z);
    itp_from_linear(solving, x, b);
}

void itp_edm_2s_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_station hat = churn(solving, x, a, b);
    if (itp_expo_share(solving->solver->data, &hat, b) == 0) {
        itp_along_velocity(solving, x, &hat, b);
    } else {
        itp_2s_step(solving, x, &hat, b);
    }
}

/* sigma is infinite at u = 0: there Heun's method is made in u, with v = (D - z)/w. */
static void heun_in_u(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b, double share)
{
    double h = b->u - a->u, half = share * h / 2;
    itp_form v = itp_predict(solving, x, a, ITP_PREDICT_DATA, x), stage = *x;
    itp_form_combine(&v, 1 / a->w, -1 / a->w, x);
    itp_form_increase(&stage, h, &v);
    itp_from_linear(solving, &stage, b);
    itp_form_increase(x, h - half, &v);
    v = itp_predict(solving, &stage, b, ITP_PREDICT_DATA, &stage);
    itp_form_increase(x, half / b->w, &v);
    itp_form_increase(x, -half / b->w, &stage);
    itp_from_linear(solving, x, b);
}

/* A step to w = 0 has no second evaluation, and one that comes near to it makes little of the correction that follows
 * from it. As E_a - E_b is u_b/w_b times the difference of the data predictions, the correction in sigma is u_b/u_a
 * times that in u: a long step from near u = 0, where that is out of all proportion, makes more and more of it in u. */
void itp_edm_heun_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_station hat = churn(solving, x, a, b);
    double share = itp_expo_share(&itp_by_data_in_sigma, &hat, b), in_sigma = itp_expo_share(&itp_by_noise, &hat, b);
    if (share == 0) {
        itp_along_velocity(solving, x, &hat, b);
        return;
    }
    if (in_sigma == 0) {
        heun_in_u(solving, x, &hat, b, share);
        return;
    }
    itp_form E = itp_predict(solving, x, &hat, ITP_PREDICT_NOISE, x);
    itp_expo_frozen step = itp_expo_frozen_between(&itp_by_noise, &hat, b);
    double half = share * (in_sigma + (1 - in_sigma) * hat.u / b->u) * (step.first / 2);
    itp_form E_b = itp_expo_predict_at(solving, &itp_by_noise, &E, x, &hat, b);
    itp_form_combine(x, step.carry, step.first - half, &E);
    itp_form_increase(x, half, &E_b);
    itp_from_linear(solving, x, b);
}
