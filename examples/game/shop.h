/* The scene: two collections in a shop, one on rails that move, one on shelves. */
#ifndef GAME_SHOP_H
#define GAME_SHOP_H

#include "collection.h"
#include "timing.h"

#include <SDL.h>

enum { SHOP_COLLECTIONS = 2, SHOP_GARMENTS = SHOP_COLLECTIONS * COLLECTION_SIZE };

/* A garment in the scene. */
typedef struct piece {
    SDL_Texture *texture;
    int painted; /* the collection's `changes` when it was */
} piece;

typedef struct shop {
    SDL_Renderer *renderer;
    SDL_Texture *backdrop;
    collection *collections; /* [SHOP_COLLECTIONS] */
    piece pieces[SHOP_GARMENTS];
    int next; /* to look at, of the pieces that may need paint */
} shop;

/* What the garments of a collection are to be: clothes for rails, shoes and bags for shelves. */
void shop_labels(int which, int32_t labels[COLLECTION_SIZE]);

/* 0, or 1: SDL_GetError says why. */
int shop_open(shop *s, SDL_Renderer *renderer, collection *collections);
void shop_close(shop *s);

/* Paints a few of those that changed. */
void shop_paint(shop *s);
void shop_draw(const shop *s, double seconds);
/* Where a garment is drawn. */
SDL_FRect shop_place(int number, double seconds);

#endif
