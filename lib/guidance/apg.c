/* Adaptive projected guidance: the difference of the two outputs is shortened, and its part parallel to the conditional
 * output is weighted by eta. */
#include <math.h>

#include "base/float_env.h"
#include "base/sized.h"
#include "guidance/arrays.h"

static double difference(const itp_guidance_outputs *of, const void *average, double momentum, size_t i)
{
    double d = itp_element_load(of->type, of->cond, i) - itp_element_load(of->type, of->uncond, i);
    return average ? d + momentum * itp_element_load(of->type, average, i) : d;
}

/* What the difference is multiplied by, and how much of cond is then added. */
typedef struct projection {
    double shrink, cond;
} projection;

static projection project(const itp_guidance_outputs *of, const itp_apg *apg, const void *average)
{
    double dd = 0, dc = 0, cc = 0;
    for (size_t i = 0; i < of->dim; i++) {
        double d = difference(of, average, apg->momentum, i), c = itp_element_load(of->type, of->cond, i);
        dd += d * d;
        dc += d * c;
        cc += c * c;
    }
    double norm = sqrt(dd), shrink = apg->threshold > 0 && norm > apg->threshold ? apg->threshold / norm : 1;
    projection out = {(apg->scale - 1) * shrink, 0};
    out.cond = cc == 0 ? 0 : out.shrink * (apg->eta - 1) * (dc / cc);
    return out;
}

static void guide_sample_apg(const itp_guidance_outputs *of, const itp_apg *apg, void *average)
{
    projection by = project(of, apg, average);
    for (size_t i = 0; i < of->dim; i++) {
        double d = difference(of, average, apg->momentum, i), c = itp_element_load(of->type, of->cond, i);
        itp_element_store(of->type, of->out, i, c + (by.shrink * d + by.cond * c));
        if (average) {
            itp_element_store(of->type, average, i, d);
        }
    }
}

static int check_apg(const itp_apg *apg)
{
    if (!isfinite(apg->scale) || !isfinite(apg->eta) || !isfinite(apg->momentum)) {
        return ITP_E_RANGE;
    }
    if (!(apg->threshold >= 0 && isfinite(apg->threshold))) {
        return ITP_E_RANGE;
    }
    return apg->momentum != 0 && !apg->average ? ITP_E_ARGUMENT : ITP_OK;
}

static ITP_APART int guide_apg(const itp_apg *apg, int32_t type, const void *cond, const void *uncond, void *out,
                               size_t count, size_t dim)
{
    itp_apg known;
    itp_guidance_outputs all = {type, cond, uncond, out, dim};
    int status = apg ? itp_struct_read(&known, sizeof known, apg) : ITP_E_ARGUMENT;
    if (status) {
        return status;
    }
    status = itp_guidance_check(&all, count);
    status = status ? status : check_apg(&known);
    for (size_t i = 0; !status && dim && i < count; i++) {
        itp_guidance_outputs one = itp_guidance_sample(&all, i);
        unsigned char *average = known.average;
        guide_sample_apg(&one, &known, average ? average + i * dim * itp_element_size(type) : NULL);
    }
    return status;
}

int itp_guide_apg(const itp_apg *apg, int32_t type, const void *cond, const void *uncond, void *out, size_t count,
                  size_t dim)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, guide_apg(apg, type, cond, uncond, out, count, dim));
}
