/* Restarts (2306.14878) in a list of stations. */
#ifndef ITP_PLAN_RESTART_H
#define ITP_PLAN_RESTART_H

#include <interp/solver.h>

#include "base/log.h"
#include "solver/station.h"

/* What step i of the longer list is: one of the grid's (its number there), a restart's, or the way back up. */
enum { ITP_RESTART_DOWN = -1, ITP_RESTART_UP = -2 };

typedef struct itp_restarting {
    const itp_restart *list;
    int32_t count;
    const itp_schedule *sampling;
    const itp_report *log;
} itp_restarting;

/* How many steps they add. ITP_E_RANGE, as a negative number, where one of their numbers is out of range. */
int32_t itp_restart_steps(const itp_restarting *of);

/* The stations of the grid's nodes with those of the restarts, `steps` and all they add, plus 1, and what each step
 * is. */
int itp_restart_stations(const itp_restarting *of, const itp_station *grid, int32_t steps, itp_station *out,
                         int32_t *what);

#endif
