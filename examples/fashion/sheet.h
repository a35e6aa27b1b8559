/* A white page of grey pixels: images, text, and the PNG file. */
#ifndef FASHION_SHEET_H
#define FASHION_SHEET_H

#include <stddef.h>

typedef struct sheet sheet;

/* NULL without memory. */
sheet *sheet_new(int width, int height);
void sheet_free(sheet *page);

/* image[side][side], 0 black to 1 white, enlarged `scale` times by cubic interpolation. Must lie inside the page. */
void sheet_image(sheet *page, int left, int top, const float *image, int side, int scale);

/* Characters of the font are `scale` pixels per dot; what falls off the page is cut. */
void sheet_text(sheet *page, int left, int top, const char *text, int scale);

/* 0, or -1: the file cannot be written. */
int sheet_write(const sheet *page, const char *path);

#endif
