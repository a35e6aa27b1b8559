#include "prediction/model.h"

#include <math.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/sized.h"
#include "prediction/time.h"
#include "prediction/views.h"

static int check_callbacks(const itp_network *model, const itp_report *log)
{
    if (model->of.prediction == ITP_PREDICT_AFFINE && !model->of.affine) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: affine is NULL, the prediction \"affine\" needs it.");
    }
    if (model->of.time == ITP_TIME_USER && !model->of.time_fn) {
        return itp_fail(log, ITP_E_ARGUMENT, "model: time_fn is NULL, the time \"user\" needs it.");
    }
    return ITP_OK;
}

static int check(const itp_network *model, int32_t prediction, int32_t time, const itp_report *log)
{
    int status = itp_choice_check(&itp_kind_prediction, "prediction", prediction, log);
    status = status ? status : itp_choice_check(&itp_kind_time, "time", time, log);
    if (status) {
        return status;
    }
    if (time == ITP_TIME_INDEX && !model->schedule->samples) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "model: time \"index\" needs a table as the model's schedule.");
    }
    if (!(model->of.sigma_data >= 0 && isfinite(model->of.sigma_data))) {
        return itp_fail(log, ITP_E_RANGE, "sigma_data: %g, it must be positive and finite, or 0.",
                        model->of.sigma_data);
    }
    return check_callbacks(model, log);
}

int itp_model_from(const itp_model *desc, const itp_report *log, itp_network *out)
{
    const itp_model blank = ITP_MODEL_INIT;
    int status = itp_struct_read(&out->of, sizeof out->of, desc ? desc : &blank);
    if (status) {
        return itp_fail(log, status, "model: its size field is wrong, or it has fields that this library lacks.");
    }
    status = itp_schedule_check(out->of.schedule, log, "model.schedule");
    if (status) {
        return status;
    }
    int32_t prediction = out->of.prediction ? out->of.prediction : ITP_PREDICT_VELOCITY;
    int32_t time = out->of.time ? out->of.time : ITP_TIME_T;
    out->row = itp_prediction_row_of(prediction);
    out->time_at = itp_model_time_of(time);
    out->schedule = out->of.schedule ? out->of.schedule : itp_schedule_linear();
    out->sigma_data = itp_real_or(out->of.sigma_data, 0.5);
    return check(out, prediction, time, log);
}

int itp_model_unread(const itp_network *model, const itp_report *log)
{
    const itp_model *given = &model->of;
    int status = itp_fields_unread(&itp_kind_prediction, &model->row->named, given, log);
    int idle = given->time_fn && given->time != ITP_TIME_USER;
    int alone = given->user && !given->affine && !given->time_fn;
    status = status ? status : itp_idle_check(log, idle, "time_fn", "the time \"user\"");
    return status ? status : itp_idle_check(log, alone, "user", "a callback");
}
