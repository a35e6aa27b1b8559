/* Adaptive runs: the flow (k = 0) by embedded Runge-Kutta pairs whose steps follow an error estimate.
 *
 * Every sample has steps of its own: its result, bit for bit, does not depend on the other samples of its batch. So a
 * request names a time for each sample, and carries only those that are not finished yet. A step is accepted when the
 * root mean square over the sample's elements of
 *     error / (atol + rtol max(|x|, |x'|))
 * is at most 1; x and x' are the states before and after it. All three are taken in the linear schedule's coordinates
 * (alpha + beta = 1), so that a tolerance means the same under every schedule, near a point mass too.
 *
 * The run goes from u_start to u_end, from noise to data, or, reversed, from u_end to u_start. Its start needs a
 * slope: ITP_E_SINGULAR where the flow has none (a data-predicting network at u = 1, "sqrt" at its ends). The end does
 * not: where there is no slope at the end, the last step runs along the linear schedule by a pair that evaluates none
 * there, with error control. An end at u = 1 that the network's or the sampling schedule does not reach is landed on
 * from the last position that both reach, along the velocity there (as by plans), without an error estimate.
 *
 * Any differential equation y' = f(t, y), t from a to b, is the default model's flow with
 *     out = (b - a) f(a + (b - a) time, x):
 * a velocity network on the linear schedule is integrated as it is, in time = u from 0 to 1.
 *
 * Nothing is allocated after creation. The workspace is stages + 6 arrays of double (at least 9) and two of the batch's
 * type, count * dim elements each; "tsit5" and "dopri5" have 6 stages, "bosh3" 3, "heun" 2. Guidance, on_row and
 * row_data take one more of the batch's type each.
 */
#ifndef INTERP_ADAPTIVE_H
#define INTERP_ADAPTIVE_H

#include <interp/sample.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A run that chooses its own steps, each sample's by itself. Zero is the default of every field. */
typedef struct itp_adaptive_desc {
    size_t size;
    const itp_env *env;           /* NULL: the batch's. Where that has none, the sampler gets this one as its batch's;
                                     two that differ are an error */
    const itp_model *model;       /* NULL: a velocity network trained on the linear schedule, given t. Its schedule is
                                     held by the run, its user data must stay as long */
    const itp_schedule *schedule; /* to sample under; NULL: the model's own. Held by the run */
    const itp_solver *solver;     /* "tsit5" 5(4), which NULL means too, "dopri5" 5(4), "bosh3" 3(2), "heun" 2(1), or a
                                     tableau of the caller's with `embedded`; copied */
    double rtol, atol;            /* 0: 1e-5; < 0: none, but not both */
    double first_step;            /* all three in the sampling schedule's t; 0: by the rule of Hairer, Norsett, Wanner,
                                     II.4, at the price of one evaluation */
    double min_step;              /* a smaller step is ITP_E_STEP, but for the last one; 0: where t stands still */
    double max_step;              /* 0: no limit */
    double controller[3];         /* step factor: safety e1^(-c0/q) e2^(-c1/q) e3^(-c2/q) with the errors of the last
                                     three accepted steps, newest first, q the order of the estimate + 1. I: {1, 0, 0};
                                     PI: {.7, -.4, 0}, which all 0 means too; PID (H312): {1/18, 1/9, 1/18} (Soderlind
                                     2003). After a rejection: {1, 0, 0} */
    double safety;                /* 0 < safety < 1; 0: 0.9 */
    double shrink, grow;          /* limits of the factor: 0 < shrink < 1 < grow; after a rejection it is at most 1. 0:
                                     0.2 and 10 */
    double u_start, u_end;   /* 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules; u_end 0: 1 */
    int32_t max_evaluations; /* of a sample; 0: 100000; < 0: no limit */
    int32_t reversed;        /* 1: backward, from u_end to u_start */
} itp_adaptive_desc;
#define ITP_ADAPTIVE_DESC_INIT ITP_INIT(itp_adaptive_desc)

/* How a sample is doing. */
typedef struct itp_adaptive_statistics {
    size_t size;
    int32_t status;                          /* ITP_EVALUATE: under way; ITP_OK: finished; or the error that ended it */
    int32_t accepted, rejected, evaluations; /* so many steps, and evaluations of the network, until now */
    double t, t_before; /* of the sampling schedule: the last accepted step ended at t and began at t_before */
    double u;           /* the position at t, or that of the end once it is reached */
    double step;        /* the length of the step under way, in t; negative when the run goes backward. 0: none */
} itp_adaptive_statistics;
#define ITP_ADAPTIVE_STATISTICS_INIT ITP_INIT(itp_adaptive_statistics)

/* Creates a sampler that runs adaptively, as itp_sampler_new does one of a plan; all that samplers have it has too. Its
 * requests carry the samples under way, each with a time of its own: itp_request.times and the arrays beside it
 * (sampler.h); `row` counts requests, `rows` is 0. In x each sample's result is written over its start when it is
 * finished, and nothing else is; both are in the network's coordinates, at u = 1 the data themselves. itp_start.data
 * needs u_start > 0 or a reversed run, noise one that goes forward.
 *
 * itp_sampler_next returns an error when the run is over but for the first sample that failed this is its status
 * (ITP_E_STEP, ITP_E_BUDGET, ITP_E_NONFINITE, ITP_E_SINGULAR, ITP_E_GRID, ITP_E_CALLBACK); samples that fail leave the
 * batch, and the others go on. Without check_finite, a step with outputs that are not finite is rejected; at the start
 * of a step, where no smaller step helps, the sample fails with ITP_E_NONFINITE.
 *
 * on_data may be called several times in a submit, each time with those samples of the request, side by side, from
 * whose data prediction there is a way back. on_row is called after a submit in which samples completed a step, with
 * these alone: their states, and the request's times and data predictions of the evaluations that completed it.
 * row_schedule must stay alive as long as the sampler. With parallel_for, tasks are samples, so that callbacks of the
 * model and the schedules run on its threads.
 *
 * *out is NULL on failure. ITP_E_UNSUPPORTED: a solver without error estimate, two environments; ITP_E_GRID: a schedule
 * does not reach u_start or u_end; ITP_E_SINGULAR: no slope at the start; ITP_E_RANGE: among others, a row_schedule
 * that does not reach the ends. */
ITP_API int itp_sampler_new_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out);

/* The three functions that follow are for samplers made so: ITP_E_ARGUMENT for others, and for NULL. */

/* States at given times of the sampling schedule, from the next itp_sampler_begin on: times[count] from the start to
 * the end, without repeats, go to states[count][samples of the run][dim] in the network's coordinates, each written
 * when the step over it is accepted. Both arrays must stay alive until the run is over; count 0: none. ITP_E_GRID: the
 * times are not in order or lie outside the run; ITP_E_ARGUMENT: an array is NULL. A run under way is abandoned. */
ITP_API int itp_adaptive_outputs(itp_sampler *sampler, size_t count, const double *times, void *states);

/* The state of a sample at a time of the sampling schedule inside its last accepted step, in the network's coordinates:
 * by the pair's own interpolant of order 4 for "tsit5" and "dopri5", a cubic Hermite polynomial of order 3 for "bosh3"
 * (and "heun": of order 2 until the first evaluation after the step). out: [dim] of the batch's type. ITP_E_STATE: no
 * step was accepted yet; ITP_E_RANGE: no such sample, or t outside the step; ITP_E_ARGUMENT: out is NULL. out is then
 * as it was. */
ITP_API int itp_adaptive_state_at(const itp_sampler *sampler, size_t sample, double t, void *out);

/* How a sample of the run is doing, sample < the run's count, also after the run. Writes at most out->size bytes.
 * ITP_E_STATE: not begun; ITP_E_RANGE: no such sample; ITP_E_ARGUMENT: out is NULL; ITP_E_SIZE: out->size is none. */
ITP_API int itp_adaptive_get_statistics(const itp_sampler *sampler, size_t sample, itp_adaptive_statistics *out);

#ifdef __cplusplus
}
#endif
#endif
