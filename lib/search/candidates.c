#include "search/candidates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "search/menu.h"
#include "text/text.h"

/* ---- numbers ---- */

/* Rows before this one have a time and 2, 3, ... coefficients each. */
size_t itp_candidate_count(int32_t rows)
{
    return (size_t)rows * ((size_t)rows + 5) / 2;
}

const double *itp_candidate_numbers(const itp_search *search, const itp_candidate *of, int32_t row)
{
    return (const double *)(const void *)search->numbers.data + of->numbers + itp_candidate_count(row);
}

const double *itp_candidate_positions(const itp_search *search, const itp_candidate *of)
{
    return itp_candidate_numbers(search, of, of->rows);
}

/* Whole numbers that are the same for what differs by rounding; a third of a step keeps round numbers away from where
 * they change. */
static double coarse(double value)
{
    return floor(value * 0x1p32 + 1. / 3);
}

int itp_candidates_compare(const itp_search *search, const itp_candidate *a, const itp_candidate *b, int32_t *shared)
{
    int32_t rows = a->rows < b->rows ? a->rows : b->rows;
    const double *x = itp_candidate_numbers(search, a, 0), *y = itp_candidate_numbers(search, b, 0);
    *shared = 0;
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t k = 0; k < i + 3; k++, x++, y++) {
            double p = coarse(*x), q = coarse(*y);
            if (p != q) {
                return p < q ? -1 : 1;
            }
            *shared += k == 0;
        }
    }
    return (a->rows > b->rows) - (a->rows < b->rows);
}

static uint64_t hash_of(const itp_search *search, const itp_candidate *of)
{
    const double *x = itp_candidate_numbers(search, of, 0);
    uint64_t hash = itp_hash_two(ITP_HASH_EMPTY, of->budget, of->rows);
    for (size_t i = 0; i < itp_candidate_count(of->rows); i++) {
        hash = itp_hash_real(hash, coarse(x[i]) + 0.0);
    }
    return hash;
}

static int append_numbers(itp_search *search, const itp_plan *plan, const itp_fit_table *table)
{
    int status = ITP_OK;
    for (int32_t i = 0; i < table->rows && !status; i++) {
        const itp_memory *memory = &search->memory;
        status = itp_pool_add(&search->numbers, memory, sizeof(double), &plan->rows[i].time, 1);
        status = status
                     ? status
                     : itp_pool_add(&search->numbers, memory, sizeof(double), itp_fit_coefs(table, i), (size_t)i + 2);
    }
    return status ? status
                  : itp_pool_add(&search->numbers, &search->memory, sizeof(double), table->u, (size_t)table->rows);
}

static int read_plan(itp_search *search, const itp_plan *plan)
{
    itp_fit_table table;
    int status = itp_fit_table_new(&search->memory, plan->info.rows, 0, 0, &table);
    if (status) {
        return status;
    }
    status = itp_fit_table_read(&table, plan);
    status = status ? status : append_numbers(search, plan, &table);
    itp_fit_table_free(&table);
    return status;
}

/* ---- what is there already ---- */

static int32_t *slot_of(const itp_search *search, uint64_t hash)
{
    size_t at = (size_t)(hash % search->slot_count);
    while (search->slots[at] && itp_candidate_at(search, search->slots[at] - 1)->hash != hash) {
        at = (at + 1) % search->slot_count;
    }
    return &search->slots[at];
}

/* Keeps the slots at most half full. */
static int make_slots(itp_search *search)
{
    size_t old = search->slot_count, count = search->candidates.count;
    if (2 * (count + 1) <= old) {
        return ITP_OK;
    }
    itp_memory_free(&search->memory, search->slots, old * sizeof *search->slots);
    search->slot_count = 4 * (count + 1) + 1023;
    search->slots = itp_memory_array(&search->memory, search->slot_count, sizeof *search->slots);
    for (size_t i = 0; search->slots && i < count; i++) {
        if (itp_candidate_at(search, (int32_t)i)->rows) {
            *slot_of(search, itp_candidate_at(search, (int32_t)i)->hash) = (int32_t)i + 1;
        }
    }
    return search->slots ? ITP_OK : ITP_E_MEMORY;
}

/* ---- plans ---- */

static int plan_of(const itp_search *search, const char *text, const itp_env *env, itp_plan **out)
{
    size_t length = strlen(text) + 1, bytes = search->common_bytes + length;
    char *whole = itp_memory_array(&search->memory, bytes, 1);
    *out = NULL;
    if (!whole) {
        return ITP_E_MEMORY;
    }
    memcpy(whole, search->common, search->common_bytes);
    whole[search->common_bytes - 1] = ' '; /* where its final 0 was */
    memcpy(whole + search->common_bytes, text, length);
    int status = itp_text_plan(whole, search->given ? &search->model : NULL, env, out);
    itp_memory_free(&search->memory, whole, bytes);
    return status > 0 ? (int)ITP_E_CALLBACK : status;
}

/* Tells nobody but `why` what cannot be made of a text. */
static int quiet_plan(const itp_search *search, const char *text, itp_error *why, itp_plan **out)
{
    const itp_allocator own = {ITP_SIZED(itp_allocator), search->memory.alloc, search->memory.free,
                               search->memory.user};
    const itp_env env = {ITP_SIZED(itp_env), .memory = &own, .error = why};
    return plan_of(search, text, &env, out);
}

int itp_candidate_plan(const itp_search *search, const itp_candidate *of, const itp_env *env, itp_plan **out)
{
    return plan_of(search, (const char *)search->texts.data + of->text, env, out);
}

static double distance_of(const itp_plan_info *a, const itp_plan_info *b)
{
    double most = fmax(fabs(a->u_start - b->u_start), fabs(a->u_end - b->u_end));
    return fmax(most, fabs(a->start_scale - b->start_scale));
}

/* A candidate draws no noise, and goes from where the base begins to where that ends. */
static int check_path(const itp_search *search, const itp_plan *plan, itp_error *why)
{
    const itp_report log = {.hook = ITP_LOG_INIT, .error = why};
    const itp_plan_info *info = &plan->info;
    if (info->normals > 1 || info->u_start >= info->u_end) {
        return itp_fail(&log, ITP_E_UNSUPPORTED, "plan: it draws noise, or leads to noise.");
    }
    int same = !search->base || distance_of(info, &search->base->info) <= ITP_FIT_SAME;
    return same && info->rows <= ITP_SEARCH_ROWS
               ? ITP_OK
               : itp_fail(&log, ITP_E_UNSUPPORTED, "plan: it begins or ends elsewhere than the others.");
}

/* Appends a text to the pool; *at is where it begins. */
static int append_text(itp_search *search, const char *text, size_t *at)
{
    *at = search->texts.count;
    return itp_pool_add(&search->texts, &search->memory, 1, text, strlen(text) + 1);
}

static int append(itp_search *search, itp_candidate *of, const char *text)
{
    of->round = of->status ? 0 : -1;
    int status = append_text(search, text, &of->text);
    return status ? status : itp_pool_add(&search->candidates, &search->memory, sizeof *of, of, 1);
}

/* A plan that is there already gives its numbers back. */
static int add_plan(itp_search *search, const itp_plan *plan, int32_t budget, const char *text)
{
    size_t before = search->numbers.count;
    itp_candidate made = {.numbers = before, .rows = plan->info.rows, .budget = budget, .names = 1};
    int status = make_slots(search);
    status = status ? status : read_plan(search, plan);
    if (status) {
        return status;
    }
    made.hash = hash_of(search, &made);
    int32_t *slot = slot_of(search, made.hash);
    search->report.names++;
    if (*slot) {
        itp_candidate_at(search, *slot - 1)->names++;
        search->numbers.count = before;
        return ITP_OK;
    }
    *slot = (int32_t)search->candidates.count + 1;
    search->report.candidates++;
    return append(search, &made, text);
}

/* A text of the caller's that makes no plan is shown as that, one of the menu's is passed over. */
static int refuse(itp_search *search, int status, int32_t budget, const char *text, const itp_error *why)
{
    itp_candidate none = {.budget = budget, .names = 1, .status = status};
    search->report.refused++;
    if (!search->desc.texts) {
        return ITP_OK;
    }
    itp_warn(&search->log, "texts: \"%s\" is left out: %s", text, why->text);
    return append(search, &none, text);
}

/* Adds what a text makes; *found: it makes a candidate. */
static int add(itp_search *search, int32_t budget, const char *text, int *found)
{
    itp_plan *plan;
    itp_error why = ITP_ERROR_INIT;
    int status = quiet_plan(search, text, &why, &plan);
    status = status ? status : check_path(search, plan, &why);
    *found = !status;
    if (status != ITP_E_MEMORY) {
        status = status ? refuse(search, status, budget, text, &why) : add_plan(search, plan, budget, text);
    }
    itp_plan_free(plan);
    return status;
}

/* ---- all of them ---- */

/* The text with a budget, to be freed, `bytes` long; NULL: no memory. */
static char *with_budget(const itp_search *search, const char *text, int32_t budget, size_t *bytes)
{
    *bytes = strlen(text) + 32;
    char *whole = itp_memory_array(&search->memory, *bytes, 1);
    if (whole) {
        (void)snprintf(whole, *bytes, "%s%sevaluations=%d", text, text[0] ? " " : "", (int)search->budgets[budget]);
    }
    return whole;
}

static int add_text(itp_search *search, int32_t budget, const char *text)
{
    size_t bytes;
    char *whole = with_budget(search, text, budget, &bytes);
    int found, status = whole ? add(search, budget, whole, &found) : ITP_E_MEMORY;
    itp_memory_free(&search->memory, whole, bytes);
    return status;
}

static int add_texts(itp_search *search, int32_t budget)
{
    int status = ITP_OK;
    for (size_t i = 0; i < search->desc.text_count && !status; i++) {
        status = add_text(search, budget, search->desc.texts[i]);
    }
    return status;
}

/* All solvers at one place. Where the first one begins or ends elsewhere than the others, so do all. */
static int add_solvers(itp_search *search, int32_t budget, const char *schedule, const char *grid)
{
    int status = ITP_OK, found = 1;
    for (int32_t i = 0; !status && (found || i > 1); i++) {
        char text[3 * ITP_MENU_TEXT + 32], solver[ITP_MENU_TEXT] = "";
        if (!itp_menu_solver(i, solver)) {
            break;
        }
        (void)snprintf(text, sizeof text, "%s%s%s evaluations=%d", schedule, solver, grid,
                       (int)search->budgets[budget]);
        status = add(search, budget, text + 1, &found);
    }
    return status;
}

static int add_menu(itp_search *search, int32_t budget)
{
    int status = ITP_OK;
    char schedule[ITP_MENU_TEXT] = "", grid[ITP_MENU_TEXT] = "";
    for (int32_t i = 0; !status && itp_menu_schedule(i, schedule); i++, schedule[0] = 0) {
        for (int32_t j = 0; !status && itp_menu_grid(j, grid); j++, grid[0] = 0) {
            status = add_solvers(search, budget, schedule, grid);
        }
    }
    return status;
}

static int try_base(itp_search *search, const char *text, int32_t budget, itp_error *why)
{
    size_t bytes;
    char *whole = with_budget(search, text, budget, &bytes);
    int status = whole ? quiet_plan(search, whole, why, &search->base) : ITP_E_MEMORY;
    status = status ? status : check_path(search, search->base, why);
    if (status) {
        itp_plan_free(search->base);
        search->base = NULL;
    }
    itp_memory_free(&search->memory, whole, bytes);
    return status;
}

int itp_candidates_base(itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    itp_error why = ITP_ERROR_INIT;
    int status = ITP_E_UNSUPPORTED;
    for (int32_t b = 0; b < d->budget_count && status; b++) {
        status = d->texts ? status : try_base(search, "", b, &why);
        for (size_t i = 0; i < d->text_count && status; i++) {
            status = try_base(search, d->texts[i], b, &why);
        }
    }
    return status == ITP_E_MEMORY || !status ? status : itp_fail(&search->log, status, "%s", why.text);
}

int itp_candidates_make(itp_search *search)
{
    int status = ITP_OK;
    for (int32_t b = 0; b < search->desc.budget_count && !status; b++) {
        search->begins[b] = (int32_t)search->candidates.count;
        status = search->desc.texts ? add_texts(search, b) : add_menu(search, b);
        search->begins[b + 1] = (int32_t)search->candidates.count;
    }
    itp_memory_free(&search->memory, search->slots, search->slot_count * sizeof *search->slots);
    search->slots = NULL;
    search->report.running = search->report.candidates;
    return status;
}
