#include "collection.h"

#include <string.h>

static const char *open_networks(workshop *w, const char *path)
{
    const char *why = safetensors_open(path, &w->file);
    for (int i = 0; i < w->jobs->threads && !why; i++) {
        why = network_new(w->file, IMAGES_MOST, &w->net[i]);
    }
    return why;
}

/* The network's own schedule, and the solver that is best on it at few evaluations (docs/choosing.md). */
static int make_plan(workshop *w)
{
    itp_solver solver = ITP_SOLVER_INIT;
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    want.env = &w->env;
    want.solver = &solver;
    want.evaluations = COLLECTION_ROWS;
    int status = itp_solver_parse("unipc-bh2-2-sigma", NULL, &solver);
    return status ? status : itp_plan_new(&want, &w->plan);
}

const char *workshop_open(workshop *w, const char *path, arena *memory, journal *log, jobs *jobs)
{
    memset(w, 0, sizeof *w);
    w->jobs = jobs;
    w->memory = (itp_allocator){ITP_SIZED(itp_allocator), arena_alloc, arena_free, memory};
    w->log = (itp_log){ITP_SIZED(itp_log), journal_write, log};
    w->env = (itp_env){ITP_SIZED(itp_env), .memory = &w->memory, .log = &w->log};
    w->env.parallel_for = jobs_run; /* for batches of more than 32768 elements; these are smaller */
    w->env.parallel_user = jobs;
    const char *why = open_networks(w, path);
    int status = why ? ITP_OK : make_plan(w);
    return status ? itp_status_string(status) : why;
}

void workshop_close(workshop *w)
{
    itp_plan_free(w->plan);
    for (int i = 0; i < JOBS_MOST_THREADS; i++) {
        network_free(w->net[i]);
    }
    safetensors_free(w->file);
}

/* After each row: the data prediction, veiled by what is left of the noise. */
static int ITP_CALL show(void *user, const itp_request *request, const void *state, const void *data)
{
    collection *c = user;
    const float *x = state, *best = data ? data : state;
    float u = (float)(request->row + 1) / (float)request->rows, share = u * u;
    for (size_t i = 0; i < COLLECTION_PIXELS; i++) {
        c->shown[i] = x[i] + share * (best[i] - x[i]);
    }
    c->row = request->row + 1;
    c->changes++;
    return 0;
}

int collection_open(collection *c, workshop *from, const int32_t *labels)
{
    itp_batch batch = ITP_BATCH_INIT;
    memset(c, 0, sizeof *c);
    memcpy(c->labels, labels, sizeof c->labels);
    c->from = from;
    batch.env = &from->env;
    batch.dim = IMAGE_PIXELS;
    batch.count = COLLECTION_SIZE;
    batch.on_row = show;
    batch.row_data = 1;
    batch.user = c;
    return itp_sampler_new(from->plan, &batch, &c->sampler);
}

void collection_close(collection *c)
{
    itp_sampler_free(c->sampler);
}

int collection_begin(collection *c)
{
    itp_start start = ITP_START_INIT;
    start.x = c->x;
    start.seed = c->delivery++; /* new noise for every delivery from the same sampler */
    int status = itp_sampler_begin(c->sampler, &start);
    c->request = (itp_request)ITP_REQUEST_INIT;
    status = status ? status : itp_sampler_next(c->sampler, &c->request);
    c->evaluated = 0;
    c->busy = status == ITP_EVALUATE;
    return status;
}

/* A task: the images of thread number `index` in this round. */
static void evaluate(void *context, size_t index)
{
    const collection *c = context;
    size_t first = c->evaluated + index * c->images, left = COLLECTION_SIZE - first;
    engine_flush_denormals(); /* a setting of the thread's */
    network_evaluate(c->from->net[index], (const float *)c->request.x + first * IMAGE_PIXELS, c->request.time,
                     c->labels + first, (float *)c->request.out + first * IMAGE_PIXELS,
                     left < c->images ? left : c->images);
}

/* quick to learn that it takes longer, slow to forget */
static void learn(double *cost, double seconds)
{
    *cost += (*cost == 0 ? 1 : seconds > *cost ? 0.25 : 0.05) * (seconds - *cost);
}

static void evaluate_round(collection *c)
{
    size_t left = COLLECTION_SIZE - c->evaluated, tasks = (left + c->images - 1) / c->images;
    size_t threads = (size_t)c->from->jobs->threads, images;
    double start = engine_seconds();
    tasks = tasks < threads ? tasks : threads;
    images = tasks * c->images < left ? tasks * c->images : left;
    (void)jobs_run(c->from->jobs, tasks, evaluate, c);
    if (images == threads * c->images) {
        learn(&c->from->cost[c->images], engine_seconds() - start);
    }
    c->evaluated += images;
    c->from->evaluations += (int)images;
}

/* What a round of so many images per thread takes; not yet measured: as if one more cost as much as each before it. */
static double expected(const workshop *w, size_t images)
{
    return w->cost[images] > 0 || images < 2 ? w->cost[images]
                                             : w->cost[images - 1] * (double)images / (double)(images - 1);
}

/* As many images per thread as are likely to fit. */
static size_t images_within(const workshop *w, double seconds)
{
    size_t images = 0;
    while (images < IMAGES_MOST && (images == 0 || w->cost[images] > 0) && expected(w, images + 1) <= seconds) {
        images++;
    }
    return images;
}

/* Every image is evaluated: the row, and what is asked for next. */
static int finish_row(collection *c)
{
    int status = itp_sampler_submit(c->sampler);
    status = status ? status : itp_sampler_next(c->sampler, &c->request);
    c->evaluated = 0;
    c->busy = status == ITP_EVALUATE;
    if (status == ITP_OK) {
        memcpy(c->shown, c->x, sizeof c->shown);
        c->changes++;
    }
    return status;
}

/* What did not fit is tried again when some frames have passed: the machine may have less to do by then. */
static void forget(workshop *w, size_t images)
{
    for (size_t i = images + 1; i <= IMAGES_MOST; i++) {
        w->cost[i] *= 0.97;
    }
}

int collection_work(collection *c, double start, double seconds)
{
    int status = ITP_EVALUATE;
    c->images = images_within(c->from, seconds);
    c->images = c->images ? c->images : 1;
    forget(c->from, c->images);
    do {
        evaluate_round(c);
        if (c->evaluated == COLLECTION_SIZE) {
            status = finish_row(c);
        }
        c->images = images_within(c->from, start + seconds - engine_seconds());
    } while (status == ITP_EVALUATE && c->images);
    return status;
}
