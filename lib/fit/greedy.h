/* Rows by least squares, one after the other: no derivatives, one reference run. */
#ifndef ITP_FIT_GREEDY_H
#define ITP_FIT_GREEDY_H

#include "fit/walk.h"
#include "fit/waypoints.h"

typedef struct itp_greedy {
    itp_walk *walk;
    itp_fit_table *table;
    itp_waypoints way;
    double *reals;
    size_t real_count, most;                          /* columns of the last row and the target */
    double *fitted, *held_out, *system, *coef, *best; /* Gram matrices of a row's columns and, last, its target */
    double *room;
    const void **list;
    int32_t row; /* the one at work, */
    int part;    /* and whether the held-out samples are */
    itp_fit_span span;
    const itp_fit_phase *next;
} itp_greedy;

/* Room for tables of the form of `like`, on the samples in use. Free it in any case. */
int itp_greedy_new(itp_walk *walk, const itp_fit_table *like, itp_greedy *out);
void itp_greedy_free(itp_greedy *greedy);

/* Even nodes instead of nodes that meet, as those of solvers with stages do, where nodes may move. */
void itp_greedy_spread(const itp_fitting *fit, itp_fit_table *table);

/* The rows of `table` become those that come nearest to the reference's state at the next node, from where the rows
 * before them have led; its nodes stay. On the samples in use. ITP_E_UNSUPPORTED: its nodes do not increase.
 * ITP_E_NONFINITE: the rows so made lead to no finite states. */
int itp_greedy_begin(itp_greedy *greedy, itp_fit_table *table);
int itp_greedy_go(itp_greedy *greedy);

#endif
