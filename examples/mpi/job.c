#include "job.h"

#include <errno.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int make_plan(job *j)
{
    char text[1024];
    const options *o = j->o;
    snprintf(text, sizeof text, "schedule=%s%s%s k=%.17g evaluations=%d", o->schedule, o->solver ? " solver=" : "",
             o->solver ? o->solver : "", o->k, (int)o->evaluations);
    return itp_plan_parse_with(text, j->env, &j->plan);
}

/* The plan's rows as text have all digits of its numbers: shards of two jobs can be told apart whatever made them
 * differ, be it an option or another version of the library. */
static int make_key(job *j)
{
    size_t size = 0;
    itp_plan_format(j->plan, NULL, 0, &size);
    char *text = malloc(size);
    if (!text) {
        return ITP_E_MEMORY;
    }
    itp_plan_format(j->plan, text, size, NULL);
    j->key = tally_hash(0, text, size);
    j->key = tally_hash(j->key, mixture, sizeof mixture);
    j->key = tally_hash(j->key, &j->o->seed, sizeof j->o->seed);
    j->key = tally_hash(j->key, &j->o->shard, sizeof j->o->shard);
    free(text);
    return ITP_OK;
}

/* One sampler for all shards: each is a start of its own. */
static int make_sampler(job *j)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.env = j->env;
    batch.dim = MIXTURE_DIM;
    batch.count = job_count(j, 0);
    batch.kernel = ITP_KERNEL_PORTABLE; /* the other one's last bits depend on the processor, and ranks may differ */
    return itp_sampler_new(j->plan, &batch, &j->sampler);
}

int job_open(job *j, const options *o, const itp_env *env)
{
    *j = (job){.o = o, .env = env, .name = {.folder = o->out}};
    j->shards = (o->samples - 1) / o->shard + 1;
    int status = make_plan(j);
    if (!status) {
        status = make_key(j);
    }
    if (!status) {
        status = make_sampler(j);
    }
    if (!status) {
        j->x = malloc(job_count(j, 0) * MIXTURE_DIM * sizeof *j->x);
        status = j->x ? ITP_OK : ITP_E_MEMORY;
    }
    return status;
}

void job_close(job *j)
{
    free(j->x);
    itp_sampler_free(j->sampler);
    itp_plan_free(j->plan);
}

uint64_t job_count(const job *j, uint64_t index)
{
    uint64_t left = j->o->samples - index * j->o->shard;
    return left < j->o->shard ? left : j->o->shard;
}

static shard_header wanted(const job *j, uint64_t index)
{
    return (shard_header){.job = j->key, .first = index * j->o->shard, .count = job_count(j, index)};
}

int job_find(job *j, uint64_t index, tally *t)
{
    tally found = {{0}};
    shard_header header = wanted(j, index);
    j->name.index = index;
    int verdict = shard_read(&j->name, &header, j->x, header.count * MIXTURE_DIM);
    if (verdict != SHARD_READ) {
        return verdict;
    }
    tally_add(&found, header.first, j->x, header.count);
    if (found.field[TALLY_DIGEST] != header.digest) {
        return SHARD_DAMAGED;
    }
    tally_merge(t, &found);
    return SHARD_READ;
}

/* The whole of the library's part: which samples these are is all that a rank need know. */
static int sample(job *j, const shard_header *header)
{
    itp_start start = ITP_START_INIT;
    start.x = j->x;
    start.count = header->count;
    start.seed = j->o->seed;
    start.first = header->first;
    return itp_sampler_run(j->sampler, &start, mixture_evaluate, &j->seconds[JOB_NETWORK]);
}

/* The time since *since, which becomes now. */
static double lap(double *since)
{
    double now = MPI_Wtime(), passed = now - *since;
    *since = now;
    return passed;
}

const char *job_make(job *j, uint64_t index, tally *t)
{
    tally made = {{0}};
    shard_header header = wanted(j, index);
    double since = MPI_Wtime(), network = j->seconds[JOB_NETWORK];
    j->name.index = index;
    int status = sample(j, &header);
    j->seconds[JOB_SAMPLER] += lap(&since) - (j->seconds[JOB_NETWORK] - network);
    if (status) {
        return itp_status_string(status);
    }
    tally_add(&made, header.first, j->x, header.count);
    j->seconds[JOB_STATISTICS] += lap(&since);
    header.digest = made.field[TALLY_DIGEST];
    if (shard_write(&j->name, &header, j->x, header.count * MIXTURE_DIM)) {
        return strerror(errno);
    }
    j->seconds[JOB_FILES] += lap(&since);
    tally_merge(t, &made);
    return NULL;
}
