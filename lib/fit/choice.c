#include "fit/choice.h"

#include <math.h>

/* Dampings tried for a step, and further ones where none of them helps. */
enum { DAMPINGS = 3, ATTEMPTS = 3 };

typedef itp_fit_choice choice;

int itp_fit_choice_new(choice *c, const itp_fit_table *form, itp_fit_trial *run)
{
    c->run = run;
    int status = itp_fit_table_like(form, &c->trial);
    return status ? status : itp_fit_table_like(form, &c->table);
}

void itp_fit_choice_free(choice *c)
{
    itp_fit_table_free(&c->trial);
    itp_fit_table_free(&c->table);
}

static double score(const choice *c, const itp_fit_table *table, const itp_fit_errors *errors)
{
    return itp_fit_score(c->step.normal, c->step.fit->gain, table, errors);
}

void itp_fit_choice_begin(choice *c, const itp_fit_start *start, const itp_fit_errors *errors)
{
    const double given = c->step.fit->expert.ridge;
    c->start = start;
    c->error = errors->fitted;
    c->damping = given > 0 ? given : start->damping / 10;
    c->least = score(c, &start->table, errors);
    c->found = 0;
    c->tries = c->running = 0;
}

/* Dampings around the last one, then larger ones until a step is better than none. */
static int is_over(const choice *c)
{
    int32_t least = c->step.fit->expert.ridge > 0 ? 1 : DAMPINGS;
    return c->tries >= least && (c->found != 0 || least == 1 || c->tries >= DAMPINGS + ATTEMPTS);
}

/* Keeps the trial where it is the best so far. `status`: it could not be run. */
static void compare_trial(choice *c, int status)
{
    double now = status ? INFINITY : score(c, &c->trial, &c->run->errors);
    if (now < c->least) {
        c->least = now;
        c->found = c->damping;
        c->errors = c->run->errors;
        itp_fit_table_copy(&c->trial, &c->table);
    }
}

/* Finds the errors of the step with the damping at work. ITP_E_SINGULAR: there is no such step. */
static int run_trial(choice *c)
{
    if (!c->running) {
        if (itp_fit_step_make(&c->step, c->start, c->error, c->damping, &c->trial)) {
            return ITP_E_SINGULAR;
        }
        itp_fit_trial_begin(c->run, &c->trial);
        c->running = 1;
    }
    return itp_fit_trial_advance(c->run);
}

int itp_fit_choice_advance(choice *c)
{
    while (!is_over(c)) {
        int status = run_trial(c);
        if (status && status != ITP_E_SINGULAR) {
            return status;
        }
        c->running = 0;
        compare_trial(c, status);
        c->tries++;
        c->damping *= 10;
    }
    return ITP_OK;
}
