/* torch's generator on CUDA: cuRAND's Philox4x32-10, one counter per thread (its low words: how far the generator is,
 * its high ones: the thread), and Box and Muller's transform. Thread t makes the elements t, t + threads, ... of a
 * draw, four to a block of the generator in single precision, two in double. */
#include <math.h>

#include "base/float_env.h"
#include "noise/normal.h"
#include "noise/philox.h"
#include "noise/torch_math.h"

enum { THREADS_TO_A_BLOCK = 256 };

/* Uniform numbers, and the angle, in single precision, as the device has them. */
static void pair_f32(uint32_t x, uint32_t y, double *out)
{
    const float angle_unit = 0x1p-32f * 6.2831855f;
    float u = (float)x * 0x1p-32f + 0x1p-33f, angle = itp_fused((float)y, angle_unit, angle_unit / 2);
    float radius = sqrtf(-2 * (float)itp_log_below_one((double)u));
    itp_circle at = itp_circle_at((double)angle);
    out[0] = (double)((float)at.sine * radius);
    out[1] = (double)((float)at.cosine * radius);
}

static void pair_f64(const itp_philox_state *s, double *out)
{
    uint64_t x = s->x0 ^ (uint64_t)s->x1 << 21, y = s->x2 ^ (uint64_t)s->x3 << 21;
    double u = (double)x * 0x1p-53 + 0x1p-54, half_turns = (double)y * 0x1p-52 + 0x1p-53;
    double radius = sqrt(-2 * itp_log_below_one(u));
    itp_circle at = itp_circle_at(half_turns * 3.14159265358979323846);
    out[0] = at.sine * radius;
    out[1] = at.cosine * radius;
}

static itp_philox_state block_of(const itp_torch_cuda *of, uint64_t thread)
{
    itp_philox_state s = {(uint32_t)of->offset,     (uint32_t)(of->offset >> 32), (uint32_t)thread,
                          (uint32_t)(thread >> 32), (uint32_t)of->seed,           (uint32_t)(of->seed >> 32)};
    return itp_philox_rounds(s);
}

static void store_value(int32_t type, void *out, uint64_t i, double value)
{
    if (type == ITP_FLOAT64) {
        ((double *)out)[i] = value;
    } else {
        ((float *)out)[i] = (float)value;
    }
}

/* What one block gives, from the element `i` on. */
static void put_block(const itp_philox_state *s, int32_t type, void *out, uint64_t i, uint64_t threads, uint64_t count)
{
    double pair[2];
    for (int half = 0; half < (type == ITP_FLOAT64 ? 1 : 2) && i < count; half++, i += 2 * threads) {
        if (type == ITP_FLOAT64) {
            pair_f64(s, pair);
        } else {
            pair_f32(half ? s->x2 : s->x0, half ? s->x3 : s->x1, pair);
        }
        store_value(type, out, i, pair[0]);
        if (count - i > threads) store_value(type, out, i + threads, pair[1]);
    }
}

static void draw(itp_torch_cuda *of, int32_t type, void *out, uint64_t count)
{
    uint64_t whole = (count + THREADS_TO_A_BLOCK - 1) / THREADS_TO_A_BLOCK * THREADS_TO_A_BLOCK;
    uint64_t most = of->threads / THREADS_TO_A_BLOCK * THREADS_TO_A_BLOCK, each = type == ITP_FLOAT64 ? 2 : 4;
    uint64_t threads = most && most < whole ? most : whole;
    for (uint64_t first = 0; first < count; first += threads * each, of->offset++) {
        for (uint64_t thread = 0; thread < threads && first + thread < count; thread++) {
            itp_philox_state s = block_of(of, thread);
            put_block(&s, type, out, first + thread, threads, count);
        }
    }
}

int ITP_CALL itp_torch_cuda_draw(void *user, const itp_noise_request *request, void *out)
{
    itp_float_env env;
    int status = itp_noise_request_check(user, request, out);
    if (!status) {
        itp_float_env_enter(&env);
        draw(user, request->type, out, request->count * request->dim);
        (void)itp_float_env_leave(&env, 0);
    }
    return status;
}
