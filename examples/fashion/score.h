/* How good samples are: against real garments, against what was asked for, and against other samples. */
#ifndef FASHION_SCORE_H
#define FASHION_SCORE_H

#include "models.h"
#include "sampling.h"

typedef struct score {
    double distance; /* Frechet distance to the training images; NAN when it cannot be computed */
    double accuracy; /* share of the samples in which the classifier sees the class that was asked for */
} score;

/* Of x[count][784]. ITP_E_MEMORY without memory. */
int score_samples(const models *m, const recipe *r, const float *x, size_t count, score *out);

/* Frechet distance of features[count][64] to the training images. */
double score_distance(const models *m, const float *features, size_t count);

double score_rms(const float *a, const float *b, size_t count);

typedef struct likeness {
    double agreement;   /* share of the pairs in which the classifier sees the same class */
    double recognised;  /* share of the samples of a whose own b is the nearest of all that were to show their class */
    double correlation; /* of the pixels of a pair, in the mean */
    double rms;
} likeness;

/* Of each sample of a[count][784] with the one of b. ITP_E_MEMORY without memory. */
int score_likeness(const models *m, const recipe *r, const float *a, const float *b, size_t count, likeness *out);

#endif
