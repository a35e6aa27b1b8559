/* The pass over memory of kernels that call a library: a template, included once per element type after defining
 *   ELEMENT          the type of the arrays
 *   SUM              the type that sums are held in
 *   NAME(f)          f with a suffix
 *   ADD_COLUMNS      a function (const ELEMENT *const *x, const double *coef, int count, int fresh, SUM *sum): adds
 *                    1 to ITP_COMBINE_GROUP columns, each ITP_COMBINE_BLOCK long, to sum; `fresh`: overwrites sum
 *   ADD_XI           a function (const itp_draw *draw, double coef, const float *xi, SUM *sum): sum += coef xi over the
 *                    draw's length
 *
 * The batch is one flat array to the columns; only the normals look for the border of samples. It goes by blocks that
 * stay in the first-level cache. The last one is copied and filled up with zeros: so every loop has the same constant
 * length, and every element the same instructions wherever it lies. */
#include "kernels/block.h"

/* The first `group` columns at the block, read in place or, for a last block, copied into `room`. */
static void NAME(add_group)(const itp_column *columns, int group, int fresh, itp_block at, SUM *sum)
{
    ELEMENT room[ITP_COMBINE_GROUP][ITP_COMBINE_BLOCK];
    const ELEMENT *x[ITP_COMBINE_GROUP];
    double coef[ITP_COMBINE_GROUP];
    for (int j = 0; j < group; j++) {
        x[j] = (const ELEMENT *)columns[j].data + at.start;
        coef[j] = columns[j].coef;
        if (at.length == ITP_COMBINE_BLOCK) continue;
        memset(room[j], 0, sizeof room[j]);
        memcpy(room[j], x[j], at.length * sizeof(ELEMENT));
        x[j] = room[j];
    }
    ADD_COLUMNS(x, coef, group, fresh, sum);
}

static void NAME(sum_columns)(const itp_column *columns, int32_t count, itp_block at, SUM *sum)
{
    if (count == 0) memset(sum, 0, ITP_COMBINE_BLOCK * sizeof *sum);
    for (int32_t j = 0; j < count; j += ITP_COMBINE_GROUP) {
        int group = count - j < ITP_COMBINE_GROUP ? count - j : ITP_COMBINE_GROUP;
        NAME(add_group)(columns + j, group, j == 0, at, sum);
    }
}

static void NAME(add_normals)(const itp_combine *op, itp_block at, SUM *sum, SUM *carry)
{
    itp_draw draw;
    itp_draw_room room;
    itp_block_draw(op, at, &draw);
    for (int32_t j = 0; j < op->normal_count; j++) {
        const float *xi = itp_draw_normals(&draw, op->normals[j].m, &room);
        ADD_XI(&draw, op->normals[j].coef, xi, sum);
        if (op->carry && op->carried[j] != 0) ADD_XI(&draw, op->carried[j], xi, carry);
    }
}

static void NAME(store)(const SUM *restrict sum, itp_block at, void *array)
{
    ELEMENT *restrict to = (ELEMENT *)array + at.start;
    if (at.length == ITP_COMBINE_BLOCK) {
        for (int i = 0; i < ITP_COMBINE_BLOCK; i++) to[i] = (ELEMENT)sum[i];
    } else {
        for (size_t i = 0; i < at.length; i++) to[i] = (ELEMENT)sum[i];
    }
}

static void NAME(combine_block)(const itp_combine *op, itp_block at)
{
    SUM next[ITP_COMBINE_BLOCK], kept[ITP_COMBINE_BLOCK], carry[ITP_COMBINE_BLOCK] = {0};
    if (op->next) {
        NAME(sum_columns)(op->columns, op->column_count, at, next);
        if (op->normal_count) NAME(add_normals)(op, at, next, carry);
    }
    if (op->keep) {
        const itp_kept columns = itp_combine_kept(op);
        NAME(sum_columns)(columns.columns, columns.count, at, kept);
        NAME(store)(kept, at, op->output);
    }
    if (op->next) NAME(store)(next, at, op->next);
    if (op->next && op->carry) NAME(store)(carry, at, op->carry);
}

void NAME(itp_combine)(const itp_combine *op)
{
    size_t end = itp_combine_end(op);
    itp_block at = {op->from, ITP_COMBINE_BLOCK};
    for (; at.start < end; at.start += at.length) {
        if (end - at.start < ITP_COMBINE_BLOCK) at.length = end - at.start;
        NAME(combine_block)(op, at);
    }
}
