/* Thresholds on data predictions: at given values, or at a quantile of each sample's absolute values. */
#include <math.h>
#include <string.h>

#include "base/float_env.h"
#include "guidance/arrays.h"

/* A NaN fails both comparisons and stays. */
static double clipped(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static ITP_APART int threshold_static(int32_t type, void *data, double low, double high, size_t count)
{
    int status = itp_threshold_check(type, data, count, 1);
    if (status || !(low <= high)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; i < count; i++) {
        itp_element_store(type, data, i, clipped(itp_element_load(type, data, i), low, high));
    }
    return ITP_OK;
}

int itp_threshold_static(int32_t type, void *data, double low, double high, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, threshold_static(type, data, low, high, count));
}

/* The bits of |value|: as integers they have the order of the absolute values, and NaN comes after infinity. */
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
        uint64_t order = order_of(itp_element_load(type, data, i));
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
        itp_element_store(type, data, i, clipped(itp_element_load(type, data, i), -s, s) / s);
    }
}

static ITP_APART int threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim)
{
    int status = itp_threshold_check(type, data, count, dim);
    if (status || !(quantile >= 0 && quantile <= 1) || !(most > 0)) {
        return status ? status : ITP_E_RANGE;
    }
    for (size_t i = 0; dim && i < count; i++) {
        threshold(type, (unsigned char *)data + i * dim * itp_element_size(type), dim, quantile, most);
    }
    return ITP_OK;
}

int itp_threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, threshold_dynamic(type, data, quantile, most, count, dim));
}
