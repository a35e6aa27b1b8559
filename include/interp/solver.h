/* Solvers: how the steps between the nodes of a grid are made.
 *
 * Every method has a name (itp_kind_at("solver", i, ...) lists them, docs/solvers.md describes them), and the name is
 * text that fills this struct: itp_solver_parse("dpmpp-2m", NULL, &solver). What the name stands for are a family, an
 * order and a few choices; whoever makes a struct of his own picks them directly, or brings a Runge-Kutta method:
 *     itp_solver mine = {ITP_SIZED(itp_solver), .family = ITP_RUNGE_KUTTA, .tableau = &kutta3};
 * As text that is runge-kutta(order=3, a=[[0, 0, 0], [1/2, 0, 0], [-1, 2, 0]], b=[1/6, 2/3, 1/6], c=[0, 1/2, 1]).
 * 0 in form, variable, weights is the family's first choice, named below.
 */
#ifndef INTERP_SOLVER_H
#define INTERP_SOLVER_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ITP_FAMILY_DEFAULT = 0,  /* Euler's method, or with noise (diffusion) that of Euler and Maruyama */
    ITP_RUNGE_KUTTA = 1,     /* of the drift, orders 1 to 5: "euler", "midpoint", "heun", "rk4", "tsit5", ... or
                                     the caller's own tableau */
    ITP_ADAMS_BASHFORTH = 2, /* of the drift, with variable steps, orders 2 to 4 ("ab2"), or with the weights of
                                     equal steps on any nodes, orders 1 to 4 ("ipndm-2") */
    ITP_PNDM = 3,            /* "pndm": Adams-Bashforth's weights on noise predictions, DDIM's step (2202.09778) */
    ITP_EXPONENTIAL_MULTISTEP = 4,  /* the linear part exact, one evaluation per step: DDIM, DPM-Solver, DPM-Solver++
                                     ("dpmpp-2m"), with exact weights DEIS and RES ("deis-2", "res-3m"), with a
                                     corrector UniPC ("unipc-bh2-2") */
    ITP_EXPONENTIAL_SINGLESTEP = 5, /* the same with several evaluations per step: "dpmpp-2s", "dpm-3s", "res-2s" */
    ITP_EXPONENTIAL_BLOCKS = 6,     /* the same whose stages lie at the grid's nodes: "dpmpp-singlestep-2" */
    ITP_SDE_RUNGE_KUTTA = 7,        /* of the drift, for any diffusion: "euler-maruyama", "shark", "sra1", ... */
    ITP_SDE_ADAMS_BASHFORTH = 8,    /* "stochastic-ab2" */
    ITP_SA = 9,                     /* SA-Solver (2309.05019), for any diffusion: "sa-2", with a corrector "sa-2-2"; of
                                     order 1 the exact law of the frozen data prediction, "exponential-sde" */
    /* With noise of their own, on the level sigma = alpha/beta of the path; the plan's diffusion must be none. */
    ITP_ANCESTRAL = 10,           /* a step of the flow to a lower level, then noise: "euler-ancestral", ... */
    ITP_DDPM_POSTERIOR = 11,      /* "ddpm": the posterior step (2006.11239); with eta DDIM's (2010.02502) */
    ITP_MIDPOINT_SDE = 12,        /* "dpmpp-sde": DPM-Solver++ (SDE) of k-diffusion, 2 evaluations, 2 draws */
    ITP_CHURN = 13,               /* noise before a step of the flow: "edm-heun" (2206.00364, algorithm 2), "edm-euler",
                                "edm-dpm-2s"; "alphafold-3", whose name sets gamma .8, s_min 1, s_noise 1.003 and
                                step_scale 1.5 */
    ITP_SDE_MULTISTEP = 14,       /* SDE-DPM-Solver (2211.01095): "sde-dpmpp-2m", "sde-dpm-1"; in -log sigma with the
                                diffusion eta u eps*: "sde-dpmpp-2m-sigma" */
    ITP_ANCESTRAL_MULTISTEP = 15, /* "res-2m-ancestral": the res_multistep of ComfyUI and others, with eta */
    ITP_LCM = 16,                 /* "lcm": to the data prediction and back with fresh noise (2310.04378) */
    ITP_TCD = 17,     /* "tcd": by DDIM's step to the share 1 - eta of the time left on the network's own schedule, of a
                        table at the sample below, and back with fresh noise (2402.19159; eta is its gamma) */
    ITP_ER_SDE = 18,  /* "er-sde-1" to "er-sde-3": ER-SDE-Solver (2309.06169) with its authors' noise */
    ITP_LANGEVIN = 19 /* "langevin": predictor and corrector of Song et al. (2011.13456), 2 evaluations: a step of
                         Langevin's dynamics of fixed size at a node, then euler-ancestral's to the next */
};

/* What an exponential method holds constant or extrapolates. */
enum { ITP_FORM_DEFAULT = 0, ITP_FORM_DATA = 1, ITP_FORM_NOISE = 2, ITP_FORM_VELOCITY = 3 };
/* The variable in which it does: lambda = log(beta/alpha), or -log sigma with sigma = 1 - u, which for flow models is
 * what codes made for VE models do. */
enum { ITP_VARIABLE_DEFAULT = 0, ITP_VARIABLE_LAMBDA = 1, ITP_VARIABLE_SIGMA = 2 };
/* Which weights, where a family has several of one order. */
enum {
    ITP_WEIGHTS_DEFAULT = 0,          /* the family's own */
    ITP_WEIGHTS_MIDPOINT = 1,         /* RUNGE_KUTTA, order 2; EXPONENTIAL_*, DPM-Solver's own: their defaults */
    ITP_WEIGHTS_HEUN = 2,             /* RUNGE_KUTTA, orders 2 and 3; EXPONENTIAL_*; SDE_RUNGE_KUTTA */
    ITP_WEIGHTS_RALSTON = 3,          /* RUNGE_KUTTA, order 2 */
    ITP_WEIGHTS_BOGACKI_SHAMPINE = 4, /* RUNGE_KUTTA, order 3 */
    ITP_WEIGHTS_CLASSIC = 5,          /* RUNGE_KUTTA, order 4: its default */
    ITP_WEIGHTS_THREE_EIGHTHS = 6,    /* RUNGE_KUTTA, order 4 */
    ITP_WEIGHTS_TSITOURAS = 7,        /* RUNGE_KUTTA, order 5: its default */
    ITP_WEIGHTS_DORMAND_PRINCE = 8,   /* RUNGE_KUTTA, order 5 */
    ITP_WEIGHTS_EQUAL = 9,            /* ADAMS_BASHFORTH: those of equal steps */
    ITP_WEIGHTS_EXACT = 10,           /* EXPONENTIAL_*: exact for polynomials in the variable (DEIS, RES) */
    ITP_WEIGHTS_BH1 = 11,             /* EXPONENTIAL_MULTISTEP with a corrector: UniPC, B(h) = h */
    ITP_WEIGHTS_BH2 = 12,             /* ... B(h) = e^h - 1: the default there */
    ITP_WEIGHTS_VARY = 13,            /* ... the varying coefficients */
    ITP_WEIGHTS_SEA = 14,             /* SDE_RUNGE_KUTTA: shifted Euler */
    ITP_WEIGHTS_SHARK = 15,           /* SDE_RUNGE_KUTTA: shifted, additive noise */
    ITP_WEIGHTS_SRA1 = 16,            /* SDE_RUNGE_KUTTA: Roessler 2010 */
    ITP_WEIGHTS_STAGES = 17,          /* EXPONENTIAL_BLOCKS, order 3: the stages of DPM-Solver-3 */
    ITP_WEIGHTS_GRADIENT = 18,        /* ADAMS_BASHFORTH, order 1: gradient estimation (2306.04848), "euler-ge": gamma
                                         times a slope less gamma - 1 times the one before */
    ITP_WEIGHTS_MEAN = 19,            /* EXPONENTIAL_MULTISTEP, order 1: "dpmpp-2m-v2" of SD.Next and others, the mean
                                         of two steps for the length of one */
    ITP_WEIGHTS_SCALED = 20           /* CHURN, order 1: "alphafold-3", with a step scale */
};
/* END: each step is corrected with the evaluation at its end, for nothing (UniPC, SA-Solver). */
enum { ITP_CORRECTOR_NONE = 0, ITP_CORRECTOR_END = 1 };
/* LOWER: the order of a step is at most the number of steps left, itself included (lower_order_final elsewhere). */
enum { ITP_FINAL_FULL = 0, ITP_FINAL_LOWER = 1 };

/* An explicit Runge-Kutta method of the caller's: stage i lies at c[i] of the step, at x + h sum_j a[i][j] k_j, and the
 * step is h sum_i b[i] k_i. Adaptive runs need a second result of lower order, h sum_i embedded[i] k_i, in which slope
 * number `stages` is that at the step's own result; plans read it not. Copied. Checked: finite, a strictly lower
 * triangular, c[i] = sum_j a[i][j], sum b = 1, sum embedded = 1. */
typedef struct itp_tableau {
    size_t size;
    int32_t stages, order;  /* 1 .. 16, 1 .. 16; the order is taken at its word */
    const double *a;        /* [stages][stages] */
    const double *b, *c;    /* [stages] */
    const double *embedded; /* [stages + 1]; NULL: none */
    int32_t embedded_order; /* 1 .. 16 */
    int32_t embedded_count; /* stages + 1; both are 0 without `embedded` */
} itp_tableau;
#define ITP_TABLEAU_INIT ITP_INIT(itp_tableau)

/* A restart (2306.14878), of any method without a diffusion or with noise=steps: from the node nearest to the level
 * `low` back up to `high` with fresh noise, and down again in `steps` steps of the "karras" grid, `times` times.
 * Levels are sigma = alpha/beta, as s_min is. Its evaluations come on top of a plan's. */
typedef struct itp_restart {
    double low, high;
    int32_t steps, times;
} itp_restart;

/* A solver. All 0 is the default method. A name fills in every field, also those whose 0 is a value that somebody may
 * mean (eta, s_noise): 0 there is 0. A field that the method does not read must be 0: ITP_E_UNSUPPORTED names it. Read
 * while a plan is made. */
typedef struct itp_solver {
    size_t size;
    int32_t family;      /* ITP_RUNGE_KUTTA, ... */
    int32_t order;       /* 1 ..; 0: the family's lowest */
    int32_t form;        /* ITP_FORM_*; 0: data (ITP_PNDM: noise) */
    int32_t variable;    /* ITP_VARIABLE_*; 0: lambda */
    int32_t weights;     /* ITP_WEIGHTS_*; 0: as said there */
    int32_t corrector;   /* ITP_CORRECTOR_* */
    int32_t final_order; /* exponential methods: ITP_FINAL_FULL or ITP_FINAL_LOWER; of BLOCKS LOWER gives the last step
                            less than the full order (DPM-Solver: 3, ..., 3, 2, 1). A step that ends at infinite log SNR
                            has order 1 in any case; methods of order 1 do not read it */
    int32_t reserved;
    const itp_tableau *tableau; /* RUNGE_KUTTA: the caller's own; order, weights are then not read */
    double eta;                 /* noise of its own: how much, >= 0; 0: the deterministic method */
    double s_noise;             /* the noise's deviation is multiplied by this, >= 0; 1 keeps the law */
    double s_churn;      /* CHURN: where s_min <= sigma <= s_max, sigma = alpha/beta, it is raised by s_churn/steps
                                   of itself, at most by sqrt 2 - 1 and not beyond the schedules' noise end; not in the
                                   first step, whose state is noise already or the caller's */
    double s_min, s_max; /* s_max 0: no upper limit */
    double gamma;      /* CHURN: by so much of itself sigma is raised instead, without a limit, where the sigma stepped
                            to is between s_min and s_max; 0: by s_churn. GRADIENT: 0: 2 */
    double step_scale; /* "alphafold-3": its steps are so much longer; 0: 1, which keeps the law */
    double corrector_snr;        /* LANGEVIN: r of a step of the size 2 r^2 sigma^2; 0: .16 */
    const itp_restart *restarts; /* [restart_count]; several at one node are made in their order */
    int32_t restart_count;       /* how many */
    int32_t reserved2;
} itp_solver;
#define ITP_SOLVER_INIT ITP_INIT(itp_solver)

#ifdef __cplusplus
}
#endif
#endif
