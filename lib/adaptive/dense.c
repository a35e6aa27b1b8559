/* Between the steps: the cubic that has the states and the slopes of the last accepted step at its ends, and for the
 * pairs of order 5 their own interpolant of order 4, which is that cubic + a^2 (1 - a)^2 h sum d slope, 0 <= a <= 1. */
#include "adaptive/adaptive.h"
#include "base/float_env.h"
#include "base/log.h"

void itp_walker_bend(const itp_adaptive *run, itp_walker *walker)
{
    const itp_rk_tableau *pair = walker->tableau;
    itp_column columns[ITP_WALKER_SLOPES];
    int32_t count = 0;
    for (; pair->bend && count <= pair->stages; count++) {
        columns[count] = (itp_column){walker->slope[count], pair->bend[count]};
    }
    itp_adaptive_sum(run, columns, count, walker->bend);
}

static int outside(const itp_adaptive *run, const itp_walker *walker, double t)
{
    return !(run->direction * (t - walker->t_before) >= 0 && run->direction * (walker->t - t) >= 0);
}

/* The node at t in the time of the step. */
static int locate(const itp_adaptive *run, const itp_walker *walker, double t, itp_node *out)
{
    int landed = walker->along != run->sampling;
    if (t == walker->t || t == walker->t_before) {
        *out = t == walker->t ? walker->at : walker->before_at;
        return ITP_OK;
    }
    int status = itp_node_at(run->sampling, t, out);
    out->t = landed ? out->u : t;
    return status;
}

static int interpolate(const itp_adaptive *run, const itp_walker *walker, double t, void *out)
{
    itp_node node;
    double factor = 0;
    int status = locate(run, walker, t, &node);
    status = status ? status : itp_adaptive_to_network(run, walker->along, &node, &factor);
    double h = walker->at.t - walker->before_at.t, a = (node.t - walker->before_at.t) / h, b = 1 - a;
    itp_column columns[5] = {{walker->before, b * b * (1 + 2 * a)},
                             {walker->x, a * a * (3 - 2 * a)},
                             {walker->before_slope, h * a * b * b},
                             {walker->end_slope, -h * a * a * b},
                             {walker->bend, h * a * a * b * b}};
    if (!status) {
        itp_adaptive_sum(run, columns, 5, walker->scratch);
        itp_adaptive_store(run, factor, walker->scratch, out);
    }
    return status;
}

void itp_walker_outputs(const itp_adaptive *run, itp_walker *walker)
{
    size_t sample = itp_adaptive_number(run, walker), bytes = itp_adaptive_bytes(run);
    for (; walker->output < run->output_count && !outside(run, walker, run->output_times[walker->output]);
         walker->output++) {
        size_t place = (size_t)walker->output * run->sampler->batch.count + sample;
        unsigned char *to = run->output_states + place * bytes;
        if (interpolate(run, walker, run->output_times[walker->output], to)) {
            itp_adaptive_fail(walker, ITP_E_SINGULAR, "an output time has no state");
            return;
        }
    }
}

static int state_at(const itp_sampler *sampler, size_t sample, double t, void *out)
{
    const itp_adaptive *run = itp_adaptive_of(sampler);
    if (!run || !out) {
        return itp_fail(&sampler->log, ITP_E_ARGUMENT, "sampler, out: an adaptive run and an array are wanted.");
    }
    if (sample >= sampler->batch.count) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "sample: there is no number %zu.", sample);
    }
    const itp_walker *walker = &run->walkers[sample];
    if (sampler->state == ITP_RUN_NOT_BEGUN || !walker->accepted) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_adaptive_state_at: sample %zu has not made a step.", sample);
    }
    if (outside(run, walker, t)) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "t: %.17g is outside the last step of sample %zu, %.17g to %.17g.",
                        t, sample, walker->t_before, walker->t);
    }
    return interpolate(run, walker, t, out);
}

static ITP_APART int adaptive_state_at(const itp_sampler *sampler, size_t sample, double t, void *out)
{
    return sampler ? itp_report_end(&sampler->log, state_at(sampler, sample, t, out)) : ITP_E_ARGUMENT;
}

int itp_adaptive_state_at(const itp_sampler *sampler, size_t sample, double t, void *out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, adaptive_state_at(sampler, sample, t, out));
}

static int check_times(const itp_sampler *sampler, size_t count, const double *times)
{
    const itp_adaptive *run = sampler->own;
    for (size_t i = 0; i < count; i++) {
        double ahead = run->direction * (times[i] - (i ? times[i - 1] : run->start.t));
        if (!(i ? ahead > 0 : ahead >= 0) || !(run->direction * (run->end.t - times[i]) >= 0)) {
            return itp_fail(&sampler->log, ITP_E_GRID, "times: number %zu is out of order or outside %.17g to %.17g.",
                            i, run->start.t, run->end.t);
        }
    }
    return ITP_OK;
}

static int set_outputs(itp_sampler *sampler, size_t count, const double *times, void *states)
{
    itp_adaptive *run = itp_adaptive_of(sampler);
    if (!run || count > INT32_MAX || (count && (!times || !states))) {
        return itp_sampler_refuse(sampler, "sampler, times, states: an adaptive run and arrays are wanted.");
    }
    int status = check_times(sampler, count, times);
    if (status) {
        return status;
    }
    run->output_count = (int32_t)count;
    run->output_times = times;
    run->output_states = states;
    sampler->state = ITP_RUN_NOT_BEGUN;
    return ITP_OK;
}

static ITP_APART int adaptive_outputs(itp_sampler *sampler, size_t count, const double *times, void *states)
{
    return sampler ? itp_report_end(&sampler->log, set_outputs(sampler, count, times, states)) : ITP_E_ARGUMENT;
}

int itp_adaptive_outputs(itp_sampler *sampler, size_t count, const double *times, void *states)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, adaptive_outputs(sampler, count, times, states));
}
