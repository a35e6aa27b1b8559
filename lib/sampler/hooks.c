/* What a batch may ask for between the arrival of an output and its row: guidance, and a look at the data prediction;
 * and after the row. Without guidance and hooks nothing here touches an array. */
#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "base/log.h"
#include "plan/plan.h"
#include "prediction/prediction.h"
#include "sampler/sampler.h"

int itp_batch_guided(const itp_batch *batch)
{
    return batch->guidance != 0 && batch->guidance != 1;
}

int itp_batch_keeps_data(const itp_batch *batch)
{
    return batch->on_row && batch->row_data;
}

int itp_batch_scales_rows(const itp_batch *batch)
{
    return batch->on_row && batch->row_scaled;
}

int itp_batch_check_hooks(const itp_batch *batch, const itp_report *log)
{
    if (!isfinite(batch->guidance)) {
        return itp_fail(log, ITP_E_RANGE, "guidance: the scale must be finite.");
    }
    if (!(batch->guidance_low <= batch->guidance_high)) {
        return itp_fail(log, ITP_E_RANGE, "guidance_low, guidance_high: %g, %g is no interval.", batch->guidance_low,
                        batch->guidance_high);
    }
    if (batch->row_data != 0 && batch->row_data != 1) {
        return itp_fail(log, ITP_E_RANGE, "row_data: %d, it must be 0 or 1.", (int)batch->row_data);
    }
    if (batch->row_scaled != 0 && batch->row_scaled != 1) {
        return itp_fail(log, ITP_E_RANGE, "row_scaled: %d, it must be 0 or 1.", (int)batch->row_scaled);
    }
    return ITP_OK;
}

int itp_sampler_find_factors(itp_sampler *sampler)
{
    const itp_schedule *schedule = sampler->batch.row_schedule;
    double t;
    sampler->batch.row_schedule = NULL; /* it need not live on */
    for (int32_t i = 0; sampler->factors && i < sampler->plan->info.rows; i++) {
        int status = itp_plan_coordinates(sampler->plan, i + 1, schedule, &t, &sampler->factors[i]);
        if (status) {
            return itp_fail(&sampler->log, status, "row_schedule: it has no place for the state after row %d.", (int)i);
        }
    }
    return ITP_OK;
}

static int answered(const itp_sampler *sampler, const char *hook, int answer)
{
    return answer ? itp_stopped(&sampler->log, hook, answer, sampler->row) : ITP_OK;
}

/* next := a x + b f, by elements. */
static void combine(const itp_sampler *sampler, void *next, const itp_affine *by, const void *x, const void *f)
{
    itp_column columns[2];
    itp_combine op = {.dim = sampler->batch.dim, .count = sampler->batch.count, .next = next, .columns = columns};
    if (by->x != 0) {
        columns[op.column_count++] = (itp_column){x, by->x};
    }
    if (by->f != 0) {
        columns[op.column_count++] = (itp_column){f, by->f};
    }
    sampler->combine(&op);
}

/* The output becomes the data prediction, the hook sees it, and it becomes the output again. */
static int show_data(const itp_sampler *sampler, const itp_request *request, const itp_affine *to,
                     const itp_affine *from)
{
    itp_roomy_request roomy = {.known = *request};
    combine(sampler, request->out, to, request->x, request->out);
    itp_float_env_leave(sampler->host, 0);
    int answer = sampler->batch.on_data(sampler->batch.user, &roomy.known, request->out);
    itp_float_env_enter(sampler->host);
    if (answer) {
        return answered(sampler, "on_data", answer);
    }
    if (sampler->data) {
        memcpy(sampler->data, request->out,
               sampler->batch.count * sampler->batch.dim * itp_element_size(sampler->batch.type));
    }
    combine(sampler, request->out, from, request->x, request->out);
    return ITP_OK;
}

static int look_at_data(const itp_sampler *sampler, const itp_request *request)
{
    itp_affine to = {request->data_state, request->data_output};
    itp_affine from = {-to.x / to.f, 1 / to.f};
    if (sampler->batch.on_data && isfinite(from.x) && isfinite(from.f)) {
        return show_data(sampler, request, &to, &from);
    }
    if (sampler->data) {
        combine(sampler, sampler->data, &to, request->x, request->out);
    }
    return ITP_OK;
}

int itp_sampler_before(const itp_sampler *sampler, const itp_request *request)
{
    const itp_batch *batch = &sampler->batch;
    if (request->out2) {
        int status = itp_guide(batch->type, request->out, request->out2, request->guidance, request->out,
                               batch->count * batch->dim);
        if (status) {
            return itp_fail(&sampler->log, status, "guidance: the outputs could not be combined.");
        }
    }
    return batch->on_data || sampler->data ? look_at_data(sampler, request) : ITP_OK;
}

/* The state that the row hook is shown. */
static const void *shown(const itp_sampler *sampler, const itp_request *request, const void *state)
{
    if (!sampler->factors) {
        return state;
    }
    itp_affine by = {sampler->factors[request->row], 0};
    combine(sampler, sampler->scaled, &by, state, NULL);
    return sampler->scaled;
}

/* The row may have overwritten the request's arrays. */
int itp_sampler_after(const itp_sampler *sampler, const itp_request *request, const void *state)
{
    itp_roomy_request done = {.known = *request};
    if (!sampler->batch.on_row) {
        return ITP_OK;
    }
    int known = request->data_state != 0 || request->data_output != 0;
    done.known.x = done.known.out = done.known.out2 = NULL;
    const void *seen = shown(sampler, request, state);
    itp_float_env_leave(sampler->host, 0);
    int answer = sampler->batch.on_row(sampler->batch.user, &done.known, seen, known ? sampler->data : NULL);
    itp_float_env_enter(sampler->host);
    return answered(sampler, "on_row", answer);
}
