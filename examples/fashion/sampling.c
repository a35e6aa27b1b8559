#include "sampling.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.141592653589793

static int make_schedule(const recipe *r, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = r->schedule;
    desc.env = r->env;
    desc.s = r->s == 1 ? 0 : r->s; /* which is 1; another one only lazy schedules read */
    if (r->schedule == ITP_SCHEDULE_LAZY || r->schedule == ITP_SCHEDULE_POINT_MASS) {
        desc.k = r->k; /* lazy for the diffusion that is used */
    }
    return itp_schedule_new(&desc, out);
}

recipe sampling_default(void)
{
    recipe r = {.schedule = ITP_SCHEDULE_LAZY, .grid = ITP_GRID_TIME, .evaluations = 8, .label = ALL_CLASSES};
    r.s = r.guidance = r.norm = 1;
    r.eta = -1;
    return r;
}

recipe sampling_saved(const recipe *base, const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    recipe r = sampling_default();
    itp_plan_get_info(plan, &info);
    r.schedule = ITP_SCHEDULE_LINEAR;
    r.solver = info.solver; /* as long as the plan lives */
    r.evaluations = info.rows;
    r.guidance = base->guidance;
    r.label = base->label;
    r.seed = base->seed;
    r.env = base->env;
    r.saved = plan;
    return r;
}

/* EDM's churn as published for ImageNet (2206.00364, table 5), its levels for data of deviation 1 instead of 1/2. */
static void add_churn(const recipe *r, itp_solver *solver)
{
    solver->s_churn = r->churn;
    solver->s_min = 2 * 0.05;
    solver->s_max = 2 * 50;
    solver->s_noise = 1.003;
}

/* A description and what it points to. */
typedef struct description {
    itp_plan_desc plan;
    itp_solver solver;
    itp_grid grid;
    itp_diffusion diffusion;
} description;

static int describe(const recipe *r, description *d)
{
    d->solver = (itp_solver)ITP_SOLVER_INIT;
    d->grid = (itp_grid){ITP_SIZED(itp_grid), .kind = r->grid, .shift = r->shift};
    d->diffusion =
        (itp_diffusion){ITP_SIZED(itp_diffusion), .kind = r->diffusion, .k = r->k, .norm = r->norm == 1 ? 0 : r->norm};
    d->plan = (itp_plan_desc){ITP_SIZED(itp_plan_desc),
                              .env = r->env,
                              .solver = &d->solver,
                              .grid = &d->grid,
                              .diffusion = &d->diffusion,
                              .evaluations = r->evaluations,
                              .ends = r->ends};
    if (r->norm == 0) {
        d->diffusion.kind = ITP_DIFFUSION_DEFAULT; /* none */
    }
    int status = r->solver ? itp_solver_parse(r->solver, NULL, &d->solver) : ITP_OK;
    if (r->eta >= 0) {
        d->solver.eta = r->eta;
    }
    if (r->churn > 0) {
        add_churn(r, &d->solver);
    }
    if (r->last_step > 0) {
        d->grid.u_end = 1 - r->last_step;
    }
    if (!status && r->noise && itp_plan_reads(&d->plan, "noise") != ITP_E_UNSUPPORTED) {
        d->plan.noise = r->noise; /* tables run every method, also those that draw none */
    }
    return status;
}

/* As many steps as leave an evaluation for SiT's last one. */
static int plan_within(const recipe *r, itp_plan_desc *want, itp_plan **plan)
{
    int status = itp_plan_new(want, plan);
    if (!status && sampling_cost(r, *plan) > r->evaluations) {
        itp_plan_free(*plan);
        want->evaluations--;
        status = itp_plan_new(want, plan);
    }
    return status;
}

int sampling_plan(const recipe *r, itp_plan **plan)
{
    itp_schedule *schedule = NULL;
    *plan = NULL;
    if (r->saved) {
        return itp_plan_convert(r->saved, NULL, plan); /* the same rows, their times now the linear schedule's */
    }
    int status = make_schedule(r, &schedule);
    if (status) {
        return status;
    }
    description want; /* whose model is ours: velocity under the linear schedule, given t */
    status = describe(r, &want);
    want.plan.schedule = schedule;
    status = status ? status : plan_within(r, &want.plan, plan);
    itp_schedule_free(schedule);
    return status;
}

int32_t sampling_cost(const recipe *r, const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    return itp_plan_get_info(plan, &info) ? 0 : info.rows + (r->last_step > 0);
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
    float *spare, *last;       /* [capacity][784]: the null class's velocity, the last step's */
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
    d->last = malloc(capacity * IMAGE_PIXELS * sizeof *d->last);
    if (!d->labels || !d->nothing || !d->spare || !d->last) {
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

/* eps of the linear schedule, in which k eps* is k (1 - t)/t. */
static double diffusion_at(const recipe *r, double t)
{
    double wave = r->norm * cos(PI * t) + 1;
    switch (r->diffusion) {
    case ITP_DIFFUSION_CONSTANT: return r->norm;
    case ITP_DIFFUSION_SIGMA:
    case ITP_DIFFUSION_LINEAR: return r->norm * (1 - t);
    case ITP_DIFFUSION_DECREASING: return wave * wave / 4;
    case ITP_DIFFUSION_SINE: return r->norm * sin(PI * t) * sin(PI * t);
    default: return r->k * (1 - t) / t;
    }
}

/* SiT's last step, "Mean" (2401.08740): one step of the SDE's drift v + eps s to the end, without noise. It goes
 * further than the data prediction, so a plan cannot be asked for it. The score is s = (t v - x)/(1 - t). */
static void step_to_mean(denoiser *d, const recipe *r, float *x, size_t count)
{
    size_t capacity = network_capacity(d->net);
    double h = r->last_step, t = 1 - h, eps = diffusion_at(r, t);
    for (size_t first = 0; first < count; first += capacity) {
        size_t some = count - first < capacity ? count - first : capacity;
        float *images = x + first * IMAGE_PIXELS;
        evaluate_some(d, images, t, d->labels + first, d->last, some);
        for (size_t i = 0; i < some * IMAGE_PIXELS; i++) {
            double v = (double)d->last[i], score = (t * v - (double)images[i]) / h;
            images[i] = (float)((double)images[i] + h * (v + eps * score));
        }
        progress_add(d->bar, (double)some);
    }
}

int sampling_run(const recipe *r, const itp_plan *plan, network *net, progress *bar, float *x, size_t count)
{
    denoiser d = {.net = net, .bar = bar, .guidance = (float)r->guidance};
    itp_batch batch = ITP_BATCH_INIT;
    batch.env = r->env;
    batch.dim = IMAGE_PIXELS;
    batch.count = count;
    batch.seed = r->seed;
    int status = allocate(&d, r, count);
    if (!status) {
        status = itp_sample(plan, &batch, x, velocity, &d);
    }
    if (!status && r->last_step > 0) {
        step_to_mean(&d, r, x, count);
    }
    free(d.labels);
    free(d.nothing);
    free(d.spare);
    free(d.last);
    return status;
}
