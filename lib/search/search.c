/* The public calls that lead to a result. A search is a list of phases, as a fit is. */
#include <string.h>

#include "base/desc.h"
#include "base/sized.h"
#include "sampler/sampler.h"
#include "search/candidates.h"
#include "search/describe.h"
#include "search/rehearsal.h"
#include "search/rounds.h"
#include "search/tour.h"

/* ---- phases ---- */

static int find_reference(void *work)
{
    itp_search *search = work;
    int status = itp_reference_advance(&search->reference);
    if (!status) {
        itp_reference_free(&search->reference);
        search->report.reference_rows = search->fit.report.reference_rows;
        search->report.reference_error = search->fit.report.reference_error;
        search->report.reference_evaluations = search->report.evaluations;
    }
    return status;
}

/* A caller who has seen enough gets what there is. */
static int tell(void *work)
{
    itp_search *search = work;
    int answer = search->enough ? 0 : itp_search_tell(search);
    search->enough |= answer > 0;
    return answer < 0 ? answer : ITP_OK;
}

static int rehearse(void *work)
{
    itp_search *search = work;
    int skipped = search->enough || search->desc.exhaustive;
    return skipped ? ITP_OK : itp_rehearsal_advance(search);
}

static int begin_rounds(void *work)
{
    itp_search *search = work;
    itp_rehearsal_free(search);
    if (!search->enough) {
        itp_rounds_begin(search);
    }
    return search->desc.exhaustive ? ITP_OK : tell(work);
}

static int run_rounds(void *work)
{
    return itp_rounds_advance(work);
}

static int finish(void *work)
{
    itp_search *search = work;
    search->report.over = 1;
    itp_rounds_rank(search);
    return ITP_OK;
}

static const itp_fit_phase phases[] = {find_reference, tell, rehearse, begin_rounds, run_rounds, finish, NULL};

/* Logs the sentence of a status that has none yet, and returns the status. */
static int with_sentence(const itp_report *log, int status)
{
    return status == ITP_E_MEMORY ? itp_fail(log, status, "no memory for the search; a smaller batch needs less.")
                                  : status;
}

/* Runs the phases until a request is open or the search is over. What a callback answered is returned, but the search
 * keeps the status that stands for it. */
static int run_phases(itp_search *search)
{
    const itp_request *request = &search->fit.request;
    int status = itp_fit_phases_advance(&search->next, search);
    if (status == ITP_EVALUATE) {
        search->state = ITP_SEARCH_OPEN;
        itp_fitting_clear_output(&search->fit, request->count, request->dim, request->out);
        itp_fitting_clear_output(&search->fit, request->count, request->dim, request->out2);
        return ITP_OK;
    }
    search->state = ITP_SEARCH_OVER;
    search->status = with_sentence(&search->log, status);
    return status == ITP_E_CALLBACK && search->fit.answer ? search->fit.answer : status;
}

/* ---- making and freeing ---- */

void itp_search_free(itp_search *search)
{
    if (!search) {
        return;
    }
    itp_memory memory = search->memory;
    itp_rehearsal_free(search);
    itp_rounds_free(search);
    itp_tour_free(search);
    itp_reference_free(&search->reference);
    itp_pool_free(&search->candidates, &memory, sizeof(itp_candidate));
    itp_pool_free(&search->numbers, &memory, sizeof(double));
    itp_pool_free(&search->texts, &memory, 1);
    itp_search_forget(search);
    itp_memory_free(&memory, search, sizeof *search);
}

static int allocate(itp_search *search)
{
    int status = itp_reference_new(&search->fit, &search->reference);
    status = status ? status : itp_rounds_new(search);
    status = status ? status : itp_tour_new(search);
    return status || search->desc.exhaustive ? status : itp_rehearsal_new(search);
}

static int create(const itp_search_desc *desc, const itp_memory *memory, const itp_report *log, itp_float_env *env,
                  itp_search **out)
{
    const itp_search_report empty = ITP_SEARCH_REPORT_INIT;
    itp_search *search = itp_memory_array(memory, 1, sizeof *search);
    *out = search;
    if (!search) {
        return with_sentence(log, ITP_E_MEMORY);
    }
    search->memory = *memory;
    search->log = *log;
    search->fit.env = env;
    search->report = empty;
    search->next = phases;
    int status = itp_search_describe(search, desc);
    status = status ? status : itp_candidates_make(search);
    status = status ? status : allocate(search);
    search->desc.texts = NULL;
    search->desc.ends = NULL;
    return status ? with_sentence(log, status) : run_phases(search);
}

static ITP_APART int search_new(const itp_search_desc *desc, itp_float_env *env, itp_search **out)
{
    itp_search_desc known;
    itp_memory memory;
    itp_report log;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_search_desc, env), "out");
    }
    *out = NULL;
    int status = itp_desc_read(&known, sizeof known, desc, offsetof(itp_search_desc, env), &log);
    status = status ? status : itp_desc_memory(known.env, &log, &memory);
    status = status ? status : create(desc, &memory, &log, env, out);
    if (status) {
        itp_search_free(*out);
        *out = NULL;
    }
    return itp_report_end(&log, status);
}

int itp_search_new(const itp_search_desc *desc, itp_search **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, search_new(desc, &env, out));
}

/* ---- steps ---- */

int itp_search_next(itp_search *search, itp_request *request)
{
    if (!search || !request) {
        return search ? itp_fail(&search->log, ITP_E_ARGUMENT, "request: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    itp_report_begin(&search->log);
    if (search->state == ITP_SEARCH_OVER) {
        return search->status ? itp_fail(&search->log, search->status, "itp_search_next: the search has failed before.")
                              : ITP_OK;
    }
    int status = itp_struct_write(request, &search->fit.request, sizeof *request);
    if (!status && itp_fitting_guided(&search->fit) &&
        request->size < offsetof(itp_request, out2) + sizeof request->out2) {
        status = ITP_E_OLDER; /* the caller was compiled before requests had two outputs */
    }
    if (status) {
        return itp_fail(&search->log, status, "request: its size field is wrong.");
    }
    search->state = ITP_SEARCH_ASKED;
    return ITP_EVALUATE;
}

static ITP_APART int submit(itp_search *search, itp_float_env *env)
{
    if (!search) {
        return ITP_E_ARGUMENT;
    }
    const itp_request *request = &search->fit.request;
    if (search->state != ITP_SEARCH_ASKED) {
        return itp_fail(&search->log, ITP_E_STATE, "itp_search_submit: there is no request; call itp_search_next.");
    }
    search->fit.env = env;
    search->report.evaluations += request->count * (request->out2 ? 2 : 1);
    int status = itp_rehearsal_record(search);
    status = status || !search->fit.sampler ? status : itp_fine_submit(&search->fit);
    if (status) {
        search->state = ITP_SEARCH_OVER;
        search->status = status > 0 ? (int)ITP_E_CALLBACK : status;
        return status;
    }
    return run_phases(search);
}

int itp_search_submit(itp_search *search)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = submit(search, &env);
    return itp_float_env_leave(&env, search ? itp_report_end(&search->log, status) : status);
}

/* ---- the callback loop ---- */

static int run(itp_search *search, itp_network_fn network, void *user)
{
    itp_roomy_request request = {.known = ITP_REQUEST_INIT};
    int status;
    while ((status = itp_search_next(search, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        status = answer ? itp_stopped(&search->log, "network", answer, request.known.row) : itp_search_submit(search);
        if (status) {
            return status;
        }
    }
    return status;
}

int itp_search_run(const itp_search_desc *desc, itp_network_fn network, void *user, itp_search **out)
{
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_search_desc, env), "out");
    }
    *out = NULL;
    if (!network) {
        return itp_desc_refuse(desc, offsetof(itp_search_desc, env), "network");
    }
    int status = itp_search_new(desc, out);
    if (status) {
        return status;
    }
    status = run(*out, network, user);
    if (status) {
        (void)itp_report_end(&(*out)->log, status);
        itp_search_free(*out);
        *out = NULL;
    }
    return status;
}
