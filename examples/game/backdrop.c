#include "backdrop.h"

#include "text.h"

typedef struct colour {
    Uint8 r, g, b, a;
} colour;

static SDL_Vertex corner(float x, float y, colour c)
{
    SDL_Vertex v = {{x, y}, {c.r, c.g, c.b, c.a}, {0, 0}};
    return v;
}

static void triangle(SDL_Renderer *renderer, SDL_Vertex a, SDL_Vertex b, SDL_Vertex c)
{
    SDL_Vertex all[3] = {a, b, c};
    (void)SDL_RenderGeometry(renderer, NULL, all, 3, NULL, 0);
}

/* From one colour at the top to another at the bottom. */
static void fade(SDL_Renderer *renderer, SDL_FRect at, colour top, colour bottom)
{
    SDL_Vertex a = corner(at.x, at.y, top), b = corner(at.x + at.w, at.y, top);
    SDL_Vertex c = corner(at.x, at.y + at.h, bottom), d = corner(at.x + at.w, at.y + at.h, bottom);
    triangle(renderer, a, b, c);
    triangle(renderer, b, c, d);
}

static void box(SDL_Renderer *renderer, float x, float y, float w, float h, colour c)
{
    SDL_FRect at = {x, y, w, h};
    (void)SDL_SetRenderDrawColor(renderer, c.r, c.g, c.b, c.a);
    (void)SDL_RenderFillRectF(renderer, &at);
}

static void draw_wall(SDL_Renderer *renderer)
{
    fade(renderer, (SDL_FRect){0, 0, SCENE_WIDTH, FLOOR_TOP}, (colour){24, 40, 56, 255}, (colour){44, 74, 88, 255});
    for (int x = 0; x < SCENE_WIDTH; x += 56) {
        box(renderer, (float)x, 0, 28, FLOOR_TOP, (colour){255, 255, 255, 7});
    }
    fade(renderer, (SDL_FRect){0, FLOOR_TOP - 46, SCENE_WIDTH, 46}, (colour){22, 34, 44, 255},
         (colour){16, 25, 33, 255});
    box(renderer, 0, FLOOR_TOP - 48, SCENE_WIDTH, 3, (colour){92, 120, 128, 255});
}

/* Boards that run toward a point far behind the wall. */
static void draw_floor(SDL_Renderer *renderer)
{
    const float middle = SCENE_WIDTH / 2.0f;
    fade(renderer, (SDL_FRect){0, FLOOR_TOP, SCENE_WIDTH, SCENE_HEIGHT - FLOOR_TOP}, (colour){70, 48, 36, 255},
         (colour){128, 88, 60, 255});
    for (int i = -14; i < 14; i++) {
        colour board = {20, 10, 4, (Uint8)(i & 1 ? 36 : 10)};
        float top = middle + (float)i * 46, next = top + 46;
        float bottom = middle + (float)i * 100, after = bottom + 100;
        SDL_Vertex a = corner(top, FLOOR_TOP, board), b = corner(next, FLOOR_TOP, board);
        SDL_Vertex c = corner(bottom, SCENE_HEIGHT, board), d = corner(after, SCENE_HEIGHT, board);
        triangle(renderer, a, b, c);
        triangle(renderer, b, c, d);
    }
    box(renderer, 0, FLOOR_TOP, SCENE_WIDTH, 2, (colour){10, 14, 18, 255});
}

static void draw_rail(SDL_Renderer *renderer, float y)
{
    box(renderer, RAIL_LEFT - 8, y, RAIL_RIGHT - RAIL_LEFT + 16, 5, (colour){150, 158, 160, 255});
    box(renderer, RAIL_LEFT - 8, y, RAIL_RIGHT - RAIL_LEFT + 16, 1.5f, (colour){236, 240, 240, 255});
}

static void draw_rails(SDL_Renderer *renderer)
{
    for (int i = 0; i < 2; i++) {
        float x = i ? RAIL_RIGHT : RAIL_LEFT - 12;
        fade(renderer, (SDL_FRect){x, RAIL_TOP - 14, 12, FLOOR_TOP + 22 - RAIL_TOP}, (colour){190, 196, 196, 255},
             (colour){90, 98, 102, 255});
        draw_rail(renderer, (float)(RAIL_TOP + i * RAIL_DROP));
    }
}

static void draw_shelves(SDL_Renderer *renderer)
{
    const float width = SHELF_RIGHT - SHELF_LEFT;
    fade(renderer, (SDL_FRect){SHELF_LEFT - 10, SHELF_TOP - 66, width + 20, FLOOR_TOP + 24 + 66 - SHELF_TOP},
         (colour){104, 74, 52, 255}, (colour){74, 51, 36, 255});
    for (int i = 0; i < SHELVES; i++) {
        float y = (float)(SHELF_TOP + i * SHELF_STEP);
        fade(renderer, (SDL_FRect){SHELF_LEFT, y - 62, width, 62}, (colour){30, 24, 24, 255},
             (colour){66, 50, 42, 255});
        fade(renderer, (SDL_FRect){SHELF_LEFT - 4, y, width + 8, 8}, (colour){176, 130, 92, 255},
             (colour){112, 78, 54, 255});
    }
}

/* A lamp and what it lights: many faint cones, so that the light has no edge. */
static void draw_light(SDL_Renderer *renderer, float x, float reach, float width)
{
    const colour bright = {255, 222, 160, 14}, dark = {255, 222, 160, 0};
    (void)SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_ADD);
    for (int i = 1; i <= 8; i++) {
        float part = width * (float)i / 8;
        triangle(renderer, corner(x, 12, bright), corner(x - part, reach, dark), corner(x + part, reach, dark));
    }
    (void)SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND);
    box(renderer, x - 2, 0, 4, 10, (colour){12, 16, 20, 255});
    box(renderer, x - 13, 10, 26, 9, (colour){20, 26, 32, 255});
    box(renderer, x - 9, 18, 18, 3, (colour){255, 240, 208, 255});
}

/* A rug under the rails, drawn in perspective. */
static void draw_rug(SDL_Renderer *renderer)
{
    const colour far_red = {112, 42, 48, 255}, near_red = {150, 60, 62, 255};
    const colour far_gold = {150, 116, 70, 255}, near_gold = {196, 156, 96, 255};
    for (int i = 0; i < 2; i++) {
        float in = 9.0f * (float)i;
        SDL_Vertex a = corner(176 + in, FLOOR_TOP + 22 + in / 2, i ? far_red : far_gold);
        SDL_Vertex b = corner(650 - in, FLOOR_TOP + 22 + in / 2, i ? far_red : far_gold);
        SDL_Vertex c = corner(112 + 1.4f * in, FLOOR_TOP + 96 - in / 2, i ? near_red : near_gold);
        SDL_Vertex d = corner(700 - 1.4f * in, FLOOR_TOP + 96 - in / 2, i ? near_red : near_gold);
        triangle(renderer, a, b, c);
        triangle(renderer, b, c, d);
    }
}

static void draw_sign(SDL_Renderer *renderer)
{
    static const char *const words = "made of noise";
    float x = (RAIL_LEFT + RAIL_RIGHT) / 2.0f - text_width(words, 4) / 2;
    for (int i = 0; i < 3; i++) {
        text_draw(renderer, words, x - (float)i, 22, 4, (SDL_Color){255, 120, 140, (Uint8)(i ? 60 : 255)});
    }
}

void backdrop_draw(SDL_Renderer *renderer)
{
    (void)SDL_SetRenderDrawBlendMode(renderer, SDL_BLENDMODE_BLEND);
    draw_wall(renderer);
    draw_floor(renderer);
    draw_rug(renderer);
    for (int i = 0; i < 4; i++) {
        draw_light(renderer, 130 + 180 * (float)i, FLOOR_TOP + 60, 130);
    }
    draw_shelves(renderer);
    draw_light(renderer, (SHELF_LEFT + SHELF_RIGHT) / 2.0f, FLOOR_TOP + 90, 170);
    draw_rails(renderer);
    draw_sign(renderer);
}
