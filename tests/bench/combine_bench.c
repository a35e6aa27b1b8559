/* The combine kernels beside a loop as in STREAM: the same arrays read and written, in the arrays' own type, without
 * normals, compiled for this very processor. How fast that is, and how many times faster each kernel is (below 1:
 * slower).
 *
 * usage: combine_bench [FROM [TO [STEP [ALL]]]]: arrays of 2^FROM, 2^(FROM + STEP) .. 2^TO elements (12 22 5: some ten
 * seconds); ALL = 1: any number of columns from 1 to 10. The whole range is 10 27 1 1: hours, and 12 GB.
 *
 * All variants of a row run in turn, several times over, and the median of each is shown: a busy machine then hurts
 * them alike. Nothing here judges a time. OPENBLAS_CORETYPE=SkylakeX, say, tells OpenBLAS which processor this is where
 * it guesses wrong. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <interp/noise.h>

#include "kernels/kernels.h"

enum { MOST = 10, NEXT = MOST, ARRAYS, ROUNDS = 9, LOG2_WORK = 20, VARIANTS = 4, MOST_ROWS = 8192 };
enum { APART, IN_PLACE, KEPT, NOISY, LAYOUTS };
static const char *const layouts[LAYOUTS] = {"apart", "in place", "kept", "normals"};
static const char *const variants[VARIANTS] = {"AVX-512", "AVX2", "portable", "OpenBLAS"};

typedef struct setting {
    int32_t type, columns;
    int layout;
    size_t width, n; /* bytes and number of elements */
    unsigned char *memory;
    double coef[MOST];
} setting;

static void *array(const setting *s, int32_t i)
{
    return s->memory + (size_t)i * s->n * s->width;
}

/* Column 0 is the state, 1 the output. All but APART overwrite the state. */
static void *next_of(const setting *s)
{
    return array(s, s->layout == APART ? NEXT : 0);
}

/* ---- as in STREAM ---- */

#if defined(__clang__)
#define ANY_ORDER _Pragma("clang loop vectorize(assume_safety)")
#else
#define ANY_ORDER _Pragma("GCC ivdep")
#endif
#define TERM(j) c[j] * x[(size_t)(j)*n + i]
#define SUM1 TERM(0)
#define SUM2 SUM1 + TERM(1)
#define SUM3 SUM2 + TERM(2)
#define SUM4 SUM3 + TERM(3)
#define SUM5 SUM4 + TERM(4)
#define SUM6 SUM5 + TERM(5)
#define SUM7 SUM6 + TERM(6)
#define SUM8 SUM7 + TERM(7)
#define SUM9 SUM8 + TERM(8)
#define SUM10 SUM9 + TERM(9)
#define CASE(TYPE, SUM) \
    if (keeps) { \
        ANY_ORDER for (size_t i = 0; i < n; i++) \
        { \
            TYPE sum = SUM, kept = c[1] * x[i] + c[0] * out[i]; \
            out[i] = kept; \
            next[i] = sum; \
        } \
    } else { \
        ANY_ORDER for (size_t i = 0; i < n; i++) next[i] = SUM; \
    } \
    break
#define LOOPS(TYPE) \
    static void stream_##TYPE(const setting *s) \
    { \
        const size_t n = s->n; \
        const int keeps = s->layout == KEPT; \
        const TYPE *x = array(s, 0); \
        TYPE c[MOST], *next = next_of(s), *out = array(s, 1); \
        for (int j = 0; j < MOST; j++) c[j] = (TYPE)s->coef[j]; \
        switch (s->columns) { \
        case 1: CASE(TYPE, SUM1); \
        case 2: CASE(TYPE, SUM2); \
        case 3: CASE(TYPE, SUM3); \
        case 4: CASE(TYPE, SUM4); \
        case 5: CASE(TYPE, SUM5); \
        case 6: CASE(TYPE, SUM6); \
        case 7: CASE(TYPE, SUM7); \
        case 8: CASE(TYPE, SUM8); \
        case 9: CASE(TYPE, SUM9); \
        default: CASE(TYPE, SUM10); \
        } \
    }
LOOPS(float)
LOOPS(double)

/* ---- the kernels ---- */

static itp_combine_fn kernel_of(int variant, int32_t type)
{
    switch (variant) {
    case 0: return itp_combine_avx512(type);
    case 1: return itp_combine_avx2(type);
    case 2: return itp_combine_portable(type);
    default: return itp_kernel_choose(ITP_KERNEL_OPENBLAS, type);
    }
}

static void combine(const setting *s, itp_combine_fn kernel)
{
    const itp_noise_term normal = {3, 0.5};
    itp_column columns[MOST];
    for (int32_t j = 0; j < s->columns; j++) columns[j] = (itp_column){array(s, j), s->coef[j]};
    itp_combine op = {.dim = s->n,
                      .count = 1,
                      .next = next_of(s),
                      .columns = columns,
                      .column_count = s->columns,
                      .normals = &normal,
                      .normal_count = s->layout == NOISY,
                      .keep = s->layout == KEPT,
                      .state = array(s, 0),
                      .output = array(s, 1),
                      .keep_state = s->coef[1],
                      .keep_output = s->coef[0]};
    kernel(&op);
}

/* ---- timing ---- */

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

static double median(double *x, size_t count)
{
    qsort(x, count, sizeof *x, ascending);
    return x[count / 2];
}

/* Seconds for one pass, by repeating it for about 2^LOG2_WORK elements. kernel NULL: the plain loop. */
static double pass(const setting *s, itp_combine_fn kernel)
{
    size_t repeats = s->n >> LOG2_WORK ? 1 : ((size_t)1 << LOG2_WORK) / s->n;
    double start = now();
    for (size_t i = 0; i < repeats; i++) {
        if (kernel) {
            combine(s, kernel);
        } else if (s->type == ITP_FLOAT32) {
            stream_float(s);
        } else {
            stream_double(s);
        }
    }
    return (now() - start) / (double)repeats;
}

/* ---- tables ---- */

/* Of rows whose arrays together do not fit into the second-level cache: how many times faster the first kernel is. */
typedef struct summary {
    double beyond[LAYOUTS][MOST_ROWS];
    size_t rows[LAYOUTS];
    double cache;
} summary;

static double streams(const setting *s)
{
    return s->columns + (s->layout == APART || s->layout == KEPT);
}

static void note(summary *all, const setting *s, double ratio)
{
    double arrays = s->columns + (s->layout == APART);
    if (arrays * (double)(s->n * s->width) <= all->cache || all->rows[s->layout] == MOST_ROWS) return;
    all->beyond[s->layout][all->rows[s->layout]++] = ratio;
}

static void row(const setting *s, summary *all)
{
    double seconds[1 + VARIANTS][ROUNDS];
    int noted = 0, rounds = s->n >> 25 ? 3 : ROUNDS;
    for (int r = 0; r < rounds; r++) {
        seconds[VARIANTS][r] = pass(s, NULL);
        for (int v = 0; v < VARIANTS; v++) {
            itp_combine_fn kernel = kernel_of(v, s->type);
            seconds[v][r] = kernel ? pass(s, kernel) : 0;
        }
    }
    double loop = median(seconds[VARIANTS], (size_t)rounds);
    /* in place, an array is read and written */
    double bytes = (streams(s) + (s->layout != APART)) * (double)(s->n * s->width);
    printf("float%d %10zu %8d  %-8s %8.1f %7.3f", (int)(8 * s->width), s->n, (int)s->columns, layouts[s->layout],
           bytes / loop * 1e-9, loop / (double)s->n * 1e9);
    for (int v = 0; v < VARIANTS; v++) {
        double time = median(seconds[v], (size_t)rounds);
        if (time > 0 && !noted++) note(all, s, loop / time);
        if (time > 0) printf("   %7.3f %5.2f", time / (double)s->n * 1e9, loop / time);
        if (!(time > 0)) printf("         -     -");
    }
    printf("\n");
    fflush(stdout);
}

static void rows(setting *s, int all_columns, summary *all)
{
    static const int some[1 + MOST] = {0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1};
    for (s->columns = 1; s->columns <= MOST; s->columns++) {
        for (s->layout = 0; s->layout < LAYOUTS; s->layout++) {
            if (s->layout == KEPT && s->columns < 2) continue;
            if (all_columns || some[s->columns]) row(s, all);
        }
    }
}

/* The coefficients' sum is below 1: states do not grow, however often they are overwritten; nor do they vanish. */
static int table(int32_t type, const long *option, summary *all)
{
    const size_t most = (size_t)1 << option[1];
    setting s = {.type = type, .width = type == ITP_FLOAT32 ? sizeof(float) : sizeof(double)};
    s.memory = malloc(ARRAYS * most * s.width);
    if (!s.memory) return 0;
    for (int j = 0; j < MOST; j++) s.coef[j] = j ? 0.01 * j : 0.5;
    for (long i = option[0]; i <= option[1]; i += option[2]) {
        s.n = (size_t)1 << i;
        for (int32_t j = 0; j < ARRAYS; j++) itp_normals(1, (uint64_t)j, 3, 0, type, array(&s, j), s.n);
        rows(&s, option[3] != 0, all);
    }
    free(s.memory);
    return 1;
}

static void print_summary(summary *all)
{
    printf("\nbeyond the second-level cache (%.1f MB), the first kernel against the plain loop:\n", all->cache * 1e-6);
    for (int k = 0; k < LAYOUTS; k++) {
        size_t count = all->rows[k];
        if (!count) continue;
        double middle = median(all->beyond[k], count);
        printf("%-8s  least %.2f  one in ten below %.2f  median %.2f  (%zu rows)\n", layouts[k], all->beyond[k][0],
               all->beyond[k][count / 10], middle, count);
    }
}

int main(int argc, char **argv)
{
    static summary all;
    long option[4] = {12, 22, 5, 0}, cache = 0;
    for (int i = 1; i < argc && i <= 4; i++) option[i - 1] = strtol(argv[i], NULL, 10);
    if (argc > 5 || option[0] < 6 || option[1] < option[0] || option[1] > 28 || option[2] < 1) {
        fprintf(stderr, "usage: %s [FROM [TO [STEP [ALL]]]]\n", argv[0]);
        return 2;
    }
#if defined(_SC_LEVEL2_CACHE_SIZE)
    cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    all.cache = cache > 0 ? (double)cache : 0x1p21;
    printf("%-12s%6s %8s  %-8s %8s %7s", "type", "elements", "columns", "layout", "GB/s", "ns");
    for (int v = 0; v < VARIANTS; v++) printf("   %13s", variants[v]);
    printf("   (ns per element, times as fast as the plain loop)\n");
    int ok = table(ITP_FLOAT32, option, &all) && table(ITP_FLOAT64, option, &all);
    if (!ok) printf("not enough memory for arrays of 2^%ld elements\n", option[1]);
    print_summary(&all);
    return 0;
}
