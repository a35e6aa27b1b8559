/* The pass in the vectors of 16 bytes that nearly every processor has (SSE2, NEON), or in plain C. */
#include "noise/normal_path.h"

/* Where there is one for AVX2 this is left for processors from before 2013. */
#if defined(__x86_64__) && defined(__GNUC__) && (defined(__clang__) || !defined(_WIN32))
#define SMALL 1
#else
#define SMALL 0
#endif

#define TARGET ITP_NORMAL_EXACT
#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 9)
#define INLINE TARGET __attribute__((always_inline)) static inline
#define LANES 2
#else
#define INLINE TARGET static inline
#define LANES 1
#endif

#define ELEMENT float
#define NAME(f) f##_portable_f32
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME

#define ELEMENT double
#define NAME(f) f##_portable_f64
#include "kernels/tile_template.h"
#undef ELEMENT
#undef NAME
#undef LANES
#undef INLINE
#undef TARGET
#undef SMALL

itp_combine_fn itp_combine_portable(int32_t type)
{
    return type == ITP_FLOAT32 ? combine_portable_f32 : type == ITP_FLOAT64 ? combine_portable_f64 : NULL;
}
