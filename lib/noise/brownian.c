/* White noise is a sum of standard normals times an orthonormal basis: dB = sum xi_m psi_m. The basis: 1 and
 * sqrt(3) (2x - 1) on [0, 1], and for every dyadic cell of width w the two wavelets of Alpert (1993) of order 2,
 * orthogonal to the linear functions on their cell; with y = (x - centre)/w,
 *     even: sqrt(3) (4 |y| - 1)/sqrt(w),    odd: 2 sign(y) (1 - 3 |y|)/sqrt(w).
 * W and A are the integrals of 1/sqrt(h) and of -sqrt(12) (x - middle)/(h sqrt(h)) over the interval. Both are linear
 * inside, so only cells that hold one of its ends have a share in them: some dozens of terms, not one per cell. A
 * number of type double is the border of a cell, some 53 levels below its own size, and no cell further down holds it:
 * so the sum is finite, and B at every such number is exact.
 *
 * An end that is resolved down to cells of 2^-level only is completed by the part of 1{x > p} and (x - p)_+ that is
 * orthogonal to the linear functions on its cell. The Gram matrix of these two functions has a Cholesky factor in
 * closed form, which gives two normals of the end's own: every law is exact while no two ends share such a cell.
 *
 * Shares are bounded by 1 and come from local coordinates, so that they are exact to rounding for any interval. Their
 * bits are part of the interface, as those of the normals are: only +, -, *, / and sqrt, in a fixed order. */
#include "noise/brownian.h"

#include "base/float_env.h"
#include "noise/philox.h"

#include <math.h>
#include <string.h>

static const double ROOT_3 = 0x1.bb67ae8584caap+0, ROOT_12 = 0x1.bb67ae8584caap+1;

enum { AT_ONCE = 256 };

/* A position this near to a multiple of the spacing, relatively, is put on it. */
static const double LAST_BITS = 0x1p-48, SPACING = 0x1p-27;

/* Where squares underflow: what lies between it and the start counts as this. */
static const double FIRST = 0x1p-1022;

/* A smaller share is less than the rounding of all of them. */
static const double NO_SHARE = 0x1p-64;

/* The first numbers of the normals of the functions on [0, 1] and on cells, and of those of the cells from a level on
 * that have too many. These are drawn by lot, each level its own numbers, as far as they go: cells of a level have the
 * same one in one of 2^24 cases. */
static const uint32_t SCALING = 0x20000000U, DEEP = 0x40000000U;
enum { DEEP_LEVEL = 26, DEEP_LEVELS = 31, DEEP_CELLS = 24 };

typedef itp_brownian_share share;
typedef itp_brownian_shares shares;

/* An end of an interval on its way down the levels: in which cell it is, and where. */
typedef struct place {
    double side;     /* 1: the interval begins here; -1: it ends here */
    int32_t level;   /* the first whose cells are not read */
    uint32_t m;      /* the first of the cell's two normals */
    uint64_t number; /* of the cell, from 0 */
    double fraction; /* of its width; 0: the position is no inner point of any cell */
} place;

/* A position from exp, log and their like has other last bits with another C library, and B there differs by the root
 * of the difference: the sample would keep half its digits. Where nodes are meant to be dyadic, that is avoided.
 * Nothing but 0 is as near to 0; and 1 is left out, since an end is exact and the steps before it may be very short. */
double itp_brownian_position(double at)
{
    double border = floor(at / SPACING + .5) * SPACING;
    return border < 1 && fabs(at - border) <= LAST_BITS * at ? border : at;
}

double itp_brownian_clock(double u, double w)
{
    double at = u * u / (u * u + w * w);
    return itp_brownian_position(u > 0 ? fmax(at, FIRST) : at);
}

int32_t itp_brownian_level(double distance)
{
    int exponent;
    double part = frexp(distance, &exponent);
    int32_t level = part * part < .5 ? 1 - exponent : -exponent;
    return level > 0 ? level : 0;
}

/* Exact: a doubling and a fractional part. */
static void descend(place *p)
{
    double twice = 2 * p->fraction;
    int right = twice >= 1;
    p->number = 2 * p->number + (uint64_t)right;
    p->fraction = right ? twice - 1 : twice;
}

static void find_normals(place *p, int32_t level)
{
    if (level < DEEP_LEVEL) {
        p->m = SCALING + 2 * ((1U << level) + (uint32_t)p->number);
        return;
    }
    itp_philox_state lot = {(uint32_t)p->number, (uint32_t)(p->number >> 32), (uint32_t)level, 0, 0, 0};
    uint32_t first = (uint32_t)((level - DEEP_LEVEL) % DEEP_LEVELS) << DEEP_CELLS;
    p->m = DEEP + 2 * (first + (itp_philox_rounds(lot).x0 >> (32 - DEEP_CELLS)));
}

/* By increasing m, which is nearly the order that they come in. */
static void add(shares *out, uint32_t m, double increment, double area)
{
    int32_t j = out->count;
    if (fabs(increment) < NO_SHARE && fabs(area) < NO_SHARE) return;
    while (j > 0 && out->list[j - 1].m > m) j--;
    if (j > 0 && out->list[j - 1].m == m) {
        out->list[j - 1].increment += increment;
        out->list[j - 1].area += area;
        return;
    }
    if (j < out->count) memmove(&out->list[j + 1], &out->list[j], (size_t)(out->count - j) * sizeof *out->list);
    out->list[j] = (share){m, increment, area};
    out->count++;
}

static void add_scaling(double from, double to, shares *out)
{
    double h = to - from, root = sqrt(h);
    add(out, SCALING, root, 0);
    add(out, SCALING + 1, root * ROOT_3 * (from + to - 1), -root * h);
}

/* A level of cells, and the norm that two of its wavelets have in common: root of the width over that of the interval.
 */
typedef struct scale {
    int32_t level;
    double width, root;
} scale;

/* The wavelets' integrals from the position on, divided by z, and their first moments, divided by z^2. z is the
 * distance to the nearer edge of the cell, in widths. The even wavelet's integral is odd about the centre, its moment
 * even; the odd wavelet's the other way round. */
typedef struct tails {
    double z, even, odd, even_moment, odd_moment;
} tails;

static tails tails_at(double fraction)
{
    double half = fraction < .5 ? -1 : 1, z = half < 0 ? fraction : 1 - fraction;
    return (tails){z, half * ROOT_3 * (1 - 2 * z), 3 * z - 1, ROOT_3 * (.5 - z * (2. / 3)), half * (z - .5)};
}

static void add_end(const place *p, double h, const scale *of, shares *out)
{
    tails t = tails_at(p->fraction);
    double root = of->root * t.z, slope = -ROOT_12 * p->side * (of->width * t.z / h);
    add(out, p->m, p->side * root * t.even, root * (ROOT_3 * t.even + slope * t.even_moment));
    add(out, p->m + 1, p->side * root * t.odd, root * (ROOT_3 * t.odd + slope * t.odd_moment));
}

/* What is below the level, as two normals: with q = f (1 - f) the Gram matrix of (x - p)_+ and 1{x > p} less their
 * linear parts is, for w = 1,
 *     q^3/3            q^2 (2f - 1)/2
 *     q^2 (2f - 1)/2   q (1 - 3q)         and its determinant q^4/12.
 * The normals are those of the cell's own wavelets, which no other end reads, turned so that 1{x > p} lies where its
 * part along these wavelets does and (x - p)_+ on the same side of it: so they are near to B, and B itself where the
 * position is the cell's centre. */
static void add_rest(const place *p, double h, const scale *of, shares *out)
{
    tails t = tails_at(p->fraction);
    double q = p->fraction * (1 - p->fraction), lean = p->fraction - (1 - p->fraction), tall = sqrt(1 - 3 * q);
    double length = sqrt(t.even * t.even + t.odd * t.odd), even = t.even / length, odd = t.odd / length;
    double across = t.odd_moment * even - t.even_moment * odd < 0 ? -.5 / tall : .5 / tall;
    double along = ROOT_3 / 2 * lean / tall, root = of->root * sqrt(q), slope = -2 * p->side * (of->width * q / h);
    add(out, p->m, p->side * root * tall * even, root * (ROOT_3 * tall * even + slope * (along * even - across * odd)));
    add(out, p->m + 1, p->side * root * tall * odd,
        root * (ROOT_3 * tall * odd + slope * (along * odd + across * even)));
}

/* A part of an interval on one half of a cell. */
typedef struct piece {
    double part;   /* of the interval, in (0, 1] */
    double tilt;   /* A's function over W's at the middle of the part */
    double middle; /* y there */
    double length; /* of the interval, in widths of the cell */
} piece;

static void integrate(const piece *p, share *even, share *odd)
{
    double half = p->middle < 0 ? -1 : 1, size = fabs(p->middle), weight = sqrt(p->length) * p->part;
    double bend = p->length * p->part * p->part / ROOT_12;
    double even_value = ROOT_3 * (4 * size - 1), odd_value = half * 2 * (1 - 3 * size);
    even->increment += weight * even_value;
    even->area += weight * (p->tilt * even_value - half * 4 * ROOT_3 * bend);
    odd->increment += weight * odd_value;
    odd->area += weight * (p->tilt * odd_value + 6 * bend);
}

/* The cell holds the interval, which may be very short: the difference of two ends would leave nothing of it. */
static void add_both(const place *from, const place *to, double h, const scale *of, shares *out)
{
    double length = h / of->width, left = .5 - from->fraction, right = to->fraction - .5;
    share even = {from->m, 0, 0}, odd = {from->m + 1, 0, 0};
    if (left > 0 && right > 0) {
        double part = left / (left + right), rest = right / (left + right);
        integrate(&(piece){part, ROOT_3 * rest, left * -.5, length}, &even, &odd);
        integrate(&(piece){rest, -ROOT_3 * part, right * .5, length}, &even, &odd);
    } else {
        integrate(&(piece){1, 0, (right - left) * .5, length}, &even, &odd);
    }
    add(out, even.m, even.increment, even.area);
    add(out, odd.m, odd.increment, odd.area);
}

/* One level, or what is below the end's last one. Returns whether there are others. */
static int add_place(place *p, double h, const scale *of, shares *out)
{
    if (!(p->fraction > 0 && of->level <= p->level)) return 0;
    find_normals(p, of->level);
    if (of->level == p->level) add_rest(p, h, of, out);
    return of->level < p->level;
}

static void add_levels(place *from, place *to, double h, shares *out)
{
    const double norm = 1 / sqrt(h);
    scale of = {0, 1, norm};
    int begins = add_place(from, h, &of, out), ends = add_place(to, h, &of, out);
    while (begins || ends) {
        if (begins && ends && from->m == to->m && from->number == to->number) {
            add_both(from, to, h, &of, out);
        } else {
            if (begins) add_end(from, h, &of, out);
            if (ends) add_end(to, h, &of, out);
        }
        descend(from);
        descend(to);
        of.level++;
        of.width /= 2;
        of.root = sqrt(of.width) * norm;
        begins = add_place(from, h, &of, out);
        ends = add_place(to, h, &of, out);
    }
}

static place place_of(const itp_brownian_end *end, double side)
{
    return (place){side, end->level, 0, 0, end->at < 1 ? end->at : 0};
}

void itp_brownian_expand(const itp_brownian_interval *at, shares *out)
{
    out->count = 0;
    if (at->from.at >= at->to.at) return;
    place from = place_of(&at->from, 1), to = place_of(&at->to, -1);
    add_scaling(at->from.at, at->to.at, out);
    add_levels(&from, &to, at->to.at - at->from.at, out);
}

int32_t itp_brownian_weigh(const shares *all, double increment, double area, itp_noise_term *out)
{
    int32_t count = 0;
    for (int32_t i = 0; i < all->count; i++) {
        double coef = increment * all->list[i].increment + area * all->list[i].area;
        out[count].m = all->list[i].m;
        out[count].coef = coef;
        count += coef != 0;
    }
    return count;
}

int32_t itp_brownian_terms(const itp_brownian_interval *at, double increment, double area, itp_noise_term *out)
{
    shares all;
    itp_brownian_expand(at, &all);
    return itp_brownian_weigh(&all, increment, area, out);
}

/* Where the path of one sample goes to. */
typedef struct target {
    uint64_t seed, sample;
    double increment_unit, area_unit; /* of W and A */
    void *increment, *area;
    int32_t type;
} target;

static void put_scaled(int32_t type, void *out, size_t at, double unit, const double *x, size_t count)
{
    if (!out) return;
    if (type == ITP_FLOAT32) {
        for (size_t i = 0; i < count; i++) ((float *)out)[at + i] = (float)(unit * x[i]);
    } else {
        for (size_t i = 0; i < count; i++) ((double *)out)[at + i] = unit * x[i];
    }
}

static void evaluate(const target *to, const shares *all, uint64_t first, size_t at, size_t count)
{
    float normals[AT_ONCE];
    double increment[AT_ONCE] = {0}, area[AT_ONCE] = {0};
    for (int32_t j = 0; j < all->count; j++) {
        const share *s = &all->list[j];
        itp_normal_fill_f32(to->seed, to->sample, s->m, first + at, normals, count);
        for (size_t i = 0; i < count; i++) {
            increment[i] += s->increment * (double)normals[i];
            area[i] += s->area * (double)normals[i];
        }
    }
    put_scaled(to->type, to->increment, at, to->increment_unit, increment, count);
    put_scaled(to->type, to->area, at, to->area_unit, area, count);
}

static int check(double from, double to, uint64_t first, int32_t type, size_t count)
{
    const uint64_t limit = (uint64_t)1 << 34; /* that of itp_normals */
    if (type != ITP_FLOAT32 && type != ITP_FLOAT64) return ITP_E_UNSUPPORTED;
    if (!(from >= 0 && from < to && to <= 1)) return ITP_E_RANGE;
    return first > limit || count > limit - first ? ITP_E_RANGE : ITP_OK;
}

static ITP_APART int brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type,
                              void *increment, void *area, size_t count)
{
    if (!increment && !area && count) return ITP_E_ARGUMENT;
    int rc = check(from, to, first, type, count);
    if (rc) return rc;
    const itp_brownian_interval at = {{itp_brownian_position(from), ITP_BROWNIAN_EXACT},
                                      {itp_brownian_position(to), ITP_BROWNIAN_EXACT}};
    double root = at.to.at > at.from.at ? sqrt(at.to.at - at.from.at) : 0;
    const target path = {seed, sample, root, root / ROOT_12, increment, area, type};
    shares all;
    itp_brownian_expand(&at, &all);
    for (size_t done = 0, part; done < count; done += part) {
        part = count - done < AT_ONCE ? count - done : AT_ONCE;
        evaluate(&path, &all, first, done, part);
    }
    return ITP_OK;
}

int itp_brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type, void *increment,
                 void *area, size_t count)
{
    itp_float_env env;
    itp_float_env_enter(&env);
    return itp_float_env_leave(&env, brownian(seed, sample, from, to, first, type, increment, area, count));
}
