/* What a run begins from, and whether that is what its plan begins from. */
#include <string.h>

#include "sampler/sampler.h"

ITP_CHOICES(x, "x", {ITP_WORDS("noise", "", "it is overwritten with noise"), ITP_X_NOISE, 0},
            {ITP_WORDS("given", "state", "it holds the state to begin with"), ITP_X_GIVEN, 0},
            {ITP_WORDS("data", "", "it holds data, to which noise is added"), ITP_X_DATA, 0});

itp_start itp_batch_start(const itp_batch *batch, void *x)
{
    return (itp_start){.size = sizeof(itp_start),
                       .x = x,
                       .data = batch->x == ITP_X_DATA ? x : NULL,
                       .given = batch->x == ITP_X_GIVEN,
                       .seed = batch->seed,
                       .first = batch->first,
                       .seeds = batch->seeds};
}

int itp_batch_check_free(const itp_batch *batch, const itp_report *log)
{
    const char *set = batch->seeds ? "seeds" : batch->seed ? "seed" : batch->first ? "first" : batch->x ? "x" : NULL;
    return set ? itp_fail(log, ITP_E_ARGUMENT,
                          "%s: a sampler takes it when it begins, from itp_start; in the batch it is for itp_sample.",
                          set)
               : ITP_OK;
}

/* A reversed plan begins at the data, one that begins at the noise end has no use for them, and one that begins between
 * wants them, or a state. */
static int check_place(const itp_start *start, const itp_plan_info *info, const itp_report *log)
{
    int noise = !start->given && !start->data;
    if (start->data && info->start_data == 0) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "data: the plan begins at u = %g with noise alone; make it with u_start above 0.",
                        info->u_start);
    }
    if (noise && info->u_start > info->u_end) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "data: NULL, but the plan is reversed: it begins with data, or with a state that is given.");
    }
    if (noise && info->starts_inside) {
        itp_warn(log,
                 "data: NULL, but the plan begins at u = %g, where a state is noise and data: it gets no data. "
                 "Give data or a state, or make the plan with u_start 0.",
                 info->u_start);
    }
    return ITP_OK;
}

static int check_seeds(const itp_sampler *sampler, const itp_start *start)
{
    if (start->seeds && start->seed) {
        return itp_sampler_refuse(sampler, "seed: set, but each sample has its own in seeds.");
    }
    if (sampler->batch.noise && (start->seed || start->seeds)) {
        return itp_sampler_refuse(sampler, "seed, seeds: set, but the callback noise draws the normals; leave them 0.");
    }
    return ITP_OK;
}

static int check_fields(const itp_sampler *sampler, const itp_start *start)
{
    if (!start->x) {
        return itp_sampler_refuse(sampler, "x: the array is NULL.");
    }
    if (start->given != 0 && start->given != 1) {
        return itp_fail(&sampler->log, ITP_E_RANGE, "given: %d, it must be 0 or 1.", (int)start->given);
    }
    if (start->given && start->data) {
        return itp_sampler_refuse(sampler, "data: set, but given says that x holds the first state already.");
    }
    return start->count > sampler->capacity
               ? itp_fail(&sampler->log, ITP_E_RANGE, "count: %zu, but the sampler was made for at most %zu.",
                          start->count, sampler->capacity)
               : ITP_OK;
}

int itp_sampler_check_start(const itp_sampler *sampler, const itp_start *start)
{
    int status = check_fields(sampler, start);
    status = status ? status : check_seeds(sampler, start);
    return status ? status : check_place(start, sampler->info, &sampler->log);
}

void itp_sampler_take_start(itp_sampler *sampler, const itp_start *start)
{
    itp_batch *batch = &sampler->batch;
    batch->count = start->count ? start->count : sampler->capacity;
    batch->seed = start->seed;
    batch->first = start->first;
    batch->seeds = start->seeds ? sampler->seeds : NULL;
    if (start->seeds) {
        memcpy(sampler->seeds, start->seeds, batch->count * sizeof *sampler->seeds);
    }
    sampler->x = start->x;
}

/* The normals of the start. */
static void list_start(itp_sampler *sampler, itp_combine *op)
{
    const itp_plan_info *info = sampler->info;
    sampler->normals[0] = (itp_noise_term){0, info->start_scale};
    for (int32_t i = 0; i < info->start_term_count; i++) {
        sampler->normals[i] = (itp_noise_term){(uint32_t)info->start_terms[i].index, info->start_terms[i].coef};
    }
    op->normal_count = info->start_term_count ? info->start_term_count : 1;
}

/* Where the caller gives the state, a callback draws its normals only for rows that read them. */
static int draw(itp_sampler *sampler, const itp_start *start, void *next)
{
    itp_combine op = itp_sampler_operation(sampler);
    int again = sampler->batch.noise && sampler->plan && itp_plan_reads_start(sampler->plan);
    if (start->given && !again) {
        return ITP_OK;
    }
    list_start(sampler, &op);
    sampler->columns[0] = (itp_column){start->data, sampler->info->start_data};
    op.next = next;
    op.column_count = start->data != NULL;
    int status = itp_sampler_draw(sampler, &op);
    return status || start->given ? status : itp_sampler_combine(sampler, &op);
}

int itp_sampler_first_state(itp_sampler *sampler, const itp_start *start)
{
    void *next = sampler->engine->first ? sampler->engine->first(sampler) : sampler->x;
    if (start->given && next != sampler->x) {
        memcpy(next, sampler->x, itp_sampler_bytes(sampler));
    }
    return draw(sampler, start, next);
}
