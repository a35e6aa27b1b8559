/* Plans: a network, a sampling schedule, a solver and a budget of evaluations, turned into rows of numbers.
 *
 * Row i, i = 0 .. rows-1: evaluate the network at the state Y_i with `time`, giving F_i; then
 *     Y_{i+1} = sum_j p_j Y_j + sum_j q_j F_j + sum_m g_m xi_m,   j <= i,
 * and, where the row says so, F_i is replaced by a Y_i + b F_i for the rows after it ("keep"). xi_m is the m-th
 * standard normal vector of the sample. Y_0 = start_scale xi_0 (or the start's own terms, see itp_plan_info) unless
 * the caller gives it. Y is always in the coordinates of the network's input; the last state of a plan that ends at u =
 * 1 is the data themselves. A program that runs these rows with its own kernels gets the sampler's numbers.
 *
 * To the last bit it gets them by the sampler's order: the columns, as the row lists them, then the normals. Of a
 * Brownian path's, m >= 2^29, those that the row before has drawn have a sum of their own, rounded to the arrays'
 * type, which comes first; the others are drawn by the row. So each is drawn once for two rows, and again for a third.
 *
 * A plan never changes after creation, may be shared by threads, and knows no sizes: one plan serves any batch.
 */
#ifndef INTERP_PLAN_H
#define INTERP_PLAN_H

#include <interp/diffusion.h>
#include <interp/grid.h>
#include <interp/model.h>
#include <interp/solver.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A plan: rows of numbers, one for each evaluation of the network. It never changes, and threads may share it. */
typedef struct itp_plan itp_plan;

/* Where a plan's normals come from. PATH: every step takes the increment of the sample's Brownian path (noise.h), a
 * combination of some dozens of normals (fewer where nodes are dyadic on the path's clock): the same seed gives the
 * same path whatever the schedule, the solver and the number of steps. The increments have their exact law and add up;
 * a plan's own start and end inside the path are resolved to rounding, its other nodes down to about 2^-4 of their
 * distance to the nearest other one, or less where steps are short or take several evaluations (docs/sde.md): what is
 * below is two normals of the node's own, near to those of the path. STEPS: a fresh normal for each draw, xi_{i+1} in
 * step i, a second one xi_{steps+i+1}: the least work. */
enum { ITP_NOISE_PATH = 0, ITP_NOISE_STEPS = 1 };
/* Point mass starts: EVALUATE spends an evaluation at u = 0; CENTRED takes the data's mean to be zero and spends none.
 * */
enum { ITP_START_EVALUATE = 0, ITP_START_CENTRED = 1 };
/* The last step of an SDE: DATA lands on the data prediction, without noise (its noise would be left in the sample);
 * NOISE keeps it, right only for Gaussian data. */
enum { ITP_LAST_DATA = 0, ITP_LAST_NOISE = 1 };
/* At a node where the drift has no finite limit (k > 0 at u = 0 outside point mass schedules, say): FLOW makes that
 * step with k = 0, in the schedule's t or, where the flow is singular too, by Euler's method in u; a Runge-Kutta step
 * with such a stage becomes an Euler step. So does it where the drift is too steep for the length of the step, near
 * such a node; but a step from further inside that only k makes too steep is one of exponential-sde. ERROR returns
 * ITP_E_SINGULAR instead, and replaces no steep step. */
enum { ITP_SINGULAR_FLOW = 0, ITP_SINGULAR_ERROR = 1 };
/* Whether the network is evaluated at the data end, u = 1 (as a float32), which training hardly visits. INSIDE: never,
 * but at the start of a reversed plan. A Runge-Kutta step to it with a stage there is made by a method of the next
 * lower order whose stages lie before it: the last step of heun and stochastic-heun is Euler's, that of rk4 and rk38 is
 * Ralston's of order 3, that of tsit5 and dopri5 has order 4 in 5 stages; the order of convergence stays. EVALUATE: it
 * is, where the solver has a stage there and the drift a limit. */
enum { ITP_ENDS_INSIDE = 0, ITP_ENDS_EVALUATE = 1 };

/* What a plan is made from. Zero is the default of every field. All that is pointed to is read while the plan is made.
 * */
typedef struct itp_plan_desc {
    size_t size;
    const itp_env *env;             /* memory, log, error; NULL: malloc, silent */
    const itp_model *model;         /* the network (model.h); NULL: velocity, trained on the linear schedule, given t */
    const itp_schedule *schedule;   /* to sample under; NULL: the model's own */
    const itp_solver *solver;       /* solver.h; NULL: "euler", with noise "euler-maruyama" */
    const itp_grid *grid;           /* grid.h; NULL: "time", the whole path */
    const itp_diffusion *diffusion; /* diffusion.h; NULL: none, the flow (ODE) */
    int32_t evaluations;            /* the budget, 1 .. 100000; 0: 8, and beside nodes of the caller's no limit. As many
                                       rows are made, in as few steps as can make them. What full steps do not spend,
                                       shorter ones do: Runge-Kutta methods shorten their longest steps from the first
                                       on, exponential ones, as DPM-Solver does, their last ones. Beside nodes it is at
                                       least the number of steps, and no more than these can spend */
    int32_t noise;                  /* ITP_NOISE_* */
    int32_t start;                  /* ITP_START_* */
    int32_t last;                   /* ITP_LAST_* */
    int32_t singular;               /* ITP_SINGULAR_* */
    int32_t ends;                   /* ITP_ENDS_* */
} itp_plan_desc;
#define ITP_PLAN_DESC_INIT ITP_INIT(itp_plan_desc)

/* Makes a plan, the caller's to give back with itp_plan_free. *out is NULL on failure. ITP_E_UNSUPPORTED: unknown
 * ids, an ODE solver with k > 0, a field that is not its default and that nothing chosen here reads (rho with grid
 * "time", eta with "ddim", s_noise with eta 0, u_start beside nodes); ITP_E_RANGE: a number outside its range;
 * ITP_E_GRID: nodes not increasing, outside a schedule's range; ITP_E_BUDGET: no evaluation, or fewer than the nodes
 * make steps; ITP_E_SINGULAR: see above, and itp_plan_info.amplification; ITP_E_ARGUMENT: a pointer that it needs is
 * NULL; ITP_E_MEMORY; ITP_E_SCHEDULE: a schedule's callbacks; ITP_E_CALLBACK, and > 0: what a callback returned.
 * Callbacks are called on this thread, during this call. Any thread. */
ITP_API int itp_plan_new(const itp_plan_desc *desc, itp_plan **out);
/* Whether a plan of this description reads a field of it, whatever its value: "eta", say. ITP_OK: it does;
 * ITP_E_UNSUPPORTED: it does not, and the environment has the sentence that itp_plan_new refuses the field with where
 * its value is not its default. ITP_E_ARGUMENT: no setting has that name, or it is NULL. What else is wrong with the
 * description comes first, as of itp_plan_new. Any thread. */
ITP_API int itp_plan_reads(const itp_plan_desc *desc, const char *field);
/* Gives it back. NULL is allowed. Samplers and fits hold their plan: free it whenever you like, on any thread. */
ITP_API void itp_plan_free(itp_plan *plan);

enum { ITP_SOLVER_NAME = 64 }; /* names are cut to fit so many bytes with their final 0 */
/* A plan, but for its rows. */
typedef struct itp_plan_info {
    size_t size;
    int32_t rows;          /* network evaluations */
    int32_t steps;         /* steps of the solver */
    int32_t slots;         /* arrays of dim elements per sample that running it needs: slot 0 is the caller's x */
    int32_t normals;       /* indices m of xi_m are below this; xi_0 is the start. With ITP_NOISE_PATH they are a few
                           dozens out of 2^29 .. 2^31 - 1 (noise.h), and this is no count of anything */
    double start_scale;    /* standard deviation of the noise in Y_0 */
    double u_start, u_end; /* positions that the plan goes from and to */
    int32_t reserved;
    int32_t carries;   /* 1: rows read normals of a Brownian path that the row before reads, too. A sampler has an array
                          more, besides `slots`, in which a row sums up for the next one what it draws */
    double start_data; /* for a start from data X: Y_0 = start_data X + start_scale xi_0 (ITP_X_DATA) */
    double end_scale;  /* of the last state, see itp_plan_row; 1 at u = 1: the data themselves */
    const struct itp_term *start_terms; /* Y_0 as a sum of normals instead of start_scale xi_0, as centred starts with
                                           ITP_NOISE_PATH have it; owned by the plan */
    int32_t start_term_count;           /* 0: start_scale xi_0 */
    int32_t starts_inside; /* 1: at its start a state holds data beside the noise, markedly more than at the network's
                              own noise end: it is meant for ITP_X_DATA or ITP_X_GIVEN */
    int32_t unspent;       /* evaluations of the budget that no step can make, as the grid has too few nodes */
    int32_t reserved2;
    const char *solver;   /* the name of the method, "runge-kutta" for a tableau of the caller's, "rows" for rows
                             that no solver of the library's made; owned by the plan */
    double amplification; /* what the plan makes of errors, for the exact networks of N(0, v) data, v = 1/2 and 1/64:
                             the largest of two numbers, the sum over all evaluations of how far the result moves when
                             the output there is off by its own size, and the variance of the result. 1 to 10 in most
                             plans; above 100 itp_plan_new warns; where both v give 2^52 there is no plan */
} itp_plan_info;
#define ITP_PLAN_INFO_INIT ITP_INIT(itp_plan_info)

/* What there is to know of a plan besides its rows. Writes at most out->size bytes; what the pointers in it point to
 * belongs to the plan. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out);

/* What a term is of: a state Y, an output F of the network, a normal xi. */
enum { ITP_COLUMN_STATE = 0, ITP_COLUMN_OUTPUT = 1, ITP_COLUMN_NORMAL = 2 };
/* coef times a column, a summand of a row. */
typedef struct itp_term {
    int32_t column; /* ITP_COLUMN_* */
    int32_t index;  /* Y_index, F_index (as kept, where an earlier row kept it), xi_index */
    int32_t slot;   /* array that holds it when the row runs; -1 for a normal */
    int32_t reserved;
    double coef; /* what the column is multiplied by */
} itp_term;
/* Row i: the evaluation of the network at Y_i that gives F_i, and the sum of terms that Y_{i+1} then is. */
typedef struct itp_plan_row {
    size_t size;
    double time;                                   /* what the network is given */
    double u, t;                                   /* where: position on the path, time of the sampling schedule */
    const itp_term *terms;                         /* of Y_{i+1}; owned by the plan */
    int32_t term_count;                            /* of `terms` */
    int32_t keep;                                  /* 1: after the row F_i becomes keep_state Y_i + keep_output F_i */
    double keep_state, keep_output;                /* read where keep is 1 */
    int32_t x_slot, out_slot, next_slot, reserved; /* of Y_i, F_i, Y_{i+1} */
    double data_state, data_output; /* the data prediction here is data_state Y_i + data_output F_i (F_i as the network
                                       returned it); both 0 where one of them has no finite limit */
    double scale;        /* alpha + beta of the network's schedule here: Y_i = scale ((1 - u) Z + u X) on the path */
    int32_t step, steps; /* the solver's step that the row is part of, of how many */
    int32_t ends_step;   /* 1: Y_{i+1} is where that step ends. 0: a stage between two nodes or, with stochastic-heun,
                            sea, shark and churned steps, that end with the noise added at which the next step begins */
    int32_t reserved2;
} itp_plan_row;
#define ITP_PLAN_ROW_INIT ITP_INIT(itp_plan_row)

/* Rows that somebody else found: a plan to be made of them. */
typedef struct itp_plan_rows {
    size_t size;
    const itp_env *env;       /* NULL: malloc, silent */
    const itp_plan_row *rows; /* copied with their terms, which stand in this order: states, outputs, normals, each
                                       by increasing index; each row has the size that the first one says. The slots
                                       need not be there. 0 is the default of `scale` (1) and, where keep is 0, of
                                       keep_output (1) */
    int32_t row_count;        /* 1 .. 1000000 */
    int32_t steps;            /* 0: every row is a step, and need not say so */
    double start_scale, start_data; /* as in itp_plan_info; without these two and start_terms it is Y_0 = xi_0 */
    double u_start, u_end;          /* both 0: the whole path, 0 to 1 */
    double end_scale;               /* 0: 1 */
    const itp_term *start_terms;    /* normals by increasing index; copied */
    int32_t start_term_count;       /* of start_terms */
    int32_t starts_inside;          /* as in itp_plan_info */
    const char *solver;             /* what made them, for itp_plan_info; NULL: "rows". Copied */
} itp_plan_rows;
#define ITP_PLAN_ROWS_INIT ITP_INIT(itp_plan_rows)

/* Makes a plan of rows, a program's own or those that another plan has: with all of them, and its info, it runs to the
 * same bits. Slots, the number of normals, what is carried and the amplification are found out; an amplification above
 * 100 is a warning. *out is NULL on failure, and the sentence names row and term ("rows[3].terms[1]: ...").
 * ITP_E_RANGE: a number that is not finite or not in its range, a column that does not exist yet or stands out of
 * order; ITP_E_UNSUPPORTED: an unknown column, keep_state without keep; ITP_E_ARGUMENT: an array is NULL; ITP_E_SIZE,
 * ITP_E_NEWER: a row's size; ITP_E_SINGULAR: see itp_plan_info.amplification; ITP_E_MEMORY. Any thread. */
ITP_API int itp_plan_from_rows(const itp_plan_rows *rows, itp_plan **out);

/* Row i, 0 <= i < itp_plan_info.rows, else ITP_E_RANGE. Writes at most out->size bytes; the terms belong to the plan.
 * ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out);

/* Where a fitted plan (fit.h) comes from; saved and loaded with it. Errors are root mean squares to the converged end
 * point, before and after the fit, on the seeds fitted on and on those held out. */
enum { ITP_ORIGIN_NAME = 64 };
typedef struct itp_plan_origin {
    size_t size;
    char network[ITP_ORIGIN_NAME]; /* as the user named it, with a final 0; cut where it is longer */
    uint64_t seed, first;          /* of the first seed, where there is a range of them */
    uint64_t count, held_out;      /* seeds in all, and how many of them only chose; count 0: not a fitted plan */
    double before, before_held_out, after, after_held_out; /* the errors */
    double guidance, guidance_low, guidance_high;          /* that it was fitted with; samplers of another one warn */
    double ridge;                                          /* damping of the last step */
    uint64_t test;                                         /* so many more seeds chose nothing; 0: none */
    double before_test, after_test;                        /* errors on these; 0: not judged */
    double guidance_most; /* that it was fitted with all scales up to, from `guidance` on; 0: with the one */
} itp_plan_origin;
#define ITP_PLAN_ORIGIN_INIT ITP_INIT(itp_plan_origin)

/* Where a plan comes from; count 0: it is not a fitted one. Writes at most out->size bytes. ITP_E_ARGUMENT: a NULL
 * pointer; ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out);

/* The states of a plan in the coordinates of `schedule` (NULL: linear): the state that row i evaluates, or for i = rows
 * the last one, lies at its time *t and is *factor times Y_i; 0 at a point mass. The factor is exact on the path and
 * therefore on every converted one: X~_t = c X_tau (2602.03789). ITP_E_RANGE: no such state, or the schedule does not
 * reach it; ITP_E_ARGUMENT: plan, t or factor is NULL; ITP_E_UNSUPPORTED: the schedule of a name that nothing has. Any
 * thread. */
ITP_API int itp_plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t,
                                 double *factor);

/* The plan under `schedule` (NULL: linear) that makes the same process: its states are c times those of `plan` at
 * corresponding times, step by step and not only in the limit. As states are held in the network's coordinates, it has
 * the same rows, with the times t of `schedule`. (A plan made anew under `schedule`, with the same k, nodes and
 * ITP_NOISE_PATH, is another discretisation of that process and converges to it.) Its memory comes from where `plan`
 * has its own. *out is NULL on failure: ITP_E_RANGE: the schedule does not reach a row; ITP_E_ARGUMENT: a NULL pointer;
 * ITP_E_UNSUPPORTED: the schedule of a name that nothing has; ITP_E_MEMORY. Any thread. */
ITP_API int itp_plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out);

/* Writes the rows of a plan as a table to read, for itp_plan_print and itp_plan_to_json to be read again: at most
 * `capacity` bytes with the final 0, cut to fit, into `text` (which may be NULL when capacity is 0); *needed, where not
 * NULL, gets the bytes of the whole text with its final 0. ITP_E_ARGUMENT: plan is NULL, or text where capacity is not
 * 0. Any thread. */
ITP_API int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
