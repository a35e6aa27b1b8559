#include "kernels/block.h"

static void add(itp_kept *kept, const itp_combine *op, const void *data, double coef)
{
    int32_t twin = op->next ? op->column_count - 1 : -1;
    if (coef == 0) return;
    while (twin >= 0 && op->columns[twin].data != data) twin--;
    kept->twin[kept->count] = twin;
    kept->columns[kept->count++] = (itp_column){data, coef};
}

itp_kept itp_combine_kept(const itp_combine *op)
{
    itp_kept kept = {{{NULL, 0}, {NULL, 0}}, 0, {-1, -1}};
    if (!op->keep) return kept;
    add(&kept, op, op->state, op->keep_state);
    add(&kept, op, op->output, op->keep_output);
    return kept;
}
