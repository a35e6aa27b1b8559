/* Grids that count the samples of a table, as DDPM codes do. */
#include <math.h>

#include "grid/rules.h"

int itp_grid_counts_samples(int32_t kind)
{
    return kind >= ITP_GRID_LINSPACE && kind <= ITP_GRID_NORMAL;
}

/* One step goes from the first sample, also where the rule would start it at the clean end. */
double itp_grid_sample(const itp_gridding *grid, int32_t i)
{
    double count = grid->table->samples, last = count - 1;
    int32_t steps = grid->steps, left = steps - i;
    if (steps == 1) {
        return last;
    }
    if (i == 0 && (grid->kind == ITP_GRID_NORMAL || grid->kind == ITP_GRID_SGM_UNIFORM)) {
        return last; /* the product below may miss it by its rounding */
    }
    switch (grid->kind) {
    case ITP_GRID_LINSPACE: return nearbyint((left - 1) * (last / (steps - 1)));
    case ITP_GRID_LINSPACE_OPEN: return nearbyint(left * (last / steps));
    case ITP_GRID_LEADING: return (left - 1) * floor(count / steps) + grid->steps_offset;
    case ITP_GRID_LEADING_OPEN: return left * floor(count / (steps + 1)) + grid->steps_offset;
    case ITP_GRID_TRAILING: return nearbyint(count - i * (count / steps)) - 1;
    case ITP_GRID_SIMPLE: return last - floor(i * (count / steps));
    case ITP_GRID_SGM_UNIFORM: return left * (last / steps);
    default: return (left - 1) * (last / (steps - 1));
    }
}
