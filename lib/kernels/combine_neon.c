/* The pass for NEON, which every aarch64 processor has. What the compiler makes of the portable pass there differs in
 * one thing: it converts float32 a number at a time. */
#include "kernels/kernels.h"
#include "noise/normal_path.h"

#if defined(__aarch64__) && defined(__GNUC__) && !defined(__AARCH64EB__)
#include <arm_neon.h>

#define TARGET ITP_NORMAL_EXACT
#define SMALL 0
#define INLINE TARGET __attribute__((always_inline)) static inline
#define LANES 2
#define ELEMENT float
#define NAME(f) f##_neon_f32
#define WIDEN(x) ((NAME(wide))vcvt_f64_f32((float32x2_t)(x)))
#define NARROW(x) ((NAME(narrow))vcvt_f32_f64((float64x2_t)(x)))
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#define ELEMENT double
#define NAME(f) f##_neon_f64
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#undef LANES
#undef INLINE
#undef SMALL
#undef TARGET

itp_combine_fn itp_combine_neon(int32_t type)
{
    return type == ITP_FLOAT32 ? combine_neon_f32 : type == ITP_FLOAT64 ? combine_neon_f64 : NULL;
}

#else

itp_combine_fn itp_combine_neon(int32_t type)
{
    (void)type;
    return NULL;
}

#endif
