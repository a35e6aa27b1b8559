/* Opponents in a text file, so that a search of minutes is not made again: lines of
 *     NETWORK GUIDANCE EVALUATIONS UNSEEN SOLVER GRID lazy|linear ERROR
 * the best one of each budget. */
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
        budget != (int)evaluations || unseen != c->unseen) {
        return -1;
    }
    *out = (opponent){itp_solver_find(solver), itp_grid_find(grid),
                      strcmp(schedule, "lazy") == 0 ? ITP_SCHEDULE_LAZY : ITP_SCHEDULE_LINEAR, error};
    return 0;
}

int opponents_read(const contest *c, const char *path, int32_t evaluations, opponent *out)
{
    char line[256];
    int status = -1;
    FILE *file = path ? fopen(path, "r") : NULL;
    while (file && status && fgets(line, sizeof line, file)) status = read_line(c, line, evaluations, out);
    if (file) {
        fclose(file);
    }
    return status;
}

void opponents_add(const contest *c, const char *path, int32_t evaluations, const opponent *best)
{
    FILE *file = path ? fopen(path, "a") : NULL;
    if (file) {
        fprintf(file, "%s %g %d %zu %s %s %s %.9g\n", c->net.name, c->guidance, (int)evaluations, c->unseen,
                itp_solver_name(best->solver), itp_grid_name(best->grid),
                best->schedule == ITP_SCHEDULE_LAZY ? "lazy" : "linear", best->error);
        fclose(file);
    }
}
