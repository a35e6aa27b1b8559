/* Noise: standard normals as a pure function of (seed, sample, m, element), the same on every platform.
 *
 * Generator: Philox4x32-10 (Salmon et al. 2011), key = seed (low word, high word), counter = (element/4, m, sample low
 * word, sample high word). Each pair of its words gives two normals by Box and Muller's transform, with polynomials
 * of our own in float32 arithmetic, no libm: independent of batch size and position, chunking, threads and call
 * order. float64 arrays get the same values, widened.
 */
#ifndef INTERP_NOISE_H
#define INTERP_NOISE_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Philox4x32-10: out[0..3] from counter[0..3] and key[0..1]. */
ITP_API void itp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* out[i] = normal(seed, sample, m, first + i), i < count, of `type`. first + count <= 2^34. */
ITP_API int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out,
                        size_t count);

#ifdef __cplusplus
}
#endif
#endif
