#include "sheet.h"

#include "font.h"

#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#define WHITE 255
#define INK 70

struct sheet {
    int width, height;
    unsigned char *pixels;
};

sheet *sheet_new(int width, int height)
{
    sheet *page = malloc(sizeof *page);
    size_t size = (size_t)width * (size_t)height;
    unsigned char *pixels = malloc(size);
    if (!page || !pixels) {
        free(page);
        free(pixels);
        return NULL;
    }
    memset(pixels, WHITE, size);
    *page = (sheet){width, height, pixels};
    return page;
}

void sheet_free(sheet *page)
{
    if (page) {
        free(page->pixels);
        free(page);
    }
}

/* Catmull-Rom weights of the four pixels around a point that lies `f` of the way from the second to the third. */
static void cubic(float f, float weights[4])
{
    weights[0] = f * (-0.5f + f * (1.0f - 0.5f * f));
    weights[1] = 1.0f + f * f * (-2.5f + 1.5f * f);
    weights[2] = f * (0.5f + f * (2.0f - 1.5f * f));
    weights[3] = f * f * (-0.5f + 0.5f * f);
}

static int clamp(int i, int side)
{
    return i < 0 ? 0 : i >= side ? side - 1 : i;
}

static float interpolate(const float *image, int side, float x, float y)
{
    float across[4], down[4], total = 0;
    int column = (int)floorf(x), row = (int)floorf(y);
    cubic(x - (float)column, across);
    cubic(y - (float)row, down);
    for (int i = 0; i < 16; i++) {
        int at = clamp(row + i / 4 - 1, side) * side + clamp(column + i % 4 - 1, side);
        total += down[i / 4] * across[i % 4] * image[at];
    }
    return total;
}

static unsigned char grey(float value)
{
    return (unsigned char)(value <= 0 ? 0 : value >= 1 ? WHITE : value * WHITE + 0.5f);
}

void sheet_image(sheet *page, int left, int top, const float *image, int side, int scale)
{
    for (int y = 0; y < side * scale; y++) {
        unsigned char *row = page->pixels + (size_t)(top + y) * (size_t)page->width + left;
        for (int x = 0; x < side * scale; x++) {
            float column = ((float)x + 0.5f) / (float)scale - 0.5f, line = ((float)y + 0.5f) / (float)scale - 0.5f;
            row[x] = grey(interpolate(image, side, column, line));
        }
    }
}

static void character(sheet *page, int left, int top, char what, int scale)
{
    for (int y = 0; y < FONT_HEIGHT * scale; y++) {
        for (int x = 0; x < FONT_WIDTH * scale; x++) {
            int inside = left + x < page->width && top + y < page->height;
            if (inside && font_ink(what, x / scale, y / scale)) {
                page->pixels[(size_t)(top + y) * (size_t)page->width + (size_t)(left + x)] = INK;
            }
        }
    }
}

void sheet_text(sheet *page, int left, int top, const char *text, int scale)
{
    for (; *text; text++) {
        character(page, left, top, *text, scale);
        left += (FONT_WIDTH + 1) * scale;
    }
}

int sheet_write(const sheet *page, const char *path)
{
    png_image image = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_GRAY};
    image.width = (png_uint_32)page->width;
    image.height = (png_uint_32)page->height;
    return png_image_write_to_file(&image, path, 0, page->pixels, page->width, NULL) ? 0 : -1;
}
