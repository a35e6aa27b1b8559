/* Sums and copies of a run's states. */
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
        double value =
            run->sampler->batch.type == ITP_FLOAT64 ? ((const double *)from)[i] : (double)((const float *)from)[i];
        to[i] = factor * value;
    }
}

void itp_adaptive_store(const itp_adaptive *run, double factor, const double *from, void *to)
{
    for (size_t i = 0; i < run->sampler->batch.dim; i++) {
        if (run->sampler->batch.type == ITP_FLOAT64) {
            ((double *)to)[i] = factor * from[i];
        } else {
            ((float *)to)[i] = (float)(factor * from[i]);
        }
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
