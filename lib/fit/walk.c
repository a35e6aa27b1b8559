/* Running a table over a batch of samples, wholly or from some row on. */
#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "fit/fitting.h"
#include "fit/solve.h"
#include "sampler/sampler.h"

static int guided(const itp_fit_desc *desc)
{
    return desc->guidance != 0 && desc->guidance != 1;
}

/* An output that nobody writes is not taken for one: until then it is NaN, and what is made of it an error. */
static void expect(const itp_fitting *fit, size_t count, size_t width, void *out)
{
    itp_batch batch = {.dim = width, .type = fit->desc.type, .check_finite = 1};
    itp_output_expect(&batch, count, out);
}

int itp_fitting_count(void *fitting, const itp_request *request)
{
    itp_fitting *fit = fitting;
    itp_roomy_request roomy = {.known = *request};
    fit->report.evaluations += request->count * (request->out2 ? 2 : 1);
    expect(fit, request->count, request->dim, request->out);
    expect(fit, request->count, request->dim, request->out2);
    itp_float_env_leave(fit->env, 0);
    int answer = fit->network(fit->user, &roomy.known);
    itp_float_env_enter(fit->env);
    return answer;
}

int itp_fitting_evaluate(itp_fitting *fit, const itp_request *request)
{
    int answer = itp_fitting_count(fit, request);
    if (answer) {
        return itp_stopped(&fit->log, "network", answer, request->row);
    }
    return request->out2 ? itp_guide(request->type, request->out, request->out2, request->guidance, request->out,
                                     request->count * request->dim)
                         : ITP_OK;
}

int itp_fitting_map(itp_fitting *fit, const void *x, size_t first, size_t count, void *features)
{
    if (!fit->desc.feature) {
        memcpy(features, x, count * fit->desc.dim * fit->element);
        return ITP_OK;
    }
    expect(fit, count, fit->features, features);
    itp_float_env_leave(fit->env, 0);
    int answer = fit->desc.feature(fit->desc.feature_user, x, count, fit->desc.first + first, features);
    itp_float_env_enter(fit->env);
    return answer ? itp_stopped(&fit->log, "feature", answer, -1) : ITP_OK;
}

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
    size_t rows = (size_t)fit->rows, arrays = SETS * (2 * rows + 1) + (guided(&fit->desc) ? 1 : 0);
    size_t heads = 2 * (rows + 1) * sizeof(unsigned char *) + 64;
    size_t samples = fit->batch * fit->element;
    if (fit->desc.dim > SIZE_MAX / 16 / samples / arrays) {
        return ITP_E_OVERFLOW;
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

/* A few columns at a time: a row may have any number. */
void itp_walk_combine(itp_walk *walk, int32_t row)
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

int itp_walk_evaluate(itp_walk *walk, int32_t row, double u)
{
    itp_fitting *fit = walk->fit;
    const itp_fit_desc *desc = &fit->desc;
    itp_plan_row at;
    int status = itp_fit_place(&fit->model, &fit->plan->rows[row], u, &at);
    if (status) {
        return itp_fail(&fit->log, status, "model: the network's time has no limit at u = %.17g.", u);
    }
    itp_request request = {.size = sizeof request,
                           .x = walk->y[row],
                           .out = walk->f[row],
                           .count = walk->count,
                           .dim = desc->dim,
                           .time = at.time,
                           .u = u,
                           .row = row,
                           .rows = fit->rows,
                           .type = desc->type,
                           .first = desc->first + walk->first,
                           .guidance = 1,
                           .data_state = at.data_state,
                           .data_output = at.data_output};
    if (guided(desc)) {
        request.guidance = itp_guidance_at(desc->guidance, desc->guidance_low, desc->guidance_high, u);
        request.out2 = request.guidance == 1 ? NULL : second_output(walk);
    }
    return itp_fitting_evaluate(fit, &request);
}

int itp_walk_finish(itp_walk *walk, int32_t row)
{
    int status = ITP_OK;
    for (int32_t i = row; i < walk->fit->rows && !status; i++) {
        status = itp_walk_evaluate(walk, i, walk->table->u[i]);
        if (!status) {
            itp_walk_combine(walk, i);
        }
    }
    return status;
}

static void draw(itp_walk *walk)
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

static void begin(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count)
{
    walk->table = table;
    walk->first = first;
    walk->count = count;
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    draw(walk);
}

int itp_walk_run(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count)
{
    begin(walk, table, first, count);
    return itp_walk_finish(walk, 0);
}

int itp_walk_columns(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count, int32_t row)
{
    int status = ITP_OK;
    begin(walk, table, first, count);
    for (int32_t i = 0; i <= row && !status; i++) {
        if (i) {
            itp_walk_combine(walk, i - 1);
        }
        status = itp_walk_evaluate(walk, i, table->u[i]);
    }
    return status;
}

/* ---- errors ---- */

static int add_squares(itp_walk *walk, const itp_fit_table *table, size_t first, size_t count, void *features,
                       double *total)
{
    itp_fitting *fit = walk->fit;
    size_t row = fit->features * fit->element;
    int status = itp_walk_run(walk, table, first, count);
    status = status ? status : itp_fitting_map(fit, walk->y[fit->rows], first, count, features);
    if (!status) {
        *total += itp_squares(fit->desc.type, features, fit->target + first * row, count * fit->features);
    }
    return status;
}

static int range_error(itp_walk *walk, const itp_fit_table *table, size_t first, size_t end, void *features,
                       double *out)
{
    const itp_fitting *fit = walk->fit;
    double total = 0, elements = (double)(end - first) * (double)fit->features;
    int status = ITP_OK;
    for (size_t i = first; i < end && !status; i += fit->batch) {
        size_t some = end - i < fit->batch ? end - i : fit->batch;
        status = add_squares(walk, table, i, some, features, &total);
    }
    *out = isfinite(total) ? sqrt(total / elements) : INFINITY;
    return status;
}

int itp_fitting_errors(itp_walk *walk, const itp_fit_table *table, void *features, itp_fit_errors *out)
{
    const itp_fitting *fit = walk->fit;
    size_t fitted = fit->fitted, end = fitted + fit->use_held_out;
    int status = range_error(walk, table, 0, fit->use_fitted, features, &out->fitted);
    return status ? status : range_error(walk, table, fitted, end, features, &out->held_out);
}

enum { NARROW_FITTED = 64, NARROW_HELD_OUT = 32 };

void itp_fitting_narrow(itp_fitting *fit)
{
    size_t held_out = fit->desc.count - fit->fitted;
    fit->use_fitted = fit->fitted < NARROW_FITTED ? fit->fitted : NARROW_FITTED;
    fit->use_held_out = held_out < NARROW_HELD_OUT ? held_out : NARROW_HELD_OUT;
}

void itp_fitting_widen(itp_fitting *fit)
{
    fit->use_fitted = fit->fitted;
    fit->use_held_out = fit->desc.count - fit->fitted;
}
