#include "solver/wiener.h"

#include <math.h>
#include <string.h>

#include "noise/brownian.h"
#include "solver/along.h"
#include "solver/decay.h"

static int grow(itp_solving *solving)
{
    int32_t wider = solving->interval_capacity ? 2 * solving->interval_capacity : 64;
    itp_interval *intervals = itp_memory_array(&solving->rows.memory, (size_t)wider, sizeof *intervals);
    if (!intervals) {
        solving->status = solving->status ? solving->status : ITP_E_MEMORY;
        return solving->status;
    }
    if (solving->interval_count) {
        memcpy(intervals, solving->intervals, (size_t)solving->interval_count * sizeof *intervals);
    }
    itp_memory_free(&solving->rows.memory, solving->intervals, (size_t)solving->interval_capacity * sizeof *intervals);
    solving->intervals = intervals;
    solving->interval_capacity = wider;
    return ITP_OK;
}

/* The number of an interval of the clock; -1 without memory. */
static int32_t interval(itp_solving *solving, double from, double to)
{
    if (solving->interval_count == solving->interval_capacity && grow(solving)) {
        return -1;
    }
    itp_interval at = {from, to};
    solving->intervals[solving->interval_count] = at;
    return solving->interval_count++;
}

static itp_form of_path(int32_t i, double increment, double area)
{
    if (i < 0) {
        return itp_form_zero();
    }
    itp_form form = itp_form_column(ITP_IS_WIENER, 2 * i, increment);
    itp_form_increase_by(&form, area, ITP_IS_WIENER, 2 * i + 1);
    return form;
}

static itp_form fresh(const itp_solving *solving, double first, double second)
{
    itp_form form = itp_form_column(ITP_IS_NORMAL, solving->step + 1, first);
    itp_form_increase_by(&form, second, ITP_IS_NORMAL, solving->steps + solving->step + 1);
    return form;
}

itp_form itp_wiener(itp_solving *solving, itp_station *a, itp_station *b, double increment, double area, int32_t draw)
{
    double from = itp_brownian_clock(a->u, a->w), to = itp_brownian_clock(b->u, b->w);
    if (solving->plan->noise == ITP_NOISE_STEPS || !(to > from)) { /* no path, or none that the clock can tell apart */
        return draw == ITP_SECOND_DRAW ? fresh(solving, 0, increment) : fresh(solving, increment, area);
    }
    return of_path(interval(solving, from, to), increment, area);
}

/* The square of e^-K is nothing beside 1 from here on. */
static const double FORGOTTEN = 18.4;

/* What is integrated against dB, at one position inside a step. */
typedef struct weights {
    double whole, area;
} weights;

typedef struct integrand {
    itp_solving *solving;
    itp_station *a, *b;     /* the step */
    itp_node begin;         /* of what counts of it */
    int forgetting, varies; /* varies: k does */
} integrand;

static double k_at(const integrand *of, const itp_node *at)
{
    return of->varies ? itp_k_passing(of->solving, at).k : itp_constant_k(of->solving);
}

/* e^-K(s, b) sqrt(k) u/(s w), up to a factor. */
static weights forgetting_at(const integrand *of, const itp_node *at, double s)
{
    double k = k_at(of, at);
    if (k == 1 && !of->varies) {
        return (weights){at->u * at->u / (s * at->w * at->w), 0};
    }
    double kept = exp(-itp_decay_from(of->solving, of->a, of->b, at));
    return (weights){kept * sqrt(k) * at->u / (s * at->w), 0};
}

/* G = sqrt(k) C u/s, and G ((t_b - t)/h - 1/2) for the area. */
static weights plain_at(const integrand *of, const itp_node *at, double s)
{
    itp_solving *solving = of->solving;
    itp_at here;
    double k = k_at(of, at), t = 0;
    int status = itp_schedule_locate(solving->sampling, at->u, at->w, &t);
    status = status ? status : itp_schedule_at(solving->sampling, t, &here);
    if (status) {
        solving->status = solving->status ? solving->status : status;
        return (weights){0, 0};
    }
    double G = sqrt(k) * (here.alpha + here.beta) * at->u / s;
    weights out = {G, G * ((of->b->t - t) / (of->b->t - of->a->t) - 0.5)};
    return out;
}

/* The two integrals' linear parts on one piece of the step, as multiples of its W and A. */
typedef struct piece {
    itp_interval over;
    double W, A, area_W, area_A;
    double low, high; /* the range of the first weight */
} piece;

/* At s = sin^2 theta every weight that occurs is at worst integrable at theta = 0. Gauss's eight points:
 * an even weight over the whole path is right to rounding. */
static piece project(const integrand *of, itp_interval over, double low, double high)
{
    static const double x[4] = {.1834346424956498, .5255324099163290, .7966664774136267, .9602898564975363};
    static const double g[4] = {.3626837833783620, .3137066458778873, .2223810344533745, .1012285362903763};
    double half = (high - low) / 2, middle = (high + low) / 2;
    double h = over.to - over.from, center = over.from + h / 2;
    piece out = {over, 0, 0, 0, 0, INFINITY, 0};
    for (int i = 0; i < 8; i++) {
        double theta = middle + (i % 2 ? half : -half) * x[i / 2], sine = sin(theta), cosine = cos(theta);
        itp_node at = {sine / (sine + cosine), cosine / (sine + cosine), 0, 0};
        double s = sine * sine, ds = g[i / 2] * half * 2 * sine * cosine / sqrt(h);
        weights w = (of->forgetting ? forgetting_at : plain_at)(of, &at, s);
        double lever = -sqrt(12) * (s - center) / h;
        out.W += ds * w.whole;
        out.A += ds * w.whole * lever;
        out.area_W += ds * w.area;
        out.area_A += ds * w.area * lever;
        out.low = fmin(out.low, w.whole);
        out.high = fmax(out.high, w.whole);
    }
    return out;
}

enum { PIECES = 6, SPLIT = 4096 };

/* A border of the path's cells at a quarter to a half: one that few normals make. */
static double border_below(double position)
{
    int exponent;
    (void)frexp(position, &exponent);
    return ldexp(1, exponent - 2 - (position == ldexp(1, exponent - 1)));
}

/* One piece, or more towards a start where the weight is not smooth, each shorter than the one before. */
static int pieces(const integrand *of, piece *out)
{
    itp_interval over = {itp_brownian_clock(of->begin.u, of->begin.w), itp_brownian_clock(of->b->u, of->b->w)};
    int far = over.from * SPLIT < over.to, split = (of->a->u == 0 || far) && of->solving->plan->noise == ITP_NOISE_PATH;
    itp_node begin = far ? itp_station_node(of->a) : of->begin;
    double high = atan2(of->b->u, of->b->w), from = far ? itp_brownian_clock(begin.u, begin.w) : over.from;
    over.from = from;
    if (!(over.to > from)) {
        return 0;
    }
    out[0] = project(of, over, atan2(begin.u, begin.w), high);
    if (!split || out[0].high - out[0].low <= 1e-9 * out[0].high) {
        return 1;
    }
    int count = 0;
    while (over.to > from) {
        over.from = count + 1 < PIECES ? fmax(border_below(over.to), from) : from;
        double low = asin(sqrt(over.from));
        out[count++] = project(of, over, low, high);
        over.to = over.from;
        high = low;
    }
    return count;
}

static void add_piece(itp_form *sum, int32_t i, double W, double A)
{
    if (i >= 0) {
        itp_form_increase_by(sum, W, ITP_IS_WIENER, 2 * i);
        itp_form_increase_by(sum, A, ITP_IS_WIENER, 2 * i + 1);
    }
}

/* With fresh normals the first one carries the whole, and the area's own part is the second. */
static itp_step_noise fresh_noise(const itp_solving *solving, const piece *p, double deviation)
{
    double norm = hypot(p->W, p->A), scale = norm > 0 ? deviation / norm : 0;
    itp_step_noise out = {fresh(solving, deviation, 0), itp_form_zero()};
    if (norm > 0) {
        double along = (p->area_W * p->W + p->area_A * p->A) / norm,
               across = (p->area_A * p->W - p->area_W * p->A) / norm;
        out.area = fresh(solving, scale * along, scale * across);
    }
    return out;
}

/* The deviation of what has come out; 0 where that is nothing, or no number. */
static double norm_of(const piece *p, int count)
{
    double variance = 0, norm = 0;
    for (int i = 0; i < count; i++) {
        variance += p[i].W * p[i].W + p[i].A * p[i].A;
    }
    if (variance > 1e-250 && variance < 1e250) {
        return sqrt(variance);
    }
    for (int i = 0; i < count; i++) {
        norm = hypot(norm, hypot(p[i].W, p[i].A));
    }
    return isfinite(norm) ? norm : 0;
}

/* A step's noise as if its weight were constant: for weights that no number can hold. */
static itp_step_noise even_noise(const integrand *of, double deviation)
{
    double half_width = deviation / sqrt(12);
    return (itp_step_noise){itp_wiener(of->solving, of->a, of->b, deviation, 0, ITP_FIRST_DRAW),
                            of->forgetting ? itp_form_zero()
                                           : itp_wiener(of->solving, of->a, of->b, 0, half_width, ITP_FIRST_DRAW)};
}

static itp_step_noise integrate(const integrand *of, double deviation)
{
    piece p[PIECES] = {{{0, 0}, 0, 0, 0, 0, 0, 0}};
    itp_solving *solving = of->solving;
    itp_step_noise out = {itp_form_zero(), itp_form_zero()};
    if (!(deviation > 0) || solving->status) {
        return out;
    }
    int count = pieces(of, p);
    double norm = norm_of(p, count), scale = deviation / norm;
    if (!(norm > 0)) {
        return even_noise(of, deviation);
    }
    if (solving->plan->noise == ITP_NOISE_STEPS) {
        return fresh_noise(solving, &p[0], deviation);
    }
    for (int i = 0; i < count; i++) {
        int32_t number = interval(solving, p[i].over.from, p[i].over.to);
        add_piece(&out.whole, number, scale * p[i].W, scale * p[i].A);
        add_piece(&out.area, number, scale * p[i].area_W, scale * p[i].area_A);
    }
    return out;
}

itp_step_noise itp_noise_of_step(itp_solving *solving, itp_station *a, itp_station *b)
{
    integrand of = {solving, a, b, itp_station_node(a), 0, !itp_diffusion_is_constant(solving->diffusion)};
    return integrate(&of, sqrt(itp_noise_variance(solving, a, b)));
}

itp_form itp_noise_whole(itp_solving *solving, itp_station *a, itp_station *b)
{
    if (solving->plan->noise != ITP_NOISE_STEPS) {
        return itp_noise_of_step(solving, a, b).whole;
    }
    double variance = itp_noise_variance(solving, a, b);
    return variance > 0 ? fresh(solving, sqrt(variance), 0) : itp_form_zero();
}

itp_form itp_forgetting_noise(itp_solving *solving, itp_station *a, itp_station *b, double decay)
{
    if (b->w == 0 || !itp_diffusion_is_noisy(solving->diffusion)) {
        return itp_form_zero();
    }
    integrand of = {solving, a, b, itp_station_node(a), 1, !itp_diffusion_is_constant(solving->diffusion)};
    if (decay > FORGOTTEN) {
        of.begin = itp_decay_begin(solving, a, b, FORGOTTEN);
    }
    return integrate(&of, 1).whole;
}
