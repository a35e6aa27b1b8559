/* A plan as an object: who has it, and what it says of itself. */
#include "plan/plan.h"

#include <stdio.h>

#include "base/sized.h"

const itp_plan *itp_plan_keep(const itp_plan *plan)
{
    if (plan) {
        itp_count_take(&plan->count);
    }
    return plan;
}

void itp_plan_free(itp_plan *plan)
{
    if (plan && itp_count_drop(&plan->count)) {
        itp_memory memory = plan->memory;
        itp_kept_free(plan->kept, &memory);
        itp_memory_free(&memory, plan->terms, (size_t)plan->term_capacity * sizeof *plan->terms);
        itp_memory_free(&memory, plan->rows, (size_t)plan->info.rows * sizeof *plan->rows);
        itp_memory_free(&memory, plan, sizeof *plan);
    }
}

void itp_plan_drop(const itp_plan *plan)
{
    itp_plan_free(itp_not_constant(plan));
}

void itp_plan_set_solver(itp_plan *plan, const char *name)
{
    (void)snprintf(plan->solver, sizeof plan->solver, "%s", name);
    plan->info.solver = plan->solver;
}

int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out)
{
    return plan && out ? itp_struct_write(out, &plan->info, sizeof plan->info) : ITP_E_ARGUMENT;
}

int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out)
{
    if (!plan || !out) {
        return ITP_E_ARGUMENT;
    }
    return i >= 0 && i < plan->info.rows ? itp_struct_write(out, &plan->rows[i], sizeof plan->rows[i]) : ITP_E_RANGE;
}

int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out)
{
    return plan && out ? itp_struct_write(out, &plan->origin, sizeof plan->origin) : ITP_E_ARGUMENT;
}
