/* Lists that grow while a search is made. */
#ifndef ITP_SEARCH_POOL_H
#define ITP_SEARCH_POOL_H

#include "base/memory.h"

/* Elements of one size, one after another. What points into it is lost when it grows: keep numbers of elements. */
typedef struct itp_pool {
    unsigned char *data;
    size_t count, room;
} itp_pool;

/* Appends `count` elements of `size` bytes, cleared where `from` is NULL. ITP_E_MEMORY: it is as it was. */
int itp_pool_add(itp_pool *pool, const itp_memory *memory, size_t size, const void *from, size_t count);
void itp_pool_free(itp_pool *pool, const itp_memory *memory, size_t size);

#endif
