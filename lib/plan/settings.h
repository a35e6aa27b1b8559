/* Which fields of a description the chosen grid, solver and diffusion read: what is set and not read is refused. */
#ifndef ITP_PLAN_SETTINGS_H
#define ITP_PLAN_SETTINGS_H

#include "base/kind.h"
#include "base/log.h"
#include "plan/described.h"
#include "solver/solver.h"

/* A description with its choices made. */
typedef struct itp_settings {
    const itp_described *given, *of; /* as the caller wrote it, with every default */
    const itp_report *log;
    const itp_method *solver;
    int32_t steps;                /* that the grid makes */
    int32_t open_start, open_end; /* 1: the path begins at r = 0, ends at 1/r = 0 */
} itp_settings;

/* Solvers as the kind whose rows read the fields of an itp_plan_desc. */
itp_kind itp_settings_of_plan(void);

/* ITP_E_UNSUPPORTED, with its sentence, for the first field that differs from its default and is not read. Warns of one
 * that is read in vain. */
int itp_settings_check(const itp_settings *settings);

/* The same for the named field, whatever its value. ITP_E_ARGUMENT: there is no such field. */
int itp_setting_check(const itp_settings *settings, const char *field);

#endif
