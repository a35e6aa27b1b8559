/* Whether an explicit method can make a step with the drift at one of its stages. A coefficient that grows without
 * bound towards an end of the path is as useless shortly before the end as at it. */
#ifndef ITP_SOLVER_STABILITY_H
#define ITP_SOLVER_STABILITY_H

#include "solver/stage.h"

/* 1 where the drift for k exists at `at`, a stage of the step from a to b, and suits the length of that step: its slope
 * for N(0, 1) data times the step is hardly above 2, where Euler's method stops being stable, and so is the speed of
 * the angle atan(beta/alpha), which is pi/2 on the whole path. */
int itp_drift_suits(itp_solving *solving, itp_station *at, itp_k_at k, itp_station *a, itp_station *b);

/* That slope times the step. */
double itp_steepness(itp_solving *solving, itp_k_at k, itp_station *a, itp_station *b);

/* Most that Euler's method bears of it; of Adams-Bashforth's, times the sum of the weights' sizes. */
extern const double itp_steepest;

/* 1 where the step from a to b is far longer than a's distance from the noise end. */
int itp_begins_at_noise(const itp_station *a, const itp_station *b);

#endif
