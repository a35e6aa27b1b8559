/* Plain guidance, which combines the two outputs with one scale, and the scales that an interval or CFG++ gives. */
#include <math.h>

#include "base/float_env.h"
#include "guidance/arrays.h"

static ITP_APART int guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count)
{
    itp_guidance_outputs of = {type, cond, uncond, out, 1};
    int status = itp_guidance_check(&of, count);
    if (status || !isfinite(scale)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; i < count; i++) {
        itp_element_store(type, out, i, itp_guided(&of, scale, i));
    }
    return ITP_OK;
}

int itp_guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, guide(type, cond, uncond, scale, out, count));
}

int itp_autoguide(int32_t type, const void *strong, const void *weak, double scale, void *out, size_t count)
{
    return itp_guide(type, strong, weak, scale, out, count);
}

static ITP_APART int guidance_at(double scale, double low, double high, double u, double *at)
{
    *at = low <= u && u <= high ? scale : 1;
    return ITP_OK;
}

double itp_guidance_at(double scale, double low, double high, double u)
{
    itp_float_env env;
    double at = 1;
    itp_float_env_enter(&env);
    (void)itp_float_env_leave(&env, guidance_at(scale, low, high, u, &at));
    return at;
}

static ITP_APART int guidance_cfgpp(double lambda, double u, double u_next, double *scale)
{
    if (!scale) {
        return ITP_E_ARGUMENT;
    }
    if (!isfinite(lambda) || !(0 <= u && u < u_next && u_next <= 1)) {
        return ITP_E_RANGE;
    }
    *scale = lambda * (u_next * (1 - u) / (u_next - u));
    return ITP_OK;
}

int itp_guidance_cfgpp(double lambda, double u, double u_next, double *scale)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, guidance_cfgpp(lambda, u, u_next, scale));
}
