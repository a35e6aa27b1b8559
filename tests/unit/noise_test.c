/* Philox against its known answers; the normals against a double reference, their law, and their bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <interp/noise.h>

#include "common/stats.h"
#include "noise/normal.h"
#include "noise/normal_draw.h"

enum { MILLION = 1000000 };

static const double PI = 3.14159265358979323846;

static float *normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, size_t count)
{
    float *x = malloc(count * sizeof *x);
    assert_non_null(x);
    assert_int_equal(itp_normals(seed, sample, m, first, ITP_FLOAT32, x, count), ITP_OK);
    return x;
}

static void philox_is(const uint32_t counter[4], const uint32_t key[2], const uint32_t expected[4])
{
    uint32_t out[4] = {0, 0, 0, 0};
    itp_philox(counter, key, out);
    for (int i = 0; i < 4; i++) assert_int_equal(out[i], expected[i]);
}

/* The known answers that come with the generator (Salmon et al. 2011). */
static void philox_known_answers(void **state)
{
    (void)state;
    const uint32_t ones = 0xFFFFFFFFU;
    philox_is((uint32_t[4]){0, 0, 0, 0}, (uint32_t[2]){0, 0},
              (uint32_t[4]){0x6627E8D5U, 0xE169C58DU, 0xBC57AC4CU, 0x9B00DBD8U});
    philox_is((uint32_t[4]){ones, ones, ones, ones}, (uint32_t[2]){ones, ones},
              (uint32_t[4]){0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU});
    philox_is((uint32_t[4]){0x243F6A88U, 0x85A308D3U, 0x13198A2EU, 0x03707344U},
              (uint32_t[2]){0xA4093822U, 0x299F31D0U},
              (uint32_t[4]){0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U});
}

static void philox_null_is_harmless(void **state)
{
    (void)state;
    uint32_t words[4] = {1, 2, 3, 4};
    itp_philox(NULL, words, words);
    itp_philox(words, NULL, words);
    itp_philox(words, words, NULL);
    for (uint32_t i = 0; i < 4; i++) assert_int_equal(words[i], i + 1);
}

static void hash_float(uint64_t *hash, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    for (int shift = 0; shift < 32; shift += 8) {
        *hash ^= (bits >> shift) & 255U;
        *hash *= UINT64_C(1099511628211);
    }
}

/* FNV-1a of the bits, low byte first. */
static uint64_t hash_of(const float *x, size_t count)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < count; i++) hash_float(&hash, x[i]);
    return hash;
}

/* A change here breaks every user's seeds. */
static void bits_are_pinned(void **state)
{
    (void)state;
    float *x = normals(UINT64_C(0x0123456789ABCDEF), UINT64_C(0xFEDCBA9876543210), 3, 0, MILLION);
    assert_true(hash_of(x, MILLION) == UINT64_C(0x5368FDED1FDA447C));
    free(x);
}

/* ---- paths ---- */

static void bits_are_pinned_on_every_path(void **state)
{
    (void)state;
    const itp_normal_path *path;
    float *x = malloc(MILLION * sizeof *x);
    assert_non_null(x);
    for (int32_t p = 0; (path = itp_normal_path_at(p)) != NULL; p++) {
        print_message("# %s\n", path->name);
        memset(x, 0, MILLION * sizeof *x);
        itp_normal_fill_by(path, UINT64_C(0x0123456789ABCDEF), UINT64_C(0xFEDCBA9876543210), 3, 0, x, MILLION);
        assert_true(hash_of(x, MILLION) == UINT64_C(0x5368FDED1FDA447C));
    }
    free(x);
}

static void portable_is_the_last_path(void **state)
{
    (void)state;
    int32_t last = 0;
    while (itp_normal_path_at(last + 1)) last++;
    assert_ptr_equal(itp_normal_path_at(last), itp_normal_path_portable());
    assert_null(itp_normal_path_at(last + 100));
    assert_null(itp_normal_path_at(-1));
}

/* Words of every size: small, large, and between. */
static void scattered(uint32_t *words, size_t count, uint32_t m)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t counter[4] = {(uint32_t)i, m, 77, 88}, out[4];
        itp_philox(counter, (uint32_t[2]){5, 6}, out);
        words[i] = i % 3 ? out[0] >> (out[1] % 32) : ~(out[0] >> (out[1] % 32));
    }
}

enum { GROUPS = 7, PLACES = GROUPS * ITP_NORMAL_LANES };

typedef void places_fn(const itp_normal_places *at, uint32_t m, size_t groups, float *out);

/* Against one place at a time on the portable path. */
static void places_agree(places_fn *function, const itp_normal_places *at, size_t groups)
{
    float out[4 * PLACES + 1], four[4];
    out[ITP_NORMAL_GROUP * groups] = -77.0F;
    function(at, 99, groups, out);
    assert_true(out[ITP_NORMAL_GROUP * groups] == -77.0F);
    for (size_t i = 0; i < groups * ITP_NORMAL_LANES; i++) {
        uint64_t seed = at->key_low[i] | (uint64_t)at->key_high[i] << 32;
        uint64_t sample = at->sample_low[i] | (uint64_t)at->sample_high[i] << 32;
        itp_normal_fill_by(itp_normal_path_portable(), seed, sample, 99, 4 * (uint64_t)at->block[i], four, 4);
        assert_memory_equal(out + 4 * i, four, sizeof four);
    }
}

static void any_places_on_every_path(void **state)
{
    (void)state;
    uint32_t words[5][PLACES], same[2][PLACES];
    for (uint32_t j = 0; j < 5; j++) scattered(words[j], PLACES, j);
    for (size_t i = 0; i < PLACES; i++) {
        same[0][i] = 0x89ABCDEFU;
        same[1][i] = 0x01234567U;
    }
    const itp_normal_places at = {words[0], words[1], words[2], words[3], words[4]};
    const itp_normal_places one_key = {words[0], words[1], words[2], same[0], same[1]};
    for (int32_t p = 0; itp_normal_path_at(p); p++) {
        for (size_t groups = 1; groups <= GROUPS; groups++) {
            places_agree(itp_normal_path_at(p)->anywhere, &at, groups);
            places_agree(itp_normal_path_at(p)->anywhere, &one_key, groups);
            places_agree(itp_normal_path_at(p)->one_key, &one_key, groups);
        }
    }
}

/* One rounding for the product and one for the sum. */
static void sums_on_every_path(void **state)
{
    (void)state;
    enum { N = 256 };
    float *x = normals(3, 2, 1, 0, N);
    for (int32_t p = 0; itp_normal_path_at(p); p++) {
        double sum[N];
        for (size_t i = 0; i < N; i++) sum[i] = 1.0 / (double)(i + 1);
        itp_normal_path_at(p)->add(1.0 / 3, x, sum, N - ITP_NORMAL_LANES);
        for (size_t i = 0; i < N; i++) {
            volatile double product = 1.0 / 3 * (double)x[i], expected = 1.0 / (double)(i + 1);
            if (i < N - ITP_NORMAL_LANES) expected = expected + product;
            assert_true(sum[i] == expected);
        }
    }
    free(x);
}

/* ---- draws: normals of a stretch of a batch ---- */

static float element_of(const itp_draw_batch *batch, uint32_t m, size_t i)
{
    size_t sample = i / batch->dim;
    uint64_t seed = batch->seeds ? batch->seeds[sample] : batch->seed;
    float x;
    itp_normal_fill_by(itp_normal_path_portable(), seed, batch->seeds ? 0 : batch->first + sample, m, i % batch->dim,
                       &x, 1);
    return x;
}

static void draw_agrees(const itp_draw_batch *batch, size_t start, size_t length, const float *expected)
{
    for (int32_t p = 0; itp_normal_path_at(p); p++) {
        itp_draw draw;
        itp_draw_room room;
        memset(&draw, 0xA5, sizeof draw);
        memset(&room, 0xFF, sizeof room); /* NaN */
        itp_draw_begin(&draw, itp_normal_path_at(p), batch, start, length);
        const float *xi = itp_draw_normals(&draw, 4, &room);
        assert_memory_equal(xi, expected + start, length * sizeof *xi);
        for (size_t i = length; i % ITP_NORMAL_LANES; i++) assert_true(isfinite(xi[i]));
    }
}

static void draws_from(const itp_draw_batch *batch)
{
    enum { N = 600 };
    const size_t lengths[] = {1, 2, 5, 15, 16, 17, 63, 64, 100, 255, 256};
    float expected[N];
    for (size_t i = 0; i < N; i++) expected[i] = element_of(batch, 4, i);
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        for (size_t start = 0; start + lengths[l] <= N; start += 43) draw_agrees(batch, start, lengths[l], expected);
    }
}

static void any_stretch_of_any_batch(void **state)
{
    (void)state;
    const size_t dims[] = {1, 2, 3, 4, 5, 7, 8, 10, 16, 63, 64, 65, 100, 255, 256, 257, 784};
    uint64_t seeds[600];
    for (uint64_t i = 0; i < 600; i++) seeds[i] = i * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++) {
        itp_draw_batch batch = {dims[d], UINT64_C(0x700000009), (UINT64_C(1) << 32) - 50, NULL};
        draws_from(&batch);
        batch.seeds = seeds;
        draws_from(&batch);
    }
}

/* ---- values ---- */

/* Box-Muller in double on the same words. */
static void reference(uint64_t seed, uint64_t sample, uint32_t m, uint32_t block, double out[4])
{
    uint32_t counter[4] = {block, m, (uint32_t)sample, (uint32_t)(sample >> 32)}, w[4];
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    itp_philox(counter, key, w);
    for (int pair = 0; pair < 4; pair += 2) {
        double below_one = ((double)(0xFFFFFFFFU - w[pair]) + 0.5) * 0x1p-32;
        double radius = sqrt(-2 * log1p(-below_one)), angle = 2 * PI * (double)w[pair + 1] * 0x1p-32;
        out[pair] = radius * cos(angle);
        out[pair + 1] = radius * sin(angle);
    }
}

/* Relative, also near zero, down to where the reference itself rounds its angle. */
static void agree_with_double(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_C(0xA5A5A5A512345678), sample = UINT64_C(0x100000005);
    float *x = normals(seed, sample, 11, 0, MILLION);
    double worst = 0;
    for (size_t i = 0; i < MILLION; i += 4) {
        double exact[4];
        reference(seed, sample, 11, (uint32_t)(i / 4), exact);
        for (size_t j = 0; j < 4; j++) {
            double error = (fabs((double)x[i + j] - exact[j]) - 1e-14) / fabs(exact[j]);
            worst = error > worst ? error : worst; /* with fmax gcc 12 for aarch64 fails on this loop */
        }
    }
    free(x);
    print_message("# largest relative error %.3g\n", worst);
    assert_true(worst < 3.3e-7);
}

static void split_on(const itp_normal_path *path, const float *all, size_t n)
{
    float part[512];
    for (size_t first = 0; first < 10; first++) {
        for (size_t count = 0; first + count <= n; count++) {
            itp_normal_fill_by(path, 5, 6, 7, first, part, count);
            assert_memory_equal(part, all + first, count * sizeof *part);
        }
    }
    for (size_t at = 0; at < n; at++) {
        itp_normal_fill_by(path, 5, 6, 7, at, part, 1);
        assert_memory_equal(part, all + at, sizeof *part);
    }
}

static void any_split_gives_the_same(void **state)
{
    (void)state;
    float *all = normals(5, 6, 7, 0, 512);
    for (int32_t p = 0; itp_normal_path_at(p); p++) split_on(itp_normal_path_at(p), all, 512);
    free(all);
}

static void writes_count_elements_only(void **state)
{
    (void)state;
    float x[200];
    for (size_t count = 0; count < 198; count++) {
        for (size_t i = 0; i < 200; i++) x[i] = -77.0F;
        itp_normal_fill_f32(1, 2, 3, count % 4, x + 1, count);
        assert_true(x[0] == -77.0F && x[count + 1] == -77.0F && x[199] == -77.0F);
    }
}

static void float64_is_widened(void **state)
{
    (void)state;
    enum { COUNT = 1001 };
    double wide[COUNT];
    float *x = normals(1, 2, 3, 5, COUNT);
    assert_int_equal(itp_normals(1, 2, 3, 5, ITP_FLOAT64, wide, COUNT), ITP_OK);
    for (size_t i = 0; i < COUNT; i++) assert_true(wide[i] == (double)x[i]);
    free(x);
}

static void bad_arguments(void **state)
{
    (void)state;
    const uint64_t limit = UINT64_C(1) << 34;
    float x[8] = {0};
    assert_int_equal(itp_normals(0, 0, 0, 0, ITP_FLOAT32, NULL, 1), ITP_E_ARGUMENT);
    assert_int_equal(itp_normals(0, 0, 0, 0, ITP_FLOAT32, NULL, 0), ITP_OK);
    assert_int_equal(itp_normals(0, 0, 0, 0, 0, x, 1), ITP_E_UNSUPPORTED);
    assert_int_equal(itp_normals(0, 0, 0, 0, 3, x, 1), ITP_E_UNSUPPORTED);
    assert_int_equal(itp_normals(0, 0, 0, limit, ITP_FLOAT32, x, 1), ITP_E_RANGE);
    assert_int_equal(itp_normals(0, 0, 0, limit - 7, ITP_FLOAT32, x, 8), ITP_E_RANGE);
    assert_int_equal(itp_normals(0, 0, 0, UINT64_MAX, ITP_FLOAT32, x, 8), ITP_E_RANGE);
    assert_int_equal(itp_normals(0, 0, 0, 8, ITP_FLOAT32, x, SIZE_MAX), ITP_E_RANGE);
    for (int i = 0; i < 8; i++) assert_true(x[i] == 0);
    assert_int_equal(itp_normals(0, 0, 0, limit - 8, ITP_FLOAT32, x, 8), ITP_OK);
    assert_true(x[7] != 0);
}

/* Sums of powers; the bounds are five standard deviations of each estimate. */
static void moments(void **state)
{
    (void)state;
    const double n = 4.0 * MILLION;
    double power[5] = {0, 0, 0, 0, 0};
    float *x = normals(2024, 0, 0, 0, 4 * (size_t)MILLION);
    for (size_t i = 0; i < 4 * (size_t)MILLION; i++) {
        double v = (double)x[i], p = 1;
        for (int k = 1; k < 5; k++) power[k] += (p *= v) / n;
    }
    free(x);
    assert_true(fabs(power[1]) < 5 * sqrt(1 / n));
    assert_true(fabs(power[2] - 1) < 5 * sqrt(2 / n));
    assert_true(fabs(power[3]) < 5 * sqrt(15 / n));
    assert_true(fabs(power[4] - 3) < 5 * sqrt(96 / n));
}

static double normal_law(const void *user, double x)
{
    (void)user;
    return 0.5 * erfc(-x / sqrt(2));
}

/* sqrt(n) times the distance from the normal law: 1.95 is exceeded once in a thousand times. */
static void follows_the_law(const char *what, double *x, int n)
{
    double distance = stats_ks(x, n, normal_law, NULL) * sqrt(n);
    print_message("# %s: Kolmogorov-Smirnov %.3f\n", what, distance);
    assert_true(distance < 1.95);
}

/* Ten million, by their tally in cells of equal probability: sqrt(n)/CELLS = .003 is all that the cells hide. */
static void law_along_elements(void **state)
{
    (void)state;
    enum { CELLS = 1 << 20, N = 10 * MILLION, AT_ONCE = 1 << 16 };
    uint32_t *tally = calloc(CELLS, sizeof *tally);
    assert_non_null(tally);
    for (uint64_t done = 0; done < N; done += AT_ONCE) {
        size_t count = N - done < AT_ONCE ? (size_t)(N - done) : AT_ONCE;
        float *x = normals(99, 1, 2, done, count);
        for (size_t i = 0; i < count; i++) tally[(size_t)(normal_law(NULL, (double)x[i]) * CELLS)]++;
        free(x);
    }
    double distance = 0, below = 0;
    for (size_t i = 0; i < CELLS; i++) {
        below += tally[i];
        distance = fmax(distance, fabs(below / N - (double)(i + 1) / CELLS));
    }
    free(tally);
    print_message("# elements: Kolmogorov-Smirnov %.3f\n", distance * sqrt(N));
    assert_true(distance * sqrt(N) < 1.95);
}

static double with_seed(uint64_t i)
{
    double x;
    itp_normals(i, 2, 3, 4, ITP_FLOAT64, &x, 1);
    return x;
}

static double with_sample(uint64_t i)
{
    double x;
    itp_normals(1, i, 3, 4, ITP_FLOAT64, &x, 1);
    return x;
}

static double with_m(uint64_t i)
{
    double x;
    itp_normals(1, 2, (uint32_t)i, 4, ITP_FLOAT64, &x, 1);
    return x;
}

/* One element while the seed, the sample or m runs. */
static void law_along_keys(void **state)
{
    (void)state;
    enum { N = 200000 };
    const struct {
        const char *name;
        double (*of)(uint64_t i);
    } keys[] = {{"seeds", with_seed}, {"samples", with_sample}, {"m", with_m}};
    double *x = malloc(N * sizeof *x);
    assert_non_null(x);
    for (size_t k = 0; k < 3; k++) {
        for (uint64_t i = 0; i < N; i++) x[i] = keys[k].of(i);
        follows_the_law(keys[k].name, x, N);
    }
    free(x);
}

/* Numbers beyond 3, 4 and 5 on either side in 2^24 normals. */
static void tails(void **state)
{
    (void)state;
    const size_t n = (size_t)1 << 24;
    double beyond[2][3] = {{0, 0, 0}, {0, 0, 0}}, largest = 0;
    float *x = normals(31, 41, 59, 0, n);
    for (size_t i = 0; i < n; i++) {
        double size = fabs((double)x[i]);
        for (int k = 0; k < 3; k++) beyond[x[i] < 0][k] += size > 3 + k;
        largest = fmax(largest, size);
    }
    free(x);
    for (int k = 0; k < 3; k++) {
        double expected = (double)n * 0.5 * erfc((3 + k) / sqrt(2));
        print_message("# beyond %d: %.0f and %.0f, expected %.1f\n", 3 + k, beyond[0][k], beyond[1][k], expected);
        assert_true(fabs(beyond[0][k] - expected) < 4 * sqrt(expected));
        assert_true(fabs(beyond[1][k] - expected) < 4 * sqrt(expected));
    }
    assert_true(largest < 6.77); /* sqrt(66 log 2): u is at least 2^-33 */
}

/* Correlation of values, and of squares, in standard deviations. */
static double dependence(const float *x, const float *y, size_t n)
{
    double values = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double a = (double)x[i], b = (double)y[i];
        values += a * b;
        squares += (a * a - 1) * (b * b - 1) / 2;
    }
    return fmax(fabs(values), fabs(squares)) / sqrt((double)n);
}

static void neighbouring_elements_are_independent(void **state)
{
    (void)state;
    float *x = normals(7, 8, 9, 0, MILLION);
    for (size_t lag = 1; lag <= 64; lag++) assert_true(dependence(x, x + lag, MILLION - 64) < 5);
    free(x);
}

static void neighbouring_keys_are_independent(void **state)
{
    (void)state;
    const uint64_t high = UINT64_C(1) << 32;
    const struct {
        uint64_t seed, sample;
        uint32_t m;
    } neighbours[] = {{8, 8, 9}, {7, 9, 9}, {7, 8, 10}, {7 + high, 8, 9}, {7, 8 + high, 9}, {8, 7, 9}, {7, 9, 8}};
    float *x = normals(7, 8, 9, 0, MILLION);
    for (size_t i = 0; i < sizeof neighbours / sizeof neighbours[0]; i++) {
        float *y = normals(neighbours[i].seed, neighbours[i].sample, neighbours[i].m, 0, MILLION);
        assert_true(dependence(x, y, MILLION) < 5);
        free(y);
    }
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers),
        cmocka_unit_test(philox_null_is_harmless),
        cmocka_unit_test(bits_are_pinned),
        cmocka_unit_test(bits_are_pinned_on_every_path),
        cmocka_unit_test(portable_is_the_last_path),
        cmocka_unit_test(any_places_on_every_path),
        cmocka_unit_test(sums_on_every_path),
        cmocka_unit_test(any_stretch_of_any_batch),
        cmocka_unit_test(agree_with_double),
        cmocka_unit_test(any_split_gives_the_same),
        cmocka_unit_test(writes_count_elements_only),
        cmocka_unit_test(float64_is_widened),
        cmocka_unit_test(bad_arguments),
        cmocka_unit_test(moments),
        cmocka_unit_test(law_along_elements),
        cmocka_unit_test(law_along_keys),
        cmocka_unit_test(tails),
        cmocka_unit_test(neighbouring_elements_are_independent),
        cmocka_unit_test(neighbouring_keys_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
