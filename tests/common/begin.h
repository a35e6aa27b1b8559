/* Samplers of a batch that says what it begins from, as batches of itp_sample do. */
#ifndef TEST_BEGIN_H
#define TEST_BEGIN_H

#include <interp/interp.h>

/* What the batch begins from, over x. */
itp_start start_of(const itp_batch *batch, void *x);

/* itp_sampler_new, without what only itp_sample reads. */
int sampler_for(const itp_plan *plan, const itp_batch *batch, itp_sampler **out);
int sampler_for_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out);

int sampler_for_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out);

/* The bytes that it takes. */
int needed_bytes(const itp_plan *plan, const itp_batch *batch, size_t *bytes);

/* What itp_sample is for a plan. */
int sample_covariance(const itp_covariance_plan *plan, const itp_batch *batch, void *x, itp_network_fn network,
                      void *user);

/* itp_sampler_begin with start_of(batch, x). */
int begin_as(itp_sampler *sampler, const itp_batch *batch, void *x);

/* A run that begins so; and at the state in x. */
int run_as(itp_sampler *sampler, const itp_batch *batch, void *x, itp_network_fn network, void *user);
int begin_given(itp_sampler *sampler, void *x);
int run_given(itp_sampler *sampler, void *x, itp_network_fn network, void *user);

/* Noise from a seed. */
int begin_noise(itp_sampler *sampler, void *x, uint64_t seed);

#endif
