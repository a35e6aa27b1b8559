/* Opponents in a text file, so that a search of minutes is not made again: lines of
 *     NETWORK GUIDANCE EVALUATIONS UNSEEN SOLVER GRID lazy|linear ERROR
 * of each budget the best few, the best first. */
#include "../kinds.h"
#include "contest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int read_line(const contest *c, const char *line, int32_t evaluations, opponent *out)
{
    char network[32], solver[64], grid[64], schedule[16];
    double guidance, error;
    int budget;
    size_t unseen;
    int read = sscanf(line, "%31s %lf %d %zu %63s %63s %15s %lf", network, &guidance, &budget, &unseen, solver, grid,
                      schedule, &error);
    if (read != 8 || strcmp(network, c->net.name) != 0 || fabs(guidance - c->guidance) > 1e-9 ||
        budget != (int)evaluations || unseen != c->unseen || !contest_solver(solver)) {
        return -1;
    }
    *out = (opponent){contest_solver(solver), kind_id("grid", grid), kind_id("schedule", schedule), error};
    return out->grid > 0 && out->schedule > 0 ? 0 : -1;
}

int opponents_read(const contest *c, const char *path, int32_t evaluations, opponent *best)
{
    char line[256];
    int count = 0;
    FILE *file = path ? fopen(path, "r") : NULL;
    while (file && count < FINALISTS && fgets(line, sizeof line, file)) {
        count += read_line(c, line, evaluations, &best[count]) ? 0 : 1;
    }
    if (file) {
        fclose(file);
    }
    return count;
}

void opponents_add(const contest *c, const char *path, int32_t evaluations, const opponent *best, int count)
{
    FILE *file = path ? fopen(path, "a") : NULL;
    for (int i = 0; file && i < count; i++) {
        fprintf(file, "%s %g %d %zu %s %s %s %.9g\n", c->net.name, c->guidance, (int)evaluations, c->unseen,
                best[i].solver, kind_name("grid", best[i].grid), kind_name("schedule", best[i].schedule),
                best[i].error);
    }
    if (file) {
        fclose(file);
    }
}
