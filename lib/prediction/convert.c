/* What a network's description says of its output and its time, for those who ask. */
#include <math.h>

#include "base/float_env.h"
#include "prediction/model.h"
#include "prediction/views.h"

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
    if (status || to == model->row->named.id) {
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

static ITP_APART int model_time(const itp_model *desc, double t, double *time)
{
    itp_network model;
    itp_at at;
    if (!time) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_model_from(desc, NULL, &model);
    if (status || !(t >= 0 && t <= 1)) {
        return status ? status : ITP_E_RANGE;
    }
    status = itp_schedule_at(model.schedule, t, &at);
    double value = 0;
    status = status ? status : itp_model_time_at(&model, &at, &value);
    if (!status) {
        *time = value;
    }
    return status;
}

int itp_model_time(const itp_model *desc, double t, double *time)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, model_time(desc, t, time));
}
