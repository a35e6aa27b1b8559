/* Plans: rows whose coefficients have closed forms (docs/maths.md), derived beside each test; budgets, starts,
 * singular nodes, text, names. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/plan.h"

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
    wanted desc = WANTED;
    itp_plan *plan = plan_wanted("euler", &desc);
    itp_plan_info info = info_of(plan);
    assert_int_equal(info.rows, 8);
    assert_int_equal(info.steps, 8);
    assert_int_equal(info.slots, 2);
    assert_int_equal(info.normals, 1);
    assert_string_equal(info.solver, "euler");
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
    wanted desc = WANTED;
    desc.diffusion.k = 1;
    itp_plan *plan = plan_wanted("data", &desc);
    itp_plan_row row = row_of(plan, 7);
    assert_string_equal(info_of(plan).solver, "euler-maruyama");
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 7), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 7), .125, 1e-14);
    itp_plan_free(plan);
    desc.plan.last = ITP_LAST_NOISE;
    plan = plan_wanted("noise", &desc);
    row = row_of(plan, 7);
    check_near("deviation", deviation(&row), sqrt(2 * (-log(7 / 8.) - 1 / 8.)), 1e-13);
    itp_plan_free(plan);
    desc.plan.noise = ITP_NOISE_STEPS;
    plan = plan_wanted("fresh noise", &desc);
    row = row_of(plan, 7);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 1);
    check_near("deviation", coef(&row, ITP_COLUMN_NORMAL, 8), sqrt(2 * (-log(7 / 8.) - 1 / 8.)), 1e-14);
    itp_plan_free(plan);
}

static void noise_that_does_not_exist(void **state)
{
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.plan.noise = 2;
    check_status("noise", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    assert_null(plan);
}

/* One inner step of Euler-Maruyama on linear, k = 1: b* = 2 b - x/t, variance 2 (log(t1/t0) - (t1 - t0)). */
static void euler_maruyama_on_linear(void **state)
{
    (void)state;
    wanted desc = WANTED;
    desc.diffusion.k = 1;
    desc.plan.noise = ITP_NOISE_STEPS;
    itp_plan *plan = plan_wanted("em", &desc);
    itp_plan_row row = row_of(plan, 3);
    double t = 3 / 8., h = 1 / 8.;
    check_near("state", coef(&row, ITP_COLUMN_STATE, 3), 1 - h / t, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 3), 2 * h, 1e-14);
    check_near("noise", coef(&row, ITP_COLUMN_NORMAL, 4), sqrt(2 * (log(4. / 3) - h)), 1e-14);
    assert_int_equal(row.term_count, 3);
    itp_plan_free(plan);
}

/* Euler under vp with the linear network: x += (th' - th)/cos th (e - sin th x), e = y + (1-u) F. */
static void euler_under_vp(void **state)
{
    (void)state;
    wanted desc = WANTED;
    itp_schedule *vp = make(ITP_SCHEDULE_VP);
    desc.plan.schedule = vp;
    itp_plan *plan = plan_wanted("vp", &desc);
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
    const char *solver;
    int32_t evaluations, rows, steps;
} budget;

static void budgets(void **state)
{
    static const budget rows[] = {
        {"euler", 1, 1, 1},
        {"midpoint", 2, 2, 1},
        {"heun", 1, 1, 1},
        {"heun", 2, 2, 2},
        {"rk4", 3, 3, 1},
        {"rk4", 4, 4, 2},
        {"ab2", 1, 1, 1},
        {"ab4", 1, 1, 1},
        {"heun", 7, 7, 4},
        {"heun", 8, 8, 5},
        {"rk4", 7, 7, 2},
        {"rk4", 11, 11, 3},
        {"ab3", 7, 7, 7},
        {"euler-maruyama", 1, 1, 1},
        {"euler", 1000, 1000, 1000},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER(rows[i].solver);
        desc.plan.evaluations = rows[i].evaluations;
        itp_plan *plan = plan_wanted(rows[i].solver, &desc);
        check_near(rows[i].solver, info_of(plan).rows, rows[i].rows, 0);
        check_near(rows[i].solver, info_of(plan).steps, rows[i].steps, 0);
        itp_plan_free(plan);
    }
}

static void too_small_budgets(void **state)
{
    static const struct {
        const char *solver;
        int32_t evaluations, status;
    } rows[] = {
        {"midpoint", -1, ITP_E_BUDGET}, {"ab2", -4, ITP_E_BUDGET},        {"rk4", INT32_MIN, ITP_E_BUDGET},
        {"euler", 100001, ITP_E_RANGE}, {"heun", INT32_MAX, ITP_E_RANGE},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.solver = SOLVER(rows[i].solver);
        desc.plan.evaluations = rows[i].evaluations;
        check_status(rows[i].solver, make_plan(&desc, &plan), rows[i].status);
        assert_null(plan);
    }
}

/* One step of a user's grid. */
static void one_step_of_every_solver(void **state)
{
    static const double nodes[] = {.2, .7};
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER(kind_name_at("solver", i));
        want_nodes(&desc, nodes, 2);
        itp_plan *plan = plan_wanted(called(&desc), &desc);
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

static void refuses(const char *name, const wanted *desc, int want)
{
    itp_plan *plan = NULL;
    check_status(name, make_plan(desc, &plan), want);
    check_true(name, plan == NULL);
}

/* eps* = (1-t)/t is infinite at t = 0 of linear: the first step is the flow's. */
static void singular_diffusion(void **state)
{
    (void)state;
    wanted desc = WANTED;
    desc.diffusion.k = 1;
    itp_plan *plan = plan_wanted("flow", &desc);
    itp_plan_row row = row_of(plan, 0);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-15);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), .125, 1e-15);
    itp_plan_free(plan);
    desc.plan.singular = ITP_SINGULAR_ERROR;
    refuses("error", &desc, ITP_E_SINGULAR);
    desc.grid.u_start = .01;
    itp_plan_free(plan_wanted("away from it", &desc));
}

/* beta' of sqrt is infinite at t = 0, so the flow is singular too: Euler in u. */
static void singular_flow(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_SQRT);
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    itp_plan *plan = plan_wanted("flow", &desc);
    itp_plan_row row = row_of(plan, 0);
    double u = row_of(plan, 1).u;
    check_near("u", u, sqrt(.125) / (sqrt(.125) + sqrt(.875)), 1e-15);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), u, 1e-14);
    itp_plan_free(plan);
    desc.plan.singular = ITP_SINGULAR_ERROR;
    refuses("error", &desc, ITP_E_SINGULAR);
    itp_schedule_free(schedule);
}

/* alpha' of sphere is infinite at t = 1: Heun's last stage there does not exist, so the last step is Euler's, as it is
 * anyway unless a stage at the end is asked for; of 8 evaluations the step before it has one too. */
static void singular_stage(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_SPHERE);
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.solver = SOLVER("heun");
    for (desc.plan.ends = ITP_ENDS_INSIDE; desc.plan.ends <= ITP_ENDS_EVALUATE; desc.plan.ends++) {
        itp_plan *plan = plan_wanted("heun", &desc);
        assert_int_equal(info_of(plan).steps, 5);
        assert_int_equal(info_of(plan).rows, 8);
        check_near("time of the last row", row_of(plan, 7).t, .8, 1e-15);
        itp_plan_free(plan);
    }
    desc.plan.singular = ITP_SINGULAR_ERROR;
    desc.plan.ends = ITP_ENDS_EVALUATE;
    refuses("error", &desc, ITP_E_SINGULAR);
    desc.plan.ends = ITP_ENDS_INSIDE;
    itp_plan_free(plan_wanted("inside", &desc));
    itp_schedule_free(schedule);
}

/* ---- point mass starts: k = 1, s = 1, beta = t, so x = t eta_X + sqrt(t) xi at the first node ---- */

static void evaluated_start(void **state)
{
    (void)state;
    itp_schedule *schedule = make(ITP_SCHEDULE_POINT_MASS);
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.diffusion.k = 1;
    desc.plan.singular = ITP_SINGULAR_ERROR;
    itp_plan *plan = plan_wanted("evaluate", &desc);
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
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.diffusion.k = 1;
    desc.plan.start = ITP_START_CENTRED;
    itp_plan *plan = plan_wanted("centred", &desc);
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
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.diffusion.k = 2;
    itp_plan *plan = plan_wanted("k 2", &desc);
    itp_plan_row row = row_of(plan, 0);
    assert_int_equal(count_terms(&row, ITP_COLUMN_NORMAL), 0);
    check_near("state", coef(&row, ITP_COLUMN_STATE, 0), 1, 1e-14);
    check_near("output", coef(&row, ITP_COLUMN_OUTPUT, 0), row_of(plan, 1).u, 1e-14);
    itp_plan_free(plan);
    desc.plan.singular = ITP_SINGULAR_ERROR;
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
        wanted desc = WANTED;
        desc.plan.schedule = schedule;
        desc.diffusion.k = ks[i];
        desc.plan.start = ITP_START_CENTRED;
        itp_plan *plan = plan_wanted("centred", &desc);
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
    wanted desc = WANTED;
    desc.plan.start = ITP_START_CENTRED;
    desc.diffusion.k = 1;
    refuses("linear", &desc, ITP_E_UNSUPPORTED);
    desc.plan.schedule = lazy;
    refuses("lazy", &desc, ITP_E_UNSUPPORTED);
    desc.plan.schedule = mass;
    desc.diffusion.k = 0;
    refuses("k = 0", &desc, ITP_E_UNSUPPORTED);
    desc.diffusion.k = 1;
    desc.grid.u_start = .1;
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
        wanted desc = WANTED;
        desc.plan.schedule = schedule;
        desc.diffusion.k = k;
        itp_plan *number = plan_wanted("number", &desc);
        desc.diffusion.k = 0;
        desc.diffusion.k_fn = constant_k;
        desc.diffusion.user = &k;
        itp_plan *function = plan_wanted("function", &desc);
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
        wanted desc = WANTED;
        desc.diffusion.k_fn = constant_k;
        desc.diffusion.user = &k;
        refuses("function", &desc, ITP_E_RANGE);
        desc.diffusion.k_fn = NULL;
        desc.diffusion.k = bad[i];
        refuses("number", &desc, ITP_E_RANGE);
    }
}

/* ---- the network's coordinates and prediction do not matter ---- */

static void sample_with(int32_t kind, network *net, double *x, int n)
{
    itp_schedule *schedule = make(kind), *linear = make(ITP_SCHEDULE_LINEAR);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    double t;
    model.schedule = schedule;
    model.prediction = net->prediction;
    desc.plan.model = &model;
    desc.plan.schedule = linear;
    desc.grid.u_start = .05;
    check_status("time", itp_schedule_time_of_u(schedule, .05, &t), ITP_OK);
    check_status("eval", itp_schedule_eval(schedule, t, &at), ITP_OK);
    for (int i = 0; i < n; i++) x[i] = (at.alpha + at.beta) * (-2 + i);
    batch.dim = (size_t)n;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    itp_plan *plan = plan_wanted("plan", &desc);
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
        for (int j = 0; j < 5; j++) check_near(kind_name("prediction", rows[i].prediction), x[j], want[j], 1e-11);
    }
}

/* A network given its input as it is at u = 1 need not be in the data's scale there: edm's beta is 1/sigma_data. */
static void ends_in_the_data(void **state)
{
    (void)state;
    itp_schedule *edm = make(ITP_SCHEDULE_EDM), *linear = make(ITP_SCHEDULE_LINEAR);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    model.schedule = edm;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.plan.schedule = linear;
    itp_plan *plan = plan_wanted("edm", &desc);
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
        wanted desc = WANTED;
        desc.solver.family = unknown[i];
        refuses("family", &desc, ITP_E_UNSUPPORTED);
        desc.solver.family = ITP_RUNGE_KUTTA;
        desc.solver.order = unknown[i];
        refuses("order", &desc, ITP_E_UNSUPPORTED);
        desc.solver.family = desc.solver.order = 0;
        desc.grid.kind = unknown[i];
        refuses("grid", &desc, ITP_E_UNSUPPORTED);
        desc.grid.kind = ITP_GRID_TIME;
        desc.plan.start = unknown[i];
        refuses("start", &desc, ITP_E_UNSUPPORTED);
        desc.plan.start = 0;
        desc.plan.last = unknown[i];
        refuses("last", &desc, ITP_E_UNSUPPORTED);
        desc.plan.last = 0;
        desc.plan.singular = unknown[i];
        refuses("singular", &desc, ITP_E_UNSUPPORTED);
    }
}

static int takes_k(const wanted *desc)
{
    return desc->solver.family >= ITP_SDE_RUNGE_KUTTA && desc->solver.family <= ITP_SA;
}

static void flow_solvers_take_no_diffusion(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        double k = 1;
        wanted desc = WANTED;
        desc.solver = SOLVER(kind_name_at("solver", i));
        if (takes_k(&desc)) continue;
        desc.diffusion.k = 1;
        refuses(called(&desc), &desc, ITP_E_UNSUPPORTED);
        desc.diffusion.k = 0;
        desc.diffusion.k_fn = constant_k;
        desc.diffusion.user = &k;
        refuses(called(&desc), &desc, ITP_E_UNSUPPORTED);
    }
}

static void rows_out_of_range(void **state)
{
    static const int32_t bad[] = {-1, 8, INT32_MAX, INT32_MIN};
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = plan_wanted("plan", &desc);
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
    wanted desc = WANTED;
    desc.solver = SOLVER("ab2");
    itp_plan *plan = plan_wanted("plan", &desc);
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
    wanted desc = WANTED;
    desc.diffusion.k = 1;
    itp_plan *plan = plan_wanted("plan", &desc);
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
    wanted desc = WANTED;
    desc.solver = SOLVER("rk4");
    for (int i = 0; i < 2; i++) {
        itp_plan *plan = plan_wanted("plan", &desc);
        check_status("text", itp_plan_format(plan, text[i], sizeof text[i], NULL), ITP_OK);
        itp_plan_free(plan);
    }
    assert_string_equal(text[0], text[1]);
}

/* Every name fills a struct, which finds the method of that name again, and no other name gives the same struct. */
static void solver_names(void **state)
{
    (void)state;
    int n = 0;
    for (const char *name; (name = kind_name_at("solver", n)) != NULL; n++) {
        wanted desc = WANTED;
        desc.solver = SOLVER(name);
        assert_string_equal(called(&desc), name);
    }
    assert_true(n >= 101);
    itp_solver solver = {ITP_SIZED(itp_solver), .order = 7};
    assert_int_equal(itp_solver_parse("dopri", NULL, &solver), ITP_E_UNSUPPORTED);
    assert_int_equal(solver.order, 7);
    assert_null(kind_name_at("solver", n));
    assert_null(kind_name_at("solver", -1));
}

/* What a struct leaves 0 is the family's first choice. */
static void choices_left_open(void **state)
{
    static const struct {
        itp_solver solver;
        const char *name;
    } rows[] = {{{.family = ITP_RUNGE_KUTTA}, "euler"},
                {{.family = ITP_RUNGE_KUTTA, .order = 2}, "midpoint"},
                {{.family = ITP_RUNGE_KUTTA, .order = 4}, "rk4"},
                {{.family = ITP_ADAMS_BASHFORTH, .order = 3}, "ab3"},
                {{.family = ITP_EXPONENTIAL_MULTISTEP}, "ddim"},
                {{.family = ITP_EXPONENTIAL_MULTISTEP, .order = 2}, "dpmpp-2m"},
                {{.family = ITP_EXPONENTIAL_MULTISTEP, .order = 2, .form = ITP_FORM_NOISE}, "dpm-2m"},
                {{.family = ITP_EXPONENTIAL_MULTISTEP, .order = 2, .variable = ITP_VARIABLE_SIGMA}, "dpmpp-2m-sigma"},
                {{.family = ITP_EXPONENTIAL_MULTISTEP, .order = 3, .corrector = 1}, "unipc-bh2-3"},
                {{.family = ITP_EXPONENTIAL_SINGLESTEP, .order = 3}, "dpmpp-3s"},
                {{.family = ITP_SA, .order = 2, .corrector = 1}, "sa-2-2"},
                {{.family = ITP_ANCESTRAL, .order = 2}, "dpmpp-2s-ancestral"}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        wanted desc = WANTED;
        desc.solver = rows[i].solver;
        desc.solver.size = sizeof desc.solver;
        itp_plan *plan = plan_wanted(rows[i].name, &desc);
        assert_string_equal(info_of(plan).solver, rows[i].name);
        itp_plan_free(plan);
    }
}

/* Kutta's method of order 3, whose plan on x' = t^2 is exact, and what is refused of a caller's tableau. */
static void a_tableau_of_the_callers(void **state)
{
    static const double a[] = {0, 0, 0, .5, 0, 0, -1, 2, 0}, b[] = {1. / 6, 2. / 3, 1. / 6}, c[] = {0, .5, 1};
    static const double wrong[] = {0, 0, 0, .5, 0, 0, -1, 2, 1}, uneven[] = {.2, .6, .3};
    itp_tableau kutta3 = {ITP_SIZED(itp_tableau), .stages = 3, .order = 3, .a = a, .b = b, .c = c}, bad = kutta3;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    (void)state;
    desc.solver.family = ITP_RUNGE_KUTTA;
    desc.solver.tableau = &kutta3;
    desc.plan.evaluations = 9;
    desc.plan.ends = ITP_ENDS_EVALUATE;
    plan = plan_wanted("kutta3", &desc);
    assert_string_equal(info_of(plan).solver, "runge-kutta");
    assert_int_equal(info_of(plan).steps, 3);
    itp_plan_row row = row_of(plan, 2);
    check_near("b", coef(&row, ITP_COLUMN_OUTPUT, 2), 1. / 18, 1e-15);
    check_near("second stage", row_of(plan, 1).u, 1. / 6, 1e-15);
    itp_plan_free(plan);
    bad.a = wrong;
    desc.solver.tableau = &bad;
    check_status("implicit", make_plan(&desc, &plan), ITP_E_RANGE);
    bad = kutta3;
    bad.b = uneven;
    check_status("b", make_plan(&desc, &plan), ITP_E_RANGE);
    bad = kutta3;
    bad.c = NULL;
    check_status("c", make_plan(&desc, &plan), ITP_E_ARGUMENT);
    bad = kutta3;
    bad.stages = 17;
    check_status("stages", make_plan(&desc, &plan), ITP_E_RANGE);
    desc.solver.tableau = &kutta3;
    desc.solver.order = 3;
    check_status("order beside it", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
    desc.solver = SOLVER("ab2");
    desc.solver.tableau = &kutta3;
    check_status("family beside it", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
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
        cmocka_unit_test(choices_left_open),
        cmocka_unit_test(a_tableau_of_the_callers),
    };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
