/* One row of a covariance plan.
 *
 * rank = dim: the history is narrow. diagonal: it is wide, and each element has its band. rank < dim: it is both. The
 * rest's coefficients carry the wide one, which is right for all that is orthogonal to the basis; along the basis what
 * the bands' coefficients do otherwise is added, out of the narrow one. */
#include "covariance/band_sampler.h"

unsigned char *itp_history_state(const itp_covariance_sampler *sampler, const itp_history *of, int32_t i)
{
    int32_t place = (sampler->plan->info.rows - i) % of->states;
    return place ? of->others + (size_t)(place - 1) * of->stride : of->first;
}

unsigned char *itp_history_output(const itp_history *of, int32_t i)
{
    return of->others + (size_t)(of->states - 1 + i % of->outputs) * of->stride;
}

void itp_covariance_project(const itp_covariance_sampler *sampler, void *x, void *c)
{
    const itp_turn op = {sampler->batch.count, sampler->wide.width, sampler->narrow.width, sampler->basis, x, c};
    sampler->kernel.project(&op);
}

/* Whose coefficients an element is carried by: its band's, the rest's, or the difference of the two. */
typedef struct choice {
    const itp_history *history;
    const int32_t *member; /* [width]; NULL: all are the rest's */
    int32_t rest, less_rest;
} choice;

static double chosen(const choice *of, const double *values, size_t stride, size_t e)
{
    double rest = values[(size_t)of->rest * stride];
    if (!of->member) return rest;
    double own = values[(size_t)of->member[e] * stride];
    return of->less_rest ? own - rest : own;
}

static int used(const double *coef, int32_t bands)
{
    int any = 0;
    for (int32_t b = 0; b < bands && !any; b++) any = coef[b] != 0;
    return any;
}

/* The coefficients of the row's columns, element by element. */
static int32_t list_columns(itp_covariance_sampler *sampler, const choice *of, int32_t row)
{
    const itp_covariance_plan *plan = sampler->plan;
    const itp_history *history = of->history;
    int32_t columns = plan->states + plan->outputs, count = 0;
    for (int32_t c = 0; c < columns; c++) {
        const double *values = plan->coef + ((size_t)row * (size_t)columns + (size_t)c) * (size_t)plan->info.bands;
        if (!used(values, plan->info.bands)) continue;
        double *coef = sampler->coef + (size_t)count * history->width;
        for (size_t e = 0; e < history->width; e++) coef[e] = chosen(of, values, 1, e);
        sampler->columns[count++] = c < plan->states ? itp_history_state(sampler, history, row - c)
                                                     : itp_history_output(history, row - (c - plan->states));
    }
    return count;
}

static void run(itp_covariance_sampler *sampler, const choice *of, int32_t row, void *next)
{
    const itp_history *history = of->history;
    const double *constants = sampler->plan->constants + row;
    size_t rows = (size_t)sampler->plan->info.rows;
    itp_advance op = {.count = sampler->batch.count,
                      .width = history->width,
                      .column = sampler->columns,
                      .coef = sampler->coef,
                      .constant = sampler->constant,
                      .next = next};
    op.columns = list_columns(sampler, of, row);
    for (size_t e = 0; e < history->width; e++) {
        sampler->constant[e] = history->mean ? chosen(of, constants, rows, e) * history->mean[e] : 0;
    }
    sampler->kernel.advance(&op);
}

static void run_narrow(itp_covariance_sampler *sampler, int32_t row)
{
    const itp_bands *bands = &sampler->plan->bands;
    itp_history *narrow = &sampler->narrow;
    unsigned char *next = itp_history_state(sampler, narrow, row + 1);
    itp_turn op = {.count = sampler->batch.count,
                   .dim = sampler->wide.width,
                   .rank = narrow->width,
                   .basis = sampler->basis,
                   .x = itp_history_state(sampler, &sampler->wide, row + 1),
                   .c = bands->rest ? sampler->correction : next};
    choice of = {narrow, bands->member, bands->count - 1, bands->rest};
    if (bands->rest) {
        run(sampler, &of, row, sampler->correction);
        of.less_rest = 0;
    }
    run(sampler, &of, row, next);
    sampler->kernel.expand(&op, bands->rest);
}

void itp_covariance_advance(itp_covariance_sampler *sampler, int32_t row)
{
    const itp_bands *bands = &sampler->plan->bands;
    int narrow = sampler->narrow.states > 0, rest = bands->rest;
    if (narrow) {
        itp_covariance_project(sampler, itp_history_output(&sampler->wide, row),
                               itp_history_output(&sampler->narrow, row));
    }
    if (!narrow || rest) {
        const choice of = {&sampler->wide, rest ? NULL : bands->member, bands->count - 1, 0};
        run(sampler, &of, row, itp_history_state(sampler, &sampler->wide, row + 1));
    }
    if (narrow) {
        run_narrow(sampler, row);
    }
}
