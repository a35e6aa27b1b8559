/* Which kernel ITP_KERNEL_AUTO is: the library's own pass, for both types, in the widest vectors there are.
 *
 * Nanoseconds per element, one thread of a (busy) Sapphire Rapids core, gcc 12, OpenBLAS 0.3.21, all written over the
 * first column; "loop" is one as in STREAM, in the arrays' own type and compiled for that processor.
 * tests/bench/combine_bench.c measures it again:
 *
 *                            float64                            float32
 *   columns  elements   loop   own  OpenBLAS          loop   own  OpenBLAS (sums in float32)
 *      2       2^12     0.31  0.26    0.76            0.09  0.25    0.32
 *      5       2^12     0.64  0.50    1.27            0.35  0.62    0.71
 *      2       2^20     0.67  0.67    0.71            0.37  0.36    0.40
 *      5       2^20     2.97  2.79    3.90            1.08  0.99    1.10
 *     10       2^20     6.16  5.94    8.80            3.06  2.88    3.46
 *
 * - Beyond the second-level cache the pass is as fast as the loop or faster. Inside, float32 pays for its sums in
 *   double: a conversion, a multiplication and an addition there take longer than the loads.
 * - Asking for data ahead (tile_template.h) is worth 5 to 30 % in float32 beyond the caches, and costs nothing inside.
 * - Stores that go past the cache would save up to a third of the traffic of a next state apart from its columns, but
 *   only where arrays are larger than the last cache, and cost as much where they are not; the network reads the state
 *   right after. Most rows overwrite a column anyway.
 * - OpenBLAS: axpy passes over a block once per column; float32 sums are to be held in double, which it cannot do. With
 *   gemv the order of the sum, and so the bits, would depend on where the columns lie. So a build without OpenBLAS
 *   loses nothing.
 */
#include "kernels/kernels.h"

#include <stddef.h>

itp_combine_fn itp_combine_own(int32_t i, int32_t type)
{
    itp_combine_fn combine = itp_combine_avx512(type);
    if (combine && i-- == 0) return combine;
    combine = itp_combine_avx2(type);
    if (combine && i-- == 0) return combine;
    combine = itp_combine_neon(type);
    if (combine && i-- == 0) return combine;
    return i == 0 ? itp_combine_portable(type) : NULL;
}

static itp_combine_fn own(int32_t type)
{
    return itp_combine_own(0, type);
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

typedef struct row {
    itp_named named;
    itp_combine_fn (*choose)(int32_t type);
} row;

static const row ROWS[] = {
    {{ITP_WORDS("auto", "", "the library's own pass; OpenBLAS for products"), ITP_KERNEL_AUTO, ITP_KERNEL_MAY_BLAS},
     own},
    {{ITP_WORDS("portable", "", "the library's own code in all"), ITP_KERNEL_PORTABLE, 0}, own},
    {{ITP_WORDS("openblas", "", "OpenBLAS in all"), ITP_KERNEL_OPENBLAS, ITP_KERNEL_MAY_BLAS | ITP_KERNEL_MUST_BLAS},
     openblas},
};
const itp_kind itp_kind_kernel = {
    .name = "kernel", .rows = ROWS, .stride = sizeof ROWS[0], .count = sizeof ROWS / sizeof ROWS[0]};

itp_combine_fn itp_kernel_choose(int32_t kernel, int32_t type)
{
    const row *of = (const void *)itp_kind_of(&itp_kind_kernel, kernel);
    return of ? of->choose(type) : NULL;
}
