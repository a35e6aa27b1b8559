/* The public calls. A fit is a list of phases; the requests of the one at work are handed out to the caller. */
#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/sized.h"
#include "fit/race.h"
#include "fit/reference.h"
#include "fit/verdict.h"
#include "sampler/sampler.h"

/* OPEN: there is a request for the caller; ASKED: the caller has it; OVER: the fit has ended with `status`. */
enum { OPEN = 0, ASKED = 1, OVER = 2 };

struct itp_fit {
    itp_fitting shared;
    itp_reference reference;
    itp_walk walk;
    itp_fit_starts starts;
    itp_newton *newton;
    itp_fit_race race;
    itp_fit_verdict verdict;
    const itp_fit_phase *next;
    int state, status, enough;
};

/* ---- phases ---- */

static int find_reference(void *work)
{
    itp_fit *fit = work;
    int status = itp_reference_advance(&fit->reference);
    if (!status) {
        itp_reference_free(&fit->reference);
        fit->shared.share = &fit->shared.report.race_evaluations;
    }
    return status;
}

/* A caller who stops the fit before any start was made gets the plan as it came in. */
static int report_reference(void *work)
{
    itp_fit *fit = work;
    int answer = itp_fitting_report_progress(&fit->shared);
    fit->enough = answer > 0;
    if (fit->enough) {
        itp_fit_starts_only_first(&fit->starts);
    }
    return answer < 0 ? answer : ITP_OK;
}

static int make_starts(void *work)
{
    itp_fit *fit = work;
    int status = itp_fit_starts_advance(&fit->starts);
    if (!status) {
        itp_fit_verdict_begin(&fit->verdict);
        itp_fit_race_begin(&fit->race, &fit->walk, &fit->starts, fit->newton, fit->enough);
    }
    return status;
}

static int run_race(void *work)
{
    itp_fit *fit = work;
    return itp_fit_race_advance(&fit->race);
}

static int judge_best(void *work)
{
    itp_fit *fit = work;
    return itp_fit_verdict_advance(&fit->verdict);
}

static const itp_fit_phase phases[] = {find_reference, report_reference, make_starts, run_race, judge_best, NULL};

/* Logs the sentence of a status that has none yet, and returns the status. */
static int with_sentence(const itp_report *log, int status)
{
    return status == ITP_E_MEMORY ? itp_fail(log, status, "no memory for the fit; a smaller batch needs less.")
                                  : status;
}

/* Runs the phases until a request is open or the fit is over. What a callback answered is returned, but the fit keeps
 * the status that stands for it. */
static int run_phases(itp_fit *fit)
{
    itp_fitting *shared = &fit->shared;
    const itp_request *request = &shared->request;
    int status = itp_fit_phases_advance(&fit->next, fit);
    if (status == ITP_EVALUATE) {
        fit->state = OPEN;
        itp_fitting_clear_output(shared, request->count, request->dim, request->out);
        itp_fitting_clear_output(shared, request->count, request->dim, request->out2);
        return ITP_OK;
    }
    fit->state = OVER;
    fit->status = with_sentence(&shared->log, status);
    return status == ITP_E_CALLBACK && shared->answer ? shared->answer : status;
}

/* ---- making and freeing ---- */

void itp_fit_free(itp_fit *fit)
{
    if (!fit) {
        return;
    }
    itp_memory memory = fit->shared.memory;
    itp_fit_verdict_free(&fit->verdict);
    itp_newton_free(fit->newton);
    itp_fit_starts_free(&fit->starts);
    itp_walk_free(&fit->walk);
    itp_reference_free(&fit->reference);
    itp_fitting_free(&fit->shared);
    itp_memory_free(&memory, fit, sizeof *fit);
}

static int allocate(itp_fit *fit)
{
    itp_fitting *shared = &fit->shared;
    int status = itp_reference_new(shared, &fit->reference);
    status = status ? status : itp_walk_new(shared, &fit->walk);
    status = status ? status : itp_fit_starts_new(&fit->walk, &fit->starts);
    status = status ? status : itp_newton_new(&fit->walk, &fit->starts.list[0].table, &fit->newton);
    return status ? status : itp_fit_verdict_new(&fit->walk, fit->newton, &fit->starts.list[0], &fit->verdict);
}

/* What a fit is made from: the description is copied once, into the fit. */
typedef struct asked {
    const itp_plan *plan;
    const itp_fit_desc *desc;
    int may_report; /* 1: the description may have a report, which itp_plan_fit fills */
} asked;

/* `memory` and `log` are those of the description's environment. */
static int create(const asked *from, const itp_memory *memory, const itp_report *log, itp_float_env *env, itp_fit **out)
{
    const itp_fit_report empty = ITP_FIT_REPORT_INIT;
    itp_fit *fit = itp_memory_array(memory, 1, sizeof *fit);
    *out = fit;
    if (!fit) {
        return with_sentence(log, ITP_E_MEMORY);
    }
    fit->shared.env = env;
    fit->shared.memory = *memory;
    fit->shared.may_report = from->may_report;
    fit->shared.report = empty;
    fit->shared.share = &fit->shared.report.reference_evaluations;
    fit->next = phases;
    int status = itp_fitting_new(from->plan, from->desc, &fit->shared);
    status = status ? status : allocate(fit);
    return status ? with_sentence(&fit->shared.log, status) : run_phases(fit);
}

static ITP_APART int fit_new(const asked *from, itp_float_env *env, itp_fit **out)
{
    const itp_fit_desc *desc = from->desc;
    itp_memory memory;
    itp_report log;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_fit_desc, env), "out");
    }
    *out = NULL;
    if (!from->plan || !desc) {
        return itp_desc_refuse(desc, offsetof(itp_fit_desc, env), "plan");
    }
    const itp_env *theirs = itp_desc_env(desc, offsetof(itp_fit_desc, env));
    int status = itp_report_from(theirs, &log);
    status = status ? status : itp_desc_memory(theirs, &log, &memory);
    status = status ? status : create(from, &memory, &log, env, out);
    if (status) {
        itp_fit_free(*out);
        *out = NULL;
    }
    return itp_report_end(&log, status);
}

static int new_from(const asked *from, itp_fit **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, fit_new(from, &env, out));
}

int itp_fit_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fit **out)
{
    return new_from(&(asked){plan, desc, 0}, out);
}

/* ---- steps ---- */

int itp_fit_next(itp_fit *fit, itp_request *request)
{
    if (!fit || !request) {
        return fit ? itp_fail(&fit->shared.log, ITP_E_ARGUMENT, "request: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    const itp_fitting *shared = &fit->shared;
    itp_report_begin(&shared->log);
    if (fit->state == OVER) {
        return fit->status ? itp_fail(&shared->log, fit->status, "itp_fit_next: the fit has failed before.") : ITP_OK;
    }
    int status = itp_struct_write(request, &shared->request, sizeof *request);
    if (!status && itp_fitting_guided(shared) && request->size < offsetof(itp_request, out2) + sizeof request->out2) {
        status = ITP_E_OLDER; /* the caller was compiled before requests had two outputs */
    }
    if (status) {
        return itp_fail(&shared->log, status, "request: its size field is wrong.");
    }
    fit->state = ASKED;
    return ITP_EVALUATE;
}

static void count_evaluations(itp_fitting *shared)
{
    uint64_t samples = shared->request.count * (shared->request.out2 ? 2 : 1);
    shared->report.evaluations += samples;
    if (shared->share) {
        *shared->share += samples;
    }
}

static ITP_APART int submit(itp_fit *fit, itp_float_env *env)
{
    if (!fit) {
        return ITP_E_ARGUMENT;
    }
    itp_fitting *shared = &fit->shared;
    if (fit->state != ASKED) {
        return itp_fail(&shared->log, ITP_E_STATE, "itp_fit_submit: there is no request; call itp_fit_next.");
    }
    shared->env = env;
    count_evaluations(shared);
    int status = shared->sampler ? itp_fine_submit(shared) : ITP_OK;
    if (status) {
        fit->state = OVER;
        fit->status = status > 0 ? (int)ITP_E_CALLBACK : status;
        return status;
    }
    return run_phases(fit);
}

int itp_fit_submit(itp_fit *fit)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = submit(fit, &env);
    return itp_float_env_leave(&env, fit ? itp_report_end(&fit->shared.log, status) : status);
}

/* ---- results ---- */

int itp_fit_get_report(const itp_fit *fit, itp_fit_report *report)
{
    if (!fit || !report) {
        return fit ? itp_fail(&fit->shared.log, ITP_E_ARGUMENT, "report: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    int status = itp_struct_write(report, &fit->shared.report, sizeof *report);
    return status
               ? itp_fail(&fit->shared.log, status, "report: its size field is wrong; begin with ITP_FIT_REPORT_INIT.")
               : ITP_OK;
}

static void write_origin(const itp_fitting *shared, itp_plan *plan)
{
    const itp_fit_report *report = &shared->report;
    itp_plan_origin *origin = &plan->origin;
    itp_plan_set_solver(plan, "fitted");
    *origin = shared->origin;
    origin->before = report->before;
    origin->before_held_out = report->before_held_out;
    origin->after = report->after;
    origin->after_held_out = report->after_held_out;
    origin->ridge = report->ridge;
    origin->before_test = report->before_test;
    origin->after_test = report->after_test;
}

static ITP_APART int fit_plan(const itp_fit *fit, itp_plan **better)
{
    const itp_plan *like;
    if (better) {
        *better = NULL;
    }
    if (!fit || !better) {
        return fit ? itp_fail(&fit->shared.log, ITP_E_ARGUMENT, "better: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    const itp_fitting *shared = &fit->shared;
    const itp_fit_table *best = itp_newton_best(fit->newton, &like);
    if (!best) {
        return itp_fail(&shared->log, ITP_E_STATE, "itp_fit_plan: no plan has been judged yet; call itp_fit_next.");
    }
    int status = itp_fit_table_write(best, &shared->model, like, better);
    if (!status) {
        write_origin(shared, *better);
    }
    return with_sentence(&shared->log, status);
}

int itp_fit_plan(const itp_fit *fit, itp_plan **better)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = fit_plan(fit, better);
    return itp_float_env_leave(&env, fit ? itp_report_end(&fit->shared.log, status) : status);
}

/* ---- the callback loop ---- */

static int run(itp_fit *fit, itp_network_fn network, void *user)
{
    itp_roomy_request request = {.known = ITP_REQUEST_INIT};
    int status;
    while ((status = itp_fit_next(fit, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        status = answer ? itp_stopped(&fit->shared.log, "network", answer, request.known.row) : itp_fit_submit(fit);
        if (status) {
            return status;
        }
    }
    return status;
}

static int run_all(itp_fit *fit, itp_network_fn network, void *user, itp_plan **better)
{
    int status = run(fit, network, user);
    status = status ? status : itp_fit_plan(fit, better);
    if (fit->shared.desc.report) {
        (void)itp_fit_get_report(fit, fit->shared.desc.report);
    }
    return itp_report_end(&fit->shared.log, status);
}

int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user, itp_plan **better)
{
    itp_fit *fit = NULL;
    if (!better) {
        return itp_desc_refuse(desc, offsetof(itp_fit_desc, env), "better");
    }
    *better = NULL;
    if (!plan || !network) {
        return itp_desc_refuse(desc, offsetof(itp_fit_desc, env), plan ? "network" : "plan");
    }
    int status = new_from(&(asked){plan, desc, 1}, &fit);
    if (!fit) {
        return status;
    }
    status = run_all(fit, network, user, better);
    itp_fit_free(fit);
    return status;
}
