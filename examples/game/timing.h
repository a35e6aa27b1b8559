/* Times of frames, and their percentiles. */
#ifndef GAME_TIMING_H
#define GAME_TIMING_H

enum { TIMING_MOST = 1 << 16 };

typedef struct timing {
    const char *name;
    int count; /* the last TIMING_MOST are kept */
    float seconds[TIMING_MOST];
} timing;

void timing_add(timing *t, double seconds);
float timing_last(const timing *t, int back); /* 0: the newest; 0 where there is none */

/* One line: median, 95th and 99th percentile, largest, in milliseconds. Sorts the times. */
void timing_print(timing *t);
/* How many are above a limit. */
int timing_above(const timing *t, double seconds);

#endif
