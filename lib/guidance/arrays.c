#include "guidance/arrays.h"

itp_guidance_outputs itp_guidance_sample(const itp_guidance_outputs *batch, size_t i)
{
    size_t skip = i * batch->dim * itp_element_size(batch->type);
    itp_guidance_outputs one = {batch->type, batch->cond + skip, batch->uncond + skip, batch->out + skip, batch->dim};
    return one;
}

static int check(int32_t type, int there, size_t count, size_t dim)
{
    if (dim && count > SIZE_MAX / sizeof(double) / dim) {
        return ITP_E_OVERFLOW;
    }
    if (count && dim && !there) {
        return ITP_E_ARGUMENT;
    }
    return type == ITP_FLOAT32 || type == ITP_FLOAT64 ? ITP_OK : ITP_E_UNSUPPORTED;
}

int itp_guidance_check(const itp_guidance_outputs *outputs, size_t count)
{
    return check(outputs->type, outputs->cond && outputs->uncond && outputs->out, count, outputs->dim);
}

int itp_threshold_check(int32_t type, const void *array, size_t count, size_t dim)
{
    return check(type, array != NULL, count, dim);
}
