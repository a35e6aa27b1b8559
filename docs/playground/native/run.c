#include "run.h"

#include "api.h"
#include "field.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

run *PLAYGROUND(run_new)(void)
{
    return calloc(1, sizeof(run));
}

static void drop_particles(run *r)
{
    itp_path_free(r->path);
    itp_sampler_free(r->sampler);
    free(r->x);
    free(r->place);
    free(r->u);
    free(r->states);
    r->path = NULL;
    r->sampler = NULL;
    r->x = r->shown = r->states = NULL;
    r->place = NULL;
    r->u = NULL;
    r->times = r->reached = 0;
}

static void drop_plan(run *r)
{
    itp_plan_free(r->plan);
    itp_schedule_free(r->schedule);
    r->plan = NULL;
    r->schedule = NULL;
}

void PLAYGROUND(run_free)(run *r)
{
    if (r) {
        drop_particles(r);
        drop_plan(r);
        free(r);
    }
}

int PLAYGROUND(run_plan)(run *r, int32_t schedule, int32_t solver, int32_t grid, int32_t evaluations, double k)
{
    drop_particles(r);
    drop_plan(r);
    r->s = (settings){schedule, solver, grid, evaluations, k};
    int status = settings_plan(&r->s, &r->why, &r->schedule, &r->plan);
    if (!status) {
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        status = itp_plan_get_info(r->plan, &info);
        r->info = info;
    }
    return status;
}

const char *PLAYGROUND(run_message)(const run *r)
{
    return r->why.text;
}

/* Hook of the batch: the state after a row, which is number row + 1 of the path. */
static int ITP_CALL keep_state(void *user, const itp_request *request, const void *state, const void *data)
{
    run *r = user;
    int32_t place = r->place[request->row + 1];
    size_t size = request->count * 2;
    (void)data;
    if (place >= 0) {
        memcpy(r->states + (size_t)place * size, state, size * sizeof *r->states);
        r->reached = place + 1;
    }
    return 0;
}

static int make_room(run *r, int32_t keep)
{
    size_t size = (size_t)r->count * 2, states = (size_t)r->info.rows + 1;
    r->x = calloc(2 * size, sizeof *r->x);
    r->shown = r->x ? r->x + size : NULL;
    if (!r->x || !keep) {
        return r->x ? ITP_OK : ITP_E_MEMORY;
    }
    r->place = calloc(states, sizeof *r->place);
    r->u = calloc(states, sizeof *r->u);
    if (!r->place || !r->u) {
        return ITP_E_MEMORY;
    }
    r->times = steps_place(r->plan, &r->info, r->place, r->u);
    r->states = calloc((size_t)r->times * size, sizeof *r->states);
    return r->states ? ITP_OK : ITP_E_MEMORY;
}

static int begin(run *r)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = 2;
    batch.count = (size_t)r->count;
    batch.kernel = ITP_KERNEL_PORTABLE; /* so that another build gives the same bits */
    batch.on_row = r->states ? keep_state : NULL;
    batch.user = r->states ? r : NULL;
    int status = itp_sampler_new(r->plan, &batch, &r->sampler);
    itp_start start = ITP_START_INIT;
    start.x = r->x;
    start.seed = r->seed;
    status = status ? status : itp_sampler_begin(r->sampler, &start);
    if (!status && r->states) {
        memcpy(r->states, r->x, (size_t)r->count * 2 * sizeof *r->x);
        r->reached = 1;
    }
    return status;
}

int PLAYGROUND(run_begin)(run *r, int32_t shape, double seed, int32_t count, int32_t keep)
{
    drop_particles(r);
    if (!r->plan || count <= 0 || count % 4) {
        return ITP_E_ARGUMENT;
    }
    r->count = count;
    r->seed = (uint64_t)seed;
    shape_make(shape, &r->data);
    int status = make_room(r, keep);
    return status ? status : begin(r);
}

static int finish(run *r)
{
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    if (!r->states) {
        return ITP_OK;
    }
    desc.times = r->u;
    desc.time_count = r->times;
    desc.states = r->states;
    desc.dim = 2;
    desc.count = (size_t)r->count;
    desc.k = r->s.k;
    desc.seed = r->seed;
    return itp_path_new(&desc, &r->path);
}

int PLAYGROUND(run_rows)(run *r, int32_t rows)
{
    itp_request request = ITP_REQUEST_INIT;
    int status = r->sampler ? itp_sampler_next(r->sampler, &request) : ITP_E_STATE;
    while (status == ITP_EVALUATE && rows-- > 0) {
        field_velocity(&r->data, request.x, request.time, request.out, r->count);
        status = itp_sampler_submit(r->sampler);
        status = status ? status : itp_sampler_next(r->sampler, &request);
    }
    if (status == ITP_OK && !r->path) {
        status = finish(r);
    }
    return status;
}

const float *PLAYGROUND(run_end)(const run *r)
{
    return r->x;
}
