/* Which kernel ITP_KERNEL_AUTO is: the portable one, for both types.
 *
 * Nanoseconds per element, one thread of a Sapphire Rapids core, gcc 12 -O2 for baseline x86-64, OpenBLAS 0.3.21 with its
 * SkylakeX (AVX-512) kernels; tests/bench/combine_bench.c measures it again:
 *
 *                          float64                       float32
 *   columns  elements   portable  OpenBLAS     portable  OpenBLAS (sums in float32)
 *      2       2^12       0.45      0.52         0.62      0.34
 *      5       2^12       0.82      1.02         1.32      0.68
 *      2       2^20       0.89      0.88         0.68      0.46
 *      5       2^20       1.63      1.83         1.32      0.89
 *      5       2^24       3.86      3.98         1.84      2.09
 *
 * float64: the portable one is as fast or faster, and its bits are the same on every machine. float32: sums are to be held
 * in double, which axpy cannot do; the difference vanishes once the batch leaves the cache. gemv over columns at equal
 * distances is faster than either in the cache (float64, 5 columns, 2^12: 0.67) and equal beyond it, but then the order
 * of the sum, and with it the bits, would depend on where the columns lie. */
#include "kernels/kernels.h"

#include <stddef.h>

static itp_combine_fn portable(int32_t type)
{
    if (type == ITP_FLOAT32) return itp_combine_portable_f32;
    if (type == ITP_FLOAT64) return itp_combine_portable_f64;
    return NULL;
}

static itp_combine_fn openblas(int32_t type)
{
#if defined(ITP_HAVE_OPENBLAS)
    if (type == ITP_FLOAT32) return itp_combine_openblas_f32;
    if (type == ITP_FLOAT64) return itp_combine_openblas_f64;
#endif
    (void)type;
    return NULL;
}

itp_combine_fn itp_kernel_choose(int32_t kernel, int32_t type)
{
    switch (kernel) {
    case ITP_KERNEL_AUTO:
    case ITP_KERNEL_PORTABLE: return portable(type);
    case ITP_KERNEL_OPENBLAS: return openblas(type);
    default: return NULL;
    }
}
