/* A collection: garments that are sampled together, a few network evaluations per frame. */
#ifndef GAME_COLLECTION_H
#define GAME_COLLECTION_H

#include "engine.h"
#include "jobs.h"

#include <interp/interp.h>
#include <network.h>

enum {
    COLLECTION_SIZE = 24,
    COLLECTION_PIXELS = COLLECTION_SIZE * IMAGE_PIXELS,
    COLLECTION_ROWS = 12,
    IMAGES_MOST = 6 /* that a thread evaluates at once */
};

/* What makes garments: shared by the collections, one of which works at a time. */
typedef struct workshop {
    safetensors *file;
    network *net[JOBS_MOST_THREADS]; /* one for each thread */
    jobs *jobs;
    itp_allocator memory;
    itp_log log;
    itp_env env; /* both, and the jobs */
    itp_plan *plan;
    double cost[IMAGES_MOST + 1]; /* seconds that a round takes in which each thread has so many images, as of late */
    int evaluations;
} workshop;

/* NULL, or why not. */
const char *workshop_open(workshop *w, const char *path, arena *memory, journal *log, jobs *jobs);
void workshop_close(workshop *w);

typedef struct collection {
    workshop *from;
    itp_sampler *sampler;
    itp_request request;
    size_t evaluated, images; /* of the open request; of a thread in this round */
    int busy, row, changes;   /* changes: grows whenever `shown` does */
    uint64_t delivery;
    int32_t labels[COLLECTION_SIZE];
    float x[COLLECTION_PIXELS];     /* the sampler's */
    float shown[COLLECTION_PIXELS]; /* what there is to see, -1 .. 1, of garments under way too */
} collection;

/* labels: what each garment is to be. A status of libinterp. */
int collection_open(collection *c, workshop *from, const int32_t *labels);
void collection_close(collection *c);

/* Starts on new garments. */
int collection_begin(collection *c);
/* Works as long as the next round is likely to fit into `seconds` from `start`, and at least one round of one image per
 * thread. */
int collection_work(collection *c, double start, double seconds);

#endif
