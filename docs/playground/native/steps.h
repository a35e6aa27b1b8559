/* Which states of a plan lie on the path: those at the ends of the solver's steps. The others are stages. */
#ifndef PLAYGROUND_STEPS_H
#define PLAYGROUND_STEPS_H

#include <interp/interp.h>

/* place[i], i = 0 .. rows: the state's number among those kept, or -1. u[number]: its position. Returns how many. */
int32_t steps_place(const itp_plan *plan, const itp_plan_info *info, int32_t *place, double *u);

#endif
