/* Plans as JSON: what is saved and loaded is the same plan, bit for bit; damage is found and named; no text, however
 * it was cut or changed, makes anything but a plan that can be run or a refusal. */
#include <interp/interp.h>

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

#if defined(ITP_HAVE_CJSON)
#include <cjson/cJSON.h>

enum { DIM = 5, BATCH = 3 };

/* A text in a block of exactly its size, so that a sanitizer sees a read beyond it. */
typedef struct text {
    char *bytes;
    size_t length;
} text;

static text text_of(const char *string)
{
    text t = {NULL, strlen(string)};
    t.bytes = test_malloc(t.length + 1);
    memcpy(t.bytes, string, t.length + 1);
    return t;
}

static text save(const char *label, const itp_plan *plan)
{
    text t = {NULL, 0};
    size_t needed = 0;
    check_status(label, itp_plan_to_json(plan, NULL, 0, &needed), ITP_OK);
    check_true(label, needed > 1);
    t.bytes = test_malloc(needed);
    t.length = needed - 1;
    check_status(label, itp_plan_to_json(plan, t.bytes, needed, NULL), ITP_OK);
    check_true(label, strlen(t.bytes) == t.length);
    return t;
}

static itp_plan *load(const char *label, const char *bytes, size_t length)
{
    capture said;
    itp_env log = capture_env(&said);
    itp_plan *plan = NULL;
    int status = itp_plan_from_json(bytes, length, &log, &plan);
    if (status) print_message("%s: %s\n", label, said.text);
    check_status(label, status, ITP_OK);
    return plan;
}

/* ---- the same plan ---- */

static int equal_rows(const itp_plan *a, const itp_plan *b, int32_t i)
{
    itp_plan_row p = ITP_PLAN_ROW_INIT, q = ITP_PLAN_ROW_INIT;
    if (itp_plan_get_row(a, i, &p) || itp_plan_get_row(b, i, &q) || p.term_count != q.term_count) return 0;
    int equal = !p.term_count || !memcmp(p.terms, q.terms, (size_t)p.term_count * sizeof *p.terms);
    p.terms = q.terms = NULL;
    return equal && !memcmp(&p, &q, sizeof p);
}

static int equal_plans(const itp_plan *a, const itp_plan *b)
{
    itp_plan_info p = ITP_PLAN_INFO_INIT, q = ITP_PLAN_INFO_INIT;
    if (itp_plan_get_info(a, &p) || itp_plan_get_info(b, &q) || strcmp(p.solver, q.solver) != 0) return 0;
    q.solver = p.solver;
    if (memcmp(&p, &q, sizeof p) != 0) return 0;
    for (int32_t i = 0; i < p.rows; i++)
        if (!equal_rows(a, b, i)) return 0;
    return 1;
}

static void sample(const char *label, const itp_plan *plan, double *x)
{
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(label, itp_plan_get_info(plan, &info), ITP_OK);
    batch.dim = DIM;
    batch.count = BATCH;
    batch.type = ITP_FLOAT64;
    batch.x = info.u_start > info.u_end ? ITP_X_GIVEN : ITP_X_NOISE;
    for (int i = 0; i < BATCH * DIM; i++) x[i] = .1 * i - 1;
    check_status(label, itp_sample(plan, &batch, x, network_sine, NULL), ITP_OK);
}

static void check_round_trip(const char *label, const itp_plan *plan)
{
    double x[BATCH * DIM], y[BATCH * DIM];
    text first = save(label, plan);
    itp_plan *again = load(label, first.bytes, first.length);
    text second = save(label, again);
    check_true(label, equal_plans(plan, again));
    check_true(label, !strcmp(first.bytes, second.bytes));
    sample(label, plan, x);
    sample(label, again, y);
    check_true(label, !memcmp(x, y, sizeof x));
    itp_plan_free(again);
    test_free(first.bytes);
    test_free(second.bytes);
}

static void every_solver(void **state)
{
    (void)state;
    int count = 0;
    for (const char *id; (id = kind_name_at("solver", count)) != NULL; count++) {
        itp_plan *plan = plan_at_k(id, 12, 0);
        check_round_trip(id, plan);
        itp_plan_free(plan);
    }
    print_message("# %d solvers\n", count);
}

static void every_schedule(void **state)
{
    static const double ks[] = {0, .7};
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        for (int j = 0; j < COUNT(ks); j++) {
            wanted desc = WANTED;
            itp_plan *plan = NULL;
            desc.plan.schedule = schedule;
            desc.diffusion.k = ks[j];
            check_status(family_at(i)->name, make_plan(&desc, &plan), ITP_OK);
            check_round_trip(family_at(i)->name, plan);
            itp_plan_free(plan);
        }
        itp_schedule_free(schedule);
    }
}

/* Whatever can be made can be loaded: every family as the network's, each with the predictions that look at its ends
 * differently, forward and backward, from and to the ends of the path and inside. */
static void whatever_is_made_is_loaded(void **state)
{
    static const double ends[][2] = {{0, 1}, {0, .9}, {1e-6, 1}, {.1, .9}};
    static const char *const solvers[] = {"euler", "ddim", "heun"};
    int made = 0, refused = 0;
    (void)state;
    for (int i = 0; i < 8 * family_count() * COUNT(ends) * COUNT(solvers) * 2; i++) {
        int rest = i / 8, f = rest % family_count(), e = rest / family_count() % COUNT(ends);
        wanted desc = WANTED;
        itp_model model = ITP_MODEL_INIT;
        itp_schedule *schedule = family_new(f);
        itp_plan *plan = NULL;
        model.schedule = schedule;
        model.prediction = kind_at("prediction", i % 8);
        desc.plan.model = &model;
        desc.grid.u_start = ends[e][0];
        desc.grid.u_end = ends[e][1];
        desc.solver = SOLVER(solvers[rest / family_count() / COUNT(ends) % COUNT(solvers)]);
        desc.grid.reversed = i >= 8 * family_count() * COUNT(ends) * COUNT(solvers);
        if (make_plan(&desc, &plan) == ITP_OK) {
            text t = save(family_at(f)->name, plan);
            itp_plan *again = load(family_at(f)->name, t.bytes, t.length);
            itp_plan_free(again);
            test_free(t.bytes);
            made++;
        } else {
            refused++;
        }
        itp_plan_free(plan);
        itp_schedule_free(schedule);
    }
    print_message("# %d made and loaded, %d refused\n", made, refused);
    check_true("most can be made", made > refused);
}

static void from_data_to_noise(void **state)
{
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.grid.reversed = 1;
    check_status("reversed", make_plan(&desc, &plan), ITP_OK);
    check_round_trip("reversed", plan);
    itp_plan_free(plan);
    desc.grid.reversed = 0;
    desc.grid.u_start = .3;
    check_status("inside", make_plan(&desc, &plan), ITP_OK);
    check_round_trip("inside", plan);
    itp_plan_free(plan);
}

/* ---- texts made by hand ---- */

#define HEAD \
    "{\"format\":\"libinterp plan\",\"version\":2,\"solver\":\"heun\",\"steps\":1,\"slots\":4,\"normals\":1," \
    "\"start_scale\":1,\"start_data\":0,\"u_start\":0,\"u_end\":1,\"end_scale\":1,\"rows\":["
#define ROW(ends, terms) \
    "{\"time\":0,\"u\":0,\"t\":0,\"scale\":1,\"keep\":0,\"keep_state\":0,\"keep_output\":1,\"data_state\":1," \
    "\"data_output\":1,\"step\":0,\"ends_step\":" ends ",\"terms\":[" terms "]}"
#define HEUN HEAD ROW("0", "[\"Y\",0,1],[\"F\",0,1]") "," ROW("1", "[\"Y\",0,1],[\"F\",0,0.5],[\"F\",1,0.5]") "]}"

static double only_coef(const itp_plan *plan)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, 0, &row), ITP_OK);
    return row.terms[0].coef;
}

/* Also where 15 digits come so near that cJSON itself would print them. */
static void numbers_keep_their_bits(void **state)
{
    static const double values[] = {.1 + .2,
                                    1 / 3.,
                                    -0.0,
                                    5e-324,
                                    2.2250738585072009e-308,
                                    1e22,
                                    123456789.,
                                    -1e-5,
                                    1.7976931348623157e308,
                                    0x1.fffffffffffffp-1,
                                    4503599627370497.5,
                                    0x1.0000000000001p0,
                                    9007199254740993.,
                                    2147483648.,
                                    0x1.5555555555555p-30};
    (void)state;
    for (int i = 0; i < COUNT(values); i++) {
        char bytes[1024], coef[64];
        label name;
        (void)snprintf(coef, sizeof coef, "%.17g", values[i]);
        (void)snprintf(
            bytes, sizeof bytes,
            "{\"format\":\"libinterp plan\",\"version\":2,\"solver\":\"euler\",\"steps\":1,\"slots\":2,"
            "\"normals\":1,\"start_scale\":1,\"start_data\":0,\"u_start\":0,\"u_end\":1,\"end_scale\":1,\"rows\":[" ROW(
                "1", "[\"Y\",0,%s]") "]}",
            coef);
        label_index(&name, "value", i);
        itp_plan *plan = load(name.text, bytes, strlen(bytes));
        double got = only_coef(plan);
        check_true(name.text, !memcmp(&got, &values[i], sizeof got));
        check_round_trip(name.text, plan);
        itp_plan_free(plan);
    }
}

static void a_text_made_by_hand(void **state)
{
    (void)state;
    text t = text_of(" \r\n\t" HEUN "\n  ");
    itp_plan *hand = load("by hand", t.bytes, t.length), *heun = plan_of("solver=heun evaluations=2");
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("info", itp_plan_get_info(hand, &info), ITP_OK);
    check_status("row", itp_plan_get_row(hand, 1, &row), ITP_OK);
    assert_string_equal(info.solver, "heun");
    assert_int_equal(info.rows, 2);
    assert_int_equal(info.slots, 4);
    assert_int_equal(row.term_count, 3);
    assert_int_equal(row.out_slot, 3);
    check_same("coefficient", row.terms[2].coef, .5);
    check_round_trip("by hand", hand);
    itp_plan_free(hand);
    itp_plan_free(heun);
    test_free(t.bytes);
}

/* No solver makes such a plan: every column is read by the last row, so that each needs an array of its own. */
static void a_plan_that_keeps_everything(void **state)
{
    enum { ROWS = 40 };
    (void)state;
    char *bytes = test_malloc(ROWS * 256), *to = bytes;
    to += sprintf(to, "{\"format\":\"libinterp plan\",\"version\":2,\"solver\":\"euler\",\"steps\":1,\"slots\":%d,",
                  2 * ROWS);
    to += sprintf(
        to, "\"normals\":1,\"start_scale\":1,\"start_data\":0,\"u_start\":0,\"u_end\":1,\"end_scale\":1,\"rows\":[");
    for (int i = 0; i < ROWS - 1; i++) to += sprintf(to, ROW("0", "[\"F\",%d,0.5]") ",", i);
    to += sprintf(to, "{\"time\":0,\"u\":0,\"t\":0,\"scale\":1,\"keep\":0,\"keep_state\":0,\"keep_output\":1,");
    to += sprintf(to, "\"data_state\":0,\"data_output\":0,\"step\":0,\"ends_step\":1,\"terms\":[[\"Y\",0,1]");
    for (int i = 1; i < ROWS; i++) to += sprintf(to, ",[\"Y\",%d,0.5]", i);
    for (int i = 0; i < ROWS; i++) to += sprintf(to, ",[\"F\",%d,0.25]", i);
    to += sprintf(to, "]}]}");
    itp_plan *plan = load("everything", bytes, (size_t)(to - bytes));
    check_round_trip("everything", plan);
    itp_plan_free(plan);
    test_free(bytes);
}

/* ---- what is refused ---- */

typedef struct damage {
    const char *from, *to; /* the first `from` in HEUN becomes `to` */
    int status;
    const char *word; /* of the sentence */
} damage;

static const damage damages[] = {
    {"{", "", ITP_E_ARGUMENT, "not JSON"},
    {"]}]}", "]}]}x", ITP_E_ARGUMENT, "not JSON"},
    {"]}]}", "]}]}{}", ITP_E_ARGUMENT, "not JSON"},
    {"]}]}", "]}]", ITP_E_ARGUMENT, "not JSON"},
    {HEUN, "", ITP_E_ARGUMENT, "not JSON"},
    {HEUN, "null", ITP_E_UNSUPPORTED, "format"},
    {HEUN, "[]", ITP_E_UNSUPPORTED, "format"},
    {HEUN, "{}", ITP_E_UNSUPPORTED, "format"},
    {"libinterp plan", "libinterp", ITP_E_UNSUPPORTED, "format"},
    {"\"libinterp plan\"", "7", ITP_E_UNSUPPORTED, "format"},
    {"\"version\":2", "\"version\":1", ITP_E_UNSUPPORTED, "version"},
    {"\"version\":2", "\"version\":1.5", ITP_E_UNSUPPORTED, "version"},
    {"\"version\":2", "\"version\":\"1\"", ITP_E_ARGUMENT, "plan.version"},
    {"\"version\":2,", "", ITP_E_ARGUMENT, "plan.version: it is missing"},
    {"heun", "", ITP_E_RANGE, "solver: \"\""},
    {"\"heun\"", "3", ITP_E_ARGUMENT, "plan.solver"},
    {"\"steps\":1,", "", ITP_E_ARGUMENT, "plan.steps: it is missing"},
    {"\"steps\":1", "\"steps\":0", ITP_E_RANGE, "plan.steps"},
    {"\"steps\":1", "\"steps\":1.5", ITP_E_RANGE, "plan.steps"},
    {"\"steps\":1", "\"steps\":1e9", ITP_E_RANGE, "plan.steps"},
    {"\"steps\":1", "\"steps\":true", ITP_E_ARGUMENT, "plan.steps"},
    {"\"steps\":1", "\"steps\":1,\"steps\":1", ITP_E_ARGUMENT, "twice"},
    {"\"steps\":1", "\"steps\":1,\"extra\":1", ITP_E_ARGUMENT, "\"extra\" is unknown"},
    {"\"slots\":4", "\"slots\":2", ITP_E_RANGE, "slots: 2, but the rows need 4"},
    {"\"slots\":4", "\"slots\":1e300", ITP_E_RANGE, "plan.slots"},
    {"\"normals\":1", "\"normals\":2", ITP_E_RANGE, "normals: 2, but the rows use 1"},
    {"\"normals\":1", "\"normals\":3e9", ITP_E_RANGE, "plan.normals"},
    {"\"start_scale\":1", "\"start_scale\":1e999", ITP_E_RANGE, "plan.start_scale"},
    {"\"start_scale\":1", "\"start_scale\":NaN", ITP_E_ARGUMENT, "not JSON"},
    {"\"start_scale\":1", "\"start_scale\":null", ITP_E_ARGUMENT, "plan.start_scale"},
    {"\"start_data\":0,", "", ITP_E_ARGUMENT, "plan.start_data: it is missing"},
    {"\"u_end\":1", "\"u_end\":1.001", ITP_E_RANGE, "u_end: 1.00"},
    {"\"u_end\":1", "\"u_end\":1,\"check\":\"0\"", ITP_E_RANGE, "check"},
    {"\"end_scale\":1", "\"end_scale\":0", ITP_E_RANGE, "end_scale: 0"},
    {"\"end_scale\":1", "\"end_scale\":1,\"start_terms\":[[\"Y\",0,1]]", ITP_E_UNSUPPORTED, "start_terms[0]"},
    {"\"end_scale\":1", "\"end_scale\":1,\"start\":[]", ITP_E_ARGUMENT, "\"start\" is unknown"},
    {"\"u_end\":1", "\"u_end\":1,\"end_scale\":1,\"check\":0", ITP_E_ARGUMENT, "plan.check"},
    {"\"rows\":[", "\"rows\":[0,", ITP_E_ARGUMENT, "rows[0]: it must be an object"},
    {"\"rows\":[", "\"rows\":[{},", ITP_E_ARGUMENT, "rows[0]"},
    {"\"time\":0", "\"time\":-1e400", ITP_E_RANGE, "rows[0].time"},
    {"\"time\":0", "\"time\":[]", ITP_E_ARGUMENT, "rows[0].time"},
    {"\"u\":0", "\"u\":-1e-9", ITP_E_RANGE, "rows[0].u"},
    {"\"data_output\":1", "\"data_output\":\"\"", ITP_E_ARGUMENT, "rows[0].data_output"},
    {"\"keep\":0", "\"keep\":2", ITP_E_RANGE, "rows[0].keep"},
    {"\"keep\":0", "\"keep\":false", ITP_E_ARGUMENT, "rows[0].keep"},
    {"[\"F\",0,1]", "[\"F\",1,1]", ITP_E_RANGE, "rows[0].terms[1]: there is no column F 1 yet"},
    {"[\"Y\",0,1]", "[\"Y\",1,1]", ITP_E_RANGE, "rows[0].terms[0]: there is no column Y 1 yet"},
    {"[\"Y\",0,1]", "[\"Y\",-1,1]", ITP_E_RANGE, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "[\"Y\",0.5,1]", ITP_E_RANGE, "rows[0].terms[0]"},
    {"[\"F\",0,1]", "[\"xi\",1,1]", ITP_E_RANGE, "normals: 1, but the rows use 2"},
    {"\"keep_state\":0", "\"keep_state\":2", ITP_E_UNSUPPORTED, "rows[0].keep_state"},
    {"\"step\":0", "\"step\":1", ITP_E_RANGE, "rows[0].step: 1, it must be 0 to 0"},
    {"\"step\":0", "\"step\":0.5", ITP_E_RANGE, "rows[0].step"},
    {"\"step\":0,", "", ITP_E_ARGUMENT, "rows[0].step: it is missing"},
    {"\"ends_step\":0", "\"ends_step\":1", ITP_E_RANGE, "rows[1].step: 0, it must be 1 to 0"},
    {"\"ends_step\":1", "\"ends_step\":0", ITP_E_RANGE, "rows[1].ends_step: 0"},
    {"[\"Y\",0,1]", "[\"Z\",0,1]", ITP_E_UNSUPPORTED, "\"Z\""},
    {"[\"Y\",0,1]", "[\"Y\",0]", ITP_E_ARGUMENT, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "[\"Y\",0,1,1]", ITP_E_ARGUMENT, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "[\"Y\",0,\"1\"]", ITP_E_ARGUMENT, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "[]", ITP_E_ARGUMENT, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "0", ITP_E_ARGUMENT, "rows[0].terms[0]"},
    {"[\"Y\",0,1]", "[\"Y\",0,1e999]", ITP_E_RANGE, "rows[0].terms[0]: the coefficient"},
    {"[\"Y\",0,1],[\"F\",0,1]", "[\"F\",0,1],[\"Y\",0,1]", ITP_E_RANGE, "rows[0].terms[1]: it must come after"},
    {"[\"F\",0,1]", "[\"Y\",0,1]", ITP_E_RANGE, "rows[0].terms[1]: it must come after"},
    {"\"terms\":[", "\"terms\":{\"a\":[", ITP_E_ARGUMENT, "not JSON"},
    {"\"terms\":[[\"Y\",0,1],[\"F\",0,1]]", "\"terms\":{\"a\":[]}", ITP_E_ARGUMENT, "rows[0].terms"},
};

static text damaged(const damage *d)
{
    const char *at = strstr(HEUN, d->from);
    check_true(d->from, at != NULL);
    size_t before = (size_t)(at - HEUN), bytes = strlen(HEUN) - strlen(d->from) + strlen(d->to);
    text t = {test_malloc(bytes ? bytes : 1), bytes};
    memcpy(t.bytes, HEUN, before);
    memcpy(t.bytes + before, d->to, strlen(d->to));
    memcpy(t.bytes + before + strlen(d->to), at + strlen(d->from), bytes - before - strlen(d->to));
    return t;
}

static void damage_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(damages); i++) {
        capture said;
        itp_env log = capture_env(&said);
        itp_plan *plan = (itp_plan *)(void *)&said;
        text t = damaged(&damages[i]);
        check_status(damages[i].to, itp_plan_from_json(t.bytes, t.length, &log, &plan), damages[i].status);
        check_true(damages[i].to, !plan);
        if (!capture_has(&said, damages[i].word)) print_message("%s: %s\n", damages[i].to, said.text);
        check_true(damages[i].to, capture_has(&said, damages[i].word));
        test_free(t.bytes);
    }
}

static void no_rows(void **state)
{
    (void)state;
    capture said;
    itp_env log = capture_env(&said);
    itp_plan *plan = NULL;
    check_status("no rows", itp_plan_from_json(HEAD "]}", strlen(HEAD "]}"), &log, &plan), ITP_E_RANGE);
    check_true("no rows", capture_has(&said, "rows: 0"));
}

/* A plan of n rows of which the last reads every column: 2n arrays at once. */
static text text_with_many_columns(int n)
{
    const char *head =
        "{\"format\": \"libinterp plan\", \"version\": 2, \"solver\": \"euler\", \"steps\": %d, \"slots\": "
        "%d, \"normals\": 1, \"start_scale\": 1, \"start_data\": 0, \"u_start\": 0, \"u_end\": 1, "
        "\"end_scale\": 1, \"rows\": [";
    const char *row = "%s{\"time\": 0, \"u\": 0, \"t\": 0, \"scale\": 1, \"keep\": 0, \"keep_state\": 0, "
                      "\"keep_output\": 1, \"data_state\": 0, \"data_output\": 0, \"step\": %d, "
                      "\"ends_step\": 1, \"terms\": [";
    size_t room = 300 * (size_t)n + 1000;
    text t = {test_malloc(room), 0};
    t.length = (size_t)snprintf(t.bytes, room, head, n, 2 * n);
    for (int i = 0; i < n; i++) {
        t.length += (size_t)snprintf(t.bytes + t.length, room - t.length, row, i ? ", " : "", i);
        for (int j = i == n - 1 ? 0 : i; j <= i; j++)
            t.length += (size_t)snprintf(t.bytes + t.length, room - t.length, "[\"Y\", %d, 1], ", j);
        for (int j = i == n - 1 ? 0 : i; j <= i; j++)
            t.length += (size_t)snprintf(t.bytes + t.length, room - t.length, "[\"F\", %d, 1]%s", j, j < i ? ", " : "");
        t.length += (size_t)snprintf(t.bytes + t.length, room - t.length, "]}");
    }
    t.length += (size_t)snprintf(t.bytes + t.length, room - t.length, "]}");
    return t;
}

static double seconds_to_load(int n)
{
    text t = text_with_many_columns(n);
    clock_t begin = clock();
    itp_plan *plan = load("many columns", t.bytes, t.length);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    itp_plan_free(plan);
    test_free(t.bytes);
    return seconds;
}

/* Four times the rows, four times the work; it was sixteen times while slots were looked for one by one (40,000 rows:
 * 2.4 s). */
static void loading_is_linear(void **state)
{
    double few = INFINITY, many = INFINITY;
    (void)state;
    for (int i = 0; i < 3; i++) {
        few = fmin(few, seconds_to_load(5000));
        many = fmin(many, seconds_to_load(20000));
    }
    print_message("# 5000 rows %.4f s, 20000 rows %.4f s\n", few, many);
    check_true("linear", many < 8 * few + .01);
}

/* cJSON goes 1000 deep. */
static void deep_texts(void **state)
{
    enum { DEEP = 100000 };
    (void)state;
    itp_plan *plan = NULL;
    char *bytes = test_malloc(DEEP);
    memset(bytes, '[', DEEP);
    check_status("deep", itp_plan_from_json(bytes, DEEP, NULL, &plan), ITP_E_ARGUMENT);
    test_free(bytes);
}

static void truncations(void **state)
{
    (void)state;
    itp_plan *plan = plan_of("solver=euler-maruyama evaluations=3 k=1");
    text whole = save("truncated", plan);
    for (size_t length = 0; length < whole.length; length++) {
        itp_plan *out = NULL;
        char *part = test_malloc(length ? length : 1);
        memcpy(part, whole.bytes, length);
        check_status("truncated", itp_plan_from_json(part, length, NULL, &out), ITP_E_ARGUMENT);
        test_free(part);
    }
    print_message("# %zu truncations\n", whole.length);
    test_free(whole.bytes);
    itp_plan_free(plan);
}

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u; /* splitmix64 (Steele, Lea, Flood 2014) */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* One byte, mostly by another that may stand in such a text. */
static void flip(uint64_t *random, const text *t)
{
    static const char likely[] = "0123456789.eE+-\"[]{},:YFxi \n";
    uint64_t r = next(random);
    t->bytes[r % t->length] =
        (char)(r >> 62 ? likely[(r >> 32) % (sizeof likely - 1)] : (char)(unsigned char)(r >> 40 & 255));
}

static void flipped_bytes(void **state)
{
    enum { ROUNDS = 6000 };
    (void)state;
    uint64_t random = 1;
    int loaded = 0;
    itp_plan *plan = plan_of("solver=euler-maruyama evaluations=3 k=1");
    text whole = save("flipped", plan), t = text_of(whole.bytes);
    for (int i = 0; i < ROUNDS; i++) {
        itp_plan *out = NULL;
        memcpy(t.bytes, whole.bytes, whole.length);
        for (int flips = i % 3; flips >= 0; flips--) flip(&random, &t);
        int status = itp_plan_from_json(t.bytes, t.length, NULL, &out);
        check_true("flipped", status <= 0 && (status == ITP_OK) == (out != NULL) && status != ITP_E_MEMORY);
        check_true("flipped", !out || equal_plans(plan, out));
        loaded += out != NULL;
        itp_plan_free(out);
    }
    print_message("# %d of %d damaged texts still say the same plan\n", loaded, ROUNDS);
    check_true("some were damaged", loaded < ROUNDS / 2);
    test_free(whole.bytes);
    test_free(t.bytes);
    itp_plan_free(plan);
}

/* ---- memory ---- */

static void every_allocation_fails_once(void **state)
{
    (void)state;
    ledger books;
    itp_env allocator = ledger_env(&books);
    text t = text_of(HEUN);
    itp_plan *plan = NULL;
    int status = ITP_E_MEMORY, k = 1;
    for (; status == ITP_E_MEMORY; k++) {
        ledger_clear(&books);
        books.fail_at = k;
        status = itp_plan_from_json(t.bytes, t.length, &allocator, &plan);
        check_true("live", plan ? books.live == 3 : books.live == 0);
    }
    check_status("in the end", status, ITP_OK);
    check_true("text, plan, rows, terms, slots, amplification", k == 8);
    itp_plan_free(plan);
    check_true("balanced", !books.live && !books.defects);
    test_free(t.bytes);
}

static int left, live; /* cJSON's hooks take no argument */

static void *counted_malloc(size_t size)
{
    if (!left--) return NULL;
    live++;
    return malloc(size);
}

static void counted_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

static void every_allocation_of_cjson_fails_once(void **state)
{
    (void)state;
    cJSON_Hooks hooks = {counted_malloc, counted_free};
    itp_plan *plan = plan_of("solver=heun evaluations=4"), *again = NULL;
    text t = save("before", plan);
    int status = ITP_E_MEMORY, saves = 0, loads = 0;
    cJSON_InitHooks(&hooks);
    for (; status == ITP_E_MEMORY && !live; saves++) {
        left = saves;
        status = itp_plan_to_json(plan, t.bytes, t.length + 1, NULL);
    }
    int saved = status;
    for (status = ITP_E_ARGUMENT; status == ITP_E_ARGUMENT && !live; loads++) {
        left = loads;
        status = itp_plan_from_json(t.bytes, t.length, NULL, &again);
    }
    cJSON_InitHooks(NULL);
    check_status("saved", saved, ITP_OK);
    check_status("loaded", status, ITP_OK);
    check_true("nothing is left", !live);
    check_true("the same", equal_plans(plan, again));
    print_message("# %d allocations to save, %d to load\n", saves - 1, loads - 1);
    itp_plan_free(plan);
    itp_plan_free(again);
    test_free(t.bytes);
}

/* ---- the header ---- */

static const char *header; /* plan_json.h */

/* The comment's lines from the first brace on, to the one behind which it goes on with text. */
static text example_of(const char *bytes)
{
    const char *at = strstr(bytes, "{\"format\""), *end = at ? strstr(at, "\n *\n") : NULL;
    text t = {test_malloc(strlen(bytes) + 1), 0};
    check_true("the header has an example", at && end);
    for (; at < end; at++) {
        int begins = at[-1] == '\n' && at[0] == ' ' && at[1] == '*';
        t.bytes[t.length++] = begins ? ' ' : *at;
        at += begins;
    }
    t.bytes[t.length] = 0;
    return t;
}

static void the_documented_example_loads(void **state)
{
    enum { MOST = 20000 };
    char *bytes = test_malloc(MOST);
    FILE *file = header ? fopen(header, "rb") : NULL;
    (void)state;
    check_true("plan_json.h can be read", file != NULL);
    bytes[fread(bytes, 1, MOST - 1, file)] = 0;
    (void)fclose(file);
    text t = example_of(bytes);
    itp_plan *example = load("the example", t.bytes, t.length);
    wanted want = WANTED;
    itp_plan *heun = NULL;
    want.solver = SOLVER("heun");
    want.plan.evaluations = 2;
    want.plan.ends = ITP_ENDS_EVALUATE;
    check_status("heun", make_plan(&want, &heun), ITP_OK);
    check_true("it is Heun's step", equal_plans(example, heun));
    check_round_trip("the example", example);
    itp_plan_free(example);
    itp_plan_free(heun);
    test_free(t.bytes);
    test_free(bytes);
}

/* ---- arguments ---- */

static void short_capacities(void **state)
{
    (void)state;
    itp_plan *plan = plan_of("solver=euler evaluations=1");
    text whole = save("short", plan);
    char *part = test_malloc(whole.length);
    for (size_t capacity = 1; capacity <= whole.length; capacity += 7) {
        size_t needed = 0;
        memset(part, 'x', whole.length);
        check_status("short", itp_plan_to_json(plan, part, capacity, &needed), ITP_E_RANGE);
        check_true("short", needed == whole.length + 1 && !part[0]);
    }
    test_free(part);
    test_free(whole.bytes);
    itp_plan_free(plan);
}

static void wrong_arguments(void **state)
{
    (void)state;
    itp_plan *plan = plan_of("solver=euler evaluations=1"), *out = plan;
    ledger books;
    itp_allocator half = ITP_ALLOCATOR_INIT;
    itp_log odd = ITP_LOG_INIT;
    const itp_env odd_env = {ITP_SIZED(itp_env), .log = &odd}, half_env = {ITP_SIZED(itp_env), .memory = &half};
    (void)ledger_env(&books);
    half.alloc = books.memory.alloc;
    odd.size = 0;
    check_status("plan", itp_plan_to_json(NULL, NULL, 0, NULL), ITP_E_ARGUMENT);
    check_status("text", itp_plan_to_json(plan, NULL, 1, NULL), ITP_E_ARGUMENT);
    check_status("out", itp_plan_from_json(HEUN, strlen(HEUN), NULL, NULL), ITP_E_ARGUMENT);
    check_status("no text", itp_plan_from_json(NULL, 0, NULL, &out), ITP_E_ARGUMENT);
    check_true("out", !out);
    check_status("allocator", itp_plan_from_json(HEUN, strlen(HEUN), &half_env, &out), ITP_E_ARGUMENT);
    check_status("log", itp_plan_from_json(HEUN, strlen(HEUN), &odd_env, &out), ITP_E_SIZE);
    check_status("a length without end", itp_plan_from_json(HEUN, SIZE_MAX - 3, NULL, &out), ITP_E_MEMORY);
    itp_plan_free(plan);
}

static void a_zero_in_the_text(void **state)
{
    static const char bytes[] = HEUN "\0" HEUN;
    (void)state;
    itp_plan *plan = NULL;
    check_status("zero", itp_plan_from_json(bytes, sizeof bytes - 1, NULL, &plan), ITP_E_ARGUMENT);
    check_status("its end", itp_plan_from_json(HEUN, sizeof HEUN, NULL, &plan), ITP_E_ARGUMENT);
}

/* ---- the locale ---- */

/* NULL: this machine has none with a comma. */
static const char *comma_locale(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",  "de_DE",       "fr_FR.UTF-8", "fr_FR.utf8",
                                        "fr_FR",       "nl_NL.UTF-8", "ru_RU.UTF-8", "pl_PL.UTF-8", "es_ES.UTF-8"};
    for (int i = 0; i < COUNT(names); i++)
        if (setlocale(LC_NUMERIC, names[i]) && !strcmp(localeconv()->decimal_point, ",")) return names[i];
    setlocale(LC_NUMERIC, "C");
    return NULL;
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    itp_plan *plan = plan_of("solver=ab3 evaluations=7"), *again = NULL;
    text point = save("C", plan);
    const char *name = comma_locale();
    int saved = ITP_OK, loaded = ITP_OK, same = 1;
    if (name) {
        char *comma = test_malloc(point.length + 1);
        saved = itp_plan_to_json(plan, comma, point.length + 1, NULL);
        same = !strcmp(comma, point.bytes);
        loaded = itp_plan_from_json(point.bytes, point.length, NULL, &again);
        test_free(comma);
        setlocale(LC_NUMERIC, "C");
        check_status(name, saved, ITP_OK);
        check_status(name, loaded, ITP_OK);
        check_true(name, same && equal_plans(plan, again));
    }
    itp_plan_free(again);
    itp_plan_free(plan);
    test_free(point.bytes);
    print_message("# %s\n", name ? name : "no locale with a decimal comma on this machine: nothing was compared");
}

/* usage: plan_json_test plan_json.h */
/* ---- the description ---- */

static void the_description_is_printed(void **state)
{
    (void)state;
    static const char *const texts[] = {"schedule=lazy(k=1) solver=sa-2 grid=quadratic k=0.5 evaluations=5",
                                        "solver=euler grid=user-u(nodes=[0, 0.3, 1])"};
    for (int i = 0; i < COUNT(texts); i++) {
        char printed[256];
        itp_plan *plan = NULL;
        check_status(texts[i], itp_plan_parse(texts[i], NULL, &plan), ITP_OK);
        text saved = save(texts[i], plan);
        itp_plan *again = load(texts[i], saved.bytes, saved.length);
        check_status(texts[i], itp_plan_print(again, printed, sizeof printed, NULL), ITP_OK);
        assert_string_equal(printed, texts[i]);
        itp_plan_free(plan);
        itp_plan_free(again);
        test_free(saved.bytes);
    }
}

/* What a newer library may write is no reason to refuse the rows. */
static void an_unknown_description(void **state)
{
    (void)state;
    itp_plan *plan = NULL;
    check_status("plan", itp_plan_parse("", NULL, &plan), ITP_OK);
    text saved = save("plan", plan);
    memcpy(strstr(saved.bytes, "solver=euler"), "solver=later", 12);
    itp_plan *again = load("again", saved.bytes, saved.length);
    check_true("the same", equal_plans(plan, again));
    check_status("print", itp_plan_print(again, NULL, 0, NULL), ITP_E_UNSUPPORTED);
    itp_plan_free(plan);
    itp_plan_free(again);
    test_free(saved.bytes);
}

int main(int count, char **arguments)
{
    header = count > 1 ? arguments[1] : NULL;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_solver),
        cmocka_unit_test(every_schedule),
        cmocka_unit_test(whatever_is_made_is_loaded),
        cmocka_unit_test(from_data_to_noise),
        cmocka_unit_test(numbers_keep_their_bits),
        cmocka_unit_test(a_text_made_by_hand),
        cmocka_unit_test(a_plan_that_keeps_everything),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(no_rows),
        cmocka_unit_test(the_documented_example_loads),
        cmocka_unit_test(the_description_is_printed),
        cmocka_unit_test(an_unknown_description),
        cmocka_unit_test(loading_is_linear),
        cmocka_unit_test(deep_texts),
        cmocka_unit_test(truncations),
        cmocka_unit_test(flipped_bytes),
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(every_allocation_of_cjson_fails_once),
        cmocka_unit_test(short_capacities),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(a_zero_in_the_text),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
    };
    return cmocka_run_group_tests_name("plan_json", tests, NULL, NULL);
}

#else

static void without_cjson(void **state)
{
    (void)state;
    capture said;
    itp_env log = capture_env(&said);
    wanted desc = WANTED;
    itp_plan *plan = NULL, *out = NULL;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    out = plan;
    check_status("save", itp_plan_to_json(plan, NULL, 0, NULL), ITP_E_UNSUPPORTED);
    check_status("no plan", itp_plan_to_json(NULL, NULL, 0, NULL), ITP_E_ARGUMENT);
    check_status("load", itp_plan_from_json("{}", 2, &log, &out), ITP_E_UNSUPPORTED);
    check_true("load", !out && capture_has(&said, "cJSON"));
    check_status("no text", itp_plan_from_json(NULL, 0, NULL, &out), ITP_E_ARGUMENT);
    check_status("no out", itp_plan_from_json("{}", 2, NULL, NULL), ITP_E_ARGUMENT);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_cjson)};
    return cmocka_run_group_tests_name("plan_json", tests, NULL, NULL);
}
#endif
