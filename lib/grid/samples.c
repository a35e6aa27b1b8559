/* Grids that count the samples of a table, as DDPM codes do. */
#include <math.h>

#include "grid/beta.h"
#include "grid/rules.h"

int itp_rule_sample(const itp_gridding *grid, int32_t i, const itp_node *ends, itp_node *out)
{
    double last = grid->samples - 1, sample = itp_grid_sample(grid, i), w = (sample + 1) / grid->samples;
    (void)ends;
    if (!grid->table->samples) { /* a flow network's levels, as ComfyUI counts them */
        return sample >= 0 && sample <= last ? itp_grid_position(grid, 1 - w, w, out) : ITP_E_GRID;
    }
    int status = sample >= 0 && sample <= last ? itp_node_at(grid->table, (last - sample) / last, out) : ITP_E_GRID;
    return status || grid->table == grid->schedule ? status : itp_grid_position(grid, out->u, out->w, out);
}

/* The rules below are for at least two steps. */
double itp_sample_linspace(const itp_gridding *grid, int32_t i)
{
    return nearbyint((grid->steps - i - 1) * ((grid->samples - 1.) / (grid->steps - 1)));
}

double itp_sample_linspace_open(const itp_gridding *grid, int32_t i)
{
    return nearbyint((grid->steps - i) * ((grid->samples - 1.) / grid->steps));
}

double itp_sample_leading(const itp_gridding *grid, int32_t i)
{
    return (grid->steps - i - 1) * floor((double)grid->samples / grid->steps) + grid->options->steps_offset;
}

double itp_sample_leading_open(const itp_gridding *grid, int32_t i)
{
    return (grid->steps - i) * floor((double)grid->samples / (grid->steps + 1)) + grid->options->steps_offset;
}

double itp_sample_trailing(const itp_gridding *grid, int32_t i)
{
    double count = grid->samples;
    return nearbyint(count - i * (count / grid->steps)) - 1;
}

double itp_sample_simple(const itp_gridding *grid, int32_t i)
{
    double count = grid->samples;
    return count - 1 - floor(i * (count / grid->steps));
}

/* The product may miss the first sample by its rounding. */
double itp_sample_sgm_uniform(const itp_gridding *grid, int32_t i)
{
    double last = grid->samples - 1;
    return i == 0 ? last : (grid->steps - i) * (last / grid->steps);
}

double itp_sample_normal(const itp_gridding *grid, int32_t i)
{
    double last = grid->samples - 1;
    return i == 0 ? last : (grid->steps - i - 1) * (last / (grid->steps - 1));
}

/* Even quantiles of a Beta law, rounded to samples. */
double itp_sample_beta(const itp_gridding *grid, int32_t i)
{
    double x = itp_beta_quantile(grid->options->beta_a, grid->options->beta_b, 1 - (double)i / grid->steps).x;
    return nearbyint((i == 0 ? 1 : x) * (grid->samples - 1));
}

double itp_sample_smoothstep(const itp_gridding *grid, int32_t i)
{
    double x = 1 - (double)i / grid->steps;
    return nearbyint(x * x * (3 - 2 * x) * (grid->samples - 1));
}

/* Every so many of the 50 samples that latent consistency models are distilled at. */
double itp_sample_lcm(const itp_gridding *grid, int32_t i)
{
    enum { DISTILLED = 50 };
    int32_t every = grid->samples / DISTILLED, which = DISTILLED - i * DISTILLED / grid->steps;
    return (double)which * every - 1;
}
