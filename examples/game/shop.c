#include "shop.h"

#include "backdrop.h"
#include "garment.h"

#include <math.h>

enum { PAINT_PER_FRAME = 8, ON_A_RAIL = COLLECTION_SIZE / 2, SPACING = (RAIL_RIGHT - RAIL_LEFT) / ON_A_RAIL };

/* Classes of the network: 0 T-shirt, 1 trousers, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag,
 * 9 boot. */
void shop_labels(int which, int32_t labels[COLLECTION_SIZE])
{
    static const int32_t kinds[SHOP_COLLECTIONS][6] = {{0, 3, 2, 4, 1, 6}, {7, 8, 9, 7, 5, 8}};
    for (int i = 0; i < COLLECTION_SIZE; i++) {
        labels[i] = kinds[which][(i + i / 12 * 3) % 6];
    }
}

static int scale_of(int number)
{
    return number < COLLECTION_SIZE ? 3 : 2;
}

int shop_open(shop *s, SDL_Renderer *renderer, collection *collections)
{
    *s = (shop){.renderer = renderer, .collections = collections};
    s->backdrop =
        SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_TARGET, SCENE_WIDTH, SCENE_HEIGHT);
    int good = s->backdrop != NULL;
    for (int i = 0; i < SHOP_GARMENTS && good; i++) {
        int side = IMAGE_SIDE * scale_of(i);
        SDL_Texture *texture =
            SDL_CreateTexture(renderer, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, side, side);
        good = texture && !SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_BLEND);
        s->pieces[i].texture = texture;
    }
    if (good && !SDL_SetRenderTarget(renderer, s->backdrop)) {
        backdrop_draw(renderer);
        return SDL_SetRenderTarget(renderer, NULL) != 0;
    }
    return 1;
}

void shop_close(shop *s)
{
    for (int i = 0; i < SHOP_GARMENTS; i++) {
        SDL_DestroyTexture(s->pieces[i].texture);
    }
    SDL_DestroyTexture(s->backdrop);
}

static void paint(shop *s, int number)
{
    static uint32_t pixels[IMAGE_PIXELS * GARMENT_MOST_SCALE * GARMENT_MOST_SCALE];
    const collection *c = &s->collections[number / COLLECTION_SIZE];
    int scale = scale_of(number), colour = (int)((uint64_t)(number * 7) + c->delivery * 3) % GARMENT_COLOURS;
    float left = 1.6f * (1 - (float)c->row / COLLECTION_ROWS), veil = !c->busy ? 0 : left > 1 ? 1 : left;
    garment_paint(c->shown + (size_t)(number % COLLECTION_SIZE) * IMAGE_PIXELS, scale, colour, veil, pixels);
    (void)SDL_UpdateTexture(s->pieces[number].texture, NULL, pixels, IMAGE_SIDE * scale * (int)sizeof *pixels);
    s->pieces[number].painted = c->changes;
}

void shop_paint(shop *s)
{
    int left = PAINT_PER_FRAME;
    for (int i = 0; i < SHOP_GARMENTS && left; i++) {
        int number = s->next++ % SHOP_GARMENTS;
        if (s->pieces[number].painted != s->collections[number / COLLECTION_SIZE].changes) {
            paint(s, number);
            left--;
        }
    }
}

/* Rails go in opposite directions; their garments swing a little. */
static SDL_FRect rail_place(int number, double seconds)
{
    const double length = ON_A_RAIL * SPACING;
    int rail = number / ON_A_RAIL;
    double along = fmod(number % ON_A_RAIL * SPACING + (rail ? 1000 * length - 9 * seconds : 12 * seconds), length);
    double swing = 1.5 * sin(2.1 * seconds + number);
    float side = IMAGE_SIDE * 3;
    return (SDL_FRect){(float)(RAIL_LEFT + along - 14 + swing), (float)(RAIL_TOP + rail * RAIL_DROP + 20), side, side};
}

static SDL_FRect shelf_place(int number)
{
    const float width = (float)(SHELF_RIGHT - SHELF_LEFT) / SHELF_COLUMNS, side = IMAGE_SIDE * 2;
    float column = (float)(number % SHELF_COLUMNS), row = (float)(number / SHELF_COLUMNS); /* NOLINT: whole numbers */
    return (SDL_FRect){SHELF_LEFT + column * width + (width - side) / 2, SHELF_TOP + row * SHELF_STEP - side + 6, side,
                       side};
}

SDL_FRect shop_place(int number, double seconds)
{
    return number < COLLECTION_SIZE ? rail_place(number, seconds) : shelf_place(number - COLLECTION_SIZE);
}

static void draw_piece(const shop *s, int number, SDL_FRect at, Uint8 light, Uint8 alpha, SDL_RendererFlip flip)
{
    SDL_Texture *texture = s->pieces[number].texture;
    (void)SDL_SetTextureColorMod(texture, light, light, light);
    (void)SDL_SetTextureAlphaMod(texture, alpha);
    (void)SDL_RenderCopyExF(s->renderer, texture, NULL, &at, 0, NULL, flip);
}

static void draw_hanger(SDL_Renderer *renderer, SDL_FRect at)
{
    float x = at.x + at.w / 2, top = at.y - 16, y = at.y + 8;
    SDL_FPoint hook[] = {{x, top + 2}, {x, top + 14}, {x - 20, y + 4}};
    SDL_FPoint arm[] = {{x, top + 14}, {x + 20, y + 4}};
    (void)SDL_SetRenderDrawColor(renderer, 206, 190, 160, 255);
    (void)SDL_RenderDrawLinesF(renderer, hook, 3);
    (void)SDL_RenderDrawLinesF(renderer, arm, 2);
}

static void draw_hanging(const shop *s, int number, double seconds)
{
    SDL_FRect at = shop_place(number, seconds), shadow = {at.x + 7, at.y + 8, at.w, at.h};
    draw_hanger(s->renderer, at);
    draw_piece(s, number, shadow, 0, 70, SDL_FLIP_NONE);
    draw_piece(s, number, at, 255, 255, SDL_FLIP_NONE);
    if (number >= ON_A_RAIL) { /* the lower rail's, in the polished floor */
        SDL_FRect below = {at.x, 2 * FLOOR_TOP - at.y - at.h - 20, at.w, at.h};
        draw_piece(s, number, below, 200, 34, SDL_FLIP_VERTICAL);
    }
}

void shop_draw(const shop *s, double seconds)
{
    const SDL_Rect between = {RAIL_LEFT, 0, RAIL_RIGHT - RAIL_LEFT, SCENE_HEIGHT};
    (void)SDL_RenderCopy(s->renderer, s->backdrop, NULL, NULL);
    (void)SDL_RenderSetClipRect(s->renderer, &between);
    for (int i = 0; i < COLLECTION_SIZE; i++) {
        draw_hanging(s, i, seconds);
    }
    (void)SDL_RenderSetClipRect(s->renderer, NULL);
    for (int i = COLLECTION_SIZE; i < SHOP_GARMENTS; i++) {
        draw_piece(s, i, shop_place(i, seconds), 255, 255, SDL_FLIP_NONE);
    }
}
