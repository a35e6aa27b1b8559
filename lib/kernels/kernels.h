/* Kernels: the one operation that carries a run, in the versions that this build has. */
#ifndef ITP_KERNELS_KERNELS_H
#define ITP_KERNELS_KERNELS_H

#include <interp/sampler.h>

#include "base/kind.h"
#include "noise/normal.h"

typedef struct itp_column {
    const void *data; /* [count][dim] */
    double coef;
} itp_column;

/* next[s][e] = sum coef column[s][e] + sum coef normal(sample s, m, e), summed in the order of the lists, and, with
 * `keep`, output := keep_state state + keep_output output, and, with `carry`, carry := sum carried normal(sample s, m,
 * e); all from the values before the call. Arrays overlap wholly or not at all. A column that is not listed, or a kept
 * one whose coefficient is 0, is not read. */
typedef struct itp_combine {
    size_t dim, count; /* elements per sample, samples */
    void *next;        /* [count][dim]; may be a column, the state or, without keep, the output; NULL: only keep */
    const itp_column *columns;
    int32_t column_count;
    int32_t normal_count;
    const itp_noise_term *normals;
    int32_t keep;
    const void *state; /* read with keep only */
    void *output;
    double keep_state, keep_output;
    uint64_t seed, first;
    const uint64_t *seeds; /* sample i draws from (seed, first + i), or from (seeds[i], 0) where seeds is not NULL */
    size_t from, to;       /* only the elements from .. to - 1 of the flat arrays; to 0: up to the end */
    void *carry; /* a sum of the same normals for a later call, with other coefficients; with next only. May be
                              a column; NULL: none */
    const double *carried; /* [normal_count], read with carry only */
} itp_combine;

/* The bits of the result depend on the kernel and the type, but not on how a batch is cut into samples, calls or
 * addresses. No heap, no alignment beyond that of the element type. */
typedef void (*itp_combine_fn)(const itp_combine *op);

extern const itp_kind itp_kind_kernel;
/* Of a kernel: matrix products are OpenBLAS's in a build that has it; it is nothing without OpenBLAS. */
enum { ITP_KERNEL_MAY_BLAS = 1, ITP_KERNEL_MUST_BLAS = 2 };

/* NULL for ids that are unknown or that the build lacks. kernel: ITP_KERNEL_*, type: ITP_FLOAT32 | ITP_FLOAT64. */
itp_combine_fn itp_kernel_choose(int32_t kernel, int32_t type);

/* The library's own pass, by kinds of processor, that differ in speed, never in a bit. NULL where the compiler or the
 * processor lacks it, and for unknown types. */
itp_combine_fn itp_combine_avx512(int32_t type);
itp_combine_fn itp_combine_avx2(int32_t type);
itp_combine_fn itp_combine_neon(int32_t type);
itp_combine_fn itp_combine_portable(int32_t type);

/* The i-th of those that there are, the fastest first; NULL beyond the last. */
itp_combine_fn itp_combine_own(int32_t i, int32_t type);

#if defined(ITP_HAVE_OPENBLAS)
void itp_combine_openblas_f32(const itp_combine *op);
void itp_combine_openblas_f64(const itp_combine *op);
#endif

#endif
