#include "solver/along.h"

#include <math.h>

/* Calls of the diffusion that a plan may spend, and a step at least. */
enum { CALLS = 50000, CALLS_OF_STEP = 512, KNOTS = 512 };

void itp_keep_status(itp_solving *solving, int status)
{
    solving->status = solving->status ? solving->status : status;
}

static double lambda_of(const itp_node *at)
{
    return log(at->u) - log(at->w);
}

itp_node itp_node_at_lambda(double lambda)
{
    return (itp_node){1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), 0, 0};
}

double itp_constant_k(const itp_solving *solving)
{
    return (1 - solving->k_left_out) * solving->diffusion->k;
}

int itp_goes_by_time(const itp_diffusion *of)
{
    int walked =
        of->schedule && (of->schedule->family == &itp_family_table || of->schedule->family == &itp_family_user);
    return of->kind != ITP_DIFFUSION_K && walked;
}

double itp_argument(itp_solving *solving, int32_t by, const itp_node *at)
{
    double t = 0;
    if (by == ITP_BY_TIME) {
        itp_keep_status(solving, itp_schedule_locate(solving->diffusion->schedule, at->u, at->w, &t));
        return t;
    }
    return by == ITP_BY_LAMBDA ? lambda_of(at) : -log(at->w);
}

itp_passing itp_passing_at(itp_solving *solving, int32_t by, double x)
{
    itp_at at;
    itp_passing out = {itp_node_at_lambda(x), x, 1};
    if (by == ITP_BY_LOG_W) {
        out.node = (itp_node){-expm1(-x), exp(-x), 0, 0};
        out.lambda = lambda_of(&out.node);
        out.slope = 1 / out.node.u;
    } else if (by == ITP_BY_TIME) {
        int status = itp_schedule_at(solving->diffusion->schedule, x, &at);
        itp_keep_status(solving, status);
        out.node = status ? itp_node_at_lambda(0) : (itp_node){at.u, at.w, 0, 0};
        out.lambda = lambda_of(&out.node);
        out.slope = status ? 1 : at.W / (at.alpha * at.beta);
    }
    return out;
}

static double rate_by_time(itp_solving *solving, double t)
{
    itp_at at;
    double eps = 0;
    int status = itp_schedule_at(solving->diffusion->schedule, t, &at);
    itp_keep_status(solving, status);
    if (!status && itp_diffusion_eps(solving->diffusion, &at, &eps)) {
        itp_node node = {at.u, at.w, t, 0};
        (void)itp_k_passing(solving, &node); /* which says so */
        itp_keep_status(solving, ITP_E_RANGE);
        return 0;
    }
    return status || eps == 0 ? 0 : (1 - solving->k_left_out) * eps / (at.alpha * at.alpha);
}

double itp_decay_rate(itp_solving *solving, int32_t by, double x)
{
    if (by == ITP_BY_TIME) {
        return rate_by_time(solving, x);
    }
    itp_node node = itp_passing_at(solving, by, x).node;
    itp_k_at k = itp_k_passing(solving, &node);
    return by == ITP_BY_LAMBDA ? k.k : k.k_u;
}

/* A table has a corner at every sample. */
double itp_next_knot(const itp_schedule *schedule, double x, double end)
{
    double intervals = schedule->samples - 1, knots = (end - x) * intervals;
    if (schedule->family != &itp_family_table || knots > KNOTS) {
        return end;
    }
    double next = (floor(x * intervals * (1 + 1e-12)) + 1) / intervals;
    return next < end && next > x ? next : end;
}

void itp_allow_calls(itp_solving *solving)
{
    int32_t share = solving->steps > 0 ? CALLS / solving->steps : CALLS;
    solving->calls = (solving->calls > 0 ? solving->calls : 0) + (share > CALLS_OF_STEP ? share : CALLS_OF_STEP);
}
