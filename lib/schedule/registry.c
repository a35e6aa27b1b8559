/* Names, descriptors, creation. */
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"
#include "schedule/schedule.h"
#include "schedule/table.h"

static int prepare_vp_sde(itp_schedule *schedule, const itp_report *log)
{
    const itp_schedule_desc *desc = &schedule->desc;
    schedule->beta_min = desc->beta_min < 0 ? 0 : desc->beta_min;
    schedule->beta_max = desc->beta_max;
    return desc->beta_max >= desc->beta_min
               ? ITP_OK
               : itp_fail(log, ITP_E_RANGE, "beta_min, beta_max: %g, %g; beta_min is at most beta_max.", desc->beta_min,
                          desc->beta_max);
}

static int prepare_ve(itp_schedule *schedule, const itp_report *log)
{
    (void)log;
    schedule->sigma = schedule->desc.sigma_max;
    return ITP_OK;
}

static int prepare_edm(itp_schedule *schedule, const itp_report *log)
{
    (void)log;
    schedule->sigma = schedule->desc.sigma_data;
    return ITP_OK;
}

/* A user's schedule is looked at before anybody relies on it. */
static int monotone(const itp_schedule *schedule, const itp_report *log)
{
    enum { LOOKS = 64 };
    itp_at before, at;
    for (int i = 0; i <= LOOKS; i++) {
        double t = (double)i / LOOKS;
        int status = itp_schedule_at(schedule, t, &at);
        if (status > 0) {
            return itp_stopped(log, "values", status, -1);
        }
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

static int prepare_user(itp_schedule *schedule, const itp_report *log)
{
    const itp_schedule_desc *desc = &schedule->desc;
    schedule->values = desc->values;
    schedule->inverse = desc->inverse;
    schedule->user = desc->user;
    schedule->user_parts = desc->user_parts;
    return desc->values ? monotone(schedule, log)
                        : itp_fail(log, ITP_E_ARGUMENT, "values: NULL, but a user's schedule needs it.");
}

typedef struct row {
    itp_named named;
    const itp_family *family;
    int (*prepare)(itp_schedule *schedule, const itp_report *log); /* beyond its fields; NULL: nothing */
} row;

enum { LAZY = 1, POINT = 2, SDE = 4, VE = 8, EDM = 16, TABLE = 32, DDPM = 64, USER = 128 };

/* The first one is the default. */
static const row ROWS[] = {
    {{ITP_WORDS("linear", "condot,rectified-flow,rf", "alpha = 1 - t, beta = t"), ITP_SCHEDULE_LINEAR, 0},
     &itp_family_linear,
     NULL},
    {{ITP_WORDS("vp", "gvp,cosine,trigonometric", "alpha = cos(pi t/2), beta = sin(pi t/2)"), ITP_SCHEDULE_VP, 0},
     &itp_family_vp,
     NULL},
    {{ITP_WORDS("vp-sde", "vpsde", "Song's, beta_min to beta_max"), ITP_SCHEDULE_VP_SDE, SDE},
     &itp_family_vp_sde,
     prepare_vp_sde},
    {{ITP_WORDS("sqrt", "", "alpha = sqrt(1 - t), beta = sqrt(t)"), ITP_SCHEDULE_SQRT, 0}, &itp_family_sqrt, NULL},
    {{ITP_WORDS("sphere", "", "alpha = sqrt(1 - t^2), beta = t"), ITP_SCHEDULE_SPHERE, 0}, &itp_family_sphere, NULL},
    {{ITP_WORDS("ve", "", "alpha = sigma_max (1 - t), beta = 1"), ITP_SCHEDULE_VE, VE}, &itp_family_ve, prepare_ve},
    {{ITP_WORDS("edm", "", "what an EDM network sees, c_in x"), ITP_SCHEDULE_EDM, EDM}, &itp_family_edm, prepare_edm},
    {{ITP_WORDS("lazy", "", "no drift on Gaussian data, for k"), ITP_SCHEDULE_LAZY, LAZY},
     &itp_family_lazy,
     itp_lazy_prepare},
    {{ITP_WORDS("point-mass", "foellmer", "lazy for k > 0, from a point"), ITP_SCHEDULE_POINT_MASS, POINT},
     &itp_family_lazy,
     itp_lazy_prepare},
    {{ITP_WORDS("ddpm", "", "the table that DDPM's betas make"), ITP_SCHEDULE_DDPM, DDPM},
     &itp_family_table,
     itp_ddpm_new},
    {{ITP_WORDS("table", "", "samples of the caller's"), ITP_SCHEDULE_TABLE, TABLE | ITP_ROW_NEEDS(ITP_NEEDS_VALUES)},
     &itp_family_table,
     itp_table_new},
    {{ITP_WORDS("user", "", "the caller's function of t"), ITP_SCHEDULE_USER, USER | ITP_ROW_NEEDS(ITP_NEEDS_FUNCTION)},
     &itp_family_user,
     prepare_user},
};

/* In the order in which a text gives those that it gives without a name. */
#define FIELD(field, what, others, ...) \
    { \
        .name = ITP_FIELD_WORDS(#field, others), .at = offsetof(itp_schedule_desc, field), .reads = what, __VA_ARGS__ \
    }
static const itp_field FIELDS[] = {
    FIELD(betas, DDPM, "beta-schedule", .type = ITP_FIELD_CHOICE, .choice = &itp_kind_betas),
    FIELD(beta_start, DDPM, "", .range = ITP_ABOVE | ITP_BELOW, .high = 1, .otherwise = ITP_BETA_START),
    FIELD(beta_end, DDPM, "", .range = ITP_ABOVE | ITP_BELOW, .high = 1, .otherwise = ITP_BETA_END),
    {.name = ITP_FIELD_WORDS("count", "num-train-timesteps"),
     .at = offsetof(itp_schedule_desc, beta_count),
     .reads = DDPM,
     .type = ITP_FIELD_WHOLE,
     .low = 2,
     .high = 1 << 24,
     .otherwise = 1000},
    FIELD(zero_snr, DDPM, "rescale-betas-zero-snr", .type = ITP_FIELD_WHOLE, .high = 1),
    FIELD(snr_shift, DDPM, "snr-shift-scale", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 1),
    FIELD(k, LAZY, "", .high = 64),
    FIELD(k, POINT, "", .range = ITP_ABOVE, .high = 64, .otherwise = 1),
    FIELD(s, LAZY | POINT, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 1),
    FIELD(clock, LAZY | POINT, "", .type = ITP_FIELD_CHOICE, .choice = &itp_kind_clock),
    FIELD(beta_min, SDE, "", .range = ITP_NO_LOW | ITP_NO_HIGH, .otherwise = .1),
    FIELD(beta_max, SDE, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 20),
    FIELD(sigma_max, VE, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 80),
    FIELD(sigma_data, EDM, "", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = .5),
    FIELD(alphas_cumprod, TABLE, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_schedule_desc, count)),
    FIELD(alpha, TABLE, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_schedule_desc, count)),
    FIELD(beta, TABLE, "", .type = ITP_FIELD_REALS, .count_at = offsetof(itp_schedule_desc, count)),
    FIELD(zero_snr, TABLE, "rescale-betas-zero-snr", .type = ITP_FIELD_WHOLE, .high = 1),
    FIELD(snr_shift, TABLE, "snr-shift-scale", .range = ITP_ABOVE | ITP_NO_HIGH, .otherwise = 1),
    FIELD(values, USER, "", .type = ITP_FIELD_POINTER),
    FIELD(inverse, USER, "", .type = ITP_FIELD_POINTER),
    FIELD(user, USER, "", .type = ITP_FIELD_POINTER),
    FIELD(user_parts, USER, "", .type = ITP_FIELD_WHOLE, .high = ITP_USER_DERIVATIVES),
};
const itp_kind itp_kind_schedule = {.name = "schedule",
                                    .rows = ROWS,
                                    .fields = FIELDS,
                                    .stride = sizeof ROWS[0],
                                    .count = sizeof ROWS / sizeof ROWS[0],
                                    .field_count = sizeof FIELDS / sizeof FIELDS[0],
                                    .id_at = offsetof(itp_schedule_desc, kind)};

static int find_ends(itp_schedule *schedule)
{
    itp_at first, last;
    int status = itp_schedule_at(schedule, 0, &first);
    status = status ? status : itp_schedule_at(schedule, 1, &last);
    if (!status) {
        schedule->u_first = first.u;
        schedule->w_first = first.w;
        schedule->u_last = last.u;
        schedule->w_last = last.w;
    }
    return status;
}

/* What its own description, which has been read, makes of a schedule. */
static int fill(itp_schedule *schedule, const itp_report *log)
{
    itp_schedule_desc *desc = &schedule->desc;
    int status = itp_reserved_check(log, desc->reserved);
    if (status) {
        return status;
    }
    const row *of = (const void *)itp_kind_resolve(&itp_kind_schedule, desc, log, &status);
    if (!of) {
        return status;
    }
    desc->env = NULL;
    schedule->kind = desc->kind;
    schedule->family = of->family;
    status = of->prepare ? of->prepare(schedule, log) : ITP_OK;
    return status ? status : find_ends(schedule);
}

/* The description is copied once, into the schedule. */
static int create(const itp_schedule_desc *desc, itp_report *log, itp_schedule **out)
{
    itp_memory memory;
    int status = itp_report_from(itp_desc_env(desc, offsetof(itp_schedule_desc, env)), log);
    status = status ? status : itp_desc_memory(itp_desc_env(desc, offsetof(itp_schedule_desc, env)), log, &memory);
    if (status) {
        return status;
    }
    itp_schedule *schedule = itp_memory_array(&memory, 1, sizeof *schedule);
    if (!schedule) {
        return itp_fail(log, ITP_E_MEMORY, "no memory for a schedule.");
    }
    schedule->memory = memory;
    status = itp_desc_read(&schedule->desc, sizeof schedule->desc, desc, offsetof(itp_schedule_desc, env), log);
    status = status ? status : fill(schedule, log);
    if (status) {
        itp_schedule_free(schedule);
        schedule = NULL;
    }
    *out = schedule;
    return status;
}

static ITP_APART int schedule_new(const itp_schedule_desc *desc, itp_schedule **out)
{
    itp_report log;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_schedule_desc, env), "out");
    }
    *out = NULL;
    return desc ? itp_report_end(&log, create(desc, &log, out)) : (int)ITP_E_ARGUMENT;
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

const itp_schedule *itp_schedule_keep(const itp_schedule *schedule)
{
    if (schedule) {
        itp_count_take(&schedule->count);
    }
    return schedule;
}

void itp_schedule_drop(const itp_schedule *schedule)
{
    itp_schedule_free(itp_not_constant(schedule));
}

void itp_schedule_free(itp_schedule *schedule)
{
    if (schedule && itp_count_drop(&schedule->count)) {
        itp_memory memory = schedule->memory;
        itp_table_free(schedule);
        itp_memory_free(&memory, schedule, sizeof *schedule);
    }
}
