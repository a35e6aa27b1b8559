/* A network, from the caller's description of it. */
#ifndef ITP_PREDICTION_MODEL_H
#define ITP_PREDICTION_MODEL_H

#include "prediction/prediction.h"

/* `desc` NULL: a velocity network on the linear schedule. Checks ids and callbacks. */
int itp_model_from(const itp_model *desc, const itp_report *log, itp_network *out);

/* ITP_E_UNSUPPORTED, with its sentence, for a field that the prediction and the time of this network do not read. */
int itp_model_unread(const itp_network *model, const itp_report *log);

#endif
