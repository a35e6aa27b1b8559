/* The noise of a step: integrals of the sample's Brownian path, as forms.
 *
 * On the path's clock s, sqrt(2 eps) dW is G dB with G = sqrt(k) beta/s in any schedule's coordinates (s is the optimal
 * process's own time: 2602.03789, point mass). G is smooth over a step, so its integral is that of its linear part, a
 * combination of the increment and the area, up to O(h^{5/2}); the variance is made exact. */
#ifndef ITP_SOLVER_WIENER_H
#define ITP_SOLVER_WIENER_H

#include "base/memory.h"
#include "solver/stage.h"

enum { ITP_FIRST_DRAW = 0, ITP_SECOND_DRAW = 1 };

/* increment W + area A, independent standard normals of the path between the nodes; with ITP_NOISE_STEPS fresh ones of
 * the step: A, or W of a second draw, is the step's second normal. */
itp_form itp_wiener(itp_solving *solving, itp_station *a, itp_station *b, double increment, double area, int32_t draw);

/* The noise of a step in the sampling schedule's coordinates, M(t) = int_a^t sqrt(2 eps) dW: `whole` is M(b), of exact
 * variance, and `area` its space-time Levy area by the schedule's t, 1/h int M dt - M(b)/2. */
typedef struct itp_step_noise {
    itp_form whole, area;
} itp_step_noise;
itp_step_noise itp_noise_of_step(itp_solving *solving, itp_station *a, itp_station *b);

/* M(b) alone. */
itp_form itp_noise_whole(itp_solving *solving, itp_station *a, itp_station *b);

/* The noise of a step with a frozen prediction, of unit variance: int e^-K(s, b) G/alpha dB over its deviation, K as
 * itp_decay has it, `decay` from a to b. None where there is no noise, or at b no room for it. */
itp_form itp_forgetting_noise(itp_solving *solving, itp_station *a, itp_station *b, double decay);

#endif
