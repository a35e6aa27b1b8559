#include "sampler/store.h"

#include <string.h>

void itp_store_bytes(itp_store *store, void *data, size_t size)
{
    if (store->mode == ITP_STORE_WRITE && size) {
        memcpy(store->at + store->bytes, data, size);
    } else if (store->mode == ITP_STORE_READ && size) {
        memcpy(data, store->from + store->bytes, size);
    }
    store->bytes += size;
}
