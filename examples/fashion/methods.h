/* Which lines a table has. */
#ifndef FASHION_METHODS_H
#define FASHION_METHODS_H

#include "sampling.h"

enum {
    METHODS_CHOSEN, /* schedules and solvers side by side */
    METHODS_SDE,    /* ways to sample with noise, for the diffusion k of the recipe */
    METHODS_ALL,    /* every solver under the recipe's schedule */
    METHODS_NAMED,  /* what users of other programs know by a name of its own, solvers and then grids */
    METHODS_RIVALS, /* for beside a saved plan: plain ones, and the best without noise at some budget */
    METHODS_ONE     /* the recipe */
};

typedef struct methods {
    recipe *list;
    size_t count;
    const int32_t *budgets;
    size_t budget_count;
    int32_t left; /* a solver that leaves more of a budget unspent has no line in it */
} methods;

/* With one_budget only the recipe's, which must stay. Free them with methods_free, also after ITP_E_MEMORY. */
int methods_choose(const recipe *base, int which, int one_budget, methods *out);
/* One line more: the plan. Once. */
void methods_add_saved(methods *m, const recipe *base, const itp_plan *plan);
void methods_free(methods *m);

/* The schedule, and the grid where it is not "time": "linear", "point-mass, u"; or "saved plan". */
void methods_where(const recipe *r, char *text, size_t size);

/* The solver; "fitted" for a saved plan that was. */
const char *methods_solver(const recipe *r);

/* What makes the noise of a line: "1" (k), "sigma" (SiT's diffusion), "eta 1", "churn 40"; with "SiT" after it where
 * the last step is SiT's; "own" for a saved plan with noise. */
void methods_noise(const recipe *r, char *text, size_t size);

/* The k of the diffusion k eps* that the recipe's samples converge to with the number of steps, on the sample's path;
 * -1: none, or another noise. */
double methods_limit(const recipe *r);

#endif
