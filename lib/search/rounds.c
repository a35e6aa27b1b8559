/* Successive halving, in thirds: many candidates on few seeds, and few on many. */
#include "search/rounds.h"

#include <math.h>

#include "base/sort.h"
#include "search/heap.h"
#include "search/tour.h"

/* So many of a budget are tested. In one go no more than HEAT seeds are run before those beyond hope leave. */
enum { FINALISTS = 3, THIRD = 3, HEAT = 8, LONG_SAMPLE = 32, SHORT_SAMPLE = 8, FINE_ROWS = 80 };
/* An error that is so many times that of the last one to go on is beyond hope. */
static const double BEYOND = 2;
/* Seeds run in all rounds per seed of the first, 1 + 1/3 + 2/9 + ...; what the last few take is counted apart. */
static const double SERIES = 1.8;

int itp_rounds_new(itp_search *search)
{
    size_t count = search->candidates.count;
    search->ranking = itp_memory_array(&search->memory, count, sizeof *search->ranking);
    search->errors = itp_memory_array(&search->memory, count, sizeof *search->errors);
    for (size_t i = 0; search->ranking && i < count; i++) {
        search->ranking[i] = (int32_t)i;
    }
    return search->ranking && search->errors ? ITP_OK : ITP_E_MEMORY;
}

void itp_rounds_free(itp_search *search)
{
    size_t count = search->candidates.count;
    itp_memory_free(&search->memory, search->ranking, count * sizeof *search->ranking);
    itp_memory_free(&search->memory, search->errors, count * sizeof *search->errors);
}

/* ---- the ranking ---- */

/* What it goes by: the last to leave comes first, then the least error. */
static double score(const itp_candidate *of)
{
    return of->seeds ? itp_candidate_error(of) : of->rehearsed;
}

static int comes_before(const void *context, int32_t a, int32_t b)
{
    const itp_candidate *x = itp_candidate_at(context, a), *y = itp_candidate_at(context, b);
    if (!x->status != !y->status) {
        return !x->status;
    }
    if (x->round != y->round) {
        return x->round < 0 || (y->round >= 0 && x->round > y->round);
    }
    double p = score(x), q = score(y);
    return p < q || (!(q < p) && a < b);
}

void itp_rounds_rank(itp_search *search)
{
    for (int32_t b = 0; b < search->desc.budget_count; b++) {
        int32_t first = search->begins[b];
        itp_heap_sort(search->ranking + first, search->begins[b + 1] - first, comes_before, search);
    }
}

/* ---- leaving ---- */

/* Of a budget's candidates that are left, those whose score is above `factor` times that of number `keep` leave. */
static void cut(itp_search *search, int32_t b, int32_t keep, double factor)
{
    int32_t count = 0;
    for (int32_t i = search->begins[b]; i < search->begins[b + 1]; i++) {
        itp_candidate *of = itp_candidate_at(search, i);
        if (of->round < 0) {
            search->errors[count++] = score(of);
        }
    }
    itp_sort_reals(search->errors, (size_t)count);
    double most = keep < count ? factor * search->errors[keep - 1] : INFINITY;
    for (int32_t i = search->begins[b]; i < search->begins[b + 1]; i++) {
        itp_candidate *of = itp_candidate_at(search, i);
        if (of->round < 0 && !(score(of) <= most && isfinite(score(of)))) {
            of->round = search->round;
            search->report.running--;
        }
    }
}

static int32_t left(const itp_search *search, int32_t b)
{
    int32_t count = 0;
    for (int32_t i = search->begins[b]; i < search->begins[b + 1]; i++) {
        count += itp_candidate_at(search, i)->round < 0;
    }
    return count;
}

/* How many of a budget go on from this round. */
static int32_t to_keep(const itp_search *search, int32_t among)
{
    int32_t third = (among + THIRD - 1) / THIRD;
    int last = search->seen == (int32_t)search->desc.count;
    return search->desc.exhaustive ? among : last || third < FINALISTS ? FINALISTS : third;
}

/* How many were in the round when it began is not known any more when some have left on the way: a third is of those
 * that are there. */
static void cut_all(itp_search *search, double factor)
{
    for (int32_t b = 0; b < search->desc.budget_count; b++) {
        cut(search, b, to_keep(search, left(search, b)), factor);
    }
}

/* ---- how many begin ---- */

/* Evaluations that the rounds of one budget may take, by samples. */
static double allowance(const itp_search *search)
{
    const itp_search_desc *d = &search->desc;
    double weight = (double)itp_search_weight(search), reference = (double)search->report.reference_evaluations;
    if (search->fit.expert.ends) {
        reference = FINE_ROWS * (double)(d->count + d->test) * weight;
    }
    double most = d->most ? (double)d->most : reference * d->budget_count * 2 / 3;
    return most / d->budget_count / weight;
}

/* Seeds of the first round. */
static int32_t first_seeds(const itp_search *search)
{
    size_t dim = search->desc.dim, most = search->desc.count;
    size_t wanted = dim >= LONG_SAMPLE ? 2 : dim >= SHORT_SAMPLE ? 4 : 8;
    return (int32_t)(wanted < most ? wanted : most);
}

/* The first evaluation is the same for nearly all. */
static int32_t to_begin(const itp_search *search, int32_t budget)
{
    const itp_search_desc *d = &search->desc;
    double rows = search->budgets[budget], each = rows > 1 ? rows - 1 : 1;
    double rest = allowance(search) - FINALISTS * (each * (double)d->count + rows * (double)d->test);
    double many = rest / (each * SERIES * first_seeds(search));
    return many < FINALISTS ? FINALISTS : many < INT32_MAX / 2 ? (int32_t)many : INT32_MAX / 2;
}

static void begin_heat(itp_search *search)
{
    int32_t end =
        search->target - search->seen > HEAT && !search->desc.exhaustive ? search->seen + HEAT : search->target;
    itp_tour_begin(search, (size_t)search->seen, (size_t)end);
    search->seen = end;
}

void itp_rounds_begin(itp_search *search)
{
    search->seen = 0;
    search->target = search->desc.exhaustive ? (int32_t)search->desc.count : first_seeds(search);
    for (int32_t b = 0; b < search->desc.budget_count && !search->desc.exhaustive; b++) {
        cut(search, b, to_begin(search, b), 1);
    }
    search->round = 1;
    itp_rounds_rank(search);
    begin_heat(search);
}

/* ---- rounds ---- */

static int begin_test(itp_search *search)
{
    search->testing = 1;
    itp_tour_begin(search, search->desc.count, search->desc.count + search->desc.test);
    return ITP_OK;
}

static int end_round(itp_search *search)
{
    int32_t count = (int32_t)search->desc.count;
    cut_all(search, 1);
    itp_rounds_rank(search);
    search->report.rounds = search->round++;
    if (!search->report.running) {
        return itp_fail(&search->log, ITP_E_NONFINITE, "network: the samples of no candidate are finite.");
    }
    int answer = itp_search_tell(search);
    search->enough = answer > 0;
    if (answer) {
        return answer < 0 ? answer : ITP_OK;
    }
    if (search->seen == count) {
        return begin_test(search);
    }
    search->target = 2 * search->seen < count ? 2 * search->seen : count;
    begin_heat(search);
    return ITP_OK;
}

static int end_heat(itp_search *search)
{
    if (search->seen == search->target) {
        return end_round(search);
    }
    cut_all(search, BEYOND);
    begin_heat(search);
    return ITP_OK;
}

int itp_rounds_advance(itp_search *search)
{
    int status = ITP_OK;
    while (!status && !search->enough) {
        status = itp_tour_advance(search);
        if (!status && search->testing) {
            return ITP_OK;
        }
        status = status ? status : end_heat(search);
    }
    return status;
}
