/* The drift at a station, as factors of its state and of what the network's output says. */
#ifndef ITP_SOLVER_DRIFT_H
#define ITP_SOLVER_DRIFT_H

#include "solver/station.h"

/* With z the linear schedule's coordinates (z = w Z + u X), C = alpha~ + beta~ of the sampling schedule and v = X - Z
 * the linear velocity, the state of the sampling schedule is x = C z, and
 *     drift of eps = k eps*:  (C' - (k/u) W/C) z + (1 + k)(W/C) v,
 * which is regular at both ends wherever the schedules and k/u are. These are the factors of z and v. */
int itp_station_drift(itp_station *station, const itp_schedule *sampling, itp_k_at k, itp_affine *out);

/* The drift for k at a state x of the sampling schedule, for whoever evaluates the network by himself: the network sees
 * to_network x at `time` and returns F; the drift is state x + output F. */
typedef struct itp_drift_at {
    double state, output, to_network, time;
    itp_affine data; /* the network's data prediction; zeros where it has no finite coefficients */
} itp_drift_at;
int itp_drift_scalars(const itp_schedule *sampling, const itp_network *model, const itp_node *at, itp_k_at k,
                      itp_drift_at *out);

#endif
