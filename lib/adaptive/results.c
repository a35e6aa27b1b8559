/* What callers ask of adaptive runs besides the samples: how each is doing, and its state at any time. */
#include "adaptive/engine.h"
#include "base/float_env.h"
#include "base/sized.h"

static int get_statistics(const itp_sampler *sampler, size_t sample, itp_adaptive_statistics *out)
{
    const itp_adaptive *run = itp_adaptive_of(sampler);
    if (!run || !out) {
        return itp_sampler_refuse(sampler, "sampler, out: an adaptive run and a struct are wanted.");
    }
    if (sample >= sampler->batch.count) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "sample: there is no number %zu.", sample);
    }
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_adaptive_get_statistics: call itp_sampler_begin first.");
    }
    const itp_walker *walker = &run->walkers[sample];
    int there = walker->status == ITP_OK && run->ending == ITP_END_SHORT;
    itp_adaptive_statistics full = {.size = sizeof full,
                                    .status = walker->status,
                                    .accepted = walker->counts.accepted,
                                    .rejected = walker->counts.rejected,
                                    .evaluations = walker->counts.evaluations,
                                    .t = walker->t,
                                    .t_before = walker->completed.t,
                                    .u = there ? 1 : walker->at.u,
                                    .step = walker->step.length};
    return itp_struct_write(out, &full, sizeof full);
}

int itp_adaptive_get_statistics(const itp_sampler *sampler, size_t sample, itp_adaptive_statistics *out)
{
    return sampler ? itp_report_end(&sampler->log, get_statistics(sampler, sample, out)) : ITP_E_ARGUMENT;
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
    if (sampler->state == ITP_RUN_NOT_BEGUN || !walker->counts.accepted) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_adaptive_state_at: sample %zu has not made a step.", sample);
    }
    if (itp_walker_outside(run, walker, t)) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "t: %.17g is outside the last step of sample %zu, %.17g to %.17g.",
                        t, sample, walker->completed.t, walker->t);
    }
    return itp_walker_interpolate(run, walker, t, out);
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
