/* DPM-Solver and DPM-Solver++ with their evaluations at the nodes of the grid (DPMSolverSinglestepScheduler): blocks of
 * steps of order 1, 2, 3, each made from the block's start, so that only the last one of a block counts. In the
 * authors' own code the step of order 2 has another weight where it is a stage of a block of three. */
#include <math.h>

#include "solver/phi.h"
#include "solver/share.h"

/* Of a step made from the start of the block, how much is made; the rest is made from a. */
static double share_across(const itp_exponential *method, itp_station *const *at, int32_t order, itp_station *b)
{
    double clock = itp_expo_clock(method, at[order - 1]), end = itp_expo_clock(method, b);
    double over = order > 1 ? itp_expo_clock(method, at[order - 2]) - clock : 0;
    return order > 1 ? fmin(itp_expo_share(method, at[order - 1], b), itp_expo_share_beyond(method, end - clock, over))
                     : 0;
}

/* The position in the block, but lower where the steps before it were. */
static int32_t order_in_block(const itp_solving *solving)
{
    int32_t order = solving->step % solving->solver->order + 1, before = (int32_t)solving->before_order;
    int last = solving->step == solving->steps - 1;
    if (last && order == solving->solver->order && solving->options->final_order == ITP_FINAL_LOWER) {
        return 1;
    }
    return order <= before ? order : before + 1;
}

/* Whether the step of order 2 being made leads to the state that the next block starts from. */
static int ends_block(const itp_solving *solving)
{
    int32_t left = solving->steps - 1 - solving->step, next_is_last_and_full = left == 1 && solving->steps % 3 == 0;
    return left == 0 || solving->step % 3 == 2 ||
           (next_is_last_and_full && solving->options->final_order == ITP_FINAL_LOWER);
}

/* From the start `from` of the block to b: the frozen prediction made there and the differences of the later ones to
 * it, in units of the step. "midpoint" uses the newest alone. */
static itp_form across_block(const itp_solving *solving, const itp_exponential *method, int32_t order, itp_station *b)
{
    itp_station *const *at = solving->past_at, *from = at[order - 1];
    const itp_form *past = solving->past;
    itp_expo_step step = itp_expo_between(method, from, b);
    double y = itp_expo_y(method, step.h);
    int halved = order == 2 && (method->heun == 2 ? ends_block(solving) : !method->heun);
    double first = halved ? step.first / 2 : -step.scale * itp_y_phi_2(y);
    double r0 = itp_expo_length(method, from, at[0]) / step.h, w0 = first / r0, w1 = 0;
    if (order == 3 && method->heun == 1) {
        double r1 = itp_expo_length(method, from, at[1]) / step.h;
        double turn = -2 * step.scale * itp_y_phi_3(y);
        w0 = (turn - first * r1) / (r0 * (r0 - r1));
        w1 = (first * r0 - turn) / (r1 * (r0 - r1));
    }
    itp_form z = solving->before;
    itp_form_combine(&z, step.carry, step.first - w0 - w1, &past[order - 1]);
    itp_form_increase(&z, w0, &past[0]);
    itp_form_increase(&z, w1, &past[1]);
    return z;
}

void itp_block_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_exponential *method = solving->solver->data;
    itp_predict_and_remember(solving, x, a, method->predicts);
    int32_t order = order_in_block(solving);
    double share = share_across(method, solving->past_at, order, b);
    order = share > 0 ? order : 1;
    solving->before_order = order;
    itp_expo_step step = itp_expo_between(method, a, b);
    if (order == 1) {
        solving->before = *x;
    }
    if (share < 1) {
        itp_expo_freeze(solving, &step, x, &solving->past[0], a, b);
    }
    if (order > 1) {
        itp_form across = across_block(solving, method, order, b);
        itp_form_combine(&across, share, 1 - share, x);
        *x = across;
    }
    itp_from_linear(solving, x, b);
}
