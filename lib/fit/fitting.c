/* Functions that all parts of a fit share while it runs. */
#include "fit/fitting.h"

#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "base/sized.h"
#include "sampler/sampler.h"

static double last_row(const itp_plan *plan)
{
    return plan->rows[plan->info.rows - 1].u;
}

double itp_fitting_last_row(const itp_fitting *fit)
{
    double last = last_row(fit->plan);
    for (size_t i = 0; i < fit->desc.start_count; i++) last = fmax(last, last_row(fit->desc.starts[i]));
    return last;
}

/* ---- guidance ---- */

int itp_fitting_has_scales(const itp_fitting *fit)
{
    return fit->desc.guidance_most > fit->desc.guidance;
}

int itp_fitting_guided(const itp_fitting *fit)
{
    return fit->desc.guidance != 1 || itp_fitting_has_scales(fit);
}

/* Multiples of the golden ratio are evenly spread however many of them there are, and from wherever on. */
static double scale_of(const itp_fit_desc *desc, size_t sample)
{
    double turns = ((double)sample + .5) * .61803398874989485;
    return desc->guidance + (desc->guidance_most - desc->guidance) * (turns - floor(turns));
}

void itp_fitting_ask_guidance(itp_fitting *fit, itp_request *request, void *second)
{
    const itp_fit_desc *desc = &fit->desc;
    int takes_part = itp_guidance_at(2, desc->guidance_low, desc->guidance_high, request->u) == 2;
    int scales = itp_fitting_has_scales(fit) && takes_part;
    size_t first = (size_t)(request->first - desc->first);
    request->guidance = scales ? NAN : takes_part ? desc->guidance : 1;
    request->guidances = scales ? fit->scales : NULL;
    request->out2 = takes_part ? second : NULL;
    for (size_t i = 0; i < request->count && request->guidances; i++) fit->scales[i] = scale_of(desc, first + i);
}

int itp_fitting_guide(const itp_fitting *fit, const itp_request *request)
{
    size_t samples = request->guidances ? request->count : 1, each = request->count / samples * request->dim;
    int status = ITP_OK;
    for (size_t i = 0; i < samples && request->out2 && !status; i++) {
        unsigned char *out = (unsigned char *)request->out + i * each * fit->element;
        const unsigned char *out2 = (const unsigned char *)request->out2 + i * each * fit->element;
        double scale = request->guidances ? request->guidances[i] : request->guidance;
        status = itp_guide(request->type, out, out2, scale, out, each);
    }
    return status;
}

/* ---- callbacks ---- */

void itp_fitting_clear_output(const itp_fitting *fit, size_t count, size_t width, void *out)
{
    itp_batch batch = {.dim = width, .type = fit->desc.type, .check_finite = 1};
    itp_output_expect(&batch, count, out);
}

/* A callback stopped the fit. A positive answer is kept for the caller, as the same number may be a status. */
static int stopped(itp_fitting *fit, const char *callback, int answer)
{
    fit->answer = answer > 0 ? answer : 0;
    (void)itp_stopped(&fit->log, callback, answer, -1);
    return ITP_E_CALLBACK;
}

int itp_fitting_map(itp_fitting *fit, const void *x, size_t first, size_t count, void *features)
{
    const itp_fit_desc *d = &fit->desc;
    if (!d->feature) {
        memcpy(features, x, count * d->dim * fit->element);
        return ITP_OK;
    }
    itp_fitting_clear_output(fit, count, fit->features, features);
    itp_float_env_leave(fit->env, 0);
    int answer = d->feature(d->feature_user, x, count, d->first + first, features);
    itp_float_env_enter(fit->env);
    return answer ? stopped(fit, "feature", answer) : ITP_OK;
}

int itp_fitting_report_progress(itp_fitting *fit)
{
    const itp_fit_desc *d = &fit->desc;
    if (!d->progress) {
        return 0;
    }
    struct {
        itp_fit_report known;
        unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_fit_report)];
    } report = {.known = fit->report};
    itp_float_env_leave(fit->env, 0);
    int answer = d->progress(d->progress_user, &report.known);
    itp_float_env_enter(fit->env);
    if (answer < 0) {
        return stopped(fit, "progress", answer);
    }
    return answer > 0;
}

/* ---- samples ---- */

enum { NARROW_FITTED = 64, NARROW_HELD_OUT = 32 };

void itp_fitting_narrow(itp_fitting *fit)
{
    size_t held_out = fit->desc.count - fit->fitted;
    fit->use_fitted = fit->fitted < NARROW_FITTED ? fit->fitted : NARROW_FITTED;
    fit->use_held_out = held_out < NARROW_HELD_OUT ? held_out : NARROW_HELD_OUT;
}

void itp_fitting_widen(itp_fitting *fit)
{
    fit->use_fitted = fit->fitted;
    fit->use_held_out = fit->desc.count - fit->fitted;
}

int itp_fit_span_next(const itp_fitting *fit, itp_fit_span *span)
{
    span->first += span->count;
    span->count = span->end - span->first < fit->batch ? span->end - span->first : fit->batch;
    return span->count != 0;
}

itp_fit_span itp_fit_span_of(const itp_fitting *fit, size_t first, size_t end)
{
    itp_fit_span span = {first, 0, end};
    (void)itp_fit_span_next(fit, &span);
    return span;
}

itp_fit_span itp_fit_span_in_use(const itp_fitting *fit, itp_fit_part part)
{
    return part == ITP_FIT_TEST       ? itp_fit_span_of(fit, fit->desc.count, fit->samples)
           : part == ITP_FIT_HELD_OUT ? itp_fit_span_of(fit, fit->fitted, fit->fitted + fit->use_held_out)
                                      : itp_fit_span_of(fit, 0, fit->use_fitted);
}

/* ---- memory ---- */

void *itp_fitting_block(const itp_fitting *fit, itp_block *block)
{
    size_t bytes = block->bytes;
    block->base = bytes == SIZE_MAX ? NULL : itp_memory_alloc(&fit->memory, bytes, ITP_BLOCK_ALIGNMENT);
    block->bytes = 0;
    return block->base;
}

/* ---- phases ---- */

int itp_fit_phases_advance(const itp_fit_phase **next, void *work)
{
    int status = ITP_OK;
    while (!status && **next) {
        status = (**next)(work);
        *next += !status;
    }
    return status;
}
