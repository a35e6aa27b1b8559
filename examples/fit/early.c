#include "early.h"

enum { STARTS = 4 };
static const opponent beginnings[STARTS] = {{"ab2", ITP_GRID_TIME, ITP_SCHEDULE_LINEAR, 0},
                                            {"ipndm-3", ITP_GRID_TIME, ITP_SCHEDULE_LINEAR, 0},
                                            {"ab2", ITP_GRID_QUADRATIC, ITP_SCHEDULE_LINEAR, 0},
                                            {"midpoint", ITP_GRID_TIME, ITP_SCHEDULE_LINEAR, 0}};

static itp_plan *fit(contest *c, itp_plan *const *plans, size_t count)
{
    itp_fit_desc want = ITP_FIT_DESC_INIT;
    itp_fit_expert expert = ITP_FIT_EXPERT_INIT;
    itp_plan *better = NULL;
    contest_describe(c, &want, &expert);
    want.starts = (const itp_plan *const *)(plans + 1);
    want.start_count = count - 1;
    expert.ends = c->early_known ? c->early_ends : NULL;
    expert.ends_out = c->early_ends;
    c->early_known |= !itp_plan_fit(plans[0], &want, c->net.velocity, c->net.user, &better);
    return better;
}

itp_plan *early_plan(contest *c, int32_t evaluations)
{
    itp_plan *plans[STARTS], *better = NULL;
    size_t count = 0;
    for (int i = 0; i < STARTS && evaluations > 0 && c->early > 0; i++) {
        count += contest_plan_on(&beginnings[i], evaluations, NULL, c->early, &plans[count]) ? 0 : 1;
    }
    if (count) {
        better = fit(c, plans, count);
    }
    for (size_t i = 0; i < count; i++) itp_plan_free(plans[i]);
    return better;
}
