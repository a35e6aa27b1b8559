/* From a network's image to a sprite: larger, dyed, and clear where the image is black. */
#ifndef GAME_GARMENT_H
#define GAME_GARMENT_H

#include <stdint.h>

enum { GARMENT_MOST_SCALE = 3, GARMENT_COLOURS = 10 };

/* image[784] in -1 .. 1 as pixels[28 scale][28 scale], 0xAARRGGBB. veil: 1 for noise, 0 for a finished garment: the
 * noise is a round cloud. */
void garment_paint(const float *image, int scale, int colour, float veil, uint32_t *pixels);

#endif
