/* Samplers: one run of a plan over one batch, one network evaluation at a time. Nothing blocks, nothing is allocated
 * after creation. itp_sample (sample.h) is a loop on this. */
#ifndef INTERP_SAMPLER_H
#define INTERP_SAMPLER_H

#include <interp/noise.h>
#include <interp/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A run of a plan over a batch. It belongs to one thread at a time. */
typedef struct itp_sampler itp_sampler;

enum { ITP_X_NOISE = 0, ITP_X_GIVEN = 1, ITP_X_DATA = 2 }; /* of batches for itp_sample: what x holds */
/* Which code sums up a row: the library's choice, its own loops, or OpenBLAS. */
enum { ITP_KERNEL_AUTO = 0, ITP_KERNEL_PORTABLE = 1, ITP_KERNEL_OPENBLAS = 2 };

/* Evaluate the network: read x, write every element of out, both [count][dim] of `type`. x is the run's own state: it
 * is not the network's to change. */
typedef struct itp_request {
    size_t size;
    const void *x;
    void *out;
    size_t count, dim;
    double time;       /* what the network is given, the same for every sample */
    double u;          /* position on the path */
    int32_t row, rows; /* this evaluation, of how many */
    int32_t type;
    int32_t reserved;
    uint64_t first;  /* of the batch */
    void *out2;      /* guided batches: write the unconditional output here, the conditional one to out. NULL in rows
                        that need none */
    double guidance; /* the scale with which the two are combined; 1 where out2 is NULL */
    double data_state, data_output; /* the data prediction is data_state x + data_output F; both 0: see itp_plan_row */
    int32_t step, steps;            /* of the solver: the one that this evaluation is part of, of how many */
    int32_t ends_step;              /* 1: the state after this row is where that step ends */
    int32_t reserved2;
    /* NULL, but for adaptive runs, whose samples each have a place of their own. Then time, u, data_state and
     * data_output are NaN, guidance is 1 where out2 is NULL and else NaN, and these are [count]: what time, u,
     * guidance, data_state, data_output are for sample i of the request, and its number in the batch. Samples whose
     * guidances[i] is 1 need no second output. A fit for a range of scales has guidances alone, and guidance NaN. */
    const double *times, *positions, *guidances, *data_states, *data_outputs;
    const uint64_t *index;
} itp_request;
#define ITP_REQUEST_INIT ITP_INIT(itp_request)

/* Hooks of a batch, called by itp_sampler_submit, and so by itp_sample, with the batch's `user`. `request` is that of
 * the row. 0: go on; > 0: the call returns that number, and so does itp_sample; < 0: ITP_E_CALLBACK.
 *
 * itp_data_fn sees the data prediction E[X | x] of an evaluation before the solver does, [count][dim], and may change
 * it (thresholds: guidance.h); the solver then works with the output that would have said so. It is skipped in rows
 * where there is no way back to an output: at the data end. When it does not return 0, the row is not done and its
 * output is spent: write it again (both, where there are two) and submit again.
 *
 * itp_row_fn sees the state after a row. Where request->ends_step is 1 a step of the solver ends there; where it is 0
 * the state is a stage between two nodes or, with stochastic-heun, sea, shark and churned steps, the end of a step with
 * the noise added at which the next one is evaluated.
 * `data` is the row's data prediction, as the data hook left it, when row_data asks for it, and NULL otherwise and
 * where it does not exist; the request's own arrays are NULL. The row is done whatever the hook returns:
 * itp_sampler_next goes on. */
typedef int(ITP_CALL *itp_data_fn)(void *user, const itp_request *request, void *data);
typedef int(ITP_CALL *itp_row_fn)(void *user, const itp_request *request, const void *state, const void *data);

/* What a plan is run over: how many samples of what size and type, how they begin, and what looks on. Zero is the
 * default of every field but dim and count. */
typedef struct itp_batch {
    size_t size;
    /* NULL: malloc, silent. Its parallel_for, where there is one, gets the pass of begin and submit over the arrays in
     * tasks whose number depends on count * dim alone; the bits are the same. Guidance and hooks stay on the calling
     * thread. An answer that is not 0 ends the run, as a hook's does: x is then unknown, begin again. */
    const itp_env *env;
    size_t dim, count; /* elements per sample; samples, of a sampler the most that a run may have; at least 1: x is
                          [count][dim], without gaps */
    /* seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an
     * itp_start each time that it begins: itp_sampler_new refuses what is set here. */
    uint64_t seed, first;
    const uint64_t *seeds;
    int32_t type;         /* ITP_FLOAT32, which 0 means too, or ITP_FLOAT64: of x, out and the workspace */
    int32_t x;            /* ITP_X_NOISE: x is overwritten with the start; ITP_X_GIVEN: x holds the state, as
                             itp_start.given; ITP_X_DATA: x holds data, as itp_start.data = x */
    int32_t kernel;       /* ITP_KERNEL_*; OPENBLAS gives ITP_E_UNSUPPORTED in a build without it */
    int32_t check_finite; /* 1: look for NaN and infinity in every output of the network. Until the network writes
                             them, out and out2 hold NaN, so that an output that was not, or not wholly, written gives
                             ITP_E_NONFINITE too */
    double guidance;      /* classifier-free guidance with this scale (itp_guide, guidance.h): requests have an out2,
                              submit combines the two outputs. 0 or 1: off (for a scale of 0, evaluate without the
                              condition) */
    double guidance_low, guidance_high; /* only in rows with u in [low, high]; elsewhere out alone counts. high 0: 1 */
    itp_data_fn on_data;                /* NULL: none */
    itp_row_fn on_row;                  /* NULL: none */
    void *user;                         /* of both */
    int32_t row_data;                   /* 1: on_row gets the data prediction */
    int32_t row_scaled;                 /* 1: on_row gets its state in the coordinates of row_schedule instead of the
                                           network's: multiplied by itp_plan_coordinates' factor */
    const itp_schedule *row_schedule;   /* NULL: linear; read while the sampler is made only */
    /* NULL: allocated. Else the sampler lives in it until it is freed, and the allocator is not called at all. Aligned
     * to 64 bytes; with less than `needed` bytes ITP_E_RANGE, not aligned ITP_E_ARGUMENT. */
    void *workspace;
    size_t workspace_bytes; /* of `workspace` */
    /* NULL: the normals of (seed, sample). Else this callback draws them (noise.h); seed and seeds must be 0 then, and
     * the plan one with ITP_NOISE_STEPS, or without noise but for the start. */
    itp_noise_fn noise;
    void *noise_user;
    /* NULL, or where the functions that make samplers write how many bytes the sampler takes, in one piece aligned to
     * 64 bytes. */
    size_t *needed;
} itp_batch;
#define ITP_BATCH_INIT ITP_INIT(itp_batch)

/* Creates a sampler of a plan and its workspace: itp_plan_info.slots - 1 arrays of count * dim elements, each
 * rounded up to 64 bytes, one more where itp_plan_info.carries is 1 (plans along a Brownian path, whose rows share
 * most of their normals: each is drawn once and not twice), one for guidance (out2), one for row_data and one for
 * row_scaled, and with a callback `noise` as many as there are normals alive at once, at least one: one of most
 * solvers, two of those that draw twice in a step, one or more besides of those whose rows read an earlier step's
 * normal again. The sampler holds the plan. *out is NULL on failure; `out` may be NULL where the batch has `needed`,
 * which then is all that is done. ITP_E_ARGUMENT: a pointer is NULL, or the batch has a start; ITP_E_UNSUPPORTED:
 * type, x, kernel, `noise` for a plan of a Brownian path, and what nothing reads (row_data without on_row);
 * ITP_E_OVERFLOW: count, dim; ITP_E_RANGE: other numbers, a row_schedule that does not reach a row's state, and a
 * workspace that is too small; ITP_E_MEMORY.
 *
 * itp_sampler_new_covariance (covariance.h) and itp_sampler_new_adaptive (adaptive.h) make samplers of other things;
 * all other functions are the same for all. A sampler belongs to one thread at a time. */
ITP_API int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out);

/* Gives a sampler back, at any moment, also in the middle of a run, whose x then holds an intermediate state. NULL is
 * allowed. A workspace of the caller's is the caller's again. */
ITP_API void itp_sampler_free(itp_sampler *sampler);

/* What a run begins from: {.size, .x, .seed} is noise, drawn. */
typedef struct itp_start {
    size_t size;
    void *x;               /* [count][dim] of the caller's, which must stay alive until the run is over; it holds
                              intermediate states meanwhile, and the samples at the end */
    const void *data;      /* NULL, or data X [count][dim], which may be x: the run begins at start_data X + start_scale
                              xi_0, the state that a plan with u_start > 0 or a reversed one starts from (img2img,
                              inversion) */
    int32_t given;         /* 1: x holds the first state Y_0 already */
    int32_t reserved;      /* 0 */
    size_t count;          /* samples, at most the batch's count, which 0 means */
    uint64_t seed, first;  /* sample i draws from (seed, first + i): any split of a batch gives the same samples */
    const uint64_t *seeds; /* NULL, or [count], a seed for each sample: sample i draws from (seeds[i], 0). Copied */
} itp_start;
#define ITP_START_INIT ITP_INIT(itp_start)

/* Starts, or starts again, where a run that was under way is abandoned; nothing is allocated. ITP_E_ARGUMENT: a pointer
 * is NULL, or two fields contradict each other; ITP_E_RANGE: a count above the batch's; ITP_E_UNSUPPORTED: a start that
 * is not the plan's (data where it begins with noise alone, noise where it begins with data); ITP_E_SIZE, ITP_E_NEWER,
 * ITP_E_OLDER: the size of *start. After these x and a run under way are as they were. ITP_E_CALLBACK, and > 0: the
 * batch's `noise` or parallel_for; begin again. */
ITP_API int itp_sampler_begin(itp_sampler *sampler, const itp_start *start);

/* ITP_EVALUATE: *request says what to evaluate; calling it again before a submit gives the same request. ITP_OK: the
 * run is over, x holds the samples. ITP_E_STATE: not begun; ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE, ITP_E_OLDER:
 * the size of *request, which must reach to out2 where there is guidance, and to index where the run is adaptive. No
 * error but that of parallel_for ends a run: after one, the run is where it was. */
ITP_API int itp_sampler_next(itp_sampler *sampler, itp_request *request);

/* The output is there: runs the row. ITP_E_STATE without a request; ITP_E_NONFINITE (check_finite) leaves the row
 * undone: mend the output and submit again, or begin again. > 0, ITP_E_CALLBACK: a hook of the batch stopped, or
 * `noise` or parallel_for, as said there. ITP_E_ARGUMENT: NULL. */
ITP_API int itp_sampler_submit(itp_sampler *sampler);

/* Writes where the run is into `buffer`: the row and the arrays that later rows read. A request that is open is made
 * again after itp_sampler_restore. *needed, where not NULL, gets the bytes; `buffer` may be NULL when capacity is 0,
 * which only asks for them. ITP_E_STATE: not begun; ITP_E_RANGE: capacity is not 0 and too small, nothing is written;
 * ITP_E_ARGUMENT: sampler is NULL, or buffer where capacity is not 0. The bytes are for machines that store numbers as
 * this one does, and for this version of the library or those that say so. */
ITP_API int itp_sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed);

/* Goes on from there, in the same sampler or in one made from the same plan (its numbers are compared, so it may have
 * been made again or loaded) and a batch with the same dim and type and room for the state's samples: with the same
 * kernel the run ends with the bits that it would have had. Count, seeds and first are the state's; x is as in
 * itp_start, for as many samples; a run that was under way is abandoned. Guidance and hooks are those of this sampler's
 * batch; they are not compared. With a callback `noise`, normals that are drawn and read again are saved with the
 * state; where the callback's own generator is, is the caller's to save. ITP_E_RANGE: bytes that are no saved state, of
 * another version, or damaged; ITP_E_STATE: the state of another plan or batch; ITP_E_ARGUMENT: a NULL pointer. Each,
 * with the sentence that says which, leaves the sampler and x as they were. */
ITP_API int itp_sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x);

#ifdef __cplusplus
}
#endif
#endif
