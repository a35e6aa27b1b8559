/* One run on several threads: a pool of POSIX threads and, where the compiler has it, OpenMP, both behind a batch's
 * parallel_for, and used by the network as well. The samples are the same, to the last bit, however many threads there
 * are; how much faster they come depends on the machine. Medians of runs that take turns.
 *
 * OpenMP's threads may wait for the next loop by spinning, which holds their cores: OMP_WAIT_POLICY=passive lets others
 * have them.
 *
 * usage: parallel [THREADS]     2 unless told, at most 64 */
#include <interp/interp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    DIM = 3 * 64 * 64,
    COUNT = 64,
    TOTAL = DIM * COUNT,
    EVALUATIONS = 8,
    MOST_THREADS = 64,
    MOST_WORKERS = 3,
    ROUNDS = 5
};

typedef void(ITP_CALL *task_fn)(void *context, size_t index);

/* ---- a pool: threads that wait for tasks; the caller works along ---- */

typedef struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    task_fn task;
    void *context;
    size_t next, tasks, open; /* to be handed out next, of how many; not yet finished */
    int threads, stop;
    pthread_t thread[MOST_THREADS];
} pool;

/* With the lock held: takes tasks as long as there are any. */
static void take_tasks(pool *p)
{
    while (p->next < p->tasks) {
        task_fn task = p->task;
        void *context = p->context;
        size_t index = p->next++;
        pthread_mutex_unlock(&p->lock);
        task(context, index);
        pthread_mutex_lock(&p->lock);
        if (!--p->open) pthread_cond_signal(&p->done);
    }
}

static void *pool_thread(void *argument)
{
    pool *p = argument;
    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        take_tasks(p);
        if (!p->stop) pthread_cond_wait(&p->work, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Has the type of parallel_for in itp_batch. */
static int ITP_CALL pool_run(void *user, size_t tasks, task_fn task, void *context)
{
    pool *p = user;
    pthread_mutex_lock(&p->lock);
    p->task = task;
    p->context = context;
    p->next = 0;
    p->tasks = p->open = tasks;
    pthread_cond_broadcast(&p->work);
    take_tasks(p);
    while (p->open) pthread_cond_wait(&p->done, &p->lock);
    pthread_mutex_unlock(&p->lock);
    return 0;
}

static void pool_close(pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stop = 1;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->threads - 1; i++) pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->done);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
}

static int pool_open(pool *p, int threads)
{
    memset(p, 0, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    for (p->threads = 1; p->threads < threads; p->threads++) {
        if (pthread_create(&p->thread[p->threads - 1], NULL, pool_thread, p)) {
            pool_close(p);
            return ITP_E_MEMORY;
        }
    }
    return ITP_OK;
}

/* ---- OpenMP ---- */

#if defined(_OPENMP)
static int ITP_CALL openmp_run(void *user, size_t tasks, task_fn task, void *context)
{
    const int *threads = user;
#pragma omp parallel for num_threads(*threads) schedule(dynamic)
    for (size_t i = 0; i < tasks; i++) task(context, i);
    return 0;
}
#endif

/* ---- the network: the exact one of data that are N(0, I), a sample to a task ---- */

typedef struct workers {
    const char *name;
    itp_parallel_fn run; /* NULL: the calling thread alone */
    void *user;
} workers;

static void ITP_CALL evaluate(void *context, size_t index)
{
    const itp_request *request = context;
    double t = request->time;
    const float *x = (const float *)request->x + index * DIM,
                factor = (float)((2 * t - 1) / ((1 - t) * (1 - t) + t * t));
    float *out = (float *)request->out + index * DIM;
    for (size_t i = 0; i < DIM; i++) out[i] = factor * x[i];
}

static int network(void *user, const itp_request *request)
{
    const workers *by = user;
    itp_request own = *request;
    if (by->run) return by->run(by->user, request->count, evaluate, &own);
    for (size_t i = 0; i < request->count; i++) evaluate(&own, i);
    return 0;
}

static double now(void)
{
    struct timespec at;
    timespec_get(&at, TIME_UTC);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static int sample(const itp_plan *plan, workers *by, float *x, double *seconds)
{
    itp_env env = {ITP_SIZED(itp_env), .parallel_for = by->run, .parallel_user = by->user};
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = DIM;
    batch.count = COUNT;
    batch.env = &env;
    double start = now();
    int rc = itp_sample(plan, &batch, x, network, by);
    *seconds = now() - start;
    return rc;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *seconds)
{
    qsort(seconds, ROUNDS, sizeof *seconds, ascending);
    return seconds[ROUNDS / 2];
}

/* All take turns, so that a busy machine hurts them alike. ITP_E_INTERNAL where the samples are not those of the first
 * workers. */
static int run_all(const itp_plan *plan, workers *by, int count, float *first, float *x, double (*seconds)[ROUNDS])
{
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < count; i++) {
            int rc = sample(plan, &by[i], i ? x : first, &seconds[i][round]);
            if (rc) return rc;
            if (i && memcmp(first, x, TOTAL * sizeof *x) != 0) {
                printf("parallel: %-8s OTHER BITS\n", by[i].name);
                return ITP_E_INTERNAL;
            }
        }
    }
    return ITP_OK;
}

static int compare(const itp_plan *plan, workers *by, int count, int threads)
{
    double seconds[MOST_WORKERS][ROUNDS];
    float *first = malloc(TOTAL * sizeof *first), *x = malloc(TOTAL * sizeof *x);
    int rc = first && x ? run_all(plan, by, count, first, x, seconds) : ITP_E_MEMORY;
    double alone = rc ? 0 : median(seconds[0]);
    for (int i = 0; i < count && !rc; i++) {
        double time = i ? median(seconds[i]) : alone;
        printf("parallel: %-8s %d threads, %6.1f ms, %.2f times as fast as the caller alone, the same bits\n",
               by[i].name, i ? threads : 1, 1e3 * time, alone / time);
    }
    free(x);
    free(first);
    return rc;
}

int main(int argc, char **argv)
{
    static pool threads;
    int count = argc > 1 ? atoi(argv[1]) : 2, rc;
    itp_plan *plan = NULL;
    const itp_diffusion optimal = {ITP_SIZED(itp_diffusion), .k = 1};
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    workers by[] = {
        {"none", NULL, NULL},
        {"pool", pool_run, &threads},
#if defined(_OPENMP)
        {"OpenMP", openmp_run, &count},
#endif
    };
    if (count < 1 || count > MOST_THREADS) {
        fprintf(stderr, "usage: parallel [THREADS], 1 to %d\n", MOST_THREADS);
        return 2;
    }
    want.evaluations = EVALUATIONS;
    want.diffusion = &optimal; /* with noise, so that every task draws some; of the cheaper kind */
    want.noise = ITP_NOISE_STEPS;
    rc = itp_plan_new(&want, &plan);
    rc = rc ? rc : pool_open(&threads, count);
    if (!rc) {
        rc = compare(plan, by, (int)(sizeof by / sizeof *by), count);
        pool_close(&threads);
    }
    if (rc) fprintf(stderr, "parallel: %s\n", itp_status_string(rc));
    itp_plan_free(plan);
    return rc != 0;
}
