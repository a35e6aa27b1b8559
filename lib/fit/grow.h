/* A table with one more row, which ends where the one without it ends. */
#ifndef ITP_FIT_GROW_H
#define ITP_FIT_GROW_H

#include "fit/table.h"

/* Fills `to`, of one row more, with `from` and a node half-way between its node `after` and the next (or u_end); both
 * are tables of all outputs. The state there is half-way too, and nothing takes its output yet: the rows to come may. */
void itp_fit_table_grow(const itp_fit_table *from, int32_t after, double u_end, itp_fit_table *to);

/* The node before the widest gap. */
int32_t itp_fit_table_widest(const itp_fit_table *table, double u_end);

#endif
