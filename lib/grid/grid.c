#include "grid/grid.h"

#include <math.h>

/* sigma = 1 - u becomes S sigma/(1 + (S - 1) sigma): r = u/w becomes r/S (SD3, 2403.03206). */
static int shifted(const itp_gridding *grid, double shift, itp_node *node)
{
    double norm = node->u + shift * node->w;
    return shift == 1 ? ITP_OK : itp_grid_position(grid, node->u / norm, shift * node->w / norm, node);
}

static int find_ends(const itp_gridding *grid, itp_node *ends)
{
    int status = itp_grid_position(grid, grid->u_start, grid->w_start, &ends[0]);
    return status ? status : itp_grid_position(grid, grid->u_end, grid->w_end, &ends[1]);
}

/* A grid between two ends is made between what becomes them when it is shifted. */
static int find_origins(const itp_gridding *grid, const itp_node *ends, itp_node *origins)
{
    int status = ITP_OK;
    for (int i = 0; i < 2 && !status; i++) {
        origins[i] = ends[i];
        status = shifted(grid, 1 / grid->options->shift, &origins[i]);
    }
    return status;
}

/* ends: of the path, then what becomes them when it is shifted. They are the path's own, also where the rule of the
 * grid would miss them by rounding. */
static int node(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    int outer = i == grid->steps || (i == 0 && !grid->row->sample);
    if (outer && !(grid->row->named.reads & ITP_READS_NODES)) {
        *out = ends[i != 0];
        return ITP_OK;
    }
    int status = grid->row->rule(grid, i, ends + 2, out);
    return status ? status : shifted(grid, grid->options->shift, out);
}

static int increases(const itp_node *a, const itp_node *b)
{
    return b->u * a->w > a->u * b->w && (b->t > a->t || b->beyond);
}

/* One factor for all distances from the first node, in w = 1 - u. */
static int stretch(const itp_gridding *grid, itp_node *nodes)
{
    const itp_node first = nodes[0], last = nodes[grid->steps - 1];
    double factor = (first.w - grid->options->terminal) / (first.w - last.w);
    int status = ITP_OK;
    for (int32_t i = 1; i < grid->steps && !status; i++) {
        double w = i == grid->steps - 1 ? grid->options->terminal : first.w - (first.w - nodes[i].w) * factor;
        status = itp_grid_position(grid, 1 - w, w, &nodes[i]);
    }
    return status;
}

/* Rules that count samples fail where there are more steps than samples, or where the last sample is the end. */
static int not_later(const itp_gridding *grid, const itp_report *log, int32_t i)
{
    const char *name = grid->row->named.name;
    if (!grid->row->sample || grid->options->terminal > 0) {
        return itp_fail(log, ITP_E_GRID, "nodes: number %d is not later than the one before it.", (int)i);
    }
    if (i == grid->steps) {
        return itp_fail(log, ITP_E_GRID,
                        "grid: \"%s\" ends its steps at sample %g, which is not before the end of the path; "
                        "take another grid, or a table without that sample.",
                        name, itp_grid_sample(grid, i - 1));
    }
    return itp_fail(log, ITP_E_GRID,
                    "evaluations: for %d steps grid \"%s\" takes sample %g of %d twice; take fewer steps, or "
                    "\"normal\" or \"sgm-uniform\", which go between samples.",
                    (int)grid->steps, name, itp_grid_sample(grid, i), (int)grid->samples);
}

static int check_order(const itp_gridding *grid, const itp_report *log, const itp_node *nodes)
{
    for (int32_t i = 1; i <= grid->steps; i++) {
        if (!increases(&nodes[i - 1], &nodes[i])) {
            return not_later(grid, log, i);
        }
    }
    return ITP_OK;
}

static int outside(const itp_gridding *grid, const itp_report *log, int32_t i, int status)
{
    int counts = grid->row->sample && i < grid->steps;
    double sample = counts ? itp_grid_sample(grid, i) : 0;
    if (counts && !(sample >= 0 && sample < grid->samples)) {
        return itp_fail(log, ITP_E_GRID,
                        "grid: for %d steps and steps_offset %d, \"%s\" asks for sample %g of %d; take fewer "
                        "steps or another offset.",
                        (int)grid->steps, (int)grid->options->steps_offset, grid->row->named.name, sample,
                        (int)grid->samples);
    }
    if (status > 0) {
        return itp_stopped(log, "values or inverse", status, -1);
    }
    return itp_fail(log, itp_is_answer(status) ? status : (int)ITP_E_GRID,
                    "nodes: number %d lies outside [0, 1] or the range of the schedule sampled under.", (int)i);
}

static int fill(const itp_gridding *grid, const itp_report *log, const itp_node *ends, itp_node *nodes)
{
    for (int32_t i = 0; i <= grid->steps; i++) {
        int status = node(grid, i, ends, &nodes[i]);
        if (status) {
            return outside(grid, log, i, status);
        }
    }
    return check_order(grid, log, nodes);
}

int itp_grid_nodes(const itp_gridding *grid, const itp_report *log, itp_node *nodes)
{
    itp_node ends[4] = {{.w = 1}, {.u = 1, .t = 1}, {.w = 1}, {.u = 1, .t = 1}};
    int user = (grid->row->named.reads & ITP_READS_NODES) != 0;
    int status = user ? ITP_OK : find_ends(grid, ends);
    status = status || user ? status : find_origins(grid, ends, ends + 2);
    if (status) {
        return itp_fail(log, ITP_E_GRID, "u_start, u_end: the schedule sampled under does not reach %g to %g.",
                        grid->u_start, grid->u_end);
    }
    status = fill(grid, log, ends, nodes);
    if (status || !(grid->options->terminal > 0) || grid->steps < 2) {
        return status;
    }
    status = stretch(grid, nodes);
    if (status) {
        return itp_fail(log, itp_is_answer(status) ? status : (int)ITP_E_GRID,
                        "terminal: stretched to %g, the nodes leave the schedule sampled under.",
                        grid->options->terminal);
    }
    return check_order(grid, log, nodes);
}
