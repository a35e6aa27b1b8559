/* From a description to rows. */
#include "plan/plan.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"
#include "plan/described.h"
#include "plan/restart.h"
#include "plan/settings.h"
#include "plan/spend.h"
#include "prediction/model.h"
#include "solver/exponential.h"
#include "solver/solver.h"
#include "solver/stability.h"
#include "solver/wiener.h"

/* A flow network without a table has as many levels for the grids that count samples. */
enum { MOST_EVALUATIONS = 100000, FLOW_LEVELS = 1000 };

/* Everything that making a plan needs at hand. */
typedef struct making {
    itp_described given, of; /* as the caller wrote it, with every default */
    itp_report log;
    itp_memory memory;
    itp_network model;
    const itp_schedule *sampling;
    itp_schedule reaching; /* of `sampling`, where it had to be made to reach the network's noise end */
    const itp_method *solver;
    itp_own_method own; /* where the solver is the caller's */
    itp_gridding grid;
    itp_diffusing diffusion;
    itp_node *nodes;
    int32_t *stages, *singular, capacity; /* of each step: its evaluations, STEP_*; for how many there is room */
    int32_t noisy;                        /* 1: the solver is for an SDE, and there is one */
    int32_t more;                         /* evaluations of restarts */
    double start_data, end_scale;
} making;

static int check_diffusion(const making *m)
{
    const itp_diffusion *d = &m->of.diffusion;
    return d->kind == ITP_DIFFUSION_USER && !d->fn
               ? itp_fail(&m->log, ITP_E_ARGUMENT, "fn: NULL, but the diffusion is \"user\".")
               : ITP_OK;
}

static void find_diffusion(making *m)
{
    const itp_diffusion *d = &m->of.diffusion;
    itp_diffusing diffusion = {.kind = d->kind,
                               .k = d->k,
                               .k_fn = d->k_fn,
                               .norm = d->norm,
                               .schedule = d->schedule ? d->schedule : m->model.schedule,
                               .fn = d->fn,
                               .user = d->user};
    m->diffusion = diffusion;
}

/* Noise levels of the grid's own kind; 0: none is given. */
static int check_levels(const making *m)
{
    const itp_grid *d = &m->of.grid;
    int flow = itp_grid_is_flow(d->kind);
    if (!(d->sigma_min >= 0 && isfinite(d->sigma_min) && d->sigma_max >= 0 && isfinite(d->sigma_max)) ||
        !(m->grid.lambda_low < m->grid.lambda_high && isfinite(m->grid.lambda_high))) {
        return itp_fail(&m->log, ITP_E_RANGE, "sigma_min, sigma_max: %g, %g must be positive, the first the smaller%s.",
                        d->sigma_min, d->sigma_max, flow ? ", and below 1" : "");
    }
    return ITP_OK;
}

static int check_range(const making *m)
{
    const itp_grid *d = &m->of.grid;
    if (!(d->u_start < d->u_end)) {
        return itp_fail(&m->log, ITP_E_RANGE, "u_start, u_end: %g, %g; 0 <= u_start < u_end <= 1.", d->u_start,
                        d->u_end);
    }
    return check_levels(m);
}

static int check_grid(const making *m)
{
    const itp_grid *d = &m->of.grid;
    int counts = itp_grid_row_of(d->kind)->sample != NULL;
    if (counts && !m->grid.samples) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "grid: \"%s\" counts the samples of a table, but neither the schedule sampled under nor the "
                        "network's is one, and the network is no flow's, trained on \"linear\".",
                        itp_kind_name(&itp_kind_grid, d->kind));
    }
    if (counts && d->u_start > 0) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "u_start: %g, but grid \"%s\" counts the samples of a table from its first.", d->u_start,
                        itp_kind_name(&itp_kind_grid, d->kind));
    }
    return ITP_OK;
}

/* Ends that were computed may miss 0 and 1 by a few roundings. */
static void round_ends(making *m)
{
    enum { FEW = 4 };
    m->of.grid.u_start = itp_near_end(m->of.grid.u_start, FEW);
    m->of.grid.u_end = itp_near_end(m->of.grid.u_end, FEW);
}

/* What no table of fields says; those are looked at when it is known which method reads them. */
static int check(const making *m)
{
    int status = itp_choice_check(&itp_kind_grid, "grid", m->of.grid.kind, &m->log);
    status = status ? status : itp_choice_check(&itp_kind_diffusion, "diffusion", m->of.diffusion.kind, &m->log);
    status = status ? status : check_diffusion(m);
    status = status ? status : check_range(m);
    return status ? status : check_grid(m);
}

/* Which noise a solver can take, and which way it can go. */
static int check_noise_of(const making *m, int noisy)
{
    const itp_method *solver = m->solver;
    if (noisy && solver->stochastic == ITP_OWN_NOISE) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED, "solver: %s brings its own noise (eta, s_churn); k must be 0.",
                        solver->named.name);
    }
    if (noisy && !solver->stochastic) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED, "solver: %s is for the flow (k = 0); euler-maruyama takes k > 0.",
                        solver->named.name);
    }
    if (m->of.grid.reversed && (noisy || solver->stochastic)) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED, "reversed: only the flow can be followed backward, not %s.",
                        solver->named.name);
    }
    return ITP_OK;
}

static int find_solver(making *m)
{
    int noisy = itp_diffusion_is_noisy(&m->diffusion);
    itp_solver wanted = m->of.solver;
    if (!wanted.family) {
        wanted.family = noisy ? ITP_SDE_RUNGE_KUTTA : ITP_RUNGE_KUTTA;
    }
    int status = itp_method_find(&wanted, &m->log, &m->own, &m->solver);
    return status ? status : check_noise_of(m, noisy);
}

static int check_nodes(making *m)
{
    const itp_grid *d = &m->of.grid;
    int32_t budget = m->of.plan.evaluations;
    if (!d->nodes || d->node_count < 2 || d->node_count > MOST_EVALUATIONS) {
        return itp_fail(&m->log, d->nodes ? ITP_E_GRID : ITP_E_ARGUMENT,
                        "nodes: a user grid needs at least 2 of them; node_count is %d.", (int)d->node_count);
    }
    m->capacity = m->grid.steps = d->node_count - 1;
    if (budget != 0 && budget < m->grid.steps) {
        return itp_fail(&m->log, ITP_E_BUDGET, "evaluations: %d, but the nodes make %d steps; 0 is no limit.",
                        (int)budget, (int)m->grid.steps);
    }
    if (budget > m->grid.steps * m->solver->evaluations) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "evaluations: %d, but the nodes make %d steps of at most %d; 0 is no limit.", (int)budget,
                        (int)m->grid.steps, (int)m->solver->evaluations);
    }
    return ITP_OK;
}

/* The fewest steps that may do. A centred point mass start costs no evaluation, so its budget makes one step more. */
static int count_steps(making *m)
{
    const itp_plan_desc *d = &m->of.plan;
    if (itp_described_has_nodes(&m->of)) {
        return check_nodes(m);
    }
    if (d->evaluations < 1 || d->evaluations > MOST_EVALUATIONS) {
        return itp_fail(&m->log, d->evaluations < 1 ? ITP_E_BUDGET : ITP_E_RANGE,
                        "evaluations: %d, it must be 1 to %d.", (int)d->evaluations, MOST_EVALUATIONS);
    }
    int32_t more = d->start == ITP_START_CENTRED;
    m->grid.steps = itp_method_least_steps(m->solver, d->evaluations) + more;
    m->capacity = d->evaluations + more;
    return ITP_OK;
}

/* u_start 0 means the noise end, wherever the two schedules have theirs. */
static void find_start(making *m)
{
    const itp_schedule *latest = m->sampling->u_first > m->model.schedule->u_first ? m->sampling : m->model.schedule;
    m->grid.u_start = m->of.grid.u_start > 0 ? m->of.grid.u_start : latest->u_first;
    m->grid.w_start = m->of.grid.u_start > 0 ? 1 - m->of.grid.u_start : latest->w_first;
}

/* The data end, or where the schedule that ends first does. */
static void find_last(making *m)
{
    const itp_schedule *first = m->sampling->w_last > m->model.schedule->w_last ? m->sampling : m->model.schedule;
    m->grid.u_last = first->u_last;
    m->grid.w_last = first->w_last;
}

/* A path that is walked backward begins where there is a noise level to begin with: on the schedules. */
static void find_end(making *m)
{
    int shorter = m->of.grid.reversed && m->of.grid.u_end == 1;
    m->grid.u_end = shorter ? m->grid.u_last : m->of.grid.u_end;
    m->grid.w_end = shorter ? m->grid.w_last : 1 - m->of.grid.u_end;
}

/* With less noise than a point mass schedule is for, the drift grows like 1/t at its start: steps of drift solvers,
 * evenly placed, converge slowly or, for k = 0, not at all. */
static void warn_of_point_mass(const making *m)
{
    const itp_schedule *s = m->sampling;
    int starts_there = s->family->start && s->k > 0 && m->of.grid.u_start == 0 && !m->of.grid.reversed;
    if (starts_there && !m->solver->exponential && itp_diffusion_is_constant(&m->diffusion) && m->diffusion.k < s->k) {
        itp_warn(&m->log,
                 "k: %g under a schedule that is lazy for k = %g: its steps near t = 0 converge slowly or not.",
                 m->diffusion.k, s->k);
    }
}

/* log(beta/alpha) at a noise level of the grid's own kind; 0: none is given. */
static double lambda_of(const making *m, double sigma, double otherwise)
{
    return sigma == 0 ? otherwise : itp_grid_is_flow(m->of.grid.kind) ? log((1 - sigma) / sigma) : -log(sigma);
}

/* The numbers that single grids read. */
static void copy_options(making *m)
{
    const itp_grid *d = &m->of.grid;
    m->grid.shift = d->shift;
    int32_t reads = itp_grid_reads(d->kind);
    m->grid.lambda_low = reads & ITP_READS_LOW ? lambda_of(m, d->sigma_max, -5) : -5;
    m->grid.lambda_high = reads & ITP_READS_HIGH ? lambda_of(m, d->sigma_min, 5) : 5;
    m->grid.high_given = d->sigma_min > 0;
    m->grid.rho = d->rho;
    m->grid.beta_a = d->beta_a;
    m->grid.beta_b = d->beta_b;
    m->grid.deviation = d->deviation;
    m->grid.terminal = d->terminal;
    m->grid.steps_offset = d->steps_offset;
}

/* An inversion that ends at a point mass: all that is left there is 0, from which nothing leads back. */
static int check_end_scale(const making *m)
{
    return m->end_scale >= DBL_MIN && isfinite(m->end_scale)
               ? ITP_OK
               : itp_fail(
                     &m->log, ITP_E_SINGULAR,
                     "reversed: it ends at u = %g, where alpha + beta of the network's schedule is %g, and with it "
                     "every state; end at a larger u_start.",
                     m->nodes[m->grid.steps].u, m->end_scale);
}

/* In the network's coordinates: the data's part of a start at the first node, beta there; alpha + beta at the last. */
static int find_ends(making *m)
{
    double scale = 0;
    const itp_node *last = &m->nodes[m->grid.steps];
    int status = itp_schedule_scale(m->model.schedule, m->nodes[0].u, m->nodes[0].w, &scale);
    m->start_data = m->of.plan.start == ITP_START_CENTRED ? 0 : scale * m->nodes[0].u;
    m->end_scale = 1;
    if (!status && last->w > 0) {
        status = itp_schedule_scale(m->model.schedule, last->u, last->w, &m->end_scale);
    }
    return status ? status : check_end_scale(m);
}

static void describe_grid(making *m)
{
    m->noisy = m->solver->stochastic == ITP_TAKES_K && itp_diffusion_is_noisy(&m->diffusion);
    m->grid.schedule = m->sampling;
    m->grid.row = itp_grid_row_of(m->of.grid.kind);
    m->grid.nodes = m->of.grid.nodes;
}

static int make_room(making *m)
{
    m->nodes = itp_memory_array(&m->memory, (size_t)m->capacity + 1, sizeof *m->nodes);
    m->stages = itp_memory_array(&m->memory, 2 * (size_t)m->capacity, sizeof *m->stages);
    m->singular = m->stages ? m->stages + m->capacity : NULL;
    return m->nodes && m->stages ? ITP_OK
                                 : itp_fail(&m->log, ITP_E_MEMORY, "no memory for %d nodes.", (int)m->capacity + 1);
}

static int make_nodes(making *m, int32_t steps, const itp_report *log)
{
    m->grid.steps = steps;
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): there is room */
    memset(m->singular, 0, (size_t)steps * sizeof *m->singular); /* STEP_UNKNOWN */
    int status = itp_grid_nodes(&m->grid, log, m->nodes);
    for (int32_t i = 0; m->of.grid.reversed && !status && i < steps - i; i++) {
        itp_node swap = m->nodes[i];
        m->nodes[i] = m->nodes[steps - i];
        m->nodes[steps - i] = swap;
    }
    return status;
}

/* Where the drift has no limit, or would have to be followed too far, the first step from the noise end is made with
 * k = 0, which is a choice of k like any other; where the flow has none either (an infinite alpha' or beta'), along the
 * linear schedule's velocity, which always has one. A later step, or one that only its k makes stiff, is made with the
 * exact law of the frozen prediction. Methods with a history begin anew after it. */
static void singular_step(itp_solving *solving, itp_form *x, const itp_node *a, const itp_node *b, int noisy)
{
    solving->past_count = 0;
    if (noisy && a->u > 0 && (solving->rows.count > 0 || !itp_begins_at_noise(a, b))) {
        itp_sa_step(solving, itp_method_named("exponential-sde"), x, a, b);
        solving->past_count = 0;
    } else if (noisy && itp_drift_suits(solving, a, itp_no_noise, a, b)) {
        itp_form drift = itp_drift(solving, x, a, itp_no_noise);
        itp_form_increase(x, b->t - a->t, &drift);
    } else {
        itp_along_velocity(solving, x, a, b);
    }
}

static const itp_exponential IN_SIGMA = {ITP_PREDICT_DATA, 1, 0, 0};

/* An SDE's last step lands on the data prediction, without noise. One that comes near to w = 0 has less of it, so that
 * an end that is missed by a hair has the plan of the end. Exponential methods leave no more noise than there is. */
static double share_of_noise(const making *m, int noisy, const itp_node *a, const itp_node *b)
{
    if (!noisy || m->of.plan.last != ITP_LAST_DATA) {
        return 1;
    }
    return m->solver->exponential ? b->w > 0 : itp_expo_share(&IN_SIGMA, a, b);
}

/* Steps made with the frozen prediction alone, which is a step along the velocity: to a data end that the schedule
 * does not reach, the last of an SDE, and, with exponential methods, from an end of the path, infinitely far away. */
static int frozen_alone(const making *m, int noisy, const itp_node *a, const itp_node *b)
{
    int exponential = m->solver->exponential, end = (a->u == 0 && exponential == ITP_IN_LAMBDA) || a->w == 0;
    return (b->beyond && !exponential) || (noisy && share_of_noise(m, noisy, a, b) == 0) ||
           (exponential && !m->solver->stochastic && end);
}

static int is_singular(const making *m, itp_solving *solving, const itp_node *a, const itp_node *b)
{
    itp_k_at k = m->noisy ? itp_k_of(solving, a) : itp_no_noise;
    return !m->solver->exponential && !solving->strict && !itp_drift_suits(solving, a, k, a, b);
}

/* What is known of a step before it is made. */
enum { STEP_UNKNOWN = 0, STEP_REGULAR = 1, STEP_SINGULAR = 2 };

static void make_step(const making *m, itp_solving *solving, itp_form *x, int32_t i)
{
    const itp_node *a = &m->nodes[i], *b = &m->nodes[i + 1];
    solving->k_left_out = 1 - share_of_noise(m, m->noisy, a, b);
    solving->step = i;
    solving->fresh = 1;
    solving->stages = m->stages[i];
    if (m->stages[i] == 0) {
        solving->past_count = 0;
        itp_raise(solving, x, a, b);
    } else if (frozen_alone(m, m->noisy, a, b)) {
        itp_along_velocity(solving, x, a, b);
    } else if (m->singular[i] == STEP_UNKNOWN ? is_singular(m, solving, a, b) : m->singular[i] == STEP_SINGULAR) {
        singular_step(solving, x, a, b, m->noisy);
    } else {
        m->solver->step(solving, m->solver, x, a, b);
    }
}

typedef struct plan_so_far {
    const making *making;
    itp_solving *solving;
    int32_t unmade; /* steps at the start that the solver does not make */
} plan_so_far;

/* How many evaluations step i makes of `most`. */
static int32_t stages_of(void *user, int32_t i, int32_t most)
{
    const plan_so_far *of = user;
    const making *m = of->making;
    const itp_node *a = &m->nodes[i], *b = &m->nodes[i + 1];
    if (i == 0 && m->of.plan.start == ITP_START_CENTRED) {
        return 0;
    }
    of->solving->step = i;
    of->solving->made = i - of->unmade;
    of->solving->k_left_out = 1 - share_of_noise(m, m->noisy, a, b);
    if (frozen_alone(m, m->noisy, a, b)) {
        return 1;
    }
    if (m->singular[i] == STEP_UNKNOWN) {
        m->singular[i] = is_singular(m, of->solving, a, b) ? STEP_SINGULAR : STEP_REGULAR;
    }
    if (m->singular[i] == STEP_SINGULAR) {
        return 1;
    }
    return itp_method_stages(of->solving, m->solver, most, a, b);
}

/* DPM-Solver's authors shorten the last steps of exponential methods. Any other method keeps more of its accuracy when
 * it is the first ones: near the noise what the network predicts hardly changes in a step, and a step of low order near
 * the data, where it changes most, costs long runs their order. The drift of an SDE can be almost singular in the very
 * first step, which is taken last. */
static itp_spending spending_of(const making *m, plan_so_far *of)
{
    int centred = m->of.plan.start == ITP_START_CENTRED, exponential = m->solver->exponential;
    int32_t most = m->solver->evaluations;
    int lower = m->of.solver.final_order == ITP_FINAL_LOWER && (itp_method_reads(m->solver) & ITP_READS_FINAL) != 0;
    of->unmade = 0;
    of->unmade = centred || ((exponential || m->solver->stochastic) && stages_of(of, 0, most) < 2);
    itp_spending spending = {m->stages, m->grid.steps, most, most - lower, !exponential, m->noisy, stages_of, of};
    return spending;
}

/* `more` steps, or as many more as the grid can have; 0: none. */
static int32_t add_steps(making *m, int32_t more)
{
    int32_t steps = m->grid.steps;
    more = more < m->capacity - steps ? more : m->capacity - steps;
    while (more > 0 && make_nodes(m, steps + more, NULL)) {
        more /= 2;
    }
    m->grid.steps = steps + more;
    return more;
}

/* In the steps that there are. */
static void spend_here(const itp_spending *spending, int32_t budget)
{
    int32_t surplus = itp_spend_all(spending, 0) - budget;
    if (budget > 0 && surplus > 0) {
        itp_spend_less(spending, surplus);
    }
}

/* What the budget lacks for these steps, or they for the budget. */
static int32_t left_of(const itp_spending *spending, int32_t budget)
{
    int32_t surplus = itp_spend_all(spending, budget) - budget;
    if (budget == 0) {
        return 0;
    }
    return surplus < 0 ? -surplus : itp_spend_less(spending, surplus);
}

/* The fewest steps that can spend the budget, and what each of them spends. A grid that cannot have more nodes leaves
 * some of it. */
static int spend_on_stages(making *m, itp_solving *solving)
{
    plan_so_far of = {m, solving, 0};
    for (;;) {
        itp_spending spending = spending_of(m, &of);
        int32_t left = left_of(&spending, solving->budget);
        if (!left) {
            return solving->status;
        }
        if (!add_steps(m, left > spending.most ? left / spending.most : 1)) {
            int status = make_nodes(m, m->grid.steps, &m->log);
            spend_here(&spending, solving->budget);
            return status ? status : solving->status;
        }
    }
}

static int spend(making *m, itp_solving *solving)
{
    int status = make_nodes(m, m->grid.steps, &m->log);
    for (int32_t i = 0; i < m->grid.steps; i++) {
        m->stages[i] = i > 0 || m->of.plan.start != ITP_START_CENTRED;
    }
    if (!status && m->solver->evaluations > 1) {
        status = spend_on_stages(m, solving);
    }
    solving->steps = m->grid.steps;
    return status ? status : find_ends(m);
}

static void free_room(making *m)
{
    itp_memory_free(&m->memory, m->nodes, ((size_t)m->capacity + 1) * sizeof *m->nodes);
    itp_memory_free(&m->memory, m->stages, 2 * (size_t)m->capacity * sizeof *m->stages);
}

static int check_restarts(const making *m)
{
    int same_path = m->of.plan.noise == ITP_NOISE_PATH && m->solver->stochastic;
    if (!m->of.solver.restarts || m->of.grid.reversed || m->of.plan.start == ITP_START_CENTRED) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "restarts: %d, but they are NULL, or the plan is reversed or centred, which has none.",
                        (int)m->of.solver.restart_count);
    }
    return same_path ? itp_fail(&m->log, ITP_E_UNSUPPORTED,
                                "restarts: they go over a part of the path again, where noise \"path\" is the same; "
                                "take noise \"steps\".")
                     : ITP_OK;
}

/* The stages of each step of the longer list. */
static void spend_on_restarts(making *m, itp_solving *solving, const making *before, const int32_t *what)
{
    plan_so_far of = {m, solving, 0};
    for (int32_t i = 0; i < m->grid.steps; i++) {
        if (what[i] >= 0) {
            m->stages[i] = before->stages[what[i]];
        } else {
            m->stages[i] = what[i] == ITP_RESTART_UP ? 0 : stages_of(&of, i, m->solver->evaluations);
            m->more += m->stages[i];
        }
    }
}

/* Puts the restarts between the steps that there are. */
static int add_restarts(making *m, itp_solving *solving)
{
    const itp_restarting of = {m->of.solver.restarts, m->of.solver.restart_count, m->sampling, &m->log};
    making before = *m;
    int status = of.count ? check_restarts(m) : ITP_OK;
    int32_t more = status || !of.count ? status : itp_restart_steps(&of);
    if (more <= 0) {
        return more;
    }
    m->capacity = m->grid.steps + more;
    status = make_room(m);
    int32_t *what = status ? NULL : m->singular;
    status = status ? status : itp_restart_nodes(&of, before.nodes, before.grid.steps, m->nodes, what);
    if (!status && what) {
        solving->steps = m->grid.steps = m->capacity;
        memcpy(m->stages, what, (size_t)m->capacity * sizeof *what);
        memset(m->singular, 0, (size_t)m->capacity * sizeof *m->singular); /* STEP_UNKNOWN */
        spend_on_restarts(m, solving, &before, m->stages);
    }
    free_room(&before);
    return status;
}

/* x_1 = sqrt(V_1) xi: from a point mass the state is pure noise as long as the data's mean is zero. */
static int centred_start(const making *m, itp_solving *solving, itp_form *x)
{
    const itp_node *first = &m->nodes[0];
    int point_mass = first->t == 0 && itp_start_form(solving, first).count == 0;
    itp_k_at k = itp_k_of(solving, first);
    if (!point_mass || !(k.k > 0) || m->grid.steps < 2 || !itp_drift_exists(solving, first, k)) {
        return itp_fail(&m->log, ITP_E_UNSUPPORTED,
                        "start: \"centred\" needs a point mass schedule from t = 0, sampled with its own k.");
    }
    *x = itp_noise_whole(solving, first, &m->nodes[1]);
    return solving->status;
}

static int make_rows(const making *m, itp_solving *solving)
{
    int32_t i = 0;
    itp_form x = itp_start_form(solving, &m->nodes[0]), begin;
    if (m->of.plan.start == ITP_START_CENTRED) {
        int status = centred_start(m, solving, &x);
        if (status) {
            return status;
        }
        i = 1;
    }
    solving->begin = &begin;
    for (; i < m->grid.steps && !solving->status; i++) {
        begin = x;
        make_step(m, solving, &x, i);
    }
    solving->begin = NULL;
    itp_finish_state(solving, &x, &m->nodes[m->grid.steps]);
    if (solving->status) {
        return solving->status;
    }
    int status = itp_rows_finish(&solving->rows, &x);
    if (!status) {
        solving->rows.row[solving->rows.count - 1].ends_step = 1;
    }
    return status ? itp_fail(&m->log, status, "the last row has a coefficient without a finite limit.") : ITP_OK;
}

void itp_plan_set_solver(itp_plan *plan, const char *name)
{
    (void)snprintf(plan->solver, sizeof plan->solver, "%s", name);
    plan->info.solver = plan->solver;
}

static int pack(const making *m, const itp_solving *solving, itp_plan *plan)
{
    plan->memory = m->memory;
    plan->info.size = sizeof plan->info;
    plan->info.steps = m->grid.steps;
    itp_plan_set_solver(plan, m->solver->named.name);
    plan->info.start_data = m->start_data;
    plan->info.u_start = m->nodes[0].u;
    plan->info.u_end = m->nodes[m->grid.steps].u;
    plan->info.end_scale = m->end_scale;
    plan->info.starts_inside =
        itp_plan_starts_inside(m->nodes[0].u, m->nodes[0].w, m->model.schedule->u_first, m->model.schedule->w_first);
    int status = itp_plan_pack(plan, solving, m->solver->evaluations);
    plan->info.unspent = solving->budget > 0 ? solving->budget + m->more - plan->info.rows : 0;
    return status ? status : itp_plan_assign_slots(plan);
}

/* Beyond this nothing is left of a double, whatever the data. */
static int judge(const making *m, itp_plan *plan)
{
    static const double HOPELESS = 0x1p52;
    double least = 0;
    int status = itp_plan_measure(plan, &least);
    if (!status && !(least < HOPELESS)) {
        return itp_fail(&m->log, ITP_E_SINGULAR,
                        "amplification: %.3g, the steps of %s are out of all proportion; more evaluations, other nodes "
                        "or another solver are needed.",
                        plan->info.amplification, m->solver->named.name);
    }
    if (!status) {
        itp_plan_warn(plan, &m->log);
    }
    return status;
}

static itp_solving solving_of(const making *m)
{
    itp_solving solving = {.sampling = m->sampling,
                           .model = &m->model,
                           .log = &m->log,
                           .diffusion = m->diffusion,
                           .noise = m->of.plan.noise,
                           .eta = m->of.solver.eta,
                           .s_noise = m->solver->stochastic == ITP_OWN_NOISE ? m->of.solver.s_noise : 1,
                           .s_churn = m->of.solver.s_churn,
                           .s_min = m->of.solver.s_min,
                           .s_max = m->of.solver.s_max,
                           .gamma = m->of.solver.gamma,
                           .step_scale = m->of.solver.step_scale,
                           .corrector_snr = m->of.solver.corrector_snr,
                           .strict = m->of.plan.singular == ITP_SINGULAR_ERROR,
                           .budget = m->of.plan.evaluations,
                           .ends = m->of.plan.ends,
                           .final_order = m->of.solver.final_order};
    return solving;
}

static void warn_of_rest(const making *m, const itp_plan *plan)
{
    if (plan->info.unspent > 0) {
        itp_warn(&m->log, "evaluations: %d, but %s in the %d steps that this grid has spends %d of them.",
                 (int)(plan->info.rows + plan->info.unspent), m->solver->named.name, (int)m->grid.steps,
                 (int)plan->info.rows);
    }
}

static int make_plan(const making *m, itp_solving *solving, itp_plan **out)
{
    int32_t rows = 0;
    for (int32_t i = 0; i < m->grid.steps; i++) {
        rows += m->stages[i];
    }
    itp_rows_begin(&solving->rows, &m->memory, rows);
    int status = make_rows(m, solving);
    itp_plan *plan = status ? NULL : itp_memory_array(&m->memory, 1, sizeof *plan);
    if (plan) {
        status = pack(m, solving, plan);
        status = status ? status : judge(m, plan);
    }
    if (!status && (!plan || !plan->rows)) {
        status = ITP_E_MEMORY;
    }
    itp_memory_free(&m->memory, solving->intervals, (size_t)solving->interval_capacity * sizeof *solving->intervals);
    itp_rows_free(&solving->rows);
    if (status) {
        itp_plan_free(plan);
        return status == ITP_E_MEMORY ? itp_fail(&m->log, status, "no memory for a plan.") : status;
    }
    warn_of_rest(m, plan);
    *out = plan;
    return ITP_OK;
}

static void find_sampling(making *m)
{
    const itp_schedule *own = m->model.schedule, *wanted = m->of.plan.schedule ? m->of.plan.schedule : own;
    m->sampling = itp_schedule_reaching(wanted, own->u_first, own->w_first, &m->reaching);
    m->grid.table = m->sampling->samples ? m->sampling : own;
    m->grid.samples = m->grid.table->samples;
    if (!m->grid.samples && own->kind == ITP_SCHEDULE_LINEAR) {
        m->grid.samples = FLOW_LEVELS;
    }
}

/* The description, so that it can be printed. */
static int keep(const making *m, itp_plan *plan)
{
    itp_described of = m->of;
    itp_model model = ITP_MODEL_INIT;
    if (!of.solver.tableau) {
        itp_method_name_keys(m->solver, &of.solver);
    }
    if (of.plan.model) {
        (void)itp_struct_read(&model, sizeof model, of.plan.model);
    }
    plan->kept = itp_kept_new(&of, &model, &m->memory);
    return plan->kept ? ITP_OK : itp_fail(&m->log, ITP_E_MEMORY, "no memory for the description of a plan.");
}

static int make_rows_of(making *m, itp_plan **out)
{
    describe_grid(m);
    itp_solving solving = solving_of(m);
    int status = make_room(m);
    status = status ? status : spend(m, &solving);
    status = status ? status : add_restarts(m, &solving);
    status = status ? status : make_plan(m, &solving, out);
    status = status || !*out ? status : keep(m, *out);
    if (status) {
        itp_plan_free(*out);
        *out = NULL;
    }
    itp_panels_free(&solving.panels);
    free_room(m);
    return status;
}

/* What every part of the description comes to, before anything is made of it. */
static int choose(making *m)
{
    int status = itp_schedule_check(m->of.plan.schedule, &m->log, "schedule");
    status = status ? status : itp_schedule_check(m->of.diffusion.schedule, &m->log, "diffusion.schedule");
    status = status ? status : itp_model_from(m->of.plan.model, &m->log, &m->model);
    status = status ? status : itp_model_unread(&m->model, m->of.plan.model, &m->log);
    if (!status) {
        find_sampling(m);
        find_diffusion(m);
        round_ends(m);
        copy_options(m);
    }
    status = status ? status : check(m);
    status = status ? status : find_solver(m);
    status = status ? status : count_steps(m);
    if (!status) {
        find_start(m);
        find_last(m);
        find_end(m);
    }
    return status;
}

static itp_settings settings_of(const making *m)
{
    itp_settings settings = {.given = &m->given,
                             .of = &m->of,
                             .log = &m->log,
                             .solver = m->solver,
                             .steps = m->grid.steps,
                             .open_start = m->grid.u_start == 0,
                             .open_end = m->grid.w_end == 0};
    return settings;
}

static int make(making *m, itp_plan **out)
{
    int status = itp_desc_memory(m->of.plan.env, &m->log, &m->memory);
    status = status ? status : choose(m);
    if (!status) {
        itp_settings settings = settings_of(m);
        status = itp_settings_check(&settings);
    }
    if (status) {
        return status;
    }
    warn_of_point_mass(m);
    return make_rows_of(m, out);
}

static int read_into(making *m, const itp_plan_desc *desc)
{
    memset(m, 0, sizeof *m);
    int status = itp_described_from(desc, &m->given, &m->log);
    m->of = itp_described_filled(&m->given);
    return status;
}

static ITP_APART int plan_new(const itp_plan_desc *desc, itp_plan **out)
{
    making m;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_plan_desc, env), "out");
    }
    *out = NULL;
    int status = read_into(&m, desc);
    status = status ? status : make(&m, out);
    return itp_report_end(&m.log, status);
}

int itp_plan_new(const itp_plan_desc *desc, itp_plan **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_new(desc, out));
}

static ITP_APART int plan_reads(const itp_plan_desc *desc, const char *field)
{
    making m;
    int status = read_into(&m, desc);
    status = status ? status : choose(&m);
    status = status || field ? status : itp_fail(&m.log, ITP_E_ARGUMENT, "field: NULL.");
    if (!status) {
        itp_settings settings = settings_of(&m);
        status = itp_setting_check(&settings, field);
    }
    return itp_report_end(&m.log, status);
}

int itp_plan_reads(const itp_plan_desc *desc, const char *field)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_reads(desc, field));
}

const itp_plan *itp_plan_keep(const itp_plan *plan)
{
    if (plan) {
        itp_count_take(&plan->count);
    }
    return plan;
}

void itp_plan_drop(const itp_plan *plan)
{
    itp_plan_free(itp_not_constant(plan));
}

void itp_plan_free(itp_plan *plan)
{
    if (plan && itp_count_drop(&plan->count)) {
        itp_memory memory = plan->memory;
        itp_kept_free(plan->kept, &memory);
        itp_memory_free(&memory, plan->terms, (size_t)plan->term_capacity * sizeof *plan->terms);
        itp_memory_free(&memory, plan->rows, (size_t)plan->info.rows * sizeof *plan->rows);
        itp_memory_free(&memory, plan, sizeof *plan);
    }
}

int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out)
{
    return plan && out ? itp_struct_write(out, &plan->info, sizeof plan->info) : ITP_E_ARGUMENT;
}

int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out)
{
    if (!plan || !out) {
        return ITP_E_ARGUMENT;
    }
    return i >= 0 && i < plan->info.rows ? itp_struct_write(out, &plan->rows[i], sizeof plan->rows[i]) : ITP_E_RANGE;
}

int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out)
{
    return plan && out ? itp_struct_write(out, &plan->origin, sizeof plan->origin) : ITP_E_ARGUMENT;
}
