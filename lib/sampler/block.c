#include "sampler/block.h"

#include <stdint.h>

size_t itp_block_rounded(size_t bytes)
{
    return (bytes + ITP_BLOCK_ALIGNMENT - 1) / ITP_BLOCK_ALIGNMENT * ITP_BLOCK_ALIGNMENT;
}

void *itp_block_take(itp_block *block, size_t count, size_t size)
{
    const size_t most = SIZE_MAX / 4;
    size_t at = block->bytes;
    if (size == 0 || count == 0) {
        return NULL;
    }
    if (at == SIZE_MAX || count > most / size || at + itp_block_rounded(count * size) > most) {
        block->bytes = SIZE_MAX;
        return NULL;
    }
    block->bytes += itp_block_rounded(count * size);
    return block->base ? block->base + at : NULL;
}
