#include "plan/spend.h"

int32_t itp_spend_all(const itp_spending *spending, int32_t budget)
{
    int32_t sum = 0, end = spending->steps - 1;
    for (int32_t i = end; i >= 0; i--) {
        spending->stages[i] = spending->stages_of(spending->user, i, i == end ? spending->last : spending->most);
        sum += spending->stages[i];
        if (sum < budget - i * spending->most) {
            return sum + i * spending->most;
        }
    }
    return sum;
}

/* A step that can be made shorter, by as little as that is possible; number -1: there is none. */
typedef struct change {
    int32_t number, stages;
} change;

/* By at most `surplus`, if there is such a step. */
static change shorten(const itp_spending *spending, int32_t surplus)
{
    change found = {-1, 0}, any = {-1, 0};
    const int32_t *stages = spending->stages;
    for (int32_t j = 0; j < spending->steps; j++) {
        int32_t i = spending->level ? (j + spending->begin) % spending->steps : spending->steps - 1 - j;
        if (stages[i] > 1 && (found.number < 0 || (spending->level && stages[i] > stages[found.number]))) {
            change to = {i, spending->stages_of(spending->user, i, stages[i] - 1)};
            found = stages[i] - to.stages <= surplus ? to : found;
            any = any.number < 0 ? to : any;
        }
    }
    return found.number < 0 ? any : found;
}

int32_t itp_spend_less(const itp_spending *spending, int32_t surplus)
{
    while (surplus > 0) {
        change to = shorten(spending, surplus);
        if (to.number < 0) {
            break;
        }
        surplus -= spending->stages[to.number] - to.stages;
        spending->stages[to.number] = to.stages;
    }
    return -surplus;
}
