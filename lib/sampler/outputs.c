/* Whether a network has written its output. With check_finite the output holds, before the network is asked, a NaN that
 * no arithmetic makes of itself: where it is still there, nobody wrote. Bits are compared, not numbers, so that neither
 * the floating point mode nor the compiler's options have a say. */
#include <string.h>

#include "base/log.h"
#include "sampler/sampler.h"

enum { TOGETHER = 512 }; /* bytes that are written together */
/* Quiet NaNs whose payload is the letters i, t and p by their numbers, in words of 64 bits. */
static const uint64_t UNWRITTEN32 = 0x7fc920167fc92016u, UNWRITTEN64 = 0x7ff8000000092016u;

static size_t output_bytes(const itp_batch *batch, size_t count, const void *out)
{
    return batch->check_finite && out ? count * batch->dim * itp_element_size(batch->type) : 0;
}

void itp_output_expect(const itp_batch *batch, size_t count, void *out)
{
    const uint64_t *pattern = batch->type == ITP_FLOAT64 ? &UNWRITTEN64 : &UNWRITTEN32;
    size_t bytes = output_bytes(batch, count, out);
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

const char *itp_output_fault(const itp_batch *batch, size_t count, const void *out, size_t *sample)
{
    size_t size = itp_element_size(batch->type), bytes = output_bytes(batch, count, out);
    size_t bad = first_special(batch->type, out, bytes);
    uint64_t unwritten = batch->type == ITP_FLOAT64 ? UNWRITTEN64 : UNWRITTEN32, found = unwritten;
    if (bad == bytes) {
        return NULL;
    }
    memcpy(&found, (const unsigned char *)out + bad, size);
    *sample = bad / size / batch->dim;
    return found == unwritten ? "the network left it, or a part of it, unwritten"
                              : "the network returned a value that is not finite";
}

int itp_output_check(const itp_batch *batch, const itp_report *log, const itp_request *request)
{
    const void *outs[] = {request->out, request->out2};
    static const char *const NAMES[] = {"out", "out2"};
    for (int i = 0; i < 2; i++) {
        size_t sample;
        const char *fault = itp_output_fault(batch, batch->count, outs[i], &sample);
        if (fault) {
            return itp_fail(log, ITP_E_NONFINITE, "%s: %s in row %d, sample %zu.", NAMES[i], fault, (int)request->row,
                            sample);
        }
    }
    return ITP_OK;
}
