/* What a network is, from the caller's description, and one prediction from another. */
#include "prediction/prediction.h"

#include <math.h>

#include "base/float_env.h"
#include "base/sized.h"
#include "prediction/views.h"

static int check_callbacks(const itp_network *model, const itp_report *log)
{
    if (model->prediction == ITP_PREDICT_AFFINE && !model->affine) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: affine is NULL, the prediction \"affine\" needs it.");
    }
    if (model->time == ITP_TIME_USER && !model->time_fn) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: time_fn is NULL, the time \"user\" needs it.");
    }
    return ITP_OK;
}

static int check(const itp_network *model, const itp_report *log)
{
    if (!model->row) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: prediction %d is unknown.", (int)model->prediction);
    }
    if (!model->time_at) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: time %d is unknown.", (int)model->time);
    }
    if (model->time == ITP_TIME_INDEX && !model->schedule->samples) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: time \"index\" needs a table as the model's schedule.");
    }
    if (!(model->sigma_data >= 0 && isfinite(model->sigma_data))) {
        return itp_fail(log, ITP_E_RANGE, "sigma_data: %g, it must be positive and finite, or 0.", model->sigma_data);
    }
    return check_callbacks(model, log);
}

int itp_model_from(const itp_model *desc, const itp_report *log, itp_network *out)
{
    itp_model known = ITP_MODEL_INIT;
    int status = desc ? itp_struct_read(&known, sizeof known, desc) : ITP_OK;
    if (status) {
        return itp_fail(log, status, "model: its size field is wrong, or it has fields that this library lacks.");
    }
    status = itp_schedule_check(known.schedule, log, "model.schedule");
    if (status) {
        return status;
    }
    int32_t prediction = known.prediction ? known.prediction : ITP_PREDICT_VELOCITY;
    int32_t time = known.time ? known.time : ITP_TIME_T;
    itp_network model = {itp_prediction_row_of(prediction),
                         itp_model_time_of(time),
                         known.schedule ? known.schedule : itp_schedule_linear(),
                         prediction,
                         time,
                         known.sigma_data,
                         known.affine,
                         known.time_fn,
                         known.user};
    *out = model;
    status = check(out, log);
    if (out->sigma_data == 0) {
        out->sigma_data = 0.5;
    }
    return status;
}

static int unread(const itp_report *log, const char *field, const char *kind, const char *name)
{
    return itp_fail(log, ITP_E_UNSUPPORTED, "%s: given, but %s \"%s\" does not read it; leave it out.", field, kind,
                    name);
}

int itp_model_unread(const itp_network *model, const itp_model *desc, const itp_report *log)
{
    itp_model given = ITP_MODEL_INIT;
    const char *prediction = itp_kind_name(&itp_kind_prediction, model->prediction);
    if (desc) {
        (void)itp_struct_read(&given, sizeof given, desc);
    }
    if (given.sigma_data != 0 && model->prediction != ITP_PREDICT_EDM) {
        return unread(log, "sigma_data", "prediction", prediction);
    }
    if (given.affine && model->prediction != ITP_PREDICT_AFFINE) {
        return unread(log, "affine", "prediction", prediction);
    }
    return given.time_fn && model->time != ITP_TIME_USER
               ? unread(log, "time_fn", "time", itp_kind_name(&itp_kind_time, model->time))
               : ITP_OK;
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

int itp_model_data(const itp_network *model, const itp_at *at, itp_affine *out)
{
    itp_views views;
    int status = model->row->views(model, at, &views);
    *out = views.data;
    return status;
}

int itp_model_noise(const itp_network *model, const itp_at *at, itp_affine *out)
{
    itp_views views;
    int status = model->row->views(model, at, &views);
    *out = views.noise;
    return status;
}

int itp_model_velocity(const itp_network *model, const itp_at *at, itp_affine *out)
{
    itp_views views;
    int status = model->row->views(model, at, &views);
    *out = views.velocity;
    return status;
}

/* G = x + f F written with the prediction `to`, from (x, X - Z) -> G: the inverse of its view of the velocity. */
static int from_velocity(const itp_network *model, const itp_at *at, int32_t to, const itp_views *views,
                         itp_affine *out)
{
    itp_views target;
    int status = itp_prediction_row_of(to)->views(model, at, &target);
    out->x = (views->velocity.x - target.velocity.x) / target.velocity.f;
    out->f = views->velocity.f / target.velocity.f;
    return status;
}

static int scalars(const itp_network *model, const itp_at *at, int32_t to, itp_affine *out)
{
    const itp_prediction_row *row = itp_prediction_row_of(to);
    itp_views views;
    int status = model->row->views(model, at, &views);
    if (status || to == model->prediction) {
        itp_affine same = {0, 1};
        *out = same;
        return status;
    }
    if (!row->write) {
        return from_velocity(model, at, to, &views, out);
    }
    *out = row->write(at, &views);
    return ITP_OK;
}

static int finite_scalars(const itp_network *model, double t, int32_t to, itp_affine *out)
{
    itp_at at;
    int status = itp_schedule_at(model->schedule, t, &at);
    status = status ? status : scalars(model, &at, to, out);
    return status || (isfinite(out->x) && isfinite(out->f)) ? status : ITP_E_SINGULAR;
}

static ITP_APART int prediction_scalars(const itp_model *desc, double t, int32_t to, double *a, double *b)
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
    if (!itp_kind_name(&itp_kind_prediction, to) || to == ITP_PREDICT_AFFINE) {
        return ITP_E_UNSUPPORTED;
    }
    status = finite_scalars(&model, t, to, &out);
    if (!status) {
        *a = out.x;
        *b = out.f;
    }
    return status;
}

int itp_prediction_scalars(const itp_model *desc, double t, int32_t to, double *a, double *b)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, prediction_scalars(desc, t, to, a, b));
}
