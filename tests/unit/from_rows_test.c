/* Plans made of rows: those of another plan run to its bits, a method that the library does not have is a few lines,
 * and what is wrong is named by row and term. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"
#include "../common/plan.h"

enum { MOST = 64, DIM = 5 };

static int network_sine(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++)
        ((double *)request->out)[i] = sin(((const double *)request->x)[i] + request->time);
    return 0;
}

static void sample(const char *label, const itp_plan *plan, int32_t kind, double *x)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = 1;
    batch.seed = 3;
    batch.type = ITP_FLOAT64;
    batch.x = kind;
    for (int i = 0; i < DIM; i++) x[i] = .3 * i - .5;
    check_status(label, itp_sample(plan, &batch, x, network_sine, NULL), ITP_OK);
}

/* All that a plan says of itself, as rows. */
static itp_plan_rows rows_of(const itp_plan *plan, const itp_plan_info *info, itp_plan_row *rows)
{
    itp_plan_rows out = ITP_PLAN_ROWS_INIT;
    for (int32_t i = 0; i < info->rows; i++) {
        rows[i].size = sizeof *rows;
        check_status("row", itp_plan_get_row(plan, i, &rows[i]), ITP_OK);
    }
    out.rows = rows;
    out.row_count = info->rows;
    out.steps = info->steps;
    out.start_scale = info->start_scale;
    out.start_data = info->start_data;
    out.start_terms = info->start_terms;
    out.start_term_count = info->start_term_count;
    out.u_start = info->u_start;
    out.u_end = info->u_end;
    out.end_scale = info->end_scale;
    out.starts_inside = info->starts_inside;
    out.solver = info->solver;
    return out;
}

static void check_equal_rows(const char *label, const itp_plan *a, const itp_plan *b, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        itp_plan_row p = ITP_PLAN_ROW_INIT, q = ITP_PLAN_ROW_INIT;
        check_status(label, itp_plan_get_row(a, i, &p), ITP_OK);
        check_status(label, itp_plan_get_row(b, i, &q), ITP_OK);
        check_true(label, p.term_count == q.term_count);
        check_true(label, !p.term_count || !memcmp(p.terms, q.terms, (size_t)p.term_count * sizeof *p.terms));
        p.terms = q.terms = NULL;
        check_true(label, !memcmp(&p, &q, sizeof p));
    }
}

static void check_again(const char *label, const itp_plan *plan)
{
    itp_plan_row rows[MOST];
    itp_plan_info a = ITP_PLAN_INFO_INIT, b = ITP_PLAN_INFO_INIT;
    itp_plan *again = NULL;
    double x[DIM], y[DIM];
    check_status(label, itp_plan_get_info(plan, &a), ITP_OK);
    itp_plan_rows from = rows_of(plan, &a, rows);
    check_status(label, itp_plan_from_rows(&from, &again), ITP_OK);
    check_status(label, itp_plan_get_info(again, &b), ITP_OK);
    check_equal_rows(label, plan, again, a.rows);
    check_true(label, !a.start_term_count == !b.start_terms);
    a.start_terms = b.start_terms = NULL;
    check_true(label, !strcmp(a.solver, b.solver));
    b.solver = a.solver;
    a.unspent = 0; /* no budget has been asked of rows */
    check_true(label, !memcmp(&a, &b, sizeof a));
    int32_t kind = a.u_start > a.u_end ? ITP_X_DATA : ITP_X_NOISE;
    sample(label, plan, kind, x);
    sample(label, again, kind, y);
    check_true(label, !memcmp(x, y, sizeof x));
    itp_plan_free(again);
}

static void rows_of_every_solver(void **state)
{
    (void)state;
    int32_t i = 0;
    for (const char *id; (id = kind_name_at("solver", i)) != NULL; i++) {
        itp_plan *plan = plan_at_k(id, 12, 0);
        check_again(id, plan);
        itp_plan_free(plan);
    }
}

static void rows_under_every_schedule(void **state)
{
    int made = 0;
    (void)state;
    for (int i = 0; i < family_count() * 4; i++) {
        wanted want = WANTED;
        itp_schedule *schedule = family_new(i / 4);
        itp_plan *plan = NULL;
        want.plan.schedule = schedule;
        want.diffusion.k = i % 4 == 1;
        want.grid.reversed = i % 4 == 2;
        want.grid.u_start = i % 4 == 3 ? .3 : 0;
        if (make_plan(&want, &plan) == ITP_OK) { /* none leads back to a point mass */
            check_again(family_at(i / 4)->name, plan);
            made++;
        }
        itp_plan_free(plan);
        itp_schedule_free(schedule);
    }
    check_true("most can be made", made > 3 * family_count());
}

static void rows_of_a_centred_start(void **state)
{
    (void)state;
    wanted want = WANTED;
    itp_schedule *lazy = family_make(&(family){.kind = ITP_SCHEDULE_LAZY, .k = 1, .s = 1});
    itp_plan *plan = NULL;
    want.plan.schedule = lazy;
    want.diffusion.k = 1;
    want.plan.start = ITP_START_CENTRED;
    check_status("centred", make_plan(&want, &plan), ITP_OK);
    check_again("centred", plan);
    itp_plan_free(plan);
    itp_schedule_free(lazy);
}

/* ---- a method of one's own: gradient estimation (2306.04848), x' = x + h (2 F_i - F_{i-1}), between Euler's ---- */

static itp_plan *euler_ge(int32_t steps)
{
    itp_plan_row rows[MOST];
    itp_term terms[MOST][3];
    itp_plan *plan = NULL;
    for (int32_t i = 0; i < steps; i++) {
        double h = 1. / steps, u = (double)i / steps, back = i > 0 && i < steps - 1 ? h : 0;
        terms[i][0] = (itp_term){.column = ITP_COLUMN_STATE, .index = i, .coef = 1};
        terms[i][1] =
            (itp_term){.column = ITP_COLUMN_OUTPUT, .index = back != 0 ? i - 1 : i, .coef = back != 0 ? -back : h};
        terms[i][2] = (itp_term){.column = ITP_COLUMN_OUTPUT, .index = i, .coef = h + back};
        rows[i] = (itp_plan_row){.size = sizeof *rows,
                                 .time = u,
                                 .u = u,
                                 .t = u,
                                 .terms = terms[i],
                                 .term_count = back != 0 ? 3 : 2,
                                 .data_state = 1,
                                 .data_output = 1 - u};
    }
    itp_plan_rows want = {.size = sizeof want, .rows = rows, .row_count = steps};
    check_status("euler_ge", itp_plan_from_rows(&want, &plan), ITP_OK);
    return plan;
}

static void a_method_of_ones_own(void **state)
{
    enum { STEPS = 8 };
    (void)state;
    double x[DIM], y[DIM], last[DIM] = {0};
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan *plan = euler_ge(STEPS);
    sample("euler_ge", plan, ITP_X_GIVEN, x);
    for (int i = 0; i < DIM; i++) y[i] = .3 * i - .5;
    for (int n = 0; n < STEPS; n++) {
        for (int i = 0; i < DIM; i++) {
            double f = sin(y[i] + (double)n / STEPS);
            y[i] += (n > 0 && n < STEPS - 1 ? 2 * f - last[i] : f) / STEPS;
            last[i] = f;
        }
    }
    for (int i = 0; i < DIM; i++) check_near("euler_ge", x[i], y[i], 1e-15);
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    check_true("its name", !strcmp(info.solver, "rows"));
    assert_int_equal(info.steps, STEPS);
    assert_int_equal(info.slots, 3);
    check_true("measured", info.amplification > .1 && info.amplification < 20);
    itp_plan_free(plan);
}

/* ---- steps and stages ---- */

/* Steps follow one another, each ends once, in its last row, and the next row lies where it ended. */
static void steps_and_stages(void **state)
{
    static const char *const stages[] = {"stochastic-heun", "sea", "shark", "alphafold-3"};
    (void)state;
    int32_t n = 0;
    for (const char *id; (id = kind_name_at("solver", n)) != NULL; n++) {
        itp_plan *plan = plan_at_k(id, 12, 1);
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan_row row = ITP_PLAN_ROW_INIT, next = ITP_PLAN_ROW_INIT;
        int shifted = 0, ends = 0;
        for (int i = 0; i < COUNT(stages); i++) shifted = shifted || !strcmp(stages[i], id);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        for (int32_t i = 0; i < info.rows; i++) {
            check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
            int last = i == info.rows - 1 || (itp_plan_get_row(plan, i + 1, &next), next.step > row.step);
            check_true(id, row.steps == info.steps && row.step >= 0 && row.step < info.steps);
            check_true(id, i == info.rows - 1 || next.step - row.step == last);
            check_true(id, shifted ? row.ends_step <= last : row.ends_step == last);
            ends += row.ends_step;
        }
        check_true(id, row.ends_step == 1 && row.step == info.steps - 1);
        check_true(id, shifted ? ends < info.steps : ends == info.steps);
        itp_plan_free(plan);
    }
}

/* Churned steps begin with noise, so that the row before ends with it. */
static void churn_moves_the_ends(void **state)
{
    (void)state;
    wanted want = WANTED;
    itp_plan *plan = NULL;
    int ends = 0;
    want.solver = SOLVER("edm-heun");
    want.solver.s_churn = 2;
    want.plan.evaluations = 7;
    check_status("churn", make_plan(&want, &plan), ITP_OK);
    for (int32_t i = 0; i < 7; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
        ends += row.ends_step;
    }
    assert_int_equal(ends, 1);
    itp_plan_free(plan);
}

static int count_ends(void *user, const itp_request *request, const void *state, const void *data)
{
    int *seen = user;
    (void)state;
    (void)data;
    seen[request->ends_step]++;
    check_true("in order", request->step == seen[1] - request->ends_step && request->steps == 5);
    return 0;
}

static void hooks_tell_steps_from_stages(void **state)
{
    (void)state;
    wanted want = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL;
    int seen[2] = {0, 0};
    double x[DIM];
    want.solver = SOLVER("heun");
    want.plan.evaluations = 9;
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.on_row = count_ends;
    batch.user = seen;
    check_status("heun", make_plan(&want, &plan), ITP_OK);
    check_status("run", itp_sample(plan, &batch, x, network_sine, NULL), ITP_OK);
    assert_int_equal(seen[0], 4);
    assert_int_equal(seen[1], 5);
    itp_plan_free(plan);
}

/* ---- what is refused ---- */

/* Heun's step, whose parts the cases below change. */
typedef struct subject {
    itp_term first[2], second[3], start[1];
    itp_plan_row rows[2];
    itp_plan_rows all;
} subject;

static void make_subject(subject *of)
{
    const itp_plan_row row = ITP_PLAN_ROW_INIT;
    const itp_plan_rows all = ITP_PLAN_ROWS_INIT;
    memset(of, 0, sizeof *of);
    of->first[0] = (itp_term){ITP_COLUMN_STATE, 0, 0, 0, 1};
    of->first[1] = (itp_term){ITP_COLUMN_OUTPUT, 0, 0, 0, 1};
    of->second[0] = (itp_term){ITP_COLUMN_STATE, 0, 0, 0, 1};
    of->second[1] = (itp_term){ITP_COLUMN_OUTPUT, 0, 0, 0, .5};
    of->second[2] = (itp_term){ITP_COLUMN_OUTPUT, 1, 0, 0, .5};
    of->start[0] = (itp_term){ITP_COLUMN_NORMAL, 2, 0, 0, 1};
    of->rows[0] = of->rows[1] = row;
    of->rows[0].terms = of->first;
    of->rows[0].term_count = 2;
    of->rows[1].terms = of->second;
    of->rows[1].term_count = 3;
    of->rows[1].u = of->rows[1].t = of->rows[1].time = 1;
    of->rows[1].ends_step = 1;
    of->all = all;
    of->all.rows = of->rows;
    of->all.row_count = 2;
    of->all.steps = 1;
}

enum { REAL, WHOLE, NONE, SIZE };
typedef struct wrong {
    const char *name;
    size_t at; /* in the subject */
    int type;
    double value;
    int status;
    const char *sentence; /* the beginning of it */
} wrong;

#define IN_ROW(i, member) (offsetof(subject, rows) + (i) * sizeof(itp_plan_row) + offsetof(itp_plan_row, member))
#define IN_ALL(member) (offsetof(subject, all) + offsetof(itp_plan_rows, member))
#define IN_TERM(j, member) (offsetof(subject, second) + (j) * sizeof(itp_term) + offsetof(itp_term, member))
static const wrong wrongs[] = {
    {"rows", IN_ALL(rows), NONE, 0, ITP_E_ARGUMENT, "rows: NULL"},
    {"no row", IN_ALL(row_count), WHOLE, 0, ITP_E_RANGE, "rows: given, row_count: 0;"},
    {"below none", IN_ALL(row_count), WHOLE, -3, ITP_E_RANGE, "rows: given, row_count: -3;"},
    {"steps", IN_ALL(steps), WHOLE, -1, ITP_E_RANGE, "steps: -1"},
    {"steps unsaid", IN_ALL(steps), WHOLE, 0, ITP_E_RANGE, "rows[1].step, steps, ends_step: 0, 0, 1, but steps is 0"},
    {"start_scale", IN_ALL(start_scale), REAL, NAN, ITP_E_RANGE, "start_scale: "},
    {"start_data", IN_ALL(start_data), REAL, INFINITY, ITP_E_RANGE, "start_data: inf"},
    {"u_start", IN_ALL(u_start), REAL, -.5, ITP_E_RANGE, "u_start: -0.5"},
    {"u_end", IN_ALL(u_end), REAL, 1.5, ITP_E_RANGE, "u_end: 1.5"},
    {"end_scale", IN_ALL(end_scale), REAL, -1, ITP_E_RANGE, "end_scale: -1"},
    {"start_terms", IN_ALL(start_term_count), WHOLE, 1, ITP_E_ARGUMENT, "start_terms: NULL"},
    {"size", IN_ROW(1, size), SIZE, 8, ITP_E_SIZE, "rows[1]: its size"},
    {"terms", IN_ROW(1, terms), NONE, 0, ITP_E_ARGUMENT, "rows[1].terms: NULL"},
    {"time", IN_ROW(1, time), REAL, INFINITY, ITP_E_RANGE, "rows[1].time: inf"},
    {"u", IN_ROW(1, u), REAL, 1.01, ITP_E_RANGE, "rows[1].u: 1.01"},
    {"t", IN_ROW(0, t), REAL, NAN, ITP_E_RANGE, "rows[0].t: "},
    {"scale", IN_ROW(0, scale), REAL, -1, ITP_E_RANGE, "rows[0].scale: -1"},
    {"data_state", IN_ROW(0, data_state), REAL, NAN, ITP_E_RANGE, "rows[0].data_state: "},
    {"data_output", IN_ROW(0, data_output), REAL, NAN, ITP_E_RANGE, "rows[0].data_output: "},
    {"keep", IN_ROW(0, keep), WHOLE, 2, ITP_E_RANGE, "rows[0].keep: 2"},
    {"keep_state", IN_ROW(0, keep_state), REAL, 3, ITP_E_UNSUPPORTED, "rows[0].keep_state, keep_output: 3, 1, but"},
    {"keep_output", IN_ROW(0, keep_output), REAL, 3, ITP_E_UNSUPPORTED, "rows[0].keep_state, keep_output: 0, 3, but"},
    {"step", IN_ROW(1, step), WHOLE, 1, ITP_E_RANGE, "rows[1].step: 1, it must be 0 to 0"},
    {"steps of a row", IN_ROW(1, steps), WHOLE, 2, ITP_E_RANGE, "rows[1].step, steps, ends_step: 0, 2, 1, but"},
    {"an early end", IN_ROW(0, ends_step), WHOLE, 1, ITP_E_RANGE, "rows[1].step: 0, it must be 1 to 0"},
    {"no end", IN_ROW(1, ends_step), WHOLE, 0, ITP_E_RANGE, "rows[1].ends_step: 0"},
    {"column", IN_TERM(1, column), WHOLE, 3, ITP_E_UNSUPPORTED, "rows[1].terms[1]: column 3"},
    {"no column", IN_TERM(1, column), WHOLE, -1, ITP_E_UNSUPPORTED, "rows[1].terms[1]: column -1"},
    {"index", IN_TERM(2, index), WHOLE, 2, ITP_E_RANGE, "rows[1].terms[2]: there is no column F 2 yet"},
    {"no index", IN_TERM(0, index), WHOLE, -1, ITP_E_RANGE, "rows[1].terms[0]: there is no column Y -1"},
    {"coef", IN_TERM(2, coef), REAL, NAN, ITP_E_RANGE, "rows[1].terms[2]: the coefficient is not finite"},
    {"order", IN_TERM(2, index), WHOLE, 0, ITP_E_RANGE, "rows[1].terms[2]: it must come after"},
};

static void change(subject *of, const wrong *w)
{
    unsigned char *at = (unsigned char *)of + w->at;
    int32_t whole = w->type == WHOLE ? (int32_t)w->value : 0;
    size_t size = w->type == SIZE ? (size_t)w->value : 0;
    const void *none = NULL;
    const void *from = w->type == REAL    ? (const void *)&w->value
                       : w->type == WHOLE ? (const void *)&whole
                       : w->type == SIZE  ? (const void *)&size
                                          : (const void *)&none;
    memcpy(at, from, w->type == WHOLE ? sizeof whole : sizeof none);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(wrongs); i++) {
        subject of;
        capture said;
        itp_env env = capture_env(&said);
        itp_plan *plan = (itp_plan *)(void *)&of;
        make_subject(&of);
        of.all.env = &env;
        change(&of, &wrongs[i]);
        check_status(wrongs[i].name, itp_plan_from_rows(&of.all, &plan), wrongs[i].status);
        check_true(wrongs[i].name, !plan);
        if (strncmp(said.text, wrongs[i].sentence, strlen(wrongs[i].sentence)) != 0)
            print_message("%s: %s\n", wrongs[i].name, said.text);
        check_true(wrongs[i].name, !strncmp(said.text, wrongs[i].sentence, strlen(wrongs[i].sentence)));
    }
}

static void starts_are_looked_at(void **state)
{
    (void)state;
    subject of;
    capture said;
    itp_env env = capture_env(&said);
    itp_plan *plan = NULL;
    make_subject(&of);
    of.all.env = &env;
    of.all.start_terms = of.start;
    of.all.start_term_count = 1;
    of.start[0].column = ITP_COLUMN_STATE;
    check_status("a state", itp_plan_from_rows(&of.all, &plan), ITP_E_UNSUPPORTED);
    check_true("a state", capture_has(&said, "start_terms[0]: column 0 is none of a start's"));
    of.start[0].column = ITP_COLUMN_NORMAL;
    check_status("well", itp_plan_from_rows(&of.all, &plan), ITP_OK);
    itp_plan_free(plan);
    check_status("no rows", itp_plan_from_rows(NULL, &plan), ITP_E_ARGUMENT);
    check_status("no out", itp_plan_from_rows(&of.all, NULL), ITP_E_ARGUMENT);
}

/* Of a program whose rows are longer than the library's, and of one whose rows end earlier. */
static void rows_of_other_programs(void **state)
{
    struct {
        itp_plan_row row;
        double more;
    } rows[2];
    (void)state;
    subject of;
    itp_plan *plan = NULL;
    make_subject(&of);
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < 2; i++) {
        rows[i].row = of.rows[i];
        rows[i].row.size = sizeof rows[i];
    }
    of.all.rows = &rows[0].row;
    check_status("longer", itp_plan_from_rows(&of.all, &plan), ITP_OK);
    itp_plan_free(plan);
    rows[1].more = 1;
    check_status("with something new", itp_plan_from_rows(&of.all, &plan), ITP_E_NEWER);
    double x[DIM];
    struct old {
        double bytes[offsetof(itp_plan_row, step) / sizeof(double)];
    } old[2];
    for (int i = 0; i < 2; i++) {
        size_t size = sizeof old[i];
        memcpy(&old[i], &of.rows[i], size);
        memcpy(&old[i], &size, sizeof size);
    }
    of.all.rows = (const itp_plan_row *)(const void *)old;
    of.all.steps = 0; /* the struct does not know steps */
    check_status("shorter", itp_plan_from_rows(&of.all, &plan), ITP_OK);
    sample("shorter", plan, ITP_X_NOISE, x);
    itp_plan_free(plan);
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    ledger books;
    itp_env env = ledger_env(&books);
    subject of;
    itp_plan *plan = NULL;
    int status = ITP_E_MEMORY, k = 1;
    make_subject(&of);
    of.all.env = &env;
    for (; status == ITP_E_MEMORY; k++) {
        ledger_clear(&books);
        books.fail_at = k;
        status = itp_plan_from_rows(&of.all, &plan);
        check_true("live", plan ? books.live == 3 : books.live == 0);
    }
    check_status("in the end", status, ITP_OK);
    check_true("plan, rows, terms, slots, amplification", k == 7);
    itp_plan_free(plan);
    check_true("balanced", !books.live && !books.defects);
}

static int writes_nothing(void *user, const itp_request *request)
{
    (void)user;
    (void)request;
    return 0;
}

/* Rows of a program's own run as all others do: an output that nobody wrote is not taken for one. */
static void outputs_are_looked_at(void **state)
{
    (void)state;
    double x[DIM];
    itp_plan *plan = euler_ge(4);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.check_finite = 1;
    check_status("unwritten", itp_sample(plan, &batch, x, writes_nothing, NULL), ITP_E_NONFINITE);
    itp_plan_free(plan);
}

/* Steps twice as long as the path, one after the other: what they magnify is said. */
static void amplification_is_warned_of(void **state)
{
    (void)state;
    capture said;
    itp_env env = capture_env(&said);
    subject of;
    itp_plan *plan = NULL;
    make_subject(&of);
    of.all.env = &env;
    of.second[2].coef = 300;
    check_status("plan", itp_plan_from_rows(&of.all, &plan), ITP_OK);
    check_true("warned", capture_has(&said, "amplification: 3"));
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_every_solver),
        cmocka_unit_test(rows_under_every_schedule),
        cmocka_unit_test(rows_of_a_centred_start),
        cmocka_unit_test(a_method_of_ones_own),
        cmocka_unit_test(steps_and_stages),
        cmocka_unit_test(churn_moves_the_ends),
        cmocka_unit_test(hooks_tell_steps_from_stages),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(starts_are_looked_at),
        cmocka_unit_test(rows_of_other_programs),
        cmocka_unit_test(every_allocation_fails_once),
        cmocka_unit_test(outputs_are_looked_at),
        cmocka_unit_test(amplification_is_warned_of),
    };
    return cmocka_run_group_tests_name("from_rows", tests, NULL, NULL);
}
