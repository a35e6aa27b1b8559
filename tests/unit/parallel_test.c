/* Threads: a batch's parallel_for on 1, 2 and 7 of them, in any order, gives the bits of a run without; and samplers on
 * threads of their own share a plan. ./tests/run tsan runs this under ThreadSanitizer. */
#include <interp/interp.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/check.h"
#include "../common/plan.h"

/* Four tasks, the last one not whole. */
enum { DIM = 1000, BATCH = 113, TOTAL = DIM * BATCH, TASKS = 4, MOST_TASKS = 8, MOST_THREADS = 7, ROWS = 5 };

static double answer_at(double time, double x)
{
    return (2 * time - 1) * x / (1 + x * x);
}

static int answer(void *user, const itp_request *request)
{
    (void)user;
    for (size_t i = 0; i < request->count * request->dim; i++) {
        if (request->type == ITP_FLOAT64) {
            ((double *)request->out)[i] = answer_at(request->time, ((const double *)request->x)[i]);
        } else {
            ((float *)request->out)[i] = (float)answer_at(request->time, (double)((const float *)request->x)[i]);
        }
    }
    return 0;
}

/* ---- a parallel_for that starts its threads anew each time, and hands out the tasks in a shuffled order ---- */

typedef void(ITP_CALL *task_fn)(void *context, size_t index);

typedef struct crowd {
    int threads; /* 0: the calling thread runs all */
    int fail_at; /* the call with this number (from 1) runs nothing and returns 5 */
    int calls;
    size_t tasks; /* of the latest call */
    uint32_t state;
} crowd;

typedef struct queue {
    pthread_mutex_t lock;
    task_fn task;
    void *context;
    size_t order[MOST_TASKS], next, count;
} queue;

static size_t take(queue *q)
{
    pthread_mutex_lock(&q->lock);
    size_t index = q->next < q->count ? q->order[q->next++] : SIZE_MAX;
    pthread_mutex_unlock(&q->lock);
    return index;
}

static void *work(void *argument)
{
    queue *q = argument;
    for (size_t index = take(q); index != SIZE_MAX; index = take(q)) q->task(q->context, index);
    return NULL;
}

static void shuffle(crowd *c, queue *q)
{
    for (size_t i = 0; i < q->count; i++) {
        c->state = c->state * 1664525U + 1013904223U;
        size_t j = (c->state >> 8) % (i + 1);
        q->order[i] = q->order[j];
        q->order[j] = i;
    }
}

static int ITP_CALL parallel_for(void *user, size_t tasks, task_fn task, void *context)
{
    crowd *c = user;
    queue q = {.lock = PTHREAD_MUTEX_INITIALIZER, .task = task, .context = context, .count = tasks};
    pthread_t threads[MOST_THREADS];
    c->tasks = tasks;
    if (++c->calls == c->fail_at) return 5;
    assert_true(tasks <= MOST_TASKS);
    shuffle(c, &q);
    for (int i = 0; i < c->threads; i++) assert_int_equal(pthread_create(&threads[i], NULL, work, &q), 0);
    if (!c->threads) work(&q);
    for (int i = 0; i < c->threads; i++) pthread_join(threads[i], NULL);
    return 0;
}

/* ---- runs ---- */

typedef struct setting {
    const char *name;
    int32_t type;
    const char *solver;
    int32_t kernel, x;
    double k;
} setting;

static const setting settings[] = {
    {"float32 dpmpp-2m", ITP_FLOAT32, "dpmpp-2m", ITP_KERNEL_AUTO, ITP_X_NOISE, 0},
    {"float64 ab2", ITP_FLOAT64, "ab2", ITP_KERNEL_AUTO, ITP_X_GIVEN, 0},
    {"float32 euler-maruyama", ITP_FLOAT32, "euler-maruyama", ITP_KERNEL_AUTO, ITP_X_NOISE, 1},
    {"float64 ancestral", ITP_FLOAT64, "euler-ancestral", ITP_KERNEL_AUTO, ITP_X_DATA, 0},
#if defined(ITP_HAVE_OPENBLAS)
    {"float32 OpenBLAS", ITP_FLOAT32, "ab2", ITP_KERNEL_OPENBLAS, ITP_X_NOISE, 0},
#endif
};

static itp_plan *plan_for(const setting *s)
{
    return plan_of("solver=%s k=%g evaluations=%d grid=time(u_start=%g)", s->solver, s->k, ROWS,
                   s->x == ITP_X_DATA ? .3 : 0);
}

static itp_batch batch_for(const setting *s)
{
    itp_batch batch = batch_of(DIM, BATCH, s->type);
    batch.seed = 7;
    batch.first = 3;
    batch.kernel = s->kernel;
    batch.x = s->x;
    return batch;
}

static size_t bytes_of(const setting *s, size_t elements)
{
    return elements * (s->type == ITP_FLOAT64 ? sizeof(double) : sizeof(float));
}

static unsigned char *room_of(const setting *s)
{
    unsigned char *x = malloc(bytes_of(s, TOTAL));
    assert_non_null(x);
    return x;
}

static void fill(const setting *s, void *x)
{
    check_status(s->name, itp_normals(99, 0, 0, 0, s->type, x, TOTAL), ITP_OK);
}

static void sample(const setting *s, const itp_plan *plan, const itp_batch *batch, void *x)
{
    fill(s, x);
    check_status(s->name, itp_sample(plan, batch, x, answer, NULL), ITP_OK);
}

static itp_env env_of(crowd *c)
{
    return (itp_env){ITP_SIZED(itp_env), .parallel_for = parallel_for, .parallel_user = c};
}

static void any_number_of_threads_gives_the_same_bits(void **state)
{
    static const int threads[] = {0, 1, 2, 7};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        const setting *s = &settings[i];
        itp_plan *plan = plan_for(s);
        itp_batch batch = batch_for(s);
        unsigned char *alone = room_of(s), *x = room_of(s);
        sample(s, plan, &batch, alone);
        for (int j = 0; j < COUNT(threads); j++) {
            crowd c = {.threads = threads[j], .state = (uint32_t)(10 * i + j)};
            itp_env env = env_of(&c);
            batch.env = &env;
            sample(s, plan, &batch, x);
            assert_memory_equal(x, alone, bytes_of(s, TOTAL));
            assert_int_equal(c.calls, ROWS + (s->x != ITP_X_GIVEN));
            assert_int_equal(c.tasks, TASKS);
        }
        free(x);
        free(alone);
        itp_plan_free(plan);
    }
}

/* It depends on the size alone, and a batch of one task does not need the hook. */
static void number_of_tasks(void **state)
{
    static const struct {
        size_t dim, count, tasks;
    } rows[] = {{1 << 15, 1, 0}, {1, 1 << 15, 0}, {(1 << 15) + 1, 1, 2}, {1 << 15, 2, 2}, {7, 14044, 4}};
    (void)state;
    const setting *s = &settings[0];
    itp_plan *plan = plan_for(s);
    unsigned char *x = room_of(s);
    for (int i = 0; i < COUNT(rows); i++) {
        crowd c = {.threads = 0};
        itp_batch batch = batch_for(s);
        batch.dim = rows[i].dim;
        batch.count = rows[i].count;
        itp_env env = env_of(&c);
        batch.env = &env;
        check_status("sample", itp_sample(plan, &batch, x, answer, NULL), ITP_OK);
        assert_int_equal(c.tasks, rows[i].tasks);
    }
    free(x);
    itp_plan_free(plan);
}

static int to_the_end(itp_sampler *sampler)
{
    itp_request request = ITP_REQUEST_INIT;
    int status;
    while ((status = itp_sampler_next(sampler, &request)) == ITP_EVALUATE) {
        answer(NULL, &request);
        status = itp_sampler_submit(sampler);
        if (status) return status;
    }
    return status;
}

/* The start draw, or a row, that was not done ends the run; the sampler can begin again. */
static void failure_ends_the_run(void **state)
{
    (void)state;
    const setting *s = &settings[0];
    itp_plan *plan = plan_for(s);
    itp_batch batch = batch_for(s);
    unsigned char *alone = room_of(s), *x = room_of(s);
    sample(s, plan, &batch, alone);
    for (int at = 1; at <= 1 + ROWS; at += 2) {
        crowd c = {.threads = 2, .fail_at = at};
        itp_request request = ITP_REQUEST_INIT;
        itp_sampler *sampler = NULL;
        itp_env env = env_of(&c);
        batch.env = &env;
        check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
        int status = begin_as(sampler, &batch, x);
        check_status("failed", status ? status : to_the_end(sampler), 5);
        assert_int_equal(c.calls, at);
        check_status("next", itp_sampler_next(sampler, &request), ITP_E_STATE);
        check_status("submit", itp_sampler_submit(sampler), ITP_E_STATE);
        check_status("again", begin_as(sampler, &batch, x), ITP_OK);
        check_status("to the end", to_the_end(sampler), ITP_OK);
        assert_memory_equal(x, alone, bytes_of(s, TOTAL));
        itp_sampler_free(sampler);
    }
    free(x);
    free(alone);
    itp_plan_free(plan);
}

/* ---- many samplers, one plan ---- */

typedef struct share {
    const setting *setting;
    const itp_plan *plan;
    size_t from, to; /* samples */
    unsigned char *x;
    int status;
} share;

static void *run_share(void *argument)
{
    share *own = argument;
    itp_batch batch = batch_for(own->setting);
    batch.first += own->from;
    batch.count = own->to - own->from;
    own->status = itp_sample(own->plan, &batch, own->x + bytes_of(own->setting, own->from * DIM), answer, NULL);
    return NULL;
}

static void samplers_share_a_plan(void **state)
{
    enum { SHARES = 6 };
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        const setting *s = &settings[i];
        itp_plan *plan = plan_for(s);
        itp_batch batch = batch_for(s);
        unsigned char *alone = room_of(s), *x = room_of(s);
        share shares[SHARES];
        pthread_t threads[SHARES];
        sample(s, plan, &batch, alone);
        fill(s, x);
        for (size_t j = 0; j < SHARES; j++) {
            shares[j] = (share){s, plan, BATCH * j / SHARES, BATCH * (j + 1) / SHARES, x, 1};
            assert_int_equal(pthread_create(&threads[j], NULL, run_share, &shares[j]), 0);
        }
        for (size_t j = 0; j < SHARES; j++) {
            pthread_join(threads[j], NULL);
            check_status(s->name, shares[j].status, ITP_OK);
        }
        assert_memory_equal(x, alone, bytes_of(s, TOTAL));
        free(x);
        free(alone);
        itp_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same_bits),
        cmocka_unit_test(number_of_tasks),
        cmocka_unit_test(failure_ends_the_run),
        cmocka_unit_test(samplers_share_a_plan),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
