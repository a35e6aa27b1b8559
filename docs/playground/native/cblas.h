/* The two calls of a BLAS that the example network makes, for a build without one. Row-major and without checks. */
#ifndef PLAYGROUND_CBLAS_H
#define PLAYGROUND_CBLAS_H

enum { CblasRowMajor = 101 };
enum { CblasNoTrans = 111, CblasTrans = 112 };

/* C = alpha op(A) op(B) + beta C, m x n, for (NoTrans, Trans) and (Trans, NoTrans). */
void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);

/* y += alpha x, both without gaps. */
void cblas_saxpy(int n, float alpha, const float *x, int step_x, float *y, int step_y);

#endif
