/* Rescaled guidance: the standard deviation of each guided sample is moved toward that of its conditional output. */
#include <math.h>

#include "base/float_env.h"
#include "guidance/arrays.h"

static double deviation(const itp_guidance_outputs *of, double scale)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < of->dim; i++) {
        sum += itp_guided(of, scale, i);
    }
    double mean = sum / (double)of->dim;
    for (size_t i = 0; i < of->dim; i++) {
        double away = itp_guided(of, scale, i) - mean;
        squares += away * away;
    }
    return sqrt(squares / (double)of->dim);
}

static void rescale(const itp_guidance_outputs *of, double scale, double phi)
{
    double all = deviation(of, scale);
    double factor = all == 0 ? 1 : phi * (deviation(of, 1) / all) + (1 - phi);
    for (size_t i = 0; i < of->dim; i++) {
        itp_element_store(of->type, of->out, i, factor * itp_guided(of, scale, i));
    }
}

static ITP_APART int guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi,
                                    void *out, size_t count, size_t dim)
{
    itp_guidance_outputs all = {type, cond, uncond, out, dim};
    int status = itp_guidance_check(&all, count);
    if (status || !isfinite(scale) || !(phi >= 0 && phi <= 1)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; dim && i < count; i++) {
        itp_guidance_outputs one = itp_guidance_sample(&all, i);
        rescale(&one, scale, phi);
    }
    return ITP_OK;
}

int itp_guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi, void *out,
                       size_t count, size_t dim)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, guide_rescaled(type, cond, uncond, scale, phi, out, count, dim));
}
