/* After the step that ends at the node nearest to a restart's low level: back up to its high level with fresh noise,
 * and down to the node again in steps of the "karras" grid with rho 7, and that several times (2306.14878, algorithm
 * 1). */
#include "plan/restart.h"

#include <math.h>

static const int32_t MOST_STEPS = 100000;

static double level_of(const itp_station *at)
{
    return at->w / at->u;
}

int32_t itp_restart_steps(const itp_restarting *of)
{
    double sum = 0;
    for (int32_t i = 0; i < of->count; i++) {
        const itp_restart *r = &of->list[i];
        sum += (double)r->times * ((double)r->steps + 1);
        if (!(r->low > 0 && r->high > r->low && isfinite(r->high)) || r->steps < 1 || r->times < 1 ||
            sum > MOST_STEPS) {
            return itp_fail(
                of->log, ITP_E_RANGE,
                "restarts: number %d goes from %g to %g, %d times in %d steps; 0 < low < high, and the others "
                "are at least 1.",
                (int)i, r->low, r->high, (int)r->times, (int)r->steps);
        }
    }
    return (int32_t)sum;
}

/* Of the grid's, between the first and the last. */
static int32_t nearest(const itp_station *grid, int32_t steps, double low)
{
    int32_t best = 1;
    for (int32_t i = 2; i < steps; i++) {
        best = fabs(level_of(&grid[i]) - low) < fabs(level_of(&grid[best]) - low) ? i : best;
    }
    return best;
}

static int begin_at(const itp_restarting *of, double sigma, itp_station *out)
{
    itp_node node = {1 / (1 + sigma), sigma / (1 + sigma), 1, 0};
    int status = itp_schedule_locate(of->sampling, node.u, node.w, &node.t);
    itp_station_begin(out, &node);
    return status ? itp_fail(of->log, ITP_E_GRID, "restarts: sigma %g lies outside the schedule.", sigma) : ITP_OK;
}

/* One time up from `low` and down to it again. Returns how many steps, or a status. */
static int32_t once(const itp_restarting *of, const itp_restart *r, const itp_station *low, itp_station *out,
                    int32_t *what)
{
    double root = 1 / 7., to = pow(level_of(low), root), from = pow(r->high, root);
    for (int32_t j = 0; j <= r->steps; j++) {
        int status = j < r->steps ? begin_at(of, pow(from + (to - from) * j / r->steps, 7), &out[j]) : ITP_OK;
        if (status) {
            return status;
        }
        what[j] = j ? ITP_RESTART_DOWN : ITP_RESTART_UP;
    }
    out[r->steps] = *low;
    return out[0].u < low->u
               ? r->steps + 1
               : itp_fail(of->log, ITP_E_RANGE, "restarts: sigma %g is not above %g, that of the node nearest to low.",
                          r->high, level_of(low));
}

int itp_restart_stations(const itp_restarting *of, const itp_station *grid, int32_t steps, itp_station *out,
                         int32_t *what)
{
    int32_t made = 0;
    if (steps < 2) {
        return itp_fail(of->log, ITP_E_GRID, "restarts: a plan of one step has no node to begin again from.");
    }
    out[0] = grid[0];
    for (int32_t i = 1; i <= steps; i++) {
        what[made] = i - 1;
        out[++made] = grid[i];
        for (int32_t k = 0; k < of->count; k++) {
            int here = nearest(grid, steps, of->list[k].low) == i;
            for (int32_t n = 0; here && n < of->list[k].times; n++) {
                int32_t added = once(of, &of->list[k], &grid[i], &out[made + 1], &what[made]);
                if (added < 0) {
                    return added;
                }
                made += added;
            }
        }
    }
    return ITP_OK;
}
