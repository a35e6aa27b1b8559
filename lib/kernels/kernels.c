/* Which kernel ITP_KERNEL_AUTO is: the portable one, for both types.
 *
 * Nanoseconds per element, one thread of a (busy) Sapphire Rapids core, gcc 12 -O2 for baseline x86-64, OpenBLAS
 * 0.3.21 with its SkylakeX (AVX-512) kernels; tests/bench/combine_bench.c measures it again:
 *
 *                          float64                       float32
 *   columns  elements   portable  OpenBLAS     portable  OpenBLAS (sums in float32)
 *      2       2^12       0.49      0.59         0.67      0.36
 *      5       2^12       0.90      1.19         1.38      0.73
 *      2       2^20       0.90      0.96         0.70      0.58
 *      5       2^20       2.19      2.50         1.45      1.05
 *      2       2^24       2.22      2.21         1.25      1.21
 *      5       2^24       3.85      4.06         2.09      2.33
 *
 * float64: the portable one is as fast or faster, and its bits are the same on every machine. float32: sums are to be
 * held in double, which axpy cannot do; the difference vanishes once the batch leaves the cache. gemv over columns at
 * equal distances was faster in the cache (float64, 5 columns, 2^12: 0.67) and equal beyond it, but then the order of
 * the sum, and with it the bits, would depend on where the columns lie; gemv over columns copied to equal distances was
 * slower.
 */
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
