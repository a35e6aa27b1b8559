/* Paths: a trajectory that was sampled under one schedule and diffusion, seen at any time under any other.
 *
 * A path is the states of a run at increasing times of a schedule A, and, for an SDE with eps = k eps*, the Brownian
 * motion that drove it. Under a schedule B the same process is X~_t = c_t X_tau(t), an SDE with eps~ = c^2 tau' eps,
 * that is with the same k (2602.03789, the pathwise conversion).
 *
 * Between two recorded states the path is the process that meets both, driven by its own Brownian motion, with the data
 * prediction constant over the step: its drift is then linear and everything has a closed form. With k = 1 that is the
 * straight line and a Brownian bridge in the point mass schedule's coordinates and time, which is the law of the exact
 * process between two states, whatever the data. With k = 0, or without the Brownian path, it is the straight line in
 * the linear schedule's coordinates and time. (From a state at u = 0, which an SDE forgets at once, the prediction is
 * taken to be that of N(0, I) data, so that the law is right even where the run's first step was one of the flow.)
 *
 * To record one: itp_batch's on_row with row_scaled and row_schedule = A gives the state after row i, and
 * itp_plan_coordinates(plan, i + 1, A, ...) its time; the start is the x of the first request, times the factor of
 * itp_plan_coordinates(plan, 0, A, ...). Solvers with several evaluations to a step have their steps' states among
 * those of their stages.
 */
#ifndef INTERP_PATH_H
#define INTERP_PATH_H

#include <interp/sampler.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A path on which samples lie, evaluated between the times at which they were recorded. */
typedef struct itp_path itp_path;

/* What was recorded, and how it came about. */
typedef struct itp_path_desc {
    size_t size;
    const itp_env *env;           /* NULL: malloc, silent. Its log is used by itp_path_at too */
    const itp_schedule *schedule; /* A, of times and states; NULL: linear. Read during the call only */
    const double *times;          /* [time_count], strictly increasing, in [0, 1]; copied */
    const void *states;           /* [time_count][count][dim] of `type`; must stay alive as long as the path */
    size_t dim, count;            /* both at least 1 */
    int32_t time_count;           /* at least 1 */
    int32_t type;                 /* ITP_FLOAT32, which 0 means too, or ITP_FLOAT64 */
    double k;                     /* of eps = k eps*, finite and >= 0; 0: a flow */
    itp_k_fn k_fn; /* used instead of k where not NULL; called by itp_path_new and itp_path_at, which takes k to be
                           the same over a step as where it is asked */
    void *k_user;  /* given to k_fn */
    int32_t noise; /* ITP_NOISE_PATH: sample i was driven by the Brownian path of (seed, first + i) or (seeds[i], 0), as
                      batches are; ITP_NOISE_STEPS: by something else, so that between states are straight lines */
    int32_t reserved;
    uint64_t seed, first;  /* of the Brownian paths, as in itp_batch */
    const uint64_t *seeds; /* [count] or NULL; copied */
} itp_path_desc;
#define ITP_PATH_DESC_INIT ITP_INIT(itp_path_desc)

/* Makes a path, the caller's to give back with itp_path_free; it never changes. *out is NULL on failure. ITP_E_GRID:
 * times that do not increase strictly or leave [0, 1]; ITP_E_ARGUMENT: no times, no states; ITP_E_RANGE: a size of
 * 0, a bad k; ITP_E_UNSUPPORTED: type, noise, k beside k_fn, seed or first beside seeds; ITP_E_OVERFLOW;
 * ITP_E_MEMORY. A state at a point mass (alpha = beta = 0) says nothing of where the path was in other schedules'
 * coordinates: such a time may be the first one only, and the path begins there, without that state (a straight line
 * from 0). */
ITP_API int itp_path_new(const itp_path_desc *desc, itp_path **out);

/* Gives it back; the states are the caller's. NULL is allowed. No thread may be in itp_path_at then. */
ITP_API void itp_path_free(itp_path *path);

/* The states at the time t of `schedule` (NULL: linear), in its coordinates, into out [count][dim] of the path's type:
 * a recorded state times c (also where t is rounded), or between two of them. ITP_E_RANGE: t outside [0, 1], or a
 * position before the first or after the last recorded one, or a bad k there; ITP_E_SINGULAR: at a state recorded at a
 * point mass, where `schedule` has none; ITP_E_ARGUMENT: path or out is NULL. out is then as it was. Nothing is
 * allocated; any number of threads may ask one path at once (k_fn and the log's function permitting). */
ITP_API int itp_path_at(const itp_path *path, const itp_schedule *schedule, double t, void *out);

#ifdef __cplusplus
}
#endif
#endif
