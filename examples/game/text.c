#include "text.h"

#include <font.h>
#include <string.h>

enum { DOTS = 512 };

float text_width(const char *text, float size)
{
    return (float)strlen(text) * (FONT_WIDTH + 1) * size;
}

static int add_letter(char letter, float x, float y, float size, SDL_FRect *dots, int count)
{
    for (int i = 0; i < FONT_WIDTH * FONT_HEIGHT && count < DOTS; i++) {
        int column = i % FONT_WIDTH, row = i / FONT_WIDTH;
        if (font_ink(letter, column, row)) {
            dots[count++] = (SDL_FRect){x + (float)column * size, y + (float)row * size, size, size};
        }
    }
    return count;
}

void text_draw(SDL_Renderer *renderer, const char *text, float x, float y, float size, SDL_Color colour)
{
    SDL_FRect dots[DOTS];
    (void)SDL_SetRenderDrawColor(renderer, colour.r, colour.g, colour.b, colour.a);
    for (; *text; text++, x += (FONT_WIDTH + 1) * size) {
        int count = add_letter(*text, x, y, size, dots, 0);
        if (count) {
            (void)SDL_RenderFillRectsF(renderer, dots, count);
        }
    }
}
