/* How networks name time: one function for each way. */
#ifndef ITP_PREDICTION_TIME_H
#define ITP_PREDICTION_TIME_H

#include "prediction/prediction.h"

/* The function of a time; NULL: unknown. */
itp_model_time_fn itp_model_time_of(int32_t time);

#endif
