/* Plans and batches of tests, each in a line. Where a plan cannot be made the test fails, with the sentence. */
#ifndef TESTS_COMMON_PLAN_H
#define TESTS_COMMON_PLAN_H

#include "want.h"

#if defined(__GNUC__)
#define PRINTS __attribute__((format(printf, 1, 2)))
#else
#define PRINTS
#endif

/* The plan that a text describes (<interp/text.h>), written as printf writes it. */
itp_plan *plan_of(const char *format, ...) PRINTS;

/* The plan of a description. `name` is what a failure is called by. */
itp_plan *plan_wanted(const char *name, const wanted *want);

/* The plan of a method at the diffusion k, or, where the method takes only the other one, at 1 - k. */
itp_plan *plan_at_k(const char *solver, int32_t evaluations, double k);

/* A batch of `count` samples of ITP_FLOAT32 or ITP_FLOAT64, with every default. */
itp_batch batch_of(size_t dim, size_t count, int32_t type);

#endif
