/* Noise: standard normals as a pure function of (seed, sample, m, element), the same on every platform.
 *
 * Generator: Philox4x32-10 (Salmon et al. 2011), key = seed (low word, high word), counter = (element/4, m, sample low
 * word, sample high word). Each pair of its words gives two normals by Box and Muller's transform, with polynomials
 * of our own in float32 arithmetic, no libm: independent of batch size and position, chunking, threads and call
 * order. float64 arrays get the same values, widened.
 */
#ifndef INTERP_NOISE_H
#define INTERP_NOISE_H

#include <interp/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Philox4x32-10 (Salmon et al. 2011): out[0..3] from counter[0..3] and key[0..1], none of which may be NULL. Cannot
 * fail. Any thread. */
ITP_API void itp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* out[i] = normal(seed, sample, m, first + i), i < count, of `type`. first + count <= 2^34. What the library itself
 * uses: m = 0 for the start; 1 .. 2 steps for the fresh normals of a plan with ITP_NOISE_STEPS, and of the solvers
 * whose noise is fresh in any case; from 2^29 to 2^31 - 1 for the Brownian path. A program's own are safe from 2^31 on.
 * ITP_E_RANGE: elements from 2^34 on; ITP_E_UNSUPPORTED: type; ITP_E_ARGUMENT: out is NULL and count is not 0. Any
 * thread. */
ITP_API int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out,
                        size_t count);

/* The Brownian path of a sample: one standard Brownian motion B per element on the clock s = r^2/(1 + r^2) = u^2/(u^2 +
 * (1-u)^2) in [0, 1], the point mass schedule's own time (2602.03789). Every plan with ITP_NOISE_PATH takes its noise
 * from it (as ITP_NOISE_PATH in plan.h says), so that the same seed gives the same path whatever the schedule, the
 * solver and the number of steps.
 *
 * increment[i] = B(to) - B(from) and area[i] = H, the space-time Levy area of the interval,
 *     H = 1/(to - from) int (B(s) - B(from)) ds - increment/2,  variance (to - from)/12, independent of the increment,
 * of the elements first + i, i < count. Either array may be NULL. 0 <= from < to <= 1, else ITP_E_RANGE.
 *
 * B is expanded in Alpert's piecewise linear wavelets on dyadic cells of [0, 1], down to where the position, as any
 * number of type double, is itself the border of a cell. So B is one function of the position: increments and areas of
 * any intervals add up to rounding, whatever their number and their lengths, and have the law of Brownian motion down
 * to neighbouring numbers. A value takes about 100 normals for each end of its interval that is not 0 or 1, fewer where
 * it is a dyadic number of few digits. Their m: 2^29 and 2^29 + 1 belong to [0, 1], 2^29 + 2 c and 2^29 + 2 c + 1 to
 * the cell c = 2^level + number, level < 26; cells of deeper levels share numbers from 2^30 on, drawn by lot, so that
 * two of one level have the same one in one of 2^24 cases, and their normals with it.
 *
 * A position within 2^-48 of itself of a multiple of 2^-27 below 1 counts as that multiple, since rounding, which
 * differs between C libraries, would move B by its root; increments between two that count as one are 0.
 *
 * ITP_E_RANGE is also elements from 2^34 on; ITP_E_UNSUPPORTED: type; ITP_E_ARGUMENT: both arrays are NULL and count is
 * not 0. Any thread. */
ITP_API int itp_brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type,
                         void *increment, void *area, size_t count);

/* ---- normals that the caller draws ---- */

/* A callback that draws normals instead of the library, for a batch (itp_batch.noise) of a plan with ITP_NOISE_STEPS:
 * writes standard normals to the whole of `out`, [count][dim] of `type`, for the samples first .. first + count - 1.
 * It is asked once for the start and once for each further normal, in the order in which the solver draws elsewhere:
 * one per step; two of solvers that draw for a stage inside the step, too (dpmpp-sde, the stage's first). A normal
 * that later rows read again is kept meanwhile and not asked for again; no array that is asked for overlaps the state.
 *
 * 0: go on; > 0: the call that asked returns that number; < 0: it returns ITP_E_CALLBACK. After either, in begin, begin
 * again; in submit, the row is not done and its output is spent: write it again and submit again, what was drawn for
 * the row before is not asked for again. Called on the calling thread, with its floating point environment. */
typedef struct itp_noise_request {
    size_t size;
    uint64_t first;    /* of the batch */
    size_t count, dim; /* samples, elements per sample */
    int32_t type;      /* ITP_FLOAT32 | ITP_FLOAT64 */
    int32_t row;       /* that is about to run; 0 for the start */
    int32_t step;      /* of the solver that the normal belongs to, from 0; 0 for the start */
    int32_t draw;      /* 0: the start's, which is drawn when the run begins; then 1, 2, ... in order */
    uint32_t m;        /* of xi_m in the plan's rows */
    uint32_t reserved;
} itp_noise_request;
/* Writes the normal that is asked for to out, [count][dim] of `type`. 0: go on; > 0: the call that asked returns that
 * number; < 0: ITP_E_CALLBACK. */
typedef int(ITP_CALL *itp_noise_fn)(void *user, const itp_noise_request *request, void *out);

/* torch's generators, for itp_batch.noise with a pointer to the generator as noise_user: what torch.manual_seed(seed)
 * and then torch.randn of [count][dim] at each call give. A struct belongs to the caller and to one thread at a time;
 * it is plain data that may be copied, and saved beside a run (itp_sampler_save). Its layout is final.
 *     itp_torch_cpu generator = {.seed = 42};
 *     batch.noise = itp_torch_cpu_draw, batch.noise_user = &generator;
 * Called by a program itself, such a function reads count, dim and type of the request alone. 0, or ITP_E_ARGUMENT: a
 * NULL, or a request without `type`; ITP_E_UNSUPPORTED: an unknown type. Docs: noise.md. */

/* torch's generator on the CPU: MT19937, which reads the low 32 bits of the seed. float32: the bits of torch on x86-64
 * (its AVX2 kernels), on every machine; builds of torch whose compiler fuses no products into sums, as that for
 * Windows, differ in the last bit of one number in a hundred, those for other processors in more. float64: torch's own
 * draws of double precision, whose last bit or two depend on the C library. */
enum { ITP_TORCH_WORDS = 624 };
typedef struct itp_torch_cpu {
    uint64_t seed;  /* of torch.manual_seed */
    int32_t seeded; /* 0: the next draw begins anew from the seed */
    int32_t next;   /* word to come */
    int32_t waits;  /* 1: `second` waits for the next draw of fewer than 16 elements */
    int32_t reserved;
    double second;                  /* the other one of a pair of normals, of which a draw has taken one */
    uint32_t word[ITP_TORCH_WORDS]; /* the twister's state */
} itp_torch_cpu;

/* Draws from an itp_torch_cpu: an itp_noise_fn. */
ITP_API int ITP_CALL itp_torch_cpu_draw(void *generator, const itp_noise_request *request, void *out);

/* torch's generator on CUDA: cuRAND's Philox4x32-10. Which numbers a draw of more elements than the GPU runs threads
 * gets depends on the GPU: `threads` is its multiprocessors times their most threads (an RTX 4090: 128 * 1536, an H100:
 * 132 * 2048), or 0 for a GPU that runs one for each element, as the imitations in AUTOMATIC1111's web UI and in
 * stable-diffusion.cpp have it. A GPU's own sine and logarithm are rougher than float32: values agree with its to about
 * 1e-6. */
typedef struct itp_torch_cuda {
    uint64_t seed;   /* of torch.manual_seed */
    uint64_t offset; /* how far it is: blocks of four numbers of each thread; torch says four times as much */
    uint64_t threads;
} itp_torch_cuda;

/* Draws from an itp_torch_cuda: an itp_noise_fn. */
ITP_API int ITP_CALL itp_torch_cuda_draw(void *generator, const itp_noise_request *request, void *out);

#ifdef __cplusplus
}
#endif
#endif
