#include "search/pool.h"

#include <string.h>

enum { FIRST_ROOM = 256 };

static int grow(itp_pool *pool, const itp_memory *memory, size_t size, size_t least)
{
    size_t room = pool->room ? pool->room : FIRST_ROOM;
    while (room < least && room < SIZE_MAX / 2) {
        room *= 2;
    }
    unsigned char *data = itp_memory_array(memory, room, size);
    if (!data) {
        return ITP_E_MEMORY;
    }
    if (pool->data) {
        memcpy(data, pool->data, pool->count * size);
        itp_memory_free(memory, pool->data, pool->room * size);
    }
    pool->data = data;
    pool->room = room;
    return ITP_OK;
}

int itp_pool_add(itp_pool *pool, const itp_memory *memory, size_t size, const void *from, size_t count)
{
    int status = count > pool->room - pool->count ? grow(pool, memory, size, pool->count + count) : ITP_OK;
    if (status) {
        return status;
    }
    unsigned char *to = pool->data + pool->count * size;
    if (from) {
        memcpy(to, from, count * size);
    } else {
        memset(to, 0, count * size);
    }
    pool->count += count;
    return ITP_OK;
}

void itp_pool_free(itp_pool *pool, const itp_memory *memory, size_t size)
{
    itp_memory_free(memory, pool->data, pool->room * size);
    memset(pool, 0, sizeof *pool);
}
