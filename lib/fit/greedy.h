/* Rows by least squares, one after the other: no derivatives, one reference run. */
#ifndef ITP_FIT_GREEDY_H
#define ITP_FIT_GREEDY_H

#include "fit/walk.h"
#include "fit/waypoints.h"

typedef struct itp_greedy {
    itp_walk *walk;
    itp_fit_table *table;
    itp_waypoints way;
    unsigned char *memory; /* of the arrays */
    size_t bytes;
    size_t most;               /* columns of the last row and the target */
    double *fitted, *held_out; /* [most][most], Gram matrices of a row's columns and, last, its target */
    double *system;            /* [most][most] */
    double *coef, *best;       /* [most], a row's coefficients */
    double *room;
    const void **list;
    int32_t row; /* the row at work */
    int part;    /* 0: its samples fitted on are at work; 1: those held out */
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
int itp_greedy_advance(itp_greedy *greedy);

#endif
