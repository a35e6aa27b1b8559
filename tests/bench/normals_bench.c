/* How long a normal takes, on each path that this processor has, and as part of a row's pass over memory.
 *
 * All variants of a table run in turn, several times over, and the median of each is shown: a busy machine then hurts
 * them alike. Nothing here judges a time. normals_peers.py compares with numpy and torch. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels/kernels.h"
#include "noise/normal.h"

enum { ROUNDS = 15, PATHS = 4, LOG2_WORK = 20, MOST_TERMS = 40 };

/* Processor time, not time of day: on a busy machine it is the one of the two that means something. */
static double now(void)
{
    return (double)clock() / (double)CLOCKS_PER_SEC;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x)
{
    qsort(x, ROUNDS, sizeof *x, ascending);
    return x[ROUNDS / 2];
}

/* Nanoseconds per normal of a batch of samples with `dim` elements, each filled by a call of its own. */
static double fill(const itp_normal_path *path, size_t dim, float *x)
{
    const size_t samples = ((size_t)1 << LOG2_WORK) / dim;
    double start = now();
    for (size_t i = 0; i < samples; i++) itp_normal_fill_by(path, 1, i, 0, 0, x, dim);
    return (now() - start) / (double)(samples * dim) * 1e9;
}

static void fill_row(size_t dim, float *x)
{
    double ns[PATHS][ROUNDS];
    const itp_normal_path *path;
    for (int r = 0; r < ROUNDS; r++) {
        for (int p = 0; (path = itp_normal_path_at(p)) != NULL; p++) ns[p][r] = fill(path, dim, x);
    }
    printf("%18zu", dim);
    for (int p = 0; itp_normal_path_at(p); p++) {
        double time = median(ns[p]);
        printf("   %6.2f %6.0f", time, 1e3 / time);
    }
    printf("\n");
}

static void fill_table(float *x)
{
    const size_t dims[] = {4, 64, 784, 16384, 1048576};
    printf("itp_normals: ns per normal, millions per second\nnormals per sample");
    for (int p = 0; itp_normal_path_at(p); p++) printf("   %13s", itp_normal_path_at(p)->name);
    printf("\n");
    for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) fill_row(dims[d], x);
}

/* Nanoseconds per element of one row: one column and `terms` normals. */
static double row(int32_t type, size_t dim, int32_t terms, const uint64_t *seeds, void *x)
{
    itp_noise_term normals[MOST_TERMS];
    for (int32_t j = 0; j < terms; j++) normals[j] = (itp_noise_term){(uint32_t)j, 1.0 / (j + 1)};
    const itp_column column = {x, 0.5};
    const size_t elements = ((size_t)1 << LOG2_WORK) / (terms > 4 ? 4 : 1);
    itp_combine op = {.dim = dim < elements ? dim : elements,
                      .next = x,
                      .columns = &column,
                      .column_count = 1,
                      .normals = normals,
                      .normal_count = terms,
                      .seed = 1,
                      .seeds = seeds};
    op.count = elements / op.dim;
    double start = now();
    itp_kernel_choose(ITP_KERNEL_PORTABLE, type)(&op);
    return (now() - start) / (double)(op.count * op.dim) * 1e9;
}

static void fused_row(int32_t type, size_t dim, const uint64_t *seeds, void *x)
{
    const int32_t terms[] = {0, 1, 8, MOST_TERMS};
    double ns[4][ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        for (int t = 0; t < 4; t++) ns[t][r] = row(type, dim, terms[t], seeds, x);
    }
    printf("%s %8zu  %s", type == ITP_FLOAT32 ? "float32" : "float64", dim, seeds ? "each" : "one ");
    double none = median(ns[0]);
    for (int t = 1; t < 4; t++) printf("   %6.2f", (median(ns[t]) - none) / terms[t]);
    printf("\n");
}

static int fused_table(void *x)
{
    const size_t dims[] = {1, 2, 3, 4, 10, 64, 784, 1048576};
    uint64_t *seeds = malloc(sizeof *seeds << LOG2_WORK);
    if (!seeds) return 0;
    for (size_t i = 0; i < (size_t)1 << LOG2_WORK; i++) seeds[i] = i * i + 7;
    printf("\ncombine: ns per normal and element, as so many terms of a row\n"
           "type         dim  seeds     1        8       %d\n",
           MOST_TERMS);
    for (int type = 0; type < 2; type++) {
        for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
            fused_row(type ? ITP_FLOAT64 : ITP_FLOAT32, dims[d], NULL, x);
            fused_row(type ? ITP_FLOAT64 : ITP_FLOAT32, dims[d], seeds, x);
        }
    }
    free(seeds);
    return 1;
}

int main(void)
{
    double *x = calloc((size_t)1 << LOG2_WORK, sizeof *x);
    if (!x) return 1;
    fill_table((float *)x);
    int ok = fused_table(x);
    free(x);
    return ok ? 0 : 1;
}
