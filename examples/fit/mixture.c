#include "field.h"

#include "frechet.h"

#include <math.h>
#include <stdlib.h>

enum { DIM = 64 };

typedef struct mixture {
    double rotation[DIM][DIM], low[DIM], high[DIM], weight[DIM], variance[DIM];
} mixture;

/* Columns of normals, made orthonormal one after the other. */
static void draw_rotation(mixture *m)
{
    for (size_t i = 0; i < DIM; i++) {
        itp_normals(64, i, 0, 0, ITP_FLOAT64, m->rotation[i], DIM);
        for (size_t pass = 0; pass < 2; pass++) {
            for (size_t j = 0; j < i; j++) {
                double along = 0;
                for (size_t k = 0; k < DIM; k++) along += m->rotation[i][k] * m->rotation[j][k];
                for (size_t k = 0; k < DIM; k++) m->rotation[i][k] -= along * m->rotation[j][k];
            }
        }
        double size = 0;
        for (size_t k = 0; k < DIM; k++) size += m->rotation[i][k] * m->rotation[i][k];
        for (size_t k = 0; k < DIM; k++) m->rotation[i][k] /= sqrt(size);
    }
}

/* Three quarters of each variance lie between the two modes, weights run from .3 to .7. */
static void draw_modes(mixture *m)
{
    double total = 0;
    for (size_t i = 0; i < DIM; i++) total += 1 / (double)(i + 1);
    for (size_t i = 0; i < DIM; i++) {
        double variance = DIM / total / (double)(i + 1), w = 0.3 + 0.4 * (double)(i * 37 % DIM) / (DIM - 1);
        double gap = sqrt(0.75 * variance / (w * (1 - w)));
        m->weight[i] = w;
        m->high[i] = (1 - w) * gap;
        m->low[i] = -w * gap;
        m->variance[i] = 0.25 * variance;
    }
}

/* E[X - Z | x] of one component with noise a and data b. */
static double velocity_of(const mixture *m, size_t i, double a, double b, double x)
{
    double total = a * a + b * b * m->variance[i], x_high = x - b * m->high[i], x_low = x - b * m->low[i];
    double odds = (1 - m->weight[i]) / m->weight[i] * exp((x_high * x_high - x_low * x_low) / (2 * total));
    double share = 1 / (1 + odds), slope = (b * m->variance[i] - a) / total;
    return share * (m->high[i] + slope * x_high) + (1 - share) * (m->low[i] + slope * x_low);
}

static void velocity_of_sample(const mixture *m, double t, const float *x, float *out)
{
    double turned[DIM], sum[DIM] = {0};
    for (size_t i = 0; i < DIM; i++) {
        turned[i] = 0;
        for (size_t k = 0; k < DIM; k++) turned[i] += m->rotation[i][k] * (double)x[k];
        turned[i] = velocity_of(m, i, 1 - t, t, turned[i]);
    }
    for (size_t i = 0; i < DIM; i++) {
        for (size_t k = 0; k < DIM; k++) sum[k] += m->rotation[i][k] * turned[i];
    }
    for (size_t k = 0; k < DIM; k++) out[k] = (float)sum[k];
}

static int ITP_CALL velocity(void *user, const itp_request *request)
{
    const float *x = request->x;
    float *out = request->out;
    for (size_t i = 0; i < request->count; i++) {
        velocity_of_sample(user, request->time, x + i * DIM, out + i * DIM);
    }
    return 0;
}

static double distance(void *user, const float *samples, size_t count)
{
    static const double zero[DIM];
    double mean[DIM], covariance[DIM * DIM], law[DIM * DIM] = {0}, result;
    const mixture *m = user;
    for (size_t i = 0; i < DIM; i++) {
        double variance = 4 * m->variance[i];
        for (size_t k = 0; k < DIM * DIM; k++) {
            law[k] += variance * m->rotation[i][k / DIM] * m->rotation[i][k % DIM];
        }
    }
    frechet_moments(samples, count, DIM, mean, covariance);
    return frechet_distance(DIM, zero, law, mean, covariance, &result) ? (double)NAN : result;
}

int field_mixture(field *out)
{
    mixture *m = calloc(1, sizeof *m);
    if (!m) {
        return -1;
    }
    draw_rotation(m);
    draw_modes(m);
    *out = (field){"mixture", DIM, velocity, m, distance, free};
    return 0;
}
