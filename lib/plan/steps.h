/* The steps of a plan: between which nodes they go, and how many evaluations each of them makes. */
#ifndef ITP_PLAN_STEPS_H
#define ITP_PLAN_STEPS_H

#include "base/memory.h"
#include "plan/step.h"

typedef struct itp_steps {
    itp_memory memory;
    itp_station *stations; /* count + 1 of them: step i goes from number i to the next one */
    int32_t *evaluations;  /* of each step; 0: the way back up of a restart, or the start of a centred plan */
    int32_t *kinds;        /* of each step: ITP_STEP_* */
    int32_t count, capacity;
    int32_t beyond_budget; /* evaluations of restarts */
} itp_steps;

/* Makes the grid's nodes, as few as can spend the budget, and spreads the budget over the steps. */
int itp_steps_new(itp_steps *steps, const itp_chosen *chosen, itp_solving *solving, const itp_memory *memory);

/* Puts the restarts between the steps that there are. */
int itp_steps_restart(itp_steps *steps, const itp_chosen *chosen, itp_solving *solving);

void itp_steps_free(itp_steps *steps);

#endif
