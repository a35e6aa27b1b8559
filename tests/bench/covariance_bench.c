/* When a covariance pays: the tables of docs/covariance.md. RMS, per element, to the end of the flow from the same
 * noise.
 *
 * usage: covariance_bench toy [SAMPLES [SEED]]         a rotated product of 1-D mixtures in 64 dimensions, exact
 *        covariance_bench fashion [SAMPLES [GUIDANCE]] the network of examples/fashion, where the build has it */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <interp/interp.h>

#include "../../examples/kinds.h"
#include "../common/mixture.h"
#include "../common/want.h"

#if defined(FASHION_FILE)
#include <frechet.h>
#include <models.h>
#include <sampling.h>
#include <score.h>
#endif

#define LENGTH(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* What is sampled, and where it should end. */
typedef struct problem {
    size_t dim, count;
    int32_t type;
    itp_network_fn network;
    void *user;
    void *x, *end;
    uint64_t seed;
    double (*distance)(const struct problem *p); /* NULL: none to be had */
} problem;

typedef struct line {
    const char *name;
    const char *solver;
    int32_t schedule, grid; /* schedule and grid: of the nodes */
    double s;
    const itp_covariance *covariance; /* NULL: the plan itself */
    int32_t clock, bands;
    double power; /* 0: 1; below 0: 0 */
} line;

static void die(const char *what, int status)
{
    fprintf(stderr, "covariance_bench: %s: %s\n", what, itp_status_string(status));
    exit(EXIT_FAILURE);
}

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) die("memory", ITP_E_MEMORY);
    return memory;
}

static itp_batch batch_of(const problem *p)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = p->dim;
    batch.count = p->count;
    batch.type = p->type;
    batch.seed = p->seed;
    return batch;
}

static int sample_bands(const problem *p, const itp_covariance_plan *bands)
{
    itp_batch batch = batch_of(p);
    itp_sampler *sampler = NULL;
    itp_start start = ITP_START_INIT;
    start.x = p->x;
    start.seed = p->seed;
    batch.seed = 0; /* a sampler takes it when it begins */
    int status = itp_sampler_new_covariance(bands, &batch, &sampler);
    status = status ? status : itp_sampler_run(sampler, &start, p->network, p->user);
    itp_sampler_free(sampler);
    return status;
}

static int sample_with(const problem *p, const line *l, const wanted *given)
{
    wanted want = *given;
    itp_batch batch = batch_of(p);
    itp_covariance_plan_desc desc = ITP_COVARIANCE_PLAN_DESC_INIT;
    itp_covariance_plan *bands = NULL;
    itp_plan *plan = NULL;
    int status;
    desc.covariance = l->covariance;
    desc.plan = description_of(&want);
    desc.clock = l->clock;
    desc.bands = l->bands ? l->bands : -1; /* all */
    desc.power = l->power;
    if (l->covariance) {
        status = itp_covariance_plan_new(&desc, &bands);
        status = status ? status : sample_bands(p, bands);
    } else {
        status = make_plan(&want, &plan);
        status = status ? status : itp_sample(plan, &batch, p->x, p->network, p->user);
    }
    itp_covariance_plan_free(bands);
    itp_plan_free(plan);
    return status;
}

static int sample(const problem *p, const line *l, int evaluations)
{
    itp_schedule_desc under = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule;
    wanted want = WANTED;
    under.kind = l->schedule;
    under.s = l->s;
    int status = itp_schedule_new(&under, &schedule);
    if (status) return status;
    want.plan.schedule = schedule;
    want.solver = SOLVER(l->solver);
    want.grid.kind = l->grid;
    want.plan.evaluations = evaluations;
    if (want.grid.kind == ITP_GRID_SHIFT) want.grid.shift = 3;
    status = sample_with(p, l, &want);
    itp_schedule_free(schedule);
    return status;
}

static double rms(const problem *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->count * p->dim; i++) {
        double off = p->type == ITP_FLOAT64 ? ((double *)p->x)[i] - ((double *)p->end)[i]
                                            : (double)((float *)p->x)[i] - (double)((float *)p->end)[i];
        sum += off * off;
    }
    return sqrt(sum / (double)(p->count * p->dim));
}

static const int budgets[] = {1, 2, 4, 6, 8, 10, 16};
static int first_budget = 0, last_budget = LENGTH(budgets);

static void print_head(const problem *p, const char *title)
{
    printf("\n%s\n\n| solver, nodes |", title);
    for (int i = first_budget; i < last_budget; i++) printf(" %d |", budgets[i]);
    printf("\n|:---|");
    for (int i = first_budget; i < last_budget; i++) printf("---:|");
    printf("\n");
    (void)p;
}

static void print_line(const problem *p, const line *l)
{
    printf("| %s |", l->name);
    for (int i = first_budget; i < last_budget; i++) {
        int status = sample(p, l, budgets[i]);
        if (status) die(l->name, status);
        printf(p->distance ? " %.4f" : " %.3f", rms(p));
        if (p->distance) printf(" (%.2f)", p->distance(p));
        printf(" |");
        fflush(stdout);
    }
    printf("\n");
}

/* ---- the toy ---- */

enum { TOY_DIM = 64 };

typedef struct toy {
    mixture axis[TOY_DIM];
    double turn[TOY_DIM][TOY_DIM]; /* row j: the direction of axis j */
    double variance[TOY_DIM], mean[TOY_DIM];
} toy;

/* Gram and Schmidt, on normals. */
static void turn_randomly(toy *t)
{
    uint64_t seed = 77;
    for (int i = 0; i < TOY_DIM; i++) {
        double square = 0;
        if (itp_normals(seed, (uint64_t)i, 0, 0, ITP_FLOAT64, t->turn[i], TOY_DIM)) die("normals", ITP_E_INTERNAL);
        for (int j = 0; j < i; j++) {
            double product = 0;
            for (int e = 0; e < TOY_DIM; e++) product += t->turn[i][e] * t->turn[j][e];
            for (int e = 0; e < TOY_DIM; e++) t->turn[i][e] -= product * t->turn[j][e];
        }
        for (int e = 0; e < TOY_DIM; e++) square += t->turn[i][e] * t->turn[i][e];
        for (int e = 0; e < TOY_DIM; e++) t->turn[i][e] /= sqrt(square);
    }
}

/* Axis j: modes at -m and m of the deviation, all of the deviation otherwise within the modes; the variance falls like
 * 1/(1 + j)^power, 1 in the mean. */
static void toy_make(toy *t, double power, double m)
{
    double sum = 0, within = sqrt(1 - m * m);
    for (int j = 0; j < TOY_DIM; j++) sum += pow(1 + j, -power) / TOY_DIM;
    for (int j = 0; j < TOY_DIM; j++) {
        double v = pow(1 + j, -power) / sum, sd = sqrt(v);
        t->variance[j] = v;
        t->axis[j] = (mixture){2, {.5, .5}, {-m * sd, m * sd}, {within * sd, within * sd}};
    }
    turn_randomly(t);
}

static void toy_in(const toy *t, const double *x, double *y)
{
    for (int j = 0; j < TOY_DIM; j++) {
        y[j] = 0;
        for (int e = 0; e < TOY_DIM; e++) y[j] += t->turn[j][e] * x[e];
    }
}

static void toy_out(const toy *t, const double *y, double *x)
{
    memset(x, 0, TOY_DIM * sizeof *x);
    for (int j = 0; j < TOY_DIM; j++) {
        for (int e = 0; e < TOY_DIM; e++) x[e] += y[j] * t->turn[j][e];
    }
}

static int ITP_CALL toy_velocity(void *user, const itp_request *request)
{
    const toy *t = user;
    double y[TOY_DIM], noise, data, u = request->u;
    for (size_t s = 0; s < request->count; s++) {
        toy_in(t, (const double *)request->x + s * TOY_DIM, y);
        for (int j = 0; j < TOY_DIM; j++) {
            mixture_both(&t->axis[j], 1 - u, u, y[j], &noise, &data);
            y[j] = data - noise;
        }
        toy_out(t, y, (double *)request->out + s * TOY_DIM);
    }
    return 0;
}

static void toy_end(const toy *t, const problem *p)
{
    double y[TOY_DIM];
    const mixture_point from = {1, 0}, to = {0, 1};
    for (size_t s = 0; s < p->count; s++) {
        double *end = (double *)p->end + s * TOY_DIM;
        if (itp_normals(p->seed, s, 0, 0, ITP_FLOAT64, end, TOY_DIM)) die("normals", ITP_E_INTERNAL);
        toy_in(t, end, y);
        for (int j = 0; j < TOY_DIM; j++) y[j] = mixture_flow(&t->axis[j], from, y[j], to);
        toy_out(t, y, end);
    }
}

static itp_covariance *toy_covariance(const toy *t, size_t rank)
{
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance *out;
    desc.kind = ITP_COVARIANCE_BASIS;
    desc.dim = TOY_DIM;
    desc.rank = rank;
    desc.variances = t->variance;
    desc.basis = t->turn[0];
    for (size_t j = rank; j < TOY_DIM; j++) desc.rest += t->variance[j] / (double)(TOY_DIM - rank);
    int status = itp_covariance_new(&desc, &out);
    if (status) die("covariance", status);
    return out;
}

static void toy_lines(const problem *p, const itp_covariance *full, const itp_covariance *low)
{
    static const struct {
        const char *solver;
        int32_t schedule, grid;
    } plain[] = {
        {"euler", ITP_SCHEDULE_LINEAR, ITP_GRID_TIME},      {"euler", ITP_SCHEDULE_LAZY, ITP_GRID_TIME},
        {"ab2", ITP_SCHEDULE_LINEAR, ITP_GRID_TIME},        {"ab2", ITP_SCHEDULE_LAZY, ITP_GRID_TIME},
        {"dpmpp-2m", ITP_SCHEDULE_LINEAR, ITP_GRID_TIME},   {"dpmpp-2m", ITP_SCHEDULE_LAZY, ITP_GRID_TIME},
        {"dpmpp-2m", ITP_SCHEDULE_LINEAR, ITP_GRID_LAMBDA}, {"dpmpp-2m", ITP_SCHEDULE_LINEAR, ITP_GRID_KARRAS}};
    static const struct {
        const char *name;
        int32_t clock, bands, low;
    } cov[] = {{"angle, all", ITP_CLOCK_ANGLE, 0, 0},     {"angle, 10 bands", ITP_CLOCK_ANGLE, 10, 0},
               {"angle, 4 bands", ITP_CLOCK_ANGLE, 4, 0}, {"identity, all", ITP_CLOCK_IDENTITY, 0, 0},
               {"beta, all", ITP_CLOCK_BETA, 0, 0},       {"angle, rank 16", ITP_CLOCK_ANGLE, 0, 1}};
    char name[128];
    for (int i = 0; i < LENGTH(plain); i++) {
        line l = {name, plain[i].solver, plain[i].schedule, plain[i].grid, 1, NULL, 0, 0, 0};
        snprintf(name, sizeof name, "%s, %s, nodes %s", l.solver, kind_name("schedule", l.schedule),
                 kind_name("grid", l.grid));
        print_line(p, &l);
    }
    for (int i = 0; i < 4 * LENGTH(cov); i++) {
        int c = i / 4;
        line l = {name,
                  i % 4 / 2 ? "ab2" : "euler",
                  i % 2 ? ITP_SCHEDULE_LAZY : ITP_SCHEDULE_LINEAR,
                  ITP_GRID_TIME,
                  1,
                  cov[c].low ? low : full,
                  cov[c].clock,
                  cov[c].bands,
                  0};
        snprintf(name, sizeof name, "%s, covariance (%s), nodes of %s", l.solver, cov[c].name,
                 kind_name("schedule", l.schedule));
        print_line(p, &l);
    }
}

static void run_toy(size_t count, uint64_t seed, double power, double m)
{
    static toy t;
    char title[128];
    problem p = {
        .dim = TOY_DIM, .count = count, .type = ITP_FLOAT64, .network = toy_velocity, .user = &t, .seed = seed};
    toy_make(&t, power, m);
    p.x = room(count * TOY_DIM, sizeof(double));
    p.end = room(count * TOY_DIM, sizeof(double));
    toy_end(&t, &p);
    itp_covariance *full = toy_covariance(&t, TOY_DIM), *low = toy_covariance(&t, 16);
    snprintf(title, sizeof title, "Variances like (1 + j)^-%g, modes at +-%g deviations, %zu samples", power, m, count);
    print_head(&p, title);
    toy_lines(&p, full, low);
    itp_covariance_free(full);
    itp_covariance_free(low);
    free(p.x);
    free(p.end);
}

static void run_toys(size_t count, uint64_t seed)
{
    run_toy(count, seed, 2, .8);
    run_toy(count, seed, 2, .95);
    run_toy(count, seed, 1, .8);
}

/* ---- the network ---- */

#if defined(FASHION_FILE)

enum { CONVERGED = 128, ESTIMATED_FROM = 4000, ESTIMATED_WITH = 24 };

typedef struct fashion {
    models m;
    float guidance;
    int32_t *labels, *nothing;
    float *spare;
} fashion;

static int ITP_CALL fashion_velocity(void *user, const itp_request *request)
{
    fashion *f = user;
    size_t capacity = network_capacity(f->m.net);
    for (size_t first = 0; first < request->count; first += capacity) {
        size_t some = request->count - first < capacity ? request->count - first : capacity;
        const float *x = (const float *)request->x + first * IMAGE_PIXELS;
        float *out = (float *)request->out + first * IMAGE_PIXELS;
        network_evaluate(f->m.net, x, request->time, f->labels + first, out, some);
        if (f->guidance == 1.0f) continue;
        network_evaluate(f->m.net, x, request->time, f->nothing, f->spare, some);
        for (size_t i = 0; i < some * IMAGE_PIXELS; i++) out[i] = f->spare[i] + f->guidance * (out[i] - f->spare[i]);
    }
    return 0;
}

static double fashion_distance(const problem *p)
{
    const fashion *f = p->user;
    recipe r = sampling_default();
    score quality;
    int status = score_samples(&f->m, &r, p->x, p->count, &quality);
    if (status) die("score", status);
    return quality.distance;
}

static void fashion_open(fashion *f, size_t most, double guidance)
{
    const char *why = models_open(&f->m, FASHION_FILE);
    if (why) {
        fprintf(stderr, "covariance_bench: %s: %s\n", FASHION_FILE, why);
        exit(EXIT_FAILURE);
    }
    f->guidance = (float)guidance;
    f->labels = room(most, sizeof *f->labels);
    f->nothing = room(network_capacity(f->m.net), sizeof *f->nothing);
    f->spare = room(network_capacity(f->m.net) * IMAGE_PIXELS, sizeof *f->spare);
    for (size_t i = 0; i < most; i++) f->labels[i] = (int32_t)(i % REAL_CLASSES);
    for (size_t i = 0; i < network_capacity(f->m.net); i++) f->nothing[i] = network_null_class(f->m.net);
}

static void converge(problem *p, int evaluations, void *to)
{
    line l = {"converged", "ab3", ITP_SCHEDULE_LINEAR, ITP_GRID_TIME, 1, NULL, 0, 0, 0};
    int status = sample(p, &l, evaluations);
    if (status) die(l.name, status);
    memcpy(to, p->x, p->count * p->dim * sizeof(float));
}

static itp_covariance *fashion_covariance(const float *samples, int32_t kind, size_t rank)
{
    itp_covariance_estimation desc = ITP_COVARIANCE_ESTIMATION_INIT;
    itp_covariance *out;
    desc.samples = samples;
    desc.count = ESTIMATED_FROM;
    desc.dim = IMAGE_PIXELS;
    desc.kind = kind;
    desc.rank = rank;
    int status = itp_covariance_estimate(&desc, &out);
    if (status) die("covariance", status);
    return out;
}

static void print_spectrum(const itp_covariance *c)
{
    itp_covariance_info info = ITP_COVARIANCE_INFO_INIT;
    double sum = 0, part = 0;
    if (itp_covariance_get_info(c, &info)) return;
    for (size_t i = 0; i < info.rank; i++) sum += info.variances[i];
    printf("\nVariances: %.4g in the mean, shrinkage %.4f; share of the first components, and the next one:\n",
           sum / (double)info.dim, info.shrinkage);
    for (size_t i = 0; i < info.rank; i++) {
        part += info.variances[i];
        if (i == 0 || i == 9 || i == 49 || i == 99 || i == 199 || i == 399 || i == info.rank - 1)
            printf("%zu: %.3f (%.3g)  ", i + 1, part / sum, info.variances[i]);
    }
    printf("\n");
}

/* What is compared; the nodes are those of the linear schedule, uniform or shifted. */
typedef struct choice {
    const char *name;
    const itp_covariance *covariance;
    int32_t clock, bands;
    double power;
} choice;

static void fashion_lines(const problem *p, const choice *choices, int count, int32_t grid)
{
    char name[160];
    for (int i = 0; i < 2 * count; i++) {
        const choice *c = &choices[i % count];
        line l = {name,    i / count ? "ab2" : "euler", ITP_SCHEDULE_LINEAR, grid, 1, c->covariance, c->clock, c->bands,
                  c->power};
        snprintf(name, sizeof name, "%s, %s", l.solver, c->name);
        print_line(p, &l);
    }
}

static itp_covariance *unit_covariance(void)
{
    static double ones[IMAGE_PIXELS];
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance *out;
    for (int i = 0; i < IMAGE_PIXELS; i++) ones[i] = 1;
    desc.dim = IMAGE_PIXELS;
    desc.variances = ones;
    int status = itp_covariance_new(&desc, &out);
    if (status) die("covariance", status);
    return out;
}

static void fashion_tables(const problem *p, const float *samples)
{
    itp_covariance *full = fashion_covariance(samples, ITP_COVARIANCE_BASIS, 0);
    itp_covariance *low = fashion_covariance(samples, ITP_COVARIANCE_BASIS, 50);
    itp_covariance *diagonal = fashion_covariance(samples, ITP_COVARIANCE_DIAGONAL, 0);
    itp_covariance *unit = unit_covariance();
    const choice choices[] = {{"the plan itself (linear)", NULL, 0, 0, 0},
                              {"lazy, s = 1, no mean", unit, ITP_CLOCK_ANGLE, 1, 0},
                              {"lazy, s = 1, and the mean", diagonal, ITP_CLOCK_ANGLE, 1, -1},
                              {"diagonal, 10 bands", diagonal, ITP_CLOCK_ANGLE, 10, 0},
                              {"full, all bands", full, ITP_CLOCK_ANGLE, 0, 0},
                              {"full, 10 bands", full, ITP_CLOCK_ANGLE, 10, 0},
                              {"full, 4 bands", full, ITP_CLOCK_ANGLE, 4, 0},
                              {"full, 10 bands, clock identity", full, ITP_CLOCK_IDENTITY, 10, 0},
                              {"rank 50, 10 bands", low, ITP_CLOCK_ANGLE, 10, 0},
                              {"full, 10 bands, power .5", full, ITP_CLOCK_ANGLE, 10, .5},
                              {"rank 50, 10 bands, power .5", low, ITP_CLOCK_ANGLE, 10, .5}};
    print_spectrum(full);
    print_head(p, "Uniform nodes");
    fashion_lines(p, choices, LENGTH(choices), ITP_GRID_TIME);
    print_head(p, "Shifted nodes (3)");
    fashion_lines(p, choices, LENGTH(choices), ITP_GRID_SHIFT);
    itp_covariance_free(full);
    itp_covariance_free(low);
    itp_covariance_free(diagonal);
    itp_covariance_free(unit);
}

static void run_fashion(size_t count, double guidance)
{
    static fashion f;
    problem p = {.dim = IMAGE_PIXELS, .type = ITP_FLOAT32, .network = fashion_velocity, .user = &f, .seed = 90210};
    size_t most = count > ESTIMATED_FROM ? count : ESTIMATED_FROM;
    fashion_open(&f, most, guidance);
    p.x = room(most * IMAGE_PIXELS, sizeof(float));
    p.end = room(count * IMAGE_PIXELS, sizeof(float));
    float *samples = room(ESTIMATED_FROM * IMAGE_PIXELS, sizeof *samples);
    p.count = ESTIMATED_FROM;
    converge(&p, ESTIMATED_WITH, samples);
    p.count = count;
    p.seed = 1;
    converge(&p, CONVERGED, p.end);
    p.distance = fashion_distance;
    printf("Fashion network, %zu samples, guidance %g: RMS (Frechet distance; converged %.2f)\n", count, guidance,
           fashion_distance(&p));
    first_budget = 2;
    last_budget = 6;
    fashion_tables(&p, samples);
    models_close(&f.m);
    free(f.labels);
    free(f.nothing);
    free(f.spare);
    free(p.x);
    free(p.end);
    free(samples);
}

#endif

static int usage(void)
{
    fprintf(stderr, "usage: covariance_bench toy [SAMPLES [SEED]] | fashion [SAMPLES [GUIDANCE]]\n");
    return 2;
}

int main(int argc, char **argv)
{
    int toys = argc < 2 || !strcmp(argv[1], "toy");
    size_t count = argc > 2 ? (size_t)atoi(argv[2]) : 1000;
    if (count < 1 || count > 1000000) return usage();
    if (toys) {
        run_toys(count, argc > 3 ? (uint64_t)atoi(argv[3]) : 1);
        return 0;
    }
#if defined(FASHION_FILE)
    if (!strcmp(argv[1], "fashion")) {
        run_fashion(count, argc > 3 ? atof(argv[3]) : 1);
        return 0;
    }
#endif
    return usage();
}
