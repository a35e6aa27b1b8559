/* The noise of extreme steps, and a k that jumps. With a frozen prediction a step of an SDE has the law
 *     z_b = carry z_a + (u_b - carry u_a) D + w_b sqrt(1 - e^-2K) xi,    carry = (w_b/w_a) e^-K,    K = int k dlambda,
 * whatever k is; K is exact where k is constant in pieces. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/plan.h"

static const char *const takes_k[] = {"euler-maruyama", "stochastic-heun", "sea",   "shark", "sra1",
                                      "stochastic-ab2", "stochastic-ab3",  "sa-2",  "sa-3",  "exponential-sde",
                                      "sa-1-1",         "sa-2-2",          "sa-3-3"};
static const char *const exponential[] = {"exponential-sde", "sa-2", "sa-3", "sa-1-1", "sa-2-2", "sa-3-3"};

/* A network that returns data, on the linear schedule: Y = z, F = D. */
static itp_plan *plan_for(wanted desc)
{
    static const itp_model init = ITP_MODEL_INIT;
    itp_model model = init;
    model.prediction = ITP_PREDICT_DATA;
    desc.plan.model = desc.plan.model ? desc.plan.model : &model;
    return plan_wanted(called(&desc), &desc);
}

static itp_plan_row row_of(const itp_plan *plan, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
    return row;
}

static double deviation_of(const itp_plan_row *row)
{
    double sum = 0;
    for (int32_t j = 0; j < row->term_count; j++)
        if (row->terms[j].column == ITP_COLUMN_NORMAL) sum = hypot(sum, row->terms[j].coef);
    return sum;
}

static double sum_of(const itp_plan_row *row, int32_t column)
{
    double sum = 0;
    for (int32_t j = 0; j < row->term_count; j++)
        if (row->terms[j].column == column) sum += row->terms[j].coef;
    return sum;
}

/* ---- extreme steps ---- */

enum { NODES = 6 };
static const double node_sets[][NODES] = {
    {0, .888, .999, 1, 0, 0},
    {0, .03, .5, .999, .9999, 1},
    {1e-12, 1e-6, .2, .21, 1 - 1e-9, 1},
    {1e-300, 1e-200, 1e-150, 1e-9, .3, 1},
    {0, 1 - 1e-6, 1 - 1e-7, 1 - 1e-12, 1 - 1e-13, 1},
    {.5, .5000001, .5000002, .500001, .51, 1},
};

static int32_t count_of(const double *nodes)
{
    int32_t count = 2;
    while (count < NODES && nodes[count] > nodes[count - 1]) count++;
    return count;
}

static double lambda_of(double u)
{
    return log(u) - log(1 - u);
}

static void check_deviations(wanted desc, const double *nodes)
{
    label at;
    want_nodes(&desc, nodes, count_of(nodes));
    itp_plan *plan = plan_for(desc);
    for (int32_t i = 0; i < desc.grid.node_count - 2; i++) {
        itp_plan_row row = row_of(plan, i), next = row_of(plan, i + 1);
        double a = row.u, b = next.u, K = desc.diffusion.k * (lambda_of(b) - lambda_of(a));
        double want = (1 - b) * sqrt(-expm1(-2 * K)), got = deviation_of(&row);
        label_at(&at, called(&desc), desc.diffusion.k);
        check_near(at.text, got / want, 1, 1e-6);
    }
    itp_plan_free(plan);
}

/* 1 - u is not exact in these nodes, so K of two that are close has some digits only. */
static void extreme_steps(void **state)
{
    static const double ks[] = {1e-300, 1e-12, 1e-3, .1, 1, 3, 30, 1000, 1e6, 1e9, 1e12, 1e100};
    (void)state;
    for (int i = 0; i < COUNT(exponential) * COUNT(ks) * COUNT(node_sets) * 2; i++) {
        wanted desc = WANTED;
        int rest = i / 2;
        desc.plan.noise = i % 2;
        desc.diffusion.k = ks[rest % COUNT(ks)];
        desc.solver = SOLVER(exponential[rest / COUNT(ks) % COUNT(exponential)]);
        check_deviations(desc, node_sets[rest / COUNT(ks) / COUNT(exponential)]);
    }
}

/* SiT's constant eps: K = int dt/(1 - t)^2 = 1/w_b - 1/w_a, 9000 on the last of these steps but one. */
static void steep_diffusions(void **state)
{
    static const double nodes[] = {0, .5, .999, .9999, 1};
    (void)state;
    for (int i = 0; i < COUNT(exponential) * 2; i++) {
        wanted desc = WANTED;
        desc.diffusion.kind = ITP_DIFFUSION_CONSTANT;
        desc.solver = SOLVER(exponential[i / 2]);
        desc.plan.noise = i % 2;
        want_nodes(&desc, nodes, COUNT(nodes));
        itp_plan *plan = plan_for(desc);
        for (int j = 0; j + 2 < COUNT(nodes); j++) {
            double wa = 1 - nodes[j], wb = 1 - nodes[j + 1];
            itp_plan_row row = row_of(plan, j);
            check_near("deviation", deviation_of(&row) / wb, sqrt(-expm1(-2 * (1 / wb - 1 / wa))), 1e-12);
        }
        itp_plan_free(plan);
    }
}

/* Euler's noise is 2 k (log(u_b/u_a) - (u_b - u_a)) on the linear schedule, for the smallest k too. */
static void little_noise(void **state)
{
    static const double ks[] = {1e-300, 1e-160, 1e-12};
    (void)state;
    for (int i = 0; i < 2 * COUNT(ks); i++) {
        wanted desc = WANTED;
        desc.solver = SOLVER("euler-maruyama");
        desc.plan.noise = i % 2;
        desc.diffusion.k = ks[i / 2];
        itp_plan *plan = plan_for(desc);
        for (int j = 1; j < 7; j++) {
            itp_plan_row row = row_of(plan, j);
            double want = sqrt(2 * (log((j + 1.) / j) - .125)) * sqrt(ks[i / 2]);
            check_near("deviation", deviation_of(&row) / want, 1, 1e-12);
        }
        itp_plan_free(plan);
    }
}

/* Ancestral methods with more noise than there is room for forget everything: w_b. */
static void much_eta(void **state)
{
    static const char *const own[] = {"euler-ancestral", "ddpm", "sde-dpmpp-1"};
    static const double etas[] = {1e4, 1e9, 1e100, 1e300};
    (void)state;
    for (int i = 0; i < COUNT(own) * COUNT(etas) * 2; i++) {
        wanted desc = WANTED;
        desc.plan.noise = i % 2;
        desc.solver = SOLVER(own[i / 2 / COUNT(etas)]);
        desc.solver.eta = etas[i / 2 % COUNT(etas)];
        itp_plan *plan = plan_for(desc);
        for (int j = 0; j < 7; j++) {
            itp_plan_row row = row_of(plan, j);
            check_near(called(&desc), deviation_of(&row), 1 - (j + 1) / 8., 1e-12);
            check_near(called(&desc), sum_of(&row, ITP_COLUMN_STATE), 0, 1e-12);
        }
        itp_plan_free(plan);
    }
}

/* ---- functions of k ---- */

static long calls;

/* SA-Solver's own: k = 1 on a part of the path, 0 elsewhere. */
static double in_the_middle(void *user, double u)
{
    (void)user;
    calls++;
    return u >= .2 && u <= .8;
}

/* int k dlambda up to u. */
static double K_in_the_middle(double u)
{
    return lambda_of(fmin(fmax(u, .2), .8));
}

static double three_steps(void *user, double u)
{
    (void)user;
    calls++;
    return u < .1 ? 2 : u < .45 ? .25 : u < .451 ? 40 : 1;
}

static double K_three_steps(double u)
{
    return 2 * lambda_of(fmin(u, .1)) + .25 * lambda_of(fmin(fmax(u, .1), .45)) +
           40 * lambda_of(fmin(fmax(u, .45), .451)) + lambda_of(fmax(u, .451));
}

/* k dlambda = dlambda + du/(1 - u). */
static double one_more(void *user, double u)
{
    (void)user;
    calls++;
    return 1 + u;
}

static double K_one_more(double u)
{
    return lambda_of(u) - log(1 - u);
}

static double no_more(void *user, double u)
{
    (void)user;
    calls++;
    return u;
}

static double K_no_more(double u)
{
    return -log(1 - u);
}

typedef struct function {
    const char *name;
    itp_k_fn k;
    double (*K)(double u); /* NULL: not known */
} function;

static double sines(void *user, double u)
{
    (void)user;
    calls++;
    return fabs(sin(40 * u));
}

static double roots(void *user, double u)
{
    (void)user;
    calls++;
    return u < .3 ? 0 : sqrt(u - .3);
}

static double many_jumps(void *user, double u)
{
    (void)user;
    calls++;
    return fmod(floor(300 * u), 2);
}

static double many_sines(void *user, double u)
{
    (void)user;
    calls++;
    return fabs(sin(1000 * u));
}

static double poles(void *user, double u)
{
    (void)user;
    calls++;
    return 1 / (1 - u);
}

static double needle(void *user, double u)
{
    (void)user;
    calls++;
    return fabs(u - .437) < 1e-3 ? 1e4 : 0;
}

static const function functions[] = {
    {"in the middle", in_the_middle, K_in_the_middle},
    {"three steps", three_steps, K_three_steps},
    {"1 + u", one_more, K_one_more},
    {"u", no_more, K_no_more},
    {"|sin 40 u|", sines, NULL},
    {"root", roots, NULL},
    {"many jumps", many_jumps, NULL},
    {"|sin 1000 u|", many_sines, NULL},
    {"1/(1 - u)", poles, NULL},
    {"needle", needle, NULL},
};
enum { KNOWN = 4 };

/* int of e^(lambda + K) over the step, in the units of its end, by Simpson's rule between the places where k jumps. */
static double area(const function *f, double a, double b)
{
    static const double cuts[] = {.1, .2, .45, .451, .8, 1};
    enum { INTERVALS = 4000 };
    double sum = 0, from = lambda_of(a), end = lambda_of(b) + f->K(b);
    for (int i = 0; i < COUNT(cuts); i++) {
        double to = lambda_of(fmin(fmax(cuts[i], a), b));
        for (int j = 0; j <= INTERVALS && to > from; j++) {
            double lambda = from + (to - from) * j / INTERVALS, weight = j % INTERVALS == 0 ? 1 : j % 2 ? 4 : 2;
            sum += weight * (to - from) / 3 / INTERVALS * exp(lambda + f->K(1 / (1 + exp(-lambda))) - end);
        }
        from = to > from ? to : from;
    }
    return sum;
}

/* With E = e^(lambda + K), K from some place on, in the units of its end, the weights of the predictions sum to
 * u_b (1 - E_a); those of sa-2, times the lambdas of its two points, to
 *     u_b int lambda dE = u_b (lambda_b - E_a lambda_a - int E dlambda). */
static void check_weights(const function *f, const itp_plan_row *row, int32_t i, int order)
{
    double before = (i - 1) / 8., a = i / 8., b = (i + 1) / 8., sum = 0, moment = 0;
    double E = exp(lambda_of(a) + f->K(a) - lambda_of(b) - f->K(b));
    for (int32_t j = 0; j < row->term_count; j++) {
        const itp_term *term = &row->terms[j];
        if (term->column != ITP_COLUMN_OUTPUT) continue;
        sum += term->coef;
        moment += term->coef * lambda_of(term->index == i ? a : before);
    }
    check_near(f->name, sum, b * (1 - E), 1e-13);
    if (order == 2 && i > 1) check_near(f->name, moment, b * (lambda_of(b) - E * lambda_of(a) - area(f, a, b)), 1e-10);
}

static void known_functions(void **state)
{
    (void)state;
    for (int i = 0; i < KNOWN * 4; i++) {
        const function *f = &functions[i / 4];
        wanted desc = WANTED;
        desc.diffusion.k_fn = f->k;
        desc.plan.noise = i % 2;
        desc.solver = SOLVER(i / 2 % 2 ? "sa-2" : "exponential-sde");
        itp_plan *plan = plan_for(desc);
        for (int32_t j = 1; j < 7; j++) {
            double a = j / 8., b = (j + 1) / 8., K = f->K(b) - f->K(a);
            itp_plan_row row = row_of(plan, j);
            check_near(f->name, sum_of(&row, ITP_COLUMN_STATE), (1 - b) / (1 - a) * exp(-K), 1e-13);
            check_near(f->name, deviation_of(&row), (1 - b) * sqrt(-expm1(-2 * K)), 1e-13);
            check_weights(f, &row, j, i / 2 % 2 + 1);
        }
        itp_plan_free(plan);
    }
}

/* From u = 0 nothing is kept where k > 0; but int k dlambda is finite for k = u, and for k = sqrt(u), whose slope is
 * not: then it is 2 artanh(sqrt(u)). */
static double square_root(void *user, double u)
{
    (void)user;
    return sqrt(u);
}

static void from_nothing(void **state)
{
    static const itp_k_fn ways[] = {one_more, no_more, square_root};
    double b = .125, kept[] = {0, 1 - b, exp(-2 * atanh(sqrt(b)))};
    (void)state;
    for (int i = 0; i < 2 * COUNT(ways); i++) {
        wanted desc = WANTED;
        desc.diffusion.k_fn = ways[i / 2];
        desc.solver = SOLVER("exponential-sde");
        desc.plan.noise = i % 2;
        itp_plan *plan = plan_for(desc);
        itp_plan_row row = row_of(plan, 0);
        check_near("kept", sum_of(&row, ITP_COLUMN_STATE), (1 - b) * kept[i / 2], 1e-12);
        check_near("deviation", deviation_of(&row), (1 - b) * sqrt(1 - kept[i / 2] * kept[i / 2]), 1e-9);
        itp_plan_free(plan);
    }
}

/* Jumps are found once, and no more is asked than what that takes. */
static void few_calls(void **state)
{
    static const int32_t budgets[] = {2, 5, 17, 20, 50, 100};
    long most = 0;
    (void)state;
    for (int i = 0; i < COUNT(takes_k) * COUNT(functions) * COUNT(budgets); i++) {
        const function *f = &functions[i % COUNT(functions)];
        wanted desc = WANTED;
        desc.solver = SOLVER(takes_k[i / COUNT(functions) % COUNT(takes_k)]);
        desc.plan.evaluations = budgets[i / COUNT(functions) / COUNT(takes_k)];
        desc.diffusion.k_fn = f->k;
        calls = 0;
        itp_plan_free(plan_for(desc));
        check_true(f->name, calls <= (f->K ? 5000 : 100000));
        most = calls > most ? calls : most;
    }
    print_message("# at most %ld calls of k\n", most);
}

/* ---- diffusions named by a schedule ---- */

static const int32_t forms[] = {ITP_DIFFUSION_CONSTANT, ITP_DIFFUSION_SIGMA, ITP_DIFFUSION_LINEAR,
                                ITP_DIFFUSION_DECREASING, ITP_DIFFUSION_SINE};

static itp_schedule *ddpm(int32_t count)
{
    static double bar[1000];
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    double product = 1;
    for (int32_t i = 0; i < count; i++) {
        product *= 1 - fmin(.999, (1e-4 + (.02 - 1e-4) * i / (count - 1)) * 1000 / count);
        bar[i] = product;
    }
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = bar;
    desc.count = count;
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    return table;
}

static double eps_of(int32_t form, const itp_schedule_point *at)
{
    double pi = acos(-1), wave = sin(pi * at->t);
    switch (form) {
    case ITP_DIFFUSION_CONSTANT: return 1;
    case ITP_DIFFUSION_SIGMA: return at->alpha;
    case ITP_DIFFUSION_LINEAR: return 1 - at->t;
    case ITP_DIFFUSION_DECREASING: return (cos(pi * at->t) + 1) * (cos(pi * at->t) + 1) / 4;
    default: return wave * wave;
    }
}

/* K = int eps/alpha^2 dt, by the midpoint rule. */
static double table_decay(const itp_schedule *table, int32_t form, double from, double to)
{
    enum { INTERVALS = 20000 };
    double sum = 0;
    for (int i = 0; i < INTERVALS; i++) {
        itp_schedule_point at = ITP_SCHEDULE_POINT_INIT;
        check_status("point", itp_schedule_eval(table, from + (to - from) * (i + .5) / INTERVALS, &at), ITP_OK);
        sum += eps_of(form, &at) / (at.alpha * at.alpha) * (to - from) / INTERVALS;
    }
    return sum;
}

/* The last step but one of eight: its decay shows in the state's coefficient, (w_b/w_a) e^-K times the scales. */
static void check_table(const itp_schedule *table, int32_t form, wanted desc)
{
    itp_plan *plan = plan_for(desc);
    itp_plan_row a = row_of(plan, 5), b = row_of(plan, 6);
    double K = table_decay(table, form, a.t, b.t), want = b.scale * (1 - b.u) / (a.scale * (1 - a.u)) * exp(-K);
    check_near(kind_name("diffusion", form), sum_of(&a, ITP_COLUMN_STATE), want, 1e-6);
    itp_plan_free(plan);
}

static void tables(void **state)
{
    static const int32_t counts[] = {12, 40, 100, 1000};
    (void)state;
    for (int i = 0; i < COUNT(counts); i++) {
        itp_schedule *table = ddpm(counts[i]);
        itp_model model = ITP_MODEL_INIT;
        model.schedule = table;
        model.prediction = ITP_PREDICT_DATA;
        clock_t began = clock();
        for (int j = 0; j < COUNT(forms) * COUNT(takes_k); j++) {
            wanted desc = WANTED;
            desc.plan.model = &model;
            desc.diffusion.kind = forms[j % COUNT(forms)];
            desc.solver = SOLVER(takes_k[j / COUNT(forms)]);
            if (!strcmp(called(&desc), "exponential-sde")) check_table(table, desc.diffusion.kind, desc);
            desc.plan.evaluations = 17;
            itp_plan_free(plan_for(desc));
        }
        check_true("minutes before", (double)(clock() - began) / CLOCKS_PER_SEC < 20);
        itp_schedule_free(table);
    }
}

/* The linear schedule, or one with a corner at every tenth: the diffusion then jumps where it is named by another. */
static long looked;

static int ITP_CALL straight(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    looked++;
    out->alpha = 1 - t;
    out->beta = t;
    return 0;
}

static int ITP_CALL corners(void *user, double t, itp_schedule_values *out)
{
    double n = floor(10 * t), rest = 10 * t - n;
    (void)user;
    looked++;
    out->beta = (n * n + rest * (2 * n + 1)) / 100;
    out->alpha = 1 - out->beta;
    out->dbeta = (2 * n + 1) / 10;
    out->dalpha = -out->dbeta;
    return 0;
}

static void users_schedules(void **state)
{
    long most = 0;
    (void)state;
    for (int i = 0; i < 2 * COUNT(forms) * COUNT(takes_k) * 2; i++) {
        int rest = i / 2;
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule = NULL;
        wanted want = WANTED;
        desc.kind = ITP_SCHEDULE_USER;
        desc.values = i % 2 ? corners : straight;
        desc.user_parts = i % 2 ? ITP_USER_DERIVATIVES : 0;
        check_status("schedule", itp_schedule_new(&desc, &schedule), ITP_OK);
        want.diffusion.schedule = schedule;
        want.plan.schedule = rest % 2 ? schedule : NULL;
        want.diffusion.kind = forms[rest / 2 % COUNT(forms)];
        want.solver = SOLVER(takes_k[rest / 2 / COUNT(forms)]);
        want.plan.evaluations = 20;
        looked = 0;
        itp_plan_free(plan_for(want));
        check_true(called(&want), looked < 1000000);
        most = looked > most ? looked : most;
        itp_schedule_free(schedule);
    }
    print_message("# at most %ld calls of a schedule\n", most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extreme_steps), cmocka_unit_test(steep_diffusions), cmocka_unit_test(little_noise),
        cmocka_unit_test(much_eta),      cmocka_unit_test(known_functions),  cmocka_unit_test(from_nothing),
        cmocka_unit_test(few_calls),     cmocka_unit_test(tables),           cmocka_unit_test(users_schedules),
    };
    return cmocka_run_group_tests_name("varying_k", tests, NULL, NULL);
}
