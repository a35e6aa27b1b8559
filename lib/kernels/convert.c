/* itp_prediction_convert: a combination of two columns, so it is one. */
#include "kernels/kernels.h"

#include <interp/model.h>

#include "base/float_env.h"

static ITP_APART int prediction_convert(const itp_model *model, double t, int32_t to, int32_t type, const void *x,
                                        const void *f, void *out, size_t count)
{
    double a, b;
    itp_combine_fn combine = itp_kernel_choose(ITP_KERNEL_PORTABLE, type);
    if (count && (!x || !f || !out)) return ITP_E_ARGUMENT;
    if (!combine) return ITP_E_UNSUPPORTED;
    int status = itp_prediction_scalars(model, t, to, &a, &b);
    if (status != ITP_OK) return status;
    itp_column columns[2];
    int32_t listed = 0;
    if (a != 0) columns[listed++] = (itp_column){x, a};
    if (b != 0) columns[listed++] = (itp_column){f, b};
    itp_combine op = {.dim = count, .count = 1, .next = out, .columns = columns, .column_count = listed};
    if (count) combine(&op);
    return ITP_OK;
}

int itp_prediction_convert(const itp_model *model, double t, int32_t to, int32_t type, const void *x, const void *f,
                           void *out, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, prediction_convert(model, t, to, type, x, f, out, count));
}
