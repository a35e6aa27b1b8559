#include "contact.h"

#include "network.h"
#include "sheet.h"

#define PIXEL_MEAN 0.2860f /* of the training images, as in train/data.py */
#define PIXEL_STD 0.3530f
#define COLUMNS 10
#define MARGIN 24
#define CAPTION 30 /* height of a caption with the space below it */
#define GAP 4
#define NARROWEST 400 /* room for a caption */

typedef struct layout {
    int scale, tile, columns, lines;
    int block_width, block_height, width, height;
} layout;

static layout lay_out(size_t blocks, size_t across, size_t count)
{
    layout l = {.scale = across > 1 ? 2 : 3};
    l.tile = IMAGE_SIDE * l.scale + GAP;
    l.columns = count < COLUMNS ? (int)count : COLUMNS;
    l.lines = (int)((count + COLUMNS - 1) / COLUMNS);
    int garments = l.columns * l.tile - GAP;
    l.block_width = (garments > NARROWEST ? garments : NARROWEST) + MARGIN;
    l.block_height = CAPTION + l.lines * l.tile - GAP + MARGIN;
    l.width = (int)across * l.block_width + MARGIN;
    l.height = (int)((blocks + across - 1) / across) * l.block_height + MARGIN;
    return l;
}

/* The data set shows photographs with their intensities negated; paper is white again here. */
static void to_paper(const float *image, float *paper)
{
    for (int i = 0; i < IMAGE_PIXELS; i++) {
        paper[i] = 1.0f - (image[i] * PIXEL_STD + PIXEL_MEAN);
    }
}

static void draw_block(sheet *page, const layout *l, const contact_block *block, int left, int top, size_t count)
{
    float paper[IMAGE_PIXELS];
    sheet_text(page, left, top, block->caption, 2);
    for (size_t i = 0; i < count; i++) {
        int x = left + (int)(i % COLUMNS) * l->tile, y = top + CAPTION + (int)(i / COLUMNS) * l->tile;
        to_paper(block->images + i * IMAGE_PIXELS, paper);
        sheet_image(page, x, y, paper, IMAGE_SIDE, l->scale);
    }
}

int contact_write(const char *path, const contact_block *blocks, size_t block_count, size_t across, size_t count)
{
    layout l = lay_out(block_count, across, count);
    sheet *page = sheet_new(l.width, l.height);
    if (!page) {
        return -1;
    }
    for (size_t i = 0; i < block_count; i++) {
        int left = MARGIN + (int)(i % across) * l.block_width, top = MARGIN + (int)(i / across) * l.block_height;
        draw_block(page, &l, &blocks[i], left, top, count);
    }
    int status = sheet_write(page, path);
    sheet_free(page);
    return status ? -2 : 0;
}
