/* Samplers of other projects, on the exact denoiser of the two-mode mixture: what they return in float64, and this
 * library's way to the same numbers. The denoiser is written out on its own: nothing of the library is used in it. */
#ifndef TEST_DENOISER_H
#define TEST_DENOISER_H

#include <interp/interp.h>

enum { PEER_POINTS = 5 };

/* Coordinates that a peer's state lives in; sigma = alpha/beta, noise over data. */
enum {
    PEER_FLOW = 0, /* alpha + beta = 1 and the peer's own sigma is alpha, so 1 - u */
    PEER_VE = 1,   /* beta = 1 */
    PEER_VP = 2    /* alpha^2 + beta^2 = 1 */
};

/* One run of a peer. The samples start from the `start` points, times sigma[0] under PEER_VE. */
typedef struct peer_row {
    const char *name;
    int32_t path;       /* PEER_* */
    const char *solver; /* ours */
    int32_t steps;
    const double *sigma; /* steps + 1 noise levels, as the peer names them, decreasing */
    double want[PEER_POINTS];
    int32_t final_order; /* ITP_FINAL_* */
    int32_t sampling;    /* ITP_SCHEDULE_* to sample under; 0: the path's own */
} peer_row;

extern const double peer_start[PEER_POINTS];

/* Samples the row's plan and compares every point, to `tolerance`. */
void peer_check(const peer_row *row, double tolerance);

/* Parts of it. A plan description for the row: `model`, `nodes` (steps + 1 of them) and the schedules are the caller's;
 * peer_schedule's result is freed with itp_schedule_free. */
itp_schedule *peer_schedule(int32_t path, double sigma_max);
void peer_nodes(const peer_row *row, double *nodes);
void peer_model(const itp_schedule *schedule, itp_model *model);

/* The network: E[X | x] of the mixture in the coordinates of the int32_t path that `user` points to. Its time is the
 * position w = alpha/(alpha + beta), finite at both ends; denoiser_time is an itp_time_fn. */
int denoiser_run(void *user, const itp_request *request);
int denoiser_time(void *user, const itp_schedule_point *at, double *time);

#endif
