#define _POSIX_C_SOURCE 200809L

#include "table.h"

#include "frechet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CONVERGED 256 /* evaluations of ab3 on the linear schedule: within 1e-3 (RMS) of rk4 with 1024 */

typedef struct method {
    int32_t schedule, solver;
    double k;
} method;

static const method chosen[] = {
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_EULER, 0},
    {ITP_SCHEDULE_VP, ITP_SOLVER_EULER, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_EULER, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_MIDPOINT, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_MIDPOINT, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_HEUN, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_HEUN, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_AB2, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_AB2, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_AB3, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_AB3, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_AB4, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_AB4, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_RK4, 0},
    {ITP_SCHEDULE_LAZY, ITP_SOLVER_RK4, 0},
    {ITP_SCHEDULE_LINEAR, ITP_SOLVER_EULER_MARUYAMA, 1},
    {ITP_SCHEDULE_POINT_MASS, ITP_SOLVER_EULER_MARUYAMA, 1},
};
static const int32_t budgets[] = {2, 3, 4, 6, 8, 10, 16, 32}, all_budgets[] = {4, 6, 8, 10, 16};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MOST_METHODS 128

typedef struct table {
    const models *m;
    recipe base;
    size_t samples;
    float *x, *converged, *features, *logits;
    progress bar;
    method methods[MOST_METHODS];
    size_t method_count, budget_count;
    const int32_t *budgets;
} table;

/* Either a choice, or every solver that there is under the schedule of the command line. */
static void choose(table *t, int all)
{
    t->budgets = all ? all_budgets : budgets;
    t->budget_count = all ? COUNT(all_budgets) : COUNT(budgets);
    for (int32_t i = 0; !all && i < (int32_t)COUNT(chosen); i++) {
        t->methods[t->method_count++] = chosen[i];
    }
    for (int32_t i = 0; all && itp_solver_id(i) && t->method_count < MOST_METHODS; i++) {
        method how = {t->base.schedule, itp_solver_id(i), itp_solver_id(i) == ITP_SOLVER_EULER_MARUYAMA};
        t->methods[t->method_count++] = how;
    }
}

/* Solvers that inject noise of their own or are asked to. */
static int noisy(const recipe *r)
{
    return r->solver >= ITP_SOLVER_EULER_MARUYAMA && r->solver < ITP_SOLVER_DDIM;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* To the training images; NAN when it cannot be computed. */
static double distance(const models *m, const float *features, size_t count)
{
    double mean[FEATURES], covariance[FEATURES * FEATURES], result;
    frechet_moments(features, count, FEATURES, mean, covariance);
    return frechet_distance(FEATURES, m->mean, m->covariance, mean, covariance, &result) ? NAN : result;
}

static size_t answer(const float *logits)
{
    size_t best = 0;
    for (size_t i = 1; i < CLASSES; i++) {
        best = logits[i] > logits[best] ? i : best;
    }
    return best;
}

/* Share of the samples in which the classifier sees the class that was asked for. */
static double accuracy(const table *t)
{
    size_t right = 0;
    for (size_t i = 0; i < t->samples; i++) {
        right += answer(t->logits + i * CLASSES) == (size_t)sampling_label(&t->base, i);
    }
    return (double)right / (double)t->samples;
}

static double rms(const float *a, const float *b, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    }
    return sqrt(total / (double)count);
}

static void print_line(table *t, const recipe *r, double seconds)
{
    char error[16] = "-"; /* another Brownian path has another end */
    classifier_evaluate(t->m->judge, t->x, t->samples, t->features, t->logits);
    if (!noisy(r)) {
        snprintf(error, sizeof error, "%.4f", rms(t->x, t->converged, t->samples * IMAGE_PIXELS));
    }
    progress_hide(&t->bar);
    printf("| %2d | %-10s | %-18s | %g | %7.2f | %6.1f | %6s | %6.2f |\n", (int)r->evaluations,
           itp_schedule_name(r->schedule), itp_solver_name(r->solver), r->k, distance(t->m, t->features, t->samples),
           100 * accuracy(t), error, 1e3 * seconds / (double)t->samples);
    fflush(stdout);
}

static int rows_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    return itp_plan_get_info(plan, &info) ? 0 : (int)info.rows;
}

/* A solver that cannot spend the whole budget has no line: it would be compared with others that do. */
static int try_line(table *t, const method *how, int32_t evaluations)
{
    itp_plan *plan;
    recipe r = t->base;
    r.schedule = how->schedule;
    r.solver = how->solver;
    r.k = how->k;
    r.evaluations = evaluations;
    int status = sampling_plan(&r, &plan);
    if (status) {
        return status == ITP_E_BUDGET ? ITP_OK : status;
    }
    if (rows_of(plan) == evaluations) {
        double began = now();
        status = sampling_run(&r, plan, t->m->net, &t->bar, t->x, t->samples);
        double seconds = now() - began;
        if (!status) {
            print_line(t, &r, seconds);
        }
    }
    itp_plan_free(plan);
    return status;
}

static int converge(table *t)
{
    itp_plan *plan;
    recipe r = t->base;
    r.schedule = ITP_SCHEDULE_LINEAR;
    r.solver = ITP_SOLVER_AB3;
    r.grid = ITP_GRID_TIME;
    r.k = 0;
    r.evaluations = CONVERGED;
    int status = sampling_plan(&r, &plan);
    if (!status) {
        status = sampling_run(&r, plan, t->m->net, &t->bar, t->converged, t->samples);
    }
    itp_plan_free(plan);
    return status;
}

/* Real test images, as many as there are samples where the file has so many: no sampler should come closer. */
static void print_head(const table *t)
{
    size_t real = t->samples < t->m->test_count ? t->samples : t->m->test_count;
    printf(
        "%zu samples, seed %llu, guidance %g, s = %g. Real test images: Frechet distance %.2f (%zu images), accuracy "
        "%.1f %%.\nRMS: to the converged path (ab3, %d evaluations) from the same seeds.\n\n",
        t->samples, (unsigned long long)t->base.seed, t->base.guidance, t->base.s, distance(t->m, t->m->test, real),
        real, 100 * *t->m->accuracy, CONVERGED);
    printf("|  N | schedule   | solver             | k | Frechet | acc. %% |    RMS | ms/img |\n"
           "|---:|:-----------|:-------------------|--:|--------:|-------:|-------:|-------:|\n");
    fflush(stdout);
}

static int print_lines(table *t)
{
    int status = converge(t);
    for (size_t i = 0; !status && i < t->budget_count * t->method_count; i++) {
        status = try_line(t, &t->methods[i % t->method_count], t->budgets[i / t->method_count]);
    }
    progress_hide(&t->bar);
    return status;
}

/* Image evaluations that the lines will take, for the progress bar; a solver that cannot use a budget leaves a gap. */
static double work(const table *t)
{
    double total = CONVERGED;
    for (size_t i = 0; i < t->budget_count; i++) {
        total += (double)t->budgets[i] * (double)t->method_count;
    }
    return total * (double)t->samples;
}

static int allocate(table *t)
{
    t->x = malloc(t->samples * IMAGE_PIXELS * sizeof *t->x);
    t->converged = malloc(t->samples * IMAGE_PIXELS * sizeof *t->converged);
    t->features = malloc(t->samples * FEATURES * sizeof *t->features);
    t->logits = malloc(t->samples * CLASSES * sizeof *t->logits);
    return t->x && t->converged && t->features && t->logits ? ITP_OK : ITP_E_MEMORY;
}

int table_print(const models *m, const recipe *base, size_t samples, int all)
{
    table t = {.m = m, .base = *base, .samples = samples};
    t.base.log = NULL; /* budgets that a solver cannot use are no errors here */
    choose(&t, all);
    int status = allocate(&t);
    if (!status) {
        print_head(&t);
        progress_start(&t.bar, work(&t));
        status = print_lines(&t);
    }
    free(t.x);
    free(t.converged);
    free(t.features);
    free(t.logits);
    if (status) {
        fprintf(stderr, "fashion: %s\n", itp_status_string(status));
    }
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
