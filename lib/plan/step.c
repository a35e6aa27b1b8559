#include "plan/step.h"

#include "solver/share.h"
#include "solver/stability.h"
#include "solver/stochastic.h"

/* Where the drift has no limit, or would have to be followed too far, the first step from the noise end is made with
 * k = 0, which is a choice of k like any other; where the flow has none either (an infinite alpha' or beta'), along the
 * linear schedule's velocity, which always has one. A later step, or one that only its k makes stiff, is made with the
 * exact law of the frozen prediction, which is SA-Solver without a history. Methods with one begin anew after it. */
static void make_singular(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b, int noisy)
{
    solving->past_count = 0;
    if (noisy && a->u > 0 && (solving->rows.count > 0 || !itp_begins_at_noise(a, b))) {
        itp_sa_step(solving, x, a, b);
        solving->past_count = 0;
    } else if (noisy && itp_drift_suits(solving, a, itp_no_noise, a, b)) {
        itp_form drift = itp_drift(solving, x, a, itp_no_noise);
        itp_form_increase(x, b->t - a->t, &drift);
    } else {
        itp_along_velocity(solving, x, a, b);
    }
}

/* An SDE's last step lands on the data prediction, without noise. One that comes near to w = 0 has less of it, so that
 * an end that is missed by a hair has the plan of the end. Exponential methods leave no more noise than there is. */
static double share_of_noise(const itp_chosen *chosen, itp_station *a, itp_station *b)
{
    if (!chosen->noisy || chosen->of.plan.last != ITP_LAST_DATA) {
        return 1;
    }
    return chosen->solver->exponential ? b->w > 0 : itp_expo_share(&itp_by_data_in_sigma, a, b);
}

/* Steps made with the frozen prediction alone, which is a step along the velocity: to a data end that the schedule
 * does not reach, the last of an SDE, and, with exponential methods, from an end of the path, infinitely far away. */
static int is_frozen(const itp_chosen *chosen, itp_station *a, itp_station *b)
{
    int exponential = chosen->solver->exponential, end = (a->u == 0 && exponential == ITP_IN_LAMBDA) || a->w == 0;
    return (b->beyond && !exponential) || (chosen->noisy && share_of_noise(chosen, a, b) == 0) ||
           (exponential && !chosen->solver->stochastic && end);
}

static int32_t find_kind(const itp_chosen *chosen, itp_solving *solving, itp_station *a, itp_station *b)
{
    itp_k_at k = chosen->noisy ? itp_k_of(solving, a) : itp_no_noise;
    int regular = chosen->solver->exponential || solving->strict || itp_drift_suits(solving, a, k, a, b);
    return regular ? ITP_STEP_REGULAR : ITP_STEP_SINGULAR;
}

int32_t itp_step_stages(const itp_chosen *chosen, itp_solving *solving, itp_station *a, itp_station *b, int32_t *kind,
                        int32_t most)
{
    solving->k_left_out = 1 - share_of_noise(chosen, a, b);
    if (is_frozen(chosen, a, b)) {
        return 1;
    }
    if (*kind == ITP_STEP_UNKNOWN) {
        *kind = find_kind(chosen, solving, a, b);
    }
    return *kind == ITP_STEP_SINGULAR ? 1 : itp_method_stages(solving, most, a, b);
}

void itp_step_make(const itp_chosen *chosen, itp_solving *solving, itp_form *x, itp_station *a, itp_station *b,
                   int32_t kind)
{
    solving->k_left_out = 1 - share_of_noise(chosen, a, b);
    if (solving->stages == 0) {
        solving->past_count = 0;
        itp_raise(solving, x, a, b);
    } else if (is_frozen(chosen, a, b)) {
        itp_along_velocity(solving, x, a, b);
    } else if ((kind == ITP_STEP_UNKNOWN ? find_kind(chosen, solving, a, b) : kind) == ITP_STEP_SINGULAR) {
        make_singular(solving, x, a, b, chosen->noisy);
    } else {
        itp_method_step(solving, x, a, b);
    }
}
