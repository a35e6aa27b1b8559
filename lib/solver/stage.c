#include "solver/stage.h"

#include <math.h>

#include "prediction/views.h"

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

static int fail(itp_solving *solving, int status, const char *what, const itp_node *at)
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

itp_k_at itp_k_of(itp_solving *solving, const itp_node *at)
{
    itp_k_at k = itp_no_noise;
    int status = itp_diffusion_at(&solving->diffusion, at->u, at->w, &k);
    if (status == ITP_E_RANGE) {
        fail(solving, status, "k, diffusion: negative, not finite, or outside diffusion_schedule", at);
    } else if (status) {
        fail(solving, status, "diffusion_schedule: its callback failed", at);
    }
    k.k *= 1 - solving->k_left_out;
    k.k_u *= 1 - solving->k_left_out;
    return status ? itp_no_noise : k;
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

itp_form itp_start_form(itp_solving *solving, const itp_node *at)
{
    return itp_form_column(ITP_IS_NORMAL, 0, scale_at(solving, at) * at->w);
}

/* Factors of z and v in the drift. At a point mass, where C = 0, the family knows the limit: g times the data
 * prediction z + v (w = 1 there), the state itself being 0. */
static int drift_factors(const itp_schedule *sampling, const itp_node *node, itp_k_at k, itp_affine *out)
{
    itp_at at;
    int status = itp_schedule_at(sampling, node->t, &at);
    if (status) {
        return status;
    }
    double scale = at.alpha + at.beta;
    if (scale == 0) {
        const itp_family *family = sampling->family;
        out->x = out->f = family->start ? family->start(sampling, k.k) : NAN;
    } else {
        out->x = at.dalpha + at.dbeta - (k.k_u > 0 ? k.k_u * at.W / scale : 0);
        out->f = (1 + k.k) * at.W / scale;
    }
    return isfinite(out->x) && isfinite(out->f) ? ITP_OK : ITP_E_SINGULAR;
}

/* What the network says at a node: v = velocity.x y + velocity.f F, with y = scale z. */
typedef struct prediction_at {
    itp_at at; /* of the model's schedule */
    double scale, time;
    itp_affine velocity, data; /* data: zeros where it has no finite coefficients */
} prediction_at;

static int is_finite(itp_affine of)
{
    return isfinite(of.x) && isfinite(of.f);
}

static int predict(const itp_network *model, const itp_node *node, prediction_at *out)
{
    static const itp_affine nothing = {0, 0};
    itp_views views;
    int status = itp_model_at(model, node->u, node->w, &out->at);
    status = status ? status : model->row->views(model, &out->at, &views);
    status = status ? status : itp_model_time_at(model, &out->at, &out->time);
    if (!status) {
        out->scale = out->at.alpha + out->at.beta;
        out->velocity = views.velocity;
        out->data = is_finite(views.data) ? views.data : nothing;
        status = is_finite(out->velocity) && out->scale > 0 ? ITP_OK : ITP_E_SINGULAR;
    }
    return status;
}

int itp_drift_exists(itp_solving *solving, const itp_node *at, itp_k_at k)
{
    itp_affine factors;
    prediction_at prediction;
    return !at->beyond && !drift_factors(solving->sampling, at, k, &factors) &&
           !predict(solving->model, at, &prediction);
}

int itp_drift_scalars(const itp_schedule *sampling, const itp_network *model, const itp_node *at, itp_k_at k,
                      itp_drift_at *out)
{
    itp_affine factors = {0, 0};
    prediction_at prediction = {0};
    itp_at here;
    int status = drift_factors(sampling, at, k, &factors);
    status = status ? status : predict(model, at, &prediction);
    status = status ? status : itp_schedule_at(sampling, at->t, &here);
    if (!status) {
        double scale = here.alpha + here.beta;
        out->time = prediction.time;
        out->data = prediction.data;
        out->to_network = prediction.scale / scale;
        out->state = factors.x / scale + factors.f * prediction.velocity.x * out->to_network;
        out->output = factors.f * prediction.velocity.f;
        status = scale > 0 ? ITP_OK : ITP_E_SINGULAR;
    }
    return status;
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } REASONS[] = {{ITP_E_SINGULAR, "model: a coefficient has no finite limit"},
                   {ITP_E_RANGE, "the model's schedule does not reach the node"},
                   {ITP_E_MEMORY, "no memory for the rows"},
                   {ITP_E_CALLBACK, "a callback failed"}};
    size_t i = 0, count = sizeof REASONS / sizeof REASONS[0];
    while (i < count && REASONS[i].status != status) {
        i++;
    }
    return i < count ? REASONS[i].text : itp_status_string(status);
}

/* A step whose first evaluation is made at the state that the step before has left ends that step with a row's result.
 * (One that is evaluated at a state with noise added does not.) */
static void note_end(itp_solving *solving, const itp_form *x)
{
    if (solving->fresh && solving->rows.count > 0) {
        solving->rows.row[solving->rows.count - 1].ends_step = itp_form_equal(x, solving->begin);
    }
    solving->fresh = 0;
}

/* Adds a row at x and rewrites x by the row's own state. A point mass start has no x to speak of: the network sees a
 * fresh draw of its own kind. */
static int evaluate(itp_solving *solving, itp_form *x, const itp_node *at, prediction_at *out)
{
    int status = solving->status ? solving->status : predict(solving->model, at, out);
    if (!status) {
        double scale = scale_at(solving, at);
        note_end(solving, x);
        if (scale > 0) {
            itp_form_scale(x, out->scale / scale);
        } else {
            *x = itp_form_column(ITP_IS_NORMAL, 0, out->scale * at->w);
        }
        status = itp_rows_evaluate(&solving->rows, x, out->time, at->u, at->t);
        if (!status) {
            itp_row *row = &solving->rows.row[solving->rows.count - 1];
            row->step = solving->step;
            row->scale = out->scale;
            row->data_state = out->data.x;
            row->data_output = out->data.f;
        }
        *x = itp_form_column(ITP_IS_STATE, solving->rows.count - 1, scale / out->scale);
    }
    return status ? fail(solving, status == ITP_E_RANGE ? ITP_E_GRID : status, reason(status), at) : ITP_OK;
}

itp_form itp_drift(itp_solving *solving, itp_form *x, const itp_node *at, itp_k_at k)
{
    prediction_at prediction = {0};
    itp_affine factors = {0, 0};
    int status = solving->status ? solving->status : drift_factors(solving->sampling, at, k, &factors);
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

itp_form itp_predict(itp_solving *solving, itp_form *x, const itp_node *at, int32_t what, itp_form *z)
{
    prediction_at prediction = {0};
    itp_affine form = {0, 0};
    if (evaluate(solving, x, at, &prediction)) {
        z->count = z->full = 0;
        return itp_form_zero();
    }
    int32_t i = solving->rows.count - 1;
    int status = ITP_OK;
    if (what == ITP_PREDICT_VELOCITY) {
        form = prediction.velocity;
    } else {
        status = (what == ITP_PREDICT_DATA ? itp_model_data : itp_model_noise)(solving->model, &prediction.at, &form);
    }
    if (!status && !(isfinite(form.x) && isfinite(form.f))) {
        status = ITP_E_SINGULAR;
    }
    if (status) {
        fail(solving, status, reason(status), at);
    }
    solving->rows.row[i].keep_state = form.x;
    solving->rows.row[i].keep_output = form.f;
    *z = itp_form_column(ITP_IS_STATE, i, 1 / prediction.scale);
    return itp_form_column(ITP_IS_KEPT, i, 1);
}

int itp_ends_before(const itp_solving *solving, const itp_node *at)
{
    return solving->ends == ITP_ENDS_INSIDE && at->w <= 0x1p-25;
}

void itp_from_linear(itp_solving *solving, itp_form *z, const itp_node *at)
{
    itp_form_scale(z, scale_at(solving, at));
}

void itp_to_linear(itp_solving *solving, itp_form *x, const itp_node *at)
{
    itp_form_scale(x, 1 / scale_at(solving, at));
}

void itp_remember(itp_solving *solving, const itp_form *form, const itp_node *at)
{
    for (int32_t i = ITP_HISTORY - 1; i > 0; i--) {
        solving->past[i] = solving->past[i - 1];
        solving->past_at[i] = solving->past_at[i - 1];
        solving->past_clock[i] = solving->past_clock[i - 1];
    }
    solving->past[0] = *form;
    solving->past_at[0] = *at;
    solving->past_clock[0] = NAN;
    solving->past_count += solving->past_count < ITP_HISTORY;
}

void itp_predict_and_remember(itp_solving *solving, itp_form *x, const itp_node *at, int32_t what)
{
    itp_form prediction = itp_predict(solving, x, at, what, x);
    itp_remember(solving, &prediction, at);
}

void itp_drift_and_remember(itp_solving *solving, itp_form *x, const itp_node *at, itp_k_at k)
{
    itp_form drift = itp_drift(solving, x, at, k);
    itp_remember(solving, &drift, at);
}

int itp_node_of(itp_solving *solving, double u, double w, itp_node *out)
{
    out->u = u;
    out->w = w;
    out->t = 1;
    out->beyond = 0;
    int status = itp_schedule_locate(solving->sampling, u, w, &out->t);
    return status ? fail(solving, ITP_E_GRID, "the schedule sampled under does not reach a stage", out) : ITP_OK;
}

int itp_node_of_lambda(itp_solving *solving, double lambda, itp_node *out)
{
    return itp_node_of(solving, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}

itp_form itp_along_last_row(itp_solving *solving, const itp_node *at, const itp_node *to)
{
    prediction_at prediction = {0};
    int32_t i = solving->rows.count - 1;
    int status = solving->status ? solving->status : predict(solving->model, at, &prediction);
    if (status) {
        fail(solving, status, reason(status), at);
        return itp_form_zero();
    }
    double step = to->w == 0 ? at->w : to->u - at->u;
    itp_form z = itp_form_column(ITP_IS_STATE, i, 1 / prediction.scale + step * prediction.velocity.x);
    itp_form_increase_by(&z, step * prediction.velocity.f, ITP_IS_OUTPUT, i);
    return z;
}

void itp_along_velocity(itp_solving *solving, itp_form *x, const itp_node *at, const itp_node *to)
{
    prediction_at prediction = {0};
    if (!evaluate(solving, x, at, &prediction)) {
        *x = itp_along_last_row(solving, at, to);
        itp_from_linear(solving, x, to);
    }
}

void itp_finish_state(itp_solving *solving, itp_form *x, const itp_node *at)
{
    double model_scale = 1, scale = scale_at(solving, at);
    if (at->w > 0) {
        int status = itp_schedule_scale(solving->model->schedule, at->u, at->w, &model_scale);
        if (status) {
            fail(solving, status, reason(status), at);
        }
    }
    itp_form_scale(x, model_scale / scale);
}
