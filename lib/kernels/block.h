/* A block: the stretch of the batch that is worked on at a time. */
#ifndef ITP_KERNELS_BLOCK_H
#define ITP_KERNELS_BLOCK_H

#include "kernels/kernels.h"
#include "noise/normal.h"

#include <string.h>

enum { ITP_COMBINE_BLOCK = 256, ITP_COMBINE_GROUP = 5 };

/* Elements start .. start + length - 1 of the flat batch, 1 <= length <= ITP_COMBINE_BLOCK. */
typedef struct itp_block {
    size_t start, length;
} itp_block;

/* xi[i] = normal m of the element at.start + i, i < at.length: one stretch for each sample that the block meets. */
static inline void itp_block_normals(const itp_combine *op, uint32_t m, itp_block at, float *xi)
{
    size_t sample = at.start / op->dim, element = at.start % op->dim;
    for (size_t done = 0, part; done < at.length; done += part, sample++, element = 0) {
        part = op->dim - element < at.length - done ? op->dim - element : at.length - done;
        uint64_t seed = op->seeds ? op->seeds[sample] : op->seed;
        uint64_t index = op->seeds ? 0 : op->first + sample;
        itp_normal_fill_f32(seed, index, m, element, xi + done, part);
    }
}

#endif
