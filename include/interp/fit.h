/* Fit: a better plan for one network. Given a plan and the network that it is for, a fit looks for another plan of as
 * many evaluations whose samples are nearer to the converged ones, those that a run of very many evaluations would
 * give. It costs some ten thousand evaluations, once; the result is an ordinary plan, run and saved like any other.
 * Nothing is trained, no gradient of the network is needed.
 *
 *     itp_fit_desc want = ITP_FIT_DESC_INIT;
 *     want.dim = 784;                                       how long a sample is
 *     want.count = 256;                                     how many seeds to look at
 *     itp_plan_fit(plan, &want, velocity, net, &better);    then use `better` in the place of `plan`
 *
 * What to choose. More seeds make a plan that is better on seeds which it has not seen: 64 are a beginning, 256
 * usually enough. A quarter of them is held out: no number is fitted to these, they say which of the plans found is the
 * best. As many more choose nothing at all: the best plan is judged on them once, and itp_fit_report.after_test is what
 * to expect elsewhere. Start from the plan that does best already (`plan`), and name others that do well (`starts`):
 * the fit goes on from the most promising. Guided networks are fitted with the guidance that they will be run with.
 * docs/fit.md tells how all this is done, and what it has won where.
 *
 * Where the network cannot be called back, because it runs on a queue, in a batch with other work, or in another
 * process, the same fit is had step by step, as a run is from a sampler:
 *
 *     itp_fit_new(plan, &want, &fit);
 *     while ((status = itp_fit_next(fit, &request)) == ITP_EVALUATE) {
 *         ... evaluate as the request says ...
 *         status = itp_fit_submit(fit);
 *     }
 *     itp_fit_plan(fit, &better);
 *     itp_fit_free(fit);
 *
 * itp_plan_fit is this loop; both make the same plan, bit for bit. Any number of fits may be under way at once. A fit
 * belongs to one thread at a time. It can be left at any moment: itp_fit_plan gives the best plan so far.
 */
#ifndef INTERP_FIT_H
#define INTERP_FIT_H

#include <interp/sample.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a fit has done so far, and in the end. Errors are root mean squares to the converged end point. */
typedef struct itp_fit_report {
    size_t size;
    double before, before_held_out; /* of the plan that came in, on the seeds fitted on and on those held out */
    double after, after_held_out;   /* of the best plan so far */
    double before_test, after_test; /* of both on the seeds that chose nothing: what to expect elsewhere; 0 before the
                                       end, and without such seeds */
    double ridge;                   /* the damping of the last step taken; 0: none was */
    double reference_error;         /* the reference against one half as fine; 0 for the caller's reference */
    uint64_t evaluations;           /* of the network, counted by samples (twice where guidance asks for two outputs) */
    uint64_t reference_evaluations; /* the share of the reference */
    int32_t iterations;             /* done with all seeds, by the finalist at work or, in the end, by the last one */
    int32_t parameters;             /* how many numbers are fitted */
    int32_t reference_rows;         /* evaluations per sample of the reference */
    int32_t start;                  /* which plan the best one comes from: 0: the one that came in; i: starts[i - 1] */
    int32_t greedy;                 /* 1: from its greedy version */
    int32_t starts;                 /* how many took part in the race, greedy versions included */
    uint64_t race_evaluations;      /* the share of greedy rows and of the race */
    double u_last;                  /* where on the path the library's reference asks the network for the last time, if
                                       it must not be asked later (itp_fit_expert.u_last); else 0 */
} itp_fit_report;
#define ITP_FIT_REPORT_INIT ITP_INIT(itp_fit_report)

/* The user's map of samples x [count][dim] to features [count][features], both of the fit's type; `first` is the index
 * of the first sample, as in a request. The fit minimises the distance there. Returns as a network does. */
typedef int(ITP_CALL *itp_feature_fn)(void *user, const void *x, size_t count, uint64_t first, void *features);

/* After each refinement of the reference (reference_rows, reference_error), after the reference, after every step of
 * the race (iterations: 0), and after every iteration. > 0 ends the fit with the best plan so far and status 0, and
 * after a refinement takes that for the reference; < 0 ends it with ITP_E_CALLBACK. */
typedef int(ITP_CALL *itp_fit_progress_fn)(void *user, const itp_fit_report *report);

/* What is rarely set. The words are explained in docs/fit.md. */
typedef struct itp_fit_expert {
    size_t size;
    double ridge;        /* the damping of every step, > 0; 0: chosen anew for each */
    double gain;         /* how much large coefficients count against a plan, > 0; 0: 0.2 */
    int32_t no_gain;     /* 1: they do not count */
    int32_t outputs;     /* how many of the last outputs of the network a row takes: so many arrays, and one, are needed
                           to run the plan; 0: all */
    int32_t fixed_nodes; /* 1: the nodes stay where they are, only coefficients are fitted */
    int32_t no_greedy;   /* 1: plans start as they are, and not also with rows fitted one after the other. Then, where
                            `ends` are given, no fine run is needed */
    int32_t race;        /* steps of each start in a round of the race; 0: 2 */
    int32_t no_race;     /* 1: no steps before the choice, the start of least error goes on */
    int32_t finalists;   /* how many starts are left at the end of the race, each to go the whole way; 0: 1 */
    int32_t no_test;     /* 1: no seeds are kept apart to judge the best plan on in the end */
    const itp_solver *reference_solver; /* of the fine runs that the library makes; NULL: ab3 */
    const itp_plan *reference; /* a fine plan from the same start to the same end, whose samples are the converged ones;
                                  NULL: the library makes it */
    const void *ends; /* [count][dim] of the fit's type: the converged samples themselves; read by itp_fit_new only.
                         NULL: those of the reference */
    void *ends_out;   /* [count][dim]: gets them, for further fits; stays as long as the fit; may be `ends`. NULL:
                         nowhere */
    double u_last; /* where on the path the reference, and every row fitted, asks the network for the last time, after
                      the plan's and the starts' last rows and before u_end; from there to the end the reference keeps
                      the network's data prediction, as samplers do in their last step. 0: anywhere; only where the
                      velocity has no limit at u_end (networks that predict data) and refinements of the reference do
                      not come nearer to each other: .998 (EDM's least sigma, .002), or the last row if that is later */
} itp_fit_expert;
#define ITP_FIT_EXPERT_INIT ITP_INIT(itp_fit_expert)

/* Zero is the default of every field but dim. */
typedef struct itp_fit_desc {
    size_t size;
    const itp_env *env;     /* NULL: malloc, silent. Its parallel_for is for the samplers of the reference */
    const itp_model *model; /* of the network, as when the plan was made; NULL: velocity, linear, given t */
    /* The seeds. */
    size_t dim;      /* elements per sample, at least 1 */
    size_t count;    /* seeds in all, at least 2; 0: 64 */
    size_t held_out; /* the last so many are for choosing only, fewer than count; 0: a quarter */
    size_t test;     /* so many more seeds choose nothing: the plan that came in and the best one are judged on them
                              once, in the end; a best one that is worse there is given up. 0: a quarter of count, or
                              none where seeds, ends or ends_out are given, which then have count + test entries */
    uint64_t seed, first;  /* as in itp_batch: sample i draws from (seed, first + i), */
    const uint64_t *seeds; /* or from (seeds[i], 0). Requests carry first + i in both cases. Copied */
    int32_t type;          /* ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features */
    /* The budget. */
    int32_t iterations;     /* steps with all seeds at most; 0: 10 */
    size_t batch;           /* samples per evaluation of the network at most; 0: 64 */
    int32_t reference_rows; /* evaluations per sample of the finest reference that may be tried; 0: 1024 */
    int32_t reserved;
    double tolerance; /* two refinements of the reference must agree to this, relative to the root mean square of the
                         samples; 0: 0.002 */
    /* Where to start from besides `plan`. */
    const itp_plan *const *starts; /* [start_count] plans of the same model and start, of as many rows and the same end,
                                      or of fewer rows: these grow. The list is copied */
    size_t start_count;            /* at most 1000 */
    double guidance, guidance_low, guidance_high; /* as in itp_batch: 0 or 1: none; guidance_high 0: 1 */
    double
        guidance_most; /* above guidance: the plan is for all scales from guidance (0: 1) to this; every seed has one of
                             them, evenly spread, and requests have `guidances`. 0: for the one scale */
    /* What is to be near, where not the samples themselves. */
    itp_feature_fn feature;       /* NULL: the samples */
    void *feature_user;           /* given to `feature` */
    size_t features;              /* per sample; with `feature` only */
    itp_fit_progress_fn progress; /* NULL: none */
    void *progress_user;          /* given to `progress` */
    const char *name;             /* of the network, for the plan's origin (plan.h), cut after 63 bytes; NULL: "" */
    itp_fit_report *report;       /* of itp_plan_fit: filled as far as the fit came, also when it fails; NULL: none */
    const itp_fit_expert *expert; /* NULL: all zero */
} itp_fit_desc;
#define ITP_FIT_DESC_INIT ITP_INIT(itp_fit_desc)

/* Fits `plan`, which stays as it is; *better is the new one, to be freed by the caller, NULL on failure. It is never
 * worse on the seeds held out than `plan` and each of `starts`. The plan must be without noise, start from noise, and
 * be one of `model`'s. The network is called on this thread; > 0 ends the fit without a plan and is returned verbatim,
 * < 0 gives ITP_E_CALLBACK. ITP_E_UNSUPPORTED: the plan cannot be fitted; ITP_E_TOLERANCE: no two refinements of the
 * reference agree (allow more evaluations, or give a reference); ITP_E_NONFINITE: the network returned NaN or infinity
 * on the plan that came in, or wrote nothing; ITP_E_SINGULAR: a time of the network has no limit at a node, or the data
 * prediction none where a start ends early; ITP_E_RANGE, ITP_E_ARGUMENT: a field that cannot be, or that nothing reads;
 * ITP_E_MEMORY. */
ITP_API int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user,
                         itp_plan **better);

/* A fit under way. */
typedef struct itp_fit itp_fit;

/* Checks everything, asks for the memory, and goes as far as is possible without the network. The fit holds `plan`,
 * those in `starts`, `reference` and the model's schedule; the model's user data and what `reference_solver` points to
 * must stay as long as it, the description need not. desc.report must be NULL: ask itp_fit_get_report. *out is NULL on
 * failure; statuses as itp_plan_fit. feature and progress are called in here and in itp_fit_submit; what they answer is
 * returned by either as by itp_plan_fit.
 *
 * Memory, in elements of `type`, with B = batch, N = rows, P = numbers fitted (all outputs: N (N + 3)/2 + N), f =
 * features or dim, n = count, S = starts, greedy versions and every place for a node included: n (f + dim) + B ((4N +
 * 3) dim + (P + 3) f), where n dim is needed only while the reference is made (none with ends_out); N dim for each of
 * the at most 96 seeds that greedy rows use; about 2 P^2 + 4 N^2 + 260 P + S P doubles; and some 100 kB. All of it is
 * asked for here, and what is done with is given back on the way. Asked for later, because the network's answers say
 * what is needed: the fine plans of the reference and of greedy rows, and a sampler for each. */
ITP_API int itp_fit_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fit **out);

/* Gives a fit back, at any moment, also in the middle. NULL is allowed. */
ITP_API void itp_fit_free(itp_fit *fit);

/* ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that
 * it belongs to. Calling it again before itp_fit_submit gives the same request. ITP_OK: the fit is over. After an error
 * in itp_fit_submit the fit is over too, and its status comes again here (ITP_E_CALLBACK for every answer of a
 * callback). ITP_E_SIZE, ITP_E_OLDER: the size of *request, which must reach to out2 where there is guidance;
 * ITP_E_ARGUMENT: a NULL pointer. */
ITP_API int itp_fit_next(itp_fit *fit, itp_request *request);

/* The outputs asked for are there: does all that can be done with them. ITP_E_STATE: itp_fit_next has handed out
 * nothing since the last call; ITP_E_ARGUMENT: NULL. Other statuses as itp_plan_fit. Outputs that were not written are
 * NaN. */
ITP_API int itp_fit_submit(itp_fit *fit);

/* How far the fit is. Writes at most report->size bytes. ITP_E_SIZE: report->size is none; ITP_E_ARGUMENT: a NULL
 * pointer. */
ITP_API int itp_fit_get_report(const itp_fit *fit, itp_fit_report *report);

/* Makes the best plan so far, to be freed by the caller, as often as wanted, and also of a fit that has failed. *better
 * is NULL on failure. ITP_E_STATE: none has been judged yet (reference and greedy rows come first); ITP_E_ARGUMENT: a
 * NULL pointer; ITP_E_MEMORY. */
ITP_API int itp_fit_plan(const itp_fit *fit, itp_plan **better);

#ifdef __cplusplus
}
#endif
#endif
