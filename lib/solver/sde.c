/* Euler-Maruyama. The noise is additive, so its variance over a step is known exactly: 2 int eps dt, not 2 eps h. */
#include <math.h>

#include "solver/solver.h"

itp_form itp_em_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    (void)solver;
    itp_form drift = itp_drift(solving, &x, a, itp_k_at(solving, a));
    double deviation = sqrt(itp_noise_variance(solving, a, b));
    x = itp_form_add(x, b->t - a->t, drift);
    return itp_form_add(x, deviation, itp_form_column(ITP_IS_NORMAL, solving->step + 1, 1));
}
