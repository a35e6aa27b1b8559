/* The library's own pass over memory: a template, included once per element type and kind of processor after defining
 *   ELEMENT          the type of the arrays
 *   LANES            numbers in a vector of double, 1 where the compiler knows no vectors
 *   TARGET, INLINE   what its functions and its inlined functions begin with
 *   NAME(f)          f with a suffix
 *   SMALL            1: all tiles are made as the last one is, in a third of the code; for processors that hardly
 *                    anybody has
 * and, where the compiler makes poor code of the conversion of a vector,
 *   WIDEN(x), NARROW(x)   a vector of ELEMENT as one of double and back
 *
 * It goes by tiles of eight vectors: their sums stay in registers while one column after the other is added, so that
 * each array is read once and written once, whatever the number of columns. The last tile is copied and filled up with
 * zeros. Every element meets one multiplication and one addition in double per column, in the order of the list, and
 * one rounding at the end (the compiler must not contract the two: ITP_NORMAL_EXACT): its bits depend neither on the
 * processor nor on where it lies in the batch. */
#include "kernels/block.h"

#define PARTS 8
#define TILE ((size_t)PARTS * LANES)

#if LANES > 1
typedef ELEMENT NAME(narrow) __attribute__((vector_size(LANES * sizeof(ELEMENT))));
typedef double NAME(wide) __attribute__((vector_size(LANES * sizeof(double))));
#if !defined(WIDEN)
#define WIDEN(x) __builtin_convertvector(x, NAME(wide))
#define NARROW(x) __builtin_convertvector(x, NAME(narrow))
#endif
#else
typedef ELEMENT NAME(narrow);
typedef double NAME(wide);
#define WIDEN(x) ((double)(x))
#define NARROW(x) ((ELEMENT)(x))
#endif

/* Asks for what the tile will need some tiles later: the processor's own prefetcher keeps up with memory only while
 * the arithmetic is cheap, and that of float32 in double is not. What is asked for beyond the array is ignored. */
#if defined(__GNUC__)
#define ASK_AHEAD(x, write) \
    for (size_t ahead = 2048; ahead < 2048 + TILE * sizeof *(x); ahead += 64) { \
        /* NOLINTNEXTLINE(performance-no-int-to-ptr): beyond the array, where a pointer may not be made */ \
        __builtin_prefetch((const void *)((uintptr_t)(x) + ahead), write); \
    }
#else
#define ASK_AHEAD(x, write) (void)(x)
#endif

/* What is met once a pass, or beside normals, which cost far more, is a function: inlined, it would be most of the
 * code. */
#if defined(__GNUC__)
#define APART __attribute__((noinline))
#else
#define APART
#endif

TARGET APART static const ELEMENT *NAME(padded)(const ELEMENT *x, size_t length, ELEMENT *room)
{
    memset(room, 0, TILE * sizeof *room);
    memcpy(room, x, length * sizeof *room);
    return room;
}

/* Elements at .. at + length - 1 of a column, or, where that is no whole tile, a copy of them followed by zeros. */
INLINE const ELEMENT *NAME(reach)(const void *data, size_t at, size_t length, ELEMENT *room)
{
    const ELEMENT *x = (const ELEMENT *)data + at;
    if (length == TILE) {
        ASK_AHEAD(x, 0);
        return x;
    }
    return NAME(padded)(x, length, room);
}

INLINE void NAME(add)(const ELEMENT *x, double coef, int fresh, NAME(wide) sum[PARTS])
{
    for (int k = 0; k < PARTS; k++) {
        NAME(narrow) part;
        memcpy(&part, x + (size_t)k * LANES, sizeof part);
        NAME(wide) term = coef * WIDEN(part);
        sum[k] = fresh ? term : sum[k] + term;
    }
}

INLINE void NAME(fill)(double value, NAME(wide) sum[PARTS])
{
    const NAME(wide) zero = {0};
    for (int k = 0; k < PARTS; k++) sum[k] = zero + value;
}

/* -0 changes no first term. */
TARGET APART static void NAME(sum_apart)(const itp_column *columns, int32_t count, size_t at, size_t length,
                                         NAME(wide) sum[PARTS])
{
    ELEMENT room[TILE];
    NAME(fill)(count ? -0.0 : 0.0, sum);
    for (int32_t j = 0; j < count; j++) {
        NAME(add)(NAME(reach)(columns[j].data, at, length, room), columns[j].coef, 0, sum);
    }
}

INLINE void NAME(put)(const NAME(wide) sum[PARTS], void *array, size_t at, size_t length)
{
    ELEMENT room[TILE], *to = (ELEMENT *)array + at, *in = length == TILE ? to : room;
    for (int k = 0; k < PARTS; k++) {
        NAME(narrow) part = NARROW(sum[k]);
        memcpy(in + (size_t)k * LANES, &part, sizeof part);
    }
    if (length != TILE) memcpy(to, room, length * sizeof *to);
}

TARGET APART static void NAME(put_apart)(const NAME(wide) sum[PARTS], void *array, size_t at, size_t length)
{
    NAME(put)(sum, array, at, length);
}

#if !SMALL
/* The same bits with fewer instructions. */
INLINE void NAME(sum)(const itp_column *columns, int32_t count, size_t at, size_t length, NAME(wide) sum[PARTS])
{
    ELEMENT room[TILE];
    if (count == 0) {
        NAME(fill)(0, sum);
        return;
    }
    NAME(add)(NAME(reach)(columns[0].data, at, length, room), columns[0].coef, 1, sum);
    for (int32_t j = 1; j < count; j++) {
        NAME(add)(NAME(reach)(columns[j].data, at, length, room), columns[j].coef, 0, sum);
    }
}

/* Adds a column to both sums, or begins both with it: converting it is what costs. */
INLINE void NAME(add_twice)(const ELEMENT *x, double coef, double other, int fresh, NAME(wide) sum[PARTS],
                            NAME(wide) second[PARTS])
{
    for (int k = 0; k < PARTS; k++) {
        NAME(narrow) part;
        memcpy(&part, x + (size_t)k * LANES, sizeof part);
        NAME(wide) number = WIDEN(part), term = coef * number, term_of_second = other * number;
        sum[k] = fresh ? term : sum[k] + term;
        second[k] = fresh ? term_of_second : second[k] + term_of_second;
    }
}

/* Next and kept, where both are asked for. Where the first column is in both they begin with it, else with -0, which
 * changes no first term; that the kept one's two terms may be added in either order changes nothing. */
INLINE void NAME(sum_both)(const itp_combine *op, const itp_kept *kept, size_t at, size_t length,
                           NAME(wide) next[PARTS], NAME(wide) second[PARTS])
{
    ELEMENT room[TILE];
    int32_t begun = op->column_count && (kept->twin[0] == 0 || kept->twin[1] == 0);
    if (begun) {
        const ELEMENT *x = NAME(reach)(op->columns[0].data, at, length, room);
        NAME(add_twice)(x, op->columns[0].coef, kept->columns[kept->twin[0] != 0].coef, 1, next, second);
    } else {
        NAME(fill)(op->column_count ? -0.0 : 0.0, next);
        NAME(fill)(kept->count ? -0.0 : 0.0, second);
    }
    for (int32_t j = begun; j < op->column_count; j++) {
        const ELEMENT *x = NAME(reach)(op->columns[j].data, at, length, room);
        if (j == kept->twin[0] || j == kept->twin[1]) {
            NAME(add_twice)(x, op->columns[j].coef, kept->columns[j != kept->twin[0]].coef, 0, next, second);
        } else {
            NAME(add)(x, op->columns[j].coef, 0, next);
        }
    }
    for (int32_t i = 0; i < kept->count; i++) {
        if (kept->twin[i] >= 0) continue;
        NAME(add)(NAME(reach)(kept->columns[i].data, at, length, room), kept->columns[i].coef, 0, second);
    }
}

/* A store, too, waits for the line that it changes a part of. */
INLINE void NAME(put_ahead)(const NAME(wide) sum[PARTS], void *array, size_t at, size_t length)
{
    ASK_AHEAD((ELEMENT *)array + at, 1);
    NAME(put)(sum, array, at, length);
}

/* One form, next or kept. */
INLINE void NAME(tile_alone)(const itp_column *columns, int32_t count, void *to, size_t at)
{
    NAME(wide) sum[PARTS];
    NAME(sum)(columns, count, at, TILE, sum);
    NAME(put_ahead)(sum, to, at, TILE);
}

/* Both forms are known before either is written. */
INLINE void NAME(tile_of_both)(const itp_combine *op, const itp_kept *kept, size_t at)
{
    NAME(wide) next[PARTS], second[PARTS];
    NAME(sum_both)(op, kept, at, TILE, next, second);
    NAME(put_ahead)(second, op->output, at, TILE);
    NAME(put_ahead)(next, op->next, at, TILE);
}

/* All whole tiles. Returns where they end. */
INLINE size_t NAME(tiles)(const itp_combine *op, const itp_kept *kept, size_t at, size_t end)
{
    const itp_column *columns = op->next ? op->columns : kept->columns;
    const int32_t count = op->next ? op->column_count : kept->count;
    void *to = op->next ? op->next : op->output;
    if (op->next && op->keep) {
        for (; end - at >= TILE; at += TILE) NAME(tile_of_both)(op, kept, at);
    } else {
        for (; end - at >= TILE; at += TILE) NAME(tile_alone)(columns, count, to, at);
    }
    return at;
}

#endif

TARGET APART static void NAME(put_sums)(const double *sums, void *array, itp_block at)
{
    NAME(wide) part[PARTS];
    for (size_t i = 0; i < at.length; i += TILE) {
        for (int k = 0; k < PARTS; k++) memcpy(&part[k], sums + i + (size_t)k * LANES, sizeof part[k]);
        NAME(put)(part, array, at.start + i, at.length - i < TILE ? at.length - i : TILE);
    }
}

/* With normals: a block's sums wait in the first-level cache for them. */
TARGET static void NAME(noisy_block)(const itp_combine *op, const itp_kept *kept, itp_block at)
{
    double sums[ITP_COMBINE_BLOCK], carry[ITP_COMBINE_BLOCK] = {0};
    NAME(wide) next[PARTS];
    for (size_t i = 0; i < at.length; i += TILE) {
        NAME(sum_apart)(op->columns, op->column_count, at.start + i, at.length - i < TILE ? at.length - i : TILE, next);
        for (int k = 0; k < PARTS; k++) memcpy(sums + i + (size_t)k * LANES, &next[k], sizeof next[k]);
    }
    itp_block_add_normals(op, at, sums, carry);
    for (size_t i = 0; i < at.length && op->keep; i += TILE) {
        size_t length = at.length - i < TILE ? at.length - i : TILE;
        NAME(sum_apart)(kept->columns, kept->count, at.start + i, length, next);
        NAME(put_apart)(next, op->output, at.start + i, length);
    }
    NAME(put_sums)(sums, op->next, at);
    if (op->carry) NAME(put_sums)(carry, op->carry, at);
}

TARGET static void NAME(noisy)(const itp_combine *op, const itp_kept *kept, size_t end)
{
    itp_block at = {op->from, ITP_COMBINE_BLOCK};
    for (; at.start < end; at.start += at.length) {
        if (end - at.start < ITP_COMBINE_BLOCK) at.length = end - at.start;
        NAME(noisy_block)(op, kept, at);
    }
}

/* A tile, whole or not: the same sums, one after the other. */
TARGET APART static void NAME(rest)(const itp_combine *op, const itp_kept *kept, size_t at, size_t length)
{
    NAME(wide) next[PARTS], second[PARTS];
    if (op->next) NAME(sum_apart)(op->columns, op->column_count, at, length, next);
    if (op->keep) {
        NAME(sum_apart)(kept->columns, kept->count, at, length, second);
        NAME(put_apart)(second, op->output, at, length);
    }
    if (op->next) NAME(put_apart)(next, op->next, at, length);
}

TARGET static void NAME(combine)(const itp_combine *op)
{
    const itp_kept kept = itp_combine_kept(op);
    const size_t end = itp_combine_end(op);
    size_t at = op->from;
    if (op->next && op->normal_count) {
        NAME(noisy)(op, &kept, end);
        return;
    }
#if !SMALL
    at = NAME(tiles)(op, &kept, at, end);
#endif
    for (; at < end; at += TILE) NAME(rest)(op, &kept, at, end - at < TILE ? end - at : TILE);
}

#undef ASK_AHEAD
#undef APART
#undef PARTS
#undef TILE
#undef WIDEN
#undef NARROW
