#include "screenshot.h"

#include "backdrop.h"

#include <png.h>
#include <string.h>

static int write_png(const SDL_Surface *s, const char *path)
{
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = (png_uint_32)s->w;
    image.height = (png_uint_32)s->h;
    image.format = PNG_FORMAT_RGB;
    return !png_image_write_to_file(&image, path, 0, s->pixels, s->pitch, NULL);
}

int screenshot_write(SDL_Renderer *renderer, const char *path)
{
    size_t length = strlen(path);
    SDL_Surface *s = SDL_CreateRGBSurfaceWithFormat(0, SCENE_WIDTH, SCENE_HEIGHT, 24, SDL_PIXELFORMAT_RGB24);
    if (!s) {
        return 1;
    }
    int bad = SDL_RenderReadPixels(renderer, NULL, SDL_PIXELFORMAT_RGB24, s->pixels, s->pitch);
    if (!bad) {
        bad = length > 4 && !strcmp(path + length - 4, ".png") ? write_png(s, path) : SDL_SaveBMP(s, path);
    }
    SDL_FreeSurface(s);
    return bad != 0;
}
