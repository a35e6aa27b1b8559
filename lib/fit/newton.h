/* Damped Gauss-Newton steps on all numbers of a table, from one of several starts. */
#ifndef ITP_FIT_NEWTON_H
#define ITP_FIT_NEWTON_H

#include "fit/start.h"

typedef struct itp_newton itp_newton;

/* Room for tables of this form. Free it in any case. */
int itp_newton_new(itp_walk *walk, const itp_fit_table *form, itp_newton **out);
void itp_newton_free(itp_newton *newton);

/* What itp_newton_go is to do. Load a start: steps are then made from it, on the samples in use; its errors and its
 * score are those of its table. Make one step, if any damping makes one that is of use. */
void itp_newton_load(itp_newton *newton, itp_fit_start *start);
void itp_newton_step(itp_newton *newton);
int itp_newton_go(itp_newton *newton);
/* The start as loaded may be the best. (Once steps have been made from it, it always is asked.) */
void itp_newton_offer(itp_newton *newton);
/* The start as loaded is the one to beat: nothing whose error on the samples held out is not less is ever best. */
void itp_newton_floor(itp_newton *newton);
/* The best of all, NULL as long as there is none; *like: the plan that it comes from. */
const itp_fit_table *itp_newton_best(const itp_newton *newton, const itp_plan **like);

#endif
