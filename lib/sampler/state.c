/* A run between two rows, in bytes. */
#include <string.h>

#include "base/hash.h"
#include "sampler/sampler.h"

enum { STATE_VERSION = 3 };
/* Reads differently where bytes are ordered differently. */
static const uint64_t MAGIC = 0x0131535f50544906u;

/* What precedes the seeds and the engine's arrays: without padding, so that it can be hashed and copied whole. */
typedef struct record {
    uint64_t magic;
    int32_t version, type, row, over;
    uint64_t dim, count, seed, first;
    uint64_t seeds;   /* how many there are: none, or one for each sample */
    uint64_t drawn;   /* how many arrays there are for a callback's normals: none without one */
    uint64_t numbers; /* the engine's fingerprint */
    uint64_t bytes;   /* of everything */
    uint64_t content; /* fingerprint of what follows and of this record with 0 here */
} record;

static uint64_t fingerprint_of_content(record head, const unsigned char *rest, size_t size)
{
    head.content = 0;
    return itp_hash_bytes(itp_hash_bytes(ITP_HASH_EMPTY, &head, sizeof head), rest, size);
}

/* The seeds, what a callback has drawn, and the engine's part. */
static void keep(itp_sampler *sampler, itp_store *store, size_t seeds)
{
    itp_store_bytes(store, sampler->seeds, seeds * sizeof *sampler->seeds);
    itp_sampler_keep_drawn(sampler, store);
    sampler->engine->keep(sampler, store);
}

static size_t state_bytes(const itp_sampler *sampler, size_t seeds)
{
    itp_sampler as = *sampler;
    itp_store store = {.mode = ITP_STORE_COUNT};
    keep(&as, &store, seeds);
    return sizeof(record) + store.bytes;
}

/* ---- save ---- */

static record record_of(const itp_sampler *sampler)
{
    const itp_batch *batch = &sampler->batch;
    record head = {.magic = MAGIC,
                   .version = STATE_VERSION,
                   .type = batch->type,
                   .row = sampler->row,
                   .over = sampler->state == ITP_RUN_OVER,
                   .dim = batch->dim,
                   .count = batch->count,
                   .seed = batch->seed,
                   .first = batch->first,
                   .seeds = batch->seeds ? batch->count : 0,
                   .drawn = itp_drawing_arrays(&sampler->drawing)};
    head.bytes = state_bytes(sampler, (size_t)head.seeds);
    return head;
}

static void write_state(const itp_sampler *sampler, record head, unsigned char *buffer)
{
    itp_sampler as = *sampler;
    itp_store store = {.mode = ITP_STORE_WRITE, .at = buffer + sizeof head};
    keep(&as, &store, (size_t)head.seeds);
    head.numbers = sampler->engine->fingerprint(sampler);
    head.content = fingerprint_of_content(head, buffer + sizeof head, head.bytes - sizeof head);
    memcpy(buffer, &head, sizeof head);
}

static int save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed)
{
    if (!buffer && capacity) {
        return itp_sampler_refuse(sampler, "buffer: NULL, but capacity is not 0.");
    }
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_save: call itp_sampler_begin first.");
    }
    record head = record_of(sampler);
    if (needed) {
        *needed = (size_t)head.bytes;
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

static ITP_APART int sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed)
{
    return sampler ? itp_report_end(&sampler->log, save(sampler, buffer, capacity, needed)) : ITP_E_ARGUMENT;
}

int itp_sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_save(sampler, buffer, capacity, needed));
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

/* The sampler at the state's place, without its arrays. */
static itp_sampler placed(const itp_sampler *sampler, const record *head)
{
    itp_sampler as = *sampler;
    as.row = head->row;
    as.batch.count = (size_t)head->count;
    return as;
}

/* With the same numbers and sizes the record says how many bytes there are, so that wrong ones are not read beyond. */
static int check_numbers(const itp_sampler *sampler, const record *head)
{
    const itp_sampler as = placed(sampler, head);
    if (head->numbers != sampler->engine->fingerprint(sampler)) {
        return itp_fail(&sampler->log, ITP_E_STATE, "plan: the state is one of another plan.");
    }
    if (head->drawn != itp_drawing_arrays(&sampler->drawing)) {
        return itp_fail(&sampler->log, ITP_E_STATE,
                        "noise: a run with a callback was saved, or goes on, but not both.");
    }
    if (head->row < 0 || head->row > sampler->info->rows || !head->count ||
        (head->seeds && head->seeds != head->count) || head->bytes != state_bytes(&as, (size_t)head->seeds)) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: the state is damaged: row %d of %d with %llu bytes.",
                        (int)head->row, (int)sampler->info->rows, (unsigned long long)head->bytes);
    }
    return ITP_OK;
}

static int read_state(itp_sampler *sampler, const record *head, const unsigned char *from, void *x)
{
    const itp_start start = {.x = x, .count = (size_t)head->count, .seed = head->seed, .first = head->first};
    itp_store store = {.mode = ITP_STORE_READ, .from = from};
    itp_sampler_take_start(sampler, &start);
    sampler->batch.seeds = head->seeds ? sampler->seeds : NULL;
    sampler->row = head->row;
    keep(sampler, &store, (size_t)head->seeds);
    sampler->state = store.wrong ? ITP_RUN_NOT_BEGUN : head->over ? ITP_RUN_OVER : ITP_RUN_WAITING;
    if (store.wrong) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "buffer: the state has numbers that it cannot have.");
    }
    itp_sampler_draw_again(sampler);
    return sampler->engine->again ? sampler->engine->again(sampler) : ITP_OK;
}

static int restore(itp_sampler *sampler, const void *buffer, size_t size, void *x)
{
    record head;
    if (!buffer || !x) {
        return itp_sampler_refuse(sampler, "buffer, x: the array is NULL.");
    }
    if (size < sizeof head) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "size: %zu, but a state has %zu bytes or more.", size, sizeof head);
    }
    memcpy(&head, buffer, sizeof head);
    int status = check_bytes(sampler, &head, buffer, size);
    status = status ? status : check_batch(sampler, &head);
    status = status ? status : check_numbers(sampler, &head);
    return status ? status : read_state(sampler, &head, (const unsigned char *)buffer + sizeof head, x);
}

static ITP_APART int sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x, itp_float_env *env)
{
    if (!sampler) {
        return ITP_E_ARGUMENT;
    }
    sampler->host = env;
    return itp_report_end(&sampler->log, restore(sampler, buffer, size, x));
}

int itp_sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_restore(sampler, buffer, size, x, &env));
}
