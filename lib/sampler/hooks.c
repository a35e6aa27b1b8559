/* What a batch may ask for between the arrival of an output and its row: guidance, and a look at the data prediction;
 * and after the row. Without guidance and hooks nothing here touches an array.
 *
 * In requests that name each sample's time the samples have scalars of their own; they are gone through one by one. */
#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "plan/plan.h"
#include "prediction/prediction.h"
#include "sampler/sampler.h"

/* ---- parts of a request whose samples share their scalars ---- */

static size_t parts_of(const itp_request *request)
{
    return request->times ? request->count : 1;
}

static void *further(const void *array, size_t bytes)
{
    return array ? (unsigned char *)array + bytes : NULL;
}

itp_request itp_request_part(const itp_request *whole, size_t from, size_t count)
{
    itp_request part = *whole;
    size_t bytes = from * whole->dim * itp_element_size(whole->type), reals = from * sizeof(double);
    part.x = further(whole->x, bytes);
    part.out = further(whole->out, bytes);
    part.out2 = further(whole->out2, bytes);
    part.count = count;
    part.times = further(whole->times, reals);
    part.positions = further(whole->positions, reals);
    part.guidances = further(whole->guidances, reals);
    part.data_states = further(whole->data_states, reals);
    part.data_outputs = further(whole->data_outputs, reals);
    part.index = further(whole->index, from * sizeof *whole->index);
    return part;
}

/* Part i, with its scalars in the fields of the whole. */
static itp_request one_part(const itp_request *request, size_t i)
{
    if (!request->times) {
        return *request;
    }
    itp_request part = itp_request_part(request, i, 1);
    part.guidance = request->guidances[i];
    part.data_state = request->data_states[i];
    part.data_output = request->data_outputs[i];
    return part;
}

/* ---- coordinates ---- */

int itp_sampler_find_factors(itp_sampler *sampler)
{
    const itp_schedule *schedule = sampler->batch.row_schedule;
    double t;
    int known = itp_schedule_check(schedule, &sampler->log, "row_schedule");
    if (known) {
        return known;
    }
    for (int32_t i = 0; sampler->factors && i < sampler->info->rows; i++) {
        int status = itp_plan_coordinates(sampler->plan, i + 1, schedule, &t, &sampler->factors[i]);
        if (status) {
            return itp_fail(&sampler->log, status, "row_schedule: it has no place for the state after row %d.", (int)i);
        }
    }
    return ITP_OK;
}

/* next := a x + b f, by elements. */
static void combine(const itp_sampler *sampler, size_t count, void *next, const itp_affine *by, const void *x,
                    const void *f)
{
    itp_column columns[2];
    itp_combine op = {.dim = sampler->batch.dim, .count = count, .next = next, .columns = columns};
    if (by->x != 0) {
        columns[op.column_count++] = (itp_column){x, by->x};
    }
    if (by->f != 0) {
        columns[op.column_count++] = (itp_column){f, by->f};
    }
    sampler->combine(&op);
}

/* A state after a row in row_schedule's coordinates; the state itself where nobody asks for others. */
static const void *scaled(const itp_sampler *sampler, int32_t row, const void *state)
{
    if (!sampler->factors) {
        return state;
    }
    itp_affine by = {sampler->factors[row], 0};
    combine(sampler, sampler->batch.count, sampler->scaled, &by, state, NULL);
    return sampler->scaled;
}

/* ---- before the row ---- */

static itp_affine data_of(const itp_request *part)
{
    return (itp_affine){part->data_state, part->data_output};
}

static itp_affine output_of(const itp_request *part)
{
    return (itp_affine){-part->data_state / part->data_output, 1 / part->data_output};
}

/* From its data prediction an output can be told. */
static int has_way_back(const itp_request *part)
{
    itp_affine back = output_of(part);
    return isfinite(back.x) && isfinite(back.f);
}

static void *data_at(const itp_sampler *sampler, size_t part)
{
    return further(sampler->data, part * itp_sampler_sample_bytes(sampler));
}

static int answered(const itp_sampler *sampler, const char *hook, int answer)
{
    return answer ? itp_stopped(&sampler->log, hook, answer, sampler->row) : ITP_OK;
}

/* Of parts from .. to - 1 the outputs become data predictions, the hook sees them, and they become outputs again. */
static int show_data(const itp_sampler *sampler, const itp_request *request, size_t from, size_t to)
{
    itp_roomy_request roomy = {.known = request->times ? itp_request_part(request, from, to - from) : *request};
    for (size_t i = from; i < to; i++) {
        itp_request part = one_part(request, i);
        itp_affine by = data_of(&part);
        combine(sampler, part.count, part.out, &by, part.x, part.out);
    }
    itp_float_env_leave(sampler->host, 0);
    int answer = sampler->batch.on_data(sampler->batch.user, &roomy.known, roomy.known.out);
    itp_float_env_enter(sampler->host);
    if (answer) {
        return answered(sampler, "on_data", answer);
    }
    for (size_t i = from; i < to; i++) {
        itp_request part = one_part(request, i);
        itp_affine by = output_of(&part);
        if (sampler->data) {
            /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a request has outputs */
            memcpy(data_at(sampler, i), part.out, part.count * itp_sampler_sample_bytes(sampler));
        }
        combine(sampler, part.count, part.out, &by, part.x, part.out);
    }
    return ITP_OK;
}

static void note_data(const itp_sampler *sampler, const itp_request *request, size_t i)
{
    itp_request part = one_part(request, i);
    itp_affine by = data_of(&part);
    if (sampler->data) {
        combine(sampler, part.count, data_at(sampler, i), &by, part.x, part.out);
    }
}

static int look_at_data(const itp_sampler *sampler, const itp_request *request)
{
    size_t parts = parts_of(request);
    int status = ITP_OK;
    for (size_t from = 0, to; from < parts && !status; from = to) {
        for (to = from; to < parts && sampler->batch.on_data; to++) {
            itp_request part = one_part(request, to);
            if (!has_way_back(&part)) {
                break;
            }
        }
        if (to > from) {
            status = show_data(sampler, request, from, to);
        } else {
            note_data(sampler, request, to++);
        }
    }
    return status;
}

static int guide(const itp_sampler *sampler, const itp_request *request)
{
    for (size_t i = 0; request->out2 && i < parts_of(request); i++) {
        itp_request part = one_part(request, i);
        int status = part.guidance == 1
                         ? ITP_OK
                         : itp_guide(part.type, part.out, part.out2, part.guidance, part.out, part.count * part.dim);
        if (status) {
            return itp_fail(&sampler->log, status, "guidance: the outputs could not be combined.");
        }
    }
    return ITP_OK;
}

int itp_sampler_before(const itp_sampler *sampler, const itp_request *request)
{
    int status = guide(sampler, request);
    return status || !(sampler->batch.on_data || sampler->data) ? status : look_at_data(sampler, request);
}

/* ---- after it: it may have overwritten the request's arrays ---- */

static int show_row(itp_sampler *sampler, const itp_request *request)
{
    itp_roomy_request done = {.known = *request};
    const void *data = NULL;
    const void *state = sampler->engine->shown(sampler, &done.known, &data);
    if (!state) {
        return ITP_OK;
    }
    state = scaled(sampler, request->row, state);
    done.known.x = done.known.out = done.known.out2 = NULL;
    itp_float_env_leave(sampler->host, 0);
    int answer = sampler->batch.on_row(sampler->batch.user, &done.known, state, data);
    itp_float_env_enter(sampler->host);
    return answer ? itp_stopped(&sampler->log, "on_row", answer, request->row) : ITP_OK;
}

int itp_sampler_after(itp_sampler *sampler, const itp_request *request)
{
    return sampler->batch.on_row ? show_row(sampler, request) : ITP_OK;
}
