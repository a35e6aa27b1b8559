/* What a walker's step is made by: the run's pair along the sampling schedule or, onto an end that has no slope, a pair
 * that needs none there along the linear one. */
#include "adaptive/adaptive.h"

/* The third-order result of Bogacki and Shampine needs no slope at the end, and neither does the midpoint rule, which
 * is made of the same stages. */
static const double LANDING_C[] = {0, 0.5, 0.75}, LANDING_A[] = {0, 0, 0, 0.5, 0, 0, 0, 0.75, 0},
                    LANDING_B[] = {2. / 9, 1. / 3, 4. / 9}, LANDING_E[] = {0, 1, 0, 0};
static const itp_rk_tableau LANDING = {3, 2, LANDING_C, LANDING_A, LANDING_B, LANDING_E, NULL};

const itp_rk_tableau *itp_walker_pair(const itp_adaptive *run, const itp_walker *walker)
{
    return walker->landing.begun ? &LANDING : &run->pair;
}

const itp_schedule *itp_walker_along(const itp_adaptive *run, const itp_walker *walker)
{
    return walker->landing.begun ? itp_schedule_linear() : run->sampling;
}
