#include "fit/newton.h"

#include <math.h>

#include "fit/best.h"
#include "fit/choice.h"
#include "fit/derivatives.h"

/* Steps in a row that may win next to nothing. */
enum { PATIENCE = 2 };
static const double FIRST_DAMPING = 1e-2;

struct itp_newton {
    itp_walk *walk;
    unsigned char *memory; /* of the arrays of all parts */
    size_t bytes;
    itp_fit_normal normal;
    itp_fit_derivatives derivatives;
    itp_fit_choice choice;
    itp_fit_best best;
    itp_fit_trial run; /* finds the errors of a table */
    itp_fit_start *start;
    itp_fit_errors errors; /* of the start's table */
    const itp_fit_phase *next;
};

typedef itp_newton newton;

/* ---- memory ---- */

/* Errors are never found while derivatives are: their runs have one array. */
static void place(newton *n, const itp_fit_table *form, itp_block *block)
{
    itp_fit_normal_place(&n->normal, form, block);
    itp_fit_derivatives_place(&n->derivatives, n->walk, &n->normal, block);
    itp_fit_step_place(&n->choice.step, n->walk->fit, &n->normal, block);
    n->run.features = n->derivatives.moved_end;
}

static int new_arrays(newton *n, const itp_fit_table *form)
{
    itp_block block = {NULL, 0};
    place(n, form, &block);
    n->bytes = block.bytes;
    n->memory = itp_fitting_block(n->walk->fit, &block);
    if (!n->memory) {
        return ITP_E_MEMORY;
    }
    place(n, form, &block);
    return ITP_OK;
}

int itp_newton_new(itp_walk *walk, const itp_fit_table *form, itp_newton **out)
{
    newton *n = itp_memory_array(&walk->fit->memory, 1, sizeof *n);
    *out = n;
    if (!n) {
        return ITP_E_MEMORY;
    }
    n->walk = n->run.walk = walk;
    n->best.fit = walk->fit;
    n->best.normal = &n->normal;
    n->best.floor = INFINITY;
    int status = new_arrays(n, form);
    status = status ? status : itp_fit_choice_new(&n->choice, form, &n->run);
    return status ? status : itp_fit_table_like(form, &n->best.table);
}

void itp_newton_free(itp_newton *n)
{
    if (n) {
        const itp_memory memory = n->walk->fit->memory;
        itp_fit_choice_free(&n->choice);
        itp_fit_table_free(&n->best.table);
        itp_memory_free(&memory, n->memory, n->bytes);
        itp_memory_free(&memory, n, sizeof *n);
    }
}

/* ---- steps ---- */

static void rate_start(const newton *n)
{
    itp_fit_start *start = n->start;
    start->score = itp_fit_score(&n->normal, n->walk->fit->gain, &start->table, &n->errors);
    start->held_out = itp_fit_held_out_score(&n->normal, n->walk->fit->gain, &start->table, &n->errors);
}

/* A step that wins little frees the first node; several in a row that win next to nothing end the steps. */
static void watch_progress(itp_fit_start *start, int found)
{
    double before = start->least;
    start->least = fmin(before, start->held_out);
    start->stale = start->least < 0.999 * before ? 0 : start->stale + 1;
    start->ended = start->stale >= PATIENCE || (!found && start->freed);
    if (!start->freed && start->least > 0.96 * before) {
        start->freed = 1;
        start->damping = FIRST_DAMPING;
        start->stale = 0;
    }
}

static void accept_step(newton *n)
{
    itp_fit_start *start = n->start;
    const itp_fit_choice *c = &n->choice;
    n->errors = c->errors;
    itp_fit_table_copy(&c->table, &start->table);
    start->damping = c->found > 1e-8 ? c->found : 1e-8;
    start->steps++;
    rate_start(n);
    n->walk->fit->report.ridge = c->found;
    itp_newton_offer(n);
}

static int finish_step(void *work)
{
    newton *n = work;
    int found = n->choice.found != 0;
    if (found) {
        accept_step(n);
    }
    watch_progress(n->start, found);
    return ITP_OK;
}

static int find_derivatives(void *work)
{
    newton *n = work;
    int status = itp_fit_derivatives_advance(&n->derivatives);
    if (!status) {
        itp_fit_choice_begin(&n->choice, n->start, &n->errors);
    }
    return status;
}

static int choose_step(void *work)
{
    newton *n = work;
    return itp_fit_choice_advance(&n->choice);
}

void itp_newton_step(newton *n)
{
    static const itp_fit_phase phases[] = {find_derivatives, choose_step, finish_step, NULL};
    n->next = phases;
    itp_fit_derivatives_begin(&n->derivatives, &n->start->table);
}

/* ---- loading ---- */

static int find_errors(void *work)
{
    newton *n = work;
    int status = itp_fit_trial_advance(&n->run);
    if (!status) {
        itp_fit_span span = itp_fit_span_in_use(n->walk->fit, ITP_FIT_FITTED);
        n->errors = n->run.errors;
        itp_walk_begin(n->walk, &n->start->table, span.first, span.count);
    }
    return status;
}

static int measure_states(void *work)
{
    newton *n = work;
    itp_fit_start *start = n->start;
    int status = itp_walk_advance(n->walk);
    if (status) {
        return status;
    }
    itp_fit_normal_measure(&n->normal, n->walk);
    start->errors = n->errors;
    rate_start(n);
    start->least = start->held_out;
    start->stale = start->ended = 0;
    if (start->steps) {
        itp_newton_offer(n);
    }
    return ITP_OK;
}

void itp_newton_load(newton *n, itp_fit_start *start)
{
    static const itp_fit_phase phases[] = {find_errors, measure_states, NULL};
    n->next = phases;
    n->start = start;
    start->damping = start->damping > 0 ? start->damping : FIRST_DAMPING;
    itp_fit_trial_begin(&n->run, &start->table);
}

int itp_newton_advance(itp_newton *n)
{
    return itp_fit_phases_advance(&n->next, n);
}

/* ---- the best ---- */

void itp_newton_offer(itp_newton *n)
{
    itp_fit_best_offer(&n->best, n->start, &n->errors);
}

void itp_newton_floor(itp_newton *n)
{
    itp_fit_best_begin(&n->best, n->start, &n->errors);
}

const itp_fit_table *itp_newton_best(const itp_newton *n, const itp_plan **like)
{
    const itp_fit_start *start = n->best.start;
    *like = start ? start->plan : NULL;
    return start ? &n->best.table : NULL;
}

void itp_newton_give_up(itp_newton *n, const itp_fit_start *start, const itp_fit_table *table,
                        const itp_fit_errors *errors)
{
    itp_fit_best_give_up(&n->best, start, table, errors);
}
