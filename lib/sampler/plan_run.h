/* Samplers that run plans. */
#ifndef ITP_SAMPLER_PLAN_RUN_H
#define ITP_SAMPLER_PLAN_RUN_H

#include "sampler/sampler.h"

/* itp_sampler_new, for a batch that may have a start. */
int itp_plan_run_new(const itp_plan *plan, const itp_batch *batch, int may_start, itp_sampler **out);

#endif
