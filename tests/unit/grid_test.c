/* Grids: where the rows of a plan lie, against the formulas; and nodes that are refused. */
#include <interp/plan.h>

#include <math.h>

#include "../common/check.h"
#include "../common/families.h"

typedef struct nodes {
    int count;
    double u[64], t[64];
} nodes;

static nodes nodes_of(const char *name, const itp_plan_desc *desc)
{
    nodes out = {0, {0}, {0}};
    itp_plan *plan = NULL;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status(name, itp_plan_new(desc, &plan), ITP_OK);
    check_status(name, itp_plan_get_info(plan, &info), ITP_OK);
    check_true(name, info.rows <= COUNT(out.u));
    for (out.count = 0; out.count < info.rows; out.count++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status(name, itp_plan_get_row(plan, out.count, &row), ITP_OK);
        out.u[out.count] = row.u;
        out.t[out.count] = row.t;
    }
    itp_plan_free(plan);
    return out;
}

static void check_nodes(const char *name, const double *got, const double *want, int count, double tol)
{
    label at;
    for (int i = 0; i < count; i++) check_near(label_index(&at, name, i), got[i], want[i], tol);
}

static itp_plan_desc desc_of(const itp_schedule *schedule, int32_t grid, int32_t evaluations)
{
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    desc.grid = grid;
    desc.evaluations = evaluations;
    return desc;
}

/* MATHS, section 8: the positions of eight even steps; the last node is the end, which has no row. */
static void golden_nodes(void **state)
{
    static const double mass[] = {0, .2743, .3660, .4365, .5, .5635, .6340, .7257};
    static const double angle[] = {0, .1659, .2929, .4005, .5, .5995, .7071, .8341};
    (void)state;
    itp_schedule *point_mass, *vp;
    check_status("point mass", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    itp_plan_desc desc = desc_of(vp, ITP_GRID_TIME, 8);
    nodes got = nodes_of("vp", &desc);
    assert_int_equal(got.count, 8);
    check_nodes("vp", got.u, angle, 8, 5.1e-5);
    desc = desc_of(point_mass, ITP_GRID_TIME, 8);
    desc.k = 1;
    got = nodes_of("point mass", &desc);
    assert_int_equal(got.count, 8);
    check_nodes("point mass", got.u, mass, 8, 5.1e-5);
    itp_schedule_free(point_mass);
    itp_schedule_free(vp);
}

static void even_in_time(void **state)
{
    (void)state;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        itp_plan_desc desc = desc_of(schedule, ITP_GRID_TIME, 10);
        if (family_at(i)->table != 1) { /* a DDPM table starts and ends inside the path */
            nodes got = nodes_of(family_at(i)->name, &desc);
            double start = got.t[0], want[10];
            for (int j = 0; j < 10; j++) want[j] = start + (1 - start) * j / 10;
            check_nodes(family_at(i)->name, got.t, want, 10, 1e-13);
            check_same(family_at(i)->name, start, 0);
        }
        itp_schedule_free(schedule);
    }
}

static void even_in_u(void **state)
{
    double want[10];
    (void)state;
    for (int j = 0; j < 10; j++) want[j] = j / 10.0;
    for (int i = 0; i < family_count(); i++) {
        itp_schedule *schedule = family_new(i);
        itp_plan_desc desc = desc_of(schedule, ITP_GRID_U, 10);
        itp_schedule_point first = ITP_SCHEDULE_POINT_INIT;
        check_status("eval", itp_schedule_eval(schedule, 0, &first), ITP_OK);
        nodes got = nodes_of(family_at(i)->name, &desc);
        for (int j = 0; j < 10; j++) want[j] = first.u + (1 - first.u) * j / 10.0;
        check_nodes(family_at(i)->name, got.u, want, got.count, 1e-13);
        itp_schedule_free(schedule);
    }
}

static void even_in_lambda(void **state)
{
    (void)state;
    itp_plan_desc desc = desc_of(NULL, ITP_GRID_LAMBDA, 6);
    desc.lambda_low = -4;
    desc.lambda_high = 6;
    nodes got = nodes_of("open", &desc);
    check_same("from the noise end", got.u[0], 0);
    for (int i = 1; i < 6; i++) check_near("lambda", log(got.u[i] / (1 - got.u[i])), -4 + 10 * (i - 1) / 4.0, 1e-12);
    desc.u_start = .2;
    desc.u_end = .9;
    got = nodes_of("closed", &desc);
    double low = log(.2 / .8), high = log(.9 / .1);
    for (int i = 0; i < 6; i++)
        check_near("lambda", log(got.u[i] / (1 - got.u[i])), low + (high - low) * i / 6.0, 1e-12);
}

static void short_lambda_grids(void **state)
{
    (void)state;
    for (int n = 1; n <= 3; n++) {
        itp_plan_desc desc = desc_of(NULL, ITP_GRID_LAMBDA, n);
        nodes got = nodes_of("short", &desc);
        assert_int_equal(got.count, n);
        check_same("start", got.u[0], 0);
    }
    itp_plan_desc desc = desc_of(NULL, ITP_GRID_LAMBDA, 3);
    nodes got = nodes_of("three", &desc);
    check_near("low", got.u[1], 1 / (1 + exp(5.0)), 1e-15);
    check_near("high", got.u[2], 1 / (1 + exp(-5.0)), 1e-15);
}

/* SD3: sigma -> S sigma/(1 + (S-1) sigma), sigma = 1 - u. */
static void shifted(void **state)
{
    static const double shifts[] = {.3, 1, 3, 12};
    (void)state;
    for (int i = 0; i < COUNT(shifts); i++) {
        itp_plan_desc desc = desc_of(NULL, ITP_GRID_SHIFT, 10);
        double want[10], S = desc.shift = shifts[i];
        for (int j = 0; j < 10; j++) {
            double sigma = 1 - j / 10.0;
            want[j] = 1 - S * sigma / (1 + (S - 1) * sigma);
        }
        nodes got = nodes_of("shift", &desc);
        check_nodes("shift", got.u, want, 10, 1e-14);
        check_same("start", got.u[0], 0);
    }
}

static void part_of_the_path(void **state)
{
    static const int32_t grids[] = {ITP_GRID_TIME, ITP_GRID_U, ITP_GRID_LAMBDA, ITP_GRID_SHIFT};
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    for (int i = 0; i < COUNT(grids); i++) {
        itp_plan *plan;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan_desc desc = desc_of(vp, grids[i], 5);
        desc.u_start = .3;
        desc.u_end = .8;
        nodes got = nodes_of(itp_grid_name(grids[i]), &desc);
        check_same("start", got.u[0], .3);
        check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        check_near("u_start", info.u_start, .3, 1e-15);
        check_near("u_end", info.u_end, .8, 1e-15);
        itp_plan_free(plan);
    }
    itp_schedule_free(vp);
}

static void user_nodes(void **state)
{
    static const double given[] = {0, .1, .15, .7, 1};
    (void)state;
    itp_schedule *vp;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    itp_plan_desc desc = desc_of(vp, ITP_GRID_USER_TIME, 0);
    desc.nodes = given;
    desc.node_count = COUNT(given);
    nodes got = nodes_of("user-time", &desc);
    assert_int_equal(got.count, 4);
    check_nodes("user-time", got.t, given, 4, 0);
    desc.grid = ITP_GRID_USER_U;
    got = nodes_of("user-u", &desc);
    assert_int_equal(got.count, 4);
    check_nodes("user-u", got.u, given, 4, 0);
    itp_schedule_free(vp);
}

/* ---- refused ---- */

typedef struct bad {
    const char *name;
    int32_t count;
    double nodes[4];
    int want;
} bad;

static void bad_nodes(void **state)
{
    static const bad rows[] = {
        {"equal", 3, {0, .5, .5}, ITP_E_GRID},         {"decreasing", 3, {0, .6, .5}, ITP_E_GRID},
        {"below 0", 3, {-.1, .5, 1}, ITP_E_GRID},      {"over 1", 3, {0, .5, 1.1}, ITP_E_GRID},
        {"NaN", 3, {0, NAN, 1}, ITP_E_GRID},           {"infinite", 3, {0, .5, INFINITY}, ITP_E_GRID},
        {"one node", 1, {0, 0, 0}, ITP_E_GRID},        {"no node", 0, {0, 0, 0}, ITP_E_GRID},
        {"negative count", -2, {0, 0, 0}, ITP_E_GRID},
    };
    static const int32_t grids[] = {ITP_GRID_USER_TIME, ITP_GRID_USER_U};
    (void)state;
    for (int i = 0; i < 2 * COUNT(rows); i++) {
        const bad *row = &rows[i / 2];
        itp_plan *plan = NULL;
        itp_plan_desc desc = desc_of(NULL, grids[i % 2], 2);
        desc.nodes = row->nodes;
        desc.node_count = row->count;
        check_status(row->name, itp_plan_new(&desc, &plan), row->want);
        check_true(row->name, plan == NULL);
    }
}

/* VE starts at sigma_max: no node can lie before it, in the sampling schedule or in the network's. */
static void outside_a_schedule(void **state)
{
    static const double given[] = {.001, .5, 1};
    (void)state;
    itp_schedule *ve, *linear;
    itp_plan *plan = NULL;
    itp_model_desc model = ITP_MODEL_DESC_INIT;
    check_status("ve", itp_schedule_make(ITP_SCHEDULE_VE, &ve), ITP_OK);
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    itp_plan_desc desc = desc_of(ve, ITP_GRID_USER_U, 2);
    desc.nodes = given;
    desc.node_count = 3;
    check_status("sampling", itp_plan_new(&desc, &plan), ITP_E_GRID);
    model.schedule = ve;
    desc.schedule = linear;
    desc.model = &model;
    check_status("model", itp_plan_new(&desc, &plan), ITP_E_GRID);
    desc = desc_of(ve, ITP_GRID_TIME, 4);
    desc.u_start = .001;
    check_status("u_start", itp_plan_new(&desc, &plan), ITP_E_GRID);
    assert_null(plan);
    itp_schedule_free(ve);
    itp_schedule_free(linear);
}

static void grid_names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {{1, "time"}, {2, "u"}, {3, "lambda"}, {4, "shift"}, {0x1000, "user-time"}, {0x1001, "user-u"}};
    (void)state;
    int n = 0;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(itp_grid_find(rows[i].name), rows[i].id);
        assert_string_equal(itp_grid_name(rows[i].id), rows[i].name);
    }
    for (; itp_grid_id(n); n++) assert_int_equal(itp_grid_find(itp_grid_name(itp_grid_id(n))), itp_grid_id(n));
    assert_int_equal(n, COUNT(rows));
    assert_int_equal(itp_grid_find("karras"), ITP_E_UNSUPPORTED);
    assert_null(itp_grid_name(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_nodes),       cmocka_unit_test(even_in_time),       cmocka_unit_test(even_in_u),
        cmocka_unit_test(even_in_lambda),     cmocka_unit_test(short_lambda_grids), cmocka_unit_test(shifted),
        cmocka_unit_test(part_of_the_path),   cmocka_unit_test(user_nodes),         cmocka_unit_test(bad_nodes),
        cmocka_unit_test(outside_a_schedule), cmocka_unit_test(grid_names),
    };
    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
