/* Schedules with every default, which need not be made. */
#include <string.h>

#include "schedule/schedule.h"

#define STANDARD(kind_of, family_of, ...) \
    { \
        .count = ITP_COUNT_FOREVER, .family = &itp_family_##family_of, \
        .desc = {ITP_SIZED(itp_schedule_desc), .kind = kind_of}, .kind = kind_of, .u_last = 1, __VA_ARGS__ \
    }
/* Where t = 0 is: in the last two to the last bit what the family computes. */
static const itp_schedule STANDARDS[] = {
    STANDARD(ITP_SCHEDULE_LINEAR, linear, .w_first = 1),
    STANDARD(ITP_SCHEDULE_VP, vp, .w_first = 1),
    STANDARD(ITP_SCHEDULE_SQRT, sqrt, .w_first = 1),
    STANDARD(ITP_SCHEDULE_SPHERE, sphere, .w_first = 1),
    STANDARD(ITP_SCHEDULE_EDM, edm, .w_first = 1, .sigma = .5),
    STANDARD(ITP_SCHEDULE_VE, ve, .sigma = 80, .u_first = 1 / 81., .w_first = 80 / 81.),
    STANDARD(ITP_SCHEDULE_VP_SDE, vp_sde, .beta_min = .1, .beta_max = 20, .u_first = 0x1.abdf783051e85p-8,
             .w_first = 0x1.fca8410f9f5c2p-1),
};

/* ---- a name that there is not ---- */

static int refused_at(const itp_schedule *schedule, double t, itp_at *out)
{
    (void)schedule;
    (void)t;
    (void)out;
    return ITP_E_UNSUPPORTED;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the function of others writes it */
static int refused_time(const itp_schedule *schedule, double u, double w, double *t)
{
    (void)schedule;
    (void)u;
    (void)w;
    (void)t;
    return ITP_E_UNSUPPORTED;
}

static const itp_family REFUSED_FAMILY = {.at = refused_at, .time = refused_time};
static const itp_schedule REFUSED = {.count = ITP_COUNT_FOREVER, .family = &REFUSED_FAMILY, .w_first = 1, .u_last = 1};

const itp_schedule *itp_schedule_of(const char *name)
{
    size_t length = name ? strlen(name) : 0;
    const itp_named *row = itp_kind_called(&itp_kind_schedule, name, length, NULL);
    const itp_schedule *const more[] = {&itp_standard_lazy, &itp_standard_point_mass};
    for (size_t i = 0; row && i < sizeof STANDARDS / sizeof STANDARDS[0]; i++) {
        if (STANDARDS[i].kind == row->id) {
            return &STANDARDS[i];
        }
    }
    return row && row->id == more[0]->kind ? more[0] : row && row->id == more[1]->kind ? more[1] : &REFUSED;
}

int itp_schedule_check(const itp_schedule *schedule, const itp_report *log, const char *field)
{
    return schedule && schedule->family == &REFUSED_FAMILY
               ? itp_fail(log, ITP_E_UNSUPPORTED,
                          "%s: itp_schedule_of was asked for a name that no schedule without parameters has.", field)
               : ITP_OK;
}
