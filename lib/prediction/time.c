/* How the network wants its time named. */
#include <float.h>
#include <math.h>

#include "base/float_env.h"
#include "base/named.h"
#include "prediction/prediction.h"
#include "schedule/table.h"

static const itp_label NAMES[] = {
    {ITP_TIME_T, "t"},         {ITP_TIME_REVERSED, "1-t"},          {ITP_TIME_THOUSAND, "1000(1-t)"},
    {ITP_TIME_INDEX, "index"}, {ITP_TIME_LOG_SIGMA, "log-sigma/4"}, {ITP_TIME_USER, "user"},
};
enum { COUNT = sizeof NAMES / sizeof NAMES[0] };

int32_t itp_time_find(const char *name)
{
    return itp_named_find(NAMES, COUNT, name);
}

const char *itp_time_name(int32_t id)
{
    return itp_named_name(NAMES, COUNT, id);
}

int32_t itp_time_id(int32_t i)
{
    return itp_named_id(NAMES, COUNT, i);
}

static int user_time(const itp_network *model, const itp_at *at, double *time)
{
    itp_roomy_point point = itp_point_of(at);
    *time = NAN; /* until it is written */
    return model->time_fn(model->user, &point.known, time) ? ITP_E_CALLBACK : ITP_OK;
}

/* Networks look the number up, or cut it to an integer: it is whole where t is, but for its rounding. */
static double thousand(double t)
{
    double time = 1000 * (1 - t), whole = floor(time + .5);
    return fabs(t - (1 - whole / 1000)) <= DBL_EPSILON ? whole : time;
}

/* Whole at the samples. */
static double table_index(const itp_schedule *table, double t)
{
    double last = table->samples - 1, sample = itp_table_position(table, t);
    if (sample == floor(sample)) {
        return table->index_decreases ? last - sample : sample;
    }
    return last * (table->index_decreases ? 1 - t : t);
}

int itp_model_time_at(const itp_network *model, const itp_at *at, double *time)
{
    switch (model->time) {
    case ITP_TIME_T: *time = at->t; break;
    case ITP_TIME_REVERSED: *time = 1 - at->t; break;
    case ITP_TIME_THOUSAND: *time = thousand(at->t); break;
    case ITP_TIME_INDEX: *time = table_index(model->schedule, at->t); break;
    case ITP_TIME_LOG_SIGMA: *time = (log(at->w) - log(at->u)) / 4; break;
    default: {
        int status = user_time(model, at, time);
        return status ? status : isfinite(*time) ? ITP_OK : ITP_E_SINGULAR;
    }
    }
    return isfinite(*time) ? ITP_OK : ITP_E_SINGULAR;
}

static ITP_APART int model_time(const itp_model_desc *desc, double t, double *time)
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

int itp_model_time(const itp_model_desc *desc, double t, double *time)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, model_time(desc, t, time));
}
