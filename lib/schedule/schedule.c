/* What all families share: evaluation, inverse, variance. */
#include "schedule/schedule.h"

#include <math.h>

#include "base/float_env.h"
#include "base/root.h"
#include "base/sized.h"

void itp_at_complete(itp_at *at)
{
    at->W = at->alpha * at->dbeta - at->dalpha * at->beta;
    at->eps = at->alpha == 0 && isfinite(at->W) && at->beta > 0 ? 0 : at->alpha * at->W / at->beta;
    at->du = at->W / (at->alpha + at->beta) / (at->alpha + at->beta);
    at->inv_W = 1 / at->W;
    at->dalpha_W = at->dalpha / at->W;
    at->dbeta_W = at->dbeta / at->W;
}

int itp_schedule_at(const itp_schedule *schedule, double t, itp_at *out)
{
    out->u = out->w = NAN;
    int status = schedule->family->at(schedule, t, out);
    out->t = t;
    if (!status && isnan(out->u)) {
        double sum = out->alpha + out->beta;
        out->u = sum > 0 ? out->beta / sum : 0;
        out->w = sum > 0 ? out->alpha / sum : 1;
    }
    return status;
}

/* Positions come from other schedules and carry their rounding: a hair beyond an end is that end. */
static int beyond(double small, double end)
{
    return small < end * (1 - 1e-9);
}

int itp_schedule_locate(const itp_schedule *schedule, double u, double w, double *t)
{
    if (beyond(u, schedule->u_first) || beyond(w, schedule->w_last)) {
        return ITP_E_RANGE;
    }
    if (u <= schedule->u_first || w <= schedule->w_last) {
        *t = u <= schedule->u_first ? 0 : 1;
        return ITP_OK;
    }
    *t = 0;
    int status = schedule->family->time(schedule, u, w, t);
    *t = *t > 0 ? fmin(*t, 1) : 0;
    return status;
}

int itp_schedule_scale(const itp_schedule *schedule, double u, double w, double *scale)
{
    itp_at at;
    double t = beyond(u, schedule->u_first) ? 0 : 1;
    if (!beyond(u, schedule->u_first) && !beyond(w, schedule->w_last)) {
        int status = itp_schedule_locate(schedule, u, w, &t);
        if (status) {
            return status;
        }
    }
    int status = itp_schedule_at(schedule, t, &at);
    *scale = at.alpha + at.beta;
    return status;
}

static ITP_APART int schedule_eval(const itp_schedule *schedule, double t, itp_schedule_point *out)
{
    if (!schedule || !out) {
        return ITP_E_ARGUMENT;
    }
    if (!(t >= 0 && t <= 1)) {
        return ITP_E_RANGE;
    }
    itp_at at;
    int status = itp_schedule_at(schedule, t, &at);
    if (status || isnan(at.W) || isnan(at.eps)) {
        return status ? status : ITP_E_SINGULAR;
    }
    double r = at.w > 0 ? at.u / at.w : INFINITY;
    itp_schedule_point point = {sizeof point, t, at.alpha, at.beta, at.dalpha, at.dbeta, at.u, r, log(r), at.W, at.eps};
    return itp_struct_write(out, &point, sizeof point);
}

int itp_schedule_eval(const itp_schedule *schedule, double t, itp_schedule_point *out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_eval(schedule, t, out));
}

static ITP_APART int schedule_time_of_r(const itp_schedule *schedule, double r, double *t)
{
    if (!schedule || !t) {
        return ITP_E_ARGUMENT;
    }
    if (!(r >= 0)) {
        return ITP_E_RANGE;
    }
    return isinf(r) ? itp_schedule_locate(schedule, 1, 0, t)
                    : itp_schedule_locate(schedule, r / (1 + r), 1 / (1 + r), t);
}

int itp_schedule_time_of_r(const itp_schedule *schedule, double r, double *t)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_time_of_r(schedule, r, t));
}

static ITP_APART int schedule_time_of_u(const itp_schedule *schedule, double u, double *t)
{
    if (!schedule || !t) {
        return ITP_E_ARGUMENT;
    }
    return u >= 0 && u <= 1 ? itp_schedule_locate(schedule, u, 1 - u, t) : ITP_E_RANGE;
}

int itp_schedule_time_of_u(const itp_schedule *schedule, double u, double *t)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_time_of_u(schedule, u, t));
}

typedef struct integrand {
    const itp_schedule *schedule;
    int status;
} integrand;

static double twice_eps(void *user, double t)
{
    integrand *of = user;
    itp_at at;
    int status = itp_schedule_at(of->schedule, t, &at);
    of->status = of->status ? of->status : status;
    return status ? 0 : 2 * at.eps;
}

static int variance_by_quadrature(const itp_schedule *schedule, double t0, double t1, double *variance)
{
    integrand of = {schedule, ITP_OK};
    *variance =
        isinf(twice_eps(&of, t0)) || isinf(twice_eps(&of, t1)) ? INFINITY : itp_integral(twice_eps, &of, t0, t1);
    return of.status;
}

static ITP_APART int schedule_variance(const itp_schedule *schedule, double t0, double t1, double *variance)
{
    if (!schedule || !variance) {
        return ITP_E_ARGUMENT;
    }
    if (!(t0 >= 0 && t0 <= t1 && t1 <= 1)) {
        return ITP_E_RANGE;
    }
    if (t0 < t1 && !schedule->family->variance) {
        return variance_by_quadrature(schedule, t0, t1, variance);
    }
    *variance = t0 < t1 ? schedule->family->variance(schedule, t0, t1) : 0;
    return ITP_OK;
}

int itp_schedule_variance(const itp_schedule *schedule, double t0, double t1, double *variance)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_variance(schedule, t0, t1, variance));
}
