/* What a grid is made from, and what its rules ask of that. */
#ifndef ITP_GRID_GRIDDING_H
#define ITP_GRID_GRIDDING_H

#include <interp/grid.h>

#include "base/kind.h"
#include "grid/node.h"

typedef struct itp_gridding itp_gridding;

/* A kind of grid: where a node is, given those of the path's ends. These are taken as they are, unless the nodes are
 * the caller's or the first one is a sample like the others. */
typedef struct itp_grid_row {
    itp_named named;
    int (*rule)(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out);
    double (*sample)(const itp_gridding *grid, int32_t i); /* of the kinds that count a table's samples; NULL */
    const double *levels;                                  /* of the kinds that go between published ones; NULL */
} itp_grid_row;

struct itp_gridding {
    const itp_grid *options; /* the numbers that single kinds read */
    const itp_grid_row *row;
    const itp_schedule *schedule; /* sampled under */
    const itp_schedule *table;    /* whose samples are counted, by the kinds that count them */
    int32_t samples;              /* of it; of a flow network without a table 1000; 0: there are none */
    int32_t steps;
    double lambda_low, lambda_high;
    double u_start, w_start, u_end, w_end; /* of the path; (0, 1) and (1, 0): all that there is */
    double u_last, w_last;                 /* the last position that every schedule reaches */
};

/* What a kind of grid may read: the budget of evaluations, node_count and nodes, deviation, sigma_max, sigma_min, rho,
 * beta_a and beta_b, steps_offset, u_start, u_end. */
enum {
    ITP_READS_BUDGET = 1,
    ITP_READS_NODES = 2,
    ITP_READS_DEVIATION = 4,
    ITP_READS_LOW = 8,
    ITP_READS_HIGH = 16,
    ITP_READS_RHO = 32,
    ITP_READS_BETA = 64,
    ITP_READS_OFFSET = 128,
    ITP_READS_START = 256,
    ITP_READS_END = 512,
    ITP_READS_POWER = 1024 /* rho, 1 where it is not given */
};

/* Where inner node i stands between the first and the last node with a finite log r: x in [0, 1] (1/2 where it is the
 * only one), lambda from low to high. */
typedef struct itp_span {
    double x, low, high;
} itp_span;
itp_span itp_grid_span(const itp_gridding *grid, int32_t i, const itp_node *ends);

/* The end of the path is stepped to from the last position of a schedule that ends before it, or from lambda_high where
 * that is earlier and the caller's own, or where all schedules go on to infinity. */
double itp_grid_last_lambda(const itp_gridding *grid, const itp_node *end);

/* a + (b - a) x, exact at both ends. */
double itp_blend(double a, double b, double x);

/* The node at the position (u, w). A schedule that ends before u = 1 is left by one last step to the data; its t then
 * counts as 1. ITP_E_GRID, or ITP_E_RANGE where the schedule does not reach it. */
int itp_grid_position(const itp_gridding *grid, double u, double w, itp_node *out);

/* The sample, counted from the data end, that a node of the kinds that count them stands at; not always whole. */
double itp_grid_sample(const itp_gridding *grid, int32_t i);

/* The node at sigma = alpha/beta > 0. */
int itp_grid_at_sigma(const itp_gridding *grid, double sigma, itp_node *out);

#endif
