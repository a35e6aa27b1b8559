/* The strip at the bottom: how long frames and the sampler take. */
#ifndef GAME_HUD_H
#define GAME_HUD_H

#include "timing.h"

#include <SDL.h>

void hud_draw(SDL_Renderer *renderer, const timing *work, const timing *sampler, double budget, const char *doing);

#endif
