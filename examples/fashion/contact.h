/* Contact sheets: blocks of garments side by side, each under its caption. */
#ifndef FASHION_CONTACT_H
#define FASHION_CONTACT_H

#include <stddef.h>

typedef struct contact_block {
    char caption[96];
    const float *images; /* [count][784], standardised */
} contact_block;

/* `across` blocks in a row, `count` garments in each, ten in a line. 0, or -1: no memory, -2: the file cannot be
 * written. */
int contact_write(const char *path, const contact_block *blocks, size_t block_count, size_t across, size_t count);

#endif
