/* What a description comes to: the network, the schedule sampled under, the solver, the diffusion and the grid. */
#ifndef ITP_PLAN_CHOOSE_H
#define ITP_PLAN_CHOOSE_H

#include "grid/grid.h"
#include "plan/described.h"
#include "solver/solver.h"

/* Not to be moved once it is made: its parts point to one another. */
typedef struct itp_chosen {
    const itp_plan_desc *desc; /* the caller's own, for the check of what is set in it */
    itp_described of;          /* with every default, also those that the network and the diffusion decide */
    int32_t by_network;        /* 1: of.diffusion.schedule is the network's, as the caller named none */
    itp_report log;
    itp_network model;
    const itp_schedule *sampling;
    itp_schedule reaching; /* of `sampling`, where it had to be made to reach the network's noise end */
    const itp_method *solver;
    itp_own_method own; /* where the solver is the caller's */
    int32_t noisy;      /* 1: the solver is for an SDE, and there is one */
    itp_gridding grid;  /* its steps: the fewest that may do */
    int32_t capacity;   /* the most steps that the budget allows */
} itp_chosen;

/* Reads a description and makes the choices: every part of it is checked but the fields that nothing may read. `memory`
 * becomes its environment's; NULL: nobody asks for any. chosen->log is the caller's from then on, whatever the
 * status. */
int itp_choose(const itp_plan_desc *desc, itp_memory *memory, itp_chosen *chosen);

/* Refuses a field that is set and that nothing reads, and warns of what will converge slowly. */
int itp_chosen_check(const itp_chosen *chosen);

/* ITP_OK where the named field is read, see itp_setting_check. */
int itp_chosen_reads(const itp_chosen *chosen, const char *field);

#endif
