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
    const char *schedule, *solver;
    double k;
    const char *diffusion; /* NULL: k */
    double churn, last_step;
    const char *grid; /* NULL: the command line's */
} method;

static const method chosen[] = {
    {"linear", "euler", 0, NULL, 0, 0, NULL},
    {"vp", "euler", 0, NULL, 0, 0, NULL},
    {"lazy", "euler", 0, NULL, 0, 0, NULL},
    {"linear", "midpoint", 0, NULL, 0, 0, NULL},
    {"lazy", "midpoint", 0, NULL, 0, 0, NULL},
    {"linear", "heun", 0, NULL, 0, 0, NULL},
    {"lazy", "heun", 0, NULL, 0, 0, NULL},
    {"linear", "ab2", 0, NULL, 0, 0, NULL},
    {"lazy", "ab2", 0, NULL, 0, 0, NULL},
    {"linear", "ab3", 0, NULL, 0, 0, NULL},
    {"lazy", "ab3", 0, NULL, 0, 0, NULL},
    {"linear", "ab4", 0, NULL, 0, 0, NULL},
    {"lazy", "ab4", 0, NULL, 0, 0, NULL},
    {"linear", "rk4", 0, NULL, 0, 0, NULL},
    {"lazy", "rk4", 0, NULL, 0, 0, NULL},
    {"linear", "euler-maruyama", 1, NULL, 0, 0, NULL},
    {"point-mass", "euler-maruyama", 1, NULL, 0, 0, NULL},
};

/* SiT's own choices keep its last step; ancestral noise and churn are as published, whatever k is. */
static const method with_noise[] = {
    {"linear", "unipc-bh2-2-sigma", 0, NULL, 0, 0, NULL},
    {"linear", "euler-maruyama", OWN_K, NULL, 0, 0, NULL},
    {"point-mass", "euler-maruyama", OWN_K, NULL, 0, 0, NULL},
    {"linear", "euler-maruyama", OWN_K, NULL, 0, SIT_LAST, NULL},
    {"linear", "stochastic-heun", OWN_K, NULL, 0, SIT_LAST, NULL},
    {"linear", "euler-maruyama", 0, "sigma", 0, SIT_LAST, NULL},
    {"linear", "euler-maruyama", 0, "constant", 0, SIT_LAST, NULL},
    {"linear", "euler-ancestral", 0, NULL, 0, 0, NULL},
    {"linear", "edm-heun", 0, NULL, 40, 0, NULL},
    {"linear", "exponential-sde", OWN_K, NULL, 0, 0, NULL},
    {"linear", "sa-2", OWN_K, NULL, 0, 0, NULL},
    {"linear", "sa-2-2", OWN_K, NULL, 0, 0, NULL},
    {"point-mass", "sea", OWN_K, NULL, 0, 0, "u"},
    {"point-mass", "stochastic-ab2", OWN_K, NULL, 0, 0, "u"},
    {"point-mass", "shark", OWN_K, NULL, 0, 0, NULL},
    {"point-mass", "shark", OWN_K, NULL, 0, 0, "u"},
    {"point-mass", "sra1", OWN_K, NULL, 0, 0, "u"},
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
static const char *const named_grids[] = {
    "bong-tangent-flow", "kl-optimal-flow",  "logit-normal", "smoothstep",
    "beta-samples",      "linear-quadratic", "lcm",          "gits",
};

/* What docs/fit.md finds to be the best plans without noise at 2 to 10 evaluations, and what others would take. */
static const method rivals[] = {
    {"linear", "euler", 0, NULL, 0, 0, "time"},
    {"lazy", "euler", 0, NULL, 0, 0, "time"},
    {"linear", "midpoint", 0, NULL, 0, 0, "time"},
    {"linear", "ab2", 0, NULL, 0, 0, "time"},
    {"linear", "unipc-bh2-2-sigma", 0, NULL, 0, 0, "time"},
    {"linear", "ab2", 0, NULL, 0, 0, "beta"},
    {"linear", "ipndm-2", 0, NULL, 0, 0, "karras"},
    {"linear", "ipndm-2", 0, NULL, 0, 0, "ays-svd"},
    {"linear", "ipndm-3", 0, NULL, 0, 0, "ays-svd"},
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
    r.schedule = "linear";
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

static int is_sit(const recipe *r)
{
    return sampling_diffusion(r).kind != ITP_DIFFUSION_K;
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
    int plain = r->saved || strcmp(r->grid, "time") == 0;
    snprintf(text, size, "%s%s%s", r->saved ? "saved plan" : r->schedule, plain ? "" : ", ", plain ? "" : r->grid);
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
    } else if (is_sit(r)) {
        snprintf(text, size, "%s%s", r->diffusion, last);
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
    if ((has_own_noise(r) && has_no_limit(r)) || r->noise != ITP_NOISE_PATH || is_sit(r)) {
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
