/* The race: each start makes a few steps on a few of the samples, which says more about it than its error does; the
 * worse half leaves, until the finalists are left. They make all further steps, on all samples. */
#include "fit/race.h"

#include <math.h>

typedef itp_fit_race race;

/* ---- the starts ---- */

/* The start has been loaded on all samples. It is out where its error is not finite, which is an error of the plan that
 * came in. Greedy rows have been chosen by the samples held out and look too good on them; so they are no plan to beat,
 * and none to return before a step. */
static int admit_start(race *r, itp_fit_start *start)
{
    const itp_fitting *fit = r->walk->fit;
    int good = isfinite(start->errors.fitted + start->errors.held_out);
    start->out = !good;
    if (!good && start == r->starts->list) {
        return itp_fail(&fit->log, ITP_E_NONFINITE, "plan: the network's outputs are not finite when it is run.");
    }
    if (good && !start->greedy && start->errors.held_out < r->least) {
        r->least = start->errors.held_out;
        itp_newton_floor(r->newton);
    }
    return ITP_OK;
}

/* Loads a start, over as many calls as that takes. */
static int load_start(race *r, itp_fit_start *start)
{
    if (!r->begun) {
        itp_newton_load(r->newton, start);
        r->begun = 1;
    }
    return itp_newton_advance(r->newton);
}

static int admit_starts(void *work)
{
    race *r = work;
    itp_fit_report *report = &r->walk->fit->report;
    for (; r->at < r->starts->count; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        int status = start->out ? ITP_OK : load_start(r, start);
        status = status || start->out ? status : admit_start(r, start);
        if (status) {
            return status;
        }
        r->begun = 0;
        report->starts += start->out ? 0 : 1;
    }
    const itp_fit_start *first = r->starts->list;
    report->before = first->errors.fitted;
    report->before_held_out = first->errors.held_out;
    report->parameters = first->table.parameters;
    return ITP_OK;
}

/* ---- steps ---- */

static void begin_start(race *r, itp_fit_start *start, int32_t steps)
{
    int32_t left = r->walk->fit->desc.iterations + r->free - start->steps;
    itp_newton_load(r->newton, start);
    r->begun = 1;
    r->stepping = 0;
    r->end = start->steps + (steps < left ? steps : left);
}

/* Reports the step that has ended, if one has. */
static int report_step(race *r, const itp_fit_start *start, int count)
{
    itp_fitting *fit = r->walk->fit;
    if (!r->stepping) {
        return ITP_OK;
    }
    fit->report.iterations = count ? start->steps - r->free : 0;
    int answer = start->steps == r->before ? 0 : itp_fitting_report_progress(fit);
    r->enough = answer > 0;
    return answer < 0 ? answer : ITP_OK;
}

/* Makes at most `steps` steps from a start. `count`: the report counts them as iterations. */
static int step_from(race *r, itp_fit_start *start, int32_t steps, int count)
{
    int status;
    if (!r->begun) {
        begin_start(r, start, steps);
    }
    while (!(status = itp_newton_advance(r->newton))) {
        status = report_step(r, start, count);
        if (status || r->enough || start->ended || start->steps >= r->end) {
            r->begun = 0;
            return status;
        }
        r->stepping = 1;
        r->before = start->steps;
        itp_newton_step(r->newton);
    }
    return status;
}

/* ---- rounds ---- */

static size_t runners(const race *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->starts->count; i++) count += r->starts->list[i].out ? 0 : 1;
    return count;
}

/* The start of the largest score of those that are still in the race. */
static itp_fit_start *worst_start(const race *r)
{
    itp_fit_start *found = NULL;
    for (size_t i = 0; i < r->starts->count; i++) {
        itp_fit_start *start = &r->starts->list[i];
        found = !start->out && (!found || start->score > found->score) ? start : found;
    }
    return found;
}

static size_t finalists(const race *r)
{
    return (size_t)r->walk->fit->expert.finalists;
}

static void begin_round(race *r)
{
    size_t half = (runners(r) + 1) / 2;
    r->stay = half > finalists(r) ? half : finalists(r);
    r->at = 0;
    r->in_round = 1;
}

/* Every start that is still in the race makes a few steps; then the worse half leaves it. */
static int run_round(race *r)
{
    for (; r->at < r->starts->count && !r->enough; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        int status = start->out ? ITP_OK : step_from(r, start, r->walk->fit->expert.race, 0);
        if (status) {
            return status;
        }
    }
    while (runners(r) > r->stay) worst_start(r)->out = 1;
    r->in_round = 0;
    return ITP_OK;
}

static int begin_rounds(void *work)
{
    race *r = work;
    itp_fitting *fit = r->walk->fit;
    itp_fitting_narrow(fit);
    r->narrow = fit->use_fitted < fit->fitted;
    return ITP_OK;
}

static int run_rounds(void *work)
{
    race *r = work;
    itp_fitting *fit = r->walk->fit;
    while (r->in_round || (!fit->expert.no_race && !r->enough && runners(r) > finalists(r))) {
        if (!r->in_round) {
            begin_round(r);
        }
        int status = run_round(r);
        if (status) {
            return status;
        }
    }
    itp_fitting_widen(fit);
    while (runners(r) > finalists(r)) worst_start(r)->out = 1;
    fit->share = NULL;
    r->at = 0;
    return ITP_OK;
}

/* Each finalist makes all its steps. */
static int run_finalists(void *work)
{
    race *r = work;
    for (; r->at < r->starts->count && !r->enough; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        if (start->out) {
            continue;
        }
        r->free = r->begun ? r->free : r->narrow ? start->steps : 0;
        int status = step_from(r, start, r->walk->fit->desc.iterations, 1);
        if (status) {
            return status;
        }
        if (!start->steps) {
            itp_newton_offer(r->newton);
        }
    }
    return ITP_OK;
}

void itp_fit_race_begin(itp_fit_race *r, itp_walk *walk, itp_fit_starts *starts, itp_newton *newton, int enough)
{
    static const itp_fit_phase phases[] = {admit_starts, begin_rounds, run_rounds, run_finalists, NULL};
    const itp_fit_race fresh = {.walk = walk, .starts = starts, .newton = newton, .next = phases, .least = INFINITY};
    *r = fresh;
    r->enough = enough;
}

int itp_fit_race_advance(itp_fit_race *r)
{
    return itp_fit_phases_advance(&r->next, r);
}
