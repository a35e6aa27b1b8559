/* Guidance and thresholds on arrays: the papers' formulas in loops of their own, for both types; samples that do not
 * see each other; in place; what bad arguments get. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/check.h"

enum { DIM = 37, BATCH = 5, TOTAL = DIM * BATCH };

typedef union array {
    double f64[TOTAL];
    float f32[TOTAL];
    unsigned char bytes[TOTAL * sizeof(double)];
} array;

static const int32_t types[] = {ITP_FLOAT64, ITP_FLOAT32};

static size_t element(int32_t type)
{
    return type == ITP_FLOAT64 ? sizeof(double) : sizeof(float);
}

static double get(int32_t type, const array *of, int i)
{
    return type == ITP_FLOAT64 ? of->f64[i] : (double)of->f32[i];
}

static void set(int32_t type, array *of, int i, double value)
{
    if (type == ITP_FLOAT64)
        of->f64[i] = value;
    else
        of->f32[i] = (float)value;
}

/* Smooth numbers of several sizes; sample 3 is constant. */
static void fill(int32_t type, array *of, double phase)
{
    for (int i = 0; i < TOTAL; i++)
        set(type, of, i, i / DIM == 3 ? 2 * phase : (1 + i / DIM) * sin(1.3 * i + phase) + .2 * cos(.01 * i * i));
}

/* A double may differ by the order of its sums, a float by its one rounding. */
static double tolerance(int32_t type)
{
    return type == ITP_FLOAT64 ? 1e-14 : 6e-8;
}

static void check_arrays(const char *name, int32_t type, const array *got, const double *want)
{
    label l;
    for (int i = 0; i < TOTAL; i++) check_near(label_index(&l, name, i), get(type, got, i), want[i], tolerance(type));
}

/* ---- plain ---- */

static void plain_formula(void **state)
{
    (void)state;
    for (int t = 0; t < COUNT(types); t++) {
        array c, u, out;
        double want[TOTAL];
        fill(types[t], &c, 0);
        fill(types[t], &u, 1);
        for (int i = 0; i < TOTAL; i++)
            want[i] = get(types[t], &u, i) + 4.5 * (get(types[t], &c, i) - get(types[t], &u, i));
        check_status("guide", itp_guide(types[t], &c, &u, 4.5, &out, TOTAL), ITP_OK);
        check_arrays("guide", types[t], &out, want);
        array strong = c, weak = u;
        check_status("in place", itp_guide(types[t], &strong, &u, 4.5, &strong, TOTAL), ITP_OK);
        check_true("over cond", !memcmp(&strong, &out, TOTAL * element(types[t])));
        check_status("alias", itp_autoguide(types[t], &c, &weak, 4.5, &weak, TOTAL), ITP_OK);
        check_true("over uncond", !memcmp(&weak, &out, TOTAL * element(types[t])));
    }
}

static void scales_one_and_zero_are_exact(void **state)
{
    (void)state;
    for (int t = 0; t < COUNT(types); t++) {
        array c, u, out;
        fill(types[t], &c, 0);
        fill(types[t], &u, 1);
        set(types[t], &u, 4, NAN);
        check_status("one", itp_guide(types[t], &c, &u, 1, &out, TOTAL), ITP_OK);
        check_true("one is cond", !memcmp(&out, &c, TOTAL * element(types[t])));
        check_status("zero", itp_guide(types[t], &c, &u, 0, &out, TOTAL), ITP_OK);
        check_true("zero is uncond", !memcmp(&out, &u, TOTAL * element(types[t])));
        check_status("seven", itp_guide(types[t], &c, &c, 7, &out, TOTAL), ITP_OK);
        check_true("equal outputs", !memcmp(&out, &c, TOTAL * element(types[t])));
    }
}

static void intervals(void **state)
{
    (void)state;
    check_same("inside", itp_guidance_at(3, .2, .8, .5), 3);
    check_same("low end", itp_guidance_at(3, .2, .8, .2), 3);
    check_same("high end", itp_guidance_at(3, .2, .8, .8), 3);
    check_same("below", itp_guidance_at(3, .2, .8, .1999), 1);
    check_same("above", itp_guidance_at(3, .2, .8, .8001), 1);
    check_same("nowhere", itp_guidance_at(3, .2, .8, NAN), 1);
}

/* One step of the paper, in two schedules, against plain guidance with the scale. */
static void cfgpp_is_plain_guidance_of_a_step(void **state)
{
    static const double steps[][2] = {{0, .1}, {.3, .35}, {.5, .9}, {.8, 1}};
    const double lambda = .6, x = .7, c = -1.3, n = .4;
    (void)state;
    for (int i = 0; i < COUNT(steps); i++) {
        double t = steps[i][0], s = steps[i][1], scale = NAN;
        check_status("scale", itp_guidance_cfgpp(lambda, t, s, &scale), ITP_OK);
        double mixed = n + lambda * (c - n), plain = n + scale * (c - n);
        double want = (1 - s) * (x - t * n) + s * (x + (1 - t) * mixed);
        check_near("linear", x + (s - t) * plain, want, 1e-14);
    }
    /* Variance preserving, a noise network: alpha = cos, beta = sin. */
    double a = cos(.4), b = sin(.4), a2 = cos(.9), b2 = sin(.9), scale = NAN;
    check_status("scale", itp_guidance_cfgpp(lambda, b / (a + b), b2 / (a2 + b2), &scale), ITP_OK);
    double plain = n + scale * (c - n), want = b2 * (x - a * (n + lambda * (c - n))) / b + a2 * n;
    check_near("vp", b2 * (x - a * plain) / b + a2 * plain, want, 1e-14);
}

static void cfgpp_ranges(void **state)
{
    double scale = 5;
    (void)state;
    check_status("order", itp_guidance_cfgpp(.5, .4, .4, &scale), ITP_E_RANGE);
    check_status("end", itp_guidance_cfgpp(.5, .4, 1.1, &scale), ITP_E_RANGE);
    check_status("start", itp_guidance_cfgpp(.5, -.1, .4, &scale), ITP_E_RANGE);
    check_status("lambda", itp_guidance_cfgpp(INFINITY, .1, .4, &scale), ITP_E_RANGE);
    check_status("NaN", itp_guidance_cfgpp(.5, NAN, .4, &scale), ITP_E_RANGE);
    check_same("untouched", scale, 5);
    check_status("NULL", itp_guidance_cfgpp(.5, .1, .4, NULL), ITP_E_ARGUMENT);
    check_status("last step", itp_guidance_cfgpp(.5, .9, 1, &scale), ITP_OK);
    check_near("last step: lambda itself", scale, .5, 1e-15);
}

/* ---- rescaled ---- */

static double spread(const double *x)
{
    double mean = 0, sum = 0;
    for (int i = 0; i < DIM; i++) mean += x[i] / DIM;
    for (int i = 0; i < DIM; i++) sum += (x[i] - mean) * (x[i] - mean);
    return sqrt(sum);
}

static void naive_rescaled(int32_t type, const array *c, const array *u, double *want)
{
    for (int s = 0; s < BATCH; s++) {
        double cond[DIM], g[DIM];
        for (int i = 0; i < DIM; i++) {
            cond[i] = get(type, c, s * DIM + i);
            g[i] = get(type, u, s * DIM + i) + 7.5 * (cond[i] - get(type, u, s * DIM + i));
        }
        double ratio = s == 3 ? 1 : spread(cond) / spread(g); /* 3 is constant */
        for (int i = 0; i < DIM; i++) want[s * DIM + i] = .7 * g[i] * ratio + .3 * g[i];
    }
}

static void rescaled_formula(void **state)
{
    (void)state;
    for (int t = 0; t < COUNT(types); t++) {
        array c, u, out;
        double want[TOTAL];
        fill(types[t], &c, 0);
        fill(types[t], &u, 1);
        naive_rescaled(types[t], &c, &u, want);
        check_status("rescaled", itp_guide_rescaled(types[t], &c, &u, 7.5, .7, &out, BATCH, DIM), ITP_OK);
        check_arrays("rescaled", types[t], &out, want);
        check_status("in place", itp_guide_rescaled(types[t], &c, &u, 7.5, .7, &u, BATCH, DIM), ITP_OK);
        check_true("over uncond", !memcmp(&u, &out, TOTAL * element(types[t])));
    }
}

static void rescaled_at_phi_zero_is_plain(void **state)
{
    array c, u, out, want;
    (void)state;
    fill(ITP_FLOAT64, &c, 0);
    fill(ITP_FLOAT64, &u, 1);
    check_status("rescaled", itp_guide_rescaled(ITP_FLOAT64, &c, &u, 3, 0, &out, BATCH, DIM), ITP_OK);
    check_status("plain", itp_guide(ITP_FLOAT64, &c, &u, 3, &want, TOTAL), ITP_OK);
    check_true("the same", !memcmp(&out, &want, sizeof out));
}

/* ---- adaptive projected ---- */

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < DIM; i++) sum += a[i] * b[i];
    return sum;
}

/* By unit vectors and parts, as the paper writes it. average is updated. */
static void naive_apg(const double *c, const double *u, const itp_apg *by, double *average, double *out)
{
    double d[DIM], norm;
    for (int i = 0; i < DIM; i++) average[i] = d[i] = c[i] - u[i] + by->momentum * average[i];
    norm = sqrt(dot(d, d));
    for (int i = 0; i < DIM && by->threshold > 0; i++) d[i] *= fmin(1, by->threshold / norm);
    double along = dot(d, c) / dot(c, c);
    for (int i = 0; i < DIM; i++) {
        double parallel = along * c[i], orthogonal = d[i] - parallel;
        out[i] = c[i] + (by->scale - 1) * (orthogonal + by->eta * parallel);
    }
}

static void apg_formula(void **state)
{
    static const itp_apg settings[] = {{sizeof(itp_apg), 8, 0, -.5, 3, NULL},
                                       {sizeof(itp_apg), 8, .3, -.75, 0, NULL},
                                       {sizeof(itp_apg), 4, 0, 0, 5, NULL},
                                       {sizeof(itp_apg), 3, -1, .25, 1e9, NULL}};
    (void)state;
    for (int k = 0; k < COUNT(settings); k++) {
        array c, u, out, average = {{0}};
        double slow[TOTAL] = {0}, want[TOTAL];
        itp_apg by = settings[k];
        by.average = &average;
        for (int round = 0; round < 3; round++) {
            fill(ITP_FLOAT64, &c, .5 + round);
            fill(ITP_FLOAT64, &u, 1 + round * round);
            for (int s = 0; s < TOTAL; s += DIM) naive_apg(c.f64 + s, u.f64 + s, &by, slow + s, want + s);
            check_status("apg", itp_guide_apg(&by, ITP_FLOAT64, &c, &u, &out, BATCH, DIM), ITP_OK);
            for (int i = 0; i < TOTAL; i++) {
                check_near("apg", out.f64[i], want[i], 1e-13);
                check_near("average", average.f64[i], slow[i], 1e-14);
            }
        }
    }
}

static void apg_with_all_of_the_parallel_part_is_plain(void **state)
{
    itp_apg by = ITP_APG_INIT;
    (void)state;
    by.scale = 6;
    by.eta = 1;
    for (int t = 0; t < COUNT(types); t++) {
        array c, u, out, want;
        fill(types[t], &c, 0);
        fill(types[t], &u, 1);
        check_status("apg", itp_guide_apg(&by, types[t], &c, &u, &out, BATCH, DIM), ITP_OK);
        check_status("plain", itp_guide(types[t], &c, &u, 6, &want, TOTAL), ITP_OK);
        for (int i = 0; i < TOTAL; i++)
            check_near("plain", get(types[t], &out, i), get(types[t], &want, i), tolerance(types[t]));
    }
}

/* Without a parallel part, what is added stands at a right angle to cond, and is no longer than the threshold says. */
static void apg_geometry(void **state)
{
    itp_apg by = ITP_APG_INIT;
    array c, u, out, zero = {{0}};
    (void)state;
    by.scale = 3;
    by.threshold = .5;
    fill(ITP_FLOAT64, &c, .5);
    fill(ITP_FLOAT64, &u, 1);
    check_status("apg", itp_guide_apg(&by, ITP_FLOAT64, &c, &u, &out, BATCH, DIM), ITP_OK);
    for (int s = 0; s < TOTAL; s += DIM) {
        double added[DIM];
        for (int i = 0; i < DIM; i++) added[i] = out.f64[s + i] - c.f64[s + i];
        check_near("right angle", dot(added, c.f64 + s), 0, 1e-12);
        check_true("length", sqrt(dot(added, added)) <= 2 * .5 * (1 + 1e-12));
    }
    check_status("no direction", itp_guide_apg(&by, ITP_FLOAT64, &zero, &u, &out, BATCH, DIM), ITP_OK);
    for (int i = 0; i < TOTAL; i++) check_true("no direction", isfinite(out.f64[i]));
}

/* ---- thresholds ---- */

static void static_threshold(void **state)
{
    (void)state;
    for (int t = 0; t < COUNT(types); t++) {
        array x, want;
        fill(types[t], &x, 0);
        set(types[t], &x, 5, NAN);
        set(types[t], &x, 6, -INFINITY);
        want = x;
        check_status("static", itp_threshold_static(types[t], &x, -.5, 1.5, TOTAL), ITP_OK);
        for (int i = 0; i < TOTAL; i++) {
            double w = get(types[t], &want, i);
            if (i != 5) check_same("static", get(types[t], &x, i), w < -.5 ? -.5 : w > 1.5 ? 1.5 : w);
        }
        check_true("NaN", isnan(get(types[t], &x, 5)));
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sorted_quantile(int32_t type, const array *x, int start, double q)
{
    double sorted[DIM], position = q * (DIM - 1);
    for (int i = 0; i < DIM; i++) sorted[i] = fabs(get(type, x, start + i));
    qsort(sorted, DIM, sizeof *sorted, ascending);
    int below = (int)position, above = below + 1 < DIM ? below + 1 : below;
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

static void check_dynamic(int32_t type, double q, double most)
{
    array x, was;
    fill(type, &x, 0);
    was = x;
    check_status("dynamic", itp_threshold_dynamic(type, &x, q, most, BATCH, DIM), ITP_OK);
    for (int i = 0; i < TOTAL; i++) {
        double s = fmin(fmax(sorted_quantile(type, &was, i / DIM * DIM, q), 1), most);
        double want = fmax(-s, fmin(s, get(type, &was, i))) / s;
        check_near("dynamic", get(type, &x, i), want, tolerance(type));
    }
}

static void dynamic_threshold(void **state)
{
    static const double quantiles[] = {0, .25, .5, .87, .95, .995, 1};
    static const double most[] = {INFINITY, 2, 1, .5};
    (void)state;
    for (int i = 0; i < COUNT(quantiles); i++)
        for (int j = 0; j < COUNT(most); j++)
            for (int t = 0; t < COUNT(types); t++) check_dynamic(types[t], quantiles[i], most[j]);
}

static void dynamic_threshold_of_odd_numbers(void **state)
{
    double x[4] = {1e300, -5e-324, 0, -1e-310}, y[3] = {2, NAN, -4}, z[2] = {INFINITY, 1}, one = -8;
    float f[3] = {1e-45f, -3e38f, 2};
    (void)state;
    check_status("wide", itp_threshold_dynamic(ITP_FLOAT64, x, 1, INFINITY, 1, 4), ITP_OK);
    check_same("wide", x[0], 1);
    check_status("NaN is largest", itp_threshold_dynamic(ITP_FLOAT64, y, .5, INFINITY, 1, 3), ITP_OK);
    check_same("NaN is largest", y[0], .5);
    check_same("NaN is largest", y[2], -1);
    check_true("and stays", isnan(y[1]));
    y[0] = 2;
    check_status("NaN quantile", itp_threshold_dynamic(ITP_FLOAT64, y, 1, 3, 1, 3), ITP_OK);
    check_same("left alone", y[0], 2);
    check_status("infinite", itp_threshold_dynamic(ITP_FLOAT64, z, 1, INFINITY, 1, 2), ITP_OK);
    check_true("left alone", isinf(z[0]) && z[1] == 1);
    check_status("infinite, bounded", itp_threshold_dynamic(ITP_FLOAT64, z, 1, 4, 1, 2), ITP_OK);
    check_same("infinite, bounded", z[0], 1);
    check_same("infinite, bounded", z[1], .25);
    check_status("one element", itp_threshold_dynamic(ITP_FLOAT64, &one, .3, INFINITY, 1, 1), ITP_OK);
    check_same("one element", one, -1);
    check_status("floats", itp_threshold_dynamic(ITP_FLOAT32, f, .5, INFINITY, 1, 3), ITP_OK);
    check_same("floats", (double)f[1], -1);
    check_same("floats", (double)f[2], 1);
}

/* ---- every function: samples on their own, and bad arguments ---- */

typedef int (*each_fn)(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim);

static int run_plain(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim)
{
    return itp_guide(type, c, u, 3, out, count * dim);
}

static int run_rescaled(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim)
{
    return itp_guide_rescaled(type, c, u, 3, .7, out, count, dim);
}

static int run_apg(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim)
{
    itp_apg by = {sizeof by, 3, .1, 0, 2, NULL};
    return itp_guide_apg(&by, type, c, u, out, count, dim);
}

static int run_static(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim)
{
    if (c && u && out) memcpy(out, c, count * dim * element(type));
    return itp_threshold_static(type, c && u ? out : NULL, -1, 1, count * dim);
}

static int run_dynamic(int32_t type, void *c, const void *u, void *out, size_t count, size_t dim)
{
    if (c && u && out) memcpy(out, c, count * dim * element(type));
    return itp_threshold_dynamic(type, c && u ? out : NULL, .9, INFINITY, count, dim);
}

static const each_fn functions[] = {run_plain, run_rescaled, run_apg, run_static, run_dynamic};

static void samples_do_not_see_each_other(void **state)
{
    (void)state;
    for (int f = 0; f < COUNT(functions); f++)
        for (int t = 0; t < COUNT(types); t++) {
            array c, u, all, one = {{0}};
            size_t bytes = DIM * element(types[t]);
            fill(types[t], &c, 0);
            fill(types[t], &u, 1);
            set(types[t], &c, DIM + 3, NAN);
            set(types[t], &u, 2 * DIM + 4, INFINITY);
            check_status("all", functions[f](types[t], &c, &u, &all, BATCH, DIM), ITP_OK);
            for (size_t i = 0; i < BATCH; i++) {
                unsigned char *at = one.bytes + i * bytes;
                check_status("one", functions[f](types[t], c.bytes + i * bytes, u.bytes + i * bytes, at, 1, DIM),
                             ITP_OK);
            }
            for (int i = 0; i < TOTAL; i++) {
                double a = get(types[t], &all, i), b = get(types[t], &one, i);
                check_true("alone", a == b || (isnan(a) && isnan(b)));
                if (i / DIM != 1 && i / DIM != 2) check_true("others stay finite", isfinite(a));
            }
        }
}

static void bad_arguments(void **state)
{
    (void)state;
    for (int f = 0; f < COUNT(functions); f++) {
        array c = {{0}}, u = {{0}}, out = {{0}};
        check_status("cond", functions[f](ITP_FLOAT64, NULL, &u, &out, BATCH, DIM), ITP_E_ARGUMENT);
        check_status("uncond", functions[f](ITP_FLOAT64, &c, NULL, &out, BATCH, DIM), ITP_E_ARGUMENT);
        check_status("out", functions[f](ITP_FLOAT64, &c, &u, NULL, BATCH, DIM), ITP_E_ARGUMENT);
        check_status("type", functions[f](3, &c, &u, &out, 1, 1), ITP_E_UNSUPPORTED);
        check_status("nothing", functions[f](ITP_FLOAT32, NULL, NULL, NULL, 0, DIM), ITP_OK);
        check_status("no elements", functions[f](ITP_FLOAT32, NULL, NULL, NULL, BATCH, 0), ITP_OK);
    }
}

static void bad_numbers(void **state)
{
    array a = {{0}}, b = {{0}};
    (void)state;
    check_status("scale", itp_guide(ITP_FLOAT64, &a, &b, NAN, &a, 1), ITP_E_RANGE);
    check_status("scale", itp_guide_rescaled(ITP_FLOAT64, &a, &b, INFINITY, 0, &a, 1, 1), ITP_E_RANGE);
    check_status("phi", itp_guide_rescaled(ITP_FLOAT64, &a, &b, 1, 1.5, &a, 1, 1), ITP_E_RANGE);
    check_status("phi", itp_guide_rescaled(ITP_FLOAT64, &a, &b, 1, NAN, &a, 1, 1), ITP_E_RANGE);
    check_status("sizes", itp_guide_rescaled(ITP_FLOAT64, &a, &b, 1, 1, &a, SIZE_MAX / 2, 9), ITP_E_OVERFLOW);
    check_status("low", itp_threshold_static(ITP_FLOAT64, &a, 1, .5, 1), ITP_E_RANGE);
    check_status("low", itp_threshold_static(ITP_FLOAT64, &a, NAN, .5, 1), ITP_E_RANGE);
    check_status("quantile", itp_threshold_dynamic(ITP_FLOAT64, &a, 1.01, 1, 1, 1), ITP_E_RANGE);
    check_status("quantile", itp_threshold_dynamic(ITP_FLOAT64, &a, NAN, 1, 1, 1), ITP_E_RANGE);
    check_status("most", itp_threshold_dynamic(ITP_FLOAT64, &a, .5, 0, 1, 1), ITP_E_RANGE);
    check_status("sizes", itp_threshold_dynamic(ITP_FLOAT32, &a, .5, 1, SIZE_MAX, 3), ITP_E_OVERFLOW);
}

static void bad_apg(void **state)
{
    static const itp_apg wrong[] = {{sizeof(itp_apg), NAN, 0, 0, 0, NULL},
                                    {sizeof(itp_apg), 1, INFINITY, 0, 0, NULL},
                                    {sizeof(itp_apg), 1, 0, NAN, 0, NULL},
                                    {sizeof(itp_apg), 1, 0, 0, -1, NULL},
                                    {sizeof(itp_apg), 1, 0, 0, NAN, NULL}};
    itp_apg by = ITP_APG_INIT;
    array a = {{0}}, b = {{0}};
    (void)state;
    for (int i = 0; i < COUNT(wrong); i++)
        check_status("number", itp_guide_apg(&wrong[i], ITP_FLOAT64, &a, &b, &a, 1, 1), ITP_E_RANGE);
    check_status("NULL", itp_guide_apg(NULL, ITP_FLOAT64, &a, &b, &a, 1, 1), ITP_E_ARGUMENT);
    by.momentum = -.5;
    check_status("average", itp_guide_apg(&by, ITP_FLOAT64, &a, &b, &a, 1, 1), ITP_E_ARGUMENT);
    by.size = 0;
    check_status("size", itp_guide_apg(&by, ITP_FLOAT64, &a, &b, &a, 1, 1), ITP_E_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_formula),
        cmocka_unit_test(scales_one_and_zero_are_exact),
        cmocka_unit_test(intervals),
        cmocka_unit_test(cfgpp_is_plain_guidance_of_a_step),
        cmocka_unit_test(cfgpp_ranges),
        cmocka_unit_test(rescaled_formula),
        cmocka_unit_test(rescaled_at_phi_zero_is_plain),
        cmocka_unit_test(apg_formula),
        cmocka_unit_test(apg_with_all_of_the_parallel_part_is_plain),
        cmocka_unit_test(apg_geometry),
        cmocka_unit_test(static_threshold),
        cmocka_unit_test(dynamic_threshold),
        cmocka_unit_test(dynamic_threshold_of_odd_numbers),
        cmocka_unit_test(samples_do_not_see_each_other),
        cmocka_unit_test(bad_arguments),
        cmocka_unit_test(bad_numbers),
        cmocka_unit_test(bad_apg),
    };
    return cmocka_run_group_tests_name("guidance", tests, NULL, NULL);
}
