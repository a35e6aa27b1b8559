#include "prediction/model.h"

#include <math.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/sized.h"
#include "prediction/time.h"
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
    int status = itp_choice_check(&itp_kind_prediction, "prediction", model->prediction, log);
    status = status ? status : itp_choice_check(&itp_kind_time, "time", model->time, log);
    if (status) {
        return status;
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

int itp_model_unread(const itp_network *model, const itp_model *desc, const itp_report *log)
{
    itp_model given = ITP_MODEL_INIT;
    if (desc) {
        (void)itp_struct_read(&given, sizeof given, desc);
    }
    int status = itp_fields_unread(&itp_kind_prediction, &model->row->named, &given, log);
    int idle = given.time_fn && model->time != ITP_TIME_USER, alone = given.user && !given.affine && !given.time_fn;
    status = status ? status : itp_idle_check(log, idle, "time_fn", "the time \"user\"");
    return status ? status : itp_idle_check(log, alone, "user", "a callback");
}
