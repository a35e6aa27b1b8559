#include "shape.h"

#include <interp/noise.h>
#include <math.h>
#include <stddef.h>

#define PI 3.14159265358979

typedef void place_fn(double part, double *x, double *y); /* part in [0, 1) */

static void ring(double part, double *x, double *y)
{
    *x = cos(2 * PI * part);
    *y = sin(2 * PI * part);
}

/* Evenly along the curve: the radius grows with the square root of the part. */
static void spiral(double part, double *x, double *y)
{
    double radius = sqrt(0.02 + 0.98 * part), angle = 3.5 * PI * radius;
    *x = radius * cos(angle);
    *y = radius * sin(angle);
}

static void crescents(double part, double *x, double *y)
{
    double side = part < 0.5 ? 1 : -1, angle = PI * fmod(2 * part, 1.0);
    *x = side * (cos(angle) - 0.5);
    *y = side * (sin(angle) - 0.25);
}

/* The eight black fields of a board of 4 x 4, nine centres in each. */
static void checkerboard(double part, double *x, double *y)
{
    int i = (int)(part * 72), field = i / 9, column = i % 3, line = i / 3 % 3;
    int row = field / 2, across = 2 * (field % 2) + row % 2;
    *x = across + (column + 0.5) / 3 - 2;
    *y = row + (line + 0.5) / 3 - 2;
}

static const struct recipe {
    const char *name;
    place_fn *place;
    int32_t count;
    float deviation;
} recipes[] = {
    {"spiral", spiral, 96, 0.065F},
    {"ring of eight", ring, 8, 0.12F},
    {"crescents", crescents, 64, 0.09F},
    {"checkerboard", checkerboard, 72, 0.11F},
};
enum { RECIPES = sizeof recipes / sizeof *recipes };

const char *shape_name(int32_t kind)
{
    return kind >= 0 && kind < RECIPES ? recipes[kind].name : NULL;
}

static float mean(const float *v, int32_t count)
{
    float total = 0;
    for (int32_t i = 0; i < count; i++) {
        total += v[i];
    }
    return total / (float)count;
}

static void normalise(shape *s)
{
    float x = mean(s->x, s->count), y = mean(s->y, s->count), square = 0;
    for (int32_t i = 0; i < s->count; i++) {
        s->x[i] -= x;
        s->y[i] -= y;
        square += (s->x[i] * s->x[i] + s->y[i] * s->y[i]) / (float)(2 * s->count);
    }
    float scale = sqrtf((1 - s->deviation * s->deviation) / square);
    for (int32_t i = 0; i < s->count; i++) {
        s->x[i] *= scale;
        s->y[i] *= scale;
    }
}

void shape_make(int32_t kind, shape *out)
{
    const struct recipe *r = &recipes[shape_name(kind) ? kind : 0];
    out->count = r->count;
    out->deviation = r->deviation;
    for (int32_t i = 0; i < r->count; i++) {
        double x, y;
        r->place((double)i / r->count, &x, &y);
        out->x[i] = (float)x;
        out->y[i] = (float)y;
    }
    normalise(out);
}

void shape_sample(const shape *s, uint64_t seed, float *x, int32_t count)
{
    itp_normals(seed, 0, 0, 0, ITP_FLOAT32, x, (size_t)count * 2);
    const uint32_t key[2] = {(uint32_t)seed, 1};
    for (ptrdiff_t i = 0; i < count; i++) {
        const uint32_t counter[4] = {(uint32_t)i, 0, 0, 0};
        uint32_t word[4];
        itp_philox(counter, key, word);
        uint32_t which = word[0] % (uint32_t)s->count;
        x[2 * i] = s->x[which] + s->deviation * x[2 * i];
        x[2 * i + 1] = s->y[which] + s->deviation * x[2 * i + 1];
    }
}
