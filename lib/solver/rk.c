/* A step of an explicit Runge-Kutta method from its tableau (Hairer, Norsett, Wanner, Solving ODEs I, II.1). */
#include "solver/solver.h"
#include "solver/stability.h"

/* Stage i lies elsewhere than the one before it. */
static int moves(const itp_rk_tableau *tableau, int32_t i)
{
    return i == 0 || tableau->c[i] != tableau->c[i - 1];
}

static int stage_suits(itp_solving *solving, double c, itp_station *a, itp_station *b)
{
    itp_station between, *at = itp_station_within(solving, c, a, b, &between);
    return at && itp_drift_suits(solving, at, itp_no_noise, a, b);
}

static int all_stages_suit(itp_solving *solving, const itp_rk_tableau *tableau, itp_station *a, itp_station *b)
{
    int suit = 1;
    for (int32_t i = 1; i < tableau->stages && suit; i++) {
        suit = !moves(tableau, i) || stage_suits(solving, tableau->c[i], a, b);
    }
    return suit;
}

static int has_stage_at_end(const itp_rk_tableau *tableau)
{
    double last = 0;
    for (int32_t i = 1; i < tableau->stages; i++) {
        last = tableau->c[i] > last ? tableau->c[i] : last;
    }
    return last == 1;
}

/* What a method with another number of stages than its own is replaced by: the highest order that so many allow, of the
 * least error bound (Ralston 1962: c = 2/3; 1/2, 3/4), and for 5 an order 4 without a stage at the end of the step,
 * which 4 stages do not allow. NULL: there is none. */
static const itp_rk_tableau *of_stages(const itp_rk_tableau *own, int32_t stages)
{
    static const itp_rk_tableau *const SHORTER[] = {&itp_tableau_euler, &itp_tableau_ralston, &itp_tableau_bosh3,
                                                    &itp_tableau_rk4, &itp_tableau_inside};
    static const int32_t MOST = sizeof SHORTER / sizeof SHORTER[0];
    return stages == own->stages ? own : stages <= MOST ? SHORTER[stages - 1] : NULL;
}

/* A step to the data end has no stage there, unless that is asked for. Where a stage has no drift, a shorter method may
 * have all of its own. */
int32_t itp_rk_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    int inside = itp_ends_before(solving, b);
    for (int32_t count = most; count > 1; count--) {
        const itp_rk_tableau *tableau = of_stages(solving->solver->data, count);
        int allowed = tableau && (!inside || !has_stage_at_end(tableau));
        if (allowed && (solving->strict || all_stages_suit(solving, tableau, a, b))) {
            return count;
        }
    }
    return 1;
}

/* x + h sum_j weight_j k_j, over `count` slopes k. */
static void add_slopes(itp_form *x, double h, const double *weight, const itp_form *k, int32_t count)
{
    for (int32_t j = 0; j < count; j++) {
        itp_form_increase(x, h * weight[j], &k[j]);
    }
}

/* k_i = f(t_a + c_i h, x + h sum_j a_ij k_j),  x_b = x + h sum_i b_i k_i. */
void itp_rk_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_rk_tableau *tableau = of_stages(solving->solver->data, solving->stages);
    int32_t stages = tableau->stages;
    const double *row = tableau->a;
    itp_form k[ITP_STAGES_MOST];
    itp_station between, *at = a;
    double h = b->t - a->t;
    for (int32_t i = 0; i < stages; i++, row += stages) {
        itp_form stage = *x;
        add_slopes(&stage, h, row, k, i);
        at = moves(tableau, i) ? itp_station_within(solving, tableau->c[i], a, b, &between) : at;
        if (!at) {
            itp_solving_fail(solving, between.sampling_status, "schedule: its callback failed", &between);
            return;
        }
        k[i] = itp_drift(solving, i ? &stage : x, at, itp_no_noise);
    }
    add_slopes(x, h, tableau->b, k, stages);
}
