/* The engine of plans: each row is a sum over arrays in slots. */
#include "sampler/plan_run.h"

#include <math.h>

#include "base/hash.h"
#include "plan/plan.h"
#include "sampler/carry.h"

static void place(itp_sampler *sampler, itp_block *block)
{
    itp_plan_run *run = sampler->own;
    size_t terms = itp_sampler_terms(sampler);
    const itp_plan_info *info = sampler->info;
    run->coefs = itp_block_take(block, terms, sizeof *run->coefs);
    run->carried = itp_block_take(block, terms, 1);
    run->next_carried = itp_block_take(block, terms, 1);
    run->slots = itp_block_take(block, (size_t)info->slots - 1 + (size_t)info->carries, sampler->stride);
}

static int prepare(itp_sampler *sampler)
{
    itp_plan_keep(sampler->plan);
    return ITP_OK;
}

static void release(itp_sampler *sampler)
{
    itp_plan_drop(sampler->plan);
}

static int begin(itp_sampler *sampler)
{
    itp_plan_run_carry_nothing(sampler);
    return ITP_OK;
}

static void describe_request(const itp_sampler *sampler, itp_request *request)
{
    const itp_plan_row *row = &sampler->plan->rows[sampler->row];
    request->x = itp_plan_run_slot(sampler, row->x_slot);
    request->out = itp_plan_run_slot(sampler, row->out_slot);
}

static int run_row(itp_sampler *sampler, const itp_request *request)
{
    const itp_plan_row *row = &sampler->plan->rows[request->row];
    itp_combine op = itp_plan_run_list(sampler, request->row);
    int status = itp_sampler_draw(sampler, &op);
    if (status) {
        return status;
    }
    op.next = itp_plan_run_slot(sampler, row->next_slot);
    op.keep = row->keep;
    op.state = request->x;
    op.output = request->out;
    op.keep_state = row->keep_state;
    op.keep_output = row->keep_output;
    status = itp_sampler_combine(sampler, &op);
    if (!status) {
        itp_plan_run_carry_on(sampler);
    }
    return status;
}

static const void *shown(itp_sampler *sampler, itp_request *done, const void **data)
{
    const itp_plan_row *row = &sampler->plan->rows[done->row];
    int known = row->data_state != 0 || row->data_output != 0;
    *data = known ? sampler->data : NULL;
    return itp_plan_run_slot(sampler, row->next_slot);
}

static int over(const itp_sampler *sampler)
{
    return sampler->row >= sampler->info->rows;
}

/* ---- saved states ---- */

/* With the slots, which say what the saved arrays are. */
static uint64_t fingerprint(const itp_sampler *sampler)
{
    const itp_plan *plan = sampler->plan;
    uint64_t hash = itp_hash_two(itp_plan_fingerprint(plan), plan->info.slots, 0);
    for (int32_t i = 0; i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        hash = itp_hash_two(itp_hash_two(hash, row->x_slot, row->out_slot), row->next_slot, 0);
    }
    return hash;
}

static int row_reads(const itp_plan_row *row, int32_t slot)
{
    for (int32_t i = 0; i < row->term_count; i++) {
        if (row->terms[i].column != ITP_COLUMN_NORMAL && row->terms[i].slot == slot) {
            return 1;
        }
    }
    return 0;
}

/* Whether the array is read before it is written, from the row on. In a row the network reads its state and writes its
 * output, then the terms are read, then the next state is written. The samples are in slot 0. */
static int alive(const itp_plan *plan, int32_t from, int32_t slot)
{
    for (int32_t i = from; i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        if (row->x_slot == slot) {
            return 1;
        }
        if (row->out_slot == slot) {
            return 0;
        }
        if (row_reads(row, slot)) {
            return 1;
        }
        if (row->next_slot == slot) {
            return 0;
        }
    }
    return slot == 0;
}

static void keep(itp_sampler *sampler, itp_store *store)
{
    for (int32_t i = 0; i < sampler->info->slots; i++) {
        if (alive(sampler->plan, sampler->row, i)) {
            itp_store_bytes(store, itp_plan_run_slot(sampler, i), itp_sampler_bytes(sampler));
        }
    }
}

/* ---- making ---- */

static double scale_or_none(double guidance)
{
    return guidance == 0 ? 1 : guidance;
}

/* A fitted plan is for the guidance that it was fitted with: with another one it may be worse than any other plan. */
static int warn_of_guidance(itp_sampler *sampler)
{
    const itp_plan_origin *origin = &sampler->plan->origin;
    double low = scale_or_none(origin->guidance), wanted = scale_or_none(sampler->batch.guidance);
    double high = fmax(low, origin->guidance_most);
    if (origin->count > 0 && (wanted < low || wanted > high)) {
        itp_warn(&sampler->log,
                 "guidance: %g, but the plan was fitted with %g to %g and is for that; fit it with this too.", wanted,
                 low, high);
    }
    return ITP_OK;
}

static const itp_engine plan_engine = {.bytes = sizeof(itp_plan_run),
                                       .check = warn_of_guidance,
                                       .place = place,
                                       .prepare = prepare,
                                       .release = release,
                                       .begin = begin,
                                       .ask = describe_request,
                                       .apply = run_row,
                                       .shown = shown,
                                       .over = over,
                                       .fingerprint = fingerprint,
                                       .keep = keep,
                                       .again = itp_plan_run_carry_again};

int itp_plan_run_new(const itp_plan *plan, const itp_batch *batch, int may_start, itp_sampler **out)
{
    itp_plan_run own = {0};
    itp_sampler like = {.engine = &plan_engine, .own = &own, .plan = plan, .info = plan ? &plan->info : NULL};
    return itp_sampler_make(&like, batch, may_start, out);
}

int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    return itp_plan_run_new(plan, batch, 0, out);
}
