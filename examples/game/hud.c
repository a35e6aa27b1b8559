#include "hud.h"

#include "backdrop.h"
#include "text.h"

#include <stdio.h>

enum { BARS = 160, HEIGHT = 44, LEFT = 20, TOP = SCENE_HEIGHT - 64, PER_MS = 14 };

/* One bar per frame, the newest at the right, and the line of the budget. */
static void draw_graph(SDL_Renderer *renderer, const timing *sampler, double budget)
{
    SDL_FRect bars[BARS];
    const float bottom = TOP + HEIGHT, right = SCENE_WIDTH - 24;
    for (int i = 0; i < BARS; i++) {
        float height = 1e3f * PER_MS * timing_last(sampler, i);
        height = height > HEIGHT ? HEIGHT : height;
        bars[i] = (SDL_FRect){right - 2 * (float)i, bottom - height, 2, height};
    }
    (void)SDL_SetRenderDrawColor(renderer, 255, 190, 110, 220);
    (void)SDL_RenderFillRectsF(renderer, bars, BARS);
    float line = bottom - (float)(1e3 * budget) * PER_MS;
    (void)SDL_SetRenderDrawColor(renderer, 255, 255, 255, 120);
    (void)SDL_RenderDrawLineF(renderer, right - 2 * BARS, line, right, line);
}

void hud_draw(SDL_Renderer *renderer, const timing *work, const timing *sampler, double budget, const char *doing)
{
    char text[96];
    const SDL_FRect strip = {0, TOP - 10, SCENE_WIDTH, HEIGHT + 20};
    const SDL_Color bright = {240, 236, 226, 255}, dim = {196, 190, 180, 255};
    (void)SDL_SetRenderDrawColor(renderer, 8, 12, 16, 150);
    (void)SDL_RenderFillRectF(renderer, &strip);
    (void)snprintf(text, sizeof text, "frame %4.1f ms, the sampler has %3.1f of %3.1f ms",
                   1e3 * (double)timing_last(work, 0), 1e3 * (double)timing_last(sampler, 0), 1e3 * budget);
    text_draw(renderer, text, LEFT, TOP, 2, bright);
    text_draw(renderer, doing, LEFT, TOP + 24, 2, dim);
    draw_graph(renderer, sampler, budget);
}
