/* Makes a plan of 50 rows with every solver, under callgrind, which writes the instructions of each to a file of its
 * own with the solver's name. On its own it prints microseconds of processor time, the best of many. */
#include <interp/interp.h>

#include "../../examples/kinds.h"
#include "../common/want.h"
#include <stdio.h>
#include <time.h>
#include <valgrind/callgrind.h>

enum { REPEATS = 200 };

/* 1 for solvers of SDEs; the others are for flows, or have noise of their own. */
static double k_of(const char *solver)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = 50;
    desc.diffusion.k = 1;
    int status = make_plan(&desc, &plan);
    itp_plan_free(plan);
    return status ? 0 : 1;
}

static itp_plan *timed(const char *solver, double k)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.solver = SOLVER(solver);
    desc.plan.evaluations = 50;
    desc.diffusion.k = k;
    CALLGRIND_ZERO_STATS;
    (void)make_plan(&desc, &plan);
    CALLGRIND_DUMP_STATS_AT(solver);
    return plan;
}

static double microseconds(const char *solver, double k)
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
    for (int i = 0; kind_name_at("solver", i); i++) {
        const char *solver = kind_name_at("solver", i);
        double k = k_of(solver);
        if (RUNNING_ON_VALGRIND) {
            itp_plan_free(timed(solver, k));
        } else {
            printf("%7.0f us  %s\n", microseconds(solver, k), solver);
        }
    }
    return 0;
}
