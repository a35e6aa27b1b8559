#include "score.h"

#include "frechet.h"

#include <math.h>
#include <stdlib.h>

double score_distance(const models *m, const float *features, size_t count)
{
    double mean[FEATURES], covariance[FEATURES * FEATURES], result;
    frechet_moments(features, count, FEATURES, mean, covariance);
    return frechet_distance(FEATURES, m->mean, m->covariance, mean, covariance, &result) ? NAN : result;
}

double score_rms(const float *a, const float *b, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    }
    return sqrt(total / (double)count);
}

/* What the classifier makes of samples. */
typedef struct judgement {
    float *features, *logits;
} judgement;

static int judge(const models *m, const float *x, size_t count, judgement *out)
{
    out->features = malloc(count * FEATURES * sizeof *out->features);
    out->logits = malloc(count * CLASSES * sizeof *out->logits);
    if (!out->features || !out->logits) {
        return ITP_E_MEMORY;
    }
    classifier_evaluate(m->judge, x, count, out->features, out->logits);
    return ITP_OK;
}

static void forget(judgement *what)
{
    free(what->features);
    free(what->logits);
}

static size_t answer(const judgement *what, size_t sample)
{
    const float *logits = what->logits + sample * CLASSES;
    size_t best = 0;
    for (size_t i = 1; i < CLASSES; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    return best;
}

int score_samples(const models *m, const recipe *r, const float *x, size_t count, score *out)
{
    judgement seen = {0};
    size_t right = 0;
    int status = judge(m, x, count, &seen);
    for (size_t i = 0; !status && i < count; i++) {
        right += answer(&seen, i) == (size_t)sampling_label(r, i);
    }
    if (!status) {
        out->distance = score_distance(m, seen.features, count);
        out->accuracy = (double)right / (double)count;
    }
    forget(&seen);
    return status;
}

static double correlation(const float *a, const float *b)
{
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = IMAGE_PIXELS;
    for (size_t i = 0; i < IMAGE_PIXELS; i++) {
        double p = (double)a[i], q = (double)b[i];
        sa += p;
        sb += q;
        saa += p * p;
        sbb += q * q;
        sab += p * q;
    }
    return (sab - sa * sb / n) / sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
}

/* Is no other sample of b's that was to show the same class as near to the one of a as its own? */
static int is_nearest(const recipe *r, const float *a, const float *b, size_t sample, size_t count)
{
    const float *x = a + sample * IMAGE_PIXELS;
    double own = score_rms(x, b + sample * IMAGE_PIXELS, IMAGE_PIXELS);
    for (size_t i = 0; i < count; i++) {
        if (i != sample && sampling_label(r, i) == sampling_label(r, sample) &&
            score_rms(x, b + i * IMAGE_PIXELS, IMAGE_PIXELS) <= own) {
            return 0;
        }
    }
    return 1;
}

int score_likeness(const models *m, const recipe *r, const float *a, const float *b, size_t count, likeness *out)
{
    judgement left = {0}, right = {0};
    size_t same = 0, nearest = 0;
    double total = 0, n = (double)count;
    int status = judge(m, a, count, &left);
    status = status ? status : judge(m, b, count, &right);
    for (size_t i = 0; !status && i < count; i++) {
        same += answer(&left, i) == answer(&right, i);
        nearest += is_nearest(r, a, b, i, count) != 0;
        total += correlation(a + i * IMAGE_PIXELS, b + i * IMAGE_PIXELS);
    }
    *out = (likeness){(double)same / n, (double)nearest / n, total / n, score_rms(a, b, count * IMAGE_PIXELS)};
    forget(&left);
    forget(&right);
    return status;
}
