/* Mean and covariance of samples. */
#include "base/desc.h"
#include "base/element.h"
#include "base/field.h"
#include "base/float_env.h"
#include "covariance/covariance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sized.h"
#include "covariance/eigen.h"

#if defined(ITP_HAVE_OPENBLAS)
#include <cblas.h>
#endif

enum { CHUNK = 64 };

typedef struct estimating {
    itp_covariance_estimation d;
    itp_report log;
    itp_memory memory;
    itp_covariance *out;
    double *moments, *chunk; /* [dim][dim], the lower triangle; [CHUNK][dim] of centred samples */
    double unit;             /* by which centred samples are multiplied, so that their fourth powers are numbers */
    double fourth, trace;    /* sum of |x|^4 over the samples, tr S; in that unit */
} estimating;

static double element(const itp_covariance_estimation *d, size_t i)
{
    return itp_element_load(d->type, d->samples, i);
}

static int find_mean(estimating *of)
{
    size_t dim = of->d.dim, total = dim * of->d.count;
    for (size_t i = 0; i < total; i++) of->out->mean[i % dim] += element(&of->d, i);
    for (size_t e = 0; e < dim; e++) {
        of->out->mean[e] /= (double)of->d.count;
        if (!isfinite(of->out->mean[e])) {
            return itp_fail(&of->log, ITP_E_NONFINITE, "samples: element %zu is not finite in all of them.", e);
        }
    }
    return ITP_OK;
}

/* A power of two, which changes no digit: 1 unless the samples are very large or small. */
static int find_unit(estimating *of)
{
    enum { FAR = 100, FURTHEST = 1000 };
    size_t dim = of->d.dim, total = dim * of->d.count;
    double most = 0;
    int exponent = 0;
    for (size_t i = 0; i < total; i++) most = fmax(most, fabs(element(&of->d, i) - of->out->mean[i % dim]));
    if (!isfinite(most)) {
        return itp_fail(&of->log, ITP_E_RANGE, "samples: they lie too far from their mean; give them in another unit.");
    }
    (void)frexp(most, &exponent);
    exponent = exponent > FURTHEST ? FURTHEST : exponent < -FURTHEST ? -FURTHEST : exponent;
    of->unit = most > 0 && abs(exponent) > FAR ? ldexp(1, -exponent) : 1;
    return ITP_OK;
}

/* Variances in the samples' own unit. */
static void restore_unit(estimating *of)
{
    itp_covariance_info *info = &of->out->info;
    for (size_t i = 0; i < info->rank; i++) of->out->variances[i] = of->out->variances[i] / of->unit / of->unit;
    info->rest = info->rest / of->unit / of->unit;
}

static void find_variances(estimating *of)
{
    size_t dim = of->d.dim, total = dim * of->d.count;
    for (size_t i = 0; i < total; i++) {
        double off = of->unit * (element(&of->d, i) - of->out->mean[i % dim]);
        of->out->variances[i % dim] += off * off / (double)of->d.count;
    }
}

static void add_products(estimating *of, size_t some)
{
    size_t dim = of->d.dim;
#if defined(ITP_HAVE_OPENBLAS)
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)dim, (int)some, 1, of->chunk, (int)dim, 1, of->moments,
                (int)dim);
#else
    for (size_t s = 0; s < some; s++) {
        const double *x = of->chunk + s * dim;
        for (size_t i = 0; i < dim; i++) {
            for (size_t j = 0; j <= i; j++) of->moments[i * dim + j] += x[i] * x[j];
        }
    }
#endif
}

static void add_chunk(estimating *of, size_t first, size_t some)
{
    size_t dim = of->d.dim;
    for (size_t s = 0; s < some; s++) {
        double square = 0;
        for (size_t e = 0; e < dim; e++) {
            double off = of->unit * (element(&of->d, (first + s) * dim + e) - of->out->mean[e]);
            of->chunk[s * dim + e] = off;
            square += off * off;
        }
        of->fourth += square * square;
    }
    add_products(of, some);
}

static void find_moments(estimating *of)
{
    size_t dim = of->d.dim, count = of->d.count;
    for (size_t first = 0; first < count; first += CHUNK) {
        add_chunk(of, first, count - first < CHUNK ? count - first : CHUNK);
    }
    for (size_t i = 0; i < dim; i++) {
        for (size_t j = 0; j <= i; j++) {
            of->moments[i * dim + j] /= (double)count;
            of->moments[j * dim + i] = of->moments[i * dim + j];
        }
        of->trace += of->moments[i * dim + i];
    }
}

/* Ledoit and Wolf 2004, lemmas 3.2 to 3.5: the share of the distance between S and its target that is chance. */
static double best_shrinkage(const estimating *of)
{
    double dim = (double)of->d.dim, count = (double)of->d.count, square = 0;
    for (size_t i = 0; i < of->d.dim * of->d.dim; i++) square += of->moments[i] * of->moments[i];
    double distance = square - of->trace * of->trace / dim, chance = (of->fourth / count - square) / count;
    return distance > 0 ? fmin(1, fmax(0, chance) / distance) : 1;
}

/* The target is a multiple of I: only eigenvalues change. */
static void shrink(estimating *of)
{
    itp_covariance_info *info = &of->out->info;
    double rank = (double)info->rank, dim = (double)info->dim, left = of->trace, mean = of->trace / dim;
    double by = of->d.shrinkage < 0 ? info->shrinkage : of->d.shrinkage;
    for (size_t i = 0; i < info->rank; i++) left -= of->out->variances[i];
    info->shrinkage = by;
    info->rest = info->rank < info->dim ? (1 - by) * fmax(0, left) / (dim - rank) + by * mean : 0;
    for (size_t i = 0; i < info->rank; i++) {
        of->out->variances[i] = (1 - by) * fmax(0, of->out->variances[i]) + by * mean;
    }
}

static int find_basis(estimating *of)
{
    size_t dim = of->d.dim;
    find_moments(of);
    of->out->info.shrinkage = best_shrinkage(of);
    int status = itp_eigen(&of->memory, dim, of->moments, of->out->info.rank, of->out->variances, of->out->basis);
    if (status) {
        return itp_fail(&of->log, status, "dim: %zu; no eigenvectors (this build finds those of up to %d elements).",
                        dim, (int)ITP_JACOBI_MOST);
    }
    shrink(of);
    return ITP_OK;
}

static int allocate_and_find_basis(estimating *of)
{
    size_t dim = of->d.dim, doubles = dim * dim + CHUNK * dim;
    of->moments = itp_memory_array(&of->memory, doubles, sizeof(double));
    if (!of->moments) {
        return itp_fail(&of->log, ITP_E_MEMORY, "no memory for %zu x %zu moments.", dim, dim);
    }
    of->chunk = of->moments + dim * dim;
    int status = find_basis(of);
    itp_memory_free(&of->memory, of->moments, doubles * sizeof(double));
    return status;
}

static int check_choices(const estimating *of)
{
    const itp_covariance_estimation *d = &of->d;
    if (!d->samples) {
        return itp_fail(&of->log, ITP_E_ARGUMENT, "samples: the array is NULL.");
    }
    int status = itp_choice_check(&itp_kind_covariance, "kind", d->kind, &of->log);
    if (status) {
        return status;
    }
    int idle = d->kind == ITP_COVARIANCE_DIAGONAL && (d->rank || d->shrinkage > 0);
    status = itp_idle_check(&of->log, idle, "rank, shrinkage", "the kind \"basis\"");
    return status ? status : itp_choice_check(&itp_kind_type, "type", d->type, &of->log);
}

static int check_count(const estimating *of)
{
    return of->d.dim > INT32_MAX / CHUNK || of->d.count > SIZE_MAX / sizeof(double) / of->d.dim
               ? itp_fail(&of->log, ITP_E_OVERFLOW, "dim, count: so many samples do not fit.")
               : ITP_OK;
}

static int check_sizes(const estimating *of)
{
    const itp_covariance_estimation *d = &of->d;
    int basis = d->kind == ITP_COVARIANCE_BASIS;
    int status = itp_covariance_check_sizes(&of->log, d->dim, d->rank && basis ? d->rank : 1);
    status = status || !basis ? status : itp_covariance_check_sizes(&of->log, d->dim, d->dim);
    return status ? status : check_count(of);
}

static int check(const estimating *of)
{
    const itp_covariance_estimation *d = &of->d;
    int status = check_choices(of);
    if (!status && (d->count < 2 || !(d->shrinkage <= 1))) {
        status = itp_fail(&of->log, ITP_E_RANGE, "count, shrinkage: %zu, %g; at least 2, at most 1.", d->count,
                          d->shrinkage);
    }
    status = status ? status : itp_covariance_check_floor(&of->log, d->floor);
    return status ? status : check_sizes(of);
}

/* Everything that the samples say, in their own unit. */
static int measure(estimating *of)
{
    int status = find_mean(of);
    status = status ? status : find_unit(of);
    if (!status && of->d.kind == ITP_COVARIANCE_BASIS) {
        status = allocate_and_find_basis(of);
    } else if (!status) {
        find_variances(of);
    }
    if (!status) {
        restore_unit(of);
    }
    return status;
}

static int estimate(estimating *of)
{
    size_t dim = of->d.dim, rank = of->d.rank ? of->d.rank : dim;
    rank = of->d.kind == ITP_COVARIANCE_DIAGONAL ? dim : rank;
    int status = itp_desc_memory(of->d.env, &of->log, &of->memory);
    if (status) {
        return status;
    }
    status = check(of);
    if (status) {
        return status;
    }
    const itp_covariance_info sizes = {.size = sizeof sizes, .dim = dim, .rank = rank, .kind = of->d.kind};
    of->out = itp_covariance_blank(&of->memory, &of->log, &sizes);
    if (!of->out) {
        return ITP_E_MEMORY;
    }
    status = measure(of);
    return status ? status : itp_covariance_raise(of->out, &of->log, of->d.floor);
}

/* From here on the shrinkage is negative where it is to be found. */
static void fill_in(itp_covariance_estimation *d)
{
    d->shrinkage = d->shrinkage < 0 ? 0 : itp_real_or(d->shrinkage, -1);
    d->floor = itp_real_or(d->floor, ITP_COVARIANCE_FLOOR);
    d->type = d->type ? d->type : ITP_FLOAT32;
    d->kind = d->kind ? d->kind : ITP_COVARIANCE_BASIS;
}

static ITP_APART int covariance_estimate(const itp_covariance_estimation *estimation, itp_covariance **out)
{
    estimating of;
    if (!out) {
        return itp_desc_refuse(estimation, offsetof(itp_covariance_estimation, env), "out");
    }
    *out = NULL;
    memset(&of, 0, sizeof of);
    int status = itp_desc_read(&of.d, sizeof of.d, estimation, offsetof(itp_covariance_estimation, env), &of.log);
    if (!status) {
        fill_in(&of.d);
        status = estimate(&of);
    }
    if (status) {
        itp_covariance_free(of.out);
        of.out = NULL;
    }
    *out = of.out;
    return itp_report_end(&of.log, status);
}

int itp_covariance_estimate(const itp_covariance_estimation *estimation, itp_covariance **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, covariance_estimate(estimation, out));
}
