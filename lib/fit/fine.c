#include "fit/fine.h"

int itp_fine_plan(const itp_fitting *fit, const double *nodes, int32_t count, itp_plan **out)
{
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    want.env = fit->desc.env;
    want.model = fit->desc.model;
    const itp_solver ab3 = {ITP_SIZED(itp_solver), .family = ITP_ADAMS_BASHFORTH, .order = 3};
    const itp_grid grid = {ITP_SIZED(itp_grid), .kind = ITP_GRID_USER_U, .nodes = nodes, .node_count = count};
    want.solver = fit->expert.reference_solver ? fit->expert.reference_solver : &ab3;
    want.grid = &grid;
    int status = itp_plan_new(&want, out);
    return status > 0 ? (int)ITP_E_CALLBACK : status; /* a positive one says that a request is open */
}

void itp_fine_begin(itp_fine_run *run, const itp_plan *plan, itp_fit_span span, void *x)
{
    itp_fine_end(run);
    run->plan = plan;
    run->span = span;
    run->x = x;
}

void itp_fine_end(itp_fine_run *run)
{
    itp_sampler_free(run->sampler);
    run->sampler = NULL;
    run->open = 0;
}

/* Makes the sampler for the size of the first batch; no later batch is larger. */
static int make_sampler(itp_fine_run *run)
{
    const itp_fitting *fit = run->fit;
    const itp_fit_desc *desc = &fit->desc;
    itp_batch batch = ITP_BATCH_INIT;
    batch.env = desc->env;
    batch.dim = desc->dim;
    batch.count = run->span.count;
    batch.type = desc->type;
    batch.guidance = desc->guidance;
    batch.guidance_low = desc->guidance_low;
    batch.guidance_high = desc->guidance_high;
    return itp_sampler_new(run->plan, &batch, &run->sampler);
}

static int open_batch(itp_fine_run *run)
{
    const itp_fit_desc *desc = &run->fit->desc;
    const itp_start start = {.size = sizeof start,
                             .x = run->x,
                             .count = run->span.count,
                             .seed = desc->seed,
                             .first = desc->first + run->span.first,
                             .seeds = desc->seeds ? desc->seeds + run->span.first : NULL};
    int status = run->sampler ? ITP_OK : make_sampler(run);
    itp_float_env_leave(run->fit->env, 0); /* samplers may hand work to the host's threads */
    status = status ? status : itp_sampler_begin(run->sampler, &start);
    itp_float_env_enter(run->fit->env);
    run->open = !status;
    return status > 0 ? (int)ITP_E_CALLBACK : status;
}

int itp_fine_submit(itp_fitting *fit)
{
    itp_float_env_leave(fit->env, 0);
    int status = itp_sampler_submit(fit->sampler);
    itp_float_env_enter(fit->env);
    return status;
}

int itp_fine_advance(itp_fine_run *run)
{
    itp_fitting *fit = run->fit;
    int status = ITP_OK;
    while (!status && run->span.count) {
        status = run->open ? ITP_OK : open_batch(run);
        fit->sampler = run->sampler;
        fit->request.size = sizeof fit->request;
        status = status ? status : itp_sampler_next(run->sampler, &fit->request);
        if (!status) {
            run->open = 0;
            run->x += run->span.count * fit->desc.dim * fit->element;
            (void)itp_fit_span_next(fit, &run->span);
        }
    }
    return status;
}
