#define _POSIX_C_SOURCE 200809L

#include "table.h"

#include "methods.h"
#include "score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONVERGED 256     /* evaluations of ab3 on the linear schedule: within 1e-3 (RMS) of rk4 with 1024 */
#define CONVERGED_SDE 256 /* of sa-2 on it; exponential-sde with as many is within .02, shark with 64 within .04 */
#define WIDEST 32         /* of the column of schedules */

typedef struct table {
    const models *m;
    recipe base;
    size_t samples;
    methods lines;
    float *x, *flow, *sde; /* the last is NULL where no line converges to it */
    double k;              /* of the converged SDE; 0: none */
    int wide;              /* of the column of schedules */
    progress bar;
} table;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Where the line's samples go with the number of steps, NULL: nobody computed it. */
static const float *limit_of(const table *t, const recipe *r)
{
    double k = methods_limit(r);
    return k == 0 ? t->flow : k > 0 && k == t->k ? t->sde : NULL;
}

static int print_line(table *t, const recipe *r, int spent, double seconds)
{
    char error[16] = "-", noise[16], where[WIDEST];
    score quality;
    const float *limit = limit_of(t, r);
    int status = score_samples(t->m, r, t->x, t->samples, &quality);
    if (status) {
        return status;
    }
    if (limit) {
        snprintf(error, sizeof error, "%.4f", score_rms(t->x, limit, t->samples * IMAGE_PIXELS));
    }
    methods_noise(r, noise, sizeof noise);
    methods_where(r, where, sizeof where);
    progress_hide(&t->bar);
    printf("| %2d | %-*s | %-18s | %-12s | %7.2f | %6.1f | %6s | %6.2f |\n", spent, t->wide, where, methods_solver(r),
           noise, quality.distance, 100 * quality.accuracy, error, 1e3 * seconds / (double)t->samples);
    fflush(stdout);
    return ITP_OK;
}

static int sample_line(table *t, const recipe *r, const itp_plan *plan)
{
    double began = now();
    int status = sampling_run(r, plan, t->m->net, &t->bar, t->x, t->samples);
    return status ? status : print_line(t, r, (int)sampling_cost(r, plan), now() - began);
}

/* A solver that cannot spend the budget has no line: it would be compared with others that do. */
static int try_line(table *t, recipe r, int32_t evaluations)
{
    itp_plan *plan;
    r.evaluations = evaluations;
    int status = sampling_plan(&r, &plan);
    if (status) {
        return status == ITP_E_BUDGET ? ITP_OK : status;
    }
    int32_t left = evaluations - sampling_cost(&r, plan);
    if (left <= t->lines.left) {
        status = sample_line(t, &r, plan);
    }
    itp_plan_free(plan);
    return status;
}

static int converge(table *t, const recipe *how, float *x)
{
    itp_plan *plan;
    int status = sampling_plan(how, &plan);
    if (!status) {
        status = sampling_run(how, plan, t->m->net, &t->bar, x, t->samples);
    }
    itp_plan_free(plan);
    return status;
}

static int converge_flow(table *t)
{
    recipe r = t->base;
    r.schedule = "linear";
    r.solver = "ab3";
    r.grid = "time";
    r.evaluations = CONVERGED;
    r.k = r.last_step = r.churn = 0;
    r.norm = 1;
    r.eta = -1;
    r.shift = 0;
    r.diffusion = NULL;
    return converge(t, &r, t->flow);
}

static int converge_sde(table *t)
{
    recipe r = t->base;
    r.schedule = "linear";
    r.solver = "sa-2";
    r.grid = "time";
    r.evaluations = CONVERGED_SDE;
    r.k = t->k;
    r.last_step = r.churn = 0;
    r.norm = 1;
    r.eta = -1;
    r.shift = 0;
    r.diffusion = NULL;
    r.noise = ITP_NOISE_PATH;
    return t->k > 0 ? converge(t, &r, t->sde) : ITP_OK;
}

/* Real test images, as many as there are samples where the file has so many: no sampler should come closer. */
static void print_head(const table *t)
{
    static const char dashes[WIDEST + 1] = "--------------------------------";
    size_t real = t->samples < t->m->test_count ? t->samples : t->m->test_count;
    printf(
        "%zu samples, seed %llu, guidance %g, s = %g. Real test images: Frechet distance %.2f (%zu images), accuracy "
        "%.1f %%.\nRMS: to the converged path from the same seeds (ab3, %d evaluations",
        t->samples, (unsigned long long)t->base.seed, t->base.guidance, t->base.s,
        score_distance(t->m, t->m->test, real), real, 100 * *t->m->accuracy, CONVERGED);
    if (t->k > 0) {
        printf("; k = %g: sa-2, %d", t->k, CONVERGED_SDE);
    }
    printf(").\n\n"
           "|  N | %-*s | solver             | noise        | Frechet | acc. %% |    RMS | ms/img |\n"
           "|---:|:%.*s|:-------------------|:-------------|--------:|-------:|-------:|-------:|\n",
           t->wide, "schedule", t->wide + 1, dashes);
    fflush(stdout);
}

/* Seeds that a plan was fitted on are no test of it. */
static void print_saved(const options *o)
{
    itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
    if (o->saved && !itp_plan_get_origin(o->saved, &origin) && origin.count > 0) {
        printf("The plan %s was fitted on %llu samples of seed %llu, guidance %g.\n", o->plan,
               (unsigned long long)origin.count, (unsigned long long)origin.seed, origin.guidance);
    }
}

/* What a plan that is fitted to the converged samples can come to. */
static int print_converged(const table *t)
{
    score quality;
    int status = score_samples(t->m, &t->base, t->flow, t->samples, &quality);
    if (!status) {
        printf("\nThe converged samples themselves: Frechet distance %.2f, accuracy %.1f %%.\n", quality.distance,
               100 * quality.accuracy);
    }
    return status;
}

/* Combinations that do not exist are found before minutes are spent on what lines converge to. */
static int check_lines(const table *t)
{
    int status = ITP_OK;
    for (size_t i = 0; !status && i < t->lines.count; i++) {
        itp_plan *plan;
        recipe r = t->lines.list[i];
        r.evaluations = t->lines.budgets[t->lines.budget_count - 1];
        status = sampling_plan(&r, &plan);
        status = status == ITP_E_BUDGET ? ITP_OK : status;
        itp_plan_free(plan);
    }
    return status;
}

static int print_lines(table *t)
{
    const methods *lines = &t->lines;
    int status = converge_flow(t);
    status = status ? status : converge_sde(t);
    for (size_t i = 0; !status && i < lines->budget_count * lines->count; i++) {
        status = try_line(t, lines->list[i % lines->count], lines->budgets[i / lines->count]);
    }
    progress_hide(&t->bar);
    return status;
}

/* Image evaluations that the lines will take, for the progress bar; a solver that cannot use a budget leaves a gap. */
static double work(const table *t)
{
    double total = CONVERGED + (t->k > 0 ? CONVERGED_SDE : 0);
    for (size_t i = 0; i < t->lines.budget_count; i++) {
        total += (double)t->lines.budgets[i] * (double)t->lines.count;
    }
    return total * (double)t->samples;
}

/* Of the SDE that lines converge to: the one asked for, or the only one that they have. */
static double k_of(const table *t)
{
    double k = t->base.k;
    for (size_t i = 0; k == 0 && i < t->lines.count; i++) {
        k = fmax(0, methods_limit(&t->lines.list[i]));
    }
    return k;
}

static int widest(const methods *m)
{
    char where[WIDEST];
    int wide = (int)strlen("point-mass, u");
    for (size_t i = 0; i < m->count; i++) {
        methods_where(&m->list[i], where, sizeof where);
        int length = (int)strlen(where);
        wide = length > wide ? length : wide;
    }
    return wide;
}

static int prepare(table *t, const options *o)
{
    size_t size = t->samples * IMAGE_PIXELS * sizeof *t->x;
    int status = methods_choose(&t->base, o->lines, o->evaluations_given, &t->lines);
    if (status) {
        return status;
    }
    if (o->saved) {
        methods_add_saved(&t->lines, &t->base, o->saved);
    }
    t->k = k_of(t);
    t->wide = widest(&t->lines);
    t->x = malloc(size);
    t->flow = malloc(size);
    t->sde = t->k > 0 ? malloc(size) : NULL;
    return t->x && t->flow && (t->sde || t->k == 0) ? ITP_OK : ITP_E_MEMORY;
}

int table_print(const models *m, const options *o)
{
    table t = {.m = m, .base = o->what, .samples = o->samples};
    t.base.env = NULL; /* budgets that a solver cannot use are no errors here */
    int status = prepare(&t, o);
    status = status ? status : check_lines(&t);
    if (!status) {
        print_saved(o);
        print_head(&t);
        progress_start(&t.bar, work(&t));
        status = print_lines(&t);
        status = !status && o->saved ? print_converged(&t) : status;
    }
    methods_free(&t.lines);
    free(t.x);
    free(t.flow);
    free(t.sde);
    if (status) {
        fprintf(stderr, "fashion: %s\n", itp_status_string(status));
    }
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
