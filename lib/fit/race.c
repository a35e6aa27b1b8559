/* A few steps of each start on a few of the samples say more than the errors they begin with. */
#include "fit/race.h"

#include <math.h>

typedef itp_fit_race race;

/* ---- judging ---- */

/* On all samples. Starts that come to nothing are out; the plan that came in must not. Greedy rows have been chosen by
 * the samples held out and look too good on them; so they are no plan to beat, and none to return before a step. */
static int judge_start(race *r, itp_fit_start *start)
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

/* The next one is loaded. */
static int load(race *r, itp_fit_start *start)
{
    if (!r->begun) {
        itp_newton_load(r->newton, start);
        r->begun = 1;
    }
    return itp_newton_go(r->newton);
}

static int judge(void *work)
{
    race *r = work;
    itp_fit_report *report = &r->walk->fit->report;
    for (; r->at < r->starts->count; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        int status = start->out ? ITP_OK : load(r, start);
        status = status || start->out ? status : judge_start(r, start);
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

/* The start is loaded, or a step of it is over. */
static int after_step(race *r, const itp_fit_start *start, int count)
{
    itp_fitting *fit = r->walk->fit;
    if (!r->stepping) {
        return ITP_OK;
    }
    fit->report.iterations = count ? start->steps - r->free : 0;
    int answer = start->steps == r->before ? 0 : itp_fitting_tell(fit);
    r->enough = answer > 0;
    return answer < 0 ? answer : ITP_OK;
}

/* At most so many steps from a start; `count`: they are iterations. */
static int advance(race *r, itp_fit_start *start, int32_t steps, int count)
{
    int status;
    if (!r->begun) {
        begin_start(r, start, steps);
    }
    while (!(status = itp_newton_go(r->newton))) {
        status = after_step(r, start, count);
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

/* The worst runner. */
static itp_fit_start *worst(const race *r)
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

/* A few steps of each that is still in; then the worse half is out. */
static int hold_round(race *r)
{
    for (; r->at < r->starts->count && !r->enough; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        int status = start->out ? ITP_OK : advance(r, start, r->walk->fit->expert.race, 0);
        if (status) {
            return status;
        }
    }
    while (runners(r) > r->stay) worst(r)->out = 1;
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

static int hold(void *work)
{
    race *r = work;
    itp_fitting *fit = r->walk->fit;
    while (r->in_round || (!fit->expert.no_race && !r->enough && runners(r) > finalists(r))) {
        if (!r->in_round) {
            begin_round(r);
        }
        int status = hold_round(r);
        if (status) {
            return status;
        }
    }
    itp_fitting_widen(fit);
    while (runners(r) > finalists(r)) worst(r)->out = 1;
    fit->share = NULL;
    r->at = 0;
    return ITP_OK;
}

/* The whole way. */
static int finish(void *work)
{
    race *r = work;
    for (; r->at < r->starts->count && !r->enough; r->at++) {
        itp_fit_start *start = &r->starts->list[r->at];
        if (start->out) {
            continue;
        }
        r->free = r->begun ? r->free : r->narrow ? start->steps : 0;
        int status = advance(r, start, r->walk->fit->desc.iterations, 1);
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
    static const itp_fit_phase phases[] = {judge, begin_rounds, hold, finish, NULL};
    const itp_fit_race fresh = {.walk = walk, .starts = starts, .newton = newton, .next = phases, .least = INFINITY};
    *r = fresh;
    r->enough = enough;
}

int itp_fit_race_go(itp_fit_race *r)
{
    return itp_fit_phases_go(&r->next, r);
}
