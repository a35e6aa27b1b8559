/* Budgets: every evaluation that was asked for is made, and none of them at the data end unless that is wanted. How
 * many steps have how many evaluations is counted by hand from each method's stages, and for DPM-Solver from its
 * authors' code (2206.00927, algorithm 3.4). */
#include <interp/interp.h>

#include <stdio.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/plan.h"
#include "solver/solver.h"

enum { MOST = 40, SHAPE = 8 };

static itp_schedule *table_of(int samples)
{
    double cumprod[DDPM_COUNT];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    ddpm_alphas_cumprod(cumprod, DDPM_COUNT);
    for (int i = 0; i < samples; i++) cumprod[i] = cumprod[i * (DDPM_COUNT / samples)];
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = cumprod;
    desc.count = samples;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static int counts_samples(int32_t grid)
{
    return grid >= ITP_GRID_LINSPACE && grid <= ITP_GRID_LCM;
}

static itp_plan *plan_named(const wanted *desc)
{
    label name;
    snprintf(name.text, sizeof name.text, "%s %s %d", called(desc), kind_name("grid", desc->grid.kind),
             (int)desc->plan.evaluations);
    return plan_wanted(name.text, desc);
}

static itp_plan_info info_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info;
}

static double position(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row.u;
}

/* ---- every solver, grid and budget ---- */

static void check_budget(wanted desc, int32_t evaluations)
{
    label name;
    desc.plan.evaluations = evaluations;
    itp_plan *plan = plan_named(&desc);
    snprintf(name.text, sizeof name.text, "%s %s k %g ends %d, %d evaluations", called(&desc),
             kind_name("grid", desc.grid.kind), desc.diffusion.k, (int)desc.plan.ends, (int)evaluations);
    check_near(name.text, info_of(plan).rows, evaluations, 0);
    check_near(name.text, info_of(plan).unspent, 0, 0);
    for (int32_t i = 0; i < evaluations && desc.plan.ends == ITP_ENDS_INSIDE; i++)
        check_true(name.text, position(plan, i) < 1);
    itp_plan_free(plan);
}

static int is_for_sdes(const char *solver)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.solver = SOLVER(solver);
    desc.diffusion.k = 1;
    int status = make_plan(&desc, &plan);
    itp_plan_free(plan);
    return status == ITP_OK;
}

static void each(const itp_schedule *schedule, int of_tables, double k, int32_t stride)
{
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    if (of_tables) {
        model.schedule = schedule;
        desc.plan.model = &model;
    }
    desc.plan.schedule = schedule;
    desc.diffusion.k = k;
    for (int s = 0; kind_name_at("solver", s); s++) {
        desc.solver = SOLVER(kind_name_at("solver", s));
        if (k > 0 && !is_for_sdes(called(&desc))) continue;
        int ends = (itp_method_reads(itp_method_named(called(&desc))) & ITP_READS_ENDS) != 0;
        for (int g = 0; (desc.grid.kind = kind_at("grid", g)) != 0; g++) {
            int published = desc.grid.kind >= ITP_GRID_AYS_SD15; /* levels up to 700, which vp-sde does not have */
            int law = desc.grid.kind == ITP_GRID_LOGIT_NORMAL;   /* so are those of a law without bounds */
            int wild = desc.grid.kind == ITP_GRID_BONG_TANGENT;  /* from 148 on its first nodes lie close */
            if (desc.grid.kind >= ITP_GRID_USER_TIME || counts_samples(desc.grid.kind) != of_tables) continue;
            if ((published || law || wild) && schedule && !of_tables) continue;
            desc.plan.ends = ITP_ENDS_INSIDE;
            for (int32_t n = 1 + (s + g) % stride; n <= MOST; n += stride) check_budget(desc, n);
            if (!ends) continue;
            desc.plan.ends = ITP_ENDS_EVALUATE;
            check_budget(desc, 1 + (7 * s + g) % MOST);
        }
    }
}

static void every_budget_is_spent(void **state)
{
    (void)state;
    itp_schedule *table = table_of(DDPM_COUNT);
    each(NULL, 0, 0, 3);
    each(table, 1, 0, 3);
    itp_schedule_free(table);
}

/* Steps that have no drift, or no noise, cost less; so do those of a table's open end. */
static void under_other_schedules(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_SPHERE, ITP_SCHEDULE_POINT_MASS, ITP_SCHEDULE_VP_SDE, ITP_SCHEDULE_EDM,
                                    ITP_SCHEDULE_LAZY};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        itp_schedule *schedule = NULL;
        check_status("schedule", itp_schedule_make(kinds[i], &schedule), ITP_OK);
        each(schedule, 0, 0, 7);
        each(schedule, 0, 1, 7);
        itp_schedule_free(schedule);
    }
}

/* ---- which steps are shorter ---- */

typedef struct shape {
    const char *solver;
    double u_start, u_end;
    int32_t final_order, evaluations;
    int stages[SHAPE]; /* of each step, then 0 */
} shape;

/* DPM-Solver (2206.00927, algorithm 3.4 and the authors' code): of 3K evaluations K - 1 steps of order 3, one of 2 and
 * one of 1; of 3K + 1 K and one of 1; of 3K + 2 K and one of 2. That is final_order LOWER; FULL makes K steps of 3K.
 * A step from u = 0 or to u = 1 has order 1 in lambda. Runge-Kutta methods lose as little order as they can. */
static const shape shapes[] = {
    {"dpm-3s", .1, .9, ITP_FINAL_LOWER, 9, {3, 3, 2, 1}},
    {"dpm-3s", .1, .9, ITP_FINAL_LOWER, 10, {3, 3, 3, 1}},
    {"dpm-3s", .1, .9, ITP_FINAL_LOWER, 11, {3, 3, 3, 2}},
    {"dpm-3s", .1, .9, ITP_FINAL_FULL, 9, {3, 3, 3}},
    {"dpmpp-3s", .1, .9, ITP_FINAL_FULL, 10, {3, 3, 3, 1}},
    {"dpmpp-3s", .1, .9, ITP_FINAL_FULL, 11, {3, 3, 3, 2}},
    {"dpmpp-3s", .1, 1, ITP_FINAL_FULL, 9, {3, 3, 2, 1}},
    {"dpmpp-3s", 0, 1, ITP_FINAL_FULL, 8, {1, 3, 3, 1}},
    {"dpmpp-3s", 0, 1, ITP_FINAL_FULL, 4, {1, 2, 1}},
    {"dpmpp-3s", 0, 1, ITP_FINAL_FULL, 1, {1}},
    {"dpm-2s", .1, .9, ITP_FINAL_FULL, 8, {2, 2, 2, 2}},
    {"dpm-2s", .1, .9, ITP_FINAL_FULL, 7, {2, 2, 2, 1}},
    {"dpm-2s", .1, .9, ITP_FINAL_LOWER, 8, {2, 2, 2, 1, 1}},
    {"dpmpp-2s", 0, 1, ITP_FINAL_FULL, 8, {1, 2, 2, 2, 1}},
    {"midpoint", 0, 1, ITP_FINAL_FULL, 7, {1, 2, 2, 2}},
    {"ralston", 0, 1, ITP_FINAL_FULL, 8, {2, 2, 2, 2}},
    {"bosh3", 0, 1, ITP_FINAL_FULL, 8, {2, 3, 3}},
    {"bosh3", 0, 1, ITP_FINAL_FULL, 7, {2, 2, 3}},
    {"heun3", 0, 1, ITP_FINAL_FULL, 4, {2, 2}},
    {"pndm", .1, 1, ITP_FINAL_FULL, 4, {2, 1, 1}},
};

/* The rows between nodes, which are those of Euler's method in so many steps. */
static void check_shape(const shape *s)
{
    wanted desc = WANTED;
    desc.solver = SOLVER(s->solver);
    desc.grid.kind = ITP_GRID_LAMBDA;
    desc.grid.u_start = s->u_start;
    desc.grid.u_end = s->u_end;
    desc.solver.final_order = s->final_order;
    desc.plan.evaluations = s->evaluations;
    itp_plan *plan = plan_named(&desc);
    desc.solver = SOLVER("euler");
    desc.solver.final_order = ITP_FINAL_FULL;
    desc.plan.evaluations = info_of(plan).steps;
    itp_plan *nodes = plan_named(&desc);
    int32_t row = 0, rows = info_of(plan).rows;
    for (int32_t i = 0; i < desc.plan.evaluations; i++) {
        double end = i + 1 < desc.plan.evaluations ? position(nodes, i + 1) : 1;
        int32_t first = row;
        check_near(s->solver, position(plan, row++), position(nodes, i), 1e-15);
        while (row < rows && position(plan, row) < end - 1e-14) row++;
        row += !strcmp(s->solver, "pndm") && s->stages[i] == 2; /* its second evaluation is at the end of the step */
        check_near(s->solver, row - first, s->stages[i], 0);
    }
    assert_int_equal(row, s->evaluations);
    itp_plan_free(plan);
    itp_plan_free(nodes);
}

static void shorter_steps(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(shapes); i++) check_shape(&shapes[i]);
}

/* ---- what cannot be spent ---- */

/* A table of 12 samples has nodes for 12 steps, of which dpmpp-2s makes the last one with one evaluation. */
static void a_grid_without_more_nodes(void **state)
{
    (void)state;
    capture heard;
    itp_env log = capture_env(&heard);
    itp_schedule *table = table_of(12);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    model.schedule = table;
    desc.plan.model = &model;
    desc.plan.env = &log;
    desc.solver = SOLVER("dpmpp-2s");
    desc.grid.kind = ITP_GRID_LINSPACE;
    desc.plan.evaluations = 23;
    itp_plan *plan = plan_named(&desc);
    assert_int_equal(info_of(plan).unspent, 0);
    assert_int_equal(heard.count, 0);
    itp_plan_free(plan);
    desc.plan.evaluations = 24;
    plan = plan_named(&desc);
    assert_int_equal(info_of(plan).rows, 23);
    assert_int_equal(info_of(plan).steps, 12);
    assert_int_equal(info_of(plan).unspent, 1);
    assert_int_equal(heard.level, ITP_LOG_WARNING);
    check_true("sentence", capture_has(&heard, "evaluations: 24") && capture_has(&heard, "12 steps"));
    itp_plan_free(plan);
    itp_schedule_free(table);
}

/* ---- nodes of the caller's ---- */

static void budgets_on_nodes(void **state)
{
    static const double nodes[] = {.1, .3, .5, .7, .9};
    static const struct {
        const char *solver;
        int evaluations, rows;
    } rows[] = {{"dpm-3s", 0, 12}, {"dpm-3s", 9, 9}, {"dpm-3s", 4, 4}, {"dpm-3s", 12, 12}, {"tsit5", 5, 5},
                {"rk4", 13, 13},   {"euler", 4, 4},  {"euler", 0, 4},  {"edm-heun", 7, 7}, {"dpmpp-sde", 5, 5}};
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    want_nodes(&desc, nodes, COUNT(nodes));
    for (int i = 0; i < COUNT(rows); i++) {
        desc.solver = SOLVER(rows[i].solver);
        desc.plan.evaluations = rows[i].evaluations;
        plan = plan_named(&desc);
        check_near(called(&desc), info_of(plan).rows, rows[i].rows, 0);
        check_near(called(&desc), info_of(plan).unspent, 0, 0);
        assert_int_equal(info_of(plan).steps, 4);
        itp_plan_free(plan);
    }
    desc.plan.evaluations = 3;
    check_status("too few", make_plan(&desc, &plan), ITP_E_BUDGET);
    desc.solver = SOLVER("dpm-3s");
    desc.plan.evaluations = 13;
    check_status("more than 4 steps of 3 can spend", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
}

/* One step to the data end of tsit5 with 4 evaluations: there is none inside of 4 stages and order 4. */
static void less_rather_than_more(void **state)
{
    static const double nodes[] = {.9, 1};
    (void)state;
    wanted desc = WANTED;
    desc.solver = SOLVER("tsit5");
    want_nodes(&desc, nodes, 2);
    for (desc.plan.evaluations = 1; desc.plan.evaluations <= 6; desc.plan.evaluations++) {
        static const int rows[] = {0, 1, 2, 3, 3, 5, 5};
        itp_plan *plan = plan_named(&desc);
        assert_int_equal(info_of(plan).rows, rows[desc.plan.evaluations]);
        assert_int_equal(info_of(plan).unspent, desc.plan.evaluations - rows[desc.plan.evaluations]);
        itp_plan_free(plan);
    }
}

/* A run backward begins at the data end, where it is. */
static void backward(void **state)
{
    (void)state;
    wanted desc = WANTED;
    desc.grid.reversed = 1;
    for (desc.plan.evaluations = 1; desc.plan.evaluations <= MOST; desc.plan.evaluations++) {
        for (int i = 0; i < 10; i++) {
            desc.solver = SOLVER(kind_name_at("solver", i));
            itp_plan *plan = plan_named(&desc);
            assert_int_equal(info_of(plan).rows, desc.plan.evaluations);
            check_same("start", position(plan, 0), 1);
            itp_plan_free(plan);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_budget_is_spent),
        cmocka_unit_test(under_other_schedules),
        cmocka_unit_test(shorter_steps),
        cmocka_unit_test(a_grid_without_more_nodes),
        cmocka_unit_test(budgets_on_nodes),
        cmocka_unit_test(less_rather_than_more),
        cmocka_unit_test(backward),
    };
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
