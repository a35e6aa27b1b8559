/* A block: the stretch of the batch that is worked on at a time where normals are drawn. */
#ifndef ITP_KERNELS_BLOCK_H
#define ITP_KERNELS_BLOCK_H

#include "kernels/kernels.h"
#include "noise/normal_draw.h"

#include <string.h>

enum { ITP_COMBINE_BLOCK = 256 };

/* Elements start .. start + length - 1 of the flat batch, 1 <= length <= ITP_COMBINE_BLOCK. */
typedef struct itp_block {
    size_t start, length;
} itp_block;

_Static_assert((int)ITP_COMBINE_BLOCK == (int)ITP_DRAW_MOST, "a block's normals are drawn as one stretch");

/* What is kept, as a sum of columns: those whose coefficient is not 0. */
typedef struct itp_kept {
    itp_column columns[2];
    int32_t count;
    int32_t twin[2]; /* which of the operation's columns is the same array; -1: none */
} itp_kept;

itp_kept itp_combine_kept(const itp_combine *op);

static inline size_t itp_combine_end(const itp_combine *op)
{
    return op->to ? op->to : op->dim * op->count;
}

static inline void itp_block_draw(const itp_combine *op, itp_block at, itp_draw *draw)
{
    const itp_draw_batch batch = {op->dim, op->seed, op->first, op->seeds};
    itp_draw_begin(draw, itp_normal_path_at(0), &batch, at.start, at.length);
}

static inline void itp_block_add_xi(const itp_draw *draw, double coef, const float *xi, double *sum)
{
    draw->path->add(coef, xi, sum, (draw->length + ITP_NORMAL_LANES - 1) / ITP_NORMAL_LANES * ITP_NORMAL_LANES);
}

/* The operation's normals at the block, onto the sums of what it writes: next, and carry where there is one. */
static inline void itp_block_add_normals(const itp_combine *op, itp_block at, double *next, double *carry)
{
    itp_draw draw;
    itp_draw_room room;
    itp_block_draw(op, at, &draw);
    for (int32_t j = 0; j < op->normal_count; j++) {
        const float *xi = itp_draw_normals(&draw, op->normals[j].m, &room);
        itp_block_add_xi(&draw, op->normals[j].coef, xi, next);
        if (op->carry && op->carried[j] != 0) itp_block_add_xi(&draw, op->carried[j], xi, carry);
    }
}

#endif
