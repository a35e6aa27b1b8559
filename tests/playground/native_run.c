/* What the page's C code gives when this machine runs it: for the test that compares the browser's machine with it.
 * usage: native_run SCHEDULE SOLVER GRID EVALUATIONS K SHAPE SEED COUNT
 * Prints each coordinate of the particles at the end, and in the middle of the path, in hexadecimal. */
#include "../../examples/kinds.h"
#include "view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print(const float *x, int32_t count)
{
    for (int32_t i = 0; x && i < 2 * count; i++) {
        printf("%a\n", (double)x[i]);
    }
}

/* The place of a solver in the list; -1: it has no such name. */
static int32_t place_of(const char *name)
{
    int32_t place = 0;
    while (kind_name_at("solver", place) && strcmp(kind_name_at("solver", place), name) != 0) place++;
    return kind_name_at("solver", place) ? place : -1;
}

static int run_all(run *r, char **argument)
{
    int status = run_plan(r, kind_id("schedule", argument[1]), place_of(argument[2]), kind_id("grid", argument[3]),
                          (int32_t)strtol(argument[4], NULL, 10), strtod(argument[5], NULL));
    if (status) {
        return status;
    }
    int32_t shape = (int32_t)strtol(argument[6], NULL, 10), count = (int32_t)strtol(argument[8], NULL, 10);
    status = run_begin(r, shape, strtod(argument[7], NULL), count, 1);
    return status ? status : run_rows(r, r->info.rows);
}

int main(int count, char **argument)
{
    run *r = count == 9 ? run_new() : NULL;
    int status = r ? run_all(r, argument) : 2;
    if (!status) {
        print(run_end(r), r->count);
        print(view_particles(r, OWN_VIEW, 0.5), r->count);
    }
    run_free(r);
    return status != 0;
}
