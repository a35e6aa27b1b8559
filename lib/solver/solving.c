#include "solver/solving.h"

#include <math.h>

/* Coefficients are singular at the ends: at u = 0 a prediction of noise (or a score) does not say what the data are, at
 * u = 1 one of the data not what the noise is. */
static const char *remedy(const itp_solving *solving, int status, const itp_node *at)
{
    int32_t prediction = solving->model->prediction;
    if (status != ITP_E_SINGULAR || (at->u > 0 && at->w > 0)) {
        return "";
    }
    if (at->w == 0) {
        return "; end at u_end < 1, or take a solver in data form (ddim, dpmpp-2m)";
    }
    return prediction == ITP_PREDICT_NOISE || prediction == ITP_PREDICT_SCORE
               ? ", where noise says nothing of the data; begin at u_start > 0, name the table that the network was "
                 "trained on as its schedule, or let it return another prediction (velocity, data, salimans-v)"
               : "; begin at u_start > 0";
}

int itp_solving_fail(itp_solving *solving, int status, const char *what, const itp_node *at)
{
    if (!solving->status && status > 0) {
        solving->status = itp_stopped(solving->log, "values, inverse, affine or time_fn", status, -1);
    } else if (!solving->status) {
        solving->status = itp_fail(solving->log, status, "%s at u = %.17g (t = %.17g)%s.", what, at->u, at->t,
                                   remedy(solving, status, at));
    }
    return solving->status;
}

const itp_k_at itp_no_noise = {0, 0};

/* A copy of a node of the plan's own, moved elsewhere, has its number still. */
static int is_at(const itp_station *station, const itp_node *node)
{
    const itp_node *own = &station->node;
    return own->u == node->u && own->w == node->w && own->t == node->t && own->beyond == node->beyond;
}

itp_station *itp_station_of(itp_solving *solving, const itp_node *at)
{
    if (at->number && is_at(&solving->stations[at->number], at)) {
        return &solving->stations[at->number];
    }
    for (int32_t i = 0; i < 2; i++) {
        if (is_at(&solving->elsewhere[i], at)) {
            return &solving->elsewhere[i];
        }
    }
    itp_station *station = &solving->elsewhere[solving->oldest];
    solving->oldest = 1 - solving->oldest;
    itp_station_begin(station, at);
    return station;
}

const itp_at *itp_sampling_at(itp_solving *solving, const itp_node *at)
{
    itp_station *station = itp_station_of(solving, at);
    return itp_station_sampling(station, solving->sampling) ? NULL : &station->sampling;
}

static int k_of_number(itp_solving *solving, const itp_node *at, itp_k_at *k)
{
    itp_station *station = itp_station_of(solving, at);
    int status = itp_station_k(station, solving->diffusion);
    *k = station->k;
    return status;
}

/* Noise is integrated over many positions that are asked about once: these have no stations. */
itp_k_at itp_k_of(itp_solving *solving, const itp_node *at)
{
    itp_k_at k = itp_no_noise;
    int kept = at->number && !itp_diffusion_is_constant(solving->diffusion);
    int status = kept ? k_of_number(solving, at, &k) : itp_diffusion_at(solving->diffusion, at->u, at->w, &k);
    if (status == ITP_E_RANGE) {
        itp_solving_fail(solving, status, "k, diffusion: negative, not finite, or outside diffusion_schedule", at);
    } else if (status) {
        itp_solving_fail(solving, status, "diffusion_schedule: its callback failed", at);
    }
    k.k *= 1 - solving->k_left_out;
    k.k_u *= 1 - solving->k_left_out;
    return status ? itp_no_noise : k;
}

int itp_ends_before(const itp_solving *solving, const itp_node *at)
{
    return solving->plan->ends == ITP_ENDS_INSIDE && at->w <= 0x1p-25;
}

int itp_node_within(const itp_solving *solving, double c, const itp_node *a, const itp_node *b, itp_node *out)
{
    if (c == 0 || c == 1) {
        *out = c == 0 ? *a : *b;
        return ITP_OK;
    }
    return itp_node_at(solving->sampling, a->t + c * (b->t - a->t), out);
}

int itp_node_of(itp_solving *solving, double u, double w, itp_node *out)
{
    out->u = u;
    out->w = w;
    out->t = 1;
    out->beyond = out->number = 0;
    int status = itp_schedule_locate(solving->sampling, u, w, &out->t);
    return status ? itp_solving_fail(solving, ITP_E_GRID, "the schedule sampled under does not reach a stage", out)
                  : ITP_OK;
}

int itp_node_of_lambda(itp_solving *solving, double lambda, itp_node *out)
{
    return itp_node_of(solving, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}
