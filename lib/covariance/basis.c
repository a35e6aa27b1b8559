/* Sums by elements are memory-bound and everybody's the same; the products are OpenBLAS's where it is there: they are
 * most of what a row costs. */
#include "covariance/basis.h"
#include "kernels/kernels.h"

#include <string.h>

#if defined(ITP_HAVE_OPENBLAS)
#include <cblas.h>
#endif

enum { BLOCK = 256 };

#define ELEMENT float
#define NAME(f) f##_f32
#include "covariance/basis_template.h"
#undef ELEMENT
#undef NAME

#define ELEMENT double
#define NAME(f) f##_f64
#include "covariance/basis_template.h"

#if defined(ITP_HAVE_OPENBLAS)

static void project_openblas_f32(const itp_turn *op)
{
    int count = (int)op->count, dim = (int)op->dim, rank = (int)op->rank;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, count, rank, dim, 1.0f, op->x, dim, op->basis, dim, 0.0f,
                op->c, rank);
}

static void expand_openblas_f32(const itp_turn *op, int32_t add)
{
    int count = (int)op->count, dim = (int)op->dim, rank = (int)op->rank;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, dim, rank, 1.0f, op->c, rank, op->basis, dim,
                add ? 1.0f : 0.0f, op->x, dim);
}

static void project_openblas_f64(const itp_turn *op)
{
    int count = (int)op->count, dim = (int)op->dim, rank = (int)op->rank;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, count, rank, dim, 1.0, op->x, dim, op->basis, dim, 0.0, op->c,
                rank);
}

static void expand_openblas_f64(const itp_turn *op, int32_t add)
{
    int count = (int)op->count, dim = (int)op->dim, rank = (int)op->rank;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, count, dim, rank, 1.0, op->c, rank, op->basis, dim,
                add ? 1.0 : 0.0, op->x, dim);
}

static const itp_basis_kernel openblas[] = {{advance_f32, project_openblas_f32, expand_openblas_f32, 0},
                                            {advance_f64, project_openblas_f64, expand_openblas_f64, 0}};
#endif

static const itp_basis_kernel portable[] = {{advance_f32, project_f32, expand_f32, 1},
                                            {advance_f64, project_f64, expand_f64, 1}};

int itp_basis_choose(int32_t kernel, int32_t type, itp_basis_kernel *out)
{
    uint32_t may = itp_kind_of(&itp_kind_kernel, kernel)->reads;
#if defined(ITP_HAVE_OPENBLAS)
    if (may & ITP_KERNEL_MAY_BLAS) {
        *out = openblas[type == ITP_FLOAT64];
        return ITP_OK;
    }
#endif
    *out = portable[type == ITP_FLOAT64];
    return may & ITP_KERNEL_MUST_BLAS ? ITP_E_UNSUPPORTED : ITP_OK;
}
