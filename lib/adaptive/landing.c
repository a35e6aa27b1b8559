/* Landings: the last step onto an end that has no slope, in the coordinates and the time of the linear schedule. */
#include <math.h>

#include "adaptive/adaptive.h"

/* Between the coordinates of the sampling schedule and the linear ones: z = x/C, v = (C slope - C' x)/W. */
static int change_coordinates(const itp_adaptive *run, itp_walker *walker, int to_linear)
{
    itp_at here;
    itp_column slope[2] = {{walker->slope[0], 0}, {walker->x, 0}}, state = {walker->x, 0};
    int status = itp_schedule_at(run->sampling, walker->t, &here);
    if (status) {
        return status;
    }
    double scale = here.alpha + here.beta;
    slope[0].coef = to_linear ? scale * here.inv_W : here.W / scale;
    slope[1].coef = to_linear ? -(here.dalpha_W + here.dbeta_W) : here.dalpha + here.dbeta;
    state.coef = to_linear ? 1 / scale : scale;
    if (!isfinite(slope[0].coef + slope[1].coef + state.coef)) {
        return ITP_E_SINGULAR;
    }
    itp_adaptive_sum(run, slope, 2, walker->slope[0]);
    itp_adaptive_sum(run, &state, 1, walker->x);
    walker->landing.begun = to_linear;
    walker->at.t = to_linear ? walker->at.u : walker->t;
    return ITP_OK;
}

/* A landing is tried at first when steps become comparable to the distance, or near the end in any case, for slopes
 * that grow without bound may shorten the steps so that they never arrive; after a failure from where its error
 * promised success. */
int itp_landing_is_due(const itp_adaptive *run, const itp_walker *walker, double length, double left)
{
    if (run->desc.max_step > 0 && left > run->desc.max_step) {
        return 0;
    }
    double near = fabs(run->end.t - run->start.t) / 16;
    return walker->landing.reach > 0 ? left <= walker->landing.reach : length >= left / 4 || left <= near;
}

int itp_landing_begin(const itp_adaptive *run, itp_walker *walker)
{
    return change_coordinates(run, walker, 1);
}

void itp_landing_end_slope(const itp_adaptive *run, itp_walker *walker)
{
    itp_column columns[3] = {{walker->completed.slope, 1. / 3}, {walker->slope[1], -2}, {walker->slope[2], 8. / 3}};
    itp_adaptive_sum(run, columns, 3, walker->slope[ITP_LANDING_END_SLOPE]);
}

/* ---- failures ---- */

/* How the length of a landing compares with the tolerance, all of it in u and the linear schedule's coordinates: below
 * 1 the noise (at the other end: the data) that is left in the state is less than may be wrong with it. */
static double left_over_tolerance(const itp_adaptive *run, const itp_walker *walker)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        walker->scratch[i] = walker->step.length * walker->step.scale;
    }
    return itp_control_norm(run, walker, walker->scratch);
}

/* A landing fails far from the end where the network has yet to decide, and nearer to it will do. But when next to
 * nothing is left to decide, the errors of two failures say from where one would succeed: the error falls like a power
 * of the length, and if that place is nearer than the smallest step, no halving on the way to it is of use. */
static int is_hopeless(const itp_adaptive *run, itp_walker *walker, double error, double least)
{
    itp_walker_landing *landing = &walker->landing;
    double length = fabs(walker->step.length), length_before = landing->length, error_before = landing->error;
    landing->length = length;
    landing->error = error;
    if (!(length_before > length) || !isfinite(error) || !(left_over_tolerance(run, walker) < 1)) {
        return 0;
    }
    double power = log(error_before / error) / log(length_before / length);
    return !(power > 0) || length * pow(error, -1 / power) < least;
}

int itp_landing_reject(const itp_adaptive *run, itp_walker *walker, double error, double length, double least)
{
    if (is_hopeless(run, walker, error, least)) {
        itp_adaptive_fail(walker, ITP_E_STEP, "the error estimate of the last step does not fall with its length");
        return 0;
    }
    walker->landing.reach = fmin(length * itp_control_factor(run, walker, error, 0), 0.9 * length);
    int status = change_coordinates(run, walker, 0);
    if (status) {
        itp_walker_fail(walker, status);
    }
    return !status;
}
