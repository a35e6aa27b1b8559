/* What one side of the page is set to, and the plan that comes of it. The network is always one that returns the
 * velocity under the linear schedule: the exact field of a shape, or the shipped flow. */
#ifndef PLAYGROUND_SETTINGS_H
#define PLAYGROUND_SETTINGS_H

#include <interp/interp.h>

#define MESSAGE_SIZE 448

typedef struct settings {
    int32_t schedule, solver, grid, evaluations;
    double k;
} settings;

typedef struct message {
    char text[MESSAGE_SIZE]; /* the library's sentence about the last failure */
} message;

/* Both are made, or neither: a status of libinterp. The caller frees them. */
int settings_plan(const settings *s, message *why, itp_schedule **schedule, itp_plan **plan);

#endif
