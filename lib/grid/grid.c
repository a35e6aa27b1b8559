#include "grid/grid.h"

#include <math.h>

#include "base/named.h"

static const itp_named NAMES[] = {
    {ITP_GRID_TIME, "time"},           {ITP_GRID_U, "u"},
    {ITP_GRID_LAMBDA, "lambda"},       {ITP_GRID_SHIFT, "shift"},
    {ITP_GRID_USER_TIME, "user-time"}, {ITP_GRID_USER_U, "user-u"},
};
enum { COUNT = sizeof NAMES / sizeof NAMES[0] };

int32_t itp_grid_find(const char *name)
{
    return itp_named_find(NAMES, COUNT, name);
}

const char *itp_grid_name(int32_t id)
{
    return itp_named_name(NAMES, COUNT, id);
}

int32_t itp_grid_id(int32_t i)
{
    return itp_named_id(NAMES, COUNT, i);
}

int itp_node_at(const itp_schedule *schedule, double t, itp_node *out)
{
    itp_at at;
    int status = itp_schedule_at(schedule, t, &at);
    out->u = at.u;
    out->w = at.w;
    out->t = t;
    out->beyond = 0;
    return status;
}

/* A schedule that ends before u = 1 is left by one last step to the data; its t then counts as 1. */
static int at_position(const itp_grid *grid, double u, double w, itp_node *out)
{
    out->u = u;
    out->w = w;
    out->t = 1;
    out->beyond = w == 0 && grid->schedule->w_last > 0;
    return out->beyond ? ITP_OK : itp_schedule_locate(grid->schedule, u, w, &out->t);
}

static double blend(double a, double b, double x)
{
    return x == 1 ? b : a + (b - a) * x;
}

static int uniform_time(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    return itp_node_at(grid->schedule, blend(ends[0].t, ends[1].t, (double)i / grid->steps), out);
}

static int uniform_u(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps;
    return at_position(grid, blend(ends[0].u, ends[1].u, x), blend(ends[0].w, ends[1].w, x), out);
}

/* sigma = 1 - u becomes S sigma/(1 + (S - 1) sigma): r becomes r/S (SD3, 2403.03206). */
static int shifted(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double x = (double)i / grid->steps, S = grid->shift;
    double u = blend(ends[0].u, ends[1].u, x), w = blend(ends[0].w, ends[1].w, x), norm = u + S * w;
    return at_position(grid, u / norm, S * w / norm, out);
}

static int uniform_lambda(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    int32_t open_start = ends[0].u == 0, open_end = ends[1].w == 0;
    int32_t last = grid->steps - open_start - open_end;
    double low = open_start ? grid->lambda_low : log(ends[0].u / ends[0].w);
    double high = open_end ? grid->lambda_high : log(ends[1].u / ends[1].w);
    double lambda = last > 0 ? blend(low, high, (double)(i - open_start) / last) : (low + high) / 2;
    return at_position(grid, 1 / (1 + exp(-lambda)), 1 / (1 + exp(lambda)), out);
}

static int user_node(const itp_grid *grid, int32_t i, itp_node *out)
{
    double x = grid->nodes[i];
    if (!(x >= 0 && x <= 1)) {
        return ITP_E_GRID;
    }
    return grid->kind == ITP_GRID_USER_TIME ? itp_node_at(grid->schedule, x, out) : at_position(grid, x, 1 - x, out);
}

static int inner_node(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    switch (grid->kind) {
    case ITP_GRID_U: return uniform_u(grid, i, ends, out);
    case ITP_GRID_LAMBDA: return uniform_lambda(grid, i, ends, out);
    case ITP_GRID_SHIFT: return shifted(grid, i, ends, out);
    default: return uniform_time(grid, i, ends, out);
    }
}

static int find_ends(const itp_grid *grid, itp_node *ends)
{
    int status = at_position(grid, grid->u_start, grid->w_start, &ends[0]);
    return status ? status : at_position(grid, grid->u_end, 1 - grid->u_end, &ends[1]);
}

static int is_user(const itp_grid *grid)
{
    return grid->kind == ITP_GRID_USER_TIME || grid->kind == ITP_GRID_USER_U;
}

/* The ends are the path's own, also where the rule of the grid would miss them by rounding. */
static int node(const itp_grid *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    if (is_user(grid)) {
        return user_node(grid, i, out);
    }
    if (i == 0 || i == grid->steps) {
        *out = ends[i != 0];
        return ITP_OK;
    }
    return inner_node(grid, i, ends, out);
}

static int increases(const itp_node *a, const itp_node *b)
{
    return b->u * a->w > a->u * b->w && (b->t > a->t || b->beyond);
}

int itp_grid_nodes(const itp_grid *grid, const itp_log *log, itp_node *nodes)
{
    itp_node ends[2] = {{0, 1, 0, 0}, {1, 0, 1, 0}};
    int status = is_user(grid) ? ITP_OK : find_ends(grid, ends);
    if (status) {
        return itp_fail(log, ITP_E_GRID, "u_start, u_end: the schedule sampled under does not reach %g to %g.",
                        grid->u_start, grid->u_end);
    }
    for (int32_t i = 0; i <= grid->steps; i++) {
        status = node(grid, i, ends, &nodes[i]);
        if (status) {
            return itp_fail(log, status == ITP_E_CALLBACK ? status : ITP_E_GRID,
                            "nodes: number %d lies outside [0, 1] or the range of the schedule sampled under.", (int)i);
        }
        if (i > 0 && !increases(&nodes[i - 1], &nodes[i])) {
            return itp_fail(log, ITP_E_GRID, "nodes: number %d is not later than the one before it.", (int)i);
        }
    }
    return ITP_OK;
}
