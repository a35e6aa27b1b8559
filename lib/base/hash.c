#include "base/hash.h"

#include <string.h>

uint64_t itp_hash(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x100000001b3u;
    return hash ^ (hash >> 32);
}

uint64_t itp_hash_two(uint64_t hash, int32_t a, int32_t b)
{
    return itp_hash(hash, (uint64_t)(uint32_t)a << 32 | (uint32_t)b);
}

uint64_t itp_hash_real(uint64_t hash, double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return itp_hash(hash, word);
}

uint64_t itp_hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *from = data;
    uint64_t word;
    for (; size >= sizeof word; size -= sizeof word, from += sizeof word) {
        memcpy(&word, from, sizeof word);
        hash = itp_hash(hash, word);
    }
    word = 0;
    memcpy(&word, from, size);
    return size ? itp_hash(hash, word) : hash;
}
