/* The converged end points: the caller's, or those of the caller's plan, or of the first of a series of plans, each
 * twice as fine as the one before, that agrees with its predecessor. */
#include "fit/reference.h"

#include <math.h>
#include <string.h>

#include "fit/solve.h"

enum { COARSEST = 32, PROBES = 32 };
static const double QUARTER_TURN = 1.57079632679489661923;

/* A refinement halves the difference at least, or several times over, unless there is nothing to come near to. */
static const double NO_NEARER = .7;

/* Of EDM's least sigma, .002 (2206.00364). */
static const double EDM_LAST = 1 / 1.002;
typedef itp_reference reference;

/* The reference must go from the plan's start to its end, else its end points say nothing about the plan. */
static int check_path(const reference *r, const itp_plan *plan)
{
    const itp_plan_info *a = &plan->info, *b = &r->fit->plan->info;
    double most = fmax(fabs(a->u_start - b->u_start), fabs(a->u_end - b->u_end));
    most = fmax(most, fabs(a->start_scale - b->start_scale));
    return most <= ITP_FIT_SAME && a->normals == 1
               ? ITP_OK
               : itp_fail(&r->fit->log, ITP_E_UNSUPPORTED,
                          "reference: it draws noise, or starts or ends elsewhere than the plan.");
}

/* u = sin^2 in even steps from the plan's first position to its last: shorter steps at both ends, where paths bend.
 * Where the network's schedule ends before that, the last step is the one from there. */
static int make_plan(reference *r)
{
    double first = r->fit->plan->info.u_start, last = r->fit->u_last, end = r->fit->plan->info.u_end;
    int32_t even = last < end ? r->rows - 1 : r->rows;
    for (int32_t i = 0; i < even; i++) {
        double wave = sin(QUARTER_TURN * i / even);
        r->nodes[i] = first + (last - first) * wave * wave;
    }
    r->nodes[even] = last;
    r->nodes[r->rows] = end;
    itp_plan_free(r->plan);
    r->plan = NULL;
    return itp_fine_plan(r->fit, r->nodes, r->rows + 1, &r->plan);
}

static void begin(reference *r, const itp_plan *plan, size_t first, size_t end)
{
    const itp_fitting *fit = r->fit;
    itp_fine_begin(&r->run, plan, itp_fit_span_of(fit, first, end), r->end + first * fit->desc.dim * fit->element);
}

/* ---- refinements ---- */

static size_t probe_elements(const reference *r)
{
    return r->probes * r->fit->desc.dim;
}

/* *found: the probes agree with those of the plan before to the tolerance. */
static int compare_probes(reference *r, int *found)
{
    itp_fitting *fit = r->fit;
    double size = itp_squares(fit->desc.type, r->end, NULL, probe_elements(r));
    if (!(isfinite(size) && size > 0)) {
        return itp_fail(&fit->log, ITP_E_NONFINITE, "reference: its end points are not finite, or all 0.");
    }
    if (r->rows > COARSEST) {
        double difference = sqrt(itp_squares(fit->desc.type, r->end, r->before, probe_elements(r)) / size);
        r->stays = r->error > 0 && difference > NO_NEARER * r->error;
        r->error = fit->report.reference_error = difference;
        *found = difference <= fit->desc.tolerance;
    }
    return ITP_OK;
}

/* ---- an end that nothing converges to ---- */

/* The velocity of a network that predicts data has a limit at u = 1 only where the network returns its input there,
 * which trained ones do not quite. */
static int has_open_end(const itp_fitting *fit)
{
    itp_affine velocity;
    itp_at at;
    return !fit->holds_data && !(fit->u_last < 1) && !itp_model_at(&fit->model, 1, 0, &at) &&
           !itp_model_velocity(&fit->model, &at, &velocity) && !isfinite(velocity.x + velocity.f);
}

/* Begins anew with a reference that asks the network no later than the plans do. */
static void retreat(reference *r)
{
    itp_fitting *fit = r->fit;
    fit->u_last = fit->report.u_last = fmax(EDM_LAST, itp_fitting_last_row(fit));
    fit->holds_data = 1;
    itp_warn(
        &fit->log,
        "reference: refinements differ by %.3g without end, as the network does not return its input at u = 1; its "
        "data prediction at u = %.6g is the end. u_last: another place.",
        r->error, fit->u_last);
    r->rows = COARSEST;
    r->error = r->stays = 0;
}

static int refine(reference *r)
{
    const itp_fitting *fit = r->fit;
    const itp_fit_desc *desc = &fit->desc;
    int full = r->rows > desc->reference_rows / 2;
    if ((full || r->stays) && has_open_end(fit)) {
        retreat(r);
    } else if (full) {
        return itp_fail(&fit->log, ITP_E_TOLERANCE,
                        "reference: with %d evaluations two refinements still differ by %.3g, more than %.3g.",
                        (int)desc->reference_rows, fit->report.reference_error, desc->tolerance);
    } else {
        r->rows *= 2;
        memcpy(r->before, r->end, probe_elements(r) * fit->element);
    }
    int status = make_plan(r);
    if (status) {
        return status;
    }
    begin(r, r->plan, 0, r->probes);
    return ITP_OK;
}

/* A caller who has enough takes the refinement for the reference. */
static int report_refinement(reference *r, int *found)
{
    int answer = *found ? 0 : itp_fitting_report_progress(r->fit);
    *found = *found || answer > 0;
    return answer < 0 ? answer : ITP_OK;
}

/* A refinement has been run. */
static int judge_refinement(reference *r, int *found)
{
    int status = compare_probes(r, found);
    if (status) {
        return status;
    }
    r->fit->report.reference_rows = r->rows;
    status = report_refinement(r, found);
    return status || *found ? status : refine(r);
}

static int search(void *work)
{
    reference *r = work;
    int status, found = 0;
    while (!found) {
        status = itp_fine_advance(&r->run);
        status = status ? status : judge_refinement(r, &found);
        if (status) {
            return status;
        }
    }
    begin(r, r->plan, r->probes, r->fit->samples);
    return ITP_OK;
}

static int run_samples(void *work)
{
    reference *r = work;
    return itp_fine_advance(&r->run);
}

static int map_all(void *work)
{
    reference *r = work;
    itp_fitting *fit = r->fit;
    size_t from = fit->desc.dim * fit->element, to = fit->features * fit->element;
    itp_fit_span span = itp_fit_span_of(fit, 0, fit->samples);
    int status;
    do {
        status =
            itp_fitting_map(fit, r->end + span.first * from, span.first, span.count, fit->target + span.first * to);
    } while (!status && itp_fit_span_next(fit, &span));
    if (!status && !isfinite(itp_squares(fit->desc.type, fit->target, NULL, fit->samples * fit->features))) {
        status = itp_fail(&fit->log, ITP_E_NONFINITE, "reference: its end points or their features are not finite.");
    }
    return status;
}

/* ---- the three kinds ---- */

static int begin_given(reference *r)
{
    static const itp_fit_phase phases[] = {run_samples, map_all, NULL};
    const itp_plan *plan = r->fit->expert.reference;
    r->next = phases;
    r->fit->report.reference_rows = plan->info.rows;
    begin(r, plan, 0, r->fit->samples);
    return check_path(r, plan);
}

static int begin_search(reference *r)
{
    static const itp_fit_phase phases[] = {search, run_samples, map_all, NULL};
    size_t most = (size_t)r->fit->desc.reference_rows;
    r->next = phases;
    r->rows = COARSEST;
    r->node_count = (most > COARSEST ? most : COARSEST) + 1;
    r->nodes = itp_memory_array(&r->fit->memory, r->node_count, sizeof *r->nodes);
    r->before = itp_memory_array(&r->fit->memory, probe_elements(r), r->fit->element);
    int status = r->nodes && r->before ? make_plan(r) : ITP_E_MEMORY;
    if (!status) {
        begin(r, r->plan, 0, r->probes);
        status = check_path(r, r->plan);
    }
    return status;
}

/* The caller gives the end points. */
static int begin_ends(reference *r)
{
    static const itp_fit_phase phases[] = {map_all, NULL};
    const itp_fitting *fit = r->fit;
    const void *ends = fit->expert.ends;
    r->next = phases;
    if (ends != (const void *)r->end) {
        memcpy(r->end, ends, fit->samples * fit->desc.dim * fit->element);
    }
    return ITP_OK;
}

int itp_reference_new(itp_fitting *fit, itp_reference *out)
{
    size_t count = fit->desc.count, samples = fit->samples;
    reference r = {.fit = fit, .probes = count < PROBES ? count : PROBES, .end = fit->expert.ends_out};
    r.run.fit = fit;
    *out = r;
    if (!out->end) {
        out->end = itp_memory_array(&fit->memory, samples * fit->desc.dim, fit->element);
    }
    return !out->end               ? ITP_E_MEMORY
           : fit->expert.ends      ? begin_ends(out)
           : fit->expert.reference ? begin_given(out)
                                   : begin_search(out);
}

int itp_reference_advance(itp_reference *r)
{
    return itp_fit_phases_advance(&r->next, r);
}

void itp_reference_free(itp_reference *r)
{
    if (!r->fit) {
        return;
    }
    const itp_fitting *fit = r->fit;
    itp_fine_end(&r->run);
    itp_plan_free(r->plan);
    itp_memory_free(&fit->memory, r->nodes, r->node_count * sizeof *r->nodes);
    itp_memory_free(&fit->memory, r->before, probe_elements(r) * fit->element);
    if (!fit->expert.ends_out) {
        itp_memory_free(&fit->memory, r->end, fit->samples * fit->desc.dim * fit->element);
    }
    memset(r, 0, sizeof *r);
}
