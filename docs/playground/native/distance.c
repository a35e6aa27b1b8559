#include "distance.h"

#include "api.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LINES 12
#define DIGIT 8 /* bits of a key sorted at once */
#define PI 3.14159265358979

double PLAYGROUND(distance_rms)(const float *a, const float *b, int32_t count)
{
    double total = 0;
    for (int32_t i = 0; i < 2 * count; i++) {
        total += (double)(a[i] - b[i]) * (double)(a[i] - b[i]);
    }
    return sqrt(total / (2 * count));
}

/* Bits of a float, turned so that they are in order as whole numbers; and back. */
static uint32_t key_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & 0x80000000U ? ~bits : bits | 0x80000000U;
}

static float value_of(uint32_t key)
{
    uint32_t bits = key & 0x80000000U ? key & 0x7FFFFFFFU : ~key;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Stable, by the DIGIT bits from `shift` on. */
static void sort_digit(const uint32_t *from, uint32_t *to, int32_t count, int shift)
{
    int32_t place[1 << DIGIT] = {0}, next = 0;
    for (int32_t i = 0; i < count; i++) {
        place[from[i] >> shift & ((1U << DIGIT) - 1)]++;
    }
    for (int32_t i = 0; i < 1 << DIGIT; i++) {
        int32_t here = place[i];
        place[i] = next;
        next += here;
    }
    for (int32_t i = 0; i < count; i++) {
        to[place[from[i] >> shift & ((1U << DIGIT) - 1)]++] = from[i];
    }
}

/* The projections on a line in order, in `keys`; `spare` holds as many. */
static void project(const float *x, double angle, uint32_t *keys, uint32_t *spare, int32_t count)
{
    float cosine = (float)cos(angle), sine = (float)sin(angle);
    for (ptrdiff_t i = 0; i < count; i++) {
        keys[i] = key_of(cosine * x[2 * i] + sine * x[2 * i + 1]);
    }
    for (int shift = 0; shift < 32; shift += 2 * DIGIT) {
        sort_digit(keys, spare, count, shift);
        sort_digit(spare, keys, count, shift + DIGIT);
    }
}

double PLAYGROUND(distance_laws)(const float *a, const float *b, int32_t count)
{
    uint32_t *p = malloc((size_t)count * 3 * sizeof *p), *q = p + count, *spare = q + count;
    double total = 0;
    for (int i = 0; p && i < LINES; i++) {
        project(a, PI * i / LINES, p, spare, count);
        project(b, PI * i / LINES, q, spare, count);
        for (int32_t j = 0; j < count; j++) {
            double apart = (double)(value_of(p[j]) - value_of(q[j]));
            total += apart * apart;
        }
    }
    free(p);
    return p ? sqrt(total / ((double)count * LINES)) : NAN;
}
