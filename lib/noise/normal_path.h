/* The ways in which this processor can compute normals; they differ in speed, never in a bit. */
#ifndef ITP_NOISE_NORMAL_PATH_H
#define ITP_NOISE_NORMAL_PATH_H

#include <interp/noise.h>

/* What the functions of a path begin with. A processor that has AVX-512 has fused multiply-adds, too, and gcc uses them
 * unless told otherwise (normal_math.h says why it must not); at its -O2 it leaves the portable path's loops alone. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#define ITP_NORMAL_EXACT
#elif defined(__GNUC__)
#define ITP_NORMAL_EXACT __attribute__((optimize("O3", "fp-contract=off", "no-math-errno")))
#else
#define ITP_NORMAL_EXACT
#endif

/* Philox blocks, of four normals each, in a group; normals in a group. */
enum { ITP_NORMAL_LANES = 16, ITP_NORMAL_GROUP = 4 * ITP_NORMAL_LANES };

/* Where Philox blocks stand: key, and counter but for m. As many as make up whole groups. */
typedef struct itp_normal_places {
    const uint32_t *block, *sample_low, *sample_high, *key_low, *key_high;
} itp_normal_places;

/* The three that make normals differ in what they know to be alike. Each writes `groups` groups. */
typedef struct itp_normal_path {
    const char *name;
    /* Successive blocks of one sample. */
    void (*run)(uint64_t seed, uint64_t sample, uint32_t m, uint32_t block, size_t groups, float *out);
    /* Places that all have the key of the first. */
    void (*one_key)(const itp_normal_places *at, uint32_t m, size_t groups, float *out);
    void (*anywhere)(const itp_normal_places *at, uint32_t m, size_t groups, float *out);
    /* sum[i] += coef xi[i], i < count, a multiple of ITP_NORMAL_LANES. */
    void (*add)(double coef, const float *xi, double *sum, size_t count);
} itp_normal_path;

/* NULL where the compiler or the processor lacks it. */
const itp_normal_path *itp_normal_path_avx512(void);
const itp_normal_path *itp_normal_path_avx2(void);
const itp_normal_path *itp_normal_path_neon(void);
const itp_normal_path *itp_normal_path_portable(void);

/* The i-th of those that there are, the fastest first; NULL beyond the last. */
const itp_normal_path *itp_normal_path_at(int32_t i);

#endif
