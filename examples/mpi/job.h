/* What is to be sampled, and one shard of it: made, or found on the disk. Nothing here knows of other ranks. */
#ifndef SHARDS_JOB_H
#define SHARDS_JOB_H

#include "options.h"
#include "shard_file.h"
#include "tally.h"

enum { JOB_NETWORK, JOB_SAMPLER, JOB_STATISTICS, JOB_FILES, JOB_PARTS };

typedef struct job {
    const options *o;
    const itp_env *env;
    itp_plan *plan;
    itp_sampler *sampler;
    uint64_t key; /* of the plan's numbers, the network's, the seed and the size of a shard */
    uint64_t shards;
    float *x;        /* of one shard */
    shard_name name; /* of the file last worked on, for messages */
    double seconds[JOB_PARTS];
} job;

/* A status of libinterp. job_close in either case. */
int job_open(job *j, const options *o, const itp_env *env);
void job_close(job *j);

/* Samples in shard `index`. */
uint64_t job_count(const job *j, uint64_t index);

/* SHARD_...; the tally grows when it is SHARD_READ. */
int job_find(job *j, uint64_t index, tally *t);

/* NULL, or why not; the tally grows and the file is there when it is NULL. */
const char *job_make(job *j, uint64_t index, tally *t);

#endif
