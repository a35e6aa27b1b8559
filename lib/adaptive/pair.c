/* The pairs that only adaptive runs use. */
#include "adaptive/adaptive.h"

/* Heun's method and Euler's. */
const itp_tableau itp_tableau_heun_euler = {2, 1, {0, 1}, {{0}, {1}}, {0.5, 0.5}, {1}};

/* Onto an end that has no slope: the third-order result of Bogacki and Shampine needs none there, and neither does the
 * midpoint rule, which is made of the same stages. */
const itp_tableau itp_tableau_landing = {3,     2, {0, 0.5, 0.75}, {{0}, {0.5}, {0, 0.75}}, {2. / 9, 1. / 3, 4. / 9},
                                         {0, 1}};
