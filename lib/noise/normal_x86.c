/* The paths for x86-64: AVX-512 and AVX2, where the compiler can make code for a processor that it is not told of. Not
 * from gcc for Windows, which may put vectors of 32 bytes on a stack that is aligned to 16. */
#include "noise/normal_path.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && (defined(__clang__) || !defined(_WIN32))
#include <immintrin.h>

#define INLINE TARGET __attribute__((always_inline)) static inline
#define PARTS 2
#define ITP_W NAME(u64)

/* ---- AVX-512 ---- */

#ifndef ITP_NO_AVX512
#define NAME(f) f##_avx512
#define TARGET ITP_NORMAL_EXACT __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define LANES 16
#include "noise/normal_types.h"

/* Words in the lower halves of 64 bits, which are all that the multiplication reads: the upper ones hold anything. */
INLINE u64_avx512 split_avx512(u32_avx512 x, int i)
{
    return i ? (u64_avx512)x >> 32 : (u64_avx512)x;
}

INLINE u32_avx512 join_avx512(u64_avx512 even, u64_avx512 odd)
{
    return (u32_avx512)_mm512_mask_shuffle_epi32((__m512i)even, 0xAAAA, (__m512i)odd, _MM_PERM_CCAA);
}

INLINE void product_avx512(u64_avx512 x, uint32_t by, u64_avx512 *high, u64_avx512 *low)
{
    *low = (u64_avx512)_mm512_mul_epu32((__m512i)x, _mm512_set1_epi64((long long)by));
    *high = *low >> 32;
}

INLINE u32_avx512 ordered_avx512(u32_avx512 x)
{
    return (u32_avx512)_mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
                                                (__m512i)x);
}

INLINE f32_avx512 root_avx512(f32_avx512 x)
{
    return (f32_avx512)_mm512_sqrt_ps((__m512)x);
}

INLINE f32_avx512 where_zero_avx512(f32_avx512 k, f32_avx512 a, f32_avx512 b)
{
    return (f32_avx512)_mm512_mask_blend_ps(_mm512_cmpeq_ps_mask((__m512)k, _mm512_setzero_ps()), (__m512)b, (__m512)a);
}

INLINE void store_avx512(f32_avx512 a, f32_avx512 b, f32_avx512 c, f32_avx512 d, float *out)
{
    __m512 ab = _mm512_unpacklo_ps((__m512)a, (__m512)b), ab2 = _mm512_unpackhi_ps((__m512)a, (__m512)b);
    __m512 cd = _mm512_unpacklo_ps((__m512)c, (__m512)d), cd2 = _mm512_unpackhi_ps((__m512)c, (__m512)d);
    _mm512_storeu_ps(out, (__m512)_mm512_unpacklo_pd((__m512d)ab, (__m512d)cd));
    _mm512_storeu_ps(out + LANES, (__m512)_mm512_unpackhi_pd((__m512d)ab, (__m512d)cd));
    _mm512_storeu_ps(out + (size_t)2 * LANES, (__m512)_mm512_unpacklo_pd((__m512d)ab2, (__m512d)cd2));
    _mm512_storeu_ps(out + (size_t)3 * LANES, (__m512)_mm512_unpackhi_pd((__m512d)ab2, (__m512d)cd2));
}

#include "noise/normal_vector.h"
#undef NAME
#undef TARGET
#undef LANES
#endif

/* ---- AVX2 ---- */

#define NAME(f) f##_avx2
#define TARGET ITP_NORMAL_EXACT __attribute__((target("avx2")))
#define LANES 8
#include "noise/normal_types.h"

INLINE u64_avx2 split_avx2(u32_avx2 x, int i)
{
    return i ? (u64_avx2)x >> 32 : (u64_avx2)x;
}

INLINE u32_avx2 join_avx2(u64_avx2 even, u64_avx2 odd)
{
    return (u32_avx2)_mm256_blend_epi32((__m256i)even, (__m256i)(odd << 32), 0xAA);
}

INLINE void product_avx2(u64_avx2 x, uint32_t by, u64_avx2 *high, u64_avx2 *low)
{
    *low = (u64_avx2)_mm256_mul_epu32((__m256i)x, _mm256_set1_epi64x((long long)by));
    *high = *low >> 32;
}

INLINE u32_avx2 ordered_avx2(u32_avx2 x)
{
    return (u32_avx2)_mm256_permutevar8x32_epi32((__m256i)x, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
}

INLINE f32_avx2 root_avx2(f32_avx2 x)
{
    return (f32_avx2)_mm256_sqrt_ps((__m256)x);
}

INLINE f32_avx2 where_zero_avx2(f32_avx2 k, f32_avx2 a, f32_avx2 b)
{
    return (f32_avx2)_mm256_blendv_ps((__m256)b, (__m256)a, _mm256_cmp_ps((__m256)k, _mm256_setzero_ps(), _CMP_EQ_OQ));
}

INLINE void store_avx2(f32_avx2 a, f32_avx2 b, f32_avx2 c, f32_avx2 d, float *out)
{
    __m256 ab = _mm256_unpacklo_ps((__m256)a, (__m256)b), ab2 = _mm256_unpackhi_ps((__m256)a, (__m256)b);
    __m256 cd = _mm256_unpacklo_ps((__m256)c, (__m256)d), cd2 = _mm256_unpackhi_ps((__m256)c, (__m256)d);
    _mm256_storeu_ps(out, (__m256)_mm256_unpacklo_pd((__m256d)ab, (__m256d)cd));
    _mm256_storeu_ps(out + LANES, (__m256)_mm256_unpackhi_pd((__m256d)ab, (__m256d)cd));
    _mm256_storeu_ps(out + (size_t)2 * LANES, (__m256)_mm256_unpacklo_pd((__m256d)ab2, (__m256d)cd2));
    _mm256_storeu_ps(out + (size_t)3 * LANES, (__m256)_mm256_unpackhi_pd((__m256d)ab2, (__m256d)cd2));
}

#include "noise/normal_vector.h"
#undef NAME
#undef TARGET
#undef LANES
#undef INLINE
#undef PARTS
#undef ITP_W

const itp_normal_path *itp_normal_path_avx512(void)
{
#ifdef ITP_NO_AVX512
    return NULL;
#else
    static const itp_normal_path path = {"avx512", run_avx512, one_key_avx512, anywhere_avx512, add_avx512};
    int has = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return has ? &path : NULL;
#endif
}

const itp_normal_path *itp_normal_path_avx2(void)
{
    static const itp_normal_path path = {"avx2", run_avx2, one_key_avx2, anywhere_avx2, add_avx2};
    return __builtin_cpu_supports("avx2") ? &path : NULL;
}

#else

const itp_normal_path *itp_normal_path_avx512(void)
{
    return NULL;
}

const itp_normal_path *itp_normal_path_avx2(void)
{
    return NULL;
}

#endif
