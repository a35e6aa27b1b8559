/* Solvers: one step each, as in the textbook, on forms. */
#ifndef ITP_SOLVER_SOLVER_H
#define ITP_SOLVER_SOLVER_H

#include "solver/stage.h"

typedef struct itp_solver itp_solver;

/* From the state x at node a to the state at node b. */
typedef itp_form (*itp_step_fn)(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a,
                                const itp_node *b);

struct itp_solver {
    int32_t id;
    const char *name;
    int32_t order, evaluations; /* per step */
    int32_t stochastic;         /* 1: takes k > 0 */
    itp_step_fn step;
    const void *data; /* a tableau, for Runge-Kutta methods */
};

/* NULL when unknown. */
const itp_solver *itp_solver_of(int32_t id);

itp_form itp_rk_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b);
itp_form itp_ab_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b);
itp_form itp_em_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b);

/* Explicit Runge-Kutta methods: c, rows of a (strictly lower triangular), b. */
enum { ITP_STAGES = 4 };
typedef struct itp_tableau {
    int32_t stages;
    double c[ITP_STAGES], a[ITP_STAGES][ITP_STAGES], b[ITP_STAGES];
} itp_tableau;
extern const itp_tableau itp_tableau_euler, itp_tableau_midpoint, itp_tableau_heun, itp_tableau_rk4;

#endif
