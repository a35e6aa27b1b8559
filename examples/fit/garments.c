#include "field.h"

#include "judge.h"
#include "models.h"

#include <stdio.h>
#include <stdlib.h>

enum { ALL_CLASSES = 10, MOST_SAMPLES = 50 };

typedef struct garments {
    models m;
    int32_t nothing[MOST_SAMPLES];
} garments;

static void garments_free(void *user)
{
    garments *g = user;
    models_close(&g->m);
    free(g);
}

static int ITP_CALL velocity(void *user, const itp_request *request)
{
    garments *g = user;
    const float *x = request->x;
    float *out = request->out, *out2 = request->out2;
    for (size_t i = 0; i < request->count; i += MOST_SAMPLES) {
        int32_t labels[MOST_SAMPLES];
        size_t some = request->count - i < MOST_SAMPLES ? request->count - i : MOST_SAMPLES, at = i * IMAGE_PIXELS;
        for (size_t k = 0; k < some; k++) labels[k] = (int32_t)((request->first + i + k) % ALL_CLASSES);
        network_evaluate(g->m.net, x + at, request->time, labels, out + at, some);
        if (out2) {
            network_evaluate(g->m.net, x + at, request->time, g->nothing, out2 + at, some);
        }
    }
    return 0;
}

static double distance(void *user, const float *samples, size_t count)
{
    const garments *g = user;
    return judge_distance(g->m.judge, g->m.mean, g->m.covariance, samples, count);
}

int field_fashion(const char *path, field *out)
{
    garments *g = calloc(1, sizeof *g);
    const char *why = g ? models_open(&g->m, path) : "there is no memory left";
    if (why) {
        fprintf(stderr, "%s: %s\n", path, why);
        if (g) {
            garments_free(g);
        }
        return -1;
    }
    for (size_t k = 0; k < MOST_SAMPLES; k++) g->nothing[k] = network_null_class(g->m.net);
    *out = (field){"fashion", IMAGE_PIXELS, velocity, g, distance, garments_free};
    return 0;
}
