/* The Brownian path of <interp/noise.h> as combinations of normals. */
#ifndef ITP_NOISE_BROWNIAN_H
#define ITP_NOISE_BROWNIAN_H

#include "noise/normal.h"

/* Most terms that one interval has. */
enum { ITP_BROWNIAN_TERMS = 128 };

/* What stands for a position of the clock, itself or the border of a cell: a multiple of 2^-27 below 1 stands for
 * whatever lies within 2^-48 of it, relatively. The last bits of positions are not the same on every platform. Every
 * position below is such a one. */
double itp_brownian_position(double at);

/* The position at u, w = 1 - u. */
double itp_brownian_clock(double u, double w);

/* An interval [from, to] of the clock. `before` and `after` are the neighbours of its ends on the plan (0 and 1 where
 * there is none): an end is resolved down to 2^-10 of its distance to 0 or 1, and on until its cell holds none of its
 * neighbours, but never beyond cells of 2^-26. `spare` numbers two normals that serve an interval that is empty or too
 * short for that: W = xi_spare, A = xi_{spare+1}. */
typedef struct itp_brownian_interval {
    double from, to;
    double before, after;
    uint32_t spare;
} itp_brownian_interval;

/* increment W + area A over the interval, where W = (B(to) - B(from))/sqrt(h) and A = sqrt(12/h) H are independent
 * standard normals, h = to - from: at most ITP_BROWNIAN_TERMS terms, by increasing m, zeros left out, into `out`.
 * Returns their number. Every m but `spare` lies in [2^29, 2^30 + 2^28): cells from 2^29, positions from 2^30. */
int32_t itp_brownian_terms(const itp_brownian_interval *at, double increment, double area, itp_noise_term *out);

/* The same in two parts, for whoever needs several combinations of one interval: the shares of xi_m in W and in A, by
 * increasing m, and a combination of the two. */
typedef struct itp_brownian_share {
    uint32_t m;
    double increment, area;
} itp_brownian_share;

typedef struct itp_brownian_shares {
    itp_brownian_share list[ITP_BROWNIAN_TERMS];
    int32_t count;
} itp_brownian_shares;

void itp_brownian_expand(const itp_brownian_interval *at, itp_brownian_shares *out);
int32_t itp_brownian_weigh(const itp_brownian_shares *all, double increment, double area, itp_noise_term *out);

#endif
