/* One run of a covariance plan, an evaluation at a time. */
#include "covariance/band_sampler.h"

#include <interp/guidance.h>

#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/sized.h"

enum { ALIGNMENT = 64 };

static size_t rounded(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the parts of the block lie. */
typedef struct layout {
    size_t columns, coef, constant, narrow_mean, seeds, basis, wide, narrow, correction, out2, bytes;
    itp_history of_wide, of_narrow;
} layout;

/* How many arrays each history has. */
static void size_histories(const itp_covariance_plan *plan, const itp_batch *batch, layout *out)
{
    const itp_covariance_info *info = &plan->covariance->info;
    size_t element = itp_element_size(batch->type);
    int full = info->kind == ITP_COVARIANCE_BASIS && info->rank == info->dim;
    out->of_wide = (itp_history){.width = info->dim,
                                 .stride = rounded(batch->count * info->dim * element),
                                 .states = full ? 1 : plan->states,
                                 .outputs = full ? 1 : plan->outputs};
    if (info->kind == ITP_COVARIANCE_BASIS) {
        out->of_narrow = (itp_history){.width = info->rank,
                                       .stride = rounded(batch->count * info->rank * element),
                                       .states = plan->states,
                                       .outputs = plan->outputs};
    }
}

static int fits(const itp_covariance_plan *plan, const itp_batch *batch)
{
    size_t arrays = 2 * (size_t)plan->states + (size_t)plan->outputs + 4, most = SIZE_MAX / 8 / sizeof(double) / arrays;
    return batch->count <= INT32_MAX && batch->dim <= INT32_MAX && batch->count <= most / batch->dim;
}

static int measure(const itp_covariance_plan *plan, const itp_batch *batch, layout *out)
{
    const itp_covariance_info *info = &plan->covariance->info;
    size_t columns = (size_t)plan->states + (size_t)plan->outputs, real = sizeof(double);
    int narrow = info->kind == ITP_COVARIANCE_BASIS, copies = narrow && batch->type == ITP_FLOAT32;
    memset(out, 0, sizeof *out);
    if (!fits(plan, batch)) {
        return ITP_E_OVERFLOW;
    }
    size_histories(plan, batch, out);
    out->columns = rounded(sizeof(itp_covariance_sampler));
    out->coef = rounded(out->columns + columns * sizeof(void *));
    out->constant = rounded(out->coef + columns * info->dim * real);
    out->narrow_mean = rounded(out->constant + info->dim * real);
    out->seeds = rounded(out->narrow_mean + (narrow ? info->rank * real : 0));
    out->basis = rounded(out->seeds + (batch->seeds ? batch->count * sizeof(uint64_t) : 0));
    out->wide = rounded(out->basis + (copies ? info->rank * info->dim * sizeof(float) : 0));
    out->narrow = out->wide + (size_t)(out->of_wide.states - 1 + out->of_wide.outputs) * out->of_wide.stride;
    out->correction = out->narrow + (size_t)(out->of_narrow.states + out->of_narrow.outputs) * out->of_narrow.stride;
    out->out2 = out->correction + (plan->bands.rest ? out->of_narrow.stride : 0);
    out->bytes = out->out2 + (itp_batch_guided(batch) ? out->of_wide.stride : 0);
    return ITP_OK;
}

static void fill_basis(itp_covariance_sampler *sampler, unsigned char *room)
{
    const itp_covariance *from = sampler->plan->covariance;
    size_t dim = from->info.dim, rank = from->info.rank;
    if (sampler->batch.type == ITP_FLOAT64) {
        sampler->basis = from->basis;
    } else {
        float *basis = (float *)(void *)room;
        for (size_t i = 0; i < dim * rank; i++) basis[i] = (float)from->basis[i];
        sampler->basis = basis;
    }
}

static void fill_narrow_mean(itp_covariance_sampler *sampler, double *mean)
{
    const itp_covariance *from = sampler->plan->covariance;
    size_t dim = from->info.dim;
    for (size_t i = 0; i < dim * from->info.rank; i++) mean[i / dim] += from->basis[i] * from->mean[i % dim];
    sampler->narrow.mean = mean;
}

static void place(itp_covariance_sampler *sampler, unsigned char *block, const layout *at)
{
    const itp_covariance_info *info = &sampler->plan->covariance->info;
    sampler->columns = (const void **)(void *)(block + at->columns);
    sampler->coef = (double *)(void *)(block + at->coef);
    sampler->constant = (double *)(void *)(block + at->constant);
    sampler->wide = at->of_wide;
    sampler->wide.others = block + at->wide;
    sampler->wide.mean = info->mean ? sampler->plan->covariance->mean : NULL;
    if (info->kind == ITP_COVARIANCE_BASIS) {
        sampler->narrow = at->of_narrow;
        sampler->narrow.first = block + at->narrow;
        sampler->narrow.others = sampler->narrow.first + sampler->narrow.stride;
        sampler->correction = block + at->correction;
        fill_basis(sampler, block + at->basis);
        if (info->mean) fill_narrow_mean(sampler, (double *)(void *)(block + at->narrow_mean));
    }
    sampler->out2 = itp_batch_guided(&sampler->batch) ? block + at->out2 : NULL;
    if (sampler->batch.seeds) {
        sampler->seeds = (uint64_t *)(void *)(block + at->seeds);
        memcpy(sampler->seeds, sampler->batch.seeds, sampler->batch.count * sizeof *sampler->seeds);
    }
}

static int check(const itp_covariance_plan *plan, const itp_batch *batch, const itp_report *log)
{
    int status = itp_batch_check(batch, log);
    status = status ? status : itp_batch_refuse_noise(batch, log, "a run of a covariance plan");
    if (!status && (batch->on_data || batch->on_row)) {
        status = itp_fail(log, ITP_E_UNSUPPORTED, "on_data, on_row: covariance samplers call no hooks.");
    }
    if (!status && batch->workspace) {
        status = itp_fail(log, ITP_E_UNSUPPORTED, "workspace: covariance samplers allocate their own.");
    }
    if (!status && batch->dim != plan->covariance->info.dim) {
        status = itp_fail(log, ITP_E_RANGE, "dim: %zu, but the covariance's is %zu.", batch->dim,
                          plan->covariance->info.dim);
    }
    return status;
}

static int build(const itp_covariance_sampler *like, const layout *at, itp_covariance_sampler **out)
{
    unsigned char *block = itp_memory_alloc(&like->memory, at->bytes, ALIGNMENT);
    if (!block) {
        return itp_fail(&like->log, ITP_E_MEMORY, "no memory for a workspace of %zu bytes.", at->bytes);
    }
    *out = (itp_covariance_sampler *)(void *)block;
    memset(block, 0, at->wide);
    **out = *like;
    (*out)->bytes = at->bytes;
    place(*out, block, at);
    return ITP_OK;
}

static int create(const itp_covariance_plan *plan, const itp_batch *batch, const itp_report *log,
                  itp_covariance_sampler **out)
{
    itp_covariance_sampler like = {.plan = plan, .log = *log, .batch = *batch};
    layout at;
    int status = itp_desc_memory(batch->env, log, &like.memory);
    if (status) {
        return status;
    }
    status = check(plan, batch, log);
    if (status) {
        return status;
    }
    like.combine = itp_kernel_choose(batch->kernel, batch->type);
    if (!like.combine || itp_basis_choose(batch->kernel, batch->type, &like.kernel)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "kernel: %d is unknown or not in this build.", (int)batch->kernel);
    }
    status = measure(plan, batch, &at);
    return status ? itp_fail(log, status, "count, dim: the workspace does not fit.") : build(&like, &at, out);
}

static ITP_APART int covariance_sampler_new(const itp_covariance_plan *plan, const itp_batch *batch,
                                            itp_covariance_sampler **out)
{
    itp_batch known;
    itp_report log;
    if (!out) {
        return ITP_E_ARGUMENT;
    }
    *out = NULL;
    if (!plan) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_batch_read(batch, &known, &log);
    status = status ? status : create(plan, &known, &log, out);
    return itp_report_end(&log, status);
}

int itp_covariance_sampler_new(const itp_covariance_plan *plan, const itp_batch *batch, itp_covariance_sampler **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, covariance_sampler_new(plan, batch, out));
}

void itp_covariance_sampler_free(itp_covariance_sampler *sampler)
{
    if (sampler) {
        itp_memory memory = sampler->memory;
        itp_memory_free(&memory, sampler, sampler->bytes);
    }
}

/* From the caller's x to the place of the first state, which may be x itself. */
static void start(const itp_covariance_sampler *sampler, void *state)
{
    const itp_batch *batch = &sampler->batch;
    const itp_plan_info *info = &sampler->plan->plan[0]->info;
    const itp_column data = {sampler->x, info->start_data};
    const itp_noise_term noise = {0, info->start_scale};
    if (batch->x == ITP_X_GIVEN) {
        if (state != sampler->x) memcpy(state, sampler->x, batch->count * batch->dim * itp_element_size(batch->type));
        return;
    }
    const itp_combine op = {.dim = batch->dim,
                            .count = batch->count,
                            .next = state,
                            .columns = &data,
                            .column_count = batch->x == ITP_X_DATA,
                            .normal_count = 1,
                            .normals = &noise,
                            .seed = batch->seed,
                            .first = batch->first,
                            .seeds = sampler->seeds};
    sampler->combine(&op);
}

static ITP_APART int covariance_sampler_begin(itp_covariance_sampler *sampler, void *x)
{
    if (!sampler || !x) {
        return sampler ? itp_fail(&sampler->log, ITP_E_ARGUMENT, "x: the array is NULL.") : ITP_E_ARGUMENT;
    }
    sampler->x = sampler->wide.first = x;
    sampler->row = 0;
    sampler->state = ITP_RUN_WAITING;
    void *state = itp_history_state(sampler, &sampler->wide, 0);
    start(sampler, state);
    if (sampler->narrow.states) {
        itp_covariance_project(sampler, state, itp_history_state(sampler, &sampler->narrow, 0));
    }
    return ITP_OK;
}

int itp_covariance_sampler_begin(itp_covariance_sampler *sampler, void *x)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = covariance_sampler_begin(sampler, x);
    return itp_float_env_leave(&env, sampler ? itp_report_end(&sampler->log, status) : status);
}

static itp_request request_of(const itp_covariance_sampler *sampler)
{
    const itp_plan_row *row = &sampler->plan->plan[0]->rows[sampler->row];
    const itp_batch *batch = &sampler->batch;
    double guidance = itp_batch_guided(batch)
                          ? itp_guidance_at(batch->guidance, batch->guidance_low, batch->guidance_high, row->u)
                          : 1;
    itp_request request = {.size = sizeof request,
                           .x = itp_history_state(sampler, &sampler->wide, sampler->row),
                           .out = itp_history_output(&sampler->wide, sampler->row),
                           .count = batch->count,
                           .dim = batch->dim,
                           .time = row->time,
                           .u = row->u,
                           .row = sampler->row,
                           .rows = sampler->plan->info.rows,
                           .step = row->step,
                           .steps = row->steps,
                           .ends_step = row->ends_step,
                           .type = batch->type,
                           .first = batch->first,
                           .out2 = guidance == 1 ? NULL : sampler->out2,
                           .guidance = guidance,
                           .data_state = row->data_state,
                           .data_output = row->data_output};
    return request;
}

int itp_covariance_sampler_next(itp_covariance_sampler *sampler, itp_request *request)
{
    if (!sampler || !request) {
        return ITP_E_ARGUMENT;
    }
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE,
                        "itp_covariance_sampler_next: call itp_covariance_sampler_begin first.");
    }
    if (sampler->state == ITP_RUN_OVER) {
        return ITP_OK;
    }
    itp_request full = request_of(sampler);
    int status = itp_struct_write(request, &full, sizeof full);
    if (!status && sampler->out2 && request->size < offsetof(itp_request, out2) + sizeof request->out2) {
        status = ITP_E_ABI; /* the caller does not know that there are rows with two outputs */
    }
    if (status) {
        return itp_fail(&sampler->log, status, "request: its size field is wrong.");
    }
    if (sampler->state != ITP_RUN_REQUESTED) { /* asked again, the output may be there already */
        itp_output_expect(&sampler->batch, full.count, full.out);
        itp_output_expect(&sampler->batch, full.count, full.out2);
    }
    sampler->state = ITP_RUN_REQUESTED;
    return ITP_EVALUATE;
}

static ITP_APART int covariance_sampler_submit(itp_covariance_sampler *sampler)
{
    if (!sampler) {
        return ITP_E_ARGUMENT;
    }
    if (sampler->state != ITP_RUN_REQUESTED) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_covariance_sampler_submit: there is no request.");
    }
    itp_request request = request_of(sampler);
    int status = itp_output_check(&sampler->batch, &sampler->log, &request);
    if (!status && request.out2) {
        status = itp_guide(request.type, request.out, request.out2, request.guidance, request.out,
                           request.count * request.dim);
    }
    if (status) {
        return status;
    }
    itp_covariance_advance(sampler, sampler->row);
    sampler->row++;
    sampler->state = sampler->row < sampler->plan->info.rows ? ITP_RUN_WAITING : ITP_RUN_OVER;
    return ITP_OK;
}

int itp_covariance_sampler_submit(itp_covariance_sampler *sampler)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = covariance_sampler_submit(sampler);
    return itp_float_env_leave(&env, sampler ? itp_report_end(&sampler->log, status) : status);
}

static int run(itp_covariance_sampler *sampler, void *x, itp_network_fn network, void *user)
{
    itp_roomy_request request = {.known = ITP_REQUEST_INIT};
    if (!network) {
        return itp_fail(&sampler->log, ITP_E_ARGUMENT, "network: the callback is NULL.");
    }
    int status = itp_covariance_sampler_begin(sampler, x);
    while (!status && (status = itp_covariance_sampler_next(sampler, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        if (answer) {
            return itp_stopped(&sampler->log, "network", answer, request.known.row);
        }
        status = itp_covariance_sampler_submit(sampler);
    }
    return status;
}

int itp_covariance_sample(const itp_covariance_plan *plan, const itp_batch *batch, void *x, itp_network_fn network,
                          void *user)
{
    itp_covariance_sampler *sampler;
    int status = itp_covariance_sampler_new(plan, batch, &sampler);
    if (status) {
        return status;
    }
    status = run(sampler, x, network, user);
    itp_covariance_sampler_free(sampler);
    return status;
}
