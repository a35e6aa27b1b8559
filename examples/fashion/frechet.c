#include "frechet.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fortran: eigenvalues in `values`, eigenvectors over `a`; the last two are the hidden lengths of the strings. */
void dsyev_(const char *job, const char *part, const int *n, double *a, const int *lda, double *values, double *work,
            const int *size, int *info, size_t job_length, size_t part_length);

typedef struct scratch {
    double *root, *product, *other, *values, *work;
    int work_size;
} scratch;

void frechet_moments(const float *features, size_t count, int dim, double *mean, double *covariance)
{
    size_t n = (size_t)dim;
    memset(mean, 0, n * sizeof *mean);
    memset(covariance, 0, n * n * sizeof *covariance);
    for (size_t i = 0; i < count * n; i++) {
        mean[i % n] += (double)features[i] / (double)count;
    }
    for (size_t s = 0; s < count; s++) {
        const float *f = features + s * n;
        for (size_t i = 0; i < n * n; i++) {
            covariance[i] += ((double)f[i / n] - mean[i / n]) * ((double)f[i % n] - mean[i % n]);
        }
    }
    for (size_t i = 0; i < n * n; i++) {
        covariance[i] /= (double)(count - 1);
    }
}

static int eigen(int dim, char job, double *a, scratch *s)
{
    int info = 0;
    dsyev_(&job, "U", &dim, a, &dim, s->values, s->work, &s->work_size, &info, 1, 1);
    return info ? -2 : 0;
}

/* root = V sqrt(d) V^T of a symmetric matrix. dsyev leaves the eigenvectors in the rows, as C sees them. */
static int square_root(int dim, const double *matrix, scratch *s)
{
    size_t n = (size_t)dim;
    memcpy(s->other, matrix, n * n * sizeof *matrix);
    int status = eigen(dim, 'V', s->other, s);
    for (size_t i = 0; i < n * n; i++) {
        double value = s->values[i / n];
        s->product[i] = s->other[i] * (value > 0 ? sqrt(value) : 0);
    }
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, dim, dim, dim, 1, s->other, dim, s->product, dim, 0, s->root,
                dim);
    return status;
}

/* tr (C1^1/2 C2 C1^1/2)^1/2: the square roots of its eigenvalues. */
static int cross_trace(int dim, const double *covariance1, const double *covariance2, scratch *s, double *out)
{
    int status = square_root(dim, covariance1, s);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, dim, dim, dim, 1, s->root, dim, covariance2, dim, 0,
                s->product, dim);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, dim, dim, dim, 1, s->product, dim, s->root, dim, 0, s->other,
                dim);
    status = status ? status : eigen(dim, 'N', s->other, s);
    *out = 0;
    for (int i = 0; i < dim; i++) {
        *out += s->values[i] > 0 ? sqrt(s->values[i]) : 0;
    }
    return status;
}

static double *carve(int dim, scratch *s)
{
    size_t n = (size_t)dim;
    double *memory = calloc(3 * n * n + n + 34 * n, sizeof *memory);
    s->root = memory;
    s->product = memory ? memory + n * n : NULL;
    s->other = memory ? memory + 2 * n * n : NULL;
    s->values = memory ? memory + 3 * n * n : NULL;
    s->work = memory ? s->values + n : NULL;
    s->work_size = 34 * dim;
    return memory;
}

int frechet_distance(int dim, const double *mean1, const double *covariance1, const double *mean2,
                     const double *covariance2, double *distance)
{
    scratch s;
    double *memory = carve(dim, &s), cross = 0, total = 0;
    if (!memory) {
        return -1;
    }
    int status = cross_trace(dim, covariance1, covariance2, &s, &cross);
    for (int i = 0; i < dim; i++) {
        double off = mean1[i] - mean2[i];
        total += off * off + covariance1[i * dim + i] + covariance2[i * dim + i];
    }
    *distance = total - 2 * cross;
    free(memory);
    return status;
}
