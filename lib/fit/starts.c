#include "fit/starts.h"

#include <math.h>

#include "fit/greedy.h"
#include "fit/grow.h"
#include "fit/solve.h"

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

/* As only plans of fewer rows than the fit may. */
static int ends_early(const itp_fitting *fit, const itp_plan *plan)
{
    return plan->info.u_end < fit->plan->info.u_end - ITP_FIT_SAME;
}

static int new_longer(const itp_fitting *fit, const itp_fit_table *table, itp_fit_table *longer)
{
    return itp_fit_table_new(&fit->memory, table->rows + 1, 0, !fit->desc.fixed_nodes, longer);
}

static void replace(itp_fit_table *table, const itp_fit_table *by)
{
    itp_fit_table_free(table);
    *table = *by;
}

/* One row more, after this node. */
static int grow(const itp_fitting *fit, int32_t after, itp_fit_table *table)
{
    itp_fit_table longer;
    int status = new_longer(fit, table, &longer);
    if (!status) {
        itp_fit_table_grow(table, after, fit->u_last, &longer);
        replace(table, &longer);
    }
    return status;
}

/* One row more, from u, where the table's plan ends, to the end. */
static int append(const itp_fitting *fit, double u, itp_fit_table *table)
{
    double weights[2] = {0, 0}, u_end = fit->plan->info.u_end;
    itp_fit_table longer;
    int status = itp_fit_last_weights(&fit->model, u, u_end, weights);
    if (status) {
        return itp_fail(&fit->log, status, "starts: no row from u = %g, where one ends, to %g.", u, u_end);
    }
    status = new_longer(fit, table, &longer);
    if (!status) {
        itp_fit_table_append(table, u, weights, &longer);
        replace(table, &longer);
    }
    return status;
}

/* All outputs, and as many rows as the fit has: where the plan has fewer, the first new one is from its early end, or
 * comes after node `gap`. */
static int read_whole(const itp_fitting *fit, const itp_plan *plan, int32_t gap, itp_fit_table *all)
{
    int status = itp_fit_table_new(&fit->memory, plan->info.rows, 0, !fit->desc.fixed_nodes, all);
    status = status ? status : itp_fit_table_read(all, plan);
    if (status == ITP_E_UNSUPPORTED) {
        return itp_fail(&fit->log, status, "plan: its rows draw noise; only plans without can be fitted.");
    }
    if (!status && all->rows < fit->rows) {
        status = ends_early(fit, plan) ? append(fit, plan->info.u_end, all) : grow(fit, gap, all);
    }
    while (!status && all->rows < fit->rows) {
        status = grow(fit, itp_fit_table_widest(all, fit->u_last), all);
    }
    return status;
}

static int make_table(itp_walk *walk, const itp_plan *plan, int32_t gap, itp_fit_table *table)
{
    const itp_fitting *fit = walk->fit;
    itp_fit_table all = {.rows = 0};
    int status = read_whole(fit, plan, gap, &all);
    status =
        status ? status : itp_fit_table_new(&fit->memory, fit->rows, fit->desc.outputs, !fit->desc.fixed_nodes, table);
    if (!status && table->most_outputs < table->rows) {
        status = project(walk, &all, table);
    } else if (!status) {
        itp_fit_table_copy(&all, table);
    }
    itp_fit_table_free(&all);
    return status;
}

/* ---- the list ---- */

static int is_greedy(const itp_fitting *fit)
{
    return fit->desc.greedy >= 0;
}

static int add_plan(itp_walk *walk, itp_fit_starts *starts, int32_t index, int32_t gap)
{
    const itp_fitting *fit = walk->fit;
    const itp_plan *plan = index ? fit->desc.starts[index - 1] : fit->plan;
    itp_fit_start *start = &starts->list[starts->count++];
    const itp_fit_start fresh = {.plan = plan->info.rows == fit->rows ? plan : fit->plan, .index = index};
    *start = fresh; /* a version that was dropped may have had this place */
    return make_table(walk, plan, gap, &start->table);
}

/* A plan that has no greedy version takes part without one. */
static int may_lack(int status)
{
    return status == ITP_E_UNSUPPORTED || status == ITP_E_NONFINITE || status == ITP_E_SINGULAR;
}

static int same_nodes(const itp_fit_table *a, const itp_fit_table *b)
{
    for (int32_t i = 0; i < a->rows; i++) {
        if (fabs(a->u[i] - b->u[i]) > ITP_FIT_SAME) {
            return 0;
        }
    }
    return 1;
}

/* The rows of a plan hardly matter for its greedy version. */
static int known(const itp_fit_starts *starts, const itp_fit_table *table)
{
    for (size_t i = 0; i < starts->count; i++) {
        const itp_fit_start *other = &starts->list[i];
        if (other->greedy && &other->table != table && same_nodes(&other->table, table)) {
            return 1;
        }
    }
    return 0;
}

static int add_greedy(itp_walk *walk, itp_fit_starts *starts)
{
    const itp_fit_start *from = &starts->list[starts->count - 1];
    itp_fit_start *start = &starts->list[starts->count++];
    const itp_fit_table *table = &from->table;
    int moving = table->parameters > table->coefs;
    const itp_fit_start fresh = {.plan = from->plan, .index = from->index, .greedy = 1};
    *start = fresh;
    int status = itp_fit_table_new(&starts->memory, table->rows, walk->fit->desc.outputs, moving, &start->table);
    if (!status) {
        itp_fit_table_copy(table, &start->table);
        itp_greedy_spread(walk->fit, &start->table);
        itp_fitting_narrow(walk->fit);
        status = known(starts, &start->table) ? ITP_E_UNSUPPORTED : itp_greedy_rows(walk, &start->table);
        itp_fitting_widen(walk->fit);
    }
    if (may_lack(status)) {
        itp_fit_table_free(&start->table);
        starts->count--;
        status = ITP_OK;
    }
    return status;
}

/* One version per gap that a row can go into; for a plan that ends before the others, one. */
static int add_longer(itp_walk *walk, itp_fit_starts *starts, int32_t index)
{
    const itp_plan *plan = walk->fit->desc.starts[index - 1];
    int status = ITP_OK;
    if (ends_early(walk->fit, plan)) {
        return add_plan(walk, starts, index, 0);
    }
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        double next = i + 1 < plan->info.rows ? plan->rows[i + 1].u : walk->fit->u_last;
        status = next > plan->rows[i].u ? add_plan(walk, starts, index, i) : ITP_OK;
    }
    return status;
}

/* The plan and its greedy version. */
static int add_versions(itp_walk *walk, itp_fit_starts *starts, int32_t index)
{
    const itp_fitting *fit = walk->fit;
    if (index && fit->desc.starts[index - 1]->info.rows < fit->rows) {
        return add_longer(walk, starts, index);
    }
    int status = add_plan(walk, starts, index, 0);
    return status || !is_greedy(fit) ? status : add_greedy(walk, starts);
}

static size_t most_starts(const itp_fitting *fit)
{
    size_t each = is_greedy(fit) ? 2 : 1, most = each;
    for (size_t i = 0; i < fit->desc.start_count; i++) {
        int32_t rows = fit->desc.starts[i]->info.rows;
        most += rows < fit->rows ? (size_t)rows : each;
    }
    return most;
}

int itp_fit_starts_new(itp_walk *walk, itp_fit_starts *out)
{
    const itp_fitting *fit = walk->fit;
    itp_fit_starts starts = {.memory = fit->memory, .room = most_starts(fit)};
    starts.list = itp_memory_array(&fit->memory, starts.room, sizeof *starts.list);
    int status = starts.list ? ITP_OK : ITP_E_MEMORY;
    for (size_t i = 0; i <= fit->desc.start_count && !status; i++) status = add_versions(walk, &starts, (int32_t)i);
    *out = starts;
    return status;
}

void itp_fit_starts_free(itp_fit_starts *starts)
{
    for (size_t i = 0; i < starts->count; i++) itp_fit_table_free(&starts->list[i].table);
    itp_memory_free(&starts->memory, starts->list, starts->room * sizeof *starts->list);
    starts->list = NULL;
    starts->count = 0;
}
