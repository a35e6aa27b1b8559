/* Bad input: NULL, sizes, unknown fields, numbers outside their range, unknown ids. Each gets its status, and where the
 * call has a log a sentence that names the field; x is as it was; nothing that was asked for is left half made. */
#include <interp/interp.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../examples/kinds.h"
#include "../common/begin.h"
#include "../common/capture.h"
#include "../common/check.h"
#include "../common/network.h"
#include "../common/want.h"
#include "base/sized.h"

/* ---- one wrong field at a time ---- */

enum { END, I32, F64, SIZE, POINTER };

typedef struct wrong {
    const char *word; /* that the log must have */
    int want;
    struct {
        size_t offset;
        int type;
        double value; /* POINTER: NULL */
    } field[3];
} wrong;

static void poke(void *desc, const wrong *w)
{
    for (int i = 0; i < 3 && w->field[i].type != END; i++) {
        unsigned char *at = (unsigned char *)desc + w->field[i].offset;
        double value = w->field[i].value;
        int32_t number = w->field[i].type == I32 ? (int32_t)value : 0;
        size_t size = w->field[i].type == SIZE ? (size_t)value : 0;
        switch (w->field[i].type) {
        case I32: memcpy(at, &number, sizeof number); break;
        case F64: memcpy(at, &value, sizeof value); break;
        case SIZE: memcpy(at, &size, sizeof size); break;
        default: memset(at, 0, sizeof(void *)); break;
        }
    }
}

static void check_logged(const capture *seen, const wrong *w)
{
    check_near(w->word, seen->count, 1, 0);
    check_near(w->word, seen->level, ITP_LOG_ERROR, 0);
    if (!capture_has(seen, w->word)) print_error("the log says: %s\n", seen->text);
    check_true(w->word, capture_has(seen, w->word));
    check_true(w->word, strlen(seen->text) > strlen(w->word) + 4 && !strchr(seen->text, '\n'));
    size_t field = strlen(seen->error.field);
    check_status(w->word, seen->error.status, w->want);
    check_true(seen->text, !strcmp(seen->error.text, seen->text));
    check_true(seen->text, !strncmp(seen->error.field, seen->text, field));
    check_true(seen->text, field > 0 ? seen->text[field] == ':' : w->want == ITP_E_SINGULAR); /* of no field's making */
}

/* ---- schedules ---- */

#define S(field, type, value) \
    { \
        offsetof(itp_schedule_desc, field), type, value \
    }

static const wrong schedule_wrongs[] = {
    {"schedule", ITP_E_UNSUPPORTED, {S(kind, I32, -1)}},
    {"schedule", ITP_E_UNSUPPORTED, {S(kind, I32, 1234)}},
    {"clock", ITP_E_UNSUPPORTED, {S(kind, I32, ITP_SCHEDULE_LAZY), S(clock, I32, -1)}},
    {"k", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_LAZY), S(k, F64, NAN)}},
    {"k", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_POINT_MASS), S(k, F64, 65)}},
    {"s:", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_LAZY), S(s, F64, -1)}},
    {"s:", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_LAZY), S(s, F64, NAN)}},
    {"beta_min", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_VP_SDE), S(beta_min, F64, 21)}},
    {"beta_min", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_VP_SDE), S(beta_min, F64, NAN)}},
    {"beta_max", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_VP_SDE), S(beta_max, F64, INFINITY)}},
    {"sigma_max", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_VE), S(sigma_max, F64, -1)}},
    {"sigma_data", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_EDM), S(sigma_data, F64, INFINITY)}},
    {"alphas_cumprod", ITP_E_ARGUMENT, {S(kind, I32, ITP_SCHEDULE_TABLE), S(count, I32, 5)}},
    {"values", ITP_E_ARGUMENT, {S(kind, I32, ITP_SCHEDULE_USER)}},
    {"user_parts", ITP_E_RANGE, {S(kind, I32, ITP_SCHEDULE_USER), S(user_parts, I32, 6)}},
};

static void schedule_fields(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(schedule_wrongs); i++) {
        capture seen;
        itp_env log = capture_env(&seen);
        itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
        itp_schedule *schedule = (itp_schedule *)&seen;
        desc.env = &log;
        poke(&desc, &schedule_wrongs[i]);
        check_status(schedule_wrongs[i].word, itp_schedule_new(&desc, &schedule), schedule_wrongs[i].want);
        check_true(schedule_wrongs[i].word, schedule == NULL);
        check_logged(&seen, &schedule_wrongs[i]);
    }
}

/* ---- models ---- */

#define M(field, type, value) \
    { \
        offsetof(itp_model, field), type, value \
    }

static const wrong model_wrongs[] = {
    {"prediction", ITP_E_UNSUPPORTED, {M(prediction, I32, -1)}},
    {"prediction", ITP_E_UNSUPPORTED, {M(prediction, I32, 99)}},
    {"time", ITP_E_UNSUPPORTED, {M(time, I32, -1)}},
    {"index", ITP_E_UNSUPPORTED, {M(time, I32, ITP_TIME_INDEX)}},
    {"sigma_data", ITP_E_RANGE, {M(prediction, I32, ITP_PREDICT_EDM), M(sigma_data, F64, -1)}},
    {"sigma_data", ITP_E_RANGE, {M(prediction, I32, ITP_PREDICT_EDM), M(sigma_data, F64, NAN)}},
    {"affine", ITP_E_ARGUMENT, {M(prediction, I32, ITP_PREDICT_AFFINE)}},
    {"time_fn", ITP_E_ARGUMENT, {M(time, I32, ITP_TIME_USER)}},
};

static void model_fields(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(model_wrongs); i++) {
        capture seen;
        itp_env log = capture_env(&seen);
        itp_model model = ITP_MODEL_INIT;
        wanted desc = WANTED;
        itp_plan *plan = (itp_plan *)&seen;
        double a, b, time;
        desc.plan.model = &model;
        desc.plan.env = &log;
        poke(&model, &model_wrongs[i]);
        check_status(model_wrongs[i].word, make_plan(&desc, &plan), model_wrongs[i].want);
        check_true(model_wrongs[i].word, plan == NULL);
        check_logged(&seen, &model_wrongs[i]);
        check_status(model_wrongs[i].word, itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, &a, &b),
                     model_wrongs[i].want);
        check_status(model_wrongs[i].word, itp_model_time(&model, .5, &time), model_wrongs[i].want);
    }
}

static int stops(void *user, const itp_schedule_point *at, double *a, double *b)
{
    (void)user;
    (void)at;
    (void)a;
    (void)b;
    return 1;
}

static int no_time(void *user, const itp_schedule_point *at, double *time)
{
    (void)user;
    *time = at->u > .4 ? NAN : 0;
    return 0;
}

/* What the prediction and the time do not read is refused by plans; for conversions of predictions the struct may hold
 * more than one of them reads. */
static void unread_model_fields(void **state)
{
    static const wrong unread[] = {{"sigma_data", ITP_E_UNSUPPORTED, {M(sigma_data, F64, .5)}}};
    capture seen;
    itp_env log = capture_env(&seen);
    (void)state;
    for (int i = 0; i < 3; i++) {
        itp_model model = ITP_MODEL_INIT;
        wanted desc = WANTED;
        itp_plan *plan = NULL;
        desc.plan.model = &model;
        desc.plan.env = &log;
        if (i == 0) poke(&model, &unread[0]);
        if (i == 1) model.affine = stops;
        if (i == 2) model.time_fn = no_time;
        check_status("unread", make_plan(&desc, &plan), ITP_E_UNSUPPORTED);
        check_true("said", capture_has(&seen, i < 2 ? "does not read it" : "nothing reads it without"));
    }
}

static void model_callbacks(void **state)
{
    (void)state;
    capture seen;
    itp_env log = capture_env(&seen);
    itp_model model = ITP_MODEL_INIT;
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.plan.model = &model;
    desc.plan.env = &log;
    model.prediction = ITP_PREDICT_AFFINE;
    model.affine = stops;
    check_status("affine", make_plan(&desc, &plan), 1);
    assert_int_equal(seen.count, 1);
    model.prediction = ITP_PREDICT_VELOCITY;
    model.affine = NULL;
    model.time = ITP_TIME_USER;
    model.time_fn = no_time;
    check_status("time", make_plan(&desc, &plan), ITP_E_SINGULAR);
    assert_int_equal(seen.count, 2);
    assert_null(plan);
}

/* ---- plans ---- */

#define P(field, type, value) \
    { \
        offsetof(wanted, field), type, value \
    }

static const wrong plan_wrongs[] = {
    {"family", ITP_E_UNSUPPORTED, {P(solver.family, I32, 99)}},
    {"solver",
     ITP_E_UNSUPPORTED,
     {P(solver.family, I32, ITP_RUNGE_KUTTA), P(solver.order, I32, 2), P(diffusion.k, F64, 1)}},
    {"evaluations", ITP_E_BUDGET, {P(plan.evaluations, I32, -1)}},
    {"evaluations",
     ITP_E_BUDGET,
     {P(solver.family, I32, ITP_RUNGE_KUTTA), P(solver.order, I32, 4), P(plan.evaluations, I32, -3)}},
    {"ends", ITP_E_UNSUPPORTED, {P(plan.ends, I32, 2)}},
    {"ends", ITP_E_UNSUPPORTED, {P(plan.ends, I32, -1)}},
    {"evaluations", ITP_E_RANGE, {P(plan.evaluations, I32, 100001)}},
    {"grid", ITP_E_UNSUPPORTED, {P(grid.kind, I32, -1)}},
    {"nodes", ITP_E_ARGUMENT, {P(grid.kind, I32, ITP_GRID_USER_U), P(grid.node_count, I32, 3)}},
    {"shift", ITP_E_RANGE, {P(grid.shift, F64, -1)}},
    {"shift", ITP_E_RANGE, {P(grid.shift, F64, NAN)}},
    {"shift", ITP_E_RANGE, {P(grid.shift, F64, INFINITY)}},
    {"sigma_max", ITP_E_RANGE, {P(grid.kind, I32, ITP_GRID_LAMBDA), P(grid.sigma_max, F64, .006)}},
    {"sigma_max", ITP_E_RANGE, {P(grid.kind, I32, ITP_GRID_LAMBDA), P(grid.sigma_max, F64, INFINITY)}},
    {"sigma_min", ITP_E_RANGE, {P(grid.sigma_min, F64, NAN)}},
    {"sigma_min", ITP_E_RANGE, {P(grid.sigma_min, F64, -1)}},
    {"below 1", ITP_E_RANGE, {P(grid.kind, I32, ITP_GRID_KARRAS_FLOW), P(grid.sigma_min, F64, 1)}},
    {"rho", ITP_E_RANGE, {P(grid.rho, F64, -1)}},
    {"beta_a", ITP_E_RANGE, {P(grid.beta_a, F64, -1)}},
    {"beta_b", ITP_E_RANGE, {P(grid.beta_b, F64, NAN)}},
    {"terminal", ITP_E_RANGE, {P(grid.terminal, F64, 1)}},
    {"steps_offset", ITP_E_RANGE, {P(grid.steps_offset, I32, -1)}},
    {"deviation", ITP_E_RANGE, {P(grid.deviation, F64, -1)}},
    {"u_start", ITP_E_RANGE, {P(grid.u_start, F64, -.1)}},
    {"u_start", ITP_E_RANGE, {P(grid.u_start, F64, NAN)}},
    {"u_start", ITP_E_RANGE, {P(grid.u_start, F64, 1)}},
    {"u_end", ITP_E_RANGE, {P(grid.u_end, F64, 1.1)}},
    {"u_end", ITP_E_RANGE, {P(grid.u_end, F64, -1)}},
    {"u_end", ITP_E_RANGE, {P(grid.u_end, F64, NAN)}},
    {"k", ITP_E_RANGE, {P(diffusion.k, F64, -1)}},
    {"k", ITP_E_RANGE, {P(diffusion.k, F64, NAN)}},
    {"k", ITP_E_RANGE, {P(diffusion.k, F64, INFINITY)}},
    {"eta", ITP_E_RANGE, {P(solver.eta, F64, -1)}},
    {"s_noise", ITP_E_RANGE, {P(solver.s_noise, F64, NAN)}},
    {"s_churn", ITP_E_RANGE, {P(solver.s_churn, F64, INFINITY)}},
    {"s_churn", ITP_E_UNSUPPORTED, {P(solver.s_churn, F64, 1)}},
    {"k must be 0", ITP_E_UNSUPPORTED, {P(solver.family, I32, ITP_ANCESTRAL), P(diffusion.k, F64, 1)}},
    {"reversed", ITP_E_UNSUPPORTED, {P(solver.family, I32, ITP_ANCESTRAL), P(grid.reversed, I32, 1)}},
    {"start", ITP_E_UNSUPPORTED, {P(plan.start, I32, 2)}},
    {"start", ITP_E_UNSUPPORTED, {P(plan.start, I32, ITP_START_CENTRED)}},
    {"last", ITP_E_UNSUPPORTED, {P(plan.last, I32, -1)}},
    {"singular", ITP_E_UNSUPPORTED, {P(plan.singular, I32, 7)}},
    {"u = 0", ITP_E_SINGULAR, {P(diffusion.k, F64, 1), P(plan.singular, I32, ITP_SINGULAR_ERROR)}},
    {"final_order", ITP_E_UNSUPPORTED, {P(solver.final_order, I32, 2)}},
    {"reversed", ITP_E_RANGE, {P(grid.reversed, I32, 2)}},
};

static void plan_fields(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(plan_wrongs); i++) {
        label name;
        capture seen;
        itp_env log = capture_env(&seen);
        wanted desc = WANTED;
        itp_plan *plan = (itp_plan *)&seen;
        desc.plan.env = &log;
        poke(&desc, &plan_wrongs[i]);
        label_index(&name, plan_wrongs[i].word, i);
        check_status(name.text, make_plan(&desc, &plan), plan_wrongs[i].want);
        check_true(name.text, plan == NULL);
        check_logged(&seen, &plan_wrongs[i]);
    }
}

/* ---- batches, by itp_sampler_new and by itp_sample ---- */

#define B(field, type, value) \
    { \
        offsetof(itp_batch, field), type, value \
    }

static const wrong batch_wrongs[] = {
    {"dim", ITP_E_RANGE, {B(dim, SIZE, 0)}},
    {"count", ITP_E_RANGE, {B(count, SIZE, 0)}},
    {"dim", ITP_E_RANGE, {B(dim, SIZE, 17179869185.0)}},
    {"count", ITP_E_OVERFLOW, {B(dim, SIZE, 8589934592.0), B(count, SIZE, 8589934592.0)}},
    {"count", ITP_E_OVERFLOW, {B(count, SIZE, 9223372036854775808.0)}},
    {"count", ITP_E_OVERFLOW, {B(dim, SIZE, 1048576), B(count, SIZE, 17592186044416.0)}},
    {"type", ITP_E_UNSUPPORTED, {B(type, I32, -1)}},
    {"type", ITP_E_UNSUPPORTED, {B(type, I32, 3)}},
    {"x", ITP_E_UNSUPPORTED, {B(x, I32, 3)}},
    {"kernel", ITP_E_UNSUPPORTED, {B(kernel, I32, 3)}},
    {"kernel", ITP_E_UNSUPPORTED, {B(kernel, I32, -1)}},
    {"check_finite", ITP_E_RANGE, {B(check_finite, I32, 2)}},
};

static itp_plan *default_plan(void)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    check_status("plan", make_plan(&desc, &plan), ITP_OK);
    return plan;
}

static void batch_fields(void **state)
{
    (void)state;
    itp_plan *plan = default_plan();
    for (int i = 0; i < COUNT(batch_wrongs); i++) {
        label name;
        capture seen;
        itp_env log = capture_env(&seen);
        itp_batch batch = ITP_BATCH_INIT;
        itp_sampler *sampler = (itp_sampler *)&seen;
        network net = network_linear(mixture_two_modes());
        float x[4] = {1, NAN, 3, 4}, before[4];
        memcpy(before, x, sizeof x);
        batch.dim = 4;
        batch.count = 1;
        batch.env = &log;
        poke(&batch, &batch_wrongs[i]);
        label_index(&name, batch_wrongs[i].word, i);
        check_status(name.text, itp_sampler_new(plan, &batch, &sampler), batch_wrongs[i].want);
        check_true(name.text, sampler == NULL);
        check_logged(&seen, &batch_wrongs[i]);
        capture_clear(&seen);
        check_status(name.text, itp_sample(plan, &batch, x, network_run, &net), batch_wrongs[i].want);
        check_logged(&seen, &batch_wrongs[i]);
        assert_memory_equal(x, before, sizeof x);
        assert_int_equal(net.calls, 0);
    }
    itp_plan_free(plan);
}

/* ---- sizes of descriptors: 0, too large, unknown fields, older, newer ---- */

typedef int (*use_fn)(const void *desc);

static int use_schedule(const void *desc)
{
    itp_schedule *schedule = NULL;
    int rc = itp_schedule_new(desc, &schedule);
    itp_schedule_free(schedule);
    return rc;
}

static int use_model(const void *desc)
{
    double a, b;
    return itp_prediction_scalars(desc, .5, ITP_PREDICT_DATA, &a, &b);
}

static int use_model_in_plan(const void *model)
{
    wanted desc = WANTED;
    itp_plan *plan = NULL;
    desc.plan.model = model;
    int rc = make_plan(&desc, &plan);
    itp_plan_free(plan);
    return rc;
}

static int use_plan(const void *desc)
{
    itp_plan *plan = NULL;
    int rc = itp_plan_new(desc, &plan);
    itp_plan_free(plan);
    return rc;
}

static int use_batch(const void *batch)
{
    itp_plan *plan = default_plan();
    itp_sampler *sampler = NULL;
    int rc = itp_sampler_new(plan, batch, &sampler);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
    return rc;
}

static int use_start(const void *start)
{
    itp_plan *plan = default_plan();
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *sampler = NULL;
    batch.dim = 3;
    batch.count = 1;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    int rc = itp_sampler_begin(sampler, start);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
    return rc;
}

static int use_env(const void *env)
{
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    desc.env = env;
    return use_schedule(&desc);
}

static int use_allocator(const void *allocator)
{
    itp_env env = {ITP_SIZED(itp_env), .memory = allocator};
    return use_env(&env);
}

static int use_log(const void *log)
{
    itp_env env = {ITP_SIZED(itp_env), .log = log};
    return use_env(&env);
}

/* What is not zero in one that can be used. */
static void set_nothing(void *to)
{
    (void)to;
}

static void set_batch(void *to)
{
    ((itp_batch *)to)->dim = 3;
    ((itp_batch *)to)->count = 1;
}

static void set_model(void *to)
{
    const itp_model defaults = ITP_MODEL_INIT;
    memcpy(to, &defaults, sizeof defaults);
}

static void set_plan(void *to)
{
    const itp_plan_desc defaults = ITP_PLAN_DESC_INIT;
    memcpy(to, &defaults, sizeof defaults);
}

static void set_start(void *to)
{
    static float x[3];
    ((itp_start *)to)->x = x;
}

typedef struct sized {
    const char *name;
    size_t size;
    void (*set)(void *);
    use_fn use;
} sized;

static const sized descriptors[] = {
    {"schedule", sizeof(itp_schedule_desc), set_nothing, use_schedule},
    {"model", sizeof(itp_model), set_model, use_model},
    {"model in a plan", sizeof(itp_model), set_model, use_model_in_plan},
    {"plan", sizeof(itp_plan_desc), set_plan, use_plan},
    {"batch", sizeof(itp_batch), set_batch, use_batch},
    {"start", sizeof(itp_start), set_start, use_start},
    {"allocator", sizeof(itp_allocator), set_nothing, use_allocator},
    {"env", sizeof(itp_env), set_nothing, use_env},
    {"log", sizeof(itp_log), set_nothing, use_log},
};

typedef union room {
    size_t size;
    double align;
    unsigned char bytes[8192];
} room;

static int used_with(const sized *d, size_t size)
{
    room r;
    memset(&r, 0, sizeof r);
    d->set(&r);
    r.size = size;
    return d->use(&r);
}

static void sizes_of_descriptors(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(descriptors); i++) {
        const sized *d = &descriptors[i];
        check_status(d->name, used_with(d, d->size), ITP_OK);
        check_status(d->name, used_with(d, d->size - 8), ITP_E_OLDER);
        check_status(d->name, used_with(d, sizeof(size_t)), ITP_E_OLDER);
        check_status(d->name, used_with(d, d->size + 8), ITP_OK);
        check_status(d->name, used_with(d, 4096), ITP_OK);
        check_status(d->name, used_with(d, 4097), ITP_E_SIZE);
        check_status(d->name, used_with(d, SIZE_MAX), ITP_E_SIZE);
        check_status(d->name, used_with(d, 0), ITP_E_SIZE);
        check_status(d->name, used_with(d, 1), ITP_E_SIZE);
    }
}

static void unknown_fields(void **state)
{
    static const size_t ends[] = {1, 8, 100};
    (void)state;
    for (int i = 0; i < COUNT(descriptors); i++)
        for (int j = 0; j < COUNT(ends); j++) {
            room r;
            size_t size = descriptors[i].size + ends[j];
            memset(&r, 0, sizeof r);
            descriptors[i].set(&r);
            r.size = size;
            r.bytes[size - 1] = 1;
            check_status(descriptors[i].name, descriptors[i].use(&r), ITP_E_NEWER);
            r.bytes[size - 1] = 0;
            r.bytes[size] = 1;
            check_status(descriptors[i].name, descriptors[i].use(&r), ITP_OK);
        }
}

/* ---- structs that the library fills ---- */

static int fill_point(void *out)
{
    itp_schedule *schedule;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &schedule), ITP_OK);
    int rc = itp_schedule_eval(schedule, .3, out);
    itp_schedule_free(schedule);
    return rc;
}

static int fill_conversion(void *out)
{
    itp_schedule *schedule;
    check_status("linear", itp_schedule_make(ITP_SCHEDULE_LINEAR, &schedule), ITP_OK);
    int rc = itp_schedule_convert(schedule, schedule, .3, out);
    itp_schedule_free(schedule);
    return rc;
}

static int fill_info(void *out)
{
    itp_plan *plan = default_plan();
    int rc = itp_plan_get_info(plan, out);
    itp_plan_free(plan);
    return rc;
}

static int fill_row(void *out)
{
    itp_plan *plan = default_plan();
    int rc = itp_plan_get_row(plan, 2, out);
    itp_plan_free(plan);
    return rc;
}

static int fill_request(void *out)
{
    float x[3];
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *sampler = NULL;
    itp_plan *plan = default_plan();
    batch.dim = 3;
    batch.count = 1;
    check_status("sampler", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    check_status("begin", begin_noise(sampler, x, 0), ITP_OK);
    int rc = itp_sampler_next(sampler, out);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
    return rc == ITP_EVALUATE ? ITP_OK : rc;
}

static const struct {
    const char *name;
    int (*fill)(void *out);
    size_t size;
} fillers[] = {
    {"point", fill_point, sizeof(itp_schedule_point)}, {"conversion", fill_conversion, sizeof(itp_conversion)},
    {"info", fill_info, sizeof(itp_plan_info)},        {"row", fill_row, sizeof(itp_plan_row)},
    {"request", fill_request, sizeof(itp_request)},
};

/* Writes what both sides know, keeps the caller's size, and touches nothing behind it. */
static void structs_that_are_filled(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT(fillers); i++)
        for (size_t size = sizeof(size_t); size <= fillers[i].size + 16; size += 4) {
            room r;
            size_t known = size < fillers[i].size ? size : fillers[i].size;
            memset(&r, 0, sizeof r);
            memset(r.bytes + known, 0x6B, sizeof r - known);
            if (size > known) memset(r.bytes + known, 0, size - known);
            r.size = size;
            check_status(fillers[i].name, fillers[i].fill(&r), ITP_OK);
            check_true(fillers[i].name, r.size == size);
            check_true(fillers[i].name, r.bytes[size] == 0x6B && r.bytes[size + 7] == 0x6B);
        }
}

static void structs_that_cannot_be_filled(void **state)
{
    static const size_t sizes[] = {0, 3, 4097, SIZE_MAX};
    (void)state;
    for (int i = 0; i < COUNT(fillers); i++)
        for (int j = 0; j < COUNT(sizes); j++) {
            room r;
            memset(&r, 0x6B, sizeof r);
            r.size = sizes[j];
            check_status(fillers[i].name, fillers[i].fill(&r), ITP_E_SIZE);
            check_true(fillers[i].name, r.size == sizes[j] && r.bytes[8] == 0x6B);
        }
}

/* ---- NULL ---- */

static void null_schedules(void **state)
{
    (void)state;
    itp_schedule *schedule = NULL, *none = NULL;
    itp_schedule_desc desc = ITP_SCHEDULE_DESC_INIT;
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    itp_conversion conversion = ITP_CONVERSION_INIT;
    double value = 4;
    check_status("make", itp_schedule_make(ITP_SCHEDULE_VP, &schedule), ITP_OK);
    check_status("new", itp_schedule_new(NULL, &none), ITP_E_ARGUMENT);
    check_status("new", itp_schedule_new(&desc, NULL), ITP_E_ARGUMENT);
    check_status("make", itp_schedule_make(ITP_SCHEDULE_VP, NULL), ITP_E_ARGUMENT);
    check_status("eval", itp_schedule_eval(NULL, .5, &point), ITP_E_ARGUMENT);
    check_status("eval", itp_schedule_eval(schedule, .5, NULL), ITP_E_ARGUMENT);
    check_status("time_of_r", itp_schedule_time_of_r(NULL, 1, &value), ITP_E_ARGUMENT);
    check_status("time_of_r", itp_schedule_time_of_r(schedule, 1, NULL), ITP_E_ARGUMENT);
    check_status("time_of_u", itp_schedule_time_of_u(NULL, .5, &value), ITP_E_ARGUMENT);
    check_status("time_of_u", itp_schedule_time_of_u(schedule, .5, NULL), ITP_E_ARGUMENT);
    check_status("variance", itp_schedule_variance(NULL, .1, .2, &value), ITP_E_ARGUMENT);
    check_status("variance", itp_schedule_variance(schedule, .1, .2, NULL), ITP_E_ARGUMENT);
    check_status("convert", itp_schedule_convert(NULL, schedule, .5, &conversion), ITP_E_ARGUMENT);
    check_status("convert", itp_schedule_convert(schedule, NULL, .5, &conversion), ITP_E_ARGUMENT);
    check_status("convert", itp_schedule_convert(schedule, schedule, .5, NULL), ITP_E_ARGUMENT);
    check_same("untouched", value, 4);
    itp_schedule_free(schedule);
    itp_schedule_free(NULL);
}

static void null_predictions(void **state)
{
    (void)state;
    itp_model model = ITP_MODEL_INIT;
    double a = 4, x[2] = {1, 2};
    check_status("a", itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, NULL, &a), ITP_E_ARGUMENT);
    check_status("b", itp_prediction_scalars(&model, .5, ITP_PREDICT_DATA, &a, NULL), ITP_E_ARGUMENT);
    check_status("x", itp_prediction_convert(&model, .5, ITP_PREDICT_DATA, ITP_FLOAT64, NULL, x, x, 2), ITP_E_ARGUMENT);
    check_status("f", itp_prediction_convert(&model, .5, ITP_PREDICT_DATA, ITP_FLOAT64, x, NULL, x, 2), ITP_E_ARGUMENT);
    check_status("out", itp_prediction_convert(&model, .5, ITP_PREDICT_DATA, ITP_FLOAT64, x, x, NULL, 2),
                 ITP_E_ARGUMENT);
    check_status("time", itp_model_time(&model, .5, NULL), ITP_E_ARGUMENT);
    check_same("untouched", a, 4);
    check_same("untouched", x[0], 1);
}

static void null_plans(void **state)
{
    (void)state;
    itp_plan *plan = default_plan(), *none = NULL;
    wanted desc = WANTED;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    size_t needed = 0;
    check_status("new", make_plan(NULL, &none), ITP_E_ARGUMENT);
    check_status("new", make_plan(&desc, NULL), ITP_E_ARGUMENT);
    check_status("info", itp_plan_get_info(NULL, &info), ITP_E_ARGUMENT);
    check_status("info", itp_plan_get_info(plan, NULL), ITP_E_ARGUMENT);
    check_status("row", itp_plan_get_row(NULL, 0, &row), ITP_E_ARGUMENT);
    check_status("row", itp_plan_get_row(plan, 0, NULL), ITP_E_ARGUMENT);
    check_status("format", itp_plan_format(NULL, NULL, 0, &needed), ITP_E_ARGUMENT);
    check_status("format", itp_plan_format(plan, NULL, 10, &needed), ITP_E_ARGUMENT);
    itp_plan_free(plan);
    itp_plan_free(NULL);
}

static void null_samplers(void **state)
{
    (void)state;
    float x[4] = {0};
    network net = network_linear(mixture_two_modes());
    itp_plan *plan = default_plan();
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *sampler = NULL, *none = NULL;
    itp_request request = ITP_REQUEST_INIT;
    batch.dim = 4;
    batch.count = 1;
    check_status("new", itp_sampler_new(plan, &batch, &sampler), ITP_OK);
    check_status("new", itp_sampler_new(NULL, &batch, &none), ITP_E_ARGUMENT);
    check_status("new", itp_sampler_new(plan, NULL, &none), ITP_E_ARGUMENT);
    check_status("new", itp_sampler_new(plan, &batch, NULL), ITP_E_ARGUMENT);
    check_status("begin", begin_noise(NULL, x, 0), ITP_E_ARGUMENT);
    check_status("begin", begin_noise(sampler, NULL, 0), ITP_E_ARGUMENT);
    check_status("begin", itp_sampler_begin(sampler, NULL), ITP_E_ARGUMENT);
    check_status("next", itp_sampler_next(NULL, &request), ITP_E_ARGUMENT);
    check_status("next", itp_sampler_next(sampler, NULL), ITP_E_ARGUMENT);
    check_status("submit", itp_sampler_submit(NULL), ITP_E_ARGUMENT);
    check_status("sample", itp_sample(NULL, &batch, x, network_run, &net), ITP_E_ARGUMENT);
    check_status("sample", itp_sample(plan, NULL, x, network_run, &net), ITP_E_ARGUMENT);
    check_status("sample", itp_sample(plan, &batch, NULL, network_run, &net), ITP_E_ARGUMENT);
    check_status("sample", itp_sample(plan, &batch, x, NULL, &net), ITP_E_ARGUMENT);
    assert_int_equal(net.calls, 0);
    itp_sampler_free(sampler);
    itp_sampler_free(NULL);
    itp_plan_free(plan);
}

static void null_names(void **state)
{
    (void)state;
    assert_int_equal(kind_id("schedule", NULL), ITP_E_ARGUMENT);
    assert_int_equal(kind_id("prediction", NULL), ITP_E_ARGUMENT);
    assert_int_equal(kind_id("time", NULL), ITP_E_ARGUMENT);
    assert_int_equal(itp_solver_parse(NULL, NULL, NULL), ITP_E_ARGUMENT);
    assert_int_equal(kind_id("grid", NULL), ITP_E_ARGUMENT);
}

/* ---- numbers ---- */

static void bad_times(void **state)
{
    static const double bad[] = {-1e-12, 1.0000001, NAN, INFINITY, -INFINITY};
    (void)state;
    itp_schedule *schedule;
    itp_model model = ITP_MODEL_INIT;
    check_status("make", itp_schedule_make(ITP_SCHEDULE_VP, &schedule), ITP_OK);
    for (int i = 0; i < COUNT(bad); i++) {
        itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
        itp_conversion conversion = ITP_CONVERSION_INIT;
        double a = 4, b = 5;
        check_status("eval", itp_schedule_eval(schedule, bad[i], &point), ITP_E_RANGE);
        check_status("variance", itp_schedule_variance(schedule, bad[i], 1, &a), ITP_E_RANGE);
        check_status("variance", itp_schedule_variance(schedule, 0, bad[i], &a), ITP_E_RANGE);
        check_status("convert", itp_schedule_convert(schedule, schedule, bad[i], &conversion), ITP_E_RANGE);
        check_status("scalars", itp_prediction_scalars(&model, bad[i], ITP_PREDICT_DATA, &a, &b), ITP_E_RANGE);
        check_status("time", itp_model_time(&model, bad[i], &a), ITP_E_RANGE);
        check_same("untouched", a, 4);
        check_same("untouched", b, 5);
    }
    double variance = 4;
    check_status("backwards", itp_schedule_variance(schedule, .6, .5, &variance), ITP_E_RANGE);
    check_same("untouched", variance, 4);
    itp_schedule_free(schedule);
}

/* Half an allocator is none. */
static void *no_memory(void *user, size_t size, size_t alignment)
{
    (void)user;
    (void)size;
    (void)alignment;
    return NULL;
}

static void half_an_allocator(void **state)
{
    (void)state;
    capture seen;
    itp_env env = capture_env(&seen);
    itp_allocator half = ITP_ALLOCATOR_INIT;
    itp_schedule_desc schedule = ITP_SCHEDULE_DESC_INIT;
    wanted plan = WANTED;
    itp_batch batch = ITP_BATCH_INIT;
    half.alloc = no_memory;
    env.memory = &half;
    schedule.env = plan.plan.env = batch.env = &env;
    batch.dim = 3;
    batch.count = 1;
    check_status("schedule", use_schedule(&schedule), ITP_E_ARGUMENT);
    check_status("plan", use_plan(&plan), ITP_E_ARGUMENT);
    check_status("batch", use_batch(&batch), ITP_E_ARGUMENT);
    assert_int_equal(seen.count, 3);
    assert_true(capture_has(&seen, "memory"));
}

/* ---- statuses ---- */

static void every_status_has_a_sentence(void **state)
{
    static const int all[] = {ITP_OK,         ITP_EVALUATE,    ITP_E_ARGUMENT,    ITP_E_SIZE,   ITP_E_NEWER,
                              ITP_E_OLDER,    ITP_E_MEMORY,    ITP_E_UNSUPPORTED, ITP_E_RANGE,  ITP_E_OVERFLOW,
                              ITP_E_SCHEDULE, ITP_E_GRID,      ITP_E_SINGULAR,    ITP_E_BUDGET, ITP_E_STATE,
                              ITP_E_CALLBACK, ITP_E_NONFINITE, ITP_E_INTERNAL};
    (void)state;
    for (int i = 0; i < COUNT(all); i++) {
        assert_true(strlen(itp_status_string(all[i])) > 3);
        for (int j = 0; j < i; j++) assert_string_not_equal(itp_status_string(all[i]), itp_status_string(all[j]));
    }
    assert_non_null(itp_status_string(-999));
    assert_non_null(itp_status_string(999));
}

static void version_and_build(void **state)
{
    static const char *const instructions[] = {"avx2", "avx512", "neon"};
    itp_plan *plan = default_plan();
    itp_batch batch = ITP_BATCH_INIT;
    itp_sampler *sampler = NULL;
    char text[32];
    (void)state;
    assert_int_equal(itp_version(), ITP_VERSION_MAJOR * 1000000 + ITP_VERSION_MINOR * 1000 + ITP_VERSION_PATCH);
    snprintf(text, sizeof text, "%d.%d.%d", ITP_VERSION_MAJOR, ITP_VERSION_MINOR, ITP_VERSION_PATCH);
    assert_string_equal(itp_version_text(), text);
    assert_int_equal(itp_build_has(NULL), 0);
    assert_int_equal(itp_build_has("flux"), 0);
    for (int i = 0; i < COUNT(instructions); i++) assert_true((itp_build_has(instructions[i]) & ~1) == 0);
    assert_false(itp_build_has("neon") && itp_build_has("avx2"));
    assert_true(itp_build_has("avx2") || !itp_build_has("avx512"));
    assert_int_equal(itp_plan_to_json(plan, NULL, 0, NULL), itp_build_has("json") ? ITP_OK : ITP_E_UNSUPPORTED);
    batch.dim = batch.count = 1;
    batch.kernel = ITP_KERNEL_OPENBLAS;
    check_status("openblas", itp_sampler_new(plan, &batch, &sampler),
                 itp_build_has("openblas") ? ITP_OK : ITP_E_UNSUPPORTED);
    itp_sampler_free(sampler);
    itp_plan_free(plan);
}

/* A struct that has had a field appended, and programs of both versions. */
static void structs_that_have_grown(void **state)
{
    struct grown {
        size_t size;
        double first, appended;
    } read, from = {sizeof from, 1, 2};
    const size_t first = offsetof(struct grown, appended);
    (void)state;
    check_status("new", itp_struct_read_since(&read, sizeof read, first, &from), ITP_OK);
    check_true("both", read.first == 1 && read.appended == 2);
    from.size = first;
    check_status("first version", itp_struct_read_since(&read, sizeof read, first, &from), ITP_OK);
    check_true("as before", read.size == sizeof read && read.first == 1 && read.appended == 0);
    from.size = first - 1;
    check_status("older", itp_struct_read_since(&read, sizeof read, first, &from), ITP_E_OLDER);
    from.size = sizeof from;
    check_status("newer", itp_struct_read_since(&read, first, first, &from), ITP_E_NEWER);
    from.size = 0;
    check_status("no size", itp_struct_read_since(&read, first, first, &from), ITP_E_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedule_fields),
        cmocka_unit_test(model_fields),
        cmocka_unit_test(unread_model_fields),
        cmocka_unit_test(model_callbacks),
        cmocka_unit_test(plan_fields),
        cmocka_unit_test(batch_fields),
        cmocka_unit_test(sizes_of_descriptors),
        cmocka_unit_test(unknown_fields),
        cmocka_unit_test(structs_that_are_filled),
        cmocka_unit_test(structs_that_cannot_be_filled),
        cmocka_unit_test(null_schedules),
        cmocka_unit_test(null_predictions),
        cmocka_unit_test(null_plans),
        cmocka_unit_test(null_samplers),
        cmocka_unit_test(null_names),
        cmocka_unit_test(bad_times),
        cmocka_unit_test(half_an_allocator),
        cmocka_unit_test(every_status_has_a_sentence),
        cmocka_unit_test(version_and_build),
        cmocka_unit_test(structs_that_have_grown),
    };
    return cmocka_run_group_tests_name("misuse", tests, NULL, NULL);
}
