/* Whether a network has written its output. With check_finite the output holds, before the network is asked, a NaN that
 * no arithmetic makes of itself: where it is still there, nobody wrote. Bits are compared, not numbers, so that neither
 * the floating point mode nor the compiler's options have a say. */
#include <string.h>

#include "base/log.h"
#include "sampler/sampler.h"

enum { TOGETHER = 512 }; /* bytes that are written together */
/* Quiet NaNs whose payload is the letters i, t and p by their numbers, in words of 64 bits. */
static const uint64_t UNWRITTEN32 = 0x7fc920167fc92016u, UNWRITTEN64 = 0x7ff8000000092016u;

void itp_output_expect(const itp_batch *batch, size_t count, void *out)
{
    const uint64_t *pattern = batch->type == ITP_FLOAT64 ? &UNWRITTEN64 : &UNWRITTEN32;
    size_t bytes = batch->check_finite && out ? count * batch->dim * itp_element_size(batch->type) : 0;
    unsigned char *to = out;
    for (size_t done = 0, part; done < bytes; done += part) { /* twice as much each time */
        part = done < sizeof *pattern ? sizeof *pattern : done < TOGETHER ? done : TOGETHER;
        part = part < bytes - done ? part : bytes - done;
        memcpy(to + done, done ? to : (const unsigned char *)pattern, part);
    }
}

/* Whether a number in a word is infinite or NaN: its exponent is all ones, and one more carries into the sign's place.
 * A word may hold two numbers; nothing is carried from one to the other. */
static int special(uint64_t word, uint64_t magnitude, uint64_t one)
{
    return (((word & magnitude) + one) & ~magnitude) != 0;
}

/* Where the first of those lies, or `bytes`. */
static size_t first_special(int32_t type, const unsigned char *out, size_t bytes)
{
    uint64_t magnitude = type == ITP_FLOAT64 ? 0x7fffffffffffffffu : 0x7fffffff7fffffffu, word = 0;
    uint64_t one = type == ITP_FLOAT64 ? 0x0010000000000000u : 0x0080000000800000u;
    size_t at = 0, size = itp_element_size(type);
    for (; bytes - at >= sizeof word; at += sizeof word) {
        memcpy(&word, out + at, sizeof word);
        if (special(word, magnitude, one)) {
            break;
        }
    }
    for (; at < bytes; at += size) { /* which of the two, or the one that is left */
        word = 0;
        memcpy(&word, out + at, size);
        if (special(word, magnitude, one)) {
            break;
        }
    }
    return at;
}

void itp_outputs_expect(const itp_sampler *sampler, const itp_request *request)
{
    itp_output_expect(&sampler->batch, request->count, request->out);
    itp_output_expect(&sampler->batch, request->count, request->out2);
}

static int fault(const itp_sampler *sampler, const itp_request *request, const char *name, const unsigned char *out,
                 size_t bad)
{
    int32_t type = request->type;
    size_t sample = bad / itp_sampler_sample_bytes(sampler);
    uint64_t unwritten = type == ITP_FLOAT64 ? UNWRITTEN64 : UNWRITTEN32, found = unwritten;
    memcpy(&found, out + bad, itp_element_size(type));
    return itp_fail(&sampler->log, ITP_E_NONFINITE, "%s: the network %s in row %d, sample %zu.", name,
                    found == unwritten ? "left it, or a part of it, unwritten" : "returned a value that is not finite",
                    (int)request->row, request->index ? (size_t)request->index[sample] : sample);
}

/* Of samples whose scale is 1 the second output does not count. */
static int counts(const itp_request *request, int second, size_t sample)
{
    return !second || !request->guidances || request->guidances[sample] != 1;
}

int itp_outputs_check(const itp_sampler *sampler, const itp_request *request)
{
    static const char *const names[] = {"out", "out2"};
    const unsigned char *outs[] = {request->out, request->out2};
    size_t one = itp_sampler_sample_bytes(sampler), bytes = request->count * one;
    for (int i = 0; i < 2 && sampler->batch.check_finite; i++) {
        for (size_t from = 0, bad; outs[i] && from < bytes; from = (bad / one + 1) * one) {
            bad = from + first_special(request->type, outs[i] + from, bytes - from);
            if (bad < bytes && counts(request, i, bad / one)) {
                return fault(sampler, request, names[i], outs[i], bad);
            }
        }
    }
    return ITP_OK;
}
