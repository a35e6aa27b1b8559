/* Plans seen from other schedules: the factor and the time of each state are what itp_schedule_convert gives, and a
 * plan under another schedule has the same numbers in its rows, save for their times t. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 9, BATCH = 2, EVALUATIONS = 6 };

static itp_plan *plan_with(wanted desc, const itp_schedule *schedule, int32_t prediction)
{
    itp_model model = ITP_MODEL_INIT;
    itp_plan *plan = NULL;
    model.schedule = schedule;
    model.prediction = prediction;
    desc.plan.model = &model;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    return plan;
}

static itp_plan *plan_under(const itp_schedule *schedule)
{
    wanted desc = WANTED;
    desc.plan.evaluations = EVALUATIONS;
    return plan_with(desc, schedule, ITP_PREDICT_DATA);
}

static double position(const itp_plan *plan, int32_t i)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    if (i == info.rows) return info.u_end;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row.u;
}

static int32_t rows_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info.rows;
}

/* From the network's schedule, whose c the conversion gives; the last state at u = 1 is the data, so that the factor
 * there is beta alone. */
static void check_state(const char *name, const itp_plan *plan, int32_t i, const itp_schedule *model,
                        const itp_schedule *to)
{
    itp_conversion conversion = ITP_CONVERSION_INIT;
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    double u = position(plan, i), want_t, t = -1, factor = -1;
    int status = itp_schedule_time_of_u(to, u, &want_t);
    check_status(name, itp_plan_coordinates(plan, i, to, &t, &factor), status);
    if (status) {
        check_status(name, status, ITP_E_RANGE);
        check_true(name, t == -1 && factor == -1);
        return;
    }
    check_same(name, t, want_t);
    check_status(name, itp_schedule_eval(to, t, &point), ITP_OK);
    if (i == rows_of(plan) && u == 1) {
        check_near(name, factor, point.beta, 1e-15);
    } else {
        check_status(name, itp_schedule_convert(model, to, t, &conversion), ITP_OK);
        check_near(name, factor, conversion.c, 1e-11);
    }
}

/* Networks with c != 1 at u = 1 among them: edm. */
static void factors_are_those_of_the_conversion(void **state)
{
    (void)state;
    for (int a = 0; a < family_count(); a++) {
        if (family_at(a)->k > 0 || family_at(a)->kind == ITP_SCHEDULE_POINT_MASS) continue; /* no network's schedules */
        for (int b = 0; b < family_count(); b++) {
            itp_schedule *model = family_new(a), *to = family_new(b);
            itp_plan *plan = plan_under(model);
            for (int32_t i = 0; i <= rows_of(plan); i++) check_state(family_at(b)->name, plan, i, model, to);
            itp_plan_free(plan);
            itp_schedule_free(model);
            itp_schedule_free(to);
        }
    }
}

/* A stage at u = 1 is the network's input, the last state the data. */
static void a_stage_at_the_data_end(void **state)
{
    (void)state;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *edm = NULL;
    wanted rk4 = WANTED;
    double t, stage, last;
    desc.kind = ITP_SCHEDULE_EDM;
    desc.sigma_data = .5;
    check_status("edm", itp_schedule_new(&desc, &edm), ITP_OK);
    rk4.solver = SOLVER("rk4");
    rk4.plan.evaluations = 8;
    rk4.plan.ends = ITP_ENDS_EVALUATE;
    itp_plan *plan = plan_with(rk4, edm, ITP_PREDICT_VELOCITY);
    check_same("u", position(plan, 7), 1);
    check_status("stage", itp_plan_coordinates(plan, 7, NULL, &t, &stage), ITP_OK);
    check_status("last", itp_plan_coordinates(plan, 8, NULL, &t, &last), ITP_OK);
    check_near("stage", stage, .5, 1e-15);
    check_near("last", last, 1, 1e-15);
    itp_plan_free(plan);
    itp_schedule_free(edm);
}

static void states_outside_a_schedule(void **state)
{
    (void)state;
    double cumprod[DDPM_COUNT], t, factor;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    itp_plan *converted = (itp_plan *)&desc;
    ddpm_alphas_cumprod(cumprod, DDPM_COUNT);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = cumprod;
    desc.count = DDPM_COUNT;
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    itp_plan *plan = plan_under(NULL);
    check_status("noise end", itp_plan_coordinates(plan, 0, table, &t, &factor), ITP_E_RANGE);
    check_status("middle", itp_plan_coordinates(plan, 3, table, &t, &factor), ITP_OK);
    check_status("data end", itp_plan_coordinates(plan, EVALUATIONS, table, &t, &factor), ITP_E_RANGE);
    check_status("no such row", itp_plan_coordinates(plan, EVALUATIONS + 1, NULL, &t, &factor), ITP_E_RANGE);
    check_status("no such row", itp_plan_coordinates(plan, -1, NULL, &t, &factor), ITP_E_RANGE);
    check_status("convert", itp_plan_convert(plan, table, &converted), ITP_E_RANGE);
    assert_null(converted);
    itp_plan_free(plan);
    itp_schedule_free(table);
}

static void missing_arguments(void **state)
{
    (void)state;
    double t, factor;
    itp_plan *plan = plan_under(NULL), *out = plan;
    check_status("plan", itp_plan_coordinates(NULL, 0, NULL, &t, &factor), ITP_E_ARGUMENT);
    check_status("t", itp_plan_coordinates(plan, 0, NULL, NULL, &factor), ITP_E_ARGUMENT);
    check_status("factor", itp_plan_coordinates(plan, 0, NULL, &t, NULL), ITP_E_ARGUMENT);
    check_status("out", itp_plan_convert(plan, NULL, NULL), ITP_E_ARGUMENT);
    check_status("plan", itp_plan_convert(NULL, NULL, &out), ITP_E_ARGUMENT);
    assert_null(out);
    itp_plan_free(plan);
}

/* ---- converted plans ---- */

typedef struct setting {
    const char *name;
    const char *solver;
    int32_t from, start;
    double k;
} setting;

static const setting settings[] = {
    {"euler", "euler", ITP_SCHEDULE_LINEAR, ITP_START_EVALUATE, 0},
    {"ab3 under vp", "ab3", ITP_SCHEDULE_VP, ITP_START_EVALUATE, 0},
    {"euler-maruyama", "euler-maruyama", ITP_SCHEDULE_LINEAR, ITP_START_EVALUATE, .5},
    {"point mass", "euler-maruyama", ITP_SCHEDULE_POINT_MASS, ITP_START_EVALUATE, 1},
    {"centred", "euler-maruyama", ITP_SCHEDULE_POINT_MASS, ITP_START_CENTRED, 1},
};

static itp_plan *set_up(const setting *s)
{
    wanted desc = WANTED;
    itp_schedule *schedule = NULL;
    itp_plan *plan = NULL;
    check_status(s->name, itp_schedule_make(s->from, &schedule), ITP_OK);
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(s->solver);
    desc.plan.start = s->start;
    desc.diffusion.k = s->k;
    desc.plan.evaluations = EVALUATIONS;
    check_status(s->name, make_plan(&desc, &plan), ITP_OK);
    itp_schedule_free(schedule);
    return plan;
}

static itp_plan *convert(const itp_plan *plan, int32_t kind)
{
    itp_schedule *schedule = NULL;
    itp_plan *out = NULL;
    check_status("schedule", itp_schedule_make(kind, &schedule), ITP_OK);
    check_status("convert", itp_plan_convert(plan, schedule, &out), ITP_OK);
    itp_schedule_free(schedule);
    return out;
}

static void sample(const itp_plan *plan, double *x)
{
    network net = network_linear(mixture_two_modes());
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = BATCH;
    batch.seed = 3;
    batch.type = ITP_FLOAT64;
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
}

static void check_terms(const itp_term *a, const itp_term *b, int32_t count)
{
    if (count) assert_memory_equal(a, b, (size_t)count * sizeof *a);
    if (count) assert_ptr_not_equal(a, b);
}

/* The rows are the same but for t, which is `schedule`'s, and their terms are the copy's own. */
static void check_rows(const itp_plan *plan, const itp_plan *converted, const itp_schedule *schedule)
{
    for (int32_t i = 0; i < rows_of(plan); i++) {
        itp_plan_row a = ITP_PLAN_ROW_INIT, b = ITP_PLAN_ROW_INIT;
        double t, factor;
        check_status("row", itp_plan_get_row(plan, i, &a), ITP_OK);
        check_status("row", itp_plan_get_row(converted, i, &b), ITP_OK);
        check_terms(a.terms, b.terms, a.term_count);
        check_status("t", itp_plan_coordinates(plan, i, schedule, &t, &factor), ITP_OK);
        check_same("t", b.t, t);
        b.t = a.t;
        b.terms = a.terms;
        assert_memory_equal(&a, &b, sizeof a);
    }
}

static void check_info(const itp_plan *plan, const itp_plan *converted)
{
    itp_plan_info a = ITP_PLAN_INFO_INIT, b = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &a), ITP_OK);
    check_status("info", itp_plan_get_info(converted, &b), ITP_OK);
    check_terms(a.start_terms, b.start_terms, a.start_term_count);
    assert_string_equal(a.solver, b.solver);
    b.start_terms = a.start_terms;
    b.solver = a.solver;
    assert_memory_equal(&a, &b, sizeof a);
}

static void a_converted_plan_has_the_same_numbers(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_SPHERE, ITP_SCHEDULE_POINT_MASS};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        for (int j = 0; j < COUNT(kinds); j++) {
            double want[DIM * BATCH], got[DIM * BATCH];
            itp_plan *plan = set_up(&settings[i]), *converted = convert(plan, kinds[j]);
            itp_schedule *schedule = NULL;
            check_status("schedule", itp_schedule_make(kinds[j], &schedule), ITP_OK);
            check_rows(plan, converted, schedule);
            check_info(plan, converted);
            sample(plan, want);
            itp_plan_free(plan); /* the copy stands on its own */
            sample(converted, got);
            assert_memory_equal(want, got, sizeof want);
            itp_schedule_free(schedule);
            itp_plan_free(converted);
        }
    }
}

static void there_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        itp_plan *plan = set_up(&settings[i]), *there = convert(plan, ITP_SCHEDULE_VP);
        itp_plan *back = convert(there, settings[i].from);
        for (int32_t j = 0; j < rows_of(plan); j++) {
            itp_plan_row a = ITP_PLAN_ROW_INIT, b = ITP_PLAN_ROW_INIT;
            check_status("row", itp_plan_get_row(plan, j, &a), ITP_OK);
            check_status("row", itp_plan_get_row(back, j, &b), ITP_OK);
            check_near("t", b.t, a.t, 1e-15);
        }
        itp_plan_free(plan);
        itp_plan_free(there);
        itp_plan_free(back);
    }
}

static char *text_of(const itp_plan *plan)
{
    size_t needed = 0;
    check_status("size", itp_plan_to_json(plan, NULL, 0, &needed), ITP_OK);
    char *text = malloc(needed);
    check_status("text", itp_plan_to_json(plan, text, needed, NULL), ITP_OK);
    return text;
}

static void a_converted_plan_as_json(void **state)
{
    (void)state;
#if defined(ITP_HAVE_CJSON)
    for (int i = 0; i < COUNT(settings); i++) {
        itp_plan *plan = set_up(&settings[i]), *converted = convert(plan, ITP_SCHEDULE_VP), *loaded = NULL;
        char *text = text_of(converted), *plain = text_of(plan);
        check_status("load", itp_plan_from_json(text, strlen(text), NULL, &loaded), ITP_OK);
        char *again = text_of(loaded);
        assert_string_equal(text, again);
        check_true("times differ", settings[i].from == ITP_SCHEDULE_VP || strcmp(text, plain));
        free(text);
        free(plain);
        free(again);
        itp_plan_free(plan);
        itp_plan_free(converted);
        itp_plan_free(loaded);
    }
#else
    (void)text_of;
    print_message("# this build has no cJSON: nothing was compared\n");
#endif
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    wanted desc = WANTED;
    itp_plan *plan = NULL, *out = NULL;
    desc.plan.env = &allocator;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    int live = l.live, calls = l.calls;
    check_status("convert", itp_plan_convert(plan, NULL, &out), ITP_OK);
    int needed = l.calls - calls;
    itp_plan_free(out);
    check_true("with the plan's allocator", needed >= 2);
    for (int i = 1; i <= needed; i++) {
        l.fail_at = l.calls + i;
        check_status("no memory", itp_plan_convert(plan, NULL, &out), ITP_E_MEMORY);
        assert_null(out);
        assert_int_equal(l.live, live);
    }
    itp_plan_free(plan);
    check_near("live, defects", l.live + l.defects, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_those_of_the_conversion),
        cmocka_unit_test(a_stage_at_the_data_end),
        cmocka_unit_test(states_outside_a_schedule),
        cmocka_unit_test(missing_arguments),
        cmocka_unit_test(a_converted_plan_has_the_same_numbers),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(a_converted_plan_as_json),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("coordinates", tests, NULL, NULL);
}
