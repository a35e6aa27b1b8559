/* The classifier of train/classifier.py in C: two convolutions (5 x 5, stride 2) and two full layers. Its features
 * measure how far samples are from the training images, its answers whether they show what was asked for. */
#ifndef FASHION_CLASSIFIER_H
#define FASHION_CLASSIFIER_H

#include "safetensors.h"

#define FEATURES 64
#define CLASSES 10

typedef struct classifier classifier;

/* For up to `capacity` images at a time. The file must stay open. NULL, or why not. */
const char *classifier_new(const safetensors *file, size_t capacity, classifier **out);
void classifier_free(classifier *judge);

/* features[count][64] and logits[count][10] of images[count][784], standardised as the network sees them; any count. */
void classifier_evaluate(classifier *judge, const float *images, size_t count, float *features, float *logits);

#endif
