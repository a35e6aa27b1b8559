/* The tensors of the flow, found in a file and checked against each other. Owns nothing: they stay the file's. */
#ifndef FASHION_WEIGHTS_H
#define FASHION_WEIGHTS_H

#include "layers.h"
#include "safetensors.h"

#define DEPTH_LIMIT 32

typedef struct block {
    linear qkv, out, up, down;
    const float *table; /* [6][width] */
} block;

typedef struct weights {
    size_t tokens, patch, patch_pixels, width, hidden, heads, depth, frequencies;
    size_t classes; /* with the null class */
    linear embed, time1, time2, condition, final, head;
    const float *position, *label; /* [tokens][width], [classes][width] */
    block blocks[DEPTH_LIMIT];
} weights;

/* NULL, or why not. */
const char *weights_load(weights *w, const safetensors *file);

/* NAME.weight [outputs][inputs] and NAME.bias [outputs]: 1 when both are there. */
int weights_linear(const safetensors *file, const char *name, size_t inputs, size_t outputs, linear *out);

#endif
