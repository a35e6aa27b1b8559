/* Where the reference is at the nodes of a plan: what greedy rows are fitted to. */
#ifndef ITP_FIT_WAYPOINTS_H
#define ITP_FIT_WAYPOINTS_H

#include "fit/fitting.h"

/* States [rows][samples][dim] at u_1 .. u_{rows-1} and at the end; samples: those in use, fitted on and then held
 * out. */
typedef struct itp_waypoints {
    itp_fitting *fit;
    const double *u; /* the nodes, u[rows] */
    size_t samples;
    unsigned char *states;
    int32_t *rows; /* of the fine plan: rows[i] evaluates the state at u_{i+1} */
} itp_waypoints;

/* Runs a fine plan that passes exactly through u[rows], which increase. Of the samples in use. */
int itp_waypoints_new(itp_fitting *fit, const double *u, itp_waypoints *out);
void itp_waypoints_free(itp_waypoints *way);
/* The target of a row, from this sample on. */
unsigned char *itp_waypoint(const itp_waypoints *way, int32_t row, size_t sample);

#endif
