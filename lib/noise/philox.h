/* Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
 *
 * Written without a loop over the rounds, so that a compiler can turn a loop over counters into vector code. */
#ifndef ITP_NOISE_PHILOX_H
#define ITP_NOISE_PHILOX_H

#include <interp/noise.h>

typedef struct itp_philox_state {
    uint32_t x0, x1, x2, x3, key0, key1;
} itp_philox_state;

static inline itp_philox_state itp_philox_round(itp_philox_state s)
{
    uint64_t a = (uint64_t)s.x0 * 0xD2511F53U, b = (uint64_t)s.x2 * 0xCD9E8D57U;
    itp_philox_state next = {(uint32_t)(b >> 32) ^ s.x1 ^ s.key0,
                             (uint32_t)b,
                             (uint32_t)(a >> 32) ^ s.x3 ^ s.key1,
                             (uint32_t)a,
                             s.key0 + 0x9E3779B9U,
                             s.key1 + 0xBB67AE85U};
    return next;
}

static inline itp_philox_state itp_philox_rounds(itp_philox_state s)
{
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    s = itp_philox_round(s);
    return itp_philox_round(s);
}

#endif
