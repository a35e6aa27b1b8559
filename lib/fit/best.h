/* The best table of a fit so far, of all starts and all steps from them. */
#ifndef ITP_FIT_BEST_H
#define ITP_FIT_BEST_H

#include "fit/gain.h"
#include "fit/start.h"

typedef struct itp_fit_best {
    itp_fitting *fit; /* gets the report */
    const itp_fit_normal *normal;
    const itp_fit_start *start; /* that the table comes from; NULL: there is none yet */
    itp_fit_table table;
    itp_fit_errors errors; /* on all samples */
    double floor;          /* the least error on the samples held out that a start has */
} itp_fit_best;

/* The start's table, which has these errors, is the best one where it is better than the one before on all samples held
 * out, and than every start even if its gain does not count. */
void itp_fit_best_offer(itp_fit_best *best, const itp_fit_start *start, const itp_fit_errors *errors);

/* The start's table is the best one whatever came before: nothing whose error on the samples held out is not less is
 * ever better. */
void itp_fit_best_begin(itp_fit_best *best, const itp_fit_start *start, const itp_fit_errors *errors);

/* The best table is given up for the start as it was once, with these numbers and errors. */
void itp_fit_best_give_up(itp_fit_best *best, const itp_fit_start *start, const itp_fit_table *table,
                          const itp_fit_errors *errors);

#endif
