/* Ancestral methods: a deterministic step to a node `down`, further than b, and fresh noise back up to b. With d the
 * ratio of the noise levels sigma = w/u of down and b,
 *     z_b = (u_b/u_down) z_down + w_b sqrt(1 - d^2) xi
 * has the signal u_b and the noise (w_b d)^2 + w_b^2 (1 - d^2) = w_b^2 of the path whatever d is; eta and the variant
 * only choose d. With q = sigma_b/sigma_a:
 *     VE form (k-diffusion; DDPM and DDIM with eta are the same):  1 - d^2 = eta^2 (1 - q^2),
 *     flow form (for the linear schedule):                         w_down = w_b (1 - eta (1 - w_b/w_a)).
 * A value of eta above 1 that asks for more than all of b's noise gets all of it. */
#include <math.h>

#include "solver/share.h"
#include "solver/stochastic.h"

static const itp_exponential DATA = {ITP_PREDICT_DATA, 0, 0, 0};

void itp_add_noise(itp_solving *solving, itp_form *z, double deviation, const itp_draw *draw)
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

static itp_renoise ve_renoise(double eta, itp_station *a, itp_station *b)
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
static itp_renoise flow_renoise(double eta, itp_station *a, itp_station *b)
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
    return (itp_is_flow(solving) ? flow_renoise : ve_renoise)(solving->options->eta, a, b);
}

/* Takes z from a to `to` with a frozen prediction, in the linear schedule's coordinates. */
static void freeze(const itp_exponential *method, itp_station *a, itp_station *to, itp_form *z,
                   const itp_form *prediction)
{
    itp_expo_frozen step = itp_expo_frozen_between(method, a, to);
    itp_form_combine(z, step.carry, step.first, prediction);
}

void itp_renoise_back(itp_solving *solving, itp_renoise *to, itp_form *z, itp_station *b, const itp_draw *draw)
{
    itp_form_scale(z, b->u / to->down.u);
    itp_add_noise(solving, z, to->fresh * b->w, draw);
    itp_from_linear(solving, z, b);
}

void itp_renoised_step(itp_solving *solving, itp_form *x, itp_station *a, itp_renoise *to, itp_station *b, int32_t draw)
{
    itp_form data = itp_predict(solving, x, a, ITP_PREDICT_DATA, x);
    itp_draw noise = {a, b, draw};
    freeze(&DATA, a, &to->down, x, &data);
    itp_renoise_back(solving, to, x, b, &noise);
}

void itp_euler_ancestral_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = itp_renoise_between(solving, a, b);
    itp_renoised_step(solving, x, a, &to, b, ITP_FIRST_DRAW);
}

void itp_ddpm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = ve_renoise(solving->options->eta, a, b);
    itp_renoised_step(solving, x, a, &to, b, ITP_FIRST_DRAW);
}

int32_t itp_2s_ancestral_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    itp_renoise to = itp_renoise_between(solving, a, b);
    return itp_expo_share(solving->solver->data, a, &to.down) > 0 ? most : 1;
}

/* The second stage: half way to the node down, or, where a schedule ends before, there, and in -log sigma at the step's
 * end at most. What then has to be said of the step is more than the stage shows. */
static itp_station second_stage(const itp_solving *solving, const itp_exponential *method, itp_station *a,
                                itp_station *b, itp_station *down, double *share)
{
    static const double ROUNDINGS = 1e-12;
    itp_node half = itp_expo_middle(method, a, down), end = itp_last_node(solving);
    itp_station middle = {.u = half.u, .w = half.w}, last = {.u = end.u, .w = end.w};
    last = method->sigma && b->w > last.w ? *b : last;
    if (middle.w >= last.w * (1 - (method->sigma ? ROUNDINGS : 0))) {
        return middle;
    }
    double from = itp_expo_clock(method, a);
    *share *= (itp_expo_clock(method, &middle) - from) / (itp_expo_clock(method, &last) - from);
    return last;
}

/* The prediction at a stage takes the place of a share of the first one. */
static void replace_part(itp_solving *solving, itp_form *stage, itp_station *at, int32_t predicts, double share,
                         itp_form *prediction)
{
    itp_form there = itp_predict(solving, stage, at, predicts, stage);
    itp_form_combine(prediction, 1 - share, share, &there);
}

/* The singlestep methods of order 2 to the down node. */
void itp_2s_ancestral_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_renoise to = itp_renoise_between(solving, a, b);
    itp_draw draw = {a, b, ITP_FIRST_DRAW};
    double share = itp_expo_share(method, a, &to.down);
    itp_station middle = second_stage(solving, method, a, b, &to.down, &share);
    itp_form prediction = itp_predict(solving, x, a, method->predicts, x);
    itp_expo_step step = itp_expo_between(method, a, &to.down);
    if (itp_station_at(solving, middle.u, middle.w, &middle)) {
        return;
    }
    itp_form stage = *x;
    freeze(method, a, &middle, &stage, &prediction);
    itp_from_linear(solving, &stage, &middle);
    share *= itp_expo_second_weight(method, &step);
    replace_part(solving, &stage, &middle, method->predicts, share, &prediction);
    freeze(method, a, &to.down, x, &prediction);
    itp_renoise_back(solving, &to, x, b, &draw);
}

/* DPM-Solver++ (SDE) with r = 1/2: an ancestral step to the middle, then one over the whole step with the data
 * prediction found there, each with the path's noise over its own interval. */
void itp_dpmpp_sde_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_renoise to = ve_renoise(solving->options->eta, a, b);
    itp_node half_way = itp_expo_middle(method, a, b);
    itp_station middle;
    itp_draw draw = {a, b, ITP_SECOND_DRAW}, first = {a, &middle, ITP_FIRST_DRAW};
    double share = itp_expo_share(method, a, b);
    itp_form data = itp_predict(solving, x, a, ITP_PREDICT_DATA, x);
    if (itp_station_at(solving, half_way.u, half_way.w, &middle)) {
        return;
    }
    itp_renoise half = ve_renoise(solving->options->eta, a, &middle);
    itp_form stage = *x;
    freeze(&DATA, a, &half.down, &stage, &data);
    itp_renoise_back(solving, &half, &stage, &middle, &first);
    replace_part(solving, &stage, &middle, ITP_PREDICT_DATA, share, &data);
    freeze(&DATA, a, &to.down, x, &data);
    itp_renoise_back(solving, &to, x, b, &draw);
}
