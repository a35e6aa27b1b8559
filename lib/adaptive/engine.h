/* Samplers that run adaptively. */
#ifndef ITP_ADAPTIVE_ENGINE_H
#define ITP_ADAPTIVE_ENGINE_H

#include "adaptive/adaptive.h"

extern const itp_engine itp_adaptive_engine;

/* The sampler's adaptive run; NULL: it runs something else. */
itp_adaptive *itp_adaptive_of(const itp_sampler *sampler);

#endif
