#define _POSIX_C_SOURCE 200112L
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

int arena_open(arena *a, size_t capacity)
{
    *a = (arena){.base = aligned_alloc(64, capacity), .capacity = capacity, .open = 1};
    return !a->base;
}

void arena_close(arena *a)
{
    free(a->base);
}

void *arena_alloc(void *user, size_t size, size_t alignment)
{
    arena *a = user;
    size_t at = (a->used + alignment - 1) / alignment * alignment;
    if (!a->open || alignment > 64 || at > a->capacity || size > a->capacity - at) {
        a->refused++;
        return NULL;
    }
    a->used = at + size;
    a->taken++;
    return a->base + at;
}

void arena_free(void *user, void *memory, size_t size)
{
    (void)user;
    (void)memory;
    (void)size;
}

void journal_write(void *user, int32_t level, const char *message)
{
    journal *j = user;
    j->entries++;
    (void)snprintf(j->last, sizeof j->last, "level %d: %s", (int)level, message);
}

double engine_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void engine_sleep(double seconds)
{
    if (seconds > 0) {
        struct timespec time = {(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))};
        (void)nanosleep(&time, NULL);
    }
}

void engine_flush_denormals(void)
{
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040); /* flush to zero, denormals are zero */
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | 1U << 24));
#endif
}
