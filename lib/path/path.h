/* A path inside the library, and what the files of this folder need of each other. */
#ifndef ITP_PATH_PATH_H
#define ITP_PATH_PATH_H

#include <interp/path.h>

#include "base/log.h"
#include "base/memory.h"
#include "path/bridge.h"
#include "schedule/schedule.h"

/* A recorded state: where it is, how far the rounding of its time may have moved it, and alpha + beta of the schedule
 * that it was recorded under. */
typedef struct itp_knot {
    itp_place at;
    double slack, scale;
} itp_knot;

struct itp_path {
    itp_memory memory;
    itp_report log;
    size_t bytes;       /* of the one block that holds everything */
    size_t stride;      /* of one time's states */
    itp_path_desc desc; /* as it was described, its seeds the path's own; env, schedule and times are NULL */
    itp_knot *knots;
};

/* How much of u the rounding of a time may be. */
double itp_path_slack(const itp_at *at);

/* k at a position. ITP_E_RANGE, with a sentence: negative, or not finite. */
int itp_path_k(const itp_path *path, double u, double *k);

#endif
