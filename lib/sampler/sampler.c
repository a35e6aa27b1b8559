/* Sizes of a sampler's arrays, and operations on them. */
#include "sampler/sampler.h"

#include "plan/plan.h"

size_t itp_sampler_sample_bytes(const itp_sampler *sampler)
{
    return sampler->batch.dim * itp_element_size(sampler->batch.type);
}

size_t itp_sampler_bytes(const itp_sampler *sampler)
{
    return sampler->batch.count * itp_sampler_sample_bytes(sampler);
}

itp_combine itp_sampler_operation(const itp_sampler *sampler)
{
    itp_combine op = {.dim = sampler->batch.dim,
                      .count = sampler->batch.count,
                      .columns = sampler->columns,
                      .normals = sampler->normals,
                      .seed = sampler->batch.seed,
                      .first = sampler->batch.first,
                      .seeds = sampler->batch.seeds};
    return op;
}

int itp_sampler_refuse(const itp_sampler *sampler, const char *sentence)
{
    return itp_fail(&sampler->log, ITP_E_ARGUMENT, "%s", sentence);
}

size_t itp_sampler_terms(const itp_sampler *sampler)
{
    int32_t most = 1 + (sampler->info->start_term_count > 1 ? sampler->info->start_term_count : 1);
    for (int32_t i = 0; sampler->plan && i < sampler->info->rows; i++) {
        most = most > sampler->plan->rows[i].term_count ? most : sampler->plan->rows[i].term_count;
    }
    return (size_t)most;
}
