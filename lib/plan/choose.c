#include "plan/choose.h"

#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/kind.h"
#include "base/log.h"
#include "plan/settings.h"
#include "prediction/model.h"

/* A flow network without a table has as many levels for the grids that count samples. */
enum { MOST_EVALUATIONS = 100000, FLOW_LEVELS = 1000 };

static int check_diffusion(const itp_chosen *chosen)
{
    const itp_diffusion *d = &chosen->of.diffusion;
    return d->kind == ITP_DIFFUSION_USER && !d->fn
               ? itp_fail(&chosen->log, ITP_E_ARGUMENT, "fn: NULL, but the diffusion is \"user\".")
               : ITP_OK;
}

static void find_diffusion(itp_chosen *chosen)
{
    itp_diffusion *d = &chosen->of.diffusion;
    chosen->by_network = !d->schedule;
    d->schedule = d->schedule ? d->schedule : chosen->model.schedule;
}

/* Noise levels of the grid's own kind; 0: none is given. */
static int check_levels(const itp_chosen *chosen)
{
    const itp_grid *d = &chosen->of.grid;
    int flow = itp_grid_is_flow(d->kind);
    if (!(d->sigma_min >= 0 && isfinite(d->sigma_min) && d->sigma_max >= 0 && isfinite(d->sigma_max)) ||
        !(chosen->grid.lambda_low < chosen->grid.lambda_high && isfinite(chosen->grid.lambda_high))) {
        return itp_fail(&chosen->log, ITP_E_RANGE,
                        "sigma_min, sigma_max: %g, %g must be positive, the first the smaller%s.", d->sigma_min,
                        d->sigma_max, flow ? ", and below 1" : "");
    }
    return ITP_OK;
}

static int check_range(const itp_chosen *chosen)
{
    const itp_grid *d = &chosen->of.grid;
    if (!(d->u_start < d->u_end)) {
        return itp_fail(&chosen->log, ITP_E_RANGE, "u_start, u_end: %g, %g; 0 <= u_start < u_end <= 1.", d->u_start,
                        d->u_end);
    }
    return check_levels(chosen);
}

static int check_grid(const itp_chosen *chosen)
{
    const itp_grid *d = &chosen->of.grid;
    int counts = chosen->grid.row->sample != NULL;
    if (counts && !chosen->grid.samples) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                        "grid: \"%s\" counts the samples of a table, but neither the schedule sampled under nor the "
                        "network's is one, and the network is no flow's, trained on \"linear\".",
                        itp_kind_name(&itp_kind_grid, d->kind));
    }
    if (counts && d->u_start > 0) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                        "u_start: %g, but grid \"%s\" counts the samples of a table from its first.", d->u_start,
                        itp_kind_name(&itp_kind_grid, d->kind));
    }
    return ITP_OK;
}

/* Ends that were computed may miss 0 and 1 by a few roundings. */
static void round_ends(itp_chosen *chosen)
{
    enum { FEW = 4 };
    chosen->of.grid.u_start = itp_near_end(chosen->of.grid.u_start, FEW);
    chosen->of.grid.u_end = itp_near_end(chosen->of.grid.u_end, FEW);
}

/* What no table of fields says; those are looked at when it is known which method reads them. */
static int check(const itp_chosen *chosen)
{
    int status = itp_choice_check(&itp_kind_grid, "grid", chosen->of.grid.kind, &chosen->log);
    status =
        status ? status : itp_choice_check(&itp_kind_diffusion, "diffusion", chosen->of.diffusion.kind, &chosen->log);
    status = status ? status : check_diffusion(chosen);
    status = status ? status : check_range(chosen);
    return status ? status : check_grid(chosen);
}

/* Which noise a solver can take, and which way it can go. */
static int check_noise_of(const itp_chosen *chosen, int noisy)
{
    const itp_method *solver = chosen->solver;
    if (noisy && solver->stochastic == ITP_OWN_NOISE) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED, "solver: %s brings its own noise (eta, s_churn); k must be 0.",
                        solver->named.name);
    }
    if (noisy && !solver->stochastic) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                        "solver: %s is for the flow (k = 0); euler-maruyama takes k > 0.", solver->named.name);
    }
    if (chosen->of.grid.reversed && (noisy || solver->stochastic)) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED, "reversed: only the flow can be followed backward, not %s.",
                        solver->named.name);
    }
    return ITP_OK;
}

static int find_solver(itp_chosen *chosen)
{
    int noisy = itp_diffusion_is_noisy(&chosen->of.diffusion);
    itp_solver *wanted = &chosen->of.solver;
    if (!wanted->family) {
        wanted->family = noisy ? ITP_SDE_RUNGE_KUTTA : ITP_RUNGE_KUTTA;
    }
    int status = itp_method_find(wanted, &chosen->log, &chosen->own, &chosen->solver);
    if (!status) {
        chosen->noisy = noisy && chosen->solver->stochastic == ITP_TAKES_K;
    }
    return status ? status : check_noise_of(chosen, noisy);
}

static int check_nodes(itp_chosen *chosen)
{
    const itp_grid *d = &chosen->of.grid;
    int32_t budget = chosen->of.plan.evaluations;
    if (!d->nodes || d->node_count < 2 || d->node_count > MOST_EVALUATIONS) {
        return itp_fail(&chosen->log, d->nodes ? ITP_E_GRID : ITP_E_ARGUMENT,
                        "nodes: a user grid needs at least 2 of them; node_count is %d.", (int)d->node_count);
    }
    chosen->capacity = chosen->grid.steps = d->node_count - 1;
    if (budget != 0 && budget < chosen->grid.steps) {
        return itp_fail(&chosen->log, ITP_E_BUDGET, "evaluations: %d, but the nodes make %d steps; 0 is no limit.",
                        (int)budget, (int)chosen->grid.steps);
    }
    if (budget > chosen->grid.steps * chosen->solver->evaluations) {
        return itp_fail(&chosen->log, ITP_E_UNSUPPORTED,
                        "evaluations: %d, but the nodes make %d steps of at most %d; 0 is no limit.", (int)budget,
                        (int)chosen->grid.steps, (int)chosen->solver->evaluations);
    }
    return ITP_OK;
}

/* The fewest steps that may do. A centred point mass start costs no evaluation, so its budget makes one step more. */
static int count_steps(itp_chosen *chosen)
{
    const itp_plan_desc *d = &chosen->of.plan;
    if (itp_described_has_nodes(&chosen->of)) {
        return check_nodes(chosen);
    }
    if (d->evaluations < 1 || d->evaluations > MOST_EVALUATIONS) {
        return itp_fail(&chosen->log, d->evaluations < 1 ? ITP_E_BUDGET : ITP_E_RANGE,
                        "evaluations: %d, it must be 1 to %d.", (int)d->evaluations, MOST_EVALUATIONS);
    }
    int32_t more = d->start == ITP_START_CENTRED;
    chosen->grid.steps = itp_method_least_steps(chosen->solver, d->evaluations) + more;
    chosen->capacity = d->evaluations + more;
    return ITP_OK;
}

/* u_start 0 means the noise end, wherever the two schedules have theirs. */
static void find_start(itp_chosen *chosen)
{
    const itp_schedule *latest =
        chosen->sampling->u_first > chosen->model.schedule->u_first ? chosen->sampling : chosen->model.schedule;
    chosen->grid.u_start = chosen->of.grid.u_start > 0 ? chosen->of.grid.u_start : latest->u_first;
    chosen->grid.w_start = chosen->of.grid.u_start > 0 ? 1 - chosen->of.grid.u_start : latest->w_first;
}

/* The data end, or where the schedule that ends first does. */
static void find_last(itp_chosen *chosen)
{
    const itp_schedule *first =
        chosen->sampling->w_last > chosen->model.schedule->w_last ? chosen->sampling : chosen->model.schedule;
    chosen->grid.u_last = first->u_last;
    chosen->grid.w_last = first->w_last;
}

/* A path that is walked backward begins where there is a noise level to begin with: on the schedules. */
static void find_end(itp_chosen *chosen)
{
    int shorter = chosen->of.grid.reversed && chosen->of.grid.u_end == 1;
    chosen->grid.u_end = shorter ? chosen->grid.u_last : chosen->of.grid.u_end;
    chosen->grid.w_end = shorter ? chosen->grid.w_last : 1 - chosen->of.grid.u_end;
}

/* With less noise than a point mass schedule is for, the drift grows like 1/t at its start: steps of drift solvers,
 * evenly placed, converge slowly or, for k = 0, not at all. */
static void warn_of_point_mass(const itp_chosen *chosen)
{
    const itp_schedule *s = chosen->sampling;
    const itp_diffusion *d = &chosen->of.diffusion;
    int starts_there = s->family->start && s->k > 0 && chosen->of.grid.u_start == 0 && !chosen->of.grid.reversed;
    if (starts_there && !chosen->solver->exponential && itp_diffusion_is_constant(d) && d->k < s->k) {
        itp_warn(&chosen->log,
                 "k: %g under a schedule that is lazy for k = %g: its steps near t = 0 converge slowly or not.", d->k,
                 s->k);
    }
}

/* log(beta/alpha) at a noise level of the grid's own kind; 0: none is given. */
static double lambda_of(const itp_chosen *chosen, double sigma, double otherwise)
{
    return sigma == 0 ? otherwise : itp_grid_is_flow(chosen->of.grid.kind) ? log((1 - sigma) / sigma) : -log(sigma);
}

static void begin_grid(itp_chosen *chosen)
{
    const itp_grid *d = &chosen->of.grid;
    int32_t reads = itp_grid_reads(d->kind);
    chosen->grid.options = d;
    chosen->grid.row = itp_grid_row_of(d->kind);
    chosen->grid.schedule = chosen->sampling;
    chosen->grid.lambda_low = reads & ITP_READS_LOW ? lambda_of(chosen, d->sigma_max, -5) : -5;
    chosen->grid.lambda_high = reads & ITP_READS_HIGH ? lambda_of(chosen, d->sigma_min, 5) : 5;
}

static void find_sampling(itp_chosen *chosen)
{
    const itp_schedule *own = chosen->model.schedule,
                       *wanted = chosen->of.plan.schedule ? chosen->of.plan.schedule : own;
    chosen->sampling = itp_schedule_reaching(wanted, own->u_first, own->w_first, &chosen->reaching);
    chosen->grid.table = chosen->sampling->samples ? chosen->sampling : own;
    chosen->grid.samples = chosen->grid.table->samples;
    if (!chosen->grid.samples && own->kind == ITP_SCHEDULE_LINEAR) {
        chosen->grid.samples = FLOW_LEVELS;
    }
}

static int read_desc(const itp_plan_desc *desc, itp_memory *memory, itp_chosen *chosen)
{
    memset(chosen, 0, sizeof *chosen);
    chosen->desc = desc;
    int status = itp_described_from(desc, &chosen->of, &chosen->log);
    if (status) {
        return status;
    }
    itp_described_fill(&chosen->of);
    return memory ? itp_desc_memory(chosen->of.plan.env, &chosen->log, memory) : ITP_OK;
}

/* The network, and the schedules that the others are read by. */
static int find_network(itp_chosen *chosen)
{
    int status = itp_schedule_check(chosen->of.plan.schedule, &chosen->log, "schedule");
    status = status ? status : itp_schedule_check(chosen->of.diffusion.schedule, &chosen->log, "diffusion.schedule");
    status = status ? status : itp_model_from(chosen->of.plan.model, &chosen->log, &chosen->model);
    return status ? status : itp_model_unread(&chosen->model, &chosen->log);
}

int itp_choose(const itp_plan_desc *desc, itp_memory *memory, itp_chosen *chosen)
{
    int status = read_desc(desc, memory, chosen);
    status = status ? status : find_network(chosen);
    if (status) {
        return status;
    }
    find_sampling(chosen);
    find_diffusion(chosen);
    round_ends(chosen);
    begin_grid(chosen);
    status = check(chosen);
    status = status ? status : find_solver(chosen);
    status = status ? status : count_steps(chosen);
    if (!status) {
        find_start(chosen);
        find_last(chosen);
        find_end(chosen);
    }
    return status;
}

/* `given`: the description as the caller wrote it, which has been read once before. */
static itp_settings settings_of(const itp_chosen *chosen, itp_described *given)
{
    (void)itp_described_within(chosen->desc, given, &chosen->log);
    itp_settings settings = {.given = given,
                             .of = &chosen->of,
                             .log = &chosen->log,
                             .solver = chosen->solver,
                             .steps = chosen->grid.steps,
                             .open_start = chosen->grid.u_start == 0,
                             .open_end = chosen->grid.w_end == 0};
    return settings;
}

int itp_chosen_check(const itp_chosen *chosen)
{
    itp_described given;
    itp_settings settings = settings_of(chosen, &given);
    int status = itp_settings_check(&settings);
    if (!status) {
        warn_of_point_mass(chosen);
    }
    return status;
}

int itp_chosen_reads(const itp_chosen *chosen, const char *field)
{
    itp_described given;
    itp_settings settings = settings_of(chosen, &given);
    return itp_setting_check(&settings, field);
}
