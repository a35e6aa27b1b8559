#include "cblas.h"

#include <stddef.h>
#include <string.h>

typedef float four __attribute__((vector_size(16)));

static inline four load(const float *at)
{
    four v;
    memcpy(&v, at, sizeof v);
    return v;
}

static inline float fold(four v)
{
    return (v[0] + v[2]) + (v[1] + v[3]);
}

enum { HIGH = 4, WIDE = 3 }; /* twelve sums stay in registers */

/* sums[i][j] = row i of A times row j of B. */
static inline void tile(const float *a, int lda, const float *b, int ldb, int k, float sums[HIGH][WIDE])
{
    four total[HIGH][WIDE] = {{{0}}};
    int p = 0;
    for (; p + 4 <= k; p += 4) {
        for (int j = 0; j < WIDE; j++) {
            four right = load(b + (ptrdiff_t)j * ldb + p);
            for (int i = 0; i < HIGH; i++) {
                total[i][j] += load(a + (ptrdiff_t)i * lda + p) * right;
            }
        }
    }
    for (int i = 0; i < HIGH; i++) {
        for (int j = 0; j < WIDE; j++) {
            sums[i][j] = fold(total[i][j]);
            for (int rest = p; rest < k; rest++) {
                sums[i][j] += a[(ptrdiff_t)i * lda + rest] * b[(ptrdiff_t)j * ldb + rest];
            }
        }
    }
}

static float product(const float *a, const float *b, int k)
{
    four total = {0};
    int p = 0;
    for (; p + 4 <= k; p += 4) {
        total += load(a + p) * load(b + p);
    }
    float sum = fold(total);
    for (; p < k; p++) {
        sum += a[p] * b[p];
    }
    return sum;
}

/* The same at the edges of C, where fewer rows or columns are left. */
static void edge(const float *a, int lda, const float *b, int ldb, int k, int high, int wide, float sums[HIGH][WIDE])
{
    for (int i = 0; i < high; i++) {
        for (int j = 0; j < wide; j++) {
            sums[i][j] = product(a + (ptrdiff_t)i * lda, b + (ptrdiff_t)j * ldb, k);
        }
    }
}

static inline int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Rows of A with rows of B. */
static void rows_with_rows(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                           float beta, float *c, int ldc)
{
    float sums[HIGH][WIDE];
    for (int i = 0; i < m; i += HIGH) {
        for (int j = 0; j < n; j += WIDE) {
            int high = smaller(m - i, HIGH), wide = smaller(n - j, WIDE);
            const float *left = a + (ptrdiff_t)i * lda, *right = b + (ptrdiff_t)j * ldb;
            if (high == HIGH && wide == WIDE) {
                tile(left, lda, right, ldb, k, sums);
            } else {
                edge(left, lda, right, ldb, k, high, wide, sums);
            }
            for (int q = 0; q < high * wide; q++) {
                float *to = c + (ptrdiff_t)(i + q / wide) * ldc + j + q % wide;
                *to = alpha * sums[q / wide][q % wide] + (beta == 0.0F ? 0.0F : beta * *to);
            }
        }
    }
}

void cblas_saxpy(int n, float alpha, const float *x, int step_x, float *y, int step_y)
{
    (void)step_x, (void)step_y;
    for (int i = 0; i < n; i++) {
        y[i] += alpha * x[i];
    }
}

/* Columns of A with columns of B: a sum of B's rows for each row of C. */
static void columns_with_columns(int m, int n, int k, float alpha, const float *a, int lda, const float *b, int ldb,
                                 float beta, float *c, int ldc)
{
    for (int i = 0; i < m; i++) {
        float *row = c + (ptrdiff_t)i * ldc;
        for (int j = 0; j < n; j++) {
            row[j] = beta == 0.0F ? 0.0F : beta * row[j];
        }
        for (int p = 0; p < k; p++) {
            cblas_saxpy(n, alpha * a[(ptrdiff_t)p * lda + i], b + (ptrdiff_t)p * ldb, 1, row, 1);
        }
    }
}

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc)
{
    (void)order, (void)transpose_b;
    if (transpose_a == CblasTrans) {
        columns_with_columns(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } else {
        rows_with_rows(m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }
}
