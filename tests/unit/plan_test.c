/* Plans: rows with closed forms, budgets, starts, singular nodes, text, names. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"

static itp_plan *plan_of(const char *name, const itp_plan_desc *desc)
{
    itp_plan *plan = NULL;
    check_status(name, itp_plan_new(desc, &plan), ITP_OK);
    return plan;
}

static itp_plan_info info_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info;
}

static itp_plan_row row_of(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row;
}

static itp_schedule *make(int32_t kind)
{
    itp_schedule *schedule = NULL;
    check_status("schedule", itp_schedule_make(kind, &schedule), ITP_OK);
    return schedule;
}

/* The coefficient of a column in a row; 0 where it has none. */
static double coef(const itp_plan_row *row, int32_t column, int32_t index)
{
    for (int32_t i = 0; i < row->term_count; i++)
        if (row->terms[i].column == column && row->terms[i].index == index) return row->terms[i].coef;
    return 0;
}

static int count_terms(const itp_plan_row *row, int32_t column)
{
    int count = 0;
    for (int32_t i = 0; i < row->term_count; i++) count += row->terms[i].column == column;
    return count;
}

static double deviation(const itp_plan_row *row)
{
    double sum = 0;
    for (int32_t j = 0; j < row->term_count; j++) {
        if (row->terms[j].column == ITP_COLUMN_NORMAL) sum += row->terms[j].coef * row->terms[j].coef;
    }
    return sqrt(sum);
}

/* ---- closed forms ---- */

static void euler_on_linear(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = plan_of("euler", &desc);
    itp_plan_info info = info_of(plan);
    assert_int_equal(info.rows, 8);
    assert_int_equal(info.steps, 8);
    assert_int_equal(info.slots, 2);
    assert_int_equal(info.normals, 1);
    assert_int_equal(info.solver, ITP_SOLVER_EULER);
    check_same("scale", info.start_scale, 1);
    check_same("u_start", info.u_start, 0);
    check_same("u_end", info.u_end, 1);
    for (int i = 0; i < 8; i++) {
        itp_plan_row row = row_of(plan, i);
        assert_int_equal(row.term_count, 2);
        check_same("time", row.time, i / 8.0);
        check_near("state", coef(&row, ITP_COLUMN_STATE, i), 1, 1e-15);
        check_near("output", coef(&row, ITP_COLUMN_OUTPUT, i), .125, 1e-15);
        assert_int_equal(row.keep, 0);
    }
    itp_plan_free(plan);
}

/* The last step of the optimal SDE lands on the data prediction y + (1 - u) F, without noise unless asked. */
static void last_step(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.k = 1;
    itp_plan *plan = plan_of("data", &desc);
    itp_plan_row row = row_of(plan, 7);
    assert_int_equal(info_of(plan).solver, ITP_SOLVER_EULER_MARUYAMA);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 7), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 7), .125, 1e-14);
    itp_plan_free(plan);
    desc.last = ITP_LAST_NOISE;
    plan = plan_of("noise", &desc);
    row = row_of(plan, 7);
    check_near("deviation", deviation(&row), sqrt(2 * (-log(7 / 8.) - 1 / 8.)), 1e-13);
    itp_plan_free(plan);
    desc.noise = ITP_NOISE_STEPS;
    plan = plan_of("fresh noise", &desc);
    row = row_of(plan, 7);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 1);
    check_near("deviation", coef(&row, ITP_COLUMN_NORMAL, 8), sqrt(2 * (-log(7 / 8.) - 1 / 8.)), 1e-14);
    itp_plan_free(plan);
}

static void noise_that_does_not_exist(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    desc.noise = 2;
    check_status("noise", itp_plan_new(&desc, &plan), ITP_E_UNSUPPORTED);
    assert_null(plan);
}

/* One inner step of Euler-Maruyama on linear, k = 1: b* = 2 b - x/t, variance 2 (log(t1/t0) - (t1 - t0)). */
static void euler_maruyama_on_linear(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.k = 1;
    desc.noise = ITP_NOISE_STEPS;
    itp_plan *plan = plan_of("em", &desc);
    itp_plan_row row = row_of(plan, 3);
    double t = 3 / 8., h = 1 / 8.;
    check_near("state", coef(&row, ITP_COLUMN_STATE, 3), 1 - h / t, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 3), 2 * h, 1e-14);
    check_near("noise", coef(&row, ITP_COLUMN_NORMAL, 4), sqrt(2 * (log(4. / 3) - h)), 1e-14);
    assert_int_equal(row.term_count, 3);
    itp_plan_free(plan);
}

/* Euler under vp with the linear network: x += (th' - th)/cos th (e - sin th x), e = y + (1-u) F (MATHS, section 5). */
static void euler_under_vp(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_schedule *vp = make(ITP_SCHEDULE_VP);
    desc.schedule = vp;
    itp_plan *plan = plan_of("vp", &desc);
    double h = 1.57079632679489661923 / 8;
    for (int i = 0; i < 8; i++) {
        itp_plan_row row = row_of(plan, i);
        double c = cos(i * h) + sin(i * h), next = i == 7 ? 1 : cos((i + 1) * h) + sin((i + 1) * h);
        double gain = h / cos(i * h), u = sin(i * h) / c;
        check_near("u", row.u, u, 1e-15);
        check_near("time", row.time, u, 1e-15);
        check_near("state", coef(&row, ITP_COLUMN_STATE, i), (c * (1 - gain * sin(i * h)) + gain) / next, 1e-13);
        check_near("output", coef(&row, ITP_COLUMN_OUTPUT, i), gain * (1 - u) / next, 1e-13);
    }
    itp_plan_free(plan);
    itp_schedule_free(vp);
}

/* ---- budgets ---- */

typedef struct budget {
    int32_t solver, evaluations, rows, steps;
} budget;

static void budgets(void **state)
{
    static const budget rows[] = {
        {ITP_SOLVER_EULER, 1, 1, 1},
        {ITP_SOLVER_MIDPOINT, 2, 2, 1},
        {ITP_SOLVER_HEUN, 1, 1, 1},
        {ITP_SOLVER_HEUN, 2, 2, 2},
        {ITP_SOLVER_RK4, 3, 3, 1},
        {ITP_SOLVER_RK4, 4, 4, 2},
        {ITP_SOLVER_AB2, 1, 1, 1},
        {ITP_SOLVER_AB4, 1, 1, 1},
        {ITP_SOLVER_HEUN, 7, 7, 4},
        {ITP_SOLVER_HEUN, 8, 8, 5},
        {ITP_SOLVER_RK4, 7, 7, 2},
        {ITP_SOLVER_RK4, 11, 11, 3},
        {ITP_SOLVER_AB3, 7, 7, 7},
        {ITP_SOLVER_EULER_MARUYAMA, 1, 1, 1},
        {ITP_SOLVER_EULER, 1000, 1000, 1000},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.solver = rows[i].solver;
        desc.evaluations = rows[i].evaluations;
        itp_plan *plan = plan_of(itp_solver_name(rows[i].solver), &desc);
        check_near(itp_solver_name(rows[i].solver), info_of(plan).rows, rows[i].rows, 0);
        check_near(itp_solver_name(rows[i].solver), info_of(plan).steps, rows[i].steps, 0);
        itp_plan_free(plan);
    }
}

static void too_small_budgets(void **state)
{
    static const int32_t rows[][3] = {
        {ITP_SOLVER_RK4, 0, ITP_E_BUDGET},       {ITP_SOLVER_HEUN, 0, ITP_E_BUDGET},
        {ITP_SOLVER_MIDPOINT, -1, ITP_E_BUDGET}, {ITP_SOLVER_EULER, 0, ITP_E_BUDGET},
        {ITP_SOLVER_AB2, -4, ITP_E_BUDGET},      {ITP_SOLVER_EULER, 100001, ITP_E_RANGE},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        itp_plan *plan = NULL;
        desc.solver = rows[i][0];
        desc.evaluations = rows[i][1];
        check_status(itp_solver_name(rows[i][0]), itp_plan_new(&desc, &plan), rows[i][2]);
        assert_null(plan);
    }
}

/* One step of a user's grid. */
static void one_step_of_every_solver(void **state)
{
    static const double nodes[] = {.2, .7};
    (void)state;
    for (int i = 0; itp_solver_id(i); i++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.solver = itp_solver_id(i);
        desc.grid = ITP_GRID_USER_U;
        desc.nodes = nodes;
        desc.node_count = 2;
        itp_plan *plan = plan_of(itp_solver_name(desc.solver), &desc);
        itp_plan_info info = info_of(plan);
        assert_int_equal(info.steps, 1);
        check_same("u_start", info.u_start, .2);
        check_same("u_end", info.u_end, .7);
        check_near("scale", info.start_scale, .8, 1e-15);
        check_same("first node", row_of(plan, 0).u, .2);
        itp_plan_free(plan);
    }
}

/* ---- singular nodes ---- */

static void refuses(const char *name, const itp_plan_desc *desc, int want)
{
    itp_plan *plan = NULL;
    check_status(name, itp_plan_new(desc, &plan), want);
    check_true(name, plan == NULL);
}

/* eps* = (1-t)/t is infinite at t = 0 of linear: the first step is the flow's. */
static void singular_diffusion(void **state)
{
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.k = 1;
    itp_plan *plan = plan_of("flow", &desc);
    itp_plan_row row = row_of(plan, 0);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-15);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), .125, 1e-15);
    itp_plan_free(plan);
    desc.singular = ITP_SINGULAR_ERROR;
    refuses("error", &desc, ITP_E_SINGULAR);
    desc.u_start = .01;
    itp_plan_free(plan_of("away from it", &desc));
}

/* beta' of sqrt is infinite at t = 0, so the flow is singular too: Euler in u. */
static void singular_flow(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_SQRT);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    itp_plan *plan = plan_of("flow", &desc);
    itp_plan_row row = row_of(plan, 0);
    double u = row_of(plan, 1).u;
    check_near("u", u, sqrt(.125) / (sqrt(.125) + sqrt(.875)), 1e-15);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), u, 1e-14);
    itp_plan_free(plan);
    desc.singular = ITP_SINGULAR_ERROR;
    refuses("error", &desc, ITP_E_SINGULAR);
    itp_schedule_free(schedule);
}

/* alpha' of sphere is infinite at t = 1: Heun's last stage there does not exist, so the last step is Euler's, as it is
 * anyway unless a stage at the end is asked for; of 8 evaluations the step before it has one too. */
static void singular_stage(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_SPHERE);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    desc.solver = ITP_SOLVER_HEUN;
    for (desc.ends = ITP_ENDS_INSIDE; desc.ends <= ITP_ENDS_EVALUATE; desc.ends++) {
        itp_plan *plan = plan_of("heun", &desc);
        assert_int_equal(info_of(plan).steps, 5);
        assert_int_equal(info_of(plan).rows, 8);
        check_near("time of the last row", row_of(plan, 7).t, .8, 1e-15);
        itp_plan_free(plan);
    }
    desc.singular = ITP_SINGULAR_ERROR;
    desc.ends = ITP_ENDS_EVALUATE;
    refuses("error", &desc, ITP_E_SINGULAR);
    desc.ends = ITP_ENDS_INSIDE;
    itp_plan_free(plan_of("inside", &desc));
    itp_schedule_free(schedule);
}

/* ---- point mass starts: k = 1, s = 1, beta = t, so x = t eta_X + sqrt(t) xi at the first node ---- */

static void evaluated_start(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_POINT_MASS);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    desc.k = 1;
    desc.singular = ITP_SINGULAR_ERROR;
    itp_plan *plan = plan_of("evaluate", &desc);
    itp_plan_row row = row_of(plan, 0);
    double t = 1 / 8., c = sqrt(t * (1 - t)) + t;
    assert_int_equal(info_of(plan).rows, 8);
    check_same("u", row.u, 0);
    check_same("scale", info_of(plan).start_scale, 1);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), t / c, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), t / c, 1e-14);
    check_near("noise", deviation(&row), sqrt(t) / c, 1e-14);
    assert_int_equal(row.term_count - count_terms(&row, ITP_COLUMN_NORMAL), 2);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

static void centred_start(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_POINT_MASS);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    desc.k = 1;
    desc.start = ITP_START_CENTRED;
    itp_plan *plan = plan_of("centred", &desc);
    itp_plan_row row = row_of(plan, 0);
    double t = 1 / 9., c = sqrt(t * (1 - t)) + t;
    assert_int_equal(info_of(plan).rows, 8);
    assert_int_equal(info_of(plan).steps, 9);
    check_near("t", row.t, t, 1e-15);
    check_near("u", row.u, t / c, 1e-15);
    check_near("scale", info_of(plan).start_scale, sqrt(t) / c, 1e-14);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
}

/* The limit at the mass is that of the schedule's own k; with another k the first step is an ordinary one in u. */
static void start_with_another_k(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_POINT_MASS);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.schedule = schedule;
    desc.k = 2;
    itp_plan *plan = plan_of("k 2", &desc);
    itp_plan_row row = row_of(plan, 0);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), row_of(plan, 1).u, 1e-14);
    itp_plan_free(plan);
    desc.singular = ITP_SINGULAR_ERROR;
    refuses("error", &desc, ITP_E_SINGULAR);
    itp_schedule_free(schedule);
}

/* The same scale for other k: V = s^2 beta^(2k/(1+k)). */
static void centred_scales(void **state)
{
    static const double ks[] = {.5, 1, 2, 4};
    (void)state;
    for (int i = 0; i < COUNT(ks); i++) {
        itp_schedule *schedule = family_make(&(family){"lazy", ITP_SCHEDULE_LAZY, 0, ks[i], .7, 0, 0, 0});
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.schedule = schedule;
        desc.k = ks[i];
        desc.start = ITP_START_CENTRED;
        itp_plan *plan = plan_of("centred", &desc);
        double V = .49 * pow(1 / 9., 2 * ks[i] / (1 + ks[i])), c = sqrt(V - .49 / 81) + 1 / 9.;
        check_near("scale", info_of(plan).start_scale, sqrt(V) / c, 1e-13);
        itp_plan_free(plan);
        itp_schedule_free(schedule);
    }
}

static void centred_start_refused(void **state)
{
    (void)state;
    itp_schedule *mass = make(ITP_SCHEDULE_POINT_MASS), *lazy = make(ITP_SCHEDULE_LAZY);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.start = ITP_START_CENTRED;
    desc.k = 1;
    refuses("linear", &desc, ITP_E_UNSUPPORTED);
    desc.schedule = lazy;
    refuses("lazy", &desc, ITP_E_UNSUPPORTED);
    desc.schedule = mass;
    desc.k = 0;
    refuses("k = 0", &desc, ITP_E_UNSUPPORTED);
    desc.k = 1;
    desc.u_start = .1;
    refuses("part of the path", &desc, ITP_E_UNSUPPORTED);
    itp_schedule_free(mass);
    itp_schedule_free(lazy);
}

/* ---- k as a function ---- */

static double constant_k(void *user, double u)
{
    return u >= 0 && u <= 1 ? *(const double *)user : NAN;
}

static void same_rows(const itp_plan *a, const itp_plan *b)
{
    for (int i = 0; i < info_of(a).rows; i++) {
        itp_plan_row p = row_of(a, i), q = row_of(b, i);
        assert_int_equal(p.term_count, q.term_count);
        for (int j = 0; j < p.term_count; j++) {
            assert_int_equal(p.terms[j].column, q.terms[j].column);
            assert_int_equal(p.terms[j].index, q.terms[j].index);
            check_near("coefficient", p.terms[j].coef, q.terms[j].coef, 1e-12);
        }
    }
}

static void constant_function(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS, ITP_SCHEDULE_VE};
    (void)state;
    for (int i = 0; i < COUNT(kinds); i++) {
        double k = 1;
        itp_schedule *schedule = make(kinds[i]);
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.schedule = schedule;
        desc.k = k;
        itp_plan *number = plan_of("number", &desc);
        desc.k = 0;
        desc.k_fn = constant_k;
        desc.k_user = &k;
        itp_plan *function = plan_of("function", &desc);
        assert_int_equal(info_of(number).rows, info_of(function).rows);
        same_rows(number, function);
        itp_plan_free(number);
        itp_plan_free(function);
        itp_schedule_free(schedule);
    }
}

static void bad_functions(void **state)
{
    static const double bad[] = {-1e-9, NAN, INFINITY};
    (void)state;
    for (int i = 0; i < COUNT(bad); i++) {
        double k = bad[i];
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.k_fn = constant_k;
        desc.k_user = &k;
        refuses("function", &desc, ITP_E_RANGE);
        desc.k_fn = NULL;
        desc.k = bad[i];
        refuses("number", &desc, ITP_E_RANGE);
    }
}

/* ---- the network's coordinates and prediction do not matter ---- */

static void sample_with(int32_t kind, network *net, double *x, int n)
{
    itp_schedule *schedule = make(kind), *linear = make(ITP_SCHEDULE_LINEAR);
    itp_model_desc model = ITP_MODEL_DESC_INIT;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    double t;
    model.schedule = schedule;
    model.prediction = net->prediction;
    desc.model = &model;
    desc.schedule = linear;
    desc.u_start = .05;
    check_status("time", itp_schedule_time_of_u(schedule, .05, &t), ITP_OK);
    check_status("eval", itp_schedule_eval(schedule, t, &at), ITP_OK);
    for (int i = 0; i < n; i++) x[i] = (at.alpha + at.beta) * (-2 + i);
    batch.dim = (size_t)n;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    itp_plan *plan = plan_of("plan", &desc);
    check_status("sample", itp_sample(plan, &batch, x, network_run, net), ITP_OK);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
    itp_schedule_free(linear);
}

static void every_network_gives_the_same_samples(void **state)
{
    static const struct {
        int32_t kind, prediction;
        path_fn path;
    } rows[] = {{ITP_SCHEDULE_LINEAR, ITP_PREDICT_DATA, path_linear},
                {ITP_SCHEDULE_LINEAR, ITP_PREDICT_NOISE, path_linear},
                {ITP_SCHEDULE_VP, ITP_PREDICT_VELOCITY, path_trig},
                {ITP_SCHEDULE_VP, ITP_PREDICT_DATA, path_trig},
                {ITP_SCHEDULE_VP, ITP_PREDICT_NOISE, path_trig}};
    double want[5], x[5];
    (void)state;
    network net = network_linear(mixture_two_modes());
    sample_with(ITP_SCHEDULE_LINEAR, &net, want, 5);
    for (int i = 0; i < COUNT(rows); i++) {
        net.path = rows[i].path;
        net.prediction = rows[i].prediction;
        sample_with(rows[i].kind, &net, x, 5);
        for (int j = 0; j < 5; j++) check_near(itp_prediction_name(rows[i].prediction), x[j], want[j], 1e-11);
    }
}

/* A network given its input as it is at u = 1 need not be in the data's scale there: edm's beta is 1/sigma_data. */
static void ends_in_the_data(void **state)
{
    (void)state;
    itp_schedule *edm = make(ITP_SCHEDULE_EDM), *linear = make(ITP_SCHEDULE_LINEAR);
    itp_model_desc model = ITP_MODEL_DESC_INIT;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    model.schedule = edm;
    model.prediction = ITP_PREDICT_DATA;
    desc.model = &model;
    desc.schedule = linear;
    itp_plan *plan = plan_of("edm", &desc);
    itp_plan_row row = row_of(plan, 7);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 7), 0, 1e-13);
    check_near("data", coef(&row, ITP_COLUMN_OUTPUT, 7), 1, 1e-13);
    itp_plan_free(plan);
    itp_schedule_free(edm);
    itp_schedule_free(linear);
}

/* ---- unknown ids ---- */

static void unsupported(void **state)
{
    static const int32_t unknown[] = {-1, 77, 99, 299, INT32_MAX, INT32_MIN};
    (void)state;
    for (int i = 0; i < COUNT(unknown); i++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.solver = unknown[i];
        refuses("solver", &desc, ITP_E_UNSUPPORTED);
        desc.solver = 0;
        desc.grid = unknown[i];
        refuses("grid", &desc, ITP_E_UNSUPPORTED);
        desc.grid = ITP_GRID_TIME;
        desc.start = unknown[i];
        refuses("start", &desc, ITP_E_UNSUPPORTED);
        desc.start = 0;
        desc.last = unknown[i];
        refuses("last", &desc, ITP_E_UNSUPPORTED);
        desc.last = 0;
        desc.singular = unknown[i];
        refuses("singular", &desc, ITP_E_UNSUPPORTED);
    }
}

static int takes_k(int32_t solver)
{
    return (solver >= ITP_SOLVER_EULER_MARUYAMA && solver <= ITP_SOLVER_STOCHASTIC_AB3) ||
           (solver >= ITP_SOLVER_EXPONENTIAL_SDE && solver <= ITP_SOLVER_SA_3_3);
}

static void flow_solvers_take_no_diffusion(void **state)
{
    (void)state;
    for (int i = 0; itp_solver_id(i); i++) {
        double k = 1;
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        desc.solver = itp_solver_id(i);
        if (takes_k(desc.solver)) continue;
        desc.k = 1;
        refuses(itp_solver_name(desc.solver), &desc, ITP_E_UNSUPPORTED);
        desc.k = 0;
        desc.k_fn = constant_k;
        desc.k_user = &k;
        refuses(itp_solver_name(desc.solver), &desc, ITP_E_UNSUPPORTED);
    }
}

static void rows_out_of_range(void **state)
{
    static const int32_t bad[] = {-1, 8, INT32_MAX, INT32_MIN};
    (void)state;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = plan_of("plan", &desc);
    for (int i = 0; i < COUNT(bad); i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        check_status("row", itp_plan_get_row(plan, bad[i], &row), ITP_E_RANGE);
    }
    itp_plan_free(plan);
}

/* ---- text ---- */

static void text_is_whole(void **state)
{
    (void)state;
    size_t needed = 0, again = 0;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.solver = ITP_SOLVER_AB2;
    itp_plan *plan = plan_of("plan", &desc);
    check_status("size", itp_plan_format(plan, NULL, 0, &needed), ITP_OK);
    assert_true(needed > 100);
    char *text = malloc(needed);
    check_status("text", itp_plan_format(plan, text, needed, &again), ITP_OK);
    assert_int_equal(again, needed);
    assert_int_equal(strlen(text), needed - 1);
    assert_non_null(strstr(text, "ab2"));
    assert_non_null(strstr(text, "row 7"));
    assert_int_equal(text[needed - 2], '\n');
    free(text);
    itp_plan_free(plan);
}

/* Any capacity: a prefix of the whole text, ended by a 0, and nothing behind the capacity is touched. */
static void text_is_cut_safely(void **state)
{
    (void)state;
    size_t needed = 0;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.k = 1;
    itp_plan *plan = plan_of("plan", &desc);
    check_status("size", itp_plan_format(plan, NULL, 0, &needed), ITP_OK);
    char *whole = malloc(needed), *part = malloc(needed + 1);
    check_status("whole", itp_plan_format(plan, whole, needed, NULL), ITP_OK);
    for (size_t capacity = 1; capacity <= needed; capacity++) {
        size_t again = 0;
        memset(part, 'x', needed + 1);
        check_status("part", itp_plan_format(plan, part, capacity, &again), ITP_OK);
        assert_int_equal(again, needed);
        assert_int_equal(part[capacity], 'x');
        assert_int_equal(strlen(part), capacity - 1);
        assert_memory_equal(part, whole, capacity - 1);
    }
    free(whole);
    free(part);
    itp_plan_free(plan);
}

/* The same description makes the same plan, digit by digit. */
static void text_is_the_same_again(void **state)
{
    (void)state;
    char text[2][8192];
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    desc.solver = ITP_SOLVER_RK4;
    for (int i = 0; i < 2; i++) {
        itp_plan *plan = plan_of("plan", &desc);
        check_status("text", itp_plan_format(plan, text[i], sizeof text[i], NULL), ITP_OK);
        itp_plan_free(plan);
    }
    assert_string_equal(text[0], text[1]);
}

static void solver_names(void **state)
{
    static const struct {
        int32_t id;
        const char *name;
    } rows[] = {
        {1, "euler"}, {2, "midpoint"},  {3, "heun"},      {4, "rk4"},       {5, "ralston"},   {6, "heun3"},
        {7, "bosh3"}, {8, "rk38"},      {9, "tsit5"},     {10, "dopri5"},   {100, "ab2"},     {101, "ab3"},
        {102, "ab4"}, {110, "ipndm-1"}, {111, "ipndm-2"}, {112, "ipndm-3"}, {113, "ipndm-4"}, {200, "euler-maruyama"}};
    (void)state;
    int n = 0;
    for (int i = 0; i < COUNT(rows); i++) {
        assert_int_equal(itp_solver_find(rows[i].name), rows[i].id);
        assert_string_equal(itp_solver_name(rows[i].id), rows[i].name);
    }
    for (; itp_solver_id(n); n++)
        assert_int_equal(itp_solver_find(itp_solver_name(itp_solver_id(n))), itp_solver_id(n));
    assert_true(n >= COUNT(rows));
    assert_int_equal(itp_solver_find("dopri"), ITP_E_UNSUPPORTED);
    assert_null(itp_solver_name(99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(euler_on_linear),
        cmocka_unit_test(last_step),
        cmocka_unit_test(noise_that_does_not_exist),
        cmocka_unit_test(euler_maruyama_on_linear),
        cmocka_unit_test(euler_under_vp),
        cmocka_unit_test(budgets),
        cmocka_unit_test(too_small_budgets),
        cmocka_unit_test(one_step_of_every_solver),
        cmocka_unit_test(singular_diffusion),
        cmocka_unit_test(singular_flow),
        cmocka_unit_test(singular_stage),
        cmocka_unit_test(evaluated_start),
        cmocka_unit_test(centred_start),
        cmocka_unit_test(start_with_another_k),
        cmocka_unit_test(centred_scales),
        cmocka_unit_test(centred_start_refused),
        cmocka_unit_test(constant_function),
        cmocka_unit_test(bad_functions),
        cmocka_unit_test(every_network_gives_the_same_samples),
        cmocka_unit_test(ends_in_the_data),
        cmocka_unit_test(unsupported),
        cmocka_unit_test(flow_solvers_take_no_diffusion),
        cmocka_unit_test(rows_out_of_range),
        cmocka_unit_test(text_is_whole),
        cmocka_unit_test(text_is_cut_safely),
        cmocka_unit_test(text_is_the_same_again),
        cmocka_unit_test(solver_names),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
