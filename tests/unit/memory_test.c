/* Memory: every allocation may fail, nothing leaks, free is told the right size, and nothing is allocated while a run
 * is on. */
#include <interp/interp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/want.h"

enum { DIM = 6, BATCH = 3, TABLE = 5, SENTENCE = 200 };

static const double cumprod[TABLE] = {.99, .8, .4, .1, .01};

static int values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = 1 - t;
    out->beta = t;
    return 0;
}

static int make_schedule(int32_t kind, const itp_env *allocator, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = kind;
    desc.env = allocator;
    desc.values = kind == ITP_SCHEDULE_USER ? values : NULL;
    if (kind == ITP_SCHEDULE_TABLE) {
        desc.alphas_cumprod = cumprod;
        desc.count = TABLE;
    }
    return itp_schedule_new(&desc, out);
}

/* Everything from schedules to samples, with one allocator. 0, or the first status that is not. */
static int whole_life(int32_t kind, const char *solver, double k, const itp_env *allocator)
{
    double x[DIM * BATCH];
    static const uint64_t seeds[BATCH] = {1, 2, 3};
    itp_schedule *schedule = NULL;
    itp_plan *plan = NULL;
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    network net = network_linear(mixture_two_modes());
    int rc = make_schedule(kind, allocator, &schedule);
    desc.plan.env = batch.env = allocator;
    desc.plan.schedule = schedule;
    desc.solver = SOLVER(solver);
    desc.diffusion.k = k;
    desc.plan.evaluations = 40;
    batch.dim = DIM;
    batch.count = BATCH;
    batch.seeds = seeds;
    batch.type = ITP_FLOAT64;
    rc = rc ? rc : make_plan(&desc, &plan);
    rc = rc ? rc : itp_sample(plan, &batch, x, network_run, &net);
    itp_plan_free(plan);
    itp_schedule_free(schedule);
    return rc;
}

static void check_clean(const char *name, const ledger *l)
{
    check_near(name, l->live, 0, 0);
    check_near(name, l->defects, 0, 0);
}

static void sweep(const char *name, int32_t kind, const char *solver, double k)
{
    ledger l;
    itp_env allocator = ledger_env(&l);
    check_status(name, whole_life(kind, solver, k, &allocator), ITP_OK);
    check_clean(name, &l);
    int calls = l.calls;
    check_true(name, calls >= 4);
    for (int i = 1; i <= calls; i++) {
        ledger_clear(&l);
        l.fail_at = i;
        check_status(name, whole_life(kind, solver, k, &allocator), ITP_E_MEMORY);
        check_clean(name, &l);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sweep("linear euler", ITP_SCHEDULE_LINEAR, "euler", 0);
    sweep("lazy rk4", ITP_SCHEDULE_LAZY, "rk4", 0);
    sweep("vp ab4", ITP_SCHEDULE_VP, "ab4", 0);
    sweep("point mass", ITP_SCHEDULE_POINT_MASS, "euler-maruyama", 1);
    sweep("table", ITP_SCHEDULE_TABLE, "heun", 0);
    sweep("user", ITP_SCHEDULE_USER, "midpoint", 0);
}

/* A schedule, a plan or a sampler that cannot be made is NULL. */
static void failed_objects_are_null(void **state)
{
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    wanted desc = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL, *none = (itp_plan *)&l;
    itp_schedule *schedule = (itp_schedule *)&l;
    itp_sampler *sampler = (itp_sampler *)&l;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    l.fail_at = 1;
    check_status("schedule", make_schedule(ITP_SCHEDULE_VP, &allocator, &schedule), ITP_E_MEMORY);
    assert_null(schedule);
    l.calls = 0;
    desc.plan.env = &allocator;
    check_status("plan", make_plan(&desc, &none), ITP_E_MEMORY);
    assert_null(none);
    l.calls = 0;
    batch.dim = DIM;
    batch.count = 1;
    batch.env = &allocator;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_E_MEMORY);
    assert_null(sampler);
    itp_plan_free(plan);
}

/* x is as it was when a run cannot begin for want of memory. */
static void x_survives_a_failure(void **state)
{
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    float x[DIM], before[DIM];
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    network net = network_linear(mixture_two_modes());
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    memset(x, 0x3C, sizeof x);
    memcpy(before, x, sizeof x);
    l.fail_at = 1;
    batch.dim = DIM;
    batch.count = 1;
    batch.env = &allocator;
    check_status("sample", itp_sample(plan, &batch, x, network_run, &net), ITP_E_MEMORY);
    assert_memory_equal(x, before, sizeof x);
    assert_int_equal(net.calls, 0);
    itp_plan_free(plan);
}

/* ---- nothing is allocated after creation ---- */

static void run(itp_sampler *sampler, double *x)
{
    network net = network_linear(mixture_two_modes());
    itp_request request = ITP_REQUEST_INIT;
    check_status("begin", begin_noise(sampler, x, 3), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        network_run(&net, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
}

static void no_allocation_during_a_run(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        ledger l;
        itp_env allocator = ledger_env(&l);
        double x[DIM * BATCH];
        wanted desc = WANTED;
        itp_batch batch = ITP_BATCH_INIT;
        itp_plan *plan = NULL;
        itp_sampler *sampler = NULL;
        desc.plan.env = batch.env = &allocator;
        desc.solver = SOLVER(kind_name_at("solver", i));
        desc.diffusion.k = !strcmp(called(&desc), "euler-maruyama");
        batch.dim = DIM;
        batch.count = BATCH;
        batch.type = ITP_FLOAT64;
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
        int calls = l.calls;
        run(sampler, x);
        run(sampler, x);
        assert_int_equal(l.calls, calls);
        itp_sampler_free(sampler);
        itp_plan_free(plan);
        check_clean(called(&desc), &l);
    }
}

/* ---- the workspace is slots - 1 arrays and one for what rows carry, each rounded up to 64 bytes ---- */

static size_t sampler_bytes(const itp_plan *plan, size_t dim, int32_t type)
{
    ledger l;
    itp_env allocator = ledger_env(&l);
    itp_sampler *sampler = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    batch.env = &allocator;
    batch.dim = dim;
    batch.count = BATCH;
    batch.type = type;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    size_t bytes = l.live_bytes;
    itp_sampler_free(sampler);
    check_clean("sampler", &l);
    return bytes;
}

static size_t rounded(size_t dim, size_t element)
{
    return (dim * BATCH * element + 63) / 64 * 64;
}

static void check_workspace(const itp_plan *plan, const itp_plan_info *info, size_t dim)
{
    size_t others = (size_t)(info->slots - 1 + info->carries);
    size_t f32 = sampler_bytes(plan, dim, ITP_FLOAT32) - sampler_bytes(plan, 1, ITP_FLOAT32);
    size_t f64 = sampler_bytes(plan, dim, ITP_FLOAT64) - sampler_bytes(plan, 1, ITP_FLOAT64);
    assert_int_equal(f32, others * (rounded(dim, sizeof(float)) - rounded(1, sizeof(float))));
    assert_int_equal(f64, others * (rounded(dim, sizeof(double)) - rounded(1, sizeof(double))));
}

static void workspace_is_as_documented(void **state)
{
    static const size_t dims[] = {7, 16, 1000, 4096};
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        wanted desc = WANTED;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan *plan = NULL;
        desc.solver = SOLVER(kind_name_at("solver", i));
        check_status("plan", make_plan(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        for (int j = 0; j < COUNT(dims); j++) check_workspace(plan, &info, dims[j]);
        itp_plan_free(plan);
    }
}

/* Two arrays for Euler: x, which is the user's, and one output. What else the sampler needs has a fixed size. */
static void euler_needs_the_state_and_one_output(void **state)
{
    (void)state;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    size_t more = sampler_bytes(plan, 1 << 20, ITP_FLOAT32) - sampler_bytes(plan, 1 << 10, ITP_FLOAT32);
    assert_int_equal(more, BATCH * ((1 << 20) - (1 << 10)) * sizeof(float));
    itp_plan_free(plan);
}

/* ---- a workspace of the user's ---- */

enum { SPARE = 64 };

typedef struct own_workspace {
    ledger l;
    itp_env env;
    itp_plan *plan;
    itp_batch batch;
    unsigned char *block, *aligned; /* of `bytes`, with SPARE bytes of 0xA5 before and behind */
    size_t bytes;
} own_workspace;

static void open_workspace(own_workspace *w, const char *solver)
{
    static const uint64_t seeds[BATCH] = {1, 2, 3};
    wanted desc = WANTED;
    const itp_batch batch = ITP_BATCH_INIT;
    memset(w, 0, sizeof *w);
    desc.solver = SOLVER(solver);
    desc.diffusion.k = !strcmp(solver, "euler-maruyama");
    check_status("plan", make_plan(&desc, &w->plan), ITP_OK);
    w->batch = batch;
    w->env = ledger_env(&w->l);
    w->batch.env = &w->env;
    w->batch.dim = DIM;
    w->batch.count = BATCH;
    w->batch.seeds = seeds;
    w->batch.type = ITP_FLOAT64;
    w->batch.guidance = 2;
    check_status("bytes", needed_bytes(w->plan, &w->batch, &w->bytes), ITP_OK);
    w->block = malloc(w->bytes + 3 * SPARE);
    assert_non_null(w->block);
    memset(w->block, 0xA5, w->bytes + 3 * SPARE);
    w->aligned = w->block + SPARE + (SPARE - ((uintptr_t)w->block & (SPARE - 1)));
    w->batch.workspace = w->aligned;
    w->batch.workspace_bytes = w->bytes;
}

static void close_workspace(own_workspace *w)
{
    for (int i = 0; i < SPARE; i++) assert_int_equal(w->aligned[w->bytes + (size_t)i], 0xA5);
    for (const unsigned char *at = w->block; at < w->aligned; at++) assert_int_equal(*at, 0xA5);
    free(w->block);
    itp_plan_free(w->plan);
}

/* Both outputs: the conditional one twice the other. */
static int doubled(void *user, const itp_request *request)
{
    int rc = network_run(user, request);
    for (size_t i = 0; i < DIM * BATCH; i++) {
        ((double *)request->out2)[i] = ((double *)request->out)[i] / 2;
    }
    return rc;
}

/* As large as the allocator is asked for; the same bits; not one call of the allocator, nor a byte beyond. */
static void workspace_of_the_user(void **state)
{
    (void)state;
    for (int i = 0; kind_name_at("solver", i); i++) {
        own_workspace w;
        network net = network_linear(mixture_two_modes());
        double own[DIM * BATCH], allocated[DIM * BATCH];
        open_workspace(&w, kind_name_at("solver", i));
        check_status("own", itp_sample(w.plan, &w.batch, own, doubled, &net), ITP_OK);
        assert_int_equal(w.l.calls, 0);
        w.batch.workspace = NULL;
        w.batch.workspace_bytes = 0;
        itp_sampler *sampler = NULL;
        check_status("allocated", sampler_for(w.plan, &w.batch, &sampler), ITP_OK);
        assert_int_equal(w.l.calls, 1);
        assert_int_equal(w.l.live_bytes, w.bytes);
        itp_sampler_free(sampler);
        check_status("allocated", itp_sample(w.plan, &w.batch, allocated, doubled, &net), ITP_OK);
        assert_memory_equal(own, allocated, sizeof own);
        check_clean(kind_name_at("solver", i), &w.l);
        close_workspace(&w);
    }
}

static void last_sentence(void *user, int32_t level, const char *message)
{
    (void)level;
    snprintf(user, SENTENCE, "%s", message);
}

static void workspace_refused(void **state)
{
    (void)state;
    own_workspace w;
    char said[SENTENCE] = "", needed[SENTENCE];
    const itp_log log = {ITP_SIZED(itp_log), last_sentence, said};
    itp_sampler *sampler = NULL;
    open_workspace(&w, "rk4");
    w.env.log = &log;
    w.batch.workspace_bytes = w.bytes - 1;
    check_status("too small", sampler_for(w.plan, &w.batch, &sampler), ITP_E_RANGE);
    snprintf(needed, sizeof needed, "workspace_bytes: %zu, but the sampler needs %zu.", w.bytes - 1, w.bytes);
    assert_string_equal(said, needed);
    w.batch.workspace_bytes = w.bytes;
    w.batch.workspace = w.aligned + 8;
    check_status("not aligned", sampler_for(w.plan, &w.batch, &sampler), ITP_E_ARGUMENT);
    w.batch.workspace = NULL;
    check_status("NULL", sampler_for(w.plan, &w.batch, &sampler), ITP_E_ARGUMENT);
    assert_null(sampler);
    size_t bytes = 7;
    w.batch.needed = &bytes;
    check_status("arguments", itp_sampler_new(NULL, &w.batch, NULL), ITP_E_ARGUMENT);
    check_status("arguments", itp_sampler_new(w.plan, NULL, NULL), ITP_E_ARGUMENT);
    w.batch.dim = 0;
    check_status("dim", needed_bytes(w.plan, &w.batch, &bytes), ITP_E_RANGE);
    w.batch.dim = (size_t)1 << 34;
    w.batch.count = SIZE_MAX >> 34;
    check_status("size", needed_bytes(w.plan, &w.batch, &bytes), ITP_E_OVERFLOW);
    w.batch.size = 0;
    check_status("abi", needed_bytes(w.plan, &w.batch, &bytes), ITP_E_SIZE);
    assert_int_equal(bytes, 7);
    assert_int_equal(w.l.calls, 0);
    close_workspace(&w);
}

/* The hook is copied: the struct may go. */
static void allocator_is_copied(void **state)
{
    (void)state;
    ledger l;
    itp_env allocator = ledger_env(&l);
    itp_schedule *schedule = NULL;
    check_status("schedule", make_schedule(ITP_SCHEDULE_TABLE, &allocator, &schedule), ITP_OK);
    memset(&allocator, 0, sizeof allocator);
    memset(&l.memory, 0, sizeof l.memory);
    assert_true(l.live > 0);
    itp_schedule_free(schedule);
    check_clean("schedule", &l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(failed_objects_are_null),
        cmocka_unit_test(x_survives_a_failure),
        cmocka_unit_test(no_allocation_during_a_run),
        cmocka_unit_test(workspace_is_as_documented),
        cmocka_unit_test(allocator_is_copied),
        cmocka_unit_test(euler_needs_the_state_and_one_output),
        cmocka_unit_test(workspace_of_the_user),
        cmocka_unit_test(workspace_refused),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
