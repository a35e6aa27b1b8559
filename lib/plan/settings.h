/* Which fields of a description the chosen grid, solver and diffusion read: what is set and not read is refused. */
#ifndef ITP_PLAN_SETTINGS_H
#define ITP_PLAN_SETTINGS_H

#include <interp/plan.h>

#include "base/log.h"
#include "solver/solver.h"

/* A description with its choices made. */
typedef struct itp_settings {
    const itp_plan_desc *desc;
    const itp_report *log;
    const itp_method *solver;
    int32_t diffusion;            /* ITP_DIFFUSION_* */
    int32_t steps;                /* that the grid makes */
    int32_t open_start, open_end; /* 1: the path begins at r = 0, ends at 1/r = 0 */
} itp_settings;

/* ITP_E_UNSUPPORTED, with its sentence, for the first field that differs from its default and is not read. Warns of one
 * that is read in vain. */
int itp_settings_check(const itp_settings *settings);

/* The same for the named field, whatever its value. ITP_E_ARGUMENT: there is no such field. */
int itp_setting_check(const itp_settings *settings, const char *field);

/* For a description that is another one on other nodes, or with another solver: the fields that grids read, or those
 * that solvers read, become their defaults. */
void itp_settings_forget_grid(itp_plan_desc *desc);
void itp_settings_forget_solver(itp_plan_desc *desc);

#endif
