/* A step of an explicit Runge-Kutta method from its tableau (Hairer, Norsett, Wanner, Solving ODEs I, II.1). */
#include "solver/solver.h"
#include "solver/stability.h"

static int all_stages_suit(itp_solving *solving, const itp_rk_tableau *tableau, const itp_node *a, const itp_node *b)
{
    for (int32_t i = 1; i < tableau->stages; i++) {
        itp_node node;
        if (tableau->c[i] == tableau->c[i - 1]) {
            continue;
        }
        if (itp_node_within(solving, tableau->c[i], a, b, &node) ||
            !itp_drift_suits(solving, &node, itp_no_noise, a, b)) {
            return 0;
        }
    }
    return 1;
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
int32_t itp_rk_stages(itp_solving *solving, const itp_method *solver, int32_t most, const itp_node *a,
                      const itp_node *b)
{
    int inside = itp_ends_before(solving, b);
    int32_t count = most < solver->evaluations ? most : solver->evaluations;
    for (; count > 1; count--) {
        const itp_rk_tableau *tableau = of_stages(solver->data, count);
        int allowed = tableau && (!inside || !has_stage_at_end(tableau));
        if (allowed && (solving->strict || all_stages_suit(solving, tableau, a, b))) {
            return count;
        }
    }
    return 1;
}

void itp_rk_step(itp_solving *solving, const itp_method *solver, itp_form *x, const itp_node *a, const itp_node *b)
{
    const itp_rk_tableau *tableau = of_stages(solver->data, solving->stages);
    itp_form slope[ITP_STAGES_MOST];
    double h = b->t - a->t;
    for (int32_t i = 0; i < tableau->stages; i++) {
        itp_node node = *a;
        itp_form stage = *x;
        for (int32_t j = 0; j < i; j++) {
            itp_form_increase(&stage, h * tableau->a[i * tableau->stages + j], &slope[j]);
        }
        itp_node_within(solving, tableau->c[i], a, b, &node);
        slope[i] = itp_drift(solving, i ? &stage : x, &node, itp_no_noise);
    }
    for (int32_t i = 0; i < tableau->stages; i++) {
        itp_form_increase(x, h * tableau->b[i], &slope[i]);
    }
}
