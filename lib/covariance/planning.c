/* A plan for each band, all through the same positions. */
#include "base/field.h"
#include "covariance/band_plan.h"

#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/sized.h"
#include "plan/described.h"
#include "solver/solver.h"

typedef struct making {
    itp_covariance_plan_desc desc;
    itp_plan_desc want; /* of a band */
    itp_described of;
    itp_report log;
    itp_covariance_plan *out;
    double *nodes; /* positions u of the steps */
    int32_t node_count, evaluations;
} making;

/* What is negative is none: every s is 1; a band for each component. */
static void fill_in(itp_covariance_plan_desc *d)
{
    d->power = d->power < 0 ? 0 : itp_real_or(d->power, 1);
    d->bands = d->bands < 0 ? 0 : d->bands ? d->bands : 16;
}

/* Both step back towards the noise, which the bands' flow does not. */
static int has_churn_or_restarts(const itp_solver *of)
{
    return of->s_churn != 0 || (of->gamma != 0 && of->family == ITP_CHURN) || of->restart_count != 0;
}

static int check(const making *m)
{
    const itp_described *d = &m->of;
    if (d->diffusion.k != 0 || d->diffusion.k_fn || has_churn_or_restarts(&d->solver) || d->grid.reversed ||
        d->plan.start != ITP_START_EVALUATE || d->diffusion.kind != ITP_DIFFUSION_K) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "plan: bands are sampled by the flow, from noise: no k, diffusion, s_churn, gamma, restarts, "
                        "reversed or centred start.");
    }
    return itp_choice_check(&itp_kind_clock, "clock", m->desc.clock, &m->log);
}

static int check_power(const making *m)
{
    return m->desc.power <= 2 ? ITP_OK
                              : itp_fail(&m->log, ITP_E_RANGE, "power: %g, it must be at most 2.", m->desc.power);
}

/* Rows of Euler's method lie at the nodes, one each. */
static int read_nodes(making *m, const itp_plan *steps)
{
    m->node_count = steps->info.rows + 1;
    m->nodes = itp_memory_array(&m->out->memory, (size_t)m->node_count, sizeof *m->nodes);
    if (!m->nodes) {
        return itp_fail(&m->log, ITP_E_MEMORY, "no memory for %d nodes.", (int)m->node_count);
    }
    for (int32_t i = 0; i < steps->info.rows; i++) m->nodes[i] = steps->rows[i].u;
    m->nodes[m->node_count - 1] = steps->info.u_end;
    return ITP_OK;
}

/* The grid as the caller's schedule has it, with as many steps as the solver makes of the budget. */
static int find_nodes(making *m)
{
    itp_plan *asked, *steps = NULL;
    int status = itp_plan_new(&m->want, &asked);
    if (status) {
        return status;
    }
    const itp_solver method = {ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .order = 1};
    itp_plan_desc euler = m->want;
    euler.solver = &method;
    euler.evaluations = itp_described_has_nodes(&m->of) ? 0 : asked->info.steps;
    euler.last = euler.noise = euler.ends = 0;
    m->evaluations = asked->info.rows;
    status = itp_plan_new(&euler, &steps);
    status = status ? status : read_nodes(m, steps);
    itp_plan_free(asked);
    itp_plan_free(steps);
    return status;
}

static int32_t clock_of(const making *m)
{
    itp_own_method own;
    const itp_method *solver = NULL;
    int known = m->of.solver.family && !itp_method_find(&m->of.solver, NULL, &own, &solver);
    int stages = known && solver->evaluations > 1;
    return m->desc.clock == ITP_CLOCK_DEFAULT && stages ? ITP_CLOCK_IDENTITY : m->desc.clock;
}

static int make_band(making *m, int32_t b)
{
    itp_schedule_desc lazy = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule;
    itp_plan_desc want = m->want;
    lazy.env = want.env;
    lazy.kind = ITP_SCHEDULE_LAZY;
    lazy.clock = clock_of(m);
    lazy.s = m->out->bands.s[b];
    int status = itp_schedule_new(&lazy, &schedule);
    if (status) {
        return status;
    }
    const itp_grid grid = {ITP_SIZED(itp_grid), .kind = ITP_GRID_USER_U, .nodes = m->nodes,
                           .node_count = m->node_count};
    want.schedule = schedule;
    want.grid = &grid;
    want.evaluations = m->evaluations;
    status = itp_plan_new(&want, &m->out->plan[b]);
    itp_schedule_free(schedule);
    return status;
}

static int agree(const itp_plan *a, const itp_plan *b)
{
    int same = a->info.rows == b->info.rows;
    for (int32_t i = 0; i < a->info.rows && same; i++) {
        same = fabs(a->rows[i].u - b->rows[i].u) <= 1e-12;
    }
    return same;
}

static int check_band(const making *m, int32_t b)
{
    const itp_plan *plan = m->out->plan[b];
    if (plan->info.normals > 1 || plan->info.start_term_count) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED, "solver: %s draws noise in its steps.", plan->info.solver);
    }
    if (!agree(m->out->plan[0], plan)) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "clock: the stages of %s lie elsewhere in every band; ITP_CLOCK_IDENTITY makes them agree.",
                        plan->info.solver);
    }
    return ITP_OK;
}

static int make_bands(making *m)
{
    itp_covariance_plan *out = m->out;
    int status = itp_bands_make(&out->memory, &m->log, out->covariance, m->desc.bands, &out->bands);
    if (status) {
        return status;
    }
    out->info.bands = out->bands.count;
    out->plan = itp_memory_array(&out->memory, (size_t)out->bands.count, sizeof(void *));
    if (!out->plan) {
        return itp_fail(&m->log, ITP_E_MEMORY, "no memory for %d plans.", (int)out->bands.count);
    }
    for (int32_t b = 0; b < out->bands.count && !status; b++) {
        out->bands.s[b] = pow(out->bands.s[b], m->desc.power);
        status = make_band(m, b);
        status = status ? status : check_band(m, b);
    }
    return status;
}

static int fill(making *m)
{
    itp_covariance_plan *out = m->out;
    int status = find_nodes(m);
    status = status ? status : make_bands(m);
    if (status) {
        return status;
    }
    out->info.rows = out->plan[0]->info.rows;
    out->info.u_start = out->plan[0]->info.u_start;
    out->info.u_end = out->plan[0]->info.u_end;
    status = itp_covariance_tabulate(out);
    if (status) {
        return itp_fail(&m->log, status, "no memory for the rows of %d bands.", (int)out->bands.count);
    }
    return itp_covariance_find_constants(out, m->want.model, &m->log);
}

static int make(making *m)
{
    itp_memory memory;
    int status = itp_desc_memory(m->want.env, &m->log, &memory);
    if (status) {
        return status;
    }
    if (!m->desc.covariance) {
        return itp_fail(&m->log, ITP_E_ARGUMENT, "covariance: NULL, but bands are those of one.");
    }
    status = check(m);
    status = status ? status : check_power(m);
    if (status) {
        return status;
    }
    m->out = itp_memory_array(&memory, 1, sizeof *m->out);
    if (!m->out) {
        return itp_fail(&m->log, ITP_E_MEMORY, "no memory for a plan.");
    }
    m->out->memory = memory;
    m->out->covariance = m->desc.covariance;
    itp_count_take(&m->desc.covariance->count);
    m->out->info.size = sizeof m->out->info;
    status = fill(m);
    itp_memory_free(&memory, m->nodes, (size_t)m->node_count * sizeof *m->nodes);
    return status;
}

/* The plan's description is as one that is made without the bands', with their common environment. */
static int read_into(making *m, const itp_covariance_plan_desc *desc)
{
    memset(m, 0, sizeof *m);
    int status = itp_desc_read(&m->desc, sizeof m->desc, desc, offsetof(itp_covariance_plan_desc, env), &m->log);
    if (status) {
        return status;
    }
    const itp_env *theirs = m->desc.plan ? itp_desc_env(m->desc.plan, offsetof(itp_plan_desc, env)) : NULL;
    status = itp_env_join(&m->desc.env, theirs, &m->log);
    status = status ? status : itp_described_within(m->desc.plan, &m->of, &m->log);
    if (status) {
        return status;
    }
    m->want = m->of.plan;
    m->want.env = m->desc.env;
    itp_described_fill(&m->of);
    return ITP_OK;
}

static ITP_APART int covariance_plan_new(const itp_covariance_plan_desc *desc, itp_covariance_plan **out)
{
    making m;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_covariance_plan_desc, env), "out");
    }
    *out = NULL;
    int status = read_into(&m, desc);
    if (!status) {
        fill_in(&m.desc);
        status = make(&m);
    }
    if (status) {
        itp_covariance_plan_free(m.out);
        m.out = NULL;
    }
    *out = m.out;
    return itp_report_end(&m.log, status);
}

int itp_covariance_plan_new(const itp_covariance_plan_desc *desc, itp_covariance_plan **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, covariance_plan_new(desc, out));
}

void itp_covariance_plan_free(itp_covariance_plan *plan)
{
    if (!plan || !itp_count_drop(&plan->count)) {
        return;
    }
    itp_memory memory = plan->memory;
    size_t rows = (size_t)plan->info.rows, bands = (size_t)plan->info.bands;
    for (size_t b = 0; plan->plan && b < bands; b++) itp_plan_free(plan->plan[b]);
    itp_memory_free(&memory, plan->plan, bands * sizeof(void *));
    itp_memory_free(&memory, plan->coef, plan->coef_count * sizeof *plan->coef);
    itp_memory_free(&memory, plan->constants, rows * bands * sizeof *plan->constants);
    itp_bands_free(&memory, &plan->bands, plan->covariance->info.rank);
    itp_covariance_free(itp_not_constant(plan->covariance));
    itp_memory_free(&memory, plan, sizeof *plan);
}

int itp_covariance_plan_get_info(const itp_covariance_plan *plan, itp_covariance_plan_info *out)
{
    return plan && out ? itp_struct_write(out, &plan->info, sizeof plan->info) : ITP_E_ARGUMENT;
}

int itp_covariance_plan_get_band(const itp_covariance_plan *plan, int32_t i, itp_covariance_band *out)
{
    if (!plan || !out) {
        return ITP_E_ARGUMENT;
    }
    if (i < 0 || i >= plan->info.bands) {
        return ITP_E_RANGE;
    }
    const itp_covariance_band band = {.size = sizeof band,
                                      .plan = plan->plan[i],
                                      .mean_terms = plan->constants + (size_t)i * (size_t)plan->info.rows,
                                      .members = plan->bands.member,
                                      .s = plan->bands.s[i]};
    return itp_struct_write(out, &band, sizeof band);
}
