#include "solver/forgetting.h"

#include <math.h>

#include "solver/decay.h"
#include "solver/lagrange.h"

itp_forgetting itp_forgetting_between(itp_solving *solving, itp_station *a, itp_station *b)
{
    double decay = itp_decay(solving, a, b), carry = b->w / a->w * exp(-decay);
    return (itp_forgetting){carry, b->u - carry * a->u, b->w * sqrt(-expm1(-2 * decay)), decay};
}

/* ---- a constant k: in y = (1 + k)(lambda_b - lambda) the integrals are those of e^-y times polynomials ---- */

/* int_0^Y e^-y y^n dy by its series, Y < 1. */
static double last_moment(double Y, int32_t n)
{
    double term = Y, sum = 0, before = -1;
    for (int32_t i = 0; i < n; i++) {
        term *= Y;
    }
    for (int32_t j = 0; sum != before; j++) {
        before = sum;
        sum += term / (n + 1 + j);
        term *= -Y / (j + 1);
    }
    return sum;
}

/* m_n = int_0^Y e^-y y^n dy = n m_{n-1} - Y^n e^-Y, downward where that would cancel. */
static void moments(double Y, int32_t count, double *m)
{
    double decay = exp(-Y), edge[ITP_HISTORY];
    edge[0] = decay;
    for (int32_t n = 1; n < count; n++) {
        edge[n] = Y * edge[n - 1];
    }
    for (int32_t n = 0; n < count && Y >= 1; n++) {
        m[n] = n ? n * m[n - 1] - edge[n] : -expm1(-Y);
    }
    for (int32_t n = count - 1; n >= 0 && Y < 1; n--) {
        /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): count is at most ITP_HISTORY */
        m[n] = n < count - 1 ? (m[n + 1] + edge[n + 1]) / (n + 1) : last_moment(Y, n);
    }
}

/* Coefficients in y of a Lagrange polynomial through points at y_j. */
static void expand(const double *y, int32_t count, int32_t i, double *p)
{
    int32_t degree = 0;
    p[0] = 1;
    for (int32_t j = 0; j < count; j++) {
        double scale = j == i ? 0 : 1 / (y[i] - y[j]);
        if (j != i) {
            p[++degree] = 0;
            for (int32_t n = degree; n >= 0; n--) {
                p[n] = ((n ? p[n - 1] : 0) - y[j] * p[n]) * scale;
            }
        }
    }
}

static void constant_weights(const double *lambda, int32_t count, double k, double end, double *weight)
{
    double one_k = 1 + k, y[ITP_HISTORY], p[ITP_HISTORY] = {0}, m[ITP_HISTORY] = {0};
    moments(one_k * (end - lambda[0]), count, m);
    for (int32_t j = 0; j < count; j++) {
        y[j] = one_k * (end - lambda[j]);
    }
    for (int32_t i = 0; i < count; i++) {
        expand(y, count, i, p);
        for (int32_t n = 0; n < count; n++) {
            weight[i] += p[n] * m[n];
        }
    }
}

/* ---- a varying k: by quadrature ---- */

/* The points, and what is integrated of their polynomials. */
typedef struct summing {
    const double *lambda;
    int32_t count;
    double *weight;
} summing;

static void add_at(void *user, double lambda, double weight)
{
    summing *of = user;
    for (int32_t i = 0; i < of->count; i++) {
        of->weight[i] += weight * itp_lagrange(1, of->lambda, of->count, i, lambda);
    }
}

/* The weights sum to what a constant prediction gets. What is missing lies nearer to the end than lambda can tell. */
static void varying_weights(itp_solving *solving, summing *of, itp_station *a, itp_station *b)
{
    double missing = itp_forgetting_between(solving, a, b).first / b->u;
    itp_decay_visit(solving, a, b, add_at, of);
    for (int32_t i = 0; i < of->count; i++) {
        missing -= of->weight[i];
    }
    add_at(of, itp_station_lambda(b), missing);
}

void itp_forgetting_weights(itp_solving *solving, const double *lambda, int32_t count, itp_station *a, itp_station *b,
                            double *weight)
{
    summing of = {lambda, count, weight};
    for (int32_t i = 0; i < count; i++) {
        weight[i] = 0;
    }
    if (itp_diffusion_is_constant(solving->diffusion)) {
        constant_weights(lambda, count, solving->diffusion->k, itp_station_lambda(b), weight);
    } else {
        varying_weights(solving, &of, a, b);
    }
}
