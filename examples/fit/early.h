/* A start for a fit: a plan of one evaluation fewer that was fitted to end early, where it is known what a sample will
 * become but little of it is there. Errors are small and smooth there; at the end they are the distance to another
 * sample or nothing, and steps lead nowhere. */
#ifndef FIT_EARLY_H
#define FIT_EARLY_H

#include "contest.h"

/* NULL: none was asked for, or no textbook plan to begin with has as many evaluations. */
itp_plan *early_plan(contest *c, int32_t evaluations);

#endif
