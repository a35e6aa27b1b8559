/* Statistics of samples that come out the same in every order.
 *
 * Sums of floating-point numbers depend on who adds what first, so on the number of ranks. These are sums of integers:
 * values and products are rounded to multiples of 2^-24 (about as fine as a float near 1), which any order, any shards
 * and a plain MPI_SUM add to the same bits. Points with a coordinate of 8 or more are counted and left out; up to 2^32
 * samples nothing overflows: 8 * 8 * 2^24 * 2^32 = 2^62. */
#ifndef SHARDS_TALLY_H
#define SHARDS_TALLY_H

#include "mixture.h"

enum {
    TALLY_SAMPLES,
    TALLY_OUTSIDE, /* not finite, or 8 and more */
    TALLY_X,
    TALLY_Y,
    TALLY_XX,
    TALLY_XY,
    TALLY_YY,
    TALLY_DIGEST, /* modulo 2^64, of every sample with its index: a checksum that any cut into shards leaves alone */
    TALLY_SPOTS,  /* in each spot, then in none */
    TALLY_FIELDS = TALLY_SPOTS + MIXTURE_SPOTS + 1
};

/* Negative sums in two's complement: an array that MPI adds as MPI_UINT64_T. */
typedef struct tally {
    uint64_t field[TALLY_FIELDS];
} tally;

/* Adds the samples first .. first + count - 1. */
void tally_add(tally *t, uint64_t first, const float *x, size_t count);
void tally_merge(tally *t, const tally *other);

/* Of the samples inside: x, y; xx, xy, yy (central). */
void tally_moments(const tally *t, double mean[2], double covariance[3]);

/* A hash of bytes, chained from `hash`. */
uint64_t tally_hash(uint64_t hash, const void *bytes, size_t count);

#endif
