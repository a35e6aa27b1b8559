/* How far the example's network is from the floor that its matrix products set.
 *
 * usage: network_bench [CAPACITY], images at a time: as many as the program takes, unless told. The linker hands this
 * file each call of cblas_sgemm and of layers.h (--wrap). The floor is the time of the very sgemm calls of an
 * evaluation once more, in their order; in a pass of its own each call is timed, which shows where the rest goes. All
 * of them run in turn, several times over, and the median of each is shown: a busy machine then hurts them alike.
 * Nothing here judges a time. OPENBLAS_CORETYPE=SkylakeX, say, tells OpenBLAS which processor this is where it guesses
 * wrong. */
#define _POSIX_C_SOURCE 199309L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cblas.h>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include <interp/noise.h>

#include "layers.h"
#include "models.h"

enum { MOST_ROUNDS = 41, WORK = 4000, MOST_IMAGES = 1000 };

/* What is told apart. A product is part of a linear layer, whose own share is then what is left of it: the bias. */
enum { LINEAR, PRODUCT, NORM, SOFTMAX, ADD, ACTIVATION, OTHER, KINDS };
static const char *const kind_names[KINDS] = {"bias", "products", "norm", "softmax", "add", "activation", "other"};

typedef struct product {
    enum CBLAS_ORDER order;
    enum CBLAS_TRANSPOSE across_a, across_b;
    int m, n, k, lda, ldb, ldc;
    float alpha, beta;
    const float *a, *b;
    float *c;
} product;

/* What the wrapped functions write to: they have no other way to be told. */
static struct recorder {
    product *products;
    size_t count, room;
    int recording, timing;
    double nested, seconds[KINDS];
} recorder;

/* Time of day: finer than processor time, and cheap enough to be asked around every call. */
static double tick(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void book(int kind, double start, double nested_before)
{
    double took = tick() - start, inside = recorder.nested - nested_before;
    recorder.seconds[kind] += took - inside;
    recorder.nested = nested_before + took;
}

/* NAME of the network's objects becomes __wrap_NAME, which times __real_NAME. */
#define TIMED(kind, name, parameters, arguments) \
    void __real_##name parameters; \
    void __wrap_##name parameters; \
    void __wrap_##name parameters \
    { \
        double nested = recorder.nested, start = recorder.timing ? tick() : 0; \
        __real_##name arguments; \
        if (recorder.timing) book(kind, start, nested); \
    }

TIMED(LINEAR, layer_linear, (const linear *l, const float *x, size_t rows, float *y), (l, x, rows, y))
TIMED(NORM, layer_norm, (const float *x, const float *scale, const float *shift, float *y, size_t rows, size_t n),
      (x, scale, shift, y, rows, n))
TIMED(SOFTMAX, layer_softmax, (float *x, float *spare, size_t rows, size_t n), (x, spare, rows, n))
TIMED(ADD, layer_add_gated, (float *x, const float *gate, const float *y, size_t rows, size_t n), (x, gate, y, rows, n))
TIMED(ACTIVATION, layer_relu_squared, (float *x, size_t n), (x, n))
TIMED(ACTIVATION, layer_silu, (float *x, size_t n), (x, n))

static void note(product p)
{
    if (recorder.count == recorder.room) {
        recorder.room = 2 * recorder.room + 1024;
        recorder.products = realloc(recorder.products, recorder.room * sizeof p);
        if (!recorder.products) abort();
    }
    recorder.products[recorder.count++] = p;
}

void __real_cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE across_a, enum CBLAS_TRANSPOSE across_b, int m,
                        int n, int k, float alpha, const float *a, int lda, const float *b, int ldb, float beta,
                        float *c, int ldc);
void __wrap_cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE across_a, enum CBLAS_TRANSPOSE across_b, int m,
                        int n, int k, float alpha, const float *a, int lda, const float *b, int ldb, float beta,
                        float *c, int ldc);

static void multiply(const product *p)
{
    __real_cblas_sgemm(p->order, p->across_a, p->across_b, p->m, p->n, p->k, p->alpha, p->a, p->lda, p->b, p->ldb,
                       p->beta, p->c, p->ldc);
}

void __wrap_cblas_sgemm(enum CBLAS_ORDER order, enum CBLAS_TRANSPOSE across_a, enum CBLAS_TRANSPOSE across_b, int m,
                        int n, int k, float alpha, const float *a, int lda, const float *b, int ldb, float beta,
                        float *c, int ldc)
{
    const product p = {order, across_a, across_b, m, n, k, lda, ldb, ldc, alpha, beta, a, b, c};
    double nested = recorder.nested, start = recorder.timing ? tick() : 0;
    multiply(&p);
    if (recorder.timing) book(PRODUCT, start, nested);
    if (recorder.recording) note(p);
}

static void replay(void)
{
    for (size_t i = 0; i < recorder.count; i++) multiply(&recorder.products[i]);
}

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

typedef struct work {
    network *net;
    size_t count, rounds, repeats; /* images, and how often */
    float *x, *velocity;
    int32_t *labels;
} work;

/* As the program does: as many images at a time as the network has room for. */
static void evaluate(const work *w)
{
    size_t capacity = network_capacity(w->net);
    for (size_t i = 0; i < w->count; i += capacity) {
        size_t some = w->count - i < capacity ? w->count - i : capacity;
        network_evaluate(w->net, w->x + i * IMAGE_PIXELS, 0.4, w->labels + i, w->velocity + i * IMAGE_PIXELS, some);
    }
}

static void record(const work *w)
{
    recorder.count = 0;
    recorder.recording = 1;
    evaluate(w);
    recorder.recording = 0;
}

/* Microseconds per image of the whole network, or of its products alone. */
static double cost(const work *w, int whole)
{
    double start = now();
    for (size_t i = 0; i < w->repeats; i++) {
        if (whole) {
            evaluate(w);
        } else {
            replay();
        }
    }
    return 1e6 * (now() - start) / (double)(w->repeats * w->count);
}

/* Each kind's share of a pass of its own, by the time of day: parts of one. */
static void shares(const work *w, double share[KINDS])
{
    double rest = 1, start = tick();
    for (int kind = 0; kind < KINDS; kind++) recorder.seconds[kind] = 0;
    recorder.timing = 1;
    for (size_t i = 0; i < w->repeats; i++) evaluate(w);
    recorder.timing = 0;
    double all = tick() - start;
    for (int kind = 0; kind < OTHER; kind++) {
        share[kind] = recorder.seconds[kind] / all;
        rest -= share[kind];
    }
    share[OTHER] = rest;
}

static void print_row(const work *w, double whole, double floor, double spent[KINDS][MOST_ROUNDS])
{
    printf("%6zu  %8.1f  %8.1f  %5.2f", w->count, whole, floor, whole / floor);
    for (int kind = 0; kind < KINDS; kind++) {
        printf("  %10.1f", whole * median(spent[kind], w->rounds));
    }
    printf("\n");
    fflush(stdout);
}

static void row(work *w)
{
    double whole[MOST_ROUNDS], floor[MOST_ROUNDS], spent[KINDS][MOST_ROUNDS], share[KINDS];
    w->repeats = (w->count + 15) / w->count;
    w->rounds = WORK / (w->repeats * w->count) > MOST_ROUNDS ? MOST_ROUNDS : WORK / (w->repeats * w->count) | 1;
    record(w);
    for (size_t r = 0; r < w->rounds; r++) {
        whole[r] = cost(w, 1);
        floor[r] = cost(w, 0);
        shares(w, share);
        for (int kind = 0; kind < KINDS; kind++) spent[kind][r] = share[kind];
    }
    print_row(w, median(whole, w->rounds), median(floor, w->rounds), spent);
}

static void table(work *w)
{
    const size_t counts[] = {1, 16, 100, MOST_IMAGES};
    printf("microseconds per image and evaluation\nimages     whole  products  ratio");
    for (int kind = 0; kind < KINDS; kind++) printf("  %10s", kind_names[kind]);
    printf("\n");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        w->count = counts[i];
        row(w);
    }
}

static int make_images(work *w)
{
    w->x = malloc(MOST_IMAGES * IMAGE_PIXELS * sizeof *w->x);
    w->velocity = malloc(MOST_IMAGES * IMAGE_PIXELS * sizeof *w->velocity);
    w->labels = malloc(MOST_IMAGES * sizeof *w->labels);
    if (!w->x || !w->velocity || !w->labels) return 0;
    itp_normals(1, 0, 0, 0, ITP_FLOAT32, w->x, MOST_IMAGES * IMAGE_PIXELS);
    for (size_t i = 0; i < MOST_IMAGES; i++) w->labels[i] = (int32_t)(i % 10);
    return 1;
}

int main(int argc, char **argv)
{
    models m;
    work w = {0};
#if defined(__SSE__)
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON); /* as the program does */
#endif
    const char *why = models_open(&m, FASHION_FILE);
    w.net = m.net;
    if (!why && argc > 1) why = network_new(m.file, strtoul(argv[1], NULL, 10), &w.net);
    if (!why && make_images(&w)) {
        table(&w);
    } else {
        printf("%s\n", why ? why : "there is no memory left");
    }
    if (w.net != m.net) network_free(w.net);
    models_close(&m);
    free(w.x);
    free(w.velocity);
    free(w.labels);
    free(recorder.products);
    return 0;
}
