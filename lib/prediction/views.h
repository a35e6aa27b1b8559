/* What a network's output says: one function for each prediction. */
#ifndef ITP_PREDICTION_VIEWS_H
#define ITP_PREDICTION_VIEWS_H

#include "prediction/prediction.h"

/* Data, noise, and the linear schedule's velocity data - noise, from the network's input x and output F. */
typedef struct itp_views {
    itp_affine data, noise, velocity;
} itp_views;

struct itp_prediction_row {
    itp_named named;
    /* Not finite where there is no limit. ITP_E_CALLBACK. */
    int (*views)(const itp_network *model, const itp_at *at, itp_views *out);
    /* The prediction from what another one says; NULL: by inverting its own view of the velocity. */
    itp_affine (*write)(const itp_at *at, const itp_views *views);
};

/* The row of a prediction; NULL: unknown. */
const itp_prediction_row *itp_prediction_row_of(int32_t prediction);

/* All three from data = a x + b F, for predictions that nothing is known of: they divide by alpha. */
itp_views itp_views_of_data(const itp_at *at, double a, double b);

#endif
