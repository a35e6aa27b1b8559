/* How a budget of evaluations is spread over steps. */
#ifndef ITP_PLAN_SPEND_H
#define ITP_PLAN_SPEND_H

#include <interp/plan.h>

/* A number of steps, and how many evaluations each makes: `stages_of` says how many step i makes of `most`. */
typedef struct itp_spending {
    int32_t *stages;
    int32_t steps, most, last; /* evaluations that any step, and the last one, may make */
    int32_t level;             /* 1: what is too much is taken from the longest steps, 0: from the last ones */
    int32_t begin;             /* the longest steps are gone through from this one on, and then from the first */
    int32_t (*stages_of)(void *user, int32_t i, int32_t most);
    void *user;
} itp_spending;

/* Fills stages[] with the most that can be spent and returns their sum; or stops where that is certain to be less than
 * `budget`, and returns a number below it that the sum does not exceed. */
int32_t itp_spend_all(const itp_spending *spending, int32_t budget);

/* Shortens steps until they spend `surplus` evaluations less, if need be one or two more than that: a method's last
 * steps (as DPM-Solver does, 2206.00927) or, so that the least order is as high as it can be, the longest
 * ones, the first of them first: what is lost at the noise end is lost where paths bend least. Returns what is then
 * spent too little. */
int32_t itp_spend_less(const itp_spending *spending, int32_t surplus);

#endif
