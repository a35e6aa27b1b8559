/* What a search has found, at any moment. */
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/sized.h"
#include "search/entries.h"

int itp_search_get_report(const itp_search *search, itp_search_report *report)
{
    if (!search || !report) {
        return search ? itp_fail(&search->log, ITP_E_ARGUMENT, "report: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    int status = itp_struct_write(report, &search->report, sizeof *report);
    return status
               ? itp_fail(&search->log, status, "report: its size field is wrong; begin with ITP_SEARCH_REPORT_INIT.")
               : ITP_OK;
}

/* The candidate at a place of the ranking; NULL, with a sentence: there is none. */
static const itp_candidate *find(const itp_search *search, int32_t evaluations, int32_t rank)
{
    for (int32_t b = 0; b < search->desc.budget_count; b++) {
        if (search->budgets[b] == evaluations && rank >= 0 && rank < search->begins[b + 1] - search->begins[b]) {
            return itp_candidate_at(search, search->ranking[search->begins[b] + rank]);
        }
    }
    (void)itp_fail(&search->log, ITP_E_RANGE, "evaluations, rank: %d, %d; there is no such place in a ranking.",
                   (int)evaluations, (int)rank);
    return NULL;
}

int itp_search_get_entry(const itp_search *search, int32_t evaluations, int32_t rank, itp_search_entry *entry)
{
    if (!search || !entry) {
        return search ? itp_fail(&search->log, ITP_E_ARGUMENT, "entry: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    const itp_candidate *of = find(search, evaluations, rank);
    if (!of) {
        return ITP_E_RANGE;
    }
    itp_search_entry found = itp_entry_of(search, of);
    int status = itp_struct_write(entry, &found, sizeof *entry);
    return status ? itp_fail(&search->log, status, "entry: its size field is wrong; begin with ITP_SEARCH_ENTRY_INIT.")
                  : itp_report_end(&search->log, ITP_OK);
}

static ITP_APART int make_plan(const itp_search *search, int32_t evaluations, int32_t rank, itp_plan **plan)
{
    const itp_candidate *of = find(search, evaluations, rank);
    if (of && of->status) {
        return itp_fail(&search->log, of->status, "plan: the text at place %d makes none.", (int)rank);
    }
    int status = of ? itp_candidate_plan(search, of, search->fit.desc.env, plan) : (int)ITP_E_RANGE;
    return itp_report_end(&search->log, status);
}

int itp_search_plan(const itp_search *search, int32_t evaluations, int32_t rank, itp_plan **plan)
{
    if (plan) {
        *plan = NULL;
    }
    if (!search || !plan) {
        return search ? itp_fail(&search->log, ITP_E_ARGUMENT, "plan: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, make_plan(search, evaluations, rank, plan));
}
