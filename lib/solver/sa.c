/* The stochastic exponential methods: the SDE of eps = k eps* in lambda, where y = x/alpha obeys
 *     dy = (-k y + (1 + k) e^lambda D) dlambda + noise,
 * with the data prediction D frozen (exponential-sde) or a polynomial through earlier ones (SA-Solver, 2309.05019, its
 * tau^2 being k). In the linear schedule's coordinates, K(lambda) = int k from lambda to b's:
 *     z_b = c z_a + w_b int e^-K (1 + k) e^lambda D dlambda + w_b sqrt(1 - e^-2K(a)) xi,    c = (w_b/w_a) e^-K(a).
 * The corrector makes the step that led here again with the prediction at its end as one more point and the same noise:
 * its result differs from the predicted state by predictions alone. */
#include <math.h>

#include "solver/decay.h"
#include "solver/share.h"
#include "solver/wiener.h"

static const itp_exponential DATA = {ITP_PREDICT_DATA, 0, 0, 0};

/* A step's exact part: z_b = carry z_a + first D + deviation xi for a frozen D. */
typedef struct frozen {
    double carry, first, deviation, decay;
} frozen;

static frozen frozen_between(itp_solving *solving, itp_station *a, itp_station *b)
{
    double decay = itp_decay(solving, a, b), carry = b->w / a->w * exp(-decay);
    frozen out = {carry, b->u - carry * a->u, b->w * sqrt(-expm1(-2 * decay)), decay};
    return out;
}

/* Predictions and where they were made, newest first. */
typedef struct points {
    const itp_form *prediction[ITP_HISTORY];
    double lambda[ITP_HISTORY];
    int32_t count;
} points;

static void add_point(points *to, const itp_form *prediction, double lambda)
{
    to->prediction[to->count] = prediction;
    to->lambda[to->count++] = lambda;
}

/* The Lagrange polynomials under the integral of a step, and what is integrated of them. */
typedef struct weighing {
    const points *through;
    double weight[ITP_HISTORY];
} weighing;

static double lagrange(const points *through, int32_t i, double lambda)
{
    const double *c = through->lambda;
    double value = 1;
    for (int32_t j = 0; j < through->count; j++) {
        value *= j == i ? 1 : (lambda - c[j]) / (c[i] - c[j]);
    }
    return value;
}

static void weigh(void *user, double lambda, double weight)
{
    weighing *of = user;
    for (int32_t i = 0; i < of->through->count; i++) {
        of->weight[i] += weight * lagrange(of->through, i, lambda);
    }
}

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

/* With a constant k, in y = (1 + k)(end - lambda) from 0 to Y: int e^-y y^n dy = n m_{n-1} - Y^n e^-Y, downward where
 * that would cancel. */
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

static void constant_weights(weighing *of, double k, double from, double to)
{
    double one_k = 1 + k, y[ITP_HISTORY], p[ITP_HISTORY] = {0}, m[ITP_HISTORY] = {0};
    int32_t count = of->through->count;
    moments(one_k * (to - from), count, m);
    for (int32_t j = 0; j < count; j++) {
        y[j] = one_k * (to - of->through->lambda[j]);
    }
    for (int32_t i = 0; i < count; i++) {
        expand(y, count, i, p);
        for (int32_t n = 0; n < count; n++) {
            of->weight[i] += p[n] * m[n];
        }
    }
}

/* The weights sum to what a constant prediction gets. What is missing lies nearer to the end than lambda can tell. */
static void varying_weights(itp_solving *solving, weighing *of, itp_station *a, itp_station *b)
{
    double missing = frozen_between(solving, a, b).first / b->u;
    itp_decay_visit(solving, a, b, weigh, of);
    for (int32_t i = 0; i < of->through->count; i++) {
        missing -= of->weight[i];
    }
    weigh(of, itp_expo_clock(&DATA, b), missing);
}

/* What the predictions add to a step from a, where the first of them was made, to b, where lambda is `end`. */
static itp_form integrated(itp_solving *solving, const points *through, itp_station *a, itp_station *b, double end)
{
    itp_form sum = itp_form_zero();
    weighing of = {through, {0}};
    if (through->count == 1) {
        itp_form_increase(&sum, frozen_between(solving, a, b).first, through->prediction[0]);
        return sum;
    }
    if (itp_diffusion_is_constant(solving->diffusion)) {
        constant_weights(&of, solving->diffusion->k, through->lambda[0], end);
    } else {
        varying_weights(solving, &of, a, b);
    }
    for (int32_t i = 0; i < through->count; i++) {
        itp_form_increase(&sum, b->u * of.weight[i], through->prediction[i]);
    }
    return sum;
}

static points past_points(itp_solving *solving, int32_t count)
{
    points out;
    out.count = 0; /* what lies behind is not looked at */
    for (int32_t i = 0; i < count; i++) {
        add_point(&out, &solving->past[i], itp_expo_clock(&DATA, solving->past_at[i]));
    }
    return out;
}

/* What the remembered predictions, and `newest` where there is one, add to a step from a to b. */
static itp_form of_whole_order(itp_solving *solving, int32_t order, const itp_form *newest, itp_station *a,
                               itp_station *b)
{
    points through = past_points(solving, order);
    double end = itp_expo_clock(&DATA, b);
    if (newest) {
        add_point(&through, newest, end);
    }
    return integrated(solving, &through, a, b, end);
}

static itp_form of_order(itp_solving *solving, double order, const itp_form *newest, itp_station *a, itp_station *b)
{
    itp_expo_part part[2];
    int32_t parts = itp_expo_parts(order, part);
    itp_form sum = of_whole_order(solving, part[0].order, newest, a, b);
    if (parts > 1) {
        itp_form higher = of_whole_order(solving, part[1].order, newest, a, b);
        itp_form_scale(&sum, part[0].weight);
        itp_form_increase(&sum, part[1].weight, &higher);
    }
    return sum;
}

/* The last step, made from the same points and the new one, less what it was. */
static itp_form correction(itp_solving *solving, const itp_form *prediction, itp_station *at)
{
    itp_station *left = solving->past_at[0];
    double share = solving->before_order > 0 ? itp_expo_share(&DATA, left, at) : 0;
    if (share == 0) {
        return itp_form_zero();
    }
    itp_form out = of_order(solving, solving->before_order, prediction, left, at);
    itp_form_increase(&out, -1, &solving->before);
    itp_form_scale(&out, share);
    return out;
}

static void step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b,
                 int corrects)
{
    itp_form prediction = itp_predict(solving, x, a, ITP_PREDICT_DATA, x);
    if (corrects && solving->past_count) {
        itp_form correct = correction(solving, &prediction, a);
        itp_form_increase(x, 1, &correct);
    }
    itp_remember(solving, &prediction, a);
    frozen exact = frozen_between(solving, a, b);
    solving->before_order = itp_expo_order(solving, &DATA, solver->order, b);
    solving->before = of_order(solving, solving->before_order, NULL, a, b);
    itp_form_scale(x, exact.carry);
    itp_form_increase(x, 1, &solving->before);
    itp_form noise = itp_forgetting_noise(solving, a, b, exact.decay);
    itp_form_increase(x, exact.deviation, &noise);
    itp_from_linear(solving, x, b);
}

void itp_sa_step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b)
{
    step(solving, solver, x, a, b, 0);
}

void itp_sa_corrected_step(itp_solving *solving, const itp_method *solver, itp_form *x, itp_station *a, itp_station *b)
{
    step(solving, solver, x, a, b, 1);
}
