/* alpha = 1 - t, beta = t. */
#include <math.h>

#include "schedule/schedule.h"

static int at(const itp_schedule *schedule, double t, itp_at *out)
{
    (void)schedule;
    out->alpha = out->w = 1 - t;
    out->beta = out->u = t;
    out->dalpha = out->dalpha_W = -1;
    out->dbeta = out->dbeta_W = out->W = out->inv_W = out->du = 1;
    out->eps = (1 - t) / t;
    return ITP_OK;
}

static int time_at(const itp_schedule *schedule, double u, double w, double *t)
{
    (void)schedule;
    (void)w;
    *t = u;
    return ITP_OK;
}

/* int 2 (1 - t)/t dt = 2 log(t1/t0) - 2 (t1 - t0), written for t1 near t0 too. */
static double variance(const itp_schedule *schedule, double t0, double t1)
{
    (void)schedule;
    return t0 > 0 ? 2 * (log1p((t1 - t0) / t0) - (t1 - t0)) : INFINITY;
}

const itp_family itp_family_linear = {at, time_at, variance, NULL};

const itp_schedule *itp_schedule_linear(void)
{
    static const itp_schedule linear = {.count = ITP_COUNT_FOREVER,
                                        .family = &itp_family_linear,
                                        .desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LINEAR},
                                        .kind = ITP_SCHEDULE_LINEAR,
                                        .u_first = 0,
                                        .w_first = 1,
                                        .u_last = 1,
                                        .w_last = 0};
    return &linear;
}
