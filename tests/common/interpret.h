/* A plan run without the library's kernels: two interpreters that know only what plan.h says of rows. */
#ifndef TEST_INTERPRET_H
#define TEST_INTERPRET_H

#include <interp/plan.h>

typedef struct interpret_job {
    size_t n;              /* elements of a column */
    const double *normals; /* [info.normals][n] */
    void (*network)(void *user, double time, const double *x, double *out, size_t n);
    void *user;
    int given; /* 1: x holds Y_0 */
} interpret_job;

/* By logical columns Y_i, F_i. The result, the last state, goes to x. 0, or the library's status. */
int interpret_logical(const itp_plan *plan, const interpret_job *job, double *x);

/* By slots: `slots` arrays, slot 0 is x. */
int interpret_slots(const itp_plan *plan, const interpret_job *job, double *x);

#endif
