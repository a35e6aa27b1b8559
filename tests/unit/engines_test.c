/* One run: what samplers can do they do of plans, of covariance plans and of adaptive descriptions alike. Guidance by
 * the library gives the bits of a network that combines the two outputs itself, a run that is restored those of one
 * that was not interrupted, and nothing is allocated after creation. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/ledger.h"
#include "../common/plan.h"

enum { DIM = 4, BATCH = 5, TOTAL = DIM * BATCH, MANY = 20000, MOST_REQUESTS = 200 };

/* ---- what is run ---- */

typedef struct fixtures {
    itp_plan *plan;
    itp_covariance *covariance[3];
    itp_covariance_plan *bands[3];
    itp_model model;
    itp_adaptive_desc tsit5, heun, open;
} fixtures;

static fixtures all;

enum { PLAN, DIAGONAL, FULL, LOW, TSIT5, HEUN, OPEN, KINDS };
static const char *const names[KINDS] = {"plan", "diagonal", "full basis", "low rank", "tsit5", "heun", "open end"};

static int make_sampler(int kind, const itp_batch *batch, itp_sampler **out)
{
    const itp_adaptive_desc *const adaptive[] = {&all.tsit5, &all.heun, &all.open};
    if (kind == PLAN) return itp_sampler_new(all.plan, batch, out);
    if (kind < TSIT5) return itp_sampler_new_covariance(all.bands[kind - DIAGONAL], batch, out);
    return itp_sampler_new_adaptive(adaptive[kind - TSIT5], batch, out);
}

static void make_covariance(int i)
{
    static const double mean[DIM] = {.5, -1, 0, 2}, variances[DIM] = {2, 1, .5, .1};
    static const double basis[DIM * DIM] = {.5, .5, .5, .5, .5, -.5, .5, -.5, .5, .5, -.5, -.5, .5, -.5, -.5, .5};
    itp_covariance_desc desc = ITP_COVARIANCE_DESC_INIT;
    itp_covariance_plan_desc bands = ITP_COVARIANCE_PLAN_DESC_INIT;
    wanted want = WANTED;
    desc.dim = DIM;
    desc.mean = mean;
    desc.variances = variances;
    desc.kind = i ? ITP_COVARIANCE_BASIS : ITP_COVARIANCE_DIAGONAL;
    desc.basis = i ? basis : NULL;
    desc.rank = i ? (i == 1 ? DIM : 2) : 0;
    desc.rest = i == 2 ? .3 : 0;
    check_status("covariance", itp_covariance_new(&desc, &all.covariance[i]), ITP_OK);
    want.solver = SOLVER("ab3");
    want.plan.evaluations = 7;
    bands.covariance = all.covariance[i];
    bands.plan = description_of(&want);
    check_status("bands", itp_covariance_plan_new(&bands, &all.bands[i]), ITP_OK);
}

static int open_fixtures(void **state)
{
    wanted want = WANTED;
    (void)state;
    want.solver = SOLVER("ab3");
    want.plan.evaluations = 7;
    check_status("plan", make_plan(&want, &all.plan), ITP_OK);
    for (int i = 0; i < 3; i++) make_covariance(i);
    const itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    const itp_model model = ITP_MODEL_INIT;
    all.tsit5 = all.heun = all.open = desc;
    all.tsit5.rtol = all.tsit5.atol = 1e-5;
    all.heun.rtol = all.heun.atol = all.open.rtol = all.open.atol = 1e-2;
    all.heun.solver = kept_solver("heun");
    all.open.solver = kept_solver("bosh3");
    all.model = model; /* a data prediction has no slope at the data end */
    all.model.prediction = ITP_PREDICT_DATA;
    all.open.model = &all.model;
    return 0;
}

static int close_fixtures(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        itp_covariance_plan_free(all.bands[i]);
        itp_covariance_free(all.covariance[i]);
    }
    itp_plan_free(all.plan);
    return 0;
}

/* ---- networks: two outputs, and the same combined by hand ---- */

typedef struct guiding {
    double scale, low, high; /* scale 0: one output */
    int by_hand, calls, second;
} guiding;

static double one_output(double x, double time)
{
    return .5 * sin(x + time) - .2 * x;
}

static double position_of(const itp_request *request, size_t i)
{
    return request->positions ? request->positions[i] : request->u;
}

static int ITP_CALL network(void *user, const itp_request *request)
{
    guiding *g = user;
    double *out2 = request->out2;
    g->calls++;
    g->second += out2 != NULL;
    for (size_t e = 0; e < request->count * request->dim; e++) {
        size_t i = e / request->dim;
        double x = ((const double *)request->x)[e], time = request->times ? request->times[i] : request->time;
        double first = one_output(x, time), second = .4 * first + .1 * x, u = position_of(request, i);
        int inside = g->scale != 0 && u >= g->low && u <= g->high;
        ((double *)request->out)[e] = g->by_hand && inside ? second + g->scale * (first - second) : first;
        if (out2 && (!request->guidances || request->guidances[i] != 1)) out2[e] = second;
    }
    return 0;
}

static itp_batch batch_in(const itp_env *env)
{
    itp_batch batch = batch_of(DIM, BATCH, ITP_FLOAT64);
    batch.env = env;
    batch.kernel = ITP_KERNEL_PORTABLE;
    batch.check_finite = 1;
    return batch;
}

static itp_start start_with(void *x, uint64_t seed, size_t count)
{
    itp_start start = ITP_START_INIT;
    start.x = x;
    start.seed = seed;
    start.count = count;
    return start;
}

static void run(int kind, const itp_batch *batch, guiding *g, double *x)
{
    itp_sampler *sampler = NULL;
    const itp_start start = start_with(x, 3, 0);
    check_status(names[kind], make_sampler(kind, batch, &sampler), ITP_OK);
    check_status(names[kind], itp_sampler_run(sampler, &start, network, g), ITP_OK);
    itp_sampler_free(sampler);
}

/* ---- starts and memory ---- */

static void begun_again_without_allocation(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ledger books;
        itp_env env = ledger_env(&books);
        itp_batch batch = batch_in(&env), small = batch_in(NULL);
        itp_sampler *sampler = NULL, *other = NULL;
        guiding g = {0};
        double x[TOTAL], y[TOTAL];
        small.count = 2;
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        check_status(names[kind], make_sampler(kind, &small, &other), ITP_OK);
        int calls = books.calls;
        for (uint64_t seed = 1; seed < 4; seed++) {
            const itp_start whole = start_with(x, seed, 0), part = start_with(x, seed + 7, 2);
            const itp_start fresh = start_with(y, seed + 7, 0);
            check_status(names[kind], itp_sampler_run(sampler, &whole, network, &g), ITP_OK);
            check_status(names[kind], itp_sampler_run(sampler, &part, network, &g), ITP_OK);
            check_status(names[kind], itp_sampler_run(other, &fresh, network, &g), ITP_OK);
            check_true(names[kind], !memcmp(x, y, 2 * DIM * sizeof *x));
        }
        assert_int_equal(books.calls, calls);
        assert_int_equal(calls, 1);
        itp_sampler_free(sampler);
        itp_sampler_free(other);
        assert_int_equal(books.live + books.defects, 0);
    }
}

static void a_workspace_of_the_callers(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ledger books;
        itp_env env = ledger_env(&books);
        itp_batch batch = batch_in(&env);
        guiding g = {0};
        double x[TOTAL], want[TOTAL];
        size_t needed = 0;
        run(kind, &batch, &g, want);
        int calls = books.calls;
        batch.needed = &needed;
        check_status(names[kind], make_sampler(kind, &batch, NULL), ITP_OK);
        batch.needed = NULL;
        unsigned char *block = malloc(needed + 128), *aligned = block + (64 - (uintptr_t)block % 64) % 64;
        memset(block, 0xA5, needed + 128);
        batch.workspace = aligned;
        batch.workspace_bytes = needed - 1;
        itp_sampler *none = NULL;
        check_status(names[kind], make_sampler(kind, &batch, &none), ITP_E_RANGE);
        batch.workspace_bytes = needed;
        run(kind, &batch, &g, x);
        check_true(names[kind], !memcmp(x, want, sizeof x) && aligned[needed] == 0xA5 && books.calls == calls);
        free(block);
    }
}

/* ---- guidance ---- */

static void guidance_in_an_interval(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        guiding by_hand = {3, .2, .6, 1, 0, 0}, two = {3, .2, .6, 0, 0, 0}, plain = {0};
        double x[TOTAL], want[TOTAL], without[TOTAL];
        run(kind, &batch, &plain, without);
        run(kind, &batch, &by_hand, want);
        batch.guidance = 3;
        batch.guidance_low = .2;
        batch.guidance_high = .6;
        run(kind, &batch, &two, x);
        for (int e = 0; e < TOTAL; e++) check_near(names[kind], x[e], want[e], 1e-11);
        check_true(names[kind], two.second > 0 && two.second < two.calls && by_hand.second == 0);
        check_true(names[kind], fabs(x[0] - without[0]) > 1e-4);
    }
}

/* ---- hooks ---- */

typedef struct watching {
    int kind, data_calls, row_calls, samples, answer, answer_at;
    double factor; /* of the data prediction */
    double last[TOTAL];
} watching;

static int ITP_CALL on_data(void *user, const itp_request *request, void *data)
{
    watching *w = user;
    w->data_calls++;
    for (size_t e = 0; e < request->count * request->dim; e++) ((double *)data)[e] *= w->factor;
    return 0;
}

static int ITP_CALL on_row(void *user, const itp_request *request, const void *state, const void *data)
{
    watching *w = user;
    check_true("arrays", !request->x && !request->out && data);
    for (size_t i = 0; i < request->count; i++) {
        size_t number = request->index ? (size_t)request->index[i] : i;
        memcpy(w->last + number * DIM, (const double *)state + i * DIM, DIM * sizeof(double));
    }
    w->samples += (int)request->count;
    return ++w->row_calls == w->answer_at ? w->answer : 0;
}

static void watch(itp_batch *batch, watching *w)
{
    batch->on_data = on_data;
    batch->on_row = on_row;
    batch->row_data = 1;
    batch->user = w;
}

static void hooks_see_states_and_data(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        watching same = {.kind = kind, .factor = 1}, less = {.kind = kind, .factor = .5};
        guiding g = {0};
        double want[TOTAL], x[TOTAL], y[TOTAL];
        run(kind, &batch, &g, want);
        watch(&batch, &same);
        run(kind, &batch, &g, x);
        for (int e = 0; e < TOTAL; e++) {
            check_near(names[kind], x[e], want[e], kind < TSIT5 ? 1e-11 : 1e-6);
            check_same(names[kind], same.last[e], x[e]);
        }
        batch.user = &less;
        run(kind, &batch, &g, y);
        check_true(names[kind], fabs(y[0] - x[0]) > 1e-3 && less.data_calls > 0);
        check_true(names[kind], kind >= TSIT5 || same.row_calls == 7);
    }
}

/* Every accepted step is seen once. */
static void rows_of_an_adaptive_run_are_its_steps(void **state)
{
    (void)state;
    for (int kind = TSIT5; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        watching w = {.kind = kind, .factor = 1};
        itp_sampler *sampler = NULL;
        guiding g = {0};
        double x[TOTAL];
        const itp_start start = start_with(x, 3, 0);
        int accepted = 0;
        watch(&batch, &w);
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        check_status(names[kind], itp_sampler_run(sampler, &start, network, &g), ITP_OK);
        for (size_t i = 0; i < BATCH; i++) {
            itp_adaptive_statistics s = ITP_ADAPTIVE_STATISTICS_INIT;
            check_status(names[kind], itp_adaptive_get_statistics(sampler, i, &s), ITP_OK);
            accepted += s.accepted;
        }
        assert_int_equal(w.samples, accepted);
        itp_sampler_free(sampler);
    }
}

static void a_row_hook_that_stops(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        watching w = {.kind = kind, .factor = 1, .answer = 9, .answer_at = 3};
        itp_sampler *sampler = NULL;
        guiding g = {0};
        double x[TOTAL];
        const itp_start start = start_with(x, 3, 0);
        watch(&batch, &w);
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        check_status(names[kind], itp_sampler_run(sampler, &start, network, &g), 9);
        assert_int_equal(w.row_calls, 3);
        itp_sampler_free(sampler);
    }
}

/* In the linear schedule's coordinates, which a velocity network's are anyway, and in another's. */
static void states_in_other_coordinates(void **state)
{
    itp_schedule *vp = NULL;
    (void)state;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        watching plain = {.kind = kind, .factor = 1}, scaled = plain;
        guiding g = {0};
        double x[TOTAL], y[TOTAL];
        watch(&batch, &plain);
        run(kind, &batch, &g, x);
        batch.row_scaled = 1;
        batch.user = &scaled;
        run(kind, &batch, &g, y);
        for (int e = 0; e < TOTAL; e++) check_near(names[kind], scaled.last[e], plain.last[e], 1e-14);
        batch.row_schedule = vp;
        run(kind, &batch, &g, y);
        check_true(names[kind], !memcmp(x, y, sizeof x));
    }
    itp_schedule_free(vp);
}

/* ---- threads ---- */

static int ITP_CALL backward(void *user, size_t tasks, void(ITP_CALL *task)(void *context, size_t index), void *context)
{
    int *calls = user;
    if (++*calls < 0) return 1;
    for (size_t i = tasks; i-- > 0;) task(context, i);
    return 0;
}

static void threads_share_the_pass(void **state)
{
    double *x = malloc(sizeof(double) * MANY * DIM), *want = malloc(sizeof(double) * MANY * DIM);
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        int calls = 0;
        itp_env env = ITP_ENV_INIT;
        itp_batch batch = batch_in(NULL);
        guiding g = {0};
        itp_sampler *sampler = NULL;
        batch.count = MANY;
        run(kind, &batch, &g, want);
        env.parallel_for = backward;
        env.parallel_user = &calls;
        batch.env = &env;
        run(kind, &batch, &g, x);
        check_true(names[kind], calls > 5 && !memcmp(x, want, sizeof(double) * MANY * DIM));
        const itp_start start = start_with(x, 3, 0);
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        calls = -4;
        check_status(names[kind], itp_sampler_run(sampler, &start, network, &g), 1);
        check_status(names[kind], itp_sampler_submit(sampler), ITP_E_STATE);
        itp_sampler_free(sampler);
    }
    free(x);
    free(want);
}

/* ---- saved states ---- */

static int advance(itp_sampler *sampler, int requests)
{
    itp_request request = ITP_REQUEST_INIT;
    guiding g = {0};
    int status = ITP_EVALUATE;
    for (; requests > 0 && (status = itp_sampler_next(sampler, &request)) == ITP_EVALUATE; requests--) {
        network(&g, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    return status;
}

static size_t save(const itp_sampler *sampler, unsigned char **bytes)
{
    size_t needed = 0;
    check_status("needed", itp_sampler_save(sampler, NULL, 0, &needed), ITP_OK);
    *bytes = malloc(needed);
    check_status("save", itp_sampler_save(sampler, *bytes, needed, NULL), ITP_OK);
    return needed;
}

static void check_restored(int kind, int after, const double *want)
{
    itp_batch batch = batch_in(NULL);
    itp_sampler *a = NULL, *b = NULL;
    double x[TOTAL], y[TOTAL];
    unsigned char *bytes;
    const itp_start start = start_with(x, 3, 0), other = start_with(y, 8, 2);
    check_status(names[kind], make_sampler(kind, &batch, &a), ITP_OK);
    batch.count = BATCH + 2;
    check_status(names[kind], make_sampler(kind, &batch, &b), ITP_OK);
    check_status(names[kind], itp_sampler_begin(a, &start), ITP_OK);
    check_status(names[kind], itp_sampler_begin(b, &other), ITP_OK);
    advance(a, after);
    advance(b, 3);
    size_t size = save(a, &bytes);
    itp_sampler_free(a);
    memset(x, 0xff, sizeof x);
    for (size_t i = 0; i < sizeof y / sizeof *y; i++) y[i] = NAN;
    check_status(names[kind], itp_sampler_restore(b, bytes, size, y), ITP_OK);
    check_status(names[kind], advance(b, INT32_MAX), ITP_OK);
    check_true(names[kind], !memcmp(y, want, sizeof y));
    bytes[size / 2] ^= 4;
    check_status(names[kind], itp_sampler_restore(b, bytes, size, y), ITP_E_RANGE);
    itp_sampler_free(b);
    free(bytes);
}

static void restored_after_any_request(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        guiding g = {0};
        double want[TOTAL];
        run(kind, &batch, &g, want);
        check_true(names[kind], g.calls < MOST_REQUESTS);
        for (int after = 0; after <= g.calls; after++) check_restored(kind, after, want);
    }
}

/* Another tolerance, covariance or plan is told apart. */
static void a_state_of_something_else(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        for (int other = 0; other < KINDS; other++) {
            itp_batch batch = batch_in(NULL);
            itp_sampler *a = NULL, *b = NULL;
            double x[TOTAL], y[TOTAL];
            unsigned char *bytes;
            const itp_start start = start_with(x, 3, 0);
            check_status(names[kind], make_sampler(kind, &batch, &a), ITP_OK);
            check_status(names[kind], make_sampler(other, &batch, &b), ITP_OK);
            check_status(names[kind], itp_sampler_begin(a, &start), ITP_OK);
            advance(a, 2);
            size_t size = save(a, &bytes);
            check_status(names[kind], itp_sampler_restore(b, bytes, size, y), kind == other ? ITP_OK : ITP_E_STATE);
            itp_sampler_free(a);
            itp_sampler_free(b);
            free(bytes);
        }
    }
}

/* ---- outputs that nobody wrote, and noise of the caller's ---- */

static void unwritten_outputs_are_named(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        capture said;
        itp_env env = capture_env(&said);
        itp_batch batch = batch_in(&env);
        itp_sampler *sampler = NULL;
        itp_request request = ITP_REQUEST_INIT;
        guiding g = {0};
        double x[TOTAL];
        const itp_start start = start_with(x, 3, 0);
        batch.guidance = 2;
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        check_status(names[kind], itp_sampler_begin(sampler, &start), ITP_OK);
        check_status(names[kind], itp_sampler_next(sampler, &request), ITP_EVALUATE);
        network(&g, &request);
        double *second = (double *)request.out2 + DIM + 1;
        *second = NAN;
        check_status(names[kind], itp_sampler_submit(sampler), ITP_E_NONFINITE);
        check_true(names[kind], capture_has(&said, "out2") && capture_has(&said, "sample 1"));
        *second = 0;
        check_status(names[kind], itp_sampler_submit(sampler), ITP_OK);
        check_status(names[kind], itp_sampler_next(sampler, &request), ITP_EVALUATE);
        check_status(names[kind], itp_sampler_submit(sampler), ITP_E_NONFINITE);
        check_true(names[kind], capture_has(&said, "unwritten"));
        itp_sampler_free(sampler);
    }
}

static int ITP_CALL draw(void *user, const itp_noise_request *request, void *out)
{
    (void)user;
    for (size_t i = 0; i < request->count; i++) {
        itp_normals(3, request->first + i, request->m, 0, request->type, (double *)out + i * DIM, DIM);
    }
    return 0;
}

static void noise_of_the_callers(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        itp_batch batch = batch_in(NULL);
        itp_sampler *sampler = NULL;
        guiding g = {0};
        double x[TOTAL], want[TOTAL];
        const itp_start start = start_with(x, 0, 0);
        run(kind, &batch, &g, want);
        batch.noise = draw;
        check_status(names[kind], make_sampler(kind, &batch, &sampler), ITP_OK);
        check_status(names[kind], itp_sampler_run(sampler, &start, network, &g), ITP_OK);
        check_true(names[kind], !memcmp(x, want, sizeof x));
        itp_sampler_free(sampler);
    }
}

/* Image to image, adaptively: the state at u_start of a velocity network is u X + (1 - u) xi. */
static void adaptive_runs_begin_at_data(void **state)
{
    (void)state;
    itp_adaptive_desc desc = ITP_ADAPTIVE_DESC_INIT;
    itp_batch batch = batch_in(NULL);
    itp_sampler *sampler = NULL;
    double x[TOTAL], data[TOTAL], xi[DIM];
    itp_start start = start_with(x, 3, 0);
    for (int e = 0; e < TOTAL; e++) data[e] = .1 * e;
    desc.u_start = .4;
    check_status("new", itp_sampler_new_adaptive(&desc, &batch, &sampler), ITP_OK);
    start.data = data;
    check_status("begin", itp_sampler_begin(sampler, &start), ITP_OK);
    for (size_t i = 0; i < BATCH; i++) {
        check_status("normals", itp_normals(3, i, 0, 0, ITP_FLOAT64, xi, DIM), ITP_OK);
        for (size_t j = 0; j < DIM; j++) check_near("x", x[i * DIM + j], .4 * data[i * DIM + j] + .6 * xi[j], 1e-15);
    }
    itp_sampler_free(sampler);
    desc.u_start = 0;
    check_status("new", itp_sampler_new_adaptive(&desc, &batch, &sampler), ITP_OK);
    check_status("noise alone", itp_sampler_begin(sampler, &start), ITP_E_UNSUPPORTED);
    itp_sampler_free(sampler);
    desc.reversed = 1;
    check_status("new", itp_sampler_new_adaptive(&desc, &batch, &sampler), ITP_OK);
    check_status("data", itp_sampler_begin(sampler, &start), ITP_OK);
    check_true("the data themselves", !memcmp(x, data, sizeof x));
    start.data = NULL;
    check_status("noise", itp_sampler_begin(sampler, &start), ITP_E_UNSUPPORTED);
    itp_sampler_free(sampler);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begun_again_without_allocation),
        cmocka_unit_test(a_workspace_of_the_callers),
        cmocka_unit_test(guidance_in_an_interval),
        cmocka_unit_test(hooks_see_states_and_data),
        cmocka_unit_test(rows_of_an_adaptive_run_are_its_steps),
        cmocka_unit_test(a_row_hook_that_stops),
        cmocka_unit_test(states_in_other_coordinates),
        cmocka_unit_test(threads_share_the_pass),
        cmocka_unit_test(restored_after_any_request),
        cmocka_unit_test(a_state_of_something_else),
        cmocka_unit_test(unwritten_outputs_are_named),
        cmocka_unit_test(noise_of_the_callers),
        cmocka_unit_test(adaptive_runs_begin_at_data),
    };
    return cmocka_run_group_tests_name("engines", tests, open_fixtures, close_fixtures);
}
