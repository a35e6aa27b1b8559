/* Search: which plan is best for one network, found by asking the network. No table of solvers, grids and schedules
 * holds for all networks; a few dozen seeds tell for one of them.
 *
 *     itp_search_desc want = {ITP_SIZED(itp_search_desc), .dim = 784};
 *     itp_search *found;
 *     itp_search_run(&want, velocity, net, &found);            which plans of 4, 6 and 8 evaluations are the best?
 *     itp_search_plan(found, 6, 0, &plan);                     the best one of 6
 *     itp_search_free(found);
 *
 * Candidates are, unless `texts` names them, all deterministic solvers on all grids under all schedules that make sense
 * for the network: some thousand plans for each budget. How they are told apart:
 *
 * 1. Converged samples of `count` + `test` seeds are found by a fine plan, as for a fit (fit.h).
 * 2. Every candidate is rehearsed: the network's outputs along the converged paths of a few seeds are recorded, once,
 *    and put in the place of those that the candidate would ask for. That costs no evaluation for each candidate, and
 *    leaves those that follow the paths best.
 * 3. These are run with the network, first on few seeds, the same for all. A third of them goes on to twice as many
 *    seeds, and so forth; the last few see all `count`. Candidates that begin alike share the evaluations that they
 *    have in common, and one whose error is far beyond all hope leaves at once.
 * 4. The errors of those that are left are told on `test` seeds more, which have chosen nothing.
 *
 * With three budgets that takes up to twice as many evaluations as the converged samples themselves did.
 *
 * As a fit, a search can be made step by step: itp_search_new, then itp_search_next and itp_search_submit as
 * itp_fit_next and itp_fit_submit, and all results at any moment. itp_search_run is that loop; both find the same, bit
 * for bit. A search belongs to one thread at a time.
 */
#ifndef INTERP_SEARCH_H
#define INTERP_SEARCH_H

#include <interp/fit.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a search has done so far. */
typedef struct itp_search_report {
    size_t size;
    uint64_t evaluations;           /* of the network, counted by samples (twice where guidance asks for two outputs) */
    uint64_t reference_evaluations; /* the share of the converged samples */
    uint64_t shared;                /* how many more there would be, if candidates shared none */
    double reference_error;         /* the reference against one half as fine; 0 where the ends were given */
    int32_t reference_rows;         /* evaluations per sample of the reference; 0 where the ends were given */
    int32_t names;                  /* texts that make a plan, for all budgets */
    int32_t candidates;             /* plans that differ */
    int32_t refused;                /* texts that make none, or one that begins or ends elsewhere */
    int32_t rounds;                 /* done, the rehearsal not counted */
    int32_t running;                /* candidates that are left */
    int32_t over;                   /* 1: the search has come to its end */
    int32_t reserved;
} itp_search_report;
#define ITP_SEARCH_REPORT_INIT ITP_INIT(itp_search_report)

/* A candidate's place in the ranking of its budget. Errors are root mean squares to the converged samples, or to their
 * features. */
typedef struct itp_search_entry {
    size_t size;
    const char *text;      /* the text form of its plan (text.h), owned by the search */
    double error;          /* on `seeds` seeds: those of the test where `tested` is 1, else those that it was chosen by;
                              infinite: its samples are not finite */
    double standard_error; /* of `error`, from its spread over the seeds; 0 of fewer than two */
    double chosen;         /* its error on the seeds that it was chosen by, by which the ranking goes */
    double rehearsed;      /* what the rehearsal made of it; 0: there was none */
    uint64_t seeds;        /* that `error` is of */
    int32_t tested;        /* 1: these are seeds that chose nothing */
    int32_t round;         /* the round after which it left; 0: after the rehearsal; -1: it is still there */
    int32_t evaluations;   /* per sample */
    int32_t names;         /* how many texts make the same plan */
    int32_t status;        /* why the text makes no plan, which ranks it last; of `texts` only */
    int32_t reserved;
} itp_search_entry;
#define ITP_SEARCH_ENTRY_INIT ITP_INIT(itp_search_entry)

/* After the converged samples, after the rehearsal, and after every round. > 0 ends the search with the ranking so far
 * and status 0; < 0 ends it with ITP_E_CALLBACK. */
typedef int(ITP_CALL *itp_search_progress_fn)(void *user, const itp_search_report *report);

/* Zero is the default of every field but dim. */
typedef struct itp_search_desc {
    size_t size;
    const itp_env *env;     /* NULL: malloc, silent */
    const itp_model *model; /* of the network; NULL: the one that `common` names, or velocity, linear, given t */
    const char *common;     /* what all candidates have in common, as the items of a plan's text: "model=data" (beside
                               `model` none), "ends=evaluate"; NULL: nothing. Copied */
    /* The seeds. */
    size_t dim;            /* elements per sample, at least 1 */
    size_t count;          /* seeds to choose by, at least 2; 0: 32 */
    size_t test;           /* seeds that choose nothing; 0: as many as count */
    uint64_t seed, first;  /* as in itp_batch: sample i draws from (seed, first + i), */
    const uint64_t *seeds; /* or from (seeds[i], 0), [count + test]. Copied */
    int32_t type;          /* ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features */
    /* What is asked. */
    int32_t budget_count;     /* at most 32 */
    const int32_t *budgets;   /* evaluations per sample, increasing, at most 100; NULL: 4, 6, 8. Copied */
    const char *const *texts; /* [text_count] plans to choose from, "solver=ab2 grid=karras", without the evaluations;
                                 NULL: all that make sense. Copied */
    size_t text_count;        /* at most 100000 */
    /* How much of it. */
    size_t batch;           /* samples per evaluation of the network at most; 0: 64 */
    uint64_t most;          /* evaluations that the rounds may take, test included; 0: 2/3 of the reference's for each
                               budget. Those of guidance's second output count. It is kept to within a few samples
                               where the best three of each budget can be tested for it */
    int32_t exhaustive;     /* 1: no rehearsal and no rounds, every candidate sees all seeds; `most` is not read */
    int32_t reference_rows; /* evaluations per sample of the finest reference that may be tried; 0: 1024 */
    double tolerance;       /* as in itp_fit_desc; 0: 0.002 */
    const void *ends;       /* [count + test][dim] of `type`: the converged samples; read by itp_search_new only. NULL:
                               they are found */
    void *ends_out;         /* [count + test][dim]: gets them, for fits (itp_fit_expert.ends); stays as long as the
                               search; may be `ends`. NULL: nowhere */
    double guidance, guidance_low, guidance_high; /* as in itp_batch: 0 or 1: none; guidance_high 0: 1 */
    /* What is to be near, where not the samples themselves. */
    itp_feature_fn feature;          /* NULL: the samples */
    void *feature_user;              /* its first argument */
    size_t features;                 /* per sample; with `feature` only */
    itp_search_progress_fn progress; /* NULL: none */
    void *progress_user;             /* its first argument */
    const char *name;                /* of the network, for what is printed, cut after 63 bytes; NULL: "" */
} itp_search_desc;
#define ITP_SEARCH_DESC_INIT ITP_INIT(itp_search_desc)

/* A search under way, or what it has found. */
typedef struct itp_search itp_search;

/* Checks everything, makes the candidates, which takes a second or two where there are thousands, and goes as far as is
 * possible without the network. The search holds the model's schedule; the model's user data must stay as long as it,
 * the description need not. feature and progress are called in here and in itp_search_submit. *out is NULL on failure.
 * ITP_E_RANGE, ITP_E_ARGUMENT, ITP_E_UNSUPPORTED: a field that cannot be, that nothing reads, or that leaves no
 * candidate; ITP_E_OVERFLOW; ITP_E_MEMORY; what itp_fit_new returns for the fields that both have.
 *
 * Memory, in elements of `type`, with B = batch or the number of seeds, whichever is less, N = the largest budget, n =
 * count + test, f = features or dim: n (f + dim) + B ((N + 2) dim + f) + 66 p dim, where p, the seeds of the rehearsal,
 * is 4, or of short samples up to 16; and for every candidate about 4 N^2 + 200 bytes. All of it is asked for here, but
 * for the fine plans of the reference and a sampler for each. */
ITP_API int itp_search_new(const itp_search_desc *desc, itp_search **out);

/* Gives a search back, at any moment. NULL is allowed. */
ITP_API void itp_search_free(itp_search *search);

/* ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that
 * it belongs to. Calling it again before itp_search_submit gives the same request. ITP_OK: the search is over. After an
 * error in itp_search_submit the search is over too, and its status comes again here (ITP_E_CALLBACK for every answer
 * of a callback). ITP_E_SIZE, ITP_E_OLDER: the size of *request, which must reach to out2 where there is guidance;
 * ITP_E_ARGUMENT: a NULL pointer. */
ITP_API int itp_search_next(itp_search *search, itp_request *request);

/* The outputs asked for are there: does all that can be done with them. ITP_E_STATE: itp_search_next has handed out
 * nothing since the last call; ITP_E_TOLERANCE: no two refinements of the reference agree; ITP_E_NONFINITE: the
 * converged samples are not finite, or those of no candidate are; ITP_E_CALLBACK, and > 0: feature and progress;
 * ITP_E_ARGUMENT: NULL. A candidate whose samples are not finite is no error: it leaves. */
ITP_API int itp_search_submit(itp_search *search);

/* A whole search: itp_search_new, and a loop until it is over; *out is then what it has found, the caller's to give
 * back with itp_search_free, and NULL on failure. The network is called on this thread; > 0 ends the search and is
 * returned verbatim, < 0 gives ITP_E_CALLBACK. Other statuses as those two. */
ITP_API int itp_search_run(const itp_search_desc *desc, itp_network_fn network, void *user, itp_search **out);

/* How far the search is. Writes at most report->size bytes. ITP_E_SIZE: report->size is none; ITP_E_ARGUMENT: a NULL
 * pointer. */
ITP_API int itp_search_get_report(const itp_search *search, itp_search_report *report);

/* The candidate of the budget `evaluations` that is at place `rank`, 0 being the best, in the ranking so far: those
 * that are left by the errors that chose them, then those that left, the last to go first. Writes at most entry->size
 * bytes. ITP_E_RANGE: no such budget, or not so many candidates; ITP_E_SIZE, ITP_E_ARGUMENT as above. */
ITP_API int itp_search_get_entry(const itp_search *search, int32_t evaluations, int32_t rank, itp_search_entry *entry);

/* Makes that candidate's plan, to be freed by the caller; *plan is NULL on failure. ITP_E_RANGE as above; the entry's
 * status, where it has one; ITP_E_ARGUMENT; ITP_E_MEMORY. */
ITP_API int itp_search_plan(const itp_search *search, int32_t evaluations, int32_t rank, itp_plan **plan);

/* Writes a table to read, the best `places` of every budget (0: 10), as itp_plan_format writes: at most `capacity`
 * bytes with the final 0, cut to fit, into `text` (NULL where capacity is 0); *needed, where not NULL, gets the bytes
 * of all of it. ITP_E_ARGUMENT: search is NULL, or text where capacity is not 0; ITP_E_RANGE: places below 0. */
ITP_API int itp_search_print(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed);

/* The same as JSON, of all candidates where places is 0: {"name", "report": {...}, "budgets": [{"evaluations", "plans":
 * [{"text", "error", ...}]}]}, with the fields of the two structs by their names, and null for what is not finite.
 * Needs no cJSON. */
ITP_API int itp_search_to_json(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
