/* Sums and copies of states, and a walker's place in the batch's arrays. */
#include "adaptive/adaptive.h"

/* NOLINTNEXTLINE(readability-non-const-parameter): the kernel writes it */
void itp_adaptive_sum(const itp_adaptive *run, const itp_column *columns, int32_t count, double *next)
{
    itp_combine op = {
        .dim = run->sampler->batch.dim, .count = 1, .next = next, .columns = columns, .column_count = count};
    run->combine(&op);
}

void itp_adaptive_load(const itp_adaptive *run, double factor, const void *from, double *to)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        to[i] = factor * itp_element_load(run->sampler->batch.type, from, i);
    }
}

void itp_adaptive_store(const itp_adaptive *run, double factor, const double *from, void *to)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        itp_element_store(run->sampler->batch.type, to, i, factor * from[i]);
    }
}

size_t itp_adaptive_number(const itp_adaptive *run, const itp_walker *walker)
{
    return (size_t)(walker - run->walkers);
}

size_t itp_adaptive_bytes(const itp_adaptive *run)
{
    return itp_sampler_sample_bytes(run->sampler);
}

size_t itp_adaptive_share(const itp_batch *batch)
{
    return batch->dim < ITP_TASK_LENGTH ? ITP_TASK_LENGTH / batch->dim : 1;
}

int itp_adaptive_fail(itp_walker *walker, int status, const char *why)
{
    walker->status = status > 0 ? (int)ITP_E_CALLBACK : status; /* a positive one says that it is under way */
    walker->why = why;
    return status;
}
