#include <string.h>

#include "solver/solver.h"

static const itp_solver SOLVERS[] = {
    {ITP_SOLVER_EULER, "euler", 1, 1, 0, itp_rk_step, &itp_tableau_euler},
    {ITP_SOLVER_MIDPOINT, "midpoint", 2, 2, 0, itp_rk_step, &itp_tableau_midpoint},
    {ITP_SOLVER_HEUN, "heun", 2, 2, 0, itp_rk_step, &itp_tableau_heun},
    {ITP_SOLVER_RK4, "rk4", 4, 4, 0, itp_rk_step, &itp_tableau_rk4},
    {ITP_SOLVER_AB2, "ab2", 2, 1, 0, itp_ab_step, NULL},
    {ITP_SOLVER_AB3, "ab3", 3, 1, 0, itp_ab_step, NULL},
    {ITP_SOLVER_AB4, "ab4", 4, 1, 0, itp_ab_step, NULL},
    {ITP_SOLVER_EULER_MARUYAMA, "euler-maruyama", 1, 1, 1, itp_em_step, NULL},
};
enum { COUNT = sizeof SOLVERS / sizeof SOLVERS[0] };

const itp_solver *itp_solver_of(int32_t id)
{
    for (int32_t i = 0; i < COUNT; i++) {
        if (SOLVERS[i].id == id) {
            return &SOLVERS[i];
        }
    }
    return NULL;
}

int32_t itp_solver_find(const char *name)
{
    for (int32_t i = 0; name && i < COUNT; i++) {
        if (!strcmp(SOLVERS[i].name, name)) {
            return SOLVERS[i].id;
        }
    }
    return name ? ITP_E_UNSUPPORTED : ITP_E_ARGUMENT;
}

const char *itp_solver_name(int32_t id)
{
    const itp_solver *solver = itp_solver_of(id);
    return solver ? solver->name : NULL;
}

int32_t itp_solver_id(int32_t i)
{
    return i >= 0 && i < COUNT ? SOLVERS[i].id : 0;
}
