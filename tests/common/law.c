#include "law.h"

#include <interp/noise.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

/* Fractional parts of square roots: the slopes of the lattices. The first two deal the normals of steps: of those tried
 * they leave the least to chance at 2048 to 8192 particles. */
enum { SLOPES = 8 };
static const double slopes[SLOPES] = {0.7320508076, 0.2360679775, 0.4142135624, 0.6457513111,
                                      0.3166247904, 0.6055512755, 0.1231056256, 0.3588989435};

typedef struct ranked {
    double key;
    int index;
} ranked;

static const char *const target_names[LAW_TARGETS] = {"bimodal", "narrow modes", "two modes", "normal"};

const char *law_target_name(int i)
{
    return target_names[i];
}

mixture law_target(int i)
{
    mixture bimodal = {2, {0.5, 0.5}, {-0.95, 0.95}, {sqrt(1 - 0.95 * 0.95), sqrt(1 - 0.95 * 0.95)}};
    mixture narrow = {2, {0.5, 0.5}, {-sqrt(1 - 0.0025), sqrt(1 - 0.0025)}, {0.05, 0.05}};
    if (i == LAW_BIMODAL) return bimodal;
    if (i == LAW_NARROW) return narrow;
    return i == LAW_TWO_MODES ? mixture_two_modes() : mixture_normal(1.0);
}

/* Newton's method, in steps of at most a half. */
static double normal_quantile(double p)
{
    double x = 0.0;
    for (int i = 0; i < 100; i++) {
        double step = (0.5 * erfc(-x * 0.70710678118654752440) - p) / (0.39894228040143267794 * exp(-0.5 * x * x));
        step = fmax(-0.5, fmin(0.5, step));
        x -= step;
        if (fabs(step) < 1e-14) break;
    }
    return x;
}

static void fill(law *l)
{
    mixture_point noise = {1, 0}, data = {0, 1};
    for (int i = 0; i < l->n; i++) l->normal[i] = normal_quantile((i + 0.5) / l->n);
    for (int j = 0; j < l->target.dim; j++)
        for (int i = 0; i < l->n; i++)
            l->quantile[j * l->n + i] = mixture_flow(&l->target.axis[j], noise, l->normal[i], data);
}

law law_new(product target, int n)
{
    law l = {.target = target, .n = 1};
    while (2 * l.n <= n) l.n *= 2;
    l.normal = malloc((size_t)l.n * sizeof *l.normal);
    l.quantile = malloc((size_t)l.n * (size_t)target.dim * sizeof *l.quantile);
    if (!l.normal || !l.quantile) abort();
    fill(&l);
    return l;
}

void law_free(law *l)
{
    free(l->normal);
    free(l->quantile);
}

static int ascending(const void *a, const void *b)
{
    double x = ((const ranked *)a)->key, y = ((const ranked *)b)->key;
    return (x > y) - (x < y);
}

/* The particles by their coordinate along the axis. */
static void rank(const law *l, int axis, const double *x, ranked *order)
{
    for (int i = 0; i < l->n; i++) {
        order[i] = (ranked){i, i};
        if (!x) continue;
        const double *at = x + (size_t)i * (size_t)l->target.dim;
        order[i].key = 0.0;
        for (int c = 0; c < l->target.dim; c++) order[i].key += l->target.rotation[c][axis] * at[c];
    }
    if (x) qsort(order, (size_t)l->n, sizeof *order, ascending);
}

void law_normals(const law *l, law_deal deal, const double *x, double *xi)
{
    size_t dim = (size_t)l->target.dim;
    ranked *order = malloc((size_t)l->n * sizeof *order);
    double y[PRODUCT_MOST];
    uint32_t counter[4] = {(uint32_t)deal.number, 0, 0, 0}, key[2] = {deal.seed, 0}, shift[4];
    for (int j = 0; order && j < l->target.dim; j++) {
        int slope = x ? deal.way % SLOPES : j % SLOPES;
        uint32_t step = (uint32_t)(slopes[slope] * l->n) | 1U; /* odd: n being a power of 2, each quantile once */
        counter[1] = (uint32_t)j;
        itp_philox(counter, key, shift);
        rank(l, j, x, order);
        for (uint32_t i = 0; i < (uint32_t)l->n; i++)
            xi[(size_t)order[i].index * dim + (size_t)j] = l->normal[(i * step + shift[0]) % (uint32_t)l->n];
    }
    for (int i = 0; i < l->n; i++) {
        memcpy(y, xi + (size_t)i * dim, dim * sizeof *y);
        product_from_axes(&l->target, y, xi + (size_t)i * dim);
    }
    free(order);
}

/* ---- distances ---- */

typedef struct marginal {
    const product *target;
    int axis;
} marginal;

static double marginal_cdf(const void *user, double y)
{
    const marginal *m = user;
    return product_cdf(m->target, m->axis, y);
}

/* Whether -X has the law of X. */
static int symmetric(const mixture *m)
{
    if (m->n == 1) return m->mean[0] == 0;
    return m->weight[0] == m->weight[1] && m->mean[0] == -m->mean[1] && m->sd[0] == m->sd[1];
}

/* y [2 n], of which the first half is filled; sorted by stats_ks. */
static law_error along(const law *l, int axis, double *y)
{
    marginal m = {&l->target, axis};
    const double *quantile = l->quantile + (size_t)axis * (size_t)l->n;
    int copies = symmetric(&l->target.axis[axis]) ? 2 : 1, n = copies * l->n;
    for (int i = l->n; i < n; i++) y[i] = -y[i - l->n];
    law_error error = {0, stats_ks(y, n, marginal_cdf, &m)};
    for (int i = 0; i < n; i++) error.w2 += (y[i] - quantile[i / copies]) * (y[i] - quantile[i / copies]) / n;
    error.w2 = sqrt(error.w2);
    return error;
}

law_error law_of(const law *l, const double *x)
{
    law_error sum = {0, 0};
    int dim = l->target.dim;
    double *y = malloc(2 * (size_t)l->n * sizeof *y), all[PRODUCT_MOST];
    if (!y) abort();
    for (int j = 0; j < dim; j++) {
        for (int i = 0; i < l->n; i++) {
            product_to_axes(&l->target, x + (size_t)i * (size_t)dim, all);
            y[i] = all[j];
        }
        law_error error = along(l, j, y);
        sum.w2 += error.w2 / dim;
        sum.ks += error.ks / dim;
    }
    free(y);
    return sum;
}
