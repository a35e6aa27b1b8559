#include "judge.h"

#include "frechet.h"

#include <math.h>
#include <stdlib.h>

int judge_moments(classifier *judge, const float *images, size_t count, double *mean, double *covariance)
{
    float *features = malloc(count * FEATURES * sizeof *features), *logits = malloc(count * CLASSES * sizeof *logits);
    int status = features && logits ? 0 : -1;
    if (!status) {
        classifier_evaluate(judge, images, count, features, logits);
        frechet_moments(features, count, FEATURES, mean, covariance);
    }
    free(features);
    free(logits);
    return status;
}

double judge_distance(classifier *judge, const double *mean, const double *covariance, const float *images,
                      size_t count)
{
    double own_mean[FEATURES], own_covariance[FEATURES * FEATURES], result = NAN;
    int status = judge_moments(judge, images, count, own_mean, own_covariance);
    status = status ? status : frechet_distance(FEATURES, mean, covariance, own_mean, own_covariance, &result);
    return status ? (double)NAN : result;
}
