/* A sampler inside the library. It has the state machine, the memory, the requests, guidance, hooks, threads and saved
 * states; what it runs is behind an engine. */
#ifndef ITP_SAMPLER_SAMPLER_H
#define ITP_SAMPLER_SAMPLER_H

#include <interp/sample.h>

#include "base/element.h"
#include "base/float_env.h"
#include "base/kind.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/sized.h"
#include "kernels/kernels.h"
#include "sampler/block.h"
#include "sampler/store.h"

enum { ITP_RUN_NOT_BEGUN = 0, ITP_RUN_WAITING = 1, ITP_RUN_REQUESTED = 2, ITP_RUN_OVER = 3 };

/* Elements to a task: 20 to 100 microseconds of work. */
enum { ITP_TASK_LENGTH = 1 << 15 };

/* As callbacks get it. */
typedef struct itp_roomy_request {
    itp_request known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_request)];
} itp_roomy_request;

/* What a sampler runs. Functions that return an int return a status with its sentence said; NULL where there is nothing
 * to do. */
typedef struct itp_engine {
    size_t bytes;                              /* of sampler->own */
    int (*check)(itp_sampler *);               /* the batch, which is one that samplers can have */
    void (*place)(itp_sampler *, itp_block *); /* takes the engine's arrays */
    int (*prepare)(itp_sampler *);             /* fills what never changes */
    void (*release)(itp_sampler *);            /* undoes that */
    void *(*first)(const itp_sampler *);       /* where the first state is made; NULL: in x */
    int (*begin)(itp_sampler *);               /* the first state is there */
    void (*ask)(const itp_sampler *,
                itp_request *); /* the request's arrays; without a plan, all that is the engine's */
    int (*apply)(itp_sampler *, const itp_request *); /* the outputs are there */
    /* After that: the state to show, [count][dim], with a plan as the row leaves it and else in the coordinates that
     * the batch asks for; `done` is the request, *data its data predictions. Both may be cut down to the samples that
     * have one. NULL: none. */
    const void *(*shown)(itp_sampler *, itp_request *done, const void **data);
    int (*over)(const itp_sampler *);             /* the run has no further request */
    int (*outcome)(const itp_sampler *);          /* then: what itp_sampler_next returns; NULL: ITP_OK */
    uint64_t (*fingerprint)(const itp_sampler *); /* of all numbers that a saved state is only good with */
    void (*keep)(itp_sampler *, itp_store *);     /* the engine's part of a saved state, of row sampler->row */
    int (*again)(itp_sampler *);                  /* it has been read */
} itp_engine;

/* Of a batch with a callback `noise`: its arrays, `each` for every one of `turns` steps in turn, what is in them (m +
 * 1, 0: nothing yet), and how often it was asked but for the start. */
typedef struct itp_drawing {
    int32_t turns, each, draws;
    uint32_t *held;
    unsigned char *arrays;
} itp_drawing;

struct itp_sampler {
    const itp_engine *engine;
    void *own;                 /* the engine's */
    const itp_plan *plan;      /* whose rows the requests are, or NULL */
    const itp_plan_info *info; /* what it begins from: start_*, u_start, u_end; and how many rows there are */
    itp_memory memory;
    itp_report log;
    itp_env env;         /* its parallel_for */
    itp_batch batch;     /* count, seed, first and seeds are the run's */
    size_t capacity;     /* the count that it was made for */
    itp_float_env *host; /* of the call under way: hooks and parallel_for get the host's back */
    itp_combine_fn combine;
    size_t bytes, stride;    /* of the one block that holds everything, 0 where it is the user's; of an array */
    unsigned char *x;        /* the caller's */
    uint64_t *seeds;         /* room for those of a run */
    itp_column *columns;     /* room for those of the plan's longest row, its normals among them; and the start's */
    itp_noise_term *normals; /* room for these alone */
    itp_drawing drawing;
    int32_t row, state;
    itp_request request; /* the one that is open */
    unsigned char *out2; /* of guided batches: the unconditional output */
    /* Where on_row wants them: the data prediction of the row; its state in row_schedule's coordinates, and the factors
     * that make it, of the state after each row. None of the three arrays matters between rows. */
    unsigned char *data, *scaled;
    double *factors;
};

/* ---- sampler.c ---- */

/* Of the run's arrays; of one sample in them. */
size_t itp_sampler_bytes(const itp_sampler *sampler);
size_t itp_sampler_sample_bytes(const itp_sampler *sampler);

/* The most that a row of the plan has, or the start with its data; 2 without a plan. */
size_t itp_sampler_terms(const itp_sampler *sampler);

/* An operation on the run's samples, with the normals of its seeds, in the room for columns and normals. */
itp_combine itp_sampler_operation(const itp_sampler *sampler);

/* ITP_E_ARGUMENT, with a sentence in the sampler's log. */
int itp_sampler_refuse(const itp_sampler *sampler, const char *sentence);

/* ---- batch.c ---- */

/* The caller's batch with its defaults filled in, and who is told of failures. ITP_E_ARGUMENT: NULL; or as
 * itp_struct_read. */
int itp_batch_read(const itp_batch *batch, itp_batch *known, itp_report *log);

/* ITP_OK when every field is one that a batch can have. */
int itp_batch_check(const itp_batch *batch, const itp_report *log);

/* Does it need the array out2; the array data; the array scaled and the factors? */
int itp_batch_guided(const itp_batch *batch);
int itp_batch_keeps_data(const itp_batch *batch);
int itp_batch_scales_rows(const itp_batch *batch);

/* ---- start.c ---- */

extern const itp_kind itp_kind_x;

/* The batch's own start, of one for itp_sample; refuses a sampler's batch that has one. */
itp_start itp_batch_start(const itp_batch *batch, void *x);
int itp_batch_check_free(const itp_batch *batch, const itp_report *log);

/* Refuses a start that the sampler cannot have, and takes one that it can: its count, seed, first and seeds; makes the
 * first state. */
int itp_sampler_check_start(const itp_sampler *sampler, const itp_start *start);
void itp_sampler_take_start(itp_sampler *sampler, const itp_start *start);
int itp_sampler_first_state(itp_sampler *sampler, const itp_start *start);

/* ---- draws.c, of batches with a callback `noise`; without one all of it does nothing and says 0 ---- */

/* How many arrays it takes; whether the plan's normals are such that a callback can draw them. */
itp_drawing itp_drawing_of(const itp_sampler *sampler);
size_t itp_drawing_arrays(const itp_drawing *drawing);
int itp_sampler_check_noise(const itp_sampler *sampler);

/* Makes columns of the operation's normals, drawn where they are not yet. 0, the callback's positive answer, or
 * ITP_E_CALLBACK. op->columns is sampler->columns. */
int itp_sampler_draw(itp_sampler *sampler, itp_combine *op);

/* Whether rows read a normal of the start again. */
int itp_plan_reads_start(const itp_plan *plan);

/* Nothing is drawn yet; all that precedes sampler->row is; the arrays that are read from there on before the callback
 * writes them are part of a saved state. The start's normals are there from the beginning. */
void itp_sampler_draw_nothing(itp_sampler *sampler);
void itp_sampler_draw_again(itp_sampler *sampler);
void itp_sampler_keep_drawn(itp_sampler *sampler, itp_store *store);

/* ---- outputs.c ----
 * With check_finite: marks an output of so many samples, or those of a request, as unwritten; says what is wrong with
 * one that should be written. Without it, or where there is no output, they do nothing. */
void itp_outputs_expect(const itp_sampler *sampler, const itp_request *request);
int itp_outputs_check(const itp_sampler *sampler, const itp_request *request);
void itp_output_expect(const itp_batch *batch, size_t count, void *out);

/* ---- hooks.c ---- */

/* Fills sampler->factors, where there is room for them. */
int itp_sampler_find_factors(itp_sampler *sampler);

/* The request's outputs are there: guidance and the data hook; and, after the row, the row hook. 0, the hook's positive
 * answer, or an error. */
int itp_sampler_before(const itp_sampler *sampler, const itp_request *request);
int itp_sampler_after(itp_sampler *sampler, const itp_request *request);

/* A request for samples from .. from + count - 1 of another that names each sample's time. */
itp_request itp_request_part(const itp_request *whole, size_t from, size_t count);

/* ---- parallel.c ---- */

/* Does all tasks, by the environment's parallel_for where there is one. ITP_E_CALLBACK: it failed, and the run is
 * over. The whole of an operation. */
int itp_sampler_share(itp_sampler *sampler, size_t tasks, void (*work)(void *context, size_t index), void *context);
int itp_sampler_combine(itp_sampler *sampler, const itp_combine *op);

/* ---- make.c ---- */

/* Makes a sampler as `like` says: engine, own, plan and info, without which there is nothing to run: ITP_E_ARGUMENT.
 * `batch` as the caller has it, with a start of its own or not. `out` NULL: only the size is asked for. */
int itp_sampler_make(itp_sampler *like, const itp_batch *batch, int may_start, itp_sampler **out);

#endif
