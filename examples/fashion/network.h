/* The flow of train/model.py in C: a class-conditional transformer that returns the velocity under the linear schedule.
 * All sizes are read from the shapes of the tensors. */
#ifndef FASHION_NETWORK_H
#define FASHION_NETWORK_H

#include "safetensors.h"

#include <stdint.h>

#define IMAGE_SIDE 28
#define IMAGE_PIXELS (IMAGE_SIDE * IMAGE_SIDE)

typedef struct network network;

/* For up to `capacity` images at a time; all memory is allocated here. The file must stay open as long as the network.
 * NULL, or why not: a fragment such as "tensor flow.head.weight is missing". *out is NULL then. */
const char *network_new(const safetensors *file, size_t capacity, network **out);
void network_free(network *net);

size_t network_capacity(const network *net);
/* Classes are 0 .. null_class - 1; null_class itself means "any". */
int32_t network_null_class(const network *net);

/* velocity[count][784] from x[count][784] at one time; count <= capacity, labels[count] in 0 .. null_class. */
void network_evaluate(network *net, const float *x, double time, const int32_t *labels, float *velocity, size_t count);

#endif
