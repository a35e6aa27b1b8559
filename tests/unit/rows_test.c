/* Rows are all there is to a plan: two interpreters of a few lines run them, by logical columns and by slots, and
 * get the sampler's numbers; and the slots are as few as the lifetimes of the columns allow. For every solver and
 * schedule. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/interpret.h"
#include "../common/network.h"
#include "../common/want.h"

enum { DIM = 5, SEED = 77, NORMALS = 2048 };

/* Any smooth function will do for a network here; this one depends on time and state. */
static double value(double time, double x)
{
    return sin(2 * x + time) - .3 * x;
}

static void interpreted(void *user, double time, const double *x, double *out, size_t n)
{
    (void)user;
    for (size_t i = 0; i < n; i++) out[i] = value(time, x[i]);
}

static int sampled(void *user, const itp_request *request)
{
    interpreted(user, request->time, request->x, request->out, request->count * request->dim);
    return 0;
}

static void check_interpreters(const char *name, const itp_plan *plan)
{
    static double normals[NORMALS * DIM];
    double logical[DIM], slots[DIM], x[DIM];
    int32_t numbers[NORMALS];
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    int32_t count = interpret_numbers(plan, numbers, NORMALS);
    check_true(name, count >= 1 && count < NORMALS && info.normals > numbers[count - 1]);
    for (int32_t i = 0; i < count; i++)
        check_status(name, itp_normals(SEED, 0, (uint32_t)numbers[i], 0, ITP_FLOAT64, normals + i * DIM, DIM), ITP_OK);
    interpret_job job = {DIM, normals, interpreted, NULL, 0, numbers, count};
    check_status(name, interpret_logical(plan, &job, logical), ITP_OK);
    check_status(name, interpret_slots(plan, &job, slots), ITP_OK);
    batch.dim = DIM;
    batch.count = 1;
    batch.seed = SEED;
    batch.type = ITP_FLOAT64;
    batch.kernel = ITP_KERNEL_PORTABLE;
    check_status(name, itp_sample(plan, &batch, x, sampled, NULL), ITP_OK);
    for (int i = 0; i < DIM; i++) {
        check_true(name, isfinite(x[i]));
        check_same(name, x[i], logical[i]);
        check_same(name, x[i], slots[i]);
    }
    batch.kernel = ITP_KERNEL_AUTO;
    check_status(name, itp_sample(plan, &batch, x, sampled, NULL), ITP_OK);
    for (int i = 0; i < DIM; i++) check_near(name, x[i], logical[i], 1e-11);
}

/* ---- lifetimes, found without the library's help ---- */

enum { ROWS = 64 };
typedef struct lives {
    int rows, state[ROWS], output[ROWS]; /* the last row that reads Y_i, F_i */
} lives;

static void read_lives(const itp_plan *plan, int rows, lives *out)
{
    out->rows = rows;
    for (int i = 0; i < rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
        out->state[i] = out->output[i] = i;
        for (int j = 0; j < row.term_count; j++) {
            const itp_term *term = &row.terms[j];
            if (term->column == ITP_COLUMN_STATE) out->state[term->index] = i;
            if (term->column == ITP_COLUMN_OUTPUT) out->output[term->index] = i;
        }
    }
}

/* While row i runs: every column made before it and read in it or later, its own state and its output. */
static int live_columns(const lives *of, int row)
{
    int count = 0;
    for (int i = 0; i <= row; i++) count += (of->state[i] >= row) + (of->output[i] >= row);
    return count;
}

static void check_slots(const char *name, const itp_plan *plan)
{
    lives of;
    int most = 0;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_true(name, info.rows <= ROWS);
    read_lives(plan, info.rows, &of);
    for (int i = 0; i < info.rows; i++) most = live_columns(&of, i) > most ? live_columns(&of, i) : most;
    check_near(name, info.slots, most, 0);
}

/* What the plan says of it as text: the arrays, and their bytes per element. */
static void check_text(const char *name, const itp_plan *plan)
{
    char text[400], line[100];
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_status(name, itp_plan_format(plan, text, sizeof text, NULL), ITP_OK);
    snprintf(line, sizeof line, "\narrays: x and %d more, together %d bytes per element in float32, %d in float64\n",
             (int)info.slots - 1, 4 * (int)info.slots, 8 * (int)info.slots);
    check_true(name, strstr(text, line) != NULL);
    check_true(name, info.carries == (strstr(text, "\ncarried noise: an array more, 4 bytes") != NULL));
}

/* ---- what every row must be ---- */

static void check_term(const char *name, const itp_plan_info *info, int row, const itp_term *term)
{
    check_true(name, isfinite(term->coef));
    check_true(name, term->index >= 0);
    if (term->column == ITP_COLUMN_NORMAL) {
        check_true(name, term->index < info->normals && term->slot == -1);
        return;
    }
    check_true(name, term->column == ITP_COLUMN_STATE || term->column == ITP_COLUMN_OUTPUT);
    check_true(name, term->index <= row && term->slot >= 0 && term->slot < info->slots);
}

static void check_row_slots(const char *name, const itp_plan_info *info, int i, const itp_plan_row *row)
{
    check_true(name, row->x_slot != row->out_slot && row->x_slot >= 0 && row->out_slot >= 0);
    check_true(name, row->x_slot < info->slots && row->out_slot < info->slots && row->next_slot < info->slots);
    check_true(name, !row->keep || row->next_slot != row->out_slot);
    check_true(name, i > 0 || row->x_slot == 0);
    check_true(name, i < info->rows - 1 || row->next_slot == 0);
}

static void check_row(const char *name, const itp_plan_info *info, int i, const itp_plan_row *row)
{
    check_true(name, isfinite(row->time) && row->u >= 0 && row->u <= 1 && row->t >= 0 && row->t <= 1);
    check_true(name, isfinite(row->keep_state) && isfinite(row->keep_output));
    check_true(name, row->keep == 0 || row->keep == 1);
    check_row_slots(name, info, i, row);
    for (int j = 0; j < row->term_count; j++) check_term(name, info, i, &row->terms[j]);
}

static void check_rows(const char *name, const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_true(name, isfinite(info.start_scale) && info.rows > 0 && info.steps > 0 && info.slots >= 2);
    for (int i = 0; i < info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status(name, itp_plan_get_row(plan, i, &row), ITP_OK);
        check_row(name, &info, i, &row);
    }
}

/* ---- every solver, every schedule ---- */

static void check_plan(int which, const wanted *desc)
{
    label name;
    itp_plan *plan = NULL;
    snprintf(name.text, sizeof name.text, "%s, %s, k %g, %d evaluations", family_at(which)->name, called(desc),
             desc->diffusion.k, (int)desc->plan.evaluations);
    check_status(name.text, make_plan(desc, &plan), ITP_OK);
    check_rows(name.text, plan);
    check_slots(name.text, plan);
    check_interpreters(name.text, plan);
    itp_plan_free(plan);
}

static void flows(void **state)
{
    static const int32_t budgets[] = {6, 7, 9, 12};
    (void)state;
    for (int which = 0; which < family_count(); which++) {
        itp_schedule *schedule = family_new(which);
        for (int i = 0; kind_name_at("solver", i); i++)
            for (int j = 0; j < COUNT(budgets); j++) {
                wanted desc = WANTED;
                desc.plan.schedule = schedule;
                desc.solver = SOLVER(kind_name_at("solver", i));
                desc.plan.evaluations = budgets[j];
                check_plan(which, &desc);
            }
        itp_schedule_free(schedule);
    }
}

static void diffusions(void **state)
{
    static const double ks[] = {.3, .5, 1, 2};
    (void)state;
    for (int which = 0; which < family_count(); which++) {
        itp_schedule *schedule = family_new(which);
        for (int i = 0; i < COUNT(ks); i++)
            for (int32_t last = ITP_LAST_DATA; last <= ITP_LAST_NOISE; last++) {
                wanted desc = WANTED;
                desc.plan.schedule = schedule;
                desc.solver = SOLVER("euler-maruyama");
                desc.diffusion.k = ks[i];
                desc.plan.last = last;
                desc.plan.evaluations = 7;
                check_plan(which, &desc);
            }
        itp_schedule_free(schedule);
    }
}

/* Networks on other schedules with other predictions, sampled under linear, with parts of the path. */
static void models(void **state)
{
    static const int32_t predictions[] = {ITP_PREDICT_VELOCITY,   ITP_PREDICT_DATA, ITP_PREDICT_NOISE,
                                          ITP_PREDICT_SALIMANS_V, ITP_PREDICT_EDM,  ITP_PREDICT_NEGATIVE_VELOCITY};
    (void)state;
    itp_schedule *linear;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    for (int which = 0; which < family_count(); which++) {
        itp_schedule *schedule = family_new(which);
        for (int i = 0; i < COUNT(predictions); i++) {
            itp_model model = ITP_MODEL_INIT;
            wanted desc = WANTED;
            model.schedule = schedule;
            model.prediction = predictions[i];
            desc.plan.model = &model;
            desc.plan.schedule = linear;
            desc.solver = SOLVER("ab3");
            desc.grid.u_start = .05;
            desc.grid.u_end = .95;
            check_plan(which, &desc);
        }
        itp_schedule_free(schedule);
    }
    itp_schedule_free(linear);
}

/* Ends of the path that are nearly 0 or 1: a plan of finite numbers, or a status. */
static void check_narrow(const char *name, const wanted *desc)
{
    itp_plan *plan = NULL;
    int rc = make_plan(desc, &plan);
    check_true(name, rc <= 0 && rc != ITP_E_INTERNAL && (rc == ITP_OK) == (plan != NULL));
    if (plan) check_rows(name, plan);
    itp_plan_free(plan);
}

static void ends_close_to_the_path_s_own(void **state)
{
    static const double starts[] = {5e-324, 1e-300, 1e-17, .2}, ends[] = {1, 0.99999999999999989, 1 - 1e-9};
    (void)state;
    for (int which = 0; which < family_count(); which++) {
        itp_schedule *schedule = family_new(which);
        for (int i = 0; i < 2 * COUNT(starts) * COUNT(ends); i++) {
            wanted desc = WANTED;
            desc.plan.schedule = schedule;
            desc.diffusion.k = i % 2;
            desc.grid.u_start = starts[i / 2 % COUNT(starts)];
            desc.grid.u_end = ends[i / 2 / COUNT(starts)];
            check_narrow(family_at(which)->name, &desc);
        }
        itp_schedule_free(schedule);
    }
}

static void slots_of_known_plans(void **state)
{
    static const struct {
        const char *solver;
        int slots;
    } rows[] = {{"euler", 2}, {"euler-maruyama", 2}, {"ab2", 3},  {"ab3", 4},
                {"ab4", 5},   {"midpoint", 3},       {"heun", 4}, {"rk4", 6}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_plan *plan = NULL;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        wanted desc = WANTED;
        desc.solver = SOLVER(rows[i].solver);
        desc.plan.evaluations = 15; /* rk4: three steps, and one of 3 stages */
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        check_near(rows[i].solver, info.slots, rows[i].slots, 0);
        itp_plan_free(plan);
    }
}

/* Fifty rows of every solver, with noise and without, backward too: the fewest slots, and the plan says how many. */
static void slots_of_every_solver(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        int made = 0;
        for (int variant = 0; variant < 4; variant++) {
            const char *name = kind_name_at("solver", i);
            itp_plan *plan = NULL;
            wanted desc = WANTED;
            desc.solver = SOLVER(kind_name_at("solver", i));
            desc.plan.evaluations = 50;
            desc.diffusion.k = variant & 1;
            desc.grid.reversed = variant >> 1;
            if (make_plan(&desc, &plan)) continue; /* a solver that is a flow's, or not, or only goes forward */
            check_slots(name, plan);
            check_text(name, plan);
            itp_plan_free(plan);
            made++;
        }
        check_true(kind_name_at("solver", i), made > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_of_every_solver),
        cmocka_unit_test(flows),
        cmocka_unit_test(diffusions),
        cmocka_unit_test(models),
        cmocka_unit_test(ends_close_to_the_path_s_own),
        cmocka_unit_test(slots_of_known_plans),
    };
    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
