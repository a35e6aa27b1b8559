/* What all parts of a fit share: the description, with its defaults filled in, and how they wait for the network.
 *
 * Nothing here calls the network. Work that needs it has a function ..._advance, which works until a request is open
 * and returns ITP_EVALUATE; when the caller has answered the request, the function is called again. It returns ITP_OK
 * when the work is done. So functions are entered from the top after each request, and what they must remember over it
 * is in their structs. */
#ifndef ITP_FIT_FITTING_H
#define ITP_FIT_FITTING_H

#include <interp/fit.h>

#include "base/float_env.h"
#include "base/log.h"
#include "fit/table.h"
#include "kernels/kernels.h"
#include "sampler/block.h"

/* Positions that are at most so far apart are taken for the same. */
#define ITP_FIT_SAME 1e-9

typedef struct itp_fitting {
    itp_fit_desc desc; /* resolved; what it points to has been copied, but for plans and ends_out */
    int may_report;    /* 1: it may have a report, which itp_plan_fit fills */
    itp_fit_expert expert;
    itp_solver described_solver; /* of the reference */
    itp_env given;               /* the caller's, of copies */
    itp_allocator allocator;
    itp_plan_origin origin; /* name and seeds, for the plans made */
    itp_report log;
    itp_memory memory;
    itp_float_env *env; /* of the call under way: feature and progress get the host's back */
    itp_network model;  /* with the description of it */
    itp_combine_fn combine;
    const itp_plan *plan;
    const itp_schedule *schedule; /* the model's, held like the plans where holds is 1 */
    int holds;
    itp_request request;             /* the one that is open */
    itp_sampler *sampler;            /* whose request it is; NULL: a walk's */
    int answer;                      /* > 0: what the callback returned for which ITP_E_CALLBACK stands */
    size_t element, features;        /* bytes of an element; features per sample, dim without a feature map */
    size_t batch, fitted;            /* samples at a time; samples that are fitted on: the first ones */
    size_t samples;                  /* all: desc.count, and desc.test after these */
    size_t use_fitted, use_held_out; /* of those fitted on and of those held out, the first so many are at work */
    int32_t rows;
    double u_last;  /* where the last row may stand: the plan's end, or where the network's schedule ends before it, as
                      tables do, or the reference must; from there one step leads to the end */
    int holds_data; /* 1: the reference's step from u_last to the end keeps the data prediction */
    double gain; /* the square of the expert's, as resolved: what an error's square is multiplied by, less 1, per unit
                      of the gain */
    uint64_t *seeds;
    const itp_plan **starts;
    double *scales;        /* [batch], of the samples of the request, where they have their own */
    unsigned char *second; /* [batch][dim]: the second output of fine runs, then */
    unsigned char *target; /* features of the converged end points, [count][features] */
    itp_fit_report report;
    uint64_t *share; /* of the report: evaluations are counted there too; NULL: nowhere */
} itp_fitting;

/* describe.c: reads and checks a description, fills in its defaults and copies what it points to. fit->memory and
 * fit->may_report are there already. Must be freed also after an error. */
int itp_fitting_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fitting *fit);
void itp_fitting_free(itp_fitting *fit);

/* check.c: checks a description that has been read, and puts the defaults of its numbers in. */
int itp_fitting_check(const itp_fitting *fit);
void itp_fitting_fill_numbers(itp_fitting *fit);

/* The position of the last row of all plans that the fit was given. */
double itp_fitting_last_row(const itp_fitting *fit);

/* 1 where requests have two outputs; and where each sample has a scale of its own. */
int itp_fitting_guided(const itp_fitting *fit);
int itp_fitting_has_scales(const itp_fitting *fit);

/* Asks for the second output of a request, where guidance takes part at its position: into `second`, with one scale or,
 * of each sample, its own. And combines both outputs when they are there. */
void itp_fitting_ask_guidance(itp_fitting *fit, itp_request *request, void *second);
int itp_fitting_guide(const itp_fitting *fit, const itp_request *request);

/* Writes the features of x, or a copy of x where there is no feature map. */
int itp_fitting_map(itp_fitting *fit, const void *x, size_t first, size_t count, void *features);

/* Fills an output with NaN before a callback is to write it, so that one that was not written is noticed. */
void itp_fitting_clear_output(const itp_fitting *fit, size_t count, size_t width, void *out);

/* Calls the caller's progress callback: 0, 1 when the caller stops the fit, or a status. */
int itp_fitting_report_progress(itp_fitting *fit);

/* Use the first 64 samples fitted on and 32 of those held out, as far as there are so many; and all of them again. */
void itp_fitting_narrow(itp_fitting *fit);
void itp_fitting_widen(itp_fitting *fit);

/* The first batch of the samples first .. end - 1, count 0 where there is none; and the next one: 0 when there is
 * none. */
typedef struct itp_fit_span {
    size_t first, count, end;
} itp_fit_span;
itp_fit_span itp_fit_span_of(const itp_fitting *fit, size_t first, size_t end);
int itp_fit_span_next(const itp_fitting *fit, itp_fit_span *span);
/* The same of the samples in use: those fitted on, those held out, those that choose nothing. */
typedef enum itp_fit_part { ITP_FIT_FITTED = 0, ITP_FIT_HELD_OUT = 1, ITP_FIT_TEST = 2 } itp_fit_part;
itp_fit_span itp_fit_span_in_use(const itp_fitting *fit, itp_fit_part part);

/* Takes the memory that a block has counted, from which its parts can then be taken; NULL: there is none. */
void *itp_fitting_block(const itp_fitting *fit, itp_block *block);

/* Work in phases: functions that run one after another, then NULL. *next is the one to run. */
typedef int (*itp_fit_phase)(void *work);
int itp_fit_phases_advance(const itp_fit_phase **next, void *work);

#endif
