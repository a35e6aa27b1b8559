/* A product of 1-D mixtures, turned by a rotation that mixes all coordinates: predictions, the laws along the turned
 * axes and the flow have closed forms axis by axis, and yet no coordinate of the state is independent of another. */
#ifndef TEST_PRODUCT_H
#define TEST_PRODUCT_H

#include <interp/sample.h>

#include "mixture.h"

enum { PRODUCT_MOST = 8 };

typedef struct product {
    int dim;
    mixture axis[PRODUCT_MOST];
    double rotation[PRODUCT_MOST][PRODUCT_MOST]; /* column j: the direction of axis j */
} product;

product product_line(mixture m);                         /* one dimension, not turned */
product product_rotated(const mixture *axes, int count); /* PRODUCT_MOST dimensions, axis j is axes[j % count] */

void product_to_axes(const product *p, const double *x, double *y);   /* coordinates along the axes */
void product_from_axes(const product *p, const double *y, double *x); /* and back */

/* E[Z | I = x] and E[X | I = x]; the velocity at the time t of the linear schedule. */
void product_both(const product *p, mixture_point at, const double *x, double *noise, double *data);
void product_velocity(const product *p, double t, const double *x, double *velocity);

/* The exact flow: every axis keeps its quantile. */
void product_flow(const product *p, mixture_point from, const double *x, mixture_point to, double *out);

/* P(coordinate of the data along axis j <= y). */
double product_cdf(const product *p, int j, double y);

/* An itp_network_fn, user is a product: the velocity under the linear schedule. */
int product_run(void *user, const itp_request *request);

#endif
