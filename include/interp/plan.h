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

#include <interp/prediction.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct itp_plan itp_plan;

enum {
    ITP_SOLVER_DEFAULT = 0,   /* euler for k = 0, euler-maruyama for k > 0 */
    ITP_SOLVER_EULER = 1,     /* "euler": order 1, 1 evaluation per step */
    ITP_SOLVER_MIDPOINT = 2,  /* "midpoint": order 2, 2 evaluations */
    ITP_SOLVER_HEUN = 3,      /* "heun": order 2, 2 evaluations */
    ITP_SOLVER_RK4 = 4,       /* "rk4": order 4, 4 evaluations */
    ITP_SOLVER_RALSTON = 5,   /* "ralston": order 2, 2 evaluations, the stage at 2/3 */
    ITP_SOLVER_HEUN3 = 6,     /* "heun3": order 3, 3 evaluations */
    ITP_SOLVER_BOSH3 = 7,     /* "bosh3": Bogacki-Shampine, order 3, 3 evaluations */
    ITP_SOLVER_RK38 = 8,      /* "rk38": the 3/8 rule, order 4, 4 evaluations */
    ITP_SOLVER_TSIT5 = 9,     /* "tsit5": Tsitouras 2011, order 5, 6 evaluations: the seventh stage of this and of
                                       dopri5 is for error estimates, which fixed steps do not make */
    ITP_SOLVER_DOPRI5 = 10,   /* "dopri5": Dormand-Prince 1980, order 5, 6 evaluations */
    ITP_SOLVER_AB2 = 100,     /* "ab2": Adams-Bashforth, variable step, 1 evaluation, lower order at the start.
                                       Under "ve" LMS (k-diffusion) is ab4; iPNDM_v (diff-sampler) is ab2 in order 2,
                                       and has other weights in orders 3 and 4 */
    ITP_SOLVER_AB3 = 101,     /* "ab3" */
    ITP_SOLVER_AB4 = 102,     /* "ab4" */
    ITP_SOLVER_IPNDM_1 = 110, /* "ipndm-1" ... "ipndm-4": Adams-Bashforth with the weights of equal steps on any
                                       nodes, order 2 at most where the steps change; 1 is Euler. Others' is this under
                                       "ve" */
    ITP_SOLVER_IPNDM_2 = 111,
    ITP_SOLVER_IPNDM_3 = 112,
    ITP_SOLVER_IPNDM_4 = 113,
    ITP_SOLVER_PNDM = 120, /* "pndm": F-PNDM (2202.09778): Adams-Bashforth's weights on noise predictions, carried by
                              DDIM's step; 4 evaluations in each of the first three steps, Runge-Kutta's, then 1. Of
                              a budget below 24, half of which they would take, 2 in the first step, then 1 (PLMS) */
    ITP_SOLVER_EULER_MARUYAMA = 200, /* "euler-maruyama": k >= 0, noise with exact variance increments */
    /* Others for eps = k eps* (or any diffusion). The noise of these SDEs is additive: the strong orders are those for
     * additive noise. They work with the drift in the sampling schedule's coordinates and time, as euler-maruyama does
     * (strong order 1, weak order 1); a step with a singular stage is one of euler-maruyama's. stochastic-heun, sea and
     * shark evaluate the network at states shifted by noise, so the states of their rows are stages, and their first
     * step, whose state is the start, is sra1's (sea: euler-maruyama's). */
    ITP_SOLVER_STOCHASTIC_HEUN = 201, /* "stochastic-heun": the noise first, then Heun's step from there (SiT,
                                         2401.08740), 2 evaluations, strong order 1, order 2 without noise */
    ITP_SOLVER_SEA = 202,   /* "sea": shifted Euler (Foster, dos Reis, Strange 2023): evaluated at the mean of the noise
                             over the step, 1 evaluation, strong order 1; a smaller constant where the drift changes
                             little with time */
    ITP_SOLVER_SHARK = 203, /* "shark": shifted additive-noise Runge-Kutta (the same), 2 evaluations, strong order
                                        1.5, weak order 2 */
    ITP_SOLVER_SRA1 = 204,  /* "sra1": Roessler 2010, 2 evaluations, strong order 1.5, weak order 2 */
    ITP_SOLVER_STOCHASTIC_AB2 = 205, /* "stochastic-ab2", "stochastic-ab3": Adams-Bashforth for the drift, 1 evaluation,
                                        strong order 1, weak order 2; order 2 and 3 without noise */
    ITP_SOLVER_STOCHASTIC_AB3 = 206,
    /* Exponential methods for the same SDEs: the exact conditional law for a data prediction that is frozen, or
     * extrapolated from earlier ones (SA-Solver, 2309.05019, in lambda); the same samples under every sampling
     * schedule. A step from u = 0 or to u = 1 has order 1. Strong order 1; weak order 1, from sa-2 on 2. */
    ITP_SOLVER_EXPONENTIAL_SDE = 250, /* "exponential-sde": order 1; for k = 1 the DDPM posterior, for k = 0 DDIM,
                                         for k -> infinity LCM */
    ITP_SOLVER_SA_2 = 252,            /* "sa-2", "sa-3": SA-Solver's predictor, orders 2 and 3 */
    ITP_SOLVER_SA_3 = 253,
    ITP_SOLVER_SA_1_1 = 261, /* "sa-1-1", "sa-2-2", "sa-3-3": predictor and corrector, still 1 evaluation per step */
    ITP_SOLVER_SA_2_2 = 262,
    ITP_SOLVER_SA_3_3 = 263,
    /* Solvers with noise of their own, on the level sigma = alpha/beta of the path; k must be 0. eta scales the noise
     * (0: the deterministic method), s_noise its deviation. None in a step to sigma = 0. The ancestral ones step down
     * to k-diffusion's sigma_down and, sampled under the linear schedule, to w_b (1 - eta (1 - w_b/w_a)), w = 1 - u, as
     * flow models are; the noise that follows keeps the marginals in both. */
    ITP_SOLVER_EULER_ANCESTRAL = 210,    /* "euler-ancestral": order 1; eta 1e30: LCM's step, the data prediction and
                                            fresh noise */
    ITP_SOLVER_DPM_2_ANCESTRAL = 211,    /* "dpm-2-ancestral": dpm-2s, then noise */
    ITP_SOLVER_DPMPP_2S_ANCESTRAL = 212, /* "dpmpp-2s-ancestral": dpmpp-2s, then noise */
    ITP_SOLVER_DDPM = 213,               /* "ddpm": the posterior step (2006.11239); with eta: DDIM's (2010.02502) */
    ITP_SOLVER_DPMPP_SDE = 214,          /* "dpmpp-sde": DPM-Solver++ (SDE) of k-diffusion, 2 evaluations, 2 draws */
    ITP_SOLVER_EDM_HEUN = 220,           /* "edm-heun": 2206.00364, algorithm 2: s_churn, s_min, s_max, s_noise */
    ITP_SOLVER_SDE_DPMPP_1 = 230,        /* "sde-dpmpp-1": SDE-DPM-Solver++ (2211.01095): the diffusion eta eps* */
    ITP_SOLVER_SDE_DPMPP_2M = 231,       /* "sde-dpmpp-2m", "sde-dpmpp-2m-heun" */
    ITP_SOLVER_SDE_DPMPP_2M_HEUN = 232,
    ITP_SOLVER_SDE_DPMPP_3M = 233, /* "sde-dpmpp-3m", "sde-dpmpp-3m-heun": the second step as in 2m, 2m-heun */
    ITP_SOLVER_SDE_DPMPP_3M_HEUN = 234,
    ITP_SOLVER_SDE_DPM_1 = 240, /* "sde-dpm-1", "sde-dpm-2m", "sde-dpm-2m-heun": SDE-DPM-Solver, noise form */
    ITP_SOLVER_SDE_DPM_2M = 241,
    ITP_SOLVER_SDE_DPM_2M_HEUN = 242,
    /* Exponential integrators: the linear part exact, so that they give the same samples under every sampling schedule
     * with the same nodes. One evaluation per step but for the singlestep ones. Data form unless said otherwise. */
    ITP_SOLVER_DDIM = 300,   /* "ddim": order 1 (2010.02502); DPM-Solver-1, DPM-Solver++(1) and DEIS 1 are the same */
    ITP_SOLVER_DPM_2M = 301, /* "dpm-2m", "dpm-3m": DPM-Solver (2206.00927), noise form, midpoint */
    ITP_SOLVER_DPM_3M = 302,
    ITP_SOLVER_DPM_2M_HEUN = 303, /* "dpm-2m-heun", "dpm-3m-heun": its other way to weigh the difference in order 2 (of
                                      order 3: in its second step) */
    ITP_SOLVER_DPM_3M_HEUN = 304,
    ITP_SOLVER_DPMPP_2M = 310, /* "dpmpp-2m", "dpmpp-3m": DPM-Solver++ (2211.01095). The published weights of the three
                                  -3m solvers converge with order 2; "res-3m" and "deis-3" have order 3 */
    ITP_SOLVER_DPMPP_3M = 311,
    ITP_SOLVER_DPMPP_2M_HEUN = 312, /* "dpmpp-2m-heun", "dpmpp-3m-heun" */
    ITP_SOLVER_DPMPP_3M_HEUN = 314,
    /* "dpmpp-2m-sigma" ... : the same in -log sigma, sigma = 1 - u, instead of lambda. For flow models this is what
     * codes made for VE models do; for VE models the plain ones are. Order 1 does not differ. */
    ITP_SOLVER_DPMPP_2M_SIGMA = 313,
    ITP_SOLVER_DPMPP_3M_SIGMA = 315,
    ITP_SOLVER_DPMPP_2M_HEUN_SIGMA = 316,
    ITP_SOLVER_DPMPP_3M_HEUN_SIGMA = 317,
    ITP_SOLVER_DPMPP_2S_SIGMA = 324,
    ITP_SOLVER_UNIPC_BH1_2_SIGMA = 380,
    ITP_SOLVER_UNIPC_BH1_3_SIGMA = 381,
    ITP_SOLVER_UNIPC_BH2_2_SIGMA = 382,
    ITP_SOLVER_UNIPC_BH2_3_SIGMA = 383,
    ITP_SOLVER_DPMPP_2S = 320, /* "dpmpp-2s": 2 evaluations per step, the second at half the step in lambda */
    ITP_SOLVER_DPM_2S = 321,   /* "dpm-2s": noise form: DPM-Solver-2 with r_1 = 1/2 and, which is the same,
                                  k-diffusion's DPM-2, KDPM2 */
    ITP_SOLVER_DPMPP_3S = 322, /* "dpmpp-3s", "dpm-3s": 3 evaluations, at 0, 1/3 and 2/3 of the step in lambda:
                                  DPM-Solver++(3S) and, noise form, DPM-Solver-3 */
    ITP_SOLVER_DPM_3S = 323,
    ITP_SOLVER_DEIS_2 = 330, /* "deis-2", "deis-3": DEIS tAB (2204.13902) in log rho, noise form */
    ITP_SOLVER_DEIS_3 = 331,
    ITP_SOLVER_UNIPC_BH1_1 =
        340, /* "unipc-bh1-1" ... "unipc-bh2-3": UniPC (2302.04867), order p, B(h) = h or e^h - 1 */
    ITP_SOLVER_UNIPC_BH1_2 = 341,
    ITP_SOLVER_UNIPC_BH1_3 = 342,
    ITP_SOLVER_UNIPC_BH2_1 = 350,
    ITP_SOLVER_UNIPC_BH2_2 = 351,
    ITP_SOLVER_UNIPC_BH2_3 = 352,
    /* The same in noise form (predict_x0 False elsewhere). */
    ITP_SOLVER_UNIPC_NOISE_BH1_1 = 345, /* "unipc-noise-bh1-1" ... "unipc-noise-bh2-3" */
    ITP_SOLVER_UNIPC_NOISE_BH1_2 = 346,
    ITP_SOLVER_UNIPC_NOISE_BH1_3 = 347,
    ITP_SOLVER_UNIPC_NOISE_BH2_1 = 355,
    ITP_SOLVER_UNIPC_NOISE_BH2_2 = 356,
    ITP_SOLVER_UNIPC_NOISE_BH2_3 = 357,
    ITP_SOLVER_UNIPC_VARY_1 = 360, /* "unipc-vary-1" ... "unipc-vary-3", "unipc-noise-vary-1" ...: UniPC_v, the varying
                                      coefficients: bh1 and bh2 without their weights of 1/2 */
    ITP_SOLVER_UNIPC_VARY_2 = 361,
    ITP_SOLVER_UNIPC_VARY_3 = 362,
    ITP_SOLVER_UNIPC_NOISE_VARY_1 = 365,
    ITP_SOLVER_UNIPC_NOISE_VARY_2 = 366,
    ITP_SOLVER_UNIPC_NOISE_VARY_3 = 367,
    /* DPM-Solver singlestep with its evaluations at the grid's nodes (DPMSolverSinglestepScheduler): steps of order 1,
     * 2, ... p, 1, 2, ..., all of a block from its first node, one evaluation each. final_order LOWER makes the last
     * step one of order 1 where it would be of order p. */
    ITP_SOLVER_DPMPP_SINGLESTEP_2 = 370, /* "dpmpp-singlestep-2", "dpmpp-singlestep-2-heun", ... */
    ITP_SOLVER_DPMPP_SINGLESTEP_3 = 371,
    ITP_SOLVER_DPMPP_SINGLESTEP_2_HEUN = 372,
    ITP_SOLVER_DPMPP_SINGLESTEP_3_HEUN = 373,
    ITP_SOLVER_DPM_SINGLESTEP_2 = 375, /* "dpm-singlestep-2", ...: noise form */
    ITP_SOLVER_DPM_SINGLESTEP_3 = 376,
    ITP_SOLVER_DPM_SINGLESTEP_2_HEUN = 377,
    ITP_SOLVER_DPM_SINGLESTEP_3_HEUN = 378,
    /* The same in the authors' own code, of order 3 (method "singlestep" with skip_type time_uniform, time_quadratic):
     * its stages lie at the grid's nodes, one evaluation each, and are weighed as in dpmpp-3s, dpm-3s. N steps are
     * blocks of 3, 3, ... and what is left; final_order LOWER makes 3, ..., 3, 2, 1 of a multiple of 3 as theirs does,
     * FULL is their "singlestep_fixed". Of order 2 theirs are "dpmpp-singlestep-2", "dpm-singlestep-2". */
    ITP_SOLVER_DPMPP_3S_NODES = 374, /* "dpmpp-3s-nodes" */
    ITP_SOLVER_DPM_3S_NODES = 379,   /* "dpm-3s-nodes": noise form */
    /* Exponential Runge-Kutta and Adams-Bashforth methods in lambda (RES, 2308.02157; ETD). */
    ITP_SOLVER_RES_2S = 390, /* "res-2s": 2 evaluations, the second at half the step */
    ITP_SOLVER_RES_3S = 391, /* "res-3s": 3 evaluations, at 0, 1/2 and 1 (Hochbruck and Ostermann 2005, gamma = 4) */
    ITP_SOLVER_RES_2M = 392, /* "res-2m", "res-3m": multistep; 2m is dpmpp-2m-heun */
    ITP_SOLVER_RES_3M = 393
};

enum {
    ITP_GRID_TIME = 1,   /* "time": uniform in the sampling schedule's t */
    ITP_GRID_U = 2,      /* "u": uniform in u = beta/(alpha+beta) */
    ITP_GRID_LAMBDA = 3, /* "lambda": uniform in log r; an end at infinity is stepped to from lambda_low, lambda_high.
                            Also found as "exponential": the same nodes, uniform in log sigma, sigma = alpha/beta */
    ITP_GRID_SHIFT = 4,  /* "shift": uniform in u, then sigma = 1 - u -> shift sigma/(1 + (shift-1) sigma) (SD3,
                            FLUX) */
    ITP_GRID_QUADRATIC = 5, /* "quadratic": uniform in the square root of 1 - t, the time from the data end (DDIM's
                               "quad", DPM-Solver's "time_quadratic") */
    ITP_GRID_BETA = 6,      /* "beta": 1 - t at even quantiles of the law Beta(beta_a, beta_b) (2407.12173) */
    /* In sigma = alpha/beta, from the first to the last node at which it is finite and not 0, that is at an infinite
     * end as "lambda" does it: from lambda_low, to lambda_high, then the end. */
    ITP_GRID_KARRAS = 20,           /* "karras": uniform in sigma^(1/rho), rho = 7 (2206.00364, equation 5) */
    ITP_GRID_POLY_EXPONENTIAL = 21, /* "poly-exponential": log sigma runs as (1 - x)^rho, rho = 1 (k-diffusion) */
    ITP_GRID_KL_OPTIMAL = 22,       /* "kl-optimal": uniform in arctan sigma (2404.14507: optimal for N(0, I) data) */
    /* In a flow network's sigma = 1 - u, which is 1 at the noise end: from there to the one of lambda_high, then the
     * end. (FlowMatchEulerDiscreteScheduler: lambda_high = log 999 makes its sigma_min 1/1000.) */
    ITP_GRID_KARRAS_FLOW = 30,      /* "karras-flow": uniform in sigma^(1/rho), rho = 7 */
    ITP_GRID_EXPONENTIAL_FLOW = 31, /* "exponential-flow": uniform in log sigma */
    ITP_GRID_BETA_FLOW = 32,        /* "beta-flow": even quantiles of Beta(beta_a, beta_b) */
    /* At samples n = N-1 .. 0, counted from the data end, of the table sampled under or else of the network's, then the
     * end; u_start must be 0. S steps; one step always goes from n = N-1. "Rounded" is to even. What is not whole lies
     * on the table's own curve. (2305.08891, table 2, and the codes named.) */
    ITP_GRID_LINSPACE = 40,      /* "linspace": S values from N-1 to 0, rounded (DDIM, DDPM) */
    ITP_GRID_LINSPACE_OPEN = 41, /* "linspace-open": S+1 values from N-1 to 0, rounded, without the last (DPM-Solver,
                                    DEIS, UniPC in diffusers) */
    ITP_GRID_LEADING = 42,       /* "leading": n = (S-1-i) floor(N/S) + steps_offset */
    ITP_GRID_LEADING_OPEN = 43,  /* "leading-open": n = (S-i) floor(N/(S+1)) + steps_offset (DPM-Solver in diffusers) */
    ITP_GRID_TRAILING = 44,      /* "trailing": n = N - i N/S, rounded, - 1 */
    ITP_GRID_SIMPLE = 45,        /* "simple": n = N-1 - floor(i N/S) */
    ITP_GRID_SGM_UNIFORM = 46,   /* "sgm-uniform": S+1 values from N-1 to 0, not rounded, without the last */
    ITP_GRID_NORMAL = 47,        /* "normal": S values from N-1 to 0, not rounded (ComfyUI; Euler in diffusers) */
    /* Align Your Steps: the published levels sigma = alpha/beta (2404.14507, table 3), between them uniform in
     * log sigma; the first and the last node are the path's own ends. For the networks named, or relatives. */
    ITP_GRID_AYS_SD15 = 60,      /* "ays-sd15": Stable Diffusion 1.5 */
    ITP_GRID_AYS_SDXL = 61,      /* "ays-sdxl" */
    ITP_GRID_AYS_DEEPFLOYD = 62, /* "ays-deepfloyd": DeepFloyd-IF, stage 1 */
    ITP_GRID_AYS_SVD = 63,       /* "ays-svd": Stable Video Diffusion */
    ITP_GRID_USER_TIME = 0x1000, /* "user-time": nodes[] are times of the sampling schedule */
    ITP_GRID_USER_U = 0x1001,    /* "user-u": nodes[] are positions u */
    ITP_GRID_USER_SIGMA = 0x1002 /* "user-sigma": nodes[] are noise levels sigma = alpha/beta >= 0, decreasing */
};

/* The diffusion eps of an SDE, in dX = (b + eps s) dt + sqrt(2 eps) dW. eps* = alpha W/beta is the statistically
 * optimal one (2602.03789). All but K name eps as a function of the time t of `diffusion_schedule` and are converted
 * from there (eps~ = c^2 tau' eps); the forms are SiT's (2401.08740, appendix; its "SBDM" is K). n is diffusion_norm.
 * */
enum {
    ITP_DIFFUSION_DEFAULT = 0,    /* K */
    ITP_DIFFUSION_K = 1,          /* "k": k eps*, k constant or k_fn */
    ITP_DIFFUSION_CONSTANT = 2,   /* "constant": n */
    ITP_DIFFUSION_SIGMA = 3,      /* "sigma": n alpha */
    ITP_DIFFUSION_LINEAR = 4,     /* "linear": n (1 - t) */
    ITP_DIFFUSION_DECREASING = 5, /* "decreasing": (n cos(pi t) + 1)^2/4 */
    ITP_DIFFUSION_SINE = 6,       /* "sine": n sin(pi t)^2 (SiT's "increasing-decreasing") */
    ITP_DIFFUSION_USER = 0x1000   /* "user": diffusion_fn */
};
/* Where a plan's normals come from. PATH: every step takes the increment of the sample's Brownian path (noise.h), a
 * combination of some dozens of normals (fewer where nodes are dyadic on the path's clock): the same seed gives the
 * same path whatever the schedule, the solver and the number of steps. The increments have their exact law and add up;
 * a plan's own start and end inside the path are resolved to rounding, its other nodes down to about 2^-4 of their
 * distance to the nearest other one, or less where steps are short or take several evaluations (docs/sde.md): what is
 * below is two normals of the node's own, near to those of the path. STEPS: a fresh normal for each draw, xi_{i+1} in
 * step i, a second one xi_{steps+i+1}: the least work. */
enum { ITP_NOISE_PATH = 0, ITP_NOISE_STEPS = 1 };
enum { ITP_START_EVALUATE = 0, ITP_START_CENTRED = 1 };
enum { ITP_LAST_DATA = 0, ITP_LAST_NOISE = 1 };
enum { ITP_SINGULAR_FLOW = 0, ITP_SINGULAR_ERROR = 1 };
/* LOWER: the order of a step is at most the number of steps left, itself included (lower_order_final elsewhere). */
enum { ITP_FINAL_FULL = 0, ITP_FINAL_LOWER = 1 };
/* Whether the network is evaluated at the data end, u = 1 (as a float32), which training hardly visits. INSIDE: never,
 * but at the start of a reversed plan. A Runge-Kutta step to it with a stage there is made by a method of the next
 * lower order whose stages lie before it: the last step of heun and stochastic-heun is Euler's, that of rk4 and rk38 is
 * Ralston's of order 3, that of tsit5 and dopri5 has order 4 in 5 stages; the order of convergence stays. EVALUATE: it
 * is, where the solver has a stage there and the drift a limit. */
enum { ITP_ENDS_INSIDE = 0, ITP_ENDS_EVALUATE = 1 };

/* k as a function of the position u; must be finite and >= 0. Called while a plan is made. */
typedef double(ITP_CALL *itp_k_fn)(void *user, double u);
/* eps as a function of the time t of diffusion_schedule; must be finite and >= 0. Called while a plan is made. */
typedef double(ITP_CALL *itp_diffusion_fn)(void *user, double t);

typedef struct itp_plan_desc {
    size_t size;
    const itp_env *env;             /* NULL: malloc, silent */
    const itp_model_desc *model;    /* NULL: a velocity network trained on the linear schedule, given t */
    const itp_schedule *schedule;   /* to sample under; NULL: the model's own */
    int32_t solver;                 /* ITP_SOLVER_* */
    int32_t evaluations;            /* the budget, 1 .. 100000: as many rows are made, in as few steps as can make
                                       them. What full steps do not spend, shorter ones do: Runge-Kutta methods
                                       shorten their longest steps from the first on, exponential ones, as DPM-Solver
                                       does, their last ones. User grids read node_evaluations instead */
    int32_t grid;                   /* ITP_GRID_* */
    int32_t node_count;             /* user grids: steps + 1 */
    const double *nodes;            /* user grids: increasing, but for "user-sigma" */
    double shift;                   /* > 0 */
    double lambda_low, lambda_high; /* lambda and the grids in a sigma: first and last node where the range has an
                                       infinite end. A schedule, sampled under or the network's, whose range is finite
                                       is left from its own last position, or from lambda_high where that is earlier and
                                       not 5, the default */
    double rho;                     /* karras, poly-exponential, karras-flow: > 0, or 0 for the grid's own */
    double beta_a, beta_b;          /* beta, beta-flow: > 0, at most 1000; .6 */
    double terminal; /* 0, or below 1: every grid is stretched in sigma = 1 - u, its first node staying, so that sigma
                        is this at the node before the end (shift_terminal elsewhere). One step has no such node */
    int32_t steps_offset;  /* leading, leading-open: >= 0 (Stable Diffusion: 1) */
    int32_t reversed;      /* 1: the nodes backward, from data to noise (inversion), for solvers without noise; from
                              where both schedules end, if that is before u = 1. Start it with ITP_X_DATA */
    double u_start, u_end; /* part of the path, 0 <= u_start < u_end <= 1. u_start 0: the noise end of both
                              schedules, even if that is not at u = 0 (VP-SDE, tables, VE) */
    double k;              /* diffusion eps = k eps*; 0: the flow (ODE), 1: the statistically optimal SDE */
    itp_k_fn k_fn;         /* used instead of k where not NULL */
    void *k_user;
    double eta;     /* solvers with noise of their own: how much, >= 0 */
    double s_noise; /* their noise is multiplied by this, >= 0; 1 keeps the law */
    double s_churn; /* edm-heun: where s_min <= sigma <= s_max, sigma = alpha/beta, it is raised by s_churn/steps of
                       itself, at most by sqrt 2 - 1 and not beyond the schedules' noise end; not in the first step,
                       whose state is noise already or the caller's */
    double s_min, s_max; /* s_max 0: no upper limit */
    int32_t start;    /* point mass start: ITP_START_EVALUATE spends an evaluation at u = 0; ITP_START_CENTRED takes the
                         data's mean to be zero and spends none */
    int32_t last;     /* last step of an SDE: ITP_LAST_DATA lands on the data prediction, without noise (its noise would
                         be left in the sample); ITP_LAST_NOISE keeps it, right only for Gaussian data */
    int32_t singular; /* at a node where the drift has no finite limit (k > 0 at u = 0 outside point mass schedules,
                         say): ITP_SINGULAR_FLOW makes that step with k = 0, in the schedule's t or, where the flow is
                         singular too, by Euler's method in u; a Runge-Kutta step with such a stage becomes an Euler
                         step. So does it where the drift is too steep for the length of the step, near such a node;
                         but a step from further inside that only k makes too steep is one of exponential-sde.
                         ITP_SINGULAR_ERROR returns ITP_E_SINGULAR instead, and replaces no steep step. */
    int32_t final_order;   /* exponential solvers: ITP_FINAL_FULL or ITP_FINAL_LOWER; of the singlestep ones LOWER gives
                            the last step less than the full order (DPM-Solver: 3, ..., 3, 2, 1). A step
                            that ends at infinite log SNR has order 1 in any case */
    int32_t noise;         /* ITP_NOISE_* */
    int32_t diffusion;     /* ITP_DIFFUSION_*; k is read for K only */
    double diffusion_norm; /* n, finite and >= 0 */
    const itp_schedule *diffusion_schedule; /* whose t it is; NULL: the network's */
    itp_diffusion_fn diffusion_fn;          /* ITP_DIFFUSION_USER */
    void *diffusion_user;
    int32_t ends;             /* ITP_ENDS_* */
    int32_t node_evaluations; /* user grids: the budget, at least the number of steps; 0: no step is shorter than it is
                                 where it lies */
} itp_plan_desc;
#define ITP_PLAN_DESC_INIT \
    { \
        sizeof(itp_plan_desc), 0, 0, 0, ITP_SOLVER_DEFAULT, 8, ITP_GRID_TIME, 0, 0, 1.0, -5.0, 5.0, 0.0, 0.6, 0.6, \
            0.0, 0, 0, 0.0, 1.0, 0.0, 0, 0, 1.0, 1.0, 0.0, 0.0, 0.0, ITP_START_EVALUATE, ITP_LAST_DATA, \
            ITP_SINGULAR_FLOW, 0, ITP_NOISE_PATH, ITP_DIFFUSION_DEFAULT, 1.0, 0, 0, 0, ITP_ENDS_INSIDE, 0 \
    }

/* Makes a plan. *out is NULL on failure. ITP_E_UNSUPPORTED: unknown ids, an ODE solver with k > 0, a field that is not
 * its default and that nothing chosen here reads (rho with grid "time", eta with "ddim", u_start beside nodes);
 * ITP_E_GRID: nodes not increasing, outside a schedule's range; ITP_E_BUDGET: no evaluation;
 * ITP_E_SINGULAR: see above, and itp_plan_info.amplification. */
ITP_API int itp_plan_new(const itp_plan_desc *desc, itp_plan **out);
/* Whether a plan of this description reads a field of it, whatever its value: "eta", say. ITP_OK: it does;
 * ITP_E_UNSUPPORTED: it does not, and the log has the sentence that itp_plan_new refuses the field with where its value
 * is not its default. ITP_E_ARGUMENT: no setting has that name. What else is wrong with the description comes first. */
ITP_API int itp_plan_reads(const itp_plan_desc *desc, const char *field);
/* NULL is allowed. Samplers point to their plan: free it after them. */
ITP_API void itp_plan_free(itp_plan *plan);

ITP_API int32_t itp_solver_find(const char *name);
ITP_API const char *itp_solver_name(int32_t id);
ITP_API int32_t itp_solver_id(int32_t i);
ITP_API int32_t itp_diffusion_find(const char *name);
ITP_API const char *itp_diffusion_name(int32_t id);
ITP_API int32_t itp_diffusion_id(int32_t i);
ITP_API int32_t itp_grid_find(const char *name);
ITP_API const char *itp_grid_name(int32_t id);
ITP_API int32_t itp_grid_id(int32_t i);

/* The shift of a resolution: exp(mu), mu linear in the number of tokens, from mu_low at tokens_low to mu_high at
 * tokens_high and beyond. FLUX: 256, .5, 4096, 1.15. (SD3's own, 2403.03206, is sqrt(tokens/tokens_low) instead.)
 * ITP_E_RANGE: not finite, tokens_low = tokens_high, or a shift that is 0 or infinite; *shift is then as it was. */
ITP_API int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high,
                                double *shift);

typedef struct itp_plan_info {
    size_t size;
    int32_t rows;       /* network evaluations */
    int32_t steps;      /* steps of the solver */
    int32_t slots;      /* arrays of dim elements per sample that running it needs: slot 0 is the caller's x */
    int32_t normals;    /* indices m of xi_m are below this; xi_0 is the start. With ITP_NOISE_PATH they are a few
                           dozens out of 2^29 .. 2^31 - 1 (noise.h), and this is no count of anything */
    double start_scale; /* standard deviation of the noise in Y_0 */
    double u_start, u_end;
    int32_t solver;    /* as resolved: never ITP_SOLVER_DEFAULT */
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
    double amplification; /* what the plan makes of errors, for the exact networks of N(0, v) data, v = 1/2 and 1/64:
                             the largest of two numbers, the sum over all evaluations of how far the result moves when
                             the output there is off by its own size, and the variance of the result. 1 to 10 in most
                             plans; above 100 itp_plan_new warns; where both v give 2^52 there is no plan */
} itp_plan_info;
#define ITP_PLAN_INFO_INIT ITP_INIT(itp_plan_info)
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
    double data_state, data_output; /* the data prediction here is data_state Y_i + data_output F_i (F_i as the network
                                       returned it); both 0 where one of them has no finite limit */
    double scale; /* alpha + beta of the network's schedule here: Y_i = scale ((1 - u) Z + u X) on the path */
} itp_plan_row;
#define ITP_PLAN_ROW_INIT ITP_INIT(itp_plan_row)
/* ITP_E_RANGE when i is not a row. */
ITP_API int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out);

/* Where a fitted plan (fit.h) comes from; saved and loaded with it. Errors are root mean squares to the converged end
 * point, before and after the fit, on the seeds fitted on and on those held out. */
enum { ITP_ORIGIN_NAME = 64 };
typedef struct itp_plan_origin {
    size_t size;
    char network[ITP_ORIGIN_NAME]; /* as the user named it, with a final 0; cut where it is longer */
    uint64_t seed, first;          /* of the first seed, where there is a range of them */
    uint64_t count, held_out;      /* seeds in all, and how many of them only chose; count 0: not a fitted plan */
    double before, before_held_out, after, after_held_out;
    double guidance, guidance_low, guidance_high; /* that it was fitted with */
    double ridge;                                 /* damping of the last step */
} itp_plan_origin;
#define ITP_PLAN_ORIGIN_INIT ITP_INIT(itp_plan_origin)
ITP_API int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out);
/* The states of a plan in the coordinates of `schedule` (NULL: linear): the state that row i evaluates, or for i = rows
 * the last one, lies at its time *t and is *factor times Y_i; 0 at a point mass. The factor is exact on the path and
 * therefore on every converted one: X~_t = c X_tau (2602.03789). ITP_E_RANGE: no such state, or the schedule does not
 * reach it. */
ITP_API int itp_plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t,
                                 double *factor);

/* The plan under `schedule` (NULL: linear) that makes the same process: its states are c times those of `plan` at
 * corresponding times, step by step and not only in the limit. As states are held in the network's coordinates, it has
 * the same rows, with the times t of `schedule`. (A plan made anew under `schedule`, with the same k, nodes and
 * ITP_NOISE_PATH, is another discretisation of that process and converges to it.) */
ITP_API int itp_plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out);

/* Writes the plan as text, at most `capacity` bytes with the final 0, into `text` (which may be NULL when capacity is
 * 0); *needed, where not NULL, gets the bytes of the whole text with its final 0. */
ITP_API int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed);

#ifdef __cplusplus
}
#endif
#endif
