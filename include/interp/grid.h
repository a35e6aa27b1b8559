/* Grids: where on the path the steps of a solver begin and end.
 *
 * A grid is a rule for the nodes, the part of the path that it covers, and what is done to the nodes afterwards. Nodes
 * are positions u = beta/(alpha + beta) on the path, which no schedule can change; "sigma" is alpha/beta where nothing
 * else is said, and 1 - u, the noise level of flow networks, for the grids named so.
 */
#ifndef INTERP_GRID_H
#define INTERP_GRID_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ITP_GRID_DEFAULT = 0,   /* TIME */
    ITP_GRID_TIME = 1,      /* "time": uniform in the sampling schedule's t */
    ITP_GRID_U = 2,         /* "u": uniform in u = beta/(alpha+beta) */
    ITP_GRID_LAMBDA = 3,    /* "lambda": uniform in log r; an end at infinity is stepped to from sigma_max, sigma_min.
                            Also found as "exponential": the same nodes, uniform in log sigma, sigma = alpha/beta */
    ITP_GRID_SHIFT = 4,     /* "shift": another name of "u", with `shift` as SD3 and FLUX have it */
    ITP_GRID_QUADRATIC = 5, /* "quadratic": uniform in the square root of 1 - t, the time from the data end (DDIM's
                               "quad", DPM-Solver's "time_quadratic") */
    ITP_GRID_BETA = 6,      /* "beta": 1 - t at even quantiles of the law Beta(beta_a, beta_b) (2407.12173) */
    /* In sigma = alpha/beta, from the first to the last node at which it is finite and not 0, that is at an infinite
     * end as "lambda" does it: from sigma_max, to sigma_min, then the end. */
    ITP_GRID_KARRAS = 20,           /* "karras": uniform in sigma^(1/rho), rho = 7 (2206.00364, equation 5) */
    ITP_GRID_POLY_EXPONENTIAL = 21, /* "poly-exponential": log sigma runs as (1 - x)^rho, rho = 1 (k-diffusion) */
    ITP_GRID_KL_OPTIMAL = 22,       /* "kl-optimal": uniform in arctan sigma (2404.14507: optimal for N(0, I) data) */
    ITP_GRID_BONG_TANGENT = 23,     /* "bong-tangent": two arc tangents that meet half way (RES4LYF) */
    ITP_GRID_BETA_SIGMA = 24,       /* "beta-sigma": even quantiles of Beta(beta_a, beta_b) (diffusers'
                                       use_beta_sigmas) */
    /* In a flow network's sigma = 1 - u, which is 1 at the noise end: from there to sigma_min, then the end.
     * (FlowMatchEulerDiscreteScheduler: sigma_min = 1/1000.) */
    ITP_GRID_KARRAS_FLOW = 30,       /* "karras-flow": uniform in sigma^(1/rho), rho = 7 */
    ITP_GRID_EXPONENTIAL_FLOW = 31,  /* "exponential-flow": uniform in log sigma */
    ITP_GRID_BETA_FLOW = 32,         /* "beta-flow": even quantiles of Beta(beta_a, beta_b) */
    ITP_GRID_KL_OPTIMAL_FLOW = 33,   /* "kl-optimal-flow": uniform in arctan sigma */
    ITP_GRID_BONG_TANGENT_FLOW = 34, /* "bong-tangent-flow": sigma_min 0 is 0, as RES4LYF has it */
    ITP_GRID_LINEAR_QUADRATIC = 35,  /* "linear-quadratic": 1 - u falls by .025 of the way in the first half of the
                                        steps, rounded down, evenly, then as a parabola to the end (Mochi, LTX) */
    ITP_GRID_LOGIT_NORMAL = 36,      /* "logit-normal": log(u/(1 - u)) at even quantiles of a normal law with mean 0 and
                                        `deviation`; a mean m is the shift exp(m) (Ideogram) */
    /* At samples n = N-1 .. 0, counted from the data end, of the table sampled under or else of the network's, then the
     * end; u_start must be 0. A flow network, one of velocities or the like trained on "linear", without a table counts
     * N = 1000 levels 1 - u = (n + 1)/1000 as ComfyUI does. S steps; one step always goes from n = N-1. "Rounded" is to
     * even. What is not whole lies on the table's own curve. (2305.08891, table 2, and the codes named.) */
    ITP_GRID_LINSPACE = 40,      /* "linspace": S values from N-1 to 0, rounded (DDIM, DDPM) */
    ITP_GRID_LINSPACE_OPEN = 41, /* "linspace-open": S+1 values from N-1 to 0, rounded, without the last (DPM-Solver,
                                    DEIS, UniPC in diffusers) */
    ITP_GRID_LEADING = 42,       /* "leading": n = (S-1-i) floor(N/S) + steps_offset */
    ITP_GRID_LEADING_OPEN = 43,  /* "leading-open": n = (S-i) floor(N/(S+1)) + steps_offset (DPM-Solver in diffusers) */
    ITP_GRID_TRAILING = 44,      /* "trailing": n = N - i N/S, rounded, - 1 */
    ITP_GRID_SIMPLE = 45,        /* "simple": n = N-1 - floor(i N/S) */
    ITP_GRID_SGM_UNIFORM = 46,   /* "sgm-uniform": S+1 values from N-1 to 0, not rounded, without the last */
    ITP_GRID_NORMAL = 47,        /* "normal": S values from N-1 to 0, not rounded (ComfyUI; Euler in diffusers) */
    ITP_GRID_BETA_SAMPLES = 48,  /* "beta-samples": n = N-1 times even quantiles of Beta(beta_a, beta_b), rounded
                                    (ComfyUI's "beta") */
    ITP_GRID_SMOOTHSTEP = 49, /* "smoothstep": n = (N-1) x^2 (3 - 2 x), x = 1 - i/S, rounded (stable-diffusion.cpp) */
    ITP_GRID_LCM = 50,        /* "lcm": n = (50 - floor(50 i/S)) floor(N/50) - 1: of the 50 samples that latent
                                    consistency models are distilled at (2310.04378) */
    /* Align Your Steps: the published levels sigma = alpha/beta (2404.14507, table 3), between them uniform in
     * log sigma; the first and the last node are the path's own ends. For the networks named, or relatives. */
    ITP_GRID_AYS_SD15 = 60,      /* "ays-sd15": Stable Diffusion 1.5 */
    ITP_GRID_AYS_SDXL = 61,      /* "ays-sdxl" */
    ITP_GRID_AYS_DEEPFLOYD = 62, /* "ays-deepfloyd": DeepFloyd-IF, stage 1 */
    ITP_GRID_AYS_SVD = 63,       /* "ays-svd": Stable Video Diffusion */
    ITP_GRID_AYS_SD15_COMFYUI =
        64, /* "ays-sd15-comfyui", "ays-sdxl-comfyui": as ComfyUI and stable-diffusion.cpp have */
    ITP_GRID_AYS_SDXL_COMFYUI = 65, /* them, to ten digits, of which SDXL's 9th level is another (.1114 for .113) */
    ITP_GRID_GITS = 66, /* "gits": Geometry-Inspired Time Scheduling (2405.11326) for Stable Diffusion 1.5, coefficient
                           1.2: published levels for 2 to 20 steps, between those of 20 uniform in log sigma */
    ITP_GRID_ALPHAFOLD_3 = 67,    /* "alphafold-3": its levels, as karras from 2560 to .0064, for a path that begins at
                                  4608, to which its sampler raises the first of them, and ends at u_end = 1/1.0064,
                                  or, in one step more, at the data */
    ITP_GRID_USER_TIME = 0x1000,  /* "user-time": nodes[] are times of the sampling schedule */
    ITP_GRID_USER_U = 0x1001,     /* "user-u": nodes[] are positions u */
    ITP_GRID_USER_SIGMA = 0x1002, /* "user-sigma": nodes[] are noise levels sigma = alpha/beta >= 0, decreasing */
    ITP_GRID_USER_FLOW = 0x1003   /* "user-flow": nodes[] are a flow's noise levels 1 - u, decreasing */
};

/* A grid. Zero is the default of every field. Read while a plan is made; nodes are copied. A field that the chosen kind
 * does not read must be 0: ITP_E_UNSUPPORTED names it. */
typedef struct itp_grid {
    size_t size;
    int32_t kind;          /* ITP_GRID_*; 0: time */
    int32_t node_count;    /* user grids: steps + 1 */
    const double *nodes;   /* user grids: increasing, but for "user-sigma" */
    double shift;          /* > 0; 0: 1. Every grid: r = u/(1 - u) becomes r/shift at each node but the path's ends,
                              between which the nodes then lie; 1 - u becomes shift (1 - u)/(1 + (shift - 1)(1 - u))
                              (SD3, FLUX, ComfyUI's ModelSamplingDiscreteFlow). Levels that are given, as sigma_min and
                              nodes, are those before */
    double terminal;       /* 0, or below 1: every grid is stretched in sigma = 1 - u, its first node staying, so that
                             sigma is this at the node before the end (shift_terminal elsewhere). One step has no such
                             node */
    double rho;            /* karras, poly-exponential, karras-flow: > 0; 0: the grid's own */
    double beta_a, beta_b; /* the grids of a Beta law: > 0, at most 1000; 0: .6 */
    double sigma_max, sigma_min; /* lambda and the grids in a sigma: the first and the last node where the range has an
                              infinite end, in the grid's own sigma: 0 < sigma_min < sigma_max. 0: where
                              lambda = log(beta/alpha) is -5 and 5. A schedule, sampled under or the network's, whose
                              range is finite is left from its own last position, or from sigma_min where one is given
                              and that is earlier */
    double deviation;            /* logit-normal: > 0; 0: 1.75 */
    double u_start, u_end; /* part of the path, 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules,
                             even if that is not at u = 0 (VP-SDE, tables, VE). u_end 0: 1 */
    int32_t steps_offset;  /* leading, leading-open: >= 0 (Stable Diffusion: 1) */
    int32_t reversed; /* 1: the nodes backward, from data to noise (inversion), for solvers without noise; from where
                             both schedules end, if that is before u = 1. Start it with data */
} itp_grid;
#define ITP_GRID_INIT ITP_INIT(itp_grid)

/* The shift of a resolution: exp(mu), mu linear in the number of tokens, from mu_low at tokens_low to mu_high at
 * tokens_high and beyond. FLUX: 256, .5, 4096, 1.15. (SD3's own, 2403.03206, is sqrt(tokens/tokens_low) instead.)
 * ITP_E_RANGE: not finite, tokens_low = tokens_high, or a shift that is 0 or infinite; ITP_E_ARGUMENT: `shift` is NULL;
 * *shift is then as it was. Any thread. */
ITP_API int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high,
                                double *shift);
/* FLUX.2's shift: exp(mu), mu linear in the number of tokens and, up to 4300 tokens, in that of the steps. (Black
 * Forest Labs' empirical mu.) ITP_E_RANGE: tokens or steps not above 0, or not finite; ITP_E_ARGUMENT: `shift` is NULL;
 * *shift is then as it was. Any thread. */
ITP_API int itp_shift_of_flux2(double tokens, int32_t steps, double *shift);

#ifdef __cplusplus
}
#endif
#endif
