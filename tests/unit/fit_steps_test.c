/* Fits, step by step: the same plan, bit for bit, as from the loop of itp_plan_fit, whatever the caller does between
 * two steps: asks twice, fits something else beside, frees descriptions, leaves. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { DIM = 3, SEEDS = 20 };

typedef struct net {
    int calls, stop_at, answer;
} net;

static void evaluate(const itp_request *rq)
{
    mixture law = mixture_two_modes();
    const double *x = rq->x;
    for (size_t i = 0; i < rq->count * rq->dim; i++) {
        double noise, data, t = rq->time;
        mixture_both(&law, 1 - t, t, x[i], &noise, &data);
        ((double *)rq->out)[i] = data - noise;
        if (rq->out2) ((double *)rq->out2)[i] = data - noise - 0.1;
    }
}

static int ITP_CALL network(void *user, const itp_request *rq)
{
    net *n = user;
    n->calls++;
    if (n->stop_at == n->calls) return n->answer;
    evaluate(rq);
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

/* What a test needs, made anew for each of the cases. */
typedef struct set {
    itp_plan *plan, *other, *shorter;
    const itp_plan *starts[2];
    itp_fit_expert expert;
    itp_fit_desc desc;
    double ends[SEEDS * DIM];
} set;

static void set_new(set *s)
{
    memset(s, 0, sizeof *s);
    s->plan = plan_of("solver=euler evaluations=4");
    s->other = plan_of("solver=ab2 evaluations=4");
    s->shorter = plan_of("solver=midpoint evaluations=2");
    s->starts[0] = s->other;
    s->starts[1] = s->shorter;
    s->expert = (itp_fit_expert)ITP_FIT_EXPERT_INIT;
    s->desc = (itp_fit_desc)ITP_FIT_DESC_INIT;
    s->desc.dim = DIM;
    s->desc.count = SEEDS;
    s->desc.type = ITP_FLOAT64;
    s->desc.iterations = 2;
    s->desc.batch = 7;
    s->desc.expert = &s->expert;
    for (size_t i = 0; i < SEEDS; i++) {
        mixture law = mixture_two_modes();
        mixture_point from = {1, 0}, to = {0, 1};
        double *z = s->ends + i * DIM;
        itp_normals(0, i, 0, 0, ITP_FLOAT64, z, DIM);
        for (size_t k = 0; k < DIM; k++) z[k] = mixture_flow(&law, from, z[k], to);
    }
}

static void set_free(set *s)
{
    itp_plan_free(s->plan);
    itp_plan_free(s->other);
    itp_plan_free(s->shorter);
}

enum { CASES = 7 };
static void set_case(set *s, int i)
{
    set_new(s);
    s->desc.starts = s->starts;
    s->desc.start_count = i == 1 || i == 4 ? 2 : 0;
    s->desc.guidance = i == 2 ? 3 : 0;
    s->desc.guidance_high = i == 2 ? 0.6 : 0;
    s->desc.feature = i == 3 ? sines : NULL;
    s->desc.features = i == 3;
    s->expert.outputs = i == 4 ? 2 : 0;
    s->expert.finalists = i == 4 ? 2 : 0;
    s->expert.ends = i == 5 ? s->ends : NULL;
    s->expert.no_greedy = i == 5;
    s->expert.fixed_nodes = i == 6;
    s->expert.no_race = i == 6;
    s->expert.reference = i == 6 ? s->other : NULL;
}

static itp_fit *fit_of(const set *s)
{
    itp_fit *fit = NULL;
    check_status("new", itp_fit_new(s->plan, &s->desc, &fit), ITP_OK);
    return fit;
}

/* So many steps, or all: ITP_EVALUATE where there are more. */
static int steps(itp_fit *fit, int most)
{
    itp_request rq = ITP_REQUEST_INIT;
    int status = ITP_EVALUATE;
    for (int i = 0; i < most && (status = itp_fit_next(fit, &rq)) == ITP_EVALUATE; i++) {
        evaluate(&rq);
        int submitted = itp_fit_submit(fit);
        if (submitted) return submitted;
        status = ITP_EVALUATE;
    }
    return status;
}

static itp_plan *plan_from(const itp_fit *fit)
{
    itp_plan *plan = NULL;
    check_status("plan", itp_fit_plan(fit, &plan), ITP_OK);
    return plan;
}

static void check_same_plans(const itp_plan *a, const itp_plan *b)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_origin from[2] = {ITP_PLAN_ORIGIN_INIT, ITP_PLAN_ORIGIN_INIT};
    itp_plan_get_info(a, &info);
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row x = ITP_PLAN_ROW_INIT, y = ITP_PLAN_ROW_INIT;
        itp_plan_get_row(a, i, &x);
        itp_plan_get_row(b, i, &y);
        check_same("u", x.u, y.u);
        check_same("time", x.time, y.time);
        assert_int_equal(x.term_count, y.term_count);
        for (int32_t k = 0; k < x.term_count; k++) check_same("coef", x.terms[k].coef, y.terms[k].coef);
    }
    itp_plan_get_origin(a, &from[0]);
    itp_plan_get_origin(b, &from[1]);
    assert_memory_equal(&from[0], &from[1], sizeof from[0]);
}

static itp_plan *plan_from_loop(const set *s, itp_fit_report *report)
{
    net n = {0, 0, 0};
    itp_fit_desc desc = s->desc;
    itp_plan *plan = NULL;
    desc.report = report;
    check_status("loop", itp_plan_fit(s->plan, &desc, network, &n, &plan), ITP_OK);
    return plan;
}

/* ---- the same plan ---- */

static void steps_make_the_loops_plan(void **state)
{
    (void)state;
    for (int i = 0; i < CASES; i++) {
        set s;
        set_case(&s, i);
        itp_fit_report a = ITP_FIT_REPORT_INIT, b = ITP_FIT_REPORT_INIT;
        itp_plan *want = plan_from_loop(&s, &a);
        itp_fit *fit = fit_of(&s);
        assert_int_equal(steps(fit, INT32_MAX), ITP_OK);
        itp_plan *got = plan_from(fit), *again = plan_from(fit);
        check_same_plans(got, want);
        check_same_plans(again, want);
        check_status("report", itp_fit_get_report(fit, &b), ITP_OK);
        assert_memory_equal(&a, &b, sizeof a);
        check_true("better", b.after_held_out < b.before_held_out && b.evaluations > b.reference_evaluations);
        itp_fit_free(fit);
        itp_plan_free(want);
        itp_plan_free(got);
        itp_plan_free(again);
        set_free(&s);
    }
}

/* Asked twice, before and after the outputs are written. */
static void next_changes_nothing(void **state)
{
    set s;
    itp_request first = ITP_REQUEST_INIT, second = ITP_REQUEST_INIT;
    (void)state;
    set_case(&s, 2);
    itp_plan *want = plan_from_loop(&s, NULL);
    itp_fit *fit = fit_of(&s);
    while (itp_fit_next(fit, &first) == ITP_EVALUATE) {
        check_true("unwritten", isnan(*(double *)first.out));
        check_status("again", itp_fit_next(fit, &second), ITP_EVALUATE);
        assert_memory_equal(&first, &second, sizeof first);
        evaluate(&second);
        check_status("and again", itp_fit_next(fit, &second), ITP_EVALUATE);
        check_status("submit", itp_fit_submit(fit), ITP_OK);
    }
    itp_plan *got = plan_from(fit);
    check_same_plans(got, want);
    itp_fit_free(fit);
    itp_plan_free(got);
    itp_plan_free(want);
    set_free(&s);
}

static void fits_side_by_side(void **state)
{
    set s[2];
    itp_plan *want[2], *got[2];
    itp_fit *fit[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        set_case(&s[i], 3 * i + 1);
        want[i] = plan_from_loop(&s[i], NULL);
        fit[i] = fit_of(&s[i]);
    }
    for (int running = 3; running;) {
        for (int i = 0; i < 2; i++) running &= steps(fit[i], 1 + 2 * i) == ITP_EVALUATE ? 3 : ~(1 << i);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(steps(fit[i], INT32_MAX), ITP_OK);
        got[i] = plan_from(fit[i]);
        check_same_plans(got[i], want[i]);
        itp_fit_free(fit[i]);
        itp_plan_free(got[i]);
        itp_plan_free(want[i]);
        set_free(&s[i]);
    }
}

/* Nothing but plans and ends_out is needed once the fit is there. */
static void descriptions_may_go(void **state)
{
    set s;
    itp_model model = ITP_MODEL_INIT;
    uint64_t seeds[SEEDS];
    char name[] = "two modes";
    itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
    (void)state;
    set_case(&s, 4);
    s.desc.model = &model;
    s.desc.seeds = seeds;
    s.desc.name = name;
    for (size_t i = 0; i < SEEDS; i++) seeds[i] = 3 * i;
    itp_plan *want = plan_from_loop(&s, NULL);
    itp_fit *fit = fit_of(&s);
    memset(&s.desc, 0xA5, sizeof s.desc);
    memset(&s.expert, 0xA5, sizeof s.expert);
    memset(s.starts, 0xA5, sizeof s.starts);
    memset(&model, 0xA5, sizeof model);
    memset(seeds, 0xA5, sizeof seeds);
    memset(name, 0xA5, sizeof name);
    assert_int_equal(steps(fit, INT32_MAX), ITP_OK);
    itp_plan *got = plan_from(fit);
    check_same_plans(got, want);
    check_status("origin", itp_plan_get_origin(got, &origin), ITP_OK);
    assert_string_equal(origin.network, "two modes");
    itp_fit_free(fit);
    itp_plan_free(got);
    itp_plan_free(want);
    set_free(&s);
}

/* ---- ends of all kinds ---- */

/* Left after any number of steps; a plan is there from the first judgement on, never worse than what came in. */
static void left_at_any_step(void **state)
{
    ledger books;
    itp_env allocator = ledger_env(&books);
    int plans = 0, status = ITP_EVALUATE;
    set s;
    (void)state;
    set_case(&s, 4);
    s.desc.env = &allocator;
    for (int most = 0; status == ITP_EVALUATE; most += most < 20 ? 1 : 17) {
        itp_fit *fit = fit_of(&s);
        itp_plan *plan = NULL;
        itp_fit_report report = ITP_FIT_REPORT_INIT;
        status = steps(fit, most);
        int found = itp_fit_plan(fit, &plan);
        check_status("report", itp_fit_get_report(fit, &report), ITP_OK);
        check_true("state", found == ITP_OK || (found == ITP_E_STATE && !plans));
        check_true("never worse", found || !(report.after_held_out > report.before_held_out) || report.before == 0);
        plans += !found;
        itp_plan_free(plan);
        itp_fit_free(fit);
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    }
    check_status("to the end", status, ITP_OK);
    check_true("plans", plans > 3);
    itp_fit_free(NULL);
    set_free(&s);
}

/* With given ends and without greedy rows there is nothing left to ask for; else only fine plans and their samplers. */
static void memory_is_asked_for_at_once(void **state)
{
    ledger books;
    itp_env allocator = ledger_env(&books);
    (void)state;
    for (int i = 4; i <= 5; i++) {
        set s;
        set_case(&s, i);
        s.desc.env = &allocator;
        ledger_clear(&books);
        itp_fit *fit = fit_of(&s);
        int before = books.calls;
        assert_int_equal(steps(fit, INT32_MAX), ITP_OK);
        check_true("asked for later",
                   i == 4 ? books.calls > before && books.calls < before + 40 : books.calls == before);
        itp_fit_free(fit);
        assert_int_equal(books.live, 0);
        set_free(&s);
    }
}

static void no_memory_on_the_way(void **state)
{
    ledger books;
    itp_env allocator = ledger_env(&books);
    capture heard;
    itp_env log = capture_env(&heard);
    itp_error why = ITP_ERROR_INIT;
    int status = ITP_E_MEMORY, late = 0;
    set s;
    (void)state;
    set_case(&s, 4);
    allocator.log = log.log;
    allocator.error = &why;
    s.desc.env = &allocator;
    for (int at = 1; status == ITP_E_MEMORY && at < 400; at++) {
        itp_fit *fit = NULL;
        itp_request rq = ITP_REQUEST_INIT;
        ledger_clear(&books);
        books.fail_at = at;
        status = itp_fit_new(s.plan, &s.desc, &fit);
        check_true("none", !status == (fit != NULL));
        assert_int_equal(why.status, status);
        if (fit) {
            status = steps(fit, INT32_MAX);
            late += status == ITP_E_MEMORY;
            assert_int_equal(why.status, status);
            check_true("sentence", !status || strstr(why.text, "memory"));
            check_status("stays", itp_fit_next(fit, &rq), status);
            assert_int_equal(why.status, status);
            check_status("no request", itp_fit_submit(fit), ITP_E_STATE);
        }
        check_true("sentence", !status || capture_has(&heard, "memory") || capture_has(&heard, "submit"));
        itp_fit_free(fit);
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    }
    check_status("enough", status, ITP_OK);
    check_true("on the way too", late > 2);
    set_free(&s);
}

/* From some step on nothing is written any more. Before a plan is judged that is an error, which stays; afterwards
 * every further plan is as bad as can be, and the best so far remains. */
static void networks_that_fail(void **state)
{
    (void)state;
    for (int alive = 0; alive < 300; alive += 23) {
        set s;
        itp_request rq = ITP_REQUEST_INIT;
        itp_plan *plan = NULL;
        set_case(&s, 1);
        itp_fit *fit = fit_of(&s);
        int status = steps(fit, alive), found = ITP_OK;
        while (status == ITP_EVALUATE && (status = itp_fit_next(fit, &rq)) == ITP_EVALUATE) {
            found = itp_fit_submit(fit);
            status = found ? found : ITP_EVALUATE;
        }
        check_true("status", status == ITP_OK || status == ITP_E_NONFINITE);
        check_status("stays", itp_fit_next(fit, &rq), status);
        found = itp_fit_plan(fit, &plan);
        check_true("plan", status == ITP_OK ? found == ITP_OK : found == ITP_E_STATE && !plan);
        itp_plan_free(plan);
        itp_fit_free(fit);
        set_free(&s);
    }
}

/* What the network answers in the loop comes back; so does what the features' callback answers, whenever it is called,
 * also 1, which is ITP_EVALUATE elsewhere. */
static void answers_of_callbacks(void **state)
{
    static const int answers[] = {1, 7, -7};
    (void)state;
    for (int i = 0; i < COUNT(answers); i++) {
        int answer = 0, want = answers[i] > 0 ? answers[i] : ITP_E_CALLBACK;
        net n = {0, 50, answers[i]};
        itp_request rq = ITP_REQUEST_INIT;
        itp_fit *fit = NULL;
        itp_plan *plan = NULL;
        set s;
        set_case(&s, 3);
        s.desc.feature_user = &answer;
        check_status("network", itp_plan_fit(s.plan, &s.desc, network, &n, &plan), want);
        fit = fit_of(&s);
        assert_int_equal(steps(fit, 30), ITP_EVALUATE);
        answer = answers[i];
        int status = steps(fit, INT32_MAX);
        check_status("features", status, want);
        check_status("stays", itp_fit_next(fit, &rq), ITP_E_CALLBACK);
        itp_fit_free(fit);
        s.expert.ends = s.ends;
        s.desc.reference_rows = 0;
        check_status("in new", itp_fit_new(s.plan, &s.desc, &fit), want);
        assert_null(fit);
        set_free(&s);
    }
}

/* ---- bad input ---- */

static void calls_out_of_order(void **state)
{
    capture heard;
    itp_env log = capture_env(&heard);
    itp_request rq = ITP_REQUEST_INIT, small = ITP_REQUEST_INIT;
    itp_fit_report report = ITP_FIT_REPORT_INIT;
    itp_plan *plan = NULL;
    itp_fit *fit = NULL;
    set s;
    (void)state;
    set_case(&s, 2);
    s.desc.env = &log;
    check_status("no plan", itp_fit_new(NULL, &s.desc, &fit), ITP_E_ARGUMENT);
    check_status("no desc", itp_fit_new(s.plan, NULL, &fit), ITP_E_ARGUMENT);
    check_status("no place", itp_fit_new(s.plan, &s.desc, NULL), ITP_E_ARGUMENT);
    fit = fit_of(&s);
    check_status("submit", itp_fit_submit(fit), ITP_E_STATE);
    check_true("sentence", capture_has(&heard, "itp_fit_next"));
    check_status("plan", itp_fit_plan(fit, &plan), ITP_E_STATE);
    check_true("sentence", capture_has(&heard, "judged"));
    small.size = offsetof(itp_request, out2);
    check_status("small", itp_fit_next(fit, &small), ITP_E_OLDER);
    check_true("sentence", capture_has(&heard, "request"));
    check_status("still none", itp_fit_submit(fit), ITP_E_STATE);
    check_status("next", itp_fit_next(fit, &rq), ITP_EVALUATE);
    evaluate(&rq);
    check_status("submit", itp_fit_submit(fit), ITP_OK);
    check_status("twice", itp_fit_submit(fit), ITP_E_STATE);
    report.size = 0;
    check_status("report", itp_fit_get_report(fit, &report), ITP_E_SIZE);
    check_true("sentence", capture_has(&heard, "report"));
    check_status("NULL", itp_fit_next(NULL, &rq), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_next(fit, NULL), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_submit(NULL), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_get_report(NULL, &report), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_get_report(fit, NULL), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_plan(NULL, &plan), ITP_E_ARGUMENT);
    check_status("NULL", itp_fit_plan(fit, NULL), ITP_E_ARGUMENT);
    itp_fit_free(fit);
    set_free(&s);
}

static void check_unread(set *s, const char *name)
{
    capture heard;
    itp_env log = capture_env(&heard);
    itp_fit *fit = NULL;
    s->desc.env = &log;
    check_status(name, itp_fit_new(s->plan, &s->desc, &fit), ITP_E_ARGUMENT);
    assert_null(fit);
    check_true(name, capture_has(&heard, name) && capture_has(&heard, "nothing reads it"));
    set_free(s);
}

static void settings_that_nothing_reads(void **state)
{
    set s;
    itp_fit_report report = ITP_FIT_REPORT_INIT;
    (void)state;
#define UNREAD(which, change, name) \
    set_case(&s, which); \
    change; \
    check_unread(&s, name)
    UNREAD(0, s.desc.guidance_low = 0.1, "guidance_low");
    UNREAD(0, s.desc.guidance_high = 0.5, "guidance_high");
    UNREAD(0, s.desc.features = 2, "features");
    UNREAD(0, s.desc.report = &report, "report");
    UNREAD(0, (s.expert.gain = 0.1, s.expert.no_gain = 1), "gain");
    UNREAD(0, (s.expert.race = 1, s.expert.no_race = 1), "race");
    UNREAD(5, s.expert.reference = s.other, "reference");
    UNREAD(5, s.desc.tolerance = 0.1, "tolerance");
    UNREAD(5, s.desc.reference_rows = 64, "reference_rows");
    UNREAD(5, s.expert.reference_solver = kept_solver("rk4"), "reference_solver");
    UNREAD(6, s.desc.tolerance = 0.1, "tolerance");
#undef UNREAD
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_make_the_loops_plan),
        cmocka_unit_test(next_changes_nothing),
        cmocka_unit_test(fits_side_by_side),
        cmocka_unit_test(descriptions_may_go),
        cmocka_unit_test(left_at_any_step),
        cmocka_unit_test(memory_is_asked_for_at_once),
        cmocka_unit_test(no_memory_on_the_way),
        cmocka_unit_test(networks_that_fail),
        cmocka_unit_test(answers_of_callbacks),
        cmocka_unit_test(calls_out_of_order),
        cmocka_unit_test(settings_that_nothing_reads),
    };
    return cmocka_run_group_tests_name("fit_steps", tests, NULL, NULL);
}
