/* Elements of the two types that arrays may have, ITP_FLOAT32 and ITP_FLOAT64; all arithmetic is in double. */
#ifndef ITP_BASE_ELEMENT_H
#define ITP_BASE_ELEMENT_H

#include <interp/base.h>

static inline size_t itp_element_size(int32_t type)
{
    return type == ITP_FLOAT64 ? sizeof(double) : sizeof(float);
}

/* Element i of an array. */
static inline double itp_element_load(int32_t type, const void *array, size_t i)
{
    return type == ITP_FLOAT64 ? ((const double *)array)[i] : (double)((const float *)array)[i];
}

/* Element i becomes the value, rounded to the type. */
static inline void itp_element_store(int32_t type, void *array, size_t i, double value)
{
    if (type == ITP_FLOAT64) {
        ((double *)array)[i] = value;
    } else {
        ((float *)array)[i] = (float)value;
    }
}

#endif
