/* What must hold whatever the numbers: solvers that are one another, schedules that do not show, laws whose flow has a
 * closed form. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 5, STEPS = 6, FINE = 256 };
static const double START[DIM] = {-2, -.7, .05, .9, 2.5};

/* A flow from u = .05 to .95 or to the data, on nodes that no schedule has evenly. */
typedef struct job {
    const itp_schedule *sampling;
    const char *solver;
    int32_t steps, final_order;
    double eta, last; /* position of the last node */
    mixture target;
} job;

static job job_of(const char *solver)
{
    job j = {NULL, solver, STEPS, ITP_FINAL_FULL, 0, .95, mixture_two_modes()};
    return j;
}

static void fill_nodes(const job *j, double *nodes)
{
    for (int i = 0; i <= j->steps; i++) {
        double x = (double)i / j->steps;
        nodes[i] = .05 + (j->last - .05) * x * (.7 + .3 * x);
    }
    nodes[j->steps] = j->last;
}

static itp_plan *plan_for(const job *j)
{
    double nodes[FINE + 1];
    wanted desc = WANTED;
    fill_nodes(j, nodes);
    desc.plan.schedule = j->sampling;
    desc.solver = SOLVER(j->solver);
    want_nodes(&desc, nodes, j->steps + 1);
    if (!plan_reads(&desc, "eta")) desc.solver.eta = j->eta;
    if (!plan_reads(&desc, "final_order")) desc.solver.final_order = j->final_order;
    return plan_wanted(j->solver, &desc);
}

static void run(const job *j, double *x)
{
    network net = network_linear(j->target);
    itp_plan *plan = plan_for(j);
    itp_batch batch = ITP_BATCH_INIT;
    memcpy(x, START, sizeof START);
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    batch.check_finite = 1;
    check_status(j->solver, itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    itp_plan_free(plan);
}

static void same(const char *name, const job *a, const job *b, double tolerance)
{
    double x[DIM], y[DIM];
    run(a, x);
    run(b, y);
    for (int i = 0; i < DIM; i++) check_near(name, x[i], y[i], tolerance);
}

static itp_schedule *make(int32_t kind)
{
    itp_schedule *schedule = NULL;
    check_status("schedule", itp_schedule_make(kind, &schedule), ITP_OK);
    return schedule;
}

/* ---- solvers that are one another ---- */

static void ddim_is_euler_in_the_linear_schedule(void **state)
{
    static const double last[] = {.95, 1};
    (void)state;
    for (int i = 0; i < COUNT(last); i++) {
        job ddim = job_of("ddim"), euler = job_of("euler");
        ddim.last = euler.last = last[i];
        same("ddim", &ddim, &euler, 1e-15);
    }
}

/* Under "ve" Euler's step is in the noise level, and the same again. */
static void ddim_is_euler_under_ve(void **state)
{
    (void)state;
    itp_schedule *ve = make(ITP_SCHEDULE_VE);
    job ddim = job_of("ddim"), euler = job_of("euler");
    euler.sampling = ve;
    same("ddim", &ddim, &euler, 1e-13);
    itp_schedule_free(ve);
}

static int exponential_stages(const char *id)
{
    return SOLVER(id).family == ITP_EXPONENTIAL_SINGLESTEP;
}

static int exponential_multistep(const char *id)
{
    int32_t family = SOLVER(id).family;
    return family == ITP_EXPONENTIAL_MULTISTEP || family == ITP_EXPONENTIAL_BLOCKS;
}

/* DPM-Solver-1, DPM-Solver++(1), DEIS of order 1 and UniPC's first step: all of them, whatever they predict. */
static void every_first_step_is_ddim(void **state)
{
    static const double last[] = {.4, 1};
    int found = 0;
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        for (int k = 0; k < COUNT(last) && exponential_multistep(kind_name_at("solver", i)); k++) {
            job one = job_of(kind_name_at("solver", i)), ddim = job_of("ddim");
            one.steps = ddim.steps = 1;
            one.last = ddim.last = last[k];
            same(one.solver, &one, &ddim, 1e-14);
            found++;
        }
    }
    assert_true(found >= 32 + 44);
}

/* Orders are lowered to 1 in the last step alone, so that two steps of order 2 are two of DDIM. */
static void two_steps_lowered_are_ddim(void **state)
{
    static const char *const solvers[] = {"dpm-2m", "dpmpp-2m", "dpmpp-3m", "deis-2", "deis-3"};
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++) {
        job two = job_of(solvers[i]), ddim = job_of("ddim");
        two.steps = ddim.steps = 2;
        two.final_order = ITP_FINAL_LOWER;
        same(two.solver, &two, &ddim, 1e-14);
    }
}

/* Without noise a stochastic solver is the deterministic one it was made from. */
static void eta_zero(void **state)
{
    static const struct {
        const char *name, *without;
        int32_t schedule; /* of the second one */
    } pairs[] = {{"euler-ancestral", "ddim", 0},
                 {"dpm-2-ancestral", "dpm-2s", 0},
                 {"dpmpp-2s-ancestral", "dpmpp-2s", 0},
                 {"ddpm", "ddim", 0},
                 {"dpmpp-sde", "dpmpp-2s", 0},
                 {"edm-heun", "heun", ITP_SCHEDULE_VE},
                 {"sde-dpmpp-1", "ddim", 0},
                 {"sde-dpmpp-2m", "dpmpp-2m", 0},
                 {"sde-dpmpp-2m-heun", "dpmpp-2m-heun", 0},
                 {"sde-dpmpp-3m", "dpmpp-3m", 0},
                 {"sde-dpmpp-3m-heun", "dpmpp-3m-heun", 0},
                 {"sde-dpm-1", "ddim", 0},
                 {"sde-dpm-2m", "dpm-2m", 0},
                 {"sde-dpm-2m-heun", "dpm-2m-heun", 0},
                 {"euler-maruyama", "euler", 0}};
    (void)state;
    for (int i = 0; i < COUNT(pairs); i++) {
        itp_schedule *schedule = pairs[i].schedule ? make(pairs[i].schedule) : NULL;
        job noisy = job_of(pairs[i].name), plain = job_of(pairs[i].without);
        check_true(pairs[i].name, noisy.solver && plain.solver);
        noisy.sampling = plain.sampling = schedule;
        same(pairs[i].name, &noisy, &plain, 1e-13);
        itp_schedule_free(schedule);
    }
}

/* ---- schedules that do not show ---- */

static int exponential(const char *id)
{
    return exponential_multistep(id) || exponential_stages(id);
}

static void exponential_under_any_schedule(void **state)
{
    (void)state;
    for (int k = 0; k < family_count(); k++) {
        itp_schedule *schedule = family_new(k);
        for (int i = 0; kind_name_at("solver", i); i++) {
            if (!exponential(kind_name_at("solver", i))) continue;
            label name;
            job own = job_of(kind_name_at("solver", i)), other = own;
            other.sampling = schedule;
            same(label_index(&name, own.solver, k), &own, &other, 1e-11);
        }
        itp_schedule_free(schedule);
    }
}

/* The flow is one curve: a fine solution under any schedule lies on the one that keeps the quantile. */
static void one_curve(void **state)
{
    double x[DIM];
    label name;
    (void)state;
    for (int k = 0; k < family_count(); k++) {
        double worst = 0;
        job j = job_of("rk4");
        itp_schedule *schedule = family_new(k);
        j.sampling = schedule;
        j.steps = FINE;
        run(&j, x);
        for (int i = 0; i < DIM; i++) {
            mixture_point from = {.95, .05}, to = {1 - j.last, j.last};
            double want = mixture_flow(&j.target, from, START[i], to);
            worst = fmax(worst, fabs(x[i] - want));
            check_near(label_index(&name, family_at(k)->name, i), x[i], want, 1e-5);
        }
        print_message("# %-24s %.1e\n", family_at(k)->name, worst);
        itp_schedule_free(schedule);
    }
}

/* There and back again, at the same position. */
static void round_trips(void **state)
{
    (void)state;
    for (int k = 0; k < family_count(); k++) {
        itp_schedule *schedule = family_new(k), *linear = make(ITP_SCHEDULE_LINEAR);
        for (int i = 1; i < 8; i++) {
            double u = .05 + .9 * i / 8;
            itp_conversion there = ITP_CONVERSION_INIT, back = ITP_CONVERSION_INIT;
            check_status("there", itp_schedule_convert(schedule, linear, u, &there), ITP_OK);
            check_status("back", itp_schedule_convert(linear, schedule, there.tau, &back), ITP_OK);
            check_near(family_at(k)->name, back.tau, u, 1e-11);
            check_near(family_at(k)->name, back.c * there.c, 1, 1e-11);
        }
        itp_schedule_free(schedule);
        itp_schedule_free(linear);
    }
}

/* ---- laws with a closed form ---- */

static int first_order(const char *id)
{
    static const char *const ids[] = {
        "euler",       "ipndm-1",   "ddim", "euler-maruyama",  "euler-ancestral", "ddpm",
        "sde-dpmpp-1", "sde-dpm-1", "sea",  "exponential-sde", "euler-ge",        "sde-dpmpp-1-sigma",
        "tcd",         "edm-euler"};
    for (int i = 0; i < COUNT(ids); i++) {
        if (!strcmp(ids[i], id)) return 1;
    }
    return 0;
}

/* Methods that have noise at eta 0, too, and those whose weights do not add up, or not where steps differ. */
static int no_flow(const char *id)
{
    return !strcmp(id, "lcm") || !strcmp(id, "langevin") || !strcmp(id, "alphafold-3") || !strncmp(id, "er-sde", 6) ||
           strstr(id, "-v2");
}

/* Data N(0, s^2): the flow multiplies the state. In 256 steps all come near, those of order 2 or more much nearer. */
static void normal_data(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        double x[DIM], worst = 0;
        if (no_flow(kind_name_at("solver", i))) continue;
        job j = job_of(kind_name_at("solver", i));
        j.target = mixture_normal(.6);
        j.steps = FINE;
        run(&j, x);
        double factor = hypot(1 - j.last, .6 * j.last) / hypot(.95, .6 * .05);
        for (int k = 0; k < DIM; k++) worst = fmax(worst, fabs(x[k] / (factor * START[k]) - 1));
        print_message("# %-20s %.1e\n", j.solver, worst);
        check_true(j.solver, worst < (first_order(j.solver) ? .008 : 2e-4));
    }
}

/* All data at one point m, a data network that says so: states run straight to it, and whatever a solver extrapolates
 * is constant, so that any number of steps is exact. */
static void point_mass_from(const char *solver, double last, int steps)
{
    double nodes[] = {0, .2, .55, last}, x[DIM], m = .7;
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    nodes[steps] = last;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    if (!plan_reads(&desc, "eta")) desc.solver.eta = 0;
    batch.dim = DIM;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    memcpy(x, START, sizeof x);
    check_status(solver, make_plan(&desc, &plan), ITP_OK);
    check_status(solver, itp_sample(plan, &batch, x, network_point, &m), ITP_OK);
    for (int i = 0; i < DIM; i++) check_near(solver, x[i], (1 - last) * START[i] + last * m, 1e-12);
    itp_plan_free(plan);
}

static void all_data_at_one_point(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        for (int steps = 1; steps <= 3 && !no_flow(kind_name_at("solver", i)); steps++) {
            point_mass_from(kind_name_at("solver", i), 1, steps);
            point_mass_from(kind_name_at("solver", i), .9, steps);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddim_is_euler_in_the_linear_schedule),
        cmocka_unit_test(ddim_is_euler_under_ve),
        cmocka_unit_test(every_first_step_is_ddim),
        cmocka_unit_test(two_steps_lowered_are_ddim),
        cmocka_unit_test(eta_zero),
        cmocka_unit_test(exponential_under_any_schedule),
        cmocka_unit_test(one_curve),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(normal_data),
        cmocka_unit_test(all_data_at_one_point),
    };
    return cmocka_run_group_tests_name("identities", tests, NULL, NULL);
}
