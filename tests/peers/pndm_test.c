/* PNDM: against diffusers' own test (PNDMScheduler, full loop without noise), and against the method written out on an
 * exact network over a DDPM table. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { STEPS = 9, FIRST = 900, STRIDE = 100 };

/* Returns a noise prediction for one value at a table's index. */
typedef double (*noise_fn)(const double *bar, double index, double x);

/* The network of diffusers' scheduler tests. */
static double dummy(const double *bar, double index, double x)
{
    (void)bar;
    return x * index / (index + 1);
}

static double exact(const double *bar, double index, double x)
{
    mixture target = mixture_two_modes();
    double a = bar[(int)lround(index)];
    return mixture_noise(&target, sqrt(1 - a), sqrt(a), x);
}

typedef struct world {
    double bar[DDPM_COUNT];
    noise_fn noise;
    int calls;
} world;

static int noise_run(void *user, const itp_request *request)
{
    world *w = user;
    const double *x = request->x;
    double *out = request->out, index = round(request->time);
    check_near("index", request->time, index, 1e-9);
    w->calls++;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = w->noise(w->bar, index, x[i]);
    return 0;
}

/* Sampled under the table itself, so that the middle of a step is at the index half way. */
static itp_plan *plan_for(const world *w)
{
    double nodes[STEPS + 1];
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_schedule *table = family_make(&(family){"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1});
    for (int i = 0; i <= STEPS; i++) {
        double bar = w->bar[FIRST - i * STRIDE];
        nodes[i] = sqrt(bar) / (sqrt(bar) + sqrt(1 - bar));
    }
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_INDEX;
    desc.plan.model = &model;
    desc.solver = SOLVER("pndm");
    want_nodes(&desc, nodes, STEPS + 1);
    itp_plan *plan = plan_wanted("plan", &desc);
    itp_schedule_free(table);
    return plan;
}

static double sample(world *w, double x)
{
    itp_plan *plan = plan_for(w);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 1;
    batch.count = 1;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    w->calls = 0;
    check_status("sample", itp_sample(plan, &batch, &x, noise_run, w), ITP_OK);
    itp_plan_free(plan);
    return x;
}

static double transfer(const world *w, double x, double noise, int from, int to)
{
    double a = w->bar[from], b = w->bar[to], data = (x - sqrt(1 - a) * noise) / sqrt(a);
    return sqrt(b) * data + sqrt(1 - b) * noise;
}

static double runge_kutta(const world *w, double x, double e1, int from, int to)
{
    int middle = (from + to) / 2;
    double e2 = w->noise(w->bar, middle, transfer(w, x, e1, from, middle));
    double e3 = w->noise(w->bar, middle, transfer(w, x, e2, from, middle));
    return (e1 + 2 * e2 + 2 * e3 + w->noise(w->bar, to, transfer(w, x, e3, from, to))) / 6;
}

static double written_out(const world *w, double x)
{
    double e[STEPS];
    for (int i = 0; i < STEPS; i++) {
        int from = FIRST - i * STRIDE, to = from - STRIDE;
        e[i] = w->noise(w->bar, from, x);
        x = transfer(w, x,
                     i < 3 ? runge_kutta(w, x, e[i], from, to)
                           : (55 * e[i] - 59 * e[i - 1] + 37 * e[i - 2] - 9 * e[i - 3]) / 24,
                     from, to);
    }
    return x;
}

/* The peer's sum over 768 samples, i/768, on a network linear in x; its last step, from index 0 to index 0, does
 * nothing. It computes in float32 and prints four digits. */
static void diffusers_full_loop(void **state)
{
    (void)state;
    world w = {{0}, dummy, 0};
    ddpm_alphas_cumprod(w.bar, DDPM_COUNT);
    double sum = 383.5 * sample(&w, 1);
    print_message("# sum %.6f, diffusers 198.1318\n", sum);
    assert_int_equal(w.calls, STEPS + 9);
    check_near("sum", sum, 198.1318, 2e-5);
}

static void on_the_exact_network(void **state)
{
    (void)state;
    world w = {{0}, exact, 0};
    ddpm_alphas_cumprod(w.bar, DDPM_COUNT);
    for (int i = 0; i < 7; i++) {
        double x = -2.1 + .7 * i;
        check_near("sample", sample(&w, x), written_out(&w, x), 1e-11);
    }
}

/* The budget counts the start: Runge-Kutta's where it is at most half of it, otherwise one step of two evaluations. */
static void budgets(void **state)
{
    static const int rows[][3] = {{1, 1, 1},    {2, 1, 2},    {3, 2, 3},    {4, 3, 4},   {11, 10, 11},
                                  {12, 11, 12}, {23, 22, 23}, {24, 15, 24}, {30, 21, 30}};
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.solver = SOLVER("pndm");
    desc.grid.u_start = .1;
    desc.grid.u_end = .9;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        desc.plan.evaluations = rows[i][0];
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        assert_int_equal(info.steps, rows[i][1]);
        assert_int_equal(info.rows, rows[i][2]);
        itp_plan_free(plan);
    }
    desc.plan.evaluations = -1;
    check_status("too few", make_plan(&desc, &plan), ITP_E_BUDGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diffusers_full_loop),
        cmocka_unit_test(on_the_exact_network),
        cmocka_unit_test(budgets),
    };
    return cmocka_run_group_tests_name("pndm", tests, NULL, NULL);
}
