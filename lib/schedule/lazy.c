/* Lazy families (2602.03789): zero drift on N(0, s^2 I) data for eps = k eps*; every k > 0 starts in a point mass.
 *
 * With rho = sqrt(q), eta = sqrt(1 - q) and the clock's rate g = rho'/eta:
 *   alpha = s rho^k eta,  beta = rho^(1+k),  W = s rho^(2k) g,  eps* = s^2 rho^(2k-1) eta g. */
#include <math.h>

#include "schedule/schedule.h"

static const double HALF_PI = 1.5707963267948966;

typedef struct clock_at {
    double rho, eta;
    double g; /* rho'/eta; infinite at t = 1 of the beta clock, at its t = 0 too for k > 0 */
} clock_at;

struct itp_clock {
    itp_named named;
    clock_at (*at)(const itp_schedule *schedule, double t);
    double (*time)(const itp_schedule *schedule, double u, double w);
    void (*rates)(const itp_schedule *schedule, double t, const clock_at *c, itp_at *out); /* and beta */
};

static clock_at angle_clock(const itp_schedule *schedule, double t)
{
    (void)schedule;
    clock_at at = {t < 1 ? sin(HALF_PI * t) : 1, t > 0 ? sin(HALF_PI * (1 - t)) : 1, HALF_PI};
    return at;
}

/* rho = t^(1/(1+k)); rho' = rho/((1+k) t). */
static clock_at beta_clock(const itp_schedule *schedule, double t)
{
    double k = schedule->k;
    double rho = pow(t, 1 / (1 + k));
    double eta = t > 0 ? sqrt(fabs(expm1(2 / (1 + k) * log(t)))) : 1; /* at t = 1 0, and not -0 */
    clock_at at = {rho, eta, k > 0 ? rho / ((1 + k) * t * eta) : 1 / eta};
    if (t == 0 && k > 0) {
        at.g = INFINITY;
    }
    return at;
}

static clock_at identity_clock(const itp_schedule *schedule, double t)
{
    double s = schedule->s;
    double norm = hypot(1 - t, s * t);
    clock_at at = {s * t / norm, (1 - t) / norm, s / (norm * norm)};
    return at;
}

/* beta = t has the plain derivatives 1 and s (k eta/rho - rho/eta)/(1 + k); the general form has 0 times infinity. */
static void beta_clock_rates(const itp_schedule *schedule, double t, const clock_at *c, itp_at *out)
{
    double k = schedule->k, s = schedule->s, rho_k = pow(c->rho, k);
    out->beta = t;
    out->dbeta = 1;
    out->dalpha = s * ((k > 0 ? k * c->eta / c->rho : 0) - c->rho / c->eta) / (1 + k);
    out->W = s * rho_k / ((1 + k) * c->eta);
    out->inv_W = (1 + k) * c->eta / (s * rho_k);
    out->eps = s * s * (k == 1 ? 1 : pow(c->rho, k - 1)) / (1 + k);
}

static void smooth_clock_rates(const itp_schedule *schedule, double t, const clock_at *c, itp_at *out)
{
    (void)t;
    double k = schedule->k, s = schedule->s, rho_k = pow(c->rho, k);
    double inner = k > 0 ? k * pow(c->rho, k - 1) * c->eta * c->eta : 0;
    out->beta = rho_k * c->rho;
    out->dbeta = (1 + k) * rho_k * c->eta * c->g;
    out->dalpha = s * (inner - rho_k * c->rho) * c->g;
    out->W = s * rho_k * rho_k * c->g;
    out->inv_W = 1 / out->W;
    out->eps = s * s * pow(c->rho, 2 * k - 1) * c->eta * c->g;
}

static int at(const itp_schedule *schedule, double t, itp_at *out)
{
    double k = schedule->k, s = schedule->s;
    clock_at c = schedule->clock->at(schedule, t);
    double rho_k = pow(c.rho, k), inner = k > 0 ? k * pow(c.rho, k - 1) * c.eta * c.eta : 0;
    out->alpha = s * rho_k * c.eta;
    double norm = c.rho + s * c.eta;
    out->u = c.rho / norm;
    out->w = s * c.eta / norm;
    out->du = s * c.g / (norm * norm);
    out->dalpha_W = (inner - rho_k * c.rho) / (rho_k * rho_k);
    out->dbeta_W = (1 + k) * c.eta / (s * rho_k);
    schedule->clock->rates(schedule, t, &c, out);
    return ITP_OK;
}

static double angle_time(const itp_schedule *schedule, double u, double w)
{
    return atan2(schedule->s * u, w) / HALF_PI;
}

static double beta_time(const itp_schedule *schedule, double u, double w)
{
    double rho = schedule->s * u / hypot(w, schedule->s * u);
    return pow(rho, 1 + schedule->k);
}

static double identity_time(const itp_schedule *schedule, double u, double w)
{
    (void)schedule;
    (void)w;
    return u;
}

static const itp_clock CLOCKS[] = {
    {{ITP_WORDS("default", "own", "angle for k = 0, beta for k > 0"), ITP_CLOCK_DEFAULT, 0}, NULL, NULL, NULL},
    {{ITP_WORDS("angle", "", "q = sin^2(pi t/2)"), ITP_CLOCK_ANGLE, 0}, angle_clock, angle_time, smooth_clock_rates},
    {{ITP_WORDS("beta", "", "beta = t"), ITP_CLOCK_BETA, 0}, beta_clock, beta_time, beta_clock_rates},
    {{ITP_WORDS("identity", "", "the linear schedule's times"), ITP_CLOCK_IDENTITY, 0},
     identity_clock,
     identity_time,
     smooth_clock_rates},
};
const itp_kind itp_kind_clock = {
    .name = "clock", .rows = CLOCKS, .stride = sizeof CLOCKS[0], .count = sizeof CLOCKS / sizeof CLOCKS[0]};

int itp_lazy_prepare(itp_schedule *schedule, const itp_report *log)
{
    const itp_schedule_desc *desc = &schedule->desc;
    int32_t own = desc->k > 0 ? ITP_CLOCK_BETA : ITP_CLOCK_ANGLE;
    (void)log;
    schedule->k = desc->k;
    schedule->s = desc->s;
    schedule->clock = (const void *)itp_kind_of(&itp_kind_clock, desc->clock ? desc->clock : own);
    return ITP_OK;
}

static int time_at(const itp_schedule *schedule, double u, double w, double *t)
{
    *t = schedule->clock->time(schedule, u, w);
    return ITP_OK;
}

/* int 2 eps* dt = s^2 (q1^k - q0^k)/k, and s^2 log(q1/q0) for k = 0: finite from t = 0 on for every k > 0. */
static double variance(const itp_schedule *schedule, double t0, double t1)
{
    double k = schedule->k, s2 = schedule->s * schedule->s;
    double rho0 = schedule->clock->at(schedule, t0).rho, rho1 = schedule->clock->at(schedule, t1).rho;
    if (!(rho0 > 0)) {
        return k > 0 ? s2 * pow(rho1, 2 * k) / k : INFINITY;
    }
    double growth = 2 * log1p((rho1 - rho0) / rho0);
    return s2 * (k > 0 ? pow(rho0, 2 * k) * expm1(k * growth) / k : growth);
}

/* The drift (eta_X - q^((1-k)/2) x)/(1-q) beta' at q = 0, x = 0. */
static double start(const itp_schedule *schedule, double k)
{
    itp_at first;
    at(schedule, 0, &first);
    return k == schedule->k ? first.dbeta : NAN;
}

const itp_family itp_family_lazy = {at, time_at, variance, start};

const itp_schedule itp_standard_lazy = {.count = ITP_COUNT_FOREVER,
                                        .family = &itp_family_lazy,
                                        .desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_LAZY},
                                        .kind = ITP_SCHEDULE_LAZY,
                                        .w_first = 1,
                                        .u_last = 1,
                                        .s = 1,
                                        .clock = &CLOCKS[ITP_CLOCK_ANGLE]};
const itp_schedule itp_standard_point_mass = {.count = ITP_COUNT_FOREVER,
                                              .family = &itp_family_lazy,
                                              .desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_POINT_MASS},
                                              .kind = ITP_SCHEDULE_POINT_MASS,
                                              .w_first = 1,
                                              .u_last = 1,
                                              .k = 1,
                                              .s = 1,
                                              .clock = &CLOCKS[ITP_CLOCK_BETA]};
