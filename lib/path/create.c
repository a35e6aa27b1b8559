/* Making a path: every check and every byte that it will ever need. */
#include <math.h>
#include <string.h>

#include "base/desc.h"
#include "base/field.h"
#include "base/float_env.h"
#include "base/log.h"
#include "path/path.h"
#include "plan/kinds.h"

int itp_path_k(const itp_path *path, double u, double *k)
{
    *k = path->desc.k_fn ? path->desc.k_fn(path->desc.k_user, u) : path->desc.k;
    return *k >= 0 && isfinite(*k)
               ? ITP_OK
               : itp_fail(&path->log, ITP_E_RANGE, "k: %g at u = %g, it must be at least 0 and finite.", *k, u);
}

static int check_sizes(const itp_path_desc *d, const itp_report *log)
{
    if (!d->dim || !d->count || d->time_count < 1) {
        return itp_fail(log, ITP_E_RANGE, "dim, count, time_count: %zu, %zu, %d; each at least 1.", d->dim, d->count,
                        (int)d->time_count);
    }
    if ((uint64_t)d->dim > (uint64_t)1 << 34) {
        return itp_fail(log, ITP_E_RANGE, "dim: a sample has at most 2^34 elements.");
    }
    size_t most = SIZE_MAX / 4 / sizeof(uint64_t);
    return d->count > most / d->dim || (size_t)d->time_count > most / sizeof(itp_knot) ||
                   (size_t)d->time_count > most / d->dim / d->count
               ? itp_fail(log, ITP_E_OVERFLOW, "dim, count, time_count: that many states do not fit.")
               : ITP_OK;
}

/* Seeds, and what is said of noise, are those of the run that was recorded, whether or not it drew any. */
static int check_idle(const itp_path_desc *d, const itp_report *log)
{
    int both = d->k_fn && d->k != 0;
    int status = itp_idle_check(log, d->k_user && !d->k_fn, "k_user", "k_fn");
    return status || !(both || (d->seeds && (d->seed || d->first)))
               ? status
               : itp_fail(log, ITP_E_UNSUPPORTED, "%s; leave out one of them.",
                          both ? "k: given, but k_fn is too" : "seed, first: given, but seeds are too");
}

static int check(const itp_path_desc *d, const itp_report *log)
{
    if (!d->times || !d->states) {
        return itp_fail(log, ITP_E_ARGUMENT, "times, states: the array is NULL.");
    }
    int status = itp_choice_check(&itp_kind_type, "type", d->type, log);
    status = status ? status : itp_choice_check(&itp_kind_noise, "noise", d->noise, log);
    status = status ? status : itp_reserved_check(log, d->reserved);
    status = status ? status : check_idle(d, log);
    return status ? status : check_sizes(d, log);
}

/* One block: the path, its knots, its seeds. */
static itp_path *build(const itp_path_desc *d, const itp_memory *memory, const itp_report *log)
{
    size_t knots = sizeof(itp_path), seeds = knots + (size_t)d->time_count * sizeof(itp_knot);
    size_t bytes = seeds + (d->seeds ? d->count * sizeof(uint64_t) : 0);
    unsigned char *block = itp_memory_array(memory, 1, bytes);
    if (!block) {
        (void)itp_fail(log, ITP_E_MEMORY, "no memory for %d times.", (int)d->time_count);
        return NULL;
    }
    itp_path *path = (itp_path *)(void *)block;
    *path = (itp_path){.memory = *memory,
                       .log = *log,
                       .bytes = bytes,
                       .stride = d->dim * d->count * (d->type == ITP_FLOAT64 ? sizeof(double) : sizeof(float)),
                       .desc = *d,
                       .knots = (itp_knot *)(void *)(block + knots)};
    path->desc.env = NULL;
    path->desc.schedule = NULL;
    path->desc.times = NULL;
    if (d->seeds) {
        path->desc.seeds = memcpy(block + seeds, d->seeds, d->count * sizeof *d->seeds);
    }
    return path;
}

double itp_path_slack(const itp_at *at)
{
    double size = fabs(at->t * at->du) * 0x1p-50;
    return size < 0x1p-30 ? size : 0; /* an infinite slope leaves no length to speak of */
}

static int find_knot(const itp_schedule *schedule, double t, itp_knot *out)
{
    itp_at at;
    if (!(t >= 0 && t <= 1)) {
        return ITP_E_GRID;
    }
    int status = itp_schedule_at(schedule, t, &at);
    if (!status) {
        out->at = itp_place_of(at.u, at.w);
        out->slack = itp_path_slack(&at);
        out->scale = at.alpha + at.beta;
    }
    return status;
}

/* Where times differ too little for positions to differ, they are as good as equal. */
static int follows(const itp_path_desc *d, const itp_knot *knots, int32_t i)
{
    return i == 0 ||
           (d->times[i] > d->times[i - 1] && knots[i].scale > 0 && itp_place_precedes(&knots[i - 1].at, &knots[i].at));
}

static int find_knots(const itp_path_desc *d, itp_path *path)
{
    const itp_schedule *schedule = d->schedule ? d->schedule : itp_schedule_linear();
    for (int32_t i = 0; i < d->time_count; i++) {
        double k;
        int status = find_knot(schedule, d->times[i], &path->knots[i]);
        status = status || follows(d, path->knots, i) ? status : ITP_E_GRID;
        if (status) {
            return itp_fail(&path->log, status, "times: %.17g, number %d; in [0, 1] and strictly increasing.",
                            d->times[i], (int)i);
        }
        status = itp_path_k(path, path->knots[i].at.u, &k);
        if (status) {
            return status;
        }
    }
    return ITP_OK;
}

static int create(const itp_path_desc *d, const itp_report *log, itp_path **out)
{
    itp_memory memory;
    int status = itp_desc_memory(d->env, log, &memory);
    if (status) {
        return status;
    }
    status = check(d, log);
    status = status ? status : itp_schedule_check(d->schedule, log, "schedule");
    if (status) {
        return status;
    }
    itp_path *path = build(d, &memory, log);
    if (!path) {
        return ITP_E_MEMORY;
    }
    status = find_knots(d, path);
    if (status) {
        itp_path_free(path);
        return status;
    }
    path->log.error = NULL; /* threads share the path */
    *out = path;
    return ITP_OK;
}

static ITP_APART int path_new(const itp_path_desc *desc, itp_path **out)
{
    itp_path_desc known;
    itp_report log;
    if (!out) {
        return itp_desc_refuse(desc, offsetof(itp_path_desc, env), "out");
    }
    *out = NULL;
    int status = itp_desc_read(&known, sizeof known, desc, offsetof(itp_path_desc, env), &log);
    if (!status) {
        known.type = known.type ? known.type : ITP_FLOAT32;
        status = create(&known, &log, out);
    }
    return itp_report_end(&log, status);
}

int itp_path_new(const itp_path_desc *desc, itp_path **out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, path_new(desc, out));
}

void itp_path_free(itp_path *path)
{
    if (path) {
        itp_memory memory = path->memory;
        itp_memory_free(&memory, path, path->bytes);
    }
}
