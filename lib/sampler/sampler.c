/* One run of a plan, an evaluation at a time. */
#include "sampler/sampler.h"

#include <interp/guidance.h>

#include <string.h>

#include "base/desc.h"
#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"
#include "plan/plan.h"

enum { ALIGNMENT = 64 };

int itp_batch_read(const itp_batch *batch, itp_batch *known, itp_report *log)
{
    int status = itp_desc_read(known, sizeof *known, batch, offsetof(itp_batch, env), log);
    if (!status) {
        known->type = known->type ? known->type : ITP_FLOAT32;
        known->guidance = known->guidance != 0 ? known->guidance : 1;
        known->guidance_high = known->guidance_high != 0 ? known->guidance_high : 1;
    }
    return status;
}

size_t itp_element_size(int32_t type)
{
    return type == ITP_FLOAT64 ? sizeof(double) : sizeof(float);
}

static int check_sizes(const itp_batch *batch, const itp_report *log)
{
    if (!batch->dim || !batch->count) {
        return itp_fail(log, ITP_E_RANGE, "%s: 0, it must be at least 1.", batch->dim ? "count" : "dim");
    }
    if ((uint64_t)batch->dim > (uint64_t)1 << 34) {
        return itp_fail(log, ITP_E_RANGE, "dim: a sample has at most 2^34 elements.");
    }
    return ITP_OK;
}

int itp_batch_check(const itp_batch *batch, const itp_report *log)
{
    if (batch->type != ITP_FLOAT32 && batch->type != ITP_FLOAT64) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "type: %d is neither ITP_FLOAT32 nor ITP_FLOAT64.", (int)batch->type);
    }
    if (batch->x < ITP_X_NOISE || batch->x > ITP_X_DATA) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "x: %d is none of ITP_X_NOISE, _GIVEN and _DATA.", (int)batch->x);
    }
    if (batch->check_finite != 0 && batch->check_finite != 1) {
        return itp_fail(log, ITP_E_RANGE, "check_finite: %d, it must be 0 or 1.", (int)batch->check_finite);
    }
    int status = itp_batch_check_hooks(batch, log);
    status = status ? status : itp_batch_check_noise(batch, log);
    return status ? status : check_sizes(batch, log);
}

static size_t rounded(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Where the parts of the block lie. */
typedef struct layout {
    size_t columns, normals, coefs, carried, seeds, factors, held, workspace, out2, data, scaled, stride, bytes;
    itp_drawing drawing;
} layout;

/* Of a row; or of the start, with its data. */
static size_t most_terms(const itp_plan *plan)
{
    int32_t most = 1 + (plan->info.start_term_count > 1 ? plan->info.start_term_count : 1);
    for (int32_t i = 0; i < plan->info.rows; i++) {
        most = most > plan->rows[i].term_count ? most : plan->rows[i].term_count;
    }
    return (size_t)most;
}

static int measure(const itp_plan *plan, const itp_batch *batch, layout *out)
{
    size_t terms = most_terms(plan), most = SIZE_MAX / 4, element = itp_element_size(batch->type);
    size_t slots = (size_t)plan->info.slots + (size_t)plan->info.carries, rows = (size_t)plan->info.rows;
    out->drawing = itp_drawing_of(plan, batch);
    slots += itp_drawing_arrays(&out->drawing);
    if (batch->count > most / element / batch->dim || batch->count > most / sizeof(uint64_t) ||
        rounded(batch->count * batch->dim * element) > most / (slots + 4)) {
        return ITP_E_OVERFLOW;
    }
    out->columns = rounded(sizeof(itp_sampler));
    out->normals = rounded(out->columns + terms * sizeof(itp_column));
    out->coefs = rounded(out->normals + terms * sizeof(itp_noise_term));
    out->carried = rounded(out->coefs + terms * sizeof(double));
    out->seeds = rounded(out->carried + 2 * terms);
    out->factors = rounded(out->seeds + batch->count * sizeof(uint64_t));
    out->held = rounded(out->factors + (itp_batch_scales_rows(batch) ? rows * sizeof(double) : 0));
    out->workspace = rounded(out->held + itp_drawing_arrays(&out->drawing) * sizeof(uint32_t));
    out->stride = rounded(batch->count * batch->dim * element);
    out->out2 = out->workspace + (slots - 1) * out->stride;
    out->data = out->out2 + (itp_batch_guided(batch) ? out->stride : 0);
    out->scaled = out->data + (itp_batch_keeps_data(batch) ? out->stride : 0);
    out->bytes = out->scaled + (itp_batch_scales_rows(batch) ? out->stride : 0);
    return ITP_OK;
}

/* The user's workspace, or one of the allocator's. */
static int find_block(const itp_batch *batch, const itp_report *log, const itp_memory *memory, size_t bytes, void **out)
{
    if (!batch->workspace && batch->workspace_bytes) {
        return itp_fail(log, ITP_E_ARGUMENT, "workspace: NULL, but workspace_bytes is not 0.");
    }
    if (batch->workspace && (uintptr_t)batch->workspace % ALIGNMENT) {
        return itp_fail(log, ITP_E_ARGUMENT, "workspace: it must be aligned to %d bytes.", ALIGNMENT);
    }
    if (batch->workspace && batch->workspace_bytes < bytes) {
        return itp_fail(log, ITP_E_RANGE, "workspace_bytes: %zu, but the sampler needs %zu.", batch->workspace_bytes,
                        bytes);
    }
    *out = batch->workspace ? batch->workspace : itp_memory_alloc(memory, bytes, ALIGNMENT);
    return *out ? ITP_OK : itp_fail(log, ITP_E_MEMORY, "no memory for a workspace of %zu bytes.", bytes);
}

static itp_sampler *build(const itp_plan *plan, const itp_batch *batch, unsigned char *block, const layout *at)
{
    itp_sampler *sampler = (itp_sampler *)(void *)block;
    memset(block, 0, at->workspace);
    sampler->plan = plan;
    sampler->batch = *batch;
    sampler->capacity = batch->count;
    sampler->bytes = batch->workspace ? 0 : at->bytes;
    sampler->stride = at->stride;
    sampler->columns = (itp_column *)(void *)(block + at->columns);
    sampler->normals = (itp_noise_term *)(void *)(block + at->normals);
    sampler->coefs = (double *)(void *)(block + at->coefs);
    sampler->carried = block + at->carried;
    sampler->next_carried = sampler->carried + (at->seeds - at->carried) / 2;
    sampler->workspace = block + at->workspace;
    sampler->out2 = itp_batch_guided(batch) ? block + at->out2 : NULL;
    sampler->data = itp_batch_keeps_data(batch) ? block + at->data : NULL;
    sampler->scaled = itp_batch_scales_rows(batch) ? block + at->scaled : NULL;
    sampler->drawing = at->drawing;
    sampler->drawing.held = (uint32_t *)(void *)(block + at->held);
    sampler->factors = itp_batch_scales_rows(batch) ? (double *)(void *)(block + at->factors) : NULL;
    sampler->seeds = (uint64_t *)(void *)(block + at->seeds);
    return sampler;
}

/* What a sampler needs, where the batch is one that can be. */
static int plan_layout(const itp_plan *plan, const itp_batch *batch, const itp_report *log, layout *at)
{
    int status = itp_batch_check(batch, log);
    if (status) {
        return status;
    }
    if (!itp_kernel_choose(batch->kernel, batch->type)) {
        return itp_fail(log, ITP_E_UNSUPPORTED, "kernel: %d is unknown or not in this build.", (int)batch->kernel);
    }
    status = itp_plan_check_noise(plan, batch, log);
    if (status) {
        return status;
    }
    status = measure(plan, batch, at);
    return status ? itp_fail(log, status, "count, dim: the workspace of %d arrays does not fit.",
                             (int)(plan->info.slots - 1 + plan->info.carries))
                  : ITP_OK;
}

static int create(const itp_plan *plan, const itp_batch *batch, const itp_report *log, int may_start, itp_sampler **out)
{
    itp_memory memory;
    layout at = {0};
    void *block = NULL;
    int status = itp_desc_memory(batch->env, log, &memory);
    status = status ? status : plan_layout(plan, batch, log, &at);
    status = status || may_start ? status : itp_batch_check_free(batch, log);
    status = status ? status : find_block(batch, log, &memory, at.bytes, &block);
    if (status || !block) {
        return status;
    }
    *out = build(plan, batch, block, &at);
    (*out)->memory = memory;
    (*out)->combine = itp_kernel_choose(batch->kernel, batch->type);
    (*out)->log = *log;
    (*out)->env = itp_env_of(batch->env);
    return itp_sampler_find_factors(*out);
}

static ITP_APART int sampler_workspace(const itp_plan *plan, const itp_batch *batch, size_t *bytes)
{
    itp_batch known;
    itp_report log;
    layout at = {0};
    if (!plan || !bytes) {
        return ITP_E_ARGUMENT;
    }
    int status = itp_batch_read(batch, &known, &log);
    status = status ? status : plan_layout(plan, &known, &log, &at);
    if (!status) {
        *bytes = at.bytes;
    }
    return itp_report_end(&log, status);
}

int itp_sampler_workspace(const itp_plan *plan, const itp_batch *batch, size_t *bytes)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_workspace(plan, batch, bytes));
}

static ITP_APART int sampler_make(const itp_plan *plan, const itp_batch *batch, int may_start, itp_sampler **out)
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
    status = status ? status : create(plan, &known, &log, may_start, out);
    if (status) {
        itp_sampler_free(*out);
        *out = NULL;
    }
    return itp_report_end(&log, status);
}

int itp_sampler_make(const itp_plan *plan, const itp_batch *batch, int may_start, itp_sampler **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_make(plan, batch, may_start, out));
}

int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    return itp_sampler_make(plan, batch, 0, out);
}

void itp_sampler_free(itp_sampler *sampler)
{
    if (sampler && sampler->bytes) {
        itp_memory memory = sampler->memory;
        itp_memory_free(&memory, sampler, sampler->bytes);
    }
}

void *itp_sampler_slot(const itp_sampler *sampler, int32_t i)
{
    return i ? sampler->workspace + (size_t)(i - 1) * sampler->stride : sampler->x;
}

itp_combine itp_sampler_operation(const itp_sampler *sampler)
{
    itp_combine op = {.dim = sampler->batch.dim,
                      .count = sampler->batch.count,
                      .columns = sampler->columns,
                      .normals = sampler->normals,
                      .seed = sampler->batch.seed,
                      .first = sampler->batch.first,
                      .seeds = sampler->batch.seeds};
    return op;
}

/* The normals of the start. */
static void list_start(itp_sampler *sampler, itp_combine *op)
{
    const itp_plan_info *info = &sampler->plan->info;
    sampler->normals[0] = (itp_noise_term){0, info->start_scale};
    for (int32_t i = 0; i < info->start_term_count; i++) {
        sampler->normals[i] = (itp_noise_term){(uint32_t)info->start_terms[i].index, info->start_terms[i].coef};
    }
    op->normal_count = info->start_term_count ? info->start_term_count : 1;
}

/* Where the caller gives the state, a callback draws its normals only for rows that read them. */
static int draw_start(itp_sampler *sampler, const itp_start *start)
{
    itp_combine op = itp_sampler_operation(sampler);
    if (start->given && !(sampler->batch.noise && itp_plan_reads_start(sampler->plan))) {
        return ITP_OK;
    }
    list_start(sampler, &op);
    sampler->columns[0] = (itp_column){start->data, sampler->plan->info.start_data};
    op.next = sampler->x;
    op.column_count = start->data != NULL;
    int status = itp_sampler_draw(sampler, &op);
    return status || start->given ? status : itp_sampler_combine(sampler, &op);
}

int itp_sampler_refuse(const itp_sampler *sampler, const char *sentence)
{
    return itp_fail(&sampler->log, ITP_E_ARGUMENT, "%s", sentence);
}

static ITP_APART int sampler_begin(itp_sampler *sampler, const itp_start *from, itp_float_env *env)
{
    itp_start start;
    if (!sampler || !from) {
        return sampler ? itp_sampler_refuse(sampler, "start: it is NULL.") : ITP_E_ARGUMENT;
    }
    int status = itp_struct_read(&start, sizeof start, from);
    status = status ? itp_fail(&sampler->log, status, "start: its size field is wrong.")
                    : itp_sampler_check_start(sampler, &start);
    if (status) {
        return status;
    }
    itp_sampler_take_start(sampler, &start);
    sampler->host = env;
    sampler->row = 0;
    sampler->state = ITP_RUN_WAITING;
    itp_sampler_carry_nothing(sampler);
    itp_sampler_draw_nothing(sampler);
    status = draw_start(sampler, &start);
    sampler->state = status ? ITP_RUN_NOT_BEGUN : sampler->state;
    return status;
}

int itp_sampler_begin(itp_sampler *sampler, const itp_start *start)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = sampler_begin(sampler, start, &env);
    return itp_float_env_leave(&env, sampler ? itp_report_end(&sampler->log, status) : status);
}

static double guidance_at(const itp_batch *batch, double u)
{
    return itp_batch_guided(batch) ? itp_guidance_at(batch->guidance, batch->guidance_low, batch->guidance_high, u) : 1;
}

static itp_request request_of(const itp_sampler *sampler)
{
    const itp_plan_row *row = &sampler->plan->rows[sampler->row];
    double guidance = guidance_at(&sampler->batch, row->u);
    itp_request request = {.size = sizeof request,
                           .x = itp_sampler_slot(sampler, row->x_slot),
                           .out = itp_sampler_slot(sampler, row->out_slot),
                           .count = sampler->batch.count,
                           .dim = sampler->batch.dim,
                           .time = row->time,
                           .u = row->u,
                           .row = sampler->row,
                           .rows = sampler->plan->info.rows,
                           .step = row->step,
                           .steps = row->steps,
                           .ends_step = row->ends_step,
                           .type = sampler->batch.type,
                           .first = sampler->batch.first,
                           .out2 = guidance == 1 ? NULL : sampler->out2,
                           .guidance = guidance,
                           .data_state = row->data_state,
                           .data_output = row->data_output};
    return request;
}

/* Both outputs, before the network is asked. */
static void expect_outputs(const itp_sampler *sampler, const itp_request *request)
{
    itp_output_expect(&sampler->batch, request->count, request->out);
    itp_output_expect(&sampler->batch, request->count, request->out2);
}

int itp_sampler_next(itp_sampler *sampler, itp_request *request)
{
    if (!sampler || !request) {
        return ITP_E_ARGUMENT;
    }
    itp_report_begin(&sampler->log);
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_next: call itp_sampler_begin first.");
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
        expect_outputs(sampler, &full);
    }
    sampler->state = ITP_RUN_REQUESTED;
    return ITP_EVALUATE;
}

static int run_row(itp_sampler *sampler, const itp_plan_row *row)
{
    itp_combine op = itp_sampler_operation(sampler);
    itp_sampler_list_row(sampler, sampler->row, &op);
    int status = itp_sampler_draw(sampler, &op);
    if (status) {
        return status;
    }
    op.next = itp_sampler_slot(sampler, row->next_slot);
    op.keep = row->keep;
    op.state = itp_sampler_slot(sampler, row->x_slot);
    op.output = itp_sampler_slot(sampler, row->out_slot);
    op.keep_state = row->keep_state;
    op.keep_output = row->keep_output;
    return itp_sampler_combine(sampler, &op);
}

static ITP_APART int sampler_submit(itp_sampler *sampler, itp_float_env *env)
{
    if (!sampler) {
        return ITP_E_ARGUMENT;
    }
    if (sampler->state != ITP_RUN_REQUESTED) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_submit: there is no request; call itp_sampler_next.");
    }
    const itp_plan_row *row = &sampler->plan->rows[sampler->row];
    itp_request request = request_of(sampler);
    sampler->host = env;
    int status = itp_output_check(&sampler->batch, &sampler->log, &request);
    if (status) {
        return status;
    }
    status = itp_sampler_before(sampler, &request);
    status = status ? status : run_row(sampler, row);
    if (status) {
        expect_outputs(sampler, &request); /* they are spent */
        return status;
    }
    itp_sampler_carry_on(sampler);
    sampler->row++;
    sampler->state = sampler->row < sampler->plan->info.rows ? ITP_RUN_WAITING : ITP_RUN_OVER;
    return itp_sampler_after(sampler, &request, itp_sampler_slot(sampler, row->next_slot));
}

int itp_sampler_submit(itp_sampler *sampler)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = sampler_submit(sampler, &env);
    return itp_float_env_leave(&env, sampler ? itp_report_end(&sampler->log, status) : status);
}
