#include "settings.h"
#include "../../../examples/kinds.h"

#include <stdio.h>

static void ITP_CALL keep_message(void *user, int32_t level, const char *text)
{
    message *why = user;
    (void)level;
    (void)snprintf(why->text, sizeof why->text, "%s", text);
}

/* Lazy for the diffusion that is used; a point mass needs one above 0 and stays at its own default without. */
static int make_schedule(const settings *s, const itp_env *env, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = s->schedule;
    desc.env = env;
    if (s->schedule == ITP_SCHEDULE_LAZY || (s->schedule == ITP_SCHEDULE_POINT_MASS && s->k > 0)) {
        desc.k = s->k;
    }
    return itp_schedule_new(&desc, out);
}

int settings_plan(const settings *s, message *why, itp_schedule **schedule, itp_plan **plan)
{
    itp_log log = ITP_LOG_INIT;
    itp_env env = {ITP_SIZED(itp_env), .log = &log};
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_solver solver = ITP_SOLVER_INIT;
    const itp_grid grid = {ITP_SIZED(itp_grid), .kind = s->grid};
    const itp_diffusion diffusion = {ITP_SIZED(itp_diffusion), .k = s->k};
    *why = (message){""};
    log.write = keep_message;
    log.user = why;
    *schedule = NULL;
    *plan = NULL;
    int status = make_schedule(s, &env, schedule);
    status = status ? status : itp_solver_parse(kind_name_at("solver", s->solver), NULL, &solver);
    want.env = &env;
    want.schedule = *schedule;
    want.solver = &solver;
    want.grid = &grid;
    want.diffusion = &diffusion;
    want.evaluations = s->evaluations;
    status = status ? status : itp_plan_new(&want, plan);
    if (status) {
        itp_schedule_free(*schedule);
        *schedule = NULL;
        if (!why->text[0]) {
            (void)snprintf(why->text, sizeof why->text, "%s", itp_status_string(status));
        }
    }
    return status;
}
