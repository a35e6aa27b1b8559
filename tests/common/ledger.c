#define _POSIX_C_SOURCE 200112L
#include "ledger.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#include <malloc.h>
#endif

static int find(const ledger *l, const void *block)
{
    for (int i = 0; i < LEDGER_SLOTS; i++)
        if (l->block[i] == block) return i;
    return -1;
}

#if defined(_WIN32)
static void *take(size_t size, size_t alignment)
{
    return _aligned_malloc(size ? size : 1, alignment < sizeof(void *) ? sizeof(void *) : alignment);
}

static void give_back(void *block)
{
    _aligned_free(block);
}
#else
static void *take(size_t size, size_t alignment)
{
    void *block = NULL;
    if (alignment < sizeof(void *)) alignment = sizeof(void *);
    return posix_memalign(&block, alignment, size ? size : 1) ? NULL : block;
}

static void give_back(void *block)
{
    free(block);
}
#endif

static void *ledger_alloc(void *user, size_t size, size_t alignment)
{
    ledger *l = user;
    int slot = find(l, NULL);
    if (alignment == 0 || (alignment & (alignment - 1)) || slot < 0) l->defects++;
    if (++l->calls == l->fail_at || slot < 0) return NULL;
    void *block = take(size, alignment ? alignment : 1);
    if (!block) return NULL;
    memset(block, 0xA5, size);
    l->block[slot] = block;
    l->bytes[slot] = size;
    l->live++;
    l->live_bytes += size;
    return block;
}

static void ledger_free(void *user, void *block, size_t size)
{
    ledger *l = user;
    int slot = block ? find(l, block) : -1;
    if (slot < 0 || l->bytes[slot] != size) {
        l->defects++;
        return;
    }
    l->block[slot] = NULL;
    l->live--;
    l->live_bytes -= size;
    memset(block, 0x5A, size);
    give_back(block);
}

void ledger_clear(ledger *l)
{
    itp_allocator memory = l->memory;
    memset(l, 0, sizeof *l);
    l->memory = memory;
}

itp_env ledger_env(ledger *l)
{
    itp_env env = {ITP_SIZED(itp_env), .memory = &l->memory};
    memset(l, 0, sizeof *l);
    l->memory = (itp_allocator){ITP_SIZED(itp_allocator), ledger_alloc, ledger_free, l};
    return env;
}
