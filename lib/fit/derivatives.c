#include "fit/derivatives.h"

#include <math.h>

#include "fit/solve.h"

/* The table's own run; one evaluation at a node that has been moved; the rest of the run with a number moved. */
enum { OWN_RUN = 0, MOVED_NODE = 1, BRANCH = 2 };

typedef itp_fit_derivatives derivatives;

void itp_fit_derivatives_place(derivatives *d, itp_walk *walk, itp_fit_normal *normal, itp_block *block)
{
    const itp_fitting *fit = walk->fit;
    d->walk = walk;
    d->normal = normal;
    d->stride = fit->batch * fit->features * fit->element;
    d->columns = itp_block_take(block, normal->parameters + 1, d->stride);
    d->end = itp_block_take(block, 1, d->stride);
    d->moved_end = itp_block_take(block, 1, d->stride);
}

static unsigned char *column(const derivatives *d, size_t i)
{
    return d->columns + i * d->stride;
}

/* ---- how far a number is moved ---- */

static double root_mean_square(const derivatives *d, const void *x)
{
    const itp_walk *walk = d->walk;
    size_t elements = walk->count * walk->fit->desc.dim;
    return sqrt(itp_squares(walk->fit->desc.type, x, NULL, elements) / (double)elements);
}

/* A coefficient moves the next state by a part of its size that is a compromise between the curvature of the network
 * and the rounding of its arithmetic. */
static double coefficient_distance(const derivatives *d, const void *x, const void *state)
{
    double part = d->walk->fit->desc.type == ITP_FLOAT64 ? 1e-5 : 3e-3;
    double size = root_mean_square(d, x), scale = root_mean_square(d, state);
    return size > 0 ? part * (scale > 0 ? scale : 1) / size : 1;
}

/* Toward the end by a thousandth, or by a quarter of the way to the next node; back where that is hardly anything. */
static double node_distance(const derivatives *d, int32_t row)
{
    const itp_fit_table *table = d->table;
    const itp_fitting *fit = d->walk->fit;
    double next = row + 1 < table->rows ? table->u[row + 1] : fit->u_last;
    double before = row ? table->u[row - 1] : fit->plan->info.u_start;
    double h = fit->desc.type == ITP_FLOAT64 ? 1e-5 : 1e-3;
    double room = (next - table->u[row]) / 4, back = (table->u[row] - before) / 4;
    return 16 * room >= h || back <= room ? fmin(h, room) : -fmin(h, back);
}

/* ---- runs ---- */

/* The state after `row` of the table's own run. What is run from now on is a branch, with outputs from F_output on. */
static const unsigned char *branch_after(const derivatives *d, int32_t row, int32_t output)
{
    itp_walk *walk = d->walk;
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    const unsigned char *state = walk->y[row + 1];
    itp_walk_branch(walk, row + 1, output);
    return state;
}

static void move_coefficient(derivatives *d)
{
    itp_walk *walk = d->walk;
    int32_t row = d->row;
    itp_fit_column from = itp_fit_column_of(d->table, row, d->c);
    const unsigned char *state = branch_after(d, row, row + 1);
    const unsigned char *x = from.output ? walk->f[from.index] : walk->y[from.index];
    d->run = BRANCH;
    d->distance = coefficient_distance(d, x, state);
    itp_walk_add(walk, walk->fit->desc.dim, 1, state, d->distance, x, walk->y[row + 1]);
    itp_walk_from(walk, row + 1);
}

static void move_node(derivatives *d)
{
    d->run = MOVED_NODE;
    d->distance = node_distance(d, d->row);
    (void)branch_after(d, d->row, d->row);
    itp_walk_alone(d->walk, d->row, d->distance);
}

/* The row of the moved node has been run: the rows after it follow. */
static void follow_node(derivatives *d)
{
    itp_walk *walk = d->walk;
    const itp_fit_desc *desc = &walk->fit->desc;
    const unsigned char *state = branch_after(d, d->row, d->row);
    d->normal->node_movement[d->row] +=
        itp_squares(desc->type, walk->y[d->row + 1], state, walk->count * desc->dim) / (d->distance * d->distance);
    d->run = BRANCH;
    itp_walk_from(walk, d->row + 1);
}

static void begin_batch(derivatives *d)
{
    d->run = OWN_RUN;
    itp_walk_begin(d->walk, d->table, d->span.first, d->span.count);
}

/* ---- what runs end with ---- */

/* The number after the last one that was moved: coefficients of row after row, then nodes. */
static void move_next(derivatives *d)
{
    size_t coefs = (size_t)d->table->coefs;
    if (d->moved >= coefs) {
        d->row = (int32_t)(d->moved - coefs);
        move_node(d);
        return;
    }
    if (d->c == itp_fit_columns(d->table, d->row)) {
        d->row++;
        d->c = 0;
    }
    move_coefficient(d);
}

/* The features of the table's own run, the residual and the states. */
static int finish_own_run(derivatives *d)
{
    itp_walk *walk = d->walk;
    itp_fitting *fit = walk->fit;
    int status = itp_fitting_map(fit, walk->y[fit->rows], walk->first, walk->count, d->end);
    if (status) {
        return status;
    }
    itp_walk_branch(walk, INT32_MAX, INT32_MAX);
    itp_fit_normal_add_states(d->normal, walk);
    itp_walk_add(walk, fit->features, 1, fit->target + walk->first * fit->features * fit->element, -1, d->end,
                 column(d, d->normal->parameters));
    d->moved = 0;
    d->row = d->c = 0;
    return ITP_OK;
}

/* The derivative: (features of the branch's end - features of the run's end)/distance. */
static int finish_branch(derivatives *d)
{
    itp_walk *walk = d->walk;
    itp_fitting *fit = walk->fit;
    int status = itp_fitting_map(fit, walk->y[fit->rows], walk->first, walk->count, d->moved_end);
    if (status) {
        return status;
    }
    itp_walk_add(walk, fit->features, 1 / d->distance, d->moved_end, -1 / d->distance, d->end, column(d, d->moved));
    d->moved++;
    d->c++;
    return ITP_OK;
}

/* Takes in the run that has ended and begins the next one. *over: there is none in this batch. */
static int finish_run(derivatives *d, int *over)
{
    *over = 0;
    if (d->run == MOVED_NODE) {
        follow_node(d);
        return ITP_OK;
    }
    int status = d->run == OWN_RUN ? finish_own_run(d) : finish_branch(d);
    if (status) {
        return status;
    }
    *over = d->moved == d->normal->parameters;
    if (!*over) {
        move_next(d);
    }
    return ITP_OK;
}

void itp_fit_derivatives_begin(derivatives *d, const itp_fit_table *table)
{
    itp_fit_normal_clear(d->normal);
    d->table = table;
    d->span = itp_fit_span_in_use(d->walk->fit, ITP_FIT_FITTED);
    begin_batch(d);
}

int itp_fit_derivatives_advance(derivatives *d)
{
    int status, over;
    while (!(status = itp_walk_advance(d->walk)) && !(status = finish_run(d, &over))) {
        if (!over) {
            continue;
        }
        itp_fit_normal_add_derivatives(d->normal, d->walk, d->columns, d->stride);
        if (!itp_fit_span_next(d->walk->fit, &d->span)) {
            itp_fit_normal_finish(d->normal, d->walk->fit);
            return ITP_OK;
        }
        begin_batch(d);
    }
    return status;
}
