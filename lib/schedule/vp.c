/* Variance preserving schedules: alpha^2 + beta^2 = 1, a point (alpha, beta) = (cos a, sin a) on the circle. With the
 * rate a' of its angle: alpha' = -beta a', beta' = alpha a', W = a', alpha'/W = -beta, beta'/W = alpha. */
#include <math.h>

#include "schedule/schedule.h"

static const double HALF_PI = 1.5707963267948966;

static void circle(itp_at *out, double alpha, double beta, double rate, double inv_rate)
{
    out->alpha = alpha;
    out->beta = beta;
    out->dalpha_W = -beta;
    out->dbeta_W = alpha;
    out->W = rate;
    out->du = rate / (alpha + beta) / (alpha + beta);
    out->inv_W = inv_rate;
}

/* int 2 eps* dt = log of the growth of beta^2. */
static double variance(const itp_schedule *schedule, double t0, double t1)
{
    itp_at from, to;
    schedule->family->at(schedule, t0, &from);
    schedule->family->at(schedule, t1, &to);
    return from.beta > 0 ? 2 * log1p((to.beta - from.beta) / from.beta) : INFINITY;
}

/* alpha = cos(pi t/2): written as a sine, it is exactly 0 at t = 1. */
static int trig_at(const itp_schedule *schedule, double t, itp_at *out)
{
    (void)schedule;
    circle(out, t > 0 ? sin(HALF_PI * (1 - t)) : 1, t < 1 ? sin(HALF_PI * t) : 1, HALF_PI, 1 / HALF_PI);
    out->dalpha = -out->beta * HALF_PI;
    out->dbeta = out->alpha * HALF_PI;
    out->eps = out->alpha * HALF_PI / out->beta;
    return ITP_OK;
}

static int trig_time(const itp_schedule *schedule, double u, double w, double *t)
{
    (void)schedule;
    *t = atan2(u, w) / HALF_PI;
    return ITP_OK;
}

static int sqrt_at(const itp_schedule *schedule, double t, itp_at *out)
{
    (void)schedule;
    double alpha = sqrt(1 - t), beta = sqrt(t);
    circle(out, alpha, beta, 1 / (2 * alpha * beta), 2 * alpha * beta);
    out->dalpha = -1 / (2 * alpha);
    out->dbeta = 1 / (2 * beta);
    out->eps = 1 / (2 * t);
    return ITP_OK;
}

static int sqrt_time(const itp_schedule *schedule, double u, double w, double *t)
{
    (void)schedule;
    *t = u * u / (u * u + w * w);
    return ITP_OK;
}

static int sphere_at(const itp_schedule *schedule, double t, itp_at *out)
{
    (void)schedule;
    double alpha = sqrt((1 - t) * (1 + t));
    circle(out, alpha, t, 1 / alpha, alpha);
    out->dalpha = -t / alpha;
    out->dbeta = 1;
    out->eps = 1 / t;
    return ITP_OK;
}

static int sphere_time(const itp_schedule *schedule, double u, double w, double *t)
{
    (void)schedule;
    *t = u / hypot(u, w);
    return ITP_OK;
}

/* B(s) = beta_min s + (beta_max - beta_min) s^2/2 at s = 1 - t. At s = 0 alpha grows like sqrt(B): with infinite rate,
 * but for beta_min = 0. */
static int sde_at(const itp_schedule *schedule, double t, itp_at *out)
{
    double s = 1 - t, slope = schedule->beta_max - schedule->beta_min;
    double B = schedule->beta_min * s + slope * s * s / 2, dB = schedule->beta_min + slope * s;
    double alpha = sqrt(-expm1(-B)), beta = exp(-B / 2);
    double rate = alpha > 0 || dB > 0 ? dB / (2 * alpha) : sqrt(slope / 2);
    circle(out, alpha, beta, beta * rate, 1 / (beta * rate));
    out->dalpha = -beta * beta * rate;
    out->dbeta = beta * dB / 2;
    out->eps = dB / 2;
    return ITP_OK;
}

/* B = log(1 + w^2/u^2), then the root of a quadratic in s. */
static int sde_time(const itp_schedule *schedule, double u, double w, double *t)
{
    double B = log1p(w / u * (w / u)), low = schedule->beta_min, slope = schedule->beta_max - low;
    *t = B > 0 ? 1 - 2 * B / (low + sqrt(low * low + 2 * slope * B)) : 1;
    return ITP_OK;
}

const itp_family itp_family_vp = {trig_at, trig_time, variance, NULL};
const itp_family itp_family_sqrt = {sqrt_at, sqrt_time, variance, NULL};
const itp_family itp_family_sphere = {sphere_at, sphere_time, variance, NULL};
const itp_family itp_family_vp_sde = {sde_at, sde_time, variance, NULL};
