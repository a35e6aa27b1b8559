/* The law at the end of a plan, with little of the error that random samples have: a few thousand particles start at
 * the quantiles of the normal law, and each new normal of the plan is dealt to them as a shifted lattice over their
 * ranks (L'Ecuyer, Lecot, Tuffin 2008), along every axis. Each particle still has the law of a sample; together they
 * fill it evenly. A flow, which has no other normals, is then free of sampling error. */
#ifndef TEST_LAW_H
#define TEST_LAW_H

#include <interp/interp.h>

#include "product.h"

typedef struct law {
    product target;
    int n;            /* particles, a power of 2 */
    double *normal;   /* [n]: quantiles of N(0, 1) */
    double *quantile; /* [dim][n]: of the data along the axes */
} law;

/* Means over the axes of the Wasserstein-2 and the Kolmogorov-Smirnov distance to the exact law of the data. Where that
 * is symmetric, of the particles and their mirror images: a solver without a side has a symmetric law there, and how
 * many particles either mode got would otherwise be most of the distance. */
typedef struct law_error {
    double w2, ks;
} law_error;

/* The four of the tables. */
enum { LAW_BIMODAL = 0, LAW_NARROW = 1, LAW_TWO_MODES = 2, LAW_NORMAL = 3, LAW_TARGETS = 4 };
mixture law_target(int i); /* unit variance, at +-.95; deviation .05, unit variance; mixture_two_modes; N(0, 1) */
const char *law_target_name(int i);

/* n is rounded down to a power of 2. */
law law_new(product target, int n);
void law_free(law *l);

/* Of the model "velocity, linear schedule" and a plan with ITP_NOISE_STEPS. NaN when a row cannot be had. */
law_error law_at_end(const law *l, const itp_plan *plan, uint32_t seed);
/* Of particles x [n][dim]. */
law_error law_of(const law *l, const double *x);

/* A sampling schedule and its nodes. A lazy family is the one for the plan's k, the point mass that for k = 1. */
typedef struct law_way {
    const char *name;
    int32_t kind, grid;
} law_way;
enum { LAW_LINEAR = 0, LAW_VP, LAW_LAZY, LAW_LAZY_U, LAW_POINT, LAW_POINT_U, LAW_WAYS };
law_way law_way_of(int i);

typedef struct law_choice {
    double k;
    law_way way;
    const char *solver;
    int32_t last, noise;
} law_choice;
int law_new_plan(const law_choice *c, int evaluations, itp_plan **plan);
law_error law_measure(const law *l, const law_choice *c, int evaluations, uint32_t seed); /* NaN: no such plan */

/* Normals for particles at x [n][dim] (NULL: at the start); way 0, 1, ... tells those dealt at the same x apart. */
typedef struct law_deal {
    uint32_t seed;
    int32_t number, way;
} law_deal;
void law_normals(const law *l, law_deal deal, const double *x, double *xi);

#endif
