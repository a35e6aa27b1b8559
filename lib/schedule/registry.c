/* Names, descriptors, creation. */
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/named.h"
#include "base/sized.h"
#include "schedule/schedule.h"
#include "schedule/table.h"

typedef struct row {
    itp_named named;
    const itp_family *family;
} row;

/* The first one is the default. */
static const row ROWS[] = {
    {{ITP_WORDS("linear", "condot,rectified-flow,rf", "alpha = 1 - t, beta = t"), ITP_SCHEDULE_LINEAR, 0},
     &itp_family_linear},
    {{ITP_WORDS("vp", "gvp,cosine,trigonometric", "alpha = cos(pi t/2), beta = sin(pi t/2)"), ITP_SCHEDULE_VP, 0},
     &itp_family_vp},
    {{ITP_WORDS("vp-sde", "vpsde", "Song's, beta_min to beta_max"), ITP_SCHEDULE_VP_SDE, 0}, &itp_family_vp_sde},
    {{ITP_WORDS("sqrt", "", "alpha = sqrt(1 - t), beta = sqrt(t)"), ITP_SCHEDULE_SQRT, 0}, &itp_family_sqrt},
    {{ITP_WORDS("sphere", "", "alpha = sqrt(1 - t^2), beta = t"), ITP_SCHEDULE_SPHERE, 0}, &itp_family_sphere},
    {{ITP_WORDS("ve", "", "alpha = sigma_max (1 - t), beta = 1"), ITP_SCHEDULE_VE, 0}, &itp_family_ve},
    {{ITP_WORDS("edm", "", "what an EDM network sees, c_in x"), ITP_SCHEDULE_EDM, 0}, &itp_family_edm},
    {{ITP_WORDS("lazy", "", "no drift on Gaussian data, for k"), ITP_SCHEDULE_LAZY, 0}, &itp_family_lazy},
    {{ITP_WORDS("point-mass", "foellmer", "lazy for k > 0, from a point"), ITP_SCHEDULE_POINT_MASS, 0},
     &itp_family_lazy},
    {{ITP_WORDS("table", "", "samples of the caller's"), ITP_SCHEDULE_TABLE, 0}, &itp_family_table},
    {{ITP_WORDS("user", "", "the caller's function of t"), ITP_SCHEDULE_USER, 0}, &itp_family_user},
};
const itp_kind itp_kind_schedule = {
    .name = "schedule", .rows = ROWS, .stride = sizeof ROWS[0], .count = sizeof ROWS / sizeof ROWS[0]};

int32_t itp_schedule_find(const char *name)
{
    return itp_kind_find_id(&itp_kind_schedule, name);
}

const char *itp_schedule_name(int32_t kind)
{
    return itp_kind_name_of(&itp_kind_schedule, kind);
}

int32_t itp_schedule_id(int32_t i)
{
    return itp_kind_id_at(&itp_kind_schedule, i);
}

static void fill_in(itp_schedule_desc *d)
{
    d->kind = d->kind ? d->kind : ITP_SCHEDULE_LINEAR;
    d->k = itp_real_or(d->k, d->kind == ITP_SCHEDULE_POINT_MASS);
    d->s = itp_real_or(d->s, 1);
    d->beta_min = d->beta_min < 0 ? 0 : itp_real_or(d->beta_min, .1);
    d->beta_max = itp_real_or(d->beta_max, 20);
    d->sigma_max = itp_real_or(d->sigma_max, 80);
    d->sigma_data = itp_real_or(d->sigma_data, .5);
}

static const itp_family *family_of(int32_t kind)
{
    const row *of = (const void *)itp_kind_of(&itp_kind_schedule, kind);
    return of ? of->family : NULL;
}

static int positive(const itp_report *log, const char *name, double value)
{
    return value > 0 && isfinite(value)
               ? ITP_OK
               : itp_fail(log, ITP_E_RANGE, "%s: %g, it must be positive and finite.", name, value);
}

static int lazy_parameters(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log)
{
    double k = desc->k;
    if (!(k >= 0 && k <= 64)) {
        return itp_fail(log, ITP_E_RANGE, "k: %g, it must be 0 to 64.", k);
    }
    if (desc->clock < ITP_CLOCK_DEFAULT || desc->clock > ITP_CLOCK_IDENTITY) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "clock: %d is unknown.", (int)desc->clock);
    }
    schedule->k = k;
    schedule->s = desc->s;
    schedule->clock = desc->clock ? desc->clock : k > 0 ? ITP_CLOCK_BETA : ITP_CLOCK_ANGLE;
    return positive(log, "s", desc->s);
}

static int vp_sde_parameters(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log)
{
    schedule->beta_min = desc->beta_min;
    schedule->beta_max = desc->beta_max;
    if (!(desc->beta_max >= desc->beta_min)) {
        return itp_fail(log, ITP_E_RANGE, "beta_min, beta_max: %g, %g; beta_min is at most beta_max.", desc->beta_min,
                        desc->beta_max);
    }
    return positive(log, "beta_max", desc->beta_max);
}

static int user_parameters(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log)
{
    schedule->values = desc->values;
    schedule->inverse = desc->inverse;
    schedule->user = desc->user;
    schedule->user_parts = desc->user_parts;
    if (desc->user_parts & ~ITP_USER_DERIVATIVES) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "user_parts: %d has unknown bits.", (int)desc->user_parts);
    }
    return desc->values ? ITP_OK : itp_fail(log, ITP_E_ARGUMENT, "values: NULL, but a user's schedule needs it.");
}

static int parameters(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log)
{
    switch (desc->kind) {
    case ITP_SCHEDULE_VP_SDE: return vp_sde_parameters(schedule, desc, log);
    case ITP_SCHEDULE_VE: schedule->sigma = desc->sigma_max; return positive(log, "sigma_max", desc->sigma_max);
    case ITP_SCHEDULE_EDM: schedule->sigma = desc->sigma_data; return positive(log, "sigma_data", desc->sigma_data);
    case ITP_SCHEDULE_LAZY:
    case ITP_SCHEDULE_POINT_MASS: return lazy_parameters(schedule, desc, log);
    case ITP_SCHEDULE_TABLE: return itp_table_new(schedule, desc, log);
    case ITP_SCHEDULE_USER: return user_parameters(schedule, desc, log);
    default: return ITP_OK;
    }
}

/* A user's schedule is looked at before anybody relies on it. */
static int monotone(const itp_schedule *schedule, const itp_report *log)
{
    enum { LOOKS = 64 };
    itp_at before, at;
    for (int i = 0; i <= LOOKS; i++) {
        double t = (double)i / LOOKS;
        int status = itp_schedule_at(schedule, t, &at);
        if (status) {
            return itp_fail(log, status, "values: the callback failed or gave impossible values at t = %g.", t);
        }
        if (at.alpha + at.beta == 0 && i > 0) {
            return itp_fail(log, ITP_E_SCHEDULE, "values: alpha and beta are both 0 at t = %g.", t);
        }
        if (i > 0 && !(at.u * before.w > before.u * at.w)) {
            return itp_fail(log, ITP_E_SCHEDULE, "values: beta/alpha does not increase up to t = %g.", t);
        }
        before = at;
    }
    return ITP_OK;
}

static int prepare(itp_schedule *schedule, const itp_schedule_desc *desc, const itp_report *log)
{
    itp_at first, last;
    int status = parameters(schedule, desc, log);
    if (!status && desc->kind == ITP_SCHEDULE_USER) {
        status = monotone(schedule, log);
    }
    status = status ? status : itp_schedule_at(schedule, 0, &first);
    status = status ? status : itp_schedule_at(schedule, 1, &last);
    if (!status) {
        schedule->u_first = first.u;
        schedule->w_first = first.w;
        schedule->u_last = last.u;
        schedule->w_last = last.w;
    }
    return status;
}

static int create(const itp_schedule_desc *desc, const itp_report *log, itp_schedule **out)
{
    itp_memory memory;
    int status = itp_desc_memory(desc->env, log, &memory);
    if (status) {
        return status;
    }
    if (!family_of(desc->kind)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "kind: %d is unknown.", (int)desc->kind);
    }
    itp_schedule *schedule = itp_memory_array(&memory, 1, sizeof *schedule);
    if (!schedule) {
        return itp_fail(log, ITP_E_MEMORY, "no memory for a schedule.");
    }
    schedule->memory = memory;
    schedule->desc = *desc;
    schedule->kind = desc->kind;
    schedule->family = family_of(desc->kind);
    status = prepare(schedule, desc, log);
    if (status) {
        itp_schedule_free(schedule);
        schedule = NULL;
    }
    *out = schedule;
    return status;
}

static ITP_APART int schedule_new(const itp_schedule_desc *desc, itp_schedule **out)
{
    itp_schedule_desc known;
    itp_report log;
    if (!out) {
        return ITP_E_ARGUMENT;
    }
    *out = NULL;
    int status = itp_desc_read(&known, sizeof known, desc, offsetof(itp_schedule_desc, env), &log);
    if (!status) {
        fill_in(&known);
        status = create(&known, &log, out);
    }
    return itp_report_end(&log, status);
}

int itp_schedule_new(const itp_schedule_desc *desc, itp_schedule **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, schedule_new(desc, out));
}

int itp_schedule_make(int32_t kind, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = kind;
    return itp_schedule_new(&desc, out);
}

void itp_schedule_free(itp_schedule *schedule)
{
    if (schedule) {
        itp_memory memory = schedule->memory;
        itp_table_free(schedule);
        itp_memory_free(&memory, schedule, sizeof *schedule);
    }
}
