#include "fit/solve.h"

#include <interp/base.h>

#include <math.h>

enum { LANES = 8 };

/* In lanes, so that compilers may use vectors without reordering a sum. */
static double dot(const double *a, const double *b, size_t n)
{
    double lane[LANES] = {0}, total = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (size_t k = 0; k < LANES; k++) lane[k] += a[i + k] * b[i + k];
    }
    for (; i < n; i++) total += a[i] * b[i];
    for (size_t k = 0; k < LANES; k++) total += lane[k];
    return total;
}

static int factor(size_t n, double *a)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) a[i * n + j] = (a[i * n + j] - dot(a + i * n, a + j * n, j)) / a[j * n + j];
        double rest = a[i * n + i] - dot(a + i * n, a + i * n, i);
        if (!(rest > 0 && isfinite(rest))) {
            return -1;
        }
        a[i * n + i] = sqrt(rest);
    }
    return 0;
}

static void substitute(size_t n, const double *a, double *b)
{
    for (size_t i = 0; i < n; i++) b[i] = (b[i] - dot(a + i * n, b, i)) / a[i * n + i];
    for (size_t i = n; i-- > 0;) {
        b[i] /= a[i * n + i];
        for (size_t j = 0; j < i; j++) b[j] -= a[i * n + j] * b[i];
    }
}

/* An unknown that nothing depends on stays 0. */
static void drop_unused(size_t n, double *a, double *b)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i * n + i] == 0) {
            for (size_t j = 0; j < n; j++) a[i * n + j] = a[j * n + i] = 0;
            a[i * n + i] = 1;
            b[i] = 0;
        }
    }
}

/* Scales go to the last column, whose part above the diagonal nobody reads, and the last one to the return value. */
static double scale(size_t n, double *a, double *b)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) a[i * n + j] /= sqrt(a[i * n + i]) * sqrt(a[j * n + j]);
        b[i] /= sqrt(a[i * n + i]);
    }
    double last = 1 / sqrt(a[n * n - 1]);
    for (size_t i = 0; i + 1 < n; i++) a[i * n + n - 1] = 1 / sqrt(a[i * n + i]);
    for (size_t i = 0; i < n; i++) a[i * n + i] = 1;
    return last;
}

int itp_solve(size_t n, double *a, double *b)
{
    drop_unused(n, a, b);
    for (size_t i = 0; i < n; i++) {
        if (!(a[i * n + i] > 0 && isfinite(a[i * n + i]))) {
            return -1;
        }
    }
    double last = scale(n, a, b);
    if (factor(n, a)) {
        return -1;
    }
    substitute(n, a, b);
    for (size_t i = 0; i + 1 < n; i++) b[i] *= a[i * n + n - 1];
    b[n - 1] *= last;
    return 0;
}

static void load(int32_t type, const void *from, size_t first, size_t n, double *to)
{
    if (type == ITP_FLOAT64) {
        for (size_t i = 0; i < n; i++) to[i] = ((const double *)from)[first + i];
    } else {
        for (size_t i = 0; i < n; i++) to[i] = (double)((const float *)from)[first + i];
    }
}

void itp_gram_add(int32_t type, const void *const *columns, size_t n, size_t length, double *room, double *gram)
{
    for (size_t first = 0; first < length; first += ITP_GRAM_BLOCK) {
        size_t some = length - first < ITP_GRAM_BLOCK ? length - first : ITP_GRAM_BLOCK;
        for (size_t i = 0; i < n; i++) {
            load(type, columns[i], first, some, room + i * ITP_GRAM_BLOCK);
            for (size_t j = 0; j <= i; j++) {
                gram[i * n + j] += dot(room + i * ITP_GRAM_BLOCK, room + j * ITP_GRAM_BLOCK, some);
            }
        }
    }
}

void itp_gram_finish(size_t n, double factor, double *gram)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            gram[i * n + j] *= factor;
            gram[j * n + i] = gram[i * n + j];
        }
    }
}

double itp_squares(int32_t type, const void *a, const void *b, size_t length)
{
    double x[ITP_GRAM_BLOCK], y[ITP_GRAM_BLOCK] = {0}, total = 0;
    for (size_t first = 0; first < length; first += ITP_GRAM_BLOCK) {
        size_t some = length - first < ITP_GRAM_BLOCK ? length - first : ITP_GRAM_BLOCK;
        load(type, a, first, some, x);
        if (b) {
            load(type, b, first, some, y);
        }
        for (size_t i = 0; i < some; i++) x[i] -= y[i];
        total += dot(x, x, some);
    }
    return total;
}
