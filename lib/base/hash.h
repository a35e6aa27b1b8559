/* Fingerprints of numbers: FNV-1a (Fowler, Noll, Vo), eight bytes at a time, with a shift because the high bits of a
 * product do not reach the low ones. Against accidents, not against people. */
#ifndef ITP_BASE_HASH_H
#define ITP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static const uint64_t ITP_HASH_EMPTY = 0xcbf29ce484222325u;

uint64_t itp_hash(uint64_t hash, uint64_t word);
uint64_t itp_hash_two(uint64_t hash, int32_t a, int32_t b);
uint64_t itp_hash_real(uint64_t hash, double value);
uint64_t itp_hash_bytes(uint64_t hash, const void *data, size_t size);

#endif
