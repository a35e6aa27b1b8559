/* A walker at the end of its run: its sample is written. */
#include <float.h>
#include <math.h>

#include "adaptive/adaptive.h"

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

static void write_sample(const itp_adaptive *run, itp_walker *walker, const double *state, double factor)
{
    if (!fits_its_type(run, state, factor)) {
        itp_adaptive_fail(walker, ITP_E_NONFINITE, "the sample is too large for its type");
        return;
    }
    itp_adaptive_store(run, factor, state,
                       run->sampler->x + itp_adaptive_number(run, walker) * itp_adaptive_bytes(run));
    walker->status = ITP_OK;
    walker->step.length = 0;
}

/* Along the last velocity v to u = 1: z + w v, with z = x/C and v = (C slope - C' x)/W. */
static void follow_velocity(const itp_adaptive *run, itp_walker *walker)
{
    static const char because[] = "the last velocity is not finite";
    itp_at here;
    int status = itp_schedule_at(run->sampling, walker->t, &here);
    if (status) {
        itp_adaptive_fail(walker, status, because);
        return;
    }
    double scale = here.alpha + here.beta, w = walker->at.w;
    itp_column columns[2] = {{walker->x, 1 / scale - w * (here.dalpha_W + here.dbeta_W)},
                             {walker->slope[0], w * scale * here.inv_W}};
    if (!isfinite(columns[0].coef + columns[1].coef)) {
        itp_adaptive_fail(walker, ITP_E_SINGULAR, because);
        return;
    }
    itp_adaptive_sum(run, columns, 2, walker->next);
    walker->stepped = 1;
    write_sample(run, walker, walker->next, 1);
}

void itp_walker_arrive(const itp_adaptive *run, itp_walker *walker)
{
    double factor;
    if (run->ending == ITP_END_SHORT) {
        follow_velocity(run, walker);
        return;
    }
    int status = itp_adaptive_to_network(run, itp_walker_along(run, walker), &walker->at, &factor);
    if (status) {
        itp_walker_fail(walker, status);
        return;
    }
    write_sample(run, walker, walker->x, factor);
}
