/* Where an adaptive run begins and ends, and the coordinates on the way. */
#include <math.h>

#include "adaptive/adaptive.h"
#include "base/log.h"

/* The ends that both schedules have: the later noise end, the earlier data end. */
static void common_ends(const itp_adaptive *run, itp_node *noise, itp_node *data)
{
    const itp_schedule *a = run->sampling, *b = run->model.schedule;
    const itp_schedule *latest = a->u_first > b->u_first ? a : b, *earliest = a->w_last > b->w_last ? a : b;
    *noise = (itp_node){latest->u_first, latest->w_first, 0, 0};
    *data = (itp_node){earliest->u_last, earliest->w_last, 1, 0};
}

static itp_node position(const itp_adaptive *run, double u)
{
    itp_node noise, data, at = {u, 1 - u, 0, 0};
    common_ends(run, &noise, &data);
    if (u == 1 && data.w > 0) {
        data.beyond = 1;
        return data;
    }
    return u > 0 ? at : noise;
}

static int find(const itp_adaptive *run, double u, itp_node *out)
{
    *out = position(run, u);
    int status = itp_schedule_locate(run->sampling, out->u, out->w, &out->t);
    return status ? itp_fail(&run->sampler->log, itp_is_answer(status) ? status : (int)ITP_E_GRID,
                             "u_start, u_end: the schedule sampled under does not reach %g.", u)
                  : ITP_OK;
}

static int find_ends(itp_adaptive *run)
{
    int status = find(run, run->desc.u_start, &run->start);
    status = status ? status : find(run, run->desc.u_end, &run->end);
    if (status) {
        return status;
    }
    if (run->start.beyond) {
        return itp_fail(&run->sampler->log, ITP_E_GRID, "u_start: a schedule ends at u = %.17g, before 1.",
                        run->start.u);
    }
    if (run->start.t == run->end.t) {
        return itp_fail(&run->sampler->log, ITP_E_GRID, "u_start, u_end: both are at t = %.17g.", run->start.t);
    }
    run->direction = run->end.t > run->start.t ? 1 : -1;
    return ITP_OK;
}

static int find_ending(itp_adaptive *run)
{
    itp_drift_at drift;
    int status = itp_drift_scalars(run->sampling, &run->model, &run->end, itp_no_noise, &drift);
    run->ending = run->end.beyond ? ITP_END_SHORT : status == ITP_E_SINGULAR ? ITP_END_OPEN : ITP_END_REGULAR;
    if (status == ITP_E_RANGE || (run->end.beyond && status)) {
        return itp_fail(&run->sampler->log, status == ITP_E_RANGE ? ITP_E_GRID : status,
                        "u_end: the network's schedule does not reach u = %.17g, or has no slope there.", run->end.u);
    }
    return status == ITP_E_SINGULAR ? ITP_OK : status;
}

int itp_adaptive_path(itp_adaptive *run)
{
    itp_drift_at drift;
    int status = find_ends(run);
    if (status) {
        return status;
    }
    status = itp_drift_scalars(run->sampling, &run->model, &run->start, itp_no_noise, &drift);
    if (status) {
        return itp_fail(&run->sampler->log, status == ITP_E_RANGE ? ITP_E_GRID : status,
                        "u_start: the flow has no finite slope at u = %.17g (t = %.17g); start beside it, or sample "
                        "under another schedule.",
                        run->start.u, run->start.t);
    }
    return find_ending(run);
}

int itp_adaptive_scale_at(const itp_schedule *along, double t, double *scale)
{
    itp_at at;
    int status = itp_schedule_at(along, t, &at);
    if (!status) {
        *scale = at.alpha + at.beta;
    }
    return status;
}

int itp_adaptive_convert(const itp_schedule *along, const itp_node *at, const itp_schedule *to, double *factor)
{
    double scale_here = 1, scale = 1;
    int status = itp_adaptive_scale_at(along, at->t, &scale_here);
    if (!status && at->w > 0) {
        status = itp_schedule_scale(to, at->u, at->w, &scale);
    }
    *factor = status ? 0 : scale / scale_here;
    return status || isfinite(*factor) ? status : ITP_E_SINGULAR;
}

int itp_adaptive_to_network(const itp_adaptive *run, const itp_schedule *along, const itp_node *at, double *factor)
{
    return itp_adaptive_convert(along, at, run->model.schedule, factor);
}
