#define _POSIX_C_SOURCE 200809L

#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define WIDTH 50

void progress_start(progress *bar, double total)
{
    *bar = (progress){total, 0, -1, isatty(STDERR_FILENO)};
}

void progress_add(progress *bar, double work)
{
    bar->done += work;
    int percent = (int)(100 * bar->done / bar->total);
    if (!bar->terminal || percent == bar->shown) {
        return;
    }
    bar->shown = percent;
    char line[WIDTH + 1];
    for (int i = 0; i < WIDTH; i++) {
        line[i] = i * 100 < percent * WIDTH ? '#' : '.';
    }
    line[WIDTH] = 0;
    fprintf(stderr, "\r[%s] %3d %%", line, percent);
}

void progress_hide(progress *bar)
{
    if (bar->terminal && bar->shown >= 0) {
        fprintf(stderr, "\r%*s\r", WIDTH + 8, "");
        bar->shown = -1;
    }
}
