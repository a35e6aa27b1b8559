#include "tally.h"

#include <math.h>
#include <string.h>

#define LIMIT 8.0
#define UNIT 16777216.0 /* 2^24 */

static uint64_t fixed(double value)
{
    return (uint64_t)llrint(value * UNIT);
}

static double real(uint64_t sum)
{
    return (double)(int64_t)sum / UNIT;
}

/* Philox is a bijection of its 128-bit counter that leaves no pattern: half of it makes a hash, and it is at hand. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    static const uint32_t key[2] = {0x73686172u, 0x64730001u};
    const uint32_t counter[4] = {(uint32_t)a, (uint32_t)(a >> 32), (uint32_t)b, (uint32_t)(b >> 32)};
    uint32_t out[4];
    itp_philox(counter, key, out);
    return (uint64_t)out[1] << 32 | out[0];
}

static uint64_t bits(const float *point)
{
    uint32_t word[MIXTURE_DIM];
    memcpy(word, point, sizeof word);
    return (uint64_t)word[1] << 32 | word[0];
}

static void add_point(tally *t, const float *point)
{
    double x = point[0], y = point[1];
    t->field[TALLY_SPOTS + mixture_spot(point)]++;
    if (!(fabs(x) < LIMIT && fabs(y) < LIMIT)) {
        t->field[TALLY_OUTSIDE]++;
        return;
    }
    t->field[TALLY_X] += fixed(x);
    t->field[TALLY_Y] += fixed(y);
    t->field[TALLY_XX] += fixed(x * x);
    t->field[TALLY_XY] += fixed(x * y);
    t->field[TALLY_YY] += fixed(y * y);
}

void tally_add(tally *t, uint64_t first, const float *x, size_t count)
{
    t->field[TALLY_SAMPLES] += count;
    for (size_t i = 0; i < count; i++) {
        const float *point = x + MIXTURE_DIM * i;
        t->field[TALLY_DIGEST] += mix(first + i, bits(point));
        add_point(t, point);
    }
}

void tally_merge(tally *t, const tally *other)
{
    for (int i = 0; i < TALLY_FIELDS; i++) {
        t->field[i] += other->field[i];
    }
}

void tally_moments(const tally *t, double mean[2], double covariance[3])
{
    double count = (double)(t->field[TALLY_SAMPLES] - t->field[TALLY_OUTSIDE]);
    mean[0] = real(t->field[TALLY_X]) / count;
    mean[1] = real(t->field[TALLY_Y]) / count;
    covariance[0] = real(t->field[TALLY_XX]) / count - mean[0] * mean[0];
    covariance[1] = real(t->field[TALLY_XY]) / count - mean[0] * mean[1];
    covariance[2] = real(t->field[TALLY_YY]) / count - mean[1] * mean[1];
}

uint64_t tally_hash(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *from = bytes;
    for (size_t i = 0; i < count; i++) {
        hash = mix(hash, from[i]);
    }
    return hash;
}
