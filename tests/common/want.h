/* A description of a plan with its parts by value, for tests that change them one by one. */
#ifndef TESTS_COMMON_WANT_H
#define TESTS_COMMON_WANT_H

#include <interp/interp.h>

typedef struct wanted {
    itp_plan_desc plan; /* its solver, grid and diffusion are set by description_of */
    itp_solver solver;
    itp_grid grid;
    itp_diffusion diffusion;
} wanted;

#define WANTED \
    { \
        ITP_PLAN_DESC_INIT, ITP_SOLVER_INIT, ITP_GRID_INIT, ITP_DIFFUSION_INIT \
    }

/* What the name of a method stands for (NULL: the default); the test fails where no method is called so. */
itp_solver SOLVER(const char *name);

/* The same in static storage, one for each name; NULL for NULL. */
const itp_solver *kept_solver(const char *name);

/* 1 for the methods that live in a noise level, without noise of their own. */
int is_exponential(const char *name);

/* The name of its method. */
const char *called(const wanted *want);

/* Nodes of the caller's own: positions u, `count` of them, which must live until the plan is made. */
void want_nodes(wanted *want, const double *u, int count);

/* The description, which points into `want`. */
const itp_plan_desc *description_of(wanted *want);

/* itp_plan_new and itp_plan_reads of it. */
int make_plan(const wanted *want, itp_plan **out);
int plan_reads(const wanted *want, const char *field);

#endif
