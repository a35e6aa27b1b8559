/* Exponential integrators: one step from a to b in the linear schedule's coordinates, the linear part exact. */
#ifndef ITP_SOLVER_EXPONENTIAL_H
#define ITP_SOLVER_EXPONENTIAL_H

#include "solver/solver.h"

/* What a method holds constant or extrapolates, and in which variable. */
typedef struct itp_exponential {
    int32_t predicts; /* ITP_PREDICT_DATA or ITP_PREDICT_NOISE */
    int32_t sigma;    /* 1: in -log sigma, sigma = alpha of the linear schedule; 0: in lambda = log(beta/alpha) */
    int32_t heun;     /* DPM-Solver's two ways to weigh the first difference */
    int32_t bh;       /* UniPC: B(h) = h (1) or e^h - 1 (2); 0: the varying coefficients */
} itp_exponential;

/* Exponential Runge-Kutta methods: the stages at c2 and c3 of the step (c3 1 where there are two stages). */
typedef struct itp_etd {
    itp_exponential method;
    double c2, c3, gamma;
} itp_etd;

/* The step as these methods see it: z_b = carry z_a + first P_0 + scale (corrections), h = length in the variable. */
typedef struct itp_expo_step {
    double carry, first, scale, h;
    int32_t regular; /* 1: h is finite, so that more than the frozen prediction makes sense */
} itp_expo_step;

itp_expo_step itp_expo_between(const itp_exponential *method, const itp_node *a, const itp_node *b);

/* 1 where the step between the two is regular. */
int itp_expo_regular(const itp_exponential *method, const itp_node *a, const itp_node *b);
double itp_expo_clock(const itp_exponential *method, const itp_node *at);

/* How many past predictions a step of `order` may use: those remembered, at finite distances, and fewer at the end as
 * solving->final_order says. At least 1. */
int32_t itp_expo_order(const itp_solving *solving, const itp_exponential *method, int32_t order, const itp_node *b);

#endif
