/* The engine's job system: threads that wait for tasks; the thread that asks works along. Allocates nothing after
 * jobs_open. */
#ifndef GAME_JOBS_H
#define GAME_JOBS_H

#include <pthread.h>
#include <stddef.h>

enum { JOBS_MOST_THREADS = 16 };

typedef void (*job_fn)(void *context, size_t index);

typedef struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    job_fn job;
    void *context;
    size_t next, tasks, open; /* to be handed out next, of how many; not yet finished */
    int threads, stop;
    pthread_t thread[JOBS_MOST_THREADS];
} jobs;

/* 0, or 1 when a thread could not be started. */
int jobs_open(jobs *j, int threads);
void jobs_close(jobs *j);

/* Runs job(context, i) for i < tasks and returns 0 when all are done. Has the type of parallel_for in itp_batch. */
int jobs_run(void *user, size_t tasks, job_fn job, void *context);

#endif
