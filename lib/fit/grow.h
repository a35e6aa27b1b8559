/* A table with one more row, which ends where the one without it ends. */
#ifndef ITP_FIT_GROW_H
#define ITP_FIT_GROW_H

#include "fit/table.h"

/* Fills `to`, of one row more, with `from` and a node half-way between its node `after` and the next (or u_end); both
 * are tables of all outputs. The state there is half-way too, and nothing takes its output yet: the rows to come
 * may. */
void itp_fit_table_grow(const itp_fit_table *from, int32_t after, double u_end, itp_fit_table *to);

/* Fills `to`, of one row more, with `from`, whose end is now a node at `u`, and a row from there, with the weights of
 * its state and of its output. */
void itp_fit_table_append(const itp_fit_table *from, double u, const double weights[2], itp_fit_table *to);

/* The weights of the row from u to u_end along which the data prediction stays. ITP_E_SINGULAR: it has no limit. */
int itp_fit_last_weights(const itp_network *model, double u, double u_end, double weights[2]);

/* The node before the widest gap. */
int32_t itp_fit_table_widest(const itp_fit_table *table, double u_end);

#endif
