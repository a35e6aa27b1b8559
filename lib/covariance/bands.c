#include "covariance/bands.h"

#include <math.h>

/* The log of the variances, from the smallest to the largest, in `count` equal parts. */
typedef struct scale {
    double low, high;
    int32_t count;
} scale;

static scale scale_of(const itp_covariance *covariance, int32_t count)
{
    scale out = {INFINITY, -INFINITY, count};
    for (size_t i = 0; i < covariance->info.rank; i++) {
        double value = log(covariance->variances[i]);
        out.low = fmin(out.low, value);
        out.high = fmax(out.high, value);
    }
    return out;
}

static int32_t place(const scale *of, double variance)
{
    double x = of->high > of->low ? (log(variance) - of->low) / (of->high - of->low) : 0;
    int32_t band = (int32_t)(x * of->count);
    return band < 0 ? 0 : band < of->count ? band : of->count - 1;
}

static void find_deviations(const itp_covariance *covariance, itp_bands *bands, int32_t *members)
{
    for (size_t i = 0; i < covariance->info.rank; i++) {
        bands->s[bands->member[i]] += log(covariance->variances[i]);
        members[bands->member[i]]++;
    }
    for (int32_t b = 0; b < bands->count; b++) {
        bands->s[b] = members[b] ? exp(0.5 * bands->s[b] / members[b]) : 0;
    }
}

/* Bands without members make room. */
static void close_gaps(itp_bands *bands, size_t rank, int32_t *members)
{
    int32_t count = 0;
    for (int32_t b = 0; b < bands->count; b++) {
        int32_t to = members[b] ? count++ : count;
        bands->s[to] = bands->s[b];
        members[b] = to;
    }
    for (size_t i = 0; i < rank; i++) bands->member[i] = members[bands->member[i]];
    bands->count = count;
}

static int allocate(const itp_memory *memory, const itp_report *log, size_t rank, itp_bands *out)
{
    out->s = itp_memory_array(memory, rank + 1, sizeof *out->s);
    out->member = itp_memory_array(memory, 2 * rank, sizeof *out->member);
    return out->s && out->member ? ITP_OK : itp_fail(log, ITP_E_MEMORY, "no memory for bands.");
}

/* `most` 0: one for each. */
static void group(const itp_covariance *covariance, int32_t most, itp_bands *out)
{
    size_t rank = covariance->info.rank;
    int single = most == 0 || (size_t)most >= rank;
    out->count = single ? (int32_t)rank : most;
    scale of = scale_of(covariance, out->count);
    for (size_t i = 0; i < rank; i++) {
        out->member[i] = single ? (int32_t)i : place(&of, covariance->variances[i]);
    }
    find_deviations(covariance, out, out->member + rank);
    close_gaps(out, rank, out->member + rank);
}

int itp_bands_make(const itp_memory *memory, const itp_report *log, const itp_covariance *covariance, int32_t most,
                   itp_bands *out)
{
    size_t rank = covariance->info.rank;
    if (most < 0 || most > ITP_BANDS_MOST || (most == 0 && rank > ITP_BANDS_MOST)) {
        return itp_fail(log, ITP_E_RANGE, "bands: %d for %zu components; at most %d.", (int)most, rank,
                        (int)ITP_BANDS_MOST);
    }
    int status = allocate(memory, log, rank, out);
    if (status) {
        return status;
    }
    group(covariance, most, out);
    out->rest = rank < covariance->info.dim;
    if (out->rest) {
        out->s[out->count++] = sqrt(covariance->info.rest);
    }
    return ITP_OK;
}

void itp_bands_free(const itp_memory *memory, itp_bands *bands, size_t rank)
{
    itp_memory_free(memory, bands->s, (rank + 1) * sizeof *bands->s);
    itp_memory_free(memory, bands->member, 2 * rank * sizeof *bands->member);
}
