#include "progress.h"

#include <inttypes.h>
#include <mpi.h>
#include <stdio.h>

#define FINISHED 1

void progress_start(progress *p, int rank, double interval, uint64_t total, double samples)
{
    double now = MPI_Wtime();
    *p = (progress){rank, interval, now, now, 0, total, samples};
}

static void count(progress *p)
{
    double now = MPI_Wtime(), passed = now - p->start;
    p->finished++;
    if (p->interval <= 0 || now - p->shown < p->interval) {
        return;
    }
    p->shown = now;
    double rate = (double)p->finished / passed;
    fprintf(stderr, "shards: %" PRIu64 " of %" PRIu64 " shards, %.3g samples per second, %.0f s left\n", p->finished,
            p->total, rate * p->samples, (double)(p->total - p->finished) / rate);
}

static void receive(progress *p)
{
    MPI_Recv(NULL, 0, MPI_BYTE, MPI_ANY_SOURCE, FINISHED, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    count(p);
}

void progress_shard(progress *p)
{
    if (p->rank) {
        MPI_Send(NULL, 0, MPI_BYTE, 0, FINISHED, MPI_COMM_WORLD);
        return;
    }
    count(p);
    int more = 1;
    while (more) {
        MPI_Iprobe(MPI_ANY_SOURCE, FINISHED, MPI_COMM_WORLD, &more, MPI_STATUS_IGNORE);
        if (more) {
            receive(p);
        }
    }
}

void progress_wait(progress *p)
{
    while (!p->rank && p->finished < p->total) {
        receive(p);
    }
}
