/* A plan to start from, and how far the steps from it have come. */
#ifndef ITP_FIT_START_H
#define ITP_FIT_START_H

#include "fit/walk.h"

typedef struct itp_fit_start {
    const itp_plan *plan;
    int32_t index;  /* 0: the plan that came in, else one more than its place among desc.starts */
    int32_t greedy; /* 1: the plan's greedy version */
    itp_fit_table table;
    itp_fit_table whole;   /* of all outputs, where the table has fewer and is not made yet */
    itp_fit_errors errors; /* when it was loaded last */
    double score;          /* squares of both errors, gain counted */
    double held_out;       /* square of the error on the samples held out, gain counted */
    double least;          /* the least of these since the start was loaded */
    double damping;        /* of the last step */
    int32_t steps;
    int32_t stale; /* how many steps in a row have won next to nothing */
    int freed;     /* 0: the first node stays: where it stands at the start, its output may be no news (-Z for centred
                      data), and steps that move it early go astray */
    int ended;     /* 1: no further step is of use */
    int out;       /* 1: it has left the race, or could not be made */
} itp_fit_start;

#endif
