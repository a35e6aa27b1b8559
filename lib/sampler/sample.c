/* The callback loop. */
#include "base/log.h"
#include "sampler/plan_run.h"

int itp_sampler_run(itp_sampler *sampler, const itp_start *start, itp_network_fn network, void *user)
{
    itp_roomy_request request = {.known = ITP_REQUEST_INIT};
    if (!sampler || !network) {
        return sampler ? itp_sampler_refuse(sampler, "network: the callback is NULL.") : ITP_E_ARGUMENT;
    }
    int status = itp_sampler_begin(sampler, start);
    while (!status && (status = itp_sampler_next(sampler, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        if (answer) {
            return itp_stopped(&sampler->log, "network", answer, request.known.row);
        }
        status = itp_sampler_submit(sampler);
    }
    return status;
}

int itp_sample(const itp_plan *plan, const itp_batch *batch, void *x, itp_network_fn network, void *user)
{
    itp_sampler *sampler;
    int status = itp_plan_run_new(plan, batch, 1, &sampler);
    if (status) {
        return status;
    }
    const itp_start start = itp_batch_start(&sampler->batch, x);
    status = itp_sampler_run(sampler, &start, network, user);
    itp_sampler_free(sampler);
    return status;
}
