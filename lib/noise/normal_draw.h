/* Normals of a stretch of a batch, for a kernel that works on one stretch after the other. */
#ifndef ITP_NOISE_NORMAL_DRAW_H
#define ITP_NOISE_NORMAL_DRAW_H

#include "noise/normal_path.h"

/* A stretch has at most this many elements, and so at most this many Philox blocks. */
enum { ITP_DRAW_MOST = 256 };

/* A batch: element e of sample i is drawn from (seed, first + i), or from (seeds[i], 0) where seeds is not NULL. */
typedef struct itp_draw_batch {
    size_t dim;
    uint64_t seed, first;
    const uint64_t *seeds;
} itp_draw_batch;

/* Which Philox blocks a stretch needs, worked out once for all its m. */
typedef struct itp_draw {
    const itp_normal_path *path;
    size_t length, blocks;
    int one_sample, one_key, successive; /* successive: element i is normal from[0] + i of all those of the blocks */
    uint16_t from[ITP_DRAW_MOST];
    uint32_t block[ITP_DRAW_MOST], sample_low[ITP_DRAW_MOST], sample_high[ITP_DRAW_MOST];
    uint32_t key_low[ITP_DRAW_MOST], key_high[ITP_DRAW_MOST];
} itp_draw;

typedef struct itp_draw_room {
    float normals[4 * ITP_DRAW_MOST + ITP_NORMAL_LANES], xi[ITP_DRAW_MOST];
} itp_draw_room;

/* Elements start .. start + length - 1 of the flat batch, 1 <= length <= ITP_DRAW_MOST. */
void itp_draw_begin(itp_draw *draw, const itp_normal_path *path, const itp_draw_batch *batch, size_t start,
                    size_t length);

/* The normals m of the stretch, somewhere in `room`. They are followed by finite numbers up to the next multiple of
 * ITP_NORMAL_LANES. */
const float *itp_draw_normals(const itp_draw *draw, uint32_t m, itp_draw_room *room);

#endif
