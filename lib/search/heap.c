#include "search/heap.h"

/* Moves list[i] down until no child comes after it. */
static void sift(int32_t *list, int32_t i, int32_t count, itp_before *before, const void *context)
{
    int32_t moved = list[i];
    for (int32_t child = 2 * i + 1; child < count; i = child, child = 2 * i + 1) {
        child += child + 1 < count && before(context, list[child], list[child + 1]);
        if (!before(context, moved, list[child])) {
            break;
        }
        list[i] = list[child];
    }
    list[i] = moved;
}

void itp_heap_sort(int32_t *list, int32_t count, itp_before *before, const void *context)
{
    for (int32_t i = count / 2 - 1; i >= 0; i--) {
        sift(list, i, count, before, context);
    }
    for (int32_t last = count - 1; last > 0; last--) {
        int32_t largest = list[0];
        list[0] = list[last];
        list[last] = largest;
        sift(list, 0, last, before, context);
    }
}
