/* A node: where on the path a step of a solver begins or ends. */
#ifndef ITP_GRID_NODE_H
#define ITP_GRID_NODE_H

#include "schedule/schedule.h"

typedef struct itp_node {
    double u, w, t; /* position, its complement, time of the sampling schedule */
    int32_t beyond; /* 1: the data end, which the sampling schedule does not reach; t is 1 */
} itp_node;

/* x, or 0 or 1 where that many roundings of numbers near 1 lie between. */
double itp_near_end(double x, int32_t roundings);

/* The node at a time of the schedule. */
int itp_node_at(const itp_schedule *schedule, double t, itp_node *out);

#endif
