/* Saved samplers: a run that is saved after any row and goes on elsewhere ends with the bits of the run that was not
 * interrupted; states that do not fit, or of which any bit was changed, are told apart. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/plan.h"

enum { DIM = 5, BATCH = 3, MOST_BYTES = 1 << 16 };

typedef union samples {
    double f64[BATCH * DIM];
    float f32[BATCH * DIM];
} samples;

/* Workspaces start as NaN, so that an array that was not restored shows. */
static void *ITP_CALL poisoned(void *user, size_t size, size_t alignment)
{
    (void)user;
    void *block = aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    return block ? memset(block, 0xff, size) : NULL;
}

static void ITP_CALL release(void *user, void *block, size_t size)
{
    (void)user;
    (void)size;
    free(block);
}

static itp_batch batch_in(const itp_env *env, int32_t type)
{
    itp_batch batch = batch_of(DIM, BATCH, type);
    batch.env = env;
    batch.kernel = ITP_KERNEL_PORTABLE;
    return batch;
}

static itp_sampler *sampler_of(const itp_plan *plan, const itp_batch *batch)
{
    itp_sampler *sampler = NULL;
    check_status("sampler", itp_sampler_new(plan, batch, &sampler), ITP_OK);
    return sampler;
}

static itp_sampler *poisoned_sampler(const itp_plan *plan, int32_t type)
{
    itp_allocator allocator = ITP_ALLOCATOR_INIT;
    allocator.alloc = poisoned;
    allocator.free = release;
    const itp_env env = {ITP_SIZED(itp_env), .memory = &allocator};
    itp_batch batch = batch_in(&env, type);
    return sampler_of(plan, &batch);
}

static int32_t rows_of(const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    return info.rows;
}

static void network(const itp_request *request)
{
    for (size_t i = 0; i < request->count * request->dim; i++) {
        if (request->type == ITP_FLOAT64)
            ((double *)request->out)[i] = sin(((const double *)request->x)[i] + request->u);
        else
            ((float *)request->out)[i] = sinf(((const float *)request->x)[i] + (float)request->u);
    }
}

/* At most `rows` rows. */
static void advance(itp_sampler *sampler, int32_t rows)
{
    itp_request request = ITP_REQUEST_INIT;
    for (; rows > 0 && itp_sampler_next(sampler, &request) == ITP_EVALUATE; rows--) {
        network(&request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
}

static size_t save(const itp_sampler *sampler, unsigned char *state)
{
    size_t needed = 0, again = 0;
    check_status("needed", itp_sampler_save(sampler, NULL, 0, &needed), ITP_OK);
    check_true("room", needed <= MOST_BYTES);
    check_status("save", itp_sampler_save(sampler, state, needed, &again), ITP_OK);
    check_true("needed", needed == again);
    return needed;
}

/* ---- the same bits ---- */

static void check_resumed(const char *label, const itp_plan *plan, int32_t type, int32_t row, const samples *want)
{
    static unsigned char state[MOST_BYTES];
    samples first = {{0}}, second;
    itp_sampler *a = poisoned_sampler(plan, type), *b = poisoned_sampler(plan, type);
    itp_request request = ITP_REQUEST_INIT;
    check_status(label, begin_noise(a, &first, 17), ITP_OK);
    advance(a, row);
    if (row % 2) (void)itp_sampler_next(a, &request); /* a request that is open does not matter */
    size_t size = save(a, state);
    itp_sampler_free(a);
    memset(&second, 0xff, sizeof second);
    check_status(label, itp_sampler_restore(b, state, size, &second), ITP_OK);
    advance(b, INT32_MAX);
    check_status(label, itp_sampler_next(b, &request), ITP_OK);
    check_true(label, !memcmp(want, &second, type == ITP_FLOAT64 ? sizeof second.f64 : sizeof second.f32));
    itp_sampler_free(b);
}

static void check_solver(const char *solver, int32_t type)
{
    samples want = {{0}};
    itp_plan *plan = plan_at_k(solver, 12, 0), *again = plan_at_k(solver, 12, 0);
    itp_sampler *sampler = poisoned_sampler(plan, type);
    check_status("begin", begin_noise(sampler, &want, 17), ITP_OK);
    advance(sampler, INT32_MAX);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
    for (int32_t row = 0; row <= rows_of(again); row++) check_resumed(solver, again, type, row, &want);
    itp_plan_free(again);
}

static void every_solver_after_every_row(void **state)
{
    (void)state;
    int count = 0;
    for (const char *id; (id = kind_name_at("solver", count)) != NULL; count++) {
        check_solver(id, ITP_FLOAT64);
        check_solver(id, ITP_FLOAT32);
    }
    print_message("# %d solvers\n", count);
}

#if defined(ITP_HAVE_CJSON)
static void a_plan_that_was_loaded_is_the_same(void **state)
{
    static char text[MOST_BYTES];
    static unsigned char bytes[MOST_BYTES];
    (void)state;
    samples x, y;
    itp_plan *plan = plan_of("solver=ab4 evaluations=9"), *loaded = NULL;
    size_t needed = 0;
    check_status("json", itp_plan_to_json(plan, text, sizeof text, &needed), ITP_OK);
    check_status("json", itp_plan_from_json(text, needed - 1, NULL, &loaded), ITP_OK);
    itp_sampler *a = poisoned_sampler(plan, ITP_FLOAT64), *b = poisoned_sampler(loaded, ITP_FLOAT64);
    check_status("begin", begin_noise(a, &x, 17), ITP_OK);
    advance(a, 5);
    size_t size = save(a, bytes);
    check_status("restore", itp_sampler_restore(b, bytes, size, &y), ITP_OK);
    advance(a, INT32_MAX);
    advance(b, INT32_MAX);
    check_true("samples", !memcmp(x.f64, y.f64, sizeof x.f64));
    itp_sampler_free(a);
    itp_sampler_free(b);
    itp_plan_free(plan);
    itp_plan_free(loaded);
}
#endif

/* Euler's two arrays between rows: the state alone. */
static void only_arrays_that_are_read_are_saved(void **state)
{
    static unsigned char bytes[MOST_BYTES];
    (void)state;
    samples x;
    itp_plan *euler = plan_of("solver=euler evaluations=4"), *ab4 = plan_of("solver=ab4 evaluations=8");
    itp_sampler *a = poisoned_sampler(euler, ITP_FLOAT64), *b = poisoned_sampler(ab4, ITP_FLOAT64);
    check_status("begin", begin_noise(a, &x, 17), ITP_OK);
    size_t one = save(a, bytes);
    advance(a, 2);
    check_true("euler", save(a, bytes) == one);
    check_status("begin", begin_noise(b, &x, 17), ITP_OK);
    check_true("ab4 at the start", save(b, bytes) == one);
    advance(b, 4);
    check_true("ab4 with three outputs", save(b, bytes) == one + 3 * BATCH * DIM * sizeof(double));
    advance(b, INT32_MAX);
    check_true("ab4 at the end", save(b, bytes) == one);
    itp_sampler_free(a);
    itp_sampler_free(b);
    itp_plan_free(euler);
    itp_plan_free(ab4);
}

/* The state says how many samples there are and what they draw from; room for more does no harm. */
static void a_state_brings_its_start(void **state)
{
    static const uint64_t seeds[BATCH] = {8, 1, UINT64_MAX};
    static unsigned char bytes[MOST_BYTES];
    (void)state;
    itp_plan *plan = plan_of("solver=sa-2 evaluations=9 k=1");
    itp_batch batch = batch_in(NULL, ITP_FLOAT64);
    for (int i = 0; i < 3; i++) {
        samples x = {{0}}, y = {{0}};
        double other[(BATCH + 4) * DIM];
        itp_start start = ITP_START_INIT;
        start.x = x.f64;
        start.count = i == 2 ? 2 : 0;
        start.seeds = i ? seeds : NULL;
        start.seed = i ? 0 : 5;
        start.first = 3;
        batch.count = BATCH;
        itp_sampler *a = sampler_of(plan, &batch);
        batch.count = BATCH + 4;
        itp_sampler *b = sampler_of(plan, &batch);
        check_status("begin", itp_sampler_begin(a, &start), ITP_OK);
        advance(a, 4);
        size_t size = save(a, bytes);
        check_status("another run", begin_noise(b, other, 1), ITP_OK);
        check_status("restore", itp_sampler_restore(b, bytes, size, &y), ITP_OK);
        advance(a, INT32_MAX);
        advance(b, INT32_MAX);
        check_true("samples", !memcmp(x.f64, y.f64, sizeof x.f64));
        itp_sampler_free(a);
        itp_sampler_free(b);
    }
    itp_plan_free(plan);
}

/* ---- what does not fit ---- */

typedef struct saved {
    itp_plan *plan;
    size_t size;
    unsigned char bytes[4096];
} saved;

static void make_saved(saved *s)
{
    samples x;
    s->plan = plan_of("solver=ab2 evaluations=6");
    itp_sampler *sampler = poisoned_sampler(s->plan, ITP_FLOAT64);
    check_status("begin", begin_noise(sampler, &x, 17), ITP_OK);
    advance(sampler, 3);
    s->size = save(sampler, s->bytes);
    itp_sampler_free(sampler);
}

static void check_refused(const saved *s, const itp_plan *plan, itp_batch batch, int want, const char *word)
{
    samples x, before;
    capture said;
    itp_env log = capture_env(&said);
    batch.env = &log;
    itp_sampler *sampler = sampler_of(plan, &batch);
    memset(&x, 7, sizeof x);
    before = x;
    check_status(word, itp_sampler_restore(sampler, s->bytes, s->size, &x), want);
    check_true(word, capture_has(&said, word) && !memcmp(&x, &before, sizeof x));
    check_status(word, itp_sampler_save(sampler, NULL, 0, NULL), ITP_E_STATE);
    itp_sampler_free(sampler);
}

static void another_batch_or_plan(void **state)
{
    (void)state;
    saved s;
    make_saved(&s);
    itp_plan *other = plan_of("solver=ab2 evaluations=7"), *ipndm = plan_of("solver=ab3 evaluations=6");
    itp_batch batch = batch_in(NULL, ITP_FLOAT64), changed = batch;
    changed.type = ITP_FLOAT32;
    check_refused(&s, s.plan, changed, ITP_E_STATE, "type");
    changed = batch;
    changed.dim = DIM - 1;
    check_refused(&s, s.plan, changed, ITP_E_STATE, "count, dim");
    changed = batch;
    changed.count = BATCH - 1;
    check_refused(&s, s.plan, changed, ITP_E_STATE, "count, dim");
    check_refused(&s, other, batch, ITP_E_STATE, "another plan");
    check_refused(&s, ipndm, batch, ITP_E_STATE, "another plan");
    itp_plan_free(other);
    itp_plan_free(ipndm);
    itp_plan_free(s.plan);
}

static void damaged_bytes(void **state)
{
    (void)state;
    saved s;
    make_saved(&s);
    itp_batch batch = batch_in(NULL, ITP_FLOAT64);
    itp_sampler *sampler = sampler_of(s.plan, &batch);
    samples x;
    for (size_t i = 0; i < s.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            s.bytes[i] ^= (unsigned char)(1 << bit);
            check_status("flip", itp_sampler_restore(sampler, s.bytes, s.size, &x), ITP_E_RANGE);
            s.bytes[i] ^= (unsigned char)(1 << bit);
        }
        unsigned char *part = test_malloc(i ? i : 1);
        memcpy(part, s.bytes, i);
        check_status("cut", itp_sampler_restore(sampler, part, i, &x), ITP_E_RANGE);
        test_free(part);
    }
    check_status("too long", itp_sampler_restore(sampler, s.bytes, s.size + 1, &x), ITP_E_RANGE);
    check_status("not begun still", itp_sampler_submit(sampler), ITP_E_STATE);
    check_status("whole", itp_sampler_restore(sampler, s.bytes, s.size, &x), ITP_OK);
    itp_sampler_free(sampler);
    itp_plan_free(s.plan);
}

static void wrong_calls(void **state)
{
    unsigned char bytes[4096], before[4096];
    (void)state;
    samples x;
    size_t needed = 0;
    itp_plan *plan = plan_of("solver=heun evaluations=4");
    itp_batch batch = batch_in(NULL, ITP_FLOAT32);
    itp_sampler *sampler = sampler_of(plan, &batch);
    check_status("not begun", itp_sampler_save(sampler, bytes, sizeof bytes, &needed), ITP_E_STATE);
    check_status("sampler", itp_sampler_save(NULL, bytes, sizeof bytes, &needed), ITP_E_ARGUMENT);
    check_status("buffer", itp_sampler_save(sampler, NULL, 1, &needed), ITP_E_ARGUMENT);
    check_status("begin", begin_noise(sampler, &x, 17), ITP_OK);
    check_status("size", itp_sampler_save(sampler, NULL, 0, &needed), ITP_OK);
    memset(bytes, 3, sizeof bytes);
    memcpy(before, bytes, sizeof bytes);
    check_status("short", itp_sampler_save(sampler, bytes, needed - 1, NULL), ITP_E_RANGE);
    check_true("nothing is written", !memcmp(bytes, before, sizeof bytes));
    check_status("save", itp_sampler_save(sampler, bytes, sizeof bytes, NULL), ITP_OK);
    check_status("sampler", itp_sampler_restore(NULL, bytes, needed, &x), ITP_E_ARGUMENT);
    check_status("buffer", itp_sampler_restore(sampler, NULL, needed, &x), ITP_E_ARGUMENT);
    check_status("x", itp_sampler_restore(sampler, bytes, needed, NULL), ITP_E_ARGUMENT);
    check_status("restore", itp_sampler_restore(sampler, bytes, needed, &x), ITP_OK);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_solver_after_every_row),
#if defined(ITP_HAVE_CJSON)
        cmocka_unit_test(a_plan_that_was_loaded_is_the_same),
#endif
        cmocka_unit_test(only_arrays_that_are_read_are_saved),
        cmocka_unit_test(a_state_brings_its_start),
        cmocka_unit_test(another_batch_or_plan),
        cmocka_unit_test(damaged_bytes),
        cmocka_unit_test(wrong_calls),
    };
    return cmocka_run_group_tests_name("sampler_state", tests, NULL, NULL);
}
