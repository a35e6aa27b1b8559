/* What a network's output says: one function for each prediction. */
#ifndef ITP_PREDICTION_VIEWS_H
#define ITP_PREDICTION_VIEWS_H

#include "prediction/prediction.h"

/* The row of a prediction; NULL: unknown. */
const itp_prediction_row *itp_prediction_row_of(int32_t prediction);

/* All three from data = a x + b F, for predictions that nothing is known of: they divide by alpha. */
itp_views itp_views_of_data(const itp_at *at, double a, double b);

#endif
