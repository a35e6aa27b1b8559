/* A few garments of the shipped network, for tests of what makes them. Include after cmocka.h. */
#ifndef FASHION_TEST_GARMENTS_H
#define FASHION_TEST_GARMENTS_H

#include "models.h"
#include "sampling.h"

/* The default recipe with so many evaluations, and seeds that no other test has. */
static inline recipe few_evaluations(int32_t evaluations)
{
    recipe r = sampling_default();
    r.evaluations = evaluations;
    r.seed = 5;
    return r;
}

/* x[count][784], for the caller to free. */
static inline float *sample_garments(const models *m, const recipe *r, size_t count)
{
    itp_plan *plan;
    progress bar = {.total = 1};
    float *x = malloc(count * IMAGE_PIXELS * sizeof *x);
    assert_non_null(x);
    assert_int_equal(sampling_plan(r, &plan), ITP_OK);
    assert_int_equal(sampling_run(r, plan, m->net, &bar, x, count), ITP_OK);
    itp_plan_free(plan);
    return x;
}

#endif
