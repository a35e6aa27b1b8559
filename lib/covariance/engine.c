/* The engine of covariance plans. */
#include "covariance/band_run.h"

#include <string.h>

#include "base/hash.h"

static itp_band_run *run_of(const itp_sampler *sampler)
{
    return sampler->own;
}

static int check(itp_sampler *sampler)
{
    const itp_covariance_info *info = &run_of(sampler)->plan->covariance->info;
    if (sampler->batch.dim != info->dim) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "dim: %zu, but the covariance's is %zu.", sampler->batch.dim,
                        info->dim);
    }
    return itp_basis_choose(sampler->batch.kernel, sampler->batch.type, &run_of(sampler)->kernel);
}

/* ---- memory ---- */

/* How many arrays each history has. */
static void size_histories(itp_sampler *sampler)
{
    itp_band_run *run = sampler->own;
    const itp_covariance_info *info = &run->plan->covariance->info;
    size_t narrow = sampler->batch.count * info->rank * itp_element_size(sampler->batch.type);
    int basis = info->kind == ITP_COVARIANCE_BASIS, full = basis && info->rank == info->dim;
    run->wide = (itp_history){.width = info->dim,
                              .stride = sampler->stride,
                              .states = full ? 1 : run->plan->states,
                              .outputs = full ? 1 : run->plan->outputs};
    run->narrow = (itp_history){.width = info->rank,
                                .stride = itp_block_rounded(narrow),
                                .states = basis ? run->plan->states : 0,
                                .outputs = basis ? run->plan->outputs : 0};
}

static void place(itp_sampler *sampler, itp_block *block)
{
    itp_band_run *run = sampler->own;
    const itp_covariance_info *info = &run->plan->covariance->info;
    size_t columns = (size_t)run->plan->states + (size_t)run->plan->outputs, real = sizeof(double);
    size_histories(sampler);
    itp_history *wide = &run->wide, *narrow = &run->narrow;
    int basis = narrow->states > 0, copies = basis && sampler->batch.type == ITP_FLOAT32;
    run->columns = itp_block_take(block, columns, sizeof *run->columns);
    run->coef = itp_block_take(block, columns, info->dim * real);
    run->constant = itp_block_take(block, info->dim, real);
    narrow->mean = itp_block_take(block, basis && info->mean ? info->rank : 0, real);
    run->basis = itp_block_take(block, copies ? info->rank : 0, info->dim * sizeof(float));
    wide->others = itp_block_take(block, (size_t)wide->states - 1 + (size_t)wide->outputs, wide->stride);
    narrow->first = itp_block_take(block, (size_t)narrow->states + (size_t)narrow->outputs, narrow->stride);
    narrow->others = narrow->first ? narrow->first + narrow->stride : NULL;
    run->correction = itp_block_take(block, run->plan->bands.rest ? 1 : 0, narrow->stride);
}

static int prepare(itp_sampler *sampler)
{
    itp_band_run *run = sampler->own;
    const itp_covariance *from = run->plan->covariance;
    size_t dim = from->info.dim, all = dim * from->info.rank;
    itp_count_take(&run->plan->count);
    run->wide.mean = from->info.mean ? from->mean : NULL;
    for (size_t i = 0; run->basis && i < all; i++) ((float *)run->basis)[i] = (float)from->basis[i];
    run->basis = run->basis ? run->basis : from->basis;
    for (size_t j = 0; run->narrow.mean && j < from->info.rank; j++) {
        run->narrow.mean[j] = 0;
        for (size_t e = 0; e < dim; e++) run->narrow.mean[j] += from->basis[j * dim + e] * from->mean[e];
    }
    return ITP_OK;
}

static void release(itp_sampler *sampler)
{
    const itp_band_run *run = sampler->own;
    itp_covariance_plan_free(itp_not_constant(run->plan));
}

/* ---- the run ---- */

static void *first(const itp_sampler *sampler)
{
    return itp_history_state(sampler, &run_of(sampler)->wide, 0);
}

static int begin(itp_sampler *sampler)
{
    const itp_history *narrow = &run_of(sampler)->narrow;
    return narrow->states ? itp_covariance_project(sampler, first(sampler), itp_history_state(sampler, narrow, 0))
                          : ITP_OK;
}

static void describe_request(const itp_sampler *sampler, itp_request *request)
{
    const itp_history *wide = &run_of(sampler)->wide;
    request->x = itp_history_state(sampler, wide, sampler->row);
    request->out = itp_history_output(wide, sampler->row);
}

static int run_row(itp_sampler *sampler, const itp_request *request)
{
    return itp_covariance_advance(sampler, request->row);
}

static const void *shown(itp_sampler *sampler, itp_request *done, const void **data)
{
    int known = done->data_state != 0 || done->data_output != 0;
    *data = known ? sampler->data : NULL;
    return itp_history_state(sampler, &run_of(sampler)->wide, done->row + 1);
}

static int over(const itp_sampler *sampler)
{
    return sampler->row >= sampler->info->rows;
}

/* ---- saved states ---- */

static uint64_t fingerprint(const itp_sampler *sampler)
{
    const itp_covariance_plan *plan = run_of(sampler)->plan;
    const itp_covariance_info *info = &plan->covariance->info;
    size_t real = sizeof(double), rows = (size_t)plan->info.rows, bands = (size_t)plan->info.bands;
    uint64_t hash = itp_hash_two(itp_plan_fingerprint(sampler->plan), plan->states, plan->outputs);
    hash = itp_hash_bytes(hash, plan->coef, plan->coef_count * real);
    hash = itp_hash_bytes(hash, plan->constants, rows * bands * real);
    hash = itp_hash_bytes(hash, plan->bands.member, info->rank * sizeof *plan->bands.member);
    hash = info->mean ? itp_hash_bytes(hash, info->mean, info->dim * real) : hash;
    return info->basis ? itp_hash_bytes(hash, info->basis, info->rank * info->dim * real) : hash;
}

/* The states and outputs that rows from sampler->row on may read, as far as there are any. */
static void keep_history(const itp_sampler *sampler, const itp_history *of, itp_store *store)
{
    size_t bytes = sampler->batch.count * of->width * itp_element_size(sampler->batch.type);
    for (int32_t i = 0; i < of->states && i <= sampler->row; i++) {
        itp_store_bytes(store, itp_history_state(sampler, of, sampler->row - i), bytes);
    }
    for (int32_t i = 1; i < of->outputs && i <= sampler->row; i++) {
        itp_store_bytes(store, itp_history_output(of, sampler->row - i), bytes);
    }
}

static void keep(itp_sampler *sampler, itp_store *store)
{
    keep_history(sampler, &run_of(sampler)->wide, store);
    keep_history(sampler, &run_of(sampler)->narrow, store);
}

/* ---- making ---- */

static const itp_engine band_engine = {.bytes = sizeof(itp_band_run),
                                       .check = check,
                                       .place = place,
                                       .prepare = prepare,
                                       .release = release,
                                       .first = first,
                                       .begin = begin,
                                       .ask = describe_request,
                                       .apply = run_row,
                                       .shown = shown,
                                       .over = over,
                                       .fingerprint = fingerprint,
                                       .keep = keep};

int itp_sampler_new_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    itp_band_run own = {.plan = plan};
    itp_sampler like = {.engine = &band_engine, .own = &own};
    if (plan) {
        like.plan = plan->plan[0];
        like.info = &plan->plan[0]->info;
    }
    return itp_sampler_make(&like, batch, 0, out);
}
