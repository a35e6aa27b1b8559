/* Plans that were saved: they sample as the library does with them, those that come with the example are nearer to the
 * converged samples than the plan that a textbook would give, and what is no plan for the network is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../common/want.h"
#include "garments.h"
#include "methods.h"
#include "saved.h"
#include "score.h"

#define FILE_NAME "saved_test.json"

enum { FEW = 10, MANY = 40, FINE = 96 };

static int open_models(void **state)
{
    static models m;
    *state = &m;
    return models_open(&m, FASHION_FILE) ? -1 : 0;
}

static int close_models(void **state)
{
    models_close(*state);
    remove(FILE_NAME);
    return 0;
}

static void need_json(void)
{
    itp_plan *plan;
    if (itp_plan_from_json("", 0, NULL, &plan) == ITP_E_UNSUPPORTED) {
        print_message("# the library has no JSON\n");
        skip();
    }
}

static itp_plan *open_saved(const char *name)
{
    saved_plan s;
    assert_int_equal(saved_open(&s, name, FASHION_FILE), ITP_OK);
    assert_string_equal(s.why, "");
    return s.plan;
}

static void write_text(const char *text, size_t length)
{
    FILE *file = fopen(FILE_NAME, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static char *to_text(const itp_plan *plan, size_t *length)
{
    size_t needed;
    assert_int_equal(itp_plan_to_json(plan, NULL, 0, &needed), ITP_OK);
    char *text = malloc(needed);
    assert_non_null(text);
    assert_int_equal(itp_plan_to_json(plan, text, needed, NULL), ITP_OK);
    *length = needed - 1;
    return text;
}

static void save(const itp_plan *plan)
{
    size_t length;
    char *text = to_text(plan, &length);
    write_text(text, length);
    free(text);
}

static void shipped_plans_say_where_they_come_from(void **state)
{
    static const int32_t budgets[] = {2, 3, 4, 5, 6, 8, 10};
    (void)state;
    need_json();
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        char name[16];
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
        snprintf(name, sizeof name, "fitted-%d", (int)budgets[i]);
        itp_plan *plan = open_saved(name);
        assert_int_equal(itp_plan_get_info(plan, &info), ITP_OK);
        assert_int_equal(itp_plan_get_origin(plan, &origin), ITP_OK);
        assert_int_equal(info.rows, budgets[i]);
        assert_string_equal(origin.network, "fashion");
        assert_true(origin.count > 0 && origin.guidance == 1 && origin.after_held_out < origin.before_held_out);
        itp_plan_free(plan);
    }
}

static int ITP_CALL velocity(void *user, const itp_request *request)
{
    int32_t labels[FEW];
    for (int32_t i = 0; i < FEW; i++) {
        labels[i] = i;
    }
    network_evaluate(user, request->x, request->time, labels, request->out, request->count);
    return 0;
}

/* The text read by hand, and the library's own loop. */
static void samples_are_the_library_s(void **state)
{
    const models *m = *state;
    float x[FEW * IMAGE_PIXELS];
    size_t length;
    itp_plan *again;
    itp_batch batch = ITP_BATCH_INIT;
    need_json();
    itp_plan *plan = open_saved("fitted-4");
    recipe base = few_evaluations(9), r = sampling_saved(&base, plan);
    float *got = sample_garments(m, &r, FEW);
    char *text = to_text(plan, &length);
    assert_int_equal(itp_plan_from_json(text, length, NULL, &again), ITP_OK);
    batch.dim = IMAGE_PIXELS;
    batch.count = FEW;
    batch.seed = base.seed;
    assert_int_equal(itp_sample(again, &batch, x, velocity, m->net), ITP_OK);
    assert_memory_equal(x, got, sizeof x);
    free(text);
    free(got);
    itp_plan_free(again);
    itp_plan_free(plan);
}

static void check_names(const recipe *r, const char *solver, const char *noise, double limit)
{
    char where[32], text[16];
    methods_where(r, where, sizeof where);
    methods_noise(r, text, sizeof text);
    assert_string_equal(where, "saved plan");
    assert_string_equal(methods_solver(r), solver);
    assert_string_equal(text, noise);
    assert_true(methods_limit(r) == limit);
}

/* A plan of the library's own, with noise, on another schedule's nodes: the same samples from the file. */
static void any_plan_for_the_network_will_do(void **state)
{
    itp_plan *plan;
    recipe r = few_evaluations(6);
    need_json();
    r.schedule = "point-mass";
    r.grid = "u";
    r.solver = "sa-2";
    r.k = 1;
    assert_int_equal(sampling_plan(&r, &plan), ITP_OK);
    save(plan);
    itp_plan_free(plan);
    plan = open_saved("./" FILE_NAME);
    recipe from_file = sampling_saved(&r, plan);
    assert_int_equal(sampling_cost(&from_file, plan), 6);
    check_names(&from_file, "sa-2", "own", -1);
    float *made = sample_garments(*state, &r, FEW), *read = sample_garments(*state, &from_file, FEW);
    assert_memory_equal(made, read, FEW * IMAGE_PIXELS * sizeof *made);
    free(made);
    free(read);
    itp_plan_free(plan);
}

static void a_line_of_the_table(void **state)
{
    methods m;
    recipe base = few_evaluations(6);
    (void)state;
    need_json();
    itp_plan *plan = open_saved("fitted-6");
    assert_int_equal(methods_choose(&base, METHODS_RIVALS, 1, &m), ITP_OK);
    for (size_t i = 0; i < m.count; i++) {
        assert_true(methods_limit(&m.list[i]) == 0);
    }
    methods_add_saved(&m, &base, plan);
    assert_ptr_equal(m.list[m.count - 1].saved, plan);
    check_names(&m.list[m.count - 1], "fitted", "0", 0);
    methods_free(&m);
    itp_plan_free(plan);
}

static float *sample_textbook(const models *m, const char *solver, int32_t evaluations)
{
    recipe r = few_evaluations(evaluations);
    r.schedule = "linear";
    r.solver = solver;
    r.grid = "beta";
    return sample_garments(m, &r, MANY);
}

/* No sample here is one that the plan was fitted on (seed 1). */
static void a_fitted_plan_is_nearer(void **state)
{
    need_json();
    itp_plan *plan = open_saved("fitted-6");
    recipe base = few_evaluations(6), r = sampling_saved(&base, plan);
    float *end = sample_textbook(*state, "ab3", FINE), *ab2 = sample_textbook(*state, "ab2", 6),
          *fitted = sample_garments(*state, &r, MANY);
    double before = score_rms(ab2, end, MANY * IMAGE_PIXELS), after = score_rms(fitted, end, MANY * IMAGE_PIXELS);
    print_message("# 6 evaluations: ab2 on beta %.4f, fitted %.4f, ratio %.2f\n", before, after, after / before);
    assert_true(after > 0 && after < 0.6 * before);
    free(end);
    free(ab2);
    free(fitted);
    itp_plan_free(plan);
}

/* A fragment that says what is wrong, for a sentence that names the file. */
static void refused(const char *name, const char *word)
{
    saved_plan s;
    assert_int_not_equal(saved_open(&s, name, FASHION_FILE), ITP_OK);
    print_message("# %s\n", s.why);
    assert_null(s.plan);
    assert_non_null(strstr(s.why, word));
    assert_null(strchr(s.why, '\n'));
    assert_int_not_equal(s.why[strlen(s.why) - 1], '.');
}

/* With a = in it, a name is a plan's text. */
static void a_text_is_a_plan(void **state)
{
    saved_plan s;
    char text[128];
    (void)state;
    assert_int_equal(saved_open(&s, "schedule=lazy(k=1) k=1 solver=sa-2 evaluations=6", FASHION_FILE), ITP_OK);
    assert_int_equal(itp_plan_print(s.plan, text, sizeof text, NULL), ITP_OK);
    assert_string_equal(text, "schedule=lazy(k=1) solver=sa-2 k=1 evaluations=6");
    itp_plan_free(s.plan);
    refused("solver=abx", "did you mean ab2");
    refused("model=negative-velocity", "another network");
}

static void what_is_no_plan_is_refused(void **state)
{
    size_t length;
    (void)state;
    refused("nosuch", "no such plan");
    refused("nosuch/fitted-6", "no such file");
    refused(".", "cannot be read");
    need_json();
    write_text("garments", 8);
    refused(FILE_NAME, "not JSON");
    write_text("", 0);
    refused(FILE_NAME, "not JSON");
    write_text("[1, 2]", 6);
    refused(FILE_NAME, "");
    itp_plan *plan = open_saved("fitted-5");
    char *text = to_text(plan, &length);
    write_text(text, length / 2);
    refused(FILE_NAME, "not JSON");
    char *place = strstr(text, "\"rows\"");
    assert_non_null(place);
    place = strstr(place, "\"Y\", 0, 0.9");
    assert_non_null(place);
    place[10] = place[10] == '8' ? '7' : '8';
    write_text(text, length);
    refused(FILE_NAME, "damaged");
    free(text);
    itp_plan_free(plan);
}

static void refused_plan(const wanted *want, const char *word)
{
    itp_plan *plan;
    assert_int_equal(make_plan(want, &plan), ITP_OK);
    save(plan);
    itp_plan_free(plan);
    refused(FILE_NAME, word);
}

static void refused_model(int32_t schedule, int32_t prediction)
{
    itp_schedule_desc how = ITP_SCHEDULE_DESC_INIT;
    itp_model model = ITP_MODEL_INIT;
    wanted want = WANTED;
    itp_schedule *made;
    how.kind = schedule;
    assert_int_equal(itp_schedule_new(&how, &made), ITP_OK);
    model.schedule = made;
    model.prediction = prediction;
    want.plan.model = &model;
    refused_plan(&want, "another network");
    itp_schedule_free(made);
}

/* Other predictions, another schedule, and parts of the way. */
static void plans_for_others_are_refused(void **state)
{
    wanted part = WANTED, late = WANTED, back = WANTED;
    (void)state;
    need_json();
    refused_model(ITP_SCHEDULE_LINEAR, ITP_PREDICT_SALIMANS_V);
    refused_model(ITP_SCHEDULE_LINEAR, ITP_PREDICT_DATA);
    refused_model(ITP_SCHEDULE_LINEAR, ITP_PREDICT_NEGATIVE_VELOCITY);
    refused_model(ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY);
    part.grid.u_end = 0.5;
    refused_plan(&part, "ends before");
    late.grid.u_start = 0.5;
    refused_plan(&late, "start from noise");
    back.grid.reversed = 1;
    refused_plan(&back, "start from noise");
}

/* Without cJSON there is one sentence too. */
static void without_json(void **state)
{
    itp_plan *plan;
    (void)state;
    if (itp_plan_from_json("", 0, NULL, &plan) == ITP_E_UNSUPPORTED) {
        refused("fitted-6", "cJSON");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_plans_say_where_they_come_from),
        cmocka_unit_test(samples_are_the_library_s),
        cmocka_unit_test(any_plan_for_the_network_will_do),
        cmocka_unit_test(a_line_of_the_table),
        cmocka_unit_test(a_fitted_plan_is_nearer),
        cmocka_unit_test(a_text_is_a_plan),
        cmocka_unit_test(what_is_no_plan_is_refused),
        cmocka_unit_test(plans_for_others_are_refused),
        cmocka_unit_test(without_json),
    };
    return cmocka_run_group_tests(tests, open_models, close_models);
}
