/* The tableaux of the explicit Runge-Kutta methods, from Hairer, Norsett, Wanner, Solving ODEs I, II.1 to II.5, where
 * no other source is named. Those of Bogacki and Shampine, Tsitouras, Dormand and Prince carry the weights of an error
 * estimate; its last stage is the slope at the step's own result, which a fixed step does not need. */
#include "solver/solver.h"

const itp_tableau itp_tableau_euler = {1, 0, {0}, {{0}}, {1}, {0}};
const itp_tableau itp_tableau_midpoint = {2, 0, {0, 0.5}, {{0}, {0.5}}, {0, 1}, {0}};
const itp_tableau itp_tableau_heun = {2, 0, {0, 1}, {{0}, {1}}, {0.5, 0.5}, {0}};
/* The least error bound of the two-stage ones (Ralston 1962). */
const itp_tableau itp_tableau_ralston = {2, 0, {0, 2. / 3}, {{0}, {2. / 3}}, {0.25, 0.75}, {0}};
const itp_tableau itp_tableau_heun3 = {3, 0, {0, 1. / 3, 2. / 3}, {{0}, {1. / 3}, {0, 2. / 3}}, {0.25, 0, 0.75}, {0}};
const itp_tableau itp_tableau_rk4 = {
    4, 0, {0, 0.5, 0.5, 1}, {{0}, {0.5}, {0, 0.5}, {0, 0, 1}}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}, {0}};
const itp_tableau itp_tableau_rk38 = {
    4, 0, {0, 1. / 3, 2. / 3, 1}, {{0}, {1. / 3}, {-1. / 3, 1}, {1, -1, 1}}, {0.125, 0.375, 0.375, 0.125}, {0}};

/* Bogacki and Shampine 1989. */
const itp_tableau itp_tableau_bosh3 = {
    3, 2, {0, 0.5, 0.75}, {{0}, {0.5}, {0, 0.75}}, {2. / 9, 1. / 3, 4. / 9}, {7. / 24, 0.25, 1. / 3, 0.125}};

/* Order 4 in 5 stages, none of them at the end of the step. With b_2 = 0, sum_j a_ij c_j = c_i^2/2 from the third on
 * and sum_i b_i a_i2 = 0 those of order 4 are the conditions of a quadrature and sum b_i a_ij c_j^2 = 1/12. The first
 * three stages are Dormand and Prince's; c_4, c_5, a_43 were chosen for small errors of order 5, an eighth of rk4's. */
const itp_tableau itp_tableau_inside = {
    5,
    0,
    {0, 0.2, 0.3, 0.8, 5. / 6},
    {{0}, {0.2}, {3. / 40, 9. / 40}, {9. / 20, -43. / 20, 2.5}, {-5. / 24, 325. / 216, -5. / 6, 10. / 27}},
    {29. / 360, 0, 35. / 72, 5. / 24, 9. / 40},
    {0}};

/* Tsitouras 2011. */
const itp_tableau itp_tableau_tsit5 = {
    6,
    4,
    {0, 0.161, 0.327, 0.9, 0.9800255409045097, 1},
    {{0},
     {0.161},
     {-0.008480655492356989, 0.335480655492357},
     {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
     {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
     {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383}},
    {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774},
    {0.09646076681806523 - 0.001780011052225777, 0.01 - 0.0008164344596567469,
     0.4798896504144996 + 0.007880878010261995, 1.379008574103742 - 0.1447110071732629,
     -3.290069515436081 + 0.5823571654525552, 2.324710524099774 - 0.45808210592918697, 1. / 66}};

/* Dormand and Prince 1980. */
const itp_tableau itp_tableau_dopri5 = {
    6,
    4,
    {0, 0.2, 0.3, 0.8, 8. / 9, 1},
    {{0},
     {0.2},
     {3. / 40, 9. / 40},
     {44. / 45, -56. / 15, 32. / 9},
     {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
     {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656}},
    {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
    {5179. / 57600, 0, 7571. / 16695, 393. / 640, -92097. / 339200, 187. / 2100, 0.025}};
