/* ER-SDE-Solver (2309.06169, orders 1 to 3) with the noise that its authors recommend, phi(s) = s psi(s),
 * psi = exp(s^.3) + 10, s = w/u. With rho = psi_b/psi_a and r = rho s_b/s_a,
 *     z_b = (w_b/w_a) rho z_a + u_b ((1 - r) D + c_1 D' + c_2 D'') + w_b sqrt(1 - rho^2) xi,
 *     c_n = int (phi_b/phi(s) - 1) (s - s_a)^(n-1) ds from s_b to s_a,
 * D' and D'' the divided differences by s, the second one twice, as theirs. (They sum the integrals of c_n over 200
 * points.) From u = 0, where s is infinite, psi_a is too: the step is the data prediction and fresh noise. */
#include <math.h>

#include "base/panels.h"
#include "solver/share.h"
#include "solver/stochastic.h"

static double log_psi(double log_s)
{
    double power = exp(0.3 * log_s);
    return power + log1p(10 * exp(-power));
}

static double log_level(const itp_station *at)
{
    return log(at->w) - log(at->u);
}

/* c_1 and c_2 by log s, on parts of at most 2. */
static void weigh(double a, double b, double *c)
{
    double low = b + log_psi(b), highest = exp(a), parts = ceil((a - b) / 2), half = (a - b) / parts / 2;
    c[0] = c[1] = 0;
    for (int32_t i = 0; i < (int32_t)parts; i++) {
        for (int j = 0; j < ITP_PANEL_POINTS; j++) {
            double y = b + half * (2 * i + 1 + itp_gauss_point[j]), s = exp(y);
            double part = itp_gauss_weight[j] * half * s * expm1(low - y - log_psi(y));
            c[0] += part;
            c[1] += part * (s - highest);
        }
    }
}

static double level(const itp_solving *solving, int32_t i)
{
    return solving->past_at[i]->w / solving->past_at[i]->u;
}

/* z + p (P_i - P_{i+1})/(s_i - s_{i+1}). */
static void add_slope(itp_form *z, const itp_solving *solving, int32_t i, double p)
{
    p /= level(solving, i) - level(solving, i + 1);
    itp_form_increase(z, p, &solving->past[i]);
    itp_form_increase(z, -p, &solving->past[i + 1]);
}

/* Of the second and the third order as much as `order` has. */
static void correct(const itp_solving *solving, itp_form *z, double order, itp_station *a, itp_station *b)
{
    double c[2];
    weigh(log_level(a), log_level(b), c);
    add_slope(z, solving, 0, fmin(1, order - 1) * b->u * c[0]);
    if (order > 2) {
        double turn = (order - 2) * b->u * c[1] / ((level(solving, 0) - level(solving, 2)) / 2);
        add_slope(z, solving, 0, turn);
        add_slope(z, solving, 1, -turn);
    }
}

void itp_er_sde_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_noise_key draw = {a, b, ITP_FIRST_DRAW};
    itp_levels levels = itp_levels_between(a, b);
    double rho = exp(log_psi(log_level(b)) - log_psi(log_level(a)));
    itp_predict_and_remember(solving, x, a, ITP_PREDICT_DATA);
    double order = itp_expo_order(solving, &itp_by_data, solving->solver->order, b);
    itp_form_combine(x, b->w / a->w * rho, b->u * (levels.drop + levels.q * (1 - rho)), &solving->past[0]);
    if (order > 1) {
        correct(solving, x, order, a, b);
    }
    double deviation = b->w * sqrt((1 - rho) * (1 + rho));
    itp_add_noise(solving, x, deviation, &draw);
    itp_from_linear(solving, x, b);
}
