/* The law of a plan's last state for N(mean, s^2) data, exactly: their data prediction is affine in the state,
 *     D = m + s^2 u (z - u m)/(w^2 + s^2 u^2),    z = Y/scale,
 * so every state is a sum of the plan's normals, whose coefficients are followed row by row. */
#ifndef TEST_GAUSSIAN_LAW_H
#define TEST_GAUSSIAN_LAW_H

#include <interp/plan.h>

typedef struct gaussian_law {
    double mean, deviation;
} gaussian_law;

gaussian_law gaussian_law_of(const itp_plan *plan, double mean, double s);

/* The same for a network that names the data of a state's own path in one evaluation, as distilled ones are to:
 *     D = m + s (z - u m)/sqrt(w^2 + s^2 u^2). */
gaussian_law gaussian_law_in_one(const itp_plan *plan, double mean, double s);

#endif
