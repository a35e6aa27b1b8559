/* Error norms and step lengths: Hairer, Norsett, Wanner, Solving ODEs I, II.4; Soderlind, Digital filters in adaptive
 * time-stepping (2003). */
#include <float.h>
#include <math.h>

#include "adaptive/adaptive.h"

static double ratio(double value, double scale)
{
    return value == 0 ? 0 : value / scale;
}

double itp_control_norm(const itp_adaptive *run, const itp_walker *walker, const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        double size = fabs(walker->x[i]) / walker->step.scale;
        double part = ratio(values[i] / walker->step.scale, run->desc.atol + run->desc.rtol * size);
        sum += part * part;
    }
    return sqrt(sum / (double)run->sampler->batch.dim);
}

double itp_control_error(const itp_adaptive *run, const itp_walker *walker)
{
    const itp_rk_tableau *pair = itp_walker_pair(run, walker);
    itp_column columns[ITP_WALKER_SLOPES];
    double sum = 0;
    for (int32_t j = 0; j <= pair->stages; j++) {
        double weight = (j < pair->stages ? pair->b[j] : 0) - pair->embedded[j];
        columns[j].data = walker->slope[j];
        columns[j].coef = walker->step.length * weight;
    }
    itp_adaptive_sum(run, columns, pair->stages + (pair->embedded[pair->stages] != 0), walker->scratch);
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        double size = fmax(fabs(walker->x[i]) / walker->step.scale, fabs(walker->next[i]) / walker->step.to_scale);
        double part = ratio(walker->scratch[i] / walker->step.to_scale, run->desc.atol + run->desc.rtol * size);
        sum += isfinite(walker->next[i]) ? part * part : NAN;
    }
    return sqrt(sum / (double)run->sampler->batch.dim);
}

double itp_control_factor(const itp_adaptive *run, const itp_walker *walker, double error, int accepted)
{
    const double *c = run->desc.controller, q = itp_walker_pair(run, walker)->embedded_order + 1, least = 1e-10;
    double most = accepted && !walker->control.was_rejected ? run->desc.grow : 1;
    if (!isfinite(error)) {
        return run->desc.shrink;
    }
    double factor = run->desc.safety;
    if (accepted) {
        factor *= pow(fmax(error, least), -c[0] / q) * pow(fmax(walker->control.error[0], least), -c[1] / q) *
                  pow(fmax(walker->control.error[1], least), -c[2] / q);
    } else {
        factor *= pow(error, -1 / q);
    }
    return fmin(fmax(factor, run->desc.shrink), most);
}

double itp_control_floor(const itp_adaptive *run, double t)
{
    return fmax(run->desc.min_step, 16 * DBL_EPSILON * fmax(t, 1e-8));
}

double itp_control_guess(const itp_adaptive *run, itp_walker *walker)
{
    double longest = fabs(run->end.t - run->start.t) / 2, h = 1e-6;
    walker->control.norm[0] = itp_control_norm(run, walker, walker->x);
    walker->control.norm[1] = itp_control_norm(run, walker, walker->slope[0]);
    if (walker->control.norm[0] >= 1e-5 && walker->control.norm[1] >= 1e-5) {
        h = 0.01 * walker->control.norm[0] / walker->control.norm[1];
    }
    return fmax(fmin(h, longest), itp_control_floor(run, walker->t));
}

double itp_control_first(const itp_adaptive *run, const itp_walker *walker, double guess)
{
    itp_column columns[2] = {{walker->slope[1], 1}, {walker->slope[0], -1}};
    itp_adaptive_sum(run, columns, 2, walker->scratch);
    double bend = itp_control_norm(run, walker, walker->scratch) / guess;
    double steepest = fmax(walker->control.norm[1], bend);
    double h =
        steepest <= 1e-15 ? fmax(1e-6, guess * 1e-3) : pow(0.01 / steepest, 1.0 / (run->pair.embedded_order + 2));
    return isfinite(h) ? fmin(100 * guess, h) : guess;
}
