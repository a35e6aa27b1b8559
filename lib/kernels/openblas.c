/* Sums of columns by OpenBLAS: axpy onto a block in the first-level cache.
 *
 * - axpy, not gemv: which columns could be one matrix depends on where they lie in memory, and then so would the bits.
 * - A block is far below the size at which OpenBLAS starts threads, and axpy needs no buffer of the library's.
 * - Every call has the same length, a multiple of any vector width, so every element meets the same instructions (a
 *   fused multiply-add, on most processors) wherever it lies in the batch.
 * - float32 sums are held in float32 and coefficients rounded to it: this is what ITP_KERNEL_OPENBLAS asks for, and
 *   why ITP_KERNEL_AUTO does not take it for float32. */
#include "kernels/block.h"

#include <cblas.h>

enum { ITP_COMBINE_GROUP = 5 };

static void add_columns_openblas_f32(const float *const *x, const double *coef, int count, int fresh, float *sum)
{
    if (fresh) memset(sum, 0, ITP_COMBINE_BLOCK * sizeof *sum);
    for (int j = 0; j < count; j++) cblas_saxpy(ITP_COMBINE_BLOCK, (float)coef[j], x[j], 1, sum, 1);
}

static void add_columns_openblas_f64(const double *const *x, const double *coef, int count, int fresh, double *sum)
{
    if (fresh) memset(sum, 0, ITP_COMBINE_BLOCK * sizeof *sum);
    for (int j = 0; j < count; j++) cblas_daxpy(ITP_COMBINE_BLOCK, coef[j], x[j], 1, sum, 1);
}

static void add_xi_openblas_f32(const itp_draw *draw, double coef, const float *xi, float *sum)
{
    for (size_t i = 0; i < draw->length; i++) sum[i] += (float)coef * xi[i];
}

#define ELEMENT float
#define SUM float
#define NAME(f) f##_openblas_f32
#define ADD_COLUMNS add_columns_openblas_f32
#define ADD_XI add_xi_openblas_f32
#include "kernels/combine_template.h"
#undef ELEMENT
#undef SUM
#undef NAME
#undef ADD_COLUMNS
#undef ADD_XI

#define ELEMENT double
#define SUM double
#define NAME(f) f##_openblas_f64
#define ADD_COLUMNS add_columns_openblas_f64
#define ADD_XI itp_block_add_xi
#include "kernels/combine_template.h"
#undef ELEMENT
#undef SUM
#undef NAME
#undef ADD_COLUMNS
#undef ADD_XI
