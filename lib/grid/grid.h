/* Nodes: where on the path the steps of a solver begin and end. */
#ifndef ITP_GRID_GRID_H
#define ITP_GRID_GRID_H

#include <interp/grid.h>

#include "base/kind.h"
#include "base/log.h"
#include "schedule/schedule.h"

typedef struct itp_node {
    double u, w, t; /* position, its complement, time of the sampling schedule */
    int32_t beyond; /* 1: the data end, which the sampling schedule does not reach; t is 1 */
} itp_node;

typedef struct itp_gridding itp_gridding;

/* A kind of grid: where a node is, given those of the path's ends. These are taken as they are, unless the nodes are
 * the caller's or the first one is a sample like the others. */
typedef struct itp_grid_row {
    itp_named named;
    int (*rule)(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out);
    double (*sample)(const itp_gridding *grid, int32_t i); /* of the kinds that count a table's samples; NULL */
    const double *levels;                                  /* of the kinds that go between published ones; NULL */
} itp_grid_row;
extern const itp_kind itp_kind_grid;

struct itp_gridding {
    const itp_grid_row *row;
    const itp_schedule *schedule; /* sampled under */
    const itp_schedule *table;    /* whose samples are counted, by the kinds that count them */
    int32_t samples;              /* of it; of a flow network without a table 1000; 0: there are none */
    int32_t steps, steps_offset, reserved2;
    double shift, lambda_low, lambda_high;
    int32_t high_given, reserved; /* 1: lambda_high is the caller's own */
    double rho, beta_a, beta_b, deviation, terminal;
    double u_start, w_start, u_end, w_end; /* of the path; (0, 1) and (1, 0): all that there is */
    double u_last, w_last;                 /* the last position that every schedule reaches */
    const double *nodes;
};

/* Fills nodes[0 .. steps]. ITP_E_GRID: not strictly increasing, or outside the schedule's range. */
int itp_grid_nodes(const itp_gridding *grid, const itp_report *log, itp_node *nodes);

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
int32_t itp_grid_reads(int32_t kind);

/* The row of a kind; NULL: unknown. */
const itp_grid_row *itp_grid_row_of(int32_t kind);

/* 1 for the kinds whose noise level is a flow network's, 1 - u. */
int itp_grid_is_flow(int32_t kind);

/* x, or 0 or 1 where that many roundings of numbers near 1 lie between. */
double itp_near_end(double x, int32_t roundings);

/* The node at a time of the schedule. */
int itp_node_at(const itp_schedule *schedule, double t, itp_node *out);

#endif
