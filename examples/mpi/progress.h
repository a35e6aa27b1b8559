/* One line every few seconds from rank 0, about all ranks: each sends it an empty message per shard. */
#ifndef SHARDS_PROGRESS_H
#define SHARDS_PROGRESS_H

#include <stdint.h>

typedef struct progress {
    int rank;
    double interval, start, shown; /* seconds; interval 0: no lines */
    uint64_t finished, total;      /* shards of this run; rank 0 only */
    double samples;                /* per shard */
} progress;

void progress_start(progress *p, int rank, double interval, uint64_t total, double samples);
/* This rank has finished a shard. */
void progress_shard(progress *p);
/* Rank 0 waits here for the shards of the others. */
void progress_wait(progress *p);

#endif
