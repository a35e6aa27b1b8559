/* Reads a search's description, checks it, and fills in its defaults. What a fit has, too, is checked there. */
#include "search/describe.h"

#include <string.h>

#include "base/desc.h"
#include "base/element.h"
#include "base/field.h"
#include "base/sized.h"
#include "search/candidates.h"
#include "text/text.h"

enum { SEEDS = 32, MOST_TEXTS = 100000 };
static const int32_t BUDGETS[] = {4, 6, 8};

/* ---- checks ---- */

static int check_seeds(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    size_t most = (size_t)INT32_MAX / 2;
    if (d->count < 2 || d->count > most || d->test > most) {
        return itp_fail(&search->log, ITP_E_RANGE, "count, test: %zu, %zu; at least two seeds to choose by.", d->count,
                        d->test);
    }
    return d->dim ? ITP_OK : itp_fail(&search->log, ITP_E_RANGE, "dim: 0, it must be at least 1.");
}

static int check_budgets(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    int in_range = d->budget_count > 0 && d->budget_count <= ITP_SEARCH_BUDGETS;
    for (int32_t b = 0; in_range && b < d->budget_count; b++) {
        int32_t before = b ? d->budgets[b - 1] : 0;
        in_range = d->budgets[b] > before && d->budgets[b] <= ITP_SEARCH_ROWS;
    }
    return in_range
               ? ITP_OK
               : itp_fail(&search->log, ITP_E_RANGE, "budgets, budget_count: up to %d, which increase, from 1 to %d.",
                          ITP_SEARCH_BUDGETS, ITP_SEARCH_ROWS);
}

static int check_texts(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    if (!d->texts != !d->text_count || d->text_count > MOST_TEXTS) {
        return itp_fail(&search->log, d->texts ? ITP_E_RANGE : ITP_E_ARGUMENT,
                        "texts, text_count: %zu texts at %s; 1 to %d.", d->text_count, d->texts ? "an address" : "NULL",
                        MOST_TEXTS);
    }
    for (size_t i = 0; i < d->text_count; i++) {
        if (!d->texts[i]) {
            return itp_fail(&search->log, ITP_E_ARGUMENT, "texts[%zu]: NULL.", i);
        }
    }
    return ITP_OK;
}

static int check_switches(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    if (d->exhaustive < 0 || d->exhaustive > 1) {
        return itp_fail(&search->log, ITP_E_RANGE, "exhaustive: %d, it must be 0 or 1.", (int)d->exhaustive);
    }
    return d->exhaustive && d->most
               ? itp_fail(&search->log, ITP_E_UNSUPPORTED, "most: nothing reads it, as exhaustive is 1; leave it 0.")
               : ITP_OK;
}

static int check(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    int status = itp_choice_check(&itp_kind_type, "type", d->type, &search->log);
    status = status ? status : check_seeds(search);
    status = status ? status : check_budgets(search);
    status = status ? status : check_texts(search);
    return status ? status : check_switches(search);
}

/* ---- defaults and copies ---- */

static void fill_in(itp_search *search)
{
    itp_search_desc *d = &search->desc;
    d->count = d->count ? d->count : SEEDS;
    d->test = d->test ? d->test : d->count;
    d->type = d->type ? d->type : ITP_FLOAT32;
    if (!d->budgets && !d->budget_count) {
        d->budgets = BUDGETS;
        d->budget_count = sizeof BUDGETS / sizeof BUDGETS[0];
    } else if (!d->budgets) {
        d->budget_count = -1;
    }
    if (d->name) {
        strncpy(search->name, d->name, sizeof search->name - 1);
        d->name = search->name;
    }
}

static int copy_common(itp_search *search)
{
    const char *common = search->desc.common ? search->desc.common : "";
    search->common_bytes = strlen(common) + 1;
    search->common = itp_memory_array(&search->memory, search->common_bytes, 1);
    if (!search->common) {
        return ITP_E_MEMORY;
    }
    memcpy(search->common, common, search->common_bytes);
    search->desc.common = search->common;
    return ITP_OK;
}

/* The caller's, or the one that `common` names. */
static int take_model(itp_search *search)
{
    const itp_model *given = search->desc.model;
    itp_error why = ITP_ERROR_INIT;
    const itp_env env = {ITP_SIZED(itp_env), .error = &why};
    if (!given) {
        int status = itp_text_model(search->common, &env, &search->model);
        return status ? itp_fail(&search->log, status, "common: %s", why.text) : ITP_OK;
    }
    int status = itp_struct_read(&search->model, sizeof search->model, given);
    if (status) {
        return itp_fail_of_size(&search->log, status, "model", given, sizeof search->model);
    }
    (void)itp_schedule_keep(search->model.schedule);
    search->given = 1;
    return ITP_OK;
}

/* ---- the fitting ---- */

static int make_fitting(itp_search *search, const itp_search_desc *given)
{
    const itp_search_desc *d = &search->desc;
    const itp_fit_report empty = ITP_FIT_REPORT_INIT;
    itp_fit_expert rare = ITP_FIT_EXPERT_INIT;
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    rare.ends = d->ends;
    rare.ends_out = d->ends_out;
    rare.no_test = 1;
    want.env = given->env;
    want.model = &search->model;
    want.dim = d->dim;
    want.count = d->count + d->test;
    want.seed = d->seed;
    want.first = d->first;
    want.seeds = d->seeds;
    want.type = d->type;
    want.batch = d->batch;
    want.reference_rows = d->reference_rows;
    want.tolerance = d->tolerance;
    want.guidance = d->guidance;
    want.guidance_low = d->guidance_low;
    want.guidance_high = d->guidance_high;
    want.feature = d->feature;
    want.feature_user = d->feature_user;
    want.features = d->features;
    want.expert = &rare;
    search->fit.memory = search->memory;
    search->fit.report = empty;
    search->fitting = 1;
    int status = itp_idle_check(&search->log, !d->progress && d->progress_user, "progress_user", "progress");
    return status ? status : itp_fitting_new(search->base, &want, &search->fit);
}

int itp_search_describe(itp_search *search, const itp_search_desc *desc)
{
    itp_search_desc *d = &search->desc;
    int status = itp_struct_read(d, sizeof *d, desc);
    if (status) {
        return status;
    }
    fill_in(search);
    status = check(search);
    if (status) {
        return status;
    }
    memcpy(search->budgets, d->budgets, (size_t)d->budget_count * sizeof *d->budgets);
    d->budgets = search->budgets;
    status = copy_common(search);
    status = status ? status : take_model(search);
    status = status ? status : itp_candidates_base(search);
    return status ? status : make_fitting(search, desc);
}

void itp_search_forget(itp_search *search)
{
    if (search->fitting) {
        itp_fitting_free(&search->fit);
    }
    itp_plan_free(search->base);
    itp_schedule_drop(search->model.schedule);
    itp_memory_free(&search->memory, search->common, search->common_bytes);
}
