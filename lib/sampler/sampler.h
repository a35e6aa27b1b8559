/* What the callback loop needs of a sampler beyond the public functions. */
#ifndef ITP_SAMPLER_SAMPLER_H
#define ITP_SAMPLER_SAMPLER_H

#include <interp/sampler.h>

/* ITP_E_ARGUMENT, with a sentence in the sampler's log. */
int itp_sampler_refuse(const itp_sampler *sampler, const char *sentence);

#endif
