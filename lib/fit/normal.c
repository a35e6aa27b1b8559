#include "fit/normal.h"

#include <string.h>

#include "fit/solve.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t metric_size(const itp_fit_normal *n)
{
    return n->columns * n->columns;
}

static size_t gram_size(const itp_fit_normal *n)
{
    return (n->parameters + 1) * (n->parameters + 1);
}

void itp_fit_normal_place(itp_fit_normal *n, const itp_fit_table *form, itp_block *block)
{
    n->parameters = (size_t)form->parameters;
    n->columns = 2 * (size_t)form->rows;
    size_t most = larger(n->parameters + 1, n->columns);
    n->gram = itp_block_take(block, gram_size(n), sizeof *n->gram);
    n->metric = itp_block_take(block, metric_size(n), sizeof *n->metric);
    n->node_movement = itp_block_take(block, n->columns / 2, sizeof *n->node_movement);
    n->room = itp_block_take(block, most, ITP_GRAM_BLOCK * sizeof *n->room);
    n->list = itp_block_take(block, most, sizeof *n->list);
}

void itp_fit_normal_clear(itp_fit_normal *n)
{
    memset(n->gram, 0, gram_size(n) * sizeof *n->gram);
    memset(n->metric, 0, metric_size(n) * sizeof *n->metric);
    memset(n->node_movement, 0, n->columns / 2 * sizeof *n->node_movement);
    n->end_square = 0;
}

void itp_fit_normal_add_states(itp_fit_normal *n, const itp_walk *walk)
{
    const itp_fit_desc *desc = &walk->fit->desc;
    size_t rows = n->columns / 2;
    for (size_t i = 0; i < rows; i++) {
        n->list[i] = walk->y[i];
        n->list[rows + i] = walk->f[i];
    }
    itp_gram_add(desc->type, n->list, n->columns, walk->count * desc->dim, n->room, n->metric);
    n->end_square += itp_squares(desc->type, walk->y[rows], NULL, walk->count * desc->dim);
}

void itp_fit_normal_add_derivatives(itp_fit_normal *n, const itp_walk *walk, const unsigned char *columns,
                                    size_t stride)
{
    const itp_fitting *fit = walk->fit;
    for (size_t i = 0; i <= n->parameters; i++) n->list[i] = columns + i * stride;
    itp_gram_add(fit->desc.type, n->list, n->parameters + 1, walk->count * fit->features, n->room, n->gram);
}

void itp_fit_normal_finish(itp_fit_normal *n, const itp_fitting *fit)
{
    double samples = (double)fit->use_fitted, elements = samples * (double)fit->desc.dim;
    itp_gram_finish(n->parameters + 1, 1 / (samples * (double)fit->features), n->gram);
    itp_gram_finish(n->columns, 1 / elements, n->metric);
    for (size_t i = 0; i < n->columns / 2; i++) n->node_movement[i] /= elements;
    n->end_square /= elements;
}

void itp_fit_normal_measure(itp_fit_normal *n, const itp_walk *walk)
{
    double factor = 1 / ((double)walk->count * (double)walk->fit->desc.dim);
    itp_fit_normal_clear(n);
    itp_fit_normal_add_states(n, walk);
    itp_gram_finish(n->columns, factor, n->metric);
    n->end_square *= factor;
}

size_t itp_fit_normal_index(const itp_fit_table *table, int32_t row, int32_t c)
{
    itp_fit_column from = itp_fit_column_of(table, row, c);
    return (size_t)from.index + (from.output ? (size_t)table->rows : 0);
}
