/* The command line of shards. */
#ifndef SHARDS_OPTIONS_H
#define SHARDS_OPTIONS_H

#include <interp/base.h>
#include <stdint.h>

typedef struct options {
    const char *out;
    uint64_t samples, shard; /* in all, in each shard */
    uint64_t seed;
    int32_t evaluations;
    const char *schedule, *solver; /* libinterp's texts; NULL: the library's */
    double k, progress;            /* diffusion; seconds between progress lines, 0: none */
    int timings;
    itp_error why; /* what the library says of an option */
} options;

enum { OPTIONS_GO, OPTIONS_DONE, OPTIONS_WRONG };

/* Every rank reads the same line; only the one with `speak` prints help or what is wrong. */
int options_read(int argc, char **argv, int speak, options *o);

#endif
