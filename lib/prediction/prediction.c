/* Each prediction is a way to write E[X | x] and E[Z | x] with the network's input x and output F; every conversion is
 * made of these. X - Z = data - noise is the velocity of the linear schedule, regular at both ends for velocity-like
 * predictions. With m = alpha + beta, N = alpha^2 + sigma_data^2 beta^2, n = sqrt(alpha^2 + beta^2). */
#include "prediction/prediction.h"

#include <math.h>

#include "base/float_env.h"
#include "base/named.h"
#include "base/sized.h"

static const itp_label NAMES[] = {
    {ITP_PREDICT_VELOCITY, "velocity"}, {ITP_PREDICT_DATA, "data"},
    {ITP_PREDICT_NOISE, "noise"},       {ITP_PREDICT_SCORE, "score"},
    {ITP_PREDICT_EDM, "edm"},           {ITP_PREDICT_SALIMANS_V, "salimans-v"},
    {ITP_PREDICT_AFFINE, "affine"},     {ITP_PREDICT_NEGATIVE_VELOCITY, "negative-velocity"},
};
enum { COUNT = sizeof NAMES / sizeof NAMES[0] };

int32_t itp_prediction_find(const char *name)
{
    return itp_named_find(NAMES, COUNT, name);
}

const char *itp_prediction_name(int32_t id)
{
    return itp_named_name(NAMES, COUNT, id);
}

int32_t itp_prediction_id(int32_t i)
{
    return itp_named_id(NAMES, COUNT, i);
}

int itp_model_desc_init(void *desc, size_t size)
{
    const itp_model_desc defaults = ITP_MODEL_DESC_INIT;
    return itp_struct_defaults(desc, size, &defaults, sizeof defaults);
}

static int check_callbacks(const itp_network *model, const itp_log *log)
{
    if (model->prediction == ITP_PREDICT_AFFINE && !model->affine) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: affine is NULL, the prediction \"affine\" needs it.");
    }
    if (model->time == ITP_TIME_USER && !model->time_fn) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: time_fn is NULL, the time \"user\" needs it.");
    }
    return ITP_OK;
}

static int check(const itp_network *model, const itp_log *log)
{
    if (!itp_prediction_name(model->prediction)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: prediction %d is unknown.", (int)model->prediction);
    }
    if (!itp_time_name(model->time)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: time %d is unknown.", (int)model->time);
    }
    if (model->time == ITP_TIME_INDEX && !model->schedule->samples) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: time \"index\" needs a table as the model's schedule.");
    }
    if (model->prediction == ITP_PREDICT_EDM && !(model->sigma_data > 0 && isfinite(model->sigma_data))) {
        return itp_fail(log, ITP_E_RANGE, "model: sigma_data is %g, it must be positive.", model->sigma_data);
    }
    return check_callbacks(model, log);
}

int itp_model_from(const itp_model_desc *desc, const itp_log *log, itp_network *out)
{
    itp_model_desc known = ITP_MODEL_DESC_INIT;
    int status = desc ? itp_struct_read(&known, sizeof known, desc) : ITP_OK;
    if (status) {
        return itp_fail(log, status, "model: the descriptor's size is wrong or it has unknown fields.");
    }
    itp_network model = {known.schedule ? known.schedule : itp_schedule_linear(),
                         known.prediction,
                         known.time,
                         known.sigma_data,
                         known.affine,
                         known.time_fn,
                         known.user};
    *out = model;
    return check(out, log);
}

int itp_model_at(const itp_network *model, double u, double w, itp_at *out)
{
    double t;
    int status = itp_schedule_locate(model->schedule, u, w, &t);
    return status ? status : itp_schedule_at(model->schedule, t, out);
}

itp_roomy_point itp_point_of(const itp_at *at)
{
    double r = at->w > 0 ? at->u / at->w : INFINITY;
    itp_roomy_point point = {.known = {sizeof point.known, at->t, at->alpha, at->beta, at->dalpha, at->dbeta, at->u, r,
                                       log(r), at->W, at->eps}};
    return point;
}

static itp_affine pair(double x, double f)
{
    itp_affine out = {x, f};
    return out;
}

static double edm_norm(const itp_network *model, const itp_at *at)
{
    double data = model->sigma_data * at->beta;
    return at->alpha * at->alpha + data * data;
}

/* Where W is infinite a velocity network's finite output says nothing of the part that its velocity is infinite by:
 * 1/W, unless what it multiplies is 0 too. */
static double inverse_W(const itp_at *at, double part)
{
    return at->inv_W == 0 && part > 0 ? NAN : at->inv_W;
}

static int user_affine(const itp_network *model, const itp_at *at, itp_affine *out)
{
    itp_roomy_point point = itp_point_of(at);
    *out = pair(NAN, NAN); /* until it is written */
    return model->affine(model->user, &point.known, &out->x, &out->f) ? ITP_E_CALLBACK : ITP_OK;
}

int itp_model_data(const itp_network *model, const itp_at *at, itp_affine *out)
{
    double a = at->alpha, b = at->beta, sd = model->sigma_data, n2 = a * a + b * b;
    switch (model->prediction) {
    case ITP_PREDICT_VELOCITY: *out = pair(-at->dalpha_W, a * inverse_W(at, a)); break;
    case ITP_PREDICT_NEGATIVE_VELOCITY: *out = pair(-at->dalpha_W, -a * inverse_W(at, a)); break;
    case ITP_PREDICT_DATA: *out = pair(0, 1); break;
    case ITP_PREDICT_NOISE: *out = pair(1 / b, -a / b); break;
    case ITP_PREDICT_SCORE: *out = pair(1 / b, a * a / b); break;
    case ITP_PREDICT_SALIMANS_V: *out = pair(b / n2, -a / sqrt(n2)); break;
    case ITP_PREDICT_EDM: *out = pair(sd * sd * b / edm_norm(model, at), a * sd / sqrt(edm_norm(model, at))); break;
    default: return user_affine(model, at, out);
    }
    return ITP_OK;
}

int itp_model_noise(const itp_network *model, const itp_at *at, itp_affine *out)
{
    double a = at->alpha, b = at->beta, sd = model->sigma_data, n2 = a * a + b * b;
    switch (model->prediction) {
    case ITP_PREDICT_VELOCITY: *out = pair(at->dbeta_W, -b * inverse_W(at, b)); break;
    case ITP_PREDICT_NEGATIVE_VELOCITY: *out = pair(at->dbeta_W, b * inverse_W(at, b)); break;
    case ITP_PREDICT_DATA: *out = pair(1 / a, -b / a); break;
    case ITP_PREDICT_NOISE: *out = pair(0, 1); break;
    case ITP_PREDICT_SCORE: *out = pair(0, -a); break;
    case ITP_PREDICT_SALIMANS_V: *out = pair(a / n2, b / sqrt(n2)); break;
    case ITP_PREDICT_EDM: *out = pair(a / edm_norm(model, at), -b * sd / sqrt(edm_norm(model, at))); break;
    default: {
        int status = user_affine(model, at, out);
        *out = pair((1 - b * out->x) / a, -b * out->f / a);
        return status;
    }
    }
    return ITP_OK;
}

/* data - noise, in a form of its own where the difference of the two would divide by zero. */
int itp_model_velocity(const itp_network *model, const itp_at *at, itp_affine *out)
{
    double a = at->alpha, b = at->beta, m = a + b, sd = model->sigma_data, n2 = a * a + b * b;
    itp_affine data = {0, 0};
    switch (model->prediction) {
    case ITP_PREDICT_VELOCITY: *out = pair(-(at->dalpha_W + at->dbeta_W), m * inverse_W(at, m)); break;
    case ITP_PREDICT_NEGATIVE_VELOCITY: *out = pair(-(at->dalpha_W + at->dbeta_W), -m * inverse_W(at, m)); break;
    case ITP_PREDICT_DATA: *out = pair(-1 / a, m / a); break;
    case ITP_PREDICT_NOISE: *out = pair(1 / b, -m / b); break;
    case ITP_PREDICT_SCORE: *out = pair(1 / b, a * m / b); break;
    case ITP_PREDICT_SALIMANS_V: *out = pair((b - a) / n2, -m / sqrt(n2)); break;
    case ITP_PREDICT_EDM:
        *out = pair((sd * sd * b - a) / edm_norm(model, at), m * sd / sqrt(edm_norm(model, at)));
        break;
    default: {
        int status = user_affine(model, at, &data);
        *out = pair((m * data.x - 1) / a, m * data.f / a);
        return status;
    }
    }
    return ITP_OK;
}

/* G = x + f F written with the prediction `to`, from (x, X - Z) -> G: the inverse of itp_model_velocity. */
static int from_velocity(const itp_network *model, const itp_at *at, int32_t to, itp_affine *out)
{
    itp_affine velocity = {0, 0}, target = {0, 0};
    itp_network other = *model;
    other.prediction = to;
    int status = itp_model_velocity(model, at, &velocity);
    status = status ? status : itp_model_velocity(&other, at, &target);
    *out = pair((velocity.x - target.x) / target.f, velocity.f / target.f);
    return status;
}

/* The velocity alpha' Z + beta' X = ((alpha' + beta') x + W (X - Z))/m. */
static int schedule_velocity(const itp_network *model, const itp_at *at, double sign, itp_affine *out)
{
    itp_affine velocity = {0, 0};
    int status = itp_model_velocity(model, at, &velocity);
    double m = at->alpha + at->beta, turn = sign * at->W / m;
    *out = pair(sign * (at->dalpha + at->dbeta) / m + turn * velocity.x, turn * velocity.f);
    return status;
}

static int scalars(const itp_network *model, const itp_at *at, int32_t to, itp_affine *out)
{
    int status = ITP_OK;
    if (to == model->prediction) {
        *out = pair(0, 1);
        return ITP_OK;
    }
    switch (to) {
    case ITP_PREDICT_DATA: return itp_model_data(model, at, out);
    case ITP_PREDICT_NOISE: return itp_model_noise(model, at, out);
    case ITP_PREDICT_SCORE:
        status = itp_model_noise(model, at, out);
        *out = pair(-out->x / at->alpha, -out->f / at->alpha);
        return status;
    case ITP_PREDICT_VELOCITY: return schedule_velocity(model, at, 1, out);
    case ITP_PREDICT_NEGATIVE_VELOCITY: return schedule_velocity(model, at, -1, out);
    default: return from_velocity(model, at, to, out);
    }
}

static int finite_scalars(const itp_network *model, double t, int32_t to, itp_affine *out)
{
    itp_at at;
    int status = itp_schedule_at(model->schedule, t, &at);
    status = status ? status : scalars(model, &at, to, out);
    return status || (isfinite(out->x) && isfinite(out->f)) ? status : ITP_E_SINGULAR;
}

static ITP_APART int prediction_scalars(const itp_model_desc *desc, double t, int32_t to, double *a, double *b)
{
    itp_network model;
    itp_affine out = {0, 0};
    if (!a || !b) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_model_from(desc, NULL, &model);
    if (status || !(t >= 0 && t <= 1)) {
        return status ? status : ITP_E_RANGE;
    }
    if (!itp_prediction_name(to) || to == ITP_PREDICT_AFFINE) {
        return ITP_E_UNSUPPORTED;
    }
    status = finite_scalars(&model, t, to, &out);
    if (!status) {
        *a = out.x;
        *b = out.f;
    }
    return status;
}

int itp_prediction_scalars(const itp_model_desc *desc, double t, int32_t to, double *a, double *b)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, prediction_scalars(desc, t, to, a, b));
}
