/* Reads the JSON header of a safetensors file, entry by entry. Strict: what such files do not contain (escapes in
 * names, numbers with a sign or a fraction, other element types) is refused. */
#ifndef FASHION_HEADER_H
#define FASHION_HEADER_H

#include "safetensors.h"

typedef struct header {
    const char *at, *end;
    size_t entries; /* read so far */
} header;

typedef struct header_entry {
    char name[TENSOR_NAME];
    size_t size; /* of an element: 2, 4, 8 */
    int rank;
    size_t shape[TENSOR_RANK];
    size_t begin, end; /* in the data */
} header_entry;

/* 1: go on, -1: damaged. */
int header_open(header *h);
/* 1: an entry, 0: no more, -1: damaged. Metadata, which come first where there are any, are passed over. */
int header_next(header *h, header_entry *out);

#endif
