/* What the program works with, read from one file: the flow, the classifier, and statistics of real garments. */
#ifndef FASHION_MODELS_H
#define FASHION_MODELS_H

#include "classifier.h"
#include "network.h"

typedef struct models {
    safetensors *file;
    network *net;
    classifier *judge;
    const double *mean, *covariance; /* of the features of the training images */
    const double *accuracy;          /* of the classifier on the test images */
    const float *test;               /* features[test_count][64] of test images */
    size_t test_count;
} models;

/* NULL, or why not. models_close in either case. */
const char *models_open(models *m, const char *path);
void models_close(models *m);

#endif
