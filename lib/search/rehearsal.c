/* A candidate without the network: in the place of the velocities that it would meet, at its states, stand those that
 * the network gave at the same positions of a converged path. What is left is how well the candidate adds up along that
 * path, which says which of thousands are worth evaluations, and needs none.
 *
 * The velocity is that of the linear schedule, whatever the network predicts: with the data prediction a Y + b F, and
 * the state Y/scale of the linear schedule, it stays the same where F changes by J = (1/scale - a)/b times what Y does.
 * So an output is G + J Y, where G, which is recorded, belongs to a position; around it are four of which one is
 * interpolated. A candidate's end is then a sum of Y_0 and of columns G, and its distance to the path's own end a
 * quadratic form in the numbers before them, whatever the dimension. */
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
    size_t wanted = 4 * (size_t)ROWS / search->desc.dim, count = search->desc.count;
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
    r->forms = itp_memory_array(memory, (size_t)ITP_SEARCH_ROWS * COLUMNS, sizeof *r->forms);
    int status = r->columns && r->gram && r->room && r->forms ? make_plan(search) : ITP_E_MEMORY;
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
    itp_memory_free(&search->memory, r->forms, (size_t)ITP_SEARCH_ROWS * COLUMNS * sizeof *r->forms);
    memset(r, 0, sizeof *r);
}

/* ---- recording ---- */

/* J at a position; 0 where it has no limit. */
static double feedback(const itp_search *search, double u)
{
    itp_plan_row at = ITP_PLAN_ROW_INIT;
    int status = itp_fit_ask_model(&search->fit.model, u, &at);
    double j = status || !(fabs(at.data_output) > 0) ? 0 : (1 / at.scale - at.data_state) / at.data_output;
    return isfinite(j) ? j : 0;
}

/* output := output - J x */
static void take_off(const itp_search *search, const itp_request *request, double j, void *output)
{
    itp_column columns[2] = {{output, 1}, {request->x, -j}};
    itp_combine op = {
        .dim = request->dim, .count = request->count, .next = output, .columns = columns, .column_count = 2};
    search->fit.combine(&op);
}

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
    int status = ITP_OK;
    double j = feedback(search, request->u);
    if (request->out2) {
        status = itp_guide(request->type, request->out, request->out2, request->guidance, output, elements);
    } else {
        memcpy(output, request->out, elements * search->fit.element);
    }
    if (!status && fabs(j) > 0) {
        take_off(search, request, j, output);
    }
    return status;
}

/* ---- judging ---- */

/* Adds G at a position to a form: a cubic of the four recorded around it, in the number of the step. */
static void add_recorded(const itp_rehearsal *r, double u, double *form)
{
    double part = (u - r->first) / (r->last - r->first);
    double at = asin(sqrt(part < 0 ? 0 : part > 1 ? 1 : part)) / QUARTER_TURN * r->even;
    int32_t first = (int32_t)at - 1, most = ROWS - NEAR;
    first = first < 0 ? 0 : first > most ? most : first;
    for (int32_t i = 0; i < NEAR; i++) {
        double weight = 1;
        for (int32_t k = 0; k < NEAR; k++) {
            weight *= k == i ? 1 : (at - first - k) / (double)(i - k);
        }
        form[1 + first + i] += weight;
    }
}

static void add_form(double *to, double coef, const double *from)
{
    for (int32_t k = 0; k < COLUMNS; k++) {
        to[k] += coef * from[k];
    }
}

/* The state after row i, as a form. */
static void make_form(const double *coef, int32_t i, const double *outputs, double *state)
{
    memset(state, 0, COLUMNS * sizeof *state);
    state[0] = coef[0];
    for (int32_t k = 0; k <= i; k++) {
        add_form(state, coef[k + 1], outputs + (size_t)k * COLUMNS);
    }
}

static double square_of(const itp_rehearsal *r, const double *form)
{
    double square = 0;
    for (int32_t i = 0; i < COLUMNS; i++) {
        for (int32_t k = 0; k < COLUMNS; k++) {
            square += form[i] * form[k] * r->gram[i * COLUMNS + k];
        }
    }
    return square > 0 ? square : square <= 0 ? 0 : INFINITY;
}

static void rehearse(itp_search *search, itp_candidate *of)
{
    const itp_rehearsal *r = &search->rehearsal;
    const double *u = itp_candidate_positions(search, of);
    double state[COLUMNS] = {1}; /* Y_0 */
    for (int32_t i = 0; i < of->rows; i++) {
        double *output = r->forms + (size_t)i * COLUMNS;
        memset(output, 0, COLUMNS * sizeof *output);
        add_recorded(r, u[i], output);
        add_form(output, feedback(search, u[i]), state);
        make_form(itp_candidate_numbers(search, of, i) + 1, i, r->forms, state);
    }
    state[COLUMNS - 1] -= 1;
    of->rehearsed = sqrt(square_of(r, state));
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
