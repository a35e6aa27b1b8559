#include "fit/newton.h"

#include <math.h>
#include <string.h>

#include "fit/best.h"
#include "fit/derivatives.h"
#include "fit/step.h"

/* Steps in a row that may win next to nothing; dampings tried for a step, and further ones where none of them helps. */
enum { PATIENCE = 2, DAMPINGS = 3, ATTEMPTS = 3 };
static const double FIRST_DAMPING = 1e-2;

/* The choice of a step's damping. */
typedef struct choice {
    int32_t tries;
    int running;         /* 1: the errors of the trial under way are being found */
    double damping;      /* of that trial */
    double found, least; /* the damping of the best trial, 0: none is better than the table; the least score */
    itp_fit_table table; /* of the best trial */
    itp_fit_errors errors;
} choice;

struct itp_newton {
    itp_walk *walk;
    unsigned char *memory; /* of the arrays of all parts */
    size_t bytes;
    itp_fit_normal normal;
    itp_fit_derivatives derivatives;
    itp_fit_step step;
    choice choice;
    itp_fit_best best;
    itp_fit_table trial; /* the table after a step that is being tried */
    itp_fit_trial run;   /* which finds the errors of a table */
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
    itp_fit_step_place(&n->step, n->walk->fit, &n->normal, block);
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

static int new_table(const newton *n, const itp_fit_table *form, itp_fit_table *out)
{
    return itp_fit_table_new(&n->walk->fit->memory, form->rows, form->most_outputs, form->parameters > form->coefs,
                             out);
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
    status = status ? status : new_table(n, form, &n->trial);
    status = status ? status : new_table(n, form, &n->choice.table);
    return status ? status : new_table(n, form, &n->best.table);
}

void itp_newton_free(itp_newton *n)
{
    if (n) {
        const itp_memory memory = n->walk->fit->memory;
        itp_fit_table_free(&n->trial);
        itp_fit_table_free(&n->choice.table);
        itp_fit_table_free(&n->best.table);
        itp_memory_free(&memory, n->memory, n->bytes);
        itp_memory_free(&memory, n, sizeof *n);
    }
}

/* ---- the choice of a damping ---- */

static double score(const newton *n, const itp_fit_table *table, const itp_fit_errors *errors)
{
    return itp_fit_score(&n->normal, n->walk->fit->gain, table, errors);
}

static int begin_choice(void *work)
{
    newton *n = work;
    const double given = n->walk->fit->expert.ridge;
    choice *c = &n->choice;
    c->damping = given > 0 ? given : n->start->damping / 10;
    c->least = score(n, &n->start->table, &n->errors);
    c->found = 0;
    c->tries = c->running = 0;
    return ITP_OK;
}

/* Dampings around the last one, then larger ones until a step is better than none. */
static int is_choice_over(const newton *n)
{
    int32_t least = n->walk->fit->expert.ridge > 0 ? 1 : DAMPINGS;
    return n->choice.tries >= least && (n->choice.found != 0 || least == 1 || n->choice.tries >= DAMPINGS + ATTEMPTS);
}

/* Keeps the trial where it is the best so far. `status`: it could not be run. */
static void compare_trial(newton *n, int status)
{
    choice *c = &n->choice;
    double now = status ? INFINITY : score(n, &n->trial, &n->run.errors);
    if (now < c->least) {
        c->least = now;
        c->found = c->damping;
        c->errors = n->run.errors;
        itp_fit_table_copy(&n->trial, &c->table);
    }
}

/* Finds the errors of the step with the damping at work. ITP_E_SINGULAR: there is no such step. */
static int run_trial(newton *n)
{
    choice *c = &n->choice;
    if (!c->running) {
        if (itp_fit_step_make(&n->step, n->start, n->errors.fitted, c->damping, &n->trial)) {
            return ITP_E_SINGULAR;
        }
        itp_fit_trial_begin(&n->run, &n->trial);
        c->running = 1;
    }
    return itp_fit_trial_advance(&n->run);
}

static int choose(void *work)
{
    newton *n = work;
    choice *c = &n->choice;
    while (!is_choice_over(n)) {
        int status = run_trial(n);
        if (status && status != ITP_E_SINGULAR) {
            return status;
        }
        c->running = 0;
        compare_trial(n, status);
        c->tries++;
        c->damping *= 10;
    }
    return ITP_OK;
}

/* ---- steps ---- */

static void rate_start(const newton *n)
{
    itp_fit_start *start = n->start;
    start->score = score(n, &start->table, &n->errors);
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
    const choice *c = &n->choice;
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
    return itp_fit_derivatives_advance(&n->derivatives);
}

void itp_newton_step(newton *n)
{
    static const itp_fit_phase phases[] = {find_derivatives, begin_choice, choose, finish_step, NULL};
    n->next = phases;
    itp_fit_derivatives_begin(&n->derivatives, &n->start->table);
}

/* ---- loading ---- */

static int find_errors(void *work)
{
    newton *n = work;
    int status = itp_fit_trial_advance(&n->run);
    if (!status) {
        itp_fit_span span = itp_fit_span_in_use(n->walk->fit, 0);
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
