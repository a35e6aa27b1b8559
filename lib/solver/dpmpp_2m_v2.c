/* "DPM++ 2M v2" of SD.Next and stable-diffusion.cpp: dpmpp-2m with the frozen part made over the mean of this step and
 * the one before, and their ratio taken the way round that is at least 1,
 *     z_b = (w_b/w_a) z_a + u_b (1 - e^{-m}) (D + (D - D_before)/(2 r)),  m = (h + h_before)/2,  r = longer/shorter.
 * What it weighs the state and the data with does not add up where steps differ in length: it is of order 1. */
#include <math.h>

#include "solver/share.h"

void itp_2m_v2_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    itp_expo_step step = itp_expo_between(method, a, b);
    double share = itp_expo_order(solving, method, 2, b) - 1;
    itp_form_combine(x, step.carry, (1 - share) * step.first, &solving->past[0]);
    if (share > 0) {
        double before = itp_expo_clock(method, solving->past_at[0]) - itp_expo_clock(method, solving->past_at[1]);
        double first = share * step.scale * -expm1(-(step.h + before) / 2);
        double turn = fmin(step.h / before, before / step.h) / 2;
        itp_form_increase(x, first * (1 + turn), &solving->past[0]);
        itp_form_increase(x, -first * turn, &solving->past[1]);
    }
    itp_from_linear(solving, x, b);
}
