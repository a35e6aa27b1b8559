#include "steps.h"

static double position(const itp_plan *plan, const itp_plan_info *info, int32_t i)
{
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    return i < info->rows && !itp_plan_get_row(plan, i, &row) ? row.u : info->u_end;
}

/* With as many evaluations in every step the ends are easily told. In any case a state is left out when a later one is
 * at the same position or before it. */
int32_t steps_place(const itp_plan *plan, const itp_plan_info *info, int32_t *place, double *u)
{
    int32_t stride = info->rows % info->steps ? 1 : info->rows / info->steps, kept = 0;
    double later = 2;
    for (int32_t i = info->rows; i >= 0; i--) {
        double here = position(plan, info, i);
        int keep = i % stride == 0 && here < later;
        place[i] = keep;
        kept += keep;
        later = keep ? here : later;
    }
    for (int32_t i = 0, number = 0; i <= info->rows; i++) {
        if (place[i]) {
            u[number] = position(plan, info, i);
        }
        place[i] = place[i] ? number++ : -1;
    }
    return kept;
}
