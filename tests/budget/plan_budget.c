/* Makes a plan of 50 rows with every solver, under callgrind, which writes the instructions of each to a file of its
 * own with the solver's name. On its own it prints microseconds of processor time, the best of many. */
#include <interp/interp.h>

#include <stdio.h>
#include <time.h>
#include <valgrind/callgrind.h>

enum { REPEATS = 200 };

/* 1 for solvers of SDEs; the others are for flows, or have noise of their own. */
static double k_of(int32_t solver)
{
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    desc.solver = solver;
    desc.evaluations = 50;
    desc.k = 1;
    int status = itp_plan_new(&desc, &plan);
    itp_plan_free(plan);
    return status ? 0 : 1;
}

static itp_plan *timed(int32_t solver, double k)
{
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    desc.solver = solver;
    desc.evaluations = 50;
    desc.k = k;
    CALLGRIND_ZERO_STATS;
    (void)itp_plan_new(&desc, &plan);
    CALLGRIND_DUMP_STATS_AT(itp_solver_name(solver));
    return plan;
}

static double microseconds(int32_t solver, double k)
{
    double best = 1e9;
    for (int i = 0; i < REPEATS; i++) {
        clock_t began = clock();
        itp_plan *plan = timed(solver, k);
        double took = 1e6 * (double)(clock() - began) / CLOCKS_PER_SEC;
        best = took < best ? took : best;
        itp_plan_free(plan);
    }
    return best;
}

int main(void)
{
    for (int i = 0; itp_solver_id(i); i++) {
        int32_t solver = itp_solver_id(i);
        double k = k_of(solver);
        if (RUNNING_ON_VALGRIND) {
            itp_plan_free(timed(solver, k));
        } else {
            printf("%7.0f us  %s\n", microseconds(solver, k), itp_solver_name(solver));
        }
    }
    return 0;
}
