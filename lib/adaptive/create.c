/* Making an adaptive run: every check and every byte that it will ever need. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "adaptive/adaptive.h"
#include "base/desc.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"

enum { ALIGNMENT = 64, OTHER_ARRAYS = 5 };

static void fill_in_control(itp_adaptive_desc *d)
{
    double *c = d->controller;
    c[0] = c[0] != 0 || c[1] != 0 || c[2] != 0 ? c[0] : .7;
    c[1] = c[0] == .7 && c[1] == 0 && c[2] == 0 ? -.4 : c[1];
    d->safety = itp_real_or(d->safety, .9);
    d->shrink = itp_real_or(d->shrink, .2);
    d->grow = itp_real_or(d->grow, 10);
}

/* From here on a tolerance of nothing and no limit of evaluations are 0, and a reversed run goes from u_start to u_end.
 */
static void fill_in(itp_adaptive_desc *d)
{
    double end = itp_real_or(d->u_end, 1);
    d->rtol = d->rtol < 0 ? 0 : itp_real_or(d->rtol, 1e-5);
    d->atol = d->atol < 0 ? 0 : itp_real_or(d->atol, 1e-5);
    d->max_evaluations = d->max_evaluations < 0 ? 0 : d->max_evaluations ? d->max_evaluations : 100000;
    d->u_end = d->reversed ? d->u_start : end;
    d->u_start = d->reversed ? end : d->u_start;
    fill_in_control(d);
}

/* The pair of a Runge-Kutta method that estimates its error; NULL: it has none. */
static const itp_rk_tableau *tableau_of(const itp_solver *given)
{
    itp_solver wanted = ITP_SOLVER_INIT;
    itp_own_method own;
    const itp_method *method;
    if (!given) {
        return &itp_tableau_tsit5;
    }
    if (itp_struct_read(&wanted, sizeof wanted, given) || itp_method_find(&wanted, NULL, &own, &method)) {
        return NULL;
    }
    const itp_rk_tableau *tableau = method->step == itp_rk_step ? method->data : NULL;
    int has_pair = tableau && tableau->embedded_order > 0;
    return tableau == &itp_tableau_heun ? &itp_tableau_heun_euler : has_pair ? tableau : NULL;
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

static int check(const itp_adaptive_desc *d, const itp_batch *batch, const itp_report *log)
{
    if (!tableau_of(d->solver)) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "solver: this one has no error estimate; tsit5, dopri5, bosh3 and heun have.");
    }
    if (batch->x == ITP_X_NOISE && d->reversed) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "x: a run toward the noise needs ITP_X_GIVEN.");
    }
    return ITP_OK;
}

/* What samplers do with an output beyond running their row. */
static int check_hooks(const itp_batch *batch, const itp_report *log)
{
    if (batch->x == ITP_X_DATA) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "x: adaptive runs begin from ITP_X_NOISE or ITP_X_GIVEN.");
    }
    if ((batch->guidance != 0 && batch->guidance != 1) || batch->on_data || batch->on_row) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "guidance, on_data, on_row: adaptive runs have none; combine the outputs in the network.");
    }
    if (batch->workspace) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "workspace: adaptive runs allocate their own.");
    }
    return batch->row_scaled
               ? itp_fail(log, ITP_E_UNSUPPORTED, "row_scaled: adaptive runs have no rows; ask itp_adaptive_state_at.")
               : ITP_OK;
}

/* Outputs are rounded to the batch's type: below that, steps follow the rounding. */
static void warn_of_tolerance(const itp_adaptive_desc *d, const itp_batch *batch, const itp_report *log)
{
    int narrow = batch->type == ITP_FLOAT32;
    double rounding = narrow ? FLT_EPSILON / 2 : DBL_EPSILON / 2;
    if (d->rtol < rounding && d->atol < rounding) {
        itp_warn(log, "rtol, atol: %g, %g are below the rounding of %s, %g, which steps would follow; raise one%s.",
                 d->rtol, d->atol, narrow ? "float32" : "float64", rounding, narrow ? ", or take float64" : "");
    }
}

static int check_all(const itp_adaptive_desc *d, const itp_batch *batch, const itp_report *log)
{
    int status = itp_batch_check(batch, log);
    status =
        status || !batch->noise ? status : itp_fail(log, ITP_E_UNSUPPORTED, "noise: adaptive runs draw their own.");
    status = status ? status : check_ends(d, log);
    status = status ? status : check(d, batch, log);
    status = status ? status : check_lengths(d, log);
    status = status ? status : check_control(d, log);
    return status ? status : check_hooks(batch, log);
}

/* Where the parts of the block lie. */
typedef struct layout {
    size_t walkers, seeds, index, times, u, scratch, arrays, x, out, bytes;
    size_t slopes;
} layout;

static size_t place(size_t *end, size_t bytes)
{
    size_t at = *end;
    *end += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

static int measure(const itp_batch *batch, const itp_rk_tableau *tableau, layout *at)
{
    size_t count = batch->count, most = SIZE_MAX / 8;
    at->slopes = tableau->stages + 1 > ITP_LANDING_SLOPES ? (size_t)tableau->stages + 1 : ITP_LANDING_SLOPES;
    size_t doubles = at->slopes + OTHER_ARRAYS;
    if (count > most / sizeof(itp_walker) || batch->dim > most / sizeof(double) / doubles / count) {
        return ITP_E_OVERFLOW;
    }
    size_t elements = count * batch->dim, end = 0;
    place(&end, sizeof(itp_adaptive));
    at->walkers = place(&end, count * sizeof(itp_walker));
    at->seeds = place(&end, batch->seeds ? count * sizeof(uint64_t) : 0);
    at->index = place(&end, count * sizeof(uint64_t));
    at->times = place(&end, count * sizeof(double));
    at->u = place(&end, count * sizeof(double));
    at->scratch = place(&end, batch->dim * sizeof(double));
    at->arrays = place(&end, doubles * elements * sizeof(double));
    at->x = place(&end, elements * itp_element_size(batch->type));
    at->out = place(&end, elements * itp_element_size(batch->type));
    at->bytes = end;
    return ITP_OK;
}

static void give_arrays(itp_adaptive *run, double *array, size_t slopes)
{
    for (size_t i = 0; i < run->batch.count; i++) {
        itp_walker *walker = &run->walkers[i];
        double **parts[OTHER_ARRAYS] = {&walker->x, &walker->next, &walker->before, &walker->before_slope,
                                        &walker->bend};
        for (int j = 0; j < OTHER_ARRAYS; j++, array += run->batch.dim) {
            *parts[j] = array;
        }
        for (size_t j = 0; j < slopes; j++, array += run->batch.dim) {
            walker->slope[j] = array;
        }
    }
}

static itp_adaptive *build(const itp_batch *batch, const itp_memory *memory, const layout *at)
{
    unsigned char *block = itp_memory_alloc(memory, at->bytes, ALIGNMENT);
    if (!block) {
        return NULL;
    }
    memset(block, 0, at->bytes);
    itp_adaptive *run = (itp_adaptive *)(void *)block;
    run->memory = *memory;
    run->batch = *batch;
    run->bytes = at->bytes;
    run->walkers = (itp_walker *)(void *)(block + at->walkers);
    run->index = (uint64_t *)(void *)(block + at->index);
    run->times = (double *)(void *)(block + at->times);
    run->u = (double *)(void *)(block + at->u);
    run->scratch = (double *)(void *)(block + at->scratch);
    run->x = block + at->x;
    run->out = block + at->out;
    if (batch->seeds) {
        run->seeds = (uint64_t *)(void *)(block + at->seeds);
        memcpy(run->seeds, batch->seeds, batch->count * sizeof *run->seeds);
    }
    give_arrays(run, (double *)(void *)(block + at->arrays), at->slopes);
    return run;
}

static int prepare(itp_adaptive *run)
{
    double scale;
    int status = itp_schedule_check(run->desc.schedule, &run->log, "schedule");
    status = status ? status : itp_model_from(run->desc.model, &run->log, &run->model);
    status = status ? status : itp_model_unread(&run->model, run->desc.model, &run->log);
    if (!status) {
        const itp_schedule *own = run->model.schedule, *wanted = run->desc.schedule ? run->desc.schedule : own;
        run->kept[0] = itp_schedule_keep(own);
        run->kept[1] = itp_schedule_keep(wanted);
        run->sampling = itp_schedule_reaching(wanted, own->u_first, own->w_first, &run->reaching);
    }
    status = status ? status : itp_adaptive_path(run);
    status = status ? status : itp_schedule_scale(run->model.schedule, run->start.u, run->start.w, &scale);
    if (!status) {
        run->start_norm = scale * run->start.w;
    }
    return status;
}

static int create(const itp_adaptive_desc *desc, const itp_batch *batch, const itp_report *log, itp_adaptive **out)
{
    itp_memory memory;
    layout at;
    int status = itp_desc_memory(batch->env, log, &memory);
    status = status ? status : check_all(desc, batch, log);
    if (status) {
        return status;
    }
    warn_of_tolerance(desc, batch, log);
    if (!itp_kernel_choose(batch->kernel, batch->type)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "kernel: %d is unknown or not in this build.", (int)batch->kernel);
    }
    if (measure(batch, tableau_of(desc->solver), &at)) {
        return itp_fail(log, ITP_E_OVERFLOW, "count, dim: the workspace does not fit.");
    }
    itp_adaptive *run = build(batch, &memory, &at);
    if (!run) {
        return itp_fail(log, ITP_E_MEMORY, "no memory for a workspace of %zu bytes.", at.bytes);
    }
    run->desc = *desc;
    run->log = *log;
    run->tableau = tableau_of(desc->solver);
    run->combine = itp_kernel_choose(batch->kernel, ITP_FLOAT64);
    run->draw = itp_kernel_choose(batch->kernel, batch->type);
    status = prepare(run);
    if (status) {
        itp_adaptive_free(run);
        return status;
    }
    *out = run;
    return ITP_OK;
}

static ITP_APART int adaptive_new(const itp_adaptive_desc *desc, const itp_batch *batch, itp_adaptive **out)
{
    itp_adaptive_desc known;
    itp_batch sizes;
    itp_report log;
    if (!out) {
        return ITP_E_ARGUMENT;
    }
    *out = NULL;
    if (!desc || !batch) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_batch_read(batch, &sizes, &log);
    if (!status) {
        status = itp_struct_read(&known, sizeof known, desc);
        status = status ? itp_fail_of_size(&log, status, "desc", desc, sizeof known) : ITP_OK;
    }
    if (!status) {
        fill_in(&known);
        status = create(&known, &sizes, &log, out);
    }
    return itp_report_end(&log, status);
}

int itp_adaptive_new(const itp_adaptive_desc *desc, const itp_batch *batch, itp_adaptive **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, adaptive_new(desc, batch, out));
}

void itp_adaptive_free(itp_adaptive *run)
{
    if (run) {
        itp_memory memory = run->memory;
        itp_schedule_drop(run->kept[0]);
        itp_schedule_drop(run->kept[1]);
        itp_memory_free(&memory, run, run->bytes);
    }
}
