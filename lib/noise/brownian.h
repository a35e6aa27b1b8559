/* The Brownian path of <interp/noise.h> as combinations of normals. */
#ifndef ITP_NOISE_BROWNIAN_H
#define ITP_NOISE_BROWNIAN_H

#include "noise/normal.h"

/* Most terms that one interval has. Its shares fall by half from level to level, or by the root of that, away from the
 * one that is as wide as it: none is left 128 levels up, and its ends are borders of cells 54 levels down. */
enum { ITP_BROWNIAN_TERMS = 512 };

/* The path's normals have this number or a higher one. */
enum { ITP_BROWNIAN_M = 0x20000000 };

/* What stands for a position of the clock, itself or a multiple of 2^-27 below 1, for whatever lies within 2^-48 of it,
 * relatively. The last bits of positions are not the same on every platform. */
double itp_brownian_position(double at);

/* The position at u, w = 1 - u; no u above 0 is at 0. */
double itp_brownian_clock(double u, double w);

/* The level whose cells are nearest in width to the distance, by their ratio. */
int32_t itp_brownian_level(double distance);

/* An end of an interval of the clock: a position, and the level of the cells, 2^-level wide, from which on B is
 * replaced by two normals of the end's own, those of its cell of that level. EXACT: nowhere. As long as no two ends
 * share such a cell, the law of all of them is that of B. */
enum { ITP_BROWNIAN_EXACT = INT32_MAX };
typedef struct itp_brownian_end {
    double at;
    int32_t level;
} itp_brownian_end;

typedef struct itp_brownian_interval {
    itp_brownian_end from, to;
} itp_brownian_interval;

/* increment W + area A over the interval, where W = (B(to) - B(from))/sqrt(h) and A = sqrt(12/h) H are independent
 * standard normals, h = to - from: at most ITP_BROWNIAN_TERMS terms, by increasing m, zeros left out, into `out`.
 * Returns their number: 0 where the interval is empty. Every m lies in [2^29, 2^31): cells of the first 26 levels from
 * 2^29, each with two numbers of its own; deeper ones from 2^30, their numbers drawn by lot. */
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
