/* One run, an evaluation at a time. */
#include <interp/guidance.h>

#include <string.h>

#include "plan/plan.h"
#include "sampler/sampler.h"

static int begin(itp_sampler *sampler, const itp_start *from)
{
    itp_start start;
    if (!from) {
        return itp_sampler_refuse(sampler, "start: it is NULL.");
    }
    int status = itp_struct_read(&start, sizeof start, from);
    status = status ? itp_fail(&sampler->log, status, "start: its size field is wrong.")
                    : itp_sampler_check_start(sampler, &start);
    if (status) {
        return status;
    }
    itp_sampler_take_start(sampler, &start);
    sampler->row = 0;
    sampler->state = ITP_RUN_WAITING;
    itp_sampler_draw_nothing(sampler);
    status = itp_sampler_first_state(sampler, &start);
    status = status ? status : sampler->engine->begin(sampler);
    sampler->state = status ? ITP_RUN_NOT_BEGUN : sampler->state;
    return status;
}

static ITP_APART int sampler_begin(itp_sampler *sampler, const itp_start *start, itp_float_env *env)
{
    if (!sampler) {
        return ITP_E_ARGUMENT;
    }
    sampler->host = env;
    return itp_report_end(&sampler->log, begin(sampler, start));
}

int itp_sampler_begin(itp_sampler *sampler, const itp_start *start)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_begin(sampler, start, &env));
}

/* What a plan's row says of its evaluation. */
static void name_row(const itp_sampler *sampler, itp_request *request)
{
    const itp_plan_row *row = &sampler->plan->rows[sampler->row];
    const itp_batch *batch = &sampler->batch;
    request->time = row->time;
    request->u = row->u;
    request->rows = sampler->info->rows;
    request->data_state = row->data_state;
    request->data_output = row->data_output;
    request->step = row->step;
    request->steps = row->steps;
    request->ends_step = row->ends_step;
    if (itp_batch_guided(batch)) {
        request->guidance = itp_guidance_at(batch->guidance, batch->guidance_low, batch->guidance_high, row->u);
        request->out2 = request->guidance == 1 ? NULL : sampler->out2;
    }
}

static itp_request request_of(const itp_sampler *sampler)
{
    itp_request request = {.size = sizeof request,
                           .count = sampler->batch.count,
                           .dim = sampler->batch.dim,
                           .row = sampler->row,
                           .type = sampler->batch.type,
                           .first = sampler->batch.first,
                           .guidance = 1};
    if (sampler->plan) {
        name_row(sampler, &request);
    }
    sampler->engine->ask(sampler, &request);
    return request;
}

/* Does the caller know of everything that the request needs? */
static int reaches(const itp_sampler *sampler, const itp_request *known)
{
    int two = !sampler->out2 || ITP_HAS(known, out2);
    return two && (sampler->plan || ITP_HAS(known, index));
}

static int next(itp_sampler *sampler, itp_request *request)
{
    if (sampler->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_next: call itp_sampler_begin first.");
    }
    if (sampler->state == ITP_RUN_OVER) {
        return sampler->engine->outcome ? sampler->engine->outcome(sampler) : ITP_OK;
    }
    if (sampler->state != ITP_RUN_REQUESTED) {
        sampler->request = request_of(sampler);
    }
    int status = itp_struct_write(request, &sampler->request, sizeof sampler->request);
    status = status || reaches(sampler, request) ? status : (int)ITP_E_OLDER;
    if (status) {
        return itp_fail(&sampler->log, status, "request: its size field is wrong.");
    }
    if (sampler->state != ITP_RUN_REQUESTED) { /* asked again, the output may be there already */
        itp_outputs_expect(sampler, &sampler->request);
    }
    sampler->state = ITP_RUN_REQUESTED;
    return ITP_EVALUATE;
}

int itp_sampler_next(itp_sampler *sampler, itp_request *request)
{
    if (!sampler || !request) {
        return sampler ? itp_sampler_refuse(sampler, "request: it is NULL.") : (int)ITP_E_ARGUMENT;
    }
    itp_report_begin(&sampler->log);
    return next(sampler, request);
}

static int submit(itp_sampler *sampler)
{
    if (sampler->state != ITP_RUN_REQUESTED) {
        return itp_fail(&sampler->log, ITP_E_STATE, "itp_sampler_submit: there is no request; call itp_sampler_next.");
    }
    const itp_request *request = &sampler->request;
    int status = itp_outputs_check(sampler, request);
    if (status) {
        return status;
    }
    status = itp_sampler_before(sampler, request);
    status = status ? status : sampler->engine->apply(sampler, request);
    if (status) {
        itp_outputs_expect(sampler, request); /* they are spent */
        return status;
    }
    sampler->row++;
    sampler->state = sampler->engine->over(sampler) ? ITP_RUN_OVER : ITP_RUN_WAITING;
    return itp_sampler_after(sampler, request);
}

static ITP_APART int sampler_submit(itp_sampler *sampler, itp_float_env *env)
{
    if (!sampler) {
        return ITP_E_ARGUMENT;
    }
    sampler->host = env;
    return itp_report_end(&sampler->log, submit(sampler));
}

int itp_sampler_submit(itp_sampler *sampler)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, sampler_submit(sampler, &env));
}
