/* Adaptive runs inside the library: a walker per sample, and what they share. */
#ifndef ITP_ADAPTIVE_ADAPTIVE_H
#define ITP_ADAPTIVE_ADAPTIVE_H

#include <interp/adaptive.h>

#include "kernels/kernels.h"
#include "sampler/sampler.h"
#include "solver/drift.h"
#include "solver/solver.h"

/* How the path ends: with a slope at the end; without one, so that the last step must not evaluate it; or before the
 * end, which one step along the last velocity then reaches. */
enum { ITP_END_REGULAR = 0, ITP_END_OPEN = 1, ITP_END_SHORT = 2 };

/* What a walker's next output is: the slope at its state, the probe for the length of the first step, a stage. */
enum { ITP_WALK_SLOPE = 0, ITP_WALK_PROBE = 1, ITP_WALK_STAGE = 2 };

/* A landing has the slopes of its stages and one that it makes of them for its end. */
enum { ITP_LANDING_SLOPES = 4, ITP_LANDING_END_SLOPE = 3, ITP_WALKER_SLOPES = ITP_STAGES_MOST + 1 };

typedef struct itp_walker_counts {
    int32_t accepted, rejected, evaluations;
} itp_walker_counts;

/* What the controller remembers. */
typedef struct itp_walker_control {
    double h;             /* the length to try next, in the sampling schedule's t; 0: not known yet */
    double error[2];      /* of the last two accepted steps, newest first */
    double norm[2];       /* of the state and of its slope, while the first length is sought */
    int32_t was_rejected; /* the last step was */
} itp_walker_control;

/* The step under way, from the walker's state. Length and times are those of the schedule that it goes along. */
typedef struct itp_walker_step {
    itp_node to;            /* its end */
    double length;          /* negative when the run goes backward */
    double scale, to_scale; /* alpha + beta at both ends */
    int32_t stage;          /* the stage under way */
    int32_t last;           /* 1: it reaches the end of the run */
} itp_walker_step;

/* The last step onto an end that has no slope. */
typedef struct itp_walker_landing {
    int32_t
        begun;    /* 1: the state and its slope are in the linear schedule's coordinates, and the step is the landing */
    double reach; /* after a failed landing: from where to try again */
    double length, error; /* the last failed landing: its length in u, and its error; 0: none has failed */
} itp_walker_landing;

/* The last accepted step, from which states between its ends are made. It ended at the walker's state. */
typedef struct itp_walker_completed {
    itp_node from;
    double t;          /* where it began, in the sampling schedule's t */
    double *x, *slope; /* [dim] each, at its start */
    double *bend;      /* [dim], what the pair's interpolant has beyond the cubic one */
    int32_t end_slope; /* which of the walker's slopes is that at its end */
} itp_walker_completed;

/* The evaluation that a walker waits for. */
typedef struct itp_walker_evaluation {
    itp_node at;
    itp_drift_at drift;
} itp_walker_evaluation;

/* One sample's integration. States and slopes are double, in the coordinates and the time of the schedule that the
 * walker goes along: the one sampled under or, while landing, the linear one. */
typedef struct itp_walker {
    int32_t status;  /* ITP_EVALUATE: under way */
    int32_t phase;   /* what its next output is: ITP_WALK_* */
    int32_t stepped; /* the last output brought it to a state of its own */
    int32_t output;  /* number of the next output time */
    double t;        /* of the state, by the sampling schedule */
    itp_node at;     /* of the state */
    double *x;       /* [dim], the state */
    double *next;    /* [dim], the state whose slope is evaluated in a step, in the end its result */
    double *slope[ITP_WALKER_SLOPES];
    itp_walker_counts counts;
    itp_walker_control control;
    itp_walker_step step;
    itp_walker_landing landing;
    itp_walker_completed completed;
    itp_walker_evaluation evaluation;
    double *scratch; /* [dim], of the task that works on the walker */
    const char *why; /* of a walker that has failed: the sentence, until it is logged */
} itp_walker;

/* What a request says of each of its walkers: the time, the position and the scale of guidance of its evaluation, and
 * the factors of its data prediction. */
enum {
    ITP_OF_TIME = 0,
    ITP_OF_POSITION = 1,
    ITP_OF_GUIDANCE = 2,
    ITP_OF_DATA_STATE = 3,
    ITP_OF_DATA_OUTPUT = 4,
    ITP_OF_WALKER = 5
};

/* Arrays with an element for each walker of a request, or for each of those that made a step. */
typedef struct itp_walkers {
    uint64_t *index;
    double *of[ITP_OF_WALKER];
} itp_walkers;

typedef struct itp_adaptive {
    itp_sampler *sampler;
    itp_adaptive_desc desc;
    const void *given;           /* the caller's description, while the sampler is made */
    const itp_schedule *kept[3]; /* kept while the sampler lives */
    itp_plan_info info;          /* of the start */
    itp_network model;
    const itp_schedule *sampling;
    itp_schedule reaching; /* of `sampling`, where it had to be made to reach the network's noise end */
    itp_rk_tableau pair;   /* of all steps but a landing; a caller's numbers lie in `numbers` */
    double *numbers;
    itp_combine_fn combine; /* of double */
    itp_node start, end;    /* of the error-controlled part */
    int32_t ending;
    int32_t unread; /* the status of reading the caller's description */
    int32_t output_count;
    int32_t owns_pair; /* 1: the pair is the caller's */
    double direction;  /* 1 or -1 */
    const double *output_times;
    unsigned char *output_states;
    size_t active, slopes; /* walkers under way; slopes of a walker */
    itp_walker *walkers;
    itp_walkers asked, stepped; /* [count]; stepped: with on_row */
    size_t stepped_count;
    double *arrays, *scratch; /* of the walkers; [dim], with parallel_for one for each task */
    unsigned char *x, *out, *shown;
} itp_adaptive;

/* How many walkers a task takes over, of a batch of this kind. */
size_t itp_adaptive_share(const itp_batch *batch);

/* create.c: puts the defaults in. Afterwards 0 is no tolerance and no limit of evaluations, and a reversed run goes
 * from u_start to u_end. */
void itp_adaptive_fill_in(itp_adaptive_desc *d);

/* create.c: the engine's functions that make a sampler. */
int itp_adaptive_check(itp_sampler *sampler);
void itp_adaptive_place(itp_sampler *sampler, itp_block *block);
int itp_adaptive_prepare(itp_sampler *sampler);
void itp_adaptive_release(itp_sampler *sampler);

/* keep.c: saved states. */
uint64_t itp_adaptive_fingerprint(const itp_sampler *sampler);
void itp_adaptive_keep(itp_sampler *sampler, itp_store *store);

/* path.c: finds the run's start, end and ending. */
int itp_adaptive_path(itp_adaptive *run);

/* alpha + beta of a schedule at its time t. */
int itp_adaptive_scale_at(const itp_schedule *along, double t, double *scale);

/* The factor from the coordinates of `along` at a node to those of another schedule, or of the network's; at w = 0 to
 * the data themselves. */
int itp_adaptive_convert(const itp_schedule *along, const itp_node *at, const itp_schedule *to, double *factor);
int itp_adaptive_to_network(const itp_adaptive *run, const itp_schedule *along, const itp_node *at, double *factor);

/* next = sum over the columns; dim elements. */
void itp_adaptive_sum(const itp_adaptive *run, const itp_column *columns, int32_t count, double *next);

/* Copies with a factor between double and the batch's type. */
void itp_adaptive_load(const itp_adaptive *run, double factor, const void *from, double *to);
void itp_adaptive_store(const itp_adaptive *run, double factor, const double *from, void *to);

/* The bytes of a sample in the batch's arrays; the number of a walker's sample. */
size_t itp_adaptive_bytes(const itp_adaptive *run);
size_t itp_adaptive_number(const itp_adaptive *run, const itp_walker *walker);

/* Ends a walker with an error, which is logged later, as this may run on another thread. Returns `status`. */
int itp_adaptive_fail(itp_walker *walker, int status, const char *why);

/* pair.c: the pair of the walker's step and the schedule that it goes along. */
const itp_rk_tableau *itp_walker_pair(const itp_adaptive *run, const itp_walker *walker);
const itp_schedule *itp_walker_along(const itp_adaptive *run, const itp_walker *walker);

/* walker.c: the walker begins at x and goes to its first evaluation; from an output to the next evaluation. */
void itp_walker_begin(const itp_adaptive *run, itp_walker *walker, const void *x);
void itp_walker_answer(const itp_adaptive *run, itp_walker *walker, const void *out);

/* evaluate.c. The walker waits for an evaluation at a node, unless it has failed; ITP_WALK_SLOPE evaluates x, the other
 * phases `next`. */
void itp_walker_request(const itp_adaptive *run, itp_walker *walker, int32_t phase, const itp_node *at);
/* Writes the state to be evaluated; makes the slope of an output. */
void itp_walker_ask(const itp_adaptive *run, const itp_walker *walker, void *x);
void itp_walker_take_output(const itp_adaptive *run, itp_walker *walker, const void *out);
/* next = x + length (sum of weight slope), of the step under way. */
void itp_walker_combine(const itp_adaptive *run, itp_walker *walker, const double *weight, int32_t slopes);
/* Ends a walker with the sentence of a status. */
void itp_walker_fail(itp_walker *walker, int status);

/* step.c: with the slope and the length to try, and with the output of a stage, steps are made until an evaluation is
 * needed or the walker is at its end. */
void itp_walker_make_steps(const itp_adaptive *run, itp_walker *walker);
void itp_walker_finish_stage(const itp_adaptive *run, itp_walker *walker);

/* landing.c. Is it time for one, where the next step has this length and so much is left? */
int itp_landing_is_due(const itp_adaptive *run, const itp_walker *walker, double length, double left);
/* Changes the coordinates to the linear schedule's. */
int itp_landing_begin(const itp_adaptive *run, itp_walker *walker);
/* Makes the slope at the end: the quadratic through those of the stages. */
void itp_landing_end_slope(const itp_adaptive *run, itp_walker *walker);
/* Takes back a landing whose error is too large. 0: the walker has failed. `length`: of the landing, and `least`, of
 * the smallest step, in the sampling schedule's t. */
int itp_landing_reject(const itp_adaptive *run, itp_walker *walker, double error, double length, double least);

/* arrive.c: writes the sample of a walker at the end of its run. */
void itp_walker_arrive(const itp_adaptive *run, itp_walker *walker);

/* control.c: the error norm of the step under way, the factor from its length to the next one's, the least length. */
double itp_control_error(const itp_adaptive *run, const itp_walker *walker);
double itp_control_factor(const itp_adaptive *run, const itp_walker *walker, double error, int accepted);
double itp_control_floor(const itp_adaptive *run, double t);
/* Root mean square of dim values, each over atol + rtol |state|, in the linear schedule's coordinates. */
double itp_control_norm(const itp_adaptive *run, const itp_walker *walker, const double *values);
/* The first step's length: a guess to probe with, and the length from the probe's slope. */
double itp_control_guess(const itp_adaptive *run, itp_walker *walker);
double itp_control_first(const itp_adaptive *run, const itp_walker *walker, double guess);

/* dense.c: keeps the sum of the step's slopes that the interpolant needs, before the slopes are written over. */
void itp_walker_bend(const itp_adaptive *run, itp_walker *walker);

/* 1 where t is outside the last accepted step; writes the state at a t inside, in the network's coordinates. */
int itp_walker_outside(const itp_adaptive *run, const itp_walker *walker, double t);
int itp_walker_interpolate(const itp_adaptive *run, const itp_walker *walker, double t, void *out);

/* Writes the outputs that lie in the last accepted step. */
void itp_walker_outputs(const itp_adaptive *run, itp_walker *walker);

#endif
