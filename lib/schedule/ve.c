/* Schedules made for sigma = alpha/beta: VE (alpha = sigma, beta = 1) and the input of an EDM network. */
#include <math.h>

#include "schedule/schedule.h"

static const double HALF_PI = 1.5707963267948966;

static int ve_at(const itp_schedule *schedule, double t, itp_at *out)
{
    out->alpha = schedule->sigma * (1 - t);
    out->beta = 1;
    out->dalpha = -schedule->sigma;
    out->dbeta = 0;
    itp_at_complete(out);
    return ITP_OK;
}

static int ve_time(const itp_schedule *schedule, double u, double w, double *t)
{
    *t = 1 - w / u / schedule->sigma;
    return ITP_OK;
}

/* int -2 sigma sigma' dt. */
static double ve_variance(const itp_schedule *schedule, double t0, double t1)
{
    return schedule->sigma * schedule->sigma * (t1 - t0) * ((1 - t0) + (1 - t1));
}

/* The highest level of a caller who names none; networks' own may be higher (DDPM's betas: 157). */
static const double COMMON_LEVEL = 80;

const itp_schedule *itp_schedule_reaching(const itp_schedule *schedule, double u, double w, itp_schedule *room)
{
    if (schedule->kind != ITP_SCHEDULE_VE || schedule->sigma != COMMON_LEVEL || !(u > 0) || u >= schedule->u_first) {
        return schedule;
    }
    *room = *schedule;
    room->sigma = w / u;
    room->u_first = u;
    room->w_first = w;
    return room;
}

static int edm_at(const itp_schedule *schedule, double t, itp_at *out)
{
    double cosine = t > 0 ? sin(HALF_PI * (1 - t)) : 1, sine = t < 1 ? sin(HALF_PI * t) : 1;
    out->alpha = cosine;
    out->beta = sine / schedule->sigma;
    out->dalpha = -HALF_PI * sine;
    out->dbeta = HALF_PI * cosine / schedule->sigma;
    out->W = HALF_PI / schedule->sigma;
    out->du = out->W / (out->alpha + out->beta) / (out->alpha + out->beta);
    out->inv_W = schedule->sigma / HALF_PI;
    out->dalpha_W = -sine * schedule->sigma;
    out->dbeta_W = cosine;
    out->eps = HALF_PI * cosine / sine;
    return ITP_OK;
}

static int edm_time(const itp_schedule *schedule, double u, double w, double *t)
{
    *t = atan2(schedule->sigma * u, w) / HALF_PI;
    return ITP_OK;
}

static double edm_variance(const itp_schedule *schedule, double t0, double t1)
{
    (void)schedule;
    return t0 > 0 ? 2 * log(sin(HALF_PI * t1) / sin(HALF_PI * t0)) : INFINITY;
}

const itp_family itp_family_ve = {ve_at, ve_time, ve_variance, NULL};
const itp_family itp_family_edm = {edm_at, edm_time, edm_variance, NULL};
