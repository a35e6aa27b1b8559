/* A plan's states seen from another schedule (2602.03789, the pathwise conversion): x = C z, with z = Y/m the linear
 * schedule's coordinates. */
#include <string.h>

#include "base/float_env.h"
#include "plan/plan.h"

static int place(const itp_schedule *schedule, double u, double scale, double *t, double *factor)
{
    itp_at at;
    double time = 0;
    int status = itp_schedule_locate(schedule, u, 1 - u, &time);
    status = status ? status : itp_schedule_at(schedule, time, &at);
    if (!status) {
        *t = time;
        *factor = (at.alpha + at.beta) / scale;
    }
    return status;
}

static ITP_APART int plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t,
                                      double *factor)
{
    if (!plan || !t || !factor) {
        return ITP_E_ARGUMENT;
    }
    if (i < 0 || i > plan->info.rows) {
        return ITP_E_RANGE;
    }
    schedule = schedule ? schedule : itp_schedule_linear();
    return i < plan->info.rows ? place(schedule, plan->rows[i].u, plan->rows[i].scale, t, factor)
                               : place(schedule, plan->info.u_end, plan->info.end_scale, t, factor);
}

int itp_plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t, double *factor)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_coordinates(plan, i, schedule, t, factor));
}

/* A second plan with the same numbers. */
static itp_plan *copy(const itp_plan *plan)
{
    itp_memory memory = plan->memory;
    itp_plan *out = itp_memory_array(&memory, 1, sizeof *out);
    if (!out) {
        return NULL;
    }
    *out = *plan;
    out->kept = NULL; /* which makes other rows */
    out->count = 0;
    out->info.solver = out->solver;
    out->term_capacity = plan->term_count;
    out->rows = itp_memory_array(&memory, (size_t)plan->info.rows, sizeof *out->rows);
    out->terms = itp_memory_array(&memory, (size_t)plan->term_count, sizeof *out->terms);
    if (!out->rows || !out->terms) {
        itp_plan_free(out);
        return NULL;
    }
    memcpy(out->rows, plan->rows, (size_t)plan->info.rows * sizeof *out->rows);
    memcpy(out->terms, plan->terms, (size_t)plan->term_count * sizeof *out->terms);
    itp_plan_link(out);
    return out;
}

static ITP_APART int plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out)
{
    int status = ITP_OK;
    if (!out) {
        return ITP_E_ARGUMENT;
    }
    *out = NULL;
    if (!plan) {
        return ITP_E_ARGUMENT;
    }
    itp_plan *converted = copy(plan);
    if (!converted) {
        return ITP_E_MEMORY;
    }
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        double factor;
        status = itp_plan_coordinates(plan, i, schedule, &converted->rows[i].t, &factor);
    }
    if (status) {
        itp_plan_free(converted);
        return status;
    }
    *out = converted;
    return ITP_OK;
}

int itp_plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_convert(plan, schedule, out));
}
