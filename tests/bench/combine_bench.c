/* The combine kernels beside a loop as in STREAM: the same arrays read and written, in the arrays' own type, without
 * normals, compiled for this very processor. How fast that is, and how many times faster each kernel is (below 1:
 * slower).
 *
 * usage: combine_bench [--quick | --full | FROM TO STEP]: minutes, sizes from 2^10 to 2^27 elements, but few
 * columns beyond 2^22; --quick: seconds; --full: every size, every number of columns, every kernel, an hour; or the
 * sizes 2^FROM, 2^(FROM + STEP) .. 2^TO with every number of columns. Rows whose arrays do not fit into the memory that
 * is free are left out, and a line says so.
 *
 * All variants of a row run in turn, several times over, and the median of each is shown: a busy machine then hurts
 * them alike. Nothing here judges a time. OPENBLAS_CORETYPE=SkylakeX, say, tells OpenBLAS which processor this is where
 * it guesses wrong. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <interp/noise.h>

#include "kernels/kernels.h"

enum { MOST = 10, ARRAYS = MOST + 1, ROUNDS = 9, LOG2_WORK = 20, VARIANTS = 4, MOST_ROWS = 8192, MOST_LOG2 = 28 };
enum { APART, IN_PLACE, KEPT, NOISY, LAYOUTS };
static const char *const layouts[LAYOUTS] = {"apart", "in place", "kept", "normals"};
static const char *const variants[VARIANTS] = {"own", "AVX2", "portable", "OpenBLAS"};

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
    return array(s, s->layout == APART ? s->columns : 0);
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
    case 0: return itp_kernel_choose(ITP_KERNEL_AUTO, type);
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

/* Which sizes, and of them which columns and kernels. */
typedef struct choice {
    long from, to, step;
    int full; /* 1: every number of columns, every kernel */
} choice;

/* Of rows whose arrays together do not fit into the second-level cache: how many times faster the first kernel is; and
 * that of every row, NaN where there was none. */
typedef struct summary {
    double beyond[LAYOUTS][MOST_ROWS];
    size_t rows[LAYOUTS];
    double cache;
    double ratio[2][MOST_LOG2 + 1][LAYOUTS][1 + MOST];
} summary;

static double streams(const setting *s)
{
    return s->columns + (s->layout == APART || s->layout == KEPT);
}

static int log2_of(size_t n)
{
    int log2 = 0;
    while (n >> (log2 + 1)) log2++;
    return log2;
}

static void note(summary *all, const setting *s, double ratio)
{
    double arrays = s->columns + (s->layout == APART);
    all->ratio[s->width == sizeof(double)][log2_of(s->n)][s->layout][s->columns] = ratio;
    if (arrays * (double)(s->n * s->width) <= all->cache || all->rows[s->layout] == MOST_ROWS) return;
    all->beyond[s->layout][all->rows[s->layout]++] = ratio;
}

/* The widest kernel always; OpenBLAS up to 2^22; the others on demand. */
static int is_measured(const setting *s, const choice *which, int variant)
{
    return variant == 0 || which->full || (variant == VARIANTS - 1 && s->n <= (size_t)1 << 22);
}

static int measure(const setting *s, const choice *which, double seconds[1 + VARIANTS][ROUNDS])
{
    int rounds = s->n >> 25 ? 5 : ROUNDS;
    for (int r = 0; r < rounds; r++) {
        seconds[VARIANTS][r] = pass(s, NULL);
        for (int v = 0; v < VARIANTS; v++) {
            itp_combine_fn kernel = is_measured(s, which, v) ? kernel_of(v, s->type) : NULL;
            seconds[v][r] = kernel ? pass(s, kernel) : 0;
        }
    }
    return rounds;
}

static void row(const setting *s, const choice *which, summary *all)
{
    double seconds[1 + VARIANTS][ROUNDS];
    size_t rounds = (size_t)measure(s, which, seconds);
    double loop = median(seconds[VARIANTS], rounds);
    /* in place, an array is read and written */
    double bytes = (streams(s) + (s->layout != APART)) * (double)(s->n * s->width);
    printf("float%d %10zu %8d  %-8s %8.1f %7.3f", (int)(8 * s->width), s->n, (int)s->columns, layouts[s->layout],
           bytes / loop * 1e-9, loop / (double)s->n * 1e9);
    for (int v = 0; v < VARIANTS; v++) {
        double time = median(seconds[v], rounds);
        if (v == 0) note(all, s, loop / time);
        if (time > 0) printf("   %7.3f %5.2f", time / (double)s->n * 1e9, loop / time);
        if (!(time > 0)) printf("         -     -");
    }
    printf("\n");
    fflush(stdout);
}

static int is_shown(const setting *s, const choice *which)
{
    static const int some[1 + MOST] = {0, 1, 1, 1, 0, 1, 0, 0, 1, 0, 1};
    if (s->layout == KEPT && s->columns < 2) return 0;
    if (which->full || s->n == (size_t)1 << 22) return 1;
    return s->n >> 23 ? s->columns == 2 || s->columns == 5 : some[s->columns];
}

static void rows(setting *s, int32_t arrays, const choice *which, summary *all)
{
    for (s->columns = 1; s->columns <= MOST; s->columns++) {
        for (s->layout = 0; s->layout < LAYOUTS; s->layout++) {
            if (is_shown(s, which) && s->columns + (s->layout == APART) <= arrays) row(s, which, all);
        }
    }
}

/* As many arrays as four fifths of the free memory hold. */
static int32_t room_for(const setting *s)
{
    double have = HUGE_VAL;
#if defined(_SC_AVPHYS_PAGES)
    have = 0.8 * (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
#endif
    double arrays = floor(have / (double)(s->n * s->width));
    return arrays < ARRAYS ? (int32_t)arrays : ARRAYS;
}

/* The coefficients' sum is below 1: states do not grow, however often they are overwritten; nor do they vanish. */
static void table(int32_t type, long log2, const choice *which, summary *all)
{
    setting s = {.type = type, .width = type == ITP_FLOAT32 ? sizeof(float) : sizeof(double), .n = (size_t)1 << log2};
    int32_t arrays = room_for(&s);
    s.memory = arrays ? malloc((size_t)arrays * s.n * s.width) : NULL;
    if (!s.memory || arrays < ARRAYS) {
        printf("# 2^%ld elements of float%d: memory for %d arrays\n", log2, (int)(8 * s.width),
               s.memory ? (int)arrays : 0);
    }
    if (!s.memory) return;
    for (int j = 0; j < MOST; j++) s.coef[j] = j ? 0.01 * j : 0.5;
    for (int32_t j = 0; j < arrays; j++) itp_normals(1, (uint64_t)j, 3, 0, type, array(&s, j), s.n);
    rows(&s, arrays, which, all);
    free(s.memory);
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

static void print_markdown_row(const summary *all, int wide, long log2, int layout)
{
    printf("| 2^%ld, %s |", log2, layouts[layout]);
    for (int j = 1; j <= MOST; j++) {
        double ratio = all->ratio[wide][log2][layout][j];
        if (isnan(ratio)) printf(" |");
        if (!isnan(ratio)) printf(" %.2f |", ratio);
    }
    printf("\n");
}

/* As docs/performance.md has it; rows with normals are another matter, the loop draws none. */
static void print_markdown(const summary *all, const choice *which)
{
    for (int wide = 0; wide < 2; wide++) {
        printf("\n| float%d, columns | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |\n", wide ? 64 : 32);
        printf("|:---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (long log2 = which->from; log2 <= which->to; log2++) {
            for (int layout = APART; layout < NOISY; layout++) {
                if (!isnan(all->ratio[wide][log2][layout][2])) print_markdown_row(all, wide, log2, layout);
            }
        }
    }
}

static void begin_summary(summary *all)
{
    long cache = 0;
    double *ratio = &all->ratio[0][0][0][0];
#if defined(_SC_LEVEL2_CACHE_SIZE)
    cache = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    all->cache = cache > 0 ? (double)cache : 0x1p21;
    for (size_t i = 0; i < sizeof all->ratio / sizeof *ratio; i++) ratio[i] = (double)NAN;
}

static int choose(int argc, char **argv, choice *out)
{
    if (argc == 2 && !strcmp(argv[1], "--quick")) {
        *out = (choice){12, 22, 5, 0};
    } else if (argc == 2 && !strcmp(argv[1], "--full")) {
        *out = (choice){10, 27, 1, 1};
    } else if (argc == 4) {
        *out = (choice){strtol(argv[1], NULL, 10), strtol(argv[2], NULL, 10), strtol(argv[3], NULL, 10), 1};
    } else if (argc == 1) {
        *out = (choice){10, 27, 4, 0};
    } else {
        return 0;
    }
    return out->from >= 6 && out->from <= out->to && out->to <= MOST_LOG2 && out->step > 0;
}

/* The last size always, whatever the step; of those above 2^22 only that one, unless told. */
static void all_tables(const choice *which, summary *all)
{
    for (int32_t type = ITP_FLOAT32; type <= ITP_FLOAT64; type++) {
        for (long log2 = which->from; log2 < which->to; log2 += which->step) {
            if (which->full || log2 <= 22) table(type, log2, which, all);
        }
        table(type, which->to, which, all);
    }
}

int main(int argc, char **argv)
{
    static summary all;
    choice which;
    if (!choose(argc, argv, &which)) {
        fprintf(stderr, "usage: %s [--quick | --full | FROM TO STEP]\n", argv[0]);
        return 2;
    }
    begin_summary(&all);
    printf("%-12s%6s %8s  %-8s %8s %7s", "type", "elements", "columns", "layout", "GB/s", "ns");
    for (int v = 0; v < VARIANTS; v++) printf("   %13s", variants[v]);
    printf("   (ns per element, times as fast as the plain loop)\n");
    all_tables(&which, &all);
    print_summary(&all);
    print_markdown(&all, &which);
    return 0;
}
