/* A path in the vector extensions of GNU C: a template. Define
 *   NAME(f), INLINE, TARGET    f with a suffix; what inlined and other functions begin with
 *   LANES                      32-bit numbers in a vector: 4, 8 or 16
 *   PARTS, ITP_W               Philox multiplies in PARTS vectors of type ITP_W
 * then include normal_types.h, then define the functions that need the processor's own instructions
 *   NAME(split)                part i of a vector of words
 *   NAME(join)                 the vector whose parts are the first PARTS arguments
 *   NAME(product)              high and low words of the products of a part with a number
 *   NAME(ordered)              see below
 *   NAME(root)                 square roots
 *   NAME(where_zero)           see normal_math.h
 *   NAME(store)                four vectors to memory, element by element, in the order that follows
 * and include this file.
 *
 * Four vectors are transposed cheaply only within each 128 bits, so NAME(store) does no more: it writes all elements
 * 4 q, then all elements 4 q + 1, ... NAME(ordered) makes up for it beforehand, on the counters: it moves the Philox
 * block number (LANES/4) j + q of a vector to element 4 q + j. */
#define ITP_F NAME(f32)
#define ITP_U NAME(u32)
#define ITP_I NAME(i32)
#define ITP_KEYS NAME(keys)
#define APART __attribute__((noinline))

INLINE ITP_U NAME(bits)(ITP_F x)
{
    return (ITP_U)x;
}

INLINE ITP_F NAME(floats)(ITP_U x)
{
    return (ITP_F)x;
}

INLINE ITP_F NAME(convert)(ITP_I x)
{
    return __builtin_convertvector(x, ITP_F);
}

#include "noise/normal_math.h"

/* The keys of the ten rounds. */
typedef struct NAME(keys) {
    ITP_W of[10][2];
} NAME(keys);

INLINE void NAME(round)(ITP_W x[4], const ITP_W key[2])
{
    ITP_W high0, low0, high2, low2;
    NAME(product)(x[0], 0xD2511F53U, &high0, &low0);
    NAME(product)(x[2], 0xCD9E8D57U, &high2, &low2);
    x[0] = high2 ^ x[1] ^ key[0];
    x[1] = low2;
    x[2] = high0 ^ x[3] ^ key[1];
    x[3] = low0;
}

INLINE void NAME(rounds)(ITP_W x[4], const ITP_KEYS *keys)
{
    NAME(round)(x, keys->of[0]);
    NAME(round)(x, keys->of[1]);
    NAME(round)(x, keys->of[2]);
    NAME(round)(x, keys->of[3]);
    NAME(round)(x, keys->of[4]);
    NAME(round)(x, keys->of[5]);
    NAME(round)(x, keys->of[6]);
    NAME(round)(x, keys->of[7]);
    NAME(round)(x, keys->of[8]);
    NAME(round)(x, keys->of[9]);
}

INLINE void NAME(schedule)(ITP_W low, ITP_W high, ITP_KEYS *keys)
{
    for (int i = 0; i < 10; i++) {
        keys->of[i][0] = low;
        keys->of[i][1] = high;
        low += 0x9E3779B9U;
        high += 0xBB67AE85U;
    }
}

/* The counters in x become their words. */
INLINE void NAME(words)(ITP_U x[4], const ITP_KEYS keys[PARTS])
{
    ITP_W even[4] = {NAME(split)(x[0], 0), NAME(split)(x[1], 0), NAME(split)(x[2], 0), NAME(split)(x[3], 0)};
    ITP_W odd[4] = {NAME(split)(x[0], 1), NAME(split)(x[1], 1), NAME(split)(x[2], 1), NAME(split)(x[3], 1)};
    NAME(rounds)(even, &keys[0]);
    if (PARTS > 1) NAME(rounds)(odd, &keys[PARTS - 1]);
    x[0] = NAME(join)(even[0], odd[0]);
    x[1] = NAME(join)(even[1], odd[1]);
    x[2] = NAME(join)(even[2], odd[2]);
    x[3] = NAME(join)(even[3], odd[3]);
}

/* The 4 LANES normals of the words w. */
INLINE void NAME(normals)(const ITP_U w[4], float *out)
{
    ITP_F c0, s0, c2, s2;
    ITP_F radius0 = NAME(root)(NAME(minus_two_log_uniform)(w[0]));
    ITP_F radius2 = NAME(root)(NAME(minus_two_log_uniform)(w[2]));
    NAME(turn)(w[1], &c0, &s0);
    NAME(turn)(w[3], &c2, &s2);
    NAME(store)(radius0 * c0, radius0 * s0, radius2 * c2, radius2 * s2, out);
}

/* For a loop to which the places cost more than the call. */
TARGET APART static void NAME(normals_apart)(const ITP_U w[4], float *out)
{
    NAME(normals)(w, out);
}

INLINE ITP_U NAME(splat)(uint32_t x)
{
    return (ITP_U){0} + x;
}

INLINE ITP_U NAME(load)(const uint32_t *from)
{
    ITP_U x;
    memcpy(&x, from, sizeof x);
    return NAME(ordered)(x);
}

/* All lanes with the same key. */
INLINE void NAME(one_schedule)(uint32_t low, uint32_t high, ITP_KEYS keys[PARTS])
{
    for (int i = 0; i < PARTS; i++) {
        NAME(schedule)(NAME(split)(NAME(splat)(low), i), NAME(split)(NAME(splat)(high), i), &keys[i]);
    }
}

/* Part of the first rounds is the same for all blocks of a sample; the compiler takes it out of the loop. */
TARGET static void NAME(run)(uint64_t seed, uint64_t sample, uint32_t m, uint32_t block, size_t groups, float *out)
{
    static const uint32_t successive[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    ITP_U at = NAME(load)(successive) + block;
    ITP_KEYS keys[PARTS];
    NAME(one_schedule)((uint32_t)seed, (uint32_t)(seed >> 32), keys);
    for (size_t i = 0; i < groups * (ITP_NORMAL_LANES / LANES); i++, out += (size_t)4 * LANES, at += LANES) {
        ITP_U x[4] = {at, NAME(splat)(m), NAME(splat)((uint32_t)sample), NAME(splat)((uint32_t)(sample >> 32))};
        NAME(words)(x, keys);
        NAME(normals)(x, out);
    }
}

/* The keys of lanes i .. i + LANES - 1, or of all as the first has it. */
INLINE void NAME(schedules)(const itp_normal_places *at, size_t i, int one_key, ITP_KEYS keys[PARTS])
{
    ITP_U low = NAME(splat)(at->key_low[0]), high = NAME(splat)(at->key_high[0]);
    if (!one_key) {
        low = NAME(load)(at->key_low + i);
        high = NAME(load)(at->key_high + i);
    }
    for (int j = 0; j < PARTS; j++) NAME(schedule)(NAME(split)(low, j), NAME(split)(high, j), &keys[j]);
}

/* One loop for both kinds of places: its body is nearly all of the code. */
TARGET APART static void NAME(at)(const itp_normal_places *at, int one_key, uint32_t m, size_t groups, float *out)
{
    ITP_KEYS keys[PARTS];
    size_t i = 0, end = groups * ITP_NORMAL_LANES;
    while (i < end) {
        NAME(schedules)(at, i, one_key, keys);
        do {
            ITP_U x[4] = {NAME(load)(at->block + i), NAME(splat)(m), NAME(load)(at->sample_low + i),
                          NAME(load)(at->sample_high + i)};
            NAME(words)(x, keys);
            NAME(normals_apart)(x, out + 4 * i);
            i += LANES;
        } while (one_key && i < end);
    }
}

TARGET static void NAME(one_key)(const itp_normal_places *at, uint32_t m, size_t groups, float *out)
{
    NAME(at)(at, 1, m, groups, out);
}

TARGET static void NAME(anywhere)(const itp_normal_places *at, uint32_t m, size_t groups, float *out)
{
    NAME(at)(at, 0, m, groups, out);
}

TARGET static void NAME(add)(double coef, const float *xi, double *sum, size_t count)
{
    for (size_t i = 0; i < count; i += LANES / 2) {
        NAME(half) x;
        NAME(f64) s;
        memcpy(&x, xi + i, sizeof x);
        memcpy(&s, sum + i, sizeof s);
        s = s + __builtin_convertvector(x, NAME(f64)) * coef;
        memcpy(sum + i, &s, sizeof s);
    }
}

#undef APART
#undef ITP_F
#undef ITP_U
#undef ITP_I
#undef ITP_KEYS
