/* The path in plain C: planes of one number per lane, with fixed trip counts and without branches, so that compilers
 * make vector code of every loop. */
#include "noise/normal_path.h"

#include <math.h>
#include <string.h>

#include "noise/philox.h"

#define NAME(f) f##_portable
#define INLINE ITP_NORMAL_EXACT static inline
#define ITP_F float
#define ITP_U uint32_t
#define ITP_I int32_t

INLINE uint32_t bits_portable(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

INLINE float floats_portable(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

INLINE float convert_portable(int32_t x)
{
    return (float)x;
}

/* By a mask: gcc makes a branch of ?: here, and then no vector code. */
INLINE float where_zero_portable(float k, float a, float b)
{
    uint32_t zero = 0U - (uint32_t)(k == 0);
    return floats_portable((bits_portable(a) & zero) | (bits_portable(b) & ~zero));
}

#include "noise/normal_math.h"
#undef NAME
#undef INLINE
#undef ITP_F
#undef ITP_U
#undef ITP_I

/* clang writes out the vectors of such a loop one after the other, which is more than twice the code. */
#if defined(__clang__)
#define ROLLED _Pragma("clang loop unroll(disable)")
#else
#define ROLLED
#endif

ITP_NORMAL_EXACT static void group_portable(uint32_t w[4][ITP_NORMAL_LANES], float *restrict out)
{
    float r0[ITP_NORMAL_LANES], r2[ITP_NORMAL_LANES], c0[ITP_NORMAL_LANES], s0[ITP_NORMAL_LANES], c2[ITP_NORMAL_LANES],
        s2[ITP_NORMAL_LANES];
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) r0[i] = minus_two_log_uniform_portable(w[0][i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) r2[i] = minus_two_log_uniform_portable(w[2][i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) turn_portable(w[1][i], &c0[i], &s0[i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) turn_portable(w[3][i], &c2[i], &s2[i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) r0[i] = sqrtf(r0[i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) r2[i] = sqrtf(r2[i]);
    ROLLED
    for (size_t i = 0; i < ITP_NORMAL_LANES; i++) {
        out[4 * i] = r0[i] * c0[i];
        out[4 * i + 1] = r0[i] * s0[i];
        out[4 * i + 2] = r2[i] * c2[i];
        out[4 * i + 3] = r2[i] * s2[i];
    }
}

ITP_NORMAL_EXACT static inline void words_portable(itp_philox_state s, uint32_t w[4][ITP_NORMAL_LANES], size_t i)
{
    s = itp_philox_rounds(s);
    w[0][i] = s.x0;
    w[1][i] = s.x1;
    w[2][i] = s.x2;
    w[3][i] = s.x3;
}

ITP_NORMAL_EXACT static void run_portable(uint64_t seed, uint64_t sample, uint32_t m, uint32_t block, size_t groups,
                                          float *out)
{
    const uint32_t low = (uint32_t)sample, high = (uint32_t)(sample >> 32);
    const uint32_t key_low = (uint32_t)seed, key_high = (uint32_t)(seed >> 32);
    uint32_t w[4][ITP_NORMAL_LANES];
    for (size_t g = 0; g < groups; g++, block += ITP_NORMAL_LANES, out += ITP_NORMAL_GROUP) {
        ROLLED
        for (uint32_t i = 0; i < ITP_NORMAL_LANES; i++) {
            itp_philox_state s = {block + i, m, low, high, key_low, key_high};
            words_portable(s, w, i);
        }
        group_portable(w, out);
    }
}

ITP_NORMAL_EXACT static void anywhere_portable(const itp_normal_places *at, uint32_t m, size_t groups, float *out)
{
    uint32_t w[4][ITP_NORMAL_LANES];
    for (size_t first = 0; first < groups * ITP_NORMAL_LANES; first += ITP_NORMAL_LANES) {
        ROLLED
        for (size_t i = 0; i < ITP_NORMAL_LANES; i++) {
            const size_t k = first + i;
            itp_philox_state s = {at->block[k],   m, at->sample_low[k], at->sample_high[k], at->key_low[k],
                                  at->key_high[k]};
            words_portable(s, w, i);
        }
        group_portable(w, out + 4 * first);
    }
}

ITP_NORMAL_EXACT static void add_portable(double coef, const float *xi, double *sum, size_t count)
{
    for (size_t i = 0; i < count; i += ITP_NORMAL_LANES) {
        for (size_t j = i; j < i + ITP_NORMAL_LANES; j++) sum[j] += coef * (double)xi[j];
    }
}

const itp_normal_path *itp_normal_path_portable(void)
{
    static const itp_normal_path path = {"portable", run_portable, anywhere_portable, anywhere_portable, add_portable};
    return &path;
}
