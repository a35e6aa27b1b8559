/* A sampler inside the library, and what the files of this folder need of each other. */
#ifndef ITP_SAMPLER_SAMPLER_H
#define ITP_SAMPLER_SAMPLER_H

#include <interp/sampler.h>

#include "base/float_env.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/sized.h"
#include "kernels/kernels.h"

enum { ITP_RUN_NOT_BEGUN = 0, ITP_RUN_WAITING = 1, ITP_RUN_REQUESTED = 2, ITP_RUN_OVER = 3 };

/* Elements to a task: 20 to 100 microseconds of work. */
enum { ITP_TASK_LENGTH = 1 << 15 };

/* As callbacks get it. */
typedef struct itp_roomy_request {
    itp_request known;
    unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_request)];
} itp_roomy_request;

/* Of a batch with a callback `noise`: its arrays, `each` for every one of `turns` steps in turn, what is in them (m +
 * 1, 0: nothing yet), and how often it was asked but for the start. */
typedef struct itp_drawing {
    int32_t turns, each, draws;
    uint32_t *held;
} itp_drawing;

struct itp_sampler {
    const itp_plan *plan;
    itp_memory memory;
    itp_report log;
    itp_env env;         /* its parallel_for */
    itp_batch batch;     /* count, seed, first and seeds are the run's */
    size_t capacity;     /* the count that it was made for */
    itp_float_env *host; /* of the call under way: hooks and parallel_for get the host's back */
    itp_combine_fn combine;
    size_t bytes, stride; /* of the one block that holds everything, 0 where it is the user's; of a slot */
    unsigned char *x, *workspace;
    itp_column *columns; /* room for the longest row */
    itp_noise_term *normals;
    /* Of plans that carry: of the row's terms, which are in the array of what is carried, the same of the next row's,
     * and of the normals that the row draws the coefficients in the next row. */
    unsigned char *carried, *next_carried;
    double *coefs;
    uint64_t *seeds; /* room for those of a run */
    int32_t row, state;
    unsigned char *out2; /* of guided batches: the unconditional output */
    /* Where on_row wants them: the data prediction of the row; its state in row_schedule's coordinates, and the factors
     * that make it, of the state after each row. None of the three arrays matters between rows. */
    unsigned char *data, *scaled;
    double *factors;
    itp_drawing drawing; /* its arrays are the slots after that of what is carried */
};

/* The array of slot i; slot 0 is the caller's x. */
void *itp_sampler_slot(const itp_sampler *sampler, int32_t i);
size_t itp_element_size(int32_t type);

/* carry.c: nothing is carried yet; the columns and normals of a row, and what it carries; the row has run; the array of
 * what is carried, made anew before sampler->row: ITP_OK, or as itp_sampler_combine. */
void itp_sampler_carry_nothing(itp_sampler *sampler);
void itp_sampler_list_row(itp_sampler *sampler, int32_t i, itp_combine *op);
void itp_sampler_carry_on(itp_sampler *sampler);
int itp_sampler_carry_again(itp_sampler *sampler);

/* draws.c, of batches with a callback `noise`; without one all of it does nothing and says 0. How many arrays it takes;
 * what a batch may ask, of any run; of a run that has no use for it; and of a plan. */
itp_drawing itp_drawing_of(const itp_plan *plan, const itp_batch *batch);
size_t itp_drawing_arrays(const itp_drawing *drawing);
int itp_batch_check_noise(const itp_batch *batch, const itp_report *log);
int itp_batch_refuse_noise(const itp_batch *batch, const itp_report *log, const char *run);
int itp_plan_check_noise(const itp_plan *plan, const itp_batch *batch, const itp_report *log);

/* Makes columns of the operation's normals, drawn where they are not yet. 0, the callback's positive answer, or
 * ITP_E_CALLBACK. op->columns is sampler->columns. */
int itp_sampler_draw(itp_sampler *sampler, itp_combine *op);

/* Whether rows read a normal of the start again. */
int itp_plan_reads_start(const itp_plan *plan);

/* Nothing is drawn yet; all that precedes sampler->row is. Whether an array is read, from the row on, before the
 * callback writes it; the start's normals are there from the beginning. */
void itp_sampler_draw_nothing(itp_sampler *sampler);
void itp_sampler_draw_again(itp_sampler *sampler);
int itp_drawing_alive(const itp_plan *plan, const itp_drawing *drawing, int32_t from, int32_t array);

/* The operation of a row, without its arrays. */
itp_combine itp_sampler_operation(const itp_sampler *sampler);

/* The caller's batch with its defaults filled in, and who is told of failures. ITP_E_ARGUMENT: NULL; ITP_E_ABI. */
int itp_batch_read(const itp_batch *batch, itp_batch *known, itp_report *log);

/* ITP_OK when every field is one that a batch can have. */
int itp_batch_check(const itp_batch *batch, const itp_report *log);

/* hooks.c: does the batch need the array out2; the array data; the array scaled and the factors? */
int itp_batch_guided(const itp_batch *batch);
int itp_batch_keeps_data(const itp_batch *batch);
int itp_batch_scales_rows(const itp_batch *batch);
int itp_batch_check_hooks(const itp_batch *batch, const itp_report *log);

/* outputs.c. With check_finite: marks an output of so many samples as unwritten; says what is wrong with one that
 * should be written, and in which sample (NULL: nothing); and the same of a request's outputs, as a status with a
 * sentence. Without it, or where there is no output, they do nothing. */
void itp_output_expect(const itp_batch *batch, size_t count, void *out);
const char *itp_output_fault(const itp_batch *batch, size_t count, const void *out, size_t *sample);
int itp_output_check(const itp_batch *batch, const itp_report *log, const itp_request *request);

/* start.c: the batch's own start, of one for itp_sample; refuses a sampler's batch that has one. */
itp_start itp_batch_start(const itp_batch *batch, void *x);
int itp_batch_check_free(const itp_batch *batch, const itp_report *log);

/* Refuses a start that the sampler cannot have, and takes one that it can: its count, seed, first and seeds. */
int itp_sampler_check_start(const itp_sampler *sampler, const itp_start *start);
void itp_sampler_take_start(itp_sampler *sampler, const itp_start *start);

/* itp_sampler_new, for a batch that may have a start. */
int itp_sampler_make(const itp_plan *plan, const itp_batch *batch, int may_start, itp_sampler **out);

/* Fills sampler->factors, where there is room for them, and forgets row_schedule. */
int itp_sampler_find_factors(itp_sampler *sampler);

/* The request's outputs are there: guidance and the data hook; and, after the row, the row hook. 0, the hook's positive
 * answer, or an error. */
int itp_sampler_before(const itp_sampler *sampler, const itp_request *request);
int itp_sampler_after(const itp_sampler *sampler, const itp_request *request, const void *state);

/* The whole operation, in the tasks of the environment's parallel_for where there is one. ITP_E_CALLBACK: it failed,
 * and the run is over. */
int itp_sampler_combine(itp_sampler *sampler, const itp_combine *op);

/* ITP_E_ARGUMENT, with a sentence in the sampler's log. */
int itp_sampler_refuse(const itp_sampler *sampler, const char *sentence);

#endif
