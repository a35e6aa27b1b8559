/* White noise is a sum of standard normals times an orthonormal basis: dB = sum xi_m psi_m. The basis: 1 and
 * sqrt(3) (2x - 1) on [0, 1], and for every dyadic cell of width w the two wavelets of Alpert (1993) of order 2,
 * orthogonal to the linear functions on their cell; with y = (x - centre)/w,
 *     even: sqrt(3) (4 |y| - 1)/sqrt(w),    odd: 2 sign(y) (1 - 3 |y|)/sqrt(w).
 * W and A are the integrals of 1/sqrt(h) and of -sqrt(12) (x - middle)/(h sqrt(h)) over the interval. Both are linear
 * inside, so only cells that hold one of its ends have a share in them: some twenty terms, not one per cell.
 *
 * Below its deepest cell an end at p is completed by the part of 1{x > p} and (x - p)_+ that is orthogonal to the
 * linear functions on the cell. The Gram matrix of these two functions has a Cholesky factor in closed form, which
 * gives two normals of the position's own: every law is exact while no two positions share a deepest cell.
 *
 * Shares are bounded by 1 and come from local coordinates, so that they are exact to rounding for any interval. Their
 * bits are part of the interface, as those of the normals are: only +, -, *, / and sqrt, in a fixed order. */
#include "noise/brownian.h"

#include "base/float_env.h"
#include "noise/philox.h"

#include <math.h>
#include <string.h>

static const double ROOT_3 = 0x1.bb67ae8584caap+0, ROOT_12 = 0x1.bb67ae8584caap+1;

enum { FINENESS = 10, DEEPEST = 26, AT_ONCE = 256 };

/* A position this near to a border of a cell, relatively, is put on it. */
static const double LAST_BITS = 0x1p-48;

/* The first numbers of the normals of the functions on [0, 1] and on cells, of positions, of unresolved intervals. */
static const uint32_t SCALING = 0x20000000U, PRIVATE = 0x40000000U, UNRESOLVED = 0x60000000U;

typedef itp_brownian_share share;
typedef itp_brownian_shares shares;

/* Of either end two per level and two of its own. */
_Static_assert(2 + 2 * (2 * DEEPEST + 2) <= ITP_BROWNIAN_TERMS, "room for the terms of any interval");

/* An end of an interval. */
typedef struct place {
    double at;
    double side;   /* 1: the interval begins here; -1: it ends here */
    int32_t depth; /* its deepest cell has a width of 2^-depth */
} place;

/* Where a position is at a level of cells 2^-level wide. */
typedef struct cell {
    uint32_t number; /* of the cell, from 0 */
    double fraction; /* of its width; 0: the position is no inner point of any cell */
} cell;

/* A position from exp, log and their like has other last bits with another C library. Where it lies next to a border,
 * its own two normals would count as the square root of a last bit, or not at all, and the sample would keep half its
 * digits. So it is put on the border. The cells that number the positions' own normals have all borders of the others.
 * Nothing but 0 is as near to 0; and 1 is left out, since an end is exact and the steps before it may be very short. */
double itp_brownian_position(double at)
{
    const double cells = (double)(1U << (DEEPEST + 1));
    double border = floor(at * cells + .5) / cells;
    return border < 1 && fabs(at - border) <= LAST_BITS * at ? border : at;
}

double itp_brownian_clock(double u, double w)
{
    return itp_brownian_position(u * u / (u * u + w * w));
}

/* Exact: a scaling by a power of two and a fractional part. */
static cell cell_of(double at, int32_t level)
{
    double scaled = at * (double)(1U << level);
    uint32_t number = (uint32_t)scaled;
    return (cell){number, scaled - (double)number};
}

static int is_inside_one_cell(double p, double q, int32_t level)
{
    cell a = cell_of(p, level), b = cell_of(q, level);
    return a.number == b.number && a.fraction > 0 && b.fraction > 0;
}

/* FINENESS levels below the distance to the nearer end, and as many more as it takes to part it from its neighbours. */
static int32_t depth_of(double at, double neighbour, double other)
{
    int exponent;
    (void)frexp(at < .5 ? at : 1 - at, &exponent); /* ceil(-log2 distance) = 1 - exponent */
    int32_t depth = exponent > FINENESS + 1 - DEEPEST ? FINENESS + 1 - exponent : DEEPEST;
    while (depth < DEEPEST && (is_inside_one_cell(at, neighbour, depth) || is_inside_one_cell(at, other, depth))) {
        depth++;
    }
    return depth;
}

static void add(shares *out, uint32_t m, double increment, double area)
{
    if (increment == 0 && area == 0) return;
    out->list[out->count++] = (share){m, increment, area};
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

/* The wavelet's integral and first moment from the position on. z is the distance to the nearer edge of the cell, in
 * widths; the moment is divided by z. The even wavelet's integral is odd about the centre, its moment even; the odd
 * wavelet's the other way round. */
static void add_end(const place *p, cell c, double h, const scale *of, shares *out)
{
    double half = c.fraction < .5 ? -1 : 1, z = half < 0 ? c.fraction : 1 - c.fraction;
    double root = of->root, slope = -ROOT_12 * p->side * (of->width * z / h);
    double even = half * ROOT_3 * z * (1 - 2 * z), even_moment = ROOT_3 * z * (.5 - z * (2. / 3));
    double odd = z * (3 * z - 1), odd_moment = half * z * (z - .5);
    uint32_t m = SCALING + 2 * ((1U << of->level) + c.number);
    add(out, m, p->side * root * even, root * (ROOT_3 * even + slope * even_moment));
    add(out, m + 1, p->side * root * odd, root * (ROOT_3 * odd + slope * odd_moment));
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
static void add_both(cell from, cell to, double h, int32_t level, shares *out)
{
    uint32_t m = SCALING + 2 * ((1U << level) + from.number);
    double length = h * (double)(1U << level), left = .5 - from.fraction, right = to.fraction - .5;
    share even = {m, 0, 0}, odd = {m + 1, 0, 0};
    if (left > 0 && right > 0) {
        double part = left / (left + right), rest = right / (left + right);
        integrate(&(piece){part, ROOT_3 * rest, left * -.5, length}, &even, &odd);
        integrate(&(piece){rest, -ROOT_3 * part, right * .5, length}, &even, &odd);
    } else {
        integrate(&(piece){1, 0, (right - left) * .5, length}, &even, &odd);
    }
    add(out, m, even.increment, even.area);
    add(out, m + 1, odd.increment, odd.area);
}

/* Two places in one cell are both deeper than it: see depth_of. */
static void add_level(const place *from, const place *to, const scale *of, shares *out)
{
    int32_t level = of->level;
    cell a = cell_of(from->at, level), b = cell_of(to->at, level);
    int begins = level < from->depth && a.fraction > 0, ends = level < to->depth && b.fraction > 0;
    double h = to->at - from->at;
    if (begins && ends && a.number == b.number) {
        add_both(a, b, h, level, out);
        return;
    }
    if (begins) add_end(from, a, h, of, out);
    if (ends) add_end(to, b, h, of, out);
}

/* With q = f (1 - f) the Gram matrix of (x - p)_+ and 1{x > p} less their linear parts is, for w = 1,
 *     q^3/3            q^2 (2f - 1)/2
 *     q^2 (2f - 1)/2   q (1 - 3q)         and its determinant q^4/12.
 * At the edge of a cell nothing is left. */
static void add_private(const place *p, double h, shares *out)
{
    cell c = cell_of(p->at, p->depth);
    double w = 1 / (double)(1U << p->depth), q = c.fraction * (1 - c.fraction);
    double root = sqrt(w) * sqrt(q) / sqrt(h), lean = c.fraction - (1 - c.fraction);
    uint32_t m = PRIVATE + 2 * cell_of(p->at, DEEPEST + 1).number;
    add(out, m, p->side * root * (ROOT_3 / 2) * lean, root * (1.5 * lean - 2 * p->side * (w * q / h)));
    add(out, m + 1, p->side * root * .5, root * (ROOT_3 / 2));
}

void itp_brownian_expand(const itp_brownian_interval *at, shares *out)
{
    out->count = 0;
    if (at->from >= at->to || is_inside_one_cell(at->from, at->to, DEEPEST)) {
        add(out, at->spare, 1, 0);
        add(out, at->spare + 1, 0, 1);
        return;
    }
    const place from = {at->from, 1, depth_of(at->from, at->before, at->to)};
    const place to = {at->to, -1, depth_of(at->to, at->from, at->after)};
    int32_t levels = from.depth > to.depth ? from.depth : to.depth;
    add_scaling(at->from, at->to, out);
    double h = at->to - at->from, root = sqrt(h), width = 1;
    for (int32_t level = 0; level < levels; level++) {
        add_level(&from, &to, &(scale){level, width, sqrt(width) / root}, out);
        width /= 2;
    }
    add_private(&from, h, out);
    add_private(&to, h, out);
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

/* A number for an interval that cannot be resolved, another one for another beginning. */
static uint32_t spare_of(double from)
{
    uint64_t bits;
    memcpy(&bits, &from, sizeof bits);
    itp_philox_state s = {(uint32_t)bits, (uint32_t)(bits >> 32), 0, 0, 0, 0};
    return UNRESOLVED + 2 * (itp_philox_rounds(s).x0 >> 5);
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
    const itp_brownian_interval at = {itp_brownian_position(from), itp_brownian_position(to), 0, 1, spare_of(from)};
    double root = sqrt(at.to > at.from ? at.to - at.from : to - from);
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
