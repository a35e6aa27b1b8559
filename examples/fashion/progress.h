/* A progress bar on stderr, only where stderr is a terminal. */
#ifndef FASHION_PROGRESS_H
#define FASHION_PROGRESS_H

typedef struct progress {
    double total, done; /* in whatever unit the work is counted */
    int shown;          /* per cent, -1 before the first drawing */
    int terminal;
} progress;

void progress_start(progress *bar, double total);
void progress_add(progress *bar, double work);
/* Wipes the bar, so that a line can be printed; the next progress_add draws it again. */
void progress_hide(progress *bar);

#endif
