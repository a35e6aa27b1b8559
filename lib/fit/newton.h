/* Damped Gauss-Newton steps on all numbers of a table, from one of several starts. */
#ifndef ITP_FIT_NEWTON_H
#define ITP_FIT_NEWTON_H

#include "fit/start.h"

typedef struct itp_newton itp_newton;

/* Takes the memory for tables of this form. Must be freed also after an error. */
int itp_newton_new(itp_walk *walk, const itp_fit_table *form, itp_newton **out);
void itp_newton_free(itp_newton *newton);

/* Both say what itp_newton_advance is to do: load a start, from which steps are then made on the samples in use, and
 * find its errors and its score; make one step, if there is a damping whose step lowers the score. */
void itp_newton_load(itp_newton *newton, itp_fit_start *start);
void itp_newton_step(itp_newton *newton);
int itp_newton_advance(itp_newton *newton);
/* Compares the start as loaded with the best table. (After each step that is done anyway.) */
void itp_newton_offer(itp_newton *newton);
/* The start as loaded is the one to beat: nothing whose error on the samples held out is not less is ever best. */
void itp_newton_floor(itp_newton *newton);
/* The best of all, NULL as long as there is none; *like: the plan that it comes from. */
const itp_fit_table *itp_newton_best(const itp_newton *newton, const itp_plan **like);

/* The best is given up for a start as it was once. */
void itp_newton_give_up(itp_newton *newton, const itp_fit_start *start, const itp_fit_table *table,
                        const itp_fit_errors *errors);

#endif
