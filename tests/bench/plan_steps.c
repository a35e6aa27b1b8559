/* Ours: what a program does with the stepwise interface, without a network. */
#include "peers.h"

#include <string.h>

int peers_advance(itp_sampler *sampler, int32_t rows, const float *velocity, size_t count)
{
    itp_request request = ITP_REQUEST_INIT;
    int status = ITP_OK;
    for (int32_t i = 0; i < rows && !status; i++) {
        status = itp_sampler_next(sampler, &request);
        if (status != ITP_EVALUATE) return status;
        if (velocity) memcpy(request.out, velocity, count * sizeof *velocity);
        status = itp_sampler_submit(sampler);
    }
    return status;
}
