/* The pass for x86-64: AVX-512 and AVX2, where the compiler can make code for a processor that it is not told of. Not
 * from gcc for Windows, which may put vectors of 32 bytes on a stack that is aligned to 16. */
#include "kernels/kernels.h"
#include "noise/normal_path.h"

#if defined(__x86_64__) && defined(__GNUC__) && (defined(__clang__) || !defined(_WIN32))
#include <immintrin.h>

/* gcc 12 converts vectors by halves unless told the instruction. */
#define SMALL 0
#define INLINE TARGET __attribute__((always_inline)) static inline

#ifndef ITP_NO_AVX512
#define TARGET ITP_NORMAL_EXACT __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define LANES 8
#define ELEMENT float
#define NAME(f) f##_avx512_f32
#define WIDEN(x) ((NAME(wide))_mm512_cvtps_pd((__m256)(x)))
#define NARROW(x) ((NAME(narrow))_mm512_cvtpd_ps((__m512d)(x)))
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#define ELEMENT double
#define NAME(f) f##_avx512_f64
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#undef LANES
#undef TARGET
#endif

#define TARGET ITP_NORMAL_EXACT __attribute__((target("avx2")))
#define LANES 4
#define ELEMENT float
#define NAME(f) f##_avx2_f32
#define WIDEN(x) ((NAME(wide))_mm256_cvtps_pd((__m128)(x)))
#define NARROW(x) ((NAME(narrow))_mm256_cvtpd_ps((__m256d)(x)))
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#define ELEMENT double
#define NAME(f) f##_avx2_f64
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#undef LANES
#undef INLINE
#undef SMALL
#undef TARGET

itp_combine_fn itp_combine_avx512(int32_t type)
{
#ifdef ITP_NO_AVX512
    (void)type;
    return NULL;
#else
    int has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (!has) return NULL;
    return type == ITP_FLOAT32 ? combine_avx512_f32 : type == ITP_FLOAT64 ? combine_avx512_f64 : NULL;
#endif
}

itp_combine_fn itp_combine_avx2(int32_t type)
{
    if (!__builtin_cpu_supports("avx2")) return NULL;
    return type == ITP_FLOAT32 ? combine_avx2_f32 : type == ITP_FLOAT64 ? combine_avx2_f64 : NULL;
}

#else

itp_combine_fn itp_combine_avx512(int32_t type)
{
    (void)type;
    return NULL;
}

itp_combine_fn itp_combine_avx2(int32_t type)
{
    (void)type;
    return NULL;
}

#endif
