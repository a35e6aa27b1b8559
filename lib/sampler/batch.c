/* What a batch can be, and what it asks for. */
#include <math.h>

#include "base/desc.h"
#include "base/field.h"
#include "sampler/sampler.h"

int itp_batch_read(const itp_batch *batch, itp_batch *known, itp_report *log)
{
    int status = itp_desc_read(known, sizeof *known, batch, offsetof(itp_batch, env), log);
    if (!status) {
        known->type = known->type ? known->type : ITP_FLOAT32;
        known->guidance = known->guidance != 0 ? known->guidance : 1;
        known->guidance_high = known->guidance_high != 0 ? known->guidance_high : 1;
    }
    return status;
}

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

static int check_sizes(const itp_batch *batch, const itp_report *log)
{
    if (!batch->dim || !batch->count) {
        return itp_fail(log, ITP_E_RANGE, "%s: 0, it must be at least 1.", batch->dim ? "count" : "dim");
    }
    if ((uint64_t)batch->dim > (uint64_t)1 << 34) {
        return itp_fail(log, ITP_E_RANGE, "dim: a sample has at most 2^34 elements.");
    }
    return ITP_OK;
}

static int check_guidance(const itp_batch *batch, const itp_report *log)
{
    if (!isfinite(batch->guidance)) {
        return itp_fail(log, ITP_E_RANGE, "guidance: the scale must be finite.");
    }
    if (!(batch->guidance_low <= batch->guidance_high)) {
        return itp_fail(log, ITP_E_RANGE, "guidance_low, guidance_high: %g, %g is no interval.", batch->guidance_low,
                        batch->guidance_high);
    }
    return ITP_OK;
}

static int check_switches(const itp_batch *batch, const itp_report *log)
{
    static const char *const names[] = {"check_finite", "row_data", "row_scaled"};
    const int32_t values[] = {batch->check_finite, batch->row_data, batch->row_scaled};
    for (int i = 0; i < 3; i++) {
        if (values[i] != 0 && values[i] != 1) {
            return itp_fail(log, ITP_E_RANGE, "%s: %d, it must be 0 or 1.", names[i], (int)values[i]);
        }
    }
    return ITP_OK;
}

static int check_noise(const itp_batch *batch, const itp_report *log)
{
    if (!batch->noise) {
        return batch->noise_user ? itp_fail(log, ITP_E_ARGUMENT, "noise_user: given, but noise is NULL; give both.")
                                 : ITP_OK;
    }
    return batch->seed || batch->seeds
               ? itp_fail(log, ITP_E_ARGUMENT,
                          "seed, seeds: set, but the callback noise draws the normals; leave them 0.")
               : ITP_OK;
}

static int check_idle(const itp_batch *batch, const itp_report *log)
{
    int guided = batch->guidance_low != 0 || batch->guidance_high != 1, rows = batch->row_data || batch->row_scaled;
    const struct {
        int set;
        const char *field, *reader;
    } idle[] = {{guided && !itp_batch_guided(batch), "guidance_low, guidance_high", "guidance"},
                {batch->user && !batch->on_row && !batch->on_data, "user", "a hook"},
                {rows && !batch->on_row, "row_data, row_scaled", "on_row"},
                {batch->row_schedule && !batch->row_scaled, "row_schedule", "row_scaled"}};
    int status = ITP_OK;
    for (size_t i = 0; i < sizeof idle / sizeof idle[0] && !status; i++) {
        status = itp_idle_check(log, idle[i].set, idle[i].field, idle[i].reader);
    }
    return status;
}

static int check_choices(const itp_batch *batch, const itp_report *log)
{
    int status = itp_choice_check(&itp_kind_type, "type", batch->type, log);
    status = status ? status : itp_choice_check(&itp_kind_x, "x", batch->x, log);
    return status ? status : itp_choice_check(&itp_kind_kernel, "kernel", batch->kernel, log);
}

int itp_batch_check(const itp_batch *batch, const itp_report *log)
{
    static int (*const CHECKS[])(const itp_batch *batch, const itp_report *log) = {
        check_choices, check_switches, check_guidance, check_idle, check_noise, check_sizes};
    int status = ITP_OK;
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0] && !status; i++) {
        status = CHECKS[i](batch, log);
    }
    return status;
}
