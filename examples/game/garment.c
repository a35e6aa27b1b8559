#include "garment.h"

#include <math.h>

enum { SIDE = 28, TAPS = 4, MOST = SIDE * GARMENT_MOST_SCALE };

static const float dyes[GARMENT_COLOURS][3] = {
    {0.97f, 0.74f, 0.30f}, {0.95f, 0.47f, 0.40f}, {0.58f, 0.77f, 0.56f}, {0.48f, 0.70f, 0.92f}, {0.74f, 0.62f, 0.90f},
    {0.98f, 0.92f, 0.80f}, {0.32f, 0.72f, 0.70f}, {0.95f, 0.62f, 0.70f}, {0.45f, 0.53f, 0.84f}, {0.85f, 0.48f, 0.34f},
};

static int within(int i)
{
    return i < 0 ? 0 : i >= SIDE ? SIDE - 1 : i;
}

/* Catmull and Rom's cubic through the four samples around a position; returns the first of them. */
static int cubic(int i, int scale, float weight[TAPS])
{
    float at = ((float)i + 0.5f) / (float)scale - 0.5f, below = floorf(at), x = at - below;
    weight[0] = 0.5f * x * (-1 + x * (2 - x));
    weight[1] = 1 + 0.5f * x * x * (3 * x - 5);
    weight[2] = 0.5f * x * (1 + x * (4 - 3 * x));
    weight[3] = 0.5f * x * x * (x - 1);
    return (int)below - 1;
}

/* Along the rows, then along the columns. */
static void enlarge(const float *image, int scale, float large[MOST][MOST])
{
    static const int side = SIDE;
    float wide[SIDE][MOST], weight[TAPS];
    for (int i = 0; i < side * scale; i++) {
        int first = cubic(i, scale, weight);
        for (int row = 0; row < SIDE; row++) {
            wide[row][i] = 0;
            for (int j = 0; j < TAPS; j++) {
                wide[row][i] += weight[j] * image[row * SIDE + within(first + j)];
            }
        }
    }
    for (int i = 0; i < side * scale; i++) {
        int first = cubic(i, scale, weight);
        for (int column = 0; column < side * scale; column++) {
            large[i][column] = 0;
            for (int j = 0; j < TAPS; j++) {
                large[i][column] += weight[j] * wide[within(first + j)][column];
            }
        }
    }
}

static float unit(float x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static float smooth(float low, float high, float x)
{
    float t = unit((x - low) / (high - low));
    return t * t * (3 - 2 * t);
}

/* 1 in the middle of the image, 0 at its corners. */
static float cloud(int row, int column, int side)
{
    float y = 2 * ((float)row + 0.5f) / (float)side - 1, x = 2 * ((float)column + 0.5f) / (float)side - 1;
    return smooth(0, 1, 1.05f - (x * x + y * y));
}

static uint32_t pixel(float value, float shown, const float dye[3])
{
    float v = unit(0.5f + 0.5f * value), light = 0.34f + 0.72f * v, shine = 0.5f * smooth(0.75f, 1.1f, v);
    uint32_t colour = (uint32_t)(255 * shown * smooth(0.05f, 0.26f, v));
    for (int i = 0; i < 3; i++) {
        float c = unit(dye[i] * light);
        colour = colour << 8 | (uint32_t)(255 * (c + 0.4f * shine * (1 - c)));
    }
    return colour;
}

void garment_paint(const float *image, int scale, int colour, float veil, uint32_t *pixels)
{
    float large[MOST][MOST];
    int side = SIDE * scale;
    enlarge(image, scale, large);
    for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
            float shown = 1 + veil * (cloud(row, column, side) - 1);
            pixels[row * side + column] = pixel(large[row][column], shown, dyes[colour]);
        }
    }
}
