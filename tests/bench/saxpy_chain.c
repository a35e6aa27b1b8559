/* The peers' updates as one would write them in C with BLAS in mind: scale, add a multiple, copy, one array at a time.
 * The loops are plain and are vectorised by the compiler for this very machine. Every one notes the arrays that it
 * reads and writes. */
#include "peers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAYS = 6 };

struct peers_chain {
    int32_t update;
    size_t count, moved;
    uint64_t random;
    float *memory, *x, *f, *old, *older, *last, *z;
};

static void scale(peers_chain *c, float *restrict y, double a)
{
    const float factor = (float)a;
    for (size_t i = 0; i < c->count; i++) y[i] *= factor;
    c->moved += 2;
}

static void add(peers_chain *c, float *restrict y, double a, const float *restrict x)
{
    const float factor = (float)a;
    for (size_t i = 0; i < c->count; i++) y[i] += factor * x[i];
    c->moved += 3;
}

static void copy(peers_chain *c, float *restrict y, const float *restrict x)
{
    memcpy(y, x, c->count * sizeof *y);
    c->moved += 2;
}

/* (0, 1], from a xorshift generator. */
static float uniform(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (float)((*state >> 40) + 1) * 0x1p-24F;
}

/* The textbook's: Box and Muller, with the library's logarithm and cosine. */
static void draw(peers_chain *c)
{
    for (size_t i = 0; i + 1 < c->count; i += 2) {
        float radius = sqrtf(-2 * logf(uniform(&c->random))), angle = 6.2831853F * uniform(&c->random);
        c->z[i] = radius * cosf(angle);
        c->z[i + 1] = radius * sinf(angle);
    }
    c->moved += 1;
}

static void swap(float **a, float **b)
{
    float *spare = *a;
    *a = *b;
    *b = spare;
}

static void ab2(peers_chain *c, const double *k)
{
    add(c, c->x, k[0], c->f);
    add(c, c->x, k[1], c->old);
    swap(&c->f, &c->old);
}

/* The output becomes the data prediction, in place. */
static void predict_data(peers_chain *c, double sigma)
{
    scale(c, c->f, sigma);
    add(c, c->f, 1, c->x);
}

static void dpmpp_2m(peers_chain *c, const double *k)
{
    predict_data(c, k[0]);
    scale(c, c->x, k[1]);
    add(c, c->x, k[2], c->f);
    add(c, c->x, k[3], c->old);
    swap(&c->f, &c->old);
}

/* The corrector, in place over the state before; from there the predictor. */
static void unipc_2(peers_chain *c, const double *k)
{
    predict_data(c, k[0]);
    scale(c, c->last, k[1]);
    add(c, c->last, k[2], c->old);
    add(c, c->last, k[3], c->older);
    add(c, c->last, k[4], c->f);
    copy(c, c->x, c->last);
    scale(c, c->x, k[5]);
    add(c, c->x, k[6], c->f);
    add(c, c->x, k[7], c->old);
    swap(&c->old, &c->older);
    swap(&c->f, &c->old);
}

static void sde_dpmpp_2m(peers_chain *c, const double *k, const float *normals)
{
    dpmpp_2m(c, k);
    if (!normals) draw(c);
    add(c, c->x, k[4], normals ? normals : c->z);
}

static void step(peers_chain *c, const double *k, const float *normals)
{
    switch (c->update) {
    case PEERS_EULER: add(c, c->x, k[0], c->f); break;
    case PEERS_AB2: ab2(c, k); break;
    case PEERS_DPMPP_2M: dpmpp_2m(c, k); break;
    case PEERS_UNIPC_2: unipc_2(c, k); break;
    default: sde_dpmpp_2m(c, k, normals);
    }
}

peers_chain *peers_chain_new(int32_t update, size_t count)
{
    peers_chain *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->update = update;
    c->count = count;
    c->random = 88172645463325252U;
    c->memory = calloc(ARRAYS * count, sizeof *c->memory);
    if (!c->memory) {
        free(c);
        return NULL;
    }
    float **arrays[ARRAYS] = {&c->x, &c->f, &c->old, &c->older, &c->last, &c->z};
    for (size_t i = 0; i < ARRAYS; i++) *arrays[i] = c->memory + i * count;
    return c;
}

void peers_chain_free(peers_chain *c)
{
    if (c) free(c->memory);
    free(c);
}

void peers_chain_begin(peers_chain *c, const float *start)
{
    const size_t bytes = c->count * sizeof *c->memory;
    memcpy(c->x, start, bytes);
    memcpy(c->last, start, bytes);
    memset(c->f, 0, bytes);
    memset(c->old, 0, bytes);
    memset(c->older, 0, bytes);
    c->moved = 0;
}

void peers_chain_advance(peers_chain *c, const double *coefs, int32_t steps, const float *velocity,
                         const float *normals)
{
    for (int32_t i = 0; i < steps; i++) {
        if (velocity) memcpy(c->f, velocity, c->count * sizeof *velocity);
        step(c, coefs + (size_t)i * PEERS_COEFS, normals);
    }
}

const float *peers_chain_state(const peers_chain *c)
{
    return c->x;
}

size_t peers_chain_arrays(const peers_chain *c)
{
    return c->moved;
}
