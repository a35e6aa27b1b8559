/* Running a table over a batch of samples, wholly or from some row on. */
#include "fit/walk.h"

#include <math.h>
#include <string.h>

#include "fit/solve.h"

/* ---- arrays ---- */

enum { SETS = 2 };

static unsigned char *array(const itp_walk *walk, size_t i)
{
    return walk->block + 2 * ((size_t)walk->fit->rows + 1) * sizeof(unsigned char *) + 64 + i * walk->stride;
}

static unsigned char *state_at(const itp_walk *walk, int second, int32_t i)
{
    return array(walk, (second ? 2 * (size_t)walk->fit->rows + 1 : 0) + (size_t)i);
}

static unsigned char *output_at(const itp_walk *walk, int second, int32_t i)
{
    return state_at(walk, second, walk->fit->rows + 1 + i);
}

/* The unconditional output has an array of its own, the last. */
static unsigned char *second_output(const itp_walk *walk)
{
    return array(walk, SETS * (2 * (size_t)walk->fit->rows + 1));
}

int itp_walk_new(itp_fitting *fit, itp_walk *out)
{
    itp_walk walk = {.fit = fit};
    size_t rows = (size_t)fit->rows, arrays = SETS * (2 * rows + 1) + (itp_fitting_guided(fit) ? 1 : 0);
    size_t heads = 2 * (rows + 1) * sizeof(unsigned char *) + 64;
    size_t samples = fit->batch * fit->element;
    if (fit->desc.dim > SIZE_MAX / 16 / samples / arrays) {
        return itp_fail(&fit->log, ITP_E_OVERFLOW, "batch, dim: %zu arrays of so many elements do not fit.", arrays);
    }
    walk.stride = (samples * fit->desc.dim + 63) / 64 * 64;
    walk.bytes = heads + arrays * walk.stride;
    walk.block = itp_memory_alloc(&fit->memory, walk.bytes, 64);
    if (!walk.block) {
        return ITP_E_MEMORY;
    }
    memset(walk.block, 0, walk.bytes);
    walk.y = (unsigned char **)(void *)walk.block;
    walk.f = walk.y + rows + 1;
    *out = walk;
    return ITP_OK;
}

void itp_walk_free(itp_walk *walk)
{
    if (walk->block) {
        itp_memory_free(&walk->fit->memory, walk->block, walk->bytes);
        walk->block = NULL;
    }
}

void itp_walk_branch(itp_walk *walk, int32_t state, int32_t output)
{
    for (int32_t i = 0; i <= walk->fit->rows; i++) {
        walk->y[i] = state_at(walk, i >= state, i);
        if (i < walk->fit->rows) {
            walk->f[i] = output_at(walk, i >= output, i);
        }
    }
}

/* ---- rows ---- */

static void run_combine(const itp_walk *walk, size_t each, const itp_column *columns, int32_t count, void *next)
{
    itp_combine op = {.dim = each, .count = walk->count, .next = next, .columns = columns, .column_count = count};
    walk->fit->combine(&op);
}

void itp_walk_add(const itp_walk *walk, size_t each, double a, const void *x, double b, const void *y, void *next)
{
    itp_column columns[2] = {{x, a}, {y, b}};
    run_combine(walk, each, columns, 2, next);
}

/* Combines a few columns at a time, as a row may have any number of them. */
static void run_row(itp_walk *walk, int32_t row)
{
    enum { SOME = 16 };
    itp_column columns[SOME + 1];
    const double *coef = itp_fit_coefs(walk->table, row);
    int32_t all = itp_fit_columns(walk->table, row);
    unsigned char *next = walk->y[row + 1];
    for (int32_t done = 0; done < all;) {
        int32_t count = 0;
        if (done) {
            columns[count++] = (itp_column){next, 1};
        }
        for (; done < all && count < SOME; done++) {
            itp_fit_column from = itp_fit_column_of(walk->table, row, done);
            columns[count++] = (itp_column){from.output ? walk->f[from.index] : walk->y[from.index], coef[done]};
        }
        run_combine(walk, walk->fit->desc.dim, columns, count, next);
    }
}

/* ---- requests ---- */

static itp_request request_of(itp_walk *walk, const itp_plan_row *at)
{
    itp_fitting *fit = walk->fit;
    const itp_fit_desc *desc = &fit->desc;
    itp_request request = {.size = sizeof request,
                           .x = walk->y[walk->row],
                           .out = walk->f[walk->row],
                           .count = walk->count,
                           .dim = desc->dim,
                           .time = at->time,
                           .u = at->u,
                           .row = walk->row,
                           .rows = fit->rows,
                           .step = at->step,
                           .steps = at->steps,
                           .ends_step = at->ends_step,
                           .type = desc->type,
                           .first = desc->first + walk->first,
                           .guidance = 1,
                           .data_state = at->data_state,
                           .data_output = at->data_output};
    if (itp_fitting_guided(fit)) {
        itp_fitting_ask_guidance(fit, &request, second_output(walk));
    }
    return request;
}

static int open_request(itp_walk *walk)
{
    itp_fitting *fit = walk->fit;
    double u = walk->table->u[walk->row] + walk->shift;
    itp_plan_row at;
    int status = itp_fit_place(&fit->model, &fit->plan->rows[walk->row], u, &at);
    if (status) {
        return itp_fail(&fit->log, status, "model: the network's time has no limit at u = %.17g.", u);
    }
    fit->request = request_of(walk, &at);
    fit->sampler = NULL;
    walk->asked = 1;
    walk->shift = 0;
    return ITP_EVALUATE;
}

/* The request has been answered. */
static int take_output(itp_walk *walk)
{
    const itp_request *request = &walk->fit->request;
    walk->asked = 0;
    return itp_fitting_guide(walk->fit, request);
}

int itp_walk_advance(itp_walk *walk)
{
    int status = ITP_OK;
    for (; walk->row < walk->end; walk->row++) {
        status = walk->asked ? take_output(walk) : open_request(walk);
        if (status) {
            return status;
        }
        if (walk->row < walk->combined) {
            run_row(walk, walk->row);
        }
    }
    return ITP_OK;
}

/* ---- beginnings ---- */

static void draw_start(itp_walk *walk)
{
    const itp_fitting *fit = walk->fit;
    itp_noise_term start = {0, fit->plan->info.start_scale};
    itp_combine op = {.dim = fit->desc.dim,
                      .count = walk->count,
                      .next = walk->y[0],
                      .normals = &start,
                      .normal_count = 1,
                      .seed = fit->desc.seed,
                      .first = fit->desc.first + walk->first,
                      .seeds = fit->desc.seeds ? fit->desc.seeds + walk->first : NULL};
    fit->combine(&op);
}

static void set_rows(itp_walk *walk, int32_t row, int32_t end, int32_t combined)
{
    walk->row = row;
    walk->end = end;
    walk->combined = combined;
    walk->asked = 0;
    walk->shift = 0;
}

void itp_walk_columns(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count, int32_t row)
{
    walk->table = table;
    walk->first = first;
    walk->count = count;
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    draw_start(walk);
    set_rows(walk, 0, row + 1, row);
}

void itp_walk_begin(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count)
{
    itp_walk_columns(walk, table, first, count, 0);
    set_rows(walk, 0, walk->fit->rows, walk->fit->rows);
}

void itp_walk_from(itp_walk *walk, int32_t row)
{
    set_rows(walk, row, walk->fit->rows, walk->fit->rows);
}

void itp_walk_alone(itp_walk *walk, int32_t row, double shift)
{
    set_rows(walk, row, row + 1, row + 1);
    walk->shift = shift;
}

/* ---- errors ---- */

static void begin_batch(const itp_fit_trial *trial)
{
    itp_walk_begin(trial->walk, trial->table, trial->span.first, trial->span.count);
}

static void begin_part(itp_fit_trial *trial, itp_fit_part part)
{
    trial->part = part;
    trial->span = itp_fit_span_in_use(trial->walk->fit, part);
    trial->total = 0;
    begin_batch(trial);
}

static int add_squares(itp_fit_trial *trial)
{
    itp_walk *walk = trial->walk;
    itp_fitting *fit = walk->fit;
    size_t row = fit->features * fit->element;
    int status = itp_fitting_map(fit, walk->y[fit->rows], walk->first, walk->count, trial->features);
    if (!status) {
        trial->total +=
            itp_squares(fit->desc.type, trial->features, fit->target + walk->first * row, walk->count * fit->features);
    }
    return status;
}

static double root_mean(const itp_fit_trial *trial)
{
    const itp_fitting *fit = trial->walk->fit;
    const size_t samples[] = {fit->use_fitted, fit->use_held_out, fit->desc.test};
    double elements = (double)samples[trial->part] * (double)fit->features;
    return isfinite(trial->total) ? sqrt(trial->total / elements) : INFINITY;
}

void itp_fit_trial_begin(itp_fit_trial *trial, const itp_fit_table *table)
{
    trial->table = table;
    begin_part(trial, ITP_FIT_FITTED);
}

void itp_fit_trial_begin_test(itp_fit_trial *trial, const itp_fit_table *table)
{
    trial->table = table;
    begin_part(trial, ITP_FIT_TEST);
}

int itp_fit_trial_advance(itp_fit_trial *trial)
{
    int status;
    double *const errors[] = {&trial->errors.fitted, &trial->errors.held_out, &trial->errors.test};
    while (!(status = itp_walk_advance(trial->walk))) {
        status = add_squares(trial);
        if (status) {
            return status;
        }
        if (itp_fit_span_next(trial->walk->fit, &trial->span)) {
            begin_batch(trial);
            continue;
        }
        *errors[trial->part] = root_mean(trial);
        if (trial->part != ITP_FIT_FITTED) {
            return ITP_OK;
        }
        begin_part(trial, ITP_FIT_HELD_OUT);
    }
    return status;
}
