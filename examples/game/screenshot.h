/* What the window shows, as a file: PNG where its name ends so, else BMP. */
#ifndef GAME_SCREENSHOT_H
#define GAME_SCREENSHOT_H

#include <SDL.h>

/* 0, or 1 when it could not be written. */
int screenshot_write(SDL_Renderer *renderer, const char *path);

#endif
