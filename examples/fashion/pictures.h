/* Contact sheets of recipes: each is sampled for a block of its own. */
#ifndef FASHION_PICTURES_H
#define FASHION_PICTURES_H

#include "contact.h"
#include "sampling.h"

#define PICTURE_BLOCKS 10

typedef struct picture {
    recipe recipes[PICTURE_BLOCKS];
    contact_block blocks[PICTURE_BLOCKS];
    size_t count, across; /* blocks, and how many of them in a row */
    float *x;             /* all samples, one recipe's after the other's */
} picture;

/* Samples `samples` garments of each recipe, so that blocks[].images holds them, and writes the captions that are
 * empty. Free x with picture_free. A status of libinterp. */
int picture_sample(picture *p, network *net, size_t samples);
void picture_free(picture *p);

/* `garments` of each block; says so on stdout. EXIT_SUCCESS, or EXIT_FAILURE after one sentence on stderr. */
int picture_write(const picture *p, const char *path, size_t garments);

#endif
