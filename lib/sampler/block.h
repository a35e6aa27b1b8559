/* The one piece of memory that an object lives in, taken part by part: once without memory, to learn how much it is,
 * and once to place the parts. */
#ifndef ITP_SAMPLER_BLOCK_H
#define ITP_SAMPLER_BLOCK_H

#include <stddef.h>

enum { ITP_BLOCK_ALIGNMENT = 64 };

typedef struct itp_block {
    unsigned char *base; /* NULL: only counted */
    size_t bytes;        /* taken so far; SIZE_MAX: more than there can be */
} itp_block;

/* The next count * size bytes, from an address aligned to 64 bytes; NULL where nothing is taken or there is no base. */
void *itp_block_take(itp_block *block, size_t count, size_t size);

/* Rounded up to whole alignments. */
size_t itp_block_rounded(size_t bytes);

#endif
