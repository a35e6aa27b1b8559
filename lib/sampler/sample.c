/* The callback loop. */
#include "sampler/sampler.h"

#include <interp/sample.h>

#include "base/log.h"

static int run(itp_sampler *sampler, void *x, itp_network_fn network, void *user)
{
    itp_roomy_request request = {.known = ITP_REQUEST_INIT};
    if (!network) {
        return itp_sampler_refuse(sampler, "network: the callback is NULL.");
    }
    int status = itp_sampler_begin(sampler, x);
    if (status) {
        return status;
    }
    while ((status = itp_sampler_next(sampler, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        if (answer) {
            return itp_stopped(&sampler->log, "network", answer, request.known.row);
        }
        status = itp_sampler_submit(sampler);
        if (status) {
            return status;
        }
    }
    return status;
}

int itp_sample(const itp_plan *plan, const itp_batch *batch, void *x, itp_network_fn network, void *user)
{
    itp_sampler *sampler;
    int status = itp_sampler_new(plan, batch, &sampler);
    if (status) {
        return status;
    }
    status = run(sampler, x, network, user);
    itp_sampler_free(sampler);
    return status;
}
