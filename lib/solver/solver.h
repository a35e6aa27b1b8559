/* Solvers: one step each, as in the textbook, on forms. */
#ifndef ITP_SOLVER_SOLVER_H
#define ITP_SOLVER_SOLVER_H

#include <interp/solver.h>

#include "base/field.h"
#include "solver/stage.h"

/* x, the state at node a, becomes the state at node b; where solving->status is set, anything. */
typedef void itp_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b);

/* How many evaluations the step from a to b makes where it may make `most`, 1 to all of the method's. A method of
 * several stages ends in a shorter one of its kind where it may not make them all, or where a stage would lie where
 * there is nothing to evaluate. */
typedef int32_t itp_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b);

enum { ITP_TAKES_K = 1, ITP_OWN_NOISE = 2 };

/* The variable of an exponential method. From u = 0 all nodes are infinitely far in lambda, but not in -log sigma. */
enum { ITP_IN_LAMBDA = 1, ITP_IN_SIGMA = 2 };

enum { ITP_PRESET_NONE = 0, ITP_PRESET_ALPHAFOLD_3 = 1 };

/* What a struct itp_solver says of it, beside the order. */
typedef struct itp_method_key {
    int8_t family, form, variable, weights, corrector;
} itp_method_key;

struct itp_method {
    itp_named named;           /* without an id: a method is found by its key */
    int8_t order, evaluations; /* per step, at most */
    int8_t stochastic;         /* ITP_TAKES_K, ITP_OWN_NOISE, or 0 */
    int8_t exponential;        /* ITP_IN_*: needs no drift and takes steps to u = 1 itself; 0: works with the drift */
    int8_t dear;               /* so many steps take `evaluations`, those after them 1; 0: all take them */
    int8_t eta;                /* that the name stands for, in hundredths */
    int8_t preset;             /* ITP_PRESET_*: other numbers that it stands for */
    itp_method_key key;
    itp_step *step;
    itp_step *single;   /* makes the steps that have one evaluation where others have more; NULL: `step` does */
    itp_stages *stages; /* NULL: a step makes all that it may */
    const void *data;   /* a tableau, for Runge-Kutta methods */
};

/* What a solver may read: k and last; eta; s_noise; s_churn; final_order; noise; gamma; step_scale;
 * corrector_snr; a tableau; s_min and s_max. */
enum {
    ITP_READS_K = 1,
    ITP_READS_ETA = 2,
    ITP_READS_S_NOISE = 4,
    ITP_READS_CHURN = 8,
    ITP_READS_FINAL = 16,
    ITP_READS_NOISE = 32,
    ITP_READS_GAMMA = 64,
    ITP_READS_SCALE = 128,
    ITP_READS_SNR = 256,
    ITP_READS_TABLEAU = 512,
    ITP_READS_BOUNDS = 1024,
    ITP_READS_ENDS = 2048
};
int32_t itp_method_reads(const itp_method *solver);

/* All methods, as rows of itp_solver. */
enum { ITP_SOLVER_FIELDS = 22 };
extern const itp_kind itp_kind_solver, itp_kind_family, itp_kind_form, itp_kind_variable, itp_kind_weights,
    itp_kind_corrector, itp_kind_final_order, itp_kind_restart;
extern const itp_field itp_solver_fields[ITP_SOLVER_FIELDS];
void itp_solver_fill(const itp_named *row, void *to);
const itp_named *itp_solver_chosen(const itp_kind *solvers, const void *from);

/* By its position, and by its name. NULL: there is none. */
const itp_method *itp_method_at(int32_t i);
const itp_method *itp_method_named(const char *name);

/* By solving->solver, whichever it is: a step of solving->stages evaluations, and how many it makes. */
itp_step itp_method_step;
itp_stages itp_method_stages;

/* With fewer steps a budget cannot be spent. */
int32_t itp_method_least_steps(const itp_method *solver, int32_t evaluations);

/* The last `order` remembered forms, or as many as there are, with Adams-Bashforth's weights for equal steps. */
itp_form itp_equal_steps(const itp_solving *solving, int32_t order);

/* The steps of all methods, each in the file of its kind. */
itp_step itp_rk_step;
itp_step itp_ab_step;
itp_step itp_gradient_step;
itp_step itp_ipndm_step;
itp_step itp_pndm_step;
itp_step itp_dpm_step;
itp_step itp_deis_step;
itp_step itp_2s_step;
itp_step itp_block_step;
itp_step itp_etd_step;
itp_step itp_unipc_step;
itp_step itp_euler_ancestral_step;
itp_step itp_2s_ancestral_step;
itp_step itp_ddpm_step;
itp_step itp_lcm_step;
itp_step itp_tcd_step;
itp_step itp_er_sde_step;
itp_step itp_res_ancestral_step;
itp_step itp_2m_v2_step;
itp_step itp_edm_euler_step;
itp_step itp_edm_2s_step;
itp_step itp_langevin_step;
itp_step itp_dpmpp_sde_step;
itp_step itp_edm_heun_step;
itp_step itp_sde_dpm_step;
itp_step itp_sde_step;
itp_step itp_stochastic_ab_step;
itp_step itp_sa_step;
itp_step itp_sa_corrected_step;

itp_stages itp_rk_stages;
itp_stages itp_sde_stages;
itp_stages itp_pndm_stages;
itp_stages itp_exponential_stages; /* of those whose stages lie at shares of the step in its variable */
itp_stages itp_2s_ancestral_stages;

/* Explicit Runge-Kutta methods: c [stages], a [stages][stages] (strictly lower triangular), b [stages]. The weights
 * embedded [stages + 1] make a result of order `embedded_order` from the same slopes and, as number `stages`, the one
 * at the step's result; NULL, 0: there are none. bend [stages + 1]: what the pair's own interpolant has beyond the
 * cubic one of the step's two states and slopes, see adaptive/dense.c; NULL: nothing. */
enum { ITP_STAGES = 7, ITP_STAGES_MOST = 16 }; /* of the library's own, of a caller's */
typedef struct itp_rk_tableau {
    int32_t stages, embedded_order;
    const double *c, *a, *b, *embedded, *bend;
} itp_rk_tableau;
extern const itp_rk_tableau itp_tableau_euler, itp_tableau_midpoint, itp_tableau_heun, itp_tableau_ralston,
    itp_tableau_heun3, itp_tableau_bosh3, itp_tableau_rk4, itp_tableau_rk38, itp_tableau_inside, itp_tableau_tsit5,
    itp_tableau_dopri5;

/* A method of the caller's. */
typedef struct itp_own_method {
    itp_method method;
    itp_rk_tableau tableau;
} itp_own_method;

/* The first row that has all that is wanted (0: any), or the caller's tableau in `own`, which lives as long as *out.
 * ITP_E_UNSUPPORTED: there is none; ITP_E_RANGE, ITP_E_ARGUMENT: the tableau. */
int itp_method_find(const itp_solver *wanted, const itp_report *log, itp_own_method *own, const itp_method **out);

/* Writes down all that a method is picked by. */
void itp_method_name_keys(const itp_method *method, itp_solver *to);

/* The description from which itp_method_find finds it, its numbers those that its name stands for. */
itp_solver itp_method_description(const itp_method *method);

/* Runge-Kutta methods for additive noise: where the second stage lies (c of the step, reached with the first drift),
 * and of either stage the shares of the step's noise and of its area, and the weight of its drift. */
typedef struct itp_sde_tableau {
    int32_t stages;
    double c, whole[2], area[2], weight[2];
} itp_sde_tableau;
extern const itp_sde_tableau itp_sde_euler, itp_sde_heun, itp_sde_sea, itp_sde_shark, itp_sde_sra1;

#endif
