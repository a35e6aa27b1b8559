/* Box-Muller on Philox words in float32 arithmetic.
 *
 * The bits of every normal are part of the interface: they must come out the same from any compiler, vector width and
 * processor. So every operation here is an integer operation or an IEEE float32 add, multiply or square root in a fixed
 * order, and conversions and the reductions of both arguments are exact or rounded once. The build must not contract
 * a * b + c into one rounding (-ffp-contract=off) and must not reassociate (-ffast-math).
 *
 * Work goes by planes of LANES blocks of four normals, with fixed trip counts and without branches, so that compilers
 * vectorise every loop; what is left over goes one block at a time through the same functions. */
#include "noise/normal.h"

#include "noise/philox.h"

#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "the normals need IEEE arithmetic: do not use -ffast-math"
#endif
_Static_assert(FLT_EVAL_METHOD != 1 && FLT_EVAL_METHOD != 2, "the normals need float32 arithmetic, not x87's");

enum { LANES = 16, LANE_NORMALS = 4 * LANES, WIDEN_AT_ONCE = 4 * LANE_NORMALS };

/* What the blocks of one call have in common. */
typedef struct stream {
    uint64_t seed, sample;
    uint32_t m;
} stream;

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* w + 1/2, rounded once: both products are exact. Halves, because vector units convert only signed integers. */
static inline float plus_half(uint32_t w)
{
    return (float)(int32_t)(w >> 16) * 65536.0F + ((float)(int32_t)(w & 0xFFFFU) + 0.5F);
}

/* -2 log(1 + f), sqrt(1/2) - 1 <= f <= sqrt(2) - 1; our minimax fit of the terms from f^3 on. */
static inline float minus_two_log1p(float f)
{
    float q = 0x1.482cfep-3F;
    q = q * f - 0x1.0be4bcp-2F;
    q = q * f + 0x1.0d2e34p-2F;
    q = q * f - 0x1.219c90p-2F;
    q = q * f + 0x1.545e62p-2F;
    q = q * f - 0x1.99b418p-2F;
    q = q * f + 0x1.0002b2p-1F;
    q = q * f - 0x1.55551ep-1F;
    float square = f * f;
    return (square * f * q + square) - 2.0F * f;
}

/* -2 log u, u = (w + 1/2) 2^-32. With u = 2^k (1 + f): above sqrt(1/2), where k = 0, the result is about 2 (1 - u), and
 * only 1 - u taken from the complement of w keeps its relative precision. */
static inline float minus_two_log_uniform(uint32_t w)
{
    const uint32_t sqrt_half = 0x3F3504F3U;
    uint32_t shifted = bits_of(plus_half(w)) + (0x3F800000U - sqrt_half);
    int32_t k = (int32_t)(shifted >> 23) - (127 + 32);
    float rest = float_of((shifted & 0x7FFFFFU) + sqrt_half) - 1.0F;
    float top = plus_half(~w) * -0x1p-32F;
    uint32_t high = 0U - (uint32_t)(k == 0); /* a mask, as gcc makes a branch of ?: here and then no vector code */
    float f = float_of((bits_of(top) & high) | (bits_of(rest) & ~high));
    return (float)k * -0x1.62e430p+0F + minus_two_log1p(f);
}

/* cos and sin of 2 pi w 2^-32. The nearest quarter turn and the signed remainder are exact; y, the remainder in eighths
 * of a turn, is rounded once, relative to itself: so both results are accurate relative to themselves, also near 0. */
static inline void turn(uint32_t w, float *cosine, float *sine)
{
    uint32_t shifted = w + 0x20000000U, quarter = shifted >> 30;
    float y = (float)((int32_t)(shifted & 0x3FFFFFFFU) - 0x20000000) * 0x1p-29F;
    float z = y * y;
    float s = ((-0x1.33198ep-15F * z + 0x1.4680a4p-9F) * z - 0x1.4abc24p-4F) * z + 0x1.921fb6p-1F;
    float c = ((0x1.d4f7eep-19F * z - 0x1.55b2b6p-12F) * z + 0x1.03c1b0p-6F) * z - 0x1.3bd3ccp-2F;
    s = s * y;
    c = c * z + 1.0F;
    uint32_t odd = 0U - (quarter & 1U), differ = (bits_of(s) ^ bits_of(c)) & odd;
    *cosine = float_of(bits_of(c) ^ differ ^ (((quarter + 1U) & 2U) << 30));
    *sine = float_of(bits_of(s) ^ differ ^ ((quarter & 2U) << 30));
}

static inline itp_philox_state words(const stream *from, uint32_t block)
{
    itp_philox_state s = {block,
                          from->m,
                          (uint32_t)from->sample,
                          (uint32_t)(from->sample >> 32),
                          (uint32_t)from->seed,
                          (uint32_t)(from->seed >> 32)};
    return itp_philox_rounds(s);
}

/* The LANES blocks from `block` on. */
static void fill_lanes(const stream *from, uint32_t block, float *restrict out)
{
    uint32_t w0[LANES], w1[LANES], w2[LANES], w3[LANES];
    for (size_t i = 0; i < LANES; i++) {
        itp_philox_state s = words(from, block + (uint32_t)i);
        w0[i] = s.x0;
        w1[i] = s.x1;
        w2[i] = s.x2;
        w3[i] = s.x3;
    }
    float square0[LANES], square2[LANES], c0[LANES], s0[LANES], c2[LANES], s2[LANES];
    for (size_t i = 0; i < LANES; i++) square0[i] = minus_two_log_uniform(w0[i]);
    for (size_t i = 0; i < LANES; i++) square2[i] = minus_two_log_uniform(w2[i]);
    for (size_t i = 0; i < LANES; i++) turn(w1[i], &c0[i], &s0[i]);
    for (size_t i = 0; i < LANES; i++) turn(w3[i], &c2[i], &s2[i]);
    for (size_t i = 0; i < LANES; i++) square0[i] = sqrtf(square0[i]);
    for (size_t i = 0; i < LANES; i++) square2[i] = sqrtf(square2[i]);
    for (size_t i = 0; i < LANES; i++) {
        out[4 * i] = square0[i] * c0[i];
        out[4 * i + 1] = square0[i] * s0[i];
        out[4 * i + 2] = square2[i] * c2[i];
        out[4 * i + 3] = square2[i] * s2[i];
    }
}

/* The same for one block. */
static void fill_one(const stream *from, uint32_t block, float *restrict out)
{
    itp_philox_state s = words(from, block);
    float c0, s0, c2, s2;
    turn(s.x1, &c0, &s0);
    turn(s.x3, &c2, &s2);
    float radius0 = sqrtf(minus_two_log_uniform(s.x0)), radius2 = sqrtf(minus_two_log_uniform(s.x2));
    out[0] = radius0 * c0;
    out[1] = radius0 * s0;
    out[2] = radius2 * c2;
    out[3] = radius2 * s2;
}

/* `count` normals from the element 4 block + skip on, skip < 4, all in that block. */
static void fill_part(const stream *from, uint32_t block, size_t skip, float *out, size_t count)
{
    float four[4];
    fill_one(from, block, four);
    memcpy(out, four + skip, count * sizeof *out);
}

void itp_normal_fill_f32(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, float *out, size_t count)
{
    const stream from = {seed, sample, m};
    uint32_t block = (uint32_t)(first / 4);
    size_t skip = (size_t)(first % 4);
    if (skip && count) {
        size_t part = count < 4 - skip ? count : 4 - skip;
        fill_part(&from, block++, skip, out, part);
        out += part;
        count -= part;
    }
    for (; count >= LANE_NORMALS; count -= LANE_NORMALS, out += LANE_NORMALS, block += LANES) {
        fill_lanes(&from, block, out);
    }
    for (; count >= 4; count -= 4, out += 4) fill_one(&from, block++, out);
    if (count) fill_part(&from, block, 0, out, count);
}

static void widen(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, double *out, size_t count)
{
    float narrow[WIDEN_AT_ONCE];
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < WIDEN_AT_ONCE ? count - done : WIDEN_AT_ONCE;
        itp_normal_fill_f32(seed, sample, m, first + done, narrow, part);
        for (size_t i = 0; i < part; i++) out[done + i] = (double)narrow[i];
    }
}

int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out, size_t count)
{
    const uint64_t limit = (uint64_t)1 << 34; /* 2^32 blocks of four */
    if (!out && count) return ITP_E_ARGUMENT;
    if (type != ITP_FLOAT32 && type != ITP_FLOAT64) return ITP_E_UNSUPPORTED;
    if (first > limit || count > limit - first) return ITP_E_RANGE;
    if (type == ITP_FLOAT32) {
        itp_normal_fill_f32(seed, sample, m, first, out, count);
    } else {
        widen(seed, sample, m, first, out, count);
    }
    return ITP_OK;
}
