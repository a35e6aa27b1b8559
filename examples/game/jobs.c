#include "jobs.h"

#include <string.h>

/* With the lock held: takes tasks as long as there are any. */
static void take_tasks(jobs *j)
{
    while (j->next < j->tasks) {
        job_fn job = j->job;
        void *context = j->context;
        size_t index = j->next++;
        pthread_mutex_unlock(&j->lock);
        job(context, index);
        pthread_mutex_lock(&j->lock);
        if (!--j->open) {
            pthread_cond_signal(&j->done);
        }
    }
}

static void *worker(void *argument)
{
    jobs *j = argument;
    pthread_mutex_lock(&j->lock);
    while (!j->stop) {
        take_tasks(j);
        if (!j->stop) {
            pthread_cond_wait(&j->work, &j->lock);
        }
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

int jobs_run(void *user, size_t tasks, job_fn job, void *context)
{
    jobs *j = user;
    pthread_mutex_lock(&j->lock);
    j->job = job;
    j->context = context;
    j->next = 0;
    j->tasks = j->open = tasks;
    pthread_cond_broadcast(&j->work);
    take_tasks(j);
    while (j->open) {
        pthread_cond_wait(&j->done, &j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return 0;
}

void jobs_close(jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->stop = 1;
    pthread_cond_broadcast(&j->work);
    pthread_mutex_unlock(&j->lock);
    for (int i = 0; i < j->threads - 1; i++) {
        pthread_join(j->thread[i], NULL);
    }
    pthread_cond_destroy(&j->done);
    pthread_cond_destroy(&j->work);
    pthread_mutex_destroy(&j->lock);
}

int jobs_open(jobs *j, int threads)
{
    memset(j, 0, sizeof *j);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->work, NULL);
    pthread_cond_init(&j->done, NULL);
    for (j->threads = 1; j->threads < threads; j->threads++) {
        if (pthread_create(&j->thread[j->threads - 1], NULL, worker, j)) {
            jobs_close(j);
            return 1;
        }
    }
    return 0;
}
