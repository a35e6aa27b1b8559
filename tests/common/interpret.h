/* A plan run without the library's kernels: two interpreters that know only what plan.h says of rows. */
#ifndef TEST_INTERPRET_H
#define TEST_INTERPRET_H

#include <interp/plan.h>

typedef struct interpret_job {
    size_t n;              /* elements of a column */
    const double *normals; /* [info.normals][n]; with `numbers` [number_count][n] */
    void (*network)(void *user, double time, const double *x, double *out, size_t n);
    void *user;
    int given;              /* 1: x holds Y_0 */
    const int32_t *numbers; /* where not NULL: the m of each row of `normals`, increasing */
    int32_t number_count;
} interpret_job;

/* The m of all normals that a plan reads, and 0, increasing: for plans on the Brownian path, whose m are large. At most
 * `capacity`; returns how many there are. */
int32_t interpret_numbers(const itp_plan *plan, int32_t *numbers, int32_t capacity);

/* By logical columns Y_i, F_i. The result, the last state, goes to x. 0, or the library's status. */
int interpret_logical(const itp_plan *plan, const interpret_job *job, double *x);

/* By slots: `slots` arrays, slot 0 is x. */
int interpret_slots(const itp_plan *plan, const interpret_job *job, double *x);

#endif
