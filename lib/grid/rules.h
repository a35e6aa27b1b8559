/* The rules of the single grids: where their inner nodes lie. */
#ifndef ITP_GRID_RULES_H
#define ITP_GRID_RULES_H

#include "grid/grid.h"

/* Where inner node i stands between the first and the last node with a finite log r: x in [0, 1] (1/2 where it is the
 * only one), lambda from low to high. */
typedef struct itp_span {
    double x, low, high;
} itp_span;
itp_span itp_grid_span(const itp_gridding *grid, int32_t i, const itp_node *ends);

/* lambda_high of a caller who names none. */
static const double ITP_LAMBDA_HIGH = 5;

/* a + (b - a) x, exact at both ends. */
double itp_blend(double a, double b, double x);

/* sigma = alpha/beta of a node of the kinds that space it. */
double itp_grid_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends);

/* The flow's own sigma, w = 1 - u, of a node of the kinds that space it. */
double itp_grid_flow_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends);

/* The sample, counted from the data end, that a node of the kinds that count them stands at; not always whole. */
double itp_grid_sample(const itp_gridding *grid, int32_t i);

/* x with I_x(a, b) = p, the regularised incomplete beta function, and 1 - x, each accurate where it is small. */
typedef struct itp_share {
    double x, rest;
} itp_share;
itp_share itp_beta_quantile(double a, double b, double p);

#endif
