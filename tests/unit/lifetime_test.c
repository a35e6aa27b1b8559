/* Objects live as long as something points to them: everything may be freed in any order, and what is left works as if
 * nothing had been freed. The ledger overwrites what is freed and knows what is not. */
#include <interp/interp.h>

#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 4, SAMPLES = 3, TOTAL = DIM * SAMPLES, SHARED = 5, BANDS = 3 };

/* ---- every order ---- */

/* Steinhaus, Johnson and Trotter would be quicker; there are few. Returns 0 after the last order. */
static int next_order(int *order, int count)
{
    int i = count - 2, j = count - 1;
    while (i >= 0 && order[i] > order[i + 1]) i--;
    if (i < 0) return 0;
    while (order[j] < order[i]) j--;
    int kept = order[i];
    order[i] = order[j], order[j] = kept;
    for (int a = i + 1, b = count - 1; a < b; a++, b--) kept = order[a], order[a] = order[b], order[b] = kept;
    return 1;
}

/* ---- a schedule, a plan, a sampler, an adaptive run and a fit ---- */

typedef struct shared {
    itp_schedule *schedule;
    itp_plan *plan;
    itp_sampler *sampler;
    itp_sampler *run;
    itp_fit *fit;
} shared;

static itp_batch batch_in(const itp_env *env)
{
    itp_batch batch = batch_of(DIM, SAMPLES, ITP_FLOAT64);
    batch.env = env;
    return batch;
}

static shared made(const itp_env *env)
{
    shared all;
    const itp_schedule_desc lazy = {ITP_SIZED(itp_schedule_desc), .env = env, .kind = ITP_SCHEDULE_LAZY};
    const itp_batch batch = batch_in(env);
    check_status("schedule", itp_schedule_new(&lazy, &all.schedule), ITP_OK);
    const itp_model model = {ITP_SIZED(itp_model), .schedule = all.schedule};
    const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .env = env, .model = &model, .evaluations = 3};
    const itp_adaptive_desc flow = {ITP_SIZED(itp_adaptive_desc), .model = &model, .schedule = all.schedule,
                                    .rtol = 1e-2};
    const itp_fit_desc fit = {ITP_SIZED(itp_fit_desc), .env = env, .model = &model, .dim = DIM, .count = 4,
                              .iterations = 1};
    check_status("plan", itp_plan_new(&want, &all.plan), ITP_OK);
    check_status("sampler", itp_sampler_new(all.plan, &batch, &all.sampler), ITP_OK);
    check_status("run", itp_sampler_new_adaptive(&flow, &batch, &all.run), ITP_OK);
    check_status("fit", itp_fit_new(all.plan, &fit, &all.fit), ITP_OK);
    return all;
}

static void free_one(shared *all, int which)
{
    switch (which) {
    case 0: itp_schedule_free(all->schedule), all->schedule = NULL; break;
    case 1: itp_plan_free(all->plan), all->plan = NULL; break;
    case 2: itp_sampler_free(all->sampler), all->sampler = NULL; break;
    case 3: itp_sampler_free(all->run), all->run = NULL; break;
    default: itp_fit_free(all->fit), all->fit = NULL; break;
    }
}

static void fill(void *to, const void *from, size_t count)
{
    double *out = to;
    const double *x = from;
    for (size_t i = 0; i < count; i++) out[i] = -x[i] / 2;
}

/* What is left is used: samples go into x, and those that are not made stay as they are. */
static void use(shared *all, double *x)
{
    itp_request request = ITP_REQUEST_INIT;
    itp_request asked = ITP_REQUEST_INIT;
    if (all->sampler) {
        check_status("begin", begin_noise(all->sampler, x, 7), ITP_OK);
        while (itp_sampler_next(all->sampler, &request) == ITP_EVALUATE) {
            fill(request.out, request.x, TOTAL);
            check_status("submit", itp_sampler_submit(all->sampler), ITP_OK);
        }
    }
    if (all->run) {
        check_status("begin", begin_noise(all->run, x + TOTAL, 0), ITP_OK);
        while (itp_sampler_next(all->run, &asked) == ITP_EVALUATE) {
            fill(asked.out, asked.x, asked.count * asked.dim);
            check_status("submit", itp_sampler_submit(all->run), ITP_OK);
        }
    }
    if (all->fit && itp_fit_next(all->fit, &request) == ITP_EVALUATE) {
        for (size_t i = 0; i < request.count * request.dim; i++)
            ((float *)request.out)[i] = ((const float *)request.x)[i] / -2;
        check_status("fit", itp_fit_submit(all->fit), ITP_OK);
    }
}

static void any_order(void **state)
{
    int order[SHARED] = {0, 1, 2, 3, 4};
    double whole[2 * TOTAL];
    ledger books;
    itp_env env = ledger_env(&books);
    (void)state;
    shared all = made(&env);
    use(&all, whole);
    for (int i = 0; i < SHARED; i++) free_one(&all, i);
    assert_int_equal(books.live, 0);
    do {
        double x[2 * TOTAL];
        memcpy(x, whole, sizeof x);
        all = made(&env);
        for (int i = 0; i < SHARED; i++) {
            free_one(&all, order[i]);
            use(&all, x);
            assert_memory_equal(x, whole, sizeof x);
        }
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    } while (next_order(order, SHARED));
}

/* ---- covariances ---- */

static void any_order_of_a_covariance(void **state)
{
    static const double variances[DIM] = {1, 2, 3, 4};
    int order[BANDS] = {0, 1, 2};
    ledger books;
    itp_env env = ledger_env(&books);
    (void)state;
    do {
        double x[TOTAL];
        itp_covariance *covariance;
        itp_covariance_plan *plan;
        itp_sampler *sampler;
        const itp_covariance_desc desc = {ITP_SIZED(itp_covariance_desc), .env = &env, .dim = DIM,
                                          .variances = variances};
        const itp_plan_desc each = {ITP_SIZED(itp_plan_desc), .env = &env, .evaluations = 3};
        const itp_batch batch = batch_in(&env);
        check_status("covariance", itp_covariance_new(&desc, &covariance), ITP_OK);
        const itp_covariance_plan_desc want = {ITP_SIZED(itp_covariance_plan_desc), .covariance = covariance,
                                               .plan = &each};
        check_status("plan", itp_covariance_plan_new(&want, &plan), ITP_OK);
        check_status("sampler", itp_sampler_new_covariance(plan, &batch, &sampler), ITP_OK);
        for (int i = 0; i < BANDS; i++) {
            if (order[i] == 0) itp_covariance_free(covariance);
            if (order[i] == 1) itp_covariance_plan_free(plan);
            if (order[i] == 2) itp_sampler_free(sampler), sampler = NULL;
            if (sampler) {
                itp_request request = ITP_REQUEST_INIT;
                check_status("begin", begin_noise(sampler, x, 7), ITP_OK);
                while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
                    fill(request.out, request.x, TOTAL);
                    check_status("submit", itp_sampler_submit(sampler), ITP_OK);
                }
            }
        }
        assert_int_equal(books.live, 0);
        assert_int_equal(books.defects, 0);
    } while (next_order(order, BANDS));
}

/* A sampler in the caller's memory holds its plan, too. */
static void a_sampler_in_a_workspace(void **state)
{
    static double room[4096];
    double x[TOTAL];
    ledger books;
    itp_env env = ledger_env(&books);
    itp_plan *plan;
    itp_sampler *sampler;
    const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .env = &env, .evaluations = 3};
    itp_batch batch = batch_in(&env);
    (void)state;
    check_status("plan", itp_plan_new(&want, &plan), ITP_OK);
    batch.workspace = room + (64 - (uintptr_t)room % 64) % 64 / sizeof *room;
    batch.workspace_bytes = sizeof room - 64;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    itp_plan_free(plan);
    shared all = {.sampler = sampler};
    use(&all, x);
    assert_true(books.live > 0);
    itp_sampler_free(sampler);
    assert_int_equal(books.live, 0);
}

/* ---- schedules that are not made ---- */

static void standard_schedules(void **state)
{
    int count = 0;
    (void)state;
    for (int i = 0; kind_at("schedule", i); i++) {
        const char *name = kind_name("schedule", kind_at("schedule", i));
        const itp_schedule *borrowed = itp_schedule_of(name);
        itp_schedule *own = NULL;
        if (kind_at("schedule", i) == ITP_SCHEDULE_DDPM || itp_schedule_make(kind_at("schedule", i), &own)) continue;
        count++;
        for (int j = 0; j <= 32; j++) {
            itp_schedule_point a = ITP_SCHEDULE_POINT_INIT, b = ITP_SCHEDULE_POINT_INIT;
            double t, other, u = .02 + .97 * j / 32;
            int status = itp_schedule_eval(own, j / 32., &a);
            check_status(name, itp_schedule_eval(borrowed, j / 32., &b), status);
            if (!status) assert_memory_equal(&a, &b, sizeof a);
            check_status(name, itp_schedule_time_of_u(own, u, &t), ITP_OK);
            check_status(name, itp_schedule_time_of_u(borrowed, u, &other), ITP_OK);
            check_near(name, other, t, 1e-15);
        }
        itp_schedule_free((itp_schedule *)(uintptr_t)borrowed); /* does nothing */
        itp_schedule_free(own);
    }
    assert_int_equal(count, 9);
    assert_ptr_equal(itp_schedule_of("lazy"), itp_schedule_of("lazy"));
    assert_ptr_equal(itp_schedule_of("Rectified_Flow"), itp_schedule_of("linear"));
}

/* A plan of a borrowed schedule is that of one that was made, bit for bit; but the last bits of where vp-sde begins are
 * those of a C library. */
static void plans_of_them(void **state)
{
    static const char *const names[] = {"vp", "ve", "edm", "lazy"};
    (void)state;
    for (int i = 0; i < COUNT(names); i++) {
        char text[2][4096];
        for (int made_one = 0; made_one < 2; made_one++) {
            itp_schedule *own = NULL;
            itp_plan *plan = NULL;
            check_status(names[i], itp_schedule_make(kind_id("schedule", names[i]), &own), ITP_OK);
            const itp_model model = {ITP_SIZED(itp_model), .schedule = made_one ? own : itp_schedule_of(names[i])};
            const itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .model = &model, .evaluations = 4};
            check_status(names[i], itp_plan_new(&want, &plan), ITP_OK);
            check_status(names[i], itp_plan_format(plan, text[made_one], sizeof text[0], NULL), ITP_OK);
            itp_plan_free(plan);
            itp_schedule_free(own);
        }
        assert_string_equal(text[0], text[1]);
    }
}

static void unknown_names(void **state)
{
    static const char *const names[] = {"karras", "", "ddpm", "table", "user", NULL};
    itp_error why = ITP_ERROR_INIT;
    const itp_env env = {ITP_SIZED(itp_env), .error = &why};
    (void)state;
    for (int i = 0; i < COUNT(names); i++) {
        const itp_schedule *unknown = itp_schedule_of(names[i]);
        const itp_model model = {ITP_SIZED(itp_model), .schedule = unknown};
        const itp_batch batch = batch_in(&env);
        const double times[] = {0, 1};
        double x[2 * TOTAL], t;
        itp_plan *plan = NULL;
        itp_sampler *run = NULL;
        itp_path *path = NULL;
        itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
        itp_conversion conversion = ITP_CONVERSION_INIT;
        itp_plan_desc want = {ITP_SIZED(itp_plan_desc), .env = &env, .schedule = unknown};
        assert_non_null(unknown);
        check_status("eval", itp_schedule_eval(unknown, .5, &point), ITP_E_UNSUPPORTED);
        check_status("time", itp_schedule_time_of_u(unknown, .5, &t), ITP_E_UNSUPPORTED);
        check_status("time", itp_schedule_time_of_r(unknown, 1, &t), ITP_E_UNSUPPORTED);
        check_status("variance", itp_schedule_variance(unknown, .25, .5, &t), ITP_E_UNSUPPORTED);
        check_status("convert", itp_schedule_convert(unknown, itp_schedule_of("vp"), .5, &conversion),
                     ITP_E_UNSUPPORTED);
        check_status("convert", itp_schedule_convert(itp_schedule_of("vp"), unknown, .5, &conversion),
                     ITP_E_UNSUPPORTED);
        check_status("schedule", itp_plan_new(&want, &plan), ITP_E_UNSUPPORTED);
        assert_string_equal(why.field, "schedule");
        want.schedule = NULL, want.model = &model;
        check_status("model", itp_plan_new(&want, &plan), ITP_E_UNSUPPORTED);
        assert_string_equal(why.field, "model.schedule");
        const itp_adaptive_desc flow = {ITP_SIZED(itp_adaptive_desc), .schedule = unknown};
        check_status("adaptive", itp_sampler_new_adaptive(&flow, &batch, &run), ITP_E_UNSUPPORTED);
        assert_string_equal(why.field, "schedule");
        const itp_path_desc along = {ITP_SIZED(itp_path_desc), .env = &env,     .schedule = unknown,
                                     .times = times,           .states = x,     .dim = DIM,
                                     .count = SAMPLES,         .time_count = 2, .type = ITP_FLOAT64};
        check_status("path", itp_path_new(&along, &path), ITP_E_UNSUPPORTED);
        assert_string_equal(why.field, "schedule");
        assert_true(!plan && !run && !path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order),
        cmocka_unit_test(any_order_of_a_covariance),
        cmocka_unit_test(a_sampler_in_a_workspace),
        cmocka_unit_test(standard_schedules),
        cmocka_unit_test(plans_of_them),
        cmocka_unit_test(unknown_names),
    };
    return cmocka_run_group_tests_name("lifetime", tests, NULL, NULL);
}
