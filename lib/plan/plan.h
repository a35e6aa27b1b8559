/* A plan inside the library: the public rows themselves, and where their terms lie. */
#ifndef ITP_PLAN_PLAN_H
#define ITP_PLAN_PLAN_H

#include <interp/plan.h>

#include "base/count.h"
#include "base/log.h"
#include "base/memory.h"
#include "form/rows.h"
#include "plan/kept.h"
#include "solver/stage.h"

struct itp_plan {
    itp_memory memory;
    itp_plan_info info;
    itp_plan_row *rows;
    itp_term *terms; /* of all rows, then those of the start */
    int32_t term_count, term_capacity;
    itp_plan_origin origin; /* count 0: none */
    char solver[ITP_SOLVER_NAME];
    itp_count count;
    itp_kept *kept; /* what it was made from; NULL: not known */
};

/* Holds it, until itp_plan_drop; NULL is allowed. Returns it. */
const itp_plan *itp_plan_keep(const itp_plan *plan);
void itp_plan_drop(const itp_plan *plan);

/* Copies built rows into the plan (rows, terms, the start; info.rows, info.normals), the path's noise as its normals.
 * `evaluations`: of the solver's steps. ITP_E_MEMORY. */
int itp_plan_pack(itp_plan *plan, const itp_solving *solving, int32_t evaluations);

/* The name of what made the rows, cut where it is longer than ITP_SOLVER_NAME. */
void itp_plan_set_solver(itp_plan *plan, const char *name);

/* 1 where the first position holds more data than the own noise end of the network, as it was trained, accounts for:
 * over 1/20 of the noise, and over 3/2 of what is there. */
int itp_plan_starts_inside(double u, double w, double own_u, double own_w);

/* Rows that come from elsewhere: room for them and their terms, of which there may be none; and, when info, rows and
 * terms are there, a look at all that a run relies on, with the place and number that is wrong, and everything that
 * follows from them. ITP_E_RANGE, ITP_E_UNSUPPORTED, ITP_E_MEMORY. */
enum { ITP_PLAN_MOST_ROWS = 1000000 };
int itp_plan_make_room(itp_plan *plan, const itp_report *log, size_t rows, size_t terms);
int itp_plan_adopt(itp_plan *plan, const itp_report *log);

/* Points the rows and the start at their terms, which lie one after the other in plan->terms. */
void itp_plan_link(itp_plan *plan);

/* Gives every column a slot: the fewest that hold all columns alive at once. Fills the slots, info.slots and
 * info.carries. */
int itp_plan_assign_slots(itp_plan *plan);

/* Fills info.amplification, the larger of two numbers, from all others; *least: the smaller one. ITP_E_MEMORY. */
int itp_plan_measure(itp_plan *plan, double *least);

/* Warns of an amplification beyond which little is left of a network that is right to a hundredth. */
void itp_plan_warn(const itp_plan *plan, const itp_report *log);

/* Whether there is anything to carry. */
int itp_plan_carries(const itp_plan *plan);

/* What row i + 1 reads of the path's normals that row i draws, so that they can be summed up for it meanwhile.
 * carried[j] != 0: the normal of row i's term j is in a sum already and not drawn. coefs[j] becomes the coefficient in
 * the next row of what term j draws, or 0, and next_carried[k] 1 where the next row's term k is among these, or 0.
 * Returns how many there are. */
int32_t itp_plan_carry(const itp_plan *plan, int32_t i, const unsigned char *carried, double *coefs,
                       unsigned char *next_carried);

/* Of all numbers but the slots, which follow from the others; the same on every machine. */
uint64_t itp_plan_fingerprint(const itp_plan *plan);

#endif
