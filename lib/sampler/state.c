/* A run between two rows, in bytes. */
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "plan/plan.h"
#include "sampler/sampler.h"

enum { STATE_VERSION = 2 };
/* Reads differently where bytes are ordered differently. */
static const uint64_t MAGIC = 0x0131535f50544906u;

/* What precedes the seeds and the arrays: without padding, so that it can be hashed and copied whole. */
typedef struct record {
    uint64_t magic;
    int32_t version, type, row, rows;
    uint64_t dim, count, seed, first;
    uint64_t seeds;   /* how many there are: none, or one for each sample */
    uint64_t drawn;   /* how many arrays there are for a callback's normals: none without one */
    uint64_t plan;    /* fingerprint */
    uint64_t bytes;   /* of everything */
    uint64_t content; /* fingerprint of what follows and of this record with 0 here */
} record;

/* ---- fingerprints ---- */

/* With the slots, which say what the saved arrays are. */
static uint64_t fingerprint_of_plan(const itp_plan *plan)
{
    uint64_t hash = itp_hash_two(itp_plan_fingerprint(plan), plan->info.slots, 0);
    for (int32_t i = 0; i < plan->info.rows; i++) {
        const itp_plan_row *row = &plan->rows[i];
        hash = itp_hash_two(itp_hash_two(hash, row->x_slot, row->out_slot), row->next_slot, 0);
    }
    return hash;
}

static uint64_t fingerprint_of_content(record head, const unsigned char *arrays, size_t size)
{
    head.content = 0;
    return itp_hash_bytes(itp_hash_bytes(ITP_HASH_EMPTY, &head, sizeof head), arrays, size);
}

/* ---- which arrays ---- */

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

/* Those of the plan, that of what is carried, which is made anew, and those of a callback's normals. */
static int32_t arrays_of(const itp_sampler *sampler)
{
    const itp_plan_info *info = &sampler->plan->info;
    return info->slots + info->carries + (int32_t)itp_drawing_arrays(&sampler->drawing);
}

static int kept(const itp_sampler *sampler, int32_t row, int32_t array)
{
    const itp_plan *plan = sampler->plan;
    int32_t drawn = array - plan->info.slots - plan->info.carries;
    if (array < plan->info.slots) {
        return alive(plan, row, array);
    }
    return drawn >= 0 && itp_drawing_alive(plan, &sampler->drawing, row, drawn);
}

static size_t array_bytes(const itp_sampler *sampler, size_t count)
{
    return count * sampler->batch.dim * itp_element_size(sampler->batch.type);
}

static size_t seed_bytes(const record *head)
{
    return (size_t)head->seeds * sizeof(uint64_t);
}

static size_t state_bytes(const itp_sampler *sampler, const record *head)
{
    size_t bytes = sizeof *head + seed_bytes(head);
    for (int32_t i = 0; i < arrays_of(sampler); i++) {
        bytes += kept(sampler, head->row, i) ? array_bytes(sampler, (size_t)head->count) : 0;
    }
    return bytes;
}

/* ---- save ---- */

static record record_of(const itp_sampler *sampler)
{
    const itp_batch *batch = &sampler->batch;
    record head = {.magic = MAGIC,
                   .version = STATE_VERSION,
                   .type = batch->type,
                   .row = sampler->row,
                   .rows = sampler->plan->info.rows,
                   .dim = batch->dim,
                   .count = batch->count,
                   .seed = batch->seed,
                   .first = batch->first,
                   .seeds = batch->seeds ? batch->count : 0,
                   .drawn = itp_drawing_arrays(&sampler->drawing)};
    head.bytes = state_bytes(sampler, &head);
    return head;
}

static void write_state(const itp_sampler *sampler, record head, unsigned char *buffer)
{
    unsigned char *to = buffer + sizeof head;
    size_t bytes = array_bytes(sampler, sampler->batch.count);
    head.plan = fingerprint_of_plan(sampler->plan);
    memcpy(to, sampler->seeds, seed_bytes(&head));
    to += seed_bytes(&head);
    for (int32_t i = 0; i < arrays_of(sampler); i++) {
        if (kept(sampler, sampler->row, i)) {
            memcpy(to, itp_sampler_slot(sampler, i), bytes);
            to += bytes;
        }
    }
    head.content = fingerprint_of_content(head, buffer + sizeof head, head.bytes - sizeof head);
    memcpy(buffer, &head, sizeof head);
}

int itp_sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed)
{
    if (!sampler || (!buffer && capacity)) {
        return ITP_E_ARGUMENT;
    }
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_save: call itp_sampler_begin first.");
    }
    record head = record_of(sampler);
    if (needed) {
        *needed = head.bytes;
    }
    if (capacity && capacity < head.bytes) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "capacity: %zu, but the state has %zu bytes.", capacity,
                        (size_t)head.bytes);
    }
    if (capacity) {
        write_state(sampler, head, buffer);
    }
    return ITP_OK;
}

/* ---- restore ---- */

static int check_bytes(const itp_sampler *sampler, const record *head, const unsigned char *buffer, size_t size)
{
    if (head->magic != MAGIC) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: it is not a state that this kind of machine saved.");
    }
    if (head->version != STATE_VERSION) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: a state of version %d, but this library reads %d.",
                        (int)head->version, STATE_VERSION);
    }
    if (head->bytes != size) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "size: %zu, but the state has %llu bytes.", size,
                        (unsigned long long)head->bytes);
    }
    if (head->content != fingerprint_of_content(*head, buffer + sizeof *head, size - sizeof *head)) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: the state is damaged.");
    }
    return ITP_OK;
}

static int check_batch(const itp_sampler *sampler, const record *head)
{
    const itp_batch *batch = &sampler->batch;
    if (head->type != batch->type) {
        return itp_fail(&sampler->log, ITP_E_STATE, "type: the state has %d, the sampler %d.", (int)head->type,
                        (int)batch->type);
    }
    if (head->dim != batch->dim || head->count > sampler->capacity) {
        return itp_fail(&sampler->log, ITP_E_STATE,
                        "count, dim: the state has %llu samples of %llu, the sampler has room for %zu of %zu.",
                        (unsigned long long)head->count, (unsigned long long)head->dim, sampler->capacity, batch->dim);
    }
    return ITP_OK;
}

/* With the same plan and sizes the record says how many bytes there are, so that wrong ones are not read beyond. */
static int check_plan(const itp_sampler *sampler, const record *head)
{
    if (head->rows != sampler->plan->info.rows || head->plan != fingerprint_of_plan(sampler->plan)) {
        return itp_fail(&sampler->log, ITP_E_STATE, "plan: the state is one of another plan.");
    }
    if (head->drawn != itp_drawing_arrays(&sampler->drawing)) {
        return itp_fail(&sampler->log, ITP_E_STATE,
                        "noise: a run with a callback was saved, or goes on, but not both.");
    }
    if (head->row < 0 || head->row > head->rows || !head->count || (head->seeds && head->seeds != head->count) ||
        head->bytes != state_bytes(sampler, head)) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: the state is damaged: row %d of %d with %llu bytes.",
                        (int)head->row, (int)head->rows, (unsigned long long)head->bytes);
    }
    return ITP_OK;
}

static void read_state(itp_sampler *sampler, const record *head, const unsigned char *from, void *x)
{
    const itp_start start = {.x = x, .count = (size_t)head->count, .seed = head->seed, .first = head->first};
    size_t bytes = array_bytes(sampler, start.count);
    itp_sampler_take_start(sampler, &start);
    memcpy(sampler->seeds, from, seed_bytes(head));
    sampler->batch.seeds = head->seeds ? sampler->seeds : NULL;
    sampler->row = head->row;
    sampler->state = head->row < head->rows ? ITP_RUN_WAITING : ITP_RUN_OVER;
    from += seed_bytes(head);
    for (int32_t i = 0; i < arrays_of(sampler); i++) {
        if (kept(sampler, head->row, i)) {
            memcpy(itp_sampler_slot(sampler, i), from, bytes);
            from += bytes;
        }
    }
}

static ITP_APART int sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x, itp_float_env *env)
{
    record head;
    if (!sampler || !buffer || !x) {
        return sampler ? itp_sampler_refuse(sampler, "buffer, x: the array is NULL.") : ITP_E_ARGUMENT;
    }
    if (size < sizeof head) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "size: %zu, but a state has %zu bytes or more.", size, sizeof head);
    }
    memcpy(&head, buffer, sizeof head);
    int status = check_bytes(sampler, &head, buffer, size);
    status = status ? status : check_batch(sampler, &head);
    status = status ? status : check_plan(sampler, &head);
    if (status) {
        return status;
    }
    sampler->host = env;
    read_state(sampler, &head, (const unsigned char *)buffer + sizeof head, x);
    itp_sampler_draw_again(sampler);
    return itp_sampler_carry_again(sampler);
}

int itp_sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_restore(sampler, buffer, size, x, &env));
}
