/* A station: a node with all that solvers ask about it, each computed when it is first asked for and once: logarithms,
 * the point of the schedule sampled under, what the network's output says there, and the diffusion. */
#ifndef ITP_SOLVER_STATION_H
#define ITP_SOLVER_STATION_H

#include "grid/node.h"
#include "prediction/prediction.h"
#include "solver/diffusion.h"

typedef struct itp_station {
    double u, w, t; /* as the node has them */
    int32_t beyond;
    int32_t has; /* which of the following are there */
    int sampling_status, network_status, k_status;
    double log_u, log_w;
    itp_at sampling;
    itp_views views;            /* data and noise: not finite where there is no limit */
    double network_scale, time; /* alpha + beta of the network's schedule; what the network is given as time */
    itp_k_at k;
} itp_station;

/* Begins one, with nothing but the node in it yet. */
void itp_station_begin(itp_station *station, const itp_node *node);

/* One at a time of the schedule sampled under; the result is station->sampling_status. */
int itp_station_begin_at(itp_station *station, const itp_schedule *sampling, double t);

/* One of a position whose time nobody asks for. */
void itp_station_begin_untimed(itp_station *station, double u, double w);

/* The node of one. */
itp_node itp_station_node(const itp_station *station);

/* lambda = log(u/w), and -log w. */
double itp_station_lambda(itp_station *station);
double itp_station_minus_log_w(itp_station *station);

/* Each fills a part of it. ITP_E_CALLBACK; ITP_E_RANGE: the network's schedule does not reach the node, or k is no
 * number that it may be; ITP_E_SINGULAR: the velocity has no finite limit. */
int itp_station_sampling(itp_station *station, const itp_schedule *sampling);
int itp_station_network(itp_station *station, const itp_network *model);
int itp_station_k(itp_station *station, const itp_diffusion *diffusion);

/* The network's data prediction, from its input and its output; zeros where that has no finite coefficients. */
itp_affine itp_station_data(const itp_station *station);

#endif
