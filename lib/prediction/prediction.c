#include "prediction/prediction.h"

#include <math.h>

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

int itp_model_time_at(const itp_network *model, const itp_at *at, double *time)
{
    int status = model->time_at(model, at, time);
    return status || isfinite(*time) ? status : ITP_E_SINGULAR;
}
