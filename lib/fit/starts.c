#include "fit/starts.h"

#include <math.h>
#include <string.h>

#include "fit/grow.h"
#include "fit/solve.h"

/* Does a plan end before the fit's? Only plans of fewer rows may. */
static int ends_early(const itp_fitting *fit, const itp_plan *plan)
{
    return plan->info.u_end < fit->plan->info.u_end - ITP_FIT_SAME;
}

static int new_longer(const itp_fitting *fit, const itp_fit_table *table, itp_fit_table *longer)
{
    return itp_fit_table_new(&fit->memory, table->rows + 1, 0, !fit->expert.fixed_nodes, longer);
}

static void replace_table(itp_fit_table *table, const itp_fit_table *by)
{
    itp_fit_table_free(table);
    *table = *by;
}

/* Replaces a table by one of one more row, after this node. */
static int add_row_after(const itp_fitting *fit, int32_t after, itp_fit_table *table)
{
    itp_fit_table longer;
    int status = new_longer(fit, table, &longer);
    if (!status) {
        itp_fit_table_grow(table, after, fit->u_last, &longer);
        replace_table(table, &longer);
    }
    return status;
}

/* Replaces a table by one of one more row, from u, where the table's plan ends, to the end. */
static int add_last_row(const itp_fitting *fit, double u, itp_fit_table *table)
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
        replace_table(table, &longer);
    }
    return status;
}

/* Reads a plan into a table of all outputs and as many rows as the fit has. Where the plan has fewer, the first new row
 * begins at the plan's early end, or comes after node `gap`. */
static int read_whole(const itp_fitting *fit, const itp_plan *plan, int32_t gap, itp_fit_table *all)
{
    int status = itp_fit_table_new(&fit->memory, plan->info.rows, 0, !fit->expert.fixed_nodes, all);
    status = status ? status : itp_fit_table_read(all, plan);
    if (status == ITP_E_UNSUPPORTED) {
        return itp_fail(&fit->log, status, "plan: its rows draw noise; only plans without can be fitted.");
    }
    if (!status && all->rows < fit->rows) {
        status = ends_early(fit, plan) ? add_last_row(fit, plan->info.u_end, all) : add_row_after(fit, gap, all);
    }
    while (!status && all->rows < fit->rows) {
        status = add_row_after(fit, itp_fit_table_widest(all, fit->u_last), all);
    }
    return status;
}

/* A table with as many outputs as rows take, not filled yet. */
static int new_table(const itp_fitting *fit, itp_fit_table *table)
{
    return itp_fit_table_new(&fit->memory, fit->rows, fit->expert.outputs, !fit->expert.fixed_nodes, table);
}

static int make_table(const itp_fitting *fit, const itp_plan *plan, int32_t gap, itp_fit_start *start)
{
    int status = read_whole(fit, plan, gap, &start->whole);
    status = status ? status : new_table(fit, &start->table);
    if (!status && start->table.most_outputs == start->table.rows) {
        itp_fit_table_copy(&start->whole, &start->table);
        itp_fit_table_free(&start->whole);
    }
    return status;
}

/* ---- the list ---- */

static int add_plan(itp_fit_starts *starts, int32_t index, int32_t gap)
{
    const itp_fitting *fit = starts->walk->fit;
    const itp_plan *plan = index ? fit->starts[index - 1] : fit->plan;
    itp_fit_start *start = &starts->list[starts->made++];
    start->plan = plan->info.rows == fit->rows ? plan : fit->plan;
    start->index = index;
    return make_table(fit, plan, gap, start);
}

static int add_greedy(itp_fit_starts *starts, int32_t index)
{
    itp_fit_start *start = &starts->list[starts->made++];
    start->plan = start[-1].plan;
    start->index = index;
    start->greedy = 1;
    return new_table(starts->walk->fit, &start->table);
}

/* Of a plan with fewer rows: a start for each gap that a row can go into, or one where the plan ends early. */
static int add_longer(itp_fit_starts *starts, int32_t index)
{
    const itp_fitting *fit = starts->walk->fit;
    const itp_plan *plan = fit->starts[index - 1];
    int status = ITP_OK;
    if (ends_early(fit, plan)) {
        return add_plan(starts, index, 0);
    }
    for (int32_t i = 0; i < plan->info.rows && !status; i++) {
        double next = i + 1 < plan->info.rows ? plan->rows[i + 1].u : fit->u_last;
        status = next > plan->rows[i].u ? add_plan(starts, index, i) : ITP_OK;
    }
    return status;
}

/* The starts that are made of a plan. */
static int add_versions(itp_fit_starts *starts, int32_t index)
{
    const itp_fitting *fit = starts->walk->fit;
    if (index && fit->starts[index - 1]->info.rows < fit->rows) {
        return add_longer(starts, index);
    }
    int status = add_plan(starts, index, 0);
    return status || fit->expert.no_greedy ? status : add_greedy(starts, index);
}

static size_t most_starts(const itp_fitting *fit)
{
    size_t each = fit->expert.no_greedy ? 1 : 2, most = each;
    for (size_t i = 0; i < fit->desc.start_count; i++) {
        int32_t rows = fit->starts[i]->info.rows;
        most += rows < fit->rows ? (size_t)rows : each;
    }
    return most;
}

static void place(itp_fit_starts *starts, itp_block *block)
{
    size_t n = (size_t)starts->walk->fit->rows + 1, project = itp_fit_project_room(starts->walk->fit->rows);
    starts->gram = itp_block_take(block, n * n, sizeof *starts->gram);
    starts->gram_room = itp_block_take(block, n, ITP_GRAM_BLOCK * sizeof *starts->gram_room);
    starts->project_room = itp_block_take(block, project, sizeof *starts->project_room);
    starts->columns = itp_block_take(block, n, sizeof *starts->columns);
}

static int new_room(itp_fit_starts *starts)
{
    itp_fitting *fit = starts->walk->fit;
    const itp_fit_table *like = &starts->list[0].table;
    int status = ITP_OK;
    if (like->most_outputs < like->rows) {
        itp_block block = {NULL, 0};
        place(starts, &block);
        starts->bytes = block.bytes;
        starts->memory = itp_fitting_block(fit, &block);
        if (!starts->memory) {
            return ITP_E_MEMORY;
        }
        place(starts, &block);
    }
    if (!status && !fit->expert.no_greedy) {
        itp_fitting_narrow(fit);
        status = itp_greedy_new(starts->walk, like, &starts->greedy);
        itp_fitting_widen(fit);
    }
    return status;
}

int itp_fit_starts_new(itp_walk *walk, itp_fit_starts *out)
{
    const itp_fitting *fit = walk->fit;
    itp_fit_starts starts = {.walk = walk, .room = most_starts(fit)};
    starts.list = itp_memory_array(&fit->memory, starts.room, sizeof *starts.list);
    int status = starts.list ? ITP_OK : ITP_E_MEMORY;
    for (size_t i = 0; i <= fit->desc.start_count && !status; i++) status = add_versions(&starts, (int32_t)i);
    *out = starts;
    out->count = starts.made;
    return status ? status : new_room(out);
}

void itp_fit_starts_only_first(itp_fit_starts *starts)
{
    starts->count = 1;
}

/* Frees what is needed only while starts are made. */
static void free_room(itp_fit_starts *starts)
{
    const itp_fitting *fit = starts->walk->fit;
    itp_greedy_free(&starts->greedy);
    itp_memory_free(&fit->memory, starts->memory, starts->bytes);
    starts->memory = NULL;
}

void itp_fit_starts_free(itp_fit_starts *starts)
{
    if (!starts->walk) {
        return;
    }
    free_room(starts);
    for (size_t i = 0; i < starts->made; i++) {
        itp_fit_table_free(&starts->list[i].table);
        itp_fit_table_free(&starts->list[i].whole);
    }
    itp_memory_free(&starts->walk->fit->memory, starts->list, starts->room * sizeof *starts->list);
    memset(starts, 0, sizeof *starts);
}

/* ---- fewer outputs ---- */

/* The Gram matrix of Y_0, F_0 .. F_{rows-1} over the batch that has been run. */
static void measure_columns(itp_fit_starts *starts)
{
    const itp_walk *walk = starts->walk;
    const itp_fit_desc *desc = &walk->fit->desc;
    size_t n = (size_t)walk->fit->rows + 1;
    memset(starts->gram, 0, n * n * sizeof *starts->gram);
    starts->columns[0] = walk->y[0];
    for (size_t i = 1; i < n; i++) starts->columns[i] = walk->f[i - 1];
    itp_gram_add(desc->type, starts->columns, n, walk->count * desc->dim, starts->gram_room, starts->gram);
    itp_gram_finish(n, 1 / (double)walk->count, starts->gram);
}

static int make_plain(itp_fit_starts *starts, itp_fit_start *start)
{
    itp_walk *walk = starts->walk;
    const itp_fitting *fit = walk->fit;
    if (!start->whole.value) {
        return ITP_OK;
    }
    if (!starts->begun) {
        itp_fit_span span = itp_fit_span_of(fit, 0, fit->fitted);
        itp_walk_begin(walk, &start->whole, span.first, span.count);
        starts->begun = 1;
    }
    int status = itp_walk_advance(walk);
    if (status) {
        return status;
    }
    measure_columns(starts);
    status = itp_fit_table_project(&start->whole, starts->gram, starts->project_room, &start->table);
    itp_fit_table_free(&start->whole);
    return status == ITP_E_SINGULAR
               ? itp_fail(&fit->log, ITP_E_NONFINITE, "plan: the network's outputs are not finite when it is run.")
               : status;
}

/* ---- greedy versions ---- */

/* Statuses of a greedy version that cannot be made: its plan takes part without it. */
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

/* Is there an earlier greedy version through the same nodes? It is nearly this one: the plan's rows hardly matter. */
static int has_earlier_twin(const itp_fit_starts *starts, const itp_fit_table *table)
{
    for (size_t i = 0; i < starts->at; i++) {
        const itp_fit_start *other = &starts->list[i];
        if (other->greedy && !other->out && same_nodes(&other->table, table)) {
            return 1;
        }
    }
    return 0;
}

static int begin_greedy(itp_fit_starts *starts, itp_fit_start *start)
{
    itp_fit_table_copy(&start[-1].table, &start->table);
    itp_greedy_spread(starts->walk->fit, &start->table);
    itp_fitting_narrow(starts->walk->fit);
    starts->begun = 1;
    return has_earlier_twin(starts, &start->table) ? ITP_E_UNSUPPORTED
                                                   : itp_greedy_begin(&starts->greedy, &start->table);
}

static int make_greedy(itp_fit_starts *starts, itp_fit_start *start)
{
    int status = starts->begun ? ITP_OK : begin_greedy(starts, start);
    status = status ? status : itp_greedy_advance(&starts->greedy);
    if (status == ITP_EVALUATE) {
        return status;
    }
    itp_fitting_widen(starts->walk->fit);
    start->out = may_lack(status);
    return start->out ? ITP_OK : status;
}

/* Nodes put between a plan's last one and its end may lie beyond a place that the reference has found since. Those of
 * the plans themselves do not, and stay where they are. */
static void separate_nodes(itp_fit_starts *starts)
{
    const itp_fitting *fit = starts->walk->fit;
    const itp_fit_range range = {fit->plan->info.u_start, fit->u_last, fit->plan->info.u_end};
    for (size_t i = 0; i < starts->count; i++) {
        itp_fit_start *start = &starts->list[i];
        itp_fit_table *table = start->whole.value ? &start->whole : &start->table;
        if (!start->greedy && table->u[table->rows - 1] > fit->u_last) {
            itp_fit_table_separate(table, &range);
        }
    }
}

int itp_fit_starts_advance(itp_fit_starts *starts)
{
    if (!starts->at && !starts->begun) {
        separate_nodes(starts);
    }
    for (; starts->at < starts->count; starts->at++) {
        itp_fit_start *start = &starts->list[starts->at];
        int status = start->greedy ? make_greedy(starts, start) : make_plain(starts, start);
        if (status) {
            return status;
        }
        starts->begun = 0;
    }
    free_room(starts);
    return ITP_OK;
}
