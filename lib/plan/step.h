/* One step of a plan: the solver makes it, or the frozen prediction alone, or, where the drift has no use, its law. */
#ifndef ITP_PLAN_STEP_H
#define ITP_PLAN_STEP_H

#include "plan/choose.h"

/* What is found out about a step before it is made. */
enum { ITP_STEP_UNKNOWN = 0, ITP_STEP_REGULAR = 1, ITP_STEP_SINGULAR = 2 };

/* How many evaluations the step from a to b makes of `most`. *kind, ITP_STEP_*: what is known of the step, and
 * afterwards known better. */
int32_t itp_step_stages(const itp_chosen *chosen, itp_solving *solving, itp_station *a, itp_station *b, int32_t *kind,
                        int32_t most);

/* Takes x, the state at a, to b, with solving->stages evaluations; 0 of them: back up to b, as restarts do. */
void itp_step_make(const itp_chosen *chosen, itp_solving *solving, itp_form *x, itp_station *a, itp_station *b,
                   int32_t kind);

#endif
