/* Which start to go on from: a few steps of each on a few of the samples say more than the errors they begin with. */
#include <math.h>

#include "fit/starts.h"

enum { MOST_ITERATIONS = 10, ROUND_STEPS = 2 };

typedef struct race {
    itp_walk *walk;
    itp_fit_starts *starts;
    itp_newton *newton;
    int32_t free; /* steps that do not count among the iterations */
    int narrow;   /* the race was held on fewer samples than there are */
    int enough;   /* the caller says so */
} race;

/* On all samples. Starts that come to nothing are out; the plan that came in must not. Greedy rows have been chosen by
 * the samples held out and look too good on them; so they are no plan to beat, and none to return before a step. */
static int judge_start(const race *r, itp_fit_start *start, double *least)
{
    const itp_fitting *fit = r->walk->fit;
    int status = itp_newton_load(r->newton, start);
    int good = isfinite(start->errors.fitted + start->errors.held_out);
    start->out = !good;
    if (!status && !good && start == r->starts->list) {
        status = itp_fail(&fit->log, ITP_E_NONFINITE, "plan: the network's outputs are not finite when it is run.");
    }
    if (!status && good && !start->greedy && start->errors.held_out < *least) {
        *least = start->errors.held_out;
        itp_newton_floor(r->newton);
    }
    return status;
}

static int judge(const race *r)
{
    itp_fit_report *report = &r->walk->fit->report;
    itp_fit_start *list = r->starts->list;
    double least = INFINITY;
    int status = ITP_OK;
    for (size_t i = 0; i < r->starts->count && !status; i++) {
        status = judge_start(r, &list[i], &least);
        report->starts += status || list[i].out ? 0 : 1;
    }
    report->before = list[0].errors.fitted;
    report->before_held_out = list[0].errors.held_out;
    report->parameters = list[0].table.parameters;
    return status;
}

static int32_t most_steps(const race *r)
{
    int32_t given = r->walk->fit->desc.iterations;
    return given ? given : MOST_ITERATIONS;
}

/* At most so many steps from the start that is loaded; `count`: they are iterations. */
static int go(race *r, itp_fit_start *start, int32_t steps, int count)
{
    itp_fitting *fit = r->walk->fit;
    int32_t left = most_steps(r) + r->free - start->steps, end = start->steps + (steps < left ? steps : left);
    int status = ITP_OK;
    while (!status && !r->enough && !start->ended && start->steps < end) {
        int32_t before = start->steps;
        status = itp_newton_step(r->newton);
        fit->report.iterations = count ? start->steps - r->free : 0;
        int answer = status || start->steps == before ? 0 : itp_fitting_tell(fit);
        status = answer < 0 ? answer : status;
        r->enough = answer > 0;
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

/* The best runner, or the worst. */
static itp_fit_start *extreme(const race *r, int worst)
{
    itp_fit_start *found = NULL;
    for (size_t i = 0; i < r->starts->count; i++) {
        itp_fit_start *start = &r->starts->list[i];
        int further = !found || (worst ? start->score > found->score : start->score < found->score);
        found = !start->out && further ? start : found;
    }
    return found;
}

/* A few steps of each that is still in; then the worse half is out. */
static int hold_round(race *r, int32_t steps, size_t finalists)
{
    size_t half = (runners(r) + 1) / 2, stay = half > finalists ? half : finalists;
    int status = ITP_OK;
    for (size_t i = 0; i < r->starts->count && !status && !r->enough; i++) {
        itp_fit_start *start = &r->starts->list[i];
        if (!start->out) {
            status = itp_newton_load(r->newton, start);
            status = status ? status : go(r, start, steps, 0);
        }
    }
    while (!status && runners(r) > stay) extreme(r, 1)->out = 1;
    return status;
}

static int hold(race *r)
{
    itp_fitting *fit = r->walk->fit;
    int32_t steps = fit->desc.race ? fit->desc.race : ROUND_STEPS;
    size_t finalists = fit->desc.finalists > 1 ? (size_t)fit->desc.finalists : 1;
    int status = ITP_OK;
    itp_fitting_narrow(fit);
    while (!status && steps > 0 && !r->enough && runners(r) > finalists) status = hold_round(r, steps, finalists);
    r->narrow = fit->use_fitted < fit->fitted;
    itp_fitting_widen(fit);
    while (runners(r) > finalists) extreme(r, 1)->out = 1;
    return status;
}

/* The whole way. */
static int finish(race *r, itp_fit_start *start)
{
    r->free = r->narrow ? start->steps : 0;
    int status = itp_newton_load(r->newton, start);
    status = status ? status : go(r, start, most_steps(r), 1);
    if (!status && !start->steps) {
        itp_newton_offer(r->newton);
    }
    return status;
}

int itp_fit_starts_race(itp_walk *walk, itp_fit_starts *starts, itp_newton *newton)
{
    race r = {.walk = walk, .starts = starts, .newton = newton, .enough = walk->fit->enough};
    itp_fit_report *report = &walk->fit->report;
    int status = judge(&r);
    status = status ? status : hold(&r);
    report->race_evaluations = report->evaluations - report->reference_evaluations;
    if (status || r.enough) {
        return status;
    }
    for (size_t i = 0; i < starts->count && !status && !r.enough; i++) {
        status = starts->list[i].out ? ITP_OK : finish(&r, &starts->list[i]);
    }
    return status;
}
