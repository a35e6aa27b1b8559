/* Along what a varying k is integrated over a step: lambda, which is k dlambda; from u = 0, where a k that begins with
 * 0 has k/u, -log w, as k dlambda = (k/u) d(-log w); and where an eps is given by the time of a schedule that knows no
 * shorter way from u to t, that time: k dlambda = eps/alpha^2 dt. */
#ifndef ITP_SOLVER_ALONG_H
#define ITP_SOLVER_ALONG_H

#include "solver/stage.h"

enum { ITP_BY_LAMBDA = 0, ITP_BY_LOG_W = 1, ITP_BY_TIME = 2 };

/* A position, and the slope of lambda by the argument there. */
typedef struct itp_passing {
    itp_node node;
    double lambda, slope;
} itp_passing;

itp_node itp_node_at_lambda(double lambda); /* without its time */
itp_passing itp_passing_at(itp_solving *solving, int32_t by, double x);
double itp_argument(itp_solving *solving, int32_t by, const itp_node *at);

/* The k of this step, where it is the same everywhere. */
double itp_constant_k(const itp_solving *solving);

/* 1 where the diffusion is one to be integrated by time. */
int itp_goes_by_time(const itp_diffusion *of);

/* dK/dx. */
double itp_decay_rate(itp_solving *solving, int32_t by, double x);

/* A table has a corner at every sample: the first one between x and the end, or the end. */
double itp_next_knot(const itp_schedule *schedule, double x, double end);

/* Allows a step its share of the calls of the diffusion that a plan may spend. */
void itp_allow_calls(itp_solving *solving);

void itp_keep_status(itp_solving *solving, int status);

#endif
