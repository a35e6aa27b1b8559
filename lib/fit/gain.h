/* How much large coefficients count against a table. Outputs are nearly equal on most samples, so differences of them,
 * magnified, may be what fits best. But a sample that is decided late, of a kind too rare to be among the seeds, is
 * then thrown far off: the error on unseen seeds is taken to grow as sqrt(1 + expert.gain^2 G) with the gain G. */
#ifndef ITP_FIT_GAIN_H
#define ITP_FIT_GAIN_H

#include "fit/normal.h"

/* How large a column's part of the row's next state is for the coefficient 1, squared. */
double itp_fit_gain_share(const itp_fit_normal *normal, const itp_fit_table *table, int32_t row, int32_t c);

/* Squares of a table's errors with its gain counted; `weight` is itp_fitting.gain. The score takes samples fitted on
 * and samples held out alike: progress, without leaving the latter behind. */
double itp_fit_score(const itp_fit_normal *normal, double weight, const itp_fit_table *table,
                     const itp_fit_errors *errors);
double itp_fit_held_out_score(const itp_fit_normal *normal, double weight, const itp_fit_table *table,
                              const itp_fit_errors *errors);

#endif
