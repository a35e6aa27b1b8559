/* Nodes: where on the path the steps of a solver begin and end. */
#ifndef ITP_GRID_GRID_H
#define ITP_GRID_GRID_H

#include <interp/grid.h>

#include "grid/gridding.h"

extern const itp_kind itp_kind_grid;

/* Fills nodes[0 .. steps]. ITP_E_GRID: not strictly increasing, or outside the schedule's range. */
int itp_grid_nodes(const itp_gridding *grid, const itp_report *log, itp_node *nodes);

/* Which of ITP_READS_* a kind of grid reads. */
int32_t itp_grid_reads(int32_t kind);

/* The row of a kind; NULL: unknown. */
const itp_grid_row *itp_grid_row_of(int32_t kind);

/* 1 for the kinds whose noise level is a flow network's, 1 - u. */
int itp_grid_is_flow(int32_t kind);

#endif
