/* Sorting without the C library's qsort, which may ask malloc for room. */
#ifndef ITP_BASE_SORT_H
#define ITP_BASE_SORT_H

#include <stddef.h>

/* Increasing. No element may be NaN. */
void itp_sort_reals(double *values, size_t count);

#endif
