/* The path for NEON, which every aarch64 processor has. */
#include "noise/normal_path.h"

#include <string.h>

#if defined(__aarch64__) && defined(__GNUC__) && !defined(__AARCH64EB__)
#include <arm_neon.h>

#define NAME(f) f##_neon
#define TARGET ITP_NORMAL_EXACT
#define INLINE TARGET __attribute__((always_inline)) static inline
#define LANES 4
#define PARTS 1
#define ITP_W NAME(u32)
#include "noise/normal_types.h"

INLINE u32_neon split_neon(u32_neon x, int i)
{
    (void)i;
    return x;
}

INLINE u32_neon join_neon(u32_neon even, u32_neon odd)
{
    (void)odd;
    return even;
}

INLINE void product_neon(u32_neon x, uint32_t by, u32_neon *high, u32_neon *low)
{
    uint32x4_t first = vreinterpretq_u32_u64(vmull_u32(vget_low_u32((uint32x4_t)x), vdup_n_u32(by)));
    uint32x4_t last = vreinterpretq_u32_u64(vmull_high_u32((uint32x4_t)x, vdupq_n_u32(by)));
    *low = (u32_neon)vuzp1q_u32(first, last);
    *high = (u32_neon)vuzp2q_u32(first, last);
}

INLINE u32_neon ordered_neon(u32_neon x)
{
    return x;
}

INLINE f32_neon root_neon(f32_neon x)
{
    return (f32_neon)vsqrtq_f32((float32x4_t)x);
}

INLINE f32_neon where_zero_neon(f32_neon k, f32_neon a, f32_neon b)
{
    return (f32_neon)vbslq_f32(vceqzq_f32((float32x4_t)k), (float32x4_t)a, (float32x4_t)b);
}

INLINE void store_neon(f32_neon a, f32_neon b, f32_neon c, f32_neon d, float *out)
{
    float32x4x4_t all = {{(float32x4_t)a, (float32x4_t)b, (float32x4_t)c, (float32x4_t)d}};
    vst4q_f32(out, all);
}

#include "noise/normal_vector.h"
#undef NAME
#undef TARGET
#undef INLINE
#undef LANES
#undef PARTS
#undef ITP_W

const itp_normal_path *itp_normal_path_neon(void)
{
    static const itp_normal_path path = {"neon", run_neon, one_key_neon, anywhere_neon, add_neon};
    return &path;
}

#else

const itp_normal_path *itp_normal_path_neon(void)
{
    return NULL;
}

#endif
