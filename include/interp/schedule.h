/* Schedules: how much noise and how much data, as functions of t in [0, 1].
 *
 * A schedule is opaque, never changes, and may be shared by threads. Both ends of the path are ordinary points: limits
 * are taken, nothing is clamped, and a quantity that tends to infinity is returned as INFINITY.
 */
#ifndef INTERP_SCHEDULE_H
#define INTERP_SCHEDULE_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A schedule. It never changes, and threads may share it. */
typedef struct itp_schedule itp_schedule;

/* Families. `kind` of itp_schedule_desc; the names in quotes are those of itp_kind_find. */
enum {
    ITP_SCHEDULE_LINEAR = 1,      /* "linear": alpha = 1 - t, beta = t (rectified flow, CondOT) */
    ITP_SCHEDULE_VP = 2,          /* "vp": alpha = cos(pi t/2), beta = sin(pi t/2) (trigonometric, GVP, cosine) */
    ITP_SCHEDULE_VP_SDE = 3,      /* "vp-sde": beta = exp(-B/2), alpha = sqrt(1 - exp(-B)),
                                     B(s) = beta_min s + (beta_max - beta_min) s^2/2, s = 1 - t (Song et al. 2021) */
    ITP_SCHEDULE_SQRT = 4,        /* "sqrt": alpha = sqrt(1 - t), beta = sqrt(t) */
    ITP_SCHEDULE_SPHERE = 5,      /* "sphere": alpha = sqrt(1 - t^2), beta = t */
    ITP_SCHEDULE_VE = 6,          /* "ve": alpha = sigma = sigma_max (1 - t), beta = 1 (EDM's raw coordinates) */
    ITP_SCHEDULE_EDM = 7,         /* "edm": the INPUT of an EDM network, c_in x: alpha = cos(pi t/2),
                                     beta = sin(pi t/2)/sigma_data; sigma = alpha/beta */
    ITP_SCHEDULE_LAZY = 20,       /* "lazy": zero drift on N(0, s^2 I) data for eps = k eps*, any k >= 0 */
    ITP_SCHEDULE_POINT_MASS = 21, /* "point-mass": the lazy family for k > 0; default k = 1, clock beta = t
                                     (Foellmer) */
    ITP_SCHEDULE_TABLE = 40,      /* "table": samples, interpolated monotonically in log r */
    ITP_SCHEDULE_DDPM = 41,       /* "ddpm": the table that DDPM's betas make: alphas_cumprod = prod (1 - beta) */
    ITP_SCHEDULE_USER = 0x1000    /* "user": callbacks */
};

/* The clock of a lazy family, q = s^2 r^2 / (1 + s^2 r^2), beta = q^((1+k)/2), alpha = s q^(k/2) sqrt(1-q). */
enum {
    ITP_CLOCK_DEFAULT = 0, /* angle for k = 0, beta for k > 0: the ones that land on the data prediction in the last
                              step */
    ITP_CLOCK_ANGLE = 1,   /* q = sin^2(pi t/2) */
    ITP_CLOCK_BETA = 2,    /* beta = t */
    ITP_CLOCK_IDENTITY = 3 /* q = s^2 t^2/((1-t)^2 + s^2 t^2): keeps the times of a linear-schedule network */
};

/* How the betas of "ddpm" run, x = i/(count-1), and what they are called elsewhere. The products are double numbers, as
 * CompVis's and ComfyUI's are; diffusers rounds betas and products to float32, which moves alpha/beta by up to
 * 1e-4 of itself, most where there is least noise. */
enum {
    ITP_BETAS_LINEAR = 0,        /* "linear": beta_start + (beta_end - beta_start) x (diffusers; not CompVis's) */
    ITP_BETAS_SCALED_LINEAR = 1, /* "scaled-linear": the roots are linear (Stable Diffusion: .00085 to .012; CompVis,
                                    ComfyUI call it linear) */
    ITP_BETAS_COSINE = 2,        /* "cosine", "squaredcos_cap_v2": of the products cos^2((x' + .008)/1.008 pi/2),
                                    x' = i/count, at most .999 (2102.09672); reads neither beta_start nor beta_end */
    ITP_BETAS_SIGMOID = 3,       /* "sigmoid": beta_start + (beta_end - beta_start)/(1 + exp(6 - 12 x)) */
    ITP_BETAS_LAPLACE = 4,       /* "laplace": the products run as sqrt(s/(1 + s)), where log s falls as a Laplace law's
                                    quantiles, log(2 x' + 1e-6)/-2 and, past the middle, log(2 - 2 x' + 1e-6)/2
                                    (2407.03297, as diffusers has it); at most .999, reads no end either */
    ITP_BETAS_EXPONENTIAL = 5    /* "exponential", "exp": of the products exp(-12 x') (diffusers); the same */
};

/* Values of a user's schedule at t. With `user_parts` 0 only alpha and beta are read. `size` is set by the library. */
typedef struct itp_schedule_values {
    size_t size;
    double alpha, beta;   /* >= 0, not both 0 except at t = 0 */
    double dalpha, dbeta; /* derivatives by t, read when user_parts has ITP_USER_DERIVATIVES; may be infinite at an
                             end. Not given, they come from extrapolated differences: then they must be finite */
} itp_schedule_values;
/* 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Of the inverse, r in [0, INFINITY] */
typedef int(ITP_CALL *itp_schedule_fn)(void *user, double t, itp_schedule_values *out);
typedef int(ITP_CALL *itp_schedule_inverse_fn)(void *user, double r, double *t);
/* Bits of `user_parts`. */
enum { ITP_USER_DERIVATIVES = 1 };

/* What a schedule is to be. Zero is the default of every field; one that the chosen kind does not read must be 0. */
typedef struct itp_schedule_desc {
    size_t size;
    const itp_env *env;        /* NULL: malloc, silent */
    int32_t kind;              /* ITP_SCHEDULE_*; 0: linear */
    int32_t clock;             /* lazy, point mass: ITP_CLOCK_* */
    double k;                  /* lazy, point mass: the diffusion eps = k eps* that it is lazy for, at most 64; 0:
                                       the flow for "lazy", 1 for "point-mass", which has k > 0 */
    double s;                  /* lazy, point mass: standard deviation of the data, > 0; 0: 1 */
    double beta_min, beta_max; /* vp-sde: 0 <= beta_min <= beta_max; 0: 0.1 and 20; beta_min < 0: none */
    double sigma_max;          /* ve: > 0; 0: 80, which is raised to the network's own highest level where a
                                       network under it reaches further (DDPM's betas: 157) */
    double sigma_data;         /* edm: > 0; 0: 0.5 */
    /* table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of
     * increasing r. Either alphas_cumprod (a DDPM alpha-bar: beta = sqrt(a), alpha = sqrt(1 - a), values in [0, 1]) or
     * the pair alpha, beta. Copied. */
    const double *alphas_cumprod;
    const double *alpha, *beta;
    int32_t count;
    int32_t user_parts;              /* user: ITP_USER_DERIVATIVES when `values` fills dalpha and dbeta */
    itp_schedule_fn values;          /* user: required; must be thread-safe */
    itp_schedule_inverse_fn inverse; /* user: NULL: found by safeguarded root finding on u */
    void *user;
    double beta_start, beta_end; /* ddpm: the first and the last beta, above 0 and below 1; 0: 0.0001 and 0.02 */
    int32_t beta_count;          /* ddpm: how many, 2 to 2^24; 0: 1000 */
    int32_t betas;               /* ddpm: ITP_BETAS_* */
    int32_t zero_snr; /* ddpm, alphas_cumprod: 1: the roots of the products are moved and stretched so that the noisiest
                         is 0 (2305.08891, rescale_betas_zero_snr elsewhere) */
    int32_t reserved;
    double snr_shift; /* ddpm, alphas_cumprod: > 0; 0: 1. Every product's signal to noise ratio a/(1 - a) is divided by
                         this, before zero_snr (CogVideoX: 3, snr_shift_scale elsewhere) */
} itp_schedule_desc;
#define ITP_SCHEDULE_DESC_INIT ITP_INIT(itp_schedule_desc)

/* Creates a schedule, the caller's to give back with itp_schedule_free. *out is NULL on failure. ITP_E_RANGE: a
 * parameter outside its range; ITP_E_SCHEDULE: r does not increase (table, user); ITP_E_UNSUPPORTED: an unknown kind,
 * clock or betas, a field that this kind does not read; ITP_E_ARGUMENT: a pointer that it needs is NULL; ITP_E_MEMORY;
 * ITP_E_CALLBACK, and > 0: what `values` or `inverse` returned. The callbacks are called on this thread while the
 * schedule is made, and later on any thread that uses it. */
ITP_API int itp_schedule_new(const itp_schedule_desc *desc, itp_schedule **out);
/* The same with every default and malloc: itp_schedule_make(ITP_SCHEDULE_LAZY, &s). Statuses as itp_schedule_new, whose
 * description has an environment for their sentences. */
ITP_API int itp_schedule_make(int32_t kind, itp_schedule **out);
/* Gives it back. NULL is allowed. What points to it (adaptive runs, fits) holds it, and plans copy what they need: free
 * it whenever you like. */
ITP_API void itp_schedule_free(itp_schedule *schedule);

/* The schedule of that name (those of itp_kind_find, other libraries' too) with every default, but for "ddpm", "table"
 * and "user", which are made: a constant of the library, borrowed, that is never freed. Never NULL: an unknown name, or
 * NULL, gives a schedule that every call refuses with ITP_E_UNSUPPORTED and, where it has an itp_env, a sentence.
 * Thread-safe. */
ITP_API const itp_schedule *itp_schedule_of(const char *name);

/* Everything about one time. */
typedef struct itp_schedule_point {
    size_t size;
    double t;                          /* the time that was asked for */
    double alpha, beta, dalpha, dbeta; /* derivatives by t; infinite where they are */
    double u;                          /* beta/(alpha + beta); its limit where both are 0 */
    double r, lambda;                  /* beta/alpha and its logarithm */
    double W;                          /* alpha beta' - alpha' beta */
    double eps_star;                   /* alpha^2 beta'/beta - alpha alpha' = alpha W/beta, the optimal diffusion;
                                          2602.03789. The SDE has noise sqrt(2 eps) dW. */
} itp_schedule_point;
#define ITP_SCHEDULE_POINT_INIT ITP_INIT(itp_schedule_point)
/* Everything about the time t in [0, 1], else ITP_E_RANGE. Writes at most out->size bytes. ITP_E_SINGULAR: the values
 * and derivatives that a user's callback gives at t (0 times infinity) do not determine W or eps*; ITP_E_ARGUMENT: a
 * NULL pointer; ITP_E_SIZE: out->size is none; ITP_E_UNSUPPORTED: the schedule of a name that nothing has
 * (itp_schedule_of), here and in all functions that follow; ITP_E_SCHEDULE, ITP_E_CALLBACK, and > 0: of a user's
 * callbacks. Any thread. */
ITP_API int itp_schedule_eval(const itp_schedule *schedule, double t, itp_schedule_point *out);

/* The time t in [0, 1] at which beta/alpha = r, r in [0, INFINITY]. ITP_E_RANGE: r is no such number, or the schedule
 * does not reach it; ITP_E_ARGUMENT: a NULL pointer. *t is then as it was. Any thread. */
ITP_API int itp_schedule_time_of_r(const itp_schedule *schedule, double r, double *t);

/* The time t in [0, 1] at which the position beta/(alpha + beta) is u, u in [0, 1]. Errors as itp_schedule_time_of_r.
 * Any thread. */
ITP_API int itp_schedule_time_of_u(const itp_schedule *schedule, double u, double *t);

/* int 2 eps* dt from t0 to t1, 0 <= t0 <= t1 <= 1: the variance that the optimal SDE (2602.03789) adds between the two,
 * in closed form where the family has one. INFINITY where it diverges. ITP_E_RANGE: other times; ITP_E_ARGUMENT: a NULL
 * pointer. Any thread. */
ITP_API int itp_schedule_variance(const itp_schedule *schedule, double t0, double t1, double *variance);

/* Conversion of a process under schedule `from` into one under schedule `to`, at the time t of `to`:
 *   X~_t = c X_tau,  alpha~ = c alpha(tau), beta~ = c beta(tau);
 *   eta~(t, x) = eta(tau, x/c) for the data and noise predictions;  s~ = s(tau, x/c)/c;
 *   b~ = (c'/c) x + c tau' b(tau, x/c);  eps~ = c^2 tau' eps(tau): k in eps = k eps* is the same on both sides.
 * Source: 2602.03789, the pathwise conversion. */
typedef struct itp_conversion {
    size_t size;
    double tau, c, dtau, dc; /* dtau, dc: derivatives by t; infinite where they are */
    double eps;              /* c^2 tau', the factor of the diffusion coefficient */
} itp_conversion;
#define ITP_CONVERSION_INIT ITP_INIT(itp_conversion)

/* That at the time t of `to`, t in [0, 1], else ITP_E_RANGE, which a position that `from` does not reach is too. Writes
 * at most out->size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE; ITP_E_SINGULAR: as itp_schedule_eval. Any
 * thread. */
ITP_API int itp_schedule_convert(const itp_schedule *from, const itp_schedule *to, double t, itp_conversion *out);

#ifdef __cplusplus
}
#endif
#endif
