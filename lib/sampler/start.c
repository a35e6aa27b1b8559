/* What a run begins from, and whether that is what its plan begins from. */
#include "base/log.h"
#include "plan/plan.h"
#include "sampler/sampler.h"

/* A reversed plan begins at the data, one that begins at the noise end has no use for them, and one that begins between
 * wants them, or a state. */
int itp_batch_check_start(const itp_batch *batch, const itp_plan_info *info, const itp_log *log)
{
    if (batch->x == ITP_X_DATA && info->start_data == 0) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "x: ITP_X_DATA, but the plan begins at u = %g with noise alone; make it with u_start above 0.",
                        info->u_start);
    }
    if (batch->x == ITP_X_NOISE && info->u_start > info->u_end) {
        return itp_fail(log, ITP_E_UNSUPPORTED,
                        "x: ITP_X_NOISE, but the plan is reversed: it begins with data, ITP_X_DATA or ITP_X_GIVEN.");
    }
    if (batch->x == ITP_X_NOISE && info->starts_inside) {
        itp_warn(log,
                 "x: ITP_X_NOISE, but the plan begins at u = %g, where a state is noise and data: it gets no data. "
                 "Give data (ITP_X_DATA) or a state (ITP_X_GIVEN), or make the plan with u_start 0.",
                 info->u_start);
    }
    return ITP_OK;
}
