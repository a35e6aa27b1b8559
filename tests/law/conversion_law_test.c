/* Paths seen from other schedules: a run under one is a path of the process under another, at its nodes and between
 * them, with the same Brownian motion and the right law (2602.03789; docs/maths.md). */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>

#include "../common/check.h"
#include "../common/families.h"
#include "../common/network.h"
#include "../common/plan.h"
#include "../common/stats.h"

/* A run: its states in the coordinates of the schedule it was sampled under, at its nodes' times there. */
typedef struct recording {
    size_t dim;
    int32_t count; /* of times */
    double k;
    uint64_t seed;
    double *times, *states;
} recording;

static int note(void *user, const itp_request *request, const void *state, const void *data)
{
    recording *r = user;
    (void)data;
    for (size_t i = 0; i < r->dim; i++) r->states[((size_t)request->row + 1) * r->dim + i] = ((const double *)state)[i];
    return 0;
}

/* The nodes: equal steps of the schedule's time from u = first to u = last; from first > 0 with a given start. */
typedef struct range {
    double first, last;
} range;

static itp_plan *plan_for(const itp_schedule *schedule, double k, int32_t steps, range over)
{
    wanted desc = WANTED;
    desc.plan.schedule = schedule;
    desc.diffusion.k = k;
    desc.solver = SOLVER("euler-maruyama");
    desc.plan.evaluations = steps;
    desc.grid.u_start = over.first;
    desc.grid.u_end = over.last;
    return plan_wanted("plan", &desc);
}

static void start(recording *r, const itp_plan *plan, const itp_schedule *schedule, range over, double *x)
{
    double factor;
    for (size_t i = 0; i < r->dim; i++) x[i] = -2 + 4.0 * (double)i / (double)(r->dim - 1);
    if (over.first == 0) check_status("start", itp_normals(r->seed, 0, 0, 0, ITP_FLOAT64, x, r->dim), ITP_OK);
    for (int32_t i = 0; i < r->count; i++) {
        check_status("time", itp_plan_coordinates(plan, i, schedule, &r->times[i], &factor), ITP_OK);
        for (size_t j = 0; j < r->dim && i == 0; j++) r->states[j] = factor * x[j];
    }
}

static recording record(const itp_schedule *schedule, double k, int32_t steps, range over, size_t dim)
{
    itp_plan *plan = plan_for(schedule, k, steps, over);
    network net = network_linear(mixture_two_modes());
    itp_batch batch = ITP_BATCH_INIT;
    recording r = {dim,
                   steps + 1,
                   k,
                   11,
                   malloc(((size_t)steps + 1) * sizeof(double)),
                   malloc(((size_t)steps + 1) * dim * sizeof(double))};
    double *x = malloc(dim * sizeof *x);
    start(&r, plan, schedule, over, x);
    batch.dim = dim;
    batch.count = 1;
    batch.seed = r.seed;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    batch.on_row = note;
    batch.user = &r;
    batch.row_scaled = 1;
    batch.row_schedule = schedule;
    check_status("run", itp_sample(plan, &batch, x, network_run, &net), ITP_OK);
    itp_plan_free(plan);
    free(x);
    return r;
}

static void forget(recording *r)
{
    free(r->times);
    free(r->states);
}

static itp_path *path_of(const recording *r, const itp_schedule *schedule, int32_t noise)
{
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    itp_path *path = NULL;
    desc.schedule = schedule;
    desc.times = r->times;
    desc.states = r->states;
    desc.dim = r->dim;
    desc.count = 1;
    desc.time_count = r->count;
    desc.type = ITP_FLOAT64;
    desc.k = r->k;
    desc.seed = r->seed;
    desc.noise = noise;
    check_status("path", itp_path_new(&desc, &path), ITP_OK);
    return path;
}

/* ---- the same process, sampled under another schedule ---- */

enum { DIM = 64, LEVELS = 7, FITTED = 5, ASKED = 64 };
static const int levels[LEVELS] = {64, 128, 256, 512, 1024, 2048, 4096};
static const range inner = {.05, .98};

/* Mean difference at ASKED of b's nodes, in b's coordinates. */
static double difference(const itp_path *path, const itp_schedule *schedule, const recording *b)
{
    double x[DIM], sum = 0;
    int32_t stride = (b->count - 1) / ASKED;
    for (int32_t i = stride; i < b->count; i += stride) {
        check_status("at", itp_path_at(path, schedule, b->times[i], x), ITP_OK);
        sum += stats_mean_difference(x, b->states + (size_t)i * DIM, DIM) / ASKED;
    }
    return sum;
}

/* Plans whose nodes differ share the Brownian path down to what they resolve (docs/sde.md): .2 of the root of a cell's
 * width d^2/(2 e), which falls like the step d and is some 1e-4 at 4096 steps. The rest is the solver's error. */
static const double largest = .005;

static void same_process(const char *name, const family *other, double k)
{
    double size[LEVELS];
    itp_schedule *linear = NULL, *to = family_make(other);
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &linear), ITP_OK);
    for (int i = 0; i < LEVELS; i++) {
        recording a = record(linear, k, levels[i], inner, DIM), b = record(to, k, levels[i], inner, DIM);
        itp_path *path = path_of(&a, linear, ITP_NOISE_PATH);
        size[i] = difference(path, to, &b);
        print_message("# linear and %s, k %g, %4d steps: %.5f\n", name, k, levels[i], size[i]);
        itp_path_free(path);
        forget(&a);
        forget(&b);
    }
    double order = stats_order(levels, size, FITTED);
    print_message("# order %.2f up to %d steps\n", order, levels[FITTED - 1]);
    check_true(name, order > .8 && order < 1.3);
    check_true(name, size[LEVELS - 1] < largest);
    itp_schedule_free(to);
    itp_schedule_free(linear);
}

#define PLAIN(kind) \
    &(family) \
    { \
        "plain", ITP_SCHEDULE_##kind, 0, 0, 1, 0, 0, 0 \
    }

static void a_path_is_the_process_of_every_schedule(void **state)
{
    (void)state;
    same_process("point mass", PLAIN(POINT_MASS), 1);
    same_process("point mass", PLAIN(POINT_MASS), .5);
    same_process("vp", PLAIN(VP), 1);
    same_process("vp", PLAIN(VP), .5);
}

/* ---- between two states ---- */

static double middles(const recording *coarse, const recording *fine, const itp_schedule *schedule, int32_t noise)
{
    double x[DIM], sum = 0;
    int32_t steps = coarse->count - 1;
    itp_path *path = path_of(coarse, schedule, noise);
    for (int32_t i = 1; i < fine->count; i += 2) {
        check_status("at", itp_path_at(path, schedule, fine->times[i], x), ITP_OK);
        sum += stats_mean_difference(x, fine->states + (size_t)i * DIM, DIM) / steps;
    }
    itp_path_free(path);
    return sum;
}

static void halved(const char *name, const family *of, double k, range over)
{
    enum { HALVINGS = 4 };
    static const int steps[HALVINGS] = {32, 64, 128, 256};
    double bridge[HALVINGS], line[HALVINGS];
    itp_schedule *schedule = family_make(of);
    for (int i = 0; i < HALVINGS; i++) {
        recording coarse = record(schedule, k, steps[i], over, DIM),
                  fine = record(schedule, k, 2 * steps[i], over, DIM);
        bridge[i] = middles(&coarse, &fine, schedule, ITP_NOISE_PATH);
        line[i] = middles(&coarse, &fine, schedule, ITP_NOISE_STEPS);
        print_message("# %s, k %g, %3d steps: bridge %.5f, line %.5f\n", name, k, steps[i], bridge[i], line[i]);
        forget(&coarse);
        forget(&fine);
    }
    double order = stats_order(steps, bridge, HALVINGS), other = stats_order(steps, line, HALVINGS);
    print_message("# orders: bridge %.2f, line %.2f\n", order, other);
    check_true(name, order > .9);
    if (k > 0) check_true(name, other < .7 && bridge[HALVINGS - 1] < line[HALVINGS - 1] / 4);
    itp_schedule_free(schedule);
}

static void states_between_follow_the_brownian_path(void **state)
{
    static const double ks[] = {0, .5, 1, 2};
    (void)state;
    for (int i = 0; i < COUNT(ks); i++) {
        halved("linear", PLAIN(LINEAR), ks[i], inner);
        halved("vp", PLAIN(VP), ks[i], inner);
    }
    halved("point mass", PLAIN(POINT_MASS), 1, (range){0, 1});
}

/* ---- the law of states between ---- */

enum { MANY = 20000 };

typedef struct law {
    mixture m;
    double u;
} law;

static double marginal(const void *user, double x)
{
    const law *l = user;
    return mixture_cdf(&l->m, 1 - l->u, l->u, x);
}

static void law_between(const char *name, const family *of, double k)
{
    enum { STEPS = 128 };
    /* in the first, an early, a middle, a late and the last step */
    static const double asked[] = {1e-6, .004, .0101, .3001, .5002, .8, .93, .97, .9996};
    double *x = malloc(MANY * sizeof *x);
    itp_schedule *schedule = family_make(of);
    recording r = record(schedule, k, STEPS, (range){0, 1}, MANY);
    itp_path *path = path_of(&r, schedule, ITP_NOISE_PATH);
    for (int i = 0; i < COUNT(asked); i++) {
        law l = {mixture_two_modes(), asked[i]};
        check_status("at", itp_path_at(path, NULL, asked[i], x), ITP_OK);
        double size = stats_ks(x, MANY, marginal, &l);
        print_message("# %s, k %g, u %g: distance %.4f\n", name, k, asked[i], size);
        check_true(name, size < .02);
    }
    itp_path_free(path);
    forget(&r);
    itp_schedule_free(schedule);
    free(x);
}

static void states_between_have_the_marginal_law(void **state)
{
    (void)state;
    law_between("linear", PLAIN(LINEAR), 0);
    law_between("linear", PLAIN(LINEAR), .5);
    law_between("linear", PLAIN(LINEAR), 1);
    law_between("point mass", PLAIN(POINT_MASS), 1);
    law_between("lazy", &(family){"lazy", ITP_SCHEDULE_LAZY, 0, .5, 1, 0, 0, 0}, .5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_the_process_of_every_schedule),
        cmocka_unit_test(states_between_follow_the_brownian_path),
        cmocka_unit_test(states_between_have_the_marginal_law),
    };
    return cmocka_run_group_tests_name("conversion law", tests, NULL, NULL);
}
