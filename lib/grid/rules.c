/* Grids in a time or in the position, and nodes of the caller's. */
#include "grid/rules.h"

#include <math.h>

#include "base/root.h"
#include "grid/beta.h"

int itp_rule_time(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    return itp_node_at(grid->schedule, itp_blend(ends[0].t, ends[1].t, (double)i / grid->steps), out);
}

int itp_rule_u(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps;
    return itp_grid_position(grid, itp_blend(ends[0].u, ends[1].u, x), itp_blend(ends[0].w, ends[1].w, x), out);
}

int itp_rule_lambda(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_span span = itp_grid_span(grid, i, ends);
    double lambda = itp_blend(span.low, span.high, span.x);
    return itp_grid_position(grid, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}

static int at_time(const itp_gridding *grid, double t, itp_node *out)
{
    return t >= 0 && t <= 1 ? itp_node_at(grid->schedule, t, out) : ITP_E_GRID;
}

int itp_rule_quadratic(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double root = itp_blend(sqrt(1 - ends[0].t), sqrt(1 - ends[1].t), (double)i / grid->steps);
    return at_time(grid, 1 - root * root, out);
}

int itp_rule_beta(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    itp_share share =
        itp_beta_quantile(grid->options->beta_a, grid->options->beta_b, (double)(grid->steps - i) / grid->steps);
    return at_time(grid, ends[0].t + (ends[1].t - ends[0].t) * share.rest, out);
}

/* A grid that was computed, by a formula or by adding up, misses the ends by as many roundings as it has nodes: its
 * first and last node are then the ends. */
static double user_value(const itp_gridding *grid, int32_t i, double last_end)
{
    double x = grid->options->nodes[i], end = itp_near_end(x, grid->steps + 1);
    int outer = i == 0 || i == grid->steps;
    return outer && end <= last_end ? end : x;
}

int itp_rule_user_time(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    (void)ends;
    return at_time(grid, user_value(grid, i, 1), out);
}

int itp_rule_user_u(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = user_value(grid, i, 1);
    (void)ends;
    return x >= 0 && x <= 1 ? itp_grid_position(grid, x, 1 - x, out) : ITP_E_GRID;
}

/* A sigma has only the end at 0. */
int itp_rule_user_sigma(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = user_value(grid, i, 0);
    (void)ends;
    return x >= 0 && isfinite(x) ? itp_grid_position(grid, 1 / (1 + x), x / (1 + x), out) : ITP_E_GRID;
}

int itp_rule_user_flow(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = user_value(grid, i, 1);
    (void)ends;
    return x >= 0 && x <= 1 ? itp_grid_position(grid, 1 - x, x, out) : ITP_E_GRID;
}

/* Half of the steps through the first fortieth, evenly, then a parabola that goes on with their slope (Mochi). */
int itp_rule_linear_quadratic(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    const double first = 0.025;
    double steps = grid->steps, linear = floor(steps / 2), rest = steps - linear;
    double surplus = (linear - first * steps) / (rest * rest), x = i * first / linear;
    if (i > linear) {
        x += surplus * (i - linear) * (i - linear) / linear;
    }
    return itp_grid_position(grid, itp_blend(ends[0].u, ends[1].u, x), itp_blend(ends[0].w, ends[1].w, x), out);
}

static double normal_excess(void *user, double z)
{
    return .5 * erfc(-z / sqrt(2)) - *(double *)user;
}

/* log(u/w) at even quantiles of the normal law. */
int itp_rule_logit_normal(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double share = (double)i / grid->steps, z = grid->options->deviation * itp_root(normal_excess, &share, -40, 40);
    (void)ends;
    return itp_grid_position(grid, 1 / (1 + exp(-z)), 1 / (1 + exp(z)), out);
}
