/* Samplers: one run of a plan over one batch, one network evaluation at a time. Nothing blocks, nothing is allocated
 * after creation. itp_sample (sample.h) is a loop on this. */
#ifndef INTERP_SAMPLER_H
#define INTERP_SAMPLER_H

#include <interp/noise.h>
#include <interp/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct itp_sampler itp_sampler;

enum { ITP_X_NOISE = 0, ITP_X_GIVEN = 1 };
enum { ITP_KERNEL_AUTO = 0, ITP_KERNEL_PORTABLE = 1, ITP_KERNEL_OPENBLAS = 2 };

typedef struct itp_batch {
    size_t size;
    const itp_allocator *allocator; /* NULL: malloc; copied */
    const itp_log *log;             /* NULL: silent; copied, used until the sampler is freed */
    size_t dim, count;              /* elements per sample, samples: x is [count][dim], without gaps */
    uint64_t seed;                  /* sample i draws from (seed, first + i): any split of a batch gives the same
                                       samples */
    uint64_t first;
    const uint64_t *seeds; /* NULL, or a seed for each sample: sample i draws from (seeds[i], 0). Copied */
    int32_t type;          /* ITP_FLOAT32 | ITP_FLOAT64 of x, out and the workspace */
    int32_t x;             /* ITP_X_NOISE: x is overwritten with the start; ITP_X_GIVEN: x holds Y_0 */
    int32_t kernel;        /* ITP_KERNEL_*; OPENBLAS gives ITP_E_UNSUPPORTED in a build without it */
    int32_t check_finite;  /* 1: look for NaN and infinity in every output of the network */
} itp_batch;
#define ITP_BATCH_INIT \
    { sizeof(itp_batch), 0, 0, 0, 1, 0, 0, 0, ITP_FLOAT32, ITP_X_NOISE, ITP_KERNEL_AUTO, 0 }
ITP_API int itp_batch_init(void *batch, size_t size);

/* Evaluate the network: read x, write out, both [count][dim] of `type`. */
typedef struct itp_request {
    size_t size;
    const void *x;
    void *out;
    size_t count, dim;
    double time;       /* what the network is given, the same for every sample */
    double u;          /* position on the path */
    int32_t row, rows; /* this evaluation, of how many */
    int32_t type;
    int32_t reserved;
    uint64_t first; /* of the batch */
} itp_request;
#define ITP_REQUEST_INIT \
    { sizeof(itp_request), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* Creates a sampler and its workspace: itp_plan_info.slots - 1 arrays of count * dim elements, each rounded up to 64
 * bytes. The plan must stay alive as long as the sampler. */
ITP_API int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out);
ITP_API void itp_sampler_free(itp_sampler *sampler); /* NULL is allowed */

/* Starts (or starts again) with the caller's array x, [count][dim], which must stay alive until the run is over; it
 * holds intermediate states meanwhile, and the samples at the end. A run that was under way is abandoned. */
ITP_API int itp_sampler_begin(itp_sampler *sampler, void *x);

/* ITP_EVALUATE: *request says what to evaluate; calling it again before a submit gives the same request. ITP_OK: the
 * run is over, x holds the samples. ITP_E_STATE: not begun. No error ends a run: after one, the run is where it was. */
ITP_API int itp_sampler_next(itp_sampler *sampler, itp_request *request);

/* The output is there: runs the row. ITP_E_STATE without a request; ITP_E_NONFINITE (check_finite) leaves the row
 * undone: mend the output and submit again, or begin again. */
ITP_API int itp_sampler_submit(itp_sampler *sampler);

#ifdef __cplusplus
}
#endif
#endif
