/* Where the reference is at the nodes of a plan: what greedy rows are fitted to. */
#ifndef ITP_FIT_WAYPOINTS_H
#define ITP_FIT_WAYPOINTS_H

#include "fit/fine.h"

/* States [rows][samples][dim] at u_1 .. u_{rows-1} and at the end; samples: those in use, fitted on and then held
 * out. */
typedef struct itp_waypoints {
    itp_fitting *fit;
    const double *u; /* the nodes, u[rows] */
    size_t samples, node_count;
    unsigned char *states;
    double *nodes; /* of the fine plan */
    int32_t *rows; /* of the fine plan: rows[i] evaluates the state at u_{i+1} */
    itp_plan *plan;
    itp_fine_run run;
    int held_out; /* these are at work */
} itp_waypoints;

/* The room, for any nodes; of the samples in use. Free it in any case. */
int itp_waypoints_new(itp_fitting *fit, itp_waypoints *out);
void itp_waypoints_free(itp_waypoints *way);

/* Runs a fine plan that passes exactly through u[rows], which increase. */
int itp_waypoints_begin(itp_waypoints *way, const double *u);
int itp_waypoints_advance(itp_waypoints *way);
/* The target of a row, from this sample on. */
unsigned char *itp_waypoint(const itp_waypoints *way, int32_t row, size_t sample);

#endif
