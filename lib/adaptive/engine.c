/* The engine of adaptive runs: a batch of walkers. A request has the states of all that are under way. */
#include "adaptive/engine.h"

#include <interp/guidance.h>

#include <math.h>
#include <string.h>

#include "base/desc.h"

itp_adaptive *itp_adaptive_of(const itp_sampler *sampler)
{
    return sampler->engine == &itp_adaptive_engine ? sampler->own : NULL;
}

static itp_adaptive *run_of(const itp_sampler *sampler)
{
    return sampler->own;
}

/* ---- failures ---- */

static int log_failure(const itp_report *log, const itp_adaptive *run, const itp_walker *walker, const char *why)
{
    return itp_fail(log, walker->status, "%s: sample %zu, t = %.17g, after %d steps.", why,
                    itp_adaptive_number(run, walker), walker->t, (int)walker->counts.accepted);
}

/* Logs the failures of walkers that have failed since the last call. */
static void log_failures(const itp_adaptive *run)
{
    for (size_t i = 0; i < run->sampler->batch.count; i++) {
        itp_walker *walker = &run->walkers[i];
        if (walker->why) {
            (void)log_failure(&run->sampler->log, run, walker, walker->why);
            walker->why = NULL;
        }
    }
}

/* The first failure's sentence goes to the caller's itp_error only, as the hook has had it already. */
static int outcome(const itp_sampler *sampler)
{
    const itp_report log = {.hook = ITP_LOG_INIT, .error = sampler->log.error};
    const itp_adaptive *run = sampler->own;
    for (size_t i = 0; i < sampler->batch.count; i++) {
        if (run->walkers[i].status) {
            return log_failure(&log, run, &run->walkers[i], itp_status_string(run->walkers[i].status));
        }
    }
    return ITP_OK;
}

/* ---- requests ---- */

static void write_names(const itp_sampler *sampler, const itp_walkers *out, size_t i, const itp_walker *walker)
{
    const itp_batch *batch = &sampler->batch;
    const itp_drift_at *drift = &walker->evaluation.drift;
    double u = walker->evaluation.at.u;
    out->index[i] = itp_adaptive_number(sampler->own, walker);
    out->of[ITP_OF_TIME][i] = drift->time;
    out->of[ITP_OF_POSITION][i] = u;
    out->of[ITP_OF_GUIDANCE][i] =
        itp_batch_guided(batch) ? itp_guidance_at(batch->guidance, batch->guidance_low, batch->guidance_high, u) : 1;
    out->of[ITP_OF_DATA_STATE][i] = drift->data.x;
    out->of[ITP_OF_DATA_OUTPUT][i] = drift->data.f;
}

/* Puts the states of the walkers under way side by side, in the walkers' order. */
static int gather(itp_sampler *sampler)
{
    itp_adaptive *run = sampler->own;
    log_failures(run);
    run->active = 0;
    for (size_t i = 0; i < sampler->batch.count; i++) {
        const itp_walker *walker = &run->walkers[i];
        if (walker->status == ITP_EVALUATE) {
            write_names(sampler, &run->asked, run->active, walker);
            itp_walker_ask(run, walker, run->x + run->active * itp_adaptive_bytes(run));
            run->active++;
        }
    }
    return ITP_OK;
}

static void put_names(itp_request *request, const itp_walkers *names)
{
    request->index = names->index;
    request->times = names->of[ITP_OF_TIME];
    request->positions = names->of[ITP_OF_POSITION];
    request->guidances = names->of[ITP_OF_GUIDANCE];
    request->data_states = names->of[ITP_OF_DATA_STATE];
    request->data_outputs = names->of[ITP_OF_DATA_OUTPUT];
}

static void ask(const itp_sampler *sampler, itp_request *request)
{
    const itp_adaptive *run = sampler->own;
    request->x = run->x;
    request->out = run->out;
    request->count = run->active;
    request->time = request->u = request->data_state = request->data_output = NAN;
    put_names(request, &run->asked);
    for (size_t i = 0; i < run->active && !request->out2; i++) {
        request->out2 = run->asked.of[ITP_OF_GUIDANCE][i] == 1 ? NULL : sampler->out2;
    }
    request->guidance = request->out2 ? NAN : 1;
}

/* ---- the run ---- */

static int begin(itp_sampler *sampler)
{
    const itp_adaptive *run = sampler->own;
    for (size_t i = 0; i < sampler->batch.count; i++) {
        itp_walker_begin(run, &run->walkers[i], sampler->x + i * itp_adaptive_bytes(run));
    }
    return gather(sampler);
}

/* Writes a walker's state in the coordinates that the batch asks for. */
static void write_shown(const itp_sampler *sampler, const itp_walker *walker, void *to)
{
    const itp_adaptive *run = sampler->own;
    const itp_schedule *other = sampler->batch.row_schedule ? sampler->batch.row_schedule : itp_schedule_linear();
    double factor = NAN;
    if (walker->status == ITP_OK &&
        run->ending == ITP_END_SHORT) { /* the data themselves, which are the same in all of them */
        memcpy(to, sampler->x + itp_adaptive_number(run, walker) * itp_adaptive_bytes(run), itp_adaptive_bytes(run));
        return;
    }
    (void)itp_adaptive_convert(itp_walker_along(run, walker), &walker->at,
                               itp_batch_scales_rows(&sampler->batch) ? other : run->model.schedule, &factor);
    itp_adaptive_store(run, factor, walker->x, to);
}

/* Puts the walkers that made a step side by side, and their data predictions. */
static void gather_stepped(const itp_sampler *sampler)
{
    itp_adaptive *run = sampler->own;
    size_t bytes = itp_adaptive_bytes(run);
    run->stepped_count = 0;
    for (size_t i = 0; i < run->active && run->shown; i++) {
        const itp_walkers *from = &run->asked, *to = &run->stepped;
        const itp_walker *walker = &run->walkers[from->index[i]];
        size_t at = run->stepped_count;
        if (!walker->stepped) {
            continue;
        }
        to->index[at] = from->index[i];
        for (int n = 0; n < ITP_OF_WALKER; n++) {
            to->of[n][at] = from->of[n][i];
        }
        write_shown(sampler, walker, run->shown + at * bytes);
        if (sampler->data) {
            memmove(sampler->data + at * bytes, sampler->data + i * bytes, bytes);
        }
        run->stepped_count++;
    }
}

static void answer(void *context, size_t index)
{
    const itp_sampler *sampler = context;
    const itp_adaptive *run = sampler->own;
    size_t share = itp_adaptive_share(&sampler->batch), from = index * share;
    size_t to = run->active - from < share ? run->active : from + share;
    for (size_t i = from; i < to; i++) {
        itp_walker *walker = &run->walkers[run->asked.index[i]];
        walker->scratch = run->scratch + (sampler->env.parallel_for ? index * sampler->batch.dim : 0);
        itp_walker_answer(run, walker, run->out + i * itp_adaptive_bytes(run));
    }
}

static int apply(itp_sampler *sampler, const itp_request *request)
{
    size_t share = itp_adaptive_share(&sampler->batch);
    int status = itp_sampler_share(sampler, (request->count + share - 1) / share, answer, sampler);
    if (!status) {
        gather_stepped(sampler);
        status = gather(sampler);
    }
    return status;
}

static const void *shown(itp_sampler *sampler, itp_request *done, const void **data)
{
    const itp_adaptive *run = sampler->own;
    done->count = run->stepped_count;
    put_names(done, &run->stepped);
    *data = sampler->data;
    return run->stepped_count ? run->shown : NULL;
}

static int over(const itp_sampler *sampler)
{
    return run_of(sampler)->active == 0;
}

const itp_engine itp_adaptive_engine = {.bytes = sizeof(itp_adaptive),
                                        .check = itp_adaptive_check,
                                        .place = itp_adaptive_place,
                                        .prepare = itp_adaptive_prepare,
                                        .release = itp_adaptive_release,
                                        .begin = begin,
                                        .ask = ask,
                                        .apply = apply,
                                        .shown = shown,
                                        .over = over,
                                        .outcome = outcome,
                                        .fingerprint = itp_adaptive_fingerprint,
                                        .keep = itp_adaptive_keep,
                                        .again = gather};

/* ---- making ---- */

int itp_sampler_new_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out)
{
    itp_adaptive own = {0};
    itp_sampler like = {.engine = &itp_adaptive_engine, .own = &own, .info = &own.info};
    if (out) {
        *out = NULL;
    }
    if (!desc || !batch) {
        return desc ? itp_desc_refuse(desc, offsetof(itp_adaptive_desc, env), "batch")
                    : itp_desc_refuse(batch, offsetof(itp_batch, env), "desc");
    }
    own.given = desc;
    own.unread = itp_struct_read(&own.desc, sizeof own.desc, desc);
    itp_adaptive_fill_in(&own.desc);
    like.batch.env = itp_desc_env(desc, offsetof(itp_adaptive_desc, env));
    return itp_sampler_make(&like, batch, 0, out);
}
