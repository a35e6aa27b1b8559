/* The converged end points: of the caller's plan, or of the first of a series of plans, each twice as fine as the one
 * before, that agrees with its predecessor. */
#include <math.h>
#include <string.h>

#include "fit/fitting.h"
#include "fit/solve.h"

enum { COARSEST = 32, PROBES = 32, MOST_ROWS = 1024 };
static const double QUARTER_TURN = 1.57079632679489661923;

typedef struct reference {
    itp_fitting *fit;
    size_t probes;
    unsigned char *end, *before; /* [count][dim], [probes][dim] */
} reference;

int itp_fitting_sample(itp_fitting *fit, const itp_plan *plan, size_t first, size_t count, itp_network_fn network,
                       void *user, void *x)
{
    const itp_fit_desc *desc = &fit->desc;
    itp_batch batch = ITP_BATCH_INIT;
    batch.allocator = desc->allocator;
    batch.log = &fit->log;
    batch.dim = desc->dim;
    batch.count = count;
    batch.seed = desc->seed;
    batch.first = desc->first + first;
    batch.seeds = desc->seeds ? desc->seeds + first : NULL;
    batch.type = desc->type;
    batch.guidance = desc->guidance;
    batch.guidance_low = desc->guidance_low;
    batch.guidance_high = desc->guidance_high;
    return itp_sample(plan, &batch, x, network, user);
}

static int run(const reference *r, const itp_plan *plan, size_t first, size_t count)
{
    itp_fitting *fit = r->fit;
    unsigned char *x = r->end + first * fit->desc.dim * fit->element;
    return itp_fitting_sample(fit, plan, first, count, itp_fitting_count, fit, x);
}

static int run_all(const reference *r, const itp_plan *plan, size_t first, size_t end)
{
    int status = ITP_OK;
    for (size_t i = first; i < end && !status; i += r->fit->batch) {
        status = run(r, plan, i, end - i < r->fit->batch ? end - i : r->fit->batch);
    }
    return status;
}

int itp_fitting_fine_plan(const itp_fitting *fit, const double *nodes, int32_t count, itp_plan **out)
{
    itp_plan_desc want = ITP_PLAN_DESC_INIT;
    want.allocator = fit->desc.allocator;
    want.log = &fit->log;
    want.model = fit->desc.model;
    want.solver = fit->desc.reference_solver ? fit->desc.reference_solver : ITP_SOLVER_AB3;
    want.grid = ITP_GRID_USER_U;
    want.nodes = nodes;
    want.node_count = count;
    return itp_plan_new(&want, out);
}

/* u = sin^2 in even steps from the plan's first position to its last: shorter steps at both ends, where paths bend.
 * Where the network's schedule ends before that, the last step is the one from there. */
static int make(const reference *r, int32_t rows, double *nodes, itp_plan **out)
{
    double first = r->fit->plan->info.u_start, last = r->fit->u_last, end = r->fit->plan->info.u_end;
    int32_t even = last < end ? rows - 1 : rows;
    for (int32_t i = 0; i < even; i++) {
        double wave = sin(QUARTER_TURN * i / even);
        nodes[i] = first + (last - first) * wave * wave;
    }
    nodes[even] = last;
    nodes[rows] = end;
    return itp_fitting_fine_plan(r->fit, nodes, rows + 1, out);
}

static size_t probe_elements(const reference *r)
{
    return r->probes * r->fit->desc.dim;
}

/* The probes by a plan of so many rows, against those of the plan before. */
static int probe(const reference *r, const itp_plan *plan, double *difference)
{
    const itp_fitting *fit = r->fit;
    int32_t type = fit->desc.type;
    memcpy(r->before, r->end, probe_elements(r) * fit->element);
    int status = run_all(r, plan, 0, r->probes);
    double size = itp_squares(type, r->end, NULL, probe_elements(r));
    *difference = sqrt(itp_squares(type, r->end, r->before, probe_elements(r)) / size);
    return !status && !(isfinite(size) && size > 0)
               ? itp_fail(&fit->log, ITP_E_NONFINITE, "reference: its end points are not finite, or all 0.")
               : status;
}

/* One refinement: *plan is the new one, the old one is freed. */
static int refine(const reference *r, int32_t rows, double *nodes, itp_plan **plan, double *difference)
{
    itp_plan_free(*plan);
    *plan = NULL;
    int status = make(r, rows, nodes, plan);
    return status ? status : probe(r, *plan, difference);
}

static int search(const reference *r, double *nodes, int32_t most, itp_plan **plan)
{
    itp_fit_report *report = &r->fit->report;
    double tolerance = r->fit->desc.tolerance > 0 ? r->fit->desc.tolerance : 2e-3, difference;
    int status = refine(r, COARSEST, nodes, plan, &difference);
    for (int32_t rows = 2 * COARSEST; rows <= most && !status; rows *= 2) {
        status = refine(r, rows, nodes, plan, &difference);
        report->reference_error = status ? 0 : difference;
        if (!status && difference <= tolerance) {
            report->reference_rows = rows;
            return ITP_OK;
        }
    }
    return status ? status
                  : itp_fail(&r->fit->log, ITP_E_TOLERANCE,
                             "reference: with %d evaluations two refinements still differ by %.3g, more than %.3g.",
                             (int)most, report->reference_error, tolerance);
}

/* From the same start to the same end: else the end points say nothing about the plan. */
static int check_path(const reference *r, const itp_plan *plan)
{
    const itp_plan_info *a = &plan->info, *b = &r->fit->plan->info;
    double most = fmax(fabs(a->u_start - b->u_start), fabs(a->u_end - b->u_end));
    most = fmax(most, fabs(a->start_scale - b->start_scale));
    return most <= 1e-9 && a->normals == 1
               ? ITP_OK
               : itp_fail(&r->fit->log, ITP_E_UNSUPPORTED,
                          "reference: it draws noise, or starts or ends elsewhere than the plan.");
}

static int converge(const reference *r)
{
    itp_fitting *fit = r->fit;
    int32_t most = fit->desc.reference_rows ? fit->desc.reference_rows : MOST_ROWS;
    size_t room = (size_t)most + 1 > COARSEST ? (size_t)most + 1 : COARSEST + 1;
    itp_plan *plan = NULL;
    double *nodes = itp_memory_array(&fit->memory, room, sizeof *nodes);
    int status = nodes ? search(r, nodes, most, &plan) : ITP_E_MEMORY;
    status = status ? status : check_path(r, plan);
    status = status ? status : run_all(r, plan, r->probes, fit->desc.count);
    itp_plan_free(plan);
    itp_memory_free(&fit->memory, nodes, room * sizeof *nodes);
    return status;
}

static int given(const reference *r)
{
    itp_fitting *fit = r->fit;
    int status = check_path(r, fit->desc.reference);
    if (status) {
        return status;
    }
    fit->report.reference_rows = fit->desc.reference->info.rows;
    return run_all(r, fit->desc.reference, 0, fit->desc.count);
}

static int map_all(const reference *r)
{
    itp_fitting *fit = r->fit;
    int status = ITP_OK;
    size_t count = fit->desc.count, from = fit->desc.dim * fit->element, to = fit->features * fit->element;
    for (size_t i = 0; i < count && !status; i += fit->batch) {
        size_t some = count - i < fit->batch ? count - i : fit->batch;
        status = itp_fitting_map(fit, r->end + i * from, i, some, fit->target + i * to);
    }
    if (!status && !isfinite(itp_squares(fit->desc.type, fit->target, NULL, count * fit->features))) {
        status = itp_fail(&fit->log, ITP_E_NONFINITE, "reference: its end points or their features are not finite.");
    }
    return status;
}

/* The caller's end points, which nobody has to compute. */
static int take_ends(const reference *r, size_t bytes)
{
    if (r->fit->desc.ends != (const void *)r->end) {
        memcpy(r->end, r->fit->desc.ends, bytes);
    }
    return ITP_OK;
}

int itp_fitting_reference(itp_fitting *fit)
{
    const itp_fit_desc *desc = &fit->desc;
    reference r = {fit, desc->count < PROBES ? desc->count : PROBES, desc->ends_out, NULL};
    size_t elements = desc->count * desc->dim;
    r.end = r.end ? r.end : itp_memory_array(&fit->memory, elements, fit->element);
    r.before = itp_memory_array(&fit->memory, probe_elements(&r), fit->element);
    int status = !r.end || !r.before ? ITP_E_MEMORY
                 : desc->ends        ? take_ends(&r, elements * fit->element)
                 : desc->reference   ? given(&r)
                                     : converge(&r);
    status = status ? status : map_all(&r);
    fit->report.reference_evaluations = fit->report.evaluations;
    itp_memory_free(&fit->memory, r.before, probe_elements(&r) * fit->element);
    if (!desc->ends_out) {
        itp_memory_free(&fit->memory, r.end, elements * fit->element);
    }
    return status;
}
