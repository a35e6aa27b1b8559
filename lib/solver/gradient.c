/* Gradient estimation (2306.04848), as ComfyUI and stable-diffusion.cpp have it: Euler's method with the slope gamma f
 * - (gamma - 1) f_before, gamma 2. The first step is Euler's; one to sigma = 0 too, and one that comes near to it the
 * more. In sigma it is theirs: under "ve", and for flow networks under "linear". gamma 3/2 is Adams and Bashforth's
 * method for equal steps. */
#include "solver/share.h"

void itp_gradient_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_drift_and_remember(solving, x, a, itp_no_noise);
    double h = b->t - a->t, gamma = solving->options->gamma > 0 ? solving->options->gamma : 2;
    double more = solving->past_count > 1 ? (gamma - 1) * itp_expo_length_share(&itp_by_data_in_sigma, a, b) : 0;
    itp_form_increase(x, h * (1 + more), &solving->past[0]);
    itp_form_increase(x, -h * more, &solving->past[1]);
}
