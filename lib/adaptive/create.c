/* Makes an adaptive run: checks its description, and takes all memory that it will ever need. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "adaptive/adaptive.h"
#include "base/desc.h"
#include "base/field.h"
#include "plan/plan.h"
#include "prediction/model.h"

enum { OTHER_ARRAYS = 5 };

static void fill_in_control(itp_adaptive_desc *d)
{
    double *c = d->controller;
    c[0] = c[0] != 0 || c[1] != 0 || c[2] != 0 ? c[0] : .7;
    c[1] = c[0] == .7 && c[1] == 0 && c[2] == 0 ? -.4 : c[1];
    d->safety = itp_real_or(d->safety, .9);
    d->shrink = itp_real_or(d->shrink, .2);
    d->grow = itp_real_or(d->grow, 10);
}

void itp_adaptive_fill_in(itp_adaptive_desc *d)
{
    double end = itp_real_or(d->u_end, 1);
    d->rtol = d->rtol < 0 ? 0 : itp_real_or(d->rtol, 1e-5);
    d->atol = d->atol < 0 ? 0 : itp_real_or(d->atol, 1e-5);
    d->max_evaluations = d->max_evaluations < 0 ? 0 : d->max_evaluations ? d->max_evaluations : 100000;
    d->u_end = d->reversed ? d->u_start : end;
    d->u_start = d->reversed ? end : d->u_start;
    fill_in_control(d);
}

/* Finds the method that is asked for, which must read all settings that are given; 0 is tsit5. */
static int find_method(const itp_adaptive *run, const itp_report *log, itp_own_method *own, const itp_method **method)
{
    itp_solver wanted = ITP_SOLVER_INIT;
    const itp_solver *given = run->desc.solver;
    int status = given ? itp_struct_read(&wanted, sizeof wanted, given) : ITP_OK;
    if (status) {
        return itp_fail_of_size(log, status, "solver", given, sizeof wanted);
    }
    if (!wanted.family) {
        wanted.family = ITP_RUNGE_KUTTA;
        wanted.order = wanted.order || wanted.tableau ? wanted.order : 5;
    }
    status = itp_method_find(&wanted, log, own, method);
    if (!status && (wanted.restarts || wanted.restart_count)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "restarts: given, but an adaptive run makes none; leave them out.");
    }
    return status ? status : itp_fields_unread(&itp_kind_solver, &(*method)->named, &wanted, log);
}

/* Takes the method's pair, which must have an error estimate. */
static int find_pair(itp_adaptive *run, const itp_report *log)
{
    itp_own_method own;
    const itp_method *method = itp_method_at(0);
    int status = find_method(run, log, &own, &method);
    if (status) {
        return status;
    }
    const itp_rk_tableau *pair = method->step == itp_rk_step ? method->data : NULL;
    if (!pair || !pair->embedded) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "solver: %s has no error estimate; tsit5, dopri5, bosh3 and heun have, and a tableau with "
                        "`embedded`.",
                        method->named.name);
    }
    run->pair = *pair;
    run->owns_pair = method == &own.method;
    return ITP_OK;
}

static int not_negative(double value)
{
    return value >= 0 && isfinite(value);
}

static int check_lengths(const itp_adaptive_desc *d, const itp_report *log)
{
    if (!not_negative(d->rtol) || !not_negative(d->atol) || d->rtol + d->atol == 0) {
        return itp_fail(log, ITP_E_RANGE, "rtol, atol: %g, %g; finite, and not both below 0, which is none.", d->rtol,
                        d->atol);
    }
    if (!not_negative(d->first_step) || !not_negative(d->min_step) || !not_negative(d->max_step)) {
        return itp_fail(log, ITP_E_RANGE, "first_step, min_step, max_step: %g, %g, %g; at least 0 and finite.",
                        d->first_step, d->min_step, d->max_step);
    }
    if (d->max_step > 0 && d->max_step < d->min_step) {
        return itp_fail(log, ITP_E_RANGE, "max_step: %g is less than min_step, %g.", d->max_step, d->min_step);
    }
    return ITP_OK;
}

static int check_control(const itp_adaptive_desc *d, const itp_report *log)
{
    if (!(d->safety > 0 && d->safety < 1 && d->shrink > 0 && d->shrink < 1 && d->grow > 1 && isfinite(d->grow))) {
        return itp_fail(log, ITP_E_RANGE, "safety, shrink, grow: %g, %g, %g; 0 < safety, shrink < 1 < grow.", d->safety,
                        d->shrink, d->grow);
    }
    if (!isfinite(d->controller[0] + d->controller[1] + d->controller[2])) {
        return itp_fail(log, ITP_E_RANGE, "controller: a coefficient is not finite.");
    }
    return ITP_OK;
}

static int check_ends(const itp_adaptive_desc *d, const itp_report *log)
{
    if (d->reversed != 0 && d->reversed != 1) {
        return itp_fail(log, ITP_E_RANGE, "reversed: %d, it must be 0 or 1.", (int)d->reversed);
    }
    double from = d->reversed ? d->u_end : d->u_start, to = d->reversed ? d->u_start : d->u_end;
    return from >= 0 && from < to && to <= 1
               ? ITP_OK
               : itp_fail(log, ITP_E_RANGE, "u_start, u_end: %g, %g; 0 <= u_start < u_end <= 1.", from, to);
}

static int check(itp_adaptive *run, const itp_report *log)
{
    const itp_adaptive_desc *d = &run->desc;
    int status = find_pair(run, log);
    status = status ? status : check_ends(d, log);
    status = status ? status : check_lengths(d, log);
    return status ? status : check_control(d, log);
}

/* Warns of tolerances below the rounding of outputs to the batch's type, which the steps would follow. */
static void warn_of_tolerance(const itp_adaptive_desc *d, const itp_batch *batch, const itp_report *log)
{
    int narrow = batch->type == ITP_FLOAT32;
    double rounding = narrow ? FLT_EPSILON / 2 : DBL_EPSILON / 2;
    if (d->rtol < rounding && d->atol < rounding) {
        itp_warn(log, "rtol, atol: %g, %g are below the rounding of %s, %g, which steps would follow; raise one%s.",
                 d->rtol, d->atol, narrow ? "float32" : "float64", rounding, narrow ? ", or take float64" : "");
    }
}

int itp_adaptive_check(itp_sampler *sampler)
{
    itp_adaptive *run = sampler->own;
    int status = run->unread ? itp_fail_of_size(&sampler->log, run->unread, "desc", run->given, sizeof run->desc)
                             : check(run, &sampler->log);
    if (!status) {
        warn_of_tolerance(&run->desc, &sampler->batch, &sampler->log);
        run->combine = itp_kernel_choose(sampler->batch.kernel, ITP_FLOAT64);
    }
    return status;
}

/* ---- memory ---- */

static void take_names(itp_walkers *names, itp_block *block, size_t count)
{
    names->index = itp_block_take(block, count, sizeof *names->index);
    for (int i = 0; i < ITP_OF_WALKER; i++) {
        names->of[i] = itp_block_take(block, count, sizeof *names->of[i]);
    }
}

void itp_adaptive_place(itp_sampler *sampler, itp_block *block)
{
    itp_adaptive *run = sampler->own;
    const itp_batch *batch = &sampler->batch;
    size_t count = batch->count, share = itp_adaptive_share(batch), bytes = itp_sampler_sample_bytes(sampler);
    size_t tasks = sampler->env.parallel_for ? (count + share - 1) / share : 1;
    size_t stages = (size_t)run->pair.stages;
    run->slopes = stages + 1 > ITP_LANDING_SLOPES ? stages + 1 : ITP_LANDING_SLOPES;
    run->numbers = itp_block_take(block, run->owns_pair ? stages * (stages + 3) + 1 : 0, sizeof *run->numbers);
    run->walkers = itp_block_take(block, count, sizeof *run->walkers);
    take_names(&run->asked, block, count);
    take_names(&run->stepped, block, batch->on_row ? count : 0);
    run->scratch = itp_block_take(block, tasks, batch->dim * sizeof(double));
    run->arrays = itp_block_take(block, count * (run->slopes + OTHER_ARRAYS), batch->dim * sizeof(double));
    run->x = itp_block_take(block, count, bytes);
    run->out = itp_block_take(block, count, bytes);
    run->shown = itp_block_take(block, batch->on_row ? count : 0, bytes);
}

/* ---- what never changes ---- */

static void give_arrays(itp_adaptive *run, size_t count, size_t dim)
{
    double *array = run->arrays;
    memset(run->walkers, 0, count * sizeof *run->walkers);
    memset(array, 0,
           count * (run->slopes + OTHER_ARRAYS) * dim *
               sizeof *array); /* saved states have them before they are used */
    for (size_t i = 0; i < count; i++) {
        itp_walker *walker = &run->walkers[i];
        double **parts[OTHER_ARRAYS] = {&walker->x, &walker->next, &walker->completed.x, &walker->completed.slope,
                                        &walker->completed.bend};
        for (int j = 0; j < OTHER_ARRAYS; j++, array += dim) {
            *parts[j] = array;
        }
        for (size_t j = 0; j < run->slopes; j++, array += dim) {
            walker->slope[j] = array;
        }
    }
}

/* The sampler's view of the start: the info of a plan that begins there. */
static int find_start(itp_adaptive *run)
{
    const itp_schedule *own = run->model.schedule;
    const itp_node *at = &run->start;
    double scale = 1;
    int status = at->w > 0 ? itp_schedule_scale(own, at->u, at->w, &scale) : ITP_OK;
    run->info = (itp_plan_info){.size = sizeof run->info,
                                .rows = INT32_MAX,
                                .start_scale = scale * at->w,
                                .start_data = scale * at->u,
                                .u_start = at->u,
                                .u_end = run->end.u,
                                .starts_inside = itp_plan_starts_inside(at->u, at->w, own->u_first, own->w_first)};
    return status;
}

/* Where row_schedule reaches both ends, all states between them have coordinates in it. */
static int check_row_schedule(const itp_sampler *sampler)
{
    const itp_adaptive *run = sampler->own;
    const itp_schedule *to = sampler->batch.row_schedule;
    double factor;
    int status = to && itp_batch_scales_rows(&sampler->batch)
                     ? itp_adaptive_convert(run->sampling, &run->start, to, &factor)
                     : ITP_OK;
    status = to && !status && run->ending != ITP_END_SHORT && itp_batch_scales_rows(&sampler->batch)
                 ? itp_adaptive_convert(run->sampling, &run->end, to, &factor)
                 : status;
    return status ? itp_fail(&sampler->log, ITP_E_RANGE, "row_schedule: it does not reach the ends of the run.")
                  : ITP_OK;
}

static const double *keep(double **to, const double *from, size_t count)
{
    double *kept = memcpy(*to, from, count * sizeof *from);
    *to += count;
    return kept;
}

/* Copies the numbers of a caller's pair, who may free them when the sampler has been made. */
static void keep_pair(itp_adaptive *run)
{
    double *to = run->numbers;
    itp_rk_tableau *pair = &run->pair;
    size_t stages = (size_t)pair->stages;
    pair->a = keep(&to, pair->a, stages * stages);
    pair->b = keep(&to, pair->b, stages);
    pair->c = keep(&to, pair->c, stages);
    pair->embedded = keep(&to, pair->embedded, stages + 1);
}

/* The network, and the schedules of the run. */
static int find_network(const itp_sampler *sampler, itp_adaptive *run)
{
    int status = itp_schedule_check(run->desc.schedule, &sampler->log, "schedule");
    status = status ? status : itp_model_from(run->desc.model, &sampler->log, &run->model);
    status = status ? status : itp_model_unread(&run->model, &sampler->log);
    if (status) {
        return status;
    }
    const itp_schedule *own = run->model.schedule, *wanted = run->desc.schedule ? run->desc.schedule : own;
    run->kept[0] = itp_schedule_keep(own);
    run->kept[1] = itp_schedule_keep(wanted);
    run->kept[2] = itp_schedule_keep(sampler->batch.row_schedule);
    run->sampling = itp_schedule_reaching(wanted, own->u_first, own->w_first, &run->reaching);
    return ITP_OK;
}

int itp_adaptive_prepare(itp_sampler *sampler)
{
    itp_adaptive *run = sampler->own;
    run->sampler = sampler;
    if (run->owns_pair) {
        keep_pair(run);
    }
    sampler->info = &run->info;
    give_arrays(run, sampler->batch.count, sampler->batch.dim);
    int status = find_network(sampler, run);
    status = status ? status : itp_adaptive_path(run);
    status = status ? status : find_start(run);
    return status ? status : check_row_schedule(sampler);
}

void itp_adaptive_release(itp_sampler *sampler)
{
    const itp_adaptive *run = sampler->own;
    for (int i = 0; i < 3; i++) {
        itp_schedule_drop(run->kept[i]);
    }
}
