#include "sampling.h"

#include <stdlib.h>

static int make_schedule(const recipe *r, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = r->schedule;
    desc.log = r->log;
    desc.s = r->s;
    if (r->schedule == ITP_SCHEDULE_LAZY || r->schedule == ITP_SCHEDULE_POINT_MASS) {
        desc.k = r->k; /* lazy for the diffusion that is used */
    }
    return itp_schedule_new(&desc, out);
}

int sampling_plan(const recipe *r, itp_plan **plan)
{
    itp_schedule *schedule = NULL;
    *plan = NULL;
    int status = make_schedule(r, &schedule);
    if (status) {
        return status;
    }
    itp_plan_desc want = ITP_PLAN_DESC_INIT; /* whose model is ours: velocity under the linear schedule, given t */
    want.log = r->log;
    want.schedule = schedule;
    want.solver = r->solver;
    want.grid = r->grid;
    want.shift = r->shift;
    want.evaluations = r->evaluations;
    want.k = r->k;
    status = itp_plan_new(&want, plan);
    itp_schedule_free(schedule);
    return status;
}

int32_t sampling_label(const recipe *r, size_t sample)
{
    return r->label == ALL_CLASSES ? (int32_t)(sample % REAL_CLASSES) : r->label;
}

typedef struct denoiser {
    network *net;
    progress *bar;
    float guidance;
    int32_t *labels, *nothing; /* of the whole batch; the null class, `capacity` times */
    float *spare;              /* [capacity][784] */
} denoiser;

/* nothing + W (asked - nothing); at W = 0 and W = 1 one of the two is all there is. */
static void evaluate_some(denoiser *d, const float *x, double time, const int32_t *labels, float *out, size_t count)
{
    float w = d->guidance;
    const int32_t *main = d->guidance == 0.0f ? d->nothing : labels;
    network_evaluate(d->net, x, time, main, out, count);
    if (w == 0.0f || w == 1.0f) {
        return;
    }
    network_evaluate(d->net, x, time, d->nothing, d->spare, count);
    for (size_t i = 0; i < count * IMAGE_PIXELS; i++) {
        out[i] = d->spare[i] + w * (out[i] - d->spare[i]);
    }
}

/* The callback: as many images at a time as fit the network's workspace, which is made to fit the cache. */
static int ITP_CALL velocity(void *user, const itp_request *request)
{
    denoiser *d = user;
    const float *x = request->x;
    float *out = request->out;
    size_t capacity = network_capacity(d->net);
    for (size_t first = 0; first < request->count; first += capacity) {
        size_t some = request->count - first < capacity ? request->count - first : capacity;
        evaluate_some(d, x + first * IMAGE_PIXELS, request->time, d->labels + first, out + first * IMAGE_PIXELS, some);
        progress_add(d->bar, (double)some);
    }
    return 0;
}

static int allocate(denoiser *d, const recipe *r, size_t count)
{
    size_t capacity = network_capacity(d->net);
    d->labels = malloc(count * sizeof *d->labels);
    d->nothing = malloc(capacity * sizeof *d->nothing);
    d->spare = malloc(capacity * IMAGE_PIXELS * sizeof *d->spare);
    if (!d->labels || !d->nothing || !d->spare) {
        return ITP_E_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        d->labels[i] = sampling_label(r, i);
    }
    for (size_t i = 0; i < capacity; i++) {
        d->nothing[i] = network_null_class(d->net);
    }
    return ITP_OK;
}

int sampling_run(const recipe *r, const itp_plan *plan, network *net, progress *bar, float *x, size_t count)
{
    denoiser d = {.net = net, .bar = bar, .guidance = (float)r->guidance};
    itp_batch batch = ITP_BATCH_INIT;
    batch.log = r->log;
    batch.dim = IMAGE_PIXELS;
    batch.count = count;
    batch.seed = r->seed;
    int status = allocate(&d, r, count);
    if (!status) {
        status = itp_sample(plan, &batch, x, velocity, &d);
    }
    free(d.labels);
    free(d.nothing);
    free(d.spare);
    return status;
}
