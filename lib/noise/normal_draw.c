#include "noise/normal_draw.h"

#include <string.h>

static size_t groups_of(size_t blocks)
{
    return (blocks + ITP_NORMAL_LANES - 1) / ITP_NORMAL_LANES;
}

/* A Philox block: which one, of which sample. */
typedef struct block_place {
    uint64_t seed, sample;
    uint32_t block;
} block_place;

static void put_block(itp_draw *draw, size_t i, const block_place *at)
{
    draw->block[i] = at->block;
    draw->sample_low[i] = (uint32_t)at->sample;
    draw->sample_high[i] = (uint32_t)(at->sample >> 32);
    draw->key_low[i] = (uint32_t)at->seed;
    draw->key_high[i] = (uint32_t)(at->seed >> 32);
}

static block_place draw_place(const itp_draw_batch *batch, size_t sample, size_t element)
{
    block_place at = {batch->seed, batch->first + sample, (uint32_t)(element / 4)};
    if (batch->seeds) {
        at.seed = batch->seeds[sample];
        at.sample = 0;
    }
    return at;
}

/* Appends the blocks of elements element .. element + length - 1 of one sample; done elements are there already. */
static void append_blocks(itp_draw *draw, const itp_draw_batch *batch, size_t sample, size_t element, size_t length,
                          size_t done)
{
    size_t skip = 4 * draw->blocks + element % 4, blocks = (element % 4 + length + 3) / 4;
    block_place at = draw_place(batch, sample, element);
    for (size_t i = 0; i < blocks; i++, at.block++) put_block(draw, draw->blocks++, &at);
    for (size_t i = 0; i < length; i++) draw->from[done + i] = (uint16_t)(skip + i);
    draw->successive = draw->successive && draw->from[0] + done == skip;
}

/* Whole groups, by repetition of the last block. */
static void fill_up(itp_draw *draw)
{
    size_t last = draw->blocks - 1;
    const block_place at = {draw->key_low[last] | (uint64_t)draw->key_high[last] << 32,
                            draw->sample_low[last] | (uint64_t)draw->sample_high[last] << 32, draw->block[last]};
    for (size_t i = draw->blocks; i < ITP_NORMAL_LANES * groups_of(draw->blocks); i++) put_block(draw, i, &at);
}

void itp_draw_begin(itp_draw *draw, const itp_normal_path *path, const itp_draw_batch *batch, size_t start,
                    size_t length)
{
    size_t sample = start / batch->dim, element = start % batch->dim;
    draw->path = path;
    draw->length = length;
    draw->blocks = 0;
    draw->from[0] = (uint16_t)(element % 4);
    draw->successive = 1;
    draw->one_sample = length <= batch->dim - element;
    draw->one_key = !batch->seeds;
    if (draw->one_sample) {
        block_place at = draw_place(batch, sample, element);
        draw->blocks = (element % 4 + length + 3) / 4;
        put_block(draw, 0, &at);
        return;
    }
    for (size_t done = 0, part; done < length; done += part, sample++, element = 0) {
        part = batch->dim - element < length - done ? batch->dim - element : length - done;
        append_blocks(draw, batch, sample, element, part, done);
    }
    fill_up(draw);
}

static void draw_groups(const itp_draw *draw, uint32_t m, float *out)
{
    const itp_normal_places at = {draw->block, draw->sample_low, draw->sample_high, draw->key_low, draw->key_high};
    size_t groups = groups_of(draw->blocks);
    if (draw->one_sample) {
        draw->path->run(draw->key_low[0] | (uint64_t)draw->key_high[0] << 32,
                        draw->sample_low[0] | (uint64_t)draw->sample_high[0] << 32, m, draw->block[0], groups, out);
    } else if (draw->one_key) {
        draw->path->one_key(&at, m, groups, out);
    } else {
        draw->path->anywhere(&at, m, groups, out);
    }
}

const float *itp_draw_normals(const itp_draw *draw, uint32_t m, itp_draw_room *room)
{
    draw_groups(draw, m, room->normals);
    memset(room->normals + ITP_NORMAL_GROUP * groups_of(draw->blocks), 0, ITP_NORMAL_LANES * sizeof(float));
    if (draw->successive) return room->normals + draw->from[0];
    for (size_t i = 0; i < draw->length; i++) room->xi[i] = room->normals[draw->from[i]];
    size_t over = (draw->length + ITP_NORMAL_LANES - 1) / ITP_NORMAL_LANES * ITP_NORMAL_LANES;
    memset(room->xi + draw->length, 0, (over - draw->length) * sizeof(float));
    return room->xi;
}
