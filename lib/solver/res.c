/* RES multistep of order 2 (2308.02157) as an ancestral method, as ComfyUI and stable-diffusion.cpp have it: to the
 * node `down` with the line through the last two predictions, and noise back up. With phi_2 of dpmpp-2m-heun, which it
 * is for eta 0, and r the distance from where D_before was made to the node `down` of that step, over h,
 *     z_down = carry z_a + first D - phi_2(-h) (D - D_before)/r:
 * as the whole step to `down` stands for the way from a to b, so does that of the step before for the way to a. In
 * VE's form with eta 1, where both are twice as long, it is sde-dpmpp-2m-heun. */
#include "solver/share.h"
#include "solver/stochastic.h"

void itp_res_ancestral_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_renoise to = itp_renoise_between(solving, a, b);
    itp_expo_step step = itp_expo_between(method, a, &to.down);
    itp_noise_key draw = {a, b, ITP_FIRST_DRAW};
    itp_predict_and_remember(solving, x, a, method->predicts);
    double share = itp_expo_order(solving, method, solving->solver->order, &to.down) - 1;
    itp_form_combine(x, step.carry, step.first, &solving->past[0]);
    if (share > 0) {
        double r = (solving->before_clock - itp_expo_clock(method, solving->past_at[1])) / step.h;
        double slope = share * (step.first / 2) * itp_expo_second_weight(method, &step) / r;
        itp_form_increase(x, slope, &solving->past[0]);
        itp_form_increase(x, -slope, &solving->past[1]);
    }
    solving->before_clock = itp_expo_clock(method, &to.down);
    itp_renoise_back(solving, &to, x, b, &draw);
}
