/* The callback loop: everything in one call. */
#ifndef INTERP_SAMPLE_H
#define INTERP_SAMPLE_H

#include <interp/sampler.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The user's network: reads request->x, writes all of request->out. 0: go on; > 0: stop, and itp_sample returns that
 * number; < 0: stop, and itp_sample returns ITP_E_CALLBACK. */
typedef int(ITP_CALL *itp_network_fn)(void *user, const itp_request *request);

/* One run of a sampler: begins with `start`, and evaluates `network` until the run is over. What itp_sampler_begin,
 * itp_sampler_next and itp_sampler_submit return, or the network, ends it; after that x holds an intermediate state and
 * the sampler may begin again. ITP_E_ARGUMENT: sampler, start, its x or network is NULL. The network is called on this
 * thread. */
ITP_API int itp_sampler_run(itp_sampler *sampler, const itp_start *start, itp_network_fn network, void *user);

/* Runs `plan` over `batch` into x [count][dim]: a sampler for one run, which begins as the batch's seed, first, seeds
 * and x say. Statuses as itp_sampler_new, itp_sampler_begin and itp_sampler_run. Bad arguments leave x as it was; after
 * a stop x holds an intermediate state and everything may be used again. Any number of threads may sample from one
 * plan. */
ITP_API int itp_sample(const itp_plan *plan, const itp_batch *batch, void *x, itp_network_fn network, void *user);

#ifdef __cplusplus
}
#endif
#endif
