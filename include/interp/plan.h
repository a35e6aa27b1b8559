/* Plans: a network, a sampling schedule, a solver and a budget of evaluations, turned into rows of numbers.
 *
 * Row i, i = 0 .. rows-1: evaluate the network at the state Y_i with `time`, giving F_i; then
 *     Y_{i+1} = sum_j p_j Y_j + sum_j q_j F_j + sum_m g_m xi_m,   j <= i,
 * and, where the row says so, F_i is replaced by a Y_i + b F_i for the rows after it ("keep"). xi_m is the m-th
 * standard normal vector of the sample. Y_0 = start_scale xi_0 unless the caller gives it. Y is always in the
 * coordinates of the network's input; the last state of a plan that ends at u = 1 is the data themselves. A program
 * that runs these rows with its own kernels gets the sampler's numbers.
 *
 * A plan never changes after creation, may be shared by threads, and knows no sizes: one plan serves any batch.
 */
#ifndef INTERP_PLAN_H
#define INTERP_PLAN_H

#include <interp/prediction.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct itp_plan itp_plan;

enum {
    ITP_SOLVER_DEFAULT = 0,         /* euler for k = 0, euler-maruyama for k > 0 */
    ITP_SOLVER_EULER = 1,           /* "euler": order 1, 1 evaluation per step */
    ITP_SOLVER_MIDPOINT = 2,        /* "midpoint": order 2, 2 evaluations */
    ITP_SOLVER_HEUN = 3,            /* "heun": order 2, 2 evaluations */
    ITP_SOLVER_RK4 = 4,             /* "rk4": order 4, 4 evaluations */
    ITP_SOLVER_AB2 = 100,           /* "ab2": Adams-Bashforth, variable step, 1 evaluation, lower order at the start */
    ITP_SOLVER_AB3 = 101,           /* "ab3" */
    ITP_SOLVER_AB4 = 102,           /* "ab4" */
    ITP_SOLVER_EULER_MARUYAMA = 200 /* "euler-maruyama": k >= 0, noise with exact variance increments */
};

enum {
    ITP_GRID_TIME = 1,   /* "time": uniform in the sampling schedule's t */
    ITP_GRID_U = 2,      /* "u": uniform in u = beta/(alpha+beta) */
    ITP_GRID_LAMBDA = 3, /* "lambda": uniform in log r; an end at infinity is stepped to from lambda_low, lambda_high */
    ITP_GRID_SHIFT = 4,  /* "shift": uniform in u, then sigma = 1 - u -> shift sigma/(1 + (shift-1) sigma) (SD3,
                            FLUX) */
    ITP_GRID_USER_TIME = 0x1000, /* "user-time": nodes[] are times of the sampling schedule */
    ITP_GRID_USER_U = 0x1001     /* "user-u": nodes[] are positions u */
};

enum { ITP_START_EVALUATE = 0, ITP_START_CENTRED = 1 };
enum { ITP_LAST_DATA = 0, ITP_LAST_NOISE = 1 };
enum { ITP_SINGULAR_FLOW = 0, ITP_SINGULAR_ERROR = 1 };

/* k as a function of the position u; must be finite and >= 0. Called while a plan is made. */
typedef double(ITP_CALL *itp_k_fn)(void *user, double u);

typedef struct itp_plan_desc {
    size_t size;
    const itp_allocator *allocator; /* NULL: malloc; copied */
    const itp_log *log;             /* NULL: silent; used during the call only */
    const itp_model_desc *model;    /* NULL: a velocity network trained on the linear schedule, given t */
    const itp_schedule *schedule;   /* to sample under; NULL: the model's own */
    int32_t solver;                 /* ITP_SOLVER_* */
    int32_t evaluations;            /* the budget, 1 .. 100000; a solver with two per step makes half as many steps.
                                       User grids do not read it: node_count - 1 is the number of steps */
    int32_t grid;                   /* ITP_GRID_* */
    int32_t node_count;             /* user grids: steps + 1 */
    const double *nodes;            /* user grids: increasing */
    double shift;                   /* > 0 */
    double lambda_low, lambda_high; /* lambda grid: first and last node where the range has an infinite end */
    double u_start, u_end;          /* part of the path, 0 <= u_start < u_end <= 1. u_start 0: the noise end of both
                                       schedules, even if that is not at u = 0 (VP-SDE, tables, VE) */
    double k;                       /* diffusion eps = k eps*; 0: the flow (ODE), 1: the statistically optimal SDE */
    itp_k_fn k_fn;                  /* used instead of k where not NULL */
    void *k_user;
    int32_t start;    /* point mass start: ITP_START_EVALUATE spends an evaluation at u = 0; ITP_START_CENTRED takes the
                         data's mean to be zero and spends none */
    int32_t last;     /* last step of an SDE: ITP_LAST_DATA lands on the data prediction, without noise (its noise would
                         be left in the sample); ITP_LAST_NOISE keeps it, right only for Gaussian data */
    int32_t singular; /* at a node where the drift has no finite limit (k > 0 at u = 0 outside point mass schedules,
                         say): ITP_SINGULAR_FLOW makes that step with k = 0, in the schedule's t or, where the flow is
                         singular too, by Euler's method in u; a Runge-Kutta step with such a stage becomes an Euler
                         step. ITP_SINGULAR_ERROR returns ITP_E_SINGULAR instead. */
    int32_t reserved; /* 0 */
} itp_plan_desc;
#define ITP_PLAN_DESC_INIT \
    { \
        sizeof(itp_plan_desc), 0, 0, 0, 0, ITP_SOLVER_DEFAULT, 8, ITP_GRID_TIME, 0, 0, 1.0, -5.0, 5.0, 0.0, 1.0, 0.0, \
            0, 0, ITP_START_EVALUATE, ITP_LAST_DATA, ITP_SINGULAR_FLOW, 0 \
    }
ITP_API int itp_plan_desc_init(void *desc, size_t size);

/* Makes a plan. *out is NULL on failure. ITP_E_UNSUPPORTED: unknown ids, an ODE solver with k > 0; ITP_E_GRID: nodes
 * not increasing, outside a schedule's range; ITP_E_BUDGET: too few evaluations for one step; ITP_E_SINGULAR: see
 * above. */
ITP_API int itp_plan_new(const itp_plan_desc *desc, itp_plan **out);
/* NULL is allowed. Samplers point to their plan: free it after them. */
ITP_API void itp_plan_free(itp_plan *plan);

ITP_API int32_t itp_solver_find(const char *name);
ITP_API const char *itp_solver_name(int32_t id);
ITP_API int32_t itp_solver_id(int32_t i);
ITP_API int32_t itp_grid_find(const char *name);
ITP_API const char *itp_grid_name(int32_t id);
ITP_API int32_t itp_grid_id(int32_t i);

typedef struct itp_plan_info {
    size_t size;
    int32_t rows;    /* network evaluations */
    int32_t steps;   /* steps of the solver */
    int32_t slots;   /* arrays of dim elements per sample that running it needs: slot 0 is the caller's x */
    int32_t normals; /* indices m of xi_m are below this; xi_0 is the start */
    double start_scale;
    double u_start, u_end;
    int32_t solver; /* as resolved: never ITP_SOLVER_DEFAULT */
    int32_t reserved;
} itp_plan_info;
#define ITP_PLAN_INFO_INIT \
    { sizeof(itp_plan_info), 0, 0, 0, 0, 0, 0, 0, 0, 0 }
ITP_API int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out);

/* Experimental until the first release. */
enum { ITP_COLUMN_STATE = 0, ITP_COLUMN_OUTPUT = 1, ITP_COLUMN_NORMAL = 2 };
typedef struct itp_term {
    int32_t column; /* ITP_COLUMN_* */
    int32_t index;  /* Y_index, F_index (as kept, where an earlier row kept it), xi_index */
    int32_t slot;   /* array that holds it when the row runs; -1 for a normal */
    int32_t reserved;
    double coef;
} itp_term;
typedef struct itp_plan_row {
    size_t size;
    double time;           /* what the network is given */
    double u, t;           /* where: position on the path, time of the sampling schedule */
    const itp_term *terms; /* of Y_{i+1}; owned by the plan */
    int32_t term_count;
    int32_t keep; /* 1: after the row F_i becomes keep_state Y_i + keep_output F_i */
    double keep_state, keep_output;
    int32_t x_slot, out_slot, next_slot, reserved; /* of Y_i, F_i, Y_{i+1} */
} itp_plan_row;
#define ITP_PLAN_ROW_INIT \
    { sizeof(itp_plan_row), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
/* ITP_E_RANGE when i is not a row. */
ITP_API int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out);

/* Writes the plan as text, at most `capacity` bytes with the final 0, into `text` (which may be NULL when capacity is
 * 0); *needed, where not NULL, gets the bytes of the whole text with its final 0. */
ITP_API int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
