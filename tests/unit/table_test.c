/* Schedules made from samples: a DDPM table passes through its samples and stays between them, a fine table of a
 * smooth schedule is close to it, betas are those of diffusers. Pairs with exact zeros at the ends, and what is
 * refused. */
#include <interp/schedule.h>
#include <interp/text.h>

#include <math.h>

#include "../../examples/kinds.h"
#include "../common/check.h"
#include "../common/families.h"

static itp_schedule_point point(const itp_schedule *schedule, double t)
{
    itp_schedule_point p = ITP_SCHEDULE_POINT_INIT;
    check_status("eval", itp_schedule_eval(schedule, t, &p), ITP_OK);
    return p;
}

static itp_schedule *cumprod_table(const double *values, int32_t count)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = values;
    desc.count = count;
    check_status("table", itp_schedule_new(&desc, &schedule), ITP_OK);
    return schedule;
}

static int pair_table(const double *alpha, const double *beta, int32_t count, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alpha = alpha;
    desc.beta = beta;
    desc.count = count;
    return itp_schedule_new(&desc, out);
}

/* Index 0 of a DDPM table is the cleanest: t = 1. */
static void ddpm_nodes(void **state)
{
    (void)state;
    double bar[DDPM_COUNT];
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    itp_schedule *schedule = cumprod_table(bar, DDPM_COUNT);
    for (int i = 0; i < DDPM_COUNT; i++) {
        label at;
        itp_schedule_point p = point(schedule, 1.0 - i / (DDPM_COUNT - 1.0));
        label_index(&at, "alpha-bar", i);
        check_near(at.text, p.beta, sqrt(bar[i]), 1e-13);
        check_near(at.text, p.alpha, sqrt(1 - bar[i]), 1e-13);
    }
    check_near("first", point(schedule, 1.0).beta, sqrt(bar[0]), 1e-15);
    check_near("last", point(schedule, 0.0).beta, sqrt(bar[DDPM_COUNT - 1]), 1e-15);
    itp_schedule_free(schedule);
}

/* Between the samples: increasing r between those of the neighbours, and still variance preserving. */
static void ddpm_between(void **state)
{
    (void)state;
    double bar[DDPM_COUNT];
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    itp_schedule *schedule = cumprod_table(bar, DDPM_COUNT);
    for (int i = 1; i < DDPM_COUNT; i++) {
        itp_schedule_point a = point(schedule, 1.0 - (i - .3) / (DDPM_COUNT - 1.0)),
                           b = point(schedule, 1.0 - (i - .6) / (DDPM_COUNT - 1.0));
        check_true("ordered", sqrt(bar[i] / (1 - bar[i])) < a.r && a.r < b.r);
        check_true("ordered", b.r < sqrt(bar[i - 1] / (1 - bar[i - 1])));
        check_near("variance preserving", a.alpha * a.alpha + a.beta * a.beta, 1.0, 1e-12);
        check_true("derivatives", a.dbeta > 0 && a.dalpha < 0 && a.W > 0 && isfinite(a.eps_star));
    }
    itp_schedule_free(schedule);
}

/* The same samples in the other order are the same schedule. */
static void order_does_not_matter(void **state)
{
    (void)state;
    double bar[DDPM_COUNT], reversed[DDPM_COUNT];
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    for (int i = 0; i < DDPM_COUNT; i++) reversed[DDPM_COUNT - 1 - i] = bar[i];
    itp_schedule *a = cumprod_table(bar, DDPM_COUNT), *b = cumprod_table(reversed, DDPM_COUNT);
    for (int i = 0; i <= 777; i++) {
        itp_schedule_point p = point(a, i / 777.0), q = point(b, i / 777.0);
        check_near("alpha", q.alpha, p.alpha, 1e-15);
        check_near("beta", q.beta, p.beta, 1e-15);
        check_near("eps*", q.eps_star, p.eps_star, 1e-10);
    }
    itp_schedule_free(a);
    itp_schedule_free(b);
}

/* The samples are copied. */
static void samples_are_copied(void **state)
{
    (void)state;
    double bar[3] = {.9, .5, .1};
    itp_schedule *schedule = cumprod_table(bar, 3);
    bar[1] = NAN;
    check_near("middle", point(schedule, .5).beta, sqrt(.5), 1e-15);
    itp_schedule_free(schedule);
}

/* ---- exact zeros at the ends, where log r is infinite ---- */

static void check_zero_ends(const itp_schedule *schedule, int n)
{
    itp_schedule_point first = point(schedule, 0.0), last = point(schedule, 1.0);
    check_same("alpha at 0", first.alpha, 1.0);
    check_same("beta at 0", first.beta, 0.0);
    check_same("r at 0", first.r, 0.0);
    check_same("alpha at 1", last.alpha, 0.0);
    check_same("beta at 1", last.beta, 1.0);
    check_same("u at 1", last.u, 1.0);
    double r = -1.0;
    for (int i = 0; i <= 40 * n; i++) {
        itp_schedule_point p = point(schedule, i / (40.0 * n));
        check_true("increases", p.r > r);
        check_true("finite", isfinite(p.alpha) && isfinite(p.beta) && p.alpha >= 0 && p.beta >= 0);
        r = p.r;
    }
}

static void exact_zero_ends(void **state)
{
    (void)state;
    for (int n = 2; n <= 20; n += 3) {
        double alpha[21], beta[21];
        itp_schedule *schedule = NULL;
        for (int i = 0; i <= n; i++) {
            alpha[i] = 1.0 - (double)i / n;
            beta[i] = (double)i / n;
        }
        check_status("pair", pair_table(alpha, beta, n + 1, &schedule), ITP_OK);
        check_zero_ends(schedule, n);
        for (int i = 0; i <= n; i++) {
            check_near("alpha", point(schedule, (double)i / n).alpha, alpha[i], 1e-13);
            check_near("beta", point(schedule, (double)i / n).beta, beta[i], 1e-13);
        }
        itp_schedule_free(schedule);
    }
}

static void zero_cumprod_ends(void **state)
{
    (void)state;
    const double bar[5] = {1.0, .8, .4, .1, 0.0};
    itp_schedule *schedule = cumprod_table(bar, 5);
    check_zero_ends(schedule, 4);
    itp_schedule_free(schedule);
}

/* A fine table of a smooth schedule is close to it, in value and in slope: linear and ve have other norms than 1. */
static void check_fine_table(int32_t kind)
{
    enum { N = 512 };
    double alpha[N + 1], beta[N + 1];
    itp_schedule *table, *exact;
    check_status("exact", itp_schedule_make(kind, &exact), ITP_OK);
    for (int i = 0; i <= N; i++) {
        alpha[i] = point(exact, (double)i / N).alpha;
        beta[i] = point(exact, (double)i / N).beta;
    }
    check_status("table", pair_table(alpha, beta, N + 1, &table), ITP_OK);
    for (int i = 0; i <= 1000; i++) {
        itp_schedule_point p = point(table, .05 + .9 * i / 1000), q = point(exact, .05 + .9 * i / 1000);
        check_near(kind_name("schedule", kind), p.alpha, q.alpha, 3e-6);
        check_near(kind_name("schedule", kind), p.beta, q.beta, 3e-6);
        check_near(kind_name("schedule", kind), p.eps_star / q.eps_star, 1.0, 2e-3);
    }
    itp_schedule_free(table);
    itp_schedule_free(exact);
}

static void fine_table_is_close(void **state)
{
    (void)state;
    check_fine_table(ITP_SCHEDULE_VP);
    check_fine_table(ITP_SCHEDULE_LINEAR);
    check_fine_table(ITP_SCHEDULE_VE);
}

/* The slope at an end is that of the curve there, not only a bound on it. */
static void slopes_at_the_ends(void **state)
{
    (void)state;
    double bar[DDPM_COUNT], n = DDPM_COUNT - 1;
    ddpm_alphas_cumprod(bar, DDPM_COUNT);
    itp_schedule *schedule = cumprod_table(bar, DDPM_COUNT);
    double noise_end = n * (sqrt(bar[DDPM_COUNT - 2]) - sqrt(bar[DDPM_COUNT - 1]));
    double data_end = n * (sqrt(1 - bar[0]) - sqrt(1 - bar[1]));
    check_near("beta' at 0", point(schedule, 0).dbeta / noise_end, 1, .02);
    check_near("alpha' at 1", point(schedule, 1).dalpha / data_end, 1, .35);
    itp_schedule_free(schedule);
}

/* ---- refused ---- */

typedef struct bad {
    const char *name;
    double alpha[3], beta[3];
    int32_t count;
    int want, want_also; /* a number that is not finite may also be called out of range */
} bad;

static const bad bads[] = {
    {"constant r", {.5, .5, .5}, {.5, .5, .5}, 3, ITP_E_SCHEDULE, ITP_E_SCHEDULE},
    {"up and down", {.9, .2, .5}, {.1, .8, .5}, 3, ITP_E_SCHEDULE, ITP_E_SCHEDULE},
    {"a step without change", {.9, .5, .5}, {.1, .5, .5}, 3, ITP_E_SCHEDULE, ITP_E_SCHEDULE},
    {"NaN", {.9, NAN, .1}, {.1, .5, .9}, 3, ITP_E_SCHEDULE, ITP_E_RANGE},
    {"infinite", {.9, .5, .1}, {.1, .5, INFINITY}, 3, ITP_E_SCHEDULE, ITP_E_RANGE},
    {"negative", {.9, .5, -.1}, {.1, .5, .9}, 3, ITP_E_SCHEDULE, ITP_E_RANGE},
    {"both zero", {.9, 0, .1}, {.1, 0, .9}, 3, ITP_E_SCHEDULE, ITP_E_RANGE},
    {"one sample", {.9, 0, 0}, {.1, 0, 0}, 1, ITP_E_RANGE, ITP_E_SCHEDULE},
    {"no sample", {.9, 0, 0}, {.1, 0, 0}, 0, ITP_E_RANGE, ITP_E_ARGUMENT},
    {"negative count", {.9, 0, 0}, {.1, 0, 0}, -3, ITP_E_RANGE, ITP_E_RANGE},
};

static void bad_pairs(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(bads); i++) {
        itp_schedule *schedule = NULL;
        int rc = pair_table(bads[i].alpha, bads[i].beta, bads[i].count, &schedule);
        check_true(bads[i].name, schedule == NULL);
        if (rc != bads[i].want_also) check_status(bads[i].name, rc, bads[i].want);
    }
}

static void bad_cumprods(void **state)
{
    static const double rows[][3] = {{.9, .5, -.1}, {1.1, .5, .1}, {.9, NAN, .1}, {.9, .9, .1}, {.1, .9, .5}};
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        label at;
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule = NULL;
        desc.kind = ITP_SCHEDULE_TABLE;
        desc.alphas_cumprod = rows[i];
        desc.count = 3;
        int rc = itp_schedule_new(&desc, &schedule);
        check_true(label_index(&at, "cumprod", i), schedule == NULL && (rc == ITP_E_SCHEDULE || rc == ITP_E_RANGE));
    }
}

static void missing_samples(void **state)
{
    (void)state;
    const double one[3] = {.9, .5, .1};
    itp_schedule *schedule = NULL;
    check_status("neither", pair_table(NULL, NULL, 3, &schedule), ITP_E_ARGUMENT);
    check_status("alpha only", pair_table(one, NULL, 3, &schedule), ITP_E_ARGUMENT);
    check_status("beta only", pair_table(NULL, one, 3, &schedule), ITP_E_ARGUMENT);
    check_status("by kind alone", itp_schedule_make(ITP_SCHEDULE_TABLE, &schedule), ITP_E_ARGUMENT);
    assert_null(schedule);
}

/* ---- tables by the name of their betas ---- */

static itp_schedule *ddpm(const itp_schedule_desc *desc)
{
    itp_schedule *schedule = NULL;
    check_status("ddpm", itp_schedule_new(desc, &schedule), ITP_OK);
    return schedule;
}

/* alpha/beta at a sample, counted from the data end. */
static double level(const itp_schedule *schedule, int sample, int count)
{
    return 1 / point(schedule, 1 - (double)sample / (count - 1)).r;
}

/* Levels that diffusers 0.42.1's DPMSolverMultistepScheduler has at its samples, to the six digits recorded, and its
 * DDPMScheduler's and HeunDiscreteScheduler's of "laplace" and "exp"; betas and products are float32 there, which
 * leaves the last of the cosine's, of products near 2e-9, three digits. */
static void ddpm_betas_as_diffusers_have_them(void **state)
{
    static const int samples[] = {999, 832, 666, 500, 333, 166};
    static const struct {
        int32_t betas;
        double start, end, levels[6];
    } rows[] = {
        {ITP_BETAS_SCALED_LINEAR, .00085, .012, {14.6146, 5.9347, 2.91831, 1.61828, .932358, .49241}},
        {ITP_BETAS_COSINE, 0, 0, {20291.3, 3.75514, 1.75072, 1.01555, .589707, .279376}},
        {ITP_BETAS_LAPLACE, 0, 0, {5.533785, .8071815, .7007266, .6433198, .5894096, .5054981}},
        {ITP_BETAS_EXPONENTIAL, 0, 0, {403.4221, 148.1116, 54.69782, 20.18152, 7.350931, 2.533503}},
    };
    (void)state;
    for (int i = 0; i < COUNT(rows); i++) {
        itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_DDPM, .betas = rows[i].betas,
                                  .beta_start = rows[i].start, .beta_end = rows[i].end};
        itp_schedule *schedule = ddpm(&desc);
        for (int j = 0; j < 6; j++)
            check_near("level", level(schedule, samples[j], 1000) / rows[i].levels[j], 1,
                       i == 1 && j == 0 ? 2e-3
                       : i < 2          ? 4e-6
                                        : 4e-5);
        itp_schedule_free(schedule);
    }
}

/* The same linear betas, in double: sigma at both ends, from levels.h. */
static void ddpm_by_default(void **state)
{
    (void)state;
    double own[1000];
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_DDPM};
    itp_schedule *schedule = ddpm(&desc), *table;
    ddpm_alphas_cumprod(own, 1000);
    table = cumprod_table(own, 1000);
    check_near("noisiest", level(schedule, 999, 1000), 157.40728081040757, 1e-12);
    check_near("cleanest", level(schedule, 0, 1000), 0.010000500037502575, 1e-12);
    for (int i = 0; i < 1000; i++) check_near("level", level(schedule, i, 1000) / level(table, i, 1000), 1, 1e-12);
    itp_schedule_free(schedule);
    itp_schedule_free(table);
}

static void sigmoid_betas(void **state)
{
    (void)state;
    enum { N = 20 };
    double product = 1;
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc),
                              .kind = ITP_SCHEDULE_DDPM,
                              .betas = ITP_BETAS_SIGMOID,
                              .beta_start = .01,
                              .beta_end = .3,
                              .beta_count = N};
    itp_schedule *schedule = ddpm(&desc);
    for (int i = 0; i < N; i++) {
        product *= 1 - (.01 + .29 / (1 + exp(6 - 12.0 * i / (N - 1))));
        check_near("level", level(schedule, i, N), sqrt((1 - product) / product), 1e-12);
    }
    itp_schedule_free(schedule);
}

/* 2305.08891: nothing of the data in the last sample, the first one as it was. */
static void zero_terminal_snr(void **state)
{
    (void)state;
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_DDPM, .zero_snr = 1};
    itp_schedule *zero = ddpm(&desc);
    desc.zero_snr = 0;
    itp_schedule *plain = ddpm(&desc);
    assert_true(point(zero, 0).beta == 0 && point(zero, 0).alpha == 1);
    check_near("cleanest", level(zero, 0, 1000), level(plain, 0, 1000), 1e-12);
    double root = sqrt(1 / (1 + pow(level(plain, 500, 1000), 2))),
           last = sqrt(1 / (1 + pow(level(plain, 999, 1000), 2)));
    double first = sqrt(1 / (1 + pow(level(plain, 0, 1000), 2)));
    check_near("middle", point(zero, 1 - 500. / 999).beta, (root - last) * first / (first - last), 1e-9);
    itp_schedule_free(zero);
    itp_schedule_free(plain);
}

/* CogVideoX's: the squared level times the shift, of betas as of products that are given in either order; then, where
 * both are asked for, the last sample is noise. */
static void shifted_snr(void **state)
{
    (void)state;
    enum { N = 1000 };
    double own[N], turned[N];
    ddpm_alphas_cumprod(own, N);
    for (int i = 0; i < N; i++) turned[i] = own[N - 1 - i];
    itp_schedule_desc desc = {ITP_SIZED(itp_schedule_desc), .kind = ITP_SCHEDULE_DDPM, .snr_shift = 3};
    itp_schedule *plain = cumprod_table(own, N), *shifted = ddpm(&desc);
    for (int i = 0; i < N; i++) check_near("level", level(shifted, i, N) / level(plain, i, N) / sqrt(3), 1, 1e-11);
    desc.zero_snr = 1;
    itp_schedule *both = ddpm(&desc);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.count = N;
    for (int i = 0; i < 2; i++) {
        desc.alphas_cumprod = i ? turned : own;
        itp_schedule *given = ddpm(&desc);
        assert_true(point(given, 0).beta == 0 && point(given, 0).alpha == 1);
        for (int j = 0; j < N - 1; j++) check_near("level", level(given, j, N) / level(both, j, N), 1, 1e-9);
        itp_schedule_free(given);
    }
    itp_schedule_free(plain);
    itp_schedule_free(shifted);
    itp_schedule_free(both);
}

/* A table so described is described by what it became. */
static void adjusted_tables_again(void **state)
{
    (void)state;
    char text[256], again[256];
    itp_schedule *made = NULL, *read = NULL;
    check_status("made", itp_schedule_parse("table([.9, .5, .1], zero_snr=1, snr_shift=2)", NULL, &made), ITP_OK);
    itp_schedule_print(made, text, sizeof text, NULL);
    check_status("read", itp_schedule_parse(text, NULL, &read), ITP_OK);
    itp_schedule_print(read, again, sizeof again, NULL);
    assert_string_equal(text, again);
    assert_null(strstr(text, "snr"));
    assert_true(point(made, .5).beta == point(read, .5).beta && point(read, 0).beta == 0);
    itp_schedule_free(made);
    itp_schedule_free(read);
    check_status("of a pair", itp_schedule_parse("table(alpha=[.1, .9], beta=[.9, .1], zero_snr=1)", NULL, &made),
                 ITP_E_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ddpm_nodes),
        cmocka_unit_test(ddpm_between),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(samples_are_copied),
        cmocka_unit_test(exact_zero_ends),
        cmocka_unit_test(zero_cumprod_ends),
        cmocka_unit_test(fine_table_is_close),
        cmocka_unit_test(slopes_at_the_ends),
        cmocka_unit_test(bad_pairs),
        cmocka_unit_test(bad_cumprods),
        cmocka_unit_test(missing_samples),
        cmocka_unit_test(ddpm_betas_as_diffusers_have_them),
        cmocka_unit_test(ddpm_by_default),
        cmocka_unit_test(sigmoid_betas),
        cmocka_unit_test(zero_terminal_snr),
        cmocka_unit_test(shifted_snr),
        cmocka_unit_test(adjusted_tables_again),
    };
    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
