/* Candidates in the order of their numbers: what two of them begin with alike is evaluated once, and as many outputs
 * are kept as the longest has. */
#include "search/tour.h"

#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "fit/solve.h"
#include "search/candidates.h"
#include "search/heap.h"

static const itp_candidate *at_work(const itp_search *search)
{
    return itp_candidate_at(search, search->tour.order[search->tour.at]);
}

/* ---- memory ---- */

static int32_t longest(const itp_search *search)
{
    int32_t most = 0;
    for (int32_t i = 0; i < (int32_t)search->candidates.count; i++) {
        int32_t rows = itp_candidate_at(search, i)->rows;
        most = rows > most ? rows : most;
    }
    return most;
}

/* Takes the arrays from the block, which may only be counted. */
static void place(itp_search *search, itp_block *block)
{
    itp_tour *tour = &search->tour;
    const itp_fitting *fit = &search->fit;
    size_t rows = (size_t)tour->most_rows, samples = fit->batch * fit->element;
    tour->outputs = itp_block_take(block, rows + 1, sizeof *tour->outputs);
    tour->columns = itp_block_take(block, rows + 1, sizeof *tour->columns);
    tour->order = itp_block_take(block, search->candidates.count, sizeof *tour->order);
    tour->start = itp_block_take(block, samples, fit->desc.dim);
    tour->state = itp_block_take(block, samples, fit->desc.dim);
    tour->features = itp_block_take(block, samples, fit->features);
    for (size_t i = 0; i < rows + 1; i++) {
        int needed = i < rows || itp_fitting_guided(fit);
        unsigned char *output = needed ? itp_block_take(block, samples, fit->desc.dim) : NULL;
        if (tour->outputs) {
            tour->outputs[i] = output;
        }
    }
}

int itp_tour_new(itp_search *search)
{
    itp_block block = {NULL, 0};
    search->tour.most_rows = longest(search);
    place(search, &block);
    if (block.bytes == SIZE_MAX) {
        return itp_fail(&search->log, ITP_E_OVERFLOW, "batch, dim: arrays of so many elements do not fit.");
    }
    search->tour.bytes = block.bytes;
    search->tour.block = itp_fitting_block(&search->fit, &block);
    if (!search->tour.block) {
        return ITP_E_MEMORY;
    }
    memset(search->tour.block, 0, search->tour.bytes);
    place(search, &block);
    return ITP_OK;
}

void itp_tour_free(itp_search *search)
{
    itp_memory_free(&search->memory, search->tour.block, search->tour.bytes);
    search->tour.block = NULL;
}

/* ---- states ---- */

static itp_combine operation(const itp_search *search, void *next)
{
    itp_combine op = {.dim = search->fit.desc.dim, .count = search->tour.span.count, .next = next};
    return op;
}

static void draw_start(itp_search *search)
{
    const itp_fitting *fit = &search->fit;
    size_t first = search->tour.span.first;
    itp_noise_term start = {0, fit->plan->info.start_scale};
    itp_combine op = operation(search, search->tour.start);
    op.normals = &start;
    op.normal_count = 1;
    op.seed = fit->desc.seed;
    op.first = fit->desc.first + first;
    op.seeds = fit->desc.seeds ? fit->desc.seeds + first : NULL;
    fit->combine(&op);
}

/* The state before the next evaluation, or after the last. */
static const unsigned char *make_state(itp_search *search)
{
    itp_tour *tour = &search->tour;
    if (tour->row == 0) {
        return tour->start;
    }
    const double *coef = itp_candidate_numbers(search, at_work(search), tour->row - 1) + 1;
    for (int32_t i = 0; i <= tour->row; i++) {
        itp_column column = {i ? tour->outputs[i - 1] : tour->start, coef[i]};
        tour->columns[i] = column;
    }
    itp_combine op = operation(search, tour->state);
    op.columns = tour->columns;
    op.column_count = tour->row + 1;
    search->fit.combine(&op);
    return tour->state;
}

/* ---- evaluations ---- */

static itp_request request_of(itp_search *search, const unsigned char *x)
{
    const itp_tour *tour = &search->tour;
    const itp_fit_desc *desc = &search->fit.desc;
    const itp_candidate *of = at_work(search);
    itp_plan_row at = ITP_PLAN_ROW_INIT;
    double u = itp_candidate_positions(search, of)[tour->row];
    (void)itp_fit_ask_model(&search->fit.model, u, &at); /* what has no limit is 0 */
    itp_request request = {.size = sizeof request,
                           .x = x,
                           .out = tour->outputs[tour->row],
                           .count = tour->span.count,
                           .dim = desc->dim,
                           .time = *itp_candidate_numbers(search, of, tour->row),
                           .u = u,
                           .row = tour->row,
                           .rows = of->rows,
                           .step = tour->row,
                           .steps = of->rows,
                           .ends_step = 1,
                           .type = desc->type,
                           .first = desc->first + tour->span.first,
                           .guidance = 1,
                           .data_state = at.data_state,
                           .data_output = at.data_output};
    if (itp_fitting_guided(&search->fit)) {
        request.guidance = itp_guidance_at(desc->guidance, desc->guidance_low, desc->guidance_high, u);
        request.out2 = request.guidance == 1 ? NULL : tour->outputs[tour->most_rows];
    }
    return request;
}

static int take_output(itp_search *search)
{
    const itp_request *request = &search->fit.request;
    search->tour.asked = 0;
    search->tour.row++;
    return request->out2 ? itp_guide(request->type, request->out, request->out2, request->guidance, request->out,
                                     request->count * request->dim)
                         : ITP_OK;
}

/* Evaluates what is left of the candidate at work. */
static int run_rows(itp_search *search)
{
    itp_tour *tour = &search->tour;
    int status = tour->asked ? take_output(search) : ITP_OK;
    if (!status && tour->row < at_work(search)->rows) {
        search->fit.request = request_of(search, make_state(search));
        search->fit.sampler = NULL;
        tour->asked = 1;
        status = ITP_EVALUATE;
    }
    return status;
}

/* ---- candidates ---- */

static void add_error(itp_search *search, itp_candidate *of, size_t i)
{
    const itp_fitting *fit = &search->fit;
    size_t row = fit->features * fit->element, at = search->tour.span.first + i;
    double mean = itp_squares(fit->desc.type, search->tour.features + i * row, fit->target + at * row, fit->features) /
                  (double)fit->features;
    if (search->testing && at >= search->desc.count) {
        of->tested++;
        of->test_sum += mean;
        of->test_squares += mean * mean;
    } else {
        of->seeds++;
        of->sum += mean;
        of->squares += mean * mean;
    }
}

static int end_candidate(itp_search *search)
{
    itp_tour *tour = &search->tour;
    itp_candidate *of = itp_candidate_at(search, tour->order[tour->at]);
    const unsigned char *end = make_state(search);
    int status = itp_fitting_map(&search->fit, end, tour->span.first, tour->span.count, tour->features);
    for (size_t i = 0; i < tour->span.count && !status; i++) {
        add_error(search, of, i);
    }
    return status;
}

/* What the candidate before has evaluated, and this one would too, is there. */
static void begin_candidate(itp_search *search)
{
    itp_tour *tour = &search->tour;
    tour->row = 0;
    tour->asked = 0;
    if (tour->before >= 0 && tour->at < tour->count) {
        (void)itp_candidates_compare(search, itp_candidate_at(search, tour->before), at_work(search), &tour->row);
        search->report.shared += (uint64_t)tour->row * tour->span.count * itp_search_weight(search);
    }
}

static void begin_span(itp_search *search)
{
    search->tour.at = 0;
    search->tour.before = -1;
    draw_start(search);
    begin_candidate(search);
}

static int comes_before(const void *context, int32_t a, int32_t b)
{
    const itp_search *search = context;
    int32_t shared;
    int order = itp_candidates_compare(search, itp_candidate_at(search, a), itp_candidate_at(search, b), &shared);
    return order ? order < 0 : a < b;
}

void itp_tour_begin(itp_search *search, size_t first, size_t end)
{
    itp_tour *tour = &search->tour;
    tour->count = 0;
    for (int32_t i = 0; i < (int32_t)search->candidates.count; i++) {
        if (itp_candidate_at(search, i)->round < 0) {
            tour->order[tour->count++] = i;
        }
    }
    itp_heap_sort(tour->order, tour->count, comes_before, search);
    tour->span = itp_fit_span_of(&search->fit, first, end);
    begin_span(search);
}

int itp_tour_advance(itp_search *search)
{
    itp_tour *tour = &search->tour;
    while (tour->span.count && tour->count) {
        for (; tour->at < tour->count; tour->at++, begin_candidate(search)) {
            int status = run_rows(search);
            status = status ? status : end_candidate(search);
            if (status) {
                return status;
            }
            tour->before = tour->order[tour->at];
        }
        if (itp_fit_span_next(&search->fit, &tour->span)) {
            begin_span(search);
        }
    }
    return ITP_OK;
}
