/* A description of a fit: what it may be, and what its zeros stand for. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/sized.h"
#include "fit/fitting.h"
#include "sampler/sampler.h"

enum { SEEDS = 64, BATCH = 64, ITERATIONS = 10, REFERENCE_ROWS = 1024, ROUND_STEPS = 2 };
enum { MOST_PLAN_ROWS = 1000, MOST_STARTS = 1000 };
static const double GAIN = 0.2, TOLERANCE = 2e-3;

/* ---- numbers ---- */

static int check_counts(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (d->count < 2 || d->held_out >= d->count) {
        return itp_fail(&fit->log, ITP_E_RANGE, "count, held_out: %zu, %zu; two seeds at least, and one fitted on.",
                        d->count, d->held_out);
    }
    if (!d->dim || (d->feature && !d->features)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "%s: 0, it must be at least 1.", d->dim ? "features" : "dim");
    }
    size_t most = SIZE_MAX / 64, wide = d->feature && d->features > d->dim ? d->features : d->dim;
    return wide > most / d->count ? itp_fail(&fit->log, ITP_E_OVERFLOW, "count, dim: their product does not fit.")
                                  : ITP_OK;
}

/* Whole numbers, by their names. */
typedef struct whole {
    const char *name;
    int32_t value, most;
} whole;

static int check_whole_numbers(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_fit_expert *e = &fit->expert;
    const whole numbers[] = {{"iterations", d->iterations, INT32_MAX},
                             {"reference_rows", d->reference_rows, INT32_MAX / 2},
                             {"outputs", e->outputs, INT32_MAX},
                             {"race", e->race, INT32_MAX},
                             {"finalists", e->finalists, INT32_MAX},
                             {"fixed_nodes", e->fixed_nodes, 1},
                             {"no_gain", e->no_gain, 1},
                             {"no_greedy", e->no_greedy, 1},
                             {"no_race", e->no_race, 1}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].value < 0 || numbers[i].value > numbers[i].most) {
            return itp_fail(&fit->log, ITP_E_RANGE, "%s: %d, it must be in 0 .. %d.", numbers[i].name,
                            (int)numbers[i].value, (int)numbers[i].most);
        }
    }
    return d->reserved ? itp_fail(&fit->log, ITP_E_ABI, "reserved: not 0: a later version's field.") : ITP_OK;
}

static int check_real(const itp_fitting *fit, const char *name, double value)
{
    return value >= 0 && isfinite(value)
               ? ITP_OK
               : itp_fail(&fit->log, ITP_E_RANGE, "%s: %g, it must be finite and at least 0.", name, value);
}

static int check_reals(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = check_real(fit, "ridge", fit->expert.ridge);
    status = status ? status : check_real(fit, "tolerance", d->tolerance);
    status = status ? status : check_real(fit, "gain", fit->expert.gain);
    double high = d->guidance_high == 0 ? 1 : d->guidance_high;
    if (!status && !(isfinite(d->guidance) && d->guidance_low <= high)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "guidance: %g in [%g, %g] is no scale in an interval.", d->guidance,
                        d->guidance_low, high);
    }
    return status;
}

/* ---- what nothing would read ---- */

typedef struct unread {
    int set;
    const char *name, *because;
} unread;

static int refuse_unread(const itp_fitting *fit, const unread *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].set) {
            return itp_fail(&fit->log, ITP_E_ARGUMENT, "%s: nothing reads it, as %s; leave it 0.", fields[i].name,
                            fields[i].because);
        }
    }
    return ITP_OK;
}

/* Where the end points are known. */
static int check_known_ends(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_fit_expert *e = &fit->expert;
    const char *given = e->ends ? "ends are given" : "a reference is given";
    const unread fields[] = {{e->ends && e->reference, "reference", given},
                             {d->tolerance > 0, "tolerance", given},
                             {d->reference_rows > 0, "reference_rows", given},
                             {e->no_greedy && e->reference_solver, "reference_solver", given}};
    return e->ends || e->reference ? refuse_unread(fit, fields, sizeof fields / sizeof fields[0]) : ITP_OK;
}

static int check_unread(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_fit_expert *e = &fit->expert;
    double part = fabs(d->guidance_low) + (d->guidance_high == 1 ? 0 : fabs(d->guidance_high));
    int guided = d->guidance != 0 && d->guidance != 1;
    const unread fields[] = {{!guided && part > 0, "guidance_low, guidance_high", "guidance is off"},
                             {!d->feature && d->features, "features", "there is no feature callback"},
                             {e->gain > 0 && e->no_gain, "gain", "no_gain is 1"},
                             {e->race > 0 && e->no_race, "race", "no_race is 1"},
                             {d->report != NULL, "report", "a stepwise fit is asked with itp_fit_get_report"}};
    int status = refuse_unread(fit, fields, sizeof fields / sizeof fields[0]);
    return status ? status : check_known_ends(fit);
}

/* ---- plans ---- */

/* Plans of this model, without noise, from noise. */
static int check_plan(const itp_fitting *fit, const itp_plan *plan, const char *name)
{
    if (plan->info.normals > 1 || plan->info.rows > MOST_PLAN_ROWS || plan->info.u_start >= plan->info.u_end) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED,
                        "%s: only plans without noise, from noise to data, of at most %d rows can be fitted.", name,
                        MOST_PLAN_ROWS);
    }
    for (int32_t i = 0; i < plan->info.rows; i++) {
        itp_plan_row like = plan->rows[i], at;
        like.u = NAN; /* so that the model is asked */
        int status = itp_fit_place(&fit->model, &like, plan->rows[i].u, &at);
        double scale = 1 + fabs(plan->rows[i].time);
        if (status || !(fabs(at.time - plan->rows[i].time) <= 1e-6 * scale)) {
            return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "model: not that of %s: at row %d it says time %g, not %g.",
                            name, (int)i, at.time, plan->rows[i].time);
        }
    }
    return ITP_OK;
}

/* Another plan to start from has no more rows and the same path. */
static int check_start(const itp_fitting *fit, size_t i)
{
    const itp_plan *start = fit->desc.starts[i];
    char name[32];
    (void)snprintf(name, sizeof name, "starts[%zu]", i);
    if (!start) {
        return itp_fail(&fit->log, ITP_E_ARGUMENT, "%s: NULL.", name);
    }
    const itp_plan_info *a = &start->info, *b = &fit->plan->info;
    if (a->rows > b->rows) {
        return itp_fail(&fit->log, ITP_E_RANGE, "%s: %d evaluations, more than the plan's %d.", name, (int)a->rows,
                        (int)b->rows);
    }
    double later = a->rows < b->rows ? a->u_end - b->u_end : fabs(a->u_end - b->u_end);
    double most = fmax(fabs(a->u_start - b->u_start), later);
    if (!(fmax(most, fabs(a->start_scale - b->start_scale)) <= ITP_FIT_SAME)) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "%s: it starts or ends elsewhere than the plan.", name);
    }
    return check_plan(fit, start, name);
}

static int check_starts(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = ITP_OK;
    if (d->start_count > MOST_STARTS || (d->start_count && !d->starts)) {
        return itp_fail(&fit->log, d->starts ? ITP_E_RANGE : ITP_E_ARGUMENT,
                        "starts, start_count: %zu plans at %s; at most %d.", d->start_count,
                        d->starts ? "an address" : "NULL", MOST_STARTS);
    }
    for (size_t i = 0; i < d->start_count && !status; i++) status = check_start(fit, i);
    return status;
}

static int check(const itp_fitting *fit)
{
    int status = check_counts(fit);
    status = status ? status : check_whole_numbers(fit);
    status = status ? status : check_reals(fit);
    status = status ? status : check_unread(fit);
    status = status ? status : check_plan(fit, fit->plan, "plan");
    return status ? status : check_starts(fit);
}

/* ---- what zeros stand for ---- */

static int32_t whole_or(int32_t value, int32_t otherwise)
{
    return value ? value : otherwise;
}

static size_t size_or(size_t value, size_t otherwise)
{
    return value ? value : otherwise;
}

static void resolve_first(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    d->count = size_or(d->count, SEEDS);
    d->type = whole_or(d->type, ITP_FLOAT32);
}

static void resolve(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    itp_fit_expert *e = &fit->expert;
    double gain = e->no_gain ? 0 : e->gain > 0 ? e->gain : GAIN;
    d->held_out = size_or(d->held_out, size_or(d->count / 4, 1));
    d->batch = size_or(d->batch, BATCH);
    d->iterations = whole_or(d->iterations, ITERATIONS);
    d->reference_rows = whole_or(d->reference_rows, REFERENCE_ROWS);
    d->tolerance = d->tolerance > 0 ? d->tolerance : TOLERANCE;
    d->guidance = d->guidance == 0 ? 1 : d->guidance;
    d->guidance_high = d->guidance_high == 0 ? 1 : d->guidance_high;
    e->race = whole_or(e->race, ROUND_STEPS);
    e->finalists = whole_or(e->finalists, 1);
    fit->gain = gain * gain;
    fit->batch = d->batch < d->count ? d->batch : d->count;
    fit->fitted = d->count - d->held_out;
    fit->features = d->feature ? d->features : d->dim;
    fit->element = itp_element_size(d->type);
    fit->rows = fit->plan->info.rows;
    fit->u_last = fmin(fit->plan->info.u_end, fit->model.schedule->u_last);
    itp_fitting_widen(fit);
}

static void describe(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_plan_origin empty = ITP_PLAN_ORIGIN_INIT;
    itp_plan_origin *origin = &fit->origin;
    *origin = empty;
    if (d->name) {
        strncpy(origin->network, d->name, sizeof origin->network - 1);
    }
    origin->seed = d->seeds ? d->seeds[0] : d->seed;
    origin->first = d->first;
    origin->count = d->count;
    origin->held_out = d->held_out;
    origin->guidance = d->guidance;
    origin->guidance_low = d->guidance_low;
    origin->guidance_high = d->guidance_high;
}

/* ---- copies ---- */

/* The caller's lists, and what is made over the whole fit. */
static int allocate(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    if (d->seeds) {
        fit->seeds = itp_memory_array(&fit->memory, d->count, sizeof *fit->seeds);
    }
    if (d->start_count) {
        fit->starts = itp_memory_array(&fit->memory, d->start_count, sizeof *fit->starts);
    }
    fit->target = itp_memory_array(&fit->memory, d->count * fit->features, fit->element);
    if (!fit->target || !fit->seeds != !d->seeds || !fit->starts != !d->start_count) {
        return ITP_E_MEMORY;
    }
    if (d->seeds) {
        memcpy(fit->seeds, d->seeds, d->count * sizeof *fit->seeds);
        d->seeds = fit->seeds;
    }
    if (d->start_count) {
        memcpy(fit->starts, d->starts, d->start_count * sizeof *fit->starts);
    }
    return ITP_OK;
}

void itp_fitting_free(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    itp_memory_free(&fit->memory, fit->target, d->count * fit->features * fit->element);
    itp_memory_free(&fit->memory, (void *)fit->starts, d->start_count * sizeof *fit->starts);
    itp_memory_free(&fit->memory, fit->seeds, d->count * sizeof *fit->seeds);
}

/* Structs that the description points to, which need not be there later. */
static int copy_structs(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    const itp_fit_expert plain = ITP_FIT_EXPERT_INIT;
    fit->expert = plain;
    int status = d->expert ? itp_struct_read(&fit->expert, sizeof fit->expert, d->expert) : ITP_OK;
    if (status) {
        return itp_fail(&fit->log, status, "expert: its size field is wrong; begin with ITP_FIT_EXPERT_INIT.");
    }
    if (d->model) {
        status = itp_struct_read(&fit->described_model, sizeof fit->described_model, d->model);
        d->model = &fit->described_model;
    }
    if (fit->expert.reference_solver && !status) {
        status = itp_struct_read(&fit->described_solver, sizeof fit->described_solver, fit->expert.reference_solver);
        fit->expert.reference_solver = &fit->described_solver;
    }
    fit->given = itp_env_of(d->env);
    if (fit->given.memory && !status) {
        status = itp_struct_read(&fit->allocator, sizeof fit->allocator, fit->given.memory);
        fit->given.memory = &fit->allocator;
    }
    fit->given.log = &fit->log.hook;
    d->env = &fit->given;
    return status;
}

int itp_fitting_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    int status = itp_desc_read(d, sizeof *d, desc, offsetof(itp_fit_desc, env), &fit->log);
    status = status ? status : itp_desc_memory(d->env, &fit->log, &fit->memory);
    status = status ? status : itp_model_from(d->model, &fit->log, &fit->model);
    status = status ? status : copy_structs(fit);
    if (status) {
        return status;
    }
    fit->plan = plan;
    resolve_first(fit);
    fit->combine = itp_kernel_choose(ITP_KERNEL_PORTABLE, d->type);
    if (!fit->combine) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "type: %d is neither ITP_FLOAT32 nor ITP_FLOAT64.", (int)d->type);
    }
    status = check(fit);
    if (!status) {
        resolve(fit);
        describe(fit);
        status = allocate(fit);
    }
    return status;
}
