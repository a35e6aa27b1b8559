/* Frechet distances of samples, in the features of the example's classifier. */
#ifndef FIT_JUDGE_H
#define FIT_JUDGE_H

#include "classifier.h"

/* Mean [FEATURES] and covariance [FEATURES][FEATURES] of the features of images[count][784]. 0; -1: no memory. */
int judge_moments(classifier *judge, const float *images, size_t count, double *mean, double *covariance);

/* Of images[count][784] to that mean and covariance; NAN where there is none. */
double judge_distance(classifier *judge, const double *mean, const double *covariance, const float *images,
                      size_t count);

#endif
