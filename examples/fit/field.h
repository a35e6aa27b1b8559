/* A network to fit plans for: a velocity under the linear schedule, and how its samples are judged. */
#ifndef FIT_FIELD_H
#define FIT_FIELD_H

#include <interp/interp.h>

typedef struct field {
    const char *name;
    size_t dim;
    itp_network_fn velocity;
    void *user;
    /* Frechet distance of samples[count][dim] to the data. */
    double (*distance)(void *user, const float *samples, size_t count);
    void (*free)(void *user);
} field;

/* 0, or a message to stderr and -1. */

/* The rotated product of 64 one-dimensional mixtures of two normals, variances as a power law, unit on average.
 * Distances are between the samples' own mean and covariance and the law's. */
int field_mixture(field *out);

/* E[X | x] of `count` images in closed form: a softmax over all of them. `path`: an unpacked idx3 file of bytes, such
 * as MNIST's; NULL: drawn ones, a few ellipses each. Standardised. `weights`: the example network's file, for its
 * classifier; distances are to the images. */
int field_images(const char *path, size_t count, const char *weights, field *out);

/* The example network of examples/fashion, with the class of sample i being i % 10. */
int field_fashion(const char *path, field *out);

#endif
