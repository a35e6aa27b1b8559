/* The shipped network making garments, one network evaluation per call. */
#ifndef PLAYGROUND_GARMENTS_H
#define PLAYGROUND_GARMENTS_H

#include "settings.h"

typedef struct garments garments;

/* `bytes` are those of a safetensors file with the flow. NULL when it is not one, or memory is short. */
garments *garments_new(void *bytes, int32_t size, int32_t capacity);

/* Starts `count` garments of a class 0 .. 9, or -1 for one of each in turn. A status of libinterp. */
int garments_begin(garments *g, int32_t schedule, int32_t solver, int32_t grid, int32_t evaluations, double k,
                   int32_t label, double seed, int32_t count);

/* Makes one evaluation. ITP_EVALUATE: there is more to do; ITP_OK: the garments are finished. */
int garments_row(garments *g);

#endif
