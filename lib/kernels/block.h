/* A block: the stretch of the batch that is worked on at a time. */
#ifndef ITP_KERNELS_BLOCK_H
#define ITP_KERNELS_BLOCK_H

#include "kernels/kernels.h"
#include "noise/normal_draw.h"

#include <string.h>

enum { ITP_COMBINE_BLOCK = 256, ITP_COMBINE_GROUP = 5 };

/* Elements start .. start + length - 1 of the flat batch, 1 <= length <= ITP_COMBINE_BLOCK. */
typedef struct itp_block {
    size_t start, length;
} itp_block;

_Static_assert((int)ITP_COMBINE_BLOCK == (int)ITP_DRAW_MOST, "a block's normals are drawn as one stretch");

static inline void itp_block_draw(const itp_combine *op, itp_block at, itp_draw *draw)
{
    const itp_draw_batch batch = {op->dim, op->seed, op->first, op->seeds};
    itp_draw_begin(draw, itp_normal_path_at(0), &batch, at.start, at.length);
}

static inline void itp_block_add_xi(const itp_draw *draw, double coef, const float *xi, double *sum)
{
    draw->path->add(coef, xi, sum, (draw->length + ITP_NORMAL_LANES - 1) / ITP_NORMAL_LANES * ITP_NORMAL_LANES);
}

#endif
