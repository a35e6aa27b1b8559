#include <math.h>

#include "base/panels.h"
#include "solver/along.h"
#include "solver/decay.h"

/* 2 eps dt by the sampling schedule's own time, k being 2 (k/u) alpha W/C: from a point mass, and where eps is given by
 * that time. */
typedef struct varying {
    itp_solving *solving;
    int own; /* the diffusion's schedule is the one sampled under */
} varying;

static double rate_of_eps(itp_solving *solving, const itp_node *node, const itp_at *at)
{
    double eps;
    if (itp_diffusion_eps(solving->diffusion, at, &eps)) {
        (void)itp_k_passing(solving, node); /* which says what is out of range */
        itp_keep_status(solving, ITP_E_RANGE);
        return 0;
    }
    return 2 * eps * (1 - solving->k_left_out);
}

static double rate_by_own_time(void *user, double t)
{
    const varying *of = user;
    itp_node node;
    itp_at at;
    int status = itp_node_at(of->solving->sampling, t, &node);
    status = status ? status : itp_schedule_at(of->solving->sampling, t, &at);
    if (status) {
        itp_keep_status(of->solving, status);
        return 0;
    }
    if (of->own) {
        return rate_of_eps(of->solving, &node, &at);
    }
    itp_k_at k = itp_k_passing(of->solving, &node);
    return at.alpha + at.beta > 0 ? 2 * k.k_u * at.alpha * at.W / (at.alpha + at.beta) : 2 * k.k * at.eps;
}

/* 2 alpha^2 dK. */
static double rate_by_position(void *user, double x)
{
    const varying *of = user;
    double scale = 1;
    itp_node node = itp_passing_at(of->solving, ITP_BY_TIME, x).node;
    itp_keep_status(of->solving, itp_schedule_scale(of->solving->sampling, node.u, node.w, &scale));
    return 2 * scale * scale * node.w * node.w * itp_decay_rate(of->solving, ITP_BY_TIME, x);
}

/* What is integrated, and between which arguments. */
typedef struct whole {
    itp_real_fn f;
    double from, to;
    const itp_schedule *knotted; /* whose samples are corners */
} whole;

static whole choose(itp_solving *solving, int own, itp_station *a, itp_station *b)
{
    const itp_diffusion *of = solving->diffusion;
    if (own || !itp_goes_by_time(of) || (a->u == 0 && isinf(itp_k_of(solving, a).k_u))) {
        return (whole){rate_by_own_time, a->t, b->t, solving->sampling};
    }
    itp_node from = itp_station_node(a), to = itp_station_node(b);
    return (whole){rate_by_position, itp_argument(solving, ITP_BY_TIME, &from), itp_argument(solving, ITP_BY_TIME, &to),
                   of->schedule};
}

static double varying_variance(itp_solving *solving, itp_station *a, itp_station *b)
{
    const itp_diffusion *of = solving->diffusion;
    varying with = {solving, of->kind != ITP_DIFFUSION_K && of->schedule == solving->sampling};
    whole what = choose(solving, with.own, a, b);
    itp_panels panels = {.list = NULL};
    itp_panels_begin(&panels, &solving->rows.memory);
    itp_allow_calls(solving);
    while (what.from < what.to && !solving->status) {
        double end = itp_next_knot(what.knotted, what.from, what.to);
        itp_keep_status(solving, itp_panels_add(&panels, what.f, &with, what.from, end, &solving->calls));
        what.from = end;
    }
    itp_panels_free(&panels);
    return panels.total;
}

static double constant_variance(itp_solving *solving, itp_station *from, itp_station *to)
{
    double variance = NAN;
    int status = itp_schedule_variance(solving->sampling, from->t, to->t, &variance);
    if (status && !solving->status) {
        solving->status = itp_fail(solving->log, status, "schedule: no variance from t = %g to %g.", from->t, to->t);
    }
    return itp_constant_k(solving) * variance;
}

double itp_noise_variance(itp_solving *solving, itp_station *from, itp_station *to)
{
    if (!itp_diffusion_is_constant(solving->diffusion)) {
        return varying_variance(solving, from, to);
    }
    return itp_constant_k(solving) > 0 ? constant_variance(solving, from, to) : 0;
}
