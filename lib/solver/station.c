#include "solver/station.h"

#include <math.h>

enum { SAMPLING = 1, NETWORK = 2, DIFFUSION = 4, LOG_U = 8, LOG_W = 16 };

void itp_station_begin(itp_station *station, const itp_node *node)
{
    station->u = node->u;
    station->w = node->w;
    station->t = node->t;
    station->beyond = node->beyond;
    station->has = 0;
}

void itp_station_begin_untimed(itp_station *station, double u, double w)
{
    itp_node node = {.u = u, .w = w};
    itp_station_begin(station, &node);
}

itp_node itp_station_node(const itp_station *station)
{
    return (itp_node){station->u, station->w, station->t, station->beyond};
}

double itp_station_minus_log_w(itp_station *station)
{
    if (!(station->has & LOG_W)) {
        station->log_w = log(station->w);
        station->has |= LOG_W;
    }
    return -station->log_w;
}

double itp_station_lambda(itp_station *station)
{
    if (!(station->has & LOG_U)) {
        station->log_u = log(station->u);
        station->has |= LOG_U;
    }
    return station->log_u + itp_station_minus_log_w(station);
}

int itp_station_sampling(itp_station *station, const itp_schedule *sampling)
{
    if (!(station->has & SAMPLING)) {
        station->sampling_status = itp_schedule_at(sampling, station->t, &station->sampling);
        station->has |= SAMPLING;
    }
    return station->sampling_status;
}

int itp_station_begin_at(itp_station *station, const itp_schedule *sampling, double t)
{
    itp_node node = {NAN, NAN, t, 0};
    itp_station_begin(station, &node);
    if (!itp_station_sampling(station, sampling)) {
        station->u = station->sampling.u;
        station->w = station->sampling.w;
    }
    return station->sampling_status;
}

static int is_finite(itp_affine of)
{
    return isfinite(of.x) && isfinite(of.f);
}

static int ask_network(itp_station *station, const itp_network *model)
{
    itp_at at;
    int status = itp_model_at(model, station->u, station->w, &at);
    status = status ? status : model->row->views(model, &at, &station->views);
    status = status ? status : itp_model_time_at(model, &at, &station->time);
    if (status) {
        return status;
    }
    station->network_scale = at.alpha + at.beta;
    return is_finite(station->views.velocity) && station->network_scale > 0 ? ITP_OK : ITP_E_SINGULAR;
}

int itp_station_network(itp_station *station, const itp_network *model)
{
    if (!(station->has & NETWORK)) {
        station->network_status = ask_network(station, model);
        station->has |= NETWORK;
    }
    return station->network_status;
}

int itp_station_k(itp_station *station, const itp_diffusion *diffusion)
{
    if (!(station->has & DIFFUSION)) {
        station->k_status = itp_diffusion_at(diffusion, station->u, station->w, &station->k);
        station->has |= DIFFUSION;
    }
    return station->k_status;
}

itp_affine itp_station_data(const itp_station *station)
{
    return is_finite(station->views.data) ? station->views.data : (itp_affine){0, 0};
}
