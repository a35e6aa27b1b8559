#include "methods.h"
#include "../kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define OWN_K (-1) /* the k of the command line */
#define SIT_LAST 0.04

static const int32_t budgets[] = {2, 3, 4, 6, 8, 10, 16, 32}, all_budgets[] = {4, 6, 8, 10, 16},
                     named_budgets[] = {4, 8, 16}, sde_budgets[] = {4, 6, 8, 12, 16, 24, 32, 48, 64};

typedef struct method {
    int32_t schedule;
    const char *solver;
    double k;
    int32_t diffusion;
    double churn, last_step;
    int32_t grid; /* 0: the command line's */
} method;

static const method chosen[] = {
    {ITP_SCHEDULE_LINEAR, "euler", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_VP, "euler", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "euler", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "midpoint", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "midpoint", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "heun", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "heun", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "ab2", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "ab2", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "ab3", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "ab3", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "ab4", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "ab4", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "rk4", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LAZY, "rk4", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "euler-maruyama", 1, 0, 0, 0, 0},
    {ITP_SCHEDULE_POINT_MASS, "euler-maruyama", 1, 0, 0, 0, 0},
};

/* SiT's own choices keep its last step; ancestral noise and churn are as published, whatever k is. */
static const method with_noise[] = {
    {ITP_SCHEDULE_LINEAR, "unipc-bh2-2-sigma", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "euler-maruyama", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_POINT_MASS, "euler-maruyama", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "euler-maruyama", OWN_K, 0, 0, SIT_LAST, 0},
    {ITP_SCHEDULE_LINEAR, "stochastic-heun", OWN_K, 0, 0, SIT_LAST, 0},
    {ITP_SCHEDULE_LINEAR, "euler-maruyama", 0, ITP_DIFFUSION_SIGMA, 0, SIT_LAST, 0},
    {ITP_SCHEDULE_LINEAR, "euler-maruyama", 0, ITP_DIFFUSION_CONSTANT, 0, SIT_LAST, 0},
    {ITP_SCHEDULE_LINEAR, "euler-ancestral", 0, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "edm-heun", 0, 0, 40, 0, 0},
    {ITP_SCHEDULE_LINEAR, "exponential-sde", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "sa-2", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_LINEAR, "sa-2-2", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_POINT_MASS, "sea", OWN_K, 0, 0, 0, ITP_GRID_U},
    {ITP_SCHEDULE_POINT_MASS, "stochastic-ab2", OWN_K, 0, 0, 0, ITP_GRID_U},
    {ITP_SCHEDULE_POINT_MASS, "shark", OWN_K, 0, 0, 0, 0},
    {ITP_SCHEDULE_POINT_MASS, "shark", OWN_K, 0, 0, 0, ITP_GRID_U},
    {ITP_SCHEDULE_POINT_MASS, "sra1", OWN_K, 0, 0, 0, ITP_GRID_U},
};

/* Solvers on even steps, then grids under the best of the solvers. */
static const char *const named_solvers[] = {
    "euler",
    "euler-ge",
    "dpmpp-2m-sigma",
    "dpmpp-2m-v2-sigma",
    "res-2s-sigma",
    "dpm-2s-sigma",
    "unipc-bh2-2-sigma",
    "euler-ancestral",
    "lcm",
    "tcd",
    "er-sde-1",
    "er-sde-3",
    "res-2m-ancestral-sigma",
    "res-2m-ancestral-sigma(eta=0.5)",
    "res-2s-ancestral-sigma",
    "dpm-2-ancestral-sigma",
    "sde-dpmpp-2m",
    "sde-dpmpp-2m-sigma",
    "sde-dpmpp-3m-heun-sigma",
    "edm-euler(gamma=0.1)",
    "edm-dpm-2s(gamma=0.1)",
    "langevin",
    "alphafold-3",
};
static const int32_t named_grids[] = {
    ITP_GRID_BONG_TANGENT_FLOW, ITP_GRID_KL_OPTIMAL_FLOW,  ITP_GRID_LOGIT_NORMAL, ITP_GRID_SMOOTHSTEP,
    ITP_GRID_BETA_SAMPLES,      ITP_GRID_LINEAR_QUADRATIC, ITP_GRID_LCM,          ITP_GRID_GITS,
};

/* What docs/fit.md finds to be the best plans without noise at 2 to 10 evaluations, and what others would take. */
static const method rivals[] = {
    {ITP_SCHEDULE_LINEAR, "euler", 0, 0, 0, 0, ITP_GRID_TIME},
    {ITP_SCHEDULE_LAZY, "euler", 0, 0, 0, 0, ITP_GRID_TIME},
    {ITP_SCHEDULE_LINEAR, "midpoint", 0, 0, 0, 0, ITP_GRID_TIME},
    {ITP_SCHEDULE_LINEAR, "ab2", 0, 0, 0, 0, ITP_GRID_TIME},
    {ITP_SCHEDULE_LINEAR, "unipc-bh2-2-sigma", 0, 0, 0, 0, ITP_GRID_TIME},
    {ITP_SCHEDULE_LINEAR, "ab2", 0, 0, 0, 0, ITP_GRID_BETA},
    {ITP_SCHEDULE_LINEAR, "ipndm-2", 0, 0, 0, 0, ITP_GRID_KARRAS},
    {ITP_SCHEDULE_LINEAR, "ipndm-2", 0, 0, 0, 0, ITP_GRID_AYS_SVD},
    {ITP_SCHEDULE_LINEAR, "ipndm-3", 0, 0, 0, 0, ITP_GRID_AYS_SVD},
};

static recipe apply(const recipe *base, const method *how)
{
    recipe r = *base;
    r.schedule = how->schedule;
    r.solver = how->solver;
    r.k = how->k == OWN_K ? base->k : how->k;
    r.diffusion = how->diffusion;
    r.norm = 1;
    r.eta = -1;
    r.grid = how->grid ? how->grid : base->grid;
    r.churn = how->churn;
    r.last_step = how->last_step;
    return r;
}

static void add_all(methods *m, const recipe *base, const method *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        m->list[m->count++] = apply(base, &from[i]);
    }
}

static void add_named(methods *m, const recipe *base)
{
    recipe r = *base;
    r.schedule = ITP_SCHEDULE_LINEAR;
    for (size_t i = 0; i < COUNT(named_solvers); i++) {
        r.solver = named_solvers[i];
        m->list[m->count++] = r;
    }
    r.solver = "unipc-bh2-2-sigma";
    for (size_t i = 0; i < COUNT(named_grids); i++) {
        r.grid = named_grids[i];
        m->list[m->count++] = r;
    }
}

static int takes_k(recipe r)
{
    itp_plan *plan;
    r.k = 1;
    r.evaluations = 8;
    int status = sampling_plan(&r, &plan);
    itp_plan_free(plan);
    return status != ITP_E_UNSUPPORTED;
}

/* Solvers of the SDE get its optimal diffusion, unless another was asked for. */
static void add_solvers(methods *m, const recipe *base)
{
    for (int32_t i = 0; kind_name_at("solver", i); i++) {
        recipe r = *base;
        r.solver = kind_name_at("solver", i);
        r.k = !takes_k(r) ? 0 : base->k > 0 ? base->k : 1;
        m->list[m->count++] = r;
    }
}

static size_t most(void)
{
    size_t solvers = 0;
    while (kind_name_at("solver", (int32_t)solvers)) {
        solvers++;
    }
    return solvers + COUNT(chosen) + COUNT(with_noise) + COUNT(named_solvers) + COUNT(named_grids) + COUNT(rivals) + 1;
}

static void set_budgets(methods *m, const int32_t *list, size_t count)
{
    m->budgets = list;
    m->budget_count = count;
}

int methods_choose(const recipe *base, int which, int one_budget, methods *out)
{
    *out = (methods){.list = malloc(most() * sizeof *out->list), .left = which == METHODS_SDE};
    if (!out->list) {
        return ITP_E_MEMORY;
    }
    set_budgets(out, sde_budgets, COUNT(sde_budgets));
    switch (which) {
    case METHODS_CHOSEN:
        add_all(out, base, chosen, COUNT(chosen));
        set_budgets(out, budgets, COUNT(budgets));
        break;
    case METHODS_SDE: add_all(out, base, with_noise, COUNT(with_noise)); break;
    case METHODS_ALL:
        add_solvers(out, base);
        set_budgets(out, all_budgets, COUNT(all_budgets));
        break;
    case METHODS_NAMED:
        add_named(out, base);
        set_budgets(out, named_budgets, COUNT(named_budgets));
        break;
    case METHODS_RIVALS:
        add_all(out, base, rivals, COUNT(rivals));
        set_budgets(out, budgets, COUNT(budgets));
        break;
    default: /* METHODS_ONE */ out->list[out->count++] = *base; out->left = INT32_MAX;
    }
    if (one_budget) {
        set_budgets(out, &base->evaluations, 1);
    }
    return ITP_OK;
}

void methods_add_saved(methods *m, const recipe *base, const itp_plan *plan)
{
    m->list[m->count++] = sampling_saved(base, plan);
}

void methods_free(methods *m)
{
    free(m->list);
}

static itp_solver solver_of(const recipe *r)
{
    itp_solver solver = ITP_SOLVER_INIT;
    if (r->solver) {
        itp_solver_parse(r->solver, NULL, &solver);
    }
    return solver;
}

static int has_own_noise(const recipe *r)
{
    return solver_of(r).s_noise > 0;
}

static int churns(const recipe *r)
{
    return solver_of(r).family == ITP_CHURN;
}

static double eta_of(const recipe *r)
{
    return r->eta >= 0 ? r->eta : solver_of(r).eta;
}

void methods_where(const recipe *r, char *text, size_t size)
{
    const char *schedule = r->saved ? "saved plan" : kind_name("schedule", r->schedule),
               *grid = kind_name("grid", r->grid);
    int plain = r->saved || r->grid == ITP_GRID_TIME;
    snprintf(text, size, "%s%s%s", schedule, plain ? "" : ", ", plain ? "" : grid);
}

static int saved_has_noise(const recipe *r)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_get_info(r->saved, &info);
    return info.normals > 1; /* the first is the start */
}

const char *methods_solver(const recipe *r)
{
    itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
    int fitted = r->saved && !itp_plan_get_origin(r->saved, &origin) && origin.count > 0;
    return fitted ? "fitted" : r->solver;
}

void methods_noise(const recipe *r, char *text, size_t size)
{
    const char *last = r->last_step > 0 ? " SiT" : "";
    if (r->saved) {
        snprintf(text, size, "%s", saved_has_noise(r) ? "own" : "0");
    } else if (r->diffusion && r->diffusion != ITP_DIFFUSION_K) {
        snprintf(text, size, "%s%s", kind_name("diffusion", r->diffusion), last);
    } else if (churns(r)) {
        snprintf(text, size, "churn %g", r->churn);
    } else if (has_own_noise(r)) {
        snprintf(text, size, "eta %g", eta_of(r));
    } else {
        snprintf(text, size, "%g%s", r->k, last);
    }
}

/* Of these each step, or each evaluation, makes noise of its own amount. */
static int has_no_limit(const recipe *r)
{
    itp_solver solver = solver_of(r);
    return solver.family == ITP_LCM || solver.family == ITP_TCD || solver.family == ITP_ER_SDE ||
           solver.family == ITP_LANGEVIN || solver.gamma > 0 || solver.variable == ITP_VARIABLE_SIGMA;
}

/* With eta = 1 every other solver that has one makes the diffusion eps*. */
static double made_limit(const recipe *r)
{
    if ((has_own_noise(r) && has_no_limit(r)) || r->noise != ITP_NOISE_PATH ||
        (r->diffusion && r->diffusion != ITP_DIFFUSION_K)) {
        return -1;
    }
    if (churns(r)) {
        return r->churn > 0 ? -1 : 0;
    }
    return !has_own_noise(r) ? r->k : eta_of(r) == 1 ? 1 : eta_of(r) == 0 ? 0 : -1;
}

double methods_limit(const recipe *r)
{
    if (r->saved) {
        return saved_has_noise(r) ? -1 : 0;
    }
    return made_limit(r);
}
