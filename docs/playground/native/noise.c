/* For the tests: the library's own golden hash of its normals, computed in the browser's machine. */
#include "api.h"

#include <interp/noise.h>
#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

/* FNV-1a of the bits of a million normals, low byte first, as tests/unit/noise_test.c has it. out: low, high word. */
int PLAYGROUND(noise_hash)(uint32_t *out)
{
    float *x = malloc(MILLION * sizeof *x);
    uint64_t hash = UINT64_C(14695981039346656037);
    int status =
        x ? itp_normals(UINT64_C(0x0123456789ABCDEF), UINT64_C(0xFEDCBA9876543210), 3, 0, ITP_FLOAT32, x, MILLION)
          : ITP_E_MEMORY;
    for (size_t i = 0; status == ITP_OK && i < MILLION; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        for (int shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ (bits >> shift & 255)) * UINT64_C(1099511628211);
        }
    }
    free(x);
    out[0] = (uint32_t)hash;
    out[1] = (uint32_t)(hash >> 32);
    return status;
}
