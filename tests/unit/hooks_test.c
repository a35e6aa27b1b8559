/* What a batch may ask of its sampler beside the rows: guidance with two outputs, a hook on the data prediction, a hook
 * after each row. Guided and hooked runs give the same bits by callback, by steps and in any split. */
#include <interp/interp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/families.h"
#include "../common/ledger.h"
#include "../common/network.h"
#include "../common/plan.h"

enum { DIM = 11, BATCH = 4, TOTAL = DIM * BATCH, ROWS = 8 };

typedef union samples {
    double f64[TOTAL];
    float f32[TOTAL];
    unsigned char bytes[TOTAL * sizeof(double)];
} samples;

typedef struct setting {
    const char *name;
    int32_t type;
    const char *solver;
    double k;
} setting;

static const setting settings[] = {
    {"float64 euler-maruyama", ITP_FLOAT64, "euler-maruyama", 1},
    {"float32 euler-maruyama", ITP_FLOAT32, "euler-maruyama", 1},
    {"float64 ab3", ITP_FLOAT64, "ab3", 0},
    {"float32 dpmpp-2m", ITP_FLOAT32, "dpmpp-2m", 0},
    {"float64 rk4", ITP_FLOAT64, "rk4", 0},
};

static itp_plan *plan_for(const setting *s)
{
    return plan_of("solver=%s k=%g evaluations=%d", s->solver, s->k, ROWS);
}

static itp_batch batch_for(const setting *s, size_t count)
{
    itp_batch batch = batch_of(DIM, count, s->type);
    batch.seed = 7;
    return batch;
}

static size_t element(int32_t type)
{
    return type == ITP_FLOAT64 ? sizeof(double) : sizeof(float);
}

static void check_equal(const char *name, int32_t type, const void *a, const void *b)
{
    check_true(name, !memcmp(a, b, TOTAL * element(type)));
}

/* ---- a conditional network: the mixture, and N(0, 1) without the condition ---- */

typedef struct pair {
    network cond, uncond;
    double scale, low, high; /* 0: write both outputs; else combine them here, as the sampler would */
    int pairs;               /* requests with two outputs */
} pair;

static pair pair_of(double scale, double low, double high)
{
    pair p = {network_linear(mixture_two_modes()), network_linear(mixture_normal(1)), scale, low, high, 0};
    return p;
}

static int both(void *user, const itp_request *request)
{
    pair *p = user;
    itp_request other = *request;
    network_run(&p->cond, request);
    other.out = request->out2;
    if (request->out2) {
        p->pairs++;
        network_run(&p->uncond, &other);
    }
    return 0;
}

static int combined(void *user, const itp_request *request)
{
    pair *p = user;
    samples uncond;
    itp_request other = *request;
    double scale = itp_guidance_at(p->scale, p->low, p->high, request->u);
    network_run(&p->cond, request);
    other.out = &uncond;
    if (scale != 1) {
        network_run(&p->uncond, &other);
        itp_guide(request->type, request->out, &uncond, scale, request->out, request->count * request->dim);
    }
    return 0;
}

static void guided_run_is_a_run_of_the_combination(void **state)
{
    static const double intervals[][2] = {{0, 1}, {.3, .7}, {.9, .95}, {0, .2}};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++)
        for (int j = 0; j < COUNT(intervals); j++) {
            samples want = {{0}}, got = {{0}};
            itp_plan *plan = plan_for(&settings[i]);
            itp_batch batch = batch_for(&settings[i], BATCH);
            pair p = pair_of(3, intervals[j][0], intervals[j][1]);
            check_status("plain", itp_sample(plan, &batch, &want, combined, &p), ITP_OK);
            batch.guidance = 3;
            batch.guidance_low = intervals[j][0];
            batch.guidance_high = intervals[j][1];
            check_status("guided", itp_sample(plan, &batch, &got, both, &p), ITP_OK);
            check_equal(settings[i].name, settings[i].type, &want, &got);
            check_true("rows with two outputs", j ? p.pairs < ROWS : p.pairs == ROWS);
            itp_plan_free(plan);
        }
}

static int one_output(void *user, const itp_request *request)
{
    check_true("no second output", !request->out2);
    check_same("scale", request->guidance, 1);
    return network_run(user, request);
}

static void off_is_off(void **state)
{
    static const double scales[] = {0, 1};
    samples want = {{0}}, got = {{0}};
    (void)state;
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], BATCH);
    network net = network_linear(mixture_two_modes());
    check_status("plain", itp_sample(plan, &batch, &want, network_run, &net), ITP_OK);
    for (int i = 0; i < COUNT(scales); i++) {
        batch.guidance = scales[i];
        check_status("off", itp_sample(plan, &batch, &got, one_output, &net), ITP_OK);
        check_equal("off", ITP_FLOAT64, &want, &got);
    }
    itp_plan_free(plan);
}

static size_t bytes_of(const itp_plan *plan, itp_batch *batch)
{
    ledger l;
    itp_env allocator = ledger_env(&l);
    itp_sampler *sampler = NULL;
    batch->env = &allocator;
    check_status("new", sampler_for(plan, batch, &sampler), ITP_OK);
    size_t bytes = l.live_bytes;
    itp_sampler_free(sampler);
    check_near("live", l.live, 0, 0);
    batch->env = NULL;
    return bytes;
}

static int nothing_after(void *user, const itp_request *request, const void *state, const void *data)
{
    (void)user, (void)request, (void)state, (void)data;
    return 0;
}

/* One array each, rounded up to 64 bytes. */
static void arrays_that_are_asked_for(void **state)
{
    (void)state;
    itp_plan *plan = plan_for(&settings[2]);
    itp_batch batch = batch_for(&settings[2], BATCH);
    size_t array = (TOTAL * sizeof(double) + 63) / 64 * 64, plain = bytes_of(plan, &batch);
    batch.on_row = nothing_after;
    assert_int_equal(bytes_of(plan, &batch), plain);
    batch.row_data = 1;
    assert_int_equal(bytes_of(plan, &batch), plain + array);
    batch.guidance = 2;
    assert_int_equal(bytes_of(plan, &batch), plain + 2 * array);
    batch.row_data = 0;
    assert_int_equal(bytes_of(plan, &batch), plain + array);
    itp_plan_free(plan);
}

/* A caller whose request ends before out2 cannot know of it. */
static void a_request_without_room_for_two(void **state)
{
    samples x = {{0}};
    itp_request request = ITP_REQUEST_INIT;
    itp_sampler *sampler = NULL;
    (void)state;
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], BATCH);
    request.size = offsetof(itp_request, out2);
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, &x), ITP_OK);
    check_status("one output", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    itp_sampler_free(sampler);
    batch.guidance = 2;
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, &x), ITP_OK);
    check_status("two outputs", itp_sampler_next(sampler, &request), ITP_E_OLDER);
    request.size = sizeof request;
    check_status("two outputs", itp_sampler_next(sampler, &request), ITP_EVALUATE);
    check_true("two outputs", request.out2 && request.out2 != request.out && request.guidance == 2);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

static void second_outputs_are_looked_at(void **state)
{
    samples want = {{0}}, x = {{0}};
    capture seen;
    itp_env log = capture_env(&seen);
    itp_request request = ITP_REQUEST_INIT;
    itp_sampler *sampler = NULL;
    (void)state;
    itp_plan *plan = plan_for(&settings[2]);
    itp_batch batch = batch_for(&settings[2], BATCH);
    pair p = pair_of(0, 0, 1);
    batch.env = &log;
    batch.guidance = 2;
    check_status("plain", itp_sample(plan, &batch, &want, both, &p), ITP_OK);
    batch.check_finite = 1;
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, &batch, &x), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        both(&p, &request);
        double *spoilt = (double *)request.out2 + DIM, kept = *spoilt;
        *spoilt = NAN;
        check_status("spoilt", itp_sampler_submit(sampler), ITP_E_NONFINITE);
        check_true("says which", capture_has(&seen, "out2") && capture_has(&seen, "sample 1"));
        *spoilt = kept;
        check_status("mended", itp_sampler_submit(sampler), ITP_OK);
    }
    check_equal("mended", ITP_FLOAT64, &want, &x);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- the data hook ---- */

typedef struct watcher {
    pair net;
    int calls, rows, fail_row, stop_row, answer;
    samples data; /* as the data hook left it */
    int known;
    samples last; /* the state after the last row */
} watcher;

static int watched_network(void *user, const itp_request *request)
{
    watcher *w = user;
    w->known = 0;
    return both(&w->net, request);
}

/* What the hook gets is E[X | x], and the scalars of the request say so. */
static int check_data(void *user, const itp_request *request, void *data)
{
    watcher *w = user;
    mixture m = mixture_two_modes();
    w->calls++;
    for (int i = 0; i < TOTAL; i++) {
        double x = ((const double *)request->x)[i], want = mixture_data(&m, 1 - request->u, request->u, x);
        check_near("data", ((double *)data)[i], want, 1e-12);
    }
    check_near("data_state", request->data_state, 1, 1e-15);
    check_near("data_output", request->data_output, 1 - request->u, 1e-15);
    return 0;
}

static void the_data_hook_sees_the_data_prediction(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        if (settings[i].type != ITP_FLOAT64) continue;
        samples want = {{0}}, got = {{0}};
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = batch_for(&settings[i], BATCH);
        watcher w = {.net = pair_of(0, 0, 1)};
        check_status("plain", itp_sample(plan, &batch, &want, watched_network, &w), ITP_OK);
        batch.on_data = check_data;
        batch.user = &w;
        check_status("watched", itp_sample(plan, &batch, &got, watched_network, &w), ITP_OK);
        assert_int_equal(w.calls, ROWS);
        for (int j = 0; j < TOTAL; j++) check_near("there and back", got.f64[j], want.f64[j], 1e-12);
        itp_plan_free(plan);
    }
}

static int constant(void *user, const itp_request *request, void *data)
{
    for (size_t i = 0; i < request->count * request->dim; i++)
        if (request->type == ITP_FLOAT64)
            ((double *)data)[i] = *(const double *)user;
        else
            ((float *)data)[i] = (float)*(const double *)user;
    return 0;
}

/* Whatever the network says, the solver believes the hook: the sample is the constant. */
static void the_solver_works_with_the_changed_prediction(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        samples x = {{0}};
        double value = .625;
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = batch_for(&settings[i], BATCH);
        network net = network_linear(mixture_two_modes());
        batch.on_data = constant;
        batch.user = &value;
        check_status("constant", itp_sample(plan, &batch, &x, network_run, &net), ITP_OK);
        for (int j = 0; j < TOTAL; j++) {
            double got = settings[i].type == ITP_FLOAT64 ? x.f64[j] : (double)x.f32[j];
            check_near(settings[i].name, got, value, settings[i].type == ITP_FLOAT64 ? 1e-13 : 2e-6);
        }
        itp_plan_free(plan);
    }
}

static int clip(void *user, const itp_request *request, void *data)
{
    (void)user;
    return itp_threshold_static(request->type, data, -.3, .3, request->count * request->dim);
}

static void static_threshold_bounds_the_samples(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i += 2) {
        samples free = {{0}}, bound = {{0}};
        int beyond = 0;
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = batch_for(&settings[i], BATCH);
        network net = network_linear(mixture_two_modes());
        check_status("free", itp_sample(plan, &batch, &free, network_run, &net), ITP_OK);
        batch.on_data = clip;
        check_status("bound", itp_sample(plan, &batch, &bound, network_run, &net), ITP_OK);
        for (int j = 0; j < TOTAL; j++) {
            beyond += fabs(free.f64[j]) > .3;
            /* the last step of Euler-Maruyama lands on the prediction; ab3 goes beyond it */
            if (i == 0) check_true("bound", fabs(bound.f64[j]) <= .3 * (1 + 1e-12));
        }
        check_true("it matters", beyond > TOTAL / 2 && memcmp(&free, &bound, sizeof free));
        itp_plan_free(plan);
    }
}

/* ---- hooks and the ways to run ---- */

static int dynamic(void *user, const itp_request *request, void *data)
{
    (void)user;
    return itp_threshold_dynamic(request->type, data, .6, 1.1, request->count, request->dim);
}

static itp_batch hooked(const setting *s, size_t count)
{
    itp_batch batch = batch_for(s, count);
    batch.guidance = 2.5;
    batch.guidance_high = .8;
    batch.on_data = dynamic;
    batch.on_row = nothing_after;
    batch.row_data = 1;
    return batch;
}

static void stepped(const itp_plan *plan, const itp_batch *batch, void *x)
{
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    pair p = pair_of(0, 0, 1);
    check_status("new", sampler_for(plan, batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, batch, x), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        both(&p, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    itp_sampler_free(sampler);
}

static void callback_steps_and_splits_agree(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples want = {{0}}, got = {{0}}, split = {{0}};
        itp_plan *plan = plan_for(&settings[i]);
        itp_batch batch = hooked(&settings[i], BATCH);
        pair p = pair_of(0, 0, 1);
        check_status("callback", itp_sample(plan, &batch, &want, both, &p), ITP_OK);
        stepped(plan, &batch, &got);
        check_equal(settings[i].name, settings[i].type, &want, &got);
        for (size_t first = 0; first < BATCH; first++) {
            itp_batch one = hooked(&settings[i], 1);
            one.first = first;
            check_status("split",
                         itp_sample(plan, &one, split.bytes + first * DIM * element(settings[i].type), both, &p),
                         ITP_OK);
        }
        check_equal(settings[i].name, settings[i].type, &want, &split);
        itp_plan_free(plan);
    }
}

/* ---- the row hook ---- */

static int note_data(void *user, const itp_request *request, void *data)
{
    watcher *w = user;
    check_status("clip", clip(NULL, request, data), ITP_OK);
    memcpy(&w->data, data, TOTAL * element(request->type));
    w->known = 1;
    return request->row == w->fail_row ? (w->fail_row = -1, w->answer) : 0;
}

static int note_row(void *user, const itp_request *request, const void *state, const void *data)
{
    watcher *w = user;
    check_true("the request's arrays are gone", !request->x && !request->out && !request->out2);
    assert_int_equal(request->row, w->rows++);
    check_true("data", data || !w->known);
    if (w->known) check_equal("as the data hook left it", request->type, data, &w->data);
    memcpy(&w->last, state, TOTAL * element(request->type));
    return request->row == w->stop_row ? w->answer : 0;
}

static itp_batch watched(const setting *s, watcher *w)
{
    itp_batch batch = batch_for(s, BATCH);
    batch.on_data = note_data;
    batch.on_row = note_row;
    batch.row_data = 1;
    batch.user = w;
    return batch;
}

static void previews(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(settings); i++) {
        samples x = {{0}};
        itp_plan *plan = plan_for(&settings[i]);
        watcher w = {.net = pair_of(0, 0, 1), .fail_row = -1, .stop_row = -1};
        itp_batch batch = watched(&settings[i], &w);
        check_status("previewed", itp_sample(plan, &batch, &x, watched_network, &w), ITP_OK);
        assert_int_equal(w.rows, ROWS);
        check_equal("the last state is the sample", settings[i].type, &x, &w.last);
        itp_plan_free(plan);
    }
}

/* Row data without a data hook: E[X | x] itself, also at the data end, where it is the state. */
static int check_row_data(void *user, const itp_request *request, const void *state, const void *data)
{
    watcher *w = user;
    mixture m = mixture_two_modes();
    (void)state;
    for (int i = 0; i < TOTAL; i++) {
        double x = w->data.f64[i], want = request->u < 1 ? mixture_data(&m, 1 - request->u, request->u, x) : x;
        check_near("row data", ((const double *)data)[i], want, 1e-12);
    }
    w->rows++;
    return 0;
}

static int note_state(void *user, const itp_request *request)
{
    watcher *w = user;
    memcpy(&w->data, request->x, sizeof w->data);
    return both(&w->net, request);
}

static void row_data_without_a_data_hook(void **state)
{
    samples x = {{0}}, want = {{0}};
    (void)state;
    itp_plan *plan = plan_for(&settings[4]);
    itp_batch batch = batch_for(&settings[4], BATCH);
    watcher w = {.net = pair_of(0, 0, 1)};
    check_status("plain", itp_sample(plan, &batch, &want, note_state, &w), ITP_OK);
    batch.on_row = check_row_data;
    batch.row_data = 1;
    batch.user = &w;
    check_status("row data", itp_sample(plan, &batch, &x, note_state, &w), ITP_OK);
    assert_int_equal(w.rows, ROWS);
    check_equal("looking changes nothing", ITP_FLOAT64, &want, &x);
    itp_plan_free(plan);
}

static void a_preview_that_stops(void **state)
{
    static const int answers[][2] = {{1, 1}, {77, 77}, {-3, ITP_E_CALLBACK}};
    (void)state;
    for (int i = 0; i < COUNT(answers); i++)
        for (int row = 0; row < ROWS; row += ROWS - 1) {
            samples x = {{0}};
            itp_plan *plan = plan_for(&settings[0]);
            watcher w = {.net = pair_of(0, 0, 1), .fail_row = -1, .stop_row = row, .answer = answers[i][0]};
            itp_batch batch = watched(&settings[0], &w);
            check_status("stop", itp_sample(plan, &batch, &x, watched_network, &w), answers[i][1]);
            assert_int_equal(w.rows, row + 1);
            itp_plan_free(plan);
        }
}

/* ---- the row hook in a schedule's coordinates ---- */

typedef struct scaled_rows {
    const itp_plan *plan;
    const itp_schedule *schedule;
    samples plain[ROWS], data[ROWS];
    int rows, compare; /* 0: keep what is shown; 1: it should be what was kept, times the factor */
} scaled_rows;

static void check_scaled(const itp_request *request, const void *shown, const void *plain, double factor)
{
    for (int i = 0; i < TOTAL; i++) {
        if (request->type == ITP_FLOAT64) {
            check_same("scaled", ((const double *)shown)[i], factor * ((const double *)plain)[i]);
        } else {
            check_near("scaled", (double)((const float *)shown)[i], factor * (double)((const float *)plain)[i], 1e-7);
        }
    }
}

static int look_at_scaled(void *user, const itp_request *request, const void *state, const void *data)
{
    scaled_rows *s = user;
    double t, factor;
    size_t bytes = TOTAL * element(request->type);
    s->rows++;
    if (!s->compare) {
        memcpy(&s->plain[request->row], state, bytes);
        if (data) memcpy(&s->data[request->row], data, bytes);
        return 0;
    }
    check_status("factor", itp_plan_coordinates(s->plan, request->row + 1, s->schedule, &t, &factor), ITP_OK);
    check_scaled(request, state, &s->plain[request->row], factor);
    if (data) check_equal("the data prediction is as it was", request->type, data, &s->data[request->row]);
    return 0;
}

static void states_in_a_schedules_coordinates(void **state)
{
    static const int32_t kinds[] = {0, ITP_SCHEDULE_VP, ITP_SCHEDULE_POINT_MASS, ITP_SCHEDULE_VE};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++)
        for (int j = 0; j < COUNT(kinds); j++) {
            samples x = {{0}}, want = {{0}};
            itp_schedule *schedule = NULL;
            if (kinds[j]) check_status("schedule", itp_schedule_make(kinds[j], &schedule), ITP_OK);
            itp_plan *plan = plan_for(&settings[i]);
            scaled_rows rows = {.plan = plan, .schedule = schedule};
            pair p = pair_of(0, 0, 1);
            itp_batch batch = batch_for(&settings[i], BATCH);
            batch.on_row = look_at_scaled;
            batch.row_data = 1;
            batch.user = &rows;
            check_status("plain", itp_sample(plan, &batch, &want, both, &p), ITP_OK);
            rows.compare = 1;
            batch.row_scaled = 1;
            batch.row_schedule = schedule;
            check_status("scaled", itp_sample(plan, &batch, &x, both, &p), ITP_OK);
            assert_int_equal(rows.rows, 2 * ROWS);
            check_equal("the run is as it was", settings[i].type, &want, &x);
            itp_plan_free(plan);
            itp_schedule_free(schedule);
        }
}

/* The schedule is read while the sampler is made; the array and the factors are there when they are asked for. */
static void scaled_rows_own_what_they_need(void **state)
{
    samples x = {{0}};
    itp_schedule *vp = NULL;
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    (void)state;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    itp_plan *plan = plan_for(&settings[2]);
    itp_batch batch = batch_for(&settings[2], BATCH);
    size_t array = (TOTAL * sizeof(double) + 63) / 64 * 64, plain = bytes_of(plan, &batch);
    batch.on_row = nothing_after;
    assert_int_equal(bytes_of(plan, &batch), plain);
    batch.row_scaled = 1;
    assert_int_equal(bytes_of(plan, &batch), plain + array + ROWS * sizeof(double));
    batch.row_schedule = vp;
    check_status("new", sampler_for(plan, &batch, &sampler), ITP_OK);
    itp_schedule_free(vp);
    check_status("begin", begin_as(sampler, &batch, &x), ITP_OK);
    pair p = pair_of(0, 0, 1);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        both(&p, &request);
        check_status("submit", itp_sampler_submit(sampler), ITP_OK);
    }
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* ---- stops by steps: after the row hook the run goes on, after the data hook the output is written again ---- */

static int run_with_stops(const itp_plan *plan, const itp_batch *batch, watcher *w, samples *x)
{
    int stops = 0, status;
    itp_sampler *sampler = NULL;
    itp_request request = ITP_REQUEST_INIT;
    check_status("new", sampler_for(plan, batch, &sampler), ITP_OK);
    check_status("begin", begin_as(sampler, batch, x), ITP_OK);
    while (itp_sampler_next(sampler, &request) == ITP_EVALUATE) {
        watched_network(w, &request);
        status = itp_sampler_submit(sampler);
        stops += status != ITP_OK;
        check_true("its own answer", !status || status == (w->answer > 0 ? w->answer : ITP_E_CALLBACK));
    }
    itp_sampler_free(sampler);
    return stops;
}

static void runs_go_on_after_a_stop(void **state)
{
    static const int answers[] = {5, -5};
    (void)state;
    for (int i = 0; i < COUNT(settings); i++)
        for (int j = 0; j < COUNT(answers); j++) {
            samples want = {{0}}, x = {{0}};
            itp_plan *plan = plan_for(&settings[i]);
            watcher w = {.net = pair_of(0, 0, 1), .fail_row = -1, .stop_row = -1};
            itp_batch batch = watched(&settings[i], &w);
            batch.guidance = 1.5;
            check_status("plain", itp_sample(plan, &batch, &want, watched_network, &w), ITP_OK);
            w.fail_row = 3;
            w.stop_row = 5;
            w.rows = 0;
            w.answer = answers[j];
            assert_int_equal(run_with_stops(plan, &batch, &w, &x), 2);
            check_equal(settings[i].name, settings[i].type, &want, &x);
            itp_plan_free(plan);
        }
}

/* ---- the rows' scalars ---- */

static void check_scalars(const itp_model *model, const itp_plan *plan)
{
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    check_status("info", itp_plan_get_info(plan, &info), ITP_OK);
    for (int32_t i = 0; i < info.rows; i++) {
        itp_plan_row row = ITP_PLAN_ROW_INIT;
        double t, a, b;
        check_status("row", itp_plan_get_row(plan, i, &row), ITP_OK);
        check_status("time", itp_schedule_time_of_u(model->schedule, row.u, &t), ITP_OK);
        if (itp_prediction_scalars(model, t, ITP_PREDICT_DATA, &a, &b)) a = b = 0;
        check_near("data_state", row.data_state, a, 1e-9);
        check_near("data_output", row.data_output, b, 1e-9);
    }
}

static void rows_know_their_data_prediction(void **state)
{
    static const int32_t predictions[] = {ITP_PREDICT_VELOCITY, ITP_PREDICT_DATA, ITP_PREDICT_NOISE, ITP_PREDICT_SCORE,
                                          ITP_PREDICT_SALIMANS_V};
    static const char *const solvers[] = {"euler", "dpmpp-2s", "ab3"};
    itp_schedule *vp = NULL;
    (void)state;
    check_status("vp", itp_schedule_make(ITP_SCHEDULE_VP, &vp), ITP_OK);
    for (int i = 0; i < COUNT(predictions); i++)
        for (int j = 0; j < COUNT(solvers); j++) {
            itp_model model = ITP_MODEL_INIT;
            wanted desc = WANTED;
            itp_plan *plan = NULL;
            model.schedule = vp;
            model.prediction = predictions[i];
            desc.plan.model = &model;
            desc.solver = SOLVER(solvers[j]);
            desc.grid.u_start = predictions[i] == ITP_PREDICT_VELOCITY ? 0 : .1;
            check_status("plan", make_plan(&desc, &plan), ITP_OK);
            check_scalars(&model, plan);
            itp_plan_free(plan);
        }
    itp_schedule_free(vp);
}

/* ---- a peer's number ---- */

enum { IMAGES = 4, PIXELS = 192, ELEMENTS = IMAGES * PIXELS };

/* The linear stand-in of diffusers' tests: x t/(t + 1), t the index in the table. */
static int dummy(void *user, const itp_request *request)
{
    (void)user;
    for (int i = 0; i < ELEMENTS; i++)
        ((double *)request->out)[i] = ((const double *)request->x)[i] * request->time / (request->time + 1);
    return 0;
}

static int dummy_threshold(void *user, const itp_request *request, void *data)
{
    (void)user;
    return itp_threshold_dynamic(request->type, data, .87, .5, request->count, request->dim);
}

static itp_plan *dummy_plan(void)
{
    static const int indices[] = {999, 899, 799, 699, 599, 500, 400, 300, 200, 100, 0};
    double cumprod[DDPM_COUNT], nodes[COUNT(indices)];
    itp_schedule_desc table = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *schedule = NULL;
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    ddpm_alphas_cumprod(cumprod, DDPM_COUNT);
    table.kind = ITP_SCHEDULE_TABLE;
    table.alphas_cumprod = cumprod;
    table.count = DDPM_COUNT;
    check_status("table", itp_schedule_new(&table, &schedule), ITP_OK);
    for (int i = 0; i < COUNT(indices); i++) nodes[i] = 1 - indices[i] / 999.;
    model.schedule = schedule;
    model.prediction = ITP_PREDICT_NOISE;
    model.time = ITP_TIME_INDEX;
    desc.plan.model = &model;
    desc.solver = SOLVER("dpmpp-2m");
    desc.grid.kind = ITP_GRID_USER_TIME;
    desc.grid.nodes = nodes;
    desc.grid.node_count = COUNT(nodes);
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    itp_schedule_free(schedule);
    return plan;
}

static double dummy_sum(const itp_plan *plan, itp_data_fn hook)
{
    double x[ELEMENTS], sum = 0;
    itp_batch batch = ITP_BATCH_INIT;
    batch.dim = PIXELS;
    batch.count = IMAGES;
    batch.type = ITP_FLOAT64;
    batch.x = ITP_X_GIVEN;
    batch.on_data = hook;
    for (int s = 0; s < IMAGES; s++)
        for (int i = 0; i < PIXELS; i++) x[s * PIXELS + i] = (4 * i + s) / 768.;
    check_status("sample", itp_sample(plan, &batch, x, dummy, NULL), ITP_OK);
    for (int i = 0; i < ELEMENTS; i++) sum += fabs(x[i]);
    return sum;
}

/* DPMSolverMultistepScheduler of diffusers 58eb52c (Apache-2.0), tests/schedulers/test_scheduler_dpm_multi.py: order 2,
 * midpoint, data form, final_sigmas_type sigma_min, lower_order_final False, 10 steps; sums of |x|, run in float32.
 * Thresholding: dynamic_thresholding_ratio .87, sample_max_value .5. */
static void a_thresholded_run_of_diffusers(void **state)
{
    (void)state;
    itp_plan *plan = dummy_plan();
    check_near("without", dummy_sum(plan, NULL) / 253.55140298197512, 1, 2e-4);
    check_near("with", dummy_sum(plan, dummy_threshold) / 872.7270106361248, 1, 2e-4);
    itp_plan_free(plan);
}

/* ---- bad fields ---- */

static void check_refused(const itp_plan *plan, itp_batch *batch, int want, const char *word)
{
    capture seen;
    itp_env log = capture_env(&seen);
    itp_sampler *sampler = NULL;
    batch->env = &log;
    check_status(word, sampler_for(plan, batch, &sampler), want);
    check_true(word, !sampler && capture_has(&seen, word));
}

static void bad_fields(void **state)
{
    static const double scales[] = {INFINITY, -INFINITY, NAN};
    (void)state;
    itp_plan *plan = plan_for(&settings[0]);
    for (int i = 0; i < COUNT(scales); i++) {
        itp_batch batch = batch_for(&settings[0], 1);
        batch.guidance = scales[i];
        check_refused(plan, &batch, ITP_E_RANGE, "guidance");
    }
    itp_batch batch = batch_for(&settings[0], 1);
    batch.guidance_low = 2;
    check_refused(plan, &batch, ITP_E_RANGE, "guidance_low");
    batch.guidance_low = NAN;
    check_refused(plan, &batch, ITP_E_RANGE, "guidance_low");
    batch.guidance_low = 0;
    batch.row_data = 2;
    check_refused(plan, &batch, ITP_E_RANGE, "row_data");
    batch.row_data = 0;
    batch.row_scaled = 2;
    check_refused(plan, &batch, ITP_E_RANGE, "row_scaled");
    itp_plan_free(plan);
}

/* A DDPM table ends before the data do. */
static void a_row_schedule_that_ends_too_early(void **state)
{
    double cumprod[DDPM_COUNT];
    ledger l;
    itp_env allocator = ledger_env(&l);
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule *table = NULL;
    (void)state;
    ddpm_alphas_cumprod(cumprod, DDPM_COUNT);
    desc.kind = ITP_SCHEDULE_TABLE;
    desc.alphas_cumprod = cumprod;
    desc.count = DDPM_COUNT;
    check_status("table", itp_schedule_new(&desc, &table), ITP_OK);
    itp_plan *plan = plan_for(&settings[0]);
    itp_batch batch = batch_for(&settings[0], 1);
    batch.env = &allocator;
    batch.row_schedule = table;
    batch.row_scaled = 1;
    check_refused(plan, &batch, ITP_E_UNSUPPORTED, "row_data, row_scaled");
    batch.on_row = nothing_after;
    check_refused(plan, &batch, ITP_E_RANGE, "row_schedule");
    check_near("live, defects", l.live + l.defects, 0, 0);
    itp_schedule_free(table);
    itp_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guided_run_is_a_run_of_the_combination),
        cmocka_unit_test(off_is_off),
        cmocka_unit_test(arrays_that_are_asked_for),
        cmocka_unit_test(a_request_without_room_for_two),
        cmocka_unit_test(second_outputs_are_looked_at),
        cmocka_unit_test(the_data_hook_sees_the_data_prediction),
        cmocka_unit_test(the_solver_works_with_the_changed_prediction),
        cmocka_unit_test(static_threshold_bounds_the_samples),
        cmocka_unit_test(callback_steps_and_splits_agree),
        cmocka_unit_test(previews),
        cmocka_unit_test(row_data_without_a_data_hook),
        cmocka_unit_test(a_preview_that_stops),
        cmocka_unit_test(states_in_a_schedules_coordinates),
        cmocka_unit_test(scaled_rows_own_what_they_need),
        cmocka_unit_test(runs_go_on_after_a_stop),
        cmocka_unit_test(rows_know_their_data_prediction),
        cmocka_unit_test(a_thresholded_run_of_diffusers),
        cmocka_unit_test(bad_fields),
        cmocka_unit_test(a_row_schedule_that_ends_too_early),
    };
    return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
