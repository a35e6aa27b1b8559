/* Grids that count the samples of a table, as DDPM codes do. */
#include <math.h>

#include "grid/rules.h"

int itp_rule_sample(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double last = grid->table->samples - 1, sample = itp_grid_sample(grid, i);
    (void)ends;
    int status = sample >= 0 && sample <= last ? itp_node_at(grid->table, (last - sample) / last, out) : ITP_E_GRID;
    return status || grid->table == grid->schedule ? status : itp_grid_position(grid, out->u, out->w, out);
}

/* One step goes from the first sample, also where the rule would start it at the clean end. */
double itp_grid_sample(const itp_gridding *grid, int32_t i)
{
    return grid->steps == 1 ? grid->table->samples - 1 : grid->row->sample(grid, i);
}

/* The rules below are for at least two steps. */
double itp_sample_linspace(const itp_gridding *grid, int32_t i)
{
    return nearbyint((grid->steps - i - 1) * ((grid->table->samples - 1.) / (grid->steps - 1)));
}

double itp_sample_linspace_open(const itp_gridding *grid, int32_t i)
{
    return nearbyint((grid->steps - i) * ((grid->table->samples - 1.) / grid->steps));
}

double itp_sample_leading(const itp_gridding *grid, int32_t i)
{
    return (grid->steps - i - 1) * floor((double)grid->table->samples / grid->steps) + grid->steps_offset;
}

double itp_sample_leading_open(const itp_gridding *grid, int32_t i)
{
    return (grid->steps - i) * floor((double)grid->table->samples / (grid->steps + 1)) + grid->steps_offset;
}

double itp_sample_trailing(const itp_gridding *grid, int32_t i)
{
    double count = grid->table->samples;
    return nearbyint(count - i * (count / grid->steps)) - 1;
}

double itp_sample_simple(const itp_gridding *grid, int32_t i)
{
    double count = grid->table->samples;
    return count - 1 - floor(i * (count / grid->steps));
}

/* The product may miss the first sample by its rounding. */
double itp_sample_sgm_uniform(const itp_gridding *grid, int32_t i)
{
    double last = grid->table->samples - 1;
    return i == 0 ? last : (grid->steps - i) * (last / grid->steps);
}

double itp_sample_normal(const itp_gridding *grid, int32_t i)
{
    double last = grid->table->samples - 1;
    return i == 0 ? last : (grid->steps - i - 1) * (last / (grid->steps - 1));
}
