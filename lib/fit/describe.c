/* Reads a fit's description, fills in its defaults and copies what it points to. */
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/element.h"
#include "base/sized.h"
#include "fit/fitting.h"
#include "prediction/model.h"

enum { SEEDS = 64, BATCH = 64 };

/* ---- defaults ---- */

static size_t size_or(size_t value, size_t otherwise)
{
    return value ? value : otherwise;
}

static void fill_in(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    const itp_fit_expert *e = &fit->expert;
    itp_fitting_fill_numbers(fit);
    d->held_out = size_or(d->held_out, size_or(d->count / 4, 1));
    d->test = size_or(d->test, d->seeds || e->ends || e->ends_out || e->no_test ? 0 : d->count / 4);
    d->batch = size_or(d->batch, BATCH);
    fit->samples = d->count + d->test;
    d->guidance_high = itp_real_or(d->guidance_high, 1);
    fit->gain = e->no_gain ? 0 : e->gain * e->gain;
    fit->batch = d->batch < d->count ? d->batch : d->count;
    fit->fitted = d->count - d->held_out;
    fit->features = d->feature ? d->features : d->dim;
    fit->element = itp_element_size(d->type);
    fit->rows = fit->plan->info.rows;
    fit->u_last = e->u_last > 0 ? e->u_last : fmin(fit->plan->info.u_end, fit->model.schedule->u_last);
    fit->holds_data = e->u_last > 0;
    fit->report.u_last = e->u_last;
    itp_fitting_widen(fit);
}

static void describe_origin(itp_fitting *fit)
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
    origin->test = d->test;
    origin->guidance = d->guidance;
    origin->guidance_low = d->guidance_low;
    origin->guidance_high = d->guidance_high;
    origin->guidance_most = d->guidance_most;
}

/* ---- copies ---- */

static int allocate_scales(itp_fitting *fit)
{
    if (!itp_fitting_has_scales(fit)) {
        return ITP_OK;
    }
    fit->scales = itp_memory_array(&fit->memory, fit->batch, sizeof *fit->scales);
    fit->second = itp_memory_array(&fit->memory, fit->batch * fit->desc.dim, fit->element);
    return fit->scales && fit->second ? ITP_OK : ITP_E_MEMORY;
}

static int allocate_lists(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (d->seeds) {
        fit->seeds = itp_memory_array(&fit->memory, fit->samples, sizeof *fit->seeds);
    }
    if (d->start_count) {
        fit->starts = itp_memory_array(&fit->memory, d->start_count, sizeof(void *));
    }
    fit->target = itp_memory_array(&fit->memory, fit->samples * fit->features, fit->element);
    return fit->target && !fit->seeds == !d->seeds && !fit->starts == !d->start_count ? ITP_OK : ITP_E_MEMORY;
}

/* Copies the caller's lists and takes the memory of the end points. */
static int allocate(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    int status = allocate_lists(fit);
    status = status ? status : allocate_scales(fit);
    if (status) {
        return status;
    }
    if (d->seeds) {
        memcpy(fit->seeds, d->seeds, fit->samples * sizeof *fit->seeds);
        d->seeds = fit->seeds;
    }
    if (d->start_count) {
        memcpy(fit->starts, d->starts, d->start_count * sizeof(void *));
        d->starts = fit->starts;
        for (size_t i = 0; i < d->start_count; i++) itp_plan_keep(fit->starts[i]);
    }
    return ITP_OK;
}

/* Keeps the plans and the schedule that the fit points to, whatever the caller frees. */
static void keep_objects(itp_fitting *fit)
{
    itp_plan_keep(fit->plan);
    itp_plan_keep(fit->expert.reference);
    fit->schedule = itp_schedule_keep(fit->model.schedule);
    fit->holds = 1;
}

static void drop_objects(itp_fitting *fit)
{
    for (size_t i = 0; fit->starts && i < fit->desc.start_count; i++) itp_plan_drop(fit->starts[i]);
    if (fit->holds) {
        itp_plan_drop(fit->plan);
        itp_plan_drop(fit->expert.reference);
        itp_schedule_drop(fit->schedule);
    }
}

void itp_fitting_free(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    drop_objects(fit);
    itp_memory_free(&fit->memory, fit->scales, fit->batch * sizeof *fit->scales);
    itp_memory_free(&fit->memory, fit->second, fit->batch * d->dim * fit->element);
    itp_memory_free(&fit->memory, fit->target, fit->samples * fit->features * fit->element);
    itp_memory_free(&fit->memory, (void *)fit->starts, d->start_count * sizeof(void *));
    itp_memory_free(&fit->memory, fit->seeds, fit->samples * sizeof *fit->seeds);
}

/* Copies the structs that the description points to, which the caller may free. */
static int copy_structs(itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    const itp_fit_expert plain = ITP_FIT_EXPERT_INIT;
    fit->expert = plain;
    int status = d->expert ? itp_struct_read(&fit->expert, sizeof fit->expert, d->expert) : ITP_OK;
    if (status) {
        return itp_fail(&fit->log, status, "expert: its size field is wrong; begin with ITP_FIT_EXPERT_INIT.");
    }
    d->model = d->model ? &fit->model.of : NULL;
    if (fit->expert.reference_solver) {
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

static int check_report(const itp_fitting *fit)
{
    const itp_fit_report *report = fit->desc.report;
    return fit->may_report && report && itp_struct_check(report)
               ? itp_fail(&fit->log, ITP_E_SIZE, "report: its size field is wrong; begin with ITP_FIT_REPORT_INIT.")
               : ITP_OK;
}

int itp_fitting_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fitting *fit)
{
    itp_fit_desc *d = &fit->desc;
    int status = itp_desc_read(d, sizeof *d, desc, offsetof(itp_fit_desc, env), &fit->log);
    status = status ? status : check_report(fit);
    status = status ? status : itp_model_from(d->model, &fit->log, &fit->model);
    status = status ? status : copy_structs(fit);
    if (status) {
        return status;
    }
    fit->plan = plan;
    keep_objects(fit);
    d->count = size_or(d->count, SEEDS);
    d->type = d->type ? d->type : ITP_FLOAT32;
    fit->combine = itp_kernel_choose(ITP_KERNEL_PORTABLE, d->type);
    status = itp_fitting_check(fit);
    if (status) {
        return status;
    }
    fill_in(fit);
    describe_origin(fit);
    return allocate(fit);
}
