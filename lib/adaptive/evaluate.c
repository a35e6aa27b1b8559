/* The evaluations that a walker asks for: where they are, the state that the network sees, the slope of what it
 * returns. */
#include "adaptive/adaptive.h"

static const char *reason(int status)
{
    return status == ITP_E_GRID       ? "a schedule does not reach a stage"
           : status == ITP_E_SINGULAR ? "the flow has no finite slope at a stage"
           : status == ITP_E_CALLBACK ? "a callback of a schedule's or the model's returned an error"
                                      : itp_status_string(status);
}

void itp_walker_fail(itp_walker *walker, int status)
{
    (void)itp_adaptive_fail(walker, status, reason(status));
}

void itp_walker_request(const itp_adaptive *run, itp_walker *walker, int32_t phase, const itp_node *at)
{
    walker->phase = phase;
    walker->evaluation.at = *at;
    if (run->desc.max_evaluations && walker->counts.evaluations >= run->desc.max_evaluations) {
        itp_adaptive_fail(walker, ITP_E_BUDGET, "max_evaluations are spent");
        return;
    }
    int status =
        itp_drift_scalars(itp_walker_along(run, walker), &run->model, at, itp_no_noise, &walker->evaluation.drift);
    if (status) {
        itp_walker_fail(walker, status == ITP_E_RANGE ? (int)ITP_E_GRID : status);
    }
}

void itp_walker_combine(const itp_adaptive *run, itp_walker *walker, const double *weight, int32_t slopes)
{
    itp_column columns[ITP_WALKER_SLOPES + 1] = {{walker->x, 1}};
    int32_t count = 1;
    for (int32_t j = 0; j < slopes; j++) {
        if (weight[j] != 0) {
            columns[count++] = (itp_column){walker->slope[j], walker->step.length * weight[j]};
        }
    }
    itp_adaptive_sum(run, columns, count, walker->next);
}

/* The state whose slope is asked for. */
static double *state_of(const itp_walker *walker)
{
    return walker->phase == ITP_WALK_SLOPE ? walker->x : walker->next;
}

void itp_walker_ask(const itp_adaptive *run, const itp_walker *walker, void *x)
{
    itp_adaptive_store(run, walker->evaluation.drift.to_network, state_of(walker), x);
}

void itp_walker_take_output(const itp_adaptive *run, itp_walker *walker, const void *out)
{
    const itp_drift_at *drift = &walker->evaluation.drift;
    int32_t i = walker->phase == ITP_WALK_STAGE ? walker->step.stage : walker->phase == ITP_WALK_PROBE;
    itp_column columns[2] = {{state_of(walker), drift->state}, {walker->slope[i], drift->output}};
    itp_adaptive_load(run, 1, out, walker->slope[i]);
    itp_adaptive_sum(run, columns, 2, walker->slope[i]);
    walker->counts.evaluations++;
    walker->stepped = 0;
}
