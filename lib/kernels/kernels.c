#include "kernels/kernels.h"

#include <stddef.h>

static itp_combine_fn portable(int32_t type)
{
    if (type == ITP_FLOAT32) return itp_combine_portable_f32;
    if (type == ITP_FLOAT64) return itp_combine_portable_f64;
    return NULL;
}

static itp_combine_fn openblas(int32_t type)
{
#if defined(ITP_HAVE_OPENBLAS)
    if (type == ITP_FLOAT32) return itp_combine_openblas_f32;
    if (type == ITP_FLOAT64) return itp_combine_openblas_f64;
#endif
    (void)type;
    return NULL;
}

itp_combine_fn itp_kernel_choose(int32_t kernel, int32_t type)
{
    switch (kernel) {
    case ITP_KERNEL_AUTO: return portable(type);
    case ITP_KERNEL_PORTABLE: return portable(type);
    case ITP_KERNEL_OPENBLAS: return openblas(type);
    default: return NULL;
    }
}
