/* Covariance: schedules that are lazy for data N(mu, Sigma), component by component.
 *
 * The lazy schedule for k = 0 has zero drift on N(0, s^2 I) data. In the eigenbasis of Sigma component i is such data
 * with s_i = sqrt(variance i), whatever the network; so each is sampled under its own lazy schedule. All schedules are
 * walked through the same positions u, where the network is evaluated once for all of them. Components of similar
 * variance share a band: one ordinary plan, whose s is the geometric mean of its members' s_i. The mean is taken off
 * the process, X_t - beta_t mu, and put back: a constant in each row. So samples of N(mu, Sigma) data are exact for any
 * number of evaluations from 1 on, up to the differences of variances within a band.
 *
 * The state is carried in the basis: per evaluation one matrix product takes the output in, one the state out. Diagonal
 * covariances need none.
 *
 * Solvers are those of the flow without noise. Exponential ones ("ddim", "dpmpp-2m", ...) are the same under every
 * schedule, and so they are here: what changes are "euler", "ab2", "heun" and all others that work with the drift.
 * docs/covariance.md has measured when it pays.
 */
#ifndef INTERP_COVARIANCE_H
#define INTERP_COVARIANCE_H

#include <interp/sample.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A covariance, as somebody gave or as samples made it. It never changes, and threads may share it. */
typedef struct itp_covariance itp_covariance;

enum {
    ITP_COVARIANCE_DIAGONAL = 1, /* "diagonal": a variance for each element */
    ITP_COVARIANCE_BASIS = 2     /* "basis": variances along `rank` orthonormal vectors, one for all that is orthogonal
                                    to them */
};

/* A mean and a covariance. Everything is copied. */
typedef struct itp_covariance_desc {
    size_t size;
    const itp_env *env;      /* NULL: malloc, silent */
    size_t dim, rank;        /* elements of a sample, vectors: rank is for "basis", 1 .. dim */
    const double *mean;      /* [dim]; NULL: 0 */
    const double *variances; /* diagonal: [dim], basis: [rank]; finite, >= 0 */
    const double *basis;     /* [rank][dim]: orthonormal to 1e-6 */
    double rest;             /* basis, rank < dim: the variance in every direction orthogonal to it */
    double floor;            /* variances below this times the largest are raised to it; > 0, at most 1; 0: 1e-6 */
    int32_t kind;            /* ITP_COVARIANCE_*; 0: diagonal */
    int32_t reserved;
} itp_covariance_desc;
#define ITP_COVARIANCE_DESC_INIT ITP_INIT(itp_covariance_desc)

/* Makes a covariance of its numbers, the caller's to give back with itp_covariance_free. It never changes and may be
 * shared by threads. *out is NULL on failure. ITP_E_RANGE: a number outside its range, no variance above 0, a basis
 * that is not orthonormal; ITP_E_ARGUMENT: an array is NULL; ITP_E_UNSUPPORTED: kind, and what
 * it does not read; ITP_E_OVERFLOW; ITP_E_MEMORY. */
ITP_API int itp_covariance_new(const itp_covariance_desc *desc, itp_covariance **out);

/* Gives it back. NULL is allowed. Plans hold their covariance: free it whenever you like, on any thread. */
ITP_API void itp_covariance_free(itp_covariance *covariance);

/* From samples of the data, such as the end of a long run. */
typedef struct itp_covariance_estimation {
    size_t size;
    const itp_env *env;  /* NULL: malloc, silent */
    const void *samples; /* [count][dim] of `type` */
    size_t dim, count;   /* count >= 2 */
    size_t rank;         /* basis: so many of the largest components, 0: all. The rest gets the mean of their
                            variances */
    double shrinkage;    /* at most 1: Sigma := (1 - shrinkage) S + shrinkage (tr S/dim) I, S divided by count; 0: the
                            shrinkage of Ledoit and Wolf 2004; < 0: none. Not for "diagonal", which has none */
    double floor;        /* as in itp_covariance_desc */
    int32_t type;        /* ITP_FLOAT32, which 0 means too, or ITP_FLOAT64 */
    int32_t kind;        /* ITP_COVARIANCE_*; 0: basis */
} itp_covariance_estimation;
#define ITP_COVARIANCE_ESTIMATION_INIT ITP_INIT(itp_covariance_estimation)

/* Makes a covariance from samples, as itp_covariance_new does from numbers. "basis" takes about dim^2 (count + 5 dim)
 * operations and 24 dim^2 bytes while it runs. A build without LAPACK finds eigenvectors by Jacobi's method, much
 * slower: ITP_E_UNSUPPORTED for dim above 512. ITP_E_NONFINITE: a sample is not finite; other statuses as
 * itp_covariance_new. */
ITP_API int itp_covariance_estimate(const itp_covariance_estimation *estimation, itp_covariance **out);

/* What a covariance is made of. */
typedef struct itp_covariance_info {
    size_t size;
    size_t dim, rank;                /* rank of "diagonal": dim */
    const double *mean;              /* [dim] or NULL; all arrays are the covariance's own */
    const double *variances, *basis; /* raised to the floor; [rank], decreasing if estimated; NULL if diagonal */
    double rest;                     /* 0 when rank is dim */
    double shrinkage;                /* of an estimate, as used */
    int32_t kind, reserved;          /* kind: ITP_COVARIANCE_* */
} itp_covariance_info;
#define ITP_COVARIANCE_INFO_INIT ITP_INIT(itp_covariance_info)

/* The numbers of a covariance. Writes at most out->size bytes; the arrays belong to the covariance. ITP_E_ARGUMENT: a
 * NULL pointer; ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_covariance_get_info(const itp_covariance *covariance, itp_covariance_info *out);

/* A plan for each band. Immutable and shareable, as plans are. */
typedef struct itp_covariance_plan itp_covariance_plan;

/* What the plans of the bands are to be. Zero is the default of every field but `covariance`. */
typedef struct itp_covariance_plan_desc {
    size_t size;
    const itp_env *env;               /* NULL: that of `plan`; two that differ are an error */
    const itp_covariance *covariance; /* held by the plan */
    const itp_plan_desc *plan;        /* network, solver, evaluations and, with its grid and schedule, the positions u.
                                         NULL: all defaults. No k, diffusion, s_churn, gamma or restarts, not reversed,
                                         start must be ITP_START_EVALUATE */
    int32_t clock;                    /* ITP_CLOCK_* of the bands' schedules; ITP_CLOCK_DEFAULT: angle, and identity for
                                         solvers with several evaluations to a step, whose stages must agree */
    int32_t bands;                    /* at most so many, of equal width in the log of the variance; 0: 16; < 0: one for
                                         each component. At most 4096, also where there are more components */
    double power;                     /* s of a band is its deviation to this power, at most 2; 0: 1, exact for Gaussian
                                         data; less for what is far from Gaussian: docs/covariance.md; < 0: none, every
                                         s is 1 */
} itp_covariance_plan_desc;
#define ITP_COVARIANCE_PLAN_DESC_INIT ITP_INIT(itp_covariance_plan_desc)

/* Makes a plan for each band, the caller's to give back with itp_covariance_plan_free. *out is NULL on failure. What
 * itp_plan_new returns, and ITP_E_UNSUPPORTED: noise, a solver whose stages lie elsewhere in every band (take
 * ITP_CLOCK_IDENTITY), two environments; ITP_E_SINGULAR: an output whose mean has no finite limit at a row. */
ITP_API int itp_covariance_plan_new(const itp_covariance_plan_desc *desc, itp_covariance_plan **out);

/* Gives it back. NULL is allowed. Samplers hold their plan: free it whenever you like, on any thread. */
ITP_API void itp_covariance_plan_free(itp_covariance_plan *plan);

/* What the plans of all bands have in common. */
typedef struct itp_covariance_plan_info {
    size_t size;
    int32_t rows, bands;   /* network evaluations; bands, of which the last is the rest's where rank < dim */
    double u_start, u_end; /* positions that the plans go from and to */
} itp_covariance_plan_info;
#define ITP_COVARIANCE_PLAN_INFO_INIT ITP_INIT(itp_covariance_plan_info)

/* How many rows and bands there are. Writes at most out->size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE:
 * out->size is none. Any thread. */
ITP_API int itp_covariance_plan_get_info(const itp_covariance_plan *plan, itp_covariance_plan_info *out);

/* The numbers of a band, for programs with kernels of their own: the rows of `plan`, and in row i the constant
 * mean_terms[i] times the mean (its component along the vector). */
typedef struct itp_covariance_band {
    size_t size;
    const itp_plan *plan;
    const double *mean_terms; /* [rows]; 0 without a mean */
    const int32_t *members;   /* [rank], of the whole covariance: the band of each component */
    double s;                 /* of the band's schedule, see `power` of the description */
} itp_covariance_band;
#define ITP_COVARIANCE_BAND_INIT ITP_INIT(itp_covariance_band)

/* Band i, 0 <= i < itp_covariance_plan_info.bands, else ITP_E_RANGE. Writes at most out->size bytes; what its pointers
 * point to belongs to the plan. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread. */
ITP_API int itp_covariance_plan_get_band(const itp_covariance_plan *plan, int32_t i, itp_covariance_band *out);

/* Creates a sampler of a covariance plan, as itp_sampler_new does of a plan; all that samplers have it has too.
 * ITP_KERNEL_AUTO takes the matrix products from OpenBLAS where the build has it: bits then depend on the machine and,
 * in the last place, on how a batch is split, and these products stay on the calling thread. With ITP_KERNEL_PORTABLE
 * bits depend on neither, and all is shared. float32 states are held in float32, coefficients in double. ITP_E_RANGE:
 * dim is not the covariance's; other statuses as itp_sampler_new. The sampler holds the plan.
 *
 * Workspace: with L_Y and L_F earlier states and outputs that rows read, n = count * dim, m = count * rank:
 *   diagonal     (L_Y + L_F + 1) n;     rank = dim: (L_Y + L_F + 2) m + n;
 *   rank < dim   (L_Y + L_F + 1) n + (L_Y + L_F + 3) m
 * elements, and (L_Y + L_F + 3) dim + rank doubles; in float32, dim * rank more for the basis. */
ITP_API int itp_sampler_new_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out);

#ifdef __cplusplus
}
#endif
#endif
