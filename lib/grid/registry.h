/* The kinds of grids. */
#ifndef ITP_GRID_REGISTRY_H
#define ITP_GRID_REGISTRY_H

#include "grid/gridding.h"

extern const itp_kind itp_kind_grid;

/* Which of ITP_READS_* a kind of grid reads. */
int32_t itp_grid_reads(int32_t kind);

/* The row of a kind; NULL: unknown. */
const itp_grid_row *itp_grid_row_of(int32_t kind);

/* 1 for the kinds whose noise level is a flow network's, 1 - u. */
int itp_grid_is_flow(int32_t kind);

#endif
