#include "classifier.h"

#include "layers.h"
#include "weights.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 5
#define SIDE 28
#define CHANNELS1 16
#define CHANNELS2 32
#define AREA (WINDOW * WINDOW)

struct classifier {
    linear conv1, conv2, full1, full2;
    size_t capacity;
    float *windows, *first, *second;
};

static int load(classifier *judge, const safetensors *file)
{
    return weights_linear(file, "classifier.conv1", AREA, CHANNELS1, &judge->conv1) &&
           weights_linear(file, "classifier.conv2", AREA * CHANNELS1, CHANNELS2, &judge->conv2) &&
           weights_linear(file, "classifier.fc1", SIDE * SIDE / 16 * CHANNELS2, FEATURES, &judge->full1) &&
           weights_linear(file, "classifier.fc2", FEATURES, CLASSES, &judge->full2);
}

const char *classifier_new(const safetensors *file, size_t capacity, classifier **out)
{
    const size_t quarter = SIDE * SIDE / 4, sixteenth = quarter / 4;
    *out = NULL;
    classifier *judge = calloc(1, sizeof *judge);
    if (!judge || !load(judge, file)) {
        free(judge);
        return judge ? "a tensor of its classifier is missing, or has another shape" : "there is no memory left";
    }
    judge->capacity = capacity;
    judge->windows = malloc(capacity * sixteenth * AREA * CHANNELS1 * sizeof(float));
    judge->first = malloc(capacity * quarter * CHANNELS1 * sizeof(float));
    judge->second = malloc(capacity * sixteenth * CHANNELS2 * sizeof(float));
    if (!judge->windows || !judge->first || !judge->second) {
        classifier_free(judge);
        return "there is no memory left";
    }
    *out = judge;
    return NULL;
}

void classifier_free(classifier *judge)
{
    if (judge) {
        free(judge->windows);
        free(judge->first);
        free(judge->second);
        free(judge);
    }
}

/* The window around (y, x), zero outside the image: runs of WINDOW pixels, each of `channels` neighbouring floats. */
static void unfold_window(const float *image, int side, size_t channels, int y, int x, float *out)
{
    for (int i = 0; i < AREA; i++) {
        int row = y + i / WINDOW - WINDOW / 2, column = x + i % WINDOW - WINDOW / 2;
        if (row < 0 || row >= side || column < 0 || column >= side) {
            memset(out, 0, channels * sizeof *out);
        } else {
            memcpy(out, image + (size_t)(row * side + column) * channels, channels * sizeof *out);
        }
        out += channels;
    }
}

static void unfold(const float *images, size_t count, int side, size_t channels, float *out)
{
    for (size_t i = 0; i < count; i++) {
        for (int y = 0; y < side; y += 2) {
            for (int x = 0; x < side; x += 2) {
                unfold_window(images, side, channels, y, x, out);
                out += AREA * channels;
            }
        }
        images += (size_t)(side * side) * channels;
    }
}

static void evaluate_some(classifier *judge, const float *images, size_t count, float *features, float *logits)
{
    const size_t quarter = SIDE * SIDE / 4, sixteenth = quarter / 4;
    unfold(images, count, SIDE, 1, judge->windows);
    layer_linear(&judge->conv1, judge->windows, count * quarter, judge->first);
    layer_relu(judge->first, count * quarter * CHANNELS1);
    unfold(judge->first, count, SIDE / 2, CHANNELS1, judge->windows);
    layer_linear(&judge->conv2, judge->windows, count * sixteenth, judge->second);
    layer_relu(judge->second, count * sixteenth * CHANNELS2);
    layer_linear(&judge->full1, judge->second, count, features);
    layer_relu(features, count * FEATURES);
    layer_linear(&judge->full2, features, count, logits);
}

void classifier_evaluate(classifier *judge, const float *images, size_t count, float *features, float *logits)
{
    for (size_t first = 0; first < count; first += judge->capacity) {
        size_t some = count - first < judge->capacity ? count - first : judge->capacity;
        evaluate_some(judge, images + first * SIDE * SIDE, some, features + first * FEATURES, logits + first * CLASSES);
    }
}
