/* A shop whose clothes are made of noise while it is open: a frame loop at 60 frames per second, in which libinterp
 * samples garments with the fashion example's network inside two milliseconds of every frame, with the engine's memory,
 * threads and log.
 *
 * usage: game [--frames N] [--deliveries N] [--fast] [--screenshot FILE] [--threads N] [--budget MS] [--places]
 *
 * --frames N        ends after N frames; without it, when the window is closed
 * --deliveries N    ends when so many collections are finished
 * --fast            does not wait for the next sixtieth of a second
 * --screenshot F    the last frame, as .png or .bmp
 * --places          prints where in it the garments are */
#include "backdrop.h"
#include "hud.h"
#include "screenshot.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cblas.h does not declare them everywhere. The program may set this; the library never does. */
void openblas_set_num_threads(int threads);
char *openblas_get_corename(void);

enum { REST = 50, SETTLE = 10, ARENA = 1 << 22 };
static const double frame_seconds = 1.0 / 60;

typedef struct options {
    int frames, deliveries, fast, threads, places;
    double budget;
    const char *screenshot;
} options;

typedef struct game {
    options wanted;
    SDL_Window *window;
    SDL_Renderer *renderer;
    arena memory;
    journal log;
    jobs jobs;
    workshop workshop;
    collection collections[SHOP_COLLECTIONS];
    shop shop;
    int active, rest;    /* the collection under way; frames until the next one starts */
    int finished;        /* collections */
    int status, loading; /* loading: calls for memory before the loop */
    timing work, interval, sampler;
} game;

/* ---- the sampler's share of a frame ---- */

static void sample(game *g, double start)
{
    collection *c = &g->collections[g->active];
    if (!c->busy && g->rest-- <= 0) {
        g->status = collection_begin(c);
    }
    if (c->busy) {
        g->status = collection_work(c, start, g->wanted.budget);
        timing_add(&g->sampler, engine_seconds() - start);
        if (!c->busy) { /* done: next the other */
            g->active = (g->active + 1) % SHOP_COLLECTIONS;
            g->rest = REST;
            g->finished++;
        }
    }
}

/* ---- frames ---- */

static void draw(game *g, double seconds)
{
    char doing[96];
    const collection *c = &g->collections[g->active];
    shop_paint(&g->shop);
    shop_draw(&g->shop, seconds);
    if (c->busy) {
        (void)snprintf(doing, sizeof doing, "%d %s, row %d of %d, %d thread%s", (int)COLLECTION_SIZE,
                       g->active ? "shoes and bags" : "clothes", c->row + 1, (int)COLLECTION_ROWS, g->jobs.threads,
                       g->jobs.threads == 1 ? "" : "s");
    } else {
        (void)snprintf(doing, sizeof doing, "%d network evaluations so far", g->workshop.evaluations);
    }
    hud_draw(g->renderer, &g->work, &g->sampler, g->wanted.budget, doing);
}

static int frame(game *g, double seconds)
{
    int open = 1;
    double start = engine_seconds();
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        open = open && event.type != SDL_QUIT;
    }
    sample(g, engine_seconds());
    draw(g, seconds);
    timing_add(&g->work, engine_seconds() - start);
    int done = g->wanted.deliveries && g->finished >= g->wanted.deliveries && g->rest <= REST - SETTLE;
    return open && g->status >= 0 && !done;
}

static void loop(game *g)
{
    double next = engine_seconds(), last = next;
    g->loading = heap_calls();
    for (int i = 0; !g->wanted.frames || i < g->wanted.frames; i++) {
        if (!frame(g, i * frame_seconds)) {
            break;
        }
        if (i + 1 != g->wanted.frames) { /* the last one is kept for the screenshot */
            SDL_RenderPresent(g->renderer);
        }
        next += frame_seconds;
        if (!g->wanted.fast) {
            engine_sleep(next - engine_seconds());
        }
        double now = engine_seconds();
        next = now > next + frame_seconds ? now : next; /* too late by a frame: no hurry to catch up */
        timing_add(&g->interval, now - last);
        last = now;
    }
    heap_count(0);
}

/* ---- before and after ---- */

static int open_window(game *g)
{
    if (SDL_Init(SDL_INIT_VIDEO)) {
        return 1;
    }
    g->window = SDL_CreateWindow("made of noise", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, SCENE_WIDTH,
                                 SCENE_HEIGHT, 0);
    g->renderer = g->window ? SDL_CreateRenderer(g->window, -1, 0) : NULL;
    return !g->renderer || SDL_RenderSetLogicalSize(g->renderer, SCENE_WIDTH, SCENE_HEIGHT);
}

static const char *open_collections(game *g)
{
    const char *why = workshop_open(&g->workshop, FASHION_FILE, &g->memory, &g->log, &g->jobs);
    for (int i = 0; i < SHOP_COLLECTIONS && !why; i++) {
        int32_t labels[COLLECTION_SIZE];
        shop_labels(i, labels);
        int status = collection_open(&g->collections[i], &g->workshop, labels);
        why = status ? itp_status_string(status) : NULL;
    }
    return why;
}

static const char *open_game(game *g)
{
    heap_count(1);
    openblas_set_num_threads(1); /* the threads are ours */
    engine_flush_denormals();
    if (arena_open(&g->memory, ARENA) || jobs_open(&g->jobs, g->wanted.threads)) {
        return "no memory or no threads";
    }
    const char *why = open_collections(g);
    g->memory.open = 0;
    if (!why && (open_window(g) || shop_open(&g->shop, g->renderer, g->collections))) {
        why = SDL_GetError();
    }
    return why;
}

static void close_game(game *g)
{
    shop_close(&g->shop);
    for (int i = 0; i < SHOP_COLLECTIONS; i++) {
        collection_close(&g->collections[i]);
    }
    workshop_close(&g->workshop);
    jobs_close(&g->jobs);
    arena_close(&g->memory);
    SDL_DestroyRenderer(g->renderer);
    SDL_DestroyWindow(g->window);
    SDL_Quit();
}

static void print_places(double seconds)
{
    for (int i = 0; i < SHOP_GARMENTS; i++) {
        SDL_FRect at = shop_place(i, seconds);
        printf("place %d: %.0f %.0f %.0f\n", i, (double)at.x, (double)at.y, (double)at.w);
    }
}

static void report(game *g)
{
    printf("game: %d frames, %d network evaluations, %llu and %llu deliveries, threads: %d\n", g->interval.count,
           g->workshop.evaluations, (unsigned long long)g->collections[0].delivery,
           (unsigned long long)g->collections[1].delivery, g->jobs.threads);
    printf("game: %d of %d frames with sampling kept it within %.1f ms\n",
           g->sampler.count - timing_above(&g->sampler, g->wanted.budget), g->sampler.count, 1e3 * g->wanted.budget);
    timing_print(&g->interval);
    timing_print(&g->work);
    timing_print(&g->sampler);
    printf("game: arena: %d pieces, %zu bytes while loading, %d refused in the loop; heap: %d calls before, %d "
           "in the loop\n",
           g->memory.taken, g->memory.used, g->memory.refused, g->loading, heap_calls() - g->loading);
    printf("game: OpenBLAS works for %s (OPENBLAS_CORETYPE)\n", openblas_get_corename());
    printf("game: log: %s\n", g->log.entries ? g->log.last : "nothing");
}

/* 0 when there is no such option with a value. */
static int read_value(options *o, const char *name, const char *value)
{
    if (!strcmp(name, "--frames")) {
        o->frames = atoi(value);
    } else if (!strcmp(name, "--deliveries")) {
        o->deliveries = atoi(value);
    } else if (!strcmp(name, "--threads")) {
        o->threads = atoi(value);
    } else if (!strcmp(name, "--budget")) {
        o->budget = atof(value) / 1e3;
    } else if (!strcmp(name, "--screenshot")) {
        o->screenshot = value;
    } else {
        return 0;
    }
    return 2;
}

/* 1, 2: one or two words of an option are understood; 0: neither. */
static int read_option(options *o, const char *name, const char *value)
{
    if (!strcmp(name, "--fast")) {
        return o->fast = 1;
    }
    if (!strcmp(name, "--places")) {
        return o->places = 1;
    }
    return value ? read_value(o, name, value) : 0;
}

static int read_options(options *o, int argc, char **argv)
{
    *o = (options){.threads = (SDL_GetCPUCount() + 2) / 4, .budget = 2e-3};
    for (int i = 1, words; i < argc; i += words) {
        words = read_option(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
        if (!words) {
            return 1;
        }
    }
    o->threads = o->threads < 1 ? 1 : o->threads;
    return o->threads > JOBS_MOST_THREADS || o->frames < 0;
}

int main(int argc, char **argv)
{
    static game g;
    if (read_options(&g.wanted, argc, argv)) {
        fprintf(stderr,
                "usage: game [--frames N] [--deliveries N] [--fast] [--screenshot FILE] [--threads N] [--budget "
                "MS] [--places]\n");
        return 2;
    }
    g.interval.name = "from frame to frame", g.work.name = "work in a frame", g.sampler.name = "sampler in a frame";
    const char *why = open_game(&g);
    if (!why) {
        loop(&g);
        why = g.status < 0 ? itp_status_string(g.status) : NULL;
    }
    if (!why && g.wanted.screenshot && screenshot_write(g.renderer, g.wanted.screenshot)) {
        why = "the screenshot cannot be written";
    }
    if (why) {
        fprintf(stderr, "game: %s\n", why);
    } else {
        report(&g);
    }
    if (!why && g.wanted.places) {
        print_places((g.interval.count - 1) * frame_seconds);
    }
    close_game(&g);
    return why != NULL;
}
