/* PNDM (2202.09778): noise predictions are combined, and the combination carried to the next node by DDIM's step. Four
 * past ones have the weights of Adams-Bashforth; before there are four, a step combines those of a Runge-Kutta method,
 * with its middle at half the step in the sampling schedule's t. Where such a start would take more than half of the
 * budget, the first step alone has a second evaluation, Heun's (the paper's pseudo improved Euler), and Adams-Bashforth
 * grows with the steps: PLMS, diffusers' skip_prk_steps. */
#include "solver/share.h"

/* The step, and the state that it starts from. */
typedef struct transfer {
    itp_solving *solving;
    itp_station *a, *b;
    itp_form z;
} transfer;

/* The noise prediction where DDIM's step with E leads to. */
static itp_form stage(const transfer *of, const itp_form *E, itp_station *at)
{
    return itp_expo_predict_at(of->solving, &itp_by_noise, E, &of->z, of->a, at);
}

/* (E_1 + 2 E_2 + 2 E_3 + E_4)/6. */
static itp_form runge_kutta(const transfer *of, const itp_form *E1, itp_station *middle)
{
    itp_form E2 = stage(of, E1, middle), E3 = stage(of, &E2, middle), E4 = stage(of, &E3, of->b), sum = *E1;
    itp_form_combine(&sum, 1. / 6, 1. / 3, &E2);
    itp_form_increase(&sum, 1. / 3, &E3);
    itp_form_increase(&sum, 1. / 6, &E4);
    return sum;
}

/* (E_1 + E_2)/2. */
static itp_form improved_euler(const transfer *of, const itp_form *E1)
{
    itp_form E2 = stage(of, E1, of->b), sum = *E1;
    itp_form_combine(&sum, 1. / 2, 1. / 2, &E2);
    return sum;
}

enum { START = ITP_HISTORY - 1 };

int32_t itp_pndm_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    int32_t all = solving->solver->evaluations,
            dear = !solving->plan->evaluations || solving->plan->evaluations >= 2 * START * all;
    itp_station middle;
    if (most < 2 || solving->made >= (dear ? START : 1) || itp_expo_growth_share(&itp_by_noise, a, b) == 0 ||
        itp_expo_length_share(&itp_by_noise, a, b) == 0) {
        return 1;
    }
    int halves = itp_station_within(solving, 0.5, a, b, &middle) != NULL;
    return dear && most >= all && halves ? all : 2;
}

/* What the network said, combined. The start of the method asks it at b, so that it is not made in a step to w = 0, and
 * little of it is used in one that comes near to that. */
static itp_form combined(const transfer *of, const itp_form *E)
{
    itp_solving *solving = of->solving;
    itp_station middle;
    itp_form sum = itp_equal_steps(solving, ITP_HISTORY);
    if (solving->stages > 1) {
        double share = itp_expo_length_share(&itp_by_noise, of->a, of->b);
        int halves = solving->stages > 2 && itp_station_within(solving, 0.5, of->a, of->b, &middle);
        itp_form started = halves ? runge_kutta(of, E, &middle) : improved_euler(of, E);
        itp_form_combine(&sum, 1 - share, share, &started);
    }
    return sum;
}

void itp_pndm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    double share = itp_expo_growth_share(&itp_by_noise, a, b);
    if (share == 0) {
        itp_along_velocity(solving, x, a, b);
        return;
    }
    itp_form E = itp_predict(solving, x, a, ITP_PREDICT_NOISE, x);
    itp_remember(solving, &E, a);
    transfer of = {solving, a, b, *x};
    itp_form sum = combined(&of, &E);
    itp_form_combine(&sum, share, 1 - share, &E);
    itp_expo_carry(&itp_by_noise, &sum, x, a, b);
    itp_from_linear(solving, x, b);
}
