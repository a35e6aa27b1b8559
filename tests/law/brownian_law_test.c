/* The laws of the Brownian path from its values: increments and areas are normal and independent, B has the covariance
 * min(s, t), and B(m) given B(a) and B(b) is the Brownian bridge. Bounds are five standard deviations of an estimate,
 * and for Kolmogorov and Smirnov's sqrt(n) times the distance 1.95, which is exceeded once in a thousand times. */
#include <interp/interp.h>

#include <math.h>

#include "../common/check.h"
#include "../common/stats.h"

enum { N = 1 << 18, SEED = 20 };

static double normal_law(const void *user, double x)
{
    return .5 * erfc(-x / *(const double *)user / sqrt(2));
}

static void follows(const char *label, double *x, double deviation)
{
    double size = stats_ks(x, N, normal_law, &deviation) * sqrt(N);
    print_message("# %s: %.3f\n", label, size);
    check_true(label, size < 1.95);
}

static double product(const double *x, const double *y)
{
    double sum = 0;
    for (int i = 0; i < N; i++) sum += x[i] * y[i];
    return sum / N;
}

/* The mean of x y is `covariance`, where x and y have these variances. */
static void covary(const char *label, const double *x, const double *y, double vx, double vy, double covariance)
{
    double scale = sqrt((vx * vy + covariance * covariance) / N);
    check_true(label, fabs(product(x, y) - covariance) < 5 * scale);
}

/* Mean of (x^2 - vx)(y^2 - vy): 0 where x and y are independent. */
static void squares_are_uncorrelated(const char *label, const double *x, const double *y, double vx, double vy)
{
    double sum = 0;
    for (int i = 0; i < N; i++) sum += (x[i] * x[i] / vx - 1) * (y[i] * y[i] / vy - 1) / N;
    check_true(label, fabs(sum) < 5 * 2 / sqrt(N));
}

static void path(uint64_t sample, double from, double to, double *increment, double *area)
{
    check_status("path", itp_brownian(SEED, sample, from, to, 3, ITP_FLOAT64, increment, area, N), ITP_OK);
}

static void interval(uint64_t sample, double from, double to)
{
    static double w[N], h[N];
    const double variance = to - from;
    label name;
    path(sample, from, to, w, h);
    covary(label_at(&name, "var W", from), w, w, variance, variance, variance);
    covary(label_at(&name, "var H", from), h, h, variance / 12, variance / 12, variance / 12);
    covary(label_at(&name, "W H", from), w, h, variance, variance / 12, 0);
    check_true("W H", fabs(product(w, h)) < .01);
    squares_are_uncorrelated(label_at(&name, "squares", from), w, h, variance, variance / 12);
    follows(label_at(&name, "W", from), w, sqrt(variance));
    follows(label_at(&name, "H", from), h, sqrt(variance / 12));
}

static void increments_and_areas_are_normal(void **state)
{
    (void)state;
    const double ends[][2] = {{0, 1},         {0, .4},    {.3, .3001},     {.37, 1},
                              {1e-5, 2.5e-5}, {.52, .77}, {.2, .2 + 1e-9}, {1 - 1e-4, 1 - 3e-5}};
    for (int i = 0; i < COUNT(ends); i++) interval((uint64_t)i, ends[i][0], ends[i][1]);
}

/* One element of many samples. */
static void samples_are_normal(void **state)
{
    (void)state;
    static double w[N];
    for (int i = 0; i < N; i++) itp_brownian(SEED, (uint64_t)i, .1, .6, 2, ITP_FLOAT64, &w[i], NULL, 1);
    covary("samples", w, w, .5, .5, .5);
    follows("samples", w, sqrt(.5));
}

static void covariance_is_the_smaller_time(void **state)
{
    (void)state;
    enum { TIMES = 7 };
    static double b[TIMES][N];
    const double times[TIMES] = {.001, .013, .1, .101, .45, .8, 1};
    label name;
    for (int i = 0; i < TIMES; i++) path(50, 0, times[i], b[i], NULL);
    for (int i = 0; i < TIMES; i++) {
        for (int j = 0; j <= i; j++) {
            covary(label_at(&name, "covariance", times[j]), b[i], b[j], times[i], times[j], times[j]);
        }
    }
}

static void disjoint_intervals_are_independent(void **state)
{
    (void)state;
    static double x[2][N], y[2][N];
    const double vx = .25, vy = .4;
    path(60, .25, .5, x[0], x[1]);
    path(60, .5, .9, y[0], y[1]);
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            double v = i ? vx / 12 : vx, other = j ? vy / 12 : vy;
            covary("disjoint", x[i], y[j], v, other, 0);
            squares_are_uncorrelated("disjoint", x[i], y[j], v, other);
        }
    }
}

/* B(m) - B(a) less its mean given B(a) and B(b), from two questions that know nothing of each other. */
static void bridge(double a, double m, double b)
{
    static double start[N], part[N], whole[N];
    const double share = (m - a) / (b - a), variance = share * (b - m);
    label name;
    path(70, 0, a, start, NULL);
    path(70, a, m, part, NULL);
    path(70, a, b, whole, NULL);
    for (int i = 0; i < N; i++) part[i] -= share * whole[i];
    covary(label_at(&name, "bridge", m), part, part, variance, variance, variance);
    covary(label_at(&name, "bridge and B(a)", m), part, start, variance, a, 0);
    covary(label_at(&name, "bridge and B(b)", m), part, whole, variance, b - a, 0);
    squares_are_uncorrelated(label_at(&name, "bridge and B(b)", m), part, whole, variance, b - a);
    follows(label_at(&name, "bridge", m), part, sqrt(variance));
}

static void middle_given_the_ends_is_a_bridge(void **state)
{
    (void)state;
    bridge(.2, .45, .9);
    bridge(.31, .32, .35);
    bridge(.001, .5, 1);
    bridge(.9, .99, 1);
}

/* H = 1/h int (B(s) - B(a)) ds - W/2: the trapezium of the path's values, and what it leaves out, which is the areas of
 * the parts. */
static void area_is_that_of_the_path(void **state)
{
    (void)state;
    enum { PARTS = 32, FEW = 512 };
    static double mean[FEW], rest[FEW], b[FEW], w[FEW], h[FEW], part[FEW], area[FEW];
    const double from = .23, to = .71;
    check_status("whole", itp_brownian(SEED, 80, from, to, 0, ITP_FLOAT64, w, h, FEW), ITP_OK);
    for (int i = 0; i < PARTS; i++) {
        double start = from + (to - from) * i / PARTS, end = i + 1 < PARTS ? from + (to - from) * (i + 1) / PARTS : to;
        check_status("part", itp_brownian(SEED, 80, start, end, 0, ITP_FLOAT64, part, area, FEW), ITP_OK);
        for (int e = 0; e < FEW; e++) {
            mean[e] += (b[e] + part[e] / 2) / PARTS;
            rest[e] += area[e] / PARTS;
            b[e] += part[e];
        }
    }
    double size = 0;
    for (int e = 0; e < FEW; e++) {
        check_near("B(to) - B(from)", b[e], w[e], 1e-12);
        check_near("H", mean[e] - w[e] / 2 + rest[e], h[e], 1e-12);
        size += rest[e] * rest[e] / FEW;
    }
    check_near("what the trapezium leaves out", size / ((to - from) / 12 / PARTS / PARTS), 1, 5 * sqrt(2. / FEW));
}

/* ---- close positions ---- */

/* Increments and areas of five neighbours, 1e-1 to 1e-13 long (near 0 relatively): uncorrelated, of their variances. */
static void close_increments_are_independent(void **state)
{
    enum { NEAR = 5, FEW = 1 << 14 };
    static double w[NEAR][FEW], h[NEAR][FEW];
    static const double starts[] = {.38360202888658534, .61, 1e-9, 1 - 1e-3}, scale[] = {.1, .05, 1e-9, 1e-4};
    (void)state;
    for (int i = 0; i < COUNT(starts) * 5; i++) {
        double at = starts[i / 5], d = scale[i / 5] * pow(10, (i < 15 ? -3 : -2) * (i % 5));
        for (int j = 0; j < NEAR; j++) {
            double next = at + d;
            check_status("path", itp_brownian(SEED, 90, at, next, 0, ITP_FLOAT64, w[j], h[j], FEW), ITP_OK);
            for (int e = 0; e < FEW; e++) {
                w[j][e] /= sqrt(next - at);
                h[j][e] /= sqrt((next - at) / 12);
            }
            at = next;
        }
        for (int j = 0; j < NEAR * NEAR; j++) {
            double ww = 0, hh = 0, wh = 0, bound = 5.5 / sqrt(FEW);
            for (int e = 0; e < FEW; e++) {
                ww += w[j / NEAR][e] * w[j % NEAR][e] / FEW;
                hh += h[j / NEAR][e] * h[j % NEAR][e] / FEW;
                wh += w[j / NEAR][e] * h[j % NEAR][e] / FEW;
            }
            double one = j / NEAR == j % NEAR, wide = one > 0 ? sqrt(2) : 1;
            check_near("W W", ww, one, bound * wide);
            check_near("H H", hh, one, bound * wide);
            check_near("W H", wh, 0, bound);
        }
    }
}

/* ---- films ---- */

static itp_path *film_path(const itp_schedule *schedule, size_t dim)
{
    static const double times[3] = {.2, .55, .9};
    static double states[3 * (1 << 12)];
    itp_path_desc desc = ITP_PATH_DESC_INIT;
    itp_path *path = NULL;
    for (size_t i = 0; i < 3 * dim; i++) states[i] = (double)(i % 7) / 7;
    desc.schedule = schedule;
    desc.times = times;
    desc.time_count = 3;
    desc.states = states;
    desc.dim = dim;
    desc.count = 1;
    desc.type = ITP_FLOAT64;
    desc.k = 1;
    check_status("path", itp_path_new(&desc, &path), ITP_OK);
    return path;
}

/* Under the point mass schedule dX = b dt + dB for k = 1: whatever the frames, the squares of their differences over
 * [.25, .75] sum up to .5, with the deviation .5 sqrt(2/(frames DIM)). What is known of the
 * ends of a step, and their difference, changes it by less than 1/frames. */
static void films_have_the_quadratic_variation(void **state)
{
    enum { FEW = 64 };
    static const int frames[] = {100, 1000, 8000};
    static double x[2][FEW];
    itp_schedule *schedule = NULL;
    (void)state;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &schedule), ITP_OK);
    itp_path *path = film_path(schedule, FEW);
    for (int i = 0; i < COUNT(frames); i++) {
        double sum = 0;
        for (int j = 0; j <= frames[i]; j++) {
            check_status("at", itp_path_at(path, schedule, .25 + .5 * j / frames[i], x[j % 2]), ITP_OK);
            for (int e = 0; e < FEW && j > 0; e++) sum += (x[0][e] - x[1][e]) * (x[0][e] - x[1][e]) / FEW;
        }
        check_near("quadratic variation", sum, .5, 5 * .5 * sqrt(2. / frames[i] / FEW) + 1. / frames[i]);
    }
    itp_path_free(path);
    itp_schedule_free(schedule);
}

static void close_frames_differ_by_the_root(void **state)
{
    enum { MANY = 1 << 12 };
    static double x[2][MANY];
    itp_schedule *schedule = NULL;
    (void)state;
    check_status("schedule", itp_schedule_make(ITP_SCHEDULE_POINT_MASS, &schedule), ITP_OK);
    itp_path *path = film_path(schedule, MANY);
    for (int i = 4; i <= 12; i++) {
        double d = pow(10, -i), sum = 0;
        check_status("at", itp_path_at(path, schedule, .3, x[0]), ITP_OK);
        check_status("at", itp_path_at(path, schedule, .3 + d, x[1]), ITP_OK);
        for (int e = 0; e < MANY; e++) sum += (x[1][e] - x[0][e]) * (x[1][e] - x[0][e]) / MANY;
        check_near("mean square difference", sum / d, 1, 5 * sqrt(2. / MANY) + .01);
    }
    itp_path_free(path);
    itp_schedule_free(schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(increments_and_areas_are_normal),   cmocka_unit_test(samples_are_normal),
        cmocka_unit_test(covariance_is_the_smaller_time),    cmocka_unit_test(disjoint_intervals_are_independent),
        cmocka_unit_test(middle_given_the_ends_is_a_bridge), cmocka_unit_test(area_is_that_of_the_path),
        cmocka_unit_test(close_increments_are_independent),  cmocka_unit_test(films_have_the_quadratic_variation),
        cmocka_unit_test(close_frames_differ_by_the_root),
    };
    return cmocka_run_group_tests_name("brownian law", tests, NULL, NULL);
}
