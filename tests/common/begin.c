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

int sampler_for(const itp_plan *plan, const itp_batch *batch, itp_sampler **out)
{
    itp_batch plain = *batch;
    plain.x = ITP_X_NOISE;
    plain.seed = plain.first = 0;
    plain.seeds = NULL;
    return itp_sampler_new(plan, &plain, out);
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
