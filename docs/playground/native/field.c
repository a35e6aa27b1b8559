#include "field.h"

#include <stddef.h>

/* Four particles at a time, in the vector extensions of GNU C: one WebAssembly SIMD register each. */
typedef float four __attribute__((vector_size(16)));
typedef int32_t whole __attribute__((vector_size(16)));

typedef struct particles {
    four x, y;
} particles;

typedef struct moment { /* numbers of the time alone */
    float data, slope, steepness;
} moment;

static inline four every(float value)
{
    return (four){value, value, value, value};
}

static inline four lesser(four a, four b)
{
    whole first = a < b;
    return (four)((first & (whole)a) | (~first & (whole)b));
}

static inline four exp_of_negative(four x)
{
    x = -lesser(-x, every(87.0F));
    four scaled = x * 1.44269504F;
    four rounded = (scaled + 12582912.0F) - 12582912.0F, f = (scaled - rounded) * 0.693147181F; /* 3 * 2^22 */
    four p = f * (1.0F / 720) + 1.0F / 120;
    p = p * f + 1.0F / 24;
    p = p * f + 1.0F / 6;
    p = p * f + 0.5F;
    p = p * f + 1.0F;
    p = p * f + 1.0F;
    return p * (four)((__builtin_convertvector(rounded, whole) + 127) << 23);
}

static inline four distance(const shape *s, int32_t j, float data, particles at)
{
    four x = at.x - data * s->x[j], y = at.y - data * s->y[j];
    return x * x + y * y;
}

/* The mean of the centres, weighed by how likely each is to have led here. */
static inline particles expected_centre(const shape *s, moment now, particles at)
{
    four least = distance(s, 0, now.data, at), total = every(0), x = every(0), y = every(0);
    for (int32_t j = 1; j < s->count; j++) {
        least = lesser(least, distance(s, j, now.data, at));
    }
    for (int32_t j = 0; j < s->count; j++) {
        four weight = exp_of_negative((least - distance(s, j, now.data, at)) * now.steepness);
        total += weight;
        x += weight * s->x[j];
        y += weight * s->y[j];
    }
    return (particles){x / total, y / total};
}

static inline particles load(const float *at)
{
    return (particles){{at[0], at[2], at[4], at[6]}, {at[1], at[3], at[5], at[7]}};
}

static inline void store(particles p, float *to)
{
    for (ptrdiff_t i = 0; i < 4; i++) {
        to[2 * i] = p.x[i];
        to[2 * i + 1] = p.y[i];
    }
}

void field_velocity(const shape *s, const float *x, double t, float *out, int32_t count)
{
    float noise = (float)(1 - t), data = (float)t, square = s->deviation * s->deviation;
    float variance = noise * noise + data * data * square;
    moment now = {data, (data * square - noise) / variance, 0.5F / variance};
    for (ptrdiff_t i = 0; i < count; i += 4) {
        particles at = load(x + 2 * i), centre = expected_centre(s, now, at);
        centre.x += now.slope * (at.x - now.data * centre.x);
        centre.y += now.slope * (at.y - now.data * centre.y);
        store(centre, out + 2 * i);
    }
}
