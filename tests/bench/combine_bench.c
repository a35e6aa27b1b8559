/* How fast the combine kernels are beside plain memory traffic, and how many normals come out per second.
 *
 * usage: combine_bench [LOG2_OF_THE_LARGEST_ARRAY], 22 unless told. All variants of a row run in turn, several times
 * over, and the median of each is shown: a busy machine then hurts them alike. Nothing here judges a time.
 * OPENBLAS_CORETYPE=SkylakeX, say, tells OpenBLAS which processor this is where it guesses wrong. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <interp/noise.h>

#include "kernels/kernels.h"

enum { MOST_COLUMNS = 8, ROUNDS = 11, VARIANTS = 3, LOG2_WORK = 21 };

typedef struct setting {
    int32_t type;
    size_t width, n; /* bytes and number of elements */
    int32_t columns;
    unsigned char *memory; /* MOST_COLUMNS + 1 arrays, the last one is next */
} setting;

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

static void *array(const setting *s, int32_t i)
{
    return s->memory + (size_t)i * s->n * s->width;
}

/* a = b + q c as everybody would write it: two columns. */
static void triad(const setting *s)
{
    if (s->type == ITP_FLOAT32) {
        float *a = array(s, MOST_COLUMNS), *b = array(s, 0), *c = array(s, 1);
        for (size_t i = 0; i < s->n; i++) a[i] = b[i] + 0.5F * c[i];
    } else {
        double *a = array(s, MOST_COLUMNS), *b = array(s, 0), *c = array(s, 1);
        for (size_t i = 0; i < s->n; i++) a[i] = b[i] + 0.5 * c[i];
    }
}

static void combine(const setting *s, itp_combine_fn kernel)
{
    itp_column columns[MOST_COLUMNS];
    for (int32_t j = 0; j < s->columns; j++) columns[j] = (itp_column){array(s, j), 1.0 / (2 + j)};
    itp_combine op = {
        .dim = s->n, .count = 1, .next = array(s, MOST_COLUMNS), .columns = columns, .column_count = s->columns};
    kernel(&op);
}

/* Seconds for one pass, by repeating it for about 2^LOG2_WORK elements. */
static double pass(const setting *s, itp_combine_fn kernel)
{
    size_t repeats = s->n >> LOG2_WORK ? 1 : ((size_t)1 << LOG2_WORK) / s->n;
    double start = now();
    for (size_t i = 0; i < repeats; i++) {
        if (kernel) {
            combine(s, kernel);
        } else {
            triad(s);
        }
    }
    return (now() - start) / (double)repeats;
}

/* Triad, portable, OpenBLAS: GB/s read and written, and nanoseconds per element. */
static void row(const setting *s)
{
    const itp_combine_fn kernels[VARIANTS] = {NULL, itp_kernel_choose(ITP_KERNEL_PORTABLE, s->type),
                                              itp_kernel_choose(ITP_KERNEL_OPENBLAS, s->type)};
    double seconds[VARIANTS][ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        for (int v = 0; v < VARIANTS; v++) seconds[v][r] = v && !kernels[v] ? 0 : pass(s, kernels[v]);
    }
    printf("float%d %9zu %8d", (int)(8 * s->width), s->n, (int)s->columns);
    for (int v = 0; v < VARIANTS; v++) {
        double time = median(seconds[v]), bytes = (double)(s->n * s->width) * (v ? s->columns + 1 : 3);
        if (time > 0) printf("  %7.1f %6.3f", bytes / time * 1e-9, time / (double)s->n * 1e9);
        if (!(time > 0)) printf("        -      -");
    }
    printf("\n");
}

static int table(int32_t type, int largest)
{
    const size_t most = (size_t)1 << largest;
    setting s = {.type = type, .width = type == ITP_FLOAT32 ? sizeof(float) : sizeof(double)};
    s.memory = calloc((MOST_COLUMNS + 1) * most, s.width);
    if (!s.memory) return 0;
    itp_normals(1, 2, 3, 0, type, s.memory, MOST_COLUMNS * most);
    for (s.n = (size_t)1 << 12; s.n <= most; s.n = s.n < most && s.n << 4 > most ? most : s.n << 4) {
        for (s.columns = 1; s.columns <= MOST_COLUMNS; s.columns++) row(&s);
    }
    free(s.memory);
    return 1;
}

static double normals_seconds(size_t dim)
{
    static float x[1 << 16];
    const size_t samples = ((size_t)1 << LOG2_WORK) / dim;
    double start = now();
    for (size_t i = 0; i < samples; i++) itp_normals(1, i, 0, 0, ITP_FLOAT32, x, dim);
    return (now() - start) / (double)(samples * dim);
}

static void normals_table(void)
{
    const size_t dims[] = {1, 4, 64, 784, 16384};
    printf("\nnormals per sample   million per second\n");
    for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
        double seconds[ROUNDS];
        for (int r = 0; r < ROUNDS; r++) seconds[r] = normals_seconds(dims[d]);
        printf("%18zu   %18.1f\n", dims[d], 1e-6 / median(seconds));
    }
}

int main(int argc, char **argv)
{
    long largest = argc > 1 ? strtol(argv[1], NULL, 10) : 22;
    if (largest < 12 || largest > 28) {
        fprintf(stderr, "usage: %s [12 .. 28]\n", argv[0]);
        return 2;
    }
    printf("type    elements  columns    triad GB/s, ns   portable GB/s, ns   OpenBLAS GB/s, ns (per element)\n");
    int ok = table(ITP_FLOAT32, (int)largest) && table(ITP_FLOAT64, (int)largest);
    if (!ok) printf("not enough memory for arrays of 2^%ld elements\n", largest);
    normals_table();
    return 0;
}
