#include "grid/gridding.h"

#include <math.h>

/* A schedule that ends before u = 1 is left by one last step to the data; its t then counts as 1. */
int itp_grid_position(const itp_gridding *grid, double u, double w, itp_node *out)
{
    out->u = u;
    out->w = w;
    out->t = 1;
    out->beyond = w == 0 && grid->schedule->w_last > 0;
    if (!(u >= 0 && w >= 0)) {
        return ITP_E_GRID;
    }
    return out->beyond ? ITP_OK : itp_schedule_locate(grid->schedule, u, w, &out->t);
}

int itp_grid_at_sigma(const itp_gridding *grid, double sigma, itp_node *out)
{
    return itp_grid_position(grid, 1 / (1 + sigma), 1 / (1 + 1 / sigma), out);
}

/* One step goes from the first sample, also where the rule would start it at the clean end. */
double itp_grid_sample(const itp_gridding *grid, int32_t i)
{
    return grid->steps == 1 ? grid->samples - 1 : grid->row->sample(grid, i);
}

double itp_blend(double a, double b, double x)
{
    return x == 1 ? b : a + (b - a) * x;
}

double itp_grid_last_lambda(const itp_gridding *grid, const itp_node *end)
{
    if (end->w > 0) {
        return log(end->u / end->w);
    }
    double own = grid->w_last > 0 ? log(grid->u_last / grid->w_last) : INFINITY;
    return isfinite(own) && grid->options->sigma_min == 0 ? own : fmin(grid->lambda_high, own);
}

itp_span itp_grid_span(const itp_gridding *grid, int32_t i, const itp_node *ends)
{
    int32_t open_start = ends[0].u == 0, open_end = ends[1].w == 0;
    int32_t last = grid->steps - open_start - open_end;
    itp_span span = {last > 0 ? (double)(i - open_start) / last : .5,
                     open_start ? grid->lambda_low : log(ends[0].u / ends[0].w), itp_grid_last_lambda(grid, &ends[1])};
    return span;
}
