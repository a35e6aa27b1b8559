/* DPM-Solver and DPM-Solver++, multistep, with DDIM as order 1 (2206.00927, 2211.01095): with D_1 and D_2 the divided
 * differences of the last predictions in units of the step, y = -h (data) or h (noise) and s = u_b or w_b,
 *     z_b = carry z_a + first P_0 - s y phi_2(y) D_1 - s y phi_3(y) D_2,
 * and in midpoint's form of order 2 with first/2 for the weight of D_1. */
#include "solver/phi.h"
#include "solver/share.h"

/* Divided differences of the last predictions in units of the step. */
typedef struct differences {
    itp_form first, second;
} differences;

/* (P_i - P_{i+1})/r. */
static itp_form quotient(const itp_solving *solving, int32_t i, double r)
{
    itp_form out = solving->past[i];
    itp_form_combine(&out, 1 / r, -1 / r, &solving->past[i + 1]);
    return out;
}

static differences differences_of(const itp_solving *solving, const itp_exponential *method, int32_t count, double h)
{
    itp_station *const *at = solving->past_at;
    differences out = {itp_form_zero(), itp_form_zero()};
    if (count > 1) {
        double r0 = itp_expo_length(method, at[1], at[0]) / h;
        out.first = quotient(solving, 0, r0);
        if (count > 2) {
            double r1 = itp_expo_length(method, at[2], at[1]) / h;
            itp_form turn = out.first, older = quotient(solving, 1, r1);
            itp_form_increase(&turn, -1, &older);
            itp_form_increase(&out.first, r0 / (r0 + r1), &turn);
            out.second = turn;
            itp_form_scale(&out.second, 1 / (r0 + r1));
        }
    }
    return out;
}

typedef struct progress {
    const itp_solving *solving;
    const itp_exponential *method;
    itp_expo_step step;
} progress;

/* z += weight (-s y phi_2(y) D_1 - s y phi_3(y) D_2): what the step adds to the frozen prediction. */
static void add_differences(const void *progress_of, int32_t order, double weight, itp_form *z)
{
    const progress *of = progress_of;
    if (order > 1) {
        const itp_expo_step *step = &of->step;
        double y = itp_expo_y(of->method, step->h);
        double first = order == 2 && !of->method->heun ? step->first / 2 : -step->scale * itp_y_phi_2(y);
        differences D = differences_of(of->solving, of->method, order, step->h);
        itp_form_increase(z, weight * first, &D.first);
        itp_form_increase(z, weight * (-step->scale * itp_y_phi_3(y)), &D.second);
    }
}

void itp_dpm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    progress of = {solving, method, itp_expo_between(method, a, b)};
    double order = itp_expo_order(solving, method, solving->solver->order, b);
    itp_expo_freeze(solving, &of.step, x, &solving->past[0], a, b);
    itp_expo_add(order, add_differences, &of, x);
    itp_from_linear(solving, x, b);
}
