/* Making samplers: one piece of memory, for whatever is run. */
#include <string.h>

#include "base/desc.h"
#include "sampler/sampler.h"

/* The sampler itself, the engine's own, then arrays. */
static void place(itp_sampler *sampler, itp_block *block)
{
    const itp_batch *batch = &sampler->batch;
    size_t drawn, rows = (size_t)sampler->info->rows, dim = batch->dim * itp_element_size(batch->type);
    int scaled = itp_batch_scales_rows(batch);
    sampler->seeds = itp_block_take(block, batch->count, sizeof *sampler->seeds);
    sampler->columns = itp_block_take(block, itp_sampler_terms(sampler), sizeof *sampler->columns);
    sampler->normals = itp_block_take(block, itp_sampler_terms(sampler), sizeof *sampler->normals);
    sampler->drawing = itp_drawing_of(sampler);
    drawn = itp_drawing_arrays(&sampler->drawing);
    sampler->drawing.held = itp_block_take(block, drawn, sizeof *sampler->drawing.held);
    sampler->drawing.arrays = itp_block_take(block, drawn, sampler->stride);
    sampler->factors = itp_block_take(block, scaled && sampler->plan ? rows : 0, sizeof *sampler->factors);
    sampler->engine->place(sampler, block);
    sampler->out2 = itp_block_take(block, itp_batch_guided(batch) ? batch->count : 0, dim);
    sampler->data = itp_block_take(block, itp_batch_keeps_data(batch) ? batch->count : 0, dim);
    sampler->scaled = itp_block_take(block, scaled && sampler->plan ? batch->count : 0, dim);
}

/* What a sampler needs, where the batch is one that can be. */
static int measure(itp_sampler *like, itp_block *block)
{
    const itp_batch *batch = &like->batch;
    int status = itp_batch_check(batch, &like->log);
    if (status) {
        return status;
    }
    like->combine = itp_kernel_choose(batch->kernel, batch->type);
    if (!like->combine) {
        return itp_fail(&like->log, ITP_E_UNSUPPORTED, "kernel: %s is not in this build; take portable.",
                        itp_kind_name(&itp_kind_kernel, batch->kernel));
    }
    status = like->engine->check ? like->engine->check(like) : ITP_OK;
    status = status ? status : itp_sampler_check_noise(like);
    if (status) {
        return status;
    }
    itp_block_take(block, 1, sizeof *like);
    itp_block_take(block, 1, like->engine->bytes);
    if (batch->count <= SIZE_MAX / 4 / sizeof(double) / batch->dim) {
        like->stride = itp_block_rounded(itp_sampler_bytes(like));
        place(like, block);
    } else {
        block->bytes = SIZE_MAX;
    }
    return block->bytes == SIZE_MAX ? itp_fail(&like->log, ITP_E_OVERFLOW, "count, dim: the workspace does not fit.")
                                    : ITP_OK;
}

/* The user's workspace, or one of the allocator's. */
static int find_block(itp_sampler *like, itp_block *block)
{
    const itp_batch *batch = &like->batch;
    if (!batch->workspace && batch->workspace_bytes) {
        return itp_sampler_refuse(like, "workspace: NULL, but workspace_bytes is not 0.");
    }
    if (batch->workspace && (uintptr_t)batch->workspace % ITP_BLOCK_ALIGNMENT) {
        return itp_fail(&like->log, ITP_E_ARGUMENT, "workspace: it must be aligned to %d bytes.", ITP_BLOCK_ALIGNMENT);
    }
    if (batch->workspace && batch->workspace_bytes < block->bytes) {
        return itp_fail(&like->log, ITP_E_RANGE, "workspace_bytes: %zu, but the sampler needs %zu.",
                        batch->workspace_bytes, block->bytes);
    }
    like->bytes = batch->workspace ? 0 : block->bytes;
    block->base =
        batch->workspace ? batch->workspace : itp_memory_alloc(&like->memory, block->bytes, ITP_BLOCK_ALIGNMENT);
    return block->base ? ITP_OK
                       : itp_fail(&like->log, ITP_E_MEMORY, "no memory for a workspace of %zu bytes.", block->bytes);
}

static itp_sampler *build(const itp_sampler *like, itp_block *block)
{
    block->bytes = 0;
    itp_sampler *sampler = itp_block_take(block, 1, sizeof *sampler);
    void *own = itp_block_take(block, 1, like->engine->bytes);
    *sampler = *like;
    sampler->own = memcpy(own, like->own, like->engine->bytes);
    place(sampler, block);
    return sampler;
}

static int create(itp_sampler *like, itp_block *block, itp_sampler **out)
{
    int status = find_block(like, block);
    if (status) {
        return status;
    }
    *out = build(like, block);
    status = like->engine->prepare ? like->engine->prepare(*out) : ITP_OK;
    return status ? status : itp_sampler_find_factors(*out);
}

/* `out` NULL: only as far as the size. */
static int measure_and_create(itp_sampler *like, int may_start, itp_sampler **out)
{
    itp_block block = {NULL, 0};
    like->env = itp_env_of(like->batch.env);
    like->capacity = like->batch.count;
    int status = itp_desc_memory(like->batch.env, &like->log, &like->memory);
    status = status ? status : measure(like, &block);
    status = status || may_start ? status : itp_batch_check_free(&like->batch, &like->log);
    if (!status && like->batch.needed) {
        *like->batch.needed = block.bytes;
    }
    return status || !out ? status : create(like, &block, out);
}

static ITP_APART int make(itp_sampler *like, const itp_batch *batch, int may_start, itp_sampler **out)
{
    const itp_env *beside = like->batch.env, *own = batch ? itp_desc_env(batch, offsetof(itp_batch, env)) : NULL;
    int status = itp_batch_read(batch, &like->batch, &like->log);
    int joined = itp_env_join(&own, beside, &like->log); /* which also hears of a batch that cannot be read */
    like->batch.env = own;
    status = status ? status : joined;
    if (!status && !out && !like->batch.needed) {
        status =
            itp_sampler_refuse(like, "out: NULL, and the batch's `needed`, for which alone it may be, is NULL too.");
    }
    status = status ? status : measure_and_create(like, may_start, out);
    if (status && out) {
        itp_sampler_free(*out);
        *out = NULL;
    }
    return itp_report_end(&like->log, status);
}

int itp_sampler_make(itp_sampler *like, const itp_batch *batch, int may_start, itp_sampler **out)
{
    itp_float_env env;
    if (out) {
        *out = NULL;
    }
    if (!like->info) {
        return itp_desc_refuse(batch, offsetof(itp_batch, env), "plan");
    }
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, make(like, batch, may_start, out));
}

void itp_sampler_free(itp_sampler *sampler)
{
    if (!sampler) {
        return;
    }
    if (sampler->engine->release) {
        sampler->engine->release(sampler);
    }
    if (sampler->bytes) {
        itp_memory memory = sampler->memory;
        itp_memory_free(&memory, sampler, sampler->bytes);
    }
}
