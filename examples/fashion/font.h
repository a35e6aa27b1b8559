/* A 5 x 9 bitmap font of our own: small letters, digits, and a little punctuation. */
#ifndef FASHION_FONT_H
#define FASHION_FONT_H

#define FONT_WIDTH 5
#define FONT_HEIGHT 9 /* two of them below the line */

/* 1 where the character has ink; unknown characters are blank. */
int font_ink(char character, int x, int y);

#endif
