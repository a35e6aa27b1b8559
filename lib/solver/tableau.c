/* The tableaux of the explicit Runge-Kutta methods, from Hairer, Norsett, Wanner, Solving ODEs I, II.1 to II.5, where
 * no other source is named. Those of Bogacki and Shampine, Tsitouras, Dormand and Prince carry the weights of an error
 * estimate; its last stage is the slope at the step's own result, which a fixed step does not need. */
#include "solver/solver.h"

static const double EULER_C[] = {0}, EULER_A[] = {0}, EULER_B[] = {1};
const itp_rk_tableau itp_tableau_euler = {1, 0, EULER_C, EULER_A, EULER_B, NULL, NULL};
static const double MIDPOINT_C[] = {0, 0.5}, MIDPOINT_A[] = {0, 0, 0.5, 0}, MIDPOINT_B[] = {0, 1};
const itp_rk_tableau itp_tableau_midpoint = {2, 0, MIDPOINT_C, MIDPOINT_A, MIDPOINT_B, NULL, NULL};
static const double HEUN_C[] = {0, 1}, HEUN_A[] = {0, 0, 1, 0}, HEUN_B[] = {0.5, 0.5},
                    HEUN_E[] = {1, 0, 0}; /* Euler's */
const itp_rk_tableau itp_tableau_heun = {2, 1, HEUN_C, HEUN_A, HEUN_B, HEUN_E, NULL};
/* The least error bound of the two-stage ones (Ralston 1962). */
static const double RALSTON_C[] = {0, 2. / 3}, RALSTON_A[] = {0, 0, 2. / 3, 0}, RALSTON_B[] = {0.25, 0.75};
const itp_rk_tableau itp_tableau_ralston = {2, 0, RALSTON_C, RALSTON_A, RALSTON_B, NULL, NULL};
static const double HEUN3_C[] = {0, 1. / 3, 2. / 3}, HEUN3_A[] = {0, 0, 0, 1. / 3, 0, 0, 0, 2. / 3, 0},
                    HEUN3_B[] = {0.25, 0, 0.75};
const itp_rk_tableau itp_tableau_heun3 = {3, 0, HEUN3_C, HEUN3_A, HEUN3_B, NULL, NULL};
static const double RK4_C[] = {0, 0.5, 0.5, 1}, RK4_A[] = {0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 1, 0},
                    RK4_B[] = {1. / 6, 1. / 3, 1. / 3, 1. / 6};
const itp_rk_tableau itp_tableau_rk4 = {4, 0, RK4_C, RK4_A, RK4_B, NULL, NULL};
static const double RK38_C[] = {0, 1. / 3, 2. / 3, 1},
                    RK38_A[] = {0, 0, 0, 0, 1. / 3, 0, 0, 0, -1. / 3, 1, 0, 0, 1, -1, 1, 0},
                    RK38_B[] = {0.125, 0.375, 0.375, 0.125};
const itp_rk_tableau itp_tableau_rk38 = {4, 0, RK38_C, RK38_A, RK38_B, NULL, NULL};

/* Bogacki and Shampine 1989. */
static const double BOSH3_C[] = {0, 0.5, 0.75}, BOSH3_A[] = {0, 0, 0, 0.5, 0, 0, 0, 0.75, 0},
                    BOSH3_B[] = {2. / 9, 1. / 3, 4. / 9}, BOSH3_E[] = {7. / 24, 0.25, 1. / 3, 0.125};
const itp_rk_tableau itp_tableau_bosh3 = {3, 2, BOSH3_C, BOSH3_A, BOSH3_B, BOSH3_E, NULL};

/* Order 4 in 5 stages, none of them at the end of the step. With b_2 = 0, sum_j a_ij c_j = c_i^2/2 from the third on
 * and sum_i b_i a_i2 = 0 those of order 4 are the conditions of a quadrature and sum b_i a_ij c_j^2 = 1/12. The first
 * three stages are Dormand and Prince's; c_4, c_5, a_43 were chosen for small errors of order 5, an eighth of rk4's. */
static const double INSIDE_C[] = {0, 0.2, 0.3, 0.8, 5. / 6},
                    INSIDE_A[] = {0, 0,       0,        0,          0,       0.2,      0,       0,         0,
                                  0, 3. / 40, 9. / 40,  0,          0,       0,        9. / 20, -43. / 20, 2.5,
                                  0, 0,       -5. / 24, 325. / 216, -5. / 6, 10. / 27, 0},
                    INSIDE_B[] = {29. / 360, 0, 35. / 72, 5. / 24, 9. / 40};
const itp_rk_tableau itp_tableau_inside = {5, 0, INSIDE_C, INSIDE_A, INSIDE_B, NULL, NULL};

/* Tsitouras 2011. */
static const double TSIT5_C[] = {0, 0.161, 0.327, 0.9, 0.9800255409045097, 1},
                    TSIT5_A[] = {0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0.161,
                                 0,
                                 0,
                                 0,
                                 0,
                                 0,
                                 -0.008480655492356989,
                                 0.335480655492357,
                                 0,
                                 0,
                                 0,
                                 0,
                                 2.8971530571054935,
                                 -6.359448489975075,
                                 4.3622954328695815,
                                 0,
                                 0,
                                 0,
                                 5.325864828439257,
                                 -11.748883564062828,
                                 7.4955393428898365,
                                 -0.09249506636175525,
                                 0,
                                 0,
                                 5.86145544294642,
                                 -12.92096931784711,
                                 8.159367898576159,
                                 -0.071584973281401,
                                 -0.028269050394068383,
                                 0},
                    TSIT5_B[] = {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081,
                                 2.324710524099774},
                    TSIT5_E[] = {0.09646076681806523 - 0.001780011052225777,
                                 0.01 - 0.0008164344596567469,
                                 0.4798896504144996 + 0.007880878010261995,
                                 1.379008574103742 - 0.1447110071732629,
                                 -3.290069515436081 + 0.5823571654525552,
                                 2.324710524099774 - 0.45808210592918697,
                                 1. / 66};
/* The factors of a^4 in its interpolant of order 4. */
static const double TSIT5_BEND[] = {
    -1.0530884977290216,   0.1017, 2.490627285651252793, -16.54810288924490272, 47.37952196281928122,
    -34.87065786149660974, 2.5};
const itp_rk_tableau itp_tableau_tsit5 = {6, 4, TSIT5_C, TSIT5_A, TSIT5_B, TSIT5_E, TSIT5_BEND};

/* Dormand and Prince 1980. */
static const double DOPRI5_C[] = {0, 0.2, 0.3, 0.8, 8. / 9, 1},
                    DOPRI5_A[] = {0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0.2,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  3. / 40,
                                  9. / 40,
                                  0,
                                  0,
                                  0,
                                  0,
                                  44. / 45,
                                  -56. / 15,
                                  32. / 9,
                                  0,
                                  0,
                                  0,
                                  19372. / 6561,
                                  -25360. / 2187,
                                  64448. / 6561,
                                  -212. / 729,
                                  0,
                                  0,
                                  9017. / 3168,
                                  -355. / 33,
                                  46732. / 5247,
                                  49. / 176,
                                  -5103. / 18656,
                                  0},
                    DOPRI5_B[] = {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
                    DOPRI5_E[] = {5179. / 57600, 0, 7571. / 16695, 393. / 640, -92097. / 339200, 187. / 2100, 0.025};
/* Hairer, Norsett, Wanner, II.6, program DOPRI5. */
static const double DOPRI5_BEND[] = {-12715105075. / 11282082432,  0,
                                     87487479700. / 32700410799,   -10690763975. / 1880347072,
                                     701980252875. / 199316789632, -1453857185. / 822651844,
                                     69997945. / 29380423};
const itp_rk_tableau itp_tableau_dopri5 = {6, 4, DOPRI5_C, DOPRI5_A, DOPRI5_B, DOPRI5_E, DOPRI5_BEND};
