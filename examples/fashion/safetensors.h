/* Reads a file in the safetensors format: float16 and float32 become float, float64 stays double. */
#ifndef FASHION_SAFETENSORS_H
#define FASHION_SAFETENSORS_H

#include <stddef.h>

#define TENSOR_NAME 64
#define TENSOR_RANK 4

typedef struct tensor {
    char name[TENSOR_NAME];
    int rank;
    size_t shape[TENSOR_RANK]; /* 1 beyond the rank */
    size_t count;
    float *floats; /* one of the two is NULL; the file owns them */
    double *doubles;
} tensor;

typedef struct safetensors safetensors;

/* NULL, or why not: a fragment such as "its header is damaged". *out is NULL then. */
const char *safetensors_open(const char *path, safetensors **out);
void safetensors_free(safetensors *file);

/* NULL when there is no such tensor. */
const tensor *safetensors_find(const safetensors *file, const char *name);

/* The values of a tensor of that type and shape, else NULL. */
const float *safetensors_floats(const safetensors *file, const char *name, size_t rows, size_t columns);
const double *safetensors_doubles(const safetensors *file, const char *name, size_t rows, size_t columns);

#endif
