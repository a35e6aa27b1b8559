#include "mixture.h"

#include <mpi.h>

const spot mixture[MIXTURE_SPOTS] = {{-2.0, 0.0, 0.25, 0.5}, {1.5, 1.5, 0.375, 0.3125}, {1.0, -2.0, 0.125, 0.1875}};

/* exp(y), y <= 0, to 1e-7. Not libm's, which chooses its code, and with it the last bits, by processor and version: the
 * bytes of a sample should depend on neither. */
static double decay(double y)
{
    double h = (y > -80 ? y : -80) / 256;
    double e = 1 + h * (1 + h / 2 * (1 + h / 3 * (1 + h / 4 * (1 + h / 5 * (1 + h / 6 * (1 + h / 7))))));
    for (int i = 0; i < 8; i++) {
        e *= e;
    }
    return e;
}

static double squared_distance(const spot *s, double t, const float *point)
{
    double dx = point[0] - t * s->x, dy = point[1] - t * s->y;
    return dx * dx + dy * dy;
}

/* The velocity toward each spot, weighed by how likely the point came from there. Exponents are taken relative to the
 * largest, so that a point far from all spots still has one. */
static void velocity(double t, const float *point, float *out)
{
    double variance[MIXTURE_SPOTS], exponent[MIXTURE_SPOTS], top = -1e300, total = 0, sum[2] = {0, 0};
    for (int i = 0; i < MIXTURE_SPOTS; i++) {
        const spot *s = &mixture[i];
        variance[i] = (1 - t) * (1 - t) + t * t * s->std * s->std;
        exponent[i] = -squared_distance(s, t, point) / (2 * variance[i]);
        top = exponent[i] > top ? exponent[i] : top;
    }
    for (int i = 0; i < MIXTURE_SPOTS; i++) {
        const spot *s = &mixture[i];
        double likelihood = s->weight / variance[i] * decay(exponent[i] - top);
        double slope = (t * s->std * s->std - (1 - t)) / variance[i];
        total += likelihood;
        sum[0] += likelihood * (s->x + slope * (point[0] - t * s->x));
        sum[1] += likelihood * (s->y + slope * (point[1] - t * s->y));
    }
    out[0] = (float)(sum[0] / total);
    out[1] = (float)(sum[1] / total);
}

int ITP_CALL mixture_evaluate(void *seconds, const itp_request *request)
{
    double start = MPI_Wtime(), *spent = seconds;
    const float *x = request->x;
    float *out = request->out;
    for (size_t i = 0; i < request->count; i++) {
        velocity(request->time, x + MIXTURE_DIM * i, out + MIXTURE_DIM * i);
    }
    if (spent) {
        *spent += MPI_Wtime() - start;
    }
    return 0;
}

int mixture_spot(const float *point)
{
    int i = 0;
    while (i < MIXTURE_SPOTS && !(squared_distance(&mixture[i], 1, point) < 16 * mixture[i].std * mixture[i].std)) {
        i++;
    }
    return i;
}

void mixture_moments(double mean[2], double covariance[3])
{
    mean[0] = mean[1] = covariance[0] = covariance[1] = covariance[2] = 0;
    for (int i = 0; i < MIXTURE_SPOTS; i++) {
        const spot *s = &mixture[i];
        mean[0] += s->weight * s->x;
        mean[1] += s->weight * s->y;
        covariance[0] += s->weight * (s->x * s->x + s->std * s->std);
        covariance[1] += s->weight * s->x * s->y;
        covariance[2] += s->weight * (s->y * s->y + s->std * s->std);
    }
    covariance[0] -= mean[0] * mean[0];
    covariance[1] -= mean[0] * mean[1];
    covariance[2] -= mean[1] * mean[1];
}
