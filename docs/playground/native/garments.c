#include "garments.h"

#include "api.h"
#include "network.h"
#include "weights_file.h"

#include <stdlib.h>
#include <string.h>

#define CLASSES 10

struct garments {
    message why;
    safetensors *file;
    network *net;
    itp_schedule *schedule;
    itp_plan *plan;
    itp_sampler *sampler;
    int32_t *labels;          /* [capacity] */
    float *x, *state, *guess; /* [capacity][784] */
    int32_t rows, row;
};

static int make_room(garments *g, size_t capacity)
{
    size_t pixels = capacity * IMAGE_PIXELS;
    g->labels = calloc(capacity, sizeof *g->labels);
    g->x = calloc(3 * pixels, sizeof *g->x);
    if (!g->labels || !g->x) {
        return 0;
    }
    g->state = g->x + pixels;
    g->guess = g->state + pixels;
    return network_new(g->file, capacity, &g->net) == NULL;
}

garments *PLAYGROUND(garments_new)(void *bytes, int32_t size, int32_t capacity)
{
    garments *g = calloc(1, sizeof *g);
    if (!g || weights_file_open(bytes, (size_t)size, &g->file) || !make_room(g, (size_t)capacity)) {
        return NULL; /* the page gives up the whole module then */
    }
    return g;
}

static void drop_run(garments *g)
{
    itp_sampler_free(g->sampler);
    itp_plan_free(g->plan);
    itp_schedule_free(g->schedule);
    g->sampler = NULL;
    g->plan = NULL;
    g->schedule = NULL;
}

static int ITP_CALL keep_state(void *user, const itp_request *request, const void *state, const void *data)
{
    garments *g = user;
    size_t bytes = request->count * IMAGE_PIXELS * sizeof(float);
    memcpy(g->state, state, bytes);
    memcpy(g->guess, data ? data : state, bytes);
    g->row = request->row + 1;
    g->rows = request->rows;
    return 0;
}

static int begin(garments *g, uint64_t seed, int32_t count)
{
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = IMAGE_PIXELS;
    batch.count = (size_t)count;
    batch.on_row = keep_state;
    batch.row_data = 1;
    batch.user = g;
    int status = itp_sampler_new(g->plan, &batch, &g->sampler);
    itp_start start = ITP_START_INIT;
    start.x = g->x;
    start.seed = seed;
    status = status ? status : itp_sampler_begin(g->sampler, &start);
    memcpy(g->state, g->x, batch.count * IMAGE_PIXELS * sizeof *g->x);
    return status;
}

int PLAYGROUND(garments_begin)(garments *g, int32_t schedule, int32_t solver, int32_t grid, int32_t evaluations,
                               double k, int32_t label, double seed, int32_t count)
{
    const settings s = {schedule, solver, grid, evaluations, k};
    drop_run(g);
    g->row = 0;
    if (count < 1 || (size_t)count > network_capacity(g->net) || label >= CLASSES) {
        return ITP_E_RANGE;
    }
    for (int32_t i = 0; i < count; i++) {
        g->labels[i] = label < 0 ? i % CLASSES : label;
    }
    int status = settings_plan(&s, &g->why, &g->schedule, &g->plan);
    return status ? status : begin(g, (uint64_t)seed, count);
}

int PLAYGROUND(garments_row)(garments *g)
{
    itp_request request = ITP_REQUEST_INIT;
    int status = g->sampler ? itp_sampler_next(g->sampler, &request) : ITP_E_STATE;
    if (status == ITP_EVALUATE) {
        network_evaluate(g->net, request.x, request.time, g->labels, request.out, request.count);
        status = itp_sampler_submit(g->sampler);
        status = status ? status : itp_sampler_next(g->sampler, &request);
    }
    return status;
}

/* The velocity of one image, for the tests. */
void PLAYGROUND(garments_velocity)(garments *g, const float *x, double time, int32_t label, float *velocity)
{
    network_evaluate(g->net, x, time, &label, velocity, 1);
}

/* [count][784] after the last evaluation: the state, or what the network takes the garment to be. */
const float *PLAYGROUND(garments_pictures)(const garments *g, int32_t guess)
{
    return guess ? g->guess : g->state;
}

int32_t PLAYGROUND(garments_done)(const garments *g)
{
    return g->row;
}

int32_t PLAYGROUND(garments_rows)(const garments *g)
{
    return g->rows;
}

const char *PLAYGROUND(garments_message)(const garments *g)
{
    return g->why.text;
}
