/* The public call: checks, then reference, starts, steps, plan. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/sized.h"
#include "fit/starts.h"
#include "sampler/sampler.h"

enum { BATCH = 64, MOST_PLAN_ROWS = 1000, MOST_STARTS = 1000 };
static const double GAIN = 0.2;

int itp_fit_desc_init(void *desc, size_t size)
{
    const itp_fit_desc defaults = ITP_FIT_DESC_INIT;
    return itp_struct_defaults(desc, size, &defaults, sizeof defaults);
}

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

static int check_whole_numbers(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (d->outputs < 0 || d->iterations < 0 || d->reference_rows < 0 || d->finalists < 0) {
        return itp_fail(&fit->log, ITP_E_RANGE,
                        "outputs, iterations, reference_rows, finalists: %d, %d, %d or %d is below 0.", (int)d->outputs,
                        (int)d->iterations, (int)d->reference_rows, (int)d->finalists);
    }
    if (d->reserved) {
        return itp_fail(&fit->log, ITP_E_ABI, "reserved: not 0: a later version's field.");
    }
    if (d->fixed_nodes != 0 && d->fixed_nodes != 1) {
        return itp_fail(&fit->log, ITP_E_RANGE, "fixed_nodes: %d, it must be 0 or 1.", (int)d->fixed_nodes);
    }
    return ITP_OK;
}

static int check_reals(const itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (!(d->ridge >= 0 && isfinite(d->ridge) && d->tolerance >= 0 && isfinite(d->tolerance))) {
        return itp_fail(&fit->log, ITP_E_RANGE, "ridge, tolerance: %g, %g must be finite and at least 0.", d->ridge,
                        d->tolerance);
    }
    if (!isfinite(d->gain)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "gain: %g is not finite.", d->gain);
    }
    if (!isfinite(d->guidance) || !(d->guidance_low <= d->guidance_high)) {
        return itp_fail(&fit->log, ITP_E_RANGE, "guidance: %g in [%g, %g] is no scale in an interval.", d->guidance,
                        d->guidance_low, d->guidance_high);
    }
    return ITP_OK;
}

/* What is 0 in the description, and sizes. */
static void resolve(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    size_t held_out = d->held_out ? d->held_out : d->count / 4;
    d->held_out = held_out ? held_out : 1;
    d->batch = d->batch ? d->batch : BATCH;
    fit->batch = d->batch < d->count ? d->batch : d->count;
    fit->fitted = d->count - d->held_out;
    fit->features = d->feature ? d->features : d->dim;
    fit->element = itp_element_size(d->type);
    fit->rows = fit->plan->info.rows;
    fit->u_last = fmin(fit->plan->info.u_end, fit->model.schedule->u_last);
    itp_fitting_widen(fit);
}

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
    status = status ? status : check_plan(fit, fit->plan, "plan");
    return status ? status : check_starts(fit);
}

static int prepare(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = itp_desc_memory(d->allocator, &fit->log, &fit->memory);
    if (status) {
        return status;
    }
    fit->combine = itp_kernel_choose(ITP_KERNEL_PORTABLE, d->type);
    if (!fit->combine) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "type: %d is neither ITP_FLOAT32 nor ITP_FLOAT64.", (int)d->type);
    }
    status = itp_model_from(d->model, &fit->log, &fit->model);
    status = status ? status : check(fit);
    if (!status) {
        resolve(fit);
    }
    return status;
}

static void sign(const itp_fitting *fit, itp_plan *plan)
{
    const itp_fit_desc *d = &fit->desc;
    const itp_fit_report *report = &fit->report;
    itp_plan_origin *origin = &plan->origin;
    const itp_plan_origin empty = ITP_PLAN_ORIGIN_INIT;
    *origin = empty;
    if (d->name) {
        strncpy(origin->network, d->name, sizeof origin->network - 1);
    }
    origin->seed = d->seeds ? d->seeds[0] : d->seed;
    origin->first = d->first;
    origin->count = d->count;
    origin->held_out = d->held_out;
    origin->before = report->before;
    origin->before_held_out = report->before_held_out;
    origin->after = report->after;
    origin->after_held_out = report->after_held_out;
    origin->guidance = d->guidance;
    origin->guidance_low = d->guidance_low;
    origin->guidance_high = d->guidance_high;
    origin->ridge = report->ridge;
}

int itp_fitting_tell(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (!d->progress) {
        return 0;
    }
    struct {
        itp_fit_report known;
        unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_fit_report)];
    } report = {.known = fit->report};
    itp_float_env_leave(fit->env, 0);
    int answer = d->progress(d->progress_user, &report.known);
    itp_float_env_enter(fit->env);
    return answer ? itp_stopped(&fit->log, "progress", answer, -1) : ITP_OK;
}

double itp_fitting_gain(const itp_fitting *fit)
{
    double gain = fit->desc.gain < 0 ? 0 : fit->desc.gain > 0 ? fit->desc.gain : GAIN;
    return gain * gain;
}

static int write_best(itp_fitting *fit, const itp_newton *newton, itp_plan **better)
{
    const itp_plan *like;
    const itp_fit_table *best = itp_newton_best(newton, &like);
    int status = itp_fit_table_write(best, &fit->model, like, better);
    if (!status) {
        sign(fit, *better);
    }
    return status;
}

static int improve(itp_fitting *fit, itp_walk *walk, itp_plan **better)
{
    itp_fit_starts starts = {.room = 0};
    itp_newton *newton = NULL;
    int status = itp_fit_starts_new(walk, &starts);
    status = status ? status : itp_newton_new(walk, &starts.list[0].table, &newton);
    status = status ? status : itp_fit_starts_race(walk, &starts, newton);
    status = status ? status : write_best(fit, newton, better);
    itp_newton_free(newton);
    itp_fit_starts_free(&starts);
    return status;
}

/* The caller has had enough before anything was made. */
static int return_as_is(itp_fitting *fit, itp_walk *walk, itp_plan **better)
{
    fit->desc.greedy = -1;
    fit->desc.start_count = 0;
    fit->enough = 1;
    return improve(fit, walk, better);
}

static int work(itp_fitting *fit, itp_walk *walk, itp_plan **better)
{
    int status = itp_fitting_reference(fit);
    status = status ? status : itp_walk_new(fit, walk);
    int answer = status ? 0 : itp_fitting_tell(fit);
    status = status ? status : answer < 0 ? answer : ITP_OK;
    if (!status && answer > 0) {
        return return_as_is(fit, walk, better);
    }
    return status ? status : improve(fit, walk, better);
}

static int run(itp_fitting *fit, itp_plan **better)
{
    itp_walk walk = {.fit = fit};
    int status = prepare(fit);
    if (status) {
        return status;
    }
    size_t elements = fit->desc.count * fit->features;
    fit->target = itp_memory_array(&fit->memory, elements, fit->element);
    status = fit->target ? work(fit, &walk, better) : ITP_E_MEMORY;
    itp_walk_free(&walk);
    itp_memory_free(&fit->memory, fit->target, elements * fit->element);
    return status == ITP_E_MEMORY ? itp_fail(&fit->log, status, "no memory for the fit; a smaller batch needs less.")
                                  : status;
}

static ITP_APART int plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user,
                              itp_float_env *env, itp_plan **better)
{
    const itp_fit_report empty = ITP_FIT_REPORT_INIT;
    itp_fitting fit = {.report = empty, .plan = plan, .network = network, .user = user, .env = env};
    if (!better) {
        return ITP_E_ARGUMENT;
    }
    *better = NULL;
    if (!plan || !network) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_desc_read(&fit.desc, sizeof fit.desc, desc, offsetof(itp_fit_desc, log), &fit.log);
    if (!status && fit.desc.report && itp_struct_check(fit.desc.report)) {
        return itp_fail(&fit.log, ITP_E_ABI, "report: its size field is wrong; begin with ITP_FIT_REPORT_INIT.");
    }
    status = status ? status : run(&fit, better);
    if (fit.desc.report) {
        (void)itp_struct_write(fit.desc.report, &fit.report, sizeof fit.report);
    }
    return status;
}

int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user, itp_plan **better)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, plan_fit(plan, desc, network, user, &env, better));
}
