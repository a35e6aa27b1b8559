/* The public call: checks, then reference, table, steps, plan. */
#include <math.h>
#include <string.h>

#include "base/sized.h"
#include "fit/fitting.h"
#include "fit/solve.h"
#include "sampler/sampler.h"

enum { BATCH = 64, MOST_PLAN_ROWS = 1000 };

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
    if (d->outputs < 0 || d->iterations < 0 || d->reference_rows < 0) {
        return itp_fail(&fit->log, ITP_E_RANGE, "outputs, iterations, reference_rows: %d, %d or %d is below 0.",
                        (int)d->outputs, (int)d->iterations, (int)d->reference_rows);
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
}

/* Plans of this model, without noise, from noise. */
static int check_plan(const itp_fitting *fit, const itp_plan *plan)
{
    if (plan->info.normals > 1 || plan->info.rows > MOST_PLAN_ROWS || plan->info.u_start >= plan->info.u_end) {
        return itp_fail(&fit->log, ITP_E_UNSUPPORTED,
                        "plan: only plans without noise, from noise to data, of at most %d rows can be fitted.",
                        MOST_PLAN_ROWS);
    }
    for (int32_t i = 0; i < plan->info.rows; i++) {
        itp_plan_row like = plan->rows[i], at;
        like.u = NAN; /* so that the model is asked */
        int status = itp_fit_place(&fit->model, &like, plan->rows[i].u, &at);
        double scale = 1 + fabs(plan->rows[i].time);
        if (status || !(fabs(at.time - plan->rows[i].time) <= 1e-6 * scale)) {
            return itp_fail(&fit->log, ITP_E_UNSUPPORTED, "model: not the plan's: at row %d it says time %g, not %g.",
                            (int)i, at.time, plan->rows[i].time);
        }
    }
    return ITP_OK;
}

static int check(const itp_fitting *fit)
{
    int status = check_counts(fit);
    status = status ? status : check_whole_numbers(fit);
    status = status ? status : check_reals(fit);
    return status ? status : check_plan(fit, fit->plan);
}

static int prepare(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int status = itp_memory_from(d->allocator, &fit->memory);
    if (status) {
        return itp_fail(&fit->log, status, "allocator: give both functions, and the right size.");
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

/* The Gram matrix of Y_0, F_0 .. F_{rows-1} over the first batch. */
static int measure_columns(itp_walk *walk, const itp_fit_table *table, double *gram, double *room, const void **list)
{
    const itp_fitting *fit = walk->fit;
    size_t n = (size_t)table->rows + 1, count = fit->batch < fit->fitted ? fit->batch : fit->fitted;
    int status = itp_walk_run(walk, table, 0, count);
    if (!status) {
        list[0] = walk->y[0];
        for (size_t i = 1; i < n; i++) list[i] = walk->f[i - 1];
        itp_gram_add(fit->desc.type, list, n, count * fit->desc.dim, room, gram);
        itp_gram_finish(n, 1 / (double)count, gram);
    }
    return status;
}

static int project(itp_walk *walk, const itp_fit_table *all, itp_fit_table *table)
{
    const itp_memory *memory = &walk->fit->memory;
    size_t n = (size_t)all->rows + 1, reals = n * n + n * ITP_GRAM_BLOCK;
    double *gram = itp_memory_array(memory, reals, sizeof *gram);
    const void **list = itp_memory_array(memory, n, sizeof *list);
    int status = gram && list ? measure_columns(walk, all, gram, gram + n * n, list) : ITP_E_MEMORY;
    status = status ? status : itp_fit_table_project(all, gram, table);
    itp_memory_free(memory, (void *)list, n * sizeof *list);
    itp_memory_free(memory, gram, reals * sizeof *gram);
    return status == ITP_E_SINGULAR ? itp_fail(&walk->fit->log, ITP_E_NONFINITE,
                                               "plan: the network's outputs are not finite when it is run.")
                                    : status;
}

static int make_table(itp_walk *walk, itp_fit_table *table)
{
    const itp_fitting *fit = walk->fit;
    int moving = !fit->desc.fixed_nodes;
    itp_fit_table all = {.rows = 0};
    int status = itp_fit_table_new(&fit->memory, fit->rows, 0, moving, &all);
    status = status ? status : itp_fit_table_read(&all, fit->plan);
    if (status == ITP_E_UNSUPPORTED) {
        status = itp_fail(&fit->log, status, "plan: its rows draw noise; only plans without can be fitted.");
    }
    status = status ? status : itp_fit_table_new(&fit->memory, fit->rows, fit->desc.outputs, moving, table);
    if (!status && table->most_outputs < table->rows) {
        status = project(walk, &all, table);
    } else if (!status) {
        itp_fit_table_copy(&all, table);
    }
    itp_fit_table_free(&all);
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

static int tell(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    int answer = d->progress ? d->progress(d->progress_user, &fit->report) : 0;
    return answer >= 0 ? answer : itp_fail(&fit->log, ITP_E_CALLBACK, "progress: it returned %d.", answer);
}

static int work(itp_fitting *fit, itp_walk *walk, itp_fit_table *table, itp_plan **better)
{
    int status = itp_fitting_reference(fit);
    status = status ? status : itp_walk_new(fit, walk);
    int answer = status ? 0 : tell(fit);
    status = status ? status : answer < 0 ? answer : ITP_OK;
    status = status ? status : make_table(walk, table);
    status = status || answer > 0 ? status : itp_fitting_improve(walk, table);
    status = status ? status : itp_fit_table_write(table, &fit->model, fit->plan, better);
    if (!status) {
        sign(fit, *better);
    }
    return status;
}

static int run(itp_fitting *fit, itp_plan **better)
{
    itp_walk walk = {.fit = fit};
    itp_fit_table table = {.rows = 0};
    int status = prepare(fit);
    if (status) {
        return status;
    }
    size_t elements = fit->desc.count * fit->features;
    fit->target = itp_memory_array(&fit->memory, elements, fit->element);
    status = fit->target ? work(fit, &walk, &table, better) : ITP_E_MEMORY;
    itp_fit_table_free(&table);
    itp_walk_free(&walk);
    itp_memory_free(&fit->memory, fit->target, elements * fit->element);
    return status == ITP_E_MEMORY ? itp_fail(&fit->log, status, "no memory for the fit; a smaller batch needs less.")
                                  : status;
}

int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user, itp_plan **better)
{
    const itp_fit_report empty = ITP_FIT_REPORT_INIT;
    itp_fitting fit = {.report = empty, .plan = plan, .network = network, .user = user};
    if (!better) {
        return ITP_E_ARGUMENT;
    }
    *better = NULL;
    if (!plan || !desc || !network) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_struct_read(&fit.desc, sizeof fit.desc, desc);
    status = status ? status : itp_log_from(fit.desc.log, &fit.log);
    status = status ? status : run(&fit, better);
    if (fit.desc.report && itp_struct_write(fit.desc.report, &fit.report, sizeof fit.report) && !status) {
        itp_plan_free(*better);
        *better = NULL;
        status = itp_fail(&fit.log, ITP_E_ABI, "report: its size field is wrong.");
    }
    return status;
}
