/* Exponential Runge-Kutta methods for the stiff part lambda (Hochbruck and Ostermann, SIAM J. Numer. Anal. 43 (2005),
 * section 5; RES, 2308.02157): the stages lie at a + c_i h in lambda, and with phi_2 = (phi_1(y) - 1)/y, y = -h (data
 * form) or h (noise form),
 *     2 stages:  b_2 = phi_2/c_2;
 *     3 stages:  a_32 = gamma c_2 phi_2(c_2 y) + (c_3^2/c_2) phi_2(c_3 y),  b_3 = phi_2/(gamma c_2 + c_3),
 *                b_2 = gamma b_3,  2 (gamma c_2 + c_3) = 3 (gamma c_2^2 + c_3^2);
 * the rest of each row makes a constant prediction exact. With c = 0, 1/3, 2/3 and gamma = 0 that is DPM-Solver-3
 * (2206.00927) and DPM-Solver++(3S) (2211.01095), whose shorter step is their method of order 2, with its stage at 1/2;
 * that of the others is the one of 2 stages with the same c_2. */
#include "solver/phi.h"
#include "solver/share.h"

/* The step being made: where it begins, its length, the state there in the linear schedule's coordinates, and what the
 * network predicts in it. */
typedef struct progress {
    itp_solving *solving;
    const itp_etd *tableau;
    itp_station *a;
    double h;
    itp_form z, P1;
} progress;

static const itp_exponential *method_of(const progress *of)
{
    return &of->tableau->method;
}

/* y phi_2(y) over c h of the step, up to the sign of `scale`. */
static double y_phi_2(const progress *of, double c)
{
    return itp_y_phi_2(itp_expo_y(method_of(of), c * of->h));
}

/* The station at the share c of the step. NULL: the schedule does not reach it. */
static itp_station *stage_at(const progress *of, double c, itp_station *b, itp_station *between)
{
    double clock = itp_expo_clock(method_of(of), of->a) + c * of->h;
    return c == 1 ? b : itp_station_at_lambda(of->solving, clock, between) ? NULL : between;
}

/* z += weight (P - P_1). */
static void correct(const progress *of, itp_form *z, double weight, const itp_form *P)
{
    itp_form_increase(z, weight, P);
    itp_form_increase(z, -weight, &of->P1);
}

static itp_form predict_third(const progress *of, const itp_form *P2, itp_station *at)
{
    const itp_etd *tableau = of->tableau;
    itp_expo_step step = itp_expo_between(&tableau->method, of->a, at);
    double a32 = tableau->gamma * y_phi_2(of, tableau->c2) + tableau->c3 / tableau->c2 * y_phi_2(of, tableau->c3);
    itp_form z = of->z;
    itp_form_combine(&z, step.carry, step.first, &of->P1);
    correct(of, &z, -step.scale * a32, P2);
    itp_from_linear(of->solving, &z, at);
    return itp_predict(of->solving, &z, at, tableau->method.predicts, &z);
}

/* z_b; phi is y phi_2(y) of the whole step, as far as it is made. */
static void finish(const progress *of, double phi, itp_form *z, const itp_form *P2, itp_station *third, itp_station *b)
{
    double c2 = of->tableau->c2, c3 = of->tableau->c3, gamma = of->tableau->gamma;
    itp_expo_carry(method_of(of), &of->P1, z, of->a, b);
    if (of->solving->stages == 2) {
        correct(of, z, phi / c2, P2);
        return;
    }
    double b3 = phi / (gamma * c2 + c3);
    itp_form P3 = predict_third(of, P2, third);
    correct(of, z, b3, &P3);
    correct(of, z, gamma * b3, P2);
}

void itp_etd_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_etd *tableau = solving->solver->data;
    const itp_exponential *method = &tableau->method;
    itp_expo_step whole = itp_expo_between(method, a, b);
    itp_station second_at, third_at;
    if (solving->stages == 2 && tableau->gamma == 0 && solving->solver->evaluations == 3) {
        itp_2s_step(solving, x, a, b);
        return;
    }
    progress of = {solving, tableau, a, whole.h, itp_form_zero(), itp_predict(solving, x, a, method->predicts, x)};
    of.z = *x;
    itp_station *second = stage_at(&of, tableau->c2, b, &second_at);
    itp_station *third = second ? stage_at(&of, tableau->c3, b, &third_at) : NULL;
    if (!third) {
        return;
    }
    itp_form P2 = itp_expo_predict_at(solving, method, &of.P1, x, a, second);
    finish(&of, itp_expo_share(method, a, b) * -whole.scale * y_phi_2(&of, 1), x, &P2, third, b);
    itp_from_linear(solving, x, b);
}
