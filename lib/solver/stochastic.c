/* Noise of a method's own. A deterministic step to a node `down`, further than b, and fresh noise back up to b: with d
 * the ratio of the noise levels sigma = w/u of down and b,
 *     z_b = (u_b/u_down) z_down + w_b sqrt(1 - d^2) xi
 * has the signal u_b and the noise (w_b d)^2 + w_b^2 (1 - d^2) = w_b^2 of the path whatever d is; eta and the variant
 * only choose d. With q = sigma_b/sigma_a:
 *     VE form (k-diffusion; DDPM and DDIM with eta are the same):  1 - d^2 = eta^2 (1 - q^2),
 *     flow form (for the linear schedule):                         w_down = w_b (1 - eta (1 - w_b/w_a)).
 * A value of eta above 1 that asks for more than all of b's noise gets all of it. */
#include "solver/stochastic.h"

#include <math.h>

void itp_add_noise(itp_solving *solving, itp_form *z, double deviation, const itp_noise_key *draw)
{
    if (!draw->b || deviation == 0) {
        itp_form_increase_by(z, solving->s_noise * deviation, ITP_IS_NORMAL, solving->step + 1);
        return;
    }
    itp_form noise = itp_wiener(solving, draw->a, draw->b, 1, 0, draw->number);
    itp_form_increase(z, solving->s_noise * deviation, &noise);
}

/* u_b - u_a = w_a - w_b: taken from the two that are small. */
static double distance(const itp_station *a, const itp_station *b)
{
    return b->u < 0.5 ? b->u - a->u : a->w - b->w;
}

itp_levels itp_levels_between(const itp_station *a, const itp_station *b)
{
    itp_levels levels = {b->w * a->u / (a->w * b->u), distance(a, b) / (a->w * b->u)};
    return levels;
}

itp_renoise itp_renoise_ve(double eta, itp_station *a, itp_station *b)
{
    itp_levels levels = itp_levels_between(a, b);
    itp_renoise out = {*b, fmin(1, eta * sqrt(levels.drop * (1 + levels.q)))};
    double kept = (1 - eta) * (1 + eta) + eta * eta * levels.q * levels.q, d = kept > 0 ? sqrt(kept) : 0;
    if (eta > 0) {
        itp_station_begin_untimed(&out.down, b->u / (b->u + d * b->w), d * b->w / (b->u + d * b->w));
    }
    return out;
}

/* 1 - d = (w_b - w_down)/(w_b u_down). */
static itp_renoise renoise_flow(double eta, itp_station *a, itp_station *b)
{
    itp_renoise out = {*b, 0};
    double share = fmin(1, eta * (distance(a, b) / a->w));
    if (eta > 0) {
        itp_station_begin_untimed(&out.down, b->u + b->w * share, b->w * fmax(0, (1 - eta) + eta * (b->w / a->w)));
        double lost = fmin(1, share / out.down.u);
        out.fresh = sqrt(lost * (2 - lost));
    }
    return out;
}

itp_renoise itp_renoise_between(const itp_solving *solving, itp_station *a, itp_station *b)
{
    return (itp_is_flow(solving) ? renoise_flow : itp_renoise_ve)(solving->options->eta, a, b);
}

void itp_renoise_back(itp_solving *solving, itp_renoise *to, itp_form *z, itp_station *b, const itp_noise_key *draw)
{
    itp_form_scale(z, b->u / to->down.u);
    itp_add_noise(solving, z, to->fresh * b->w, draw);
    itp_from_linear(solving, z, b);
}

void itp_renoised_step(itp_solving *solving, itp_form *x, itp_station *a, itp_renoise *to, itp_station *b, int32_t draw)
{
    itp_form data = itp_predict(solving, x, a, ITP_PREDICT_DATA, x);
    itp_noise_key noise = {a, b, draw};
    itp_expo_carry(&itp_by_data, &data, x, a, &to->down);
    itp_renoise_back(solving, to, x, b, &noise);
}

/* What goes back along the path takes fresh noise, not the path's. */
void itp_raise(itp_solving *solving, itp_form *x, itp_station *at, itp_station *hat)
{
    itp_levels levels = itp_levels_between(hat, at);
    itp_noise_key fresh = {at, NULL, ITP_FIRST_DRAW};
    itp_to_linear(solving, x, at);
    itp_form_scale(x, hat->u / at->u);
    itp_add_noise(solving, x, hat->w * sqrt(levels.drop * (1 + levels.q)), &fresh);
    itp_from_linear(solving, x, hat);
}
