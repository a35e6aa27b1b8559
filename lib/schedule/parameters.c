/* Which parameters a family of schedules reads: one that is set and not read is refused. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "schedule/schedule.h"

typedef struct parameter {
    const char *name;
    size_t at, size;
    int32_t kinds[2]; /* that read it */
} parameter;

#define PARAMETER(name, ...) \
    { \
#name, offsetof(itp_schedule_desc, name), sizeof(((itp_schedule_desc *)0)->name), \
        { \
            __VA_ARGS__ \
        } \
    }
static const parameter PARAMETERS[] = {
    PARAMETER(clock, ITP_SCHEDULE_LAZY, ITP_SCHEDULE_POINT_MASS),
    PARAMETER(k, ITP_SCHEDULE_LAZY, ITP_SCHEDULE_POINT_MASS),
    PARAMETER(s, ITP_SCHEDULE_LAZY, ITP_SCHEDULE_POINT_MASS),
    PARAMETER(beta_min, ITP_SCHEDULE_VP_SDE),
    PARAMETER(beta_max, ITP_SCHEDULE_VP_SDE),
    PARAMETER(sigma_max, ITP_SCHEDULE_VE),
    PARAMETER(sigma_data, ITP_SCHEDULE_EDM),
    PARAMETER(alphas_cumprod, ITP_SCHEDULE_TABLE),
    PARAMETER(alpha, ITP_SCHEDULE_TABLE),
    PARAMETER(beta, ITP_SCHEDULE_TABLE),
    PARAMETER(count, ITP_SCHEDULE_TABLE),
    PARAMETER(user_parts, ITP_SCHEDULE_USER),
    PARAMETER(values, ITP_SCHEDULE_USER),
    PARAMETER(inverse, ITP_SCHEDULE_USER),
};

static int refuse(const parameter *of, const itp_schedule_desc *desc, const itp_log *log)
{
    double value;
    char text[32] = "it is given";
    if (of->size == sizeof value && of->at < offsetof(itp_schedule_desc, alphas_cumprod)) {
        memcpy(&value, (const unsigned char *)desc + of->at, sizeof value);
        (void)snprintf(text, sizeof text, "%g", value);
    }
    return itp_fail(log, ITP_E_UNSUPPORTED, "%s: %s, but schedule \"%s\" does not read it; %s does.", of->name, text,
                    itp_schedule_name(desc->kind), itp_schedule_name(of->kinds[0]));
}

int itp_schedule_check_parameters(const itp_schedule_desc *desc, const itp_log *log)
{
    static const itp_schedule_desc defaults = ITP_SCHEDULE_DESC_INIT;
    for (size_t i = 0; i < sizeof PARAMETERS / sizeof PARAMETERS[0]; i++) {
        const parameter *of = &PARAMETERS[i];
        int is_default =
            !memcmp((const unsigned char *)desc + of->at, (const unsigned char *)&defaults + of->at, of->size);
        if (!is_default && desc->kind != of->kinds[0] && desc->kind != of->kinds[1]) {
            return refuse(of, desc, log);
        }
    }
    return ITP_OK;
}
