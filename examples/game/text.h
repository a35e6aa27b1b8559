/* Words in the fashion example's font. */
#ifndef GAME_TEXT_H
#define GAME_TEXT_H

#include <SDL.h>

float text_width(const char *text, float size);
void text_draw(SDL_Renderer *renderer, const char *text, float x, float y, float size, SDL_Color colour);

#endif
