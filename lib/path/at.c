/* A path's states at any time of any schedule. */
#include <math.h>

#include "base/float_env.h"
#include "base/log.h"
#include "kernels/kernels.h"
#include "path/path.h"

/* Times are rounded, and positions computed from them: as near as that it is still the recorded state, or it would be
 * off by the root of the rounding. */
static int is_knot(const itp_knot *knot, const itp_place *at, double slack)
{
    double nearer = fmin(fmax(knot->at.u, at->u), fmax(knot->at.w, at->w));
    return fabs(itp_place_distance(&knot->at, at)) <= knot->slack + slack + 0x1p-46 * nearer;
}

/* The number of knots before a place. */
static int32_t count_before(const itp_path *path, const itp_place *at)
{
    int32_t low = 0, high = path->desc.time_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (itp_place_precedes(&path->knots[middle].at, at)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* out := the sum, with the samples' own normals. */
static void sum(const itp_path *path, const itp_column columns[2], const itp_bridge *noise, void *out)
{
    itp_column used[2];
    itp_combine op = {.dim = path->desc.dim,
                      .count = path->desc.count,
                      .next = out,
                      .columns = used,
                      .normals = noise ? noise->normals : NULL,
                      .normal_count = noise ? noise->count : 0,
                      .seed = path->desc.seed,
                      .first = path->desc.first,
                      .seeds = path->desc.seeds};
    for (int i = 0; i < 2; i++) {
        if (columns[i].coef != 0) {
            used[op.column_count++] = columns[i];
        }
    }
    itp_kernel_choose(ITP_KERNEL_PORTABLE, path->desc.type)(&op);
}

static itp_column state(const itp_path *path, int32_t i, double factor)
{
    const itp_knot *knot = &path->knots[i];
    return (itp_column){(const unsigned char *)path->desc.states + (size_t)i * path->stride,
                        knot->scale > 0 ? factor / knot->scale : 0};
}

static int recorded(const itp_path *path, int32_t i, double scale, void *out)
{
    if (path->knots[i].scale == 0 && scale > 0) {
        return itp_fail(&path->log, ITP_E_SINGULAR, "t: the state there was recorded at a point mass, where it is 0.");
    }
    const itp_column columns[2] = {state(path, i, scale), {NULL, 0}};
    sum(path, columns, NULL, out);
    return ITP_OK;
}

static int between(const itp_path *path, int32_t i, const itp_place *at, double scale, void *out)
{
    const itp_knot *a = &path->knots[i - 1], *b = &path->knots[i];
    const itp_gap gap = {a->at, b->at};
    itp_bridge bridge;
    double k = 0;
    int status = path->desc.noise == ITP_NOISE_PATH ? itp_path_k(path, at->u, &k) : ITP_OK;
    if (status) {
        return status;
    }
    itp_bridge_at(&gap, at, k, &bridge);
    for (int32_t j = 0; j < bridge.count; j++) {
        bridge.normals[j].coef *= scale;
    }
    const itp_column columns[2] = {state(path, i - 1, scale * bridge.a), state(path, i, scale * bridge.b)};
    sum(path, columns, &bridge, out);
    return ITP_OK;
}

static int find(const itp_path *path, const itp_schedule *schedule, double t, void *out)
{
    itp_at here;
    int status = itp_schedule_at(schedule, t, &here);
    if (status) {
        return itp_fail(&path->log, status, "t: the schedule has no values at %.17g.", t);
    }
    itp_place at = itp_place_of(here.u, here.w);
    int32_t i = count_before(path, &at);
    double scale = here.alpha + here.beta;
    for (int32_t j = i > 0 ? i - 1 : 0; j <= i && j < path->desc.time_count; j++) {
        if (is_knot(&path->knots[j], &at, itp_path_slack(&here))) {
            return recorded(path, j, scale, out);
        }
    }
    return i > 0 && i < path->desc.time_count ? between(path, i, &at, scale, out)
                                              : itp_fail(&path->log, ITP_E_RANGE, "t: %.17g is %s recorded state.", t,
                                                         i ? "after the last" : "before the first");
}

static ITP_APART int path_at(const itp_path *path, const itp_schedule *schedule, double t, void *out)
{
    if (!path) {
        return ITP_E_ARGUMENT;
    }
    if (!out) {
        return itp_fail(&path->log, ITP_E_ARGUMENT, "out: the array is NULL.");
    }
    if (!(t >= 0 && t <= 1)) {
        return itp_fail(&path->log, ITP_E_RANGE, "t: %.17g, it must lie in [0, 1].", t);
    }
    int status = itp_schedule_check(schedule, &path->log, "schedule");
    return status ? status : find(path, schedule ? schedule : itp_schedule_linear(), t, out);
}

int itp_path_at(const itp_path *path, const itp_schedule *schedule, double t, void *out)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, path_at(path, schedule, t, out));
}
