#include "fit/fine.h"

#include <string.h>

#include "fit/grow.h"

/* The rows of a plan, and one more from the plan's end to u_end, along which the data prediction stays. */
static int hold_data(const itp_fitting *fit, const itp_plan *plan, itp_plan_row *rows, itp_plan **out)
{
    const itp_plan_info *whole = &fit->plan->info;
    int32_t count = plan->info.rows;
    double weights[2] = {0, 0};
    int status = itp_fit_last_weights(&fit->model, plan->info.u_end, whole->u_end, weights);
    const itp_term terms[2] = {{ITP_COLUMN_STATE, count, 0, 0, weights[0]},
                               {ITP_COLUMN_OUTPUT, count, 0, 0, weights[1]}};
    const itp_plan_row last = {ITP_SIZED(itp_plan_row), .terms = terms,           .term_count = 2,
                               .keep_output = 1,        .step = plan->info.steps, .ends_step = 1};
    const itp_plan_rows given = {
        ITP_SIZED(itp_plan_rows),      .env = fit->desc.env,          .rows = rows,
        .row_count = count + 1,        .steps = plan->info.steps + 1, .start_scale = plan->info.start_scale,
        .u_start = plan->info.u_start, .u_end = whole->u_end,         .end_scale = whole->end_scale,
        .solver = plan->info.solver};
    memcpy(rows, plan->rows, (size_t)count * sizeof *rows);
    rows[count] = last;
    for (int32_t i = 0; i <= count; i++) {
        rows[i].size = sizeof *rows;
        rows[i].steps = given.steps;
    }
    status = status ? status : itp_fit_ask_model(&fit->model, plan->info.u_end, &rows[count]);
    return status ? status : itp_plan_from_rows(&given, out);
}

static int append_last_step(const itp_fitting *fit, itp_plan **plan)
{
    itp_plan *inner = *plan;
    size_t count = (size_t)inner->info.rows + 1;
    itp_plan_row *rows = itp_memory_array(&fit->memory, count, sizeof *rows);
    *plan = NULL;
    int status = rows ? hold_data(fit, inner, rows, plan) : ITP_E_MEMORY;
    itp_memory_free(&fit->memory, rows, count * sizeof *rows);
    itp_plan_free(inner);
    return status;
}

int itp_fine_plan(const itp_fitting *fit, const double *nodes, int32_t count, itp_plan **out)
{
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    want.env = fit->desc.env;
    want.model = fit->desc.model;
    const itp_solver ab3 = {ITP_SIZED(itp_solver), .family = ITP_ADAMS_BASHFORTH, .order = 3};
    const itp_grid grid = {ITP_SIZED(itp_grid), .kind = ITP_GRID_USER_U, .nodes = nodes,
                           .node_count = fit->holds_data ? count - 1 : count};
    want.solver = fit->expert.reference_solver ? fit->expert.reference_solver : &ab3;
    want.grid = &grid;
    int status = itp_plan_new(&want, out);
    status = status || !fit->holds_data ? status : append_last_step(fit, out);
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
    if (!itp_fitting_has_scales(fit)) {
        batch.guidance = desc->guidance;
        batch.guidance_low = desc->guidance_low;
        batch.guidance_high = desc->guidance_high;
    }
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
    int status = itp_fitting_has_scales(fit) ? itp_fitting_guide(fit, &fit->request) : ITP_OK;
    itp_float_env_leave(fit->env, 0);
    status = status ? status : itp_sampler_submit(fit->sampler);
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
    if (status == ITP_EVALUATE && itp_fitting_has_scales(fit)) {
        itp_fitting_ask_guidance(fit, &fit->request, fit->second);
    }
    return status;
}
