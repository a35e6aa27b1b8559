/* Guidance: combining the outputs of a network with and without its condition, and thresholds on data predictions, as
 * functions on arrays. Two of them need none of this: itp_batch.guidance (sampler.h) runs plain guidance inside the
 * sampler, and its on_data hook is the place for a threshold.
 *
 * Arrays hold `type` (ITP_FLOAT32 | ITP_FLOAT64), [count][dim] without gaps where samples matter. `cond` and `uncond`
 * are the outputs F with and without the condition, at the same state and time. `out` may be cond or uncond; no other
 * overlap. Sums are held in double and rounded once. Samples do not see each other: a sample's result is the same in
 * any batch, and a NaN or an infinity stays in its sample.
 *
 * Statuses: ITP_E_ARGUMENT (a NULL array, when there is an element), ITP_E_UNSUPPORTED (type), ITP_E_RANGE (a number
 * that is not finite or outside its range), ITP_E_OVERFLOW (count dim). After one, every array is as it was. Any
 * thread. */
#ifndef INTERP_GUIDANCE_H
#define INTERP_GUIDANCE_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Classifier-free guidance (2207.12598): out[i] = uncond[i] + scale (cond[i] - uncond[i]), i < count. Scale 1 is cond
 * itself, 0 uncond itself. (A weight that counts from the conditional output, (1 + w) cond - w uncond, is scale = 1 +
 * w.) All predictions are a x + b F with the x that both outputs share, so that it makes no difference which of them is
 * combined. */
ITP_API int itp_guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count);

/* Autoguidance (2406.02507): the same combination, out = weak + scale (strong - weak), of a network and a weaker one
 * (smaller, or trained less) under the same condition. */
ITP_API int itp_autoguide(int32_t type, const void *strong, const void *weak, double scale, void *out, size_t count);

/* Guidance in an interval (2404.07724): `scale` for low <= u <= high, else 1, which needs no unconditional output. u is
 * the position on the path, as in a request; a flow network's sigma is 1 - u, sigma of a VE model 1/u - 1. Cannot fail:
 * a NaN in low, high or u is outside. */
ITP_API double itp_guidance_at(double scale, double low, double high, double u);

/* CFG++ (2406.08070, its algorithm on DDIM): the guided output, with weight lambda (in the paper 0 .. 1), is used for
 * the data and the unconditional output for the noise,
 *     x' = beta' data(F_lambda) + alpha' noise(F_0),  F_lambda = uncond + lambda (cond - uncond).
 * For a velocity network on the linear schedule: data = x + (1-t) F_lambda, noise = x - t F_0. Both are linear in the
 * outputs of one evaluation, so that this step is a DDIM step with plain guidance of the
 *     scale = lambda r'/(r' - r) = lambda u' (1-u)/(u' - u),
 * from u to u' under any schedule: call itp_guide with it. That holds for plans of the solver "ddim", and of "euler"
 * sampled under the linear schedule, which is the same; u' is the u of the next row, or info.u_end after the last. For
 * solvers that look back or ahead the paper has no such step. ITP_E_RANGE unless 0 <= u < u_next <= 1. */
ITP_API int itp_guidance_cfgpp(double lambda, double u, double u_next, double *scale);

/* Rescaled guidance (2305.08891, section 3.4): with g = uncond + scale (cond - uncond) and std a sample's standard
 * deviation, out = phi g std(cond)/std(g) + (1 - phi) g; phi in [0, 1], .7 in the paper, on the network's outputs as
 * they are. A constant g is left alone. */
ITP_API int itp_guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi, void *out,
                               size_t count, size_t dim);

/* Adaptive projected guidance (2410.02416, algorithm 1). Per sample, for DATA predictions:
 *     d = cond - uncond + momentum average;  average := d;
 *     d := d min(1, threshold/|d|);
 *     d = parallel + orthogonal, parallel = cond <d, cond>/<cond, cond>;
 *     out = cond + (scale - 1) (orthogonal + eta parallel).
 * Outputs of other kinds are turned into data predictions first, and the result back: in a network callback by
 * data = data_state x + data_output F with the two scalars of the request, or by itp_prediction_convert to
 * ITP_PREDICT_DATA, and back with the same description save that its prediction is ITP_PREDICT_DATA. */
typedef struct itp_apg {
    size_t size;
    double scale;     /* as in itp_guide; 0 or 1: out is cond (for a scale of 0, take uncond) */
    double eta;       /* how much of the parallel part stays: 0 in the paper, 1 for plain guidance */
    double momentum;  /* 0: none; the paper uses negative ones */
    double threshold; /* > 0, or 0: no limit */
    void *average;    /* [count][dim] of the caller, zeros before a run's first evaluation; NULL when momentum is 0. It
                         may not be one of the other arrays */
} itp_apg;
#define ITP_APG_INIT ITP_INIT(itp_apg)

/* That for count samples of dim elements; `average` is written. ITP_E_ARGUMENT is also a NULL apg, and momentum without
 * an average; ITP_E_SIZE, ITP_E_NEWER, ITP_E_OLDER: the size of *apg. */
ITP_API int itp_guide_apg(const itp_apg *apg, int32_t type, const void *cond, const void *uncond, void *out,
                          size_t count, size_t dim);

/* Static thresholding: data[i] is brought into [low, high], low <= high; NaN stays. */
ITP_API int itp_threshold_static(int32_t type, void *data, double low, double high, size_t count);

/* Dynamic thresholding (Imagen, 2205.11487): s is the quantile of a sample's absolute values, quantile in [0, 1],
 * linear between neighbours; s := min(max(s, 1), most); then every element is brought into [-s, s] and divided by s.
 * most: > 0; INFINITY in the paper; "sample_max_value" elsewhere, where 1 makes it the static threshold. NaN counts as
 * the largest and stays; a sample whose s is not finite is left alone. */
ITP_API int itp_threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim);

#ifdef __cplusplus
}
#endif
#endif
