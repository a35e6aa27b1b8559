/* Row i is the least-squares regression of the reference's state at the next node on the row's columns, which are taken
 * on the states that the rows already made lead to. A ridge, in the metric of the columns' sizes, draws the row toward
 * what it was before; the samples held out choose how large the ridge is. Large coefficients count as everywhere in a
 * fit (gain.h). */
#include "fit/greedy.h"

#include <math.h>
#include <string.h>

#include "fit/solve.h"

static const double LEAST_GAP = 1e-6, RIDGES[] = {1e-9, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};
enum { RIDGE_COUNT = sizeof RIDGES / sizeof RIDGES[0] };

typedef itp_greedy greedy;

static void place(greedy *g, itp_block *block)
{
    size_t square = g->most * g->most;
    g->fitted = itp_block_take(block, square, sizeof *g->fitted);
    g->held_out = itp_block_take(block, square, sizeof *g->held_out);
    g->system = itp_block_take(block, square, sizeof *g->system);
    g->coef = itp_block_take(block, g->most, sizeof *g->coef);
    g->best = itp_block_take(block, g->most, sizeof *g->best);
    g->room = itp_block_take(block, g->most, ITP_GRAM_BLOCK * sizeof *g->room);
    g->list = itp_block_take(block, g->most, sizeof *g->list);
}

int itp_greedy_new(itp_walk *walk, const itp_fit_table *like, greedy *out)
{
    const greedy empty = {.walk = walk, .most = (size_t)itp_fit_columns(like, like->rows - 1) + 1};
    itp_block block = {NULL, 0};
    *out = empty;
    place(out, &block);
    out->bytes = block.bytes;
    out->memory = itp_fitting_block(walk->fit, &block);
    if (!out->memory) {
        return ITP_E_MEMORY;
    }
    place(out, &block);
    return itp_waypoints_new(walk->fit, &out->way);
}

void itp_greedy_free(greedy *g)
{
    if (!g->walk) {
        return;
    }
    itp_waypoints_free(&g->way);
    itp_memory_free(&g->walk->fit->memory, g->memory, g->bytes);
    memset(g, 0, sizeof *g);
}

/* ---- Gram matrices ---- */

static double *gram_of(const greedy *g)
{
    return g->part ? g->held_out : g->fitted;
}

static void begin_batch(greedy *g)
{
    itp_walk_columns(g->walk, g->table, g->span.first, g->span.count, g->row);
}

static void begin_part(greedy *g, int part)
{
    size_t n = (size_t)itp_fit_columns(g->table, g->row);
    g->part = part;
    g->span = itp_fit_span_in_use(g->walk->fit, part ? ITP_FIT_HELD_OUT : ITP_FIT_FITTED);
    memset(gram_of(g), 0, (n + 1) * (n + 1) * sizeof *g->fitted);
    begin_batch(g);
}

static void add_batch(greedy *g)
{
    const itp_walk *walk = g->walk;
    const itp_fit_desc *desc = &walk->fit->desc;
    size_t n = (size_t)itp_fit_columns(g->table, g->row);
    for (size_t c = 0; c < n; c++) {
        itp_fit_column from = itp_fit_column_of(g->table, g->row, (int32_t)c);
        g->list[c] = from.output ? walk->f[from.index] : walk->y[from.index];
    }
    g->list[n] = itp_waypoint(&g->way, g->row, walk->first);
    itp_gram_add(desc->type, g->list, n + 1, walk->count * desc->dim, g->room, gram_of(g));
}

/* Sum of squares that coef leaves of the target. */
static double residual(const double *gram, size_t n, const double *coef)
{
    size_t wide = n + 1;
    double total = gram[n * wide + n];
    for (size_t i = 0; i < n; i++) {
        double along = -2 * gram[n * wide + i];
        for (size_t j = 0; j < n; j++) along += gram[i * wide + j] * coef[j];
        total += coef[i] * along;
    }
    return total > 0 ? total : 0;
}

/* Sum of the squares of the terms relative to the target. */
static double gain(const double *gram, size_t n, const double *coef)
{
    double total = 0, target = gram[n * (n + 1) + n];
    for (size_t i = 0; i < n && target > 0; i++) total += coef[i] * coef[i] * gram[i * (n + 1) + i] / target;
    return total;
}

/* ---- rows ---- */

/* Solves for the row with this ridge; `penalty` is the gain's weight, in squares of the residual. -1: there is none. */
static int solve_row(greedy *g, size_t n, const double *before, double ridge, double penalty)
{
    const double *gram = g->fitted;
    size_t wide = n + 1;
    double target = gram[n * wide + n];
    for (size_t i = 0; i < n; i++) {
        double size = gram[i * wide + i];
        memcpy(g->system + i * n, gram + i * wide, n * sizeof *gram);
        g->system[i * n + i] += ridge * size + (target > 0 ? penalty * size / target : 0);
        g->coef[i] = gram[n * wide + i] + ridge * size * before[i];
    }
    return itp_solve(n, g->system, g->coef);
}

/* Takes the ridge whose row has the least error on the samples held out. The row stays where none can be solved. */
static void fit_row(greedy *g, int32_t row)
{
    size_t n = (size_t)itp_fit_columns(g->table, row);
    double *before = itp_fit_coefs(g->table, row), least = INFINITY, weight = g->walk->fit->gain;
    memcpy(g->best, before, n * sizeof *before);
    double left = solve_row(g, n, before, RIDGES[0], 0) ? 0 : residual(g->fitted, n, g->coef);
    for (int i = 0; i < RIDGE_COUNT; i++) {
        if (solve_row(g, n, before, RIDGES[i], weight * left)) {
            continue;
        }
        double now = residual(g->held_out, n, g->coef) * (1 + weight * gain(g->held_out, n, g->coef));
        if (now < least) {
            least = now;
            memcpy(g->best, g->coef, n * sizeof *before);
        }
    }
    memcpy(before, g->best, n * sizeof *before);
}

static int sizes_finite(const double *gram, size_t n)
{
    double total = 0;
    for (size_t i = 0; i <= n; i++) total += gram[i * (n + 1) + i];
    return isfinite(total);
}

/* The Gram matrices of all samples in use are complete. */
static int finish_row(greedy *g)
{
    size_t n = (size_t)itp_fit_columns(g->table, g->row);
    if (!sizes_finite(g->fitted, n)) {
        return ITP_E_NONFINITE;
    }
    fit_row(g, g->row);
    return ITP_OK;
}

/* The Gram matrix of one part of the samples is complete: begins the next part or row. *over: there is none. */
static int finish_part(greedy *g, int *over)
{
    int status = ITP_OK;
    itp_gram_finish((size_t)itp_fit_columns(g->table, g->row) + 1, 1, gram_of(g));
    if (!g->part) {
        begin_part(g, 1);
        return ITP_OK;
    }
    status = finish_row(g);
    *over = ++g->row == g->table->rows;
    if (!status && !*over) {
        begin_part(g, 0);
    }
    return status;
}

static int make_rows(void *work)
{
    greedy *g = work;
    int status = ITP_OK, over = 0;
    while (!status && !over && !(status = itp_walk_advance(g->walk))) {
        add_batch(g);
        if (itp_fit_span_next(g->walk->fit, &g->span)) {
            begin_batch(g);
        } else {
            status = finish_part(g, &over);
        }
    }
    return status;
}

/* ---- the whole ---- */

static int find_waypoints(void *work)
{
    greedy *g = work;
    int status = itp_waypoints_advance(&g->way);
    if (!status) {
        begin_part(g, 0);
    }
    return status;
}

static int nodes_increase(const itp_fit_table *table, double end)
{
    for (int32_t i = 0; i < table->rows; i++) {
        double next = i + 1 < table->rows ? table->u[i + 1] : end;
        if (!(next - table->u[i] > LEAST_GAP)) {
            return 0;
        }
    }
    return 1;
}

void itp_greedy_spread(const itp_fitting *fit, itp_fit_table *table)
{
    const itp_plan_info *info = &fit->plan->info;
    if (table->parameters > table->coefs && !nodes_increase(table, info->u_end)) {
        for (int32_t i = 0; i < table->rows; i++) {
            table->u[i] = info->u_start + (fit->u_last - info->u_start) * i / table->rows;
        }
    }
}

int itp_greedy_begin(greedy *g, itp_fit_table *table)
{
    static const itp_fit_phase phases[] = {find_waypoints, make_rows, NULL};
    g->table = table;
    g->row = 0;
    g->next = phases;
    return nodes_increase(table, g->walk->fit->plan->info.u_end) ? itp_waypoints_begin(&g->way, table->u)
                                                                 : ITP_E_UNSUPPORTED;
}

int itp_greedy_advance(greedy *g)
{
    return itp_fit_phases_advance(&g->next, g);
}
