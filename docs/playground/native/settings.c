#include "settings.h"
#include "../../../examples/kinds.h"

#include <stdio.h>

/* Lazy for the diffusion that is used; a point mass needs one above 0 and stays at its own default without. */
static void describe_schedule(const settings *s, char *text, size_t size)
{
    const char *name = kind_name("schedule", s->schedule);
    int takes_k = s->schedule == ITP_SCHEDULE_LAZY || s->schedule == ITP_SCHEDULE_POINT_MASS;
    if (takes_k && s->k > 0) {
        snprintf(text, size, "%s(k=%.17g)", name, s->k);
    } else {
        snprintf(text, size, "%s", name ? name : "");
    }
}

int settings_plan(const settings *s, message *why, itp_schedule **schedule, itp_plan **plan)
{
    char under[64], text[256];
    const char *solver = kind_name_at("solver", s->solver), *grid = kind_name("grid", s->grid);
    itp_error error = ITP_ERROR_INIT;
    *plan = NULL;
    describe_schedule(s, under, sizeof under);
    snprintf(text, sizeof text, "schedule=%s solver=%s grid=%s k=%.17g evaluations=%d", under, solver ? solver : "",
             grid ? grid : "", s->k, (int)s->evaluations);
    int status = itp_schedule_parse(under, &error, schedule);
    status = status ? status : itp_plan_parse(text, &error, plan);
    if (status) {
        itp_schedule_free(*schedule);
        *schedule = NULL;
    }
    snprintf(why->text, sizeof why->text, "%s", error.text);
    return status;
}
