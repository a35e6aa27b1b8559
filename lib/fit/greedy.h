/* Rows by least squares, one after the other: no derivatives, one reference run. */
#ifndef ITP_FIT_GREEDY_H
#define ITP_FIT_GREEDY_H

#include "fit/fitting.h"

/* Even nodes instead of nodes that meet, as those of solvers with stages do, where nodes may move. */
void itp_greedy_spread(const itp_fitting *fit, itp_fit_table *table);

/* The rows of `table` become those that come nearest to the reference's state at the next node, from where the rows
 * before them have led; its nodes stay. On the samples in use. ITP_E_UNSUPPORTED: its nodes do not increase.
 * ITP_E_NONFINITE: the rows so made lead to no finite states. */
int itp_greedy_rows(itp_walk *walk, itp_fit_table *table);

#endif
