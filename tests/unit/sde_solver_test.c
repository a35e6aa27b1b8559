/* Solvers for additive noise and stochastic exponential ones: what a step costs, their deterministic twins, one another
 * where two names mean the same numbers, the same samples under every schedule, and both ends of the path. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/interpret.h"
#include "../common/network.h"
#include "../common/want.h"

enum { POINTS = 6, NODES = 9 };

typedef struct known {
    const char *name;
    const char *solver;
    int32_t evaluations;
    const char *twin; /* with k = 0; NULL: none */
} known;

static const known solvers[] = {
    {"stochastic-heun", "stochastic-heun", 2, "heun"},
    {"sea", "sea", 1, "euler"},
    {"shark", "shark", 2, NULL},
    {"sra1", "sra1", 2, NULL},
    {"stochastic-ab2", "stochastic-ab2", 1, "ab2"},
    {"stochastic-ab3", "stochastic-ab3", 1, "ab3"},
    {"exponential-sde", "exponential-sde", 1, "ddim"},
    {"sa-2", "sa-2", 1, "res-2m"},
    {"sa-3", "sa-3", 1, "res-3m"},
    {"sa-1-1", "sa-1-1", 1, "unipc-vary-1"},
    {"sa-2-2", "sa-2-2", 1, "unipc-vary-2"},
    {"sa-3-3", "sa-3-3", 1, "unipc-vary-3"},
};

static itp_plan *new_plan(const wanted *desc)
{
    itp_plan *plan = NULL;
    check_status(called(desc), make_plan(desc, &plan), ITP_OK);
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

static void network_column(void *user, double time, const double *x, double *out, size_t n)
{
    for (size_t i = 0; i < n; i++) out[i] = network_value(user, time, x[i]);
}

/* Runs a plan of few normals with these: cos(3 m + 1.7 j) sqrt 2. */
static void run_fed(const itp_plan *plan, network *net, double *x)
{
    int32_t count = info_of(plan).normals;
    double *normals = calloc((size_t)count * POINTS, sizeof *normals);
    for (int m = 0; m < count; m++)
        for (int j = 0; j < POINTS; j++) normals[m * POINTS + j] = sqrt(2) * cos(3 * m + 1.7 * j);
    interpret_job job = {POINTS, normals, network_column, net, 0, NULL, 0};
    check_status("run", interpret_logical(plan, &job, x), 0);
    free(normals);
}

static void check_same_samples(const char *name, const wanted *one, const wanted *other, double tolerance)
{
    double x[POINTS], y[POINTS];
    label at;
    itp_plan *first = new_plan(one), *second = new_plan(other);
    network net = network_linear(mixture_two_modes());
    run_fed(first, &net, x);
    run_fed(second, &net, y);
    for (int j = 0; j < POINTS; j++) check_near(label_index(&at, name, j), x[j], y[j], tolerance);
    itp_plan_free(first);
    itp_plan_free(second);
}

/* ---- costs ---- */

/* Under the point mass schedule every step but the last has its noise and all its stages. Of 8 evaluations a last step
 * of one leaves 7, for three steps of two stages and one more of one. */
static void names_and_costs(void **state)
{
    (void)state;
    itp_schedule *point_mass = family_make(&(family){"", ITP_SCHEDULE_POINT_MASS, 0, 0, 1, 0, 0, 0});
    for (int i = 0; i < COUNT(solvers); i++) {
        wanted desc = WANTED;
        assert_string_equal(solvers[i].solver, solvers[i].name);
        desc.solver = SOLVER(solvers[i].solver);
        itp_plan *flow = new_plan(&desc);
        int two = solvers[i].evaluations == 2, at_the_end = !strcmp(solvers[i].solver, "stochastic-heun");
        assert_int_equal(info_of(flow).steps, !two ? 8 : at_the_end ? 5 : 4);
        assert_int_equal(info_of(flow).rows, 8);
        assert_int_equal(info_of(flow).normals, 1);
        desc.plan.schedule = point_mass;
        desc.diffusion.k = 1;
        itp_plan *noisy = new_plan(&desc);
        assert_int_equal(info_of(noisy).steps, two ? 5 : 8);
        assert_int_equal(info_of(noisy).rows, 8);
        itp_plan_free(noisy);
        itp_plan_free(flow);
    }
    itp_schedule_free(point_mass);
}

/* A caller's state is the state: no noise hides in the first row. */
static void starts_are_plain(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * COUNT(solvers); i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER(solvers[i / 2].solver);
        desc.diffusion.k = 1;
        desc.grid.u_start = .3;
        desc.plan.noise = i % 2;
        itp_plan *plan = new_plan(&desc);
        check_near(solvers[i / 2].name, info_of(plan).start_term_count, 0, 0);
        check_near(solvers[i / 2].name, info_of(plan).start_scale, .7, 1e-15);
        itp_plan_free(plan);
    }
}

/* At u = 1 SiT's constant eps has no drift: a last step there has one stage. */
static void stages_that_do_not_exist(void **state)
{
    static const char *const two[] = {"stochastic-heun", "shark", "sra1"};
    (void)state;
    for (int i = 0; i < COUNT(two); i++) {
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.solver = SOLVER(two[i]);
        desc.diffusion.kind = ITP_DIFFUSION_CONSTANT;
        desc.plan.last = ITP_LAST_NOISE;
        desc.plan.ends = i == 0 ? ITP_ENDS_EVALUATE : ITP_ENDS_INSIDE;
        plan = new_plan(&desc);
        assert_int_equal(info_of(plan).steps, !strcmp(two[i], "stochastic-heun") ? 5 : 4);
        assert_int_equal(info_of(plan).rows, 8);
        itp_plan_free(plan);
        desc.plan.singular = ITP_SINGULAR_ERROR;
        int want = !strcmp(two[i], "stochastic-heun") ? ITP_E_SINGULAR : ITP_OK;
        check_status(two[i], make_plan(&desc, &plan), want);
        itp_plan_free(plan);
    }
}

/* ---- twins ---- */

static void without_noise(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP};
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++) {
        itp_schedule *schedule = family_make(&(family){"", kinds[s], 0, 0, 0, 0, 0, 0});
        for (int i = 0; i < COUNT(solvers); i++) {
            wanted one = WANTED, other;
            one.plan.schedule = schedule;
            one.solver = SOLVER(solvers[i].solver);
            other = one;
            if (!solvers[i].twin) continue;
            other.solver = SOLVER(solvers[i].twin);
            check_same_samples(solvers[i].name, &one, &other, 1e-12);
            if (!plan_reads(&one, "final_order")) one.solver.final_order = other.solver.final_order = ITP_FINAL_LOWER;
            one.grid.u_start = other.grid.u_start = .02;
            check_same_samples(solvers[i].name, &one, &other, 1e-12);
        }
        itp_schedule_free(schedule);
    }
}

static void compare_rows(const wanted *one, const wanted *other)
{
    itp_plan *first = new_plan(one), *second = new_plan(other);
    assert_int_equal(info_of(first).rows, info_of(second).rows);
    for (int32_t i = 0; i < info_of(first).rows; i++) {
        itp_plan_row a = row_of(first, i), b = row_of(second, i);
        assert_int_equal(a.term_count, b.term_count);
        for (int32_t j = 0; j < a.term_count; j++) {
            assert_int_equal(a.terms[j].column, b.terms[j].column);
            assert_int_equal(a.terms[j].index, b.terms[j].index);
            check_near("coefficient", a.terms[j].coef, b.terms[j].coef, 1e-13);
        }
    }
    itp_plan_free(first);
    itp_plan_free(second);
}

/* The posterior step of DDPM for k = 1; SDE-DPM-Solver++ of order 1, whose diffusion is eta eps*, for k = eta. */
static void the_exact_law_of_a_frozen_prediction(void **state)
{
    static const double etas[] = {0, .3, .5, 1, 2};
    (void)state;
    for (int i = 0; i < COUNT(etas); i++) {
        wanted one = WANTED, other;
        one.plan.noise = etas[i] > 0 ? ITP_NOISE_STEPS : ITP_NOISE_PATH;
        other = one;
        one.solver = SOLVER("exponential-sde");
        one.diffusion.k = etas[i];
        other.solver = SOLVER("sde-dpmpp-1");
        other.solver.eta = etas[i];
        compare_rows(&one, &other);
        other.solver = SOLVER("ddpm");
        other.solver.eta = etas[i];
        if (etas[i] == 0 || etas[i] == 1) compare_rows(&one, &other);
    }
}

/* ---- schedules ---- */

static const double all_nodes[NODES] = {0, .04, .15, .3, .48, .66, .83, .95, 1};

static void sample(const wanted *desc, double *x)
{
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = new_plan(desc);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = POINTS;
    batch.count = 1;
    batch.seed = 3;
    batch.type = ITP_FLOAT64;
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    itp_plan_free(plan);
}

static double k_rising(void *user, double u)
{
    (void)user;
    return 1 + u;
}

static void choose_diffusion(wanted *desc, int which)
{
    static const double ks[] = {0, .5, 1, 2};
    desc->diffusion.k = which < 4 ? ks[which] : 0;
    desc->diffusion.k_fn = which == 4 ? k_rising : NULL;
    desc->diffusion.kind = which == 5 ? ITP_DIFFUSION_CONSTANT : which == 6 ? ITP_DIFFUSION_SINE : ITP_DIFFUSION_K;
}
enum { DIFFUSIONS = 7 };

static void under_every_schedule(const wanted *base)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS, ITP_SCHEDULE_SQRT};
    double want[POINTS], got[POINTS];
    label at;
    sample(base, want);
    for (int s = 0; s < COUNT(kinds); s++) {
        wanted desc = *base;
        itp_schedule *schedule = family_make(&(family){"", kinds[s], 0, 0, 1, 0, 0, 0});
        desc.plan.schedule = schedule;
        sample(&desc, got);
        for (int j = 0; j < POINTS; j++) {
            assert_true(isfinite(got[j]));
            check_near(label_index(&at, called(&desc), j), got[j], want[j], 1e-11);
        }
        itp_schedule_free(schedule);
    }
}

static void exponential_methods_know_no_schedule(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(solvers); i++)
        for (int which = 0; which < 2 * DIFFUSIONS && is_exponential(solvers[i].solver); which++) {
            wanted desc = WANTED;
            desc.solver = SOLVER(solvers[i].solver);
            want_nodes(&desc, all_nodes, NODES);
            choose_diffusion(&desc, which / 2);
            desc.plan.noise = which % 2 && !plan_reads(&desc, "noise");
            under_every_schedule(&desc);
        }
}

/* ---- both ends ---- */

static void check_finite_rows(const char *name, const itp_plan *plan)
{
    for (int32_t i = 0; i < info_of(plan).rows; i++) {
        itp_plan_row row = row_of(plan, i);
        for (int32_t j = 0; j < row.term_count; j++) check_true(name, isfinite(row.terms[j].coef));
    }
}

static void whole_paths(const itp_schedule *schedule, const char *name, double bound)
{
    for (int i = 0; i < COUNT(solvers) * DIFFUSIONS * 4; i++) {
        wanted desc = WANTED;
        double x[POINTS];
        desc.plan.schedule = schedule;
        desc.solver = SOLVER(solvers[i / (4 * DIFFUSIONS)].solver);
        desc.plan.evaluations = 10;
        choose_diffusion(&desc, i / 4 % DIFFUSIONS);
        int noisy = !plan_reads(&desc, "noise");
        desc.plan.last = noisy ? i & 1 : ITP_LAST_DATA;
        desc.plan.noise = noisy ? i >> 1 & 1 : ITP_NOISE_PATH;
        itp_plan *plan = new_plan(&desc);
        check_finite_rows(name, plan);
        itp_plan_free(plan);
        sample(&desc, x);
        for (int j = 0; j < POINTS; j++) check_true(name, fabs(x[j]) < bound);
    }
}

/* So few explicit steps are unstable where a schedule is stiff: finite is all that there is to ask of vp-sde. */
static void both_ends(void **state)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS, ITP_SCHEDULE_VP_SDE};
    (void)state;
    for (int s = 0; s < COUNT(kinds); s++) {
        itp_schedule *schedule = family_make(&(family){"", kinds[s], 0, 0, 1, .1, 20, 0});
        whole_paths(schedule, kind_name("schedule", kinds[s]), kinds[s] == ITP_SCHEDULE_VP_SDE ? 1e4 : 20);
        itp_schedule_free(schedule);
    }
}

/* ---- SA-Solver ---- */

/* diffusers 58eb52c, SASolverScheduler in float64 on the data prediction of the two-mode mixture, tau^2 = k, draw i fed
 * as sqrt(2) cos(3 i + 1.7 j + .4), without what it adds to all weights of order 2 ("does not influence the convergence
 * order"): with that, which its own tests have in every step (predictor_order 2, corrector_order 2), it is another
 * method. Its corrector_order counts the new prediction, so ours plus 1; 1: none. */
typedef struct peer {
    const char *solver;
    double k;
    int lower;
    double x[5];
} peer;

static const peer peers[] = {
    {"exponential-sde",
     1,
     1,
     {0.5814549229306261, 0.6088331086794531, 0.44843732394557706, 0.5374445383077352, 0.6148803270052463}},
    {"sa-2", 1, 0, {1.5943722136717773, 1.6313205030763496, 0.876470853054006, 0.9817815964028342, 1.7572345077624894}},
    {"sa-3", 1, 0, {0.5918803640337841, 1.9597370600962152, 0.046306376437854305, -0.98497117169893, 1.35259305650247}},
    {"sa-3", .5, 1, {0.6363846292902096, 0.6082484412489687, 0.510229060508268, 0.716185946495056, 0.898602354389183}},
    {"sa-1-1",
     1,
     1,
     {0.6000255701334885, 0.6236772934558656, 0.4783945852058088, 0.5585491540955964, 0.6326527563664818}},
    {"sa-2-2",
     1,
     0,
     {1.5526258270718598, 1.6081236289937377, 1.0073464217106194, 1.0473110091896327, 1.692660530896163}},
    {"sa-3-3",
     1,
     0,
     {-0.14106724787343444, 1.4914522935890147, 0.8238426049789243, -0.7291020741602748, 0.4175913786734075}},
    {"sa-3-3",
     .5,
     1,
     {0.6325493988936204, 0.6087177669875223, 0.5388828087765354, 0.7236590616986229, 0.8790998365004502}},
};

static const double peer_sigmas[] = {157.40725708007812, 60.27141189575195,   25.52848243713379,   11.939519882202148,
                                     6.135209560394287,  3.442966938018799,   2.0410871505737305,  1.2401612997055054,
                                     0.7235912084579468, 0.34226012229919434, 0.010001329705119133};

static itp_plan *plan_of_peer(const peer *p, const itp_schedule *vp)
{
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    model.schedule = vp;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = &model;
    desc.solver = SOLVER(p->solver);
    desc.diffusion.k = p->k;
    if (p->lower && !plan_reads(&desc, "final_order")) desc.solver.final_order = ITP_FINAL_LOWER;
    desc.plan.noise = ITP_NOISE_STEPS;
    desc.grid.kind = ITP_GRID_USER_SIGMA;
    desc.grid.nodes = peer_sigmas;
    desc.grid.node_count = COUNT(peer_sigmas);
    return new_plan(&desc);
}

static void numbers_of_peers(void **state)
{
    (void)state;
    itp_schedule *vp = family_make(&(family){"", ITP_SCHEDULE_VP, 0, 0, 0, 0, 0, 0});
    network net = {mixture_two_modes(), path_trig, ITP_PREDICT_DATA, 0};
    for (int i = 0; i < COUNT(peers); i++) {
        double x[] = {-2, -.7, .05, .9, 2.5}, normals[COUNT(peer_sigmas) * 5] = {0};
        label at;
        itp_plan *plan = plan_of_peer(&peers[i], vp);
        assert_int_equal(info_of(plan).normals, COUNT(peer_sigmas));
        for (int j = 5; j < COUNT(normals); j++) normals[j] = sqrt(2) * cos(3 * (j / 5 - 1) + 1.7 * (j % 5) + .4);
        interpret_job job = {5, normals, network_column, &net, 1, NULL, 0};
        check_status("run", interpret_logical(plan, &job, x), 0);
        for (int j = 0; j < 5; j++) check_near(label_index(&at, peers[i].solver, j), x[j], peers[i].x[j], 1e-9);
        itp_plan_free(plan);
    }
    itp_schedule_free(vp);
}

static const double A = .4, B = -.3;

static double lambda_of(double u)
{
    return log(u / (1 - u));
}

static void straight(void *user, double u, const double *z, double *out, size_t n)
{
    (void)user;
    (void)z;
    for (size_t i = 0; i < n; i++) out[i] = A + B * lambda_of(u);
}

/* int k dlambda: k log r for a constant k, and log r - log w for k = 1 + u. */
static double decay(double k, double from, double to)
{
    return k < 0 ? lambda_of(to) - lambda_of(from) - log((1 - to) / (1 - from)) : k * (lambda_of(to) - lambda_of(from));
}

/* w_b int e^-K (1 + k) e^lambda D dlambda by Simpson's rule, and what is left of the start. */
static double exact(double k, double x, double from, double to)
{
    enum { PARTS = 20000 };
    double low = lambda_of(from), h = (lambda_of(to) - low) / PARTS, sum = 0;
    for (int i = 0; i <= PARTS; i++) {
        double c = low + i * h, u = 1 / (1 + exp(-c)), weight = i == 0 || i == PARTS ? 1 : i % 2 ? 4 : 2;
        sum += weight * exp(c - decay(k, u, to)) * (1 + (k < 0 ? 1 + u : k)) * (A + B * c);
    }
    return (1 - to) * (x / (1 - from) * exp(-decay(k, from, to)) + sum * h / 3);
}

/* A data prediction that is a straight line in lambda: SA-Solver integrates it exactly, once its first step has been
 * corrected. */
static void straight_predictions(void **state)
{
    static const double ks[] = {.5, 1, 2, -1};
    static const char *const two[] = {"sa-2-2", "sa-3-3"};
    itp_model model = ITP_MODEL_INIT;
    (void)state;
    model.prediction = ITP_PREDICT_DATA;
    for (int i = 0; i < 2 * COUNT(ks); i++) {
        wanted desc = WANTED;
        double x = .8, normals[64] = {0}, k = ks[i / 2];
        desc.plan.model = &model;
        desc.solver = SOLVER(two[i % 2]);
        desc.diffusion.k = fmax(k, 0);
        desc.diffusion.k_fn = k < 0 ? k_rising : NULL;
        desc.plan.noise = ITP_NOISE_STEPS;
        want_nodes(&desc, all_nodes + 1, NODES - 2);
        itp_plan *plan = new_plan(&desc);
        interpret_job job = {1, normals, straight, NULL, 1, NULL, 0};
        check_status("run", interpret_logical(plan, &job, &x), 0);
        check_near(two[i % 2], x, exact(k, .8, .04, .95), 1e-11);
        itp_plan_free(plan);
    }
}

/* With final_order LOWER the last step sees its own prediction alone. */
static void lower_final_order(void **state)
{
    static const char *const some[] = {"sa-2", "sa-3"};
    (void)state;
    for (int i = 0; i < 2 * COUNT(some); i++) {
        wanted desc = WANTED;
        int outputs = 0;
        desc.solver = SOLVER(some[i / 2]);
        desc.diffusion.k = 1;
        desc.grid.u_start = .1;
        desc.grid.u_end = .9;
        desc.solver.final_order = i % 2 ? ITP_FINAL_LOWER : ITP_FINAL_FULL;
        itp_plan *plan = new_plan(&desc);
        itp_plan_row row = row_of(plan, info_of(plan).rows - 1);
        for (int32_t j = 0; j < row.term_count; j++) outputs += row.terms[j].column == ITP_COLUMN_OUTPUT;
        assert_int_equal(outputs, i % 2 ? 1 : 2 + i / 2);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_costs),
        cmocka_unit_test(starts_are_plain),
        cmocka_unit_test(stages_that_do_not_exist),
        cmocka_unit_test(without_noise),
        cmocka_unit_test(the_exact_law_of_a_frozen_prediction),
        cmocka_unit_test(exponential_methods_know_no_schedule),
        cmocka_unit_test(both_ends),
        cmocka_unit_test(numbers_of_peers),
        cmocka_unit_test(straight_predictions),
        cmocka_unit_test(lower_final_order),
    };
    return cmocka_run_group_tests_name("sde_solver", tests, NULL, NULL);
}
