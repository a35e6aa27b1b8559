/* The pair that only adaptive runs use. */
#include "adaptive/adaptive.h"

/* Onto an end that has no slope: the third-order result of Bogacki and Shampine needs none there, and neither does the
 * midpoint rule, which is made of the same stages. */
static const double LANDING_C[] = {0, 0.5, 0.75}, LANDING_A[] = {0, 0, 0, 0.5, 0, 0, 0, 0.75, 0},
                    LANDING_B[] = {2. / 9, 1. / 3, 4. / 9}, LANDING_E[] = {0, 1, 0, 0};
const itp_rk_tableau itp_tableau_landing = {3, 2, LANDING_C, LANDING_A, LANDING_B, LANDING_E, NULL};
