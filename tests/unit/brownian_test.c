/* The Brownian path as combinations of normals: an interval's terms are a vector over m, and the laws of the path are
 * identities of such vectors, checked to rounding. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/check.h"
#include "noise/brownian.h"

enum { SCALING = 0x20000000, DEEP = 0x40000000, MOST = 1024, FINE = 5 };

/* What an interval asks for: its W, its A, or its H and B(to) - B(from) by their scale. */
typedef struct vector {
    itp_noise_term term[ITP_BROWNIAN_TERMS];
    int32_t count;
} vector;

static vector expand_ends(itp_brownian_end from, itp_brownian_end to, double increment, double area)
{
    const itp_brownian_interval at = {from, to};
    vector out;
    out.count = itp_brownian_terms(&at, increment, area, out.term);
    check_true("room", out.count <= ITP_BROWNIAN_TERMS);
    for (int32_t i = 0; i < out.count; i++) {
        check_true("finite", isfinite(out.term[i].coef) && out.term[i].coef != 0);
        check_true("increasing m", i == 0 || out.term[i].m > out.term[i - 1].m);
        check_true("31 bits", out.term[i].m < 0x7fffffffU);
    }
    return out;
}

/* The path itself. */
static vector alone(double from, double to, double increment, double area)
{
    const itp_brownian_end begin = {from, ITP_BROWNIAN_EXACT}, end = {to, ITP_BROWNIAN_EXACT};
    return expand_ends(begin, end, increment, area);
}

static itp_brownian_end between(double before, double at, double after)
{
    double distance = fmin(at > before ? at - before : 1, after > at ? after - at : 1);
    return (itp_brownian_end){at, itp_brownian_level(distance) + FINE};
}

/* As a plan has it that has nodes there. */
static vector expand(double from, double to, double before, double after, double increment, double area)
{
    return expand_ends(between(before, from, to), between(from, to, after), increment, area);
}

static double dot(const vector *a, const vector *b)
{
    double sum = 0;
    for (int32_t i = 0, j = 0; i < a->count && j < b->count;) {
        uint32_t m = a->term[i].m, other = b->term[j].m;
        if (m == other) sum += a->term[i].coef * b->term[j].coef;
        i += m <= other;
        j += other <= m;
    }
    return sum;
}

static double coef_of(const vector *a, uint32_t m)
{
    for (int32_t i = 0; i < a->count; i++) {
        if (a->term[i].m == m) return a->term[i].coef;
    }
    return 0;
}

/* Largest coefficient of a x + b y - z. */
static double distance(double a, const vector *x, double b, const vector *y, const vector *z)
{
    const vector *all[] = {x, y, z};
    double largest = 0;
    for (int k = 0; k < COUNT(all); k++) {
        for (int32_t i = 0; i < all[k]->count; i++) {
            uint32_t m = all[k]->term[i].m;
            largest = fmax(largest, fabs(a * coef_of(x, m) + b * coef_of(y, m) - coef_of(z, m)));
        }
    }
    return largest;
}

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

/* A position anywhere, near 0 or near 1. */
static double position(uint64_t *state)
{
    double x = uniform(state), kind = uniform(state), tiny = exp(-36 * uniform(state));
    return kind < .5 ? x : kind < .75 ? tiny : 1 - tiny;
}

/* ---- one interval ---- */

static void has_the_law(const char *label, const vector *w, const vector *a, const vector *both)
{
    check_near(label, dot(w, w), 1, 1e-12);
    check_near(label, dot(a, a), 1, 1e-12);
    check_near(label, dot(w, a), 0, 1e-12);
    check_near(label, dot(both, both), .6 * .6 + 1.7 * 1.7, 1e-12);
    check_near(label, dot(both, a), 1.7, 1e-12);
}

static void law_of_one(const char *label, double from, double to, double before, double after)
{
    vector w = expand(from, to, before, after, 1, 0), a = expand(from, to, before, after, 0, 1);
    vector both = expand(from, to, before, after, -.6, 1.7);
    has_the_law(label, &w, &a, &both);
    w = alone(from, to, 1, 0);
    a = alone(from, to, 0, 1);
    both = alone(from, to, -.6, 1.7);
    has_the_law(label, &w, &a, &both);
}

static void any_interval_has_the_law(void **state)
{
    (void)state;
    uint64_t rng = 1;
    label name;
    int32_t most = 0;
    for (int i = 0; i < 10000; i++) {
        double from = position(&rng), to = position(&rng), before, after;
        if (i % 2) to = from + exp(-34 * uniform(&rng)) * (1 - from);
        if (from > to) before = from, from = to, to = before;
        if (from == to) continue;
        before = i % 3 ? from * uniform(&rng) : from * (1 - 1e-6 * uniform(&rng));
        after = i % 5 ? 1 - (1 - to) * uniform(&rng) : to + (1 - to) * 1e-6 * uniform(&rng);
        law_of_one(label_index(&name, "random interval", i), from, to, before, after);
        vector both = alone(from, to, 1, 1);
        if (both.count > most) most = both.count;
    }
    print_message("# at most %d terms\n", most);
    assert_true(most > 200);
}

static void extreme_intervals_have_the_law(void **state)
{
    (void)state;
    const double ends[][2] = {
        {0, 1},           {0, 5e-324},          {0, 1e-300},          {0, 1e-12},         {1e-300, 1},
        {5e-324, 1e-310}, {1 - 0x1p-53, 1},     {.3, 1 - 0x1p-53},    {.5 - 0x1p-54, .5}, {.5, .5 + 0x1p-53},
        {.5, .5 + 1e-9},  {.5 - 1e-9, .5},      {.3, .3 + 0x1p-54},   {.3, .3 + 1e-9},    {.25 - 1e-13, .25 + 1e-12},
        {1e-9, 2e-9},     {1 - 2e-9, 1 - 1e-9}, {1. / 3, 1. / 3 + 1}, {1e-9, 1 - 1e-9},
    };
    label name;
    for (int i = 0; i < COUNT(ends); i++) {
        law_of_one(label_index(&name, "extreme interval", i), ends[i][0], fmin(ends[i][1], 1), 0, 1);
    }
}

static void an_empty_interval_has_no_terms(void **state)
{
    (void)state;
    const double at[] = {0, .7, .5, 1};
    for (int i = 0; i < COUNT(at); i++) {
        vector both = alone(at[i], at[i], .25, -3);
        assert_int_equal(both.count, 0);
    }
}

/* ---- against the definition ---- */

/* The function whose integral against dB is increment W + area A. */
static double weight(double x, double from, double to, double increment, double area)
{
    double h = to - from, middle = (from + to) / 2;
    if (x < from || x > to) return 0;
    return (increment - area * sqrt(12) * (x - middle) / h) / sqrt(h);
}

static double wavelet(double x, int level, int number, int odd)
{
    double scale = ldexp(1, level), y = x * scale - number - .5;
    if (fabs(y) > .5) return 0;
    return sqrt(scale) * (odd ? (y < 0 ? -2 : 2) * (1 - 3 * fabs(y)) : sqrt(3) * (4 * fabs(y) - 1));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Gauss with two points on each linear part is exact. */
static double integral(const double interval[2], const double law[2], int level, int number, int odd)
{
    double scale = ldexp(1, -level), sum = 0;
    double at[5] = {interval[0], interval[1], number * scale, (number + .5) * scale, (number + 1) * scale};
    qsort(at, 5, sizeof *at, ascending);
    for (int i = 0; i < 4; i++) {
        double half = (at[i + 1] - at[i]) / 2, middle = (at[i + 1] + at[i]) / 2;
        for (int side = -1; side <= 1; side += 2) {
            double x = middle + side * half / sqrt(3);
            sum += half * weight(x, interval[0], interval[1], law[0], law[1]) * wavelet(x, level, number, odd);
        }
    }
    return sum;
}

static void terms_are_integrals_against_the_basis(void **state)
{
    (void)state;
    const double intervals[][2] = {{.1, .9}, {.3, .301}, {.123, .4999}, {.499, .502}, {0, .7}, {.26, 1}, {.77, .7704}};
    const double law[2] = {.8, -1.3};
    for (int i = 0; i < COUNT(intervals); i++) {
        vector both = alone(intervals[i][0], intervals[i][1], law[0], law[1]);
        for (int level = 0; level < 10; level++) {
            for (int j = 0; j < 2 << level; j++) { /* 2 number + odd */
                uint32_t m = (uint32_t)SCALING + 2 * (1U << level) + (uint32_t)j;
                check_near("wavelet", coef_of(&both, m), integral(intervals[i], law, level, j / 2, j % 2), 1e-11);
            }
        }
    }
}

static void whole_interval_is_two_normals(void **state)
{
    (void)state;
    vector w = alone(0, 1, 2, 0), a = alone(0, 1, 0, 2);
    assert_int_equal(w.count, 1);
    assert_int_equal(w.term[0].m, SCALING);
    check_near("W", w.term[0].coef, 2, 1e-15);
    assert_int_equal(a.count, 1);
    assert_int_equal(a.term[0].m, SCALING + 1);
    check_near("A", a.term[0].coef, -2, 1e-15);
}

static void dyadic_intervals_need_few_terms(void **state)
{
    (void)state;
    const struct {
        double from, to;
        int32_t count;
    } rows[] = {{0, .5, 4},       {.5, 1, 4},       {.25, .5, 6},         {.25, .75, 8},
                {0, 0x1p-10, 22}, {.375, .625, 12}, {1 - 0x1p-26, 1, 54}, {0x1p-26, 0x1p-25, 54}};
    label name;
    for (int i = 0; i < COUNT(rows); i++) {
        vector both = alone(rows[i].from, rows[i].to, 1, 1);
        check_true(label_index(&name, "few terms", i), both.count <= rows[i].count);
        check_true(label_index(&name, "no private normals", i), both.term[both.count - 1].m < DEEP);
    }
    vector half = alone(0, .5, 1, 0);
    assert_int_equal(half.count, 3); /* two functions on [0, 1] and the odd wavelet; the even one cancels */
}

static int level_of(uint32_t m)
{
    int level = -1;
    for (uint32_t heap = (m - SCALING) / 2; heap; heap /= 2) level++;
    return level;
}

/* Down to cells of about 2^-5 of the distance to the nearer neighbour, and no further. */
static void ends_are_resolved_down_to_their_level(void **state)
{
    (void)state;
    const double positions[] = {.3, .49, .51, .24, .77, .01, .99, 1e-4, 1 - 1e-4, 2e-5, 1 - 1e-5};
    for (int i = 0; i < COUNT(positions); i++) {
        double p = positions[i], width = exp2(-5 + round(log2(fmin(p, 1 - p))));
        vector both = expand(0, p, 0, 1, 1, 1);
        assert_true(both.term[both.count - 1].m < DEEP);
        check_same("deepest level", level_of(both.term[both.count - 1].m), -log2(width));
    }
}

/* The share of B's own variance that the two normals of an end keep, of all that is below its level: of a cell's
 * centre everything, elsewhere most. With independent normals it would be 0. */
static void what_is_below_the_level_follows_the_path(void **state)
{
    (void)state;
    uint64_t rng = 3;
    double distance_squared = 0, below = 0;
    for (int i = 0; i < 1000; i++) {
        double p = .25 + .5 * uniform(&rng), root = sqrt(p);
        const itp_brownian_end start = {0, ITP_BROWNIAN_EXACT}, coarse = {p, 8}, wide = {floor(p * 256) / 256, 8};
        vector near = expand_ends(start, coarse, root, 0), exact = alone(0, p, root, 0);
        double f = (p - wide.at) * 256, q = f * (1 - f);
        distance_squared += dot(&near, &near) + dot(&exact, &exact) - 2 * dot(&near, &exact);
        below += q * (1 - 3 * q) / 256;
    }
    print_message("# mean square of B less what stands for it: %.3f of what is below the level\n",
                  distance_squared / below);
    assert_true(distance_squared < .7 * below);
    const itp_brownian_end start = {0, ITP_BROWNIAN_EXACT}, centre = {171.5 / 256, 8};
    vector near = expand_ends(start, centre, .6, .8), exact = alone(0, centre.at, .6, .8);
    assert_true(distance(1, &near, 0, &near, &exact) < 1e-15);
}

/* ---- several intervals ---- */

typedef struct grid {
    double at[MOST];
    int nodes;
} grid;

static vector of_grid(const grid *g, int i, double increment, double area)
{
    double before = i > 0 ? g->at[i - 1] : 0, after = i + 2 < g->nodes ? g->at[i + 2] : 1;
    return expand(g->at[i], g->at[i + 1], before, after, increment, area);
}

/* Each interval against each other one. */
static void gram_is_diagonal(const char *label, const grid *g)
{
    static vector mixed[MOST], other[MOST];
    double worst = 0;
    for (int i = 0; i + 1 < g->nodes; i++) {
        mixed[i] = of_grid(g, i, .6, .8);
        other[i] = of_grid(g, i, .8, -.6);
        check_near(label, dot(&mixed[i], &mixed[i]), 1, 1e-12);
        check_near(label, dot(&mixed[i], &other[i]), 0, 1e-12);
        for (int j = 0; j < i; j++) {
            worst = fmax(worst, fmax(fabs(dot(&mixed[i], &mixed[j])), fabs(dot(&mixed[i], &other[j]))));
        }
    }
    print_message("# %s: inner products up to %.1e\n", label, worst);
    check_true(label, worst < 1e-12);
}

static void fine_grid_is_white(void **state)
{
    (void)state;
    static grid g;
    g.nodes = 1001;
    for (int i = 0; i <= 1000; i++) g.at[i] = itp_brownian_clock(i / 1000., (1000 - i) / 1000.);
    gram_is_diagonal("1000 steps in u", &g);
}

/* Nodes that crowd at an end as those of the usual noise schedules do, and random ones with near neighbours. */
static void other_grids_are_white(void **state)
{
    (void)state;
    static grid g;
    uint64_t rng = 5;
    g.nodes = 65;
    for (int i = 0; i <= 64; i++) {
        double sigma = pow(pow(80, 1. / 7) + i / 64. * (pow(.002, 1. / 7) - pow(80, 1. / 7)), 7);
        g.at[i] = itp_brownian_clock(1, sigma);
    }
    gram_is_diagonal("sigma from 80 to .002", &g);
    g.nodes = 28;
    for (int i = 1; i < 28; i++) g.at[i] = ldexp(1, i - 27);
    g.at[0] = 0;
    gram_is_diagonal("powers of two", &g);
    g.nodes = 300;
    for (int i = 0; i < g.nodes; i += 2) {
        g.at[i] = .999 * uniform(&rng);
        g.at[i + 1] = g.at[i] + 0x1p-25 * (1 + uniform(&rng));
    }
    qsort(g.at, 300, sizeof *g.at, ascending);
    gram_is_diagonal("random pairs 2^-25 apart", &g);
}

/* The path itself, on nodes as close as numbers of type double are. */
static void close_grids_are_white(void **state)
{
    (void)state;
    static const double starts[] = {.38360202888658534, .7, 1e-3, 1e-9, 1 - 1e-3};
    label name;
    for (int i = 0; i < COUNT(starts) * 4; i++) {
        enum { PARTS = 24 };
        vector mixed[PARTS], other[PARTS];
        double at = starts[i / 4], step = exp2(-20 - 8 * (i % 4)) * (at < 1e-6 ? 1e-6 : 1);
        for (int j = 0; j < PARTS; j++) {
            double next = at + step * (1 + .37 * (j % 3));
            mixed[j] = alone(at, next, .6, .8);
            other[j] = alone(at, next, .8, -.6);
            at = next;
            for (int k = 0; k <= j; k++) {
                check_near(label_index(&name, "close", i), dot(&mixed[j], &mixed[k]), j == k, 1e-12);
                check_near(label_index(&name, "close", i), dot(&mixed[j], &other[k]), 0, 1e-12);
            }
        }
    }
}

/* X and H of [a, c] from those of [a, b] and [b, c]: H_ac = (h1/h) H1 + (h2/h) H2 + (h2 X1 - h1 X2)/(2 h). */
static void composes(const char *label, const itp_brownian_end at[3])
{
    double left = at[1].at - at[0].at, right = at[2].at - at[1].at, h = at[2].at - at[0].at;
    vector x1 = expand_ends(at[0], at[1], sqrt(left), 0), x2 = expand_ends(at[1], at[2], sqrt(right), 0);
    vector x = expand_ends(at[0], at[2], sqrt(h), 0);
    check_true(label, distance(1, &x1, 1, &x2, &x) < 1e-12 * sqrt(h));
    vector y1 = expand_ends(at[0], at[1], right / 2 / h * sqrt(left), left / h * sqrt(left / 12));
    vector y2 = expand_ends(at[1], at[2], -left / 2 / h * sqrt(right), right / h * sqrt(right / 12));
    vector y = expand_ends(at[0], at[2], 0, sqrt(h / 12));
    check_true(label, distance(1, &y1, 1, &y2, &y) < 1e-12 * sqrt(h));
}

static void three_compose(const char *label, double a, double b, double c)
{
    const itp_brownian_end exact[3] = {{a, ITP_BROWNIAN_EXACT}, {b, ITP_BROWNIAN_EXACT}, {c, ITP_BROWNIAN_EXACT}};
    const itp_brownian_end coarse[3] = {between(0, a, b), between(a, b, c), between(b, c, 1)};
    composes(label, exact);
    composes(label, coarse);
}

/* Anywhere, and down to a distance of 1e-13 from each other, relatively to the nearer end. */
static void adjacent_intervals_add_up(void **state)
{
    (void)state;
    uint64_t rng = 9;
    label name;
    for (int i = 0; i < 4000; i++) {
        double at[3] = {position(&rng), uniform(&rng), position(&rng)}, size = exp(-30 * uniform(&rng));
        if (i % 2) at[1] = at[0] + (1 - at[0]) * size;
        if (i % 4 == 3) at[2] = at[1] + (1 - at[1]) * size * uniform(&rng);
        qsort(at, 3, sizeof *at, ascending);
        if (at[0] == at[1] || at[1] == at[2]) continue;
        three_compose(label_index(&name, "three nodes", i), at[0], at[1], at[2]);
    }
    three_compose("ends", 0, .3, 1);
    three_compose("dyadic", .25, .5, .75);
    three_compose("seen in the wild", .38360202888658534, .383613591547772, .383636010078562);
}

static void disjoint_intervals_are_independent(void **state)
{
    (void)state;
    uint64_t rng = 13;
    label name;
    for (int i = 0; i < 2000; i++) {
        double at[4] = {position(&rng), position(&rng), uniform(&rng), uniform(&rng)};
        if (i % 2) at[3] = at[2] + (1 - at[2]) * exp(-30 * uniform(&rng));
        qsort(at, 4, sizeof *at, ascending);
        vector first = alone(at[0], at[1], .6, .8), last = alone(at[2], at[3], -.8, .6);
        check_near(label_index(&name, "two intervals", i), dot(&first, &last), 0, 1e-12);
    }
}

/* B(s) and B(t) of two separate questions. */
static void covariance_is_the_smaller_time(void **state)
{
    (void)state;
    uint64_t rng = 17;
    for (int i = 0; i < 2000; i++) {
        double s = uniform(&rng), t = uniform(&rng);
        vector x = alone(0, s, sqrt(s), 0), y = alone(0, t, sqrt(t), 0);
        check_near("covariance", dot(&x, &y), fmin(s, t), 1e-12);
    }
}

/* ---- beside a border ---- */

static const double borders[] = {
    .5, .25, .75, .3125, 0x1p-9, 1 - 0x1p-9, 0x1.5p-2, 0x1.5555558p-2, 0x1.4p-24, 0x1p-27, 1 - 0x1p-27,
};
enum { SIDES = 4 };

static double beside(double border, int side)
{
    const double places[SIDES] = {nextafter(border, 0), nextafter(border, 1), border * (1 - 0x1.8p-49),
                                  border * (1 + 0x1.8p-49)};
    return places[side];
}

static void are_the_same(const char *label, const vector *a, const vector *b)
{
    check_true(label, a->count == b->count);
    for (int32_t i = 0; i < a->count; i++) {
        check_true(label, a->term[i].m == b->term[i].m);
        check_near(label, a->term[i].coef, b->term[i].coef, 1e-12);
    }
}

/* As an interval's end, its beginning, or a neighbour. */
static void a_position_beside_a_border_is_on_it(void **state)
{
    (void)state;
    label name;
    for (int i = 0; i < COUNT(borders) * SIDES; i++) {
        double on = borders[i / SIDES], raw = beside(on, i % SIDES), at = itp_brownian_position(raw);
        double low = on * .7, high = .3 + on * .7;
        const vector want[] = {expand(low, on, 0, high, .6, .8), expand(on, high, low, 1, .6, .8),
                               expand(low, high, on, on, .6, .8)};
        const vector have[] = {expand(low, at, 0, high, .6, .8), expand(at, high, low, 1, .6, .8),
                               expand(low, high, at, at, .6, .8)};
        assert_true(raw != on && at == on);
        for (int j = 0; j < COUNT(want); j++) are_the_same(label_index(&name, "beside", i), &have[j], &want[j]);
    }
}

static void only_last_bits_are_moved(void **state)
{
    (void)state;
    const double kept[] = {0, 5e-324, 1e-300, 0x1p-60, 1e-9, .1, .3, 1. / 3, .25 + 0x1p-49, .7, 1 - 0x1p-53, 1};
    label name;
    for (int i = 0; i < COUNT(kept); i++) {
        check_true(label_index(&name, "kept", i), itp_brownian_position(kept[i]) == kept[i]);
    }
    for (int i = 0; i < COUNT(borders); i++) {
        for (int side = -1; side <= 1; side += 2) {
            double at = borders[i] * (1 + side * 0x1.1p-48);
            check_true(label_index(&name, "not so near", i), itp_brownian_position(at) == at);
        }
    }
}

/* The clock of nodes that meet a border but for rounding. */
static void nodes_are_on_borders(void **state)
{
    (void)state;
    label name;
    int rounded = 0;
    for (int i = 1; i < 4096; i++) {
        double s = i / 4096., r = sqrt(s / (1 - s)), u = r / (1 + r), w = 1 / (1 + r);
        rounded += u * u / (u * u + w * w) != s;
        check_true(label_index(&name, "node", i), itp_brownian_clock(u, w) == s);
        check_true(label_index(&name, "before", i), itp_brownian_clock(nextafter(u, 0), nextafter(w, 1)) == s);
        check_true(label_index(&name, "after", i), itp_brownian_clock(nextafter(u, 1), nextafter(w, 0)) == s);
    }
    print_message("# %d of 4095 nodes beside their borders\n", rounded);
    assert_true(rounded > 400);
}

static void values_beside_borders_add_up(void **state)
{
    (void)state;
    enum { FEW = 16 };
    double x1[FEW], x2[FEW], x[FEW];
    itp_brownian(1, 2, 0, 1, 0, ITP_FLOAT64, x, NULL, FEW);
    for (int i = 0; i < COUNT(borders) * SIDES; i++) {
        double on = borders[i / SIDES], at = beside(on, i % SIDES);
        itp_brownian(1, 2, 0, at, 0, ITP_FLOAT64, x1, NULL, FEW);
        itp_brownian(1, 2, beside(on, i % 3), 1, 0, ITP_FLOAT64, x2, NULL, FEW);
        for (int e = 0; e < FEW; e++) check_near("sum", x1[e] + x2[e], x[e], 1e-13);
    }
    check_status("none", itp_brownian(1, 2, nextafter(.5, 0), .5, 0, ITP_FLOAT64, x, x1, FEW), ITP_OK);
    for (int e = 0; e < FEW; e++) check_true("one position", x[e] == 0 && x1[e] == 0); /* or nothing would add up */
}

/* ---- the values ---- */

enum { ELEMENTS = 700 };

static void values_are_the_sums(void **state)
{
    (void)state;
    double x[ELEMENTS], y[ELEMENTS], sum[ELEMENTS] = {0}, area[ELEMENTS] = {0}, normal[ELEMENTS];
    const double from = .2, to = .207, h = to - from;
    vector w = alone(from, to, sqrt(h), 0), a = alone(from, to, 0, sqrt(h / 12));
    check_status("path", itp_brownian(3, 4, from, to, 5, ITP_FLOAT64, x, y, ELEMENTS), ITP_OK);
    for (int32_t i = 0; i < w.count; i++) {
        itp_normals(3, 4, w.term[i].m, 5, ITP_FLOAT64, normal, ELEMENTS);
        for (int e = 0; e < ELEMENTS; e++) sum[e] += w.term[i].coef * normal[e];
    }
    for (int32_t i = 0; i < a.count; i++) {
        itp_normals(3, 4, a.term[i].m, 5, ITP_FLOAT64, normal, ELEMENTS);
        for (int e = 0; e < ELEMENTS; e++) area[e] += a.term[i].coef * normal[e];
    }
    for (int e = 0; e < ELEMENTS; e++) {
        check_true("increment", fabs(x[e] - sum[e]) < 1e-14);
        check_true("area", fabs(y[e] - area[e]) < 1e-14);
    }
}

static void values_add_up(void **state)
{
    (void)state;
    double x1[ELEMENTS], x2[ELEMENTS], x[ELEMENTS];
    itp_brownian(1, 2, .1, .35, 0, ITP_FLOAT64, x1, NULL, ELEMENTS);
    itp_brownian(1, 2, .35, .9, 0, ITP_FLOAT64, x2, NULL, ELEMENTS);
    itp_brownian(1, 2, .1, .9, 0, ITP_FLOAT64, x, NULL, ELEMENTS);
    for (int e = 0; e < ELEMENTS; e++) check_near("sum", x1[e] + x2[e], x[e], 1e-13);
}

/* Order, parts, types and whether the other array is wanted change no bit. */
static void values_do_not_depend_on_the_question(void **state)
{
    (void)state;
    double x[2][ELEMENTS], y[2][ELEMENTS], part[ELEMENTS];
    float narrow[ELEMENTS];
    for (int i = 0; i < 2; i++) itp_brownian(1, 2, .1 + .3 * i, .9, 7, ITP_FLOAT64, x[i], y[i], ELEMENTS);
    for (int i = 1; i >= 0; i--) {
        itp_brownian(1, 2, .1 + .3 * i, .9, 7, ITP_FLOAT64, part, NULL, ELEMENTS);
        assert_memory_equal(part, x[i], sizeof part);
        itp_brownian(1, 2, .1 + .3 * i, .9, 7, ITP_FLOAT64, NULL, part, ELEMENTS);
        assert_memory_equal(part, y[i], sizeof part);
        for (size_t at = 0, step = 1; at < ELEMENTS; at += step++) {
            step = at + step > ELEMENTS ? ELEMENTS - at : step;
            itp_brownian(1, 2, .1 + .3 * i, .9, 7 + at, ITP_FLOAT64, part + at, NULL, step);
        }
        assert_memory_equal(part, x[i], sizeof part);
        itp_brownian(1, 2, .1 + .3 * i, .9, 7, ITP_FLOAT32, NULL, narrow, ELEMENTS);
        for (int e = 0; e < ELEMENTS; e++) check_same("narrowed", (double)narrow[e], (double)(float)y[i][e]);
    }
}

static void seeds_and_samples_differ(void **state)
{
    (void)state;
    double x[3];
    itp_brownian(1, 2, .1, .2, 0, ITP_FLOAT64, &x[0], NULL, 1);
    itp_brownian(2, 2, .1, .2, 0, ITP_FLOAT64, &x[1], NULL, 1);
    itp_brownian(1, 3, .1, .2, 0, ITP_FLOAT64, &x[2], NULL, 1);
    assert_true(x[0] != x[1] && x[0] != x[2] && x[1] != x[2]);
}

/* Sums over any nodes are B(1) - B(0), whatever their number. */
static void values_of_many_nodes_add_up(void **state)
{
    (void)state;
    enum { FEW = 4, NODES = 3000 };
    static double at[NODES + 1];
    double whole[FEW], part[FEW], sum[FEW];
    itp_brownian(3, 1, 0, 1, 0, ITP_FLOAT64, whole, NULL, FEW);
    for (int kind = 0; kind < 2; kind++) {
        uint64_t rng = 1;
        for (int i = 0; i <= NODES; i++) at[i] = kind && i % NODES ? uniform(&rng) : (double)i / NODES;
        qsort(at, NODES + 1, sizeof *at, ascending);
        memset(sum, 0, sizeof sum);
        for (int i = 0; i < NODES; i++) {
            check_status("part", itp_brownian(3, 1, at[i], at[i + 1], 0, ITP_FLOAT64, part, NULL, FEW), ITP_OK);
            for (int e = 0; e < FEW; e++) sum[e] += part[e];
        }
        for (int e = 0; e < FEW; e++) check_near("B(1) - B(0)", sum[e], whole[e], 1e-12);
    }
}

static void close_values_differ(void **state)
{
    (void)state;
    double x, y, area;
    check_status("one", itp_brownian(1, 2, .3, .3 + 1e-9, 0, ITP_FLOAT64, &x, &area, 1), ITP_OK);
    check_status("next", itp_brownian(1, 2, .3 + 1e-9, .3 + 2e-9, 0, ITP_FLOAT64, &y, NULL, 1), ITP_OK);
    assert_true(fabs(x - y) > 1e-7 && fabs(x) < 1e-3 && fabs(y) < 1e-3);
    assert_true(fabs(area) < 1e-4 && fabs(area) > 1e-8);
}

static void hash_word(uint64_t *hash, uint64_t word)
{
    for (int i = 0; i < 8; i++, word >>= 8) *hash = (*hash ^ (word & 0xFF)) * UINT64_C(1099511628211);
}

/* FNV-1a over numbers and bits: the same from every compiler and on every platform. */
static void bits_are_pinned(void **state)
{
    (void)state;
    static grid g;
    uint64_t hash = UINT64_C(14695981039346656037), bits;
    g.nodes = 101;
    for (int i = 0; i <= 100; i++) g.at[i] = itp_brownian_clock(i / 100., (100 - i) / 100.);
    for (int i = 0; i < 100; i++) {
        vector both = of_grid(&g, i, .75, -1.25);
        for (int32_t j = 0; j < both.count; j++) {
            memcpy(&bits, &both.term[j].coef, sizeof bits);
            hash_word(&hash, both.term[j].m);
            hash_word(&hash, bits);
        }
    }
    for (int i = 0; i < 100; i++) {
        double x[2];
        itp_brownian(2024, 7, g.at[i], g.at[i + 1], 11, ITP_FLOAT64, &x[0], &x[1], 1);
        for (int j = 0; j < 2; j++) {
            memcpy(&bits, &x[j], sizeof bits);
            hash_word(&hash, bits);
        }
    }
    print_message("# hash %016llx\n", (unsigned long long)hash);
    assert_true(hash == UINT64_C(0xF66841A4ACBA8A9C));
}

static void clock_runs_from_zero_to_one(void **state)
{
    (void)state;
    check_same("start", itp_brownian_clock(0, 1), 0);
    check_same("end", itp_brownian_clock(1, 0), 1);
    check_true("not yet the start", itp_brownian_clock(1e-300, 1) > 0);
    check_same("middle", itp_brownian_clock(.5, .5), .5);
    check_near("u = .2", itp_brownian_clock(.2, .8), 1. / 17, 1e-15);
    for (int i = 0; i < 1000; i++) {
        double now = itp_brownian_clock(i / 1000., 1 - i / 1000.),
               next = itp_brownian_clock((i + 1) / 1000., .999 - i / 1000.);
        assert_true(now < next);
    }
}

static void bad_arguments(void **state)
{
    (void)state;
    double x[2] = {8, 8};
    const double ends[][2] = {{-.1, .5}, {.5, .5}, {.6, .5}, {.5, 1.1}, {NAN, .5}, {.5, NAN}, {-INFINITY, INFINITY}};
    const uint64_t limit = UINT64_C(1) << 34;
    for (int i = 0; i < COUNT(ends); i++) {
        check_status("ends", itp_brownian(1, 2, ends[i][0], ends[i][1], 0, ITP_FLOAT64, x, x + 1, 1), ITP_E_RANGE);
    }
    check_status("arrays", itp_brownian(1, 2, .1, .2, 0, ITP_FLOAT64, NULL, NULL, 1), ITP_E_ARGUMENT);
    check_status("type", itp_brownian(1, 2, .1, .2, 0, 0, x, x + 1, 1), ITP_E_UNSUPPORTED);
    check_status("type", itp_brownian(1, 2, .1, .2, 0, 3, x, x + 1, 1), ITP_E_UNSUPPORTED);
    check_status("first", itp_brownian(1, 2, .1, .2, limit, ITP_FLOAT64, x, x + 1, 1), ITP_E_RANGE);
    check_status("first", itp_brownian(1, 2, .1, .2, limit + 1, ITP_FLOAT64, x, x + 1, 0), ITP_E_RANGE);
    check_status("count", itp_brownian(1, 2, .1, .2, 1, ITP_FLOAT64, x, x + 1, SIZE_MAX), ITP_E_RANGE);
    assert_true(x[0] == 8 && x[1] == 8);
    check_status("nothing", itp_brownian(1, 2, .1, .2, 0, ITP_FLOAT64, NULL, NULL, 0), ITP_OK);
    check_status("last", itp_brownian(1, 2, .1, .2, limit - 1, ITP_FLOAT64, x, x + 1, 1), ITP_OK);
    assert_true(x[0] != 8 && x[1] != 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_interval_has_the_law),
        cmocka_unit_test(extreme_intervals_have_the_law),
        cmocka_unit_test(an_empty_interval_has_no_terms),
        cmocka_unit_test(terms_are_integrals_against_the_basis),
        cmocka_unit_test(whole_interval_is_two_normals),
        cmocka_unit_test(dyadic_intervals_need_few_terms),
        cmocka_unit_test(ends_are_resolved_down_to_their_level),
        cmocka_unit_test(what_is_below_the_level_follows_the_path),
        cmocka_unit_test(fine_grid_is_white),
        cmocka_unit_test(other_grids_are_white),
        cmocka_unit_test(close_grids_are_white),
        cmocka_unit_test(adjacent_intervals_add_up),
        cmocka_unit_test(disjoint_intervals_are_independent),
        cmocka_unit_test(covariance_is_the_smaller_time),
        cmocka_unit_test(a_position_beside_a_border_is_on_it),
        cmocka_unit_test(only_last_bits_are_moved),
        cmocka_unit_test(nodes_are_on_borders),
        cmocka_unit_test(values_beside_borders_add_up),
        cmocka_unit_test(values_are_the_sums),
        cmocka_unit_test(values_add_up),
        cmocka_unit_test(values_do_not_depend_on_the_question),
        cmocka_unit_test(seeds_and_samples_differ),
        cmocka_unit_test(values_of_many_nodes_add_up),
        cmocka_unit_test(close_values_differ),
        cmocka_unit_test(bits_are_pinned),
        cmocka_unit_test(clock_runs_from_zero_to_one),
        cmocka_unit_test(bad_arguments),
    };
    return cmocka_run_group_tests_name("brownian", tests, NULL, NULL);
}
