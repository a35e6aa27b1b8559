/* Memory: every allocation may fail, nothing leaks, free is told the right size, and nothing is allocated while a run
 * is on. */
#include <interp/interp.h>

#include <string.h>

#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/network.h"

enum { DIM = 6, BATCH = 3, TABLE = 5 };

static const double cumprod[TABLE] = {.99, .8, .4, .1, .01};

static int values(void *user, double t, itp_schedule_values *out)
{
    (void)user;
    out->alpha = 1 - t;
    out->beta = t;
    return 0;
}

static int make_schedule(int32_t kind, const itp_allocator *allocator, itp_schedule **out)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.kind = kind;
    desc.allocator = allocator;
    desc.values = values;
    if (kind == ITP_SCHEDULE_TABLE) {
        desc.alphas_cumprod = cumprod;
        desc.count = TABLE;
    }
    return itp_schedule_new(&desc, out);
}

/* Everything from schedules to samples, with one allocator. 0, or the first status that is not. */
static int whole_life(int32_t kind, int32_t solver, double k, const itp_allocator *allocator)
{
    double x[DIM * BATCH];
    static const uint64_t seeds[BATCH] = {1, 2, 3};
    itp_schedule *schedule = NULL;
    itp_plan *plan = NULL;
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    network net = network_linear(mixture_two_modes());
    int rc = make_schedule(kind, allocator, &schedule);
    desc.allocator = batch.allocator = allocator;
    desc.schedule = schedule;
    desc.solver = solver;
    desc.k = k;
    desc.evaluations = 40;
    batch.dim = DIM;
    batch.count = BATCH;
    batch.seeds = seeds;
    batch.type = ITP_FLOAT64;
    rc = rc ? rc : itp_plan_new(&desc, &plan);
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

static void sweep(const char *name, int32_t kind, int32_t solver, double k)
{
    ledger l;
    itp_allocator allocator = ledger_allocator(&l);
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
    sweep("linear euler", ITP_SCHEDULE_LINEAR, ITP_SOLVER_EULER, 0);
    sweep("lazy rk4", ITP_SCHEDULE_LAZY, ITP_SOLVER_RK4, 0);
    sweep("vp ab4", ITP_SCHEDULE_VP, ITP_SOLVER_AB4, 0);
    sweep("point mass", ITP_SCHEDULE_POINT_MASS, ITP_SOLVER_EULER_MARUYAMA, 1);
    sweep("table", ITP_SCHEDULE_TABLE, ITP_SOLVER_HEUN, 0);
    sweep("user", ITP_SCHEDULE_USER, ITP_SOLVER_MIDPOINT, 0);
}

/* A schedule, a plan or a sampler that cannot be made is NULL. */
static void failed_objects_are_null(void **state)
{
    (void)state;
    ledger l;
    itp_allocator allocator = ledger_allocator(&l);
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_batch batch = ITP_BATCH_INIT;
    itp_plan *plan = NULL, *none = (itp_plan *)&l;
    itp_schedule *schedule = (itp_schedule *)&l;
    itp_sampler *sampler = (itp_sampler *)&l;
    check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
    l.fail_at = 1;
    check_status("schedule", make_schedule(ITP_SCHEDULE_VP, &allocator, &schedule), ITP_E_MEMORY);
    assert_null(schedule);
    l.calls = 0;
    desc.allocator = &allocator;
    check_status("plan", itp_plan_new(&desc, &none), ITP_E_MEMORY);
    assert_null(none);
    l.calls = 0;
    batch.dim = DIM;
    batch.allocator = &allocator;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_E_MEMORY);
    assert_null(sampler);
    itp_plan_free(plan);
}

/* x is as it was when a run cannot begin for want of memory. */
static void x_survives_a_failure(void **state)
{
    (void)state;
    ledger l;
    itp_allocator allocator = ledger_allocator(&l);
    float x[DIM], before[DIM];
    itp_plan_desc desc = ITP_PLAN_DESC_INIT;
    itp_plan *plan = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    network net = network_linear(mixture_two_modes());
    check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
    memset(x, 0x3C, sizeof x);
    memcpy(before, x, sizeof x);
    l.fail_at = 1;
    batch.dim = DIM;
    batch.allocator = &allocator;
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
    check_status("begin", itp_sampler_begin(sampler, x), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        network_run(&net, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
}

static void no_allocation_during_a_run(void **state)
{
    (void)state;
    for (int i = 0; itp_solver_id(i); i++) {
        ledger l;
        itp_allocator allocator = ledger_allocator(&l);
        double x[DIM * BATCH];
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        itp_batch batch = ITP_BATCH_INIT;
        itp_plan *plan = NULL;
        itp_sampler *sampler = NULL;
        desc.allocator = batch.allocator = &allocator;
        desc.solver = itp_solver_id(i);
        desc.k = desc.solver == ITP_SOLVER_EULER_MARUYAMA;
        batch.dim = DIM;
        batch.count = BATCH;
        batch.type = ITP_FLOAT64;
        check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
        check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
        int calls = l.calls;
        run(sampler, x);
        run(sampler, x);
        assert_int_equal(l.calls, calls);
        itp_sampler_free(sampler);
        itp_plan_free(plan);
        check_clean(itp_solver_name(desc.solver), &l);
    }
}

/* ---- the workspace is slots - 1 arrays, each rounded up to 64 bytes ---- */

static size_t sampler_bytes(const itp_plan *plan, size_t dim, int32_t type)
{
    ledger l;
    itp_allocator allocator = ledger_allocator(&l);
    itp_sampler *sampler = NULL;
    itp_batch batch = ITP_BATCH_INIT;
    batch.allocator = &allocator;
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
    size_t others = (size_t)info->slots - 1;
    size_t f32 = sampler_bytes(plan, dim, ITP_FLOAT32) - sampler_bytes(plan, 1, ITP_FLOAT32);
    size_t f64 = sampler_bytes(plan, dim, ITP_FLOAT64) - sampler_bytes(plan, 1, ITP_FLOAT64);
    assert_int_equal(f32, others * (rounded(dim, sizeof(float)) - rounded(1, sizeof(float))));
    assert_int_equal(f64, others * (rounded(dim, sizeof(double)) - rounded(1, sizeof(double))));
}

static void workspace_is_as_documented(void **state)
{
    static const size_t dims[] = {7, 16, 1000, 4096};
    (void)state;
    for (int i = 0; itp_solver_id(i); i++) {
        itp_plan_desc desc = ITP_PLAN_DESC_INIT;
        itp_plan_info info = ITP_PLAN_INFO_INIT;
        itp_plan *plan = NULL;
        desc.solver = itp_solver_id(i);
        check_status("plan", itp_plan_new(&desc, &plan), ITP_OK);
        check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
        for (int j = 0; j < COUNT(dims); j++) check_workspace(plan, &info, dims[j]);
        itp_plan_free(plan);
    }
}

/* The hook is copied: the struct may go. */
static void allocator_is_copied(void **state)
{
    (void)state;
    ledger l;
    itp_allocator allocator = ledger_allocator(&l);
    itp_schedule *schedule = NULL;
    check_status("schedule", make_schedule(ITP_SCHEDULE_TABLE, &allocator, &schedule), ITP_OK);
    memset(&allocator, 0, sizeof allocator);
    assert_true(l.live > 0);
    itp_schedule_free(schedule);
    check_clean("schedule", &l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),  cmocka_unit_test(failed_objects_are_null),
        cmocka_unit_test(x_survives_a_failure),       cmocka_unit_test(no_allocation_during_a_run),
        cmocka_unit_test(workspace_is_as_documented), cmocka_unit_test(allocator_is_copied),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
