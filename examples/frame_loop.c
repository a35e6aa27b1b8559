/* A game engine's way: the sampler gets two milliseconds of every frame, and allocates before the first one or not at
 * all. Here it throws sparks: points of a plane that should lie like three blurred spots. Their network is exact, the
 * velocity of a Gaussian mixture under the linear schedule, so that the outcome can be checked. */
#define _POSIX_C_SOURCE 200112L
#include <interp/interp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SPARKS = 12000, EVALUATIONS = 24, SPOTS = 3 };
static const double frame_budget = 2e-3; /* seconds of each frame that are the sampler's */

static const struct spot {
    double x, y, std, weight;
} spots[SPOTS] = {{-2.0, 0.0, 0.2, 0.5}, {1.5, 1.5, 0.3, 0.3}, {1.0, -2.0, 0.1, 0.2}};

/* The engine's memory: open while a level loads, closed while it runs. */
typedef struct pool {
    int open;
    int taken, returned, refused;
} pool;

static void *pool_alloc(void *user, size_t size, size_t alignment)
{
    pool *p = user;
    if (!p->open) {
        p->refused++;
        return NULL;
    }
    p->taken++;
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void pool_free(void *user, void *memory, size_t size)
{
    pool *p = user;
    (void)size;
    p->returned++;
    free(memory);
}

/* The engine's log: keeps what was said last. */
typedef struct journal {
    int entries;
    char last[160];
} journal;

static void journal_write(void *user, int32_t level, const char *message)
{
    journal *j = user;
    j->entries++;
    snprintf(j->last, sizeof j->last, "level %d: %s", (int)level, message);
}

/* Seen from x at time t, how likely is each spot? Returns the likelihood; v gets the velocity toward it. */
static double spot_velocity(const struct spot *s, double t, const float *x, double v[2])
{
    double alpha = 1 - t, variance = alpha * alpha + t * t * s->std * s->std;
    double dx = x[0] - t * s->x, dy = x[1] - t * s->y;
    double slope = (t * s->std * s->std - alpha) / variance;
    v[0] = s->x + slope * dx;
    v[1] = s->y + slope * dy;
    return s->weight / variance * exp(-(dx * dx + dy * dy) / (2 * variance));
}

static void point_velocity(double t, const float *x, float *out)
{
    double total = 0, sum[2] = {0, 0};
    for (int i = 0; i < SPOTS; i++) {
        double v[2], likelihood = spot_velocity(&spots[i], t, x, v) + 1e-300; /* far from all: the plain mean */
        total += likelihood;
        sum[0] += likelihood * v[0];
        sum[1] += likelihood * v[1];
    }
    out[0] = (float)(sum[0] / total);
    out[1] = (float)(sum[1] / total);
}

static void evaluate(const itp_request *request)
{
    const float *x = request->x;
    float *out = request->out;
    for (size_t i = 0; i < request->count; i++) point_velocity(request->time, x + 2 * i, out + 2 * i);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One frame: rows until the budget is spent or the run is over. The status of the last itp_sampler_next. */
static int frame(itp_sampler *sampler, int *rows)
{
    itp_request request = ITP_REQUEST_INIT;
    double start = seconds();
    int rc;
    while ((rc = itp_sampler_next(sampler, &request)) == ITP_EVALUATE) {
        evaluate(&request);
        rc = itp_sampler_submit(sampler);
        if (rc < 0) return rc;
        ++*rows;
        if (seconds() - start >= frame_budget) return ITP_EVALUATE;
    }
    return rc;
}

static int run(itp_sampler *sampler, uint64_t seed, float *x, int *frames, int *rows)
{
    itp_start start = ITP_START_INIT;
    int rc;
    start.x = x;
    start.seed = seed;
    rc = itp_sampler_begin(sampler, &start);
    *frames = *rows = 0;
    if (rc) return rc;
    do {
        rc = frame(sampler, rows);
        ++*frames;
    } while (rc == ITP_EVALUATE);
    return rc;
}

/* The spot that a spark fell into, within four standard deviations; SPOTS if it missed. */
static int spot_of(const float *x)
{
    for (int i = 0; i < SPOTS; i++)
        if (hypot(x[0] - spots[i].x, x[1] - spots[i].y) < 4 * spots[i].std) return i;
    return SPOTS;
}

static int distribution_is_right(const float *x)
{
    int hits[SPOTS + 1] = {0}, right;
    for (size_t i = 0; i < SPARKS; i++) hits[spot_of(x + 2 * i)]++;
    right = hits[SPOTS] < SPARKS / 50;
    for (int i = 0; i < SPOTS; i++) right = right && fabs((double)hits[i] / SPARKS - spots[i].weight) < 0.03;
    return right;
}

/* Everything that a level holds. */
typedef struct level {
    pool pool;
    journal journal;
    itp_allocator memory;
    itp_log log;
    itp_env env; /* both */
    itp_plan *plan;
    itp_sampler *sampler;
} level;

static int make_plan(level *l)
{
    itp_schedule_desc schedule = ITP_SCHEDULE_DESC_INIT;
    const itp_solver ab2 = {ITP_SIZED(itp_solver), .family = ITP_ADAMS_BASHFORTH, .order = 2};
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    itp_schedule *lazy;
    int rc;
    schedule.kind = ITP_SCHEDULE_LAZY;
    schedule.env = &l->env;
    rc = itp_schedule_new(&schedule, &lazy);
    if (rc) return rc;
    want.env = &l->env;
    want.schedule = lazy;
    want.solver = &ab2;
    want.evaluations = EVALUATIONS;
    rc = itp_plan_new(&want, &l->plan);
    itp_schedule_free(lazy);
    return rc;
}

static int make_sampler(level *l)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.env = &l->env;
    batch.dim = 2;
    batch.count = SPARKS;
    return itp_sampler_new(l->plan, &batch, &l->sampler);
}

static int load(level *l)
{
    itp_allocator memory = {ITP_SIZED(itp_allocator), pool_alloc, pool_free, &l->pool};
    itp_log log = {ITP_SIZED(itp_log), journal_write, &l->journal};
    itp_env env = {ITP_SIZED(itp_env), .memory = &l->memory, .log = &l->log};
    int rc;
    l->memory = memory;
    l->log = log;
    l->env = env;
    l->pool.open = 1;
    rc = make_plan(l);
    if (!rc) rc = make_sampler(l);
    l->pool.open = 0;
    return rc;
}

static void unload(level *l)
{
    itp_sampler_free(l->sampler);
    itp_plan_free(l->plan);
}

static int failures;

static void check(int good, const char *what)
{
    if (good) return;
    fprintf(stderr, "frame_loop: failed: %s\n", what);
    failures++;
}

static void play(level *l)
{
    static float x[2 * SPARKS], again[2 * SPARKS];
    int taken = l->pool.taken, frames, rows, other_frames, other_rows;

    check(itp_sampler_submit(l->sampler) == ITP_E_STATE && l->journal.entries == 1, "a misuse is refused and logged");
    check(run(l->sampler, 2026, x, &frames, &rows) == ITP_OK, "a run");
    check(run(l->sampler, 2026, again, &other_frames, &other_rows) == ITP_OK, "a second run with the same sampler");

    check(rows == EVALUATIONS && other_rows == EVALUATIONS, "as many rows as evaluations");
    check(memcmp(x, again, sizeof x) == 0, "the same sparks, however the rows fell into frames");
    check(distribution_is_right(x), "sparks in the right places");
    check(run(l->sampler, 2027, again, &other_frames, &other_rows) == ITP_OK, "a third run with another seed");
    check(memcmp(x, again, sizeof x) != 0 && distribution_is_right(again), "other sparks in the right places");
    check(l->journal.entries == 1, "nothing else logged");
    check(l->pool.taken == taken && l->pool.refused == 0, "no allocation after creation");

    printf("frame_loop: %d sparks, %d rows in %d frames with %.0f ms each (%.1f rows per frame)\n", SPARKS, rows,
           frames, 1e3 * frame_budget, (double)rows / frames);
    printf("frame_loop: %d allocations at creation, %d after; log: \"%s\"\n", taken,
           l->pool.taken - taken + l->pool.refused, l->journal.last);
}

int main(void)
{
    level l;
    int rc;
    memset(&l, 0, sizeof l);
    rc = load(&l);
    check(rc == ITP_OK, itp_status_string(rc));
    if (!rc) play(&l);
    unload(&l);
    check(l.pool.returned == l.pool.taken, "all memory given back");
    return failures ? 1 : 0;
}
