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

/* What a part of the step adds to the frozen prediction. */
static void add_differences(const itp_solving *solving, const itp_exponential *method, const itp_expo_part *part,
                            const itp_expo_step *step, itp_form *z)
{
    if (part->order > 1) {
        differences d = differences_of(solving, method, part->order, step->h);
        double y = itp_expo_y(method, step->h);
        double first = part->order == 2 && !method->heun ? step->first / 2 : -step->scale * itp_y_phi_2(y);
        itp_form_increase(z, part->weight * first, &d.first);
        itp_form_increase(z, part->weight * (-step->scale * itp_y_phi_3(y)), &d.second);
    }
}

void itp_dpm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_expo_step step = itp_expo_between(method, a, b);
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(itp_expo_order(solving, method, solving->solver->order, b), part);
    itp_expo_freeze(solving, &step, x, &solving->past[0], a, b);
    for (int32_t i = 0; i < parts; i++) {
        add_differences(solving, method, &part[i], &step, x);
    }
    itp_from_linear(solving, x, b);
}
