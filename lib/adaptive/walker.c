/* One sample's way: stage by stage through a step, and from step to step. */
#include <float.h>
#include <math.h>

#include "adaptive/adaptive.h"

/* What a walker does next: wait for an output (or for nothing, when it is finished), begin a step, go on in it. */
enum { WAIT = 0, STEP = 1, STAGE = 2 };

static int all_finite(const itp_adaptive *run, const double *values)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        if (!isfinite(values[i])) {
            return 0;
        }
    }
    return 1;
}

static const char *reason(int status)
{
    return status == ITP_E_GRID       ? "a schedule does not reach a stage"
           : status == ITP_E_SINGULAR ? "the flow has no finite slope at a stage"
           : status == ITP_E_CALLBACK ? "a callback of a schedule's or the model's returned an error"
                                      : itp_status_string(status);
}

/* The next evaluation: of `phase`, at a node. */
static void request(const itp_adaptive *run, itp_walker *walker, int32_t phase, const itp_node *at)
{
    walker->phase = phase;
    walker->here = *at;
    if (run->desc.max_evaluations && walker->evaluations >= run->desc.max_evaluations) {
        itp_adaptive_fail(walker, ITP_E_BUDGET, "max_evaluations are spent");
        return;
    }
    int status = itp_drift_scalars(walker->along, &run->model, at, itp_no_noise, &walker->drift);
    status = status == ITP_E_RANGE ? ITP_E_GRID : status;
    if (status) {
        itp_adaptive_fail(walker, status, reason(status));
    }
}

/* next = x + step * (sum of weight slope) */
static void move(const itp_adaptive *run, itp_walker *walker, const double *weight, int32_t slopes)
{
    itp_column columns[ITP_WALKER_SLOPES + 1] = {{walker->x, 1}};
    int32_t count = 1;
    for (int32_t j = 0; j < slopes; j++) {
        if (weight[j] != 0) {
            columns[count++] = (itp_column){walker->slope[j], walker->step * weight[j]};
        }
    }
    itp_adaptive_sum(run, columns, count, walker->next);
}

/* A state in double may be more than a float holds. */
static int fits_its_type(const itp_adaptive *run, const double *state, double factor)
{
    double most = run->sampler->batch.type == ITP_FLOAT64 ? DBL_MAX : (double)FLT_MAX;
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        if (!(fabs(factor * state[i]) <= most)) {
            return 0;
        }
    }
    return 1;
}

static void finish(const itp_adaptive *run, itp_walker *walker, const double *state, double factor)
{
    if (!fits_its_type(run, state, factor)) {
        itp_adaptive_fail(walker, ITP_E_NONFINITE, "the sample is too large for its type");
        return;
    }
    itp_adaptive_store(run, factor, state,
                       run->sampler->x + itp_adaptive_number(run, walker) * itp_adaptive_bytes(run));
    walker->status = ITP_OK;
    walker->step = 0;
}

/* Along the last velocity v to u = 1: z + w v, with z = x/C and v = (C slope - C' x)/W. */
static void land_short(const itp_adaptive *run, itp_walker *walker)
{
    itp_at here;
    int status = itp_schedule_at(run->sampling, walker->t, &here);
    double scale = here.alpha + here.beta, w = walker->at.w;
    itp_column columns[2] = {{walker->x, 1 / scale - w * (here.dalpha_W + here.dbeta_W)},
                             {walker->slope[0], w * scale * here.inv_W}};
    if (status || !isfinite(columns[0].coef + columns[1].coef)) {
        itp_adaptive_fail(walker, status ? status : ITP_E_SINGULAR, "the last velocity is not finite");
        return;
    }
    itp_adaptive_sum(run, columns, 2, walker->next);
    walker->stepped = 1;
    finish(run, walker, walker->next, 1);
}

static void arrive(const itp_adaptive *run, itp_walker *walker)
{
    double factor;
    if (run->ending == ITP_END_SHORT) {
        land_short(run, walker);
        return;
    }
    int status = itp_adaptive_to_network(run, walker->along, &walker->at, &factor);
    if (status) {
        itp_adaptive_fail(walker, status, reason(status));
        return;
    }
    finish(run, walker, walker->x, factor);
}

/* Between the coordinates of the sampling schedule and the linear ones: z = x/C, v = (C slope - C' x)/W. */
static int turn(const itp_adaptive *run, itp_walker *walker, int to_linear)
{
    itp_at here;
    itp_column slope[2] = {{walker->slope[0], 0}, {walker->x, 0}}, state = {walker->x, 0};
    int status = itp_schedule_at(run->sampling, walker->t, &here);
    double scale = here.alpha + here.beta;
    slope[0].coef = to_linear ? scale * here.inv_W : here.W / scale;
    slope[1].coef = to_linear ? -(here.dalpha_W + here.dbeta_W) : here.dalpha + here.dbeta;
    state.coef = to_linear ? 1 / scale : scale;
    if (status || !isfinite(slope[0].coef + slope[1].coef + state.coef)) {
        status = status ? status : ITP_E_SINGULAR;
        return itp_adaptive_fail(walker, status, reason(status));
    }
    itp_adaptive_sum(run, slope, 2, walker->slope[0]);
    itp_adaptive_sum(run, &state, 1, walker->x);
    walker->along = to_linear ? itp_schedule_linear() : run->sampling;
    walker->at.t = to_linear ? walker->at.u : walker->t;
    return ITP_OK;
}

/* Whether to land on an open end from here: at first when steps become comparable to the distance, or near the end in
 * any case, for slopes that grow without bound may shorten the steps so that they never arrive; after a failure from
 * where its error promised success. */
static int may_land(const itp_adaptive *run, const itp_walker *walker, double length, double left)
{
    if (run->desc.max_step > 0 && left > run->desc.max_step) {
        return 0;
    }
    double near = fabs(run->end.t - run->start.t) / 16;
    return walker->reach > 0 ? left <= walker->reach : length >= left / 4 || left <= near;
}

/* The step's length in the sampling schedule's t. One that would leave less than itself is made half of what is left:
 * two equal steps instead of a long and a tiny one, and none that comes close to an open end without landing on it. */
static double choose_length(const itp_adaptive *run, itp_walker *walker)
{
    double left = fabs(run->end.t - walker->t), length = walker->h;
    if (run->desc.max_step > 0) {
        length = fmin(length, run->desc.max_step);
    }
    walker->last = run->ending == ITP_END_OPEN ? may_land(run, walker, length, left) : length >= left;
    if (!walker->last && length > left / 2) {
        length = left / 2;
        walker->last = length < itp_control_floor(run, walker->t);
    }
    return walker->last ? left : length;
}

static int scale_at(const itp_schedule *along, double t, double *scale)
{
    itp_at at;
    int status = itp_schedule_at(along, t, &at);
    *scale = at.alpha + at.beta;
    return status;
}

/* The walker has its slope and its h. */
static int begin_step(const itp_adaptive *run, itp_walker *walker)
{
    double length = choose_length(run, walker);
    int status = ITP_OK;
    walker->tableau = &run->pair;
    walker->to = run->end;
    walker->stage = 0;
    if (!walker->last) {
        status = itp_node_at(run->sampling, walker->t + run->direction * length, &walker->to);
    } else if (run->ending == ITP_END_OPEN) {
        if (turn(run, walker, 1)) {
            return WAIT;
        }
        walker->tableau = &itp_tableau_landing;
        walker->to.t = walker->to.u;
    }
    walker->step = walker->to.t - walker->at.t;
    status = status ? status : scale_at(walker->along, walker->at.t, &walker->scale);
    status = status ? status : scale_at(walker->along, walker->to.t, &walker->to_scale);
    if (status) {
        itp_adaptive_fail(walker, status, reason(status));
        return WAIT;
    }
    return STAGE;
}

/* The landing's slope at the end, from the quadratic through those of its stages. */
static void end_slope(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = walker->tableau;
    if (pair == &itp_tableau_landing) {
        itp_column columns[3] = {{walker->before_slope, 1. / 3}, {walker->slope[1], -2}, {walker->slope[2], 8. / 3}};
        itp_adaptive_sum(run, columns, 3, walker->slope[3]);
        walker->end_slope = walker->slope[3];
    } else {
        walker->end_slope = pair->embedded[pair->stages] != 0 ? walker->slope[0] : walker->slope[1];
    }
}

static void swap(double **a, double **b)
{
    double *kept = *a;
    *a = *b;
    *b = kept;
}

static int accept(const itp_adaptive *run, itp_walker *walker, double error)
{
    const itp_rk_tableau *pair = walker->tableau;
    int knows_slope = pair->embedded[pair->stages] != 0;
    walker->h = fabs(walker->step) * itp_control_factor(run, walker, error, 1);
    walker->h = fmax(walker->h, itp_control_floor(run, walker->t));
    walker->error[1] = walker->error[0];
    walker->error[0] = error;
    walker->was_rejected = 0;
    walker->accepted++;
    walker->stepped = 1;
    itp_walker_bend(run, walker);
    swap(&walker->before, &walker->x);
    swap(&walker->x, &walker->next);
    swap(&walker->before_slope, &walker->slope[0]);
    if (knows_slope) {
        swap(&walker->slope[0], &walker->slope[pair->stages]);
    }
    end_slope(run, walker);
    walker->before_at = walker->at;
    walker->t_before = walker->t;
    walker->at = walker->to;
    walker->t = walker->last ? run->end.t : walker->to.t;
    itp_walker_outputs(run, walker);
    if (walker->last && (knows_slope || run->ending != ITP_END_SHORT)) {
        arrive(run, walker);
        return WAIT;
    }
    if (!knows_slope) {
        request(run, walker, ITP_WALK_SLOPE, &walker->at);
    }
    return knows_slope ? STEP : WAIT;
}

/* How the length of a landing compares with the tolerance, all of it in u and the linear schedule's coordinates: below
 * 1 the noise (at the other end: the data) that is left in the state is less than may be wrong with it. */
static double left_over_tolerance(const itp_adaptive *run, const itp_walker *walker)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        walker->scratch[i] = walker->step * walker->scale;
    }
    return itp_control_norm(run, walker, walker->scratch);
}

/* A landing fails far from the end where the network has yet to decide, and nearer to it will do. But when next to
 * nothing is left to decide, the errors of two failures say from where one would succeed: the error falls like a power
 * of the length, and if that place is nearer than the smallest step, no halving on the way to it is of use. */
static int cannot_land(const itp_adaptive *run, itp_walker *walker, double error, double least)
{
    double length = fabs(walker->step), before = walker->landing[0], was = walker->landing[1];
    walker->landing[0] = length;
    walker->landing[1] = error;
    if (!(before > length) || !isfinite(error) || !(left_over_tolerance(run, walker) < 1)) {
        return 0;
    }
    double power = log(was / error) / log(before / length);
    return !(power > 0) || length * pow(error, -1 / power) < least;
}

static int reject(const itp_adaptive *run, itp_walker *walker, double error)
{
    double least = itp_control_floor(run, walker->t);
    double length = fabs((walker->last ? run->end.t : walker->to.t) - walker->t);
    walker->rejected++;
    /* Times are rounded: a step of the least length may be longer than that. To the end it is all that is left, and
     * what would come instead is half of it or less. */
    if (length <= (walker->last ? 2 : 1.1) * least) {
        itp_adaptive_fail(walker, ITP_E_STEP, "the error estimate asks for a step below the smallest one");
        return WAIT;
    }
    if (walker->tableau == &itp_tableau_landing) {
        if (cannot_land(run, walker, error, least)) {
            itp_adaptive_fail(walker, ITP_E_STEP, "the error estimate of the last step does not fall with its length");
            return WAIT;
        }
        walker->reach = fmin(length * itp_control_factor(run, walker, error, 0), 0.9 * length);
        return turn(run, walker, 0) ? WAIT : STEP;
    }
    walker->h = fmax(length * itp_control_factor(run, walker, error, 0), least);
    walker->was_rejected = 1;
    return STEP;
}

/* From one stage of the step to the next, or to its end. */
static int advance(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = walker->tableau;
    int32_t stage = ++walker->stage;
    itp_node node = walker->to;
    if (stage < pair->stages) {
        int status = pair->c[stage] == 1
                         ? ITP_OK
                         : itp_node_at(walker->along, walker->at.t + pair->c[stage] * walker->step, &node);
        move(run, walker, pair->a + stage * pair->stages, stage);
        if (status) {
            itp_adaptive_fail(walker, status, reason(status));
            return WAIT;
        }
        request(run, walker, ITP_WALK_STAGE, &node);
        return WAIT;
    }
    if (stage == pair->stages) {
        move(run, walker, pair->b, stage);
        if (pair->embedded[stage] != 0) {
            request(run, walker, ITP_WALK_STAGE, &node);
            return WAIT;
        }
    }
    double error = itp_control_error(run, walker);
    return (error <= 1 ? accept : reject)(run, walker, error);
}

/* A slope at the walker's own state: it cannot be mended by a smaller step. */
static int got_slope(const itp_adaptive *run, itp_walker *walker)
{
    itp_node node;
    if (!all_finite(run, walker->slope[0])) {
        itp_adaptive_fail(walker, ITP_E_NONFINITE, "the network returned a value that is not finite");
        return WAIT;
    }
    walker->end_slope = walker->slope[0];
    if (walker->accepted && walker->last) {
        arrive(run, walker);
        return WAIT;
    }
    if (walker->h > 0) {
        return STEP;
    }
    walker->step = run->direction * itp_control_guess(run, walker);
    int status = itp_node_at(run->sampling, walker->t + walker->step, &node);
    if (status) {
        itp_adaptive_fail(walker, status, reason(status));
        return WAIT;
    }
    static const double euler[] = {1};
    move(run, walker, euler, 1);
    request(run, walker, ITP_WALK_PROBE, &node);
    return WAIT;
}

void itp_walker_begin(const itp_adaptive *run, itp_walker *walker, const void *x)
{
    double factor;
    walker->status = ITP_EVALUATE;
    walker->accepted = walker->rejected = walker->evaluations = walker->was_rejected = walker->last = 0;
    walker->output = walker->stepped = 0;
    walker->why = NULL;
    walker->scratch = run->scratch;
    walker->along = run->sampling;
    walker->tableau = &run->pair;
    walker->at = walker->before_at = run->start;
    walker->t = walker->t_before = run->start.t;
    walker->h = run->desc.first_step;
    walker->step = walker->reach = walker->landing[0] = walker->landing[1] = 0;
    walker->error[0] = walker->error[1] = 1;
    int status = itp_adaptive_to_network(run, run->sampling, &run->start, &factor);
    status = status ? status : scale_at(run->sampling, run->start.t, &walker->scale);
    if (status || !(factor > 0)) {
        itp_adaptive_fail(walker, status ? status : ITP_E_SINGULAR, "the start has no scale");
        return;
    }
    itp_adaptive_load(run, 1 / factor, x, walker->x);
    request(run, walker, ITP_WALK_SLOPE, &walker->at);
}

void itp_walker_ask(const itp_adaptive *run, const itp_walker *walker, void *x)
{
    const double *state = walker->phase == ITP_WALK_SLOPE ? walker->x : walker->next;
    itp_adaptive_store(run, walker->drift.to_network, state, x);
}

void itp_walker_answer(const itp_adaptive *run, itp_walker *walker, const void *out)
{
    int32_t i = walker->phase == ITP_WALK_STAGE ? walker->stage : walker->phase == ITP_WALK_PROBE;
    itp_column columns[2] = {{walker->phase == ITP_WALK_SLOPE ? walker->x : walker->next, walker->drift.state},
                             {walker->slope[i], walker->drift.output}};
    itp_adaptive_load(run, 1, out, walker->slope[i]);
    itp_adaptive_sum(run, columns, 2, walker->slope[i]);
    walker->evaluations++;
    walker->stepped = 0;
    int next = STAGE;
    if (walker->phase == ITP_WALK_SLOPE) {
        next = got_slope(run, walker);
    } else if (walker->phase == ITP_WALK_PROBE) {
        walker->h = itp_control_first(run, walker, fabs(walker->step));
        next = STEP;
    }
    while (next != WAIT) {
        next = next == STEP ? begin_step(run, walker) : advance(run, walker);
    }
}
