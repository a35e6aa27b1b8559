/* Heap sort: count log count steps whatever the order, in place. */
#include "base/sort.h"

/* values[at] sinks to its place in the heap values[0 .. count-1], whose largest element is on top. */
static void sink(double *values, size_t at, size_t count)
{
    double value = values[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && values[child + 1] > values[child];
        if (values[child] <= value) {
            break;
        }
        values[at] = values[child];
        at = child;
    }
    values[at] = value;
}

void itp_sort_reals(double *values, size_t count)
{
    for (size_t i = count / 2; i > 0; i--) {
        sink(values, i - 1, count);
    }
    for (size_t i = count; i > 1; i--) {
        double largest = values[0];
        values[0] = values[i - 1];
        values[i - 1] = largest;
        sink(values, 0, i - 1);
    }
}
