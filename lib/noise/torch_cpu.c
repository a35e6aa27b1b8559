/* torch's generator on the CPU: MT19937 (Matsumoto and Nishimura 1998) and Box and Muller's transform, by two ways: of
 * 16 elements or more blocks of 16, the cosines and then the sines of eight pairs, in the precision of the array; of
 * fewer one pair after the other in double precision, whose second number waits for the next such draw. */
#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "noise/normal.h"
#include "noise/torch_math.h"

enum { TORCH_BLOCK = 16, TORCH_SHIFT = 397 };

static const double TWO_PI = 6.283185307179586;

/* ---- uniform numbers ---- */

static void seed(itp_torch_cpu *of)
{
    of->word[0] = (uint32_t)of->seed;
    for (uint32_t i = 1; i < ITP_TORCH_WORDS; i++)
        of->word[i] = 1812433253U * (of->word[i - 1] ^ (of->word[i - 1] >> 30)) + i;
    of->next = ITP_TORCH_WORDS;
    of->seeded = 1;
    of->waits = 0;
}

static void refill(itp_torch_cpu *of)
{
    for (int i = 0; i < ITP_TORCH_WORDS; i++) {
        uint32_t y = (of->word[i] & 0x80000000U) | (of->word[(i + 1) % ITP_TORCH_WORDS] & 0x7fffffffU);
        of->word[i] = of->word[(i + TORCH_SHIFT) % ITP_TORCH_WORDS] ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfU : 0);
    }
    of->next = 0;
}

static uint32_t bits(itp_torch_cpu *of)
{
    if (of->next == ITP_TORCH_WORDS) refill(of);
    uint32_t y = of->word[of->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

static float uniform_f32(itp_torch_cpu *of)
{
    return (float)(bits(of) & 0xffffffU) * 0x1p-24f;
}

static double uniform_f64(itp_torch_cpu *of)
{
    uint64_t high = bits(of) & 0x1fffffU, low = bits(of);
    return (double)(high << 32 | low) * 0x1p-53;
}

/* ---- blocks of 16 uniform numbers become normals ---- */

static void transform_f32(float *x)
{
    float u[ITP_LANES], angle[ITP_LANES], logarithm[ITP_LANES], sine[ITP_LANES], cosine[ITP_LANES];
    for (int i = 0; i < ITP_LANES; i++) {
        u[i] = 1 - x[i];
        angle[i] = (float)TWO_PI * x[i + ITP_LANES];
    }
    itp_log_cephes(u, logarithm);
    itp_circle_cephes(angle, sine, cosine);
    for (int i = 0; i < ITP_LANES; i++) {
        float radius = sqrtf(-2 * logarithm[i]);
        x[i] = radius * cosine[i];
        x[i + ITP_LANES] = radius * sine[i];
    }
}

static void transform_f64(double *x)
{
    for (int i = 0; i < TORCH_BLOCK / 2; i++) {
        double radius = sqrt(-2 * itp_log_below_one(1 - x[i]));
        itp_circle at = itp_circle_at(TWO_PI * x[i + TORCH_BLOCK / 2]);
        x[i] = radius * at.cosine;
        x[i + TORCH_BLOCK / 2] = radius * at.sine;
    }
}

/* Whole blocks first; where elements are left over, the last 16 are drawn anew as a block of their own. */
static void blocks_f32(itp_torch_cpu *of, float *out, size_t count)
{
    for (size_t i = 0; i < count; i++) out[i] = uniform_f32(of);
    for (size_t i = 0; i + TORCH_BLOCK <= count; i += TORCH_BLOCK) transform_f32(out + i);
    if (count % TORCH_BLOCK) {
        for (size_t i = count - TORCH_BLOCK; i < count; i++) out[i] = uniform_f32(of);
        transform_f32(out + count - TORCH_BLOCK);
    }
}

static void blocks_f64(itp_torch_cpu *of, double *out, size_t count)
{
    for (size_t i = 0; i < count; i++) out[i] = uniform_f64(of);
    for (size_t i = 0; i + TORCH_BLOCK <= count; i += TORCH_BLOCK) transform_f64(out + i);
    if (count % TORCH_BLOCK) {
        for (size_t i = count - TORCH_BLOCK; i < count; i++) out[i] = uniform_f64(of);
        transform_f64(out + count - TORCH_BLOCK);
    }
}

/* ---- fewer ---- */

static double single(itp_torch_cpu *of)
{
    if (of->waits) {
        of->waits = 0;
        return of->second;
    }
    double angle = TWO_PI * uniform_f64(of), radius = sqrt(-2 * itp_log_below_one(1 - uniform_f64(of)));
    itp_circle at = itp_circle_at(angle);
    of->waits = 1;
    of->second = radius * at.sine;
    return radius * at.cosine;
}

static void singles(itp_torch_cpu *of, int32_t type, void *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double x = single(of);
        if (type == ITP_FLOAT64) {
            ((double *)out)[i] = x;
        } else {
            ((float *)out)[i] = (float)x;
        }
    }
}

static void draw(itp_torch_cpu *of, int32_t type, void *out, size_t count)
{
    if (!of->seeded) seed(of);
    if (count < TORCH_BLOCK) {
        singles(of, type, out, count);
    } else if (type == ITP_FLOAT64) {
        blocks_f64(of, out, count);
    } else {
        blocks_f32(of, out, count);
    }
}

int ITP_CALL itp_torch_cpu_draw(void *user, const itp_noise_request *request, void *out)
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
