/* One sample's integration: its start, the length of its first step, and what each output of the network leads to. */
#include <math.h>

#include "adaptive/adaptive.h"

static int all_finite(const itp_adaptive *run, const double *values)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        if (!isfinite(values[i])) {
            return 0;
        }
    }
    return 1;
}

/* At the start of the run, with nothing counted and nothing that the controller remembers. */
static void reset(const itp_adaptive *run, itp_walker *walker)
{
    const itp_walker_counts none = {0};
    walker->status = ITP_EVALUATE;
    walker->counts = none;
    walker->control.was_rejected = walker->step.last = 0;
    walker->output = walker->stepped = 0;
    walker->why = NULL;
    walker->scratch = run->scratch;
    walker->at = walker->completed.from = run->start;
    walker->t = walker->completed.t = run->start.t;
    walker->control.h = run->desc.first_step;
    walker->control.error[0] = walker->control.error[1] = 1;
    walker->step.length = 0;
    walker->landing.begun = 0;
    walker->landing.reach = walker->landing.length = walker->landing.error = 0;
}

void itp_walker_begin(const itp_adaptive *run, itp_walker *walker, const void *x)
{
    double factor;
    reset(run, walker);
    int status = itp_adaptive_to_network(run, run->sampling, &run->start, &factor);
    status = status ? status : itp_adaptive_scale_at(run->sampling, run->start.t, &walker->step.scale);
    if (status || !(factor > 0)) {
        itp_adaptive_fail(walker, status ? status : ITP_E_SINGULAR, "the start has no scale");
        return;
    }
    itp_adaptive_load(run, 1 / factor, x, walker->x);
    itp_walker_request(run, walker, ITP_WALK_SLOPE, &walker->at);
}

/* An evaluation after a guess of the first step's length, from which that length is found. */
static void request_probe(const itp_adaptive *run, itp_walker *walker)
{
    static const double euler[] = {1};
    itp_node node;
    walker->step.length = run->direction * itp_control_guess(run, walker);
    int status = itp_node_at(run->sampling, walker->t + walker->step.length, &node);
    if (status) {
        itp_walker_fail(walker, status);
        return;
    }
    itp_walker_combine(run, walker, euler, 1);
    itp_walker_request(run, walker, ITP_WALK_PROBE, &node);
}

/* The walker has the slope at its own state. One that is not finite cannot be mended by a smaller step. */
static void finish_slope(const itp_adaptive *run, itp_walker *walker)
{
    if (!all_finite(run, walker->slope[0])) {
        itp_adaptive_fail(walker, ITP_E_NONFINITE, "the network returned a value that is not finite");
        return;
    }
    walker->completed.end_slope = 0;
    if (walker->counts.accepted && walker->step.last) {
        itp_walker_arrive(run, walker);
    } else if (walker->control.h > 0) {
        itp_walker_make_steps(run, walker);
    } else {
        request_probe(run, walker);
    }
}

static void finish_probe(const itp_adaptive *run, itp_walker *walker)
{
    walker->control.h = itp_control_first(run, walker, fabs(walker->step.length));
    itp_walker_make_steps(run, walker);
}

void itp_walker_answer(const itp_adaptive *run, itp_walker *walker, const void *out)
{
    itp_walker_take_output(run, walker, out);
    if (walker->phase == ITP_WALK_SLOPE) {
        finish_slope(run, walker);
    } else if (walker->phase == ITP_WALK_PROBE) {
        finish_probe(run, walker);
    } else {
        itp_walker_finish_stage(run, walker);
    }
}
