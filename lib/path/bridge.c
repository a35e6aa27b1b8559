/* With the data prediction frozen at X the SDE for eps = k eps* is linear, in the linear schedule's coordinates
 *     z(q) = q.u X + E(p, q) (z(p) - p.u X) + N(p, q),
 *     E(p, q) = (w_q/w_p)^(1+k) (u_p/u_q)^k,      N: a normal of deviation w_q sqrt(1 - (r_p/r_q)^(2k)),
 *     N(p, q) = E(0, q) int_p^q sqrt(k) dB/E(0, .), up to E's factor of the coordinates.
 * X is what makes it meet the second state, and so
 *     z = E_a z_a + share (z_b - E_ab z_a - E_b N_a - N_b) + N_a.
 * With k = 0 that is the straight line, with k = 1 the Brownian bridge of the point mass schedule.
 *
 * From u = 0, where the process forgets its state at once, a run's first step may or may not have used B: a step of the
 * flow does not. There the drift of N(0, I) data takes its place (2602.03789: lazy), of which N is a martingale with
 * the share as its clock, so that the law is right either way:
 *     E(p, q) = D_q/D_p (s_p/s_q)^(k/2),   deviation D_q sqrt(1 - (s_p/s_q)^k),   D^2 = u^2 + w^2.
 *
 * B's integral over an interval is the combination of its increment and area that follows the integrand's linear part,
 * with the exact variance (as a solver's steps have it: solver/wiener.h). */
#include "path/bridge.h"

#include <math.h>

typedef struct process {
    double k;
    int lazy;
} process;

itp_place itp_place_of(double u, double w)
{
    return (itp_place){u, w, itp_brownian_clock(u, w)};
}

int itp_place_precedes(const itp_place *p, const itp_place *q)
{
    return p->u < .5 ? p->u < q->u : p->w > q->w;
}

double itp_place_distance(const itp_place *p, const itp_place *q)
{
    return p->u < .5 ? q->u - p->u : p->w - q->w;
}

static double log_of_ratio(double ratio, double missing)
{
    return ratio < .5 ? log(ratio) : log1p(-missing);
}

static double log_r(const itp_place *p, const itp_place *q)
{
    double whole = p->w * q->u;
    return log_of_ratio(p->u * q->w / whole, itp_place_distance(p, q) / whole);
}

static double square(const itp_place *p)
{
    return p->u * p->u + p->w * p->w;
}

static double log_s(const itp_place *p, const itp_place *q)
{
    double ratio = p->u / q->u; /* squares of a position near the start would vanish */
    return log_of_ratio(square(q) / square(p) * ratio * ratio,
                        itp_place_distance(p, q) / q->u * (p->w + ratio * q->w) / square(p));
}

static double decay(const process *of, const itp_place *p, const itp_place *q)
{
    return of->lazy ? sqrt(square(q) / square(p)) * exp(of->k / 2 * log_s(p, q))
                    : pow(q->w / p->w, 1 + of->k) * pow(p->u / q->u, of->k);
}

static double deviation(const process *of, const itp_place *p, const itp_place *q)
{
    return of->lazy ? sqrt(-square(q) * expm1(of->k * log_s(p, q))) : q->w * sqrt(-expm1(2 * of->k * log_r(p, q)));
}

static double share(const process *of, const itp_gap *gap, const itp_place *at)
{
    if (of->lazy) {
        return decay(of, at, &gap->b) * square(at) / square(&gap->b);
    }
    double e = 1 + of->k;
    return at->u * expm1(e * log_r(&gap->a, at)) / (gap->b.u * expm1(e * log_r(&gap->a, &gap->b)));
}

/* The integrand's parts along W and along A, up to a factor, at s = sin^2 theta. Gauss's four points. */
static void direction(const process *of, const itp_place *p, const itp_place *q, double *W, double *A)
{
    static const double x[2] = {.3399810435848563, .8611363115940526}, g[2] = {.6521451548625461, .3478548451374538};
    double low = atan2(p->u, p->w), high = atan2(q->u, q->w), length = q->s - p->s;
    *W = *A = 0;
    for (int i = 0; i < 4 && length > 0; i++) {
        double theta = (high + low) / 2 + (high - low) / 2 * (i % 2 ? x[i / 2] : -x[i / 2]);
        double sine = sin(theta), height = of->lazy ? sine / sin(high) : tan(theta) / tan(high);
        double weight = g[i / 2] * pow(height, of->k) * (of->lazy ? cos(theta) : 1);
        *W += weight;
        *A -= weight * sqrt(12) * (sine * sine - p->s - length / 2) / length;
    }
    double norm = hypot(*W, *A);
    *W = norm > 0 ? *W / norm : 1;
    *A = norm > 0 ? *A / norm : 0;
}

/* A part of the step, and the deviation of its noise. */
typedef struct leg {
    const itp_place *from, *to;
    double size;
} leg;

/* On the clock. */
static double duration(const itp_place *p, const itp_place *q)
{
    return -expm1(log_s(p, q)) * q->u * q->u / square(q);
}

/* With k = 1 and from a state that counts, z is a Brownian bridge over C = u/(u^2 + w^2), the point mass schedule's
 * alpha + beta: B's own increments make it, so that the states of one step are those of one Brownian motion. */
static int is_plain(const process *of)
{
    return of->k == 1 && !of->lazy;
}

static void plain_sizes(const itp_place *at, leg *first, leg *second)
{
    double before = duration(first->from, at), after = duration(at, second->to), whole = before + after;
    double scale = square(at) / at->u;
    first->size = scale * after / whole * sqrt(before);
    second->size = -scale * before / whole * sqrt(after);
}

static int32_t expand(const process *of, const leg *over, itp_noise_term *out)
{
    itp_brownian_interval at = {{over->from->s, ITP_BROWNIAN_EXACT}, {over->to->s, ITP_BROWNIAN_EXACT}};
    double W = 1, A = 0;
    if (!is_plain(of)) {
        direction(of, over->from, over->to, &W, &A);
    }
    return itp_brownian_terms(&at, over->size * W, over->size * A, out);
}

/* Both lists by increasing m. */
static void merge(itp_bridge *out, const itp_noise_term *x, int32_t nx, const itp_noise_term *y, int32_t ny)
{
    int32_t i = 0, j = 0;
    while (i < nx || j < ny) {
        int first = i < nx && (j == ny || x[i].m <= y[j].m), both = first && j < ny && x[i].m == y[j].m;
        itp_noise_term term = first ? x[i++] : y[j++];
        term.coef += both ? y[j++].coef : 0;
        out->normals[out->count++] = term;
    }
}

void itp_bridge_at(const itp_gap *gap, const itp_place *at, double k, itp_bridge *out)
{
    itp_noise_term x[ITP_BROWNIAN_TERMS], y[ITP_BROWNIAN_TERMS];
    process of = {k, k > 0 && gap->a.u == 0};
    double part = share(&of, gap, at);
    leg first = {&gap->a, at, 0}, second = {at, &gap->b, 0};
    out->a = decay(&of, &gap->a, at) - part * decay(&of, &gap->a, &gap->b);
    out->b = part;
    out->count = 0;
    if (!(k > 0)) {
        return;
    }
    if (is_plain(&of)) {
        plain_sizes(at, &first, &second);
    } else {
        first.size = (1 - part * decay(&of, at, &gap->b)) * deviation(&of, &gap->a, at);
        second.size = gap->b.w > 0 || of.lazy ? -part * deviation(&of, at, &gap->b) : 0;
    }
    int32_t nx = expand(&of, &first, x);
    merge(out, x, nx, y, second.size != 0 ? expand(&of, &second, y) : 0);
}
