#include "solver/stage.h"

#include <math.h>

#include "base/root.h"

static int fail(itp_solving *solving, int status, const char *what, const itp_node *at)
{
    if (!solving->status) {
        solving->status = itp_fail(solving->log, status, "%s at u = %.17g (t = %.17g).", what, at->u, at->t);
    }
    return solving->status;
}

double itp_k_at(itp_solving *solving, const itp_node *at)
{
    double k = solving->k_fn ? solving->k_fn(solving->k_user, at->u) : solving->k;
    if (!(k >= 0 && isfinite(k))) {
        fail(solving, ITP_E_RANGE, "k: the function gave a value that is negative or not finite", at);
        return 0;
    }
    return k;
}

/* The sampling schedule's alpha + beta; 1 at the data end of one that does not reach it. */
static double scale_at(itp_solving *solving, const itp_node *node)
{
    itp_at at;
    if (node->beyond) {
        return 1;
    }
    int status = itp_schedule_at(solving->sampling, node->t, &at);
    if (status) {
        fail(solving, status, "schedule: its callback failed", node);
        return 1;
    }
    return at.alpha + at.beta;
}

itp_form itp_start(itp_solving *solving, const itp_node *at)
{
    return itp_form_column(ITP_IS_NORMAL, 0, scale_at(solving, at) * at->w);
}

/* Factors of z and v in the drift. At a point mass, where C = 0, the family knows the limit: g times the data
 * prediction z + v (w = 1 there), the state itself being 0. */
static int drift_factors(itp_solving *solving, const itp_node *node, double k, itp_affine *out)
{
    itp_at at;
    int status = itp_schedule_at(solving->sampling, node->t, &at);
    double scale = at.alpha + at.beta;
    if (status) {
        return status;
    }
    if (scale == 0) {
        const itp_family *family = solving->sampling->family;
        out->x = out->f = family->start ? family->start(solving->sampling, k) : NAN;
    } else {
        out->x = at.dalpha + at.dbeta - (k > 0 ? k * at.W / at.beta : 0);
        out->f = (1 + k) * at.W / scale;
    }
    return isfinite(out->x) && isfinite(out->f) ? ITP_OK : ITP_E_SINGULAR;
}

/* What the network says at a node: v = velocity.x y + velocity.f F, with y = scale z. */
typedef struct prediction_at {
    double scale, time;
    itp_affine velocity;
} prediction_at;

static int predict(itp_solving *solving, const itp_node *node, prediction_at *out)
{
    itp_at at;
    int status = itp_model_at(solving->model, node->u, node->w, &at);
    status = status ? status : itp_model_velocity(solving->model, &at, &out->velocity);
    status = status ? status : itp_model_time_at(solving->model, &at, &out->time);
    if (!status) {
        out->scale = at.alpha + at.beta;
        int regular = isfinite(out->velocity.x) && isfinite(out->velocity.f) && out->scale > 0;
        status = regular ? ITP_OK : ITP_E_SINGULAR;
    }
    return status;
}

int itp_drift_exists(itp_solving *solving, const itp_node *at, double k)
{
    itp_affine factors;
    prediction_at prediction;
    return !at->beyond && !drift_factors(solving, at, k, &factors) && !predict(solving, at, &prediction);
}

static const char *reason(int status)
{
    switch (status) {
    case ITP_E_SINGULAR: return "a coefficient has no finite limit";
    case ITP_E_RANGE: return "the model's schedule does not reach the node";
    case ITP_E_MEMORY: return "no memory for the rows";
    case ITP_E_CALLBACK: return "a callback failed";
    default: return "internal error";
    }
}

/* Adds a row at x and rewrites x by the row's own state. A point mass start has no x to speak of: the network sees a
 * fresh draw of its own kind. */
static int evaluate(itp_solving *solving, itp_form *x, const itp_node *at, prediction_at *out)
{
    int status = solving->status ? solving->status : predict(solving, at, out);
    if (!status) {
        double scale = scale_at(solving, at);
        itp_form state = scale > 0 ? itp_form_add(itp_form_zero(), out->scale / scale, *x)
                                   : itp_form_column(ITP_IS_NORMAL, 0, out->scale * at->w);
        status = itp_rows_evaluate(&solving->rows, state, out->time, at->u, at->t);
        *x = itp_form_column(ITP_IS_STATE, solving->rows.count - 1, scale / out->scale);
    }
    if (status == ITP_E_RANGE) {
        status = ITP_E_GRID;
        return fail(solving, status, reason(ITP_E_RANGE), at);
    }
    return status ? fail(solving, status, reason(status), at) : ITP_OK;
}

itp_form itp_drift(itp_solving *solving, itp_form *x, const itp_node *at, double k)
{
    prediction_at prediction = {0};
    itp_affine factors = {0, 0};
    int status = solving->status ? solving->status : drift_factors(solving, at, k, &factors);
    if (status) {
        fail(solving, status, reason(status), at);
        return itp_form_zero();
    }
    if (evaluate(solving, x, at, &prediction)) {
        return itp_form_zero();
    }
    int32_t i = solving->rows.count - 1;
    solving->rows.row[i].keep_state = factors.x / prediction.scale + factors.f * prediction.velocity.x;
    solving->rows.row[i].keep_output = factors.f * prediction.velocity.f;
    return itp_form_column(ITP_IS_KEPT, i, 1);
}

itp_form itp_along_velocity(itp_solving *solving, itp_form *x, const itp_node *at, const itp_node *to)
{
    prediction_at prediction = {0};
    if (evaluate(solving, x, at, &prediction)) {
        return itp_form_zero();
    }
    int32_t i = solving->rows.count - 1;
    double step = to->w == 0 ? at->w : to->u - at->u, scale = scale_at(solving, to);
    itp_form z = itp_form_column(ITP_IS_STATE, i, 1 / prediction.scale + step * prediction.velocity.x);
    z = itp_form_add(z, step * prediction.velocity.f, itp_form_column(ITP_IS_OUTPUT, i, 1));
    return itp_form_add(itp_form_zero(), scale, z);
}

itp_form itp_final_state(itp_solving *solving, itp_form x, const itp_node *at)
{
    double model_scale = 1, scale = scale_at(solving, at);
    if (at->w > 0) {
        int status = itp_schedule_scale(solving->model->schedule, at->u, at->w, &model_scale);
        if (status) {
            fail(solving, status, reason(status), at);
        }
    }
    return itp_form_add(itp_form_zero(), model_scale / scale, x);
}

static double variance_between(itp_solving *solving, double t0, double t1)
{
    double variance = NAN;
    int status = itp_schedule_variance(solving->sampling, t0, t1, &variance);
    if (status && !solving->status) {
        solving->status = itp_fail(solving->log, status, "schedule: no variance from t = %g to %g.", t0, t1);
    }
    return variance;
}

typedef struct varying {
    itp_solving *solving;
    const itp_node *from;
} varying;

/* 2 k eps* at a time inside the step. */
static double noise_rate(void *user, double t)
{
    varying *of = user;
    itp_node node;
    itp_at at;
    int status = itp_node_at(of->solving->sampling, t, &node);
    status = status ? status : itp_schedule_at(of->solving->sampling, t, &at);
    if (status) {
        fail(of->solving, status, reason(status), of->from);
        return 0;
    }
    return 2 * itp_k_at(of->solving, &node) * at.eps;
}

/* A constant k has the schedule's exact variance; one that varies is integrated. */
double itp_noise_variance(itp_solving *solving, const itp_node *from, const itp_node *to)
{
    if (solving->k_fn) {
        varying of = {solving, from};
        return itp_integral(noise_rate, &of, from->t, to->t);
    }
    return solving->k > 0 ? solving->k * variance_between(solving, from->t, to->t) : 0;
}
