/* A mean and a covariance, as the caller gives them. */
#include "covariance/covariance.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/float_env.h"
#include "base/sized.h"

ITP_CHOICES(covariance, "covariance",
            {ITP_WORDS("diagonal", "", "a variance for each element"), ITP_COVARIANCE_DIAGONAL, 0},
            {ITP_WORDS("basis", "", "variances along vectors, one for the rest"), ITP_COVARIANCE_BASIS, 0});

static const double ORTHONORMAL = 1e-6;

int itp_covariance_check_sizes(const itp_report *log, size_t dim, size_t rank)
{
    if (!dim || !rank || rank > dim) {
        return itp_fail(log, ITP_E_RANGE, "dim, rank: %zu, %zu; 1 <= rank <= dim.", dim, rank);
    }
    return dim > SIZE_MAX / 64 / sizeof(double) / rank
               ? itp_fail(log, ITP_E_OVERFLOW, "dim, rank: a basis of %zu vectors does not fit.", rank)
               : ITP_OK;
}

int itp_covariance_check_floor(const itp_report *log, double floor)
{
    return floor > 0 && floor <= 1 ? ITP_OK
                                   : itp_fail(log, ITP_E_RANGE, "floor: %g, it must be above 0 and at most 1.", floor);
}

static int check_finite(const itp_report *log, const char *name, const double *values, size_t count, double least)
{
    for (size_t i = 0; i < count; i++) {
        if (!(isfinite(values[i]) && values[i] >= least)) {
            return itp_fail(log, ITP_E_RANGE, "%s: element %zu is %g.", name, i, values[i]);
        }
    }
    return ITP_OK;
}

static double inner(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += a[i] * b[i];
    return sum;
}

static int check_basis(const itp_covariance_desc *d, const itp_report *log)
{
    for (size_t i = 0; i < d->rank; i++) {
        for (size_t j = 0; j <= i; j++) {
            double product = inner(d->basis + i * d->dim, d->basis + j * d->dim, d->dim);
            if (!(fabs(product - (i == j)) < ORTHONORMAL)) {
                return itp_fail(log, ITP_E_RANGE, "basis: the product of vectors %zu and %zu is %g.", j, i, product);
            }
        }
    }
    return ITP_OK;
}

static int check_arrays(const itp_covariance_desc *d, const itp_report *log)
{
    int status = check_finite(log, "variances", d->variances, d->rank, 0);
    if (!status && d->mean) {
        status = check_finite(log, "mean", d->mean, d->dim, -INFINITY);
    }
    if (!status && d->rank < d->dim) {
        status = check_finite(log, "rest", &d->rest, 1, 0);
    }
    return status || !d->basis ? status : check_basis(d, log);
}

static int check_kind(const itp_covariance_desc *d, const itp_report *log)
{
    int status = itp_choice_check(&itp_kind_covariance, "kind", d->kind, log);
    status = status ? status : itp_reserved_check(log, d->reserved);
    if (status) {
        return status;
    }
    return d->variances && (d->basis || d->kind == ITP_COVARIANCE_DIAGONAL)
               ? ITP_OK
               : itp_fail(log, ITP_E_ARGUMENT, "variances, basis: the array is NULL.");
}

static int check_idle(const itp_covariance_desc *d, const itp_report *log)
{
    int diagonal = d->kind == ITP_COVARIANCE_DIAGONAL;
    int status = itp_idle_check(log, diagonal && (d->rank || d->basis), "rank, basis", "the kind \"basis\"");
    return status ? status
                  : itp_idle_check(log, d->rest != 0 && (diagonal || d->rank == d->dim), "rest",
                                   "a basis whose rank is below dim");
}

static int check(itp_covariance_desc *d, const itp_report *log)
{
    int diagonal = d->kind == ITP_COVARIANCE_DIAGONAL;
    int status = check_kind(d, log);
    status = status ? status : check_idle(d, log);
    if (status) {
        return status;
    }
    d->rank = diagonal ? d->dim : d->rank;
    status = itp_covariance_check_sizes(log, d->dim, diagonal ? 1 : d->rank);
    status = status ? status : itp_covariance_check_floor(log, d->floor);
    return status ? status : check_arrays(d, log);
}

itp_covariance *itp_covariance_blank(const itp_memory *memory, const itp_report *log, const itp_covariance_info *sizes)
{
    size_t dim = sizes->dim, rank = sizes->rank, basis = sizes->kind == ITP_COVARIANCE_BASIS ? rank * dim : 0;
    size_t bytes = sizeof(itp_covariance) + (dim + rank + basis) * sizeof(double);
    itp_covariance *out = itp_memory_array(memory, 1, bytes);
    if (!out) {
        (void)itp_fail(log, ITP_E_MEMORY, "no memory for a covariance of %zu bytes.", bytes);
        return NULL;
    }
    out->memory = *memory;
    out->bytes = bytes;
    out->info = *sizes;
    out->mean = (double *)(void *)(out + 1);
    out->variances = out->mean + dim;
    out->basis = basis ? out->variances + rank : NULL;
    out->info.mean = out->mean;
    out->info.variances = out->variances;
    out->info.basis = out->basis;
    return out;
}

int itp_covariance_raise(itp_covariance *covariance, const itp_report *log, double floor)
{
    size_t dim = covariance->info.dim, rank = covariance->info.rank;
    double most = rank < dim ? covariance->info.rest : 0;
    for (size_t i = 0; i < rank; i++) most = fmax(most, covariance->variances[i]);
    if (!(most > 0)) {
        return itp_fail(log, ITP_E_RANGE, "variances: none of them is above 0.");
    }
    if (!(floor * most >= DBL_MIN && isfinite(most))) {
        return itp_fail(log, ITP_E_RANGE, "variances: the largest is %g, too %s to count with; take another unit.",
                        most, most > 1 ? "large" : "small");
    }
    for (size_t i = 0; i < rank; i++) covariance->variances[i] = fmax(floor * most, covariance->variances[i]);
    covariance->info.rest = rank < dim ? fmax(floor * most, covariance->info.rest) : 0;
    return ITP_OK;
}

static int create(itp_covariance_desc *d, const itp_report *log, itp_covariance **out)
{
    itp_memory memory;
    int status = itp_desc_memory(d->env, log, &memory);
    if (status) {
        return status;
    }
    status = check(d, log);
    if (status) {
        return status;
    }
    const itp_covariance_info sizes = {
        .size = sizeof sizes, .dim = d->dim, .rank = d->rank, .rest = d->rest, .kind = d->kind};
    itp_covariance *made = itp_covariance_blank(&memory, log, &sizes);
    if (!made) {
        return ITP_E_MEMORY;
    }
    memcpy(made->variances, d->variances, d->rank * sizeof(double));
    if (d->mean && made->mean) memcpy(made->mean, d->mean, d->dim * sizeof(double));
    if (d->basis && made->basis) memcpy(made->basis, d->basis, d->rank * d->dim * sizeof(double));
    made->info.mean = d->mean ? made->mean : NULL;
    status = itp_covariance_raise(made, log, d->floor);
    if (status) {
        itp_covariance_free(made);
        made = NULL;
    }
    *out = made;
    return status;
}

static ITP_APART int covariance_new(const itp_covariance_desc *desc, itp_covariance **out)
{
    itp_covariance_desc known;
    itp_report log;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_covariance_desc, env), "out");
    }
    *out = NULL;
    int status = itp_desc_read(&known, sizeof known, desc, offsetof(itp_covariance_desc, env), &log);
    if (!status) {
        known.floor = itp_real_or(known.floor, ITP_COVARIANCE_FLOOR);
        known.kind = known.kind ? known.kind : ITP_COVARIANCE_DIAGONAL;
        status = create(&known, &log, out);
    }
    return itp_report_end(&log, status);
}

int itp_covariance_new(const itp_covariance_desc *desc, itp_covariance **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, covariance_new(desc, out));
}

void itp_covariance_free(itp_covariance *covariance)
{
    if (covariance && itp_count_drop(&covariance->count)) {
        itp_memory memory = covariance->memory;
        itp_memory_free(&memory, covariance, covariance->bytes);
    }
}

int itp_covariance_get_info(const itp_covariance *covariance, itp_covariance_info *out)
{
    return covariance && out ? itp_struct_write(out, &covariance->info, sizeof covariance->info) : ITP_E_ARGUMENT;
}
