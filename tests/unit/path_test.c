/* Paths: recorded states in other coordinates are the states times the factor of the conversion, those between them
 * lie on straight lines for k = 0, and for k > 0 on Brownian bridges, whose mean and variance are known. And what is
 * refused. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"

enum { DIM = 37, BATCH = 3, TOTAL = DIM * BATCH, TIMES = 5 };

static const double places[TIMES] = {.1, .25, .26, .6, .9};

/* Some states, of both types. */
typedef struct states {
    double f64[TIMES][TOTAL];
    float f32[TIMES][TOTAL];
} states;

static const states *some_states(void)
{
    static states s;
    for (int i = 0; i < TIMES * TOTAL; i++) {
        s.f32[i / TOTAL][i % TOTAL] = (float)sin(3 * i + 1);
        s.f64[i / TOTAL][i % TOTAL] = (double)s.f32[i / TOTAL][i % TOTAL];
    }
    return &s;
}

static itp_path_desc desc_of(const double *times, int32_t count, double k)
{
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    desc.times = times;
    desc.time_count = count;
    desc.states = some_states()->f64;
    desc.dim = DIM;
    desc.count = BATCH;
    desc.type = ITP_FLOAT64;
    desc.k = k;
    desc.seed = 5;
    return desc;
}

static itp_path *path_new(const itp_path_desc *desc)
{
    itp_path *path = NULL;
    check_status("path", itp_path_new(desc, &path), ITP_OK);
    return path;
}

/* ---- recorded states ---- */

static const double ranges[3][TIMES] = {{.1, .25, .26, .6, .9}, {0, .3, .5, .6, .7}, {.3, .5, .6, .7, 1}};

/* And is no point mass there. */
static int reaches(const itp_schedule *schedule, const double *at)
{
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    double t;
    return !itp_schedule_time_of_u(schedule, at[TIMES - 1], &t) && !itp_schedule_time_of_u(schedule, at[0], &t) &&
           !itp_schedule_eval(schedule, t, &point) && point.alpha + point.beta > 0;
}

static void check_recorded(const char *name, const itp_schedule *from, const itp_schedule *to, const double *at)
{
    double times[TIMES], x[TOTAL];
    for (int i = 0; i < TIMES; i++) check_status(name, itp_schedule_time_of_u(from, at[i], &times[i]), ITP_OK);
    itp_path_desc desc = desc_of(times, TIMES, 1);
    desc.schedule = from;
    itp_path *path = path_new(&desc);
    for (int i = 0; i < TIMES; i++) {
        itp_conversion conversion = ITP_CONVERSION_INIT;
        double t;
        check_status(name, itp_schedule_time_of_u(to, at[i], &t), ITP_OK);
        check_status(name, itp_schedule_convert(from, to, t, &conversion), ITP_OK);
        check_status(name, itp_path_at(path, to, t, x), ITP_OK);
        for (int j = 0; j < TOTAL; j++) {
            double want = conversion.c * some_states()->f64[i][j];
            check_near(name, x[j], want, 1e-13 * fmax(1, conversion.c));
        }
    }
    itp_path_free(path);
}

static void recorded_states_under_all_schedules(void **state)
{
    (void)state;
    int pairs = 0;
    for (int a = 0; a < family_count(); a++) {
        for (int b = 0; b < family_count(); b++) {
            itp_schedule *from = family_new(a), *to = family_new(b);
            for (int i = 0; i < COUNT(ranges); i++) {
                if (reaches(from, ranges[i]) && reaches(to, ranges[i])) {
                    check_recorded(family_at(b)->name, from, to, ranges[i]);
                    pairs++;
                }
            }
            itp_schedule_free(from);
            itp_schedule_free(to);
        }
    }
    check_true("most of them", pairs > family_count() * family_count());
}

/* Its own times, bit for bit. */
static void recorded_states_as_they_are(void **state)
{
    (void)state;
    float x[TOTAL];
    double y[TOTAL];
    itp_path_desc desc = desc_of(places, TIMES, 1);
    itp_path *path = path_new(&desc);
    desc.type = ITP_FLOAT32;
    desc.states = some_states()->f32;
    itp_path *single = path_new(&desc);
    for (int i = 0; i < TIMES; i++) {
        check_status("f64", itp_path_at(path, NULL, places[i], y), ITP_OK);
        assert_memory_equal(y, some_states()->f64[i], sizeof y);
        check_status("f32", itp_path_at(single, NULL, places[i], x), ITP_OK);
        assert_memory_equal(x, some_states()->f32[i], sizeof x);
    }
    itp_path_free(path);
    itp_path_free(single);
}

/* ---- between ---- */

/* Linear coordinates and time. */
static void flows_are_straight(void **state)
{
    (void)state;
    static const double times[2] = {0, 1};
    static const double asked[] = {1e-9, .2, .5, .77, 1 - 1e-9};
    double x[TOTAL];
    for (int noisy = 0; noisy < 2; noisy++) {
        itp_path_desc desc = desc_of(times, 2, noisy);
        desc.noise = noisy ? ITP_NOISE_STEPS : ITP_NOISE_PATH;
        itp_path *path = path_new(&desc);
        for (int i = 0; i < COUNT(asked); i++) {
            double u = asked[i];
            check_status("at", itp_path_at(path, NULL, u, x), ITP_OK);
            for (int j = 0; j < TOTAL; j++) {
                check_near("line", x[j], (1 - u) * some_states()->f64[0][j] + u * some_states()->f64[1][j], 1e-15);
            }
        }
        itp_path_free(path);
    }
}

/* From u = 0 with k = 1 nothing but the increments of B remains, in point mass coordinates. */
static void the_first_step_is_a_brownian_bridge(void **state)
{
    (void)state;
    static const double times[2] = {0, .3};
    static const double asked[] = {1e-7, .01, .2, .27};
    double x[TOTAL], part[DIM], whole[DIM];
    itp_schedule *point_mass = NULL;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    itp_path_desc desc = desc_of(times, 2, 1);
    desc.schedule = point_mass;
    itp_path *path = path_new(&desc);
    for (int i = 0; i < COUNT(asked); i++) {
        double s = asked[i], share = s / times[1];
        check_status("at", itp_path_at(path, point_mass, s, x), ITP_OK);
        for (size_t b = 0; b < BATCH; b++) {
            check_status("B", itp_brownian(5, b, 0, s, 0, ITP_FLOAT64, part, NULL, DIM), ITP_OK);
            check_status("B", itp_brownian(5, b, 0, times[1], 0, ITP_FLOAT64, whole, NULL, DIM), ITP_OK);
            for (size_t j = 0; j < DIM; j++) {
                double end = some_states()->f64[1][b * DIM + j];
                check_near("bridge", x[b * DIM + j], share * end + part[j] - share * whole[j], 1e-6);
            }
        }
    }
    itp_path_free(path);
    itp_schedule_free(point_mass);
}

enum { MANY = 1 << 16 };

/* Mean and variance of x - line, in point mass coordinates, of a step from s = a to b with x_a = 1, x_b = -1. */
static void check_bridge(double a, double b, double s)
{
    static double ends[2][MANY], x[MANY];
    const double times[2] = {a, b};
    double mean = 0, variance = 0, want = (s - a) * (b - s) / (b - a), line = 1 - 2 * (s - a) / (b - a);
    itp_schedule *point_mass = NULL;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    for (int i = 0; i < MANY; i++) ends[0][i] = 1, ends[1][i] = -1;
    itp_path_desc desc = desc_of(times, 2, 1);
    desc.schedule = point_mass;
    desc.states = ends;
    desc.dim = MANY;
    desc.count = 1;
    itp_path *path = path_new(&desc);
    check_status("at", itp_path_at(path, point_mass, s, x), ITP_OK);
    for (int i = 0; i < MANY; i++) mean += (x[i] - line) / MANY;
    for (int i = 0; i < MANY; i++) variance += (x[i] - line - mean) * (x[i] - line - mean) / MANY;
    check_true("mean", fabs(mean) < 5 * sqrt(want / MANY));
    check_true("variance", fabs(variance / want - 1) < 5 * sqrt(2. / MANY));
    itp_path_free(path);
    itp_schedule_free(point_mass);
}

static void bridges_have_their_law(void **state)
{
    (void)state;
    check_bridge(.2, .7, .3);
    check_bridge(.2, .7, .69);
    check_bridge(.01, .99, .5);
    check_bridge(.4, 1, .8);
    check_bridge(.9, 1, 1 - 1e-5);
    check_bridge(.5, .5001, .50003);
}

/* The path does not jump at recorded states: beside one it is as far away as the root of the time. */
static void the_path_is_continuous(void **state)
{
    static const double ks[] = {0, .3, 1, 2.5}, times[4] = {0, .3, .6, 1}, steps[] = {1e-4, 1e-8, 1e-12};
    (void)state;
    for (int i = 0; i < COUNT(ks); i++) {
        itp_path_desc desc = desc_of(times, 4, ks[i]);
        itp_path *path = path_new(&desc);
        for (int n = 1; n < 4; n++) {
            for (int h = 0; h < COUNT(steps); h++) {
                for (int side = -1; side <= (n < 3); side += 2) {
                    double x[TOTAL], most = 0;
                    check_status("at", itp_path_at(path, NULL, times[n] + side * steps[h], x), ITP_OK);
                    for (int j = 0; j < TOTAL; j++) most = fmax(most, fabs(x[j] - some_states()->f64[n][j]));
                    check_true("near", most < 15 * sqrt(steps[h]) && most > 0);
                }
            }
        }
        itp_path_free(path);
    }
}

/* Asked one after the other, states of one step are those of one path: their increments have the right size. */
static void states_of_one_step_belong_together(void **state)
{
    (void)state;
    enum { PARTS = 16 };
    static double ends[2][MANY / 4], x[MANY / 4], before[MANY / 4];
    static const double times[2] = {.3, .5};
    double sum = 0;
    itp_schedule *point_mass = NULL;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    itp_path_desc desc = desc_of(times, 2, 1);
    desc.schedule = point_mass;
    desc.states = ends;
    desc.dim = MANY / 4;
    desc.count = 1;
    itp_path *path = path_new(&desc);
    for (int i = 1; i <= PARTS; i++) {
        check_status("at", itp_path_at(path, point_mass, i < PARTS ? .3 + .2 * i / PARTS : .5, x), ITP_OK);
        for (int j = 0; j < MANY / 4; j++) sum += (x[j] - before[j]) * (x[j] - before[j]) / (MANY / 4);
        memcpy(before, x, sizeof before);
    }
    check_near("quadratic variation", sum / (.2 * (PARTS - 1) / PARTS), 1, .05);
    itp_path_free(path);
    itp_schedule_free(point_mass);
}

static double varying(void *user, double u)
{
    (*(int *)user)++;
    return u < .5 ? 1 : .25;
}

static void k_as_a_function(void **state)
{
    (void)state;
    double x[TOTAL], y[TOTAL];
    int calls = 0;
    itp_path_desc desc = desc_of(places, TIMES, 0);
    desc.k_fn = varying;
    desc.k_user = &calls;
    itp_path *path = path_new(&desc);
    check_true("called", calls > 0);
    for (int i = 0; i < 2; i++) {
        desc = desc_of(places, TIMES, i ? .25 : 1);
        itp_path *constant = path_new(&desc);
        check_status("at", itp_path_at(path, NULL, i ? .55 : .45, x), ITP_OK);
        check_status("at", itp_path_at(constant, NULL, i ? .55 : .45, y), ITP_OK);
        assert_memory_equal(x, y, sizeof x);
        itp_path_free(constant);
    }
    itp_path_free(path);
}

/* ---- batches ---- */

static void any_split_and_type_agree(void **state)
{
    (void)state;
    double x[TOTAL], y[DIM];
    float z[TOTAL];
    static const uint64_t seeds[BATCH] = {5, 9, 5};
    itp_path_desc desc = desc_of(places, TIMES, 1), one = desc;
    itp_path *path = path_new(&desc);
    check_status("at", itp_path_at(path, NULL, .5, x), ITP_OK);
    desc.type = ITP_FLOAT32;
    desc.states = some_states()->f32;
    itp_path *single = path_new(&desc);
    check_status("at", itp_path_at(single, NULL, .5, z), ITP_OK);
    for (int j = 0; j < TOTAL; j++) check_near("float32", (double)z[j], x[j], 1e-6);
    for (size_t b = 0; b < BATCH; b++) {
        double own[TIMES][DIM];
        for (int i = 0; i < TIMES; i++) memcpy(own[i], &some_states()->f64[i][b * DIM], sizeof own[i]);
        one.states = own;
        one.count = 1;
        one.first = b;
        itp_path *part = path_new(&one);
        check_status("at", itp_path_at(part, NULL, .5, y), ITP_OK);
        assert_memory_equal(y, x + b * DIM, sizeof y);
        itp_path_free(part);
    }
    desc = desc_of(places, TIMES, 1);
    desc.seeds = seeds;
    desc.seed = 0;
    itp_path *seeded = path_new(&desc);
    double with[TOTAL];
    check_status("at", itp_path_at(seeded, NULL, .5, with), ITP_OK);
    assert_memory_equal(with, x, DIM * sizeof *x); /* (5, 0) both ways */
    check_true("other seeds", memcmp(with + DIM, x + DIM, DIM * sizeof *x) != 0);
    itp_path_free(path);
    itp_path_free(single);
    itp_path_free(seeded);
}

/* ---- ends ---- */

static void one_time(void **state)
{
    (void)state;
    double x[TOTAL];
    itp_path_desc desc = desc_of(places, 1, 1);
    itp_path *path = path_new(&desc);
    check_status("at", itp_path_at(path, NULL, places[0], x), ITP_OK);
    check_status("before", itp_path_at(path, NULL, .09, x), ITP_E_RANGE);
    check_status("after", itp_path_at(path, NULL, .11, x), ITP_E_RANGE);
    itp_path_free(path);
}

static void outside_the_path(void **state)
{
    (void)state;
    static const double bad[] = {0, .0999999, .9000001, 1, -.1, 1.1, NAN, INFINITY};
    capture seen;
    itp_env log = capture_env(&seen);
    double x[TOTAL], before[TOTAL];
    itp_path_desc desc = desc_of(places, TIMES, 1);
    desc.env = &log;
    itp_path *path = path_new(&desc);
    memset(x, 0x3c, sizeof x);
    memcpy(before, x, sizeof x);
    for (int i = 0; i < COUNT(bad); i++) {
        capture_clear(&seen);
        check_status("at", itp_path_at(path, NULL, bad[i], x), ITP_E_RANGE);
        check_true("says so", capture_has(&seen, "t:"));
    }
    check_status("out", itp_path_at(path, NULL, .5, NULL), ITP_E_ARGUMENT);
    check_status("path", itp_path_at(NULL, NULL, .5, x), ITP_E_ARGUMENT);
    assert_memory_equal(x, before, sizeof x);
    itp_path_free(path);
}

/* The state there is 0 and says nothing; after it everything is as from any start. */
static void a_point_mass_start(void **state)
{
    (void)state;
    static const double times[2] = {0, 1}, ks[] = {0, .5, 1};
    double x[TOTAL], zero[TOTAL];
    itp_schedule *point_mass = NULL, *vp = NULL;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &point_mass), ITP_OK);
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    memset(zero, 0, sizeof zero);
    for (int i = 0; i < COUNT(ks); i++) {
        itp_path_desc desc = desc_of(times, 2, ks[i]);
        desc.schedule = point_mass;
        itp_path *path = path_new(&desc);
        check_status("at 0", itp_path_at(path, point_mass, 0, x), ITP_OK);
        assert_memory_equal(x, zero, sizeof x);
        check_status("at 0", itp_path_at(path, NULL, 0, x), ITP_E_SINGULAR);
        check_status("at 0", itp_path_at(path, vp, 0, x), ITP_E_SINGULAR);
        check_status("later", itp_path_at(path, vp, 1e-3, x), ITP_OK);
        for (int j = 0; j < TOTAL; j++) check_true("finite", isfinite(x[j]));
        itp_path_free(path);
    }
    /* and a path from elsewhere, seen at one */
    itp_path_desc desc = desc_of(times, 2, 1);
    itp_path *path = path_new(&desc);
    check_status("at 0", itp_path_at(path, point_mass, 0, x), ITP_OK);
    assert_memory_equal(x, zero, sizeof x);
    itp_path_free(path);
    itp_schedule_free(point_mass);
    itp_schedule_free(vp);
}

/* ---- memory ---- */

static void one_allocation_and_none_later(void **state)
{
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    static const uint64_t seeds[BATCH] = {1, 2, 3};
    uint64_t mine[BATCH];
    double times[TIMES], x[TOTAL], again[TOTAL];
    itp_path_desc desc = desc_of(times, TIMES, 1);
    itp_path *path = (itp_path *)&l;
    memcpy(times, places, sizeof times);
    memcpy(mine, seeds, sizeof mine);
    desc.env = &allocator;
    desc.seeds = mine;
    desc.seed = 0;
    l.fail_at = 1;
    check_status("no memory", itp_path_new(&desc, &path), ITP_E_MEMORY);
    assert_null(path);
    path = path_new(&desc);
    assert_int_equal(l.calls, 2);
    check_status("at", itp_path_at(path, NULL, .5, x), ITP_OK);
    memset(times, 0, sizeof times); /* copied, all of them */
    memset(mine, 0, sizeof mine);
    memset(&allocator, 0, sizeof allocator);
    check_status("at", itp_path_at(path, NULL, .5, again), ITP_OK);
    assert_memory_equal(x, again, sizeof x);
    assert_int_equal(l.calls, 2);
    itp_path_free(path);
    itp_path_free(NULL);
    check_near("live, defects", l.live + l.defects, 0, 0);
}

/* ---- bad descriptions ---- */

static void check_refused(const itp_path_desc *want, int status, const char *word)
{
    capture seen;
    ledger l;
    itp_env log = capture_env(&seen);
    itp_env allocator = ledger_env(&l);
    itp_path_desc desc = *want;
    itp_path *path = (itp_path *)&seen;
    log.memory = desc.env ? desc.env->memory : allocator.memory;
    desc.env = &log;
    check_status(word, itp_path_new(&desc, &path), status);
    check_true(word, !path && capture_has(&seen, word));
    check_near(word, l.live + l.defects, 0, 0);
}

#define REFUSED(status, word, change) \
    do { \
        itp_path_desc desc = desc_of(places, TIMES, 1); \
        change; \
        check_refused(&desc, status, word); \
    } while (0)

static void bad_fields(void **state)
{
    (void)state;
    static const itp_allocator broken = {0, NULL, NULL, NULL};
    static const itp_env env = {ITP_SIZED(itp_env), .memory = &broken};
    REFUSED(ITP_E_ARGUMENT, "times", desc.times = NULL);
    REFUSED(ITP_E_ARGUMENT, "states", desc.states = NULL);
    REFUSED(ITP_E_SIZE, "memory", desc.env = &env);
    REFUSED(ITP_E_RANGE, "dim", desc.dim = 0);
    REFUSED(ITP_E_RANGE, "count", desc.count = 0);
    REFUSED(ITP_E_RANGE, "time_count", desc.time_count = 0);
    REFUSED(ITP_E_RANGE, "time_count", desc.time_count = -1);
    REFUSED(ITP_E_RANGE, "dim", desc.dim = ((size_t)1 << 34) + 1);
    REFUSED(ITP_E_OVERFLOW, "count", desc.count = SIZE_MAX / 16);
    REFUSED(ITP_E_OVERFLOW, "count", desc.count = SIZE_MAX / 32 / DIM);
    REFUSED(ITP_E_UNSUPPORTED, "type", desc.type = 3);
    REFUSED(ITP_E_UNSUPPORTED, "noise", desc.noise = 2);
    REFUSED(ITP_E_RANGE, "k:", desc.k = -1);
    REFUSED(ITP_E_RANGE, "k:", desc.k = NAN);
    REFUSED(ITP_E_RANGE, "k:", desc.k = INFINITY);
    REFUSED(ITP_E_NEWER, "reserved", desc.reserved = 1);
}

static void bad_times(void **state)
{
    (void)state;
    static const double bad[][3] = {{.1, .1, .2},  {.1, .3, .2},  {-.1, .2, .3}, {.1, .2, 1.01},
                                    {.1, NAN, .3}, {NAN, .1, .2}, {0, 0, 1},     {.5, .5 + 1e-17, .6}};
    for (int i = 0; i < COUNT(bad); i++) {
        itp_path_desc desc = desc_of(bad[i], 3, 1);
        check_refused(&desc, ITP_E_GRID, "times");
    }
}

static double spoilt(void *user, double u)
{
    const double *from = user;
    return u > *from ? -1 : 1;
}

static void a_bad_k_later(void **state)
{
    (void)state;
    double from = .7, x[TOTAL];
    itp_path_desc desc = desc_of(places, TIMES, 0);
    desc.k_fn = spoilt;
    desc.k_user = &from;
    check_refused(&desc, ITP_E_RANGE, "k:");
    from = 1;
    itp_path *path = path_new(&desc);
    from = .5;
    check_status("at", itp_path_at(path, NULL, .45, x), ITP_OK);
    check_status("at", itp_path_at(path, NULL, .55, x), ITP_E_RANGE);
    check_status("recorded", itp_path_at(path, NULL, .6, x), ITP_OK);
    itp_path_free(path);
}

static void sizes_and_null(void **state)
{
    (void)state;
    itp_path_desc desc = desc_of(places, TIMES, 1);
    itp_path *path = (itp_path *)&desc;
    check_status("out", itp_path_new(&desc, NULL), ITP_E_ARGUMENT);
    check_status("desc", itp_path_new(NULL, &path), ITP_E_ARGUMENT);
    assert_null(path);
    desc.size = 0;
    check_status("size", itp_path_new(&desc, &path), ITP_E_SIZE);
    desc = desc_of(places, TIMES, 1);
    desc.size = offsetof(itp_path_desc, seeds);
    check_status("older", itp_path_new(&desc, &path), ITP_E_OLDER);
    assert_null(path);
}

/* Next to the start of the path squares of positions underflow (t below 1e-160). A process that starts at u = 0 forgets
 * its start at once there: with N(0, 1) data at the other end its states are N(0, 1) under a schedule that keeps the
 * variance, at 1e-300 as at 1e-3: over 4000 elements the deviation is 1 within 5 standard errors, 5/sqrt(8000). */
static void positions_that_hardly_differ_from_the_start(void **state)
{
    enum { LONG = 4000 };
    static double states[2][LONG], out[LONG];
    static const double times[] = {0, 1}, ks[] = {0, .5, 1, 3};
    (void)state;
    for (int s = 0; s < 2; s++) itp_normals(9, 1, (uint32_t)s, 0, ITP_FLOAT64, states[s], LONG);
    for (int i = 0; i < COUNT(ks) * 2; i++) {
        itp_schedule *schedule = NULL;
        itp_path_desc desc = ITP_PATH_DESC_INIT;
        itp_path *path = NULL;
        check_status("schedule", itp_schedule_make(i % 2 ? ITP_SCHEDULE_VP : ITP_SCHEDULE_SPHERE, &schedule), ITP_OK);
        desc.schedule = schedule;
        desc.times = times;
        desc.states = states;
        desc.time_count = 2;
        desc.dim = LONG;
        desc.count = 1;
        desc.type = ITP_FLOAT64;
        desc.k = ks[i / 2];
        check_status("path", itp_path_new(&desc, &path), ITP_OK);
        for (int exponent = -320; exponent < 0; exponent += 9) {
            double sum = 0;
            check_status("at", itp_path_at(path, schedule, pow(10, exponent), out), ITP_OK);
            for (int j = 0; j < LONG; j++) sum += out[j] * out[j] / LONG;
            check_true("finite", isfinite(sum));
            if (exponent < -2) check_near("deviation", sqrt(sum), 1, 5 / sqrt(2. * LONG));
        }
        itp_path_free(path);
        itp_schedule_free(schedule);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_states_under_all_schedules),
        cmocka_unit_test(recorded_states_as_they_are),
        cmocka_unit_test(flows_are_straight),
        cmocka_unit_test(the_first_step_is_a_brownian_bridge),
        cmocka_unit_test(bridges_have_their_law),
        cmocka_unit_test(the_path_is_continuous),
        cmocka_unit_test(states_of_one_step_belong_together),
        cmocka_unit_test(k_as_a_function),
        cmocka_unit_test(any_split_and_type_agree),
        cmocka_unit_test(one_time),
        cmocka_unit_test(outside_the_path),
        cmocka_unit_test(a_point_mass_start),
        cmocka_unit_test(one_allocation_and_none_later),
        cmocka_unit_test(bad_fields),
        cmocka_unit_test(bad_times),
        cmocka_unit_test(a_bad_k_later),
        cmocka_unit_test(sizes_and_null),
        cmocka_unit_test(positions_that_hardly_differ_from_the_start),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
