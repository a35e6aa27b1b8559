#include "begin.h"

itp_start start_of(const itp_batch *batch, void *x)
{
    itp_start start = ITP_START_INIT;
    start.x = x;
    start.data = batch->x == ITP_X_DATA ? x : NULL;
    start.given = batch->x == ITP_X_GIVEN;
    start.seed = batch->seed;
    start.first = batch->first;
    start.seeds = batch->seeds;
    return start;
}

static itp_batch without_start(const itp_batch *batch)
{
    itp_batch plain = *batch;
    plain.x = ITP_X_NOISE;
    plain.seed = plain.first = 0;
    plain.seeds = NULL;
    return plain;
}

int sampler_for(const itp_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    const itp_batch plain = without_start(batch);
    return itp_sampler_new(plan, &plain, out);
}

int sampler_for_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    const itp_batch plain = without_start(batch);
    return itp_sampler_new_covariance(plan, &plain, out);
}

int needed_bytes(const itp_plan *plan, const itp_batch *batch, size_t *bytes)
{
    itp_batch plain = without_start(batch);
    plain.needed = bytes;
    return itp_sampler_new(plan, &plain, NULL);
}

int sampler_for_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out)
{
    const itp_batch plain = without_start(batch);
    return itp_sampler_new_adaptive(desc, &plain, out);
}

int run_as(itp_sampler *sampler, const itp_batch *batch, void *x, itp_network_fn network, void *user)
{
    const itp_start start = start_of(batch, x);
    return itp_sampler_run(sampler, &start, network, user);
}

static itp_start given_start(void *x)
{
    itp_start start = ITP_START_INIT;
    start.x = x;
    start.given = 1;
    return start;
}

int begin_given(itp_sampler *sampler, void *x)
{
    const itp_start start = given_start(x);
    return itp_sampler_begin(sampler, &start);
}

int run_given(itp_sampler *sampler, void *x, itp_network_fn network, void *user)
{
    const itp_start start = given_start(x);
    return itp_sampler_run(sampler, &start, network, user);
}

static int run_and_free(itp_sampler *sampler, const itp_batch *batch, void *x, itp_network_fn network, void *user)
{
    int status = run_as(sampler, batch, x, network, user);
    itp_sampler_free(sampler);
    return status;
}

int sample_covariance(const itp_covariance_plan *plan, const itp_batch *batch, void *x, itp_network_fn network,
                      void *user)
{
    itp_sampler *sampler = NULL;
    int status = sampler_for_covariance(plan, batch, &sampler);
    return status ? status : run_and_free(sampler, batch, x, network, user);
}

int begin_noise(itp_sampler *sampler, void *x, uint64_t seed)
{
    itp_start start = ITP_START_INIT;
    start.x = x;
    start.seed = seed;
    return itp_sampler_begin(sampler, &start);
}

int begin_as(itp_sampler *sampler, const itp_batch *batch, void *x)
{
    const itp_start start = start_of(batch, x);
    return itp_sampler_begin(sampler, &start);
}
