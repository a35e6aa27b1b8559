/* The arrays that guidance and thresholds work on, and the checks that all of these functions make of them. */
#ifndef ITP_GUIDANCE_ARRAYS_H
#define ITP_GUIDANCE_ARRAYS_H

#include <interp/guidance.h>

#include "base/element.h"

/* The outputs that are combined and where the combination goes: of a batch, or of one sample of it. */
typedef struct itp_guidance_outputs {
    int32_t type;
    const unsigned char *cond, *uncond;
    unsigned char *out;
    size_t dim; /* elements of a sample */
} itp_guidance_outputs;

/* Sample i of a batch. */
itp_guidance_outputs itp_guidance_sample(const itp_guidance_outputs *batch, size_t i);

/* A status: are the arrays there, and do `count` samples of them have a size and a type that there can be? */
int itp_guidance_check(const itp_guidance_outputs *outputs, size_t count);
int itp_threshold_check(int32_t type, const void *array, size_t count, size_t dim);

/* Element i of the guided output. It is exactly cond at scale 1, uncond at scale 0 and either where they are equal. */
static inline double itp_guided(const itp_guidance_outputs *of, double scale, size_t i)
{
    double cond = itp_element_load(of->type, of->cond, i), uncond = itp_element_load(of->type, of->uncond, i);
    return scale == 1 ? cond : scale == 0 ? uncond : uncond + scale * (cond - uncond);
}

#endif
