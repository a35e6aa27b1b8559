/* A candidate without the network: in the place of the outputs that it would ask for, at its states, stand those that
 * the network gave at the same positions of a converged path. What is left is how well the candidate adds up along that
 * path, which says which of thousands are worth evaluations, and needs none.
 *
 * Its end is then c_0 Y_0 + sum_r c_r F_r, where F_r are the recorded outputs, of which those around a position are
 * interpolated; so its distance to the path's own end is a quadratic form in the numbers c, whatever the dimension. */
#include "search/rehearsal.h"

#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "fit/solve.h"
#include "search/candidates.h"

enum { ROWS = 64, COLUMNS = ROWS + 2, LEAST_SEEDS = 4, MOST_SEEDS = 16, NEAR = 4 };
static const double QUARTER_TURN = 1.57079632679489661923;

/* ---- making ---- */

/* Short samples say less each. */
static size_t seeds_of(const itp_search *search)
{
    size_t wanted = 4 * ROWS / search->desc.dim, count = search->desc.count;
    wanted = wanted < LEAST_SEEDS ? LEAST_SEEDS : wanted > MOST_SEEDS ? MOST_SEEDS : wanted;
    return wanted < count ? wanted : count;
}

static double wave(int32_t i, int32_t even)
{
    double sine = sin(QUARTER_TURN * i / even);
    return sine * sine;
}

/* As the nodes of the reference, shorter steps at both ends. */
static int make_plan(itp_search *search)
{
    itp_rehearsal *r = &search->rehearsal;
    const itp_fitting *fit = &search->fit;
    double nodes[ROWS + 1], end = fit->plan->info.u_end;
    r->first = fit->plan->info.u_start;
    r->last = fit->u_last;
    r->even = r->last < end ? ROWS - 1 : ROWS;
    for (int32_t i = 0; i < r->even; i++) {
        nodes[i] = r->first + (r->last - r->first) * wave(i, r->even);
    }
    nodes[r->even] = r->last;
    nodes[ROWS] = end;
    return itp_fine_plan(fit, nodes, ROWS + 1, &r->plan);
}

static size_t array_bytes(const itp_search *search)
{
    return search->rehearsal.seeds * search->fit.desc.dim * search->fit.element;
}

int itp_rehearsal_new(itp_search *search)
{
    itp_rehearsal *r = &search->rehearsal;
    const itp_memory *memory = &search->memory;
    r->seeds = seeds_of(search);
    r->run.fit = &search->fit;
    r->bytes = array_bytes(search);
    r->columns = itp_memory_array(memory, COLUMNS, r->bytes);
    r->gram = itp_memory_array(memory, (size_t)COLUMNS * COLUMNS, sizeof *r->gram);
    r->room = itp_memory_array(memory, (size_t)COLUMNS * ITP_GRAM_BLOCK, sizeof *r->room);
    int status = r->columns && r->gram && r->room ? make_plan(search) : ITP_E_MEMORY;
    if (!status) {
        itp_fine_begin(&r->run, r->plan, itp_fit_span_of(&search->fit, 0, r->seeds),
                       r->columns + (COLUMNS - 1) * r->bytes);
    }
    return status;
}

void itp_rehearsal_free(itp_search *search)
{
    itp_rehearsal *r = &search->rehearsal;
    if (!r->run.fit) {
        return;
    }
    itp_fine_end(&r->run);
    itp_plan_free(r->plan);
    itp_memory_free(&search->memory, r->columns, COLUMNS * r->bytes);
    itp_memory_free(&search->memory, r->gram, (size_t)COLUMNS * COLUMNS * sizeof *r->gram);
    itp_memory_free(&search->memory, r->room, (size_t)COLUMNS * ITP_GRAM_BLOCK * sizeof *r->room);
    memset(r, 0, sizeof *r);
}

/* ---- recording ---- */

int itp_rehearsal_record(itp_search *search)
{
    itp_rehearsal *r = &search->rehearsal;
    const itp_request *request = &search->fit.request;
    if (!r->run.sampler || search->fit.sampler != r->run.sampler) {
        return ITP_OK;
    }
    size_t at = (size_t)(request->first - search->fit.desc.first) * request->dim * search->fit.element;
    size_t elements = request->count * request->dim;
    unsigned char *output = r->columns + (size_t)(request->row + 1) * r->bytes + at;
    if (request->row == 0) {
        memcpy(r->columns + at, request->x, elements * search->fit.element);
    }
    if (request->out2) {
        return itp_guide(request->type, request->out, request->out2, request->guidance, output, elements);
    }
    memcpy(output, request->out, elements * search->fit.element);
    return ITP_OK;
}

/* ---- judging ---- */

/* Numbers in front of the columns, of which few are not 0. */
typedef struct sum {
    double coef[COLUMNS];
    int32_t used[COLUMNS], count;
} sum;

static void add(sum *to, int32_t column, double coef)
{
    int32_t i = 0;
    while (i < to->count && to->used[i] != column) {
        i++;
    }
    if (i == to->count) {
        to->used[to->count++] = column;
        to->coef[column] = 0;
    }
    to->coef[column] += coef;
}

/* The output at a position u is a cubic of the four recorded around it, in the number of the step. */
static void add_output(const itp_rehearsal *r, sum *to, double u, double coef)
{
    double part = (u - r->first) / (r->last - r->first);
    double at = asin(sqrt(part < 0 ? 0 : part > 1 ? 1 : part)) / QUARTER_TURN * r->even;
    int32_t first = (int32_t)at - 1, most = ROWS - NEAR;
    first = first < 0 ? 0 : first > most ? most : first;
    for (int32_t i = 0; i < NEAR; i++) {
        double weight = coef;
        for (int32_t k = 0; k < NEAR; k++) {
            weight *= k == i ? 1 : (at - first - k) / (double)(i - k);
        }
        add(to, 1 + first + i, weight);
    }
}

static double square_of(const itp_rehearsal *r, const sum *of)
{
    double square = 0;
    for (int32_t i = 0; i < of->count; i++) {
        for (int32_t k = 0; k < of->count; k++) {
            square += of->coef[of->used[i]] * of->coef[of->used[k]] * r->gram[of->used[i] * COLUMNS + of->used[k]];
        }
    }
    return square > 0 ? square : square <= 0 ? 0 : INFINITY;
}

static void rehearse(itp_search *search, itp_candidate *of)
{
    const itp_rehearsal *r = &search->rehearsal;
    const double *u = itp_candidate_positions(search, of);
    const double *coef = itp_candidate_numbers(search, of, of->rows - 1) + 1;
    sum of_all;
    of_all.count = 0;
    add(&of_all, 0, coef[0]);
    add(&of_all, COLUMNS - 1, -1);
    for (int32_t i = 0; i < of->rows; i++) {
        add_output(r, &of_all, u[i], coef[i + 1]);
    }
    of->rehearsed = sqrt(square_of(r, &of_all));
}

int itp_rehearsal_advance(itp_search *search)
{
    itp_rehearsal *r = &search->rehearsal;
    const void *columns[COLUMNS];
    size_t elements = r->seeds * search->fit.desc.dim;
    int status = itp_fine_advance(&r->run);
    if (status) {
        return status;
    }
    itp_fine_end(&r->run);
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = r->columns + i * r->bytes;
    }
    itp_gram_add(search->fit.desc.type, columns, COLUMNS, elements, r->room, r->gram);
    itp_gram_finish(COLUMNS, 1 / (double)elements, r->gram);
    for (int32_t i = 0; i < (int32_t)search->candidates.count; i++) {
        itp_candidate *of = itp_candidate_at(search, i);
        if (of->round < 0) {
            rehearse(search, of);
        }
    }
    return ITP_OK;
}
