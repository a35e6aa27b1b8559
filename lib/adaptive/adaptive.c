/* A batch of walkers: those that are under way are asked together. */
#include "adaptive/adaptive.h"

#include "base/float_env.h"
#include "base/log.h"
#include "base/sized.h"

/* NOLINTNEXTLINE(readability-non-const-parameter): the kernel writes it */
void itp_adaptive_sum(const itp_adaptive *run, const itp_column *columns, int32_t count, double *next)
{
    itp_combine op = {.dim = run->batch.dim, .count = 1, .next = next, .columns = columns, .column_count = count};
    run->combine(&op);
}

void itp_adaptive_load(const itp_adaptive *run, double factor, const void *from, double *to)
{
    for (size_t i = 0; i < run->batch.dim; i++) {
        double value = run->batch.type == ITP_FLOAT64 ? ((const double *)from)[i] : (double)((const float *)from)[i];
        to[i] = factor * value;
    }
}

void itp_adaptive_store(const itp_adaptive *run, double factor, const double *from, void *to)
{
    for (size_t i = 0; i < run->batch.dim; i++) {
        if (run->batch.type == ITP_FLOAT64) {
            ((double *)to)[i] = factor * from[i];
        } else {
            ((float *)to)[i] = (float)(factor * from[i]);
        }
    }
}

size_t itp_adaptive_number(const itp_adaptive *run, const itp_walker *walker)
{
    return (size_t)(walker - run->walkers);
}

int itp_adaptive_fail(itp_adaptive *run, itp_walker *walker, int status, const char *why)
{
    walker->status = status > 0 ? (int)ITP_E_CALLBACK : status; /* a positive one says that it is under way */
    return itp_fail(&run->log, walker->status, "%s: sample %zu, t = %.17g, after %d steps.", why,
                    itp_adaptive_number(run, walker), walker->t, (int)walker->accepted);
}

size_t itp_adaptive_bytes(const itp_adaptive *run)
{
    return run->batch.dim * itp_element_size(run->batch.type);
}

/* The walkers under way, in their order, side by side. */
static void gather(itp_adaptive *run)
{
    run->active = 0;
    for (size_t i = 0; i < run->batch.count; i++) {
        const itp_walker *walker = &run->walkers[i];
        if (walker->status == ITP_EVALUATE) {
            run->index[run->active] = i;
            run->times[run->active] = walker->drift.time;
            run->u[run->active] = walker->here.u;
            itp_walker_ask(run, walker, run->x + run->active * itp_adaptive_bytes(run));
            run->active++;
        }
    }
    run->state = run->active ? ITP_RUN_WAITING : ITP_RUN_OVER;
}

static void draw_start(const itp_adaptive *run)
{
    itp_noise_term start = {0, run->start_norm};
    itp_combine op = {.dim = run->batch.dim,
                      .count = run->batch.count,
                      .next = run->caller,
                      .normals = &start,
                      .normal_count = 1,
                      .seed = run->batch.seed,
                      .first = run->batch.first,
                      .seeds = run->seeds};
    run->draw(&op);
}

static ITP_APART int adaptive_begin(itp_adaptive *run, void *x)
{
    if (!run || !x) {
        return run ? itp_fail(&run->log, ITP_E_ARGUMENT, "x: the array is NULL.") : ITP_E_ARGUMENT;
    }
    run->caller = x;
    if (run->batch.x == ITP_X_NOISE) {
        draw_start(run);
    }
    for (size_t i = 0; i < run->batch.count; i++) {
        itp_walker_begin(run, &run->walkers[i], run->caller + i * itp_adaptive_bytes(run));
    }
    gather(run);
    return ITP_OK;
}

int itp_adaptive_begin(itp_adaptive *run, void *x)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = adaptive_begin(run, x);
    return itp_float_env_leave(&env, run ? itp_report_end(&run->log, status) : status);
}

static int outcome(const itp_adaptive *run)
{
    for (size_t i = 0; i < run->batch.count; i++) {
        if (run->walkers[i].status) {
            return run->walkers[i].status;
        }
    }
    return ITP_OK;
}

int itp_adaptive_next(itp_adaptive *run, itp_adaptive_request *request)
{
    if (!run || !request) {
        return ITP_E_ARGUMENT;
    }
    if (run->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&run->log, ITP_E_STATE, "itp_adaptive_next: call itp_adaptive_begin first.");
    }
    if (run->state == ITP_RUN_OVER) {
        return outcome(run);
    }
    itp_adaptive_request full = {.size = sizeof full,
                                 .x = run->x,
                                 .out = run->out,
                                 .count = run->active,
                                 .dim = run->batch.dim,
                                 .times = run->times,
                                 .u = run->u,
                                 .index = run->index,
                                 .type = run->batch.type,
                                 .first = run->batch.first};
    int status = itp_struct_write(request, &full, sizeof full);
    if (status) {
        return itp_fail(&run->log, status, "request: its size field is wrong.");
    }
    if (run->state != ITP_RUN_REQUESTED) { /* asked again, the output may be there already */
        itp_output_expect(&run->batch, run->active, run->out);
    }
    run->state = ITP_RUN_REQUESTED;
    return ITP_EVALUATE;
}

static ITP_APART int adaptive_submit(itp_adaptive *run)
{
    if (!run) {
        return ITP_E_ARGUMENT;
    }
    if (run->state != ITP_RUN_REQUESTED) {
        return itp_fail(&run->log, ITP_E_STATE, "itp_adaptive_submit: there is no request; call itp_adaptive_next.");
    }
    size_t place;
    const char *fault = itp_output_fault(&run->batch, run->active, run->out, &place);
    if (fault) {
        size_t sample = (size_t)run->index[place];
        return itp_fail(&run->log, ITP_E_NONFINITE, "out: %s for sample %zu at t = %.17g.", fault, sample,
                        run->walkers[sample].t);
    }
    for (size_t i = 0; i < run->active; i++) {
        itp_walker_answer(run, &run->walkers[run->index[i]], run->out + i * itp_adaptive_bytes(run));
    }
    gather(run);
    return ITP_OK;
}

int itp_adaptive_submit(itp_adaptive *run)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    int status = adaptive_submit(run);
    return itp_float_env_leave(&env, run ? itp_report_end(&run->log, status) : status);
}

int itp_adaptive_get_statistics(const itp_adaptive *run, size_t sample, itp_adaptive_statistics *out)
{
    if (!run || !out) {
        return ITP_E_ARGUMENT;
    }
    if (sample >= run->batch.count) {
        return itp_fail(&run->log, ITP_E_RANGE, "sample: there is no number %zu.", sample);
    }
    if (run->state == ITP_RUN_NOT_BEGUN) {
        return itp_fail(&run->log, ITP_E_STATE, "itp_adaptive_get_statistics: call itp_adaptive_begin first.");
    }
    const itp_walker *walker = &run->walkers[sample];
    int there = walker->status == ITP_OK && run->ending == ITP_END_SHORT;
    itp_adaptive_statistics full = {.size = sizeof full,
                                    .status = walker->status,
                                    .accepted = walker->accepted,
                                    .rejected = walker->rejected,
                                    .evaluations = walker->evaluations,
                                    .t = walker->t,
                                    .t_before = walker->t_before,
                                    .u = there ? 1 : walker->at.u,
                                    .step = walker->step};
    return itp_struct_write(out, &full, sizeof full);
}

int itp_adaptive_sample(itp_adaptive *run, void *x, itp_adaptive_fn network, void *user)
{
    struct {
        itp_adaptive_request known;
        unsigned char after[ITP_CALLBACK_ROOM - sizeof(itp_adaptive_request)];
    } request = {.known = ITP_ADAPTIVE_REQUEST_INIT};
    if (!run || !network) {
        return run ? itp_fail(&run->log, ITP_E_ARGUMENT, "network: the callback is NULL.") : ITP_E_ARGUMENT;
    }
    int status = itp_adaptive_begin(run, x);
    while (!status && (status = itp_adaptive_next(run, &request.known)) == ITP_EVALUATE) {
        int answer = network(user, &request.known);
        if (answer) {
            return itp_stopped(&run->log, "network", answer, -1);
        }
        status = itp_adaptive_submit(run);
    }
    return status;
}
