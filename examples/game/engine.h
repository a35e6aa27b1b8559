/* What an engine brings along: memory from an arena, a log, a clock, a count of what the heap was asked for. */
#ifndef GAME_ENGINE_H
#define GAME_ENGINE_H

#include <stddef.h>
#include <stdint.h>

/* One piece of memory, handed out from the front. Closed while the game runs: it then refuses, and counts that. */
typedef struct arena {
    unsigned char *base;
    size_t capacity, used;
    int open, taken, refused;
} arena;

int arena_open(arena *a, size_t capacity); /* 0, or 1 without memory */
void arena_close(arena *a);
/* Have the types of alloc and free in itp_allocator. Nothing is given back one by one. */
void *arena_alloc(void *user, size_t size, size_t alignment);
void arena_free(void *user, void *memory, size_t size);

/* Keeps what was said last; has the type of write in itp_log. */
typedef struct journal {
    int entries;
    char last[200];
} journal;

void journal_write(void *user, int32_t level, const char *message);

/* Seconds since some moment. */
double engine_seconds(void);
void engine_sleep(double seconds);

/* Numbers too small for a normal float become 0 in this thread, as in most engines: they are slow. */
void engine_flush_denormals(void);

/* Calls of malloc and its like by the game and the library, as linked here, while it counts. (SDL and OpenBLAS are
 * shared libraries, whose calls are their own.) */
void heap_count(int on);
int heap_calls(void);

#endif
