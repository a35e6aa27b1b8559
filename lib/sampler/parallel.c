/* Work as tasks: the same whoever does them. */
#include "base/log.h"
#include "sampler/sampler.h"

typedef struct job {
    void (*work)(void *context, size_t index);
    void *context;
} job;

/* On a thread of the caller's, which has an environment of its own. */
static void ITP_CALL run_task(void *context, size_t index)
{
    itp_float_env env;
    const job *one = context;
    itp_float_env_enter(&env);
    one->work(one->context, index);
    itp_float_env_leave(&env, 0);
}

int itp_sampler_share(itp_sampler *sampler, size_t tasks, void (*work)(void *context, size_t index), void *context)
{
    job one = {work, context};
    if (!sampler->env.parallel_for || tasks == 1) {
        for (size_t i = 0; i < tasks; i++) {
            work(context, i);
        }
        return ITP_OK;
    }
    itp_float_env_leave(sampler->host, 0);
    int answer = sampler->env.parallel_for(sampler->env.parallel_user, tasks, run_task, &one);
    itp_float_env_enter(sampler->host);
    if (!answer) {
        return ITP_OK;
    }
    sampler->state = ITP_RUN_NOT_BEGUN;
    return itp_stopped(&sampler->log, "parallel_for", answer, -1);
}

/* One operation as stretches of the flat batch. */
typedef struct pass {
    itp_combine_fn combine;
    const itp_combine *op;
} pass;

static void run_stretch(void *context, size_t index)
{
    const pass *whole = context;
    itp_combine part = *whole->op;
    size_t end = part.dim * part.count;
    part.from = index * ITP_TASK_LENGTH;
    part.to = end - part.from < ITP_TASK_LENGTH ? end : part.from + ITP_TASK_LENGTH;
    whole->combine(&part);
}

int itp_sampler_combine(itp_sampler *sampler, const itp_combine *op)
{
    pass whole = {sampler->combine, op};
    size_t total = op->dim * op->count, tasks = total / ITP_TASK_LENGTH + (total % ITP_TASK_LENGTH != 0);
    if (!sampler->env.parallel_for || tasks == 1) {
        sampler->combine(op);
        return ITP_OK;
    }
    return itp_sampler_share(sampler, tasks, run_stretch, &whole);
}
