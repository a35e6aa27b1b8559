#include "field.h"

#include "judge.h"
#include "models.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 28, DIM = SIDE * SIDE, MOST_SAMPLES = 128 };

typedef struct images {
    size_t count;
    float *pixels, *halves, *scores;                        /* [count][DIM]; |image|^2/2; [MOST_SAMPLES][count] */
    models m;                                               /* for the classifier */
    double mean[FEATURES], covariance[FEATURES * FEATURES]; /* of the images' features */
} images;

static void images_free(void *user)
{
    images *m = user;
    free(m->pixels);
    free(m->halves);
    free(m->scores);
    models_close(&m->m);
    free(m);
}

/* The weight of an image is exp(-|x - b image|^2/(2 a^2)); then data = sum of weight image. */
static void weigh(const images *m, double a, double b, float *scores)
{
    double top = -INFINITY, total = 0;
    for (size_t j = 0; j < m->count; j++) {
        double score = (b * (double)scores[j] - b * b * (double)m->halves[j]) / (a * a);
        scores[j] = (float)score;
        top = score > top ? score : top;
    }
    for (size_t j = 0; j < m->count; j++) {
        scores[j] = expf(scores[j] - (float)top);
        total += (double)scores[j];
    }
    for (size_t j = 0; j < m->count; j++) scores[j] = (float)((double)scores[j] / total);
}

/* velocity = data - noise, noise = (x - b data)/a: (data - x)/a with a + b = 1. */
static void evaluate(const images *m, double t, const float *x, float *out, size_t count)
{
    int n = (int)count, all = (int)m->count;
    double a = 1 - t > 1e-4 ? 1 - t : 1e-4;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, all, DIM, 1, x, DIM, m->pixels, DIM, 0, m->scores, all);
    for (size_t i = 0; i < count; i++) weigh(m, a, 1 - a, m->scores + i * m->count);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, DIM, all, 1, m->scores, all, m->pixels, DIM, 0, out, DIM);
    for (size_t i = 0; i < count * DIM; i++) out[i] = (float)(((double)out[i] - (double)x[i]) / a);
}

static int ITP_CALL velocity(void *user, const itp_request *request)
{
    const float *x = request->x;
    float *out = request->out;
    for (size_t i = 0; i < request->count; i += MOST_SAMPLES) {
        size_t some = request->count - i < MOST_SAMPLES ? request->count - i : MOST_SAMPLES;
        evaluate(user, request->time, x + i * DIM, out + i * DIM, some);
    }
    return 0;
}

static int is_head(const unsigned char *head)
{
    return head[2] == 8 && head[3] == 3 && head[11] == SIDE && head[15] == SIDE;
}

static int read_pixels(const char *path, images *m)
{
    unsigned char head[16], bytes[DIM];
    FILE *file = fopen(path, "rb");
    int good = file && fread(head, 1, sizeof head, file) == sizeof head && is_head(head);
    for (size_t i = 0; good && i < m->count; i++) {
        good = fread(bytes, 1, DIM, file) == DIM;
        for (size_t k = 0; good && k < DIM; k++) m->pixels[i * DIM + k] = (float)bytes[k];
    }
    if (file) {
        fclose(file);
    }
    return good ? 0 : -1;
}

static void draw_ellipse(const double *by, float *image)
{
    double x = 14 + 5 * by[0], y = 14 + 5 * by[1], cosine = cos(3 * by[2]), sine = sin(3 * by[2]);
    double wide = 3 + 2 * fabs(by[3]), high = 3 + 2 * fabs(by[4]);
    for (size_t k = 0; k < DIM; k++) {
        double dx = (double)(k % SIDE) - x, dy = (double)(k / SIDE) - y;
        double p = (dx * cosine + dy * sine) / wide, q = (dy * cosine - dx * sine) / high;
        image[k] += (float)(1 / (1 + exp(4 * (p * p + q * q - 1))));
    }
}

static void draw_pixels(images *m)
{
    enum { ELLIPSES = 3, NUMBERS = 5 };
    for (size_t i = 0; i < m->count; i++) {
        double by[ELLIPSES * NUMBERS];
        itp_normals(28, i, 0, 0, ITP_FLOAT64, by, ELLIPSES * NUMBERS);
        for (size_t e = 0; e < ELLIPSES; e++) draw_ellipse(by + e * NUMBERS, m->pixels + i * DIM);
    }
}

static void standardise(images *m)
{
    double sum = 0, squares = 0, n = (double)(m->count * DIM);
    for (size_t i = 0; i < m->count * DIM; i++) {
        sum += (double)m->pixels[i];
        squares += (double)m->pixels[i] * (double)m->pixels[i];
    }
    double mean = sum / n, deviation = sqrt(squares / n - mean * mean);
    for (size_t i = 0; i < m->count * DIM; i++) {
        m->pixels[i] = (float)(((double)m->pixels[i] - mean) / deviation);
        m->halves[i / DIM] += 0.5F * m->pixels[i] * m->pixels[i];
    }
}

static int allocate(images *m, size_t count)
{
    m->count = count;
    m->pixels = calloc(count * DIM, sizeof *m->pixels);
    m->halves = calloc(count, sizeof *m->halves);
    m->scores = calloc(MOST_SAMPLES * count, sizeof *m->scores);
    return m->pixels && m->halves && m->scores ? 0 : -1;
}

/* To the images themselves. */
static double distance(void *user, const float *samples, size_t count)
{
    const images *m = user;
    return judge_distance(m->m.judge, m->mean, m->covariance, samples, count);
}

static int make_images(const char *path, images *m)
{
    int status = 0;
    if (path) {
        status = read_pixels(path, m);
    } else {
        draw_pixels(m);
    }
    if (status) {
        fprintf(stderr, "%s: no idx3 file of %zu images of 28 x 28 pixels\n", path, m->count);
    } else {
        standardise(m);
    }
    return status;
}

static int make_judge(const char *weights, images *m)
{
    const char *why = models_open(&m->m, weights);
    if (why) {
        fprintf(stderr, "%s: %s\n", weights, why);
        return -1;
    }
    return judge_moments(m->m.judge, m->pixels, m->count, m->mean, m->covariance);
}

int field_images(const char *path, size_t count, const char *weights, field *out)
{
    images *m = calloc(1, sizeof *m);
    if (!m) {
        return -1;
    }
    if (allocate(m, count) || make_images(path, m) || make_judge(weights, m)) {
        images_free(m);
        return -1;
    }
    *out = (field){path ? "images" : "ellipses", DIM, velocity, m, distance, images_free};
    return 0;
}
