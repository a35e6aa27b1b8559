/* Runge-Kutta methods for additive noise, of one or two stages, from x at a to
 *     x + h (w_1 f_1 + w_2 f_2) + N,    f_i the drift at x + h c_i f_1 + p_i N + q_i A (c_1 = 0) and t_a + c_i h,
 * N = M(b) the noise of the step, of exact variance, A its area by t, so that N/2 + A is the mean of M over the step.
 *
 * Expanded about x, the exact solution has f' int M dt and, in the mean, 1/2 f'' int E M^2 dt = h/4 f'' E N^2 to
 * the order needed; sum w_i (p_i N + q_i A) = N/2 + A gives strong order 1.5 where also sum w_i c_i = 1/2 and
 * sum w_i (p_i^2 + q_i^2/12) = 1/2. A diffusion that changes with t changes M, and what E N A and E N^2 are by a factor
 * 1 + O(h): N and A being the integrals of the real M, nothing has to be added for it. */
#include "solver/solver.h"
#include "solver/stability.h"
#include "solver/wiener.h"

const itp_sde_tableau itp_sde_euler = {.stages = 1, .weight = {1}};
const itp_sde_tableau itp_sde_heun = {.stages = 2, .c = 1, .whole = {1, 1}, .weight = {1. / 2, 1. / 2}};
const itp_sde_tableau itp_sde_sea = {.stages = 1, .whole = {1. / 2}, .area = {1}, .weight = {1}};
const itp_sde_tableau itp_sde_shark = {
    .stages = 2, .c = 5. / 6, .whole = {0, 5. / 6}, .area = {1, 1}, .weight = {2. / 5, 3. / 5}};
const itp_sde_tableau itp_sde_sra1 = {
    .stages = 2, .c = 3. / 4, .whole = {0, 3. / 4}, .area = {0, 3. / 2}, .weight = {1. / 3, 2. / 3}};

static int suits(itp_solving *solving, itp_station *at, itp_station *a, itp_station *b)
{
    return !at->beyond && itp_drift_suits(solving, at, itp_k_of(solving, at), a, b);
}

/* The first row's state is the caller's, where he gives one, so nothing may be added to it: a method that would have to
 * begins with another, whose single step has an error of order 1.5 or 2. At a point mass no state has a say. */
static const itp_sde_tableau *first_tableau(const itp_solving *solving, const itp_sde_tableau *own, const itp_form *x,
                                            const itp_step_noise *noise)
{
    int shifts = own->whole[0] != 0 || own->area[0] != 0;
    if (!shifts || solving->rows.count > 0 || x->count == 0 || noise->whole.count == 0) {
        return own;
    }
    return own->stages == 2 ? &itp_sde_sra1 : &itp_sde_euler;
}

static int second_suits(itp_solving *solving, const itp_sde_tableau *tableau, itp_station *a, itp_station *b)
{
    itp_station between, *second = itp_station_within(solving, tableau->c, a, b, &between);
    return second && (solving->strict || suits(solving, second, a, b));
}

/* A step to the data end has no stage there, unless that is asked for: like heun's, stochastic-heun's last step is then
 * Euler's. */
int32_t itp_sde_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    const itp_sde_tableau *own = solving->solver->data;
    int inside = itp_ends_before(solving, b), first = solving->made == 0;
    if (most < 2 || own->stages < 2 || (own->c == 1 && inside) || !second_suits(solving, own, a, b)) {
        return 1;
    }
    return first && !second_suits(solving, &itp_sde_sra1, a, b) ? 1 : 2;
}

/* p_i N + q_i A. */
static itp_form shift_of(const itp_sde_tableau *tableau, int32_t stage, const itp_step_noise *noise)
{
    itp_form shift = itp_form_zero();
    itp_form_increase(&shift, tableau->whole[stage], &noise->whole);
    itp_form_increase(&shift, tableau->area[stage], &noise->area);
    return shift;
}

/* f_1 at x + p_1 N + q_1 A; x stays the state without it. */
static itp_form first_drift(itp_solving *solving, itp_form *x, const itp_form *shift, itp_station *at)
{
    if (x->count == 0) {
        return itp_drift(solving, x, at, itp_k_of(solving, at));
    }
    itp_form_increase(x, 1, shift);
    itp_form drift = itp_drift(solving, x, at, itp_k_of(solving, at));
    itp_form_increase(x, -1, shift);
    return drift;
}

static itp_step_noise noise_for(itp_solving *solving, const itp_sde_tableau *tableau, itp_station *a, itp_station *b)
{
    if (tableau != &itp_sde_euler) {
        return itp_noise_of_step(solving, a, b);
    }
    itp_step_noise out = {itp_noise_whole(solving, a, b), itp_form_zero()};
    return out;
}

/* f_2 at x + h c f_1 + p_2 N + q_2 A. */
static itp_form second_drift(itp_solving *solving, const itp_sde_tableau *tableau, const itp_step_noise *noise,
                             const itp_form *x, double h, const itp_form *first, itp_station *at)
{
    itp_form stage = *x, shift = shift_of(tableau, 1, noise);
    itp_form_increase(&stage, h * tableau->c, first);
    itp_form_increase(&stage, 1, &shift);
    return itp_drift(solving, &stage, at, itp_k_of(solving, at));
}

void itp_sde_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    itp_step_noise noise = noise_for(solving, solving->solver->data, a, b);
    const itp_sde_tableau *tableau = first_tableau(solving, solving->solver->data, x, &noise);
    itp_station between, *second = NULL;
    double h = b->t - a->t;
    if (tableau->stages == 2 && solving->stages > 1) {
        second = itp_station_within(solving, tableau->c, a, b, &between);
    }
    tableau = tableau->stages == 2 && !second ? &itp_sde_euler : tableau;
    itp_form shift = shift_of(tableau, 0, &noise), f = first_drift(solving, x, &shift, a), slope = f;
    itp_form_scale(&slope, tableau->weight[0]);
    if (second) {
        f = second_drift(solving, tableau, &noise, x, h, &f, second);
        itp_form_increase(&slope, tableau->weight[1], &f);
    }
    itp_form_increase(x, h, &slope);
    itp_form_increase(x, 1, &noise.whole);
}
