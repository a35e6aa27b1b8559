/* What a plan was made from, for as long as the plan is there. */
#ifndef ITP_PLAN_KEPT_H
#define ITP_PLAN_KEPT_H

#include "base/memory.h"
#include "plan/described.h"
#include "schedule/schedule.h"

enum { ITP_KEPT_SCHEDULES = 3 };

/* Its pointers to schedules, lists and the tableau point into it; of a schedule only the description is good for
 * anything. */
typedef struct itp_kept {
    itp_described of;
    itp_model model;
    itp_schedule schedules[ITP_KEPT_SCHEDULES];
    itp_tableau tableau;
    double *numbers; /* nodes, tables, restarts */
    size_t count;
} itp_kept;

/* A copy of all of it; NULL: no memory. */
itp_kept *itp_kept_new(const itp_described *of, const itp_model *model, const itp_memory *memory);
void itp_kept_free(itp_kept *kept, const itp_memory *memory);

#endif
