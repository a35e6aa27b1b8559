#include "solver/solving.h"

#include <math.h>

/* Coefficients are singular at the ends: at u = 0 a prediction of noise (or a score) does not say what the data are, at
 * u = 1 one of the data not what the noise is. */
static const char *remedy(const itp_solving *solving, int status, const itp_station *at)
{
    int32_t prediction = solving->model->row->named.id;
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

int itp_solving_fail(itp_solving *solving, int status, const char *what, const itp_station *at)
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

const itp_at *itp_sampling_at(itp_solving *solving, itp_station *at)
{
    return itp_station_sampling(at, solving->sampling) ? NULL : &at->sampling;
}

static itp_k_at k_of_step(itp_solving *solving, int status, itp_k_at k, const itp_station *at)
{
    if (status == ITP_E_RANGE) {
        itp_solving_fail(solving, status, "k, diffusion: negative, not finite, or outside diffusion_schedule", at);
    } else if (status) {
        itp_solving_fail(solving, status, "diffusion_schedule: its callback failed", at);
    }
    k.k *= 1 - solving->k_left_out;
    k.k_u *= 1 - solving->k_left_out;
    return status ? itp_no_noise : k;
}

itp_k_at itp_k_of(itp_solving *solving, itp_station *at)
{
    int status = itp_station_k(at, solving->diffusion);
    return k_of_step(solving, status, at->k, at);
}

itp_k_at itp_k_passing(itp_solving *solving, const itp_node *at)
{
    itp_station here;
    itp_station_begin(&here, at);
    return itp_k_of(solving, &here);
}

int itp_ends_before(const itp_solving *solving, const itp_station *at)
{
    return solving->plan->ends == ITP_ENDS_INSIDE && at->w <= 0x1p-25;
}

static double lambda_of_start(const itp_schedule *of)
{
    return log(of->u_first) - log(of->w_first);
}

double itp_first_lambda(const itp_solving *solving)
{
    return fmax(lambda_of_start(solving->sampling), lambda_of_start(solving->model->schedule));
}

itp_node itp_last_node(const itp_solving *solving)
{
    const itp_schedule *one = solving->sampling, *other = solving->model->schedule;
    const itp_schedule *first = one->w_last > other->w_last ? one : other;
    return (itp_node){.u = first->u_last, .w = first->w_last};
}

int itp_is_flow(const itp_solving *solving)
{
    return solving->sampling->family == &itp_family_linear;
}

itp_station *itp_station_within(const itp_solving *solving, double c, itp_station *a, itp_station *b,
                                itp_station *between)
{
    if (c == 0 || c == 1) {
        return c == 0 ? a : b;
    }
    return itp_station_begin_at(between, solving->sampling, a->t + c * (b->t - a->t)) ? NULL : between;
}

int itp_station_at(itp_solving *solving, double u, double w, itp_station *out)
{
    itp_node node = {.u = u, .w = w, .t = 1};
    int status = itp_schedule_locate(solving->sampling, u, w, &node.t);
    itp_station_begin(out, &node);
    return status ? itp_solving_fail(solving, ITP_E_GRID, "the schedule sampled under does not reach a stage", out)
                  : ITP_OK;
}

int itp_station_at_lambda(itp_solving *solving, double lambda, itp_station *out)
{
    return itp_station_at(solving, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}
