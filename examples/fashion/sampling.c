#include "sampling.h"
#include "../kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.141592653589793
#define TEXT 2048 /* of a plan */

recipe sampling_default(void)
{
    recipe r = {.schedule = "lazy", .grid = "time", .evaluations = 8, .label = ALL_CLASSES};
    r.s = r.guidance = r.norm = 1;
    r.eta = -1;
    return r;
}

recipe sampling_saved(const recipe *base, const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    recipe r = sampling_default();
    itp_plan_get_info(plan, &info);
    r.schedule = "linear";
    r.solver = info.solver; /* as long as the plan lives */
    r.evaluations = info.rows;
    r.guidance = base->guidance;
    r.label = base->label;
    r.seed = base->seed;
    r.env = base->env;
    r.saved = plan;
    return r;
}

int32_t sampling_schedule(const recipe *r)
{
    char name[TEXT];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(r->schedule, "("), r->schedule);
    return kind_id("schedule", name);
}

itp_diffusion sampling_diffusion(const recipe *r)
{
    itp_diffusion found = ITP_DIFFUSION_INIT;
    if (r->diffusion) {
        itp_diffusion_parse(r->diffusion, NULL, &found);
    }
    found.kind = found.kind ? found.kind : ITP_DIFFUSION_K;
    found.k = found.k > 0 ? found.k : r->k;
    found.norm = found.norm > 0 ? found.norm : r->norm;
    return found;
}

/* ---- the plan's text ---- */

/* Puts an argument into the last name's: `karras` and `karras(shift=3)` become `karras(rho=5)`,
 * `karras(shift=3, rho=5)`. */
static void add_argument(char *text, const char *key, double value)
{
    size_t length = strlen(text), open = length && text[length - 1] == ')';
    snprintf(text + length - open, TEXT - length + open, "%s%s=%.17g)", open ? ", " : "(", key, value);
}

static void add(char *text, const char *key, const char *value)
{
    size_t length = strlen(text);
    snprintf(text + length, TEXT - length, "%s%s=%s", length ? " " : "", key, value);
}

/* Lazy for the diffusion that is used, unless the text says which. */
static void add_schedule(char *text, const recipe *r)
{
    int32_t kind = sampling_schedule(r);
    add(text, "schedule", r->schedule);
    if ((kind == ITP_SCHEDULE_LAZY || kind == ITP_SCHEDULE_POINT_MASS) && r->k > 0 && !strchr(r->schedule, '(')) {
        add_argument(text, "k", r->k);
    }
    if (r->s != 1) {
        add_argument(text, "s", r->s);
    }
}

/* EDM's churn as published for ImageNet (2206.00364, table 5), its levels for data of deviation 1 instead of 1/2. */
static void add_churn(char *text, double churn)
{
    add_argument(text, "s_churn", churn);
    add_argument(text, "s_min", 2 * 0.05);
    add_argument(text, "s_max", 2 * 50);
    add_argument(text, "s_noise", 1.003);
}

static void add_solver(char *text, const recipe *r)
{
    add(text, "solver", r->solver ? r->solver : r->diffusion || r->k > 0 ? "euler-maruyama" : "euler");
    if (r->eta >= 0) {
        add_argument(text, "eta", r->eta);
    }
    if (r->churn > 0) {
        add_churn(text, r->churn);
    }
}

static void add_grid(char *text, const recipe *r)
{
    add(text, "grid", r->grid);
    if (r->shift > 0) {
        add_argument(text, "shift", r->shift);
    }
    if (r->last_step > 0) {
        add_argument(text, "u_end", 1 - r->last_step);
    }
}

/* SiT's of norm 0 is none. */
static void add_diffusion(char *text, const recipe *r)
{
    char number[32];
    snprintf(number, sizeof number, "%.17g", r->k);
    if (r->k > 0) {
        add(text, "k", number);
    }
    if (r->diffusion && r->norm > 0) {
        add(text, "diffusion", r->diffusion);
        if (r->norm != 1) {
            add_argument(text, "norm", r->norm);
        }
    }
}

static void describe(const recipe *r, int32_t evaluations, char *text)
{
    char number[16];
    snprintf(number, sizeof number, "%d", (int)evaluations);
    *text = 0;
    add_schedule(text, r);
    add_solver(text, r);
    add_grid(text, r);
    add_diffusion(text, r);
    add(text, "evaluations", number);
    if (r->ends == ITP_ENDS_EVALUATE) {
        add(text, "ends", "evaluate");
    }
}

/* Tables run every method with fresh noise, also those that draw none. */
static int parse(const recipe *r, char *text, itp_plan **plan)
{
    char with_noise[TEXT];
    snprintf(with_noise, sizeof with_noise, "%s", text);
    add(with_noise, "noise", "steps");
    int status = r->noise == ITP_NOISE_STEPS ? itp_plan_parse(with_noise, NULL, plan) : ITP_E_UNSUPPORTED;
    return status == ITP_E_UNSUPPORTED ? itp_plan_parse_with(text, r->env, plan) : status;
}

/* As many steps as leave an evaluation for SiT's last one. The model is ours: velocity under the linear schedule, given
 * t. */
int sampling_plan(const recipe *r, itp_plan **plan)
{
    char text[TEXT];
    *plan = NULL;
    if (r->saved) {
        return itp_plan_convert(r->saved, NULL, plan); /* the same rows, their times now the linear schedule's */
    }
    describe(r, r->evaluations, text);
    int status = parse(r, text, plan);
    if (!status && sampling_cost(r, *plan) > r->evaluations) {
        itp_plan_free(*plan);
        describe(r, r->evaluations - 1, text);
        status = parse(r, text, plan);
    }
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
    itp_diffusion d = sampling_diffusion(r);
    double wave = d.norm * cos(PI * t) + 1;
    switch (d.kind) {
    case ITP_DIFFUSION_CONSTANT: return d.norm;
    case ITP_DIFFUSION_SIGMA:
    case ITP_DIFFUSION_LINEAR: return d.norm * (1 - t);
    case ITP_DIFFUSION_DECREASING: return wave * wave / 4;
    case ITP_DIFFUSION_SINE: return d.norm * sin(PI * t) * sin(PI * t);
    default: return d.k * (1 - t) / t;
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
