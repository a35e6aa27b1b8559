/* DDIM: a noise prediction network trained on a DDPM table, sampled under the linear schedule by Euler, against
 * DDIM (2010.02502, eta = 0) written out on the same pairs. The network finds its noise level by the index that it
 * is given. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/mixture.h"
#include "../common/plan.h"

enum { SAMPLES = 7, LONGEST = 60 };

typedef struct world {
    double bar[DDPM_COUNT];
    mixture target;
    double worst_index; /* distance of the times given from whole numbers */
} world;

static double noise_at(const world *w, int index, double x)
{
    return mixture_noise(&w->target, sqrt(1 - w->bar[index]), sqrt(w->bar[index]), x);
}

static int noise_run(void *user, const itp_request *request)
{
    world *w = user;
    const double *x = request->x;
    double *out = request->out, index = round(request->time);
    w->worst_index = fmax(w->worst_index, fabs(request->time - index));
    if (index < 0 || index >= DDPM_COUNT) return 1;
    for (size_t i = 0; i < request->count * request->dim; i++) out[i] = noise_at(w, (int)index, x[i]);
    return 0;
}

typedef struct run {
    const char *name;
    int first, stride, steps; /* indices first, first - stride, ... */
    int to_data;              /* 1: after the last index, on to the data */
} run;

static int index_of(const run *r, int i)
{
    return r->first - i * r->stride;
}

static double ddim(const world *w, const run *r, double x)
{
    for (int i = 0; i < r->steps; i++) {
        double bar = w->bar[index_of(r, i)], e = noise_at(w, index_of(r, i), x);
        double data = (x - sqrt(1 - bar) * e) / sqrt(bar);
        int last = r->to_data && i == r->steps - 1;
        double next = last ? 1 : w->bar[index_of(r, i + 1)];
        x = sqrt(next) * data + sqrt(1 - next) * e;
    }
    return x;
}

static int fill_nodes(const world *w, const run *r, double *nodes)
{
    for (int i = 0; i <= r->steps; i++) {
        double bar = r->to_data && i == r->steps ? 1 : w->bar[index_of(r, i)];
        nodes[i] = sqrt(bar) / (sqrt(bar) + sqrt(1 - bar));
    }
    return r->steps + 1;
}

static itp_plan *plan_for(const world *w, const run *r)
{
    double nodes[LONGEST];
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_schedule *table = family_make(&(family){"ddpm", ITP_SCHEDULE_TABLE, 0, 0, 1, 0, 0, 1}), *linear;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    model.schedule = table;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_INDEX;
    desc.plan.model = &model;
    desc.plan.schedule = linear;
    desc.solver = SOLVER("euler");
    want_nodes(&desc, nodes, fill_nodes(w, r, nodes));
    desc.plan.evaluations = r->steps;
    itp_plan *plan = plan_wanted(r->name, &desc);
    itp_schedule_free(table);
    itp_schedule_free(linear);
    return plan;
}

static void check_run(world *w, const run *r)
{
    double x[SAMPLES], want[SAMPLES];
    itp_plan *plan = plan_for(w, r);
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 1;
    batch.count = SAMPLES;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    for (int i = 0; i < SAMPLES; i++) want[i] = ddim(w, r, x[i] = -2.1 + .7 * i);
    check_status(r->name, itp_sample(plan, &batch, x, noise_run, w), ITP_OK);
    for (int i = 0; i < SAMPLES; i++) check_near(r->name, x[i], want[i], 1e-12);
    itp_plan_free(plan);
}

static void euler_in_the_linear_schedule(void **state)
{
    static const run runs[] = {
        {"ten steps to index 9", 999, 99, 10, 0},
        {"ten steps to the data", 999, 111, 10, 1},
        {"one step", 999, 0, 1, 1},
        {"from the middle", 500, 10, 50, 1},
    };
    (void)state;
    world w = {{0}, mixture_two_modes(), 0};
    ddpm_alphas_cumprod(w.bar, DDPM_COUNT);
    for (int i = 0; i < COUNT(runs); i++) check_run(&w, &runs[i]);
    assert_true(w.worst_index < 1e-8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(euler_in_the_linear_schedule),
    };
    return cmocka_run_group_tests_name("ddim", tests, NULL, NULL);
}
