/* Predictor and corrector of Song et al. (2011.13456, algorithms 2 and 3), the corrector a step of Langevin's dynamics
 * at the level where the state is, the predictor an ancestral step: 2 evaluations at each node. With delta = 2 r^2, r
 * their signal-to-noise ratio,
 *     z := z - delta w E + w sqrt(1 - (1 - delta)^2) xi,
 * which keeps the path's law for a frozen prediction; theirs has 2 r for the root, by 1 + r^2/2 more noise. They
 * choose each step so that r is the ratio of the norms of score and noise in the batch; here it is so where both norms
 * are what they are on average, sqrt(dim)/sigma and sqrt(dim): rows of numbers cannot know others. */
#include <math.h>

#include "solver/stochastic.h"

void itp_langevin_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_renoise to = itp_renoise_between(solving, a, b);
    if (solving->stages > 1) {
        double r = solving->options->corrector_snr > 0 ? solving->options->corrector_snr : 0.16,
               delta = fmin(1, 2 * r * r);
        itp_form noise = itp_predict(solving, x, a, ITP_PREDICT_NOISE, x);
        itp_noise_key fresh = {a, NULL, ITP_FIRST_DRAW};
        itp_form_increase(x, -delta * a->w, &noise);
        itp_add_noise(solving, x, a->w * sqrt(delta * (2 - delta)), &fresh);
        itp_from_linear(solving, x, a);
    }
    itp_renoised_step(solving, x, a, &to, b, ITP_SECOND_DRAW);
}
