/* Sorting numbers of candidates by a rule. */
#ifndef ITP_SEARCH_HEAP_H
#define ITP_SEARCH_HEAP_H

#include <stdint.h>

/* Whether number a comes before number b; of two different ones one does. */
typedef int itp_before(const void *context, int32_t a, int32_t b);
void itp_heap_sort(int32_t *list, int32_t count, itp_before *before, const void *context);

#endif
