/* DPM-Solver++(2S) and DPM-Solver-2 (2211.01095, 2206.00927): a second evaluation at half the step in lambda, and the
 * whole step with what it says, which is what the papers' formulas come to for r_1 = 1/2. A step without a middle,
 * from u = 0 or to u = 1, is made with the first evaluation alone. In -log sigma of a flow network, sigma = 1 - u, what
 * programs made for VE models take for the noise is its velocity. */
#include "solver/share.h"

/* Of the methods of the papers and of their relatives. */
int32_t itp_exponential_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    return itp_expo_share(solving->solver->data, a, b) > 0 ? most : 1;
}

void itp_2s_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_expo_step step = itp_expo_between(method, a, b);
    double share = itp_expo_share(method, a, b) * itp_expo_second_weight(method, &step);
    itp_station middle;
    itp_form P = itp_predict(solving, x, a, method->predicts, x);
    if (itp_expo_half_way(solving, method, a, b, &middle)) {
        return;
    }
    itp_form second = itp_expo_predict_at(solving, method, &P, x, a, &middle);
    itp_form_combine(&P, 1 - share, share, &second);
    itp_expo_carry(method, &P, x, a, b);
    itp_from_linear(solving, x, b);
}
