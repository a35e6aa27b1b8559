/* Steps: begin one, evaluate its stages, estimate its error, and complete it or try a shorter one. */
#include <math.h>

#include "adaptive/adaptive.h"

/* Does the pair evaluate the slope at the step's end, which is then the next step's first? */
static int has_end_slope(const itp_rk_tableau *pair)
{
    return pair->embedded[pair->stages] != 0;
}

/* ---- begin a step ---- */

/* The step's length in the sampling schedule's t. One that would leave less than itself is made half of what is left:
 * two equal steps instead of a long and a tiny one, and none that comes close to an open end without landing on it. */
static double choose_length(const itp_adaptive *run, itp_walker *walker)
{
    double left = fabs(run->end.t - walker->t), length = walker->control.h;
    itp_walker_step *step = &walker->step;
    if (run->desc.max_step > 0) {
        length = fmin(length, run->desc.max_step);
    }
    step->last = run->ending == ITP_END_OPEN ? itp_landing_is_due(run, walker, length, left) : length >= left;
    if (!step->last && length > left / 2) {
        length = left / 2;
        step->last = length < itp_control_floor(run, walker->t);
    }
    return step->last ? left : length;
}

/* The step's end and length by the time of the schedule that it goes along, and the schedule's scales at both ends. */
static int place_step(const itp_adaptive *run, itp_walker *walker, double length)
{
    const itp_schedule *along = itp_walker_along(run, walker);
    itp_walker_step *step = &walker->step;
    int status = ITP_OK;
    step->to = run->end;
    if (!step->last) {
        status = itp_node_at(run->sampling, walker->t + run->direction * length, &step->to);
    } else if (walker->landing.begun) {
        step->to.t = step->to.u;
    }
    if (status) {
        return status;
    }
    step->length = step->to.t - walker->at.t;
    status = itp_adaptive_scale_at(along, walker->at.t, &step->scale);
    return status ? status : itp_adaptive_scale_at(along, step->to.t, &step->to_scale);
}

/* The walker has its slope and the length to try. 0: it has failed. */
static int begin_step(const itp_adaptive *run, itp_walker *walker)
{
    double length = choose_length(run, walker);
    int lands = walker->step.last && run->ending == ITP_END_OPEN;
    walker->step.stage = 0;
    int status = lands ? itp_landing_begin(run, walker) : ITP_OK;
    status = status ? status : place_step(run, walker, length);
    if (status) {
        itp_walker_fail(walker, status);
    }
    return !status;
}

/* ---- complete a step ---- */

static void swap(double **a, double **b)
{
    double *kept = *a;
    *a = *b;
    *b = kept;
}

/* The new length to try and the error that later ones depend on. */
static void update_control(const itp_adaptive *run, itp_walker *walker, double error)
{
    itp_walker_control *control = &walker->control;
    control->h = fabs(walker->step.length) * itp_control_factor(run, walker, error, 1);
    control->h = fmax(control->h, itp_control_floor(run, walker->t));
    control->error[1] = control->error[0];
    control->error[0] = error;
    control->was_rejected = 0;
}

/* The arrays of the step become those of the completed one, and its result the state. */
static void move_state(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = itp_walker_pair(run, walker);
    itp_walker_completed *completed = &walker->completed;
    itp_walker_bend(run, walker);
    swap(&completed->x, &walker->x);
    swap(&walker->x, &walker->next);
    swap(&completed->slope, &walker->slope[0]);
    if (has_end_slope(pair)) {
        swap(&walker->slope[0], &walker->slope[pair->stages]);
    }
    completed->end_slope = has_end_slope(pair) ? 0 : 1;
    if (walker->landing.begun) {
        itp_landing_end_slope(run, walker);
        completed->end_slope = ITP_LANDING_END_SLOPE;
    }
    completed->from = walker->at;
    completed->t = walker->t;
    walker->at = walker->step.to;
    walker->t = walker->step.last ? run->end.t : walker->step.to.t;
}

/* The step is accepted. 1: the next one is to begin. */
static int complete_step(const itp_adaptive *run, itp_walker *walker, double error)
{
    int knows_slope = has_end_slope(itp_walker_pair(run, walker));
    update_control(run, walker, error);
    walker->counts.accepted++;
    walker->stepped = 1;
    move_state(run, walker);
    itp_walker_outputs(run, walker);
    if (walker->step.last && (knows_slope || run->ending != ITP_END_SHORT)) {
        itp_walker_arrive(run, walker);
        return 0;
    }
    if (!knows_slope) {
        itp_walker_request(run, walker, ITP_WALK_SLOPE, &walker->at);
    }
    return knows_slope;
}

/* The step is not accepted. 1: a shorter one is to begin. */
static int reject_step(const itp_adaptive *run, itp_walker *walker, double error)
{
    const itp_walker_step *step = &walker->step;
    double least = itp_control_floor(run, walker->t);
    double length = fabs((step->last ? run->end.t : step->to.t) - walker->t);
    walker->counts.rejected++;
    /* Times are rounded: a step of the least length may be longer than that. To the end it is all that is left, and
     * what would come instead is half of it or less. */
    if (length <= (step->last ? 2 : 1.1) * least) {
        itp_adaptive_fail(walker, ITP_E_STEP, "the error estimate asks for a step below the smallest one");
        return 0;
    }
    if (walker->landing.begun) {
        return itp_landing_reject(run, walker, error, length, least);
    }
    walker->control.h = fmax(length * itp_control_factor(run, walker, error, 0), least);
    walker->control.was_rejected = 1;
    return 1;
}

/* ---- stages ---- */

/* The evaluation of stage `stage` > 0. */
static void request_stage(const itp_adaptive *run, itp_walker *walker, int32_t stage)
{
    const itp_rk_tableau *pair = itp_walker_pair(run, walker);
    const itp_walker_step *step = &walker->step;
    itp_node node = step->to;
    int status = pair->c[stage] == 1
                     ? ITP_OK
                     : itp_node_at(itp_walker_along(run, walker), walker->at.t + pair->c[stage] * step->length, &node);
    itp_walker_combine(run, walker, pair->a + (size_t)(stage * pair->stages), stage);
    if (status) {
        itp_walker_fail(walker, status);
        return;
    }
    itp_walker_request(run, walker, ITP_WALK_STAGE, &node);
}

/* From one stage of the step to the next, or to the step's end. 1: a step is to begin. */
static int next_stage(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = itp_walker_pair(run, walker);
    int32_t stage = ++walker->step.stage;
    if (stage < pair->stages) {
        request_stage(run, walker, stage);
        return 0;
    }
    if (stage == pair->stages) {
        itp_walker_combine(run, walker, pair->b, stage);
        if (has_end_slope(pair)) {
            itp_walker_request(run, walker, ITP_WALK_STAGE, &walker->step.to);
            return 0;
        }
    }
    double error = itp_control_error(run, walker);
    return error <= 1 ? complete_step(run, walker, error) : reject_step(run, walker, error);
}

/* A step that has all its slopes without an evaluation of its own may be followed by another one at once. */
void itp_walker_make_steps(const itp_adaptive *run, itp_walker *walker)
{
    while (begin_step(run, walker) && next_stage(run, walker)) {}
}

void itp_walker_finish_stage(const itp_adaptive *run, itp_walker *walker)
{
    if (next_stage(run, walker)) {
        itp_walker_make_steps(run, walker);
    }
}
