/* A schedule inside the library: a family's functions and its parameters. */
#ifndef ITP_SCHEDULE_SCHEDULE_H
#define ITP_SCHEDULE_SCHEDULE_H

#include <interp/schedule.h>

#include "base/count.h"
#include "base/kind.h"
#include "base/log.h"
#include "base/memory.h"

/* Everything about one time. Products that stay finite where their factors do not are fields of their own: each family
 * fills them in closed form. */
typedef struct itp_at {
    double t;
    double alpha, beta, dalpha, dbeta;
    double u, w; /* beta/(alpha+beta) and alpha/(alpha+beta), each accurate where it is small */
    double W, eps;
    double du;                       /* du/dt = W/(alpha+beta)^2 */
    double inv_W, dalpha_W, dbeta_W; /* 1/W, alpha'/W, beta'/W */
} itp_at;

typedef struct itp_family {
    /* Fills everything but t, u and w, which are set unless the family has set them (u to NaN before). */
    int (*at)(const itp_schedule *schedule, double t, itp_at *out);
    /* The time of the position (u, w), which lies in the schedule's range. */
    int (*time)(const itp_schedule *schedule, double u, double w, double *t);
    /* int 2 eps dt; NULL: by quadrature. */
    double (*variance)(const itp_schedule *schedule, double t0, double t1);
    /* The factor of the data prediction in the drift at a start with alpha = beta = 0, for eps = k eps*, where it has a
     * limit (the state's own factor is then 0). NULL: there is none. Returns NaN where the limit does not exist. */
    double (*start)(const itp_schedule *schedule, double k);
} itp_family;

typedef struct itp_table itp_table;
typedef struct itp_clock itp_clock;

struct itp_schedule {
    itp_count count;
    const itp_family *family;
    itp_memory memory;
    itp_schedule_desc desc; /* as it was described; its lists are the schedule's own */
    int32_t kind;
    double u_first, w_first, u_last, w_last; /* positions of t = 0 and t = 1 */
    double beta_min, beta_max;               /* vp-sde */
    double sigma;                            /* ve: sigma_max; edm: sigma_data */
    double k, s;                             /* lazy */
    const itp_clock *clock;
    itp_table *table;
    itp_schedule_fn values;
    itp_schedule_inverse_fn inverse;
    void *user;
    int32_t user_parts;
    int32_t samples;         /* table: how many */
    int32_t index_decreases; /* table: index 0 is the data end */
};

extern const itp_family itp_family_linear, itp_family_vp, itp_family_vp_sde, itp_family_sqrt, itp_family_sphere,
    itp_family_ve, itp_family_edm, itp_family_lazy, itp_family_table, itp_family_user;

extern const itp_kind itp_kind_schedule, itp_kind_clock, itp_kind_betas;

/* Takes what a lazy family reads from schedule->desc. */
int itp_lazy_prepare(itp_schedule *schedule, const itp_report *log);

/* With every default. */
extern const itp_schedule itp_standard_lazy, itp_standard_point_mass;

/* The linear schedule, for a model that names none. */
const itp_schedule *itp_schedule_linear(void);

/* ITP_E_UNSUPPORTED, with a sentence that begins with `field`: it is what itp_schedule_of gives for an unknown name.
 * NULL is none. */
int itp_schedule_check(const itp_schedule *schedule, const itp_report *log, const char *field);

/* Holds it, until itp_schedule_drop; NULL is allowed. Returns it. */
const itp_schedule *itp_schedule_keep(const itp_schedule *schedule);
void itp_schedule_drop(const itp_schedule *schedule);

/* t in [0, 1]. ITP_E_CALLBACK from a user's callback. */
int itp_schedule_at(const itp_schedule *schedule, double t, itp_at *out);

/* The time of a position; ITP_E_RANGE when the schedule does not reach it (beyond rounding). */
int itp_schedule_locate(const itp_schedule *schedule, double u, double w, double *t);

/* `schedule`, or, where it is "ve" with its default range and that begins after (u, w), a copy in `room` that begins
 * there. */
const itp_schedule *itp_schedule_reaching(const itp_schedule *schedule, double u, double w, itp_schedule *room);

/* alpha + beta where the schedule is at (u, w); outside its range the value at the nearer end. */
int itp_schedule_scale(const itp_schedule *schedule, double u, double w, double *scale);

/* Fills W and the quotients from alpha, beta and their derivatives where these are finite; eps = alpha W/beta. */
void itp_at_complete(itp_at *at);

#endif
