/* DPM-Solver++(2S) and DPM-Solver-2 (2211.01095, 2206.00927): a second evaluation at half the step in lambda, and the
 * whole step with what it says, which is what the papers' formulas come to for r_1 = 1/2. A step without a middle,
 * from u = 0 or to u = 1, is made with the first evaluation alone.
 *
 * And the same family with its evaluations at the nodes of the grid (DPMSolverSinglestepScheduler): blocks of steps of
 * order 1, 2, 3, each made from the block's start, so that only the last one of a block counts. */
#include <math.h>

#include "solver/exponential.h"

static itp_form frozen(itp_solving *solving, const itp_expo_step *step, itp_form z, itp_form prediction,
                       const itp_node *to)
{
    itp_form_scale(&z, step->carry);
    return itp_from_linear(solving, itp_form_add(z, step->first, prediction), to);
}

/* Half of the way in the method's variable. */
static int middle_of(itp_solving *solving, const itp_exponential *method, const itp_node *a, const itp_node *b,
                     itp_node *out)
{
    double clock = (itp_expo_clock(method, a) + itp_expo_clock(method, b)) / 2;
    return method->sigma ? itp_node_of(solving, -expm1(-clock), exp(-clock), out)
                         : itp_node_of_lambda(solving, clock, out);
}

itp_form itp_2s_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    const itp_exponential *method = solver->data;
    itp_expo_step step = itp_expo_between(method, a, b);
    itp_form z, unused, prediction;
    itp_node middle;
    if (!step.regular) {
        return itp_along_velocity(solving, &x, a, b);
    }
    prediction = itp_predict(solving, &x, a, method->predicts, &z);
    if (middle_of(solving, method, a, b, &middle)) {
        return itp_form_zero();
    }
    itp_expo_step half = itp_expo_between(method, a, &middle);
    itp_form stage = frozen(solving, &half, z, prediction, &middle);
    prediction = itp_predict(solving, &stage, &middle, method->predicts, &unused);
    return frozen(solving, &step, z, prediction, b);
}

/* The position in the block, but lower where the steps before it were, and 1 in a step without a finite length. */
static int32_t order_in_block(const itp_solving *solving, const itp_solver *solver, const itp_expo_step *step)
{
    int32_t order = solving->step % solver->order + 1;
    int last = solving->step == solving->steps - 1;
    if (!step->regular || (last && order == solver->order && solving->final_order == ITP_FINAL_LOWER)) {
        return 1;
    }
    return order <= solving->before_order ? order : solving->before_order + 1;
}

/* From the start `from` of the block to b: the frozen prediction made there and the differences of the later ones to
 * it, in units of the step. "midpoint" uses the newest alone. */
static itp_form across_block(const itp_solving *solving, const itp_exponential *method, int32_t order,
                             const itp_node *b)
{
    const itp_node *at = solving->past_at, *from = &at[order - 1];
    const itp_form *past = solving->past;
    itp_expo_step step = itp_expo_between(method, from, b);
    double y = method->predicts == ITP_PREDICT_DATA ? -step.h : step.h;
    double first = order == 2 && !method->heun ? step.first / 2 : -step.scale * (expm1(y) / y - 1);
    double r0 = itp_expo_between(method, from, &at[0]).h / step.h, w0 = first / r0, w1 = 0;
    if (order == 3 && method->heun) {
        double r1 = itp_expo_between(method, from, &at[1]).h / step.h;
        double turn = -2 * step.scale * ((expm1(y) - y) / (y * y) - 0.5);
        w0 = (turn - first * r1) / (r0 * (r0 - r1));
        w1 = (first * r0 - turn) / (r1 * (r0 - r1));
    }
    itp_form z = itp_form_add(itp_form_zero(), step.carry, solving->before);
    itp_form_increase(&z, step.first - w0 - w1, &past[order - 1]);
    itp_form_increase(&z, w0, &past[0]);
    return itp_form_add(z, w1, past[1]);
}

itp_form itp_block_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a,
                        const itp_node *b)
{
    const itp_exponential *method = solver->data;
    itp_expo_step step = itp_expo_between(method, a, b);
    itp_form z, prediction = itp_predict(solving, &x, a, method->predicts, &z);
    itp_remember(solving, prediction, a);
    int32_t order = order_in_block(solving, solver, &step);
    solving->before_order = order;
    if (order == 1) {
        solving->before = z;
        return frozen(solving, &step, z, prediction, b);
    }
    return itp_from_linear(solving, across_block(solving, method, order, b), b);
}
