#include "timing.h"

#include <stdio.h>
#include <stdlib.h>

void timing_add(timing *t, double seconds)
{
    t->seconds[t->count++ % TIMING_MOST] = (float)seconds;
}

float timing_last(const timing *t, int back)
{
    return back < t->count && back < TIMING_MOST ? t->seconds[(t->count - 1 - back) % TIMING_MOST] : 0;
}

static int kept(const timing *t)
{
    return t->count < TIMING_MOST ? t->count : TIMING_MOST;
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

int timing_above(const timing *t, double seconds)
{
    int above = 0;
    for (int i = 0; i < kept(t); i++) {
        above += (double)t->seconds[i] > seconds;
    }
    return above;
}

static double quantile(const timing *t, double share)
{
    int last = kept(t) - 1;
    return last < 0 ? 0 : 1e3 * (double)t->seconds[(int)(share * last + 0.5)];
}

void timing_print(timing *t)
{
    qsort(t->seconds, (size_t)kept(t), sizeof t->seconds[0], by_size);
    printf("game: %-24s p50 %6.2f  p95 %6.2f  p99 %6.2f  most %6.2f ms\n", t->name, quantile(t, .5), quantile(t, .95),
           quantile(t, .99), quantile(t, 1));
}
