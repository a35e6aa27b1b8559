/* Searches: the best plan of thousands is found with few evaluations, the same in every way of asking; what is printed
 * is true of the plans. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { DIM = 5, SEEDS = 12, TEST = 7, ALL = SEEDS + TEST };

typedef struct net {
    int calls, stop_at, answer;
    double poison; /* from this time on its outputs are NaN; 0: never */
} net;

static void evaluate(const net *n, const itp_request *rq)
{
    mixture law = mixture_two_modes();
    const double *x = rq->x;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double noise, data, t = rq->time;
        mixture_both(&law, 1 - t, t, x[i], &noise, &data);
        ((double *)rq->out)[i] = n->poison > 0 && t > n->poison ? NAN : data - noise;
        if (rq->out2) ((double *)rq->out2)[i] = data - noise - 0.1;
    }
}

static int ITP_CALL network(void *user, const itp_request *rq)
{
    net *n = user;
    n->calls++;
    if (n->stop_at == n->calls) return n->answer;
    evaluate(n, rq);
    return 0;
}

static int ITP_CALL sines(void *user, const void *x, size_t count, uint64_t first, void *features)
{
    const double *from = x;
    double *to = features;
    (void)first;
    for (size_t i = 0; i < count; i++) to[i] = sin(from[i * DIM]) + from[i * DIM + 1];
    return user ? *(const int *)user : 0;
}

/* Euler's method and DDIM are the same here, and so are "u" and "time"; the last but one makes no plan, the last one
 * draws noise. */
static const char *const TEXTS[] = {"solver=euler",
                                    "solver=ab2",
                                    "solver=ab2 grid=u",
                                    "solver=ddim",
                                    "solver=heun",
                                    "solver=dpmpp-2m grid=karras-flow",
                                    "solver=ipndm-3 grid=beta-flow",
                                    "schedule=vp solver=ab3",
                                    "schedule=lazy(s=0.5) solver=ab2",
                                    "solver=dpmpp-3s",
                                    "solver=rk4",
                                    "solver=ab4 grid=smoothstep",
                                    "solver=nonsense",
                                    "solver=euler-maruyama k=1"};
static const int32_t BUDGETS[] = {3, 5};

/* Case 0: plain; 1: guidance; 2: features; 3: given ends; 4: all plans with all seeds. */
enum { CASES = 5 };
typedef struct set {
    itp_search_desc desc;
    double ends[ALL * DIM];
} set;

static void set_case(set *s, int i)
{
    memset(s, 0, sizeof *s);
    s->desc = (itp_search_desc){ITP_SIZED(itp_search_desc),
                                .dim = DIM,
                                .count = SEEDS,
                                .test = TEST,
                                .type = ITP_FLOAT64,
                                .seed = 3,
                                .batch = 4,
                                .budgets = BUDGETS,
                                .budget_count = COUNT(BUDGETS),
                                .texts = TEXTS,
                                .text_count = (size_t)COUNT(TEXTS),
                                .guidance = i == 1 ? 2 : 0,
                                .guidance_high = i == 1 ? .7 : 0,
                                .feature = i == 2 ? sines : NULL,
                                .features = i == 2,
                                .exhaustive = i == 4};
    for (size_t k = 0; k < ALL && i == 3; k++) {
        mixture law = mixture_two_modes();
        mixture_point from = {1, 0}, to = {0, 1};
        double *z = s->ends + k * DIM;
        itp_normals(3, k, 0, 0, ITP_FLOAT64, z, DIM);
        for (size_t j = 0; j < DIM; j++) z[j] = mixture_flow(&law, from, z[j], to);
        s->desc.ends = s->ends;
    }
}

static itp_search *search_of(const itp_search_desc *desc)
{
    itp_search *search = NULL;
    check_status("new", itp_search_new(desc, &search), ITP_OK);
    return search;
}

static itp_search *loop_of(const itp_search_desc *desc)
{
    net n = {0, 0, 0, 0};
    itp_search *search = NULL;
    check_status("loop", itp_search_run(desc, network, &n, &search), ITP_OK);
    return search;
}

/* So many steps, or all: ITP_EVALUATE where there are more. */
static int steps(itp_search *search, int most)
{
    const net n = {0, 0, 0, 0};
    itp_request rq = ITP_REQUEST_INIT;
    int status = ITP_EVALUATE;
    for (int i = 0; i < most && (status = itp_search_next(search, &rq)) == ITP_EVALUATE; i++) {
        evaluate(&n, &rq);
        int submitted = itp_search_submit(search);
        if (submitted) return submitted;
        status = ITP_EVALUATE;
    }
    return status;
}

static itp_search_entry entry_of(const itp_search *search, int32_t evaluations, int32_t rank)
{
    itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
    check_status("entry", itp_search_get_entry(search, evaluations, rank, &entry), ITP_OK);
    return entry;
}

static itp_search_report report_of(const itp_search *search)
{
    itp_search_report report = ITP_SEARCH_REPORT_INIT;
    check_status("report", itp_search_get_report(search, &report), ITP_OK);
    return report;
}

static void check_same_entries(itp_search_entry a, itp_search_entry b)
{
    assert_string_equal(a.text, b.text);
    a.text = b.text = NULL;
    assert_memory_equal(&a, &b, sizeof a);
}

static void check_same_searches(const itp_search *a, const itp_search *b)
{
    itp_search_report x = report_of(a), y = report_of(b);
    assert_memory_equal(&x, &y, sizeof x);
    for (int i = 0; i < COUNT(BUDGETS); i++) {
        itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
        int32_t rank = 0;
        for (; itp_search_get_entry(a, BUDGETS[i], rank, &entry) == ITP_OK; rank++) {
            check_same_entries(entry, entry_of(b, BUDGETS[i], rank));
        }
        check_true("as many", rank > 5 && itp_search_get_entry(b, BUDGETS[i], rank, &entry) == ITP_E_RANGE);
    }
}

/* ---- the same result ---- */

static void steps_find_what_the_loop_finds(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        set s;
        set_case(&s, i);
        itp_search *want = loop_of(&s.desc), *got = search_of(&s.desc);
        assert_int_equal(steps(got, INT32_MAX), ITP_OK);
        check_same_searches(want, got);
        check_true("over", report_of(got).over && report_of(got).running > 0);
        itp_search_free(want);
        itp_search_free(got);
    }
}

static void batches_change_nothing(void **state)
{
    static const size_t sizes[] = {1, 3, 64};
    set s;
    (void)state;
    set_case(&s, 0);
    itp_search *want = loop_of(&s.desc);
    for (int i = 0; i < COUNT(sizes); i++) {
        s.desc.batch = sizes[i];
        itp_search *got = loop_of(&s.desc);
        check_same_searches(want, got);
        itp_search_free(got);
    }
    itp_search_free(want);
}

/* Nothing but ends_out is needed once the search is there. */
static void descriptions_may_go(void **state)
{
    set s;
    itp_model model = ITP_MODEL_INIT;
    char text[] = "solver=ab2", name[] = "two modes", common[] = "ends=inside";
    const char *texts[] = {text, "solver=euler"};
    int32_t budgets[] = {3, 5};
    char printed[2000];
    (void)state;
    set_case(&s, 0);
    s.desc.model = &model;
    s.desc.texts = texts;
    s.desc.text_count = 2;
    s.desc.budgets = budgets;
    s.desc.name = name;
    s.desc.common = common;
    itp_search *want = loop_of(&s.desc), *got = search_of(&s.desc);
    memset(&s.desc, 0xA5, sizeof s.desc);
    memset(&model, 0xA5, sizeof model);
    memset(texts, 0xA5, sizeof texts);
    memset(text, 0xA5, sizeof text);
    memset(name, 0xA5, sizeof name);
    memset(common, 0xA5, sizeof common);
    memset(budgets, 0xA5, sizeof budgets);
    assert_int_equal(steps(got, INT32_MAX), ITP_OK);
    check_same_entries(entry_of(want, 5, 1), entry_of(got, 5, 1));
    check_status("print", itp_search_print(got, 0, printed, sizeof printed, NULL), ITP_OK);
    check_true("name", strstr(printed, "two modes: ") == printed);
    itp_search_free(want);
    itp_search_free(got);
}

/* ---- what it says is so ---- */

/* The error of a plan on some of the seeds, run as any plan. */
static double error_of(const itp_plan *plan, const double *ends, size_t first, size_t count)
{
    double x[ALL * DIM], sum = 0;
    net n = {0, 0, 0, 0};
    itp_batch batch = batch_of(DIM, count, ITP_FLOAT64);
    batch.seed = 3;
    batch.first = first;
    check_status("sample", itp_sample(plan, &batch, x, network, &n), ITP_OK);
    for (size_t i = 0; i < count * DIM; i++) {
        double difference = x[i] - ends[first * DIM + i];
        sum += difference * difference;
    }
    return sqrt(sum / (double)(count * DIM));
}

static void errors_are_those_of_the_plans(void **state)
{
    set s;
    (void)state;
    set_case(&s, 4);
    s.desc.ends_out = s.ends;
    itp_search *search = loop_of(&s.desc);
    for (int i = 0; i < COUNT(BUDGETS); i++) {
        double before = 0;
        for (int32_t rank = 0; rank < 8; rank++) {
            itp_plan *plan = NULL;
            itp_search_entry entry = entry_of(search, BUDGETS[i], rank);
            check_status("plan", itp_search_plan(search, BUDGETS[i], rank, &plan), ITP_OK);
            check_near(entry.text, entry.chosen, error_of(plan, s.ends, 0, SEEDS), 1e-9);
            check_near(entry.text, entry.error, error_of(plan, s.ends, SEEDS, TEST), 1e-9);
            check_true("in order", entry.chosen >= before && entry.tested && entry.seeds == TEST);
            check_true("uncertain", entry.standard_error > 0 && entry.standard_error < entry.error);
            before = entry.chosen;
            itp_plan_free(plan);
        }
    }
    itp_search_free(search);
}

static void names_of_one_plan_are_counted(void **state)
{
    set s;
    (void)state;
    set_case(&s, 4);
    itp_search *search = loop_of(&s.desc);
    itp_search_report report = report_of(search);
    int32_t refused = 0, names = 0, ranks = 0;
    for (itp_search_entry e = ITP_SEARCH_ENTRY_INIT; itp_search_get_entry(search, 5, ranks, &e) == ITP_OK; ranks++) {
        refused += e.status == ITP_E_UNSUPPORTED;
        names += e.status ? 0 : e.names;
        check_true(
            "twice",
            e.names ==
                (!strcmp(e.text, "solver=euler evaluations=5") || !strcmp(e.text, "solver=ab2 evaluations=5") ? 2 : 1));
    }
    assert_int_equal(refused, 2);
    assert_int_equal(names, COUNT(TEXTS) - 2);
    assert_int_equal(ranks, COUNT(TEXTS) - 2);
    assert_int_equal(report.refused, 4);
    check_true("last", entry_of(search, 5, ranks - 1).status && entry_of(search, 5, ranks - 2).status);
    itp_plan *plan = NULL;
    check_status("no plan", itp_search_plan(search, 5, ranks - 1, &plan), ITP_E_UNSUPPORTED);
    check_true("shared", report.shared > ALL * 10);
    itp_search_free(search);
}

/* Evaluations that candidates share are made once: with all of them, as many as there are rows. */
static void shared_evaluations_are_made_once(void **state)
{
    set s;
    uint64_t rows = 0;
    (void)state;
    set_case(&s, 4);
    itp_search *search = loop_of(&s.desc);
    itp_search_report report = report_of(search);
    for (int i = 0; i < COUNT(BUDGETS); i++) {
        itp_search_entry entry = ITP_SEARCH_ENTRY_INIT;
        for (int32_t rank = 0; itp_search_get_entry(search, BUDGETS[i], rank, &entry) == ITP_OK; rank++) {
            rows += (uint64_t)entry.evaluations * ALL;
        }
    }
    check_true("sum", report.evaluations - report.reference_evaluations + report.shared == rows);
    itp_search_free(search);
}

/* ---- finding the best ---- */

static void wins_against_all(int32_t evaluations, const itp_search *few, const itp_search *all)
{
    itp_search_entry found = entry_of(few, evaluations, 0), best = entry_of(all, evaluations, 0);
    check_true(found.text, found.error <= 1.1 * best.error);
}

/* All solvers on all grids under all schedules, for the exact mixture: thousands of plans. */
static void the_best_of_thousands_is_found(void **state)
{
    static const int32_t budgets[] = {4, 6};
    itp_search_desc desc = {ITP_SIZED(itp_search_desc), .dim = 32, .type = ITP_FLOAT64, .budgets = budgets,
                            .budget_count = 2};
    (void)state;
    itp_search *few = loop_of(&desc);
    desc.exhaustive = 1;
    itp_search *all = loop_of(&desc);
    itp_search_report report = report_of(few), whole = report_of(all);
    check_true("thousands", whole.candidates > 8000 && report.candidates == whole.candidates);
    check_true("names", whole.names > 3 * whole.candidates);
    check_true("cheap", report.evaluations <= 3 * report.reference_evaluations);
    check_true("dear", whole.evaluations > 30 * report.evaluations);
    wins_against_all(4, few, all);
    wins_against_all(6, few, all);
    itp_search_free(few);
    itp_search_free(all);
}

/* ---- ends of all kinds ---- */

static void networks_that_fail(void **state)
{
    set s;
    capture said;
    itp_env env = capture_env(&said);
    itp_search *search = NULL;
    (void)state;
    set_case(&s, 3);
    s.desc.env = &env;
    net stops = {0, 9, 7, 0}, fails = {0, 9, -7, 0}, poisoned = {0, 0, 0, .01}, late = {0, 0, 0, .9};
    check_status("stops", itp_search_run(&s.desc, network, &stops, &search), 7);
    check_status("fails", itp_search_run(&s.desc, network, &fails, &search), ITP_E_CALLBACK);
    check_true("none", search == NULL);
    check_status("NaN", itp_search_run(&s.desc, network, &poisoned, &search), ITP_E_NONFINITE);
    check_true("said", capture_has(&said, "finite"));
    s.desc.exhaustive = 1;
    check_status("NaN late", itp_search_run(&s.desc, network, &late, &search), ITP_OK);
    itp_search_entry best = entry_of(search, 5, 0), worst = entry_of(search, 5, 9);
    check_true("the rest is judged", isfinite(best.error) && best.round == -1);
    check_true("is out", !isfinite(worst.error) && worst.round == 1);
    itp_search_free(search);
}

static int ITP_CALL progress(void *user, const itp_search_report *report)
{
    int *left = user;
    (void)report;
    return --*left ? 0 : 1;
}

static int ITP_CALL refuses(void *user, const itp_search_report *report)
{
    (void)user;
    return report->rounds ? -1 : 0;
}

static void progress_stops(void **state)
{
    (void)state;
    for (int i = 1; i < 5; i++) {
        set s;
        net n = {0, 0, 0, 0};
        itp_search *search = NULL;
        int left = i;
        set_case(&s, 0);
        s.desc.progress = progress;
        s.desc.progress_user = &left;
        check_status("stopped", itp_search_run(&s.desc, network, &n, &search), ITP_OK);
        itp_search_entry entry = entry_of(search, 5, 0);
        assert_int_equal(left, 0);
        check_true("not tested", !entry.tested && report_of(search).rounds == (i < 3 ? 0 : i - 2));
        itp_search_free(search);
        s.desc.progress = refuses;
        s.desc.progress_user = NULL;
        check_status("fails", itp_search_run(&s.desc, network, &n, &search), ITP_E_CALLBACK);
    }
}

static void left_at_any_step(void **state)
{
    ledger books;
    itp_env allocator = ledger_env(&books);
    int status = ITP_EVALUATE;
    set s;
    (void)state;
    set_case(&s, 1);
    s.desc.env = &allocator;
    for (int most = 0; status == ITP_EVALUATE; most += 1 + most / 4) {
        itp_search *search = search_of(&s.desc);
        itp_plan *plan = NULL;
        status = steps(search, most);
        check_status("plan", itp_search_plan(search, 3, 2, &plan), ITP_OK);
        itp_plan_free(plan);
        itp_search_free(search);
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    }
    check_status("to the end", status, ITP_OK);
}

static void memory_is_asked_for_at_once(void **state)
{
    ledger books;
    itp_env allocator = ledger_env(&books);
    set s;
    (void)state;
    set_case(&s, 3);
    s.desc.env = &allocator;
    s.desc.exhaustive = 1;
    itp_search *search = search_of(&s.desc);
    int before = books.calls;
    assert_int_equal(steps(search, INT32_MAX), ITP_OK);
    assert_int_equal(books.calls, before);
    itp_search_free(search);
    assert_int_equal(books.live, 0);
}

static void every_allocation_may_fail(void **state)
{
    static const char *const few[] = {"solver=euler", "solver=ab2", "solver=ddim", "solver=nonsense"};
    ledger books;
    itp_env allocator = ledger_env(&books);
    set s;
    int status = ITP_E_MEMORY;
    (void)state;
    set_case(&s, 1);
    s.desc.env = &allocator;
    s.desc.texts = few;
    s.desc.text_count = 4;
    for (int k = 1; status == ITP_E_MEMORY; k++) {
        net n = {0, 0, 0, 0};
        itp_search *search = NULL;
        ledger_clear(&books);
        books.fail_at = k;
        status = itp_search_run(&s.desc, network, &n, &search);
        check_true("all or none", !status == (search != NULL));
        itp_search_free(search);
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    }
    check_status("in the end", status, ITP_OK);
}

/* ---- arguments ---- */

static void refused(const char *field, int want, itp_search_desc desc)
{
    capture said;
    itp_env env = capture_env(&said);
    itp_search *search = NULL;
    desc.env = &env;
    check_status(field, itp_search_new(&desc, &search), want);
    check_true(said.error.text, strstr(said.error.field, field) != NULL && !search);
}

#define REFUSED(field, want, change) \
    do { \
        set_case(&s, 0); \
        change; \
        refused(field, want, s.desc); \
    } while (0)

static void bad_descriptions(void **state)
{
    static const int32_t falling[] = {5, 3}, huge[] = {3, 101};
    static const char *const none[] = {"solver=ab2", NULL}, *const wrong[] = {"solver=ab9"};
    const itp_model model = ITP_MODEL_INIT;
    set s;
    (void)state;
    REFUSED("dim", ITP_E_RANGE, s.desc.dim = 0);
    REFUSED("count", ITP_E_RANGE, s.desc.count = 1);
    REFUSED("type", ITP_E_UNSUPPORTED, s.desc.type = 9);
    REFUSED("budgets", ITP_E_RANGE, s.desc.budgets = falling);
    REFUSED("budgets", ITP_E_RANGE, s.desc.budgets = huge);
    REFUSED("budgets", ITP_E_RANGE, s.desc.budgets = NULL);
    REFUSED("texts", ITP_E_ARGUMENT, s.desc.texts = NULL);
    REFUSED("texts", ITP_E_RANGE, s.desc.text_count = 0);
    REFUSED("texts[1]", ITP_E_ARGUMENT, (s.desc.texts = none, s.desc.text_count = 2));
    REFUSED("solver", ITP_E_UNSUPPORTED, (s.desc.texts = wrong, s.desc.text_count = 1));
    REFUSED("common", ITP_E_UNSUPPORTED, s.desc.common = "model=dta");
    REFUSED("model", ITP_E_UNSUPPORTED, (s.desc.common = "model=data", s.desc.model = &model));
    REFUSED("exhaustive", ITP_E_RANGE, s.desc.exhaustive = 2);
    REFUSED("most", ITP_E_UNSUPPORTED, (s.desc.exhaustive = 1, s.desc.most = 9));
    REFUSED("tolerance", ITP_E_ARGUMENT, (s.desc.ends = s.ends, s.desc.tolerance = .1));
    REFUSED("progress_user", ITP_E_UNSUPPORTED, s.desc.progress_user = &s);
    REFUSED("feature_user", ITP_E_UNSUPPORTED, s.desc.feature_user = &s);
    REFUSED("guidance", ITP_E_RANGE, s.desc.guidance = NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_find_what_the_loop_finds),
        cmocka_unit_test(batches_change_nothing),
        cmocka_unit_test(descriptions_may_go),
        cmocka_unit_test(errors_are_those_of_the_plans),
        cmocka_unit_test(names_of_one_plan_are_counted),
        cmocka_unit_test(shared_evaluations_are_made_once),
        cmocka_unit_test(the_best_of_thousands_is_found),
        cmocka_unit_test(networks_that_fail),
        cmocka_unit_test(progress_stops),
        cmocka_unit_test(left_at_any_step),
        cmocka_unit_test(memory_is_asked_for_at_once),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(bad_descriptions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
