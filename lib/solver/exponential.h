/* Exponential integrators: one step from a to b in the linear schedule's coordinates, the linear part exact. */
#ifndef ITP_SOLVER_EXPONENTIAL_H
#define ITP_SOLVER_EXPONENTIAL_H

#include "solver/solver.h"

/* What a method holds constant or extrapolates, and in which variable. */
typedef struct itp_exponential {
    int32_t predicts; /* ITP_PREDICT_DATA, ITP_PREDICT_NOISE, or ITP_PREDICT_VELOCITY: of the linear schedule */
    int32_t sigma;    /* 1: in -log sigma, sigma = alpha of the linear schedule; 0: in lambda = log(beta/alpha) */
    int32_t heun;     /* DPM-Solver's ways to weigh the first difference: midpoint 0, Heun 1, and 2: in blocks, midpoint
                         where the block ends and Heun before */
    int32_t bh;       /* UniPC: B(h) = h (1) or e^h - 1 (2); 0: the varying coefficients */
} itp_exponential;
extern const itp_exponential itp_by_data, itp_by_noise, itp_by_data_in_sigma;

/* Exponential Runge-Kutta methods: the stages at c2 and c3 of the step (c3 1 where there are two stages). */
typedef struct itp_etd {
    itp_exponential method;
    double c2, c3, gamma;
} itp_etd;

/* A step with the prediction P frozen: z_b = carry z_a + first P. */
typedef struct itp_expo_frozen {
    double carry, first;
} itp_expo_frozen;
itp_expo_frozen itp_expo_frozen_between(const itp_exponential *method, const itp_station *a, const itp_station *b);

/* z, the state at a, becomes the one at `to`, with P frozen; both in the linear schedule's coordinates. */
void itp_expo_carry(const itp_exponential *method, const itp_form *P, itp_form *z, const itp_station *a,
                    const itp_station *to);

/* What the network predicts at the stage `at`: in the state that a frozen P carries z to. */
itp_form itp_expo_predict_at(itp_solving *solving, const itp_exponential *method, const itp_form *P, const itp_form *z,
                             const itp_station *a, itp_station *at);

/* The y of solver/phi.h over the length h. */
static inline double itp_expo_y(const itp_exponential *method, double h)
{
    return method->predicts == ITP_PREDICT_DATA ? -h : h;
}

/* Its length in the method's variable. */
double itp_expo_length(const itp_exponential *method, itp_station *a, itp_station *b);

itp_expo_step itp_expo_between(const itp_exponential *method, itp_station *a, itp_station *b);

double itp_expo_clock(const itp_exponential *method, itp_station *at);

/* Half way from a to b in the method's variable: the position, and the station there. */
itp_node itp_expo_middle(const itp_exponential *method, itp_station *a, itp_station *b);
int itp_expo_half_way(itp_solving *solving, const itp_exponential *method, itp_station *a, itp_station *b,
                      itp_station *middle);

/* With which weight the second of two predictions, made there, replaces the first: 1, or with Heun's weights what makes
 * a prediction exact that is linear in the variable. */
double itp_expo_second_weight(const itp_exponential *method, const itp_expo_step *step);

#endif
