/* Ancestral methods: a deterministic step to a node `down`, further than b, and fresh noise back up to b, as
 * solver/stochastic.h has them. */
#include "solver/share.h"
#include "solver/stochastic.h"

void itp_euler_ancestral_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = itp_renoise_between(solving, a, b);
    itp_renoised_step(solving, x, a, &to, b, ITP_FIRST_DRAW);
}

void itp_ddpm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = itp_renoise_ve(solving->options->eta, a, b);
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

/* The singlestep methods of order 2 to the down node. */
void itp_2s_ancestral_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_renoise to = itp_renoise_between(solving, a, b);
    itp_noise_key draw = {a, b, ITP_FIRST_DRAW};
    itp_expo_step step = itp_expo_between(method, a, &to.down);
    double share = itp_expo_share(method, a, &to.down);
    itp_station at = second_stage(solving, method, a, b, &to.down, &share);
    share *= itp_expo_second_weight(method, &step);
    itp_form P = itp_predict(solving, x, a, method->predicts, x);
    if (itp_station_at(solving, at.u, at.w, &at)) {
        return;
    }
    itp_form second = itp_expo_predict_at(solving, method, &P, x, a, &at);
    itp_form_combine(&P, 1 - share, share, &second);
    itp_expo_carry(method, &P, x, a, &to.down);
    itp_renoise_back(solving, &to, x, b, &draw);
}

/* DPM-Solver++ (SDE) with r = 1/2: an ancestral step to the middle, then one over the whole step with the data
 * prediction found there, each with the path's noise over its own interval. */
void itp_dpmpp_sde_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    double eta = solving->options->eta, share = itp_expo_share(&itp_by_data, a, b);
    itp_station middle;
    itp_noise_key first = {a, &middle, ITP_FIRST_DRAW}, draw = {a, b, ITP_SECOND_DRAW};
    itp_form D = itp_predict(solving, x, a, ITP_PREDICT_DATA, x), stage = *x;
    if (itp_expo_half_way(solving, &itp_by_data, a, b, &middle)) {
        return;
    }
    itp_renoise half = itp_renoise_ve(eta, a, &middle), whole = itp_renoise_ve(eta, a, b);
    itp_expo_carry(&itp_by_data, &D, &stage, a, &half.down);
    itp_renoise_back(solving, &half, &stage, &middle, &first);
    itp_form second = itp_predict(solving, &stage, &middle, ITP_PREDICT_DATA, &stage);
    itp_form_combine(&D, 1 - share, share, &second);
    itp_expo_carry(&itp_by_data, &D, x, a, &whole.down);
    itp_renoise_back(solving, &whole, x, b, &draw);
}
