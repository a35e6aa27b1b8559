/* One row of a covariance plan.
 *
 * rank = dim: the history is narrow. diagonal: it is wide, and each element has its band. rank < dim: it is both. The
 * rest's coefficients carry the wide one, which is right for all that is orthogonal to the basis; along the basis what
 * the bands' coefficients do otherwise is added, out of the narrow one. */
#include "covariance/band_run.h"

static itp_band_run *run_of(const itp_sampler *sampler)
{
    return sampler->own;
}

unsigned char *itp_history_state(const itp_sampler *sampler, const itp_history *of, int32_t i)
{
    int32_t place = (sampler->info->rows - i) % of->states;
    return place ? of->others + (size_t)(place - 1) * of->stride : of->first ? of->first : sampler->x;
}

unsigned char *itp_history_output(const itp_history *of, int32_t i)
{
    return of->others + (size_t)(of->states - 1 + i % of->outputs) * of->stride;
}

/* ---- threads: each task takes some samples ---- */

typedef struct shared {
    const itp_basis_kernel *kernel;
    const itp_advance *advance; /* one of the two */
    const itp_turn *turn;
    int32_t expand, add;
    size_t samples, element; /* of a task; bytes */
} shared;

static void run_samples(void *context, size_t index)
{
    const shared *all = context;
    size_t from = index * all->samples, count = all->advance ? all->advance->count : all->turn->count;
    count = count - from < all->samples ? count - from : all->samples;
    if (all->advance) {
        itp_advance part = *all->advance;
        part.from = from;
        part.count = count;
        all->kernel->advance(&part);
        return;
    }
    itp_turn part = *all->turn;
    part.count = count;
    part.x = (unsigned char *)part.x + from * part.dim * all->element;
    part.c = (unsigned char *)part.c + from * part.rank * all->element;
    if (all->expand) {
        all->kernel->expand(&part, all->add);
    } else {
        all->kernel->project(&part);
    }
}

/* In one piece where nobody shares it, and where OpenBLAS's products have other bits in pieces. */
static int share(itp_sampler *sampler, shared *all)
{
    size_t count = sampler->batch.count, dim = sampler->batch.dim;
    int whole = !sampler->env.parallel_for || (all->turn && !run_of(sampler)->kernel.splits);
    all->kernel = &run_of(sampler)->kernel;
    all->element = itp_element_size(sampler->batch.type);
    all->samples = whole ? count : dim < ITP_TASK_LENGTH ? ITP_TASK_LENGTH / dim : 1;
    return itp_sampler_share(sampler, (count + all->samples - 1) / all->samples, run_samples, all);
}

int itp_covariance_project(itp_sampler *sampler, void *x, void *c)
{
    const itp_band_run *run = sampler->own;
    const itp_turn op = {sampler->batch.count, run->wide.width, run->narrow.width, run->basis, x, c};
    shared all = {.turn = &op};
    return share(sampler, &all);
}

static int expand(itp_sampler *sampler, const itp_turn *op, int32_t add)
{
    shared all = {.turn = op, .expand = 1, .add = add};
    return share(sampler, &all);
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
static int32_t list_columns(itp_sampler *sampler, const choice *of, int32_t row)
{
    const itp_band_run *run = sampler->own;
    const itp_covariance_plan *plan = run->plan;
    const itp_history *history = of->history;
    int32_t columns = plan->states + plan->outputs, count = 0;
    for (int32_t c = 0; c < columns; c++) {
        const double *values = plan->coef + ((size_t)row * (size_t)columns + (size_t)c) * (size_t)plan->info.bands;
        if (!used(values, plan->info.bands)) continue;
        double *coef = run->coef + (size_t)count * history->width;
        for (size_t e = 0; e < history->width; e++) coef[e] = chosen(of, values, 1, e);
        run->columns[count++] = c < plan->states ? itp_history_state(sampler, history, row - c)
                                                 : itp_history_output(history, row - (c - plan->states));
    }
    return count;
}

static int advance(itp_sampler *sampler, const choice *of, int32_t row, void *next)
{
    const itp_band_run *run = sampler->own;
    const itp_history *history = of->history;
    const double *constants = run->plan->constants + row;
    size_t rows = (size_t)run->plan->info.rows;
    itp_advance op = {.count = sampler->batch.count,
                      .width = history->width,
                      .column = run->columns,
                      .coef = run->coef,
                      .constant = run->constant,
                      .next = next};
    op.columns = list_columns(sampler, of, row);
    for (size_t e = 0; e < history->width; e++) {
        run->constant[e] = history->mean ? chosen(of, constants, rows, e) * history->mean[e] : 0;
    }
    shared all = {.advance = &op};
    return share(sampler, &all);
}

static int advance_narrow(itp_sampler *sampler, int32_t row)
{
    const itp_band_run *run = sampler->own;
    const itp_bands *bands = &run->plan->bands;
    const itp_history *narrow = &run->narrow;
    unsigned char *next = itp_history_state(sampler, narrow, row + 1);
    itp_turn op = {.count = sampler->batch.count,
                   .dim = run->wide.width,
                   .rank = narrow->width,
                   .basis = run->basis,
                   .x = itp_history_state(sampler, &run->wide, row + 1),
                   .c = bands->rest ? run->correction : next};
    choice of = {narrow, bands->member, bands->count - 1, bands->rest};
    int status = bands->rest ? advance(sampler, &of, row, run->correction) : ITP_OK;
    of.less_rest = 0;
    status = status ? status : advance(sampler, &of, row, next);
    return status ? status : expand(sampler, &op, bands->rest);
}

int itp_covariance_advance(itp_sampler *sampler, int32_t row)
{
    const itp_band_run *run = sampler->own;
    const itp_bands *bands = &run->plan->bands;
    int narrow = run->narrow.states > 0, rest = bands->rest, status = ITP_OK;
    if (narrow) {
        status =
            itp_covariance_project(sampler, itp_history_output(&run->wide, row), itp_history_output(&run->narrow, row));
    }
    if (!status && (!narrow || rest)) {
        const choice of = {&run->wide, rest ? NULL : bands->member, bands->count - 1, 0};
        status = advance(sampler, &of, row, itp_history_state(sampler, &run->wide, row + 1));
    }
    return status || !narrow ? status : advance_narrow(sampler, row);
}
