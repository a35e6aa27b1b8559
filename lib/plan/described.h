/* A description of a plan, read: every struct of it by value. */
#ifndef ITP_PLAN_DESCRIBED_H
#define ITP_PLAN_DESCRIBED_H

#include <interp/plan.h>

#include "base/log.h"

typedef struct itp_described {
    itp_plan_desc plan; /* its solver, grid and diffusion are not to be followed: they are here */
    itp_solver solver;
    itp_grid grid;
    itp_diffusion diffusion;
} itp_described;

/* Copies a description as the caller wrote it: what is left out is 0. ITP_E_ARGUMENT, ITP_E_*: a size. `log` is made of
 * its environment; */
int itp_described_from(const itp_plan_desc *desc, itp_described *out, itp_report *log);

/* or, for a description inside another one, is there already. NULL leaves out everything. */
int itp_described_within(const itp_plan_desc *desc, itp_described *out, const itp_report *log);

/* Fills in every default. */
void itp_described_fill(itp_described *of);

/* 1 for the grids that are nodes of the caller's. */
int itp_described_has_nodes(const itp_described *of);

#endif
