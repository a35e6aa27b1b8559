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

/* The Brownian path of a sample: one standard Brownian motion B per element on the clock s = r^2/(1 + r^2) = u^2/(u^2 +
 * (1-u)^2) in [0, 1], the point mass schedule's own time (2602.03789). Every plan with ITP_NOISE_PATH takes its noise
 * from it, so that the same seed gives the same path whatever the schedule, the solver and the number of steps.
 *
 * increment[i] = B(to) - B(from) and area[i] = H, the space-time Levy area of the interval,
 *     H = 1/(to - from) int (B(s) - B(from)) ds - increment/2,  variance (to - from)/12, independent of the increment,
 * of the elements first + i, i < count. Either array may be NULL. 0 <= from < to <= 1, else ITP_E_RANGE.
 *
 * B is expanded in Alpert's piecewise linear wavelets on dyadic cells of [0, 1]; below the cell that belongs to a
 * position (a width of at most 2^-10 of its distance to the nearer end, but not below 2^-26) two normals of the
 * position's own complete the law. So increments are exact combinations of standard normals, add up, and do not depend
 * on what else was asked for; only intervals inside one such cell are resolved further than their neighbours are. A
 * position within 2^-48 of itself of a multiple of 2^-27 below 1 counts as that multiple: rounding, which differs
 * between C libraries, does not carry a node over the border of a cell. */
ITP_API int itp_brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type,
                         void *increment, void *area, size_t count);

#ifdef __cplusplus
}
#endif
#endif
