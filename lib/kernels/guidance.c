/* Guidance and thresholds: plain loops over samples, sums in double. */
#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "base/sized.h"

static double load(int32_t type, const void *array, size_t i)
{
    return type == ITP_FLOAT64 ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

static void store(int32_t type, void *array, size_t i, double value)
{
    if (type == ITP_FLOAT64) {
        ((double *)array)[i] = value;
    } else {
        ((float *)array)[i] = (float)value;
    }
}

static size_t bytes_of(int32_t type, size_t elements)
{
    return elements * (type == ITP_FLOAT64 ? sizeof(double) : sizeof(float));
}

/* The three arrays of a combination, or of one sample of it. */
typedef struct outputs {
    int32_t type;
    const unsigned char *cond, *uncond;
    unsigned char *out;
    size_t dim;
} outputs;

static outputs sample_of(const outputs *all, size_t i)
{
    size_t skip = bytes_of(all->type, i * all->dim);
    outputs one = {all->type, all->cond + skip, all->uncond + skip, all->out + skip, all->dim};
    return one;
}

static int check_type(int32_t type)
{
    return type == ITP_FLOAT32 || type == ITP_FLOAT64 ? ITP_OK : ITP_E_UNSUPPORTED;
}

static int check_size(size_t count, size_t dim)
{
    return dim && count > SIZE_MAX / sizeof(double) / dim ? ITP_E_OVERFLOW : ITP_OK;
}

static int check_outputs(const outputs *of, size_t count)
{
    int status = check_size(count, of->dim);
    if (!status && count && of->dim && !(of->cond && of->uncond && of->out)) {
        status = ITP_E_ARGUMENT;
    }
    return status ? status : check_type(of->type);
}

/* Exact at 0 and 1, and where the two are equal. */
static double guided(double cond, double uncond, double scale)
{
    return scale == 1 ? cond : scale == 0 ? uncond : uncond + scale * (cond - uncond);
}

static double guided_at(const outputs *of, double scale, size_t i)
{
    return guided(load(of->type, of->cond, i), load(of->type, of->uncond, i), scale);
}

static ITP_APART int guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count)
{
    outputs of = {type, cond, uncond, out, 1};
    int status = check_outputs(&of, count);
    if (status || !isfinite(scale)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; i < count; i++) {
        store(type, out, i, guided_at(&of, scale, i));
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

/* ---- rescaled ---- */

static double deviation(const outputs *of, double scale)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < of->dim; i++) {
        sum += guided_at(of, scale, i);
    }
    double mean = sum / (double)of->dim;
    for (size_t i = 0; i < of->dim; i++) {
        double away = guided_at(of, scale, i) - mean;
        squares += away * away;
    }
    return sqrt(squares / (double)of->dim);
}

static void rescale(const outputs *of, double scale, double phi)
{
    double all = deviation(of, scale);
    double factor = all == 0 ? 1 : phi * (deviation(of, 1) / all) + (1 - phi);
    for (size_t i = 0; i < of->dim; i++) {
        store(of->type, of->out, i, factor * guided_at(of, scale, i));
    }
}

static ITP_APART int guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi,
                                    void *out, size_t count, size_t dim)
{
    outputs all = {type, cond, uncond, out, dim};
    int status = check_outputs(&all, count);
    if (status || !isfinite(scale) || !(phi >= 0 && phi <= 1)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; dim && i < count; i++) {
        outputs one = sample_of(&all, i);
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

/* ---- adaptive projected ---- */

static double difference(const outputs *of, const void *average, double momentum, size_t i)
{
    double d = load(of->type, of->cond, i) - load(of->type, of->uncond, i);
    return average ? d + momentum * load(of->type, average, i) : d;
}

/* What the difference is multiplied by, and how much of cond is then added. */
typedef struct projection {
    double shrink, cond;
} projection;

static projection project(const outputs *of, const itp_apg *apg, const void *average)
{
    double dd = 0, dc = 0, cc = 0;
    for (size_t i = 0; i < of->dim; i++) {
        double d = difference(of, average, apg->momentum, i), c = load(of->type, of->cond, i);
        dd += d * d;
        dc += d * c;
        cc += c * c;
    }
    double norm = sqrt(dd), shrink = apg->threshold > 0 && norm > apg->threshold ? apg->threshold / norm : 1;
    projection out = {(apg->scale - 1) * shrink, 0};
    out.cond = cc == 0 ? 0 : out.shrink * (apg->eta - 1) * (dc / cc);
    return out;
}

static void guide_sample_apg(const outputs *of, const itp_apg *apg, void *average)
{
    projection by = project(of, apg, average);
    for (size_t i = 0; i < of->dim; i++) {
        double d = difference(of, average, apg->momentum, i), c = load(of->type, of->cond, i);
        store(of->type, of->out, i, c + (by.shrink * d + by.cond * c));
        if (average) {
            store(of->type, average, i, d);
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
    outputs all = {type, cond, uncond, out, dim};
    int status = apg ? itp_struct_read(&known, sizeof known, apg) : ITP_E_ARGUMENT;
    status = status ? status : check_outputs(&all, count);
    status = status ? status : check_apg(&known);
    for (size_t i = 0; !status && dim && i < count; i++) {
        outputs one = sample_of(&all, i);
        unsigned char *average = known.average;
        guide_sample_apg(&one, &known, average ? average + bytes_of(type, i * dim) : NULL);
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

/* ---- thresholds ---- */

/* NaN fails both comparisons. */
static double clipped(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static int check_data(int32_t type, const void *data, size_t count, size_t dim)
{
    int status = check_size(count, dim);
    if (!status && count && dim && !data) {
        status = ITP_E_ARGUMENT;
    }
    return status ? status : check_type(type);
}

static ITP_APART int threshold_static(int32_t type, void *data, double low, double high, size_t count)
{
    int status = check_data(type, data, count, 1);
    if (status || !(low <= high)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; i < count; i++) {
        store(type, data, i, clipped(load(type, data, i), low, high));
    }
    return ITP_OK;
}

int itp_threshold_static(int32_t type, void *data, double low, double high, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, threshold_static(type, data, low, high, count));
}

/* |value| as an integer of the same order; NaN above infinity. */
static uint64_t order_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & (UINT64_MAX >> 1);
}

/* The digit (of base 256) of the element with rank `rank` among those that agree with `prefix` above the digit. The
 * rank becomes that among those which agree in it too. */
static uint64_t next_digit(int32_t type, const void *data, size_t dim, uint64_t prefix, int shift, size_t *rank)
{
    size_t tally[256] = {0};
    uint64_t digit = 0;
    for (size_t i = 0; i < dim; i++) {
        uint64_t order = order_of(load(type, data, i));
        if (shift == 56 || order >> (shift + 8) == prefix) {
            tally[(order >> shift) & 255]++;
        }
    }
    while (*rank >= tally[digit]) {
        *rank -= tally[digit++];
    }
    return digit;
}

/* The absolute value with rank `rank` from below, digit by digit: no sorting, no memory. A float has zeros in the last
 * 29 bits of its double (but for NaN, which are all alike here). */
static double ranked(int32_t type, const void *data, size_t dim, size_t rank)
{
    uint64_t prefix = 0;
    int last = type == ITP_FLOAT32 ? 24 : 0;
    double value;
    for (int shift = 56; shift >= last; shift -= 8) {
        prefix = prefix << 8 | next_digit(type, data, dim, prefix, shift, &rank);
    }
    prefix <<= last;
    memcpy(&value, &prefix, sizeof value);
    return value;
}

static double quantile_of(int32_t type, const void *data, size_t dim, double quantile)
{
    double position = quantile * (double)(dim - 1), below = floor(position), part = position - below;
    double value = ranked(type, data, dim, (size_t)below);
    return part > 0 ? value + part * (ranked(type, data, dim, (size_t)below + 1) - value) : value;
}

static void threshold(int32_t type, void *data, size_t dim, double quantile, double most)
{
    double s = quantile_of(type, data, dim, quantile);
    s = clipped(s, 1, INFINITY);
    s = clipped(s, 0, most);
    if (!isfinite(s)) {
        return;
    }
    for (size_t i = 0; i < dim; i++) {
        store(type, data, i, clipped(load(type, data, i), -s, s) / s);
    }
}

static ITP_APART int threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim)
{
    int status = check_data(type, data, count, dim);
    if (status || !(quantile >= 0 && quantile <= 1) || !(most > 0)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; dim && i < count; i++) {
        threshold(type, (unsigned char *)data + bytes_of(type, i * dim), dim, quantile, most);
    }
    return ITP_OK;
}

int itp_threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, threshold_dynamic(type, data, quantile, most, count, dim));
}
