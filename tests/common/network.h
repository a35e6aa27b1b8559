/* Exact networks: the prediction that a perfectly trained network would return for a Gaussian mixture. The path is
 * written out here, so that nothing of the library's schedules is used to check the library. */
#ifndef TEST_NETWORK_H
#define TEST_NETWORK_H

#include <interp/sample.h>

#include "mixture.h"

typedef struct path_values {
    double alpha, beta, dalpha, dbeta;
} path_values;
typedef path_values (*path_fn)(double t);
path_values path_linear(double t);
path_values path_trig(double t);

typedef struct network {
    mixture target;
    path_fn path;
    int32_t prediction; /* ITP_PREDICT_VELOCITY, DATA or NOISE */
    int calls;
} network;

/* The velocity of the two-mode mixture under the linear schedule. */
network network_linear(mixture target);

/* An itp_network_fn, user is a network: request->time must be the path's t. */
int network_run(void *user, const itp_request *request);

/* One value, at the time t. */
double network_value(const network *net, double t, double x);

/* A network of no law, an itp_network_fn: the sine of x + u, for arrays of either type; user is not read. */
int network_sine(void *user, const itp_request *request);

/* A data prediction that knows where all data are: *(const double *)user, in float64. */
int network_point(void *user, const itp_request *request);

#endif
