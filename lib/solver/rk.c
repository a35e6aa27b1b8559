/* A step of an explicit Runge-Kutta method from its tableau (Hairer, Norsett, Wanner, Solving ODEs I, II.1). */
#include "solver/solver.h"
#include "solver/stability.h"

static int stage_node(itp_solving *solving, double c, const itp_node *a, const itp_node *b, itp_node *out)
{
    if (c == 0 || c == 1) {
        *out = c == 0 ? *a : *b;
        return ITP_OK;
    }
    return itp_node_at(solving->sampling, a->t + c * (b->t - a->t), out);
}

static int all_stages_suit(itp_solving *solving, const itp_tableau *tableau, const itp_node *a, const itp_node *b)
{
    for (int32_t i = 1; i < tableau->stages; i++) {
        itp_node node;
        if (stage_node(solving, tableau->c[i], a, b, &node) || !itp_drift_suits(solving, &node, itp_no_noise, a, b)) {
            return 0;
        }
    }
    return 1;
}

itp_form itp_rk_step(itp_solving *solving, const itp_solver *solver, itp_form x, const itp_node *a, const itp_node *b)
{
    const itp_tableau *tableau = solver->data;
    itp_form slope[ITP_STAGES];
    double h = b->t - a->t;
    if (!solving->strict && !all_stages_suit(solving, tableau, a, b)) {
        tableau = &itp_tableau_euler;
    }
    for (int32_t i = 0; i < tableau->stages; i++) {
        itp_node node = *a;
        itp_form stage = x;
        for (int32_t j = 0; j < i; j++) {
            itp_form_increase(&stage, h * tableau->a[i][j], &slope[j]);
        }
        stage_node(solving, tableau->c[i], a, b, &node);
        slope[i] = itp_drift(solving, i ? &stage : &x, &node, itp_no_noise);
    }
    for (int32_t i = 0; i < tableau->stages; i++) {
        itp_form_increase(&x, h * tableau->b[i], &slope[i]);
    }
    return x;
}
