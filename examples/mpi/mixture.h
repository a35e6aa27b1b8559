/* A network that needs no file and whose law is known: the velocity, under the linear schedule, of three Gaussian spots
 * in the plane. */
#ifndef SHARDS_MIXTURE_H
#define SHARDS_MIXTURE_H

#include <interp/interp.h>

enum { MIXTURE_DIM = 2, MIXTURE_SPOTS = 3 };

typedef struct spot {
    double x, y, std, weight;
} spot;
extern const spot mixture[MIXTURE_SPOTS];

/* An itp_network_fn. `seconds`, where not NULL, points to a double to which the time spent is added. */
int ITP_CALL mixture_evaluate(void *seconds, const itp_request *request);

/* The spot within four standard deviations of which the point lies; MIXTURE_SPOTS if there is none. */
int mixture_spot(const float *point);

/* Of the data: x, y; xx, xy, yy (central). */
void mixture_moments(double mean[2], double covariance[3]);

#endif
