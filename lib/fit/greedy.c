/* Row i is the least-squares regression of the reference's state at the next node on the row's columns, where these
 * are on the student's own states, led there by the rows already made. What the row was before draws it: a ridge in the
 * metric of the columns' sizes, as large as the held-out samples like it. Large coefficients count as everywhere in a
 * fit. */
#include "fit/greedy.h"

#include <math.h>
#include <string.h>

#include "fit/solve.h"
#include "fit/waypoints.h"

static const double LEAST_GAP = 1e-6, RIDGES[] = {1e-9, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};
enum { RIDGE_COUNT = sizeof RIDGES / sizeof RIDGES[0] };

typedef struct greedy {
    itp_walk *walk;
    itp_fit_table *table;
    const itp_waypoints *way;
    double *reals;
    size_t real_count, most;                          /* columns of the last row and the target */
    double *fitted, *held_out, *system, *coef, *best; /* Gram matrices of a row's columns and, last, its target */
    double *room;
    const void **list;
} greedy;

static int greedy_new(itp_walk *walk, itp_fit_table *table, const itp_waypoints *way, greedy *out)
{
    const itp_memory *memory = &walk->fit->memory;
    size_t most = (size_t)itp_fit_columns(table, table->rows - 1) + 1, square = most * most;
    greedy g = {.walk = walk, .table = table, .way = way, .most = most};
    g.real_count = 3 * square + 2 * most + most * ITP_GRAM_BLOCK;
    g.reals = itp_memory_array(memory, g.real_count, sizeof *g.reals);
    g.list = itp_memory_array(memory, most, sizeof *g.list);
    if (g.reals) {
        g.fitted = g.reals;
        g.held_out = g.fitted + square;
        g.system = g.held_out + square;
        g.coef = g.system + square;
        g.best = g.coef + most;
        g.room = g.best + most;
    }
    *out = g;
    return g.reals && g.list ? ITP_OK : ITP_E_MEMORY;
}

static void greedy_free(greedy *g)
{
    const itp_memory *memory = &g->walk->fit->memory;
    itp_memory_free(memory, (void *)g->list, g->most * sizeof *g->list);
    itp_memory_free(memory, g->reals, g->real_count * sizeof *g->reals);
}

/* ---- Gram matrices ---- */

static int add_range(greedy *g, int32_t row, size_t first, size_t end, double *gram)
{
    itp_walk *walk = g->walk;
    const itp_fitting *fit = walk->fit;
    size_t n = (size_t)itp_fit_columns(g->table, row);
    int status = ITP_OK;
    memset(gram, 0, (n + 1) * (n + 1) * sizeof *gram);
    for (size_t i = first; i < end && !status; i += fit->batch) {
        size_t count = end - i < fit->batch ? end - i : fit->batch;
        status = itp_walk_columns(walk, g->table, i, count, row);
        for (size_t c = 0; c < n; c++) {
            itp_fit_column from = itp_fit_column_of(g->table, row, (int32_t)c);
            g->list[c] = from.output ? walk->f[from.index] : walk->y[from.index];
        }
        g->list[n] = itp_waypoint(g->way, row, i);
        if (!status) {
            itp_gram_add(fit->desc.type, g->list, n + 1, count * fit->desc.dim, g->room, gram);
        }
    }
    itp_gram_finish(n + 1, 1, gram);
    return status;
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

/* coef := the row for this ridge; `penalty` is what the gain counts, in the squares of the residual. -1: none. */
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

/* The ridge whose row does best on the held-out samples. `before`, which the row was, if none can be solved. */
static void fit_row(greedy *g, int32_t row)
{
    size_t n = (size_t)itp_fit_columns(g->table, row);
    double *before = itp_fit_coefs(g->table, row), least = INFINITY, weight = itp_fitting_gain(g->walk->fit);
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

static int make_rows(greedy *g)
{
    const itp_fitting *fit = g->walk->fit;
    int status = ITP_OK;
    for (int32_t row = 0; row < g->table->rows && !status; row++) {
        size_t n = (size_t)itp_fit_columns(g->table, row);
        status = add_range(g, row, 0, fit->use_fitted, g->fitted);
        status = status ? status : add_range(g, row, fit->fitted, fit->fitted + fit->use_held_out, g->held_out);
        status = status || sizes_finite(g->fitted, n) ? status : ITP_E_NONFINITE;
        if (!status) {
            fit_row(g, row);
        }
    }
    return status;
}

static int increase(const itp_fit_table *table, double end)
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
    if (table->parameters > table->coefs && !increase(table, info->u_end)) {
        for (int32_t i = 0; i < table->rows; i++) {
            table->u[i] = info->u_start + (fit->u_last - info->u_start) * i / table->rows;
        }
    }
}

int itp_greedy_rows(itp_walk *walk, itp_fit_table *table)
{
    itp_waypoints way;
    greedy g;
    if (!increase(table, walk->fit->plan->info.u_end)) {
        return ITP_E_UNSUPPORTED;
    }
    int status = itp_waypoints_new(walk->fit, table->u, &way);
    if (status) {
        return status;
    }
    status = greedy_new(walk, table, &way, &g);
    status = status ? status : make_rows(&g);
    greedy_free(&g);
    itp_waypoints_free(&way);
    return status;
}
