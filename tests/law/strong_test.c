/* Strong orders of the solvers for additive noise: the same Brownian path (ITP_NOISE_PATH, one seed) at many numbers of
 * steps, the mean distance at the end to a fine run, or to a solution in closed form.
 *
 * Problems: the interpolant SDE of the two-mode mixture whose network is exact, with k = 1 (one
 * process, whatever the schedule) and with SiT's constant eps; and any dx = f dt + g(t) dB, posed under the point mass
 * schedule, on whose time B is the path of <interp/noise.h> itself: the network returns the velocity that makes the
 * drift there f. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

enum { DIM = 256, LEVELS = 4, LEAST = 64, FINE = 2048, SEED = 5 };

typedef struct problem {
    const char *name;
    double first, last; /* u */
    const itp_schedule *schedule, *diffusion_schedule;
    int32_t diffusion;
    itp_diffusion_fn eps;
    itp_network_fn network;
    void *user;
} problem;

static itp_schedule *schedule_of(int32_t kind)
{
    itp_schedule *schedule = NULL;
    check_status("schedule", itp_schedule_make(kind, &schedule), ITP_OK);
    return schedule;
}

/* Nested: even in u, or in lambda for the methods that live there. */
static double node(const problem *p, const char *solver, double part)
{
    double low = log(p->first / (1 - p->first)), high = log(p->last / (1 - p->last));
    int exponential = is_exponential(solver);
    return exponential ? 1 / (1 + exp(-low * (1 - part) - high * part)) : p->first * (1 - part) + p->last * part;
}

static itp_plan *plan_for(const problem *p, const char *solver, int steps)
{
    double nodes[FINE + 1];
    wanted desc = WANTED;
    for (int i = 0; i <= steps; i++) nodes[i] = node(p, solver, (double)i / steps);
    desc.plan.schedule = p->schedule;
    desc.solver = SOLVER(solver);
    want_nodes(&desc, nodes, steps + 1);
    desc.diffusion.k = p->diffusion == ITP_DIFFUSION_DEFAULT || p->diffusion == ITP_DIFFUSION_K;
    desc.diffusion.kind = p->diffusion;
    desc.diffusion.schedule = p->diffusion_schedule;
    desc.diffusion.fn = p->eps;
    desc.plan.singular = ITP_SINGULAR_ERROR;
    return plan_wanted(solver, &desc);
}

static double start_of(int i)
{
    return -2 + 4.0 * i / (DIM - 1);
}

static void run(const problem *p, const char *solver, int steps, double *x)
{
    itp_plan *plan = plan_for(p, solver, steps);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = 1;
    batch.seed = SEED;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < DIM; i++) x[i] = start_of(i);
    check_status(solver, itp_sample(plan, &batch, x, p->network, p->user), ITP_OK);
    itp_plan_free(plan);
}

typedef struct measured {
    double order, error; /* at LEAST << (LEVELS - 1) steps */
} measured;

static measured measure(const problem *p, const char *solver, const double *want)
{
    double error[LEVELS], x[DIM];
    int steps[LEVELS];
    for (int i = 0; i < LEVELS; i++) {
        steps[i] = LEAST << i;
        run(p, solver, steps[i], x);
        error[i] = stats_mean_difference(x, want, DIM);
    }
    measured out = {stats_order(steps, error, LEVELS), error[LEVELS - 1]};
    print_message("# %-24s %-16s order %.3f, error %.2e at %d steps\n", p->name, solver, out.order, out.error,
                  steps[LEVELS - 1]);
    return out;
}

/* A method that shows a higher order than its own on a linear problem is named with that. */
typedef struct rule {
    const char *solver;
    double order, linear;
} rule;

static const rule rules[] = {
    {"euler-maruyama", 1, 1}, {"stochastic-heun", 1, 1}, {"sea", 1, 1},
    {"shark", 1.5, 2},        {"sra1", 1.5, 2},          {"stochastic-ab2", 1, 1},
    {"stochastic-ab3", 1, 1}, {"exponential-sde", 1, 0}, {"sa-2", 1, 0},
    {"sa-3", 1, 0},           {"sa-1-1", 1, 0},          {"sa-2-2", 1, 0},
    {"sa-3-3", 1, 0},
};
enum { DRIFT_RULES = 7 };

static void orders(const problem *p, int linear, int count, const double *want)
{
    for (int i = 0; i < count; i++) {
        double order = linear ? rules[i].linear : rules[i].order;
        check_near(rules[i].solver, measure(p, rules[i].solver, want).order - order, 0, .2);
    }
}

/* ---- the interpolant SDE of the mixture ---- */

/* The exponential methods make the same samples under any schedule: once is enough. */
static void mixture_orders(problem *p, const char *const *names)
{
    static const int32_t kinds[] = {ITP_SCHEDULE_LINEAR, ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS};
    double want[DIM];
    itp_schedule *fine = schedule_of(ITP_SCHEDULE_VP);
    p->schedule = fine;
    run(p, "shark", FINE, want);
    for (int s = 0; s < COUNT(kinds); s++) {
        itp_schedule *schedule = schedule_of(kinds[s]);
        p->schedule = schedule;
        p->name = names[s];
        orders(p, 0, s ? DRIFT_RULES : COUNT(rules), want);
        itp_schedule_free(schedule);
    }
    itp_schedule_free(fine);
}

static void optimal_diffusion(void **state)
{
    static const char *const names[] = {"k 1, linear", "k 1, vp", "k 1, point mass"};
    network net = network_linear(mixture_two_modes());
    problem p = {"", .1, .95, NULL, NULL, ITP_DIFFUSION_K, NULL, network_run, &net};
    (void)state;
    mixture_orders(&p, names);
}

static void constant_diffusion(void **state)
{
    static const char *const names[] = {"SiT constant, linear", "SiT constant, vp", "SiT constant, point mass"};
    network net = network_linear(mixture_two_modes());
    problem p = {"", .1, .8, NULL, NULL, ITP_DIFFUSION_CONSTANT, NULL, network_run, &net};
    (void)state;
    mixture_orders(&p, names);
}

/* ---- any additive SDE ---- */

typedef struct additive {
    double (*drift)(double t, double x);
    itp_diffusion_fn eps; /* g^2/2 */
} additive;

static double time_of(double u)
{
    return u * u / (u * u + (1 - u) * (1 - u));
}

/* alpha + beta of the point mass schedule: beta = t, alpha = sqrt(t (1 - t)). */
static double scale_of(double t)
{
    return t + sqrt(t * (1 - t));
}

/* With C = alpha + beta, x = C z, the drift of eps = k eps* is (C' - (k/u) W/C) z + (1 + k) (W/C) v, and k/u =
 * eps C/(alpha W). */
static int velocity(void *user, const itp_request *request)
{
    const additive *p = user;
    const double *z = request->x;
    double *out = request->out, u = request->u, t = time_of(u), alpha = sqrt(t * (1 - t)), C = scale_of(t);
    double slope = 1 + (1 - 2 * t) / (2 * alpha), W = t / (2 * alpha), k_u = p->eps(NULL, t) * C / (alpha * W);
    for (size_t i = 0; i < request->count * request->dim; i++)
        out[i] = (p->drift(t, C * z[i]) - (slope - k_u * W / C) * z[i]) * C / ((1 + k_u * u) * W);
    return 0;
}

static problem additive_problem(const char *name, additive *p, const itp_schedule *point_mass)
{
    problem out = {name, .05, .95, point_mass, point_mass, ITP_DIFFUSION_USER, p->eps, velocity, p};
    return out;
}

static double no_drift(double t, double x)
{
    (void)t;
    (void)x;
    return 0;
}

static double one_half(void *user, double t)
{
    (void)user;
    (void)t;
    return .5;
}

/* dx = dB: the path's own increment, to rounding, in any number of steps. */
static void noise_alone(void **state)
{
    static const int steps[] = {1, 2, 7, 64, 1000};
    itp_schedule *point_mass = schedule_of(ITP_SCHEDULE_POINT_MASS);
    additive dB = {no_drift, one_half};
    problem p = additive_problem("dx = dB", &dB, point_mass);
    double B[DIM], x[DIM], from = time_of(p.first), to = time_of(p.last);
    (void)state;
    check_status("path", itp_brownian(SEED, 0, from, to, 0, ITP_FLOAT64, B, NULL, DIM), ITP_OK);
    for (int i = 0; i < DRIFT_RULES * COUNT(steps); i++) {
        const char *solver = rules[i / COUNT(steps)].solver;
        double worst = 0;
        run(&p, solver, steps[i % COUNT(steps)], x);
        for (int j = 0; j < DIM; j++)
            worst = fmax(worst, fabs(scale_of(to) * x[j] - scale_of(from) * start_of(j) - B[j]));
        check_near(solver, worst, 0, 1e-12);
    }
    itp_schedule_free(point_mass);
}

static const double ADDITIVE_A = 1, ADDITIVE_B = .05;

static double itos_drift(double t, double x)
{
    return ADDITIVE_B / sqrt(1 + t) - x / (2 * (1 + t));
}

static double itos_eps(void *user, double t)
{
    (void)user;
    return ADDITIVE_A * ADDITIVE_A * ADDITIVE_B * ADDITIVE_B / (2 * (1 + t));
}

/* SciML's sde_additive_tests: dx = (b/sqrt(1 + t) - x/(2 (1 + t))) dt + a b/sqrt(1 + t) dB, for which sqrt(1 + t) x is
 * b (t + a B) and a constant; a = 1, so that the noise is more than the drift's error. */
static void closed_form(void **state)
{
    itp_schedule *point_mass = schedule_of(ITP_SCHEDULE_POINT_MASS);
    additive ito = {itos_drift, itos_eps};
    problem p = additive_problem("SciML additive", &ito, point_mass);
    double B[DIM], want[DIM], from = time_of(p.first), to = time_of(p.last);
    (void)state;
    check_status("path", itp_brownian(SEED, 0, from, to, 0, ITP_FLOAT64, B, NULL, DIM), ITP_OK);
    for (int i = 0; i < DIM; i++) {
        double first = sqrt(1 + from) * scale_of(from) * start_of(i);
        want[i] = (first + ADDITIVE_B * (to - from + ADDITIVE_A * B[i])) / sqrt(1 + to) / scale_of(to);
    }
    orders(&p, 1, DRIFT_RULES, want);
    itp_schedule_free(point_mass);
}

static double wave(double t, double x)
{
    (void)t;
    return sin(4 * x);
}

/* What sea is for: a drift that does not depend on time. */
static void sea_is_better_than_euler(void **state)
{
    itp_schedule *point_mass = schedule_of(ITP_SCHEDULE_POINT_MASS);
    additive of = {wave, one_half};
    problem p = additive_problem("dx = sin 4x dt + dB", &of, point_mass);
    double want[DIM];
    (void)state;
    run(&p, "shark", FINE, want);
    orders(&p, 0, DRIFT_RULES, want);
    double euler = measure(&p, "euler-maruyama", want).error, sea = measure(&p, "sea", want).error;
    print_message("# sea's error is %.2f of euler-maruyama's\n", sea / euler);
    assert_true(sea < .8 * euler);
    itp_schedule_free(point_mass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_alone),
        cmocka_unit_test(closed_form),
        cmocka_unit_test(sea_is_better_than_euler),
        cmocka_unit_test(optimal_diffusion),
        cmocka_unit_test(constant_diffusion),
    };
    return cmocka_run_group_tests_name("strong", tests, NULL, NULL);
}
