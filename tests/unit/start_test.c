/* What a sampler begins from: noise of any seed, data, a state; for its batch or a part of it; nothing is allocated. */
#include <interp/interp.h>

#include <math.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 5, BATCH = 4, TOTAL = DIM * BATCH };

static itp_batch batch_in(const itp_env *env)
{
    itp_batch batch = batch_of(DIM, BATCH, ITP_FLOAT64);
    batch.env = env;
    return batch;
}

static itp_sampler *sampler_of(const itp_plan *plan, const itp_batch *batch)
{
    itp_sampler *sampler = NULL;
    check_status("sampler", itp_sampler_new(plan, batch, &sampler), ITP_OK);
    return sampler;
}

/* The same as itp_sample with a batch of that count and start. */
static void check_run(itp_sampler *sampler, const itp_plan *plan, itp_batch batch)
{
    double x[TOTAL] = {0}, want[TOTAL] = {0};
    for (int i = 0; i < TOTAL; i++) x[i] = want[i] = batch.x == ITP_X_NOISE ? 0 : .3 * i - 1;
    itp_start start = start_of(&batch, x);
    start.count = batch.count;
    check_status("sample", itp_sample(plan, &batch, want, network_sine, NULL), ITP_OK);
    check_status("run", itp_sampler_run(sampler, &start, network_sine, NULL), ITP_OK);
    assert_memory_equal(x, want, sizeof x);
}

static void one_sampler_for_all_starts(void **state)
{
    static const uint64_t seeds[BATCH] = {9, 1, UINT64_MAX, 4};
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    itp_plan *plan = plan_of("solver=sa-2 k=1 grid=time(u_start=.4)");
    itp_batch batch = batch_in(&allocator), plain = batch_in(NULL);
    itp_sampler *sampler = sampler_of(plan, &batch);
    int calls = l.calls;
    for (int i = 0; i < 24; i++) {
        plain.count = 1 + (size_t)i % BATCH;
        plain.x = i % 3;
        plain.seed = i % 2 ? 0 : 77 + (uint64_t)i;
        plain.seeds = i % 2 ? seeds : NULL;
        plain.first = (uint64_t)i * 3;
        check_run(sampler, plan, plain);
    }
    assert_int_equal(l.calls, calls);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* The array with the data stays as it was. */
static void data_of_another_array(void **state)
{
    (void)state;
    double x[TOTAL], data[TOTAL], kept[TOTAL], want[TOTAL];
    itp_plan *plan = plan_of("solver=ab2 grid=time(u_start=.4)");
    itp_batch batch = batch_in(NULL);
    itp_sampler *sampler = sampler_of(plan, &batch);
    itp_start start = ITP_START_INIT;
    for (int i = 0; i < TOTAL; i++) data[i] = kept[i] = want[i] = i, x[i] = NAN;
    start.x = x;
    start.data = data;
    start.seed = batch.seed = 3;
    batch.x = ITP_X_DATA;
    check_status("sample", itp_sample(plan, &batch, want, network_sine, NULL), ITP_OK);
    check_status("run", itp_sampler_run(sampler, &start, network_sine, NULL), ITP_OK);
    assert_memory_equal(x, want, sizeof x);
    assert_memory_equal(data, kept, sizeof data);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- what is refused leaves x and the run under way as they were ---- */

static void check_refused(itp_sampler *sampler, const itp_start *start, int want, capture *said, const char *word)
{
    itp_request request = ITP_REQUEST_INIT;
    capture_clear(said);
    check_status(word, itp_sampler_begin(sampler, start), want);
    check_true(word, capture_has(said, word));
    check_status(word, itp_sampler_next(sampler, &request), ITP_EVALUATE);
    check_true(word, request.row == 1 && request.count == 2 && request.first == 5);
}

static void refused_starts(void **state)
{
    static const uint64_t seeds[BATCH] = {9, 1, 2, 4};
    (void)state;
    double x[TOTAL];
    capture said;
    itp_env log = capture_env(&said);
    itp_request request = ITP_REQUEST_INIT;
    itp_plan *plan = plan_of("solver=ab2");
    itp_batch batch = batch_in(&log);
    itp_sampler *sampler = sampler_of(plan, &batch);
    itp_start good = {sizeof good, x, NULL, 0, 0, 2, 1, 5, NULL}, start = good;
    check_status("begin", itp_sampler_begin(sampler, &good), ITP_OK);
    check_status("next", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    network_sine(NULL, &request);
    check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    start.x = NULL;
    check_refused(sampler, &start, ITP_E_ARGUMENT, &said, "x: ");
    start = good, start.count = BATCH + 1;
    check_refused(sampler, &start, ITP_E_RANGE, &said, "count: ");
    start = good, start.given = 2;
    check_refused(sampler, &start, ITP_E_RANGE, &said, "given: ");
    start = good, start.given = 1, start.data = x;
    check_refused(sampler, &start, ITP_E_ARGUMENT, &said, "data: ");
    start = good, start.data = x;
    check_refused(sampler, &start, ITP_E_UNSUPPORTED, &said, "data: ");
    start = good, start.seeds = seeds;
    check_refused(sampler, &start, ITP_E_ARGUMENT, &said, "seed: ");
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* What itp_sample takes from a batch, itp_sampler_new does not ignore. */
static void a_batch_with_a_start(void **state)
{
    static const uint64_t seeds[BATCH] = {9, 1, 2, 4};
    static const char *const words[] = {"seed: ", "first: ", "seeds: ", "x: "};
    (void)state;
    itp_plan *plan = plan_of("solver=ab2");
    for (int i = 0; i < COUNT(words); i++) {
        capture said;
        itp_env log = capture_env(&said);
        itp_batch batch = batch_in(&log);
        itp_sampler *sampler = NULL;
        batch.seed = i == 0;
        batch.first = i == 1;
        batch.seeds = i == 2 ? seeds : NULL;
        batch.x = i == 3 ? ITP_X_GIVEN : ITP_X_NOISE;
        check_status(words[i], itp_sampler_new(plan, &batch, &sampler), ITP_E_ARGUMENT);
        check_true(words[i], capture_has(&said, words[i]) && capture_has(&said, "itp_start"));
        assert_null(sampler);
    }
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_sampler_for_all_starts),
        cmocka_unit_test(data_of_another_array),
        cmocka_unit_test(refused_starts),
        cmocka_unit_test(a_batch_with_a_start),
    };
    return cmocka_run_group_tests_name("start", tests, NULL, NULL);
}
