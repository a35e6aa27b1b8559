/* Standard normals as a pure function of (seed, sample, m, element); see <interp/noise.h>. */
#ifndef ITP_NOISE_NORMAL_H
#define ITP_NOISE_NORMAL_H

#include <interp/noise.h>

#include "noise/normal_path.h"

/* A normal of a sum. */
typedef struct itp_noise_term {
    uint32_t m;
    double coef;
} itp_noise_term;

/* out[i] = normal(seed, sample, m, first + i), i < count; first + count <= 2^34. */
void itp_normal_fill_by(const itp_normal_path *path, uint64_t seed, uint64_t sample, uint32_t m, uint64_t first,
                        float *out, size_t count);

/* What every generator that draws for a request asks of its arguments: ITP_OK, ITP_E_ARGUMENT, ITP_E_UNSUPPORTED. */
int itp_noise_request_check(const void *generator, const itp_noise_request *request, const void *out);

/* By the fastest path. */
void itp_normal_fill_f32(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, float *out, size_t count);

#endif
