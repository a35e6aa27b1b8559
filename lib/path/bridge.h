/* A process between two states that are known. */
#ifndef ITP_PATH_BRIDGE_H
#define ITP_PATH_BRIDGE_H

#include "noise/brownian.h"

/* A position, and where it is on the clock of the Brownian path. */
typedef struct itp_place {
    double u, w, s;
} itp_place;

itp_place itp_place_of(double u, double w);
/* q's u less p's, from where it is accurate. */
double itp_place_distance(const itp_place *p, const itp_place *q);
/* 1 where p lies before q. */
int itp_place_precedes(const itp_place *p, const itp_place *q);

/* The two states' places. */
typedef struct itp_gap {
    itp_place a, b;
} itp_gap;

enum { ITP_BRIDGE_TERMS = 2 * ITP_BROWNIAN_TERMS };

/* z = a z_a + b z_b + normals, in the linear schedule's coordinates. */
typedef struct itp_bridge {
    double a, b;
    int32_t count;
    itp_noise_term normals[ITP_BRIDGE_TERMS];
} itp_bridge;

/* At a place strictly between the two, for eps = k eps*; k = 0: the straight line. */
void itp_bridge_at(const itp_gap *gap, const itp_place *at, double k, itp_bridge *out);

#endif
