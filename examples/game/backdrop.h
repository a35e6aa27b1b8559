/* What does not move: walls, rails, shelves, floor, light. */
#ifndef GAME_BACKDROP_H
#define GAME_BACKDROP_H

#include <SDL.h>

enum {
    SCENE_WIDTH = 1120,
    SCENE_HEIGHT = 630,
    FLOOR_TOP = 456,
    RAIL_LEFT = 46,
    RAIL_RIGHT = 744,
    RAIL_TOP = 84, /* of the upper one; the lower is RAIL_DROP below */
    RAIL_DROP = 184,
    SHELF_LEFT = 792,
    SHELF_RIGHT = 1080,
    SHELF_TOP = 78,
    SHELF_STEP = 70,
    SHELF_COLUMNS = 4,
    SHELVES = 6
};

void backdrop_draw(SDL_Renderer *renderer);

#endif
