/* PNDM (2202.09778): noise predictions are combined, and the combination carried to the next node by DDIM's step. Four
 * past ones have the weights of Adams-Bashforth; before there are four, a step combines those of a Runge-Kutta method,
 * with its middle at half the step in the sampling schedule's t. Where such a start would take more than half of the
 * budget, the first step alone has a second evaluation, Heun's (the paper's pseudo improved Euler), and Adams-Bashforth
 * grows with the steps: PLMS, diffusers' skip_prk_steps. */
#include "solver/share.h"

/* The step's start and what it needs at every stage. */
typedef struct transfer {
    itp_solving *solving;
    const itp_exponential *method;
    itp_station *from;
    itp_form z;
} transfer;

static void carry(const transfer *of, const itp_form *noise, itp_station *to, itp_form *out)
{
    itp_expo_frozen step = itp_expo_frozen_between(of->method, of->from, to);
    *out = of->z;
    itp_form_combine(out, step.carry, step.first, noise);
    itp_from_linear(of->solving, out, to);
}

static itp_form stage(const transfer *of, const itp_form *noise, itp_station *to)
{
    itp_form x;
    carry(of, noise, to, &x);
    return itp_predict(of->solving, &x, to, of->method->predicts, &x);
}

static itp_form runge_kutta(const transfer *of, const itp_form *first, itp_station *middle, itp_station *b)
{
    itp_form sum = *first, next = stage(of, first, middle);
    itp_form_combine(&sum, 1. / 6, 1. / 3, &next);
    next = stage(of, &next, middle);
    itp_form_increase(&sum, 1. / 3, &next);
    next = stage(of, &next, b);
    itp_form_increase(&sum, 1. / 6, &next);
    return sum;
}

static itp_form improved_euler(const transfer *of, const itp_form *first, itp_station *b)
{
    itp_form sum = *first, second = stage(of, first, b);
    itp_form_combine(&sum, 1. / 2, 1. / 2, &second);
    return sum;
}

enum { START = ITP_HISTORY - 1 };

int32_t itp_pndm_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    int32_t all = solving->solver->evaluations,
            dear = !solving->plan->evaluations || solving->plan->evaluations >= 2 * START * all;
    itp_station middle;
    if (most < 2 || solving->made >= (dear ? START : 1) || itp_expo_growth_share(solving->solver->data, a, b) == 0 ||
        itp_expo_length_share(solving->solver->data, a, b) == 0) {
        return 1;
    }
    int halves = itp_station_within(solving, 0.5, a, b, &middle) != NULL;
    return dear && most >= all && halves ? all : 2;
}

/* What the network said, combined. The start of the method asks it at b, so that it is not made in a step to w = 0, and
 * little of it is used in one that comes near to that. */
static itp_form combined(const transfer *of, const itp_form *noise, itp_station *b)
{
    itp_solving *solving = of->solving;
    itp_station middle;
    itp_form sum = itp_equal_steps(solving, ITP_HISTORY);
    if (solving->stages > 1) {
        double share = itp_expo_length_share(of->method, of->from, b);
        int halves = solving->stages > 2 && itp_station_within(solving, 0.5, of->from, b, &middle);
        itp_form started = halves ? runge_kutta(of, noise, &middle, b) : improved_euler(of, noise, b);
        itp_form_combine(&sum, 1 - share, share, &started);
    }
    return sum;
}

void itp_pndm_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    transfer of = {solving, solving->solver->data, a, itp_form_zero()};
    double share = itp_expo_growth_share(of.method, a, b);
    if (share == 0) {
        itp_along_velocity(solving, x, a, b);
        return;
    }
    itp_form noise = itp_predict(solving, x, a, of.method->predicts, &of.z);
    itp_remember(solving, &noise, a);
    itp_form sum = combined(&of, &noise, b);
    itp_form_combine(&sum, share, 1 - share, &noise);
    carry(&of, &sum, b, x);
}
