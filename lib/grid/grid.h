/* Nodes: where on the path the steps of a solver begin and end. */
#ifndef ITP_GRID_GRID_H
#define ITP_GRID_GRID_H

#include <interp/grid.h>

#include "grid/registry.h"

/* Fills nodes[0 .. steps]. ITP_E_GRID: not strictly increasing, or outside the schedule's range. */
int itp_grid_nodes(const itp_gridding *grid, const itp_report *log, itp_node *nodes);

#endif
